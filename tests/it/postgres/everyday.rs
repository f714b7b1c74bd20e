//! What happens every day, done by two processes in turn: each sees what the other one did.

use bailiwick::access::Resource;
use bailiwick::change::{Content, Describe, Remove};
use bailiwick::reach::Paging;
use bailiwick::rows::{Row, RowKey, Table, rows_of, rows_of_ledger, rows_of_sheet};
use bailiwick::sharing::{GiveShare, Recipient, ShareKey};
use bailiwick::store::{AsyncStore, Key, Stream};
use bailiwick::{LinkId, Organization, ResourceId, SecretHash, ShareId, Version};

use super::*;

fn thing(n: u64) -> ResourceId {
    ResourceId::from_u64(n).unwrap()
}

fn alone(id: ResourceId) -> Resource<'static> {
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

fn view(n: u64, to: Recipient) -> GiveShare {
    GiveShare { share: ShareId::from_u64(n).unwrap(), to, level: vec!["script.view".into()], until: None }
}

/// Every row of an organization, by pages of so many.
async fn rows(store: &PostgresStore, id: u64, limit: usize) -> Vec<Row> {
    let mut all = Vec::new();
    for table in Table::ALL {
        let mut after: Option<RowKey> = None;
        loop {
            let page = store.rows(org(id), *table, after.as_ref(), limit).await.unwrap();
            let is_last = page.len() < limit;
            after = page.last().map(Row::key);
            all.extend(page);
            if is_last {
                break;
            }
        }
    }
    all
}

/// What a replay of everything that is kept makes.
async fn replayed(tenants: &Tenants, id: u64, sheets: &[ResourceId]) -> Vec<Row> {
    let mut organization = Organization::new(org(id), Arc::clone(tenants.catalog()));
    let store = tenants.store();
    store.records(org(id), Version::ZERO, 10_000).await.unwrap().iter().for_each(|r| organization.apply(r));
    let anew = AsyncTenants::new(Arc::clone(tenants.catalog()), Arc::clone(store));
    let mut rows = rows_of(&organization);
    for resource in sheets {
        rows.extend(rows_of_sheet(&tenants.sheet(org(id), *resource).await.unwrap()));
    }
    rows.extend(anew.read_ledger(org(id), NOW.now, rows_of_ledger).await.unwrap());
    rows.sort_by_cached_key(Row::key);
    rows
}

/// A crew of the `production` preset: user 1 owns it, 2 produces, 3 edits.
async fn crew(tenants: &Tenants) {
    tenants.create(org(1), named("Crew", "studio", 9), &by(1)).await.unwrap();
    for (n, role) in [(2, "producer"), (3, "editor")] {
        tenants.handle(org(1), joins(n, role), &system()).await.unwrap();
    }
}

