//! Histories: everything that a store has of one organization, page by page.

use std::sync::Arc;
use std::vec::Vec;

use crate::change::Record;
use crate::id::{OrgId, ResourceId};
use crate::ledger::Entry;
use crate::limits::LOADED_TOGETHER_MAX;
use crate::sharing::ShareRecord;
use crate::store::{AsyncStore, Batch, StoreError};
use crate::version::Version;

/// What was read together; at least one of them.
#[derive(Debug)]
pub(super) enum Page {
    Records(Vec<Record>),
    Entries(Vec<Arc<Entry>>),
    Sheet(ResourceId, Vec<ShareRecord>),
}

impl Page {
    /// As it is written.
    pub(super) fn batch(&self) -> Batch<'_> {
        match self {
            Self::Records(records) => Batch::Organization(records),
            Self::Entries(entries) => Batch::Ledger(entries),
            Self::Sheet(resource, records) => Batch::Sheet(*resource, records),
        }
    }
}

/// The streams of an organization, one after the other, as far as they are read.
#[derive(Debug)]
pub(super) struct History {
    organization: OrgId,
    at: At,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Records(Version),
    Entries(Version),
    Sheets(Option<ResourceId>),
}

impl History {
    pub(super) const fn of(organization: OrgId) -> Self {
        Self { organization, at: At::Records(Version::ZERO) }
    }

    /// What comes next; `None` after the last.
    pub(super) async fn next(&mut self, store: &impl AsyncStore) -> Result<Option<Page>, StoreError> {
        let organization = self.organization;
        loop {
            match self.at {
                At::Records(after) => {
                    let records = store.records(organization, after, LOADED_TOGETHER_MAX).await?;
                    let last = records.last().map(|record| record.version);
                    self.at = last.map_or(At::Entries(Version::ZERO), At::Records);
                    if last.is_some() {
                        return Ok(Some(Page::Records(records)));
                    }
                }
                At::Entries(after) => {
                    let entries = store.entries(organization, after, LOADED_TOGETHER_MAX).await?;
                    let last = entries.last().map(|entry| entry.version);
                    self.at = last.map_or(At::Sheets(None), At::Entries);
                    if last.is_some() {
                        return Ok(Some(Page::Entries(entries)));
                    }
                }
                At::Sheets(after) => {
                    let Some(resource) = store.resources(organization, after, 1).await?.first().copied() else {
                        return Ok(None);
                    };
                    self.at = At::Sheets(Some(resource));
                    if let Some((_, records)) = store.load_sheets(organization, &[resource]).await?.pop() {
                        return Ok(Some(Page::Sheet(resource, records)));
                    }
                }
            }
        }
    }
}
