//! What one change and one charge make a store write: taken from what the crate hands to its stores, for those who write it by hand.

use std::sync::Mutex;

use bailiwick::AsyncTenants;
use bailiwick::rows::{Column, Row, Table, Value};
use bailiwick::store::json::lines_of;
use bailiwick::store::{Append, Appended, Direct, Front, MemoryStore, Store, StoreError, Stream};

use crate::hand::sqlite::put;
use crate::world::{self, MEMBERS, Step};

/// An append of one record.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Of which kind its stream is, as the stores number them.
    pub kind: i16,
    pub body: String,
    pub rows: Vec<SampleRow>,
}

#[derive(Clone, Debug)]
pub struct SampleRow {
    pub table: Table,
    values: Vec<Value>,
    /// How SQLite is told to put it.
    pub put: String,
}

impl SampleRow {
    /// What stands in each column, for another organization and person.
    pub fn values<'v>(
        &'v self,
        [organization, user]: &'v [Value; 2],
    ) -> impl Iterator<Item = (&'static Column, &'v Value)> {
        self.table.columns().iter().zip(&self.values).map(move |(column, value)| match (self.table, column.name) {
            (_, "organization_id") => (column, organization),
            (Table::Person, "user_id") => (column, user),
            _ => (column, value),
        })
    }
}

#[derive(Clone, Debug)]
pub struct Samples {
    pub change: Sample,
    pub charge: Sample,
}

impl Samples {
    pub async fn take() -> Self {
        let tenants = AsyncTenants::new(world::catalog(), Direct(Recording::default()));
        world::found(&tenants, world::org(0), MEMBERS, "viewer").await;
        let step = |id| Step { organization: 0, member: 1, visit: 0, id };
        world::change(&tenants, step(1)).await.unwrap();
        let change = tenants.store().0.last();
        for id in 2..5 {
            world::charge(&tenants, step(id)).await.unwrap();
        }
        Self { change, charge: tenants.store().0.last() }
    }
}

#[derive(Default)]
struct Recording {
    behind: MemoryStore,
    appended: Mutex<Option<Sample>>,
}

impl Recording {
    fn last(&self) -> Sample {
        self.appended.lock().unwrap().clone().unwrap()
    }
}

impl Front for Recording {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.behind
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let lines = lines_of(&append.batch)?;
        let kind = if append.batch.stream() == Stream::Ledger { 1 } else { 0 };
        let sample = |row: &Row| SampleRow { table: row.table(), values: row.values(), put: put(row.table()) };
        let rows = append.rows.put.iter().map(sample).collect();
        let body = lines.into_iter().next_back().map(|line| line.text).unwrap();
        *self.appended.lock().unwrap() = Some(Sample { kind, body, rows });
        self.behind.append(append)
    }
}
