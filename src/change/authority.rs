//! Authority: one rule for every door through which somebody is given something.
//!
//! An actor gives only what the actor holds there, touches only people who do not outrank the actor, and only an owner
//! makes an owner. The doors hand over the person as before and as after; what is gained is the difference, place by
//! place, computed by the layers that a check uses. So a door cannot forget a way of gaining: removing an override that
//! took something away is giving, and so is joining a team.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::door::Door;
use super::{Context, Refusal};
use crate::access::{Decision, DenyReason, Every, Layers, Target, at_organization, everywhere, layers_in};
use crate::actor::Actor;
use crate::catalog::policy::{Assignable, OverrideMode};
use crate::catalog::{Action, Catalog, Permission, PermissionSet, Role, RoleSet, Sight};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{AccessRow, Organization, Person, PersonStatus, Roles, Service, Standing};
use crate::time::Timestamp;

/// Whether the actor may do this at all: the guard that the catalog puts before the action, checked as any permission.
pub(super) fn guard(
    organization: &Organization,
    context: &Context<'_>,
    action: Action,
    target: Target<'_>,
) -> Result<(), Refusal> {
    match context.actor {
        Actor::System => {
            return match target {
                Target::Workspace(id) if organization.workspace(id).is_none() => Err(Refusal::UnknownWorkspace),
                _ => Ok(()),
            };
        }
        Actor::Provisioner => return directory_may(organization, action),
        Actor::User(_) | Actor::Staff { .. } | Actor::Service(_) | Actor::Link(_) => {}
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

/// A directory that is connected brings people in and takes them out, and nothing else.
fn directory_may(organization: &Organization, action: Action) -> Result<(), Refusal> {
    let connected = organization.profile().is_some_and(|profile| profile.provisioned_roles.is_some());
    match action {
        _ if !connected => Err(Refusal::NotFound),
        Action::AddMember | Action::ChangeRoles | Action::SuspendPerson | Action::RemoveMember => Ok(()),
        _ => Err(Refusal::Denied { action, reason: DenyReason::NotGranted }),
    }
}

/// The user whose rights an actor uses: also behind staff and services.
pub(super) fn behind(organization: &Organization, actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Service(service) => organization.service(service)?.sponsor(),
        other => other.user(),
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
    who: Who<'o>,
    door: Door,
    place: Option<WorkspaceId>,
    now: Timestamp,
    /// The roles as they will be.
    roles_after: Roles<'o>,
    /// Whether that is not as they are.
    roles_change: bool,
}

/// Who gives.
#[derive(Clone, Copy)]
enum Who<'o> {
    /// Stands above authority and below the invariants.
    Platform,
    /// Gives these roles to people who have no others.
    Directory(RoleSet),
    /// Gives what they hold, within their bounds.
    Person { person: &'o Person, makes_owners: bool, bounds: Bounds<'o> },
}

/// How much of a person's rights an actor can use.
#[derive(Clone, Copy)]
enum Bounds<'o> {
    All,
    Staff(PermissionSet),
    Service(&'o Service),
}

impl Bounds<'_> {
    fn at(self, place: Place, set: PermissionSet) -> PermissionSet {
        match (self, place) {
            (Self::All, _) => set,
            (Self::Staff(allowed), _) => set & allowed,
            (Self::Service(service), Place::Workspace(id)) => set & service.bound_at(Some(id)),
            (Self::Service(service), Place::Organization | Place::Elsewhere) => set & service.bound_at(None),
        }
    }
}

impl<'o> Giver<'o> {
    /// The actor of a command, at organization level.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for anybody who is not an active person here: there is nothing that they could give.
    pub(super) fn of(
        organization: &'o Organization,
        actor: Actor,
        now: Timestamp,
        door: Door,
    ) -> Result<Self, Refusal> {
        let active = |user: Option<UserId>| {
            let found = user.and_then(|user| organization.person(user));
            found.filter(|person| person.status() == PersonStatus::Active).ok_or(Refusal::NotFound)
        };
        let owner = organization.catalog().owner_role();
        let who = match actor {
            Actor::System => Who::Platform,
            Actor::Provisioner => {
                let roles = organization.profile().and_then(|profile| profile.provisioned_roles);
                Who::Directory(roles.ok_or(Refusal::NotFound)?)
            }
            Actor::User(user) => {
                let person = active(Some(user))?;
                Who::Person { person, makes_owners: person.roles().contains(owner), bounds: Bounds::All }
            }
            Actor::Staff { on_behalf_of, .. } => {
                let bounds = Bounds::Staff(organization.catalog().not_sensitive());
                Who::Person { person: active(Some(on_behalf_of))?, makes_owners: false, bounds }
            }
            Actor::Service(id) => {
                let service = organization.service(id).filter(|service| service.is_current(now));
                let service = service.ok_or(Refusal::NotFound)?;
                let (person, bounds) = (active(service.sponsor())?, Bounds::Service(service));
                Who::Person { person, makes_owners: false, bounds }
            }
            Actor::Link(_) => return Err(Refusal::NotFound),
        };
        let roles_after = organization.roles();
        Ok(Self { organization, who, door, place: None, now, roles_after, roles_change: false })
    }

