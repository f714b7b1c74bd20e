//! Events of a sheet: what was opened to whom, and closed again. Kept for ever, so they speak in keys and ids.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::catalog::{GroupKey, PermissionKey};
use crate::id::{CommandId, LinkId, OrgId, ShareId, TeamId, UserId};
use crate::organization::SecretHash;
use crate::text::Address;
use crate::time::Timestamp;
use crate::version::Version;

/// To whom something is opened, as commands and events say it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Recipient {
    /// One user. Somebody of the organization keeps it while they belong to it; somebody from outside, until it is taken.
    User(UserId),
    /// Whoever shows to receive mail there, and then is that user.
    Address(Address),
    /// Everybody in a system group, now or later.
    Group(GroupKey),
    /// Everybody in a team, now or later.
    Team(TeamId),
    /// Every member of the organization.
    Members,
    /// Every member of another organization.
    Organization(OrgId),
    /// Whoever presents a link.
    Link {
        /// Its id: who presents it acts as [`Actor::Link`].
        link: LinkId,
        /// The hash of the secret that is in it.
        secret: SecretHash,
        /// How often it can be followed; `None` without a limit.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        uses: Option<u32>,
    },
}

impl Recipient {
    /// The user, where it is one.
    #[must_use]
    pub const fn user(&self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(*user),
            _ => None,
        }
    }
}

/// Something that happened to a sheet. Applying it cannot fail.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ShareEvent {
    /// It is open to somebody.
    Given {
        /// Under which id.
        share: ShareId,
        /// To whom.
        to: Recipient,
        /// The version of the organization at which the user came to belong to it; `None` for somebody from outside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joined: Option<Version>,
        /// What it gives.
        level: Vec<PermissionKey>,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// It gives something else, or ends at another time.
    Changed {
        /// Which.
        share: ShareId,
        /// What it gives from now on.
        level: Vec<PermissionKey>,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// It is closed again.
    Revoked {
        /// Which.
        share: ShareId,
    },
    /// The link was followed once more.
    Followed {
        /// Which.
        share: ShareId,
    },
    /// Whoever has the address has shown it, and is this user.
    Claimed {
        /// Which.
        share: ShareId,
        /// Who.
        user: UserId,
        /// The version of the organization at which the user came to belong to it; `None` for somebody from outside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        joined: Option<Version>,
    },
    /// What one user has given counts as given by another from now on.
    HandedOver {
        /// By whom it was.
        from: UserId,
        /// By whom it is.
        to: UserId,
    },
}

/// One event in the history of a sheet: what, when, by whom, as which version.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct ShareRecord {
    /// The version of the sheet that it makes.
    pub version: Version,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// Which command it belongs to, where the caller gave it an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// What.
    pub event: ShareEvent,
}
