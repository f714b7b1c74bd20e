//! WHERE IS IT KEPT? The only door to I/O: a small trait that callers implement, and a store in memory.
//!
//! A store keeps a stream of [records](Record) for each organization, one of [entries](Entry) for its ledger, one of
//! [records](ShareRecord) for each resource that was ever shared, and what spans organizations: who belongs to which, and unique [claims](Claim). What it promises:
//!
//! 1. An append is there as a whole or not at all, and only at the version that it expects.
//! 2. What was appended is read back, without a gap and in order.
//! 3. A claim has one holder, however many writers race for it; only its holder gives it back.
//! 4. A [unique key](ShareKey::is_unique) of shares leads to one place, in all organizations, for ever.

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
use crate::id::{LinkId, OrgId, ResourceId, UserId};
use crate::ledger::Entry;
use crate::sharing::{ShareAt, ShareKey, ShareKeys, ShareRecord};
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

    /// The records of the sheets of these resources, each in order; nothing for one that was never shared.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn load_shares(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError>;

    /// Appends records to a sheet at the version that they follow, with what it is found by: all or nothing. [`Appended::Claimed`] when a
    /// [unique key](ShareKey::is_unique) among the added was added before, wherever it leads.
    ///
    /// # Errors
    /// [`StoreError`], of any kind.
    fn append_shares(&self, append: &AppendShares<'_>) -> Result<Appended, StoreError>;

    /// Where something is shared to somebody, of one organization's resources or of all, in order, beginning after a place; so many at
    /// most, and fewer only where there are no more.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError>;

    /// Counts one more use of a link, unless there were so many already, and says how many there were before. Of two that race for the last
    /// one, one counts.
    ///
    /// # Errors
    /// [`StoreError`], of any kind.
    fn count_use(&self, link: LinkId, at_most: u32) -> Result<u32, StoreError>;

    /// The organizations that a user belongs to, as member or collaborator, in order of their ids, beginning after one; so many at
    /// most, and fewer only where there are no more.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn organizations_of(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError>;

    /// Which organization holds a claim.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`].
    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError>;
}

/// A store that several own.
impl<S: Store + ?Sized> Store for Arc<S> {
    fn load(&self, organization: OrgId, after: Version) -> Result<Vec<Record>, StoreError> {
        self.as_ref().load(organization, after)
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.as_ref().append(append)
    }

    fn load_ledger(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.as_ref().load_ledger(organization, after)
    }

    fn append_ledger(
        &self,
        organization: OrgId,
        expected: Version,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError> {
        self.as_ref().append_ledger(organization, expected, entries)
    }

    fn load_shares(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        self.as_ref().load_shares(organization, resources)
    }

    fn append_shares(&self, append: &AppendShares<'_>) -> Result<Appended, StoreError> {
        self.as_ref().append_shares(append)
    }

    fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        self.as_ref().shares_by(key, within, after, limit)
    }

    fn count_use(&self, link: LinkId, at_most: u32) -> Result<u32, StoreError> {
        self.as_ref().count_use(link, at_most)
    }

    fn organizations_of(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.as_ref().organizations_of(user, after, limit)
    }

    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError> {
        self.as_ref().holder_of(claim)
    }
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

/// What is to be appended to the shares on a resource.
#[derive(Clone, Copy, Debug)]
pub struct AppendShares<'a> {
    /// Whose resource it is.
    pub organization: OrgId,
    /// Which resource.
    pub resource: ResourceId,
    /// The version of the sheet that the first record follows.
    pub expected: Version,
    /// The records, at least one.
    pub records: &'a [ShareRecord],
    /// What it is found by from now on, and not any more.
    pub keys: &'a ShareKeys,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "records that were not appended must not be applied"]
pub enum Appended {
    /// It is kept.
    Applied,
    /// The organization is not at the expected version; nothing was kept.
    Conflict,
    /// A claim is held by another organization, or a unique key of shares was added before; nothing was kept.
    Claimed {
        /// By which one.
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
