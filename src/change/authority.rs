//! Authority: one rule for every door through which somebody is given something.
//!
//! An actor gives only what the actor holds there, touches only people who do not outrank the actor, and only an owner
//! makes an owner. The doors hand over the person as before and as after; what is gained is the difference, place by
//! place, computed by the layers that a check uses. So a door cannot forget a way of gaining: removing an override that
//! took something away is giving, and so is joining a team.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::{Context, Refusal};
use crate::access::{Decision, DenyReason, Every, Target, at_organization, everywhere, layers_in};
use crate::actor::Actor;
use crate::catalog::policy::Assignable;
use crate::catalog::{Action, Catalog, PermissionSet, Role, RoleSet};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{Organization, Person, PersonStatus};
use crate::time::Timestamp;

/// Whether the actor may do this at all: the guard that the catalog puts before the action, checked as any permission.
pub(super) fn guard(
    organization: &Organization,
    context: &Context<'_>,
    action: Action,
    target: Target<'_>,
) -> Result<(), Refusal> {
    if context.actor == Actor::System {
        return match target {
            Target::Workspace(id) if organization.workspace(id).is_none() => Err(Refusal::UnknownWorkspace),
            _ => Ok(()),
        };
    }
    let access = organization.access(context.actor, target, &context.facts);
    let Some(permission) = organization.catalog().guard_of(action) else {
        // The guard is missing, but strangers still learn nothing.
        return Err(match access.is_barred() {
            true => Refusal::NotFound,
            false => Refusal::Denied { action, reason: DenyReason::NotGranted },
        });
    };
    match access.check(permission) {
        Decision::Allow => Ok(()),
        Decision::StepUp(requirement) => Err(Refusal::StepUp { requirement }),
        Decision::Deny(DenyReason::NotFound) => Err(Refusal::NotFound),
        Decision::Deny(DenyReason::WorkspaceNotFound) => Err(Refusal::UnknownWorkspace),
        Decision::Deny(reason) => Err(Refusal::Denied { action, reason }),
    }
}

/// Who gives, and where: at organization level or in one workspace.
#[derive(Clone, Copy)]
pub(super) struct Giver<'o> {
    organization: &'o Organization,
    /// `None` is the platform, which stands above authority and below the invariants.
    person: Option<&'o Person>,
    user: Option<UserId>,
    place: Option<WorkspaceId>,
    now: Timestamp,
}

impl<'o> Giver<'o> {
    /// The actor of a command, at organization level.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody who is not an active person here: there is nothing that they could give.
    pub(super) fn of(organization: &'o Organization, actor: Actor, now: Timestamp) -> Result<Self, Refusal> {
        let user = actor.user();
        let person = user.and_then(|user| organization.person(user)).filter(|p| p.status() == PersonStatus::Active);
        if person.is_none() && actor != Actor::System {
            return Err(Refusal::NotFound);
        }
        Ok(Self { organization, person, user, place: None, now })
    }

