//! Erasure: no table and no byte of the file knows the organization any more.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bailiwick::access::Resource;
use bailiwick::change::{CreateTeam, Describe, Rename};
use bailiwick::ledger::Credits;
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::store::json::Tampering;
use bailiwick::store::{Change, Key, Store, Stream};
use bailiwick::{Actor, LinkId, Name, OrgId, ResourceId, SecretHash, ShareId, TeamId, Tenants, UserId, Version};
use rusqlite::types::Value;

use super::*;
use crate::redaction::story;

/// Ids that stand nowhere else, in any form.
const GONE: u128 = 0x5eed_1234_5eed_4234_8eed_5678_9eed_abcd;
const PERSON: u128 = 0xface_1234_face_4234_8ace_5678_9ace_abcd;

/// How many rows each table has, and the texts and bytes of all of them.
fn contents(folder: &Folder) -> BTreeMap<String, Vec<Vec<u8>>> {
    let file = folder.stranger();
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut names = file.prepare(names).unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let rows = |name: &String| {
        let mut all = file.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = all.column_count();
        let row = |row: &rusqlite::Row<'_>| {
            let bytes = (0..columns).flat_map(|at| match row.get(at).unwrap() {
                Value::Text(text) => text.into_bytes(),
                Value::Blob(bytes) => bytes,
                other => format!("{other:?}").into_bytes(),
            });
            Ok(bytes.collect::<Vec<u8>>())
        };
        all.query_map([], row).unwrap().map(Result::unwrap).collect()
    };
    names.iter().map(|name| (name.clone(), rows(name))).collect()
}

fn has(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

/// In how many places of the folder something stands.
fn files_with(folder: &Path, wanted: &[&[u8]]) -> usize {
    let files = fs::read_dir(folder).unwrap().map(|file| fs::read(file.unwrap().path()).unwrap());
    files.map(|bytes| wanted.iter().filter(|wanted| has(&bytes, wanted)).count()).sum()
}

#[test]
fn of_what_was_erased_no_byte_is_left() {
    let folder = Folder::new();
    let tenants = Tenants::new(Arc::new(catalog("production")), folder.store());
    let gone = OrgId::from_u128(GONE).unwrap();
    let person = UserId::from_u128(PERSON).unwrap();
    let owner = NOW.by(Actor::User(person));
    let create = |name: &str| CreateOrganization { plan: "studio".into(), ..named(name) };
    tenants.create(org(1), create("Stays"), &by(1)).unwrap();
    tenants.create(gone, create("Xylophone Works"), &owner).unwrap();
    for n in 0..40 {
        // What was so for a while as well.
        let name = Name::new(&format!("Xylophone Works {n}")).unwrap();
        tenants.handle(gone, Rename { name }, &owner).unwrap();
        tenants.handle(gone, Describe { description: format!("Zeppelin {n}").repeat(200) }, &owner).unwrap();
        let member = AddMember { user: user(100 + n), roles: vec!["editor".into()], access: Vec::new() };
        tenants.handle(gone, member, &system()).unwrap();
    }
    let (invite, _) = invite(5, "editor");
    tenants.handle(gone, invite, &owner.as_command(command(3))).unwrap();
    let team = TeamId::from_u64(9).unwrap();
    tenants.handle(gone, CreateTeam { team, name: Name::new("Quartet").unwrap() }, &system()).unwrap();
    let secret = SecretHash::from_bytes([9; 32]);
    let to = Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret, uses: Some(3) };
    let on = Resource {
        id: ResourceId::from_u64(1).unwrap(),
        containers: &[],
        workspace: None,
        personal_owner: None,
        shares: &[],
    };
    let give = GiveShare { share: ShareId::from_u64(1).unwrap(), to, level: vec!["script.view".into()], until: None };
    tenants.share(gone, &on, give, &owner).unwrap();
    tenants.follow_link(secret, &NOW).unwrap();
    let (scope, amount) = (Scope::EVERYTHING, Credits::new(50));
    let grant = Grant { class: Class::Purchased, amount, scope, priority: 0, effective: None, expires: None };
    tenants.order(gone, Issue { key: command(8), at: NOW.now }, grant, Actor::System, NOW.now).unwrap();
    tenants.keep_snapshot(gone).unwrap();
    tenants.keep_ledger_snapshot(gone).unwrap();
    tenants.compact(gone, Version::from_u64(5)).unwrap();

    let id = gone.to_string();
    let (bits, who) = (gone.to_uuid_bytes(), person.to_uuid_bytes());
    let told = person.to_string();
    let traces: [&[u8]; 7] =
        [id.as_bytes(), &bits, told.as_bytes(), &who, b"Xylophone", b"Zeppelin", b"user5@example.com"];
    let before = contents(&folder);
    assert!(files_with(&folder.0, &traces) >= 7);
    let without = ["let_go", "custom_role", "service", "domain", "access", "rule", "workspace", "team_member"]; // the story has none of these
    for (table, rows) in &before {
        let theirs = rows.iter().filter(|row| traces.iter().any(|trace| has(row, trace))).count();
        assert!(theirs > 0 || without.contains(&table.as_str()), "`{table}` was never filled");
    }

    let cursor = tenants.store().changes(None, 9).unwrap().cursor;
    tenants.store().erase(gone).unwrap();
    tenants.store().erase(gone).unwrap(); // again
    let changes = tenants.store().changes(Some(cursor), 9).unwrap();
    assert_eq!(changes.changed, [Change { organization: gone, stream: Stream::Organization, version: Version::ZERO }]);
    assert_eq!(tenants.store().organizations(None, 9).unwrap(), [org(1)]);
    assert!(tenants.store().find(&Key::Belongs(person), None, None, 9).unwrap().is_empty());

    for (table, rows) in contents(&folder) {
        let theirs = rows.iter().filter(|row| traces.iter().any(|trace| has(row, trace))).count();
        assert_eq!(theirs, usize::from(table == "let_go"), "`{table}` knows it");
    }
    // The id stands where followers hear of it, and what is known of it there is that it is gone.
    let elsewhere = &traces[2..];
    assert_eq!(files_with(&folder.0, elsewhere), 0, "in the file as it is");
    assert_eq!(files_with(&folder.0, &[id.as_bytes()]), 0);
    folder.stranger().execute_batch("DELETE FROM let_go; VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
    assert_eq!(files_with(&folder.0, &traces), 0, "in the file as it is packed");
    assert_eq!(tenants.read(org(1), |organization| organization.version().as_u64()).unwrap(), Some(1));
    assert_eq!(tenants.store().verify(None).unwrap(), []);
}

#[test]
fn of_who_was_forgotten_no_byte_is_left() {
    let folder = Folder::new();
    let open = || Tenants::new(Arc::new(catalog("production")), folder.store());
    let tenants = open();
    story::is_forgotten(&tenants, org(3), open);
    let traces = story::traces();
    let names: Vec<&[u8]> = traces.iter().map(Vec::as_slice).collect();
    for (table, rows) in contents(&folder) {
        let theirs = rows.iter().filter(|row| names.iter().any(|name| has(row, name)));
        assert_eq!(theirs.count(), 0, "`{table}` knows them");
    }
    assert_eq!(files_with(&folder.0, &names), 0);
    let found = tenants.store().verify(None).unwrap();
    assert!(!found.is_empty() && found.iter().all(|found| found.what == Tampering::Redacted), "{found:?}");

    // They were there, by id and addresses.
    let before = Folder::new();
    story::tell(&Tenants::new(Arc::new(catalog("production")), before.store()), org(3));
    assert!(files_with(&before.0, &names) >= 3);
}
