//! Stores that break one promise each. The kit has to find every one of them, by the promise that is broken.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use bailiwick::change::{Event, Record};
use bailiwick::kit::{Fresh, check_blocking};
use bailiwick::ledger::Entry;
use bailiwick::sharing::{ShareAt, ShareKey};
use bailiwick::store::{
    Append, Appended, Batch, Changes, Cursor, Front, Key, Keys, Loaded, MemoryStore, Place, Replacement, Snapshot,
    Store, StoreError, Stream, Written,
};
use bailiwick::{CommandId, LinkId, OrgId, OrganizationSnapshot, ResourceId, Version};

use super::tabular::{Tabular, Wrong};

/// What is wrong with a store, and the promise that it breaks.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    TakesAnyVersion,
    LosesTheLastRecord,
    AcknowledgesWithoutWriting,
    ReadsBackwards,
    IgnoresLimits,
    IgnoresVersionsReadAfter,
    KeepsKeysOfWhatItRefused,
    KeepsOperationsOfWhatItRefused,
    ForgetsOperations,
    MixesUpOperations,
    LetsTwoHaveOneName,
    NeverGivesNamesBack,
    LetsAnybodyGiveNamesBack,
    ReusesLinks,
    FindsElsewhere,
    FindsInAnyOrder,
    FindsNoMoreThanOne,
    ListsSomeKeys,
    ForgetsToRemoveKeys,
    CountsOneTooMany,
    CountsWhenLooking,
    MissesChanges,
    HidesErasures,
    RepeatsChangesForEver,
    KeepsOlderSnapshots,
    CompactsTooMuch,
    ErasesNoLedgers,
    ErasesNoKeys,
    ErasesEverybody,
    ReplacesNothing,
    ReplacesUnderAnyVersion,
    AppendsWhatItReplaces,
    ListsInAnyOrder,
    ListsNoEmptySheets,
    CutsPages,
    ManglesTexts,
    CutsInstants,
}

use Fault::*;

const FAULTS: &[(Fault, &str)] = &[
    (TakesAnyVersion, "appends_at_the_expected_version"),
    (TakesAnyVersion, "every_interleaving_of_two_commands_has_an_order"),
    (TakesAnyVersion, "threads_race_as_tasks_do"),
    (LosesTheLastRecord, "appends_at_the_expected_version"),
    (AcknowledgesWithoutWriting, "appends_at_the_expected_version"),
    (ReadsBackwards, "appends_at_the_expected_version"),
    (IgnoresLimits, "appends_at_the_expected_version"),
    (IgnoresVersionsReadAfter, "appends_at_the_expected_version"),
    (KeepsKeysOfWhatItRefused, "appends_everything_or_nothing"),
    (KeepsOperationsOfWhatItRefused, "appends_everything_or_nothing"),
    (ForgetsOperations, "carries_out_an_operation_once"),
    (ForgetsOperations, "a_lost_answer_is_no_second_command"),
    (MixesUpOperations, "carries_out_an_operation_once"),
    (LetsTwoHaveOneName, "unique_keys_have_one_place"),
    (LetsTwoHaveOneName, "of_many_who_race_the_right_number_wins"),
    (NeverGivesNamesBack, "unique_keys_have_one_place"),
    (LetsAnybodyGiveNamesBack, "appends_everything_or_nothing"),
    (ReusesLinks, "unique_keys_have_one_place"),
    (FindsElsewhere, "finds_where_keys_lead"),
    (FindsInAnyOrder, "finds_where_keys_lead"),
    (FindsNoMoreThanOne, "finds_where_keys_lead"),
    (ListsSomeKeys, "finds_where_keys_lead"),
    (ForgetsToRemoveKeys, "finds_where_keys_lead"),
    (CountsOneTooMany, "counts_uses_of_links"),
    (CountsWhenLooking, "counts_uses_of_links"),
    (MissesChanges, "followers_hear_of_everything"),
    (HidesErasures, "followers_hear_of_everything"),
    (RepeatsChangesForEver, "followers_hear_of_everything"),
    (KeepsOlderSnapshots, "begins_with_the_newest_snapshot"),
    (CompactsTooMuch, "begins_with_the_newest_snapshot"),
    (ErasesNoLedgers, "erases_everything"),
    (ErasesNoKeys, "erases_everything"),
    (ErasesEverybody, "erases_everything"),
    (ReplacesNothing, "replaces_what_must_be_forgotten"),
    (ReplacesUnderAnyVersion, "replaces_what_must_be_forgotten"),
    (HidesErasures, "replaces_what_must_be_forgotten"),
    (AppendsWhatItReplaces, "replaces_what_must_be_forgotten"),
    (ListsInAnyOrder, "lists_page_by_page"),
    (ListsNoEmptySheets, "lists_page_by_page"),
    (CutsPages, "takes_big_organizations"),
    (ManglesTexts, "takes_whatever_can_be_written"),
    (CutsInstants, "takes_whatever_can_be_written"),
];

