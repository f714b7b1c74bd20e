//! Announcing: one process tells the others that there is something to follow, so that they need not ask so often.
//!
//! A notification in every commit would cost three quarters of the throughput, for they are put in order by one lock. One process polls
//! instead, and notifies once for everything that it has found.

use deadpool_postgres::{ClientWrapper, Object};
use tokio::sync::watch;

use super::PostgresStore;
use super::trouble::{Failed, Stage};
use crate::limits::FOLLOWED_TOGETHER_MAX;
use crate::store::{Cursor, StoreError};

impl PostgresStore {
    /// Looks once for what has changed since a cursor, notifies everybody who [listens](Self::listen) if there is anything, and says where
    /// to go on. One process does that, a few times a second; where none does, polling goes on as before.
    ///
    /// # Errors
    /// [`StoreError::Retry`] and [`StoreError::Fatal`]; go on from the same cursor.
    ///
    /// # Examples
    /// ```no_run
    /// # async fn example(store: bailiwick::store::postgres::PostgresStore) {
    /// # use std::time::Duration;
    /// let mut cursor = None;
    /// loop {
    ///     cursor = store.announce(cursor).await.ok().or(cursor);
    ///     tokio::time::sleep(Duration::from_millis(100)).await;
    /// }
    /// # }
    /// ```
    pub async fn announce(&self, since: Option<Cursor>) -> Result<Cursor, StoreError> {
        let (mut cursor, mut is_news) = (since, false);
        loop {
            let changes = self.changes_since(cursor, FOLLOWED_TOGETHER_MAX).await?;
            is_news |= !changes.changed.is_empty();
            cursor = Some(changes.cursor);
            if changes.is_all {
                break;
            }
        }
        if is_news {
            self.ask("select pg_notify($1::text, '')", &[&self.options.schema]).await?;
        }
        Ok(cursor.unwrap_or_default())
    }

    /// Listens for [announcements](Self::announce), on a connection that it takes out of the pool.
    ///
    /// # Errors
    /// [`StoreError::Fatal`] in a store over a pool of the caller's, where nobody hears.
    ///
    /// # Examples
    /// ```no_run
    /// # use std::sync::Arc;
    /// # use std::time::Duration;
    /// # use bailiwick::AsyncTenants;
    /// # use bailiwick::store::{StoreError, postgres::PostgresStore};
    /// # async fn example(tenants: AsyncTenants<Arc<PostgresStore>>) -> Result<(), StoreError> {
    /// let mut listener = tenants.store().listen()?;
    /// loop {
    ///     let _ = tokio::time::timeout(Duration::from_secs(1), listener.news()).await; // announced or not: at the latest now
    ///     let _ = tenants.follow().await;
    /// }
    /// # }
    /// ```
    pub fn listen(&self) -> Result<Listener<'_>, StoreError> {
        let Some(heard) = &self.heard else { return Err(StoreError::Fatal(Deaf.into())) };
        Ok(Listener { store: self, news: heard.news.subscribe(), client: None })
    }
}

/// Says when it is time to [follow](crate::AsyncTenants::follow).
#[derive(Debug)]
pub struct Listener<'a> {
    store: &'a PostgresStore,
    news: watch::Receiver<()>,
    client: Option<ClientWrapper>,
}

impl Listener<'_> {
    /// Ready when something was announced, or may have been: after connecting, and after a connection was lost. Connects where it is not.
    ///
    /// # Errors
    /// [`StoreError::Retry`] and [`StoreError::Fatal`], where there is no connection; the next call tries again.
    pub async fn news(&mut self) -> Result<(), StoreError> {
        if self.client.as_ref().is_none_or(|client| client.is_closed()) {
            let client = Object::take(self.store.client().await?);
            let listen = std::format!("listen \"{}\"", self.store.options.schema.replace('"', "\"\""));
            client.batch_execute(&listen).await.map_err(|why| Failed::Server(why, Stage::Harmless))?;
            self.client = Some(client);
            return Ok(()); // what was announced until now was missed
        }
        // The store holds the other end.
        self.news.changed().await.map_err(|why| StoreError::Fatal(why.into()))
    }
}

/// Nobody hears what the connections of this pool say.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a store over a pool of its caller's cannot listen")]
struct Deaf;
