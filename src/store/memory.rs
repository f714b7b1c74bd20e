//! The store in memory: for tests, for tools, and as the plainest example of the promises.

use std::boxed::Box;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use super::{
    Append, Appended, Batch, Change, Changes, Cursor, Key, Keys, Loaded, Place, Replacement, Snapshot, Store,
    StoreError, Stream, Written,
};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::sharing::ShareRecord;
use crate::version::Version;

/// Keeps organizations as long as the process lives.
///
/// # Examples
/// ```
/// use bailiwick::store::{MemoryStore, Store};
/// use bailiwick::{OrgId, Version};
///
/// let store = MemoryStore::new();
/// assert!(store.records(OrgId::from_u64(1).unwrap(), Version::ZERO, 100)?.is_empty());
/// # Ok::<(), bailiwick::store::StoreError>(())
/// ```
#[derive(Debug, Default)]
pub struct MemoryStore {
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    organizations: BTreeMap<OrgId, Tenant>,
    places: BTreeMap<Key, BTreeSet<Place>>,
    /// When each stream was appended to last, and which one at each of these moments: what followers ask for.
    moments: BTreeMap<(OrgId, What), u64>,
    streams: BTreeMap<u64, (OrgId, What)>,
    moment: u64,
}

/// What followers hear of: of an erasure also when the organization was made anew.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum What {
    /// It was erased, or something in it replaced.
    LetGo,
    Appended(Stream),
}

/// Everything of one organization but its keys.
#[derive(Debug, Default)]
struct Tenant {
    records: Vec<Record>,
    entries: Vec<Arc<Entry>>,
    sheets: BTreeMap<ResourceId, Vec<ShareRecord>>,
    operations: HashMap<CommandId, Written>,
    uses: HashMap<LinkId, u32>,
    snapshot: Option<Box<OrganizationSnapshot>>,
    ledger_snapshot: Option<Box<LedgerSnapshot>>,
}

