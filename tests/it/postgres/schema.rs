//! The schema: made once, by whoever comes first, or by hand; refused when it is newer; read by others than the store.

use bailiwick::store::postgres::NewerSchema;
use bailiwick::store::{AsyncStore, StoreError};
use tokio::task::JoinSet;

use super::*;

#[test]
fn many_processes_migrate_at_once() {
    somewhere(|world| async move {
        let schema = format!("at_once_{}", std::process::id());
        let options = Options { schema, ..world.options.clone() };
        let mut tasks = JoinSet::new();
        for _ in 0..8 {
            let store = world.store_with(options.clone());
            tasks.spawn(async move { store.migrate().await });
        }
        while let Some(answer) = tasks.join_next().await {
            answer.unwrap().unwrap();
        }
        let store = world.store_with(options);
        assert!(store.organizations(None, 9).await.unwrap().is_empty());
    });
}

#[test]
fn what_is_made_by_hand_is_found_to_be_there() {
    somewhere(|world| async move {
        let schema = format!("by \"hand\" {}", std::process::id());
        let options = Options { schema, partitions: Some(2), ..world.options.clone() };
        let hand = world.by_hand().await;
        for _ in 0..2 {
            hand.batch_execute(&options.schema_sql()).await.unwrap();
        }
        let store = world.store_with(options);
        store.migrate().await.unwrap();
        let tenants = AsyncTenants::new(cloud(), Arc::new(store));
        tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
    });
}

#[test]
fn a_newer_schema_is_refused() {
    somewhere(|world| async move {
        let newer = world.named("insert into @schema_version values (7)");
        world.by_hand().await.execute(&newer, &[]).await.unwrap();
        let Err(StoreError::Fatal(why)) = world.store().migrate().await else { panic!("it is not ours") };
        assert_eq!(why.downcast_ref(), Some(&NewerSchema { found: 7, known: 1 }));
    });
}

/// The statements that cost a table its place on many machines are refused by a divided one: every key begins with what divides it.
#[test]
fn a_divided_table_keeps_its_rows_in_its_parts() {
    in_world(World::new(Some(4), ""), |world| async move {
        let tenants = world.tenants(&cloud());
        for n in 1..=8 {
            tenants.create(org(n), named("Acme", "team", 5), &by(1)).await.unwrap();
        }
        let used = world.named("select count(distinct tableoid) from @stream");
        let used: i64 = world.by_hand().await.query_one(&used, &[]).await.unwrap().get(0);
        assert!(used > 1, "eight organizations in {used} part");
        let ids = tenants.store().organizations(Some(org(2)), 3).await.unwrap();
        assert_eq!(ids, [org(3), org(4), org(5)]);
    });
}

/// A role that may read everything sees the organization that it names, and nothing without a name.
#[test]
fn a_reader_sees_one_organization() {
    everywhere(|world| async move {
        let tenants = world.tenants(&cloud());
        for n in 1..=2 {
            tenants.create(org(n), named("Acme", "team", 5), &by(n)).await.unwrap();
        }
        let (hand, reader) =
            (world.by_hand().await, format!("reader_{}", world.options.schema.replace([' ', '-'], "_")));
        for _ in 0..2 {
            hand.batch_execute(&world.options.rls_sql()).await.unwrap();
        }
        let schema = &world.options.schema;
        let grant = format!(
            "create role {reader}; grant usage on schema \"{schema}\" to {reader}; \
             grant select on all tables in schema \"{schema}\" to {reader}; set role {reader}"
        );
        hand.batch_execute(&grant).await.unwrap();
        let tables = ["stream", "record", "claim", "place", "organization", "person", "workspace", "balance"];
        for table in tables {
            let select = world.named(&format!("select count(*) from @{table}"));
            let count = || async { hand.query_one(&select, &[]).await.unwrap().get::<_, i64>(0) };
            hand.batch_execute("reset bailiwick.organization").await.unwrap();
            assert_eq!(count().await, 0, "{table}");
            hand.batch_execute(&format!("set bailiwick.organization = '{}'", org(1))).await.unwrap();
            let seen = count().await;
            hand.batch_execute("reset role").await.unwrap();
            let all = count().await;
            hand.batch_execute(&format!("set role {reader}")).await.unwrap();
            assert_eq!(seen * 2, all, "{table}");
            let column = if matches!(table, "organization" | "person" | "workspace" | "balance") { "_id" } else { "" };
            let others = world.named(&format!("select 1 from @{table} where organization{column} <> '{}'", org(1)));
            assert!(hand.query(&others, &[]).await.unwrap().is_empty(), "{table}");
        }
        tenants.handle(org(2), joins(3, "viewer"), &system()).await.unwrap();
    });
}
