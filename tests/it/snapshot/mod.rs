//! Snapshots: what is restored from one, with the records after it, is what all the records make. Organizations here, ledgers
//! in [`ledger`], broken ones in [`hostile`], those of earlier days in [`kept`].

mod hostile;
mod kept;
mod ledger;
mod paths;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::catalog::{Catalog, Fingerprint, RoleDef};
use bailiwick::change::Record;
use bailiwick::{OrgId, Organization, OrganizationSnapshot, SnapshotError};
use serde_json::Value;

use crate::support::lives::{self, Life};
use crate::support::worlds::for_any_world;

/// Everything that is to be seen of an organization is the same, lists in the same order.
fn assert_same(ours: &Organization, theirs: &Organization) {
    assert_eq!(ours, theirs);
    assert!(ours.people().map(|(id, _)| id).eq(theirs.people().map(|(id, _)| id)), "people");
    assert!(ours.workspaces().map(|(id, _)| id).eq(theirs.workspaces().map(|(id, _)| id)), "workspaces");
    assert!(ours.teams().map(|(id, _)| id).eq(theirs.teams().map(|(id, _)| id)), "teams");
    assert!(ours.invitations().map(|(id, _)| id).eq(theirs.invitations().map(|(id, _)| id)), "invitations");
    assert!(ours.services().map(|(id, _)| id).eq(theirs.services().map(|(id, _)| id)), "services");
    assert!(open_invitations(ours) == open_invitations(theirs), "open invitations");
}

/// The order in which open invitations are gone through; nothing shows it but what commands revoke.
fn open_invitations(org: &Organization) -> String {
    if org.invitations().count() < 2 {
        return String::new();
    }
    let shown = format!("{org:?}");
    let (_, open) = shown.split_once("open_by_address: {").expect("a field of that name");
    open.split_once('}').expect("its end").0.to_owned()
}

/// By way of text, as a store keeps it.
fn read_back(snapshot: &OrganizationSnapshot) -> OrganizationSnapshot {
    let text = serde_json::to_string(snapshot).unwrap();
    let again = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error} {text}"));
    assert_eq!(*snapshot, again);
    again
}

/// The law, at every prefix of a history.
fn restores_everywhere(id: OrgId, catalog: &Arc<Catalog>, records: &[Record], seen: &mut BTreeSet<String>) {
    let mut org = Organization::new(id, Arc::clone(catalog));
    let mut restored = Vec::new();
    for at in 0..=records.len() {
        let snapshot = read_back(&org.snapshot());
        assert_eq!((snapshot.version(), snapshot.organization()), (org.version(), id));
        let again = Organization::restore(id, Arc::clone(catalog), &snapshot)
            .unwrap_or_else(|error| panic!("{error:?} after {:?}", records.get(at.wrapping_sub(1))));
        assert_same(&org, &again);
        assert_eq!(again.snapshot(), snapshot);
        paths::collect(&serde_json::to_value(&snapshot).unwrap(), seen);
        restored.push(again);
        records.get(at).into_iter().for_each(|record| org.apply(record));
    }
    for (at, mut again) in restored.into_iter().enumerate() {
        records[at..].iter().for_each(|record| again.apply(record));
        assert_same(&org, &again);
    }
}

/// What happened in a life, organization by organization.
pub(crate) fn histories(life: &Life) -> Vec<(OrgId, Vec<Record>)> {
    let mut organizations = lives::organizations(&life.catalog);
    let mut histories: Vec<_> = organizations.iter().map(|org| (org.id(), Vec::new())).collect();
    for step in &life.steps {
        let organization = &mut organizations[step.organization];
        if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
            outcome.records.iter().for_each(|record| organization.apply(record));
            histories[step.organization].1.extend(outcome.records);
        }
    }
    histories
}

#[test]
fn what_is_restored_is_what_was_there_and_goes_on_alike() {
    let seen = RefCell::default();
    for_any_world(|world| {
        restores_everywhere(world.org.id(), &world.catalog, &world.history, &mut seen.borrow_mut());
    });
    let mut seen = seen.into_inner();
    for seed in 0..40 {
        let life = Life::of_seed(seed, 120);
        for (id, records) in histories(&life) {
            restores_everywhere(id, &life.catalog, &records, &mut seen);
        }
    }
    let missing: Vec<_> = paths::ORGANIZATION.iter().filter(|path| !seen.contains(**path)).collect();
    assert!(missing.is_empty(), "no life has {missing:#?}, but {seen:#?}");
}

#[test]
fn what_restores_is_judged_alike() {
    for seed in 0..12 {
        let life = Life::of_seed(seed, 120);
        let mut organizations = lives::organizations(&life.catalog);
        for step in &life.steps {
            let org = &mut organizations[step.organization];
            let again = Organization::restore(org.id(), Arc::clone(&life.catalog), &org.snapshot()).unwrap();
            let (said, meant) =
                (again.handle(&step.command, &step.context()), org.handle(&step.command, &step.context()));
            assert_eq!(format!("{said:?}"), format!("{meant:?}"));
            meant.into_iter().flat_map(|outcome| outcome.records).for_each(|record| org.apply(&record));
        }
    }
}

#[test]
fn equal_catalogs_have_one_fingerprint_and_others_have_others() {
    let (mut catalogs, mut same, mut other) = (Vec::new(), 0, 0);
    for preset in [bailiwick::presets::STUDIO, bailiwick::presets::AGENCY] {
        catalogs.push(toml::from_str::<Catalog>(preset).unwrap());
    }
    catalogs.extend((0..3).map(|seed| Arc::unwrap_or_clone(Life::of_seed(seed, 0).catalog)));
    for catalog in &catalogs {
        let value = serde_json::to_value(catalog).unwrap();
        for (at, bent) in paths::bent(&value).enumerate() {
            if at % 7 != 0 {
                continue; // each costs a catalog
            }
            let Ok(bent) = serde_json::from_value::<Catalog>(bent) else { continue };
            assert_eq!(bent == *catalog, bent.fingerprint() == catalog.fingerprint());
            if bent == *catalog { same += 1 } else { other += 1 }
        }
    }
    println!("{same} are the same, {other} are others");
    assert!(same >= 20 && other >= 300, "{same} are the same, {other} are others");
    let text = catalogs[0].fingerprint().to_string();
    assert_eq!(text.parse::<Fingerprint>(), Ok(catalogs[0].fingerprint()));
    for no_fingerprint in ["", "0", "+0000000000000000000000000000000", &format!("0{text}")] {
        assert!(no_fingerprint.parse::<Fingerprint>().is_err());
    }
}

#[test]
fn another_catalog_organization_or_format_is_refused_by_its_name() {
    let org = kept::chosen_organization().0;
    let snapshot = org.snapshot();
    let another = org.catalog().to_builder().role(RoleDef::new("late", 0)).build().unwrap();
    let made_under = org.catalog().fingerprint();
    assert_eq!(snapshot.catalog(), made_under);
    assert_eq!(
        Organization::restore(org.id(), Arc::new(another), &snapshot),
        Err(SnapshotError::AnotherCatalog { made_under })
    );
    let others = OrgId::from_u64(77).unwrap();
    assert_eq!(
        Organization::restore(others, Arc::clone(org.catalog()), &snapshot),
        Err(SnapshotError::AnotherOrganization { of: org.id() })
    );
    let mut later: Value = serde_json::to_value(&snapshot).unwrap();
    later["format"] = 2.into();
    let later = serde_json::from_value(later).unwrap();
    assert_eq!(
        Organization::restore(org.id(), Arc::clone(org.catalog()), &later),
        Err(SnapshotError::Format { found: 2 })
    );
}
