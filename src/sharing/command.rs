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
/// (the id), `unknown_group`, `unknown_team`, `bad_recipient` (the organization itself), `empty_level`, `unknown_permission`,
/// `not_shareable` (not of resource scope), `ended`, `lacks_permission` (whoever shares does not hold it on this resource),
/// `too_many_items`.
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

/// Gives something else by a share, or until another time. Judged as if it were given anew.
///
/// # Errors
/// `not_found`, `unknown_share`, `own_access` (by the user whom it is for), then as [`GiveShare`], and `no_change`.
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

/// Closes what a share has opened: by whoever gave it, by the user whom it is for, and by whoever could give it.
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
/// long as the caller's session says. A link without a limit of uses makes no record.
///
/// # Errors
/// `unknown_share` (also for a wrong secret), `ended`, `link_used_up`.
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
/// `user_only`, `address_unverified`, `unknown_share` (also for another address), `ended`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClaimShare {
    /// Which.
    pub share: ShareId,
    /// The address, shown to be the user's.
    pub address: AddressProof,
}

/// Hands what somebody has given over to somebody else, with the content that it is about.
///
/// # Errors
/// `not_found`, `platform_only`, `no_change`.
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
