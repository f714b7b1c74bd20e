//! The tables of rows: statements made of what each says of itself.

use std::collections::BTreeMap;
use std::format;
use std::string::String;
use std::vec::Vec;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, params_from_iter};
use serde_json::{Map, Value as Json};

use super::error::{SqliteError, Trouble};
use super::prepared::BoundRows;
use super::wire::{Bound, clamped};
use crate::id::OrgId;
use crate::rows::{Column, ColumnType, Row, RowKey, Table, Value};
use crate::store::StoreError;

/// The statements of every table.
#[derive(Debug)]
pub(super) struct Tables(BTreeMap<Table, Statements>);

#[derive(Debug)]
struct Statements {
    put: String,
    delete: String,
    erase: String,
    /// The rows of an organization in order, from the first on and after one.
    first: String,
    next: String,
}

impl Tables {
    pub(super) fn new() -> Self {
        Self(Table::ALL.iter().map(|table| (*table, Statements::of(*table))).collect())
    }

    fn of(&self, table: Table) -> Result<&Statements, StoreError> {
        self.0.get(&table).ok_or_else(|| StoreError::Fatal("a table that is not among all tables".into()))
    }

    /// Puts and deletes what changes.
    pub(super) fn change(&self, connection: &Connection, rows: &BoundRows) -> Result<(), Trouble> {
        let execute = |sql: &str, values: &[Value]| {
            connection.prepare_cached(sql)?.execute(params_from_iter(values.iter().map(Bound))).map(|_| ())
        };
        for (table, values) in &rows.put {
            execute(&self.of(*table)?.put, values)?;
        }
        for (table, values) in &rows.deleted {
            execute(&self.of(*table)?.delete, values)?;
        }
        Ok(())
    }

    /// Removes every row of an organization.
    pub(super) fn erase(&self, connection: &Connection, organization: OrgId) -> Result<(), rusqlite::Error> {
        let id = format!("{organization}");
        self.0.values().try_for_each(|sql| connection.prepare_cached(&sql.erase)?.execute([&id]).map(|_| ()))
    }

    /// The rows of an organization in a table, in order.
    pub(super) fn page(
        &self,
        connection: &Connection,
        (organization, table): (OrgId, Table),
        after: Option<&RowKey>,
        limit: usize,
    ) -> Result<Vec<Row>, Trouble> {
        let sql = self.of(table)?;
        let (sql, mut bound) = match after.filter(|after| after.table() == table) {
            Some(after) if after.organization() > organization => return Ok(Vec::new()),
            Some(after) if after.organization() == organization => (&sql.next, after.values()),
            _ => (&sql.first, [Value::Text(format!("{organization}"))].into()),
        };
        bound.push(Value::Integer(clamped(limit)));
        let mut page = connection.prepare_cached(sql)?;
        let mut found = page.query(params_from_iter(bound.iter().map(Bound)))?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            rows.push(read(table, row)?);
        }
        Ok(rows)
    }
}

impl Statements {
    fn of(table: Table) -> Self {
        let (columns, key) = (names(table.columns()), table.key());
        let marks = |count: usize| (1..=count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ");
        let is = key.iter().enumerate().map(|(at, column)| format!("{} = ?{}", column.name, at.saturating_add(1)));
        let ordered = |after: &str, limit: usize| {
            let order = names(key);
            format!("SELECT {columns} FROM {table} WHERE organization_id = ?1{after} ORDER BY {order} LIMIT ?{limit}")
        };
        let rest = key.get(1..).unwrap_or_default();
        let next = if rest.is_empty() {
            " AND FALSE".into() // one row, and it was seen
        } else {
            let marks: Vec<String> = (2..=key.len()).map(|n| format!("?{n}")).collect();
            format!(" AND ({}) > ({})", names(rest), marks.join(", "))
        };
        Self {
            put: format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({})", marks(table.columns().len())),
            delete: format!("DELETE FROM {table} WHERE {}", is.collect::<Vec<_>>().join(" AND ")),
            erase: format!("DELETE FROM {table} WHERE organization_id = ?1"),
            first: ordered("", 2),
            next: ordered(&next, key.len().saturating_add(1)),
        }
    }
}

/// The names of columns, as a list.
pub(super) fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// A row of its columns: in serde it is what they hold.
fn read(table: Table, row: &rusqlite::Row<'_>) -> Result<Row, Trouble> {
    let mut fields = Map::new();
    for (at, column) in table.columns().iter().enumerate() {
        fields.insert(column.name.into(), field(column.holds, row.get_ref(at)?).map_err(damaged)?);
    }
    let row = Map::from_iter([(table.name().into(), Json::Object(fields))]);
    serde_json::from_value(Json::Object(row)).map_err(|why| damaged(why.into()))
}

fn field(
    holds: ColumnType,
    value: ValueRef<'_>,
) -> Result<Json, std::boxed::Box<dyn core::error::Error + Send + Sync>> {
    Ok(match (holds, value) {
        (_, ValueRef::Null) => Json::Null,
        (ColumnType::Text, value) => value.as_str()?.into(),
        (ColumnType::Integer, value) => value.as_i64()?.into(),
        (ColumnType::Boolean, value) => (value.as_i64()? != 0).into(),
        (ColumnType::List, value) => serde_json::from_str(value.as_str()?)?,
    })
}

fn damaged(why: std::boxed::Box<dyn core::error::Error + Send + Sync>) -> Trouble {
    Trouble::Store(SqliteError::Damaged(why).into())
}
