//! Snapshots, and what they stand for.

use rusqlite::{Connection, OptionalExtension, params};
use std::vec::Vec;

use super::append::is_there;
use super::error::Trouble;
use super::wire::{self, Hash, Id, Number, clamped};
use crate::id::OrgId;
use crate::store::Stream;
use crate::store::json::{Digest, FORMAT, Link};
use crate::version::Version;

/// A snapshot as text.
pub(super) struct Encoded {
    pub(super) organization: OrgId,
    pub(super) stream: Stream,
    pub(super) version: Version,
    pub(super) text: std::string::String,
}

/// Keeps a snapshot, unless there is a newer one.
pub(super) fn keep(connection: &Connection, snapshot: &Encoded) -> Result<(), Trouble> {
    let (organization, (kind, _)) = (Id::from(snapshot.organization), wire::of_stream(snapshot.stream));
    if !is_there(connection, organization)? {
        return Ok(());
    }
    let digest = Hash(Digest::of(&snapshot.text));
    connection
        .prepare_cached(
            "INSERT INTO snapshot (organization, kind, version, format, body, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (organization, kind) DO UPDATE
             SET version = excluded.version, format = excluded.format, body = excluded.body, digest = excluded.digest
             WHERE version <= excluded.version",
        )?
        .execute(params![organization, kind, Number(snapshot.version), FORMAT, snapshot.text, digest])?;
    Ok(())
}

/// Forgets records as far as a snapshot stands for them, and keeps what the proof of the others goes on from.
pub(super) fn compact(
    connection: &Connection,
    (organization, stream): (OrgId, Stream),
    up_to: Version,
) -> Result<(), Trouble> {
    let (organization, (kind, resource)) = (Id::from(organization), wire::of_stream(stream));
    let mut stands = connection.prepare_cached("SELECT version FROM snapshot WHERE organization = ?1 AND kind = ?2")?;
    let stands = stands.query_row(params![organization, kind], |row| row.get::<_, Number>(0)).optional()?;
    let Some(Number(stands)) = stands else { return Ok(()) };
    let up_to = Version::from_u64(up_to.min(stands).as_u64().min(clamped(u64::MAX).unsigned_abs()));

    let mut base = compacted(connection, organization, kind)?;
    let mut going = connection.prepare_cached(
        "SELECT version, digest, link FROM record
         WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version <= ?4
         AND version < (SELECT version FROM stream WHERE organization = ?1 AND kind = ?2 AND resource = ?3) ORDER BY version",
    )?;
    let mut found = going.query(params![organization, kind, resource, Number(up_to)])?;
    while let Some(row) = found.next()? {
        let (Number(version), Hash(digest), link) = (row.get(0)?, row.get(1)?, row.get::<_, Option<Hash>>(2)?);
        base.version = version;
        base.digests.push(digest);
        if let Some(Hash(link)) = link {
            base.link = link;
            base.digests.clear();
        }
    }
    connection
        .prepare_cached("DELETE FROM record WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version <= ?4")?
        .execute(params![organization, kind, resource, Number(base.version)])?;
    let digests: Vec<u8> = base.digests.iter().flat_map(|digest| digest.to_bytes()).collect();
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO compacted (organization, kind, version, link, digests) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![organization, kind, Number(base.version), Hash(base.link), digests])?;
    Ok(())
}

/// What the records of a stream follow that are still there.
#[derive(Debug, Default)]
pub(super) struct Base {
    pub(super) version: Version,
    /// Of the last append that is gone as a whole.
    pub(super) link: Link,
    /// Of the records after that.
    pub(super) digests: Vec<Digest>,
}

pub(super) fn compacted(connection: &Connection, organization: Id, kind: u8) -> Result<Base, rusqlite::Error> {
    let sql = "SELECT version, link, digests FROM compacted WHERE organization = ?1 AND kind = ?2";
    let to_base = |row: &rusqlite::Row<'_>| {
        let (Number(version), Hash(link), digests) = (row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?);
        let digests = digests.chunks_exact(32).filter_map(|digest| digest.try_into().ok()).map(Digest::from_bytes);
        Ok(Base { version, link, digests: digests.collect() })
    };
    let base = connection.prepare_cached(sql)?.query_row(params![organization, kind], to_base).optional()?;
    Ok(base.unwrap_or_default())
}
