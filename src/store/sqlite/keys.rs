//! Keys: what is found across organizations. Unique ones are in `claim`, the others in `place`.

use std::vec::Vec;

use rusqlite::{CachedStatement, Connection, OptionalExtension, params};

use super::error::Trouble;
use super::prepared::{Leads, Prepared};
use super::wire::{Id, clamped, to_place};
use crate::id::OrgId;
use crate::store::json::{Unreadable, key_of, text_of};
use crate::store::{Key, Place};

/// Who has a unique key that an append wants, if that leads somewhere else and the append does not free it.
pub(super) fn claimed(connection: &Connection, append: &Prepared) -> Result<Option<OrgId>, rusqlite::Error> {
    for Leads { key, place, .. } in append.added.iter().filter(|added| added.is_unique) {
        let mut there = connection.prepare_cached("SELECT organization, resource, item FROM claim WHERE key = ?1")?;
        let Some(there) = there.query_row([key], to_place).optional()? else { continue };
        let is_freed = append.removed.iter().any(|freed| freed.key == *key && freed.place == there);
        if there != *place && !is_freed {
            return Ok(Some(there.organization));
        }
    }
    Ok(None)
}

/// Removes first, then adds.
pub(super) fn change(connection: &Connection, removed: &[Leads], added: &[Leads]) -> Result<(), rusqlite::Error> {
    for removed in removed {
        let sql = if removed.is_unique {
            "DELETE FROM claim WHERE key = ?1 AND organization = ?2 AND resource = ?3 AND item = ?4"
        } else {
            "DELETE FROM place WHERE key = ?1 AND organization = ?2 AND resource = ?3 AND item = ?4"
        };
        execute(connection.prepare_cached(sql)?, removed)?;
    }
    for added in added {
        let sql = if added.is_unique {
            "INSERT INTO claim (key, organization, resource, item) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
        } else {
            "INSERT INTO place (key, organization, resource, item) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"
        };
        execute(connection.prepare_cached(sql)?, added)?;
    }
    Ok(())
}

fn execute(mut statement: CachedStatement<'_>, leads: &Leads) -> Result<(), rusqlite::Error> {
    let Place { organization, resource, item } = leads.place;
    statement.execute(params![leads.key, Id::from(organization), Id::from(resource), Id::from(item)]).map(|_| ())
}

/// Where a key leads, in order.
pub(super) fn find(
    connection: &Connection,
    key: &Key,
    within: Option<OrgId>,
    after: Option<Place>,
    limit: usize,
) -> Result<Vec<Place>, Trouble> {
    let sql = match (key.is_unique(), within.is_some()) {
        (true, _) => {
            "SELECT organization, resource, item FROM claim
             WHERE key = ?1 AND (?2 = x'' OR organization = ?2) AND (organization, resource, item) > (?3, ?4, ?5)
             LIMIT ?6"
        }
        (false, true) => {
            "SELECT organization, resource, item FROM place
             WHERE key = ?1 AND organization = ?2 AND (organization, resource, item) > (?3, ?4, ?5)
             ORDER BY organization, resource, item LIMIT ?6"
        }
        (false, false) => {
            "SELECT organization, resource, item FROM place
             WHERE key = ?1 AND (organization, resource, item) > (?3, ?4, ?5) AND ?2 = x''
             ORDER BY organization, resource, item LIMIT ?6"
        }
    };
    // Nothing is before every place.
    let after =
        after.map_or([Id::NONE; 3], |after| [after.organization.into(), after.resource.into(), after.item.into()]);
    let [organization, resource, item] = after;
    let mut found = connection.prepare_cached(sql)?;
    let bound = params![text_of(key), Id::from(within), organization, resource, item, clamped(limit)];
    Ok(found.query_map(bound, to_place)?.collect::<Result<_, _>>()?)
}

/// Every key of an organization and where it leads, in the order of their texts.
pub(super) fn within(
    connection: &Connection,
    organization: OrgId,
    after: Option<&(Key, Place)>,
    limit: usize,
) -> Result<Vec<(Key, Place)>, Trouble> {
    let (key, [resource, item]) = after
        .map_or_else(Default::default, |(key, place)| (text_of(key), [Id::from(place.resource), Id::from(place.item)]));
    let mut within = connection.prepare_cached(
        "SELECT organization, resource, item, key FROM claim
         WHERE organization = ?1 AND (key, resource, item) > (?2, ?3, ?4)
         UNION ALL
         SELECT organization, resource, item, key FROM place
         WHERE organization = ?1 AND (key, resource, item) > (?2, ?3, ?4)
         ORDER BY key, resource, item LIMIT ?5",
    )?;
    let mut found = within.query(params![Id::from(organization), key, resource, item, clamped(limit)])?;
    let mut keys = Vec::new();
    while let Some(row) = found.next()? {
        let text = row.get_ref(3)?.as_str().unwrap_or_default();
        let key = key_of(text).ok_or_else(|| Unreadable::Key { organization, text: text.into() })?;
        keys.push((key, to_place(row)?));
    }
    Ok(keys)
}
