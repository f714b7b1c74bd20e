//! Access to workspaces: the rows of people, the rules of groups and teams.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::PermissionKey;
use crate::id::{UserId, WorkspaceId};
use crate::organization::{Override, RuleFor};
use crate::time::Timestamp;

/// Gives a member or collaborator access to a workspace, or changes it. The row replaces an earlier one.
///
/// # Errors
/// `unknown_person`, `own_access`, `unknown_role`, `unknown_permission`, `wrong_scope`, `override_not_allowed`, `ended`,
/// `too_many_items`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveAccess {
    /// Whose.
    pub user: UserId,
    /// Where.
    pub workspace: WorkspaceId,
    /// What is different there.
    #[serde(default)]
    pub changes: Override,
}

/// Takes the access row of a person in a workspace. A collaborator without another row is no collaborator any more.
///
/// # Errors
/// `unknown_person`, `no_row`, `own_access`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeAccess {
    /// Whose.
    pub user: UserId,
    /// Where.
    pub workspace: WorkspaceId,
}

/// Sets what everybody in a group or team gets and loses in a workspace. A rule that says nothing is taken away.
///
/// # Errors
/// `unknown_group`, `unknown_team`, `unknown_permission`, `wrong_scope`, `ended`, `too_many_items`, `outranked`,
/// `lacks_permission`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRule {
    /// Where.
    pub workspace: WorkspaceId,
    /// Whom it is about.
    pub holder: RuleFor,
    /// Permissions given.
    #[serde(default)]
    pub given: Vec<PermissionKey>,
    /// Permissions taken.
    #[serde(default)]
    pub taken: Vec<PermissionKey>,
    /// When it ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
}
