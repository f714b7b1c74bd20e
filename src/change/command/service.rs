//! Services and keys.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::PermissionKey;
use crate::id::{ServiceId, WorkspaceId};
use crate::organization::SecretHash;
use crate::text::Name;
use crate::time::Timestamp;

/// Makes a service that acts within what the acting user may do, now and later.
///
/// # Errors
/// `user_only`, `already_exists`, `limit_reached`, `too_many_items`, `unknown_permission`, `unknown_workspace`,
/// `wrong_scope` (of the organization, in workspaces), `ended`, `lacks_permission`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateService {
    /// The id to make it under.
    pub service: ServiceId,
    /// What people call it.
    pub name: Name,
    /// What of the rights of its sponsor it may use.
    pub permissions: Vec<PermissionKey>,
    /// Where; none for the organization and all of its workspaces.
    #[serde(default)]
    pub workspaces: Vec<WorkspaceId>,
    /// When it ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// The hash of its secret.
    pub secret: SecretHash,
}

/// Changes what one's own service may use.
///
/// # Errors
/// `unknown_service`, `not_sponsor`, `too_many_items`, `unknown_permission`, `unknown_workspace`, `wrong_scope`, `ended`,
/// `lacks_permission`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeService {
    /// Which.
    pub service: ServiceId,
    /// What of the rights of its sponsor it may use from now on.
    pub permissions: Vec<PermissionKey>,
    /// Where from now on; none for the organization and all of its workspaces.
    #[serde(default)]
    pub workspaces: Vec<WorkspaceId>,
    /// When it ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Gives one's own service a new secret; the old one is dead.
///
/// # Errors
/// `unknown_service`, `not_sponsor`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RotateSecret {
    /// Which.
    pub service: ServiceId,
    /// The hash of the new secret.
    pub secret: SecretHash,
}

/// Ends a service: one's own, which nothing guards, or somebody else's who does not outrank the actor.
///
/// # Errors
/// `unknown_service`, `outranked`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndService {
    /// Which.
    pub service: ServiceId,
}

/// Becomes the sponsor of a service whose sponsor is gone. It gets a new secret: the old one may have left with them.
///
/// # Errors
/// `user_only`, `unknown_service`, `has_sponsor`, `lacks_permission`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdoptService {
    /// Which.
    pub service: ServiceId,
    /// The hash of the new secret.
    pub secret: SecretHash,
}
