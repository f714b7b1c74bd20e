//! Invitations: what was promised to whom, until when, and what became of it.

use alloc::vec::Vec;
use core::fmt;

use serde::{Deserialize, Serialize};

use super::{Origin, Override};
use crate::catalog::RoleKey;
use crate::id::{UserId, WorkspaceId};
use crate::text::Address;
use crate::time::Timestamp;

/// The hash of an invitation's secret. The secret itself is in the link that the invited person gets, and nowhere else.
///
/// # Shape
/// 32 bytes, from a cryptographic hash (SHA-256, BLAKE3) of a secret with at least 128 random bits. Compared in constant
/// time; never displayed.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Wraps the hash.
    #[must_use]
    pub const fn from_bytes(hash: [u8; 32]) -> Self {
        Self(hash)
    }

    /// The hash, to look up by.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }

    /// The hash as what its secret is looked up by.
    #[must_use]
    pub const fn lookup(self) -> LookupHash {
        LookupHash(self.0)
    }
}

impl PartialEq for SecretHash {
    /// Takes as long for hashes that differ in the first byte as for equal ones.
    fn eq(&self, other: &Self) -> bool {
        let difference = self.0.iter().zip(&other.0).fold(0, |difference, (a, b)| difference | (a ^ b));
        core::hint::black_box(difference) == 0
    }
}

impl Eq for SecretHash {}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(…)")
    }
}

/// The hash of a secret as a store finds it: ordered and hashed, and so compared in a time that depends on it. Whoever is found by it is
/// compared with the [`SecretHash`] again. Never displayed.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LookupHash([u8; 32]);

impl LookupHash {
    /// Of bytes that a store has kept.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for a store.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for LookupHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LookupHash(…)")
    }
}

/// What became of an invitation. Its end needs no event: an open one is expired from its end on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum InvitationState {
    /// Waiting.
    Open,
    /// Accepted as often as it can be.
    Accepted,
    /// Declined by whom it was for.
    Declined,
    /// Taken back.
    Revoked,
    /// Another one to the same address took its place.
    Superseded,
    /// Its end has come.
    Expired,
}

impl fmt::Display for InvitationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
            Self::Revoked => "revoked",
            Self::Superseded => "superseded",
            Self::Expired => "expired",
        })
    }
}

/// An invitation into an organization, or (without roles) only into some of its workspaces.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Invitation {
    /// `None` once whoever accepted it is erased.
    pub(crate) address: Option<Address>,
    pub(crate) roles: Vec<RoleKey>,
    pub(crate) access: Vec<(WorkspaceId, Override)>,
    pub(crate) secret: SecretHash,
    pub(crate) until: Timestamp,
    pub(crate) uses_left: u32,
    pub(crate) state: InvitationState,
    pub(crate) accepted_by: Vec<UserId>,
    pub(crate) issued: Origin,
}

impl Invitation {
    /// Who is invited; `None` once that user is erased.
    #[must_use]
    pub const fn address(&self) -> Option<&Address> {
        self.address.as_ref()
    }

    /// The roles promised; none for a collaborator.
    #[must_use]
    pub fn roles(&self) -> &[RoleKey] {
        &self.roles
    }

    /// The workspaces promised, with what is different there.
    #[must_use]
    pub fn access(&self) -> &[(WorkspaceId, Override)] {
        &self.access
    }

    /// When it ends; at that very instant it is expired.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// Who invited (or last changed what is promised, or chose a new secret), and when.
    #[must_use]
    pub const fn issued(&self) -> Origin {
        self.issued
    }

    /// Who answered it: accepted, or declined.
    #[must_use]
    pub fn accepted_by(&self) -> &[UserId] {
        &self.accepted_by
    }

    /// What has become of it by now.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> InvitationState {
        if self.state == InvitationState::Open && now >= self.until { InvitationState::Expired } else { self.state }
    }

    /// Another role, or none, in place of one that is promised.
    pub(crate) fn replace_role(&mut self, role: &RoleKey, instead: Option<&RoleKey>) {
        let promised = core::mem::take(&mut self.roles);
        for kept in promised {
            let kept = if kept == *role { instead.cloned() } else { Some(kept) };
            if let Some(kept) = kept.filter(|kept| !self.roles.contains(kept)) {
                self.roles.push(kept);
            }
        }
        for (_, changes) in self.access.iter_mut().filter(|(_, changes)| changes.role.as_ref() == Some(role)) {
            changes.role = instead.cloned();
        }
    }

    /// Whether a role is promised, in the organization or in a workspace.
    pub(crate) fn names_role(&self, role: &RoleKey) -> bool {
        self.roles.contains(role) || self.access.iter().any(|(_, changes)| changes.role.as_ref() == Some(role))
    }
}
