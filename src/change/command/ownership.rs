//! Ownership changes hands.

use serde::{Deserialize, Serialize};

use crate::id::UserId;

/// Transfers ownership to an active member: they become an owner, and the former one falls back to the role that the catalog
/// names. By policy at once, or when the receiver agrees; the platform does it at once.
///
/// # Errors
/// `personal_organization`, `owners_only` (the actor is no active owner, or names another one), `own_access` (to
/// oneself), `unknown_person`, `not_a_member`, `person_suspended`, `no_change` (is an owner), `no_roles` (the former
/// owner would be left without), authority, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TransferOwnership {
    /// To whom.
    pub to: UserId,
    /// Whose; for the platform, which says whom it replaces. Left out, the actor's own.
    #[serde(default)]
    pub from: Option<UserId>,
}

/// Agrees to become the owner. Everything is judged again as for [`TransferOwnership`], with the owner who offered it.
///
/// # Errors
/// `user_only`, `no_offer` (to a stranger `not_found`; also once the offer is as old as an invitation can be, or whoever
/// made it could not any more), `organization_closed`, `step_up`, then as for the transfer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptOwnership {}

/// Declines ownership, or takes the offer back. Whoever offered it, whom it is for, other owners, and the platform do
/// it.
///
/// # Errors
/// `not_found`, `no_offer` (also for everybody else).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancelTransfer {}
