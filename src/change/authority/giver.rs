//! The giver: gives what it holds, touches whom it may.

use alloc::collections::BTreeSet;
use alloc::string::ToString;

use super::super::Refusal;
use super::super::door::Door;
use super::held::{Held, Place, covers, held, rank};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::Assignable;
use crate::catalog::{Catalog, Permission, PermissionSet, Role, RoleSet, Sight};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{Organization, Person, PersonStatus, Roles, Service};
use crate::time::Timestamp;

/// Who gives, and where: at organization level or in one workspace.
#[derive(Clone, Copy)]
pub(in crate::change) struct Giver<'o> {
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
    pub(in crate::change) fn of(
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
    pub(in crate::change) const fn becoming(mut self, after: &'o Person) -> Self {
        if let Who::Person { person, .. } = &mut self.who {
            *person = after;
        }
        self
    }

    /// The same, acting with the rank held in one workspace: a row can raise or lower it there.
    pub(in crate::change) const fn in_workspace(mut self, workspace: WorkspaceId) -> Self {
        self.place = Some(workspace);
        self
    }

    /// The same, while the roles themselves change.
    pub(in crate::change) const fn with_roles(mut self, roles: Roles<'o>) -> Self {
        (self.roles_after, self.roles_change) = (roles, true);
        self
    }

    /// Whether the giver may make of `before` what `after` is.
    pub(in crate::change) fn may_make(&self, before: Option<&Person>, after: &Person) -> Result<(), Refusal> {
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
    pub(in crate::change) fn may_touch(&self, person: &Person) -> Result<(), Refusal> {
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
    pub(in crate::change) fn holds_in(&self, workspace: WorkspaceId, gained: PermissionSet) -> Result<(), Refusal> {
        self.holds_at(Place::Workspace(workspace), gained)
    }

    /// Whether the giver holds the guard of an action where it is asked for.
    pub(in crate::change) fn holds_guard(&self, target: Target<'_>, guard: Permission) -> Result<(), Refusal> {
        let guard = PermissionSet::from_iter([guard]);
        let everywhere = !(guard & self.catalog().organization_scope()).is_empty();
        match target {
            Target::Workspace(workspace) if !everywhere => self.holds_in(workspace, guard),
            _ => self.holds_at(Place::Organization, guard),
        }
    }

    /// Whether the giver holds all of a set in the whole organization, and sees there what a role sees that carries it.
    pub(in crate::change) fn holds_everywhere(&self, set: PermissionSet, sight: Sight) -> Result<(), Refusal> {
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
    pub(in crate::change) fn may_delegate(&self, role: Role) -> Result<(), Refusal> {
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
    pub(in crate::change) fn holds_for_service(
        &self,
        set: PermissionSet,
        workspaces: &[WorkspaceId],
    ) -> Result<(), Refusal> {
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

    pub(in crate::change) fn not_assignable(&self, role: Role) -> Refusal {
        Refusal::NotAssignable { role, key: self.roles_after.key(role).to_string() }
    }

    /// At every place and at every instant at which something is gained, the giver holds it now. Ends matter as much as
    /// beginnings: a removal that ends tomorrow gives tomorrow, and so does a row that ends later than before.
    pub(in crate::change) fn holds_what_is_gained(
        &self,
        before: Option<&Person>,
        after: &Person,
    ) -> Result<(), Refusal> {
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
