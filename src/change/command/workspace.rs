//! Workspaces.

use serde::{Deserialize, Serialize};

use crate::id::WorkspaceId;
use crate::text::Name;

/// Makes a workspace.
///
/// # Errors
/// `no_workspaces`, `already_exists`, `limit_reached`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkspace {
    /// The id to make it under.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: Name,
}

/// Gives a workspace another name.
///
/// # Errors
/// `unknown_workspace`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
    /// The name from now on.
    pub name: Name,
}

/// Archives a workspace: whatever needs an active organization is refused in it.
///
/// # Errors
/// `unknown_workspace`, `no_change`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArchiveWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
}

/// Reopens an archived workspace.
///
/// # Errors
/// `unknown_workspace`, `no_change`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReopenWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
}

/// Deletes a workspace with everything that hangs on it: rows, rules, what open invitations promise there. Collaborators
/// without another workspace are gone, and so are services that acted only there; an invitation that promised nothing else
/// is taken back.
///
/// # Errors
/// `unknown_workspace`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
}
