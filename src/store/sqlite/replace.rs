//! Replacing: records come in the place of others, whose digests stay.

use std::vec::Vec;

use rusqlite::{Connection, params};

use super::erase::let_go;
use super::error::Trouble;
use super::prepared::{BoundRows, Leads};
use super::read::head;
use super::wire::{self, Hash, Id, Number, clamped};
use super::{SqliteStore, keys};
use crate::id::OrgId;
use crate::store::json::{FORMAT, Line, lines_of};
use crate::store::{Replacement, StoreError, Stream};
use crate::version::Version;

/// What changes beside the records, made ready before the file is locked.
struct Ready {
    version: Version,
    removed: Vec<Leads>,
    added: Vec<Leads>,
    rows: BoundRows,
}

impl SqliteStore {
    pub(super) fn put_in_place(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        let of = (replacement.organization, replacement.batch.stream());
        let lines = lines_of(&replacement.batch)?;
        let beside = replacement.beside.map(|beside| Ready {
            version: beside.version,
            removed: Leads::all(&beside.keys.removed),
            added: Leads::all(&beside.keys.added),
            rows: beside.rows.into(),
        });
        let is_done = self.connections.write(|connection| {
            let Some((version, _)) = head(connection, of.0, of.1)? else {
                return Ok(beside.as_ref().is_none_or(|beside| beside.version == Version::ZERO));
            };
            if let Some(beside) = &beside {
                if beside.version != version {
                    return Ok(false);
                }
                keys::change(connection, &beside.removed, &beside.added)?;
                self.tables.change(connection, &beside.rows)?;
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
