//! Verifying: whether what is in the tables is what was appended.

use std::string::String;
use std::vec::Vec;

use deadpool_postgres::{Object, Transaction};
use tokio::time::timeout;
use tokio_postgres::{IsolationLevel, Row};

use super::PostgresStore;
use super::ask::Parameters;
use super::trouble::{Failed, Late, Stage};
use super::wire::{self, Bits, column, columns_of, digest_if_there, digest_of, stream_of, version_of};
use crate::id::OrgId;
use crate::limits::LOADED_TOGETHER_MAX;
use crate::store::json::{Digest, KeptLine, KeptSnapshot, Link, Proof, Tampered};
use crate::store::{StoreError, Stream};
use crate::version::Version;

/// Streams that say of themselves that they are there, and those that something else is of.
const STREAMS: &str = "
    select organization, kind, resource from @stream where $1::uuid is null or organization = $1::uuid
    union
    select organization, kind, resource from @record where $1::uuid is null or organization = $1::uuid
    union
    select organization, kind, '00000000-0000-0000-0000-000000000000'::uuid from @snapshot
        where $1::uuid is null or organization = $1::uuid
    order by organization, kind, resource";

const BASE: &str =
    "select version, link, digests from @compacted where organization = $1::uuid and kind = $2::smallint";

const LINES: &str = "
    select version, body, digest, link, redacted from @record
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version > $4::bigint
    order by version limit $5::bigint";

const SNAPSHOT: &str =
    "select version, body, digest from @snapshot where organization = $1::uuid and kind = $2::smallint";

const HEAD: &str = "
    select version, link from @stream
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid";

const LINK_AT: &str = "
    select link from @record
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version = $4::bigint
    union all
    select link from @stream
    where organization = $1::uuid and kind = $2::smallint and resource = $3::uuid and version = $4::bigint
    limit 1";

impl PostgresStore {
    /// What is not as it was appended, of one organization or of all: stream by stream, in order of versions; and snapshots that are not the
    /// text of their digest.
    ///
    /// What it cannot see: a history that was made anew or cut off by somebody who has counted its links anew, which is found by comparing a
    /// [head](Self::head) that was kept elsewhere with [what is linked](Self::link_at) there now; an append that somebody has forged at the
    /// end; a snapshot that was changed with its digest. Keys and rows are not proven: whether they are what the records make, and a snapshot
    /// as well, says [`AsyncTenants::verify`](crate::AsyncTenants::verify).
    ///
    /// # Shape
    /// Reads every record, each stream from one state of the tables; nobody waits for it. Records that
    /// [were replaced](crate::store::AsyncStore::replace) are among the findings.
    ///
    /// # Errors
    /// As reading.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn example(store: bailiwick::store::postgres::PostgresStore) -> Result<(), Box<dyn std::error::Error>> {
    /// # use bailiwick::OrgId;
    /// use bailiwick::store::Stream;
    ///
    /// for found in store.verify(None).await? {
    ///     eprintln!("{found}");
    /// }
    /// let (version, link) = store.head(OrgId::from_u64(1).unwrap(), Stream::Ledger).await?; // to be kept elsewhere
    /// # Ok(())
    /// # }
    /// ```
    pub async fn verify(&self, organization: Option<OrgId>) -> Result<Vec<Tampered>, StoreError> {
        let mut found = Vec::new();
        for row in self.ask(STREAMS, &[&organization.map(Bits::from)]).await? {
            let organization = column::<Bits>(&row, 0)?.organization()?;
            found.extend(self.verify_stream(organization, stream_of(column(&row, 1)?, column(&row, 2)?)?).await?);
        }
        Ok(found)
    }

    /// Where a stream ends: its version, and what everything in it comes to. Zero and the default for one that is not there.
    ///
    /// # Errors
    /// As reading.
    pub async fn head(&self, organization: OrgId, stream: Stream) -> Result<(Version, Link), StoreError> {
        let (kind, resource) = columns_of(stream);
        let rows = self.ask(HEAD, &[&Bits::from(organization), &kind, &resource]).await?;
        rows.first().map(head_of).transpose().map(Option::unwrap_or_default)
    }

