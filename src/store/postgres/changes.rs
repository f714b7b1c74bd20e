//! Changes: what was written since somebody looked last.
//!
//! A cursor is a transaction: everything that older ones have written was told. It never passes the oldest transaction that was still running,
//! so that what commits late is told later; nor the last one that has committed a change, so that the numbers of transactions that
//! were lost with a machine, and are given anew, are not passed over.

use std::string::{String, ToString};
use std::vec::Vec;

use super::PostgresStore;
use super::wire::{self, Bits, column, stream_of, version_of};
use crate::store::{Change, Changes, Cursor, StoreError};

/// The last transaction that has changed anything, of those that are over: where a follower begins.
const HERE: &str = "
    with over as (select pg_snapshot_xmin(pg_current_snapshot()) as before)
    select greatest(
        (select changed from @stream where changed < (select before from over) order by changed desc limit 1),
        (select changed from @let_go where changed < (select before from over) order by changed desc limit 1))::text";

/// So many of those that are over, and whatever the last of them has written; then, if that is all of them, every one since the oldest that
/// is still running, for no cursor gets past that one.
const SINCE: &str = "
    with over as materialized (select pg_snapshot_xmin(pg_current_snapshot()) as before),
    settled as materialized (
        select organization, kind, resource, version, changed from (
            (select organization, kind, resource, version, changed from @stream
                where changed >= $1::text::xid8 and changed < (select before from over)
                order by changed fetch first ($2::bigint) rows with ties)
            union all
            (select organization, 0::smallint, '00000000-0000-0000-0000-000000000000'::uuid, 0::bigint, changed from @let_go
                where changed >= $1::text::xid8 and changed < (select before from over)
                order by changed fetch first ($2::bigint) rows with ties)) as both_tables
        order by changed fetch first ($2::bigint) rows with ties)
    select organization, kind, resource, version, changed::text, true from settled
    union all
    select organization, kind, resource, version, changed::text, false from @stream
        where changed >= greatest($1::text::xid8, (select before from over)) and (select count(*) from settled) < $2::bigint
    union all
    select organization, 0::smallint, '00000000-0000-0000-0000-000000000000'::uuid, 0::bigint, changed::text, false from @let_go
        where changed >= greatest($1::text::xid8, (select before from over)) and (select count(*) from settled) < $2::bigint";

impl PostgresStore {
    pub(super) async fn changes_since(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        let Some(after) = after else {
            let rows = self.ask(HERE, &[]).await?;
            let last = rows.first().map(|row| column::<Option<String>>(row, 0)).transpose()?.flatten();
            let cursor = last.map(|last| transaction(&last)).transpose()?.map_or(0, |last| last.saturating_add(1));
            return Ok(Changes { changed: Vec::new(), cursor: Cursor::from_u64(cursor), is_all: true });
        };
        if limit == 0 {
            return Ok(Changes { changed: Vec::new(), cursor: after, is_all: false });
        }
        let rows = self.ask(SINCE, &[&after.as_u64().to_string(), &wire::limit(limit)]).await?;
        let (mut changed, mut cursor, mut settled) = (Vec::new(), after.as_u64(), 0_usize);
        for row in &rows {
            let organization = column::<Bits>(row, 0)?.organization()?;
            let stream = stream_of(column(row, 1)?, column(row, 2)?)?;
            changed.push(Change { organization, stream, version: version_of(column(row, 3)?)? });
            if column(row, 5)? {
                settled = settled.saturating_add(1);
                cursor = cursor.max(transaction(&column::<String>(row, 4)?)?.saturating_add(1));
            }
        }
        Ok(Changes { changed, cursor: Cursor::from_u64(cursor), is_all: settled < limit })
    }
}

fn transaction(text: &str) -> Result<u64, StoreError> {
    text.parse().map_err(|why: std::num::ParseIntError| StoreError::Fatal(why.into()))
}
