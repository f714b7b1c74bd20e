//! Who asks.

use serde::{Deserialize, Serialize};

use crate::id::{LinkId, UserId};

/// Who asks or does something. Users are everybody with a login; whether one is a member is a matter of each organization.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// A person who is signed in.
    User(UserId),
    /// Whoever presents a public link.
    Link(LinkId),
    /// The platform itself: sign-up, billing, support scripts. It has no permissions to check; in commands it stands
    /// above the guards, never above the invariants.
    System,
}

impl Actor {
    /// The user, if it is one.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) => Some(user),
            Self::Link(_) | Self::System => None,
        }
    }
}
