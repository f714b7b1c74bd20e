//! Versions: how many events an organization or a ledger has seen.

use core::fmt;

use serde::{Deserialize, Serialize};

/// How many events an organization has seen, or entries a ledger. Zero before it exists; each event adds one.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// Before the first.
    pub const ZERO: Self = Self(0);

    /// Wraps a number of events.
    #[must_use]
    pub const fn from_u64(events: u64) -> Self {
        Self(events)
    }

    /// The number of events.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The version after one more event.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}
