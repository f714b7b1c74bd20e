//! What if: the difference between two states is what checks say before and after, for everybody, everywhere.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::{Facts, Target};
use bailiwick::catalog::PermissionKey;
use bailiwick::change::{AccessChange, Place};
use bailiwick::whatif::AccessDiff;
use bailiwick::{Actor, OrgId, Organization, Timestamp};

use crate::support::lives::{self, Life};
use crate::support::samples::{self, Ids};
use crate::support::worlds::for_any_world;

/// One thing that somebody can or cannot do somewhere.
pub(crate) type Fact = (OrgId, Actor, Place, PermissionKey);

/// What can be gained and lost, one by one.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Facets {
    pub(crate) gained: BTreeSet<Fact>,
    pub(crate) lost: BTreeSet<Fact>,
}

/// Everybody of both states, at every place of both.
pub(crate) fn everybody_everywhere(before: &Organization, after: &Organization) -> Vec<(Actor, Place)> {
    let users = before.people().chain(after.people()).map(|(user, _)| Actor::User(user));
    let services = before.services().chain(after.services()).map(|(id, _)| Actor::Service(id));
    let who: BTreeSet<Actor> = users.chain(services).collect();
    let workspaces = before.workspaces().chain(after.workspaces()).map(|(id, _)| Place::Workspace(id));
    let places: BTreeSet<Place> = workspaces.chain([Place::Organization]).collect();
    who.iter().flat_map(|who| places.iter().map(|place| (*who, *place))).collect()
}

/// The keys of what somebody can do at a place, one check for each permission.
pub(crate) fn checked(org: &Organization, who: Actor, place: Place, now: Timestamp) -> BTreeSet<PermissionKey> {
    let mut facts = Facts::at(now).authenticated(now).with_second_factor();
    facts.provider = org.required_provider(now);
    let target = match place {
        Place::Organization => Target::Organization,
        Place::Workspace(id) => Target::Workspace(id),
    };
    let all = org.catalog().permissions();
    let allowed = all.filter(|(permission, _)| org.check(who, *permission, target, &facts).is_allow());
    allowed.map(|(_, def)| def.key.as_str().into()).collect()
}

/// The same rows, one by one.
pub(crate) fn facets(diff: &AccessDiff) -> Facets {
    let mut facets = Facets::default();
    for row in diff.rows() {
        let fact = |key: &PermissionKey| (row.organization, row.who, row.place, key.clone());
        facets.gained.extend(row.gained.iter().map(fact));
        facets.lost.extend(row.lost.iter().map(fact));
    }
    let named: usize = diff.rows().iter().map(|row| row.gained.len() + row.lost.len()).sum();
    assert_eq!(named, facets.gained.len() + facets.lost.len(), "something is said twice: {diff:?}");
    assert!(diff.rows().iter().all(|row| !row.gained.is_empty() || !row.lost.is_empty()), "an empty row: {diff:?}");
    facets
}

/// What checks say, where permissions of one key are one permission.
fn checked_facets(before: &Organization, after: &Organization, now: Timestamp) -> Facets {
    let mut facets = Facets::default();
    for (who, place) in everybody_everywhere(before, after) {
        let (had, has) = (checked(before, who, place, now), checked(after, who, place, now));
        let fact = |key: &PermissionKey| (before.id(), who, place, key.clone());
        facets.gained.extend(has.difference(&had).map(fact));
        facets.lost.extend(had.difference(&has).map(fact));
    }
    facets
}

#[test]
fn a_difference_is_what_checks_say_whatever_happened() {
    let (gained, lost) = (Cell::new(0), Cell::new(0));
    for_any_world(|world| {
        let mut before = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        let mut after = before.clone();
        for record in &world.history {
            after.apply(record);
            if record.version.as_u64() % 3 != 0 {
                continue; // three events together are compared as one
            }
            let predicted = facets(&AccessDiff::between(&before, &after, record.at));
            assert_eq!(predicted, checked_facets(&before, &after, record.at), "{:?}", record.event);
            gained.set(gained.get() + predicted.gained.len());
            lost.set(lost.get() + predicted.lost.len());
            before = after.clone();
        }
    });
    println!("{} gains and {} losses", gained.get(), lost.get());
    assert!(gained.get() > 0 && lost.get() > 0);
}

/// The same without what is gained or lost everywhere: as previews say it.
fn beyond_everywhere(facets: &Facets) -> Facets {
    let beyond = |facts: &BTreeSet<Fact>| {
        let everywhere = |fact: &Fact| facts.contains(&(fact.0, fact.1, Place::Organization, fact.3.clone()));
        facts.iter().filter(|fact| fact.2 == Place::Organization || !everywhere(fact)).cloned().collect()
    };
    Facets { gained: beyond(&facets.gained), lost: beyond(&facets.lost) }
}

/// The rows of a preview, one by one.
fn previewed(org: &Organization, access: &[AccessChange]) -> Facets {
    let mut facets = Facets::default();
    for change in access {
        let fact = |permission| {
            let def = org.catalog().permission_def(permission).unwrap();
            (org.id(), change.who, change.place, def.key.as_str().into())
        };
        facets.gained.extend(change.gained.iter().map(fact));
        facets.lost.extend(change.lost.iter().map(fact));
    }
    facets
}

#[test]
fn a_preview_says_what_differs_beyond_everywhere() {
    let org = samples::organization(Ids::OWN);
    for (actor, command) in samples::samples(Ids::OWN) {
        let preview = org.preview(&command, &samples::facts().by(actor)).unwrap();
        let checked = checked_facets(&org, &preview.after, samples::NOW);
        assert_eq!(facets(&AccessDiff::between(&org, &preview.after, samples::NOW)), checked, "{command:?}");
        assert_eq!(previewed(&org, &preview.access), beyond_everywhere(&checked), "{command:?}");
    }
    let mut changed = 0;
    for seed in 0..24 {
        let life = Life::of_seed(seed, 120);
        let mut organizations = lives::organizations(&life.catalog);
        for step in &life.steps {
            let before = &mut organizations[step.organization];
            let Ok(preview) = before.preview(&step.command, &step.context()) else { continue };
            let checked = checked_facets(before, &preview.after, step.now);
            assert_eq!(previewed(before, &preview.access), beyond_everywhere(&checked), "{step:?}");
            changed += usize::from(checked != Facets::default());
            *before = preview.after;
        }
    }
    println!("{changed} commands change what somebody can do");
    assert!(changed > 100);
}

#[test]
fn a_report_says_everywhere_once_and_puts_people_together() {
    let org = samples::organization(Ids::OWN);
    let command = samples::samples(Ids::OWN).into_iter().find(|(_, command)| command.name() == "DeleteOrganization");
    let (actor, command) = command.unwrap();
    let preview = org.preview(&command, &samples::facts().by(actor)).unwrap();
    let text = AccessDiff::between(&org, &preview.after, samples::NOW).to_markdown(|who| format!("{:?}", who.user()));
    println!("{text}");
    assert!(text.contains("Who can do more: nobody."), "{text}");
    assert!(text.contains("can no longer, everywhere: "), "{text}");
    let nothing = AccessDiff::between(&org, &org, samples::NOW);
    assert!(nothing.is_empty());
    assert_eq!(nothing.to_string(), "Nobody gains or loses anything.\n");
}
