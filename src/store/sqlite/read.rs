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
use crate::id::OrgId;
use crate::store::json::{Body, Link, Page, Versioned};
use crate::store::{Loaded, Stream};
use crate::version::Version;

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
    let mut read = Page::after((organization, stream), after);
    while let Some(row) = found.next()? {
        let (Number(version), format, Hash(digest)) = (row.get(0)?, row.get(1)?, row.get(3)?);
        let body = Body { organization, stream, version, format, text: "" };
        let text = row.get_ref(2)?.as_str().map_err(|why| body.damaged(format!("{why}")))?;
        read.take::<V>(&Body { text, ..body }, digest)?;
    }
    let head = if read.is_full(limit) { None } else { head(connection, organization, stream)? };
    Ok(read.end(limit, head.unwrap_or_default().0)?)
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
    let snapshot = Body { organization, stream, version, format, text: &text }.decode_proven(digest);
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
