//! The schema, and how a file comes to have the newest one.
//!
//! Ids are 16 bytes here, or none where there is no such thing, so that they are ordered as in [`Place`](crate::store::Place).

use core::fmt::Write;
use std::string::String;

use rusqlite::{Connection, TransactionBehavior};

use super::error::SqliteError;
use crate::rows::{Column, ColumnType, Table};

/// What says that a file is ours: `bail` in ASCII.
pub(super) const APPLICATION: u32 = 0x6261_696c;

/// The newest schema. A table of [`rows`](crate::rows) that is no longer as it was is a newer schema as well.
pub(super) const SCHEMA: u32 = 1;

const INTERNAL: &str = "
CREATE TABLE stream (
    organization BLOB NOT NULL,
    kind INTEGER NOT NULL,
    resource BLOB NOT NULL,
    version INTEGER NOT NULL,
    link BLOB NOT NULL,
    moment INTEGER NOT NULL,
    PRIMARY KEY (organization, kind, resource)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX stream_moment ON stream (moment);

CREATE TABLE record (
    organization BLOB NOT NULL,
    kind INTEGER NOT NULL,
    resource BLOB NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    format INTEGER NOT NULL,
    body TEXT NOT NULL,
    digest BLOB NOT NULL,
    link BLOB,
    redacted BLOB,
    PRIMARY KEY (organization, kind, resource, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE compacted (
    organization BLOB NOT NULL,
    kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    link BLOB NOT NULL,
    digests BLOB NOT NULL,
    PRIMARY KEY (organization, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE operation (
    organization BLOB NOT NULL,
    operation BLOB NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (organization, operation)
) STRICT, WITHOUT ROWID;

CREATE TABLE claim (
    key TEXT NOT NULL PRIMARY KEY,
    organization BLOB NOT NULL,
    resource BLOB NOT NULL,
    item BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX claim_organization ON claim (organization);

CREATE TABLE place (
    key TEXT NOT NULL,
    organization BLOB NOT NULL,
    resource BLOB NOT NULL,
    item BLOB NOT NULL,
    PRIMARY KEY (key, organization, resource, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_organization ON place (organization);

CREATE TABLE link_use (
    organization BLOB NOT NULL,
    link BLOB NOT NULL,
    uses INTEGER NOT NULL,
    PRIMARY KEY (organization, link)
) STRICT, WITHOUT ROWID;

CREATE TABLE snapshot (
    organization BLOB NOT NULL,
    kind INTEGER NOT NULL,
    version INTEGER NOT NULL,
    format INTEGER NOT NULL,
    body TEXT NOT NULL,
    digest BLOB NOT NULL,
    PRIMARY KEY (organization, kind)
) STRICT;

CREATE TABLE let_go (
    organization BLOB NOT NULL PRIMARY KEY,
    moment INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX let_go_moment ON let_go (moment);
";

/// The tables that are keyed by the organization as bytes, but for `let_go`.
pub(super) const INTERNAL_TABLES: [&str; 8] =
    ["stream", "record", "compacted", "operation", "claim", "place", "link_use", "snapshot"];

/// What makes a table of rows.
fn create(table: Table) -> String {
    let mut sql = String::new();
    // A text takes everything.
    let _ = writeln!(sql, "CREATE TABLE {table} (");
    for Column { name, holds, nullable } in table.columns() {
        let holds = match holds {
            ColumnType::Text | ColumnType::List => "TEXT",
            ColumnType::Integer | ColumnType::Boolean => "INTEGER",
        };
        let _ = writeln!(sql, "    {name} {holds}{},", if *nullable { "" } else { " NOT NULL" });
    }
    let _ = writeln!(sql, "    PRIMARY KEY ({})\n) STRICT, WITHOUT ROWID;", super::tables::names(table.key()));
    sql
}

/// Everything that the newest schema is made of.
fn newest() -> String {
    let mut sql = String::from(INTERNAL);
    Table::ALL.iter().for_each(|table| sql.push_str(&create(*table)));
    let _ = writeln!(sql, "PRAGMA application_id = {APPLICATION};\nPRAGMA user_version = {SCHEMA};");
    sql
}

/// Whether a file has the newest schema, can be given it, or is somebody else's.
fn is_newest(connection: &Connection) -> Result<bool, SqliteError> {
    let pragma = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0)).map_err(SqliteError::of);
    let [application, schema] = [pragma("application_id")?, pragma("user_version")?];
    let [application, schema] = [application, schema].map(|number| u32::try_from(number).unwrap_or(u32::MAX));
    if application != APPLICATION {
        let count = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        if application != 0 || schema != 0 || count.map_err(SqliteError::of)? != 0 {
            return Err(SqliteError::Foreign { application });
        }
    }
    if schema > SCHEMA { Err(SqliteError::Newer { schema, known: SCHEMA }) } else { Ok(schema == SCHEMA) }
}

/// Whether a file has the newest schema already; one that is somebody else's is refused, and nothing is changed.
pub(super) fn check(connection: &Connection) -> Result<bool, SqliteError> {
    // Of one moment: somebody may be making it just now.
    let moment = connection.unchecked_transaction().map_err(SqliteError::of)?;
    is_newest(&moment)
}

/// Gives a file the newest schema, whoever else does that at the same time.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), SqliteError> {
    if check(connection)? {
        return Ok(());
    }
    let turn = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(SqliteError::of)?;
    if !is_newest(&turn)? {
        turn.execute_batch(&newest()).map_err(SqliteError::of)?; // there is no older one yet
    }
    turn.commit().map_err(SqliteError::of)
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::store::json::Digest;

    /// A file of yesterday has the schema of its number. Whoever changes the schema, or a table of rows, gives it the next number and writes
    /// how a file comes from this one to that.
    #[test]
    fn a_schema_that_was_given_out_stays_as_it_is() {
        let digest = Digest::of(&newest()).to_string();
        assert_eq!((SCHEMA, digest.get(..16)), (1, Some("af95633122212358")));
    }
}
