//! Widening: what the new catalog gives to the holders of a role beyond what they had, whoever they are.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::Migration;
use crate::catalog::{GroupKey, PermissionKey, Reach, Role, RoleKey};

/// One way in which whoever had a role comes to be able to do more.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Widening {
    /// The role that there was.
    pub role: RoleKey,
    /// What its holders have instead; the same, where nothing was said of it.
    pub becomes: RoleKey,
    /// What is more.
    pub more: More,
    /// Whether the migration says that it is meant.
    pub declared: bool,
}

/// What a role does beyond what another one did.
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
}

impl fmt::Display for Widening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "whoever was `{}` ", self.role)?;
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
        }
    }
}

impl Migration {
    /// What the new catalog gives to the holders of roles beyond what they had, role by role: known before any
    /// organization is looked at. Sight and groups, which decide about what is shared, are told here only.
    ///
    /// # Examples
    /// See [`between`](Self::between).
    #[must_use]
    pub fn widenings(&self) -> Vec<Widening> {
        let mut found = Vec::new();
        for (role, def) in self.old.roles() {
            let becomes = self.role(role);
            let key = |role: Role| self.new.role_def(role).map_or("", |def| def.key.as_str());
            let mut note = |more: More, declared: bool| {
                let declared = declared || self.tables.widened.contains(role);
                let (role, becomes) = (def.key.as_str().into(), key(becomes).into());
                found.push(Widening { role, becomes, more, declared });
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
