//! Events of a sheet: what was opened to whom, and closed again. Kept for ever, so they speak in keys and ids.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::catalog::{GroupKey, PermissionKey};
use crate::id::{CommandId, LinkId, OrgId, ShareId, TeamId, UserId, WorkspaceId};
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
        /// Its id: who presents it acts as [`Actor::Link`]. It is given once, in all organizations, and never again.
        link: LinkId,
        /// The hash of the secret that is in it; given once as well.
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

/// How far a share goes, as it was when it was given or last changed: whoever opens a container opens of its content only what they hold as
/// they hold the container.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extent {
    /// The workspace in which the resource lay: of what is in it, the share opens what lies there, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
    /// Whose personal resource it was: of what is in it, the share opens what is theirs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<UserId>,
    /// The user who has given it in person, and holds all of it on what is their own there. What is personal is opened by the word of its
    /// owner alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<UserId>,
}

impl Extent {
    /// Whether the resource itself is opened, as somebody's own or nobody's.
    #[must_use]
    pub fn opens(self, personal_owner: Option<UserId>) -> bool {
        personal_owner.is_none_or(|owner| self.word == Some(owner))
    }

    /// Whether something in the resource is opened, as it lies there.
    #[must_use]
    pub fn opens_within(self, workspace: Option<WorkspaceId>, personal_owner: Option<UserId>) -> bool {
        let is_theirs = self.owner.is_none_or(|owner| personal_owner == Some(owner));
        workspace == self.workspace && is_theirs && self.opens(personal_owner)
    }

    /// Nowhere in particular, by nobody's word.
    fn is_plain(&self) -> bool {
        *self == Self::default()
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
        /// The version of the organization at which the user came to belong to it, or the team was made; `None` for everybody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Version>,
        /// How far it goes.
        #[serde(default, skip_serializing_if = "Extent::is_plain")]
        extent: Extent,
        /// What it gives; in order, each once.
        level: Vec<PermissionKey>,
        /// Until when.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Timestamp>,
    },
    /// It gives something else, or ends at another time: given anew to whom it was given.
    Changed {
        /// Which.
        share: ShareId,
        /// The version of the organization at which the user came to belong to it, or the team was made; `None` for everybody else.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Version>,
        /// How far it goes.
        #[serde(default, skip_serializing_if = "Extent::is_plain")]
        extent: Extent,
        /// What it gives from now on; in order, each once.
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
    /// Whoever has the address has shown it, and is this user.
    Claimed {
        /// Which.
        share: ShareId,
        /// Who.
        user: UserId,
        /// The version of the organization at which the user came to belong to it; `None` for somebody from outside.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        since: Option<Version>,
    },
    /// What one user has given counts as given by another from now on; what is personal becomes the other's own.
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
