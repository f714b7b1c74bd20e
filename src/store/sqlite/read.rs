//! Reading: records and snapshots, decoded where they are what was written.

use std::boxed::Box;
use std::format;
use std::string::String;
use std::vec::Vec;

use rusqlite::{Connection, OptionalExtension, params};
use serde::de::DeserializeOwned;

use super::error::Trouble;
use super::rewrite::compacted;
use super::wire::{self, Hash, Number, clamped};
use crate::change::Record;
use crate::id::OrgId;
use crate::ledger::Entry;
use crate::sharing::ShareRecord;
use crate::store::json::{Body, Digest, Link, Unreadable};
use crate::store::{Loaded, Stream, Untrue};
use crate::version::Version;

/// What has a version of its own, which is the one that it is kept as.
pub(super) trait Versioned: DeserializeOwned {
    fn version(&self) -> Version;
}

macro_rules! versioned {
    ($($record:ty),+) => {$(
        impl Versioned for $record {
            fn version(&self) -> Version {
                self.version
            }
        }
    )+};
}

versioned!(Record, Entry, ShareRecord);

/// The records of a stream after a version, in order.
pub(super) fn records<V: Versioned, R: From<V>>(
    connection: &Connection,
    (organization, stream): (OrgId, Stream),
    after: Version,
    limit: usize,
) -> Result<Vec<R>, Trouble> {
    let (kind, resource) = wire::of_stream(stream);
    let mut page = connection.prepare_cached(
        "SELECT version, format, body, ifnull(redacted, digest) FROM record
         WHERE organization = ?1 AND kind = ?2 AND resource = ?3 AND version > ?4 ORDER BY version LIMIT ?5",
    )?;
    let bound = params![wire::Id::from(organization), kind, resource, Number(after), clamped(limit)];
    let mut found = page.query(bound)?;
    let (mut records, mut last) = (Vec::new(), after);
    while let Some(row) = found.next()? {
        let (Number(version), format, Hash(digest)) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let text = row.get_ref(2)?.as_str().map_err(|why| damaged((organization, stream, version), why))?;
        let body = Body { organization, stream, version, format, text };
        let record: V = decode(&body, digest)?;
        if record.version() != version {
            let why = format!("it says that it is of version {}", record.version());
            return Err(damaged((organization, stream, version), why).into());
        }
        if version != last.next() && !records.is_empty() {
            return Err(gap((organization, stream), last, version).into());
        }
        last = version;
        records.push(record.into());
    }
    if records.len() < limit {
        // Of a page that is damaged some records can be missing that nobody would miss.
        let head = head(connection, organization, stream)?.map_or(Version::ZERO, |(version, _)| version);
        if head > last {
            return Err(gap((organization, stream), last, head).into());
        }
    }
    Ok(records)
}

/// Where a stream says of itself that it ends.
pub(super) fn head(
    connection: &Connection,
    organization: OrgId,
    stream: Stream,
) -> Result<Option<(Version, Link)>, rusqlite::Error> {
    let (kind, resource) = wire::of_stream(stream);
    let sql = "SELECT version, link FROM stream WHERE organization = ?1 AND kind = ?2 AND resource = ?3";
    let to_head = |row: &rusqlite::Row<'_>| Ok((row.get::<_, Number>(0)?.0, row.get::<_, Hash>(1)?.0));
    connection.prepare_cached(sql)?.query_row(params![wire::Id::from(organization), kind, resource], to_head).optional()
}

fn gap((organization, stream): (OrgId, Stream), last: Version, found: Version) -> Untrue {
    Untrue::Gap { organization, stream, expected: last.next(), found }
}

/// The newest snapshot of a stream and what follows it.
pub(super) fn load<S: DeserializeOwned, V: Versioned, R: From<V>>(
    connection: &Connection,
    (organization, stream): (OrgId, Stream),
    limit: usize,
) -> Result<Loaded<S, R>, Trouble> {
    let (kind, _) = wire::of_stream(stream);
    let sql = "SELECT version, format, body, digest FROM snapshot WHERE organization = ?1 AND kind = ?2";
    let mut snapshot = connection.prepare_cached(sql)?;
    let to_parts = |row: &rusqlite::Row<'_>| {
        Ok((row.get::<_, Number>(0)?.0, row.get(1)?, row.get::<_, String>(2)?, row.get::<_, Hash>(3)?.0))
    };
    let kept = snapshot.query_row(params![wire::Id::from(organization), kind], to_parts).optional()?;
    let Some((version, format, text, digest)) = kept else {
        let records = records::<V, R>(connection, (organization, stream), Version::ZERO, limit)?;
        return Ok(Loaded { snapshot: None, records });
    };
    let snapshot = decode(&Body { organization, stream, version, format, text: &text }, digest);
    let after = if snapshot.is_ok() { version } else { Version::ZERO };
    let records = records::<V, R>(connection, (organization, stream), after, limit)?;
    match snapshot {
        Ok(snapshot) => Ok(Loaded { snapshot: Some(Box::new(snapshot)), records }),
        // A help and no more, as long as everything that it stands for is there.
        Err(_) if compacted(connection, organization.into(), kind)?.version == Version::ZERO => {
            Ok(Loaded { snapshot: None, records })
        }
        Err(why) => Err(why.into()),
    }
}

fn decode<T: DeserializeOwned>(body: &Body<'_>, digest: Digest) -> Result<T, Unreadable> {
    let decoded = body.decode();
    match decoded {
        Ok(_) if Digest::of(body.text) != digest => {
            Err(damaged((body.organization, body.stream, body.version), "it is not the text of its digest"))
        }
        decoded => decoded,
    }
}

pub(super) fn damaged(
    (organization, stream, version): (OrgId, Stream, Version),
    why: impl core::fmt::Display,
) -> Unreadable {
    Unreadable::Damaged { organization, stream, version, why: format!("{why}") }
}
