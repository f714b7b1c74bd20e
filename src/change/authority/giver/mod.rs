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
use crate::organization::{AccessRow, Organization, Person, PersonStatus, Roles, Service, Standing};
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
    fn at(self, catalog: &Catalog, place: Place, set: PermissionSet) -> PermissionSet {
        match (self, place) {
            (Self::All, _) => set,
            (Self::Staff(allowed), _) => set & allowed,
            (Self::Service(service), Place::Workspace(id)) => set & service.bound_at(catalog, Some(id)),
            (Self::Service(service), Place::Organization | Place::Elsewhere | Place::Own) => {
                set & service.bound_at(catalog, None)
            }
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

    /// Whoever set the roles with which people come in by themselves: holds what the roles hold.
    pub(in crate::change) fn by_roles(
        organization: &'o Organization,
        roles: RoleSet,
        now: Timestamp,
        door: Door,
    ) -> Self {
        let (who, roles_after) = (Who::Directory(roles), organization.roles());
        Self { organization, who, door, place: None, now, roles_after, roles_change: false }
    }

    /// The same giver as another person than they are now: as they will be.
    pub(in crate::change) fn becoming(mut self, after: &'o Person) -> Self {
        let owner = self.catalog().owner_role();
        if let Who::Person { person, makes_owners, .. } = &mut self.who {
            (*person, *makes_owners) = (after, *makes_owners && after.roles().contains(owner));
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
        // Whoever accepts has agreed.
        if let Some(before) = before.filter(|_| self.door != Door::Accept) {
            self.may_touch(before)?;
        }
        for role in given() {
            self.may_assign(role)?;
        }
        // A row that is replaced is touched, too, with the rank that it gave; whoever accepts has agreed.
        for row in before.into_iter().flat_map(Person::rows).filter(|_| self.door != Door::Accept) {
            if after.row(row.workspace) != Some(row) {
                before.map_or(Ok(()), |person| self.in_workspace(row.workspace).may_touch(person))?;
            }
        }
        for row in after.rows() {
            let had = before.and_then(|before| before.row(row.workspace)).is_some_and(|old| covers(old, row, self.now));
            if let (Some(role), false) = (row.role, had) {
                self.may_rank_in(row, role)?;
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
            None => self.holds_what_is_gained(before, after),
        }
    }

    /// Whether the giver may touch a person at all: one who does not outrank. A collaborator has a rank only where there
    /// is a row.
    pub(in crate::change) fn may_touch(&self, person: &Person) -> Result<(), Refusal> {
        if self.place.is_none() && !person.is_member() {
            let mut rows = person.rows().iter();
            return rows.try_for_each(|row| self.in_workspace(row.workspace).may_touch(person));
        }
        let fits = match self.who {
            _ if self.door.is_open() => true,
            Who::Platform => true,
            Who::Directory(allowed) => {
                let below = person.rows().iter().filter_map(|row| row.role);
                person.is_member() && person.roles().iter().chain(below).all(|role| allowed.contains(role))
            }
            Who::Person { person: giver, .. } => {
                let roles = self.organization.roles();
                let theirs = rank(roles, person, None, self.now).max(rank(roles, person, self.place, self.now));
                theirs <= rank(roles, giver, self.place, self.now)
            }
        };
        if fits { Ok(()) } else { Err(Refusal::Outranked) }
    }

    /// Whether the giver may touch what rows make of a member: no higher a rank than the giver's, there or in the organization.
    pub(in crate::change) fn may_touch_rows(&self, person: &Person) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        let at = |person, place| rank(self.organization.roles(), person, place, self.now);
        let own = |place| at(giver, None).max(at(giver, place));
        let mut places = person.rows().iter().map(|row| Some(row.workspace));
        if places.all(|place| at(person, place) <= own(place)) { Ok(()) } else { Err(Refusal::Outranked) }
    }

    /// Whether the giver holds all of a set in a workspace, now and then.
    pub(in crate::change) fn holds_in(
        &self,
        workspace: WorkspaceId,
        gained: PermissionSet,
        then: Timestamp,
    ) -> Result<(), Refusal> {
        self.holds_at(Place::Workspace(workspace), gained, then)
    }

    /// Whether the giver holds the guard of an action where it is asked for.
    pub(in crate::change) fn holds_guard(&self, target: Target<'_>, guard: Permission) -> Result<(), Refusal> {
        let guard = PermissionSet::from_iter([guard]);
        let everywhere = !(guard & self.catalog().organization_scope()).is_empty();
        match target {
            Target::Workspace(workspace) if !everywhere => self.holds_in(workspace, guard, self.now),
            _ => self.holds_at(Place::Organization, guard, self.now),
        }
    }

    /// Whether the giver holds all of a set in the whole organization, in every workspace, for as long as anything is known
    /// of, and sees there what a role sees that carries it.
    pub(in crate::change) fn holds_everywhere(&self, set: PermissionSet, sight: Sight) -> Result<(), Refusal> {
        let Who::Person { person, .. } = self.who else { return Ok(()) };
        let organization = set & self.catalog().organization_scope();
        self.holds_at(Place::Organization, organization, self.now)?;
        let below = Held { permissions: set - organization, sight: Some(sight) };
        let mut places = self.named_places(person);
        places.insert(Place::Elsewhere);
        places.into_iter().try_for_each(|place| {
            let mut instants = self.instants(place, [person]).into_iter();
            instants.try_for_each(|then| self.gains_within(Held::default(), below, self.own(place, then)))
        })
    }

    /// Whether the giver may have others give roles, in any combination: holds all of it everywhere, for nobody asks
    /// again.
    pub(in crate::change) fn may_delegate(&self, roles: RoleSet) -> Result<(), Refusal> {
        if let Some(owner) = roles.iter().find(|role| self.roles_after.table(*role).owner) {
            return Err(self.not_assignable(owner));
        }
        if self.door.is_open() {
            return Ok(());
        }
        roles.iter().try_for_each(|role| self.may_assign(role))?;
        if let (Who::Person { person, .. }, Some(highest)) = (self.who, self.highest(roles)) {
            let own = rank(self.organization.roles(), person, None, self.now);
            if self.roles_after.table(highest).rank > own {
                return Err(self.not_assignable(highest)); // whatever the policy says of ranks: nobody asks again
            }
        }
        let Held { permissions, sight } = self.all_of(roles);
        self.holds_everywhere(permissions, sight.unwrap_or(Sight::Shared))
    }

    /// The role of the highest rank.
    fn highest(&self, roles: RoleSet) -> Option<Role> {
        roles.iter().max_by_key(|role| self.roles_after.table(*role).rank)
    }

    /// Everything that roles hold, of every scope, as far as any of them sees.
    fn all_of(&self, roles: RoleSet) -> Held {
        let tables = roles.iter().map(|role| self.roles_after.table(role));
        tables.fold(Held::default(), |all, table| Held {
            permissions: all.permissions | table.organization | table.workspace,
            sight: all.sight.max(Some(table.sight)),
        })
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
            let somewhere = places.fold(PermissionSet::EMPTY, |all, place| all | self.own(place, self.now).permissions);
            return self.lacks(set - somewhere);
        }
        workspaces.iter().try_for_each(|workspace| self.holds_in(*workspace, set, self.now))
    }

    fn holds_at(&self, place: Place, gained: PermissionSet, then: Timestamp) -> Result<(), Refusal> {
        match self.who {
            Who::Person { .. } => self.lacks(gained - self.own(place, then).permissions),
            Who::Platform | Who::Directory(_) => Ok(()),
        }
    }

    /// What the giver can give at a place for an instant: what they hold now and will hold then. What one has for a while is
    /// given for that while.
    fn own(&self, place: Place, then: Timestamp) -> Held {
        let Who::Person { person, bounds, .. } = self.who else { return Held::default() };
        let at = |instant| held(self.organization, self.organization.roles(), person, place, instant);
        let now = at(self.now);
        let held = if then == self.now { now } else { now.as_far_as(at(then)) };
        Held { permissions: bounds.at(self.catalog(), place, held.permissions), ..held }
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

    /// Whether the giver's rank in a workspace goes with the role of a row, now and for as long as the row gives it.
    fn may_rank_in(&self, row: &AccessRow, role: Role) -> Result<(), Refusal> {
        let lasts = |instant: &Timestamp| row.until.is_none_or(|end| *instant < end);
        let mut instants = self.own_instants(row.workspace).into_iter().filter(lasts);
        instants.try_for_each(|now| Self { now, ..*self }.in_workspace(row.workspace).may_rank(role))
    }

    /// Whether the giver's rank goes with a role, at organization level or in the place where it is given.
    fn may_rank(&self, role: Role) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        let (catalog, roles) = (self.catalog(), self.organization.roles());
        let table = self.roles_after.table(role);
        if !table.assigned_by.is_empty() {
            let may = table.assigned_by.meets(giver.roles()); // a custom role like one of them is not one of them
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

    /// At every place and at every instant at which something is gained, the giver holds it now and then. Ends matter as much
    /// as beginnings: a removal that ends tomorrow gives tomorrow, and so does a row that ends later than before.
    pub(in crate::change) fn holds_what_is_gained(
        &self,
        before: Option<&Person>,
        after: &Person,
    ) -> Result<(), Refusal> {
        if self.door.is_open() {
            return Ok(());
        }
        let of = |roles, person: &Person, place, instant| held(self.organization, roles, person, place, instant);
        // Whoever set roles held all of them, and rules say the rest of what a newcomer gets.
        let plain = Person::new(Standing::Member(after.roles()), after.joined());
        let giver = match self.who {
            Who::Platform => return Ok(()),
            Who::Directory(_) => &plain,
            Who::Person { person, .. } => person,
        };
        for place in self.places(giver, before, after) {
            for instant in self.instants(place, before.into_iter().chain([after, giver])) {
                let had = before.map(|person| of(self.organization.roles(), person, place, instant));
                let (had, has) = (had.unwrap_or_default(), of(self.roles_after, after, place, instant));
                let own = match self.who {
                    Who::Directory(roles) => of(self.roles_after, &plain, place, instant).and(self.all_of(roles)),
                    Who::Platform | Who::Person { .. } => self.own(place, instant),
                };
                self.gains_within(had, has, own)?;
            }
        }
        Ok(())
    }

    /// Whether what is gained is the giver's own: the permissions, and of those on resources all that the person sees.
    fn gains_within(&self, had: Held, has: Held, own: Held) -> Result<(), Refusal> {
        self.lacks(has.permissions - had.permissions - own.permissions)?;
        let on_all = |held: Held| match held.sight {
            Some(Sight::All) => held.permissions & self.catalog().resource_scope(),
            Some(Sight::Shared) | None => PermissionSet::EMPTY,
        };
        let opened = on_all(has) - on_all(had) - on_all(own);
        if opened.is_empty() || self.door.is_open() { Ok(()) } else { Err(Refusal::WiderSight) }
    }

    /// How much of a workspace any of these people sees at any time; nothing where the giver is bound by nothing.
    pub(in crate::change) fn widest_sight<'p>(
        &self,
        people: impl Iterator<Item = &'p Person>,
        workspace: WorkspaceId,
    ) -> Option<Sight> {
        let Who::Person { .. } = self.who else { return None };
        let (place, roles) = (Place::Workspace(workspace), self.organization.roles());
        let seen = |person, instant| held(self.organization, roles, person, place, instant).sight;
        people
            .filter_map(|person| self.instants(place, [person]).into_iter().filter_map(|at| seen(person, at)).max())
            .max()
    }

    /// Whether the giver sees as much of a workspace, now and then, as whoever gains something there by a rule.
    pub(in crate::change) fn sees_as_much(
        &self,
        sight: Option<Sight>,
        workspace: WorkspaceId,
        gained: PermissionSet,
        then: Timestamp,
    ) -> Result<(), Refusal> {
        let Who::Person { .. } = self.who else { return Ok(()) };
        let theirs = Held { permissions: gained, sight };
        self.gains_within(Held::default(), theirs, self.own(Place::Workspace(workspace), then))
    }

    /// Now, and every later instant at which something of the giver's ends in a workspace.
    pub(in crate::change) fn own_instants(&self, workspace: WorkspaceId) -> BTreeSet<Timestamp> {
        match self.who {
            Who::Person { person, .. } => self.instants(Place::Workspace(workspace), [person]),
            Who::Platform | Who::Directory(_) => BTreeSet::from([self.now]),
        }
    }

    /// Now, and every later instant at which something at a place ends for any of these people.
    fn instants<'p>(&self, place: Place, people: impl IntoIterator<Item = &'p Person>) -> BTreeSet<Timestamp> {
        let Place::Workspace(id) = place else { return BTreeSet::from([self.now]) };
        let rows = people.into_iter().filter_map(|person| person.row(id)?.until);
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
            places.extend(self.named_places(giver));
            places.extend([Place::Organization, Place::Elsewhere, Place::Own]);
        }
        places
    }

    /// Workspaces where something else can be held than elsewhere: those with rules, and those that the giver's rows name.
    /// The bounds of a service allow least where none of its workspaces is meant.
    fn named_places(&self, giver: &Person) -> BTreeSet<Place> {
        let ruled = self.organization.ruled_workspaces().map(|(id, _)| id);
        ruled.chain(giver.rows().iter().map(|row| row.workspace)).map(Place::Workspace).collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]

    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use super::*;
    use crate::access::Facts;
    use crate::change::{AddMember, Command, CreateOrganization};
    use crate::id::OrgId;
    use crate::organization::Seats;
    use crate::text::Name;

    /// `may_delegate` alone: commands ask about a newcomer besides.
    #[test]
    fn whoever_lets_roles_be_given_holds_all_of_each() {
        let text = r#"
            name = "notes"
            permissions = [
                { key = "org.run", scope = "organization", guards = ["manage_identity"] },
                { key = "money.spend", scope = "organization" },
                { key = "key.rotate", scope = "workspace" },
                { key = "note.read", scope = "resource" },
            ]
            roles = [
                { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
                { key = "manager", rank = 5, permissions = ["org.run", "note.read"], reach = "all" },
                { key = "payer", rank = 3, permissions = ["money.spend"] },
                { key = "porter", rank = 3, permissions = ["key.rotate"] },
                { key = "reader", rank = 3, permissions = ["note.read"] },
            ]
            plans = [{ key = "team", rank = 0, team_organizations = true }]
            [policy]
            roles_per_member = 2
        "#;
        let id = |n| UserId::from_u64(n).unwrap();
        let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(toml::from_str(text).unwrap()));
        let facts = Facts::at(Timestamp::from_millis(1_795_000_000_000));
        let (name, workspace) = (Name::new("Acme").unwrap(), WorkspaceId::from_u64(1).unwrap());
        let create = CreateOrganization { name, plan: "team".into(), seats: Seats::new(0), owned: 0, workspace };
        let add = AddMember { user: id(2), roles: ["manager".into()].into(), access: Vec::new() };
        for (actor, command) in [(Actor::User(id(1)), Command::from(create)), (Actor::System, add.into())] {
            let outcome = organization.handle(&command, &facts.by(actor)).unwrap();
            outcome.records.iter().for_each(|record| organization.apply(record));
        }
        let manager = Giver::of(&organization, Actor::User(id(2)), facts.now, Door::Domain).unwrap();
        let may = |roles: &[&str]| {
            let known = roles.iter().map(|key| organization.roles().find(key).unwrap());
            manager.may_delegate(known.collect()).map_err(|refusal| refusal.code())
        };
        assert_eq!(may(&["reader", "manager"]), Ok(()));
        for lacking in ["payer", "porter"] {
            assert_eq!(may(&[lacking]), Err("lacks_permission"));
            assert_eq!(may(&[lacking, "reader"]), Err("lacks_permission"));
            assert_eq!(may(&["reader", lacking]), Err("lacks_permission"));
        }
    }
}