    /// The same, acting with the rank held in one workspace: a row can raise or lower it there.
    pub(super) const fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.place = Some(workspace);
        self
    }

    /// Whether the giver may make of `before` what `after` is.
    pub(super) fn may_make(&self, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        let Some(giver) = self.person else { return Ok(()) };
        if let Some(before) = before {
            self.may_touch(before)?;
        }
        let had = before.map(Person::roles).unwrap_or_default();
        for role in after.roles().iter().filter(|role| !had.contains(*role)) {
            self.may_assign(giver, role)?;
        }
        for row in after.rows() {
            let unchanged = before.and_then(|before| before.row(row.workspace)).is_some_and(|old| old.role == row.role);
            if let (Some(role), false) = (row.role, unchanged) {
                self.in_workspace(row.workspace).may_rank(giver, role)?;
            }
        }
        self.holds_what_is_gained(giver, before, after)
    }

    /// Whether the giver may touch a person at all: one who does not outrank.
    pub(super) fn may_touch(&self, person: &Person) -> Result<(), Refusal> {
        let Some(giver) = self.person else { return Ok(()) };
        let catalog = self.catalog();
        let theirs = rank(catalog, person, None, self.now).max(rank(catalog, person, self.place, self.now));
        if theirs > rank(catalog, giver, self.place, self.now) { Err(Refusal::Outranked) } else { Ok(()) }
    }

    /// Whether everybody who holds one of these roles may be touched.
    pub(super) fn may_touch_roles(&self, roles: RoleSet) -> Result<(), Refusal> {
        let Some(giver) = self.person else { return Ok(()) };
        let highest = roles.iter().map(|role| self.catalog().role_table(role).rank).max().unwrap_or(0);
        if highest > rank(self.catalog(), giver, self.place, self.now) { Err(Refusal::Outranked) } else { Ok(()) }
    }

    /// Whether the giver holds all of a set in a workspace.
    pub(super) fn holds_in(&self, workspace: WorkspaceId, gained: PermissionSet) -> Result<(), Refusal> {
        let Some(giver) = self.person else { return Ok(()) };
        self.lacks(gained - held(self.organization, giver, Place::Workspace(workspace), self.now))
    }

    fn catalog(&self) -> &'o Catalog {
        self.organization.catalog()
    }

    fn may_assign(&self, giver: &Person, role: Role) -> Result<(), Refusal> {
        let table = self.catalog().role_table(role);
        if table.exactly_one {
            return Err(self.not_assignable(role));
        }
        if table.owner && !self.user.is_some_and(|user| self.organization.is_active_owner(user)) {
            return Err(Refusal::OwnersOnly);
        }
        self.may_rank(giver, role)
    }

    /// Whether the giver's rank goes with a role, at organization level or in the place where it is given.
    fn may_rank(&self, giver: &Person, role: Role) -> Result<(), Refusal> {
        let catalog = self.catalog();
        let table = catalog.role_table(role);
        if !table.assigned_by.is_empty() {
            return if table.assigned_by.meets(giver.roles()) { Ok(()) } else { Err(self.not_assignable(role)) };
        }
        let own = rank(catalog, giver, self.place, self.now);
        let is_owner = giver.roles().contains(catalog.owner_role());
        let fits = match catalog.policy().assignable {
            Assignable::UpToOwnRank => table.rank <= own,
            Assignable::BelowOwnRank => table.rank < own || is_owner,
            Assignable::WhatOneHolds => true,
        };
        if fits { Ok(()) } else { Err(self.not_assignable(role)) }
    }

    fn not_assignable(&self, role: Role) -> Refusal {
        let key = self.catalog().role_def(role).map_or("", |def| def.key.as_str()).to_string();
        Refusal::NotAssignable { role, key }
    }

    /// At every place where something is gained, the giver holds it.
    fn holds_what_is_gained(&self, giver: &Person, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        for place in self.places(giver, before, after) {
            let had = before.map(|before| held(self.organization, before, place, self.now)).unwrap_or_default();
            let gained = held(self.organization, after, place, self.now) - had;
            if !gained.is_empty() {
                self.lacks(gained - held(self.organization, giver, place, self.now))?;
            }
        }
        Ok(())
    }

    fn lacks(&self, missing: PermissionSet) -> Result<(), Refusal> {
        missing.iter().next().map_or(Ok(()), |permission| {
            Err(Refusal::LacksPermission { key: self.catalog().permission_key(permission).to_string() })
        })
    }

    /// Every place that can differ between before and after. Only where roles or teams change can that be more than the
    /// rows: then also the organization, every workspace with rules or with a row of the giver's, and all others as one.
    fn places(&self, giver: &Person, before: Option<&Person>, after: &Person) -> BTreeSet<Place> {
        let rows = before.into_iter().chain([after]).flat_map(Person::rows);
        let mut places: BTreeSet<Place> = rows.map(|row| Place::Workspace(row.workspace)).collect();
        let same =
            before.is_some_and(|before| before.standing() == after.standing() && before.teams() == after.teams());
        if !same {
            let ruled = self.organization.workspaces().filter(|(_, workspace)| !workspace.rules().is_empty());
            places.extend(ruled.map(|(id, _)| Place::Workspace(id)));
            places.extend(giver.rows().iter().map(|row| Place::Workspace(row.workspace)));
            places.extend([Place::Organization, Place::Elsewhere]);
        }
        places
    }
}

/// Where something can be held.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Place {
    Organization,
    Workspace(WorkspaceId),
    /// Every workspace that is not named, those to come included.
    Elsewhere,
}

/// What a person holds at a place, as a check would grant it were the person active.
fn held(organization: &Organization, person: &Person, place: Place, now: Timestamp) -> PermissionSet {
    let catalog = organization.catalog();
    match place {
        Place::Organization => at_organization(Every, catalog, person.roles()),
        Place::Elsewhere => everywhere(Every, catalog, person.roles()).effective(),
        Place::Workspace(id) => organization
            .workspace(id)
            .map(|workspace| layers_in(Every, catalog, person, person.row(id), workspace, now).effective())
            .unwrap_or_default(),
    }
}

/// The rank of a person at organization level, or in one workspace, where a row can raise or lower it.
fn rank(catalog: &Catalog, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let table = |role: Role| catalog.role_table(role);
    let row_role =
        place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now)).and_then(|row| row.role);
    let own = person.roles().iter().filter(|role| row_role.is_none() || !table(*role).reducible);
    own.chain(row_role).map(|role| table(role).rank).max().unwrap_or(0)
}
