//! Custom roles: what changes for everybody.

use crate::catalog::{RoleKey, RoleSet};
use crate::organization::{Indexed, InvitationState, Organization, Origin, Roles, Tally};

impl Organization {
    /// A custom role goes, and another one takes its place wherever it was named.
    pub(super) fn replace_role(&mut self, key: &RoleKey, instead: Option<&RoleKey>, origin: Origin) {
        let Some(role) = self.role(key.as_str()) else { return };
        let other = instead.and_then(|key| self.role(key.as_str()));
        let replaced = |roles: RoleSet| match roles.contains(role) {
            true => roles.without(role).iter().chain(other).collect(),
            false => roles,
        };
        for (user, person) in &mut self.people {
            if person.has_role(role) {
                let before = Indexed::of(person);
                person.replace_role(role, other, origin);
                person.changed = origin;
                self.index.person(*user, &before, Some(person));
            }
        }
        for rule in self.domains.values_mut() {
            rule.roles = replaced(rule.roles);
        }
        if let Some(profile) = self.profile.as_mut() {
            profile.provisioned_roles = profile.provisioned_roles.map(replaced);
        }
        for invitation in self.invitations.values_mut().filter(|i| i.state == InvitationState::Open) {
            invitation.replace_role(key, instead);
        }
        self.drop_role(role);
        self.recount();
    }

    /// Counts heads anew: what a role says of them may have changed.
    pub(crate) fn recount(&mut self) {
        let roles = Roles::new(&self.catalog, &self.custom_roles);
        let mut tally = Tally::default();
        self.people.values().for_each(|person| tally.add(Tally::of(roles, person)));
        self.tally = tally;
    }
}
