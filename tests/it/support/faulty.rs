//! A store that breaks as stores do: answers get lost, statements arrive late or never, disks are full, readers fail, followers lag, and
//! somebody else writes in between. What happens next is planned; how often what happened is counted.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex};

use bailiwick::change::Record;
use bailiwick::ledger::{Entry, Snapshot as LedgerSnapshot};
use bailiwick::rows::RowChanges;
use bailiwick::sharing::ShareRecord;
use bailiwick::store::{
    Append, Appended, Batch, Change, Changes, Cursor, Front, Key, Keys, Loaded, MemoryStore, Place, Store, StoreError,
    Written,
};
use bailiwick::{CommandId, OrgId, OrganizationSnapshot, ResourceId, Version};

/// What becomes of an append.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Fault {
    /// It is carried out, and nobody hears of it.
    LostAnswer,
    /// It never arrives, and nobody knows.
    LostOnTheWay,
    /// It is refused for the moment.
    Refused,
    /// The connection is gone while it is on its way: it arrives later, if its place is still free then.
    LandsLater,
    /// There is no room for it.
    DiskFull,
}

/// What happens next to the calls of one process.
#[derive(Default)]
pub(crate) struct Plan {
    /// To its appends, one after the other.
    pub(crate) appends: VecDeque<Option<Fault>>,
    /// Whether its reads fail, one after the other.
    pub(crate) reads: VecDeque<bool>,
    /// Done by somebody else before its next append arrives.
    pub(crate) between: Option<Box<dyn FnOnce() + Send>>,
    /// Whether it hears of nothing new.
    pub(crate) lags: bool,
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plan").field("appends", &self.appends).field("reads", &self.reads).finish_non_exhaustive()
    }
}

/// What really happened, by name.
pub(crate) type Counts = Arc<Mutex<BTreeMap<&'static str, u64>>>;

/// Appends that nobody waits for any more.
#[derive(Default)]
pub(crate) struct UnderWay(Mutex<Vec<Owned>>);

impl UnderWay {
    /// Those that wait arrive, where their place is still free.
    pub(crate) fn land(&self, store: &MemoryStore, counts: &Counts) {
        let waiting = std::mem::take(&mut *self.0.lock().unwrap());
        for owned in waiting {
            if store.append(&owned.append()).unwrap() == Appended::Applied {
                note(counts, "landed later");
            }
        }
    }
}

/// What one process has of a store that others have as well.
pub(crate) struct FaultyStore {
    pub(crate) behind: Arc<MemoryStore>,
    pub(crate) under_way: Arc<UnderWay>,
    pub(crate) plan: Mutex<Plan>,
    pub(crate) counts: Counts,
}

pub(crate) fn note(counts: &Counts, what: &'static str) {
    *counts.lock().unwrap().entry(what).or_default() += 1;
}

impl FaultyStore {
    fn readable(&self) -> Result<(), StoreError> {
        if self.plan.lock().unwrap().reads.pop_front() != Some(true) {
            return Ok(());
        }
        note(&self.counts, "failed read");
        Err(StoreError::Retry("the reader has failed".into()))
    }
}

impl Front for FaultyStore {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.behind
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let (between, fault) = {
            let mut plan = self.plan.lock().unwrap();
            (plan.between.take(), plan.appends.pop_front().flatten())
        };
        if let Some(between) = between {
            note(&self.counts, "somebody else in between");
            between();
        }
        if fault != Some(Fault::LandsLater) {
            self.under_way.land(&self.behind, &self.counts);
        }
        match fault {
            None => self.behind.append(append),
            Some(Fault::LostAnswer) => {
                let _ = self.behind.append(append)?;
                note(&self.counts, "lost answer");
                Err(StoreError::Unknown("the answer is lost".into()))
            }
            Some(Fault::LostOnTheWay) => {
                note(&self.counts, "lost on the way");
                Err(StoreError::Unknown("lost on the way".into()))
            }
            Some(Fault::Refused) => {
                note(&self.counts, "refused for the moment");
                Err(StoreError::Retry("others are in the way".into()))
            }
            Some(Fault::LandsLater) => {
                note(&self.counts, "connection gone");
                self.under_way.0.lock().unwrap().push(Owned::of(append));
                Err(StoreError::Unknown("the connection is gone".into()))
            }
            Some(Fault::DiskFull) => {
                note(&self.counts, "disk full");
                Err(StoreError::Fatal("the disk is full".into()))
            }
        }
    }

    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        self.readable()?;
        self.behind.load(organization, limit)
    }

    fn load_ledger(&self, organization: OrgId, limit: usize) -> Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError> {
        self.readable()?;
        self.behind.load_ledger(organization, limit)
    }

    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        self.readable()?;
        self.behind.load_sheets(organization, resources)
    }

    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.readable()?;
        self.behind.records(organization, after, limit)
    }

    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.readable()?;
        self.behind.entries(organization, after, limit)
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        self.readable()?;
        self.behind.operation(organization, operation)
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        self.readable()?;
        self.behind.find(key, within, after, limit)
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        self.readable()?;
        let changes = self.behind.changes(after, limit)?;
        let Some(after) = after.filter(|_| self.plan.lock().unwrap().lags && !changes.changed.is_empty()) else {
            return Ok(changes);
        };
        note(&self.counts, "lagging changes");
        Ok(Changes { changed: Vec::<Change>::new(), cursor: after, is_all: true })
    }
}

/// An append that outlives whoever sent it.
struct Owned {
    organization: OrgId,
    expected: Version,
    batch: OwnedBatch,
    keys: Keys,
    rows: RowChanges,
}

enum OwnedBatch {
    Organization(Vec<Record>),
    Ledger(Vec<Arc<Entry>>),
    Sheet(ResourceId, Vec<ShareRecord>),
}

impl Owned {
    fn of(append: &Append<'_>) -> Self {
        let batch = match append.batch {
            Batch::Organization(records) => OwnedBatch::Organization(records.to_vec()),
            Batch::Ledger(entries) => OwnedBatch::Ledger(entries.to_vec()),
            Batch::Sheet(resource, records) => OwnedBatch::Sheet(resource, records.to_vec()),
        };
        let Append { organization, expected, keys, rows, .. } = *append;
        Self { organization, expected, batch, keys: keys.clone(), rows: rows.clone() }
    }

    fn append(&self) -> Append<'_> {
        let batch = match &self.batch {
            OwnedBatch::Organization(records) => Batch::Organization(records),
            OwnedBatch::Ledger(entries) => Batch::Ledger(entries),
            OwnedBatch::Sheet(resource, records) => Batch::Sheet(*resource, records),
        };
        Append { organization: self.organization, expected: self.expected, batch, keys: &self.keys, rows: &self.rows }
    }
}
