//! Custom roles.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::{PermissionKey, Reach, RoleKey};
use crate::text::Name;

/// Makes a role of the organization's own, like a role of the catalog; see [`CustomRole`](crate::CustomRole). Nobody puts into it what
/// they do not hold in the whole organization.
///
/// # Errors
/// `bad_key`, `already_exists`, `limit_reached`, `too_many_items`, `unknown_role` (the catalog has no such role),
/// `not_assignable` (owners are not for copying), `unknown_permission`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateRole {
    /// The key; begins with `custom.`
    pub role: RoleKey,
    /// What people call it.
    pub title: Name,
    /// The role of the catalog that it is like.
    pub like: RoleKey,
    /// Into which workspaces it carries.
    pub reach: Reach,
    /// Everything that it holds.
    pub permissions: Vec<PermissionKey>,
}

/// Changes a role of the organization's own, for everybody who has it.
///
/// # Errors
/// `unknown_role` (there is no such custom role), `own_access` (the actor has it, or staff who acts), `too_many_items`, `unknown_role`,
/// `not_assignable`, `unknown_permission`, authority for the role and for everybody who has it, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRole {
    /// Which.
    pub role: RoleKey,
    /// What people call it from now on.
    pub title: Name,
    /// The role of the catalog that it is like from now on.
    pub like: RoleKey,
    /// Into which workspaces it carries from now on.
    pub reach: Reach,
    /// Everything that it holds from now on.
    pub permissions: Vec<PermissionKey>,
}

/// Deletes a role of the organization's own. Where it is in use (by people, rows, open invitations, domains, the directory),
/// another one takes its place.
///
/// # Errors
/// `unknown_role`, `own_access` (the actor has it, or staff who acts), `role_in_use` (and none is named instead), `unknown_role`
/// (instead), `not_assignable` (owners), authority to have the other one
/// given and for everybody who has this one, `seat_limit` (open invitations count with the role that they will promise).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteRole {
    /// Which.
    pub role: RoleKey,
    /// What those who have it get instead.
    #[serde(default)]
    pub instead: Option<RoleKey>,
}
