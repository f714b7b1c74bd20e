//! Asking: a statement goes out, an answer comes back, or trouble that says whether something was carried out.

use std::vec::Vec;

use deadpool_postgres::Object;
use tokio::runtime::Handle;
use tokio::time::timeout;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

use super::PostgresStore;
use super::trouble::{Failed, Late, Stage, Warned, no_connection};
use crate::limits::COLLISIONS_MAX;
use crate::store::StoreError;

/// What is bound to the marks of a statement.
pub(super) type Parameters<'a> = [&'a (dyn ToSql + Sync)];

impl PostgresStore {
    /// Reads.
    pub(super) async fn ask(&self, sql: &str, parameters: &Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        Ok(self.run(Stage::Harmless, &self.options.named(sql), parameters).await?)
    }

    /// Writes, in a transaction of its own.
    pub(super) async fn tell(&self, sql: &str, parameters: &Parameters<'_>) -> Result<Vec<Row>, StoreError> {
        Ok(self.run(Stage::Committing, &self.options.named(sql), parameters).await?)
    }

    /// One statement in which every table has its schema. Again, while nothing but others is in the way.
    pub(super) async fn run(&self, stage: Stage, sql: &str, parameters: &Parameters<'_>) -> Result<Vec<Row>, Failed> {
        let mut collisions = 0_usize;
        loop {
            match self.run_once(stage, sql, parameters).await {
                Err(failed) if failed.is_collision() && collisions < COLLISIONS_MAX => {
                    collisions = collisions.saturating_add(1);
                }
                answer => return answer,
            }
        }
    }

    async fn run_once(&self, stage: Stage, sql: &str, parameters: &Parameters<'_>) -> Result<Vec<Row>, Failed> {
        let client = self.client().await?;
        let warnings = self.warnings();
        let statement = match timeout(self.options.timeout, client.prepare_cached(sql)).await {
            Ok(prepared) => prepared.map_err(|why| Failed::Server(why, Stage::Harmless))?,
            Err(_) => return Err(let_go(client, Stage::Harmless)),
        };
        match timeout(self.options.timeout, client.query(&statement, parameters)).await {
            Ok(Ok(_)) if stage == Stage::Committing && self.warnings() != warnings => {
                Err(StoreError::Unknown(Warned.into()).into())
            }
            Ok(Ok(rows)) => Ok(rows),
            Ok(Err(why)) => {
                if matches!(why.code().map(|code| code.code()), Some("0A000" | "26000")) {
                    client.statement_cache.clear(); // the tables are not those that it was prepared for
                }
                Err(Failed::Server(why, stage))
            }
            Err(_) => Err(let_go(client, stage)),
        }
    }

    pub(super) async fn client(&self) -> Result<Object, StoreError> {
        Handle::try_current().map_err(|why| StoreError::Fatal(why.into()))?; // or the pool would panic
        self.pool.get().await.map_err(no_connection)
    }

    /// How many warnings the server has given.
    pub(super) fn warnings(&self) -> u64 {
        self.heard.as_ref().map_or(0, |heard| heard.warnings())
    }
}

/// A connection with a statement under way is good for nobody else.
pub(super) fn let_go(client: Object, stage: Stage) -> Failed {
    drop(Object::take(client));
    Late::at(stage).into()
}
