//! The trait of a store that blocks whoever calls it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use super::methods::each_method;
use super::{Append, Appended, Changes, Cursor, Key, Place, StoreError, Written};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::Entry;
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
    /// The records after a version, in order; so many at most, and fewer only where there are no more. None for an unknown organization.
    fn load(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// The entries of a ledger after a version, in the same way.
    fn load_ledger(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError>;

    /// The records of the sheets of these resources, each in order; nothing for one that was never shared.
    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError>;

    /// Appends records at the version that they follow, with the keys that they change: all or nothing. What answers first is: the
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

    /// Counts one more use of a link, unless there were so many already, and says how many there were before. Of two that race for the
    /// last one, one counts.
    fn count_use(&self, organization: OrgId, link: LinkId, at_most: u32) -> Result<u32, StoreError>;

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
}
