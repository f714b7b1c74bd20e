//! What a command names: looked up once, or refused with the near miss.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::Refusal;
use super::ends_later;
use crate::catalog::policy::OverrideMode;
use crate::catalog::{Group, GroupKey, PermissionKey, PermissionSet, Plan, PlanKey, Role, RoleKey, RoleSet};
use crate::document::nearest;
use crate::id::{UserId, WorkspaceId};
use crate::limits::{COMMAND_ITEMS_MAX, KEY_BYTES_MAX, ROWS_PER_PERSON_MAX};
use crate::organization::{AccessRow, Kind, Organization, Origin, Override, Person, Standing};
use crate::time::Timestamp;

impl Organization {
    /// A member or collaborator, or the refusal.
    pub(super) fn known(&self, user: UserId) -> Result<&Person, Refusal> {
        self.person(user).ok_or(Refusal::UnknownPerson)
    }

    /// A member, or the refusal.
    pub(super) fn known_member(&self, user: UserId) -> Result<&Person, Refusal> {
        let person = self.known(user)?;
        if person.is_member() { Ok(person) } else { Err(Refusal::NotAMember) }
    }

    /// The roles of a member behind keys: not too many, all known.
    pub(super) fn known_roles(&self, keys: &[RoleKey]) -> Result<RoleSet, Refusal> {
        let max = self.catalog.policy().roles_per_member;
        if keys.len() > usize::from(max) {
            return Err(Refusal::TooManyRoles { max });
        }
        keys.iter().map(|key| self.known_role(key)).collect()
    }

    pub(super) fn known_role(&self, key: &RoleKey) -> Result<Role, Refusal> {
        let roles = self.roles();
        roles.find(key.as_str()).ok_or_else(|| Refusal::UnknownRole {
            key: shown(key.as_str()),
            meant: near(key.as_str(), roles.all_keys()),
        })
    }

    pub(super) fn known_plan(&self, key: &PlanKey) -> Result<Plan, Refusal> {
        self.catalog.plan(key.as_str()).ok_or_else(|| Refusal::UnknownPlan {
            key: shown(key.as_str()),
            meant: near(key.as_str(), self.catalog.plans().map(|(_, def)| def.key.as_str())),
        })
    }

    pub(crate) fn known_group(&self, key: &GroupKey) -> Result<Group, Refusal> {
        self.catalog.group(key.as_str()).ok_or_else(|| Refusal::UnknownGroup {
            key: shown(key.as_str()),
            meant: near(key.as_str(), self.catalog.groups().map(|(_, def)| def.key.as_str())),
        })
    }

    /// Permissions of any scope.
    pub(crate) fn known_permissions(&self, keys: &[PermissionKey]) -> Result<PermissionSet, Refusal> {
        bounded_items(keys.len())?;
        let known = |key: &PermissionKey| {
            self.catalog.permission(key.as_str()).ok_or_else(|| Refusal::UnknownPermission {
                key: shown(key.as_str()),
                meant: near(key.as_str(), self.catalog.permissions().map(|(_, def)| def.key.as_str())),
            })
        };
        keys.iter().map(known).collect()
    }

    /// Permissions that can be changed in a workspace.
    pub(super) fn known_in_workspace(&self, keys: &[PermissionKey]) -> Result<(), Refusal> {
        bounded_items(keys.len())?;
        for key in keys {
            let permission = self.known_permissions(core::slice::from_ref(key))?;
            if !(permission & self.catalog.organization_scope()).is_empty() {
                return Err(Refusal::WrongScope { key: key.to_string() });
            }
        }
        Ok(())
    }

    /// Workspaces that exist.
    pub(super) fn known_workspaces(&self, workspaces: &[WorkspaceId]) -> Result<(), Refusal> {
        bounded_items(workspaces.len())?;
        let missing = workspaces.iter().any(|id| self.workspace(*id).is_none());
        if missing { Err(Refusal::UnknownWorkspace) } else { Ok(()) }
    }

