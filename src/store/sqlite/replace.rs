//! Replacing: records come in the place of others, whose digests stay.

use rusqlite::{Connection, params};

use super::SqliteStore;
use super::erase::let_go;
use super::error::Trouble;
use super::prepared::BoundRows;
use super::read::head;
use super::wire::{self, Hash, Id, Number, clamped};
use crate::id::OrgId;
use crate::store::json::{FORMAT, Line, lines_of};
use crate::store::{Replacement, StoreError, Stream};
use crate::version::Version;

impl SqliteStore {
    pub(super) fn put_in_place(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let of = (replacement.organization, replacement.batch.stream());
        let lines = lines_of(&replacement.batch)?;
        let rows = replacement.rows.map(|(version, rows)| (version, BoundRows::from(rows)));
        let is_done = self.connections.write(|connection| {
            let Some((version, _)) = head(connection, of.0, of.1)? else {
                return Ok(rows.as_ref().is_none_or(|(expected, _)| *expected == Version::ZERO));
            };
            if let Some((expected, rows)) = &rows {
                if *expected != version {
                    return Ok(false);
                }
                self.tables.change(connection, rows)?;
            }
            replace(connection, of, &lines)?;
            let_go(connection, of.0.into())?;
            Ok(true)
        })?;
        self.empty_the_journal();
        Ok(is_done)
    }
}

fn replace(connection: &Connection, (organization, stream): (OrgId, Stream), lines: &[Line]) -> Result<(), Trouble> {
    let (organization, (kind, resource)) = (Id::from(organization), wire::of_stream(stream));
    let mut replace = connection.prepare_cached(
        "UPDATE record SET at = ?5, format = ?6, body = ?7, redacted = ?8
         WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version = ?4",
    )?;
    for line in lines {
        let (version, at) = (Number(line.version), clamped(line.at.as_millis()));
        replace.execute(params![organization, kind, resource, version, at, FORMAT, line.text, Hash(line.digest)])?;
    }
    Ok(())
}
