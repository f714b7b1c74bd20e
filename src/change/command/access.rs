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
/// `own_access`, `unknown_person`, `unknown_role`, `not_assignable` (owners own all of it), `unknown_permission`,
/// `wrong_scope`, `override_not_allowed`, `ended`, `too_many_items`, authority. `unknown_workspace` stands with the guard.
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
/// `own_access`, `unknown_person`, `no_row`, `person_suspended` (the last row of a collaborator who is suspended),
/// authority. `unknown_workspace` stands with the guard.
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
/// `unknown_group`, `unknown_team`, `unknown_permission`, `wrong_scope`, `ended`, `too_many_items`, `own_access` (staff, of
/// a group or team that they are in), then `outranked` (something is taken from somebody), `lacks_permission`, `wider_sight` (somebody it is about sees more).
/// `unknown_workspace` stands with the guard.
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
