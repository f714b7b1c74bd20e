//! Widening: what the new catalog gives to the holders of a role or permission beyond what they had, whoever they are.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Migration;
use crate::catalog::{GroupKey, PermissionKey, Reach, Role, RoleKey};

/// One way in which whoever had a role, or a permission, comes to be able to do more.
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
}

/// What a role or permission does beyond what another one did.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum More {
    /// It holds these.
    Permissions(Vec<PermissionKey>),
    /// It carries into more workspaces.
    Reach,
    /// It sees what is not shared with its holders.
    Sight,
    /// Overrides cannot reduce it any more.
    NotReducible,
    /// Its holders do not stand below those of this role of the old catalog any more, or stand above them now.
    Rank(RoleKey),
    /// Its holders are in a system group, with all that is shared to it, in which they were not.
    Group(GroupKey),
    /// The permission asks for less: no second factor any more, or an authentication that may be older or none.
    AsksLess,
    /// The permission is open where it was closed: while the organization is archived, suspended or past due.
    OpenLonger,
}

impl fmt::Display for Widening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.of {
            Of::Role { was, .. } => write!(f, "whoever was `{was}` ")?,
            Of::Permission { was, .. } => write!(f, "whoever held `{was}` ")?,
        }
        match &self.more {
            More::Permissions(permissions) => {
                let keys: Vec<String> = permissions.iter().map(|key| alloc::format!("{key:?}")).collect();
                write!(f, "also holds {}", keys.join(", "))
            }
            More::Reach => f.write_str("reaches more workspaces"),
            More::Sight => f.write_str("sees what is not shared with them"),
            More::NotReducible => f.write_str("cannot be reduced by overrides any more"),
            More::Rank(other) => write!(f, "rises against `{other}`"),
            More::Group(group) => write!(f, "comes into the group `{group}`"),
            More::AsksLess => f.write_str("is asked for less"),
            More::OpenLonger => f.write_str("can use it where it was closed"),
        }
    }
}

impl Migration {
    /// What the new catalog gives beyond what there was, role by role and then permission by permission: known before any
    /// organization is looked at. Groups, and what a permission asks for, are told here only.
    ///
    /// # Examples
    /// See [`between`](Self::between).
    #[must_use]
    pub fn widenings(&self) -> Vec<Widening> {
        let mut found = self.widenings_of_roles();
        found.extend(self.widenings_of_permissions());
        found
    }

    /// Permissions that are easier to use than what they were.
    fn widenings_of_permissions(&self) -> Vec<Widening> {
        let mut found = Vec::new();
        for (old, was) in self.old.permissions() {
            for new in self.tables.lineage.targets(old).iter() {
                let Some(is) = self.new.permission_def(new) else { continue };
                let older = match (was.recent_authentication, is.recent_authentication) {
                    (Some(before), Some(now)) => now > before,
                    (before, now) => before.is_some() && now.is_none(),
                };
                let asks_less = older || (was.second_factor && !is.second_factor);
                let open_longer =
                    (was.active_only && !is.active_only) || (is.open_while_suspended && !was.open_while_suspended);
                for (more, holds) in [(More::AsksLess, asks_less), (More::OpenLonger, open_longer)] {
                    if holds {
                        let of = Of::Permission { was: was.key.as_str().into(), is: is.key.as_str().into() };
                        found.push(Widening { of, more, declared: self.tables.declared.contains(new) });
                    }
                }
            }
        }
        found
    }

    fn widenings_of_roles(&self) -> Vec<Widening> {
        let mut found = Vec::new();
        for (role, def) in self.old.roles() {
            let becomes = self.role(role);
            let key = |role: Role| self.new.role_def(role).map_or("", |def| def.key.as_str());
            let mut note = |more: More, declared: bool| {
                let declared = declared || self.tables.widened.contains(role);
                let of = Of::Role { was: def.key.as_str().into(), is: key(becomes).into() };
                found.push(Widening { of, more, declared });
            };
            let gained = self.new.permissions_of(becomes) - self.tables.lineage.worth(self.old.permissions_of(role));
            for (set, declared) in [(gained & self.tables.declared, true), (gained - self.tables.declared, false)] {
                if !set.is_empty() {
                    let keys = set.iter().map(|permission| self.new.permission_key(permission).into());
                    note(More::Permissions(keys.collect()), declared);
                }
            }
            let (was, is) = (self.old.role_table(role), self.new.role_table(becomes));
            if width(is.reach) > width(was.reach) {
                note(More::Reach, false);
            }
            if is.sight > was.sight {
                note(More::Sight, false);
            }
            if was.reducible && !is.reducible {
                note(More::NotReducible, false);
            }
            for (other, other_def) in self.old.roles().filter(|(other, _)| *other != role) {
                let before = was.rank.cmp(&self.old.role_table(other).rank);
                let after = is.rank.cmp(&self.new.role_table(self.role(other)).rank);
                if after > before {
                    note(More::Rank(other_def.key.as_str().into()), false);
                }
            }
            for (group, _) in self.old.groups() {
                let Some(now) = self.group(group) else { continue };
                let was_in = self.old.roles_of_group(group).contains(role);
                if !was_in && self.new.roles_of_group(now).contains(becomes) {
                    let group = self.new.group_def(now).map_or("", |def| def.key.as_str());
                    note(More::Group(group.into()), false);
                }
            }
        }
        found
    }
}

const fn width(reach: Reach) -> u8 {
    match reach {
        Reach::None => 0,
        Reach::Assigned => 1,
        Reach::All => 2,
    }
}