/// A store in memory with a fault.
struct Faulty {
    behind: MemoryStore,
    fault: Fault,
    calls: AtomicU64,
    links: Mutex<BTreeMap<ShareAt, Vec<Key>>>,
    operations: Mutex<Vec<CommandId>>,
    snapshots: Mutex<BTreeMap<OrgId, OrganizationSnapshot>>,
    compacted: Mutex<BTreeMap<OrgId, Version>>,
}

impl Faulty {
    fn new(fault: Fault) -> Self {
        Self {
            behind: MemoryStore::new(),
            fault,
            calls: AtomicU64::new(0),
            links: Mutex::default(),
            operations: Mutex::default(),
            snapshots: Mutex::default(),
            compacted: Mutex::default(),
        }
    }

    fn call(&self) -> u64 {
        self.calls.fetch_add(1, Ordering::SeqCst)
    }

    /// The version that a stream is at.
    fn head(&self, append: &Append<'_>) -> Version {
        let (organization, all) = (append.organization, usize::MAX);
        let last = match append.batch {
            Batch::Organization(_) => {
                self.behind.records(organization, Version::ZERO, all).unwrap().pop().map(|r| r.version)
            }
            Batch::Ledger(_) => self.behind.entries(organization, Version::ZERO, all).unwrap().pop().map(|e| e.version),
            Batch::Sheet(resource, _) => {
                let sheets = self.behind.load_sheets(organization, &[resource]).unwrap();
                sheets.last().and_then(|(_, records)| records.last()).map(|record| record.version)
            }
        };
        last.unwrap_or_default()
    }

    /// Writes keys, and nothing else, of something that was refused.
    fn write_keys(&self, append: &Append<'_>) {
        let nowhere = OrgId::from_u128(u128::MAX - u128::from(self.call())).unwrap();
        let _ = self.behind.append(&Append { organization: nowhere, expected: Version::ZERO, ..*append }).unwrap();
    }

    /// The same keys, without some.
    fn without(keys: &Keys, added: impl Fn(&Key) -> bool, removed: impl Fn(&Key) -> bool) -> Keys {
        Keys {
            added: keys.added.iter().filter(|(key, _)| !added(key)).cloned().collect(),
            removed: keys.removed.iter().filter(|(key, _)| !removed(key)).cloned().collect(),
        }
    }

    /// The keys that a link had, when it is closed.
    fn keys_of_closed_links(&self, keys: &Keys) -> Keys {
        let mut links = self.links.lock().unwrap();
        let mut keys = keys.clone();
        for (key, place) in &keys.added {
            if key.is_unique() {
                links.entry(place.share().unwrap()).or_default().push(key.clone());
            }
        }
        for (key, place) in keys.removed.clone() {
            if matches!(key, Key::Share(ShareKey::Within(_))) {
                let closed = links.remove(&place.share().unwrap()).into_iter().flatten();
                keys.removed.extend(closed.map(|key| (key, place)));
            }
        }
        keys
    }
}

fn is_claim(key: &Key) -> bool {
    matches!(key, Key::Claim(_))
}

