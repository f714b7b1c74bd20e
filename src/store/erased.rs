//! A store behind a pointer: the twin of the trait whose futures are boxed.

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;
use core::future::Future;
use core::pin::Pin;

use super::methods::each_method;
use super::{
    Append, Appended, AsyncStore, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, StoreError, Stream,
    Written,
};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::version::Version;

/// A future behind a pointer.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

macro_rules! twin {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// An [`AsyncStore`] whose type is known only when the program runs. Every [`AsyncStore`] is one, and a pointer to one is an
        /// [`AsyncStore`] again.
        ///
        /// # Examples
        /// ```
        /// use std::sync::Arc;
        ///
        /// use bailiwick::AsyncTenants;
        /// use bailiwick::store::{Direct, ErasedStore, MemoryStore};
        ///
        /// let store: Arc<dyn ErasedStore> = Arc::new(Direct(MemoryStore::new()));
        /// let tenants = AsyncTenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), store);
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        pub trait ErasedStore: Send + Sync {$(
            #[doc = concat!("[`AsyncStore::", stringify!($name), "`], boxed.")]
            fn $name<'a>(&'a self, $($argument: $type),*) -> BoxFuture<'a, $answer>;
        )*
            /// [`AsyncStore::keeps_rows`].
            fn keeps_rows(&self) -> bool;
        }

        impl<S: AsyncStore> ErasedStore for S {$(
            fn $name<'a>(&'a self, $($argument: $type),*) -> BoxFuture<'a, $answer> {
                Box::pin(AsyncStore::$name(self, $($argument),*))
            }
        )*
            fn keeps_rows(&self) -> bool {
                AsyncStore::keeps_rows(self)
            }
        }
    };
}
// The list of methods once more, for here every argument has to live as long as the future.
twin! {
    load(organization: OrgId, limit: usize) -> Loaded<OrganizationSnapshot, Record>;
    load_ledger(organization: OrgId, limit: usize) -> Loaded<LedgerSnapshot, Arc<Entry>>;
    load_sheets(organization: OrgId, resources: &'a [ResourceId]) -> Vec<(ResourceId, Vec<ShareRecord>)>;
    records(organization: OrgId, after: Version, limit: usize) -> Vec<Record>;
    entries(organization: OrgId, after: Version, limit: usize) -> Vec<Arc<Entry>>;
    append(append: &'a Append<'a>) -> Appended;
    operation(organization: OrgId, operation: CommandId) -> Option<Written>;
    find(key: &'a Key, within: Option<OrgId>, after: Option<Place>, limit: usize) -> Vec<Place>;
    keys(organization: OrgId, after: Option<&'a (Key, Place)>, limit: usize) -> Vec<(Key, Place)>;
    count_use(organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> u32;
    changes(after: Option<Cursor>, limit: usize) -> Changes;
    organizations(after: Option<OrgId>, limit: usize) -> Vec<OrgId>;
    resources(organization: OrgId, after: Option<ResourceId>, limit: usize) -> Vec<ResourceId>;
    rows(organization: OrgId, table: Table, after: Option<&'a RowKey>, limit: usize) -> Vec<Row>;
    keep(snapshot: Snapshot<'a>) -> ();
    compact(organization: OrgId, stream: Stream, up_to: Version) -> ();
    replace(replacement: &'a Replacement<'a>) -> bool;
    erase(organization: OrgId) -> ();
}

impl fmt::Debug for dyn ErasedStore + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErasedStore").finish_non_exhaustive()
    }
}

macro_rules! forward {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        async fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
            ErasedStore::$name(self, $($argument),*).await
        }
    )*};
}

// For every lifetime, not for `'static` alone: where a task is sent between threads, the compiler has forgotten which one it was.
impl AsyncStore for dyn ErasedStore + '_ {
    each_method!(forward);

    fn keeps_rows(&self) -> bool {
        ErasedStore::keeps_rows(self)
    }
}
