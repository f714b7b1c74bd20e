//! Appends: what becomes of one, from the answer of its statement.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};
use std::vec::Vec;

use tokio_postgres::error::SqlState;
use tokio_postgres::{Row, Transaction};

use super::PostgresStore;
use super::bind::{Bound, Net};
use super::shape::Shape;
use super::trouble::{Failed, Stage};
use super::wire::{Bits, column, version_of};
use crate::id::{CommandId, OrgId};
use crate::limits::{COLLISIONS_MAX, STATEMENTS_MAX};
use crate::store::{Append, Appended, Key, Place, StoreError, Written};

impl PostgresStore {
    /// Appends in a transaction of its own: one statement, one round trip.
    pub(super) async fn commit(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let net = Net::of(append.keys);
        let shape = Shape::of(append, &net);
        let (sql, bound) = (self.statement(shape), Bound::of(append, shape, &net)?);
        for _ in 0..COLLISIONS_MAX {
            let answer = self.run(Stage::Committing, &sql, &bound.values()).await;
            match what_became(answer)? {
                Became::Answer(Appended::Conflict) => return self.conflict(append).await,
                Became::Answer(appended) => return Ok(appended),
                Became::Refused => {
                    if let Some(written) = self.written_by(append).await? {
                        return Ok(Appended::Replayed(written));
                    }
                    if let Some(by) = self.holder(append).await? {
                        return Ok(Appended::Claimed { by });
                    }
                }
            }
        }
        Err(StoreError::Retry(Crowded.into()))
    }

    /// Appends in a transaction of the caller's, who commits it: a row of their own and the append are there together, or neither is.
    ///
    /// Whoever appends this way judges for themselves, as [`AsyncTenants`](crate::AsyncTenants) does; it hears of the append when it follows.
    ///
    /// # Shape
    /// One round trip, prepared by nobody. After [`Conflict`](Appended::Conflict) and [`Replayed`](Appended::Replayed) the transaction goes
    /// on; after [`Claimed`](Appended::Claimed) and after an error it can only be rolled back. The stream is locked until it ends, so that it
    /// should be short.
    ///
    /// # Errors
    /// [`StoreError::Retry`] or [`StoreError::Fatal`], for nothing is committed yet. What becomes of the commit the caller has to find out: by
    /// an operation's id, with [`operation`](crate::store::AsyncStore::operation).
    ///
    /// # Examples
    /// ```no_run
    /// # async fn example(store: bailiwick::store::postgres::PostgresStore) -> Result<(), Box<dyn std::error::Error>> {
    /// # use std::sync::Arc;
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::{Command, SignUp};
    /// use bailiwick::rows::RowChanges;
    /// use bailiwick::store::{Append, Appended, Batch, Keys};
    /// use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    ///
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let organization = Organization::new(home, catalog);
    /// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// let records = organization.handle(&Command::from(sign_up), &now.by(ada))?.records;
    /// let (keys, rows) = (Keys::of(&organization, &records), RowChanges::of(&organization, &records));
    /// let (expected, batch) = (organization.version(), Batch::Organization(&records));
    ///
    /// let mut client = store.pool().get().await?;
    /// let transaction = client.transaction().await?;
    /// transaction.execute("insert into customer (name) values ('Ada')", &[]).await?;
    /// let append = Append { organization: home, expected, batch, keys: &keys, rows: &rows };
    /// if store.append_in(&transaction, &append).await? == Appended::Applied {
    ///     transaction.commit().await?; // both, or neither
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn append_in(&self, transaction: &Transaction<'_>, append: &Append<'_>) -> Result<Appended, StoreError> {
        let net = Net::of(append.keys);
        let shape = Shape::of(append, &net).looking_first();
        let (sql, bound) = (self.statement(shape), Bound::of(append, shape, &net)?);
        let answer = transaction.query_typed(&sql, &bound.typed()).await;
        match what_became(answer.map_err(|why| Failed::Server(why, Stage::Harmless)))? {
            Became::Answer(appended) => Ok(appended),
            Became::Refused => match self.holder(append).await? {
                Some(by) => Ok(Appended::Claimed { by }),
                None => Err(StoreError::Retry(Crowded.into())),
            },
        }
    }

    /// The versions of an operation.
    pub(super) async fn written(
        &self,
        organization: OrgId,
        operation: CommandId,
    ) -> Result<Option<Written>, StoreError> {
        let sql = "select first_version, last_version from @operation \
                   where organization = $1::uuid and operation = $2::uuid";
        let rows = self.ask(sql, &[&Bits::from(organization), &Bits(operation.as_u128())]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Written { from: version_of(column(row, 0)?)?, to: version_of(column(row, 1)?)? }))
    }

    /// The stream is at another version; maybe because the same operation came first.
    async fn conflict(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        Ok(self.written_by(append).await?.map_or(Appended::Conflict, Appended::Replayed))
    }

    /// The versions of the operation that an append has, if it was carried out before.
    async fn written_by(&self, append: &Append<'_>) -> Result<Option<Written>, StoreError> {
        match append.batch.operation() {
            Some(operation) => self.written(append.organization, operation).await,
            None => Ok(None),
        }
    }

    /// Who has the first unique key that leads somewhere else; nobody, if it was given back meanwhile.
    async fn holder(&self, append: &Append<'_>) -> Result<Option<OrgId>, StoreError> {
        let keys = append.keys;
        for (key, place) in keys.added.iter().filter(|(key, _)| key.is_unique()) {
            let there = self.places_of(key, None, None, 1).await?;
            let is_freed =
                |at: &Place| keys.removed.iter().any(|(freed, from): &(Key, Place)| freed == key && from == at);
            if let Some(elsewhere) = there.first().filter(|at| *at != place && !is_freed(at)) {
                return Ok(Some(elsewhere.organization));
            }
        }
        Ok(None)
    }

    fn statement(&self, shape: Shape) -> Arc<str> {
        let mut statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        if statements.len() >= STATEMENTS_MAX {
            *statements = HashMap::new();
        }
        Arc::clone(statements.entry(shape).or_insert_with(|| shape.statement(&self.options).into()))
    }
}

/// What the statement has come to.
enum Became {
    Answer(Appended),
    /// A unique key leads somewhere else or the operation is there, or was while the statement waited.
    Refused,
}

fn what_became(answer: Result<Vec<Row>, Failed>) -> Result<Became, StoreError> {
    let rows = match answer {
        Ok(rows) => rows,
        Err(failed) => {
            // A part of a table is called after it.
            let is_about = |table| failed.table().is_some_and(|name| name.starts_with(table));
            return match failed.code() {
                Some(&SqlState::NOT_NULL_VIOLATION) if is_about("claim") => Ok(Became::Refused),
                Some(&SqlState::UNIQUE_VIOLATION) if is_about("claim") || is_about("operation") => Ok(Became::Refused),
                _ => Err(failed.into()),
            };
        }
    };
    let Some(row) = rows.first() else { return Err(StoreError::Fatal("an append without an answer".into())) };
    if column::<i64>(row, 0)? > 0 {
        return Ok(Became::Answer(Appended::Applied));
    }
    Ok(Became::Answer(match (column(row, 1)?, column(row, 2)?) {
        (Some(from), Some(to)) => Appended::Replayed(Written { from: version_of(from)?, to: version_of(to)? }),
        _ => Appended::Conflict,
    }))
}

/// Others have taken and given back the same keys again and again.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("others keep taking the same keys")]
struct Crowded;
