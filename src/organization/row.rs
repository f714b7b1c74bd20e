//! Access rows: what one person was given in one workspace.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Origin;
use crate::catalog::{PermissionKey, PermissionSet, Role, RoleKey};
use crate::id::WorkspaceId;
use crate::time::Timestamp;

/// What one person's row in one workspace changes, as commands and events say it.
///
/// An override that changes nothing is a plain assignment: the member's own roles, in this workspace too.
///
/// # Examples
/// ```
/// use bailiwick::{Override, Timestamp};
///
/// let plain = Override::none();
/// let lead = Override::role("developer").adding("workspace.access.change").removing("operation.run");
/// let for_a_while = lead.until(Timestamp::from_millis(1_800_000_000_000));
/// assert_ne!(plain, for_a_while);
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Another role instead of the inherited ones; a collaborator's only role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<RoleKey>,
    /// Permissions added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<PermissionKey>,
    /// Permissions removed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<PermissionKey>,
    /// When it ends; at that very instant it no longer counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
}

impl Override {
    /// Changes nothing: the row only assigns the workspace.
    #[must_use]
    pub const fn none() -> Self {
        Self { role: None, added: Vec::new(), removed: Vec::new(), until: None }
    }

    /// Another role instead.
    #[must_use]
    pub fn role(role: impl Into<RoleKey>) -> Self {
        Self { role: Some(role.into()), ..Self::none() }
    }

    /// A permission more.
    #[must_use]
    pub fn adding(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.added.push(permission.into());
        self
    }

    /// A permission less.
    #[must_use]
    pub fn removing(mut self, permission: impl Into<PermissionKey>) -> Self {
        self.removed.push(permission.into());
        self
    }

    /// Ends at an instant.
    #[must_use]
    pub const fn until(mut self, end: Timestamp) -> Self {
        self.until = Some(end);
        self
    }

    /// Whether it is a plain assignment.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.role.is_none() && self.added.is_empty() && self.removed.is_empty()
    }
}

/// What one person was given in one workspace, as a check reads it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AccessRow {
    /// Which workspace.
    pub workspace: WorkspaceId,
    /// Another role instead of the inherited ones.
    pub role: Option<Role>,
    /// Permissions added.
    pub added: PermissionSet,
    /// Permissions removed.
    pub removed: PermissionSet,
    /// When it ends; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
    /// Which event wrote it.
    pub origin: Origin,
}

impl AccessRow {
    /// Whether the row still counts.
    #[inline]
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }

    /// Whether the row gives something by itself, to somebody without roles.
    #[must_use]
    pub fn gives(&self) -> bool {
        self.role.is_some() || !self.added.is_empty()
    }
}
