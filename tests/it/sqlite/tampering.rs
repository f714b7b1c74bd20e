//! Tampering: whoever changes what was appended is found, and where.

use bailiwick::Version;
use bailiwick::change::{Event, Record};
use bailiwick::rows::RowKey;
use bailiwick::store::json::{Digest, Tampered, Tampering};
use bailiwick::store::{Batch, Derived, Key, Place, Replacement, Store, Stream, Wrong};
use rusqlite::params;

use super::*;

fn at(version: u64, what: Tampering) -> Tampered {
    Tampered { organization: org(2), stream: Stream::Organization, version: Version::from_u64(version), what }
}

/// What is found after somebody has changed the file by hand.
fn found_after(change: impl FnOnce(&Connection, &[u8])) -> Vec<Tampered> {
    let folder = Folder::new();
    let tenants = folder.tenants();
    (1..=3).for_each(|n| team(&tenants, n, 5)); // of two records, and then five of one
    let organization = org(2).to_uuid_bytes();
    change(&folder.stranger(), &organization);
    let found = tenants.store().verify(None).unwrap();
    assert_eq!(tenants.store().verify(Some(org(2))).unwrap(), found);
    assert_eq!(tenants.store().verify(Some(org(1))).unwrap(), []);
    found
}

fn body(file: &Connection, organization: &[u8], version: u32) -> String {
    let sql = "SELECT body FROM record WHERE organization = ?1 AND kind = 0 AND version = ?2";
    file.query_row(sql, params![organization, version], |row| row.get(0)).unwrap()
}

#[test]
fn a_body_that_was_changed_is_found() {
    let found = found_after(|file, organization| {
        let forged = body(file, organization, 4).replace("admin", "owner");
        let sql = "UPDATE record SET body = ?2 WHERE organization = ?1 AND kind = 0 AND version = 4";
        assert_eq!(file.execute(sql, params![organization, forged]).unwrap(), 1);
    });
    assert_eq!(found, [at(4, Tampering::Text)]);
    let words = found[0].to_string();
    assert!(words.ends_with("Organization version 4 is not the text of its digest"), "{words}");
}

#[test]
fn a_body_that_was_changed_with_its_digest_is_found() {
    let found = found_after(|file, organization| {
        let forged = body(file, organization, 4).replace("admin", "owner");
        let digest = Digest::of(&forged).to_bytes();
        let sql = "UPDATE record SET body = ?2, digest = ?3 WHERE organization = ?1 AND kind = 0 AND version = 4";
        assert_eq!(file.execute(sql, params![organization, forged, digest]).unwrap(), 1);
    });
    assert_eq!(found, [at(4, Tampering::Link)]);
}

#[test]
fn a_record_that_was_removed_is_found() {
    for version in 1..=7_u32 {
        let found = found_after(|file, organization| {
            let sql = "DELETE FROM record WHERE organization = ?1 AND kind = 0 AND version = ?2";
            assert_eq!(file.execute(sql, params![organization, version]).unwrap(), 1);
        });
        assert_eq!(found, [at(version.into(), Tampering::Missing)]);
    }
}

#[test]
fn the_end_that_was_cut_off_is_found() {
    let found = found_after(|file, organization| {
        let sql = "DELETE FROM record WHERE organization = ?1 AND kind = 0 AND version > 5";
        assert_eq!(file.execute(sql, [organization]).unwrap(), 2);
        file.execute("UPDATE stream SET version = 5 WHERE organization = ?1 AND kind = 0", [organization]).unwrap();
    });
    assert_eq!(found, [at(5, Tampering::Head)]);
    let found = found_after(|file, organization| {
        file.execute("DELETE FROM stream WHERE organization = ?1 AND kind = 0", [organization]).unwrap();
    });
    assert_eq!(found, [at(7, Tampering::Head)]);
}

#[test]
fn records_that_have_changed_places_are_found() {
    let found = found_after(|file, organization| {
        for (from, to) in [(4, 99), (5, 4), (99, 5)] {
            let sql = "UPDATE record SET version = ?3 WHERE organization = ?1 AND kind = 0 AND version = ?2";
            assert_eq!(file.execute(sql, params![organization, from, to]).unwrap(), 1);
        }
    });
    assert_eq!(found, [at(4, Tampering::Link), at(5, Tampering::Link), at(6, Tampering::Link)]);
}

