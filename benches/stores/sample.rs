//! What one change and one charge make a store write: taken from a store, for those who write it by hand.

use std::sync::Arc;

use bailiwick::rows::{Column, Row, Table, Value};
use bailiwick::store::json::lines_of;
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::store::{Batch, Direct, Store, Stream};
use bailiwick::{AsyncTenants, Version};

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
    /// What stands in each column, for another organization and person. Every number counts on, so that no row is what it was before: SQLite
    /// writes no page on which nothing has changed.
    pub fn values(
        &self,
        [organization, user]: &[Value; 2],
        count: i64,
    ) -> impl Iterator<Item = (&'static Column, Value)> {
        let key = self.table.key().len();
        self.table.columns().iter().zip(&self.values).enumerate().map(move |(at, (column, value))| {
            let value = match (self.table, column.name, value) {
                (_, "organization_id", _) => organization.clone(),
                (Table::Person, "user_id", _) => user.clone(),
                (_, _, Value::Integer(number)) if at >= key => Value::Integer(number.saturating_add(count)),
                _ => value.clone(),
            };
            (column, value)
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
        let tenants = AsyncTenants::new(world::catalog(), Direct(Arc::new(SqliteStore::in_memory().unwrap())));
        let (store, id) = (Arc::clone(&tenants.store().0), world::org(0));
        world::found(&tenants, id, MEMBERS, "viewer").await;
        let step = |id| Step { organization: 0, member: 1, visit: 0, id };
        let before = rows(&store);
        let outcome = world::change(&tenants, step(1)).await.unwrap();
        let change = Sample::of(&Batch::Organization(&outcome.records), &before, rows(&store));
        for id in 2..5 {
            world::charge(&tenants, step(id)).await.unwrap();
        }
        let before = rows(&store);
        world::charge(&tenants, step(5)).await.unwrap();
        let entries = store.entries(id, Version::ZERO, usize::MAX).unwrap();
        Self { change, charge: Sample::of(&Batch::Ledger(&entries), &before, rows(&store)) }
    }
}

impl Sample {
    /// Of the last of some records, and what is in the tables since then.
    fn of(records: &Batch<'_>, before: &[Row], after: Vec<Row>) -> Self {
        let sample = |row: Row| SampleRow { table: row.table(), values: row.values(), put: put(row.table()) };
        let rows = after.into_iter().filter(|row| !before.contains(row)).map(sample).collect();
        let kind = if records.stream() == Stream::Ledger { 1 } else { 0 };
        let body = lines_of(records).unwrap().pop().unwrap().text;
        Self { kind, body, rows }
    }
}

fn rows(store: &SqliteStore) -> Vec<Row> {
    Table::ALL.iter().flat_map(|table| store.rows(world::org(0), *table, None, usize::MAX).unwrap()).collect()
}
