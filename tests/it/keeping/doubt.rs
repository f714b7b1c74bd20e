//! What a process does when nobody knows what became of an append, when a command comes twice, and when a store lies.

use super::*;

#[test]
fn an_append_that_was_not_acknowledged_is_found() {
    let store = Arc::new(Faulty::default());
    let [tenants] = processes(&store);
    tenants.create(org(1), create(1), &by(1)).unwrap();
    store.unacknowledged.store(1, Ordering::SeqCst);
    let outcome = tenants.handle(org(1), add(2), &system()).unwrap();
    assert_eq!(tenants.journal(org(1)).unwrap().last(), outcome.records.last());
    assert!(may(&tenants, 1, 2).unwrap());

    // With a creation it is the same.
    store.unacknowledged.store(1, Ordering::SeqCst);
    tenants.create(org(2), create(2), &by(1)).unwrap();
    assert!(may(&tenants, 2, 1).unwrap());
}

#[test]
fn an_append_that_was_lost_is_sent_again() {
    let store = Arc::new(Faulty::default());
    let [tenants] = processes(&store);
    tenants.create(org(1), create(1), &by(1)).unwrap();
    for fault in [&store.lost, &store.refused] {
        let before = tenants.journal(org(1)).unwrap().len();
        fault.store(1, Ordering::SeqCst);
        tenants.handle(org(1), rename(&format!("Name {before}")), &by(1)).unwrap();
        assert_eq!(tenants.journal(org(1)).unwrap().len(), before + 1);
    }
}

/// When nobody can say what became of an append, nothing older is answered: the next question loads what there is.
#[test]
fn what_is_in_doubt_is_let_go() {
    let store = Arc::new(Faulty::default());
    let [tenants] = processes(&store);
    tenants.create(org(1), create(1), &by(1)).unwrap();
    tenants.handle(org(1), add(2), &system()).unwrap();
    assert!(may(&tenants, 1, 2).unwrap());
    store.unacknowledged.store(1, Ordering::SeqCst);
    let appends = store.appends.load(Ordering::SeqCst);
    // The append arrives, its acknowledgement does not, and then the store is gone.
    thread::scope(|scope| {
        scope.spawn(|| {
            while store.appends.load(Ordering::SeqCst) == appends {
                thread::yield_now();
            }
            store.down.store(true, Ordering::SeqCst);
        });
        match tenants.handle(org(1), remove(2), &system()) {
            Ok(_) | Err(TenantsError::Store(StoreError::Unknown(_))) => {} // looked up before the store was gone, or not
            Err(error) => panic!("{error:?}"),
        }
    });
    store.down.store(false, Ordering::SeqCst);
    assert!(!may(&tenants, 1, 2).unwrap());
}

#[test]
fn a_command_that_is_repeated_under_its_id_is_answered_as_before() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    let once = by(1).as_command(command(7));
    let first = here.create(org(1), create(1), &once).unwrap();
    assert_eq!(here.create(org(1), create(1), &once).unwrap(), first);
    assert_eq!(there.create(org(1), create(1), &once).unwrap(), first);
    assert_eq!(here.create(org(1), create(1), &by(1)).unwrap_err().code(), Some("already_exists"));

    let once = system().as_command(command(8));
    let done = here.handle(org(1), add(2), &once).unwrap();
    assert_eq!(here.handle(org(1), add(2), &once).unwrap(), done); // it would be refused: already a member
    assert_eq!(there.handle(org(1), add(2), &once).unwrap(), done);
    here.handle(org(1), rename("Other"), &by(1).as_command(command(9))).unwrap();
    here.handle(org(1), rename("Another"), &by(1)).unwrap();
    let again = there.handle(org(1), rename("Other"), &by(1).as_command(command(9))).unwrap(); // it would be accepted
    assert_eq!(again.records.len(), 1);
    let name = there.read(org(1), |organization| organization.profile().unwrap().name.clone()).unwrap().unwrap();
    assert_eq!(name.as_str(), "Another");

    here.handle(org(1), ChangeRoles { user: user(2), roles: vec!["admin".into()] }, &by(1)).unwrap();
    let stolen = here.handle(org(1), rename("Mine"), &by(2).as_command(command(9))).unwrap_err();
    assert_eq!(stolen.code(), Some("command_reused"));
    here.create(org(2), create(2), &by(3).as_command(command(8))).unwrap(); // ids belong to their organization
}

/// Whoever stops waiting for a command leaves nothing old behind, and nobody waiting for ever.
#[test]
fn a_command_that_nobody_waits_for_any_more_is_seen() {
    let tenants = AsyncTenants::new(Arc::new(catalog("cloud")), Gated::default());
    let run = tenants.catalog().permission("operation.run").unwrap();
    now_or_never(tenants.create(org(1), create(1), &by(1))).unwrap().unwrap();
    now_or_never(tenants.handle(org(1), add(2), &system())).unwrap().unwrap();
    let may = || {
        let asked = tenants.check(org(1), Actor::User(user(2)), run, Target::Organization, &NOW);
        now_or_never(asked).unwrap().unwrap() == Decision::Allow
    };
    assert!(may());
    tenants.store().closed.store(true, Ordering::SeqCst);
    let context = system();
    assert!(now_or_never(tenants.handle(org(1), remove(2), &context)).is_none()); // and is dropped
    assert!(!may(), "it was carried out");
    tenants.store().closed.store(false, Ordering::SeqCst);
    now_or_never(tenants.handle(org(1), rename("Other"), &by(1))).expect("nobody is in the way").unwrap();
}

/// A store that says things that cannot be.
#[test]
fn a_store_that_lies_is_found_out() {
    struct Lying(MemoryStore, AtomicUsize);

    impl Front for Lying {
        type Behind = MemoryStore;

        fn behind(&self) -> &MemoryStore {
            &self.0
        }

        fn load(
            &self,
            organization: OrgId,
            limit: usize,
        ) -> Result<Loaded<OrganizationSnapshot, bailiwick::change::Record>, StoreError> {
            let mut records = self.0.records(organization, Version::ZERO, limit)?;
            match self.1.load(Ordering::SeqCst) {
                1 if records.len() > 1 => _ = records.remove(0),
                2 if records.len() > 1 => records.swap(0, 1),
                3 => records.extend(records.last().cloned()),
                _ => {}
            }
            Ok(Loaded { snapshot: None, records })
        }
    }

    let store = Arc::new(Lying(MemoryStore::new(), AtomicUsize::new(0)));
    let [honest] = processes(&store);
    honest.create(org(1), create(1), &by(1)).unwrap();
    honest.handle(org(1), add(2), &system()).unwrap();
    for lie in 1..=3 {
        store.1.store(lie, Ordering::SeqCst);
        let [tenants] = processes(&store);
        let error = tenants.refresh(org(1)).unwrap_err();
        let StoreError::Fatal(why) = error else { panic!("{error:?}") };
        assert!(why.to_string().contains("follows"), "{why}");
        store.1.store(0, Ordering::SeqCst);
        assert!(may(&tenants, 1, 2).unwrap(), "a service goes on when the store does");
    }
}
