//! Custom roles: what one organization has added to the roles of the catalog, and the view in which both are one list.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Organization, Origin};
use crate::catalog::{Catalog, PermissionSet, Reach, Role, RoleKey, RoleSet, RoleTable};
use crate::limits::{CUSTOM_ROLES_MAX, ROLES_MAX};
use crate::text::Name;

/// A role of one organization. It is *like* a role of the catalog: rank, sight, whether overrides can reduce it and
/// whether it uses credits are that role's, and its holders are in that role's system groups. Its permissions and its
/// reach are its own. It takes a seat, unless that role is free and this one holds nothing more.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomRole {
    pub(crate) key: RoleKey,
    pub(crate) title: Name,
    pub(crate) like: Role,
    pub(crate) table: RoleTable,
    pub(crate) origin: Origin,
}

impl CustomRole {
    /// The role that permissions and a reach make of a role of the catalog.
    pub(crate) fn new(
        catalog: &Catalog,
        (key, title): (RoleKey, Name),
        like: Role,
        permissions: PermissionSet,
        reach: Reach,
        origin: Origin,
    ) -> Self {
        let model = catalog.role_table(like);
        let beyond = permissions - catalog.permissions_of(like);
        let organization = permissions & catalog.organization_scope();
        let table = RoleTable {
            organization,
            workspace: permissions - organization,
            reach,
            owner: false,
            exactly_one: false,
            billable: model.billable || !beyond.is_empty(),
            ..model.clone()
        };
        Self { key, title, like, table, origin }
    }

    /// The key; begins with [`CUSTOM_ROLE`](crate::catalog::CUSTOM_ROLE).
    #[must_use]
    pub const fn key(&self) -> &RoleKey {
        &self.key
    }

    /// What people call it.
    #[must_use]
    pub const fn title(&self) -> &Name {
        &self.title
    }

    /// The role of the catalog that it is like.
    #[must_use]
    pub const fn like(&self) -> Role {
        self.like
    }

    /// Everything that it holds.
    #[must_use]
    pub fn permissions(&self) -> PermissionSet {
        self.table.organization | self.table.workspace
    }

    /// Into which workspaces it carries.
    #[must_use]
    pub const fn reach(&self) -> Reach {
        self.table.reach
    }

    /// Which event last changed it.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }
}

/// Custom roles by position; a deleted one leaves its place to the next.
pub(crate) type CustomRoles = Vec<Option<CustomRole>>;

/// The roles of a catalog and of an organization as one list.
#[derive(Clone, Copy)]
pub(crate) struct Roles<'r> {
    pub(crate) catalog: &'r Catalog,
    custom: &'r [Option<CustomRole>],
}

impl<'r> Roles<'r> {
    pub(crate) const fn new(catalog: &'r Catalog, custom: &'r [Option<CustomRole>]) -> Self {
        Self { catalog, custom }
    }

