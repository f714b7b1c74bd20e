//! Reading: the history of a stream, and the snapshot that shortens it.

use std::boxed::Box;
use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

use serde::de::DeserializeOwned;
use tokio_postgres::Row;

use super::PostgresStore;
use super::wire::{self, Bits, column, columns_of, digest, version_of};
use crate::id::{OrgId, ResourceId};
use crate::sharing::ShareRecord;
use crate::store::json::{Body, Digest, Page, Versioned};
use crate::store::{Loaded, StoreError, Stream};
use crate::version::Version;

/// The snapshot, what follows it, and where the stream says of itself that it ends; in one statement, so that they fit together.
const LOAD: &str = "
    with beginning as (
        select version, format, body, digest from @snapshot where organization = $1::uuid and kind = $2::smallint)
    select version, format, body, digest, 0::smallint as part from beginning
    union all (
        select version, format, body, coalesce(redacted, digest), 1::smallint from @record
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid
            and version > coalesce((select version from beginning), 0)
        order by version limit $4::bigint)
    union all
    select version, null, null, null, 2::smallint from @stream
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid
    order by part, version";

const READ: &str = "
    (select version, format, body, coalesce(redacted, digest), 1::smallint as part from @record
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version > $4::bigint
        order by version limit $5::bigint)
    union all
    select version, null, null, null, 2::smallint from @stream
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid
    order by part, version";

const READ_SHEETS: &str = "
    select version, format, body, coalesce(redacted, digest), 1::smallint as part, resource from @record
        where organization = $1::uuid and kind = 2 and resource = any($2::uuid[])
    union all
    select version, null, null, null, 2::smallint, resource from @stream
        where organization = $1::uuid and kind = 2 and resource = any($2::uuid[])
    order by resource, part, version";

const ORGANIZATIONS: &str = "
    with recursive each as (
        (select organization from @stream where organization > $1::uuid order by organization limit 1)
        union all
        select (select s.organization from @stream s where s.organization > each.organization
            order by s.organization limit 1)
        from each where each.organization is not null)
    select organization from each where organization is not null limit $2::bigint";

const RESOURCES: &str = "
    select resource from @stream where organization = $1::uuid and kind = 2 and resource > $2::uuid
    order by resource limit $3::bigint";

impl PostgresStore {
    pub(super) async fn load_stream<S: DeserializeOwned, V: Versioned, R: From<V>>(
        &self,
        organization: OrgId,
        stream: Stream,
        limit: usize,
    ) -> Result<Loaded<S, R>, StoreError> {
        let (kind, resource) = columns_of(stream);
        let (id, most) = (Bits::from(organization), wire::limit(limit));
        let rows = self.ask(LOAD, &[&id, &kind, &resource, &most]).await?;
        let has_snapshot = rows.first().map(part).transpose()? == Some(Part::Snapshot);
        let (first, rest) = rows.split_at(usize::from(has_snapshot));
        let Some(first) = first.first() else {
            let records = page((organization, stream), Version::ZERO, rest, limit)?;
            return Ok(Loaded { snapshot: None, records });
        };
        let kept = Text::of(first)?;
        let unreadable = match kept.body((organization, stream)).decode_proven(kept.digest) {
            Ok(snapshot) => {
                let records = page((organization, stream), kept.version, rest, limit)?;
                return Ok(Loaded { snapshot: Some(Box::new(snapshot)), records });
            }
            Err(unreadable) => unreadable,
        };
        // Another version of the crate has kept it, or it is damaged: the records say the same, if they are all there.
        let rows = self.ask(READ, &[&id, &kind, &resource, &0_i64, &most]).await?;
        let begins = rows.first().map(|row| column::<i64>(row, 0)).transpose()? == Some(1);
        if !begins {
            return Err(unreadable.into());
        }
        Ok(Loaded { snapshot: None, records: page((organization, stream), Version::ZERO, &rows, limit)? })
    }

