//! A store in memory that counts what of shares is read from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick::change::Record;
use bailiwick::ledger::Entry;
use bailiwick::sharing::{ShareAt, ShareKey, ShareRecord};
use bailiwick::store::{Append, AppendShares, Appended, Claim, MemoryStore, Store, StoreError};
use bailiwick::{LinkId, OrgId, ResourceId, UserId, Version};

/// Counts the places and the sheets that were read.
#[derive(Default)]
pub(crate) struct Counting {
    store: MemoryStore,
    pub(crate) read: AtomicUsize,
}

impl Counting {
    fn count<T>(&self, found: Vec<T>) -> Vec<T> {
        self.read.fetch_add(found.len(), Ordering::Relaxed);
        found
    }
}

impl Store for Counting {
    fn load(&self, organization: OrgId, after: Version) -> Result<Vec<Record>, StoreError> {
        self.store.load(organization, after)
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.store.append(append)
    }

    fn load_ledger(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.store.load_ledger(organization, after)
    }

    fn append_ledger(
        &self,
        organization: OrgId,
        expected: Version,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError> {
        self.store.append_ledger(organization, expected, entries)
    }

    fn load_shares(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        Ok(self.count(self.store.load_shares(organization, resources)?))
    }

    fn append_shares(&self, append: &AppendShares<'_>) -> Result<Appended, StoreError> {
        self.store.append_shares(append)
    }

    fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        Ok(self.count(self.store.shares_by(key, within, after, limit)?))
    }

    fn count_use(&self, link: LinkId, at_most: u32) -> Result<u32, StoreError> {
        self.store.count_use(link, at_most)
    }

    fn organizations_of(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.store.organizations_of(user, after, limit)
    }

    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError> {
        self.store.holder_of(claim)
    }
}
