//! Keeping and forgetting: snapshots, the uses of links, whole organizations.
//!
//! Whoever writes beside the streams holds on to one of the organization (`for key share`, which is in nobody's way but that of who erases),
//! so that nothing is written about what is being erased.

use std::string::String;
use std::vec::Vec;

use deadpool_postgres::Object;
use tokio::time::timeout;
use tokio_postgres::IsolationLevel;

use super::PostgresStore;
use super::trouble::{Failed, Late, Stage, Warned};
use super::wire::{Bits, column, columns_of, version};
use crate::id::{LinkId, OrgId};
use crate::limits::COLLISIONS_MAX;
use crate::rows::Table;
use crate::store::json::{Digest, FORMAT, encode};
use crate::store::{Snapshot, StoreError};

const KEEP: &str = "
    with there as (
        select from @stream where organization = $1::uuid order by kind, resource limit 1 for key share)
    insert into @snapshot as s (organization, kind, version, format, body, digest)
    select $1::uuid, $2::smallint, $3::bigint, $4::integer, $5::text, $6::bytea from there
    on conflict (organization, kind) do update
    set version = excluded.version, format = excluded.format, body = excluded.body, digest = excluded.digest
    where s.version <= excluded.version";

const USE: &str = "
    with there as (
        select from @stream where organization = $1::uuid order by kind, resource limit 1 for key share)
    insert into @link_use as u (organization, link, uses)
    select $1::uuid, $2::uuid, $3::bigint from there where $3::bigint <= $4::bigint
    on conflict (organization, link) do update set uses = u.uses + excluded.uses
    where u.uses + excluded.uses <= $4::bigint
    returning uses";

const USED: &str = "select uses from @link_use where organization = $1::uuid and link = $2::uuid";

/// Waits for everybody who writes to the organization, and keeps others from it.
const ERASE_STREAMS: &str = "delete from @stream where organization = $1::uuid";

/// Followers hear that what they know of the organization is to be let go.
const TELL: &str = "
    insert into @let_go (organization, changed) values ($1::uuid, pg_current_xact_id())
    on conflict (organization) do update set changed = excluded.changed";

impl PostgresStore {
    pub(super) async fn keep_snapshot(&self, snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        let body = match snapshot {
            Snapshot::Organization(snapshot) => encode(snapshot)?,
            Snapshot::Ledger(snapshot) => encode(snapshot)?,
        };
        let (id, (kind, _)) = (Bits::from(snapshot.organization()), columns_of(snapshot.stream()));
        let (version, format) = (version(snapshot.version())?, i32::from(FORMAT));
        let digest = Digest::of(&body).to_bytes().to_vec();
        self.tell(KEEP, &[&id, &kind, &version, &format, &body, &digest]).await?;
        Ok(())
    }

    pub(super) async fn use_link(
        &self,
        (organization, link): (OrgId, LinkId),
        uses: u32,
        at_most: u32,
    ) -> Result<u32, StoreError> {
        let (id, link) = (Bits::from(organization), Bits(link.as_u128()));
        let counted = self.tell(USE, &[&id, &link, &i64::from(uses), &i64::from(at_most)]).await?;
        let before = match counted.first() {
            Some(row) => column::<i64>(row, 0)?.saturating_sub(i64::from(uses)),
            // There would have been more than so many, and they never become fewer: a second look sees them.
            None => match self.ask(USED, &[&id, &link]).await?.first() {
                Some(row) => column::<i64>(row, 0)?,
                None => 0,
            },
        };
        u32::try_from(before).map_err(|why| StoreError::Fatal(why.into()))
    }

    pub(super) async fn erase_all(&self, organization: OrgId) -> Result<(), StoreError> {
        let mut collisions = 0_usize;
        loop {
            match self.erase_once(organization.into()).await {
                Err(failed) if failed.is_collision() && collisions < COLLISIONS_MAX => {
                    collisions = collisions.saturating_add(1);
                }
                answer => return Ok(answer?),
            }
        }
    }

    async fn erase_once(&self, organization: Bits) -> Result<(), Failed> {
        let mut client = self.client().await?;
        let warnings = self.warnings();
        let done = self.erase_with(&mut client, organization).await;
        if matches!(done, Err(Failed::Store(_))) {
            drop(Object::take(client)); // still waiting for the commit
        }
        done?;
        if self.warnings() == warnings { Ok(()) } else { Err(StoreError::Unknown(Warned.into()).into()) }
    }

    /// Each statement sees what was committed before it began: what was written until the first one had every stream is gone as well.
    async fn erase_with(&self, client: &mut Object, organization: Bits) -> Result<(), Failed> {
        let harmless = |why| Failed::Server(why, Stage::Harmless);
        let begin = client.build_transaction().isolation_level(IsolationLevel::ReadCommitted).start();
        let transaction = begin.await.map_err(harmless)?;
        let streams = self.options.named(ERASE_STREAMS);
        let was_there = transaction.execute(&streams, &[&organization]).await.map_err(harmless)? > 0;
        transaction.execute(&self.erase_tables(), &[&organization]).await.map_err(harmless)?;
        transaction.execute(&streams, &[&organization]).await.map_err(harmless)?;
        if was_there {
            transaction.execute(&self.options.named(TELL), &[&organization]).await.map_err(harmless)?;
        }
        match timeout(self.options.timeout, transaction.commit()).await {
            Ok(committed) => committed.map_err(|why| Failed::Server(why, Stage::Committing)),
            Err(_) => Err(Late::at(Stage::Committing).into()),
        }
    }

    fn erase_tables(&self) -> String {
        let kept = ["record", "compacted", "operation", "claim", "place", "link_use", "snapshot"];
        let kept = kept.iter().map(|table| (*table, "organization"));
        let all = kept.chain(Table::ALL.iter().map(|table| (table.name(), "organization_id")));
        let deletes: Vec<String> = all
            .map(|(table, column)| std::format!("of_{table} as (delete from @{table} where {column} = $1::uuid)"))
            .collect();
        self.options.named(&std::format!("with {} select 1", deletes.join(", ")))
    }
}
