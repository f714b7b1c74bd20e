//! Verifying: whether what is in the file is what was appended.

use std::vec::Vec;

use rusqlite::{Connection, OptionalExtension, params};

use super::SqliteStore;
use super::error::Trouble;
use super::read::head;
use super::rewrite::{Base, compacted};
use super::wire::{self, Hash, Id, Number, Org};
use crate::id::OrgId;
use crate::store::json::{Digest, KeptLine, KeptSnapshot, Link, Proof, Tampered};
use crate::store::{StoreError, Stream};
use crate::version::Version;

impl SqliteStore {
    /// What is not as it was appended, of one organization or of all: stream by stream, in order of versions; and snapshots that are not the
    /// text of their digest.
    ///
    /// What it cannot see: a history that was made anew or cut off by somebody who has counted its links anew, which is found by comparing a
    /// [head](Self::head) that was kept elsewhere with [what is linked](Self::link_at) there now; an append that somebody has forged at the
    /// end; a snapshot that was changed with its digest. Keys and rows are not proven: whether they are what the records make, and a snapshot
    /// as well, says [`Tenants::verify`](crate::Tenants::verify).
    ///
    /// # Shape
    /// Reads every record, each stream from one state of the file; nobody waits for it. Records that [were replaced](crate::store::Store::replace)
    /// are among the findings.
    ///
    /// # Errors
    /// As reading.
    ///
    /// # Examples
    /// See the [module](crate::store::sqlite).
    pub fn verify(&self, organization: Option<OrgId>) -> Result<Vec<Tampered>, StoreError> {
        let mut found = Vec::new();
        for (organization, stream) in self.connections.read(|connection| streams(connection, organization))? {
            found.extend(self.connections.read(|connection| verify(connection, organization, stream))?);
        }
        Ok(found)
    }

    /// Where a stream ends: its version, and what everything in it comes to. Zero and the default for one that is not there.
    ///
    /// # Errors
    /// As reading.
    pub fn head(&self, organization: OrgId, stream: Stream) -> Result<(Version, Link), StoreError> {
        let head = self.connections.read(|connection| Ok(head(connection, organization, stream)?))?;
        Ok(head.unwrap_or_default())
    }

    /// What a stream came to when it ended at a version; `None` where no append ends there, or it was compacted away.
    ///
    /// # Errors
    /// As reading.
    pub fn link_at(&self, organization: OrgId, stream: Stream, version: Version) -> Result<Option<Link>, StoreError> {
        let (kind, resource) = wire::of_stream(stream);
        self.connections.read(|connection| {
            let mut link = connection.prepare_cached(
                "SELECT link FROM record WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version = ?4
                 UNION ALL
                 SELECT link FROM stream WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version = ?4
                 LIMIT 1",
            )?;
            let bound = params![Id::from(organization), kind, resource, Number(version)];
            let link = link.query_row(bound, |row| row.get::<_, Option<Hash>>(0)).optional()?;
            Ok(link.flatten().map(|Hash(link)| link))
        })
    }
}

/// Streams that say of themselves that they are there, and those that records are of.
fn streams(connection: &Connection, organization: Option<OrgId>) -> Result<Vec<(OrgId, Stream)>, Trouble> {
    let mut streams = connection.prepare_cached(
        "SELECT organization, kind, resource FROM stream WHERE ?1 = x'' OR organization = ?1
         UNION
         SELECT organization, kind, resource FROM record WHERE ?1 = x'' OR organization = ?1
         UNION
         SELECT organization, kind, x'' FROM snapshot WHERE ?1 = x'' OR organization = ?1",
    )?;
    let to_stream = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Org>(0)?.0, wire::to_stream(row, 1)?));
    Ok(streams.query_map([Id::from(organization)], to_stream)?.collect::<Result<_, _>>()?)
}

fn verify(connection: &Connection, organization: OrgId, stream: Stream) -> Result<Vec<Tampered>, Trouble> {
    let (id, (kind, resource)) = (Id::from(organization), wire::of_stream(stream));
    let Base { version, link, digests } = match stream {
        Stream::Organization | Stream::Ledger => compacted(connection, id, kind)?,
        Stream::Sheet(_) => Base::default(),
    };
    let mut proof = Proof::after(organization, stream, version, link, digests);
    let mut lines = connection.prepare_cached(
        "SELECT version, body, digest, link, redacted FROM record
         WHERE organization = ?1 AND kind = ?2 AND resource = ?3 ORDER BY version",
    )?;
    let mut found = lines.query(params![id, kind, resource])?;
    while let Some(row) = found.next()? {
        let Number(version) = row.get(0)?;
        let (text, digest) = (whatever_text(row, 1)?, whatever(row, 2)?.unwrap_or_default());
        proof.line(&KeptLine { version, text, digest, link: whatever(row, 3)?, replaced: whatever(row, 4)? });
    }
    if matches!(stream, Stream::Organization | Stream::Ledger) {
        let sql = "SELECT version, body, digest FROM snapshot WHERE organization = ?1 AND kind = ?2";
        let mut snapshot = connection.prepare_cached(sql)?;
        let mut found = snapshot.query(params![id, kind])?;
        while let Some(row) = found.next()? {
            let Number(version) = row.get(0)?;
            let (text, digest) = (whatever_text(row, 1)?, whatever(row, 2)?.unwrap_or_default());
            proof.snapshot(&KeptSnapshot { version, text, digest });
        }
    }
    Ok(proof.end(head(connection, organization, stream)?))
}

/// A text that is none is not what was written, whatever it is.
fn whatever_text<'a>(row: &'a rusqlite::Row<'_>, at: usize) -> Result<&'a str, rusqlite::Error> {
    Ok(row.get_ref(at)?.as_str().unwrap_or_default())
}

/// A digest, or something that is none and so is that of nothing.
fn whatever(row: &rusqlite::Row<'_>, at: usize) -> Result<Option<Digest>, rusqlite::Error> {
    let bytes = row.get_ref(at)?.as_blob_or_null().unwrap_or(Some(&[]));
    Ok(bytes.map(|bytes| bytes.try_into().map(Digest::from_bytes).unwrap_or_default()))
}
