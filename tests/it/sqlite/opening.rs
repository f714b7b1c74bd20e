//! Opening: what is made, what is gone on with, what is refused and left as it was.

use std::fs;
use std::thread;

use bailiwick::store::sqlite::{Options, SqliteError, SqliteStore};
use bailiwick::store::{Store, StoreError};
use rusqlite::Connection;

use super::{Folder, add, org, system, team};

fn pragma(file: &Connection, name: &str) -> String {
    let value = file.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, rusqlite::types::Value>(0));
    match value.unwrap() {
        rusqlite::types::Value::Text(text) => text,
        rusqlite::types::Value::Integer(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_file_says_whose_it_is() {
    let folder = Folder::new();
    drop(folder.store());
    let file = folder.stranger();
    assert_eq!(pragma(&file, "application_id"), 0x6261_696c.to_string());
    assert_eq!(pragma(&file, "user_version"), "1");
    assert_eq!(pragma(&file, "journal_mode"), "wal");
}

#[test]
fn a_file_of_a_newer_schema_is_refused() {
    let folder = Folder::new();
    team(&folder.tenants(), 1, 1);
    folder.stranger().execute_batch("PRAGMA user_version = 2").unwrap();
    let refused = SqliteStore::open(folder.file()).unwrap_err();
    assert!(matches!(refused, SqliteError::Newer { schema: 2, known: 1 }), "{refused:?}");
    assert_eq!(refused.to_string(), "the file is of schema 2, and 1 is the newest that is known here");
}

#[test]
fn the_database_of_another_application_is_refused_and_stays_as_it_is() {
    let ways = [
        "PRAGMA application_id = 252006673; CREATE TABLE t (x)",
        "CREATE TABLE song (title TEXT)",
        "PRAGMA user_version = 1",
    ];
    for way in ways {
        let folder = Folder::new();
        let other = folder.stranger();
        other.execute_batch(way).unwrap();
        drop(other);
        let before = fs::read(folder.file()).unwrap();
        let refused = SqliteStore::open(folder.file()).unwrap_err();
        assert!(matches!(refused, SqliteError::Foreign { .. }), "{way}: {refused:?}");
        assert_eq!(fs::read(folder.file()).unwrap(), before, "{way}");
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1, "nothing is beside it");
    }
}

#[test]
fn what_is_no_database_is_refused() {
    let folder = Folder::new();
    fs::write(folder.file(), "Dear diary, today I was taken for a database. ".repeat(100)).unwrap();
    assert!(matches!(SqliteStore::open(folder.file()).unwrap_err(), SqliteError::NotADatabase));
    assert!(fs::read_to_string(folder.file()).unwrap().starts_with("Dear diary"));
    let nowhere = folder.0.join("not/there/tenants.db");
    assert!(matches!(SqliteStore::open(nowhere).unwrap_err(), SqliteError::Closed(_)));
}

#[test]
fn many_open_a_new_file_at_once() {
    for _ in 0..5 {
        let folder = Folder::new();
        thread::scope(|scope| {
            for n in 1..=6 {
                let folder = &folder;
                scope.spawn(move || team(&folder.tenants(), n, 2));
            }
        });
        assert_eq!(folder.store().organizations(None, 9).unwrap().len(), 6);
    }
}

/// With a connection for both, a memory of its own, and more readers than connections.
#[test]
fn it_reads_with_as_many_connections_as_it_may() {
    for readers in [0, 1, 3] {
        let folder = Folder::new();
        let options = Options { readers, ..Options::default() };
        let tenants = bailiwick::Tenants::new(super::cloud(), SqliteStore::open_with(folder.file(), &options).unwrap());
        team(&tenants, 1, 3);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| (0..50).for_each(|_| assert_eq!(tenants.journal(org(1)).unwrap().len(), 5)));
            }
        });
    }
}

#[test]
fn a_writer_that_waits_in_vain_is_told_to_try_again() {
    let folder = Folder::new();
    let options = Options { busy: std::time::Duration::from_millis(20), ..Options::default() };
    let tenants = bailiwick::Tenants::new(super::cloud(), SqliteStore::open_with(folder.file(), &options).unwrap());
    team(&tenants, 1, 1);
    let other = folder.stranger();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let told = tenants.store().erase(org(1)).unwrap_err();
    let StoreError::Retry(why) = told else { panic!("{told:?}") };
    assert!(matches!(why.downcast_ref(), Some(SqliteError::Busy(_))), "{why:?}");
    assert_eq!(tenants.journal(org(1)).unwrap().len(), 3, "readers are not in its way");
    assert!(tenants.handle(org(1), add(5), &system()).is_err());
    other.execute_batch("ROLLBACK").unwrap();
    tenants.handle(org(1), add(5), &system()).unwrap();
}
