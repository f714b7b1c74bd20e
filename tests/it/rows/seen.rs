//! What of the tables was seen to change: a law about a column that always holds the same says nothing.

use std::collections::{BTreeMap, BTreeSet};

use bailiwick::rows::{RowChanges, Table, Value};

use super::columns::holds_as_written;

/// How many different values a column shows before it has shown enough.
const ENOUGH: usize = 8;

#[derive(Default)]
pub(crate) struct Seen {
    values: BTreeMap<(Table, &'static str), BTreeSet<Value>>,
    deleted: BTreeSet<Table>,
}

impl Seen {
    pub(crate) fn note(&mut self, changes: &RowChanges) {
        for row in &changes.put {
            holds_as_written(row);
            for (column, value) in row.table().columns().iter().zip(row.values()) {
                let values = self.values.entry((row.table(), column.name)).or_default();
                if values.len() < ENOUGH {
                    values.insert(value);
                }
            }
        }
        self.deleted.extend(changes.deleted.iter().map(|key| key.table()));
        let json = serde_json::to_string(changes).unwrap();
        assert_eq!(&serde_json::from_str::<RowChanges>(&json).unwrap(), changes);
    }

    /// Every column of these tables was seen to hold different things but some, and rows of every table went that can go.
    pub(crate) fn assert_all(&self, tables: &[Table], but: &[(Table, &str)]) {
        let columns =
            tables.iter().flat_map(|table| table.columns().iter().skip(1).map(|column| (*table, column.name)));
        let dull = columns.filter(|column| self.values.get(column).map_or(0, BTreeSet::len) < 2);
        assert_eq!(dull.collect::<Vec<_>>(), but, "what always holds the same");
        for table in tables {
            let stays = [Table::Organization, Table::Balance, Table::Invitation].contains(table);
            assert_eq!(self.deleted.contains(table), !stays, "rows of {table} go, or stay");
        }
    }
}