impl Front for Faulty {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.behind
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let plain = |records: &[Record], append: &Append<'_>| {
            self.behind.append(&Append { batch: Batch::Organization(records), ..*append })
        };
        match (self.fault, append.batch) {
            (TakesAnyVersion, _) => {
                thread::sleep(Duration::from_millis(5)); // so that racers have loaded before the first of them is there
                self.behind.append(&Append { expected: self.head(append), ..*append })
            }
            (LosesTheLastRecord, Batch::Organization([first @ .., _])) if !first.is_empty() => plain(first, append),
            (AcknowledgesWithoutWriting, Batch::Organization(_)) if self.call() % 4 == 3 => Ok(Appended::Applied),
            (ForgetsOperations, Batch::Organization(records)) => {
                let forget = |record: &Record| Record { command: None, ..record.clone() };
                plain(&records.iter().map(forget).collect::<Vec<_>>(), append)
            }
            (KeepsOperationsOfWhatItRefused, Batch::Organization(_)) => {
                let answer = self.behind.append(append)?;
                self.operations.lock().unwrap().extend(append.batch.operation());
                Ok(answer)
            }
            (KeepsKeysOfWhatItRefused, _) => {
                let answer = self.behind.append(append)?;
                if answer == Appended::Conflict {
                    self.write_keys(append);
                }
                Ok(answer)
            }
            (LetsAnybodyGiveNamesBack, Batch::Organization(_)) => {
                let answer = self.behind.append(append)?;
                if matches!(answer, Appended::Claimed { .. }) {
                    let keys = Faulty::without(append.keys, |_| true, |_| false);
                    self.write_keys(&Append { keys: &keys, ..*append });
                }
                Ok(answer)
            }
            (LetsTwoHaveOneName, _) => match self.behind.append(append)? {
                Appended::Claimed { .. } => {
                    let keys = Faulty::without(append.keys, is_claim, |_| false);
                    self.behind.append(&Append { keys: &keys, ..*append })
                }
                answer => Ok(answer),
            },
            (NeverGivesNamesBack, _) => {
                let keys = Faulty::without(append.keys, |_| false, is_claim);
                self.behind.append(&Append { keys: &keys, ..*append })
            }
            (ForgetsToRemoveKeys, _) => {
                let keys = Faulty::without(append.keys, |_| false, |key| !key.is_unique());
                self.behind.append(&Append { keys: &keys, ..*append })
            }
            (ReusesLinks, Batch::Sheet(..)) => {
                self.behind.append(&Append { keys: &self.keys_of_closed_links(append.keys), ..*append })
            }
            _ => self.behind.append(append),
        }
    }

    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        let mut loaded = self.behind.load(organization, limit)?;
        match self.fault {
            KeepsOlderSnapshots => {
                if let Some(snapshot) = self.snapshots.lock().unwrap().get(&organization) {
                    loaded.records = self.behind.records(organization, snapshot.version(), limit)?;
                    loaded.snapshot = Some(Box::new(snapshot.clone()));
                }
            }
            CutsPages => loaded.records.truncate(1_000),
            _ => {}
        }
        Ok(loaded)
    }

    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        let limit = match self.fault {
            IgnoresLimits => usize::MAX,
            CutsPages => limit.min(1_000),
            _ => limit,
        };
        let after = match self.fault {
            IgnoresVersionsReadAfter => Version::ZERO,
            CompactsTooMuch => {
                after.max(self.compacted.lock().unwrap().get(&organization).copied().unwrap_or_default())
            }
            _ => after,
        };
        let mut records = self.behind.records(organization, after, limit)?;
        match self.fault {
            ReadsBackwards => records.reverse(),
            ManglesTexts => {
                for record in &mut records {
                    if let Event::Described { description } = &mut record.event {
                        *description = description.replace('\0', "");
                    }
                }
            }
            CutsInstants => {
                let cut =
                    |record: &mut Record| record.at = record.at.min(bailiwick::Timestamp::from_millis(u64::MAX >> 1));
                records.iter_mut().for_each(cut);
            }
            _ => {}
        }
        Ok(records)
    }

    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.behind.entries(organization, after, limit)
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        let found = self.behind.operation(organization, operation)?;
        match self.fault {
            KeepsOperationsOfWhatItRefused if self.operations.lock().unwrap().contains(&operation) => {
                Ok(found.or(Some(Written { from: Version::from_u64(1), to: Version::from_u64(1) })))
            }
            MixesUpOperations => Ok(found.map(|written| Written { to: written.to.next(), ..written })),
            _ => Ok(found),
        }
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let within = if self.fault == FindsElsewhere { None } else { within };
        let limit = if self.fault == FindsNoMoreThanOne { limit.min(1) } else { limit };
        let mut found = self.behind.find(key, within, after, limit)?;
        if self.fault == FindsInAnyOrder {
            found.reverse();
        }
        Ok(found)
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        match self.fault {
            CountsOneTooMany => self.behind.count_use(organization, link, uses, at_most.saturating_add(1)),
            CountsWhenLooking => self.behind.count_use(organization, link, uses.max(1), at_most.max(9)),
            _ => self.behind.count_use(organization, link, uses, at_most),
        }
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        let from = if self.fault == RepeatsChangesForEver { after.map(|_| Cursor::from_u64(0)) } else { after };
        let mut changes =
            self.behind.changes(from, if self.fault == RepeatsChangesForEver { usize::MAX } else { limit })?;
        match self.fault {
            MissesChanges => changes.changed.retain(|change| change.stream != Stream::Ledger),
            HidesErasures => changes.changed.retain(|change| change.version > Version::ZERO),
            _ => {}
        }
        Ok(changes)
    }

    fn keys(
        &self,
        organization: OrgId,
        after: Option<&(Key, Place)>,
        limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        if self.fault != ListsSomeKeys {
            return Ok(Vec::new());
        }
        let listed = self.behind.keys(organization, after, usize::MAX)?;
        Ok(listed.into_iter().filter(|(key, _)| !key.is_unique()).take(limit).collect())
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let mut found = self.behind.organizations(after, limit)?;
        if self.fault == ListsInAnyOrder {
            found.reverse();
        }
        Ok(found)
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        let mut found = self.behind.resources(organization, after, limit)?;
        if self.fault == ListsNoEmptySheets {
            let key = Key::Share(ShareKey::Within(organization));
            let open = self.behind.find(&key, None, None, usize::MAX)?;
            found.retain(|resource| open.iter().any(|place| place.resource == Some(*resource)));
        }
        Ok(found)
    }

    fn keep(&self, snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        if let Snapshot::Organization(snapshot) = snapshot {
            self.snapshots.lock().unwrap().insert(snapshot.organization(), snapshot.clone());
        }
        self.behind.keep(snapshot)
    }

    fn compact(&self, organization: OrgId, stream: Stream, up_to: Version) -> Result<(), StoreError> {
        if stream == Stream::Organization {
            self.compacted.lock().unwrap().insert(organization, up_to);
        }
        self.behind.compact(organization, stream, up_to)
    }

    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let Replacement { organization, batch, .. } = *replacement;
        match self.fault {
            ReplacesNothing => Ok(true),
            ReplacesUnderAnyVersion => self.behind.replace(&Replacement { beside: None, ..*replacement }),
            AppendsWhatItReplaces => {
                let (keys, rows) = (Keys::default(), bailiwick::rows::RowChanges::default());
                let append = Append { organization, expected: Version::ZERO, batch, keys: &keys, rows: &rows };
                let _ = self.behind.append(&Append { expected: self.head(&append), ..append })?;
                Ok(true)
            }
            _ => self.behind.replace(replacement),
        }
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        let entries = self.behind.entries(organization, Version::ZERO, usize::MAX)?;
        let records = self.behind.records(organization, Version::ZERO, usize::MAX)?;
        self.behind.erase(organization)?;
        let (keys, rows) = (Keys::default(), bailiwick::rows::RowChanges::default());
        let expected = Version::ZERO;
        match self.fault {
            ErasesNoLedgers if !entries.is_empty() => {
                let batch = Batch::Ledger(&entries);
                let _ = self.behind.append(&Append { organization, expected, batch, keys: &keys, rows: &rows })?;
            }
            ErasesNoKeys if !records.is_empty() => {
                let added = records.iter().filter_map(|record| match &record.event {
                    Event::MemberJoined { user, .. } => Some((Key::Belongs(*user), Place::of(organization))),
                    _ => None,
                });
                let keys = Keys { added: added.collect(), removed: vec![] };
                let nowhere = OrgId::from_u128(u128::MAX - u128::from(self.call())).unwrap();
                let batch = Batch::Ledger(&entries);
                let _ =
                    self.behind.append(&Append { organization: nowhere, expected, batch, keys: &keys, rows: &rows })?;
            }
            ErasesEverybody => {
                for other in self.behind.organizations(None, usize::MAX)? {
                    self.behind.erase(other)?;
                }
            }
            _ => {}
        }
        Ok(())
    }
}

