//! The trait of a store that waits without a thread.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::{Future, ready};

use super::methods::each_method;
use super::{Append, Appended, Changes, Cursor, Key, Place, Store, StoreError, Written};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::Entry;
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
        after: Version,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<Record>, StoreError>> + Send;

    /// As [`Store::load_ledger`].
    fn load_ledger(
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

    /// As [`Store::count_use`].
    fn count_use(
        &self,
        organization: OrgId,
        link: LinkId,
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
}