    /// What a stream came to when it ended at a version; `None` where no append ends there, or it was compacted away.
    ///
    /// # Errors
    /// As reading.
    pub async fn link_at(
        &self,
        organization: OrgId,
        stream: Stream,
        version: Version,
    ) -> Result<Option<Link>, StoreError> {
        let Ok(version) = wire::version(version) else { return Ok(None) };
        let (kind, resource) = columns_of(stream);
        let rows = self.ask(LINK_AT, &[&Bits::from(organization), &kind, &resource, &version]).await?;
        rows.first().map(|row| digest_if_there(row, 0)).transpose().map(Option::flatten)
    }

    async fn verify_stream(&self, organization: OrgId, stream: Stream) -> Result<Vec<Tampered>, StoreError> {
        let mut client = self.client().await?;
        let found = self.verify_with(&mut client, organization, stream).await;
        if matches!(found, Err(Failed::Store(_))) {
            drop(Object::take(client)); // maybe with a statement under way
        }
        Ok(found?)
    }

    async fn verify_with(
        &self,
        client: &mut Object,
        organization: OrgId,
        stream: Stream,
    ) -> Result<Vec<Tampered>, Failed> {
        let begin = client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start();
        let moment = begin.await.map_err(|why| Failed::Server(why, Stage::Harmless))?;
        let (id, (kind, resource)) = (Bits::from(organization), columns_of(stream));
        let mut proof = match self.ask_in(&moment, BASE, &[&id, &kind]).await?.first() {
            Some(base) if kind < 2 => begin_after(organization, stream, base)?,
            _ => Proof::of(organization, stream),
        };
        let mut after = 0_i64;
        loop {
            let most = wire::limit(LOADED_TOGETHER_MAX);
            let lines = self.ask_in(&moment, LINES, &[&id, &kind, &resource, &after, &most]).await?;
            for row in &lines {
                proof.line(&KeptLine {
                    version: version_of(column(row, 0)?)?,
                    text: &column::<String>(row, 1)?,
                    digest: whatever(row, 2)?.unwrap_or_default(),
                    link: whatever(row, 3)?,
                    replaced: whatever(row, 4)?,
                });
                after = column(row, 0)?;
            }
            if lines.len() < LOADED_TOGETHER_MAX {
                break;
            }
        }
        if kind < 2 {
            for row in &self.ask_in(&moment, SNAPSHOT, &[&id, &kind]).await? {
                let (version, text) = (version_of(column(row, 0)?)?, &column::<String>(row, 1)?);
                proof.snapshot(&KeptSnapshot { version, text, digest: whatever(row, 2)?.unwrap_or_default() });
            }
        }
        let head = self.ask_in(&moment, HEAD, &[&id, &kind, &resource]).await?;
        let head = head.first().map(|row| {
            let version = version_of(column(row, 0)?)?;
            Ok::<_, StoreError>((version, whatever(row, 1)?.unwrap_or_default()))
        });
        Ok(proof.end(head.transpose()?))
    }

    /// Reads, at the moment of a transaction.
    async fn ask_in(
        &self,
        moment: &Transaction<'_>,
        sql: &str,
        parameters: &Parameters<'_>,
    ) -> Result<Vec<Row>, Failed> {
        let asked = async { moment.query(&moment.prepare_cached(&self.options.named(sql)).await?, parameters).await };
        match timeout(self.options.timeout, asked).await {
            Ok(answer) => answer.map_err(|why| Failed::Server(why, Stage::Harmless)),
            Err(_) => Err(Late::at(Stage::Harmless).into()),
        }
    }
}

/// A proof that goes on from what was compacted.
fn begin_after(organization: OrgId, stream: Stream, base: &Row) -> Result<Proof, StoreError> {
    let (version, digests) = (version_of(column(base, 0)?)?, column::<Vec<u8>>(base, 2)?);
    let digests = digests.chunks(32).map(|digest| digest_of(digest).unwrap_or_default()).collect();
    Ok(Proof::after(organization, stream, version, whatever(base, 1)?.unwrap_or_default(), digests))
}

fn head_of(row: &Row) -> Result<(Version, Link), StoreError> {
    Ok((version_of(column(row, 0)?)?, wire::digest(row, 1)?))
}

/// A digest, or something that is none and so is that of nothing.
fn whatever(row: &Row, at: usize) -> Result<Option<Digest>, StoreError> {
    Ok(column::<Option<Vec<u8>>>(row, at)?.map(|bytes| digest_of(&bytes).unwrap_or_default()))
}
