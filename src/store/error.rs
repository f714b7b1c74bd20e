//! Trouble with a store, and whether the call was carried out.

use alloc::boxed::Box;
use alloc::string::String;
use core::error::Error;
use core::time::Duration;

use crate::id::OrgId;
use crate::store::{Key, Stream};
use crate::version::Version;

/// Trouble with a store. Says whether the call was carried out.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It was not carried out, and may succeed if tried again.
    #[error("the store could not be reached in time")]
    Retry(#[source] Box<dyn Error + Send + Sync>),
    /// Nobody knows whether it was carried out.
    #[error("the store did not acknowledge")]
    Unknown(#[source] Box<dyn Error + Send + Sync>),
    /// It was not carried out, and will not be.
    #[error("the store failed")]
    Fatal(#[source] Box<dyn Error + Send + Sync>),
    /// What is known is older than it may be, and nothing was answered.
    #[error("the store was not followed for {0:?}, and an answer would be older than it may be")]
    Stale(Duration),
}

impl StoreError {
    /// Every code with its number.
    pub const CODES: &'static [(u16, &'static str)] =
        &[(400, "store_retry"), (401, "store_unknown"), (402, "store_fatal"), (403, "store_stale")];

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Retry(_) => "store_retry",
            Self::Unknown(_) => "store_unknown",
            Self::Fatal(_) => "store_fatal",
            Self::Stale(_) => "store_stale",
        }
    }

    /// The stable number, for languages without texts.
    #[must_use]
    pub const fn number(&self) -> u16 {
        match self {
            Self::Retry(_) => 400,
            Self::Unknown(_) => 401,
            Self::Fatal(_) => 402,
            Self::Stale(_) => 403,
        }
    }
}

/// A store that has less than somebody has seen: a copy that lags behind.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("organization {organization} is at version {has} in the store, and {wanted} was asked for")]
pub struct Behind {
    /// Which organization.
    pub organization: OrgId,
    /// The version that the store has.
    pub has: Version,
    /// The version that was asked for.
    pub wanted: Version,
}

impl From<Behind> for StoreError {
    fn from(behind: Behind) -> Self {
        Self::Retry(Box::new(behind))
    }
}

/// What is wrong with what a store has answered.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Untrue {
    /// Records do not follow each other.
    #[error("organization {organization}: {stream:?} has version {found} where {expected} follows")]
    Gap {
        /// Of which organization.
        organization: OrgId,
        /// In which stream.
        stream: Stream,
        /// The version that had to come.
        expected: Version,
        /// The version that came.
        found: Version,
    },
    /// The first records are gone, and the snapshot that stands for them cannot be read.
    #[error(
        "organization {organization}: {stream:?} begins at version {first}, and its snapshot cannot be read: {why}"
    )]
    Headless {
        /// Of which organization.
        organization: OrgId,
        /// In which stream.
        stream: Stream,
        /// The first version that is there.
        first: Version,
        /// What is wrong with the snapshot.
        why: String,
    },
    /// Places are not in order, or do not come after the place that they were to come after.
    #[error("places under a key come in no order: {0:?}")]
    NoOrder(Key),
    /// An append was answered with versions that hold no such operation.
    #[error(
        "organization {organization}: versions {from} to {to} are not of the operation that is said to have made them"
    )]
    NotTheOperation {
        /// Of which organization.
        organization: OrgId,
        /// The first version.
        from: Version,
        /// The last version.
        to: Version,
    },
}

impl From<Untrue> for StoreError {
    fn from(untrue: Untrue) -> Self {
        Self::Fatal(Box::new(untrue))
    }
}
