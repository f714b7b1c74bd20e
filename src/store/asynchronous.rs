//! The trait of a store that waits without a thread.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::{Future, ready};

use super::methods::each_method;
use super::{
    Append, Appended, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, Store, StoreError, Stream, Written,
};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::version::Version;

/// Where organizations are kept, by whoever waits without a thread: method by method what [`Store`] is.
///
/// # Shape
/// Futures can be sent between threads, and belong to no runtime. One that is dropped before it is ready may have been carried out or
/// not, as after [`StoreError::Unknown`]. For a store behind a pointer: [`ErasedStore`](super::ErasedStore).
pub trait AsyncStore: Send + Sync {
    /// As [`Store::load`].
    fn load(
        &self,
        organization: OrgId,
        limit: usize,
    ) -> impl Future<Output = Result<Loaded<OrganizationSnapshot, Record>, StoreError>> + Send {
        async move { Ok(Loaded { snapshot: None, records: self.records(organization, Version::ZERO, limit).await? }) }
    }

    /// As [`Store::load_ledger`].
    fn load_ledger(
        &self,
        organization: OrgId,
        limit: usize,
    ) -> impl Future<Output = Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError>> + Send {
        async move { Ok(Loaded { snapshot: None, records: self.entries(organization, Version::ZERO, limit).await? }) }
    }

    /// As [`Store::records`].
    fn records(
        &self,
        organization: OrgId,
        after: Version,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// As [`Store::entries`].
    fn entries(
        &self,
        organization: OrgId,
        after: Version,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Arc<Entry>>, StoreError>> + Send;

    /// As [`Store::load_sheets`].
    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> impl Future<Output = Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError>> + Send;

    /// As [`Store::append`].
    fn append(&self, append: &Append<'_>) -> impl Future<Output = Result<Appended, StoreError>> + Send;

    /// As [`Store::operation`].
    fn operation(
        &self,
        organization: OrgId,
        operation: CommandId,
    ) -> impl Future<Output = Result<Option<Written>, StoreError>> + Send;

    /// As [`Store::find`].
    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Place>, StoreError>> + Send;

    /// As [`Store::keys`].
    fn keys(
        &self,
        _organization: OrgId,
        _after: Option<&(Key, Place)>,
        _limit: usize,
    ) -> impl Future<Output = Result<Vec<(Key, Place)>, StoreError>> + Send {
        ready(Ok(Vec::new()))
    }

    /// As [`Store::count_use`].
    fn count_use(
        &self,
        organization: OrgId,
        link: LinkId,
        uses: u32,
        at_most: u32,
    ) -> impl Future<Output = Result<u32, StoreError>> + Send;

    /// As [`Store::changes`].
    fn changes(&self, after: Option<Cursor>, limit: usize) -> impl Future<Output = Result<Changes, StoreError>> + Send;

    /// As [`Store::organizations`].
    fn organizations(
        &self,
        after: Option<OrgId>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<OrgId>, StoreError>> + Send;

    /// As [`Store::resources`].
    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<ResourceId>, StoreError>> + Send;

    /// As [`Store::keeps_rows`].
    fn keeps_rows(&self) -> bool {
        false
    }

    /// As [`Store::rows`].
    fn rows(
        &self,
        _organization: OrgId,
        _table: Table,
        _after: Option<&RowKey>,
        _limit: usize,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send {
        ready(Ok(Vec::new()))
    }

    /// As [`Store::keep`].
    fn keep(&self, _snapshot: Snapshot<'_>) -> impl Future<Output = Result<(), StoreError>> + Send {
        ready(Ok(()))
    }

    /// As [`Store::compact`].
    fn compact(
        &self,
        _organization: OrgId,
        _stream: Stream,
        _up_to: Version,
    ) -> impl Future<Output = Result<(), StoreError>> + Send {
        ready(Ok(()))
    }

    /// As [`Store::replace`].
    fn replace(&self, replacement: &Replacement<'_>) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// As [`Store::erase`].
    fn erase(&self, organization: OrgId) -> impl Future<Output = Result<(), StoreError>> + Send;
}

macro_rules! forward {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($argument: $type),*) -> impl Future<Output = Result<$answer, StoreError>> + Send {
            self.as_ref().$name($($argument),*)
        }
    )*};
}

/// A store that several own.
impl<S: AsyncStore + ?Sized> AsyncStore for Arc<S> {
    each_method!(forward);

    fn keeps_rows(&self) -> bool {
        self.as_ref().keeps_rows()
    }
}

/// A store that blocks, for whoever waits: every future is ready at once, and has blocked until then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Direct<S>(pub S);

macro_rules! direct {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        fn $name(&self, $($argument: $type),*) -> impl Future<Output = Result<$answer, StoreError>> + Send {
            ready(self.0.$name($($argument),*))
        }
    )*};
}

impl<S: Store> AsyncStore for Direct<S> {
    each_method!(direct);

    fn keeps_rows(&self) -> bool {
        self.0.keeps_rows()
    }
}
