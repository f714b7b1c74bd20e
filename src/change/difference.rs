//! Differences: who can do what more or less, between one state of an organization and another.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use crate::access::{Facts, Target};
use crate::actor::Actor;
use crate::catalog::PermissionSet;
use crate::id::{UserId, WorkspaceId};
use crate::organization::Organization;
use crate::time::Timestamp;

/// Where something can be done.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// In the organization; permissions of workspace scope: in all of its workspaces, those to come included.
    Organization,
    /// In one workspace, beyond what can be done in the organization.
    Workspace(WorkspaceId),
}

/// What somebody can do more or less at one place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AccessChange {
    /// Who: a user or a service.
    pub who: Actor,
    /// Where.
    pub place: Place,
    /// What they can do that they could not.
    pub gained: PermissionSet,
    /// What they could do and cannot any more.
    pub lost: PermissionSet,
}

/// Everybody's differences, person by person and place by place.
///
/// # Shape
/// Whoever is the same in both states is passed over, unless something differs that is about everybody: roles, rules,
/// workspaces, the plan, the status. Then it costs all people times all places, and is nothing for a request.
pub(super) fn differences(before: &Organization, after: &Organization, now: Timestamp) -> Vec<AccessChange> {
    let everybody = is_about_everybody(before, after);
    let places: BTreeSet<WorkspaceId> = before.workspaces().chain(after.workspaces()).map(|(id, _)| id).collect();
    let users: BTreeSet<UserId> = before.people().chain(after.people()).map(|(user, _)| user).collect();
    let changed = users.into_iter().filter(|user| everybody || before.person(*user) != after.person(*user));
    let changed: Vec<UserId> = changed.collect();
    let services: BTreeSet<_> = before.services().chain(after.services()).map(|(id, _)| id).collect();
    let sponsored = |id: &_| {
        let sponsor = |organization: &Organization| organization.service(*id).and_then(|service| service.sponsor());
        let moved = [before, after].into_iter().filter_map(sponsor).any(|user| changed.contains(&user));
        moved || before.service(*id) != after.service(*id)
    };
    let services = services.into_iter().filter(|id| everybody || sponsored(id)).map(Actor::Service);
    let mut found = Vec::new();
    for who in changed.iter().copied().map(Actor::User).chain(services) {
        differences_of(who, before, after, &places, now, &mut found);
    }
    found
}

/// One actor's differences at every place.
pub(super) fn differences_of(
    who: Actor,
    before: &Organization,
    after: &Organization,
    workspaces: &BTreeSet<WorkspaceId>,
    now: Timestamp,
    found: &mut Vec<AccessChange>,
) {
    let between = |target| (usable(before, who, target, now), usable(after, who, target, now));
    let (had, has) = between(Target::Organization);
    let (everywhere_gained, everywhere_lost) = (has - had, had - has);
    let mut note = |place, gained: PermissionSet, lost: PermissionSet| {
        if !(gained | lost).is_empty() {
            found.push(AccessChange { who, place, gained, lost });
        }
    };
    note(Place::Organization, everywhere_gained, everywhere_lost);
    for id in workspaces {
        let (had, has) = between(Target::Workspace(*id));
        note(Place::Workspace(*id), has - had - everywhere_gained, had - has - everywhere_lost);
    }
}

/// What somebody can do who is signed in as well as anybody asks.
pub(crate) fn usable(organization: &Organization, who: Actor, target: Target<'_>, now: Timestamp) -> PermissionSet {
    organization.access(who, target, &organization.proven(&Facts::at(now))).allowed()
}

/// Whether something differs that is about more than single people.
fn is_about_everybody(before: &Organization, after: &Organization) -> bool {
    let profile =
        |organization: &Organization| organization.profile().map(|p| (p.status, p.terms, p.next_terms, p.deletion));
    profile(before) != profile(after)
        || before.custom_roles != after.custom_roles
        || before.workspaces != after.workspaces
        || before.teams != after.teams
}
