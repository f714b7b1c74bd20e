//! Redaction: in no table anybody is named who was forgotten.

use bailiwick::archive::{Export, Import};
use bailiwick::store::{Direct, MemoryStore};

use super::*;
use crate::redaction::story;

/// In how many rows of all tables something stands.
async fn rows_with(world: &World, traces: &[Vec<u8>]) -> Vec<String> {
    let hand = world.by_hand().await;
    let tables = "select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace \
                  where n.nspname = $1 and c.relkind = 'r' and not c.relispartition or c.relkind = 'p' and n.nspname = $1";
    let mut found = Vec::new();
    for table in hand.query(tables, &[&world.options.schema]).await.unwrap() {
        let table: String = table.get(0);
        let rows = hand.query(&world.named(&format!("select t::text from @{table} as t")), &[]).await.unwrap();
        let texts = rows.iter().map(|row| row.get::<_, String>(0));
        let names = |text: &String| traces.iter().any(|name| text.contains(&*String::from_utf8_lossy(name)));
        found.extend(texts.filter(names).map(|text| format!("{table}: {text}")));
    }
    found
}

#[test]
fn who_was_forgotten_is_in_no_table() {
    everywhere(|world| async move {
        let production = Arc::new(catalog("production"));
        let told = bailiwick::Tenants::new(Arc::clone(&production), Arc::new(MemoryStore::new()));
        story::tell(&told, org(3));
        let (tenants, other) = (world.tenants(&production), world.tenants(&production));
        let mut import = Import::into(&tenants);
        let archived = Direct(Arc::clone(told.store()));
        let mut export = Export::of_all(&archived);
        while let Some(chunk) = export.next().await.unwrap() {
            for line in chunk.lines() {
                import.line(line).await.unwrap();
            }
        }
        import.finish().unwrap();
        for n in 1..=3 {
            tenants.keep_snapshot(org(n)).await.unwrap();
            tenants.keep_ledger_snapshot(org(n)).await.unwrap();
        }
        other.follow().await.unwrap();
        other.read(org(1), |_| ()).await.unwrap();
        assert!(rows_with(&world, &story::traces()).await.len() > 20);

        tenants.erase(story::gone(), &NOW).await.unwrap();
        let users = tenants.learn_addresses(vec![story::redaction()]).await.unwrap();
        let done = tenants.redact(&users, &NOW).await.unwrap();
        assert_eq!(done.organizations, [org(1), org(2), org(3)]);
        assert_eq!(tenants.traces_of(&users).await.unwrap(), []);
        assert_eq!(rows_with(&world, &story::traces()).await, Vec::<String>::new());
        other.follow().await.unwrap();
        let creator = other.read(org(1), |organization| organization.profile().unwrap().creator).await.unwrap();
        assert_eq!(creator, Some(story::redaction().stand_in));
    });
}