impl MemoryStore {
    /// A store with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // An append changes nothing before its last check, and nothing after it can panic: what a poisoned lock guards is whole.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        let kept = self.kept();
        let Some(tenant) = kept.organizations.get(&organization) else { return Ok(Loaded::default()) };
        let after = tenant.snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version());
        let records = after_version(&tenant.records, |record| record.version, after, limit);
        Ok(Loaded { snapshot: tenant.snapshot.clone(), records })
    }

    fn load_ledger(&self, organization: OrgId, limit: usize) -> Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError> {
        let kept = self.kept();
        let Some(tenant) = kept.organizations.get(&organization) else { return Ok(Loaded::default()) };
        let after = tenant.ledger_snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version());
        let records = after_version(&tenant.entries, |entry| entry.version, after, limit);
        Ok(Loaded { snapshot: tenant.ledger_snapshot.clone(), records })
    }

    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        let kept = self.kept();
        let records = kept.organizations.get(&organization).map(|tenant| tenant.records.as_slice());
        Ok(after_version(records.unwrap_or_default(), |record| record.version, after, limit))
    }

    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        let kept = self.kept();
        let entries = kept.organizations.get(&organization).map(|tenant| tenant.entries.as_slice());
        Ok(after_version(entries.unwrap_or_default(), |entry| entry.version, after, limit))
    }

    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let kept = self.kept();
        let Some(tenant) = kept.organizations.get(&organization) else { return Ok(Vec::new()) };
        let sheet = |resource: &ResourceId| Some((*resource, tenant.sheets.get(resource)?.clone()));
        Ok(resources.iter().filter_map(sheet).collect())
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let mut kept = self.kept();
        let answer = kept.judge(append);
        if answer == Appended::Applied {
            kept.keep(append);
        }
        Ok(answer)
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        Ok(self.kept().written(organization, operation))
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let kept = self.kept();
        let Some(places) = kept.places.get(key) else { return Ok(Vec::new()) };
        let first = within.map(Place::of); // before everything in it
        let from = match (after, first) {
            (Some(after), first) if first.is_none_or(|first| after >= first) => Bound::Excluded(after),
            (_, Some(first)) => Bound::Included(first),
            _ => Bound::Unbounded,
        };
        let is_here = |place: &&Place| within.is_none_or(|organization| place.organization == organization);
        Ok(places.range((from, Bound::Unbounded)).take_while(is_here).take(limit).copied().collect())
    }

    fn keys(
        &self,
        organization: OrgId,
        after: Option<&(Key, Place)>,
        limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        let kept = self.kept();
        let from = after.map_or(Bound::Unbounded, |(key, _)| Bound::Included(key));
        let found = kept.places.range((from, Bound::Unbounded));
        let found = found.flat_map(|(key, places)| places.iter().map(move |place| (key, place)));
        let is_next = |(key, place): &(&Key, &Place)| {
            place.organization == organization && after.is_none_or(|(last, at)| (*key, *place) > (last, at))
        };
        Ok(found.filter(is_next).take(limit).map(|(key, place)| (key.clone(), *place)).collect())
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        let mut kept = self.kept();
        let Some(tenant) = kept.organizations.get_mut(&organization) else { return Ok(0) };
        let counted = tenant.uses.entry(link).or_default();
        let before = *counted;
        if let Some(now) = before.checked_add(uses).filter(|now| *now <= at_most) {
            *counted = now;
        }
        Ok(before)
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        let kept = self.kept();
        let end = Cursor::from_u64(kept.moment);
        let Some(after) = after else { return Ok(Changes { changed: Vec::new(), cursor: end, is_all: true }) };
        let newer = (Bound::Excluded(after.as_u64()), Bound::Unbounded);
        let found: Vec<_> = kept.streams.range(newer).take(limit).map(|(moment, stream)| (*moment, *stream)).collect();
        let is_all = found.len() < limit;
        let last = found.last().map(|(moment, _)| Cursor::from_u64(*moment));
        let cursor = if is_all { end } else { last.unwrap_or(after) };
        let changed = found.into_iter().map(|(_, (organization, what))| match what {
            What::LetGo => Change { organization, stream: Stream::Organization, version: Version::ZERO },
            What::Appended(stream) => Change { organization, stream, version: kept.version(organization, stream) },
        });
        Ok(Changes { changed: changed.collect(), cursor, is_all })
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let kept = self.kept();
        let rest = kept.organizations.range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded));
        Ok(rest.take(limit).map(|(organization, _)| *organization).collect())
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        let kept = self.kept();
        let Some(tenant) = kept.organizations.get(&organization) else { return Ok(Vec::new()) };
        let rest = tenant.sheets.range((after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded));
        Ok(rest.take(limit).map(|(resource, _)| *resource).collect())
    }

    fn keep(&self, snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let Some(tenant) = kept.organizations.get_mut(&snapshot.organization()) else { return Ok(()) };
        match snapshot {
            Snapshot::Organization(new)
                if tenant.snapshot.as_ref().is_none_or(|old| old.version() <= new.version()) =>
            {
                tenant.snapshot = Some(Box::new(new.clone()));
            }
            Snapshot::Ledger(new)
                if tenant.ledger_snapshot.as_ref().is_none_or(|old| old.version() <= new.version()) =>
            {
                tenant.ledger_snapshot = Some(Box::new(new.clone()));
            }
            Snapshot::Organization(_) | Snapshot::Ledger(_) => {}
        }
        Ok(())
    }

    fn compact(&self, organization: OrgId, stream: Stream, up_to: Version) -> Result<(), StoreError> {
        let mut kept = self.kept();
        let Some(tenant) = kept.organizations.get_mut(&organization) else { return Ok(()) };
        match stream {
            Stream::Organization => {
                let stands = tenant.snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version());
                let last = tenant.records.last().map(|record| record.version);
                tenant.records.retain(|record| record.version > up_to.min(stands) || Some(record.version) == last);
            }
            Stream::Ledger => {
                let stands = tenant.ledger_snapshot.as_ref().map_or(Version::ZERO, |snapshot| snapshot.version());
                let last = tenant.entries.last().map(|entry| entry.version);
                tenant.entries.retain(|entry| entry.version > up_to.min(stands) || Some(entry.version) == last);
            }
            Stream::Sheet(_) => {}
        }
        Ok(())
    }

    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let mut kept = self.kept();
        let Replacement { organization, batch, beside } = *replacement;
        let version = kept.version(organization, batch.stream());
        if beside.is_some_and(|beside| beside.version != version) {
            return Ok(false);
        }
        if !kept.organizations.contains_key(&organization) {
            return Ok(true);
        }
        beside.iter().for_each(|beside| kept.change(beside.keys));
        let Some(tenant) = kept.organizations.get_mut(&organization) else { return Ok(true) };
        match batch {
            Batch::Organization(records) => put_in_place(&mut tenant.records, records, |record| record.version),
            Batch::Ledger(entries) => put_in_place(&mut tenant.entries, entries, |entry| entry.version),
            Batch::Sheet(resource, records) => {
                let sheet = tenant.sheets.get_mut(&resource).map_or(&mut [][..], Vec::as_mut_slice);
                put_in_place(sheet, records, |record| record.version);
            }
        }
        kept.touch(organization, What::LetGo);
        Ok(true)
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        let mut kept = self.kept();
        if kept.organizations.remove(&organization).is_some() {
            kept.places.retain(|_, places| {
                places.retain(|place| place.organization != organization);
                !places.is_empty()
            });
            kept.touch(organization, What::LetGo);
        }
        Ok(())
    }
}

