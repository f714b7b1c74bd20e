//! Authority: one rule for every door through which somebody is given something.
//!
//! An actor gives only what the actor holds there, touches only people who do not outrank the actor, and only an owner
//! makes an owner. The doors hand over the person as before and as after; what is gained is the difference, place by
//! place, computed by the layers that a check uses. So a door cannot forget a way of gaining: removing an override that
//! took something away is giving, and so is joining a team.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::{Context, Refusal};
use crate::access::{Decision, DenyReason, Every, Layers, Target, at_organization, everywhere, layers_in};
use crate::actor::Actor;
use crate::catalog::policy::{Assignable, OverrideMode};
use crate::catalog::{Action, Catalog, PermissionSet, Role, Sight};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{AccessRow, Organization, Person, PersonStatus, Standing};
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

/// The guard for what an id turned out to be. Whoever passes neither guard is answered as for anybody else, so that the
/// answer does not tell what the id is.
pub(super) fn guard_as(
    organization: &Organization,
    context: &Context<'_>,
    (action, target): (Action, Target<'_>),
    usual: (Action, Target<'_>),
) -> Result<(), Refusal> {
    guard(organization, context, action, target).or_else(|refusal| {
        guard(organization, context, usual.0, usual.1)?;
        Err(refusal)
    })
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
        let had = before.map(Person::roles).unwrap_or_default();
        let given = || after.roles().iter().filter(|role| !had.contains(*role));
        if let Some(role) = given().find(|role| self.catalog().role_table(*role).exactly_one) {
            return Err(self.not_assignable(role)); // by nobody, the platform included: it is transferred
        }
        let Some(giver) = self.person else { return Ok(()) };
        if let Some(before) = before {
            self.may_touch(before)?;
        }
        for role in given() {
            self.may_assign(giver, role)?;
        }
        for row in after.rows() {
            let had = before.and_then(|before| before.row(row.workspace)).is_some_and(|old| covers(old, row, self.now));
            if let (Some(role), false) = (row.role, had) {
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

    /// Whether the giver holds all of a set in a workspace.
    pub(super) fn holds_in(&self, workspace: WorkspaceId, gained: PermissionSet) -> Result<(), Refusal> {
        let Some(giver) = self.person else { return Ok(()) };
        let own = held(self.organization, giver, Place::Workspace(workspace), self.now);
        self.lacks(gained - own.permissions)
    }

    fn catalog(&self) -> &'o Catalog {
        self.organization.catalog()
    }

    fn may_assign(&self, giver: &Person, role: Role) -> Result<(), Refusal> {
        let table = self.catalog().role_table(role);
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

    /// At every place and at every instant at which something is gained, the giver holds it now. Ends matter as much as
    /// beginnings: a removal that ends tomorrow gives tomorrow, and so does a row that ends later than before.
    fn holds_what_is_gained(&self, giver: &Person, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        let at = |person: Option<&Person>, place, instant| {
            person.map(|person| held(self.organization, person, place, instant)).unwrap_or_default()
        };
        for place in self.places(giver, before, after) {
            let own = at(Some(giver), place, self.now);
            for instant in self.instants(place, before, after) {
                let (had, has) = (at(before, place, instant), at(Some(after), place, instant));
                self.lacks(has.permissions - had.permissions - own.permissions)?;
                if !has.permissions.is_empty() && has.sight > had.sight.max(own.sight) {
                    return Err(Refusal::WiderSight);
                }
            }
        }
        Ok(())
    }

    /// Now, and every later instant at which something at a place ends.
    fn instants(&self, place: Place, before: Option<&Person>, after: &Person) -> BTreeSet<Timestamp> {
        let Place::Workspace(id) = place else { return BTreeSet::from([self.now]) };
        let rows = before.into_iter().chain([after]).filter_map(|person| person.row(id)?.until);
        let rules = self.organization.workspace(id).into_iter().flat_map(|w| w.rules()).filter_map(|rule| rule.until);
        rows.chain(rules).filter(|end| *end > self.now).chain([self.now]).collect()
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
#[derive(Clone, Copy, Default)]
struct Held {
    permissions: PermissionSet,
    sight: Option<Sight>,
}

fn held(organization: &Organization, person: &Person, place: Place, instant: Timestamp) -> Held {
    let catalog = organization.catalog();
    let below = |layers: Layers<PermissionSet>| Held { permissions: layers.effective(), sight: Some(layers.sight) };
    match place {
        Place::Organization => Held { permissions: at_organization(Every, catalog, person.roles()), sight: None },
        Place::Elsewhere => below(everywhere(Every, catalog, person.roles())),
        Place::Workspace(id) => organization
            .workspace(id)
            .map(|workspace| below(layers_in(Every, catalog, person, person.row(id), workspace, instant)))
            .unwrap_or_default(),
    }
}

/// Whether an earlier row still gives the role of a new one, and for as long.
fn covers(old: &AccessRow, new: &AccessRow, now: Timestamp) -> bool {
    let as_long = old.until.is_none_or(|end| new.until.is_some_and(|later| later <= end));
    old.role == new.role && old.is_current(now) && as_long
}

/// The rank of a person at organization level, or in one workspace, where a row can raise or lower it as the policy has
/// overrides do.
fn rank(catalog: &Catalog, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let of = |role: Role| catalog.role_table(role).rank;
    let own = person.roles().iter().map(of).max().unwrap_or(0);
    let row = place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now));
    let Some(instead) = row.and_then(|row| row.role).map(of) else { return own };
    let firm = person.roles().iter().filter(|role| !catalog.role_table(*role).reducible).map(of).max().unwrap_or(0);
    match (person.standing(), catalog.policy().overrides) {
        (Standing::Collaborator, _) | (_, OverrideMode::Replace) => instead.max(firm),
        (_, OverrideMode::Expand) => own.max(instead),
        (_, OverrideMode::Reduce) => own.min(instead).max(firm),
        (_, OverrideMode::Off) => own,
    }
}