    pub(super) async fn read_stream<V: Versioned, R: From<V>>(
        &self,
        organization: OrgId,
        stream: Stream,
        after: Version,
        limit: usize,
    ) -> Result<Vec<R>, StoreError> {
        let (kind, resource) = columns_of(stream);
        let (id, most) = (Bits::from(organization), wire::limit(limit));
        let rows = self.ask(READ, &[&id, &kind, &resource, &after_version(after), &most]).await?;
        page((organization, stream), after, &rows, limit)
    }

    pub(super) async fn read_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let wanted: Vec<Bits> = resources.iter().map(|resource| Bits::from(Some(*resource))).collect();
        let rows = self.ask(READ_SHEETS, &[&Bits::from(organization), &wanted]).await?;
        let mut sheets: BTreeMap<ResourceId, Vec<ShareRecord>> = BTreeMap::new();
        let bits = |row: &Row| column::<Bits>(row, 5);
        for of_one in rows.chunk_by(|one, next| bits(one).ok() == bits(next).ok()) {
            let Some(resource) = of_one.first().map(bits).transpose()? else { continue };
            let Some(resource) = ResourceId::from_u128(resource.0) else { continue };
            let stream = (organization, Stream::Sheet(resource));
            let records: Vec<ShareRecord> = page(stream, Version::ZERO, of_one, usize::MAX)?;
            sheets.insert(resource, records);
        }
        let found = |resource: &ResourceId| Some((*resource, sheets.get(resource)?.clone()));
        Ok(resources.iter().filter_map(found).filter(|(_, records)| !records.is_empty()).collect())
    }

    pub(super) async fn organizations_after(
        &self,
        after: Option<OrgId>,
        limit: usize,
    ) -> Result<Vec<OrgId>, StoreError> {
        let after = after.map_or(Bits::NONE, Bits::from);
        let rows = self.ask(ORGANIZATIONS, &[&after, &wire::limit(limit)]).await?;
        rows.iter().map(|row| column::<Bits>(row, 0)?.organization()).collect()
    }

    pub(super) async fn resources_after(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        let (id, after) = (Bits::from(organization), Bits::from(after));
        let rows = self.ask(RESOURCES, &[&id, &after, &wire::limit(limit)]).await?;
        let found = rows.iter().map(|row| Ok(ResourceId::from_u128(column::<Bits>(row, 0)?.0)));
        found.filter_map(Result::transpose).collect()
    }
}

/// A version to read after; none is after what the database has numbers for.
fn after_version(after: Version) -> i64 {
    i64::try_from(after.as_u64()).unwrap_or(i64::MAX)
}

/// What a row of an answer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Part {
    Snapshot,
    Record,
    Head,
}

fn part(row: &Row) -> Result<Part, StoreError> {
    Ok(match column::<i16>(row, 4)? {
        0 => Part::Snapshot,
        1 => Part::Record,
        _ => Part::Head,
    })
}

/// The records of rows, which end with where the stream ends.
fn page<V: Versioned, R: From<V>>(
    stream: (OrgId, Stream),
    after: Version,
    rows: &[Row],
    limit: usize,
) -> Result<Vec<R>, StoreError> {
    let (mut page, mut head) = (Page::after(stream, after), Version::ZERO);
    for row in rows {
        if part(row)? == Part::Head {
            head = version_of(column(row, 0)?)?;
            continue;
        }
        let kept = Text::of(row)?;
        page.take::<V>(&kept.body(stream), kept.digest)?;
    }
    page.end(limit, head)
}

/// What stands in the columns `version`, `format`, `body` and `digest`.
pub(super) struct Text {
    pub(super) version: Version,
    pub(super) format: u16,
    pub(super) text: String,
    pub(super) digest: Digest,
}

impl Text {
    pub(super) fn of(row: &Row) -> Result<Self, StoreError> {
        // A number that no format has is one of a later version too.
        let format = u16::try_from(column::<i32>(row, 1)?).unwrap_or(u16::MAX);
        Ok(Self { version: version_of(column(row, 0)?)?, format, text: column(row, 2)?, digest: digest(row, 3)? })
    }

    pub(super) fn body(&self, (organization, stream): (OrgId, Stream)) -> Body<'_> {
        Body { organization, stream, version: self.version, format: self.format, text: &self.text }
    }
}
