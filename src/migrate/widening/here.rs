//! What gives more in one organization, to people who are still to come as well: by its rules and by its own roles.

use alloc::vec::Vec;

use super::{More, Widening};
use crate::catalog::{Action, Group, PermissionSet};
use crate::migrate::Migration;
use crate::organization::{Organization, Rule, RuleHolder};
use crate::time::Timestamp;

impl Migration {
    pub(in crate::migrate) fn widenings_in(&self, organization: &Organization, now: Timestamp) -> Vec<Widening> {
        let taking = organization.workspaces().flat_map(|(_, place)| place.rules());
        let taking = taking.filter(|rule| rule.is_current(now) && !rule.taken.is_empty()).filter_map(group_of);
        let mut groups: Vec<Group> = taking.collect();
        groups.sort_unstable();
        groups.dedup();
        let mut found: Vec<Widening> = groups.into_iter().flat_map(|group| self.leaving(group)).collect();
        let custom = organization.custom_roles().map(|(_, role)| role.permissions());
        let custom: Vec<PermissionSet> = custom.collect();
        found.extend(Action::ALL.iter().filter_map(|action| self.more_guarded(*action, &custom, false)));
        found
    }

    /// The roles whose holders are in a group no more.
    fn leaving(&self, group: Group) -> impl Iterator<Item = Widening> + '_ {
        let stay = self.group(group).map(|becomes| self.new.roles_of_group(becomes)).unwrap_or_default();
        let key = self.old.group_def(group).map_or("", |def| def.key.as_str());
        let left = self.old.roles().filter(move |(role, _)| {
            self.old.roles_of_group(group).contains(*role) && !stay.contains(self.role(*role))
        });
        left.map(move |(role, def)| {
            let declared = self.tables.widened.contains(role);
            Widening::new(self.of_role(role, def), More::LeavesGroup(key.into()), declared)
        })
    }
}

const fn group_of(rule: &Rule) -> Option<Group> {
    match rule.holder {
        RuleHolder::Group(group) => Some(group),
        RuleHolder::Team(_) => None,
    }
}
