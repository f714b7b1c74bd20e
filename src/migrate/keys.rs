//! Keys and handles of the old catalog as keys and handles of the new one. A key that the old catalog did not know stays
//! one that nothing has, whatever the new one names by it.

use alloc::string::String;
use alloc::vec::Vec;

use super::Migration;
use crate::catalog::{
    CUSTOM_ROLE, GroupKey, Permission, PermissionKey, PermissionSet, PlanKey, Role, RoleKey, RoleSet,
};
use crate::limits::ROLES_MAX;
use crate::organization::{Override, RuleFor};

/// The key of nothing: no catalog can name anything by it.
const NOTHING: &str = "";

/// What a list of permissions is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Use {
    Giving,
    Taking,
}

impl Migration {
    /// A role, by handle. Custom roles are the organization's, and stay where they are.
    pub(super) fn role(&self, old: Role) -> Role {
        match usize::from(old.index()) {
            at if at >= ROLES_MAX => old,
            at => self.tables.roles.get(at).copied().unwrap_or(old),
        }
    }

    pub(super) fn role_set(&self, old: RoleSet) -> RoleSet {
        old.iter().map(|role| self.role(role)).collect()
    }

    /// A set of permissions, by handle.
    pub(super) fn permission_set(&self, old: PermissionSet, used: Use) -> PermissionSet {
        match used {
            Use::Giving => self.tables.lineage.given(old),
            Use::Taking => self.tables.lineage.touched(old),
        }
    }

    /// A role, by key.
    pub(super) fn role_key(&self, key: &RoleKey) -> Option<RoleKey> {
        if key.as_str().starts_with(CUSTOM_ROLE) {
            return Some(key.clone());
        }
        let becomes = self.role(self.old.role(key.as_str())?);
        self.new.role_def(becomes).map(|def| def.key.as_str().into())
    }

    /// Roles, by key, in their order; several that are one now stand there once.
    pub(super) fn role_keys(&self, keys: &[RoleKey]) -> Vec<RoleKey> {
        let mut found: Vec<(&RoleKey, RoleKey)> = Vec::with_capacity(keys.len());
        for key in keys {
            let becomes = self.role_key(key);
            let anew = |becomes: &RoleKey| !found.iter().any(|(from, there)| from != &key && there == becomes);
            if let Some(becomes) = becomes.filter(anew) {
                found.push((key, becomes));
            }
        }
        found.into_iter().map(|(_, becomes)| becomes).collect()
    }

    pub(super) fn group_key(&self, key: &GroupKey) -> GroupKey {
        let becomes = self.old.group(key.as_str()).and_then(|group| self.group(group));
        becomes.and_then(|group| self.new.group_def(group)).map_or(NOTHING, |def| def.key.as_str()).into()
    }

    pub(super) fn group(&self, old: crate::catalog::Group) -> Option<crate::catalog::Group> {
        self.tables.groups.get(usize::from(old.index())).copied().flatten()
    }

    pub(super) fn plan_key(&self, key: &PlanKey) -> PlanKey {
        let old = self.old.plan(key.as_str());
        let becomes = old.and_then(|plan| self.tables.plans.get(usize::from(plan.index())));
        becomes.and_then(|plan| self.new.plan_def(*plan)).map_or(NOTHING, |def| def.key.as_str()).into()
    }

    pub(super) fn provider_key(&self, key: &str) -> String {
        let old = self.old.provider(key);
        let becomes = old.and_then(|provider| self.tables.providers.get(usize::from(provider.index())));
        becomes.map_or(NOTHING, |provider| self.new.provider_key(*provider)).into()
    }

    /// Permissions of any scope, by key: in the order of what they were.
    pub(super) fn permission_keys(&self, keys: &[PermissionKey], used: Use) -> Vec<PermissionKey> {
        self.permission_keys_within(keys, used, PermissionSet::EMPTY)
    }

    /// What a share gives, by key: what could not be shared before is not shared now.
    pub(super) fn shared_keys(&self, keys: &[PermissionKey]) -> Vec<PermissionKey> {
        let all: PermissionSet = self.old.permissions().map(|(permission, _)| permission).collect();
        self.permission_keys_within(keys, Use::Giving, all - self.old.resource_scope())
    }

    /// Permissions in a workspace, by key. What the old catalog had at organization level never counted there.
    fn keys_below(&self, keys: &[PermissionKey], used: Use) -> Vec<PermissionKey> {
        self.permission_keys_within(keys, used, self.old.organization_scope())
    }

    fn permission_keys_within(&self, keys: &[PermissionKey], used: Use, but: PermissionSet) -> Vec<PermissionKey> {
        let known = |key: &PermissionKey| self.old.permission(key.as_str()).filter(|known| !but.contains(*known));
        let old: Vec<Permission> = keys.iter().filter_map(known).collect();
        let mut left = self.permission_set(old.iter().copied().collect(), used);
        let mut found = Vec::with_capacity(keys.len());
        for permission in old {
            let here = self.tables.lineage.targets(permission) & left;
            found.extend(here.iter().map(|target| self.new.permission_key(target).into()));
            left = left - here;
        }
        found
    }

    pub(super) fn changes(&self, changes: &Override) -> Override {
        Override {
            role: changes.role.as_ref().and_then(|role| self.role_key(role)),
            added: self.keys_below(&changes.added, Use::Giving),
            removed: self.keys_below(&changes.removed, Use::Taking),
            until: changes.until,
        }
    }

    pub(super) fn rule(&self, holder: &mut RuleFor, given: &mut Vec<PermissionKey>, taken: &mut Vec<PermissionKey>) {
        if let RuleFor::Group(group) = holder {
            *group = self.group_key(group);
        }
        *given = self.keys_below(given, Use::Giving);
        *taken = self.keys_below(taken, Use::Taking);
    }

    pub(super) fn nothing() -> &'static str {
        NOTHING
    }
}
