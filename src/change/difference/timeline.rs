//! The timeline: what begins and ends by itself, and from when until when something differs.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::{Comparison, Delta, Place, Spot};
use crate::actor::Actor;
use crate::change::behind;
use crate::id::WorkspaceId;
use crate::organization::Organization;
use crate::time::Timestamp;

/// From when, `None` being at once, until when, `None` where no end is known.
pub(super) type Span = (Option<Timestamp>, Option<Timestamp>);

/// What differs, by when.
pub(super) type Runs = BTreeMap<Span, Delta>;

impl Comparison<'_> {
    /// What differs for one actor at one spot, and when.
    pub(super) fn runs(&self, who: Actor, spot: Spot<'_>) -> Runs {
        let workspace = match spot {
            Spot::Here(Place::Workspace(id)) | Spot::Unshared(Place::Workspace(id)) => Some(id),
            Spot::Resource(resource) => resource.workspace,
            Spot::Here(Place::Organization) | Spot::Unshared(Place::Organization) | Spot::Own => None,
        };
        self.runs_of(self.instants(who, workspace), |at| self.delta(who, spot, at))
    }

    /// What differs now and at instants to come.
    pub(super) fn runs_of(&self, instants: BTreeSet<Timestamp>, delta: impl Fn(Timestamp) -> Delta) -> Runs {
        let now = self.facts.now;
        let mut told = Vec::from([(None, delta(now))]);
        told.extend(instants.into_iter().filter(|at| *at > now).map(|at| (Some(at), delta(at))));
        runs(&told)
    }

    /// When something that decides about an actor begins or ends by itself: terms, rows, rules, services.
    pub(super) fn instants(&self, who: Actor, workspace: Option<WorkspaceId>) -> BTreeSet<Timestamp> {
        let mut instants = BTreeSet::new();
        for organization in [self.before, self.after] {
            instants.extend(scheduled(organization, who, workspace));
        }
        instants
    }
}

/// The instants of one state.
fn scheduled(
    organization: &Organization,
    who: Actor,
    workspace: Option<WorkspaceId>,
) -> impl Iterator<Item = Timestamp> {
    let terms = organization.profile().and_then(|profile| profile.next_terms).map(|(_, at)| at);
    let rules = workspace.and_then(|id| organization.workspace(id)).map(|place| place.rules()).unwrap_or_default();
    let rows = behind(organization, who).and_then(|user| organization.person(user));
    let rows = rows.map(|person| person.rows()).unwrap_or_default();
    let service = match who {
        Actor::Service(id) => organization.service(id).and_then(|service| service.until()),
        _ => None,
    };
    let ends = rules.iter().map(|rule| rule.until).chain(rows.iter().map(|row| row.until)).chain([terms, service]);
    ends.flatten()
}

/// What differs at successive instants, put together by how long it does.
fn runs(told: &[(Option<Timestamp>, Delta)]) -> Runs {
    let mut runs = Runs::new();
    let mut note = |span: Span, delta: Delta| {
        if !delta.is_nothing() {
            let there = runs.entry(span).or_default();
            *there = *there | delta;
        }
    };
    let mut running: Vec<(Option<Timestamp>, Delta)> = Vec::new();
    for (at, delta) in told {
        let mut fresh = *delta;
        for (from, there) in &mut running {
            note((*from, *at), *there - *delta);
            *there = *there & *delta;
            fresh = fresh - *there;
        }
        running.push((*at, fresh));
    }
    running.into_iter().for_each(|(from, delta)| note((from, None), delta));
    runs
}
