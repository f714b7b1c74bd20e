//! Snapshots and compaction: what makes loading short, and the store small.

use super::{Tenants, wait};
use crate::id::OrgId;
use crate::store::{Store, StoreError};
use crate::version::Version;

impl<S: Store> Tenants<S> {
    /// Gives the store a snapshot of an organization as it is now, and says of which version: from then on a load begins with it.
    /// [`Keeping::replayed_max`](crate::Keeping::replayed_max) does it by itself, where a load took long.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_snapshot(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        wait(self.inner.keep_snapshot(organization))
    }

    /// The same for the ledger of an organization.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_ledger_snapshot(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        wait(self.inner.keep_ledger_snapshot(organization))
    }

    /// Forgets the records of an organization up to a version, after it has given the store a snapshot that stands for them. What was
    /// forgotten is in no [`journal`](Self::journal) and no explanation any more, and cannot be rewritten for another catalog: export it
    /// before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compact(&self, organization: OrgId, up_to: Version) -> Result<(), StoreError> {
        wait(self.inner.compact(organization, up_to))
    }

    /// The same for the entries of a ledger: what was forgotten is in no [`Statement`](crate::ledger::Statement) any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn compact_ledger(&self, organization: OrgId, up_to: Version) -> Result<(), StoreError> {
        wait(self.inner.compact_ledger(organization, up_to))
    }
}