    /// The same giver as another person than they are now: as they will be.
    pub(super) const fn becoming(mut self, after: &'o Person) -> Self {
        if let Who::Person { person, .. } = &mut self.who {
            *person = after;
        }
        self
    }

    /// The same, acting with the rank held in one workspace: a row can raise or lower it there.
    pub(super) const fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.place = Some(workspace);
        self
    }

    /// The same, while the roles themselves change.
    pub(super) const fn with_roles(mut self, roles: Roles<'o>) -> Self {
        (self.roles_after, self.roles_change) = (roles, true);
        self
    }

    /// Whether the giver may make of `before` what `after` is.
    pub(super) fn may_make(&self, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        let had = before.map(Person::roles).unwrap_or_default();
        let given = || after.roles().iter().filter(|role| !had.contains(*role));
        if let Some(role) = given().find(|role| self.roles_after.table(*role).exactly_one) {
            return Err(self.not_assignable(role)); // by nobody, the platform included: it is transferred
        }
        if self.door.is_open() {
            return Ok(());
        }
        if let Who::Directory(allowed) = self.who {
            return self.directory_may_make(allowed, before, after);
        }
        if let Some(before) = before {
            self.may_touch(before)?;
        }
        for role in given() {
            self.may_assign(role)?;
        }
        for row in after.rows() {
            let had = before.and_then(|before| before.row(row.workspace)).is_some_and(|old| covers(old, row, self.now));
            if let (Some(role), false) = (row.role, had) {
                self.in_workspace(row.workspace).may_rank(role)?;
            }
        }
        self.holds_what_is_gained(before, after)
    }

    /// Only roles, only those that the organization has set, and only for people who have no others.
    fn directory_may_make(&self, allowed: RoleSet, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        if let Some(member) = before.filter(|before| before.is_member()) {
            self.may_touch(member)?;
        }
        if after.rows() != before.map(Person::rows).unwrap_or_default() {
            return Err(Refusal::OverrideNotAllowed);
        }
        match after.roles().iter().find(|role| !allowed.contains(*role)) {
            Some(role) => Err(self.not_assignable(role)),
            None => Ok(()),
        }
    }

    /// Whether the giver may touch a person at all: one who does not outrank.
    pub(super) fn may_touch(&self, person: &Person) -> Result<(), Refusal> {
        let fits = match self.who {
            _ if self.door.is_open() => true,
            Who::Platform => true,
            Who::Directory(allowed) => person.is_member() && person.roles().iter().all(|role| allowed.contains(role)),
            Who::Person { person: giver, .. } => {
                let roles = self.organization.roles();
                let theirs = rank(roles, person, None, self.now).max(rank(roles, person, self.place, self.now));
                theirs <= rank(roles, giver, self.place, self.now)
            }
        };
        if fits { Ok(()) } else { Err(Refusal::Outranked) }
    }

    /// Whether the giver holds all of a set in a workspace.
    pub(super) fn holds_in(&self, workspace: WorkspaceId, gained: PermissionSet) -> Result<(), Refusal> {
        self.holds_at(Place::Workspace(workspace), gained)
    }

    /// Whether the giver holds the guard of an action where it is asked for.
    pub(super) fn holds_guard(&self, target: Target<'_>, guard: Permission) -> Result<(), Refusal> {
        let guard = PermissionSet::from_iter([guard]);
        let everywhere = !(guard & self.catalog().organization_scope()).is_empty();
        match target {
            Target::Workspace(workspace) if !everywhere => self.holds_in(workspace, guard),
            _ => self.holds_at(Place::Organization, guard),
        }
    }

    /// Whether the giver holds all of a set in the whole organization, and sees there what a role sees that carries it.
    pub(super) fn holds_everywhere(&self, set: PermissionSet, sight: Sight) -> Result<(), Refusal> {
        let organization = set & self.catalog().organization_scope();
        self.holds_at(Place::Organization, organization)?;
        self.holds_at(Place::Elsewhere, set - organization)?;
        if let (Who::Person { .. }, false) = (self.who, self.door.is_open()) {
            if !(set - organization).is_empty() && Some(sight) > self.own(Place::Elsewhere).sight {
                return Err(Refusal::WiderSight);
            }
        }
        Ok(())
    }

    /// Whether the giver may have others give a role: holds all of it everywhere, for nobody asks again.
    pub(super) fn may_delegate(&self, role: Role) -> Result<(), Refusal> {
        let table = self.roles_after.table(role);
        if table.owner {
            return Err(self.not_assignable(role));
        }
        if self.door.is_open() {
            return Ok(());
        }
        self.may_assign(role)?;
        self.holds_everywhere(table.organization | table.workspace, table.sight)
    }

    /// Whether the giver holds all of a set somewhere among these workspaces, or (without any) wherever they have something.
    pub(super) fn holds_for_service(&self, set: PermissionSet, workspaces: &[WorkspaceId]) -> Result<(), Refusal> {
        let Who::Person { person, .. } = self.who else { return Ok(()) };
        if workspaces.is_empty() {
            let rows = person.rows().iter().map(|row| Place::Workspace(row.workspace));
            let places = rows.chain([Place::Organization, Place::Elsewhere]);
            let somewhere = places.fold(PermissionSet::EMPTY, |all, place| all | self.own(place).permissions);
            return self.lacks(set - somewhere);
        }
        workspaces.iter().try_for_each(|workspace| self.holds_in(*workspace, set))
    }

    fn holds_at(&self, place: Place, gained: PermissionSet) -> Result<(), Refusal> {
        match self.who {
            Who::Person { .. } => self.lacks(gained - self.own(place).permissions),
            Who::Platform | Who::Directory(_) => Ok(()),
        }
    }

    /// What the giver can give at a place.
    fn own(&self, place: Place) -> Held {
        let Who::Person { person, bounds, .. } = self.who else { return Held::default() };
        let held = held(self.organization, self.organization.roles(), person, place, self.now);
        Held { permissions: bounds.at(place, held.permissions), ..held }
    }

    fn catalog(&self) -> &'o Catalog {
        self.organization.catalog()
    }

    fn may_assign(&self, role: Role) -> Result<(), Refusal> {
        let makes_owners = !matches!(self.who, Who::Person { makes_owners: false, .. });
        if self.roles_after.table(role).owner && !makes_owners {
            return Err(Refusal::OwnersOnly);
        }
        self.may_rank(role)
    }

    /// Whether the giver's rank goes with a role, at organization level or in the place where it is given.
    fn may_rank(&self, role: Role) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        let (catalog, roles) = (self.catalog(), self.organization.roles());
        let table = self.roles_after.table(role);
        if !table.assigned_by.is_empty() {
            let may = table.assigned_by.meets(roles.defined(giver.roles()));
            return if may { Ok(()) } else { Err(self.not_assignable(role)) };
        }
        let own = rank(roles, giver, self.place, self.now);
        let is_owner = giver.roles().contains(catalog.owner_role());
        let fits = match catalog.policy().assignable {
            Assignable::UpToOwnRank => table.rank <= own,
            Assignable::BelowOwnRank => table.rank < own || is_owner,
            Assignable::WhatOneHolds => true,
        };
        if fits { Ok(()) } else { Err(self.not_assignable(role)) }
    }

    pub(super) fn not_assignable(&self, role: Role) -> Refusal {
        Refusal::NotAssignable { role, key: self.roles_after.key(role).to_string() }
    }

    /// At every place and at every instant at which something is gained, the giver holds it now. Ends matter as much as
    /// beginnings: a removal that ends tomorrow gives tomorrow, and so does a row that ends later than before.
    pub(super) fn holds_what_is_gained(&self, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        if self.door.is_open() {
            return Ok(());
        }
        let roles = self.organization.roles();
        for place in self.places(giver, before, after) {
            let own = self.own(place);
            for instant in self.instants(place, before, after) {
                let had = before.map(|person| held(self.organization, roles, person, place, instant));
                let (had, has) =
                    (had.unwrap_or_default(), held(self.organization, self.roles_after, after, place, instant));
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
        if self.door.is_open() {
            return Ok(());
        }
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
        if !same || self.roles_change {
            places.extend(self.organization.ruled_workspaces().map(|(id, _)| Place::Workspace(id)));
            places.extend(giver.rows().iter().map(|row| Place::Workspace(row.workspace)));
            if let Who::Person { bounds: Bounds::Service(service), .. } = self.who {
                places.extend(service.workspaces().iter().map(|id| Place::Workspace(*id)));
            }
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

fn held(organization: &Organization, roles: Roles<'_>, person: &Person, place: Place, instant: Timestamp) -> Held {
    let below = |layers: Layers<PermissionSet>| Held { permissions: layers.effective(), sight: Some(layers.sight) };
    match place {
        Place::Organization => Held { permissions: at_organization(Every, roles, person.roles()), sight: None },
        Place::Elsewhere => below(everywhere(Every, roles, person.roles())),
        Place::Workspace(id) => organization
            .workspace(id)
            .map(|workspace| below(layers_in(Every, roles, person, person.row(id), workspace, instant)))
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
fn rank(roles: Roles<'_>, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let of = |role: Role| roles.table(role).rank;
    let own = person.roles().iter().map(of).max().unwrap_or(0);
    let row = place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now));
    let Some(instead) = row.and_then(|row| row.role).map(of) else { return own };
    let firm = person.roles().iter().filter(|role| !roles.table(*role).reducible).map(of).max().unwrap_or(0);
    match (person.standing(), roles.catalog.policy().overrides) {
        (Standing::Collaborator, _) | (_, OverrideMode::Replace) => instead.max(firm),
        (_, OverrideMode::Expand) => own.max(instead),
        (_, OverrideMode::Reduce) => own.min(instead).max(firm),
        (_, OverrideMode::Off) => own,
    }
}
