//! Inviting, changing what is promised, answering.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::RoleKey;
use crate::id::{InvitationId, WorkspaceId};
use crate::organization::{Override, SecretHash};
use crate::text::Address;

/// Invites somebody: with roles to become a member, without roles to work in the named workspaces as a collaborator.
///
/// # Errors
/// `personal_organization`, `already_exists`, `outranked` (by whom an invitation is for that is superseded),
/// `already_invited` (where the policy does not supersede), `too_many_items`, `no_roles` (neither roles nor workspaces),
/// `collaborators_off`, `too_many_items`, `too_many_roles`, `unknown_role`, `unknown_workspace`, `unknown_permission`,
/// `wrong_scope`, `override_not_allowed`, `ended`, then authority (`not_assignable`, `owners_only`, `lacks_permission`,
/// `wider_sight`), then `limit_reached`, `seat_limit` (where open invitations reserve seats).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The id to make it under.
    pub invitation: InvitationId,
    /// Who is invited.
    pub address: Address,
    /// The roles promised; none for a collaborator.
    #[serde(default)]
    pub roles: Vec<RoleKey>,
    /// The workspaces promised, with what is different there.
    #[serde(default)]
    pub access: Vec<(WorkspaceId, Override)>,
    /// The hash of the secret in the link.
    pub secret: SecretHash,
}

impl Invite {
    /// Invites an address. Say as what with [`role`](Self::role), and where with [`workspace`](Self::workspace).
    ///
    /// # Examples
    /// ```
    /// use bailiwick::change::Invite;
    /// use bailiwick::{Address, InvitationId, Override, SecretHash, WorkspaceId};
    ///
    /// let production = WorkspaceId::from_u64(7).unwrap();
    /// let hash = SecretHash::from_bytes([7; 32]); // of the secret that goes into the link
    /// let invite = Invite::to(InvitationId::from_u64(1).unwrap(), Address::new("bob@acme.example")?, hash)
    ///     .role("viewer")
    ///     .workspace(production, Override::role("developer"));
    /// assert_eq!(invite.access.len(), 1);
    /// # Ok::<(), bailiwick::TextError>(())
    /// ```
    #[must_use]
    pub const fn to(invitation: InvitationId, address: Address, secret: SecretHash) -> Self {
        Self { invitation, address, roles: Vec::new(), access: Vec::new(), secret }
    }

    /// As a member with this role, too.
    #[must_use]
    pub fn role(mut self, role: impl Into<RoleKey>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// Into this workspace, too.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceId, changes: Override) -> Self {
        self.access.push((workspace, changes));
        self
    }
}

/// Invites several at once. By policy all or none, or each by itself: then [`Outcome::left_out`](crate::change::Outcome::left_out)
/// says who was not invited, and why. An address that comes twice is invited once.
///
/// # Errors
/// `no_change` (nobody is named), `too_many_items`, `not_found`, `denied` and `step_up` as they are, `batch_refused` for all
/// others. Limits count each item by itself, seats all of them.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InviteMany {
    /// Whom, and as what.
    pub invitations: Vec<Invite>,
}

/// Changes what an open invitation promises. From then on it is the invitation of whoever changed it.
///
/// # Errors
/// `unknown_invitation`, `invitation_closed`, `outranked` (by whom it is for), then the guard and the refusals of [`Invite`]
/// from `no_roles` on.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditInvitation {
    /// Which.
    pub invitation: InvitationId,
    /// The roles promised from now on; none for a collaborator.
    #[serde(default)]
    pub roles: Vec<RoleKey>,
    /// The workspaces promised from now on.
    #[serde(default)]
    pub access: Vec<(WorkspaceId, Override)>,
}

/// Sends an open invitation again. By policy with a new end and a new secret, with a new end, or as it is. With a new secret it is from
/// then on by whoever chose it.
///
/// # Errors
/// `unknown_invitation`, `invitation_closed`, `outranked`, authority (whoever chooses the secret can hand it to anybody),
/// `secret_missing` (the policy asks for a new one).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// Which.
    pub invitation: InvitationId,
    /// The hash of the new secret.
    #[serde(default)]
    pub secret: Option<SecretHash>,
}

/// Takes an invitation back.
///
/// # Errors
/// `unknown_invitation`, `invitation_closed`, `outranked` (by whom it is for).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Which.
    pub invitation: InvitationId,
}

/// What the caller knows of the address of the user who accepts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProof {
    /// The user has shown to receive mail there.
    Verified(Address),
    /// The user says so.
    Claimed(Address),
}

/// Accepts an invitation. The acting user joins.
///
/// # Errors
/// `unknown_invitation` (also for a wrong secret), `invitation_closed`, `address_mismatch`, `address_unverified`,
/// `organization_closed` (past due or suspended), `step_up` (the plan requires an identity provider), `already_member`,
/// `too_many_roles` and `unknown_role` (the catalog has changed), `unknown_workspace` (gone since), `ended` (what was
/// promised), `too_many_items`, `own_access` (staff, of what they sent in somebody's place), `inviter_lacks_authority`
/// (unless the policy lets invitations stand, for newcomers), `not_assignable` (a second owner where there is to be one),
/// `limit_reached`, `seat_limit`; `user_only` after the address. To a stranger without the secret: `not_found`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Which.
    pub invitation: InvitationId,
    /// The hash of the secret in the link that was followed.
    pub secret: SecretHash,
    /// The user's address.
    pub address: AddressProof,
}

/// Declines an invitation. The acting user is whom it is for.
///
/// # Errors
/// `unknown_invitation` (also for a wrong secret; to a stranger `not_found`), `invitation_closed`, `address_mismatch`,
/// `address_unverified`, `user_only`, `no_change` (a link for several is not closed by one of them).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    /// Which.
    pub invitation: InvitationId,
    /// The hash of the secret in the link that was followed.
    pub secret: SecretHash,
    /// The user's address.
    pub address: AddressProof,
}
