//! Reading: the history of a stream, and the snapshot that shortens it.

use std::boxed::Box;
use std::collections::BTreeMap;
use std::string::String;
use std::vec::Vec;

use serde::de::DeserializeOwned;
use tokio_postgres::Row;

use super::PostgresStore;
use super::wire::{self, Bits, column, columns_of, version_of};
use crate::id::{OrgId, ResourceId};
use crate::sharing::ShareRecord;
use crate::store::json::{Body, Unreadable};
use crate::store::{Loaded, StoreError, Stream};
use crate::version::Version;

/// The snapshot, and what follows it; in one statement, so that they fit together.
const LOAD: &str = "
    with beginning as (
        select version, format, body from @snapshot where organization = $1::uuid and kind = $2::smallint)
    select version, format, body, 0::smallint as part from beginning
    union all (
        select version, format, body, 1::smallint from @record
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid
            and version > coalesce((select version from beginning), 0)
        order by version limit $4::bigint)
    order by part, version";

const READ: &str = "
    select version, format, body from @record
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version > $4::bigint
    order by version limit $5::bigint";

const READ_SHEETS: &str = "
    select version, format, body, resource from @record
    where organization = $1::uuid and kind = 2 and resource = any($2::uuid[])
    order by resource, version";

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
    pub(super) async fn load_stream<S: DeserializeOwned, R: DeserializeOwned>(
        &self,
        organization: OrgId,
        stream: Stream,
        limit: usize,
    ) -> Result<Loaded<S, R>, StoreError> {
        let (kind, resource) = columns_of(stream);
        let (id, most) = (Bits::from(organization), wire::limit(limit));
        let rows = self.ask(LOAD, &[&id, &kind, &resource, &most]).await?;
        let has_snapshot = rows.first().map(|row| column::<i16>(row, 3)).transpose()? == Some(0);
        let (first, rest) = rows.split_at(usize::from(has_snapshot));
        let unreadable = match first.first().map(|row| decode((organization, stream), row)).transpose() {
            Ok(snapshot) => {
                let records = decode_all((organization, stream), rest)?;
                return Ok(Loaded { snapshot: snapshot.map(Box::new), records });
            }
            Err(unreadable) => unreadable,
        };
        // Another version of the crate has kept it, or it is damaged: the records say the same, if they are all there.
        let rows = self.ask(READ, &[&id, &kind, &resource, &0_i64, &most]).await?;
        let begins = rows.first().map(|row| column::<i64>(row, 0)).transpose()? == Some(1);
        if !begins {
            return Err(unreadable);
        }
        Ok(Loaded { snapshot: None, records: decode_all((organization, stream), &rows)? })
    }

    pub(super) async fn read_stream<R: DeserializeOwned>(
        &self,
        organization: OrgId,
        stream: Stream,
        after: Version,
        limit: usize,
    ) -> Result<Vec<R>, StoreError> {
        let (kind, resource) = columns_of(stream);
        let (id, after, most) = (Bits::from(organization), after_version(after), wire::limit(limit));
        let rows = self.ask(READ, &[&id, &kind, &resource, &after, &most]).await?;
        decode_all((organization, stream), &rows)
    }

    pub(super) async fn read_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let wanted: Vec<Bits> = resources.iter().map(|resource| Bits::from(Some(*resource))).collect();
        let mut sheets: BTreeMap<ResourceId, Vec<ShareRecord>> = BTreeMap::new();
        for row in self.ask(READ_SHEETS, &[&Bits::from(organization), &wanted]).await? {
            let Some(resource) = ResourceId::from_u128(column::<Bits>(&row, 3)?.0) else { continue };
            let record = decode((organization, Stream::Sheet(resource)), &row)?;
            sheets.entry(resource).or_default().push(record);
        }
        let found = |resource: &ResourceId| Some((*resource, sheets.get(resource)?.clone()));
        Ok(resources.iter().filter_map(found).collect())
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

fn decode_all<R: DeserializeOwned>(of: (OrgId, Stream), rows: &[Row]) -> Result<Vec<R>, StoreError> {
    rows.iter().map(|row| decode(of, row)).collect()
}

/// What stands in the columns `version`, `format` and `body`.
fn decode<R: DeserializeOwned>((organization, stream): (OrgId, Stream), row: &Row) -> Result<R, StoreError> {
    let (version, text) = (version_of(column(row, 0)?)?, column::<String>(row, 2)?);
    // A number that no format has is one of a later version too.
    let format = u16::try_from(column::<i32>(row, 1)?).unwrap_or(u16::MAX);
    let body = Body { organization, stream, version, format, text: &text };
    body.decode().map_err(|why: Unreadable| why.into())
}
