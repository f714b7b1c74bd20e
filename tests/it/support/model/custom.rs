//! Custom roles.

use bailiwick::catalog::{Action, CUSTOM_ROLE, PermissionKey, Reach, RoleKey, limit};
use bailiwick::change::{ChangeRole, CreateRole, DeleteRole};
use bailiwick::limits::{COMMAND_ITEMS_MAX, CUSTOM_ROLES_MAX};
use bailiwick::{Actor, Name};

use super::giving::Giver;
use super::{Answer, Asked, Custom, Keys, Model, Person};

impl Model {
    pub(super) fn create_role(&mut self, asked: &Asked<'_>, c: &CreateRole) -> Answer {
        self.guarded(asked, Action::ManageRoles, None)?;
        let key = c.role.as_str();
        if key.strip_prefix(CUSTOM_ROLE).is_none_or(str::is_empty) {
            return Err("bad_key");
        }
        if self.role(key).is_ok() {
            return Err("already_exists");
        }
        let before = self.clone();
        let placeholder =
            Custom { title: String::new(), like: String::new(), reach: c.reach, permissions: Keys::new() };
        self.custom.insert(key.to_owned(), placeholder);
        self.room_for(&before, limit::CUSTOM_ROLES, asked.now())?;
        if self.custom.len() > CUSTOM_ROLES_MAX {
            return Err("too_many_items");
        }
        *self = before.clone();
        let custom = self.custom_role(&c.title, &c.like, c.reach, &c.permissions)?;
        self.custom.insert(key.to_owned(), custom);
        before.may_set_role(self, asked, key)
    }

    fn custom_role(&self, title: &Name, like: &RoleKey, reach: Reach, keys: &[PermissionKey]) -> Answer<Custom> {
        if keys.len() > COMMAND_ITEMS_MAX {
            return Err("too_many_items");
        }
        let model = self.catalog_role(like.as_str()).ok_or("unknown_role")?;
        if model.owner {
            return Err("not_assignable");
        }
        let permissions = self.permissions(keys)?;
        Ok(Custom { title: title.to_string(), like: model.key, reach, permissions })
    }

    /// Whether the actor may make the role what it is afterwards: as a role that one gives, with everything in it held in
    /// the whole organization.
    fn may_set_role(&self, after: &Self, asked: &Asked<'_>, key: &str) -> Answer {
        let giver = Giver::of(asked);
        if asked.is_platform() {
            return Ok(());
        }
        self.may_delegate(&giver, &[after.role(key)?])?;
        let mut with_holder = after.clone();
        let roles = Some(Keys::from([key.to_owned()]));
        with_holder.people.insert(self.nobody(), Person { roles, ..Person::default() });
        self.may_make(&with_holder, &giver, self.nobody(), None)
    }

    pub(super) fn change_role(&mut self, asked: &Asked<'_>, c: &ChangeRole) -> Answer {
        self.guarded(asked, Action::ManageRoles, None)?;
        let key = c.role.as_str();
        if !self.custom.contains_key(key) {
            return Err("unknown_role");
        }
        self.not_ones_own(asked, key)?;
        let custom = self.custom_role(&c.title, &c.like, c.reach, &c.permissions)?;
        let before = self.clone();
        self.custom.insert(key.to_owned(), custom);
        before.may_set_role(self, asked, key)?;
        before.may_remake(self, asked, key)?;
        self.seats_of_role(&before, asked)
    }

    /// Room for everybody who takes a seat with the role as it is now, those whom open invitations promise it included.
    fn seats_of_role(&self, before: &Self, asked: &Asked<'_>) -> Answer {
        let now = asked.now();
        let (held, holds) = (before.seats_reserved(now, None), self.seats_reserved(now, None));
        let full = self.seats_limit(now).is_some_and(|limit| self.seats_taken() + holds > limit);
        if holds > held && full { Err("seat_limit") } else { self.seat_gate(before, now, None) }
    }

    fn not_ones_own(&self, asked: &Asked<'_>, key: &str) -> Answer {
        let mut holders = self.people.iter().filter(|(_, person)| person.names_role(key));
        holders.try_for_each(|(user, _)| self.not_oneself(asked, *user))
    }

    /// Authority for everybody who has a role.
    fn may_remake(&self, after: &Self, asked: &Asked<'_>, key: &str) -> Answer {
        let giver = Giver::of(asked);
        for (user, person) in self.people.iter().filter(|(_, person)| person.names_role(key)) {
            let mut rows = person.rows.iter().filter(|(_, row)| row.role.as_deref() == Some(key));
            rows.try_for_each(|(place, _)| self.may_touch(&giver, *user, Some(*place)))?;
            self.may_make(after, &giver, *user, None)?;
        }
        Ok(())
    }

    pub(super) fn delete_role(&mut self, asked: &Asked<'_>, c: &DeleteRole) -> Answer {
        self.guarded(asked, Action::ManageRoles, None)?;
        let key = c.role.as_str();
        if !self.custom.contains_key(key) {
            return Err("unknown_role");
        }
        self.not_ones_own(asked, key)?;
        if c.instead.is_none() && self.is_in_use(key, asked) {
            return Err("role_in_use");
        }
        let instead = c.instead.as_ref().map(|instead| self.role(instead.as_str())).transpose()?;
        if instead.as_ref().is_some_and(|instead| instead.key == key) {
            return Err("unknown_role");
        }
        if instead.as_ref().is_some_and(|instead| instead.owner) {
            return Err("not_assignable");
        }
        let before = self.clone();
        self.replace_role(key, instead.as_ref().map(|role| role.key.as_str()), asked.actor);
        self.custom.remove(key);
        if let Some(instead) = &instead {
            before.may_delegate(&Giver::of(asked), std::slice::from_ref(instead))?;
        }
        before.may_remake(self, asked, key)?;
        self.seats_of_role(&before, asked)
    }

    fn is_in_use(&self, key: &str, asked: &Asked<'_>) -> bool {
        let promised = |access: &super::people::Access| access.values().any(|row| row.role.as_deref() == Some(key));
        let mut open = self.invitations.values().filter(|sent| sent.is_open(asked.now()));
        self.people.values().any(|person| person.names_role(key))
            || open.any(|sent| sent.roles.contains(key) || promised(&sent.access))
            || self.domains.values().any(|rule| rule.roles.contains(key))
            || self.profile.as_ref().and_then(|profile| profile.directory.as_ref()).is_some_and(|d| d.contains(key))
    }

    /// Another role, or none, in place of one, wherever it is named.
    fn replace_role(&mut self, key: &str, instead: Option<&str>, by: Actor) {
        let swap = |roles: &mut Keys| {
            if roles.remove(key) {
                roles.extend(instead.map(ToOwned::to_owned));
            }
        };
        let swap_rows = |access: &mut super::people::Access| {
            for row in access.values_mut().filter(|row| row.role.as_deref() == Some(key)) {
                (row.role, row.given_by) = (instead.map(ToOwned::to_owned), by);
            }
        };
        for person in self.people.values_mut() {
            person.roles.iter_mut().for_each(swap);
            swap_rows(&mut person.rows);
        }
        for sent in self.invitations.values_mut() {
            swap(&mut sent.roles);
            swap_rows(&mut sent.access);
        }
        self.domains.values_mut().for_each(|rule| swap(&mut rule.roles));
        self.profile_mut().directory.iter_mut().for_each(swap);
    }
}

impl Person {
    /// Whether the role is among the roles, or in a row.
    fn names_role(&self, key: &str) -> bool {
        self.has_role(key) || self.rows.values().any(|row| row.role.as_deref() == Some(key))
    }
}
