//! Who asks.

use serde::{Deserialize, Serialize};

use crate::id::{LinkId, ServiceId, UserId};

/// Who asks or does something. Users are everybody with a login; whether one is a member is a matter of each organization.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Actor {
    /// A person who is signed in.
    User(UserId),
    /// Somebody of the platform's staff, seeing and doing what a user may: everything but sensitive permissions and what
    /// only a person can do for themselves. Both identities are in every event.
    Staff {
        /// Who of the staff.
        staff: UserId,
        /// In whose place.
        on_behalf_of: UserId,
    },
    /// A key or robot of an organization.
    Service(ServiceId),
    /// Whoever presents a public link.
    Link(LinkId),
    /// The directory of the customer (SCIM): brings people in and takes them out, within the roles that the
    /// organization has set for it.
    Provisioner,
    /// The platform itself: sign-up, billing, support scripts. It has no permissions to check; in commands it stands
    /// above the guards, never above the invariants.
    System,
}

impl Actor {
    /// The user whose rights count: whoever is signed in, or in whose place staff acts.
    #[must_use]
    pub const fn user(self) -> Option<UserId> {
        match self {
            Self::User(user) | Self::Staff { on_behalf_of: user, .. } => Some(user),
            Self::Service(_) | Self::Link(_) | Self::Provisioner | Self::System => None,
        }
    }

    /// Whether it is somebody of the staff in a user's place.
    #[must_use]
    pub const fn is_staff(self) -> bool {
        matches!(self, Self::Staff { .. })
    }
}
