//! Appending: judged first, then written. Runs in the transaction of whoever writes.

use rusqlite::{Connection, OptionalExtension, params};

use super::error::Trouble;
use super::keys;
use super::prepared::Prepared;
use super::read::head;
use super::tables::Tables;
use super::wire::{self, Hash, Id, Number, Org, clamped};
use crate::store::json::{FORMAT, Link};
use crate::store::{Appended, Written};

/// What becomes of an append. Nothing was written, unless it is applied.
pub(super) fn carry_out(connection: &Connection, tables: &Tables, append: &Prepared) -> Result<Appended, Trouble> {
    if let Some(operation) = append.operation {
        if let Some(written) = written(connection, append.organization.into(), operation)? {
            return Ok(Appended::Replayed(written));
        }
    }
    let (version, link) = head(connection, append.organization, append.stream)?.unwrap_or_default();
    if version != append.expected {
        return Ok(Appended::Conflict);
    }
    if let Some(by) = keys::claimed(connection, append)? {
        return Ok(Appended::Claimed { by });
    }
    keys::change(connection, &append.removed, &append.added)?;
    write_records(connection, append, link)?;
    tables.change(connection, &append.rows)?;
    Ok(Appended::Applied)
}

/// The versions that an operation has made.
pub(super) fn written(
    connection: &Connection,
    organization: Id,
    operation: Id,
) -> Result<Option<Written>, rusqlite::Error> {
    let sql = "SELECT first, last FROM operation WHERE organization = ?1 AND operation = ?2";
    let mut written = connection.prepare_cached(sql)?;
    let to_written = |row: &rusqlite::Row<'_>| {
        let (Number(from), Number(to)) = (row.get(0)?, row.get(1)?);
        Ok(Written { from, to })
    };
    written.query_row(params![organization, operation], to_written).optional()
}

fn write_records(connection: &Connection, append: &Prepared, before: Link) -> Result<(), rusqlite::Error> {
    let (organization, (kind, resource)) = (Id::from(append.organization), wire::of_stream(append.stream));
    let (last, link) = (append.last(), append.digest.link(before));
    let mut record = connection.prepare_cached(
        "INSERT INTO record (organization, kind, resource, version, at, format, body, digest, link)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    for line in &append.lines {
        let (version, at) = (Number(line.version), clamped(line.at.as_millis()));
        let link = (line.version == last).then_some(Hash(link));
        record.execute(params![
            organization,
            kind,
            resource,
            version,
            at,
            FORMAT,
            line.text,
            Hash(line.digest),
            link
        ])?;
    }
    connection
        .prepare_cached(
            "INSERT INTO stream (organization, kind, resource, version, link, moment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (organization, kind, resource)
             DO UPDATE SET version = excluded.version, link = excluded.link, moment = excluded.moment",
        )?
        .execute(params![organization, kind, resource, Number(last), Hash(link), next_moment(connection)?])?;
    if let Some(operation) = append.operation {
        connection
            .prepare_cached("INSERT INTO operation (organization, operation, first, last) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![organization, operation, Number(append.expected.next()), Number(last)])?;
    }
    Ok(())
}

/// The last moment at which something was appended or erased; zero, before there was one.
pub(super) fn last_moment(connection: &Connection) -> Result<i64, rusqlite::Error> {
    let sql = "SELECT max(ifnull((SELECT max(moment) FROM stream), 0), ifnull((SELECT max(moment) FROM let_go), 0))";
    connection.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// The moment of what is written now.
pub(super) fn next_moment(connection: &Connection) -> Result<i64, rusqlite::Error> {
    Ok(last_moment(connection)?.saturating_add(1))
}

/// Whether there is such an organization.
pub(super) fn is_there(connection: &Connection, organization: Id) -> Result<bool, rusqlite::Error> {
    connection
        .prepare_cached("SELECT organization FROM stream WHERE organization = ?1 LIMIT 1")?
        .query_row([organization], |row| row.get::<_, Org>(0))
        .optional()
        .map(|there| there.is_some())
}
