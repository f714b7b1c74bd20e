//! The trait of a store that blocks whoever calls it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::methods::each_method;
use super::{
    Append, Appended, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, StoreError, Stream, Written,
};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::version::Version;

/// Where organizations are kept.
///
/// Shared between threads; every method may be called by several at once. What it promises stands at the head of
/// [this module](crate::store).
///
/// # Errors
/// Reading answers [`StoreError::Retry`] or [`StoreError::Fatal`]; writing any [`StoreError`].
pub trait Store: Send + Sync {
    /// An organization from its newest [snapshot](Self::keep) on: the snapshot, and so many of the records after it at most. Without a
    /// snapshot the records from the first one on.
    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        Ok(Loaded { snapshot: None, records: self.records(organization, Version::ZERO, limit)? })
    }

    /// A ledger in the same way.
    fn load_ledger(&self, organization: OrgId, limit: usize) -> Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError> {
        Ok(Loaded { snapshot: None, records: self.entries(organization, Version::ZERO, limit)? })
    }

    /// The records after a version, in order; so many at most, and fewer only where there are no more. None for an unknown organization.
    /// What was [compacted](Self::compact) away is missing at the beginning.
    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// The entries of a ledger after a version, in the same way.
    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError>;

    /// The records of the sheets of these resources, each in order; nothing for one that was never shared.
    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError>;

    /// Appends records at the version that they follow, with the keys and rows that they change: all or nothing. What answers first is: the
    /// operation was carried out before, the stream is at another version, a unique key leads somewhere else.
    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError>;

    /// The versions that an operation has made of an organization.
    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError>;

    /// Where a key leads, in one organization or in all, in order, beginning after a place; so many at most, and fewer only where there
    /// are no more.
    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError>;

    /// Every key that leads into an organization, with its place, in an order of the store's own, beginning after one; so many at most, and
    /// fewer only where there are no more. For [verifying](crate::Tenants::verify), and for making
    /// them anew where somebody is forgotten; a store that does not list them lists none.
    fn keys(
        &self,
        _organization: OrgId,
        _after: Option<&(Key, Place)>,
        _limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        Ok(Vec::new())
    }

    /// Counts so many more uses of a link, unless there would be more than so many, and says how many there were before. Of two that race
    /// for the last one, one counts.
    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError>;

    /// What was appended to and erased since a cursor, about so much at most; without one where the store is now, and nothing else.
    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError>;

    /// Every organization, in order of ids, beginning after one; so many at most, and fewer only where there are no more.
    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError>;

    /// The resources of an organization that have a sheet, in the same way.
    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError>;

    /// Whether it keeps the tables of [`rows`](crate::rows): only then are changes of rows made for it.
    fn keeps_rows(&self) -> bool {
        false
    }

    /// The rows of an organization in a table, in order of their keys, beginning after one; so many at most, and fewer only where there are
    /// no more. None in a store that keeps none.
    fn rows(
        &self,
        _organization: OrgId,
        _table: Table,
        _after: Option<&RowKey>,
        _limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        Ok(Vec::new())
    }

    /// Keeps a snapshot, in the place of one of the same version or an older one; never in that of a newer one. A store may keep none.
    fn keep(&self, _snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        Ok(())
    }

    /// Forgets the records of an organization or ledger up to a version, as far as a snapshot that it keeps stands for them; but for the last
    /// record of all, which stays: whoever is behind sees by it that there is more than they know. A store may forget none.
    fn compact(&self, _organization: OrgId, _stream: Stream, _up_to: Version) -> Result<(), StoreError> {
        Ok(())
    }

    /// Puts records in the place of others, and what follows from them: for what must be forgotten, or was never to be written. Says whether it
    /// did; where the stream is not at the version that keys and rows are of, nothing happens. Snapshots stay as they are. Whoever follows
    /// hears of it as of an erasure, also where it is empty, and loads the organization anew.
    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError>;

    /// Removes everything of an organization, for ever. One that is not there is erased already.
    fn erase(&self, organization: OrgId) -> Result<(), StoreError>;
}

macro_rules! forward {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
            self.as_ref().$name($($argument),*)
        }
    )*};
}

/// A store that several own.
impl<S: Store + ?Sized> Store for Arc<S> {
    each_method!(forward);

    fn keeps_rows(&self) -> bool {
        self.as_ref().keeps_rows()
    }
}
