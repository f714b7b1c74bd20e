//! A store that stumbles once, at a call that is chosen beforehand: it does nothing and says so, or does it and does not say so.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick::change::Record;
use bailiwick::ledger::{Entry, Snapshot as LedgerSnapshot};
use bailiwick::rows::{Row, RowKey, Table};
use bailiwick::sharing::ShareRecord;
use bailiwick::store::{
    Append, Appended, Changes, Cursor, Front, Key, Loaded, MemoryStore, Place, Replacement, Snapshot, Store,
    StoreError, Stream, Written,
};
use bailiwick::{CommandId, LinkId, OrgId, OrganizationSnapshot, ResourceId, Version};

/// In which way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Stumble {
    /// Nothing is done.
    Before,
    /// It is done, and its answer is lost.
    After,
}

#[derive(Debug)]
pub(crate) struct Stumbling {
    behind: Arc<MemoryStore>,
    how: Stumble,
    /// How many calls are left before the one that stumbles.
    left: AtomicU64,
}

impl Stumbling {
    /// Stumbles at call `at`, counted from 0.
    pub(crate) fn over(behind: Arc<MemoryStore>, how: Stumble, at: u64) -> Self {
        Self { behind, how, left: AtomicU64::new(at) }
    }

    pub(crate) fn has_stumbled(&self) -> bool {
        self.left.load(Ordering::SeqCst) > u64::MAX / 2
    }

    fn through<T>(&self, call: impl FnOnce(&MemoryStore) -> Result<T, StoreError>) -> Result<T, StoreError> {
        // After the call that stumbles the count has wrapped, and there is none for a long time.
        let stumbles = self.left.fetch_sub(1, Ordering::SeqCst) == 0;
        match self.how {
            Stumble::Before if stumbles => Err(StoreError::Retry(Box::from("it stumbles"))),
            Stumble::After if stumbles => {
                drop(call(&self.behind)?);
                Err(StoreError::Unknown(Box::from("it stumbles")))
            }
            _ => call(&self.behind),
        }
    }
}

macro_rules! stumbles {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Front for Stumbling {
            type Behind = MemoryStore;

            fn behind(&self) -> &MemoryStore {
                &self.behind
            }
            $(
                fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                    self.through(|behind| Store::$name(behind, $($argument),*))
                }
            )*
        }
    };
}

stumbles! {
    load(organization: OrgId, limit: usize) -> Loaded<OrganizationSnapshot, Record>;
    load_ledger(organization: OrgId, limit: usize) -> Loaded<LedgerSnapshot, Arc<Entry>>;
    load_sheets(organization: OrgId, resources: &[ResourceId]) -> Vec<(ResourceId, Vec<ShareRecord>)>;
    records(organization: OrgId, after: Version, limit: usize) -> Vec<Record>;
    entries(organization: OrgId, after: Version, limit: usize) -> Vec<Arc<Entry>>;
    append(append: &Append<'_>) -> Appended;
    operation(organization: OrgId, operation: CommandId) -> Option<Written>;
    find(key: &Key, within: Option<OrgId>, after: Option<Place>, limit: usize) -> Vec<Place>;
    keys(organization: OrgId, after: Option<&(Key, Place)>, limit: usize) -> Vec<(Key, Place)>;
    count_use(organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> u32;
    changes(after: Option<Cursor>, limit: usize) -> Changes;
    organizations(after: Option<OrgId>, limit: usize) -> Vec<OrgId>;
    resources(organization: OrgId, after: Option<ResourceId>, limit: usize) -> Vec<ResourceId>;
    rows(organization: OrgId, table: Table, after: Option<&RowKey>, limit: usize) -> Vec<Row>;
    keep(snapshot: Snapshot<'_>) -> ();
    compact(organization: OrgId, stream: Stream, up_to: Version) -> ();
    replace(replacement: &Replacement<'_>) -> bool;
    erase(organization: OrgId) -> ();
}