    /// Whether an override says something that exists, and that the policy allows for this person.
    pub(super) fn fits(&self, changes: &Override, standing: Standing, now: Timestamp) -> Result<(), Refusal> {
        if let Some(key) = &changes.role {
            let role = self.known_role(key)?;
            if role == self.catalog.owner_role() {
                return Err(Refusal::NotAssignable { role, key: key.to_string() }); // one owns all of it or nothing
            }
        }
        self.known_in_workspace(&changes.added)?;
        self.known_in_workspace(&changes.removed)?;
        if let Standing::Member(roles) = standing {
            let firm = roles.iter().any(|role| !self.roles().table(role).reducible);
            let allowed = match self.catalog.policy().overrides {
                OverrideMode::Replace => true,
                OverrideMode::Expand => changes.removed.is_empty(),
                OverrideMode::Reduce => changes.added.is_empty(),
                OverrideMode::Off => changes.is_plain(),
            };
            if !allowed || (firm && (changes.role.is_some() || !changes.removed.is_empty())) {
                return Err(Refusal::OverrideNotAllowed);
            }
        }
        ends_later(changes.until, now)
    }

    /// Overrides for workspaces that exist, few enough for one event, each allowed.
    pub(super) fn all_fit(
        &self,
        access: &[(WorkspaceId, Override)],
        standing: Standing,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        for (workspace, changes) in access {
            self.workspace(*workspace).ok_or(Refusal::UnknownWorkspace)?;
            self.fits(changes, standing, now)?;
        }
        Ok(())
    }

    /// The person with rows from overrides: what authority is asked about before there is an event.
    pub(super) fn with_rows(
        &self,
        mut person: Person,
        access: &[(WorkspaceId, Override)],
        origin: Origin,
    ) -> Result<Person, Refusal> {
        for (workspace, changes) in access {
            person.set_row(self.row(*workspace, changes, origin));
        }
        if person.rows().len() > ROWS_PER_PERSON_MAX {
            return Err(Refusal::TooManyItems { max: ROWS_PER_PERSON_MAX });
        }
        Ok(person)
    }

    /// What a row says, as commands and events say it.
    pub(in crate::change) fn written(&self, row: &AccessRow) -> Override {
        let keys = |set: PermissionSet| -> Vec<PermissionKey> {
            set.iter().map(|permission| self.catalog.permission_key(permission).into()).collect()
        };
        Override {
            role: row.role.map(|role| RoleKey::from(self.role_key(role))),
            added: keys(row.added),
            removed: keys(row.removed),
            until: row.until,
        }
    }

    /// Whether it is somebody's personal organization, for nobody else to come into.
    pub(super) fn is_for_one(&self) -> bool {
        let invitable = self.catalog.policy().personal.as_ref().is_some_and(|policy| policy.invitable);
        self.is_personal() && !invitable
    }

    pub(super) fn is_personal(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.kind == Kind::Personal)
    }
}

/// Few enough items for one event.
pub(super) fn bounded_items(items: usize) -> Result<(), Refusal> {
    if items > COMMAND_ITEMS_MAX { Err(Refusal::TooManyItems { max: COMMAND_ITEMS_MAX }) } else { Ok(()) }
}

/// Few enough items for one event, over all overrides.
pub(super) fn bounded(access: &[(WorkspaceId, Override)]) -> Result<(), Refusal> {
    let of = |changes: &Override| changes.added.len().saturating_add(changes.removed.len()).saturating_add(1);
    bounded_items(access.iter().fold(0_usize, |items, (_, changes)| items.saturating_add(of(changes))))
}

/// Short enough.
pub(super) fn short_enough(text: &str, max: usize) -> Result<(), Refusal> {
    if text.len() > max { Err(Refusal::TooLong { max }) } else { Ok(()) }
}

/// The name that was probably meant. What is longer than a key can be was not meant to be one.
pub(super) fn near<'n>(written: &str, known: impl Iterator<Item = &'n str>) -> Option<String> {
    if written.len() > KEY_BYTES_MAX {
        return None;
    }
    nearest(written, known).map(ToString::to_string)
}

/// What was written, as far as a key could be.
pub(super) fn shown(written: &str) -> String {
    written.chars().take(KEY_BYTES_MAX).collect()
}
