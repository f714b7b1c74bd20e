//! WHERE IS IT KEPT? The only door to I/O: a small trait that callers implement, and a store in memory.
//!
//! A store keeps a stream of [records](Record) for each organization and one of [entries](Entry) for its ledger, and what spans
//! organizations: who belongs to which, and unique [claims](Claim). What it promises:
//!
//! 1. An append is there as a whole or not at all, and only at the version that it expects.
//! 2. What was appended is read back, without a gap and in order.
//! 3. A claim has one holder, however many writers race for it; only its holder gives it back.

mod claim;
#[cfg(feature = "std")]
mod memory;

pub use claim::{Claim, Claims};
#[cfg(feature = "std")]
pub use memory::MemoryStore;

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::error::Error;

use crate::change::Record;
use crate::id::{OrgId, UserId};
use crate::ledger::Entry;
use crate::version::Version;

/// Where organizations are kept.
///
/// Shared between threads; every method may be called by several at once.
pub trait Store: Send + Sync {
    /// The records after a version, in order: all of them after [`Version::ZERO`], none for an unknown organization.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn load(&self, organization: OrgId, after: Version) -> Result<Vec<Record>, StoreError>;

    /// Appends records at the version that they follow, with the claims that they make: all or nothing.
    ///
    /// # Errors
    /// [`StoreError`], of any kind.
    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError>;

    /// The entries of a ledger after a version, in order.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn load_ledger(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError>;

    /// Appends entries to a ledger at the version that they follow: all or nothing. [`Appended::Claimed`] does not occur.
    ///
    /// # Errors
    /// [`StoreError`], of any kind.
    fn append_ledger(
        &self,
        organization: OrgId,
        expected: Version,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError>;

    /// The organizations that a user belongs to, as member or collaborator, in order of their ids.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn organizations_of(&self, user: UserId) -> Result<Vec<OrgId>, StoreError>;

    /// Which organization holds a claim.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError>;
}

/// What is to be appended.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// To which organization.
    pub organization: OrgId,
    /// The version that the first record follows.
    pub expected: Version,
    /// The records, at least one.
    pub records: &'a [Record],
    /// What becomes the organization's alone with them, and what is free for others again.
    pub claims: &'a Claims,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "records that were not appended must not be applied"]
pub enum Appended {
    /// It is kept.
    Applied,
    /// The organization is not at the expected version; nothing was kept.
    Conflict,
    /// Another organization holds a claim; nothing was kept.
    Claimed {
        /// Which one.
        by: OrgId,
    },
}

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
}
