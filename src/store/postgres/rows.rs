//! Rows: to the tables as JSON, which the server takes apart, and back.

use std::format;
use std::string::{String, ToString};
use std::vec::Vec;

use serde_json::{Map, Value as Json};
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::schema::{names, type_of};
use super::wire::{self, column};
use crate::id::OrgId;
use crate::rows::{Column, Row, RowKey, Table, Value};
use crate::store::StoreError;
use crate::store::json::{Unreadable, encode};

impl PostgresStore {
    pub(super) async fn rows_after(
        &self,
        organization: OrgId,
        table: Table,
        after: Option<&RowKey>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        let after = match after {
            Some(key) if key.table() > table => return Ok(Vec::new()),
            Some(key) if key.table() == table => Some(texts(key.values())),
            _ => None,
        };
        let sql = select(table, after.is_some());
        let (id, organization, most) = (organization, organization.to_string(), wire::limit(limit));
        let mut parameters: Vec<&(dyn ToSql + Sync)> = std::vec![&organization, &most];
        parameters.extend(after.iter().flatten().map(|text| text as &(dyn ToSql + Sync)));
        let rows = self.ask(&sql, &parameters).await?;
        rows.iter().map(|row| read((id, table), &column::<String>(row, 0)?)).collect()
    }
}

/// The rows of an organization in the order of their keys, as JSON; after a key, if there is one.
fn select(table: Table, is_after: bool) -> String {
    let (columns, key) = (names(table.columns()).join(", "), names(table.key()).join(", "));
    let marks = |(at, column): (usize, &Column)| format!("${}::text::{}", at.saturating_add(3), type_of(column));
    let after: Vec<String> = table.key().iter().enumerate().map(marks).collect();
    let condition = if is_after { format!(" and ({key}) > ({})", after.join(", ")) } else { String::new() };
    format!(
        "select row_to_json(r)::text from (select {columns} from @{table} \
         where organization_id = $1::text::uuid{condition} order by {key} limit $2::bigint) as r"
    )
}

fn read((organization, table): (OrgId, Table), text: &str) -> Result<Row, StoreError> {
    let row = format!("{{\"{table}\":{text}}}");
    let row = serde_json::from_str(&row);
    row.map_err(|why| Unreadable::Row { organization, table, why: why.to_string() }.into())
}

pub(super) fn json_of_rows<'a>(rows: impl Iterator<Item = &'a Row>) -> Result<String, StoreError> {
    encode(&rows.map(|row| json(row.table().columns(), row.values())).collect::<Vec<_>>())
}

pub(super) fn json_of_keys<'a>(keys: impl Iterator<Item = &'a RowKey>) -> Result<String, StoreError> {
    encode(&keys.map(|key| json(key.table().key(), key.values())).collect::<Vec<_>>())
}

fn json(columns: &[Column], values: Vec<Value>) -> Json {
    let fields = columns.iter().zip(values).map(|(column, value)| (column.name.to_string(), json_of(value)));
    Json::Object(fields.collect::<Map<String, Json>>())
}

/// What stands in a column. A text of the server has no NUL, so that one with it loses it.
fn json_of(value: Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Text(text) if text.contains('\0') => Json::String(text.replace('\0', "")),
        Value::Text(text) => Json::String(text),
        Value::Integer(number) => Json::from(number),
        Value::Boolean(yes) => Json::Bool(yes),
        Value::List(texts) => Json::from(texts),
    }
}

/// The values of a key, as texts that the server reads.
fn texts(values: Vec<Value>) -> Vec<Option<String>> {
    let text = |value| match value {
        Value::Null => None,
        Value::Text(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(yes) => Some(yes.to_string()),
        Value::List(texts) => Some(Json::from(texts).to_string()), // no key has one
    };
    values.into_iter().map(text).collect()
}
