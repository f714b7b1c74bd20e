//! Troubles: a disk that is full. Whoever could not write is told so, and what was there is there.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bailiwick::store::sqlite::{Options, SqliteError, SqliteStore};
use bailiwick::store::{Store, StoreError};
use bailiwick::{Tenants, TenantsError};

use super::*;

fn is_full(why: &TenantsError) -> bool {
    let TenantsError::Store(StoreError::Fatal(why)) = why else { return false };
    matches!(why.downcast_ref(), Some(SqliteError::Full(_)))
}

#[test]
fn a_full_disk_refuses_appends_and_answers_questions() {
    let folder = Folder::new();
    let options = Options { bytes_max: Some(400_000), ..Options::default() };
    let store = || Arc::new(SqliteStore::open_with(folder.file(), &options).unwrap());
    let tenants = Tenants::new(cloud(), store());
    team(&tenants, 1, 0);
    let mut members = 0;
    let full = loop {
        match tenants.handle(org(1), add(100 + members), &system()) {
            Ok(_) => members += 1,
            Err(why) => break why,
        }
        assert!(members < 10_000, "it is never full");
    };
    assert!(is_full(&full), "{full:?}");
    assert_eq!(full.to_string(), "the store failed");
    let why = std::error::Error::source(&full).unwrap();
    assert_eq!(why.to_string(), "the disk is full, or the file as large as it may be");

    // Nothing of what was refused is there, and everything else is.
    let again = Tenants::new(cloud(), store());
    let is_member = |n| again.read(org(1), |organization| organization.person(user(n)).is_some()).unwrap().unwrap();
    assert!(is_member(100 + members - 1) && !is_member(100 + members));
    assert_eq!(again.store().verify(None).unwrap(), []);
    super::rows::assert_rows_are_those_of_the_records(&**again.store(), again.catalog());

    // Several at once, who have waited together: each hears of its own, and whatever fits goes in.
    let other = folder.stranger();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let answers: Vec<bool> = thread::scope(|scope| {
        let threads = (0..6).map(|n| {
            scope.spawn({
                let tenants = &tenants;
                move || {
                    tenants
                        .create(org(50 + n), named("Acme"), &by(50 + n))
                        .map_err(|why| assert!(is_full(&why), "{why:?}"))
                        .is_ok()
                }
            })
        });
        let threads: Vec<_> = threads.collect();
        thread::sleep(Duration::from_millis(200));
        other.execute_batch("ROLLBACK").unwrap();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for (n, is_there) in (0..).zip(answers) {
        assert_eq!(!again.store().records(org(50 + n), bailiwick::Version::ZERO, 9).unwrap().is_empty(), is_there);
    }

    // With more room it goes on.
    let tenants = folder.tenants();
    tenants.handle(org(1), add(100 + members), &system()).unwrap();
    assert_eq!(tenants.store().verify(None).unwrap(), []);
}
