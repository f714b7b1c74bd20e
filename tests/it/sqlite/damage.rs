//! Damage: a file that is not as it was written gives an error with a name, or the right answer. Never a panic, never something else.

use std::error::Error;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

use bailiwick::Version;
use bailiwick::rows::Table;
use bailiwick::store::json::{FORMAT, Unreadable};
use bailiwick::store::sqlite::{SqliteError, SqliteStore};
use bailiwick::store::{Store, StoreError, Stream};
use rusqlite::params;

use super::*;

/// What is told of a body that was changed by hand.
fn unreadable_after(sql: &str, value: impl rusqlite::ToSql) -> Unreadable {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 1, 3);
    drop(tenants);
    assert_eq!(folder.stranger().execute(sql, params![value]).unwrap(), 1);
    let StoreError::Fatal(why) = folder.tenants().refresh(org(1)).unwrap_err() else { panic!("not for ever") };
    why.downcast_ref::<Unreadable>().unwrap_or_else(|| panic!("{why:?}")).clone()
}

#[test]
fn a_body_of_a_newer_format_is_refused() {
    let told = unreadable_after("UPDATE record SET format = ?1 WHERE version = 3 AND kind = 0", FORMAT + 1);
    let (organization, stream, version, format) = (org(1), Stream::Organization, Version::from_u64(3), FORMAT + 1);
    assert_eq!(told, Unreadable::Newer { organization, stream, version, format });
}

#[test]
fn a_body_that_is_damaged_is_refused() {
    for body in ["", "{", "{}", "null", r#"{"version":3,"at":0,"by":"system","event":"organization_restored"}"#] {
        let told = unreadable_after("UPDATE record SET body = ?1 WHERE version = 3 AND kind = 0", body);
        let Unreadable::Damaged { version, why, .. } = told else { panic!("{body}: {told:?}") };
        assert_eq!(version.as_u64(), 3, "{body}: {why}");
    }
    let other = unreadable_after(
        "UPDATE record SET body = (SELECT body FROM record r WHERE r.version = 4 AND r.kind = 0),
         digest = (SELECT digest FROM record r WHERE r.version = 4 AND r.kind = 0) WHERE version = ?1 AND kind = 0",
        3,
    );
    assert!(other.to_string().ends_with("version 3 is damaged: it says that it is of version 4"), "{other}");
}

/// Records of which nobody would miss the last ones, or one in the middle.
#[test]
fn records_that_are_lost_are_missed() {
    for (lost, expected) in [(5, 5), (4, 4)] {
        let folder = Folder::new();
        team(&folder.tenants(), 1, 3);
        folder.stranger().execute("DELETE FROM record WHERE kind = 0 AND version = ?1", [lost]).unwrap();
        let StoreError::Fatal(why) = folder.store().records(org(1), Version::ZERO, 100).unwrap_err() else { panic!() };
        let Some(bailiwick::store::Untrue::Gap { expected: missing, .. }) = why.downcast_ref() else { panic!("{why}") };
        assert_eq!(missing.as_u64(), expected);
    }
}

/// A snapshot is a help and no more, as long as everything that it stands for is there.
#[test]
fn a_damaged_snapshot_is_done_without_while_the_records_are_there() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 1, 3);
    tenants.keep_snapshot(org(1)).unwrap();
    let damage = "UPDATE snapshot SET body = replace(body, 'admin', 'owner')";
    folder.stranger().execute(damage, []).unwrap();
    assert_eq!(folder.tenants().refresh(org(1)).unwrap(), Some(Version::from_u64(5)));
    tenants.compact(org(1), Version::from_u64(4)).unwrap();
    assert_eq!(folder.tenants().refresh(org(1)).unwrap(), Some(Version::from_u64(5)), "it was kept anew");
    folder.stranger().execute(damage, []).unwrap();
    let told = folder.tenants().refresh(org(1)).unwrap_err();
    assert!(told.source().unwrap().is::<Unreadable>(), "{told:?}");
}

/// Whether an error says what is wrong.
fn is_named(why: &StoreError) -> bool {
    let why = why.source().unwrap();
    why.is::<SqliteError>() || why.is::<Unreadable>() || why.is::<bailiwick::store::Untrue>()
}

/// Bytes are turned all over the file. What the records say is proven by their digests; what else there is can only be read or not.
#[test]
fn pages_that_are_damaged_give_a_named_error_or_the_right_answer() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 1, 120);
    buy(&tenants, 1, 1, 1_000);
    (0..60).for_each(|n| drop(charge(&tenants, 1, 10 + n, 1).unwrap()));
    let right = (tenants.journal(org(1)).unwrap(), tenants.entries(org(1), Version::ZERO).unwrap());
    drop(tenants);
    let whole = fs::read(folder.file()).unwrap();
    assert!(!folder.0.join("tenants.db-wal").exists(), "closed, the file is all there is");
    let (mut named, mut answered) = (0, 0);
    let rounds = if cfg!(debug_assertions) { 150 } else { 1_500 };
    for round in 0..rounds {
        let damaged = Folder::new();
        let mut bytes = whole.clone();
        let mut noise = (round as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut next = |below: usize| {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            (noise % below as u64) as usize
        };
        for _ in 0..=next(8) {
            // One byte, or a sector of nothing; mostly where a page begins, which says what is in it.
            let page = next(bytes.len() / 4096) * 4096;
            match next(4) {
                0 => bytes[page..][..512].fill(0),
                1 => bytes[page + next(4096)] ^= 1 << next(8),
                _ => bytes[page + next(64)] ^= 1 << next(8),
            }
        }
        fs::write(damaged.file(), bytes).unwrap();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let store = match SqliteStore::open(damaged.file()) {
                Ok(store) => store,
                Err(why) => return (1, 0, drop(why)),
            };
            let (mut named, mut answered) = (0, 0);
            let mut note = |why: Option<StoreError>| match why {
                Some(why) => {
                    assert!(is_named(&why), "{why:?}");
                    named += 1;
                }
                None => answered += 1,
            };
            let records = store.records(org(1), Version::ZERO, usize::MAX);
            note(records.map(|records| assert!(right.0.starts_with(&records), "other records")).err());
            let entries = store.entries(org(1), Version::ZERO, usize::MAX);
            note(entries.map(|entries| assert!(right.1.starts_with(&entries), "other entries")).err());
            note(store.verify(None).map(drop).err());
            note(store.organizations(None, 9).map(drop).err());
            note(store.changes(Some(bailiwick::store::Cursor::from_u64(0)), 9).map(drop).err());
            for table in Table::ALL {
                note(store.rows(org(1), *table, None, usize::MAX).map(drop).err());
            }
            let tenants = bailiwick::Tenants::new(cloud(), store);
            if let Err(TenantsError::Store(why)) = tenants.handle(org(1), add(500), &system()) {
                note(Some(why));
            }
            note(tenants.store().erase(org(1)).err());
            (named, answered, ())
        }));
        let (one, other, ()) = outcome.unwrap_or_else(|_| panic!("round {round}"));
        (named, answered) = (named + one, answered + other);
    }
    println!("{rounds} damaged files: {named} named errors, {answered} answers");
    assert!(named > rounds / 4 && answered > rounds);
}
