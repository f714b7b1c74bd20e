//! Migrating: the tables are made, or found to be there.

use std::string::String;

use deadpool_postgres::Object;
use tokio_postgres::error::SqlState;

use super::PostgresStore;
use super::schema::SCHEMA;
use super::trouble::{Failed, Stage};
use super::wire::column;
use crate::limits::COLLISIONS_MAX;
use crate::store::StoreError;

/// A later version of the crate has made the tables.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the tables are of version {found}, and {known} is the newest that is known here")]
pub struct NewerSchema {
    /// What is there.
    pub found: i32,
    /// What this version of the crate makes.
    pub known: i32,
}

impl PostgresStore {
    /// Makes the tables where there are none, and leaves them alone where they are: at every start of a process, say, by several at once.
    /// What it runs is [`Options::schema_sql`](super::Options::schema_sql), in one transaction.
    ///
    /// # Errors
    /// [`StoreError::Fatal`] with [`NewerSchema`], where a later version of the crate was here; other [`StoreError`]s. It can be
    /// called again after each of them.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        let mut collisions = 0_usize;
        loop {
            match self.migrate_once().await {
                Err(failed) if is_made_twice(&failed) && collisions < COLLISIONS_MAX => {
                    collisions = collisions.saturating_add(1);
                }
                answer => return Ok(answer?),
            }
        }
    }

    async fn migrate_once(&self) -> Result<(), Failed> {
        let mut client = self.client().await?;
        if self.is_migrated(&client).await? {
            return Ok(());
        }
        let transaction = client.transaction().await.map_err(harmless)?;
        transaction.batch_execute(&self.options.schema_sql()).await.map_err(harmless)?;
        // What is made can be made again: nothing is in doubt.
        transaction.commit().await.map_err(harmless)
    }

    /// Whether the tables are there, which whoever may not make any can ask too.
    async fn is_migrated(&self, client: &Object) -> Result<bool, Failed> {
        let named = self.options.named("@schema_version");
        let there = client.query_one("select to_regclass($1::text)::text", &[&named]).await.map_err(harmless)?;
        if column::<Option<String>>(&there, 0)?.is_none() {
            return Ok(false);
        }
        let newest = self.options.named("select max(version) from @schema_version");
        let found = client.query_one(&newest, &[]).await.map_err(harmless)?;
        match column::<Option<i32>>(&found, 0)? {
            Some(found) if found > SCHEMA => Err(StoreError::from(NewerSchema { found, known: SCHEMA }).into()),
            found => Ok(found == Some(SCHEMA)),
        }
    }
}

impl From<NewerSchema> for StoreError {
    fn from(newer: NewerSchema) -> Self {
        Self::Fatal(newer.into())
    }
}

fn harmless(why: tokio_postgres::Error) -> Failed {
    Failed::Server(why, Stage::Harmless)
}

/// What two that make the same table at once are told, the one that comes second.
fn is_made_twice(failed: &Failed) -> bool {
    let twice = [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_TABLE,
        SqlState::DUPLICATE_OBJECT,
        SqlState::DUPLICATE_SCHEMA,
        SqlState::INTERNAL_ERROR,
    ];
    failed.is_collision() || failed.code().is_some_and(|code| twice.contains(code))
}
