//! Snapshots and compaction: what makes loading short, and the store small. And whether what is beside the records is what they make.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::id::OrgId;
use crate::store::{Store, StoreError, Unlike};
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

    /// What a store keeps beside the records of an organization and is not what they make: keys, rows, which versions an operation has made,
    /// and snapshots, as long as the records that they stand for are there.
    ///
    /// # Shape
    /// Replays the organization, its ledger and its shares; nobody waits for it. Where others write meanwhile it looks again. Rows and names
    /// are those of the catalog that is in use: after it was changed without a [migration](crate::migrate), more may be found. Keys that
    /// lead nowhere they should are found where the store [lists](crate::store::Store::keys) them. What cannot be seen: the uses of links,
    /// which nothing else tells, and what was compacted away. Whether the records are those that were appended is the store's to say.
    ///
    /// # Errors
    /// As reading; [`StoreError::Retry`] where others write all the time.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::store::MemoryStore;
    /// # use bailiwick::{OrgId, Tenants};
    /// # let tenants = Tenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), MemoryStore::new());
    /// for found in tenants.verify(OrgId::from_u64(1).unwrap())? {
    ///     println!("{found}");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify(&self, organization: OrgId) -> Result<Vec<Unlike>, StoreError> {
        wait(self.inner.verify(organization))
    }
}