#[test]
fn every_broken_promise_is_found() {
    let mut unseen = Vec::new();
    let mut faults: Vec<Fault> = Vec::new();
    for (fault, _) in FAULTS {
        if faults.last() != Some(fault) {
            faults.push(*fault);
        }
    }
    for fault in faults {
        let findings = check_blocking(&Arc::new(Faulty::new(fault)), Fresh::new(1));
        let broken: Vec<_> = findings.iter().filter(|(_, kept)| kept.is_err()).map(|(promise, _)| *promise).collect();
        for (_, promise) in FAULTS.iter().filter(|(of, _)| *of == fault) {
            if !broken.contains(promise) {
                unseen.push(format!("{fault:?}: {promise} holds, and {broken:?} do not"));
            }
        }
    }
    use Wrong::*;
    for wrong in [ForgetsToDelete, ForgetsToPut, PutsWhatWasRefused, KeepsThemAfterErasure, ReplacesNone] {
        let promise = match wrong {
            KeepsThemAfterErasure => "erases_everything",
            PutsWhatWasRefused => "appends_everything_or_nothing",
            ReplacesNone => "replaces_what_must_be_forgotten",
            _ => "rows_say_what_the_records_say",
        };
        let store = Tabular { wrong, ..Tabular::default() };
        let findings = check_blocking(&Arc::new(store), Fresh::new(1));
        if !findings.iter().any(|(found, kept)| *found == promise && kept.is_err()) {
            unseen.push(format!("{wrong:?}: {promise} holds"));
        }
    }
    assert!(unseen.is_empty(), "{unseen:#?}");
}
