//! Commands of a sheet. Each documents its refusals in the order in which they are looked for.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Recipient;
use crate::catalog::PermissionKey;
use crate::change::{AddressProof, Refusal};
use crate::id::{ShareId, UserId};
use crate::organization::SecretHash;
use crate::time::Timestamp;

macro_rules! commands {
    ($($name:ident,)+) => {
        /// Something asked of a sheet.
        #[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum ShareCommand {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )+
        }

        impl ShareCommand {
            /// What is said where there is nothing: to whoever follows a link or claims a share, that there is no such share.
            pub(crate) const fn unknown(&self) -> Refusal {
                match self {
                    Self::FollowLink(_) | Self::ClaimShare(_) => Refusal::UnknownShare,
                    _ => Refusal::NotFound,
                }
            }

            /// Every command by name.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// The name of the command.
            #[must_use]
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => stringify!($name),)+
                }
            }
        }

        $(impl From<$name> for ShareCommand {
            fn from(command: $name) -> Self {
                Self::$name(command)
            }
        })+
    };
}

commands! {
    GiveShare,
    ChangeShare,
    RevokeShare,
    FollowLink,
    ClaimShare,
    HandOverShares,
    ClearShares,
}

/// Opens a resource, or a container with everything in it.
///
/// # Errors
/// `not_found`, `denied`, `step_up` (the guard for whom it is for: `share_internally` for people, groups and teams of the organization,
/// `share_by_address` for addresses from outside, for users from outside as well, `share_externally` for organizations, `share_by_link`), `already_exists`
/// (the id; a link's or its secret, anywhere), `own_access` (for whoever shares, in person or in whose place staff does, and for the staff),
/// `unknown_group`, `unknown_team`, `bad_recipient` (the organization itself), `unknown_permission`, `empty_level`, `not_shareable` (not of
/// resource scope), `ended`, `user_only` (staff and services, on what is personal), `lacks_permission` (whoever shares does not hold it on
/// this resource, or not for as long), `too_many_items` (shares that have not ended). The same command with the same id again is answered
/// as carried out.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveShare {
    /// The id to give it under.
    pub share: ShareId,
    /// To whom.
    pub to: Recipient,
    /// What it gives.
    pub level: Vec<PermissionKey>,
    /// When it ends; `None` for never.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Gives something else by a share, or until another time. Judged as if it were given anew, to whoever that is now: somebody who left and
/// came back has it again.
///
/// # Errors
/// `not_found`, `unknown_share`, `own_access` (as for [`GiveShare`]), then as [`GiveShare`], and `no_change`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeShare {
    /// Which.
    pub share: ShareId,
    /// What it gives from now on.
    pub level: Vec<PermissionKey>,
    /// When it ends; `None` for never.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Closes what a share has opened: by whoever gave it, by whose personal resource it is, by the user whom it is for, and by whoever could
/// give it.
///
/// # Errors
/// `not_found`, `denied`, `step_up` (the guard for whom it is for), `unknown_share`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeShare {
    /// Which.
    pub share: ShareId,
}

/// Follows a public link; nobody needs to be signed in. From then on whoever followed acts as [`Actor::Link`](crate::Actor::Link), for as
/// long as the caller's session says. It makes no record: uses are counted beside the sheet, where there is a limit, so that no stranger makes
/// a sheet longer.
///
/// # Errors
/// `unknown_share` (also for a wrong secret), `ended`; of [`Tenants`](crate::Tenants), which counts, `link_used_up`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowLink {
    /// Which.
    pub share: ShareId,
    /// The hash of the secret that is in it.
    pub secret: SecretHash,
}

/// Takes what was opened to an address, by the user who has it.
///
/// # Errors
/// `unknown_share` (also for another address), `user_only`, `address_unverified`, `own_access` (what the user has given, or staff of what they
/// gave in somebody's place), `inviter_lacks_authority` (a service gave it that is gone or has another sponsor since), `ended`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimShare {
    /// Which.
    pub share: ShareId,
    /// The address, shown to be the user's.
    pub address: AddressProof,
}

/// Hands what somebody has given over to somebody else, with the content that it is about. On what was personal it becomes the word of the
/// new owner, so it stays open.
///
/// # Errors
/// `not_found`, `platform_only`, `bad_recipient` (no active member), `no_change`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandOverShares {
    /// Who has given it.
    pub from: UserId,
    /// Who has it from now on.
    pub to: UserId,
}

/// Closes everything: the resource is deleted, or is to be nobody else's any more.
///
/// # Errors
/// As [`RevokeShare`], of each share; `no_change` (there is none).
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClearShares {}
