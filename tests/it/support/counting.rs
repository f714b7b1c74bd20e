//! A store in memory that counts what of shares is read from it.

use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick::sharing::ShareRecord;
use bailiwick::store::{Front, Key, MemoryStore, Place, Store, StoreError};
use bailiwick::{OrgId, ResourceId};

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

impl Front for Counting {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.store
    }

    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        Ok(self.count(self.store.load_sheets(organization, resources)?))
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let found = self.store.find(key, within, after, limit)?;
        Ok(if matches!(key, Key::Share(_)) { self.count(found) } else { found })
    }
}
