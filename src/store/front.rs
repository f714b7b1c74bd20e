//! Stores in front of stores: they pass on whatever they do not change.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::Future;

use super::methods::each_method;
use super::{
    Append, Appended, AsyncStore, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, Store, StoreError,
    Stream, Written,
};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::version::Version;

macro_rules! fronts {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        /// A [`Store`] in front of another one: every method that it does not write itself goes to the store behind. For what counts,
        /// delays, rewrites or, in tests, breaks something.
        ///
        /// # Examples
        /// ```
        /// use std::sync::atomic::{AtomicUsize, Ordering};
        ///
        /// use bailiwick::store::{Append, Appended, Front, MemoryStore, Store, StoreError};
        ///
        /// struct Counting { behind: MemoryStore, appends: AtomicUsize }
        ///
        /// impl Front for Counting {
        ///     type Behind = MemoryStore;
        ///
        ///     fn behind(&self) -> &MemoryStore {
        ///         &self.behind
        ///     }
        ///
        ///     fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        ///         self.appends.fetch_add(1, Ordering::Relaxed);
        ///         self.behind.append(append)
        ///     }
        /// }
        ///
        /// fn is_a_store(_: impl Store) {}
        /// is_a_store(Counting { behind: MemoryStore::new(), appends: AtomicUsize::new(0) });
        /// ```
        pub trait Front: Send + Sync {
            /// What is behind it.
            type Behind: Store;

            /// The store behind it.
            fn behind(&self) -> &Self::Behind;
            $(
                #[doc = concat!("[`Store::", stringify!($name), "`].")]
                #[doc = ""]
                #[doc = "# Errors"]
                #[doc = "Those of the store behind."]
                fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                    self.behind().$name($($argument),*)
                }
            )*
            /// [`Store::keeps_rows`].
            fn keeps_rows(&self) -> bool {
                self.behind().keeps_rows()
            }
        }

        impl<F: Front> Store for F {$(
            fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                Front::$name(self, $($argument),*)
            }
        )*
            fn keeps_rows(&self) -> bool {
                Front::keeps_rows(self)
            }
        }

        /// An [`AsyncStore`] in front of another one: what [`Front`] is, to be awaited.
        pub trait AsyncFront: Send + Sync {
            /// What is behind it.
            type Behind: AsyncStore;

            /// The store behind it.
            fn behind(&self) -> &Self::Behind;
            $(
                #[doc = concat!("[`AsyncStore::", stringify!($name), "`].")]
                fn $name(&self, $($argument: $type),*) -> impl Future<Output = Result<$answer, StoreError>> + Send {
                    self.behind().$name($($argument),*)
                }
            )*
            /// [`Store::keeps_rows`].
            fn keeps_rows(&self) -> bool {
                self.behind().keeps_rows()
            }
        }

        impl<F: AsyncFront> AsyncStore for F {$(
            fn $name(&self, $($argument: $type),*) -> impl Future<Output = Result<$answer, StoreError>> + Send {
                AsyncFront::$name(self, $($argument),*)
            }
        )*
            fn keeps_rows(&self) -> bool {
                AsyncFront::keeps_rows(self)
            }
        }
    };
}
each_method!(fronts);
