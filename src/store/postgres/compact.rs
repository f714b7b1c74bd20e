//! Compacting: records go as far as a snapshot stands for them, and what the proof of the others goes on from stays.

use deadpool_postgres::Object;
use tokio::time::timeout;
use tokio_postgres::IsolationLevel;

use super::PostgresStore;
use super::trouble::{Failed, Late, Stage};
use super::wire::{Bits, columns_of};
use crate::id::OrgId;
use crate::limits::COLLISIONS_MAX;
use crate::store::{StoreError, Stream};
use crate::version::Version;

/// Whoever compacts the same stream waits here, and so does whoever appends to it.
const LOCK: &str = "select from @stream where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid for no key update";

/// The last record stays. What is gone leaves its version, the link of the last append in it, and the digests after that.
const COMPACT: &str = "
    with base as (
        select link, digests from @compacted where organization = $1::uuid and kind = $2::smallint),
    gone as (
        delete from @record
        where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version <= least($4::bigint,
            (select coalesce(max(version), 0) from @snapshot where organization = $1::uuid and kind = $2::smallint))
        and version < (select max(version) from @stream
            where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid)
        returning version, link, digest),
    linked as (
        select version, link from gone where link is not null order by version desc limit 1),
    after as (
        select string_agg(digest, ''::bytea order by version) as digests from gone
        where version > coalesce((select version from linked), 0))
    insert into @compacted (organization, kind, version, link, digests)
    select $1::uuid, $2::smallint, (select max(version) from gone),
        coalesce((select link from linked), (select link from base), decode(repeat('00', 32), 'hex')),
        coalesce(case when not exists (select from linked) then (select digests from base) end, ''::bytea)
            || coalesce((select digests from after), ''::bytea)
    where exists (select from gone)
    on conflict (organization, kind) do update
    set version = excluded.version, link = excluded.link, digests = excluded.digests";

impl PostgresStore {
    pub(super) async fn forget_records(
        &self,
        organization: OrgId,
        stream: Stream,
        up_to: Version,
    ) -> Result<(), StoreError> {
        if matches!(stream, Stream::Sheet(_)) {
            return Ok(()); // nothing stands for them
        }
        let up_to = i64::try_from(up_to.as_u64()).unwrap_or(i64::MAX);
        let mut collisions = 0_usize;
        loop {
            match self.forget_once((organization, stream), up_to).await {
                Err(failed) if failed.is_collision() && collisions < COLLISIONS_MAX => {
                    collisions = collisions.saturating_add(1);
                }
                answer => return Ok(answer?),
            }
        }
    }

    async fn forget_once(&self, of: (OrgId, Stream), up_to: i64) -> Result<(), Failed> {
        let mut client = self.client().await?;
        let done = timeout(self.options.timeout, self.forget_with(&mut client, of, up_to)).await;
        done.unwrap_or_else(|_| {
            drop(Object::take(client)); // with a statement under way
            Err(Late::at(Stage::Committing).into())
        })
    }

    /// The second statement sees what was committed before it began: everything that the last one who compacted has left.
    async fn forget_with(
        &self,
        client: &mut Object,
        (organization, stream): (OrgId, Stream),
        up_to: i64,
    ) -> Result<(), Failed> {
        let harmless = |why| Failed::Server(why, Stage::Harmless);
        let (id, (kind, resource)) = (Bits::from(organization), columns_of(stream));
        let begin = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start();
        let transaction = begin.await.map_err(harmless)?;
        transaction.execute(&self.options.named(LOCK), &[&id, &kind, &resource]).await.map_err(harmless)?;
        let compact = self.options.named(COMPACT);
        transaction.execute(&compact, &[&id, &kind, &resource, &up_to]).await.map_err(harmless)?;
        transaction.commit().await.map_err(|why| Failed::Server(why, Stage::Committing))
    }
}
