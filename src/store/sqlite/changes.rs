//! Changes: what a follower has not heard of. Every commit is a moment, and moments grow in the order of commits.

use std::vec::Vec;

use rusqlite::{Connection, OptionalExtension, params};

use super::append::{is_there, last_moment};
use super::error::Trouble;
use super::wire::{Id, Number, Org, clamped, to_stream};
use crate::id::{LinkId, OrgId, ResourceId};
use crate::store::{Change, Changes, Cursor};

pub(super) fn changes(connection: &Connection, after: Option<Cursor>, limit: usize) -> Result<Changes, Trouble> {
    let to_cursor = |moment: i64| Cursor::from_u64(u64::try_from(moment).unwrap_or_default());
    let end = to_cursor(last_moment(connection)?);
    let Some(after) = after else { return Ok(Changes { changed: Vec::new(), cursor: end, is_all: true }) };
    let mut news = connection.prepare_cached(
        "SELECT moment, organization, kind, resource, version FROM stream WHERE moment > ?1
         UNION ALL
         SELECT moment, organization, 0, x'', 0 FROM let_go WHERE moment > ?1
         ORDER BY moment LIMIT ?2",
    )?;
    let mut found = news.query(params![clamped(after.as_u64()), clamped(limit)])?;
    let (mut changed, mut last) = (Vec::new(), after);
    while let Some(row) = found.next()? {
        let (Org(organization), Number(version)) = (row.get(1)?, row.get(4)?);
        changed.push(Change { organization, stream: to_stream(row, 2)?, version });
        last = to_cursor(row.get(0)?);
    }
    let is_all = changed.len() < limit;
    Ok(Changes { changed, cursor: if is_all { end } else { last }, is_all })
}

/// Every organization, in order. Steps from one to the next, however many streams each has.
pub(super) fn organizations(
    connection: &Connection,
    after: Option<OrgId>,
    limit: usize,
) -> Result<Vec<OrgId>, Trouble> {
    let mut next = connection
        .prepare_cached("SELECT organization FROM stream WHERE organization > ?1 ORDER BY organization LIMIT 1")?;
    let (mut organizations, mut last) = (Vec::new(), Id::from(after));
    while organizations.len() < limit {
        let Some(Org(found)) = next.query_row([last], |row| row.get(0)).optional()? else { break };
        organizations.push(found);
        last = found.into();
    }
    Ok(organizations)
}

/// The resources of an organization that have a sheet, in order.
pub(super) fn resources(
    connection: &Connection,
    organization: OrgId,
    after: Option<ResourceId>,
    limit: usize,
) -> Result<Vec<ResourceId>, Trouble> {
    let mut resources = connection.prepare_cached(
        "SELECT resource FROM stream WHERE organization = ?1 AND kind = 2 AND resource > ?2 ORDER BY resource LIMIT ?3",
    )?;
    let bound = params![Id::from(organization), Id::from(after), clamped(limit)];
    let found = resources.query_map(bound, |row| row.get::<_, Id>(0))?;
    let ids = found.map(|id| Ok(id?.bits().map(ResourceId::from_bits)));
    ids.filter_map(Result::transpose).collect()
}

/// Counts uses of a link, unless they would be too many; answers how many there were before.
pub(super) fn count_use(
    connection: &Connection,
    organization: OrgId,
    link: LinkId,
    (uses, at_most): (u32, u32),
) -> Result<u32, Trouble> {
    let (organization, link) = (Id::from(organization), Id::of(link.to_uuid_bytes()));
    if !is_there(connection, organization)? {
        return Ok(0);
    }
    let mut counted = connection.prepare_cached("SELECT uses FROM link_use WHERE organization = ?1 AND link = ?2")?;
    let before: u32 = counted.query_row(params![organization, link], |row| row.get(0)).optional()?.unwrap_or_default();
    if let Some(now) = before.checked_add(uses).filter(|now| *now <= at_most && *now != before) {
        connection
            .prepare_cached("INSERT OR REPLACE INTO link_use (organization, link, uses) VALUES (?1, ?2, ?3)")?
            .execute(params![organization, link, now])?;
    }
    Ok(before)
}