impl Kept {
    fn written(&self, organization: OrgId, operation: CommandId) -> Option<Written> {
        self.organizations.get(&organization)?.operations.get(&operation).copied()
    }

    /// What would become of an append. Changes nothing.
    fn judge(&self, append: &Append<'_>) -> Appended {
        let operation = append.batch.operation();
        if let Some(written) = operation.and_then(|operation| self.written(append.organization, operation)) {
            return Appended::Replayed(written);
        }
        if self.version(append.organization, append.batch.stream()) != append.expected {
            return Appended::Conflict;
        }
        let elsewhere = |(key, place): &(Key, Place)| {
            let there = self.places.get(key).filter(|_| key.is_unique())?.first()?;
            let is_freed = append.keys.removed.iter().any(|(freed, at)| freed == key && at == there);
            (there != place && !is_freed).then_some(there.organization)
        };
        match append.keys.added.iter().find_map(elsewhere) {
            Some(by) => Appended::Claimed { by },
            None => Appended::Applied,
        }
    }

    fn version(&self, organization: OrgId, stream: Stream) -> Version {
        let Some(tenant) = self.organizations.get(&organization) else { return Version::ZERO };
        let last = match stream {
            Stream::Organization => tenant.records.last().map(|record| record.version),
            Stream::Ledger => tenant.entries.last().map(|entry| entry.version),
            Stream::Sheet(resource) => tenant.sheets.get(&resource).and_then(|s| s.last()).map(|record| record.version),
        };
        last.unwrap_or_default()
    }

    fn keep(&mut self, append: &Append<'_>) {
        self.change(append.keys);
        let tenant = self.organizations.entry(append.organization).or_default();
        match append.batch {
            Batch::Organization(records) => tenant.records.extend_from_slice(records),
            Batch::Ledger(entries) => tenant.entries.extend_from_slice(entries),
            Batch::Sheet(resource, records) => tenant.sheets.entry(resource).or_default().extend_from_slice(records),
        }
        if let Some(operation) = append.batch.operation() {
            tenant.operations.insert(operation, Written { from: append.expected.next(), to: append.batch.last() });
        }
        self.touch(append.organization, What::Appended(append.batch.stream()));
    }

    fn change(&mut self, keys: &Keys) {
        for (key, place) in &keys.removed {
            if let Some(places) = self.places.get_mut(key) {
                places.remove(place); // one that leads somewhere else stays
            }
        }
        for (key, place) in &keys.added {
            let places = self.places.entry(key.clone()).or_default();
            if places.is_empty() || !key.is_unique() {
                places.insert(*place);
            }
        }
    }

    fn touch(&mut self, organization: OrgId, what: What) {
        self.moment = self.moment.saturating_add(1);
        if let Some(earlier) = self.moments.insert((organization, what), self.moment) {
            self.streams.remove(&earlier);
        }
        self.streams.insert(self.moment, (organization, what));
    }
}

/// Those after a version, so many at most.
fn after_version<R: Clone>(records: &[R], version: impl Fn(&R) -> Version, after: Version, limit: usize) -> Vec<R> {
    let at = records.partition_point(|record| version(record) <= after);
    records.get(at..).unwrap_or_default().iter().take(limit).cloned().collect()
}

/// Puts records where those of the same version are.
fn put_in_place<R: Clone>(kept: &mut [R], records: &[R], version: impl Fn(&R) -> Version) {
    for record in records {
        if let Ok(at) = kept.binary_search_by_key(&version(record), &version) {
            if let Some(place) = kept.get_mut(at) {
                place.clone_from(record);
            }
        }
    }
}
