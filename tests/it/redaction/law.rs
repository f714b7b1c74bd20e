//! Whatever happens in a life: renaming somebody in the history renames them in what it makes, and in nothing else.

use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::change::{Event, Record};
use bailiwick::redaction::{Redaction, RedactionError};
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, Batch, Keys, MemoryStore, Store};
use bailiwick::{Actor, OrgId, Organization, Tenants, TenantsError, Timestamp, UserId};

use crate::snapshot::histories;
use crate::support::lives::{self, Life};

/// Ids that no life has.
fn stand_in(n: u128) -> UserId {
    UserId::from_u128(0x5f1d_07c3_9b42_4e88_a6d0_0000_0000_0000 + n).unwrap()
}

/// A store with the histories of a life, and the snapshots of them half-way.
fn kept(life: &Life) -> (Tenants<MemoryStore>, Vec<OrgId>, Timestamp) {
    let tenants = Tenants::new(Arc::clone(&life.catalog), MemoryStore::new());
    let (mut organizations, mut last) = (Vec::new(), lives::BIRTH);
    for (id, records) in histories(life) {
        let mut state = Organization::new(id, Arc::clone(&life.catalog));
        for (at, record) in records.iter().enumerate() {
            let one = std::slice::from_ref(record);
            let (keys, rows) = (Keys::of(&state, one), RowChanges::default());
            let append = Append {
                organization: id,
                expected: state.version(),
                batch: Batch::Organization(one),
                keys: &keys,
                rows: &rows,
            };
            match tenants.store().append(&append).unwrap() {
                Appended::Applied => state.apply(record),
                // Two organizations of a life have one name; what follows is another life.
                Appended::Claimed { .. } => break,
                other => panic!("{other:?}"),
            }
            last = last.max(record.at);
            tenants.refresh(id).unwrap();
            if at == records.len() / 2 {
                tenants.keep_snapshot(id).unwrap();
            }
        }
        if !tenants.journal(id).unwrap().is_empty() {
            organizations.push(id);
        }
    }
    (tenants, organizations, last)
}

/// What everybody else may do, everywhere.
fn answers(tenants: &Tenants<MemoryStore>, organizations: &[OrgId], gone: UserId, now: Timestamp) -> Vec<Decision> {
    let mut answers = Vec::new();
    for organization in organizations {
        for other in (1..=lives::USERS).map(lives::user).filter(|other| *other != gone) {
            for (permission, _) in tenants.catalog().permissions() {
                for target in [Target::Organization, Target::Workspace(lives::workspace(1))] {
                    let facts = Facts::at(now);
                    answers.push(tenants.check(*organization, Actor::User(other), permission, target, &facts).unwrap());
                }
            }
        }
    }
    answers
}

/// Whether no address is in it, which stays another one.
fn has_no_address(record: &Record) -> bool {
    !matches!(record.event, Event::Invited { .. })
}

#[test]
fn who_is_renamed_is_renamed_in_everything_and_nothing_else_changes() {
    let (mut redacted, mut kinds, mut still, mut learned) = (0, BTreeSet::new(), 0, 0);
    for seed in 0..30 {
        let life = Life::of_seed(seed, 90);
        let gone = lives::user(1 + seed % lives::USERS);
        let (tenants, organizations, now) = kept(&life);
        let facts = Facts::at(now);
        let (one, other) = (Redaction::new(gone, stand_in(1)), Redaction::new(stand_in(1), stand_in(2)));
        match tenants.erase(gone, &facts) {
            Ok(_) => {}
            Err(TenantsError::StillOwner { .. }) => {
                let belongs = tenants.redact(&[one], &facts);
                assert!(matches!(belongs, Err(RedactionError::StillThere { user, .. }) if user == gone), "{belongs:?}");
                still += 1;
                continue;
            }
            Err(trouble) => panic!("seed {seed}: {trouble}"),
        }
        let before: Vec<Vec<Record>> = organizations.iter().map(|id| tenants.journal(*id).unwrap()).collect();
        let answers_before = answers(&tenants, &organizations, gone, now);
        let is_named = !tenants.traces_of(std::slice::from_ref(&one)).unwrap().is_empty();

        let users = tenants.learn_addresses(vec![one.clone()]).unwrap();
        let done = tenants.redact(&users, &facts).unwrap();
        assert_eq!(tenants.traces_of(&users).unwrap(), [], "seed {seed}");
        for id in &organizations {
            assert_eq!(tenants.verify(*id).unwrap(), [], "seed {seed}");
        }
        assert_eq!(done.organizations.is_empty(), !is_named, "seed {seed}");
        assert_eq!(answers(&tenants, &organizations, gone, now), answers_before, "seed {seed}");
        learned += users[0].addresses.len();

        for (id, before) in organizations.iter().zip(&before) {
            let after = tenants.journal(*id).unwrap();
            // The snapshot says what the records say up to it, as they are now.
            let loaded = tenants.store().load(*id, 0).unwrap();
            if let Some(snapshot) = loaded.snapshot {
                let mut replayed = Organization::new(*id, Arc::clone(&life.catalog));
                after.iter().filter(|record| record.version <= snapshot.version()).for_each(|r| replayed.apply(r));
                assert_eq!(replayed.snapshot(), *snapshot, "seed {seed}");
            }
            for (was, is) in before.iter().zip(&after) {
                assert_eq!(
                    (was.version, was.at, was.event.kind()),
                    (is.version, is.at, is.event.kind()),
                    "seed {seed}"
                );
                if was != is {
                    kinds.insert(is.event.kind());
                    redacted += 1;
                }
            }
        }
        // And back again: it was nobody else who was renamed.
        tenants.redact(&[other], &facts).unwrap();
        for (id, before) in organizations.iter().zip(&before) {
            let after = tenants.journal(*id).unwrap();
            for (was, is) in before.iter().zip(&after).filter(|(was, _)| has_no_address(was)) {
                let named = |record: &Record, user: UserId| format!("{record:?}").contains(&format!("{user:?}"));
                assert_eq!(named(was, gone), named(is, stand_in(2)), "seed {seed}: {was:?} {is:?}");
                assert!(!named(is, gone) && !named(is, stand_in(1)), "seed {seed}: {is:?}");
            }
        }
    }
    println!("{redacted} records of {} kinds redacted, {learned} addresses learned, {still} still owners", kinds.len());
    assert!(redacted > 80 && kinds.len() > 25 && still > 3, "{redacted} {kinds:?} {still} {learned}");
}
