//! The giver: gives what it holds, touches whom it may.

mod holds;
mod ranks;

use super::held::{Held, Place, covers, rank};
use crate::actor::Actor;
use crate::catalog::{Catalog, PermissionSet, Role, RoleSet, Sight};
use crate::change::Refusal;
use crate::change::door::Door;
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

    fn catalog(&self) -> &'o Catalog {
        self.organization.catalog()
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
