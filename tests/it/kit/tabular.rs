//! A store in memory that keeps rows, as a store of tables does; with faults of its own.

use std::collections::BTreeMap;
use std::sync::Mutex;

use bailiwick::OrgId;
use bailiwick::rows::{Row, RowKey, Table};
use bailiwick::store::{Append, Appended, Front, MemoryStore, Replacement, Store, StoreError};

/// What is wrong with the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) enum Wrong {
    #[default]
    Nothing,
    ForgetsToDelete,
    ForgetsToPut,
    PutsWhatWasRefused,
    KeepsThemAfterErasure,
    ReplacesNone,
}

#[derive(Default)]
pub(super) struct Tabular {
    pub(super) behind: MemoryStore,
    pub(super) rows: Mutex<BTreeMap<RowKey, Row>>,
    pub(super) wrong: Wrong,
}

impl Front for Tabular {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.behind
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let answer = self.behind.append(append)?;
        if answer == Appended::Applied || self.wrong == Wrong::PutsWhatWasRefused {
            if self.wrong != Wrong::ForgetsToDelete {
                append.rows.deleted.iter().for_each(|key| _ = rows.remove(key));
            }
            if self.wrong != Wrong::ForgetsToPut || append.rows.put.len() > 1 {
                rows.extend(append.rows.put.iter().map(|row| (row.key(), row.clone())));
            }
        }
        Ok(answer)
    }

    fn rows(
        &self,
        organization: OrgId,
        table: Table,
        after: Option<&RowKey>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = self.rows.lock().unwrap();
        let these = rows.iter().filter(|(key, _)| key.organization() == organization && key.table() == table);
        let rest = these.filter(|(key, _)| after.is_none_or(|after| *key > after));
        Ok(rest.take(limit).map(|(_, row)| row.clone()).collect())
    }

    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let mut rows = self.rows.lock().unwrap();
        let is_done = self.behind.replace(replacement)?;
        if let Some(beside) = replacement.beside.filter(|_| is_done && self.wrong != Wrong::ReplacesNone) {
            let changes = beside.rows;
            changes.deleted.iter().for_each(|key| _ = rows.remove(key));
            rows.extend(changes.put.iter().map(|row| (row.key(), row.clone())));
        }
        Ok(is_done)
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        if self.wrong != Wrong::KeepsThemAfterErasure {
            self.rows.lock().unwrap().retain(|key, _| key.organization() != organization);
        }
        self.behind.erase(organization)
    }
}