    /// What a check needs to know of a role.
    #[inline]
    pub(crate) fn table(self, role: Role) -> &'r RoleTable {
        match self.custom(role) {
            Some(custom) => &custom.table,
            None => self.catalog.role_table(role),
        }
    }

    /// The custom role behind a handle.
    #[inline]
    pub(crate) fn custom(self, role: Role) -> Option<&'r CustomRole> {
        let at = usize::from(role.index()).checked_sub(ROLES_MAX)?;
        self.custom.get(at)?.as_ref()
    }

    /// The roles as the catalog knows them: custom ones as the role that they are like. What groups are made of.
    #[inline]
    pub(crate) fn defined(self, roles: RoleSet) -> RoleSet {
        if self.custom.is_empty() {
            return roles;
        }
        roles.iter().map(|role| self.custom(role).map_or(role, |custom| custom.like)).collect()
    }

    /// Looks a role up by key.
    pub(crate) fn find(self, key: &str) -> Option<Role> {
        self.catalog.role(key).or_else(|| {
            let is = |custom: &Option<CustomRole>| custom.as_ref().is_some_and(|custom| custom.key.as_str() == key);
            position(self.custom.iter().position(is)?)
        })
    }

    /// The key of a role; empty for one that there is not.
    pub(crate) fn key(self, role: Role) -> &'r str {
        match self.custom(role) {
            Some(custom) => custom.key.as_str(),
            None => self.catalog.role_def(role).map_or("", |def| def.key.as_str()),
        }
    }

    pub(crate) fn keys(self, roles: RoleSet) -> Vec<RoleKey> {
        roles.iter().map(|role| self.key(role).into()).collect()
    }

    /// Every key, for suggestions.
    pub(crate) fn all_keys(self) -> impl Iterator<Item = &'r str> {
        let custom = self.custom.iter().flatten().map(|custom| custom.key.as_str());
        self.catalog.roles().map(|(_, def)| def.key.as_str()).chain(custom)
    }

    /// Custom roles with their handles.
    pub(crate) fn customs(self) -> impl Iterator<Item = (Role, &'r CustomRole)> {
        self.custom.iter().enumerate().filter_map(|(at, custom)| Some((position(at)?, custom.as_ref()?)))
    }
}

/// The handle of a place among the custom roles.
fn position(at: usize) -> Option<Role> {
    u8::try_from(at.checked_add(ROLES_MAX)?).ok().map(Role::from_index)
}

impl Organization {
    /// Looks a role up by key: one of the catalog, or one of its own.
    #[must_use]
    pub fn role(&self, key: &str) -> Option<Role> {
        self.roles().find(key)
    }

    /// The key of a role; empty for one that there is not.
    #[must_use]
    pub fn role_key(&self, role: Role) -> &str {
        self.roles().key(role)
    }

    /// Everything that a role holds, of every scope.
    #[must_use]
    pub fn permissions_of(&self, role: Role) -> PermissionSet {
        let table = self.roles().table(role);
        table.organization | table.workspace
    }

    /// Its own roles, besides those of the catalog.
    pub fn custom_roles(&self) -> impl Iterator<Item = (Role, &CustomRole)> {
        self.roles().customs()
    }

    /// One of its own roles.
    #[must_use]
    pub fn custom_role(&self, role: Role) -> Option<&CustomRole> {
        self.roles().custom(role)
    }

    pub(crate) fn roles(&self) -> Roles<'_> {
        Roles::new(&self.catalog, &self.custom_roles)
    }

    /// The custom roles, with one of them new or different.
    pub(crate) fn with_role(&self, role: CustomRole) -> CustomRoles {
        let mut roles = self.custom_roles.clone();
        let same = |slot: &Option<CustomRole>| slot.as_ref().is_some_and(|there| there.key == role.key);
        let at = roles.iter().position(same).or_else(|| roles.iter().position(Option::is_none));
        match at {
            Some(at) => roles.iter_mut().skip(at).take(1).for_each(|slot| *slot = Some(role.clone())),
            None if roles.len() < CUSTOM_ROLES_MAX => roles.push(Some(role)),
            None => {} // refused before
        }
        roles
    }

    /// The handles of role keys; one that there is not gives nothing.
    pub(crate) fn role_set(&self, keys: &[RoleKey]) -> RoleSet {
        keys.iter().filter_map(|key| self.role(key.as_str())).collect()
    }

    pub(crate) fn drop_role(&mut self, role: Role) {
        let at = usize::from(role.index()).checked_sub(ROLES_MAX);
        if let Some(slot) = at.and_then(|at| self.custom_roles.get_mut(at)) {
            *slot = None;
        }
        while self.custom_roles.last().is_some_and(Option::is_none) {
            self.custom_roles.pop();
        }
    }

    /// The titles in use, for people.
    #[must_use]
    pub fn role_title(&self, role: Role) -> String {
        match self.custom_role(role) {
            Some(custom) => custom.title.as_str().into(),
            None => self.catalog.role_def(role).map_or("", |def| def.display_title()).into(),
        }
    }
}
