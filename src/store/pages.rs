//! Pages: what a store lists beside the records of an organization, from the first to the last.

use alloc::vec::Vec;

use crate::id::OrgId;
use crate::limits::LOADED_TOGETHER_MAX;
use crate::rows::{Row, RowKey, Table};
#[cfg(feature = "json")]
use crate::store::Stream;
use crate::store::{AsyncStore, Key, Place, StoreError};

/// Every key of an organization; none of a store that lists none.
pub(crate) async fn keys_of(store: &impl AsyncStore, organization: OrgId) -> Result<Vec<(Key, Place)>, StoreError> {
    let mut keys: Vec<(Key, Place)> = Vec::new();
    loop {
        let some = store.keys(organization, keys.last(), LOADED_TOGETHER_MAX).await?;
        if some.is_empty() {
            return Ok(keys);
        }
        keys.extend(some);
    }
}

/// The rows of an organization, table after table, as far as they are read.
#[derive(Debug)]
pub(crate) struct RowPages {
    organization: OrgId,
    tables: Vec<Table>,
    after: Option<RowKey>,
}

impl RowPages {
    pub(crate) fn of(organization: OrgId) -> Self {
        Self { organization, tables: Table::ALL.iter().rev().copied().collect(), after: None }
    }

    /// Those of the tables that a stream fills; others may fill them as well.
    #[cfg(feature = "json")]
    pub(crate) fn of_stream(organization: OrgId, stream: Stream) -> Self {
        let mut pages = Self::of(organization);
        pages.tables.retain(|table| stream.fills(*table));
        pages
    }

    /// The next rows of one table, at least one; `None` after the last.
    pub(crate) async fn next(&mut self, store: &impl AsyncStore) -> Result<Option<(Table, Vec<Row>)>, StoreError> {
        while let Some(table) = self.tables.last().copied() {
            let rows = store.rows(self.organization, table, self.after.as_ref(), LOADED_TOGETHER_MAX).await?;
            self.after = rows.last().map(Row::key);
            if self.after.is_some() {
                return Ok(Some((table, rows)));
            }
            self.tables.pop();
        }
        Ok(None)
    }
}