#[test]
fn two_processes_see_what_the_other_one_did() {
    everywhere(|world| async move {
        let catalog = cloud();
        let (first, second) = (world.tenants(&catalog), world.tenants(&catalog));
        first.follow().await.unwrap();
        second.follow().await.unwrap();
        first.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        for n in 2..=4 {
            second.handle(org(1), joins(n, "viewer"), &system()).await.unwrap();
        }
        assert!(first.follow().await.unwrap() > 0, "the other one has appended");
        assert_eq!(first.follow().await.unwrap(), 0, "nobody has, since");
        let people = |tenants: &Tenants| {
            let version = tenants.directory().version(org(1)).unwrap();
            (version, tenants.store().clone())
        };
        assert_eq!(people(&first).0, people(&second).0);
        assert_eq!(first.organizations_of(user(3), Paging::first(9)).await.unwrap().items, [org(1)]);

        let granted = first.order(org(1), issue(1), purchase(100), Actor::System, NOW.now).await.unwrap();
        assert_eq!(granted, first.order(org(1), issue(1), purchase(100), Actor::System, NOW.now).await.unwrap());
        let before = spendable(&second, 1).await;
        charge(&first, 1, 2, 30).await.unwrap();
        second.follow().await.unwrap();
        assert_eq!(spendable(&second, 1).await, before - 30);
        charge(&second, 1, 3, 30).await.unwrap();
        charge(&second, 1, 2, 30).await.unwrap(); // the same, again
        first.follow().await.unwrap();
        assert_eq!(spendable(&first, 1).await, before - 60);

        for process in [&first, &second] {
            assert_eq!(rows(process.store(), 1, 100).await, replayed(process, 1, &[]).await);
        }
        assert_eq!(rows(first.store(), 1, 2).await, rows(first.store(), 1, 100).await);

        // What is over for good leaves nothing, and its name is free.
        first.store().erase(org(1)).await.unwrap();
        second.follow().await.unwrap();
        assert_eq!(code(second.handle(org(1), joins(9, "viewer"), &system()).await), "not_found");
        assert!(rows(first.store(), 1, 100).await.is_empty());
        assert!(first.store().organizations(None, 9).await.unwrap().is_empty());
        assert!(first.store().find(&Key::Belongs(user(2)), None, None, 9).await.unwrap().is_empty());
        assert!(first.store().load(org(1), 9).await.unwrap().records.is_empty());
        assert!(first.store().load_ledger(org(1), 9).await.unwrap().records.is_empty());
        let hand = world.by_hand().await;
        for table in ["stream", "record", "operation", "claim", "place", "link_use", "snapshot"] {
            let count = hand.query_one(&world.named(&format!("select count(*) from @{table}")), &[]).await.unwrap();
            assert_eq!(count.get::<_, i64>(0), 0, "{table}");
        }
        second.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        second.store().erase(org(1)).await.unwrap();
        second.store().erase(org(1)).await.unwrap();
    });
}

#[test]
fn what_is_shared_is_found_from_another_process() {
    everywhere(|world| async move {
        let catalog = Arc::new(catalog("production"));
        let (first, second) = (world.tenants(&catalog), world.tenants(&catalog));
        crew(&first).await;
        let resources: Vec<ResourceId> = (1..=5).map(thing).collect();
        for (n, resource) in resources.iter().enumerate() {
            let share = view(n as u64 + 1, Recipient::User(user(3)));
            first.share(org(1), &alone(*resource), share, &by(2)).await.unwrap();
        }
        let (secret, id) = (SecretHash::from_bytes([9; 32]), LinkId::from_u64(7).unwrap());
        let link = Recipient::Link { link: id, secret, uses: Some(3) };
        first.share(org(1), &alone(thing(1)), view(9, link), &by(2)).await.unwrap();

        let key = ShareKey::User(user(3));
        let found = second.shared_to(&key, None, Paging::first(99)).await.unwrap();
        assert_eq!(found.items.iter().map(|found| found.at.resource).collect::<Vec<_>>(), resources);
        let store = second.store();
        let places = store.find(&Key::Share(key.clone()), Some(org(1)), None, 99).await.unwrap();
        assert_eq!(store.find(&Key::Share(key.clone()), None, Some(places[1]), 2).await.unwrap(), places[2..4]);
        assert!(store.find(&Key::Share(key), Some(org(2)), None, 99).await.unwrap().is_empty());
        assert_eq!(store.resources(org(1), Some(thing(2)), 2).await.unwrap(), [thing(3), thing(4)]);

        let follow = |tenants: Tenants| async move {
            let mut followed = 0;
            for _ in 0..4 {
                followed += u32::from(tenants.follow_link(secret, &NOW).await.is_ok());
            }
            followed
        };
        let both = tokio::join!(follow(world.tenants(&catalog)), follow(world.tenants(&catalog)));
        assert_eq!(both.0 + both.1, 3, "one link, three uses");
        assert_eq!(first.uses_of(id).await.unwrap(), 3);
        assert_eq!(rows(first.store(), 1, 3).await, replayed(&first, 1, &resources).await);

        let leaves = Remove { user: user(3), content: Some(Content::TransferTo(user(2))) };
        second.handle(org(1), leaves, &system()).await.unwrap();
        assert!(first.shared_to(&ShareKey::User(user(3)), None, Paging::first(99)).await.unwrap().items.is_empty());
        assert_eq!(rows(first.store(), 1, 100).await, replayed(&first, 1, &resources).await);
    });
}

