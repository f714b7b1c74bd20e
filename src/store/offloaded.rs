//! A store that blocks, for whoever has a way to let something block.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

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

/// A store that blocks, for whoever waits: every call is handed to a function of theirs, which carries it out where it may block. What
/// [`Direct`](super::Direct) does on the spot, for those who must not be blocked on the spot.
///
/// # Shape
/// The function carries out what it is given, once, before it returns, and on any thread. On tokio that is
/// `tokio::task::block_in_place`, which lets the other tasks of the thread go elsewhere meanwhile.
///
/// # Errors
/// [`StoreError::Fatal`], where the function has not carried it out.
///
/// # Examples
/// ```
/// use bailiwick::store::{AsyncStore, MemoryStore, Offloaded};
///
/// # tokio::runtime::Builder::new_multi_thread().build()?.block_on(async {
/// let store = Offloaded::new(MemoryStore::new(), |work| tokio::task::block_in_place(work)); // or SqliteStore::open(path)?
/// assert_eq!(store.organizations(None, 10).await?, []);
/// # Ok::<(), bailiwick::store::StoreError>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Offloaded<S, F> {
    store: S,
    carry_out: F,
}

impl<S: Store, F: Fn(&mut dyn FnMut()) + Send + Sync> Offloaded<S, F> {
    /// Calls of this store, carried out by this function.
    #[must_use]
    pub const fn new(store: S, carry_out: F) -> Self {
        Self { store, carry_out }
    }

    /// The store behind it.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }

    fn call<T>(&self, call: impl Fn(&S) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut answer = None;
        (self.carry_out)(&mut || answer = Some(call(&self.store)));
        answer.unwrap_or_else(|| Err(StoreError::Fatal("the call was not carried out".into())))
    }
}

impl<S: fmt::Debug, F> fmt::Debug for Offloaded<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offloaded").field("store", &self.store).finish_non_exhaustive()
    }
}

macro_rules! offload {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        async fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
            self.call(|store| store.$name($($argument),*))
        }
    )*};
}

impl<S: Store, F: Fn(&mut dyn FnMut()) + Send + Sync> AsyncStore for Offloaded<S, F> {
    each_method!(offload);

    fn keeps_rows(&self) -> bool {
        self.store.keeps_rows()
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use core::future::Future;
    use core::pin::pin;
    use core::task::{Context, Poll, Waker};
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;
    use crate::store::MemoryStore;

    /// What is answered at once, as everything is here.
    fn now<T>(future: impl Future<Output = T>) -> Option<T> {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }

    #[test]
    fn every_call_goes_through_the_function() {
        let calls = AtomicUsize::new(0);
        let elsewhere = |work: &mut dyn FnMut()| {
            calls.fetch_add(1, Ordering::Relaxed);
            work();
        };
        let store = Offloaded::new(MemoryStore::new(), elsewhere);
        assert_eq!(now(AsyncStore::organizations(&store, None, 1)).unwrap().unwrap(), []);
        assert!(!AsyncStore::keeps_rows(&store));
        assert_eq!(calls.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn a_function_that_carries_nothing_out_is_trouble_and_no_answer() {
        let store = Offloaded::new(MemoryStore::new(), |_: &mut dyn FnMut()| thread::yield_now());
        let trouble = now(AsyncStore::organizations(&store, None, 1)).unwrap().unwrap_err();
        assert!(matches!(trouble, StoreError::Fatal(_)));
    }
}
