//! Loading: from the newest snapshot on, page by page, and nothing that does not follow.

use std::string::{String, ToString};
use std::sync::Arc;
use std::vec::Vec;

use super::AsyncTenants;
use super::told::{told, told_version};
use crate::change::Record;
use crate::id::OrgId;
use crate::ledger::{Entry, Ledger};
use crate::limits::LOADED_TOGETHER_MAX;
use crate::organization::Organization;
use crate::store::{AsyncStore, Key, Loaded, Place, Snapshot, StoreError, Stream, Untrue};
use crate::version::Version;

/// What follows a version.
#[derive(Debug)]
pub(super) enum Page<R> {
    /// As much as is loaded together, each the next one.
    Next(Vec<R>),
    /// It was compacted away: begin anew.
    Compacted,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// An organization as the store has it; one before its first event, if it has none.
    pub(crate) async fn load_organization(&self, id: OrgId) -> Result<Organization, StoreError> {
        told!("load" { organization = id }, self.replay_organization(id))
    }

    async fn replay_organization(&self, id: OrgId) -> Result<Organization, StoreError> {
        let (mut organization, mut unreadable) = (self.unknown(id), None);
        let Loaded { snapshot, mut records } = self.store.load(id, LOADED_TOGETHER_MAX).await?;
        if let Some(snapshot) = snapshot {
            match Organization::restore(id, Arc::clone(&self.catalog), &snapshot) {
                Ok(restored) => organization = restored,
                Err(why) => {
                    // Made under another catalog, or by another version of the crate: the records say the same.
                    unreadable = Some(why.to_string());
                    records = self.store.records(id, Version::ZERO, LOADED_TOGETHER_MAX).await?;
                }
            }
        }
        let (stream, begun) = ((id, Stream::Organization), organization.version());
        has_head(stream, begun, records.first().map(|record| record.version), unreadable)?;
        loop {
            in_order(stream, organization.version(), records.iter().map(|record| record.version))?;
            records.iter().for_each(|record| organization.apply(record));
            if records.len() < LOADED_TOGETHER_MAX {
                break;
            }
            records = self.store.records(id, organization.version(), LOADED_TOGETHER_MAX).await?;
        }
        if self.keeps_snapshot(begun, organization.version()) {
            let _ = self.store.keep(Snapshot::Organization(&organization.snapshot())).await; // a help, and no more
        }
        told_version!(organization.version());
        Ok(organization)
    }

    /// A ledger as the store has it; one before its first entry, if it has none.
    pub(crate) async fn load_ledger(&self, id: OrgId) -> Result<Ledger, StoreError> {
        told!("load_ledger" { organization = id }, self.replay_ledger(id))
    }

    async fn replay_ledger(&self, id: OrgId) -> Result<Ledger, StoreError> {
        let (mut ledger, mut unreadable) = (Ledger::new(id, self.settings()), None);
        let Loaded { snapshot, records: mut entries } = self.store.load_ledger(id, LOADED_TOGETHER_MAX).await?;
        if let Some(snapshot) = snapshot {
            match Ledger::restore(id, self.settings(), &snapshot) {
                Ok(restored) => ledger = restored,
                Err(why) => {
                    unreadable = Some(why.to_string());
                    entries = self.store.entries(id, Version::ZERO, LOADED_TOGETHER_MAX).await?;
                }
            }
        }
        let (stream, begun) = ((id, Stream::Ledger), ledger.version());
        has_head(stream, begun, entries.first().map(|entry| entry.version), unreadable)?;
        loop {
            in_order(stream, ledger.version(), entries.iter().map(|entry| entry.version))?;
            entries.iter().for_each(|entry| ledger.apply(entry));
            if entries.len() < LOADED_TOGETHER_MAX {
                break;
            }
            entries = self.store.entries(id, ledger.version(), LOADED_TOGETHER_MAX).await?;
        }
        if self.keeps_snapshot(begun, ledger.version()) {
            let _ = self.store.keep(Snapshot::Ledger(&ledger.snapshot())).await;
        }
        told_version!(ledger.version());
        Ok(ledger)
    }

    /// Where a key leads, in order, after a place: who goes through pages of it comes to an end.
    pub(super) async fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let places = self.store.find(key, within, after, limit).await?;
        let is_next = places.first().is_none_or(|first| after.is_none_or(|after| *first > after));
        let in_order = is_next && places.is_sorted_by(|one, next| one < next);
        if in_order { Ok(places) } else { Err(Untrue::NoOrder(key.clone()).into()) }
    }

    /// Records after a version, as many as are loaded together.
    pub(super) async fn load_page(&self, id: OrgId, after: Version) -> Result<Page<Record>, StoreError> {
        let page = self.store.records(id, after, LOADED_TOGETHER_MAX).await?;
        next_page((id, Stream::Organization), after, page, |record| record.version)
    }

    /// Entries after a version, as many as are loaded together.
    pub(super) async fn load_entries(&self, id: OrgId, after: Version) -> Result<Page<Arc<Entry>>, StoreError> {
        let page = self.store.entries(id, after, LOADED_TOGETHER_MAX).await?;
        next_page((id, Stream::Ledger), after, page, |entry| entry.version)
    }

    /// Whether so much was replayed that the next one shall have it easier.
    fn keeps_snapshot(&self, begun: Version, version: Version) -> bool {
        let replayed = version.as_u64().saturating_sub(begun.as_u64());
        self.replayed_max.is_some_and(|most| replayed > most)
    }
}

/// Whether what is left of a history after a version is in order; its beginning may have been compacted away.
pub(super) fn left_in_order(
    stream: (OrgId, Stream),
    after: Version,
    mut versions: impl Iterator<Item = Version>,
) -> Result<(), Untrue> {
    match versions.next() {
        Some(first) if first > after => in_order(stream, first, versions),
        Some(first) => in_order(stream, after, [first].into_iter()),
        None => Ok(()),
    }
}

fn next_page<R>(
    stream: (OrgId, Stream),
    after: Version,
    page: Vec<R>,
    version: impl Fn(&R) -> Version,
) -> Result<Page<R>, StoreError> {
    // Somebody has compacted what follows, or the store lies: loading tells which.
    if page.first().is_some_and(|first| version(first) > after.next()) {
        return Ok(Page::Compacted);
    }
    in_order(stream, after, page.iter().map(version))?;
    Ok(Page::Next(page))
}

/// Whether a stream goes on where a snapshot ends, or begins with its first record.
fn has_head(
    (organization, stream): (OrgId, Stream),
    begun: Version,
    first: Option<Version>,
    unreadable: Option<String>,
) -> Result<(), Untrue> {
    match (first, unreadable) {
        (Some(first), Some(why)) if first > begun.next() => Err(Untrue::Headless { organization, stream, first, why }),
        (None, Some(why)) => Err(Untrue::Headless { organization, stream, first: begun, why }),
        _ => Ok(()),
    }
}

/// Whether versions follow each other, after one.
pub(super) fn in_order(
    (organization, stream): (OrgId, Stream),
    after: Version,
    versions: impl Iterator<Item = Version>,
) -> Result<(), Untrue> {
    let mut expected = after.next();
    for found in versions {
        if found != expected {
            return Err(Untrue::Gap { organization, stream, expected, found });
        }
        expected = expected.next();
    }
    Ok(())
}
