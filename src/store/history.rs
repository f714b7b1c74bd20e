//! Histories: everything that a store has of one organization, page by page.

use alloc::sync::Arc;
use alloc::vec;
use alloc::vec::Vec;

use crate::change::Record;
use crate::id::{OrgId, ResourceId};
use crate::ledger::Entry;
use crate::limits::{LOADED_TOGETHER_MAX, PLACES_TOGETHER_MAX};
use crate::sharing::ShareRecord;
#[cfg(feature = "json")]
use crate::store::Batch;
use crate::store::{AsyncStore, StoreError};
use crate::version::Version;

/// What was read together; at least one of them.
#[derive(Debug)]
pub(crate) enum Page {
    Records(Vec<Record>),
    Entries(Vec<Arc<Entry>>),
    Sheet(ResourceId, Vec<ShareRecord>),
}

#[cfg(feature = "json")]
impl Page {
    /// As it is written.
    pub(crate) fn batch(&self) -> Batch<'_> {
        match self {
            Self::Records(records) => Batch::Organization(records),
            Self::Entries(entries) => Batch::Ledger(entries),
            Self::Sheet(resource, records) => Batch::Sheet(*resource, records),
        }
    }
}

/// The streams of an organization, one after the other, as far as they are read: its records, its entries, its sheets.
#[derive(Debug)]
pub(crate) struct History {
    organization: OrgId,
    at: At,
    /// Sheets that were read with the one before.
    sheets: vec::IntoIter<(ResourceId, Vec<ShareRecord>)>,
}

#[derive(Clone, Copy, Debug)]
enum At {
    Records(Version),
    Entries(Version),
    Sheets(Option<ResourceId>),
}

impl History {
    pub(crate) fn of(organization: OrgId) -> Self {
        Self { organization, at: At::Records(Version::ZERO), sheets: Vec::new().into_iter() }
    }

    #[cfg(feature = "json")]
    pub(crate) const fn organization(&self) -> OrgId {
        self.organization
    }

    /// What comes next; `None` after the last. After trouble it goes on where it was.
    pub(crate) async fn next(&mut self, store: &impl AsyncStore) -> Result<Option<Page>, StoreError> {
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
                    if let Some((resource, records)) = self.sheets.next() {
                        return Ok(Some(Page::Sheet(resource, records)));
                    }
                    let resources = store.resources(organization, after, PLACES_TOGETHER_MAX).await?;
                    let Some(last) = resources.last().copied() else { return Ok(None) };
                    self.sheets = store.load_sheets(organization, &resources).await?.into_iter();
                    self.at = At::Sheets(Some(last));
                }
            }
        }
    }
}
