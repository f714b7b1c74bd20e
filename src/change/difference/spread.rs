//! The spread: what differs everywhere is said once, with the workspaces in which it does not; the rest for each of them.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::timeline::{Runs, Span};
use super::{Delta, Extent, Measure, On, Place};
use crate::id::WorkspaceId;

/// Where and when: the organization first, with or without exceptions.
type Where = (Place, Vec<WorkspaceId>, Span);

/// What differs at each place, whether or not resources are seen, as extents that say everything once.
pub(super) fn spread(
    measure: &Measure<'_>,
    here: Vec<(Place, Runs)>,
    unshared: Vec<(Place, Runs)>,
    own: Runs,
) -> Vec<(Extent, Delta)> {
    let (mut here, mut unshared) = (compressed(measure, here), compressed(measure, unshared));
    let mut own: BTreeMap<Where, Delta> =
        own.into_iter().map(|(span, delta)| ((Place::Organization, Vec::new(), span), delta)).collect();
    let places: BTreeSet<Where> =
        [&here, &unshared, &own].into_iter().flat_map(|found| found.keys().cloned()).collect();
    let mut extents = Vec::new();
    for at in places {
        let take = |from: &mut BTreeMap<Where, Delta>| from.remove(&at).unwrap_or_default();
        let (here, unshared, own) = (take(&mut here), take(&mut unshared), take(&mut own));
        let seen = measure.of_resources(here) - unshared;
        for (on, delta) in
            [(On::Everything, here - seen), (On::Seen, seen), (On::Unshared, unshared - here), (On::Own, own)]
        {
            if !delta.is_nothing() {
                let (place, except, (from, until)) = at.clone();
                extents.push((Extent { place, except, from, until, on }, delta));
            }
        }
    }
    extents
}

/// What differs in the organization with its exceptions, and what differs in workspaces beyond that.
fn compressed(measure: &Measure<'_>, found: Vec<(Place, Runs)>) -> BTreeMap<Where, Delta> {
    let mut by_span: BTreeMap<Span, BTreeMap<Place, Delta>> = BTreeMap::new();
    let mut workspaces = Vec::new();
    for (place, runs) in found {
        if let Place::Workspace(id) = place {
            workspaces.push(id);
        }
        for (span, delta) in runs {
            by_span.entry(span).or_default().insert(place, delta);
        }
    }
    let mut said = BTreeMap::new();
    for (span, deltas) in by_span {
        let at = |place| deltas.get(&place).copied().unwrap_or_default();
        let everywhere = at(Place::Organization);
        let below = measure.below_organization(everywhere);
        let mut note = |place, except, delta: Delta| {
            if !delta.is_nothing() {
                said.insert((place, except, span), delta);
            }
        };
        let held_above = everywhere - below;
        let mut groups = with_exceptions(below, &workspaces, |id| at(Place::Workspace(id)));
        let unexcepted = groups.entry(Vec::new()).or_default();
        *unexcepted = *unexcepted | held_above;
        groups.into_iter().for_each(|(except, delta)| note(Place::Organization, except, delta));
        for id in &workspaces {
            note(Place::Workspace(*id), Vec::new(), at(Place::Workspace(*id)) - below);
        }
    }
    said
}

/// What differs everywhere, by the workspaces in which it does not.
fn with_exceptions(
    everywhere: Delta,
    workspaces: &[WorkspaceId],
    there: impl Fn(WorkspaceId) -> Delta,
) -> BTreeMap<Vec<WorkspaceId>, Delta> {
    let mut groups = BTreeMap::from([(Vec::new(), everywhere)]);
    for id in workspaces {
        let missing = everywhere - there(*id);
        if missing.is_nothing() {
            continue;
        }
        let mut divided = BTreeMap::new();
        for (except, delta) in groups {
            let (out, stays) = (delta & missing, delta - missing);
            if !out.is_nothing() {
                divided.insert(except.iter().copied().chain([*id]).collect(), out);
            }
            if !stays.is_nothing() {
                divided.insert(except, stays);
            }
        }
        groups = divided;
    }
    groups
}