/// A snapshot stands for what was compacted; an older one does not take the place of a newer one.
#[test]
fn a_snapshot_shortens_what_is_loaded() {
    everywhere(|world| async move {
        let catalog = cloud();
        let tenants = world.tenants(&catalog);
        tenants.create(org(1), named("Acme", "team", 50), &by(1)).await.unwrap();
        for n in 2..=9 {
            tenants.handle(org(1), joins(n, "viewer"), &system()).await.unwrap();
            charge(&tenants, 1, n, 1).await.unwrap();
        }
        let store = tenants.store();
        store.compact(org(1), Stream::Organization, Version::from_u64(99)).await.unwrap();
        assert_eq!(store.load(org(1), 99).await.unwrap().records.len(), 10, "nothing stands for them");
        let kept = tenants.keep_snapshot(org(1)).await.unwrap().unwrap();
        let ledger = tenants.keep_ledger_snapshot(org(1)).await.unwrap().unwrap();
        tenants.handle(org(1), joins(10, "viewer"), &system()).await.unwrap();
        let loaded = store.load(org(1), 99).await.unwrap();
        assert_eq!((loaded.snapshot.unwrap().version(), loaded.records.len()), (kept, 1));
        store.compact(org(1), Stream::Organization, Version::from_u64(99)).await.unwrap();
        store.compact(org(1), Stream::Ledger, ledger).await.unwrap();
        assert_eq!(store.records(org(1), Version::ZERO, 99).await.unwrap().len(), 1);
        let entries = store.entries(org(1), Version::ZERO, 99).await.unwrap();
        assert_eq!(entries.iter().map(|entry| entry.version).collect::<Vec<_>>(), [ledger], "the last one stays");
        let other = world.tenants(&catalog);
        assert_eq!(other.refresh(org(1)).await.unwrap(), tenants.refresh(org(1)).await.unwrap());
        assert_eq!(spendable(&other, 1).await, spendable(&tenants, 1).await);
        other.handle(org(1), joins(11, "viewer"), &system()).await.unwrap();
        charge(&other, 1, 11, 1).await.unwrap();
    });
}

/// The history is kept to the letter, whatever a column of the server can hold.
#[test]
fn texts_are_kept_as_they_were_written() {
    everywhere(|world| async move {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("O'Hara \\ {\"a\"} @person $1 \u{1f980}", "team", 5), &by(1)).await.unwrap();
        for description in
            ["\0", "line\nbreak\ttab\u{1}", "'; drop table record; --", "{\\}", "\u{fffd}\u{10ffff}\u{0}end", ""]
        {
            let outcome = tenants.handle(org(1), Describe { description: description.into() }, &by(1)).await.unwrap();
            let kept = tenants.store().records(org(1), Version::ZERO, 99).await.unwrap();
            assert_eq!(kept.last(), outcome.records.last());
            let rows = tenants.store().rows(org(1), Table::Organization, None, 9).await.unwrap();
            let Row::Organization { description: there, name, .. } = &rows[0] else { panic!("{rows:?}") };
            assert_eq!(*there, description.replace('\0', ""));
            assert!(name.as_str().starts_with("O'Hara"));
        }
    });
}

/// A pool of the caller's, who keeps an eye on the connections themselves.
#[test]
fn a_store_is_made_of_a_pool_that_is_there() {
    somewhere(|world| async move {
        let manager = deadpool_postgres::Manager::new(world.address.parse().unwrap(), NoTls);
        let pool = deadpool_postgres::Pool::builder(manager).max_size(2).build().unwrap();
        let tenants = AsyncTenants::new(cloud(), Arc::new(PostgresStore::new(pool, world.options.clone())));
        tenants.create(org(1), named("Acme", "team", 5), &by(1)).await.unwrap();
        assert_eq!(world.store().records(org(1), Version::ZERO, 99).await.unwrap().len(), 2);
    });
}