/// A history that was made anew as a whole proves itself, and not what was anchored elsewhere.
#[test]
fn a_history_that_was_made_anew_does_not_fit_its_anchor() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 1, 3);
    let (version, link) = tenants.store().head(org(1), Stream::Organization).unwrap();
    tenants.handle(org(1), add(30), &system()).unwrap();
    let there = |store: &SqliteStore| store.link_at(org(1), Stream::Organization, version).unwrap();
    assert_eq!(there(tenants.store()), Some(link));
    assert_eq!(tenants.store().link_at(org(1), Stream::Organization, Version::from_u64(1)).unwrap(), None);

    let forged = Folder::new();
    let other = forged.tenants();
    team(&other, 1, 2);
    other.handle(org(1), add(66), &system()).unwrap();
    assert_eq!(other.store().verify(None).unwrap(), []);
    assert_eq!(other.store().head(org(1), Stream::Organization).unwrap().0, version);
    assert_ne!(there(other.store()), Some(link));
}

#[test]
fn what_was_replaced_is_told_and_the_rest_is_still_proven() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 2, 5);
    let mut record: Record = tenants.journal(org(2)).unwrap()[3].clone();
    let head = tenants.store().head(org(2), Stream::Organization).unwrap();
    record.event = Event::MemberJoined { user: user(77), roles: vec!["admin".into()], given_by: Actor::System };
    let gone = Record { version: Version::from_u64(99), ..record.clone() };
    let replace = |organization, records: &[Record]| {
        let batch = Batch::Organization(records);
        assert!(tenants.store().replace(&Replacement { organization, batch, beside: None }).unwrap());
    };
    replace(org(2), &[record.clone(), gone]);
    assert_eq!(folder.tenants().journal(org(2)).unwrap()[3], record);
    assert_eq!(tenants.store().verify(None).unwrap(), [at(4, Tampering::Redacted)]);
    assert_eq!(tenants.store().head(org(2), Stream::Organization).unwrap(), head);
    replace(org(404), &[record]);
    folder.stranger().execute("UPDATE record SET body = '{}' WHERE redacted IS NOT NULL", []).unwrap();
    assert_eq!(tenants.store().verify(None).unwrap(), [at(4, Tampering::Redacted), at(4, Tampering::Text)]);
}

#[test]
fn a_snapshot_that_was_changed_is_found() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 2, 5);
    tenants.keep_snapshot(org(2)).unwrap();
    let (file, digest) = (folder.stranger(), Digest::of("").to_bytes());
    let forged: String =
        file.query_row("SELECT replace(body, 'admin', 'owner') FROM snapshot", [], |row| row.get(0)).unwrap();
    assert_eq!(tenants.store().verify(None).unwrap(), []);
    file.execute("UPDATE snapshot SET digest = ?1", [digest]).unwrap();
    assert_eq!(tenants.store().verify(None).unwrap(), [at(7, Tampering::Snapshot)]);
    // With its digest only the records tell.
    file.execute("UPDATE snapshot SET body = ?1, digest = ?2", params![forged, Digest::of(&forged).to_bytes()])
        .unwrap();
    assert_eq!(tenants.store().verify(None).unwrap(), []);
    let other = Derived::Snapshot(Stream::Organization, Version::from_u64(7));
    assert_eq!(unlike(&tenants), [(other, Wrong::Other)]);
}

fn unlike(tenants: &Tenants<std::sync::Arc<SqliteStore>>) -> Vec<(Derived, Wrong)> {
    tenants.verify(org(2)).unwrap().into_iter().map(|found| (found.what, found.wrong)).collect()
}

#[test]
fn keys_and_rows_that_were_changed_are_found() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 2, 5);
    assert_eq!(unlike(&tenants), []);
    let file = folder.stranger();
    let person = |n| Derived::Row(RowKey::Person { organization_id: org(2), user_id: user(n) });
    let belongs = |n| Derived::Key(Key::Belongs(user(n)), Place::of(org(2)));
    let three = user(3);
    file.execute(&format!("UPDATE person SET status = 'suspended' WHERE user_id = '{three}'"), []).unwrap();
    file.execute(&format!("DELETE FROM person WHERE user_id = '{}'", user(4)), []).unwrap();
    file.execute(&format!("DELETE FROM place WHERE key = 'belongs/{three}'"), []).unwrap();
    let add = "INSERT INTO place SELECT ?1, organization, resource, item FROM place WHERE key = ?2";
    file.execute(add, params![format!("belongs/{}", user(77)), format!("belongs/{}", user(4))]).unwrap();
    let mut found = unlike(&tenants);
    found.sort();
    let mut expected = [
        (person(3), Wrong::Other),
        (person(4), Wrong::Missing),
        (belongs(3), Wrong::Missing),
        (belongs(77), Wrong::Extra),
    ];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(tenants.store().verify(None).unwrap(), [], "the chain knows nothing of it");
}
