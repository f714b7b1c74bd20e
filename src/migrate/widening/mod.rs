//! Widening: what the new catalog gives beyond what there was, whoever is concerned.
//!
//! One file for each kind of thing that can give more: [`roles`], [`permissions`], [`plans`], [`options`]; what hangs on one
//! organization is in [`here`].

mod here;
mod options;
mod permissions;
mod plans;
mod roles;

pub(super) use options::OPTIONS;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Migration;
use crate::catalog::{Action, GroupKey, PermissionKey, PermissionSet, PlanKey, RoleKey};

/// One way in which whoever had a role, a permission or a plan comes to be able to do more, or in which authority comes to be
/// bounded less.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Widening {
    /// Who had what.
    pub of: Of,
    /// What is more.
    pub more: More,
    /// Whether the migration says that it is meant.
    pub declared: bool,
}

/// Of what something is more.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Of {
    /// Of a role.
    Role {
        /// The one that there was.
        was: RoleKey,
        /// What its holders have instead; the same, where nothing was said of it.
        is: RoleKey,
    },
    /// Of a permission.
    Permission {
        /// The one that there was.
        was: PermissionKey,
        /// What its holders hold instead; the same, where nothing was said of it.
        is: PermissionKey,
    },
    /// Of a plan.
    Plan {
        /// The one that there was.
        was: PlanKey,
        /// What its organizations are on instead; the same, where nothing was said of it.
        is: PlanKey,
    },
    /// Of an option of the policy, by its path in the file form.
    Policy(&'static str),
}

/// What is beyond what was.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum More {
    /// The role holds these.
    Permissions(Vec<PermissionKey>),
    /// The role carries into more workspaces.
    Reach,
    /// The role sees what is not shared with its holders.
    Sight,
    /// Overrides cannot reduce the role any more.
    NotReducible,
    /// The role's holders do not stand below those of this role of the old catalog any more, or stand above them now.
    Rank(RoleKey),
    /// The role's holders may give this role of the old catalog, by who may assign it.
    Gives(RoleKey),
    /// The role's holders are in a system group, with all that is shared to it, in which they were not.
    Group(GroupKey),
    /// The role's holders are not in a system group any more from which something is taken.
    LeavesGroup(GroupKey),
    /// The permission is held at organization level, beyond reach and overrides.
    Scope,
    /// The permission is what an action of the crate needs, and holding it was not enough.
    Guards(Action),
    /// Less is asked for: no second factor any more, an authentication that may be older or none, no identity provider.
    AsksLess,
    /// The plan requires another identity provider than before, or has one where organizations chose their own.
    OtherProvider,
    /// The permission is open where it was closed: while the organization is archived, suspended or past due.
    OpenLonger,
    /// The plan opens these: it has a feature that they need, or they need none any more.
    Unlocks(Vec<PermissionKey>),
    /// The option bounds authority less than it did.
    BoundsLess,
}

impl Widening {
    const fn new(of: Of, more: More, declared: bool) -> Self {
        Self { of, more, declared }
    }
}

impl fmt::Display for Widening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Of::Role { was, .. } => write!(f, "whoever was `{was}` ")?,
            Of::Permission { was, .. } => write!(f, "whoever held `{was}` ")?,
            Of::Plan { was, .. } => write!(f, "whoever is on plan `{was}` ")?,
            Of::Policy(path) => write!(f, "`{path}` ")?,
        }
        match &self.more {
            More::Permissions(permissions) => write!(f, "also holds {}", listed(permissions)),
            More::Reach => f.write_str("reaches more workspaces"),
            More::Sight => f.write_str("sees what is not shared with them"),
            More::NotReducible => f.write_str("cannot be reduced by overrides any more"),
            More::Rank(other) => write!(f, "rises against `{other}`"),
            More::Gives(other) => write!(f, "can also give `{other}`"),
            More::Group(group) => write!(f, "comes into the group `{group}`"),
            More::LeavesGroup(group) => write!(f, "leaves the group `{group}`, from which something is taken"),
            More::Scope => f.write_str("holds it in the whole organization"),
            More::Guards(action) => write!(f, "also comes to do what it guards: `{}`", action.as_str()),
            More::AsksLess => f.write_str("is asked for less"),
            More::OtherProvider => f.write_str("signs in through another provider"),
            More::OpenLonger => f.write_str("can use it where it was closed"),
            More::Unlocks(permissions) => write!(f, "also has {} open", listed(permissions)),
            More::BoundsLess => f.write_str("bounds authority less"),
        }
    }
}

pub(super) fn listed(permissions: &[PermissionKey]) -> String {
    let keys: Vec<String> = permissions.iter().map(|key| alloc::format!("{key:?}")).collect();
    keys.join(", ")
}

impl Migration {
    /// What the new catalog gives beyond what there was: of roles, of permissions, of plans, of options. Known before any
    /// organization is looked at. What decides about shares (sight, groups), what a permission asks for and what bounds
    /// authority is told here only.
    ///
    /// # Examples
    /// See [`between`](Self::between).
    #[must_use]
    pub fn widenings(&self) -> Vec<Widening> {
        let mut found = self.widenings_of_roles();
        found.extend(self.widenings_of_permissions());
        found.extend(self.widenings_of_plans());
        found.extend(self.widenings_of_options());
        found
    }

    /// The keys of what is more, those that are declared apart from those that are not.
    fn by_declaration(&self, more: PermissionSet, declared: PermissionSet) -> Vec<(Vec<PermissionKey>, bool)> {
        let apart = [(more & declared, true), (more - declared, false)];
        let keys =
            |set: PermissionSet| set.iter().map(|permission| self.new.permission_key(permission).into()).collect();
        apart.into_iter().filter(|(set, _)| !set.is_empty()).map(|(set, declared)| (keys(set), declared)).collect()
    }
}
