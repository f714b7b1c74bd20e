//! Forgetting that stops half way, at whichever call: done again, it is done.

use std::sync::Arc;

use bailiwick::redaction::Redaction;
use bailiwick::store::{MemoryStore, Store};
use bailiwick::{Tenants, Version};

use super::story::{LATER, NOW, gone, org, redaction, tell};
use crate::cases::catalog;
use crate::support::stumbling::{Stumble, Stumbling};

/// Somebody who was erased, and is still named; everything that is known of them.
fn erased(store: &Arc<MemoryStore>) -> Vec<Redaction> {
    let tenants = Tenants::new(Arc::new(catalog("production")), Arc::clone(store));
    tell(&tenants, org(3));
    tenants.erase(gone(), &NOW).unwrap();
    tenants.learn_addresses(vec![redaction()]).unwrap()
}

/// Every history, in words.
fn histories(store: &MemoryStore) -> String {
    let each = [org(1), org(2), org(3)].map(|id| {
        let resources = store.resources(id, None, 99).unwrap();
        let (records, entries) = (store.records(id, Version::ZERO, 999), store.entries(id, Version::ZERO, 999));
        (records.unwrap(), entries.unwrap(), store.load_sheets(id, &resources).unwrap())
    });
    format!("{each:#?}")
}

#[test]
fn whatever_it_was_interrupted_by_it_ends_as_if_it_was_not() {
    let catalog = Arc::new(catalog("production"));
    let undisturbed = {
        let store = Arc::new(MemoryStore::new());
        let users = erased(&store);
        Tenants::new(Arc::clone(&catalog), Arc::clone(&store)).redact(&users, &LATER).unwrap();
        histories(&store)
    };
    for how in [Stumble::Before, Stumble::After] {
        let mut interrupted = 0_u64;
        for at in 0.. {
            let store = Arc::new(MemoryStore::new());
            let users = erased(&store);
            let stumbling = Tenants::new(Arc::clone(&catalog), Stumbling::over(Arc::clone(&store), how, at));
            let _ = stumbling.redact(&users, &LATER);
            if !stumbling.store().has_stumbled() {
                break; // it has come to its end before that call
            }
            // The same process goes on; another one looks.
            stumbling.redact(&users, &LATER).unwrap_or_else(|why| panic!("{how:?} at call {at}: {why}"));
            let other = Tenants::new(Arc::clone(&catalog), Arc::clone(&store));
            assert_eq!(other.traces_of(&users).unwrap(), [], "{how:?} at call {at}");
            for id in [org(1), org(2), org(3)] {
                assert_eq!(other.verify(id).unwrap(), [], "{how:?} at call {at}");
            }
            let histories = histories(&store);
            let differs = histories.lines().zip(undisturbed.lines()).find(|(one, other)| one != other);
            assert_eq!(differs, None, "{how:?} at call {at}");
            assert_eq!(other.redact(&users, &LATER).unwrap().organizations, [], "{how:?} at call {at}");
            interrupted += 1;
        }
        assert!(interrupted > 50, "{how:?}: {interrupted}");
    }
}
