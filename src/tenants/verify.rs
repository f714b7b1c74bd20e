//! Verifying: whether what a store keeps beside the records is what they make.

use std::boxed::Box;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::vec::Vec;

use super::AsyncTenants;
use super::load::left_in_order;
use crate::change::Record;
use crate::id::{CommandId, OrgId, ResourceId};
use crate::ledger::{self, Ledger, Settings};
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::{self, Organization};
use crate::rows::{Row, RowKey, Value, rows_of, rows_of_ledger, rows_of_sheet};
use crate::sharing::{ShareRecord, Sheet};
use crate::store::{
    AsyncStore, Derived, History, Key, Keys, Page, Place, RowPages, StoreError, Stream, Unlike, Written, Wrong, keys_of,
};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::verify`](super::Tenants::verify).
    pub async fn verify(&self, organization: OrgId) -> Result<Vec<Unlike>, StoreError> {
        let mut before: Option<(Whole, Vec<Unlike>)> = None;
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let whole = self.whole(organization).await?;
            let found = self.unlike(&whole).await?;
            // What was appended or replaced meanwhile has changed the one before the other: it has to be seen twice, of one state.
            if found.is_empty() || before.is_some_and(|before| before.0.is_like(&whole) && before.1 == found) {
                return Ok(found);
            }
            before = Some((whole, found));
        }
        Err(StoreError::Retry(Box::new(Busy)))
    }

    /// Everything that decides, as the store has it.
    async fn whole(&self, id: OrgId) -> Result<Whole, StoreError> {
        let (mut records, mut entries, mut sheets) = (Vec::new(), Vec::new(), Vec::new());
        let mut history = History::of(id);
        while let Some(page) = history.next(&self.store).await? {
            match page {
                Page::Records(page) => records.extend(page),
                Page::Entries(page) => entries.extend(page),
                Page::Sheet(resource, records) => sheets.push((resource, records)),
            }
        }
        left_in_order((id, Stream::Organization), Version::ZERO, records.iter().map(|record| record.version))?;
        left_in_order((id, Stream::Ledger), Version::ZERO, entries.iter().map(|entry| entry.version))?;
        let (mut organization, mut ledger) = (self.unknown(id), Ledger::new(id, self.settings()));
        let (mut kept, mut kept_ledger) = (None, None);
        if begins(records.first().map(|record| record.version)) {
            kept = self.store.load(id, 1).await?.snapshot;
            let stands = kept.as_ref().map_or(Version::ZERO, |kept| kept.version());
            let (before, after) = records.split_at(records.partition_point(|record| record.version <= stands));
            before.iter().for_each(|record| organization.apply(record));
            kept = kept.filter(|kept| !is_of(&organization, kept));
            after.iter().for_each(|record| organization.apply(record));
        } else {
            organization = self.load_organization(id).await?;
        }
        if begins(entries.first().map(|entry| entry.version)) {
            kept_ledger = self.store.load_ledger(id, 1).await?.snapshot;
            let stands = kept_ledger.as_ref().map_or(Version::ZERO, |kept| kept.version());
            let (before, after) = entries.split_at(entries.partition_point(|entry| entry.version <= stands));
            before.iter().for_each(|entry| ledger.apply(entry));
            kept_ledger = kept_ledger.filter(|kept| !is_of_ledger((&ledger, self.settings()), kept));
            after.iter().for_each(|entry| ledger.apply(entry));
        } else {
            ledger = self.load_ledger(id).await?;
        }
        let snapshots = [
            kept.map(|kept| (Stream::Organization, kept.version())),
            kept_ledger.map(|kept| (Stream::Ledger, kept.version())),
        ];
        let snapshots = snapshots.into_iter().flatten().collect();
        Ok(Whole { organization, ledger, sheets, operations: operations(&records), snapshots })
    }

    /// Every key that follows from what an organization is.
    #[cfg(feature = "kit")]
    pub(crate) async fn keys_meant(&self, organization: OrgId) -> Result<Vec<(Key, Place)>, StoreError> {
        Ok(self.whole(organization).await?.keys().into_iter().collect())
    }

    async fn unlike(&self, whole: &Whole) -> Result<Vec<Unlike>, StoreError> {
        let organization = whole.organization.id();
        let snapshots =
            whole.snapshots.iter().map(|(stream, version)| (Derived::Snapshot(*stream, *version), Wrong::Other));
        let mut found: Vec<_> = snapshots.collect();
        found.extend(self.keys_unlike(whole).await?);
        if self.store.keeps_rows() {
            found.extend(self.rows_unlike(whole).await?);
        }
        for (operation, written) in &whole.operations {
            let wrong = match self.store.operation(organization, *operation).await? {
                Some(kept) if kept == *written => continue,
                Some(_) => Wrong::Other,
                None => Wrong::Missing,
            };
            found.push((Derived::Operation(*operation), wrong));
        }
        Ok(found.into_iter().map(|(what, wrong)| Unlike { organization, what, wrong }).collect())
    }

    async fn keys_unlike(&self, whole: &Whole) -> Result<Vec<(Derived, Wrong)>, StoreError> {
        let (organization, expected) = (whole.organization.id(), whole.keys());
        let mut kept: BTreeSet<(Key, Place)> = keys_of(&self.store, organization).await?.into_iter().collect();
        let mut found = Vec::new();
        for (key, place) in &expected {
            if kept.remove(&(key.clone(), *place)) {
                continue;
            }
            // A store that lists none is asked for each.
            let there = self.store.find(key, Some(organization), None, usize::MAX).await?;
            if !there.contains(place) {
                found.push((Derived::Key(key.clone(), *place), Wrong::Missing));
            }
        }
        found.extend(kept.into_iter().map(|(key, place)| (Derived::Key(key, place), Wrong::Extra)));
        Ok(found)
    }

    async fn rows_unlike(&self, whole: &Whole) -> Result<Vec<(Derived, Wrong)>, StoreError> {
        let (organization, mut expected, mut found) = (whole.organization.id(), whole.rows(), Vec::new());
        let mut pages = RowPages::of(organization);
        while let Some((_, rows)) = pages.next(&self.store).await? {
            for row in rows {
                let key = row.key();
                match expected.remove(&key) {
                    Some(meant) if says(&meant) == says(&row) => {}
                    Some(_) => found.push((Derived::Row(key), Wrong::Other)),
                    None => found.push((Derived::Row(key), Wrong::Extra)),
                }
            }
        }
        found.extend(expected.into_keys().map(|key| (Derived::Row(key), Wrong::Missing)));
        Ok(found)
    }
}

/// An organization, and everything that follows from what it is.
struct Whole {
    organization: Organization,
    ledger: Ledger,
    sheets: Vec<(ResourceId, Vec<ShareRecord>)>,
    operations: BTreeMap<CommandId, Written>,
    /// Those that are not what the records make.
    snapshots: Vec<(Stream, Version)>,
}

impl Whole {
    /// Whether it is the same state of the same organization.
    fn is_like(&self, other: &Self) -> bool {
        self.organization.snapshot() == other.organization.snapshot()
            && self.ledger.snapshot() == other.ledger.snapshot()
            && (&self.sheets, &self.operations) == (&other.sheets, &other.operations)
    }

    fn keys(&self) -> BTreeSet<(Key, Place)> {
        let of_sheet = |(resource, records): &(ResourceId, Vec<ShareRecord>)| {
            Keys::standing_of_sheet(self.organization.id(), *resource, records)
        };
        Keys::standing(&self.organization).into_iter().chain(self.sheets.iter().flat_map(of_sheet)).collect()
    }

    fn rows(&self) -> BTreeMap<RowKey, Row> {
        let of_sheet = |(resource, records): &(ResourceId, Vec<ShareRecord>)| {
            rows_of_sheet(&Sheet::replay(self.organization.id(), *resource, records))
        };
        let rows = rows_of(&self.organization).into_iter().chain(rows_of_ledger(&self.ledger));
        rows.chain(self.sheets.iter().flat_map(of_sheet)).map(|row| (row.key(), row)).collect()
    }
}

/// Whether a history is there from its first record on, or there is none.
fn begins(first: Option<Version>) -> bool {
    first.is_none_or(|first| first == Version::ZERO.next())
}

/// What records say of the operations that they carry out.
fn operations(records: &[Record]) -> BTreeMap<CommandId, Written> {
    let mut operations: BTreeMap<CommandId, Written> = BTreeMap::new();
    for record in records {
        let Some(operation) = record.command else { continue };
        let written = operations.entry(operation).or_insert(Written { from: record.version, to: record.version });
        written.to = record.version;
    }
    operations
}

/// Whether a snapshot is that of an organization as its records make it. One of another catalog or crate decides nothing.
fn is_of(organization: &Organization, kept: &organization::Snapshot) -> bool {
    use organization::SnapshotError::{AnotherCatalog, Format};
    let restored = Organization::restore(organization.id(), Arc::clone(organization.catalog()), kept);
    matches!(restored, Err(AnotherCatalog { .. } | Format { .. })) || *kept == organization.snapshot()
}

/// The same of a ledger.
fn is_of_ledger((ledger, settings): (&Ledger, Settings), kept: &ledger::Snapshot) -> bool {
    use ledger::SnapshotError::{Format, OtherSettings};
    let restored = Ledger::restore(ledger.organization(), settings, kept);
    matches!(restored, Err(Format { .. } | OtherSettings)) || *kept == ledger.snapshot()
}

/// What a row says. A store may have no NUL in a text.
fn says(row: &Row) -> Vec<Value> {
    let without = |value| match value {
        Value::Text(text) if text.contains('\0') => Value::Text(text.replace('\0', "")),
        value => value,
    };
    row.values().into_iter().map(without).collect()
}

/// Others keep writing while it is verified.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the organization is written to all the time")]
struct Busy;
