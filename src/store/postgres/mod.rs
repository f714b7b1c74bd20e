//! A store in PostgreSQL: every append is one statement, and commits in one round trip.
//!
//! - [`PostgresStore`] is the store. It is made of an address, or of a pool that is there, and makes its own tables.
//! - **One statement.** An append moves the head of its stream from the version that it expects; records, keys, rows and the link of the hash
//!   chain hang on that. Whether the version was the right one, the operation known or a key taken is answered by the same statement.
//! - **Isolation.** READ COMMITTED is enough, and SERIALIZABLE works: give the connections `default_transaction_isolation`.
//! - **Following** needs no sequence and no notification: each stream keeps the transaction that wrote it last, and a poll goes no further
//!   than the oldest transaction that is still running. What commits late is not missed. [`announce`](PostgresStore::announce) and
//!   [`listen`](PostgresStore::listen) make polls earlier, and are not needed.
//! - **Nobody changes what was written**, unseen: records are read with their digests, and [`verify`](PostgresStore::verify) goes through the
//!   [hash chain](crate::store::json) of every stream. What only a [head](PostgresStore::head) that is kept elsewhere can tell stands there.
//! - **Rows** are tables of the same schema, beside the history and in its transaction: [`rows`](crate::rows).
//! - **Between them** there can be a pooler that keeps prepared statements, or gives a connection to one client for a session.
//! - **Dividing.** Every table begins its key with the organization, or the key of what is looked up: [`Options::partitions`].
//! - **Tenants in SQL.** [`Options::rls_sql`] lets a role see one organization alone.
//!
//! # What is in doubt
//! A connection that is lost after a statement was sent, a server that is stopped, an answer that does not come in time and a warning with a
//! commit are [`StoreError::Unknown`]: with an id for each command nothing is carried out twice. `synchronous_commit` and
//! `synchronous_standby_names` are the server's: on a server that acknowledges what one machine has, a failover loses what only that had.
//!
//! # Examples
//! ```no_run
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::Arc;
//!
//! use bailiwick::AsyncTenants;
//! use bailiwick::store::postgres::{NoTls, Options, PostgresStore};
//!
//! let address = "postgres://app@db1,db2/app?target_session_attrs=read-write".parse()?;
//! let store = PostgresStore::connect(address, NoTls, 16, Options::default())?; // or a connector of rustls or native-tls
//! store.migrate().await?;
//! let tenants = AsyncTenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), Arc::new(store));
//! # Ok(())
//! # }
//! ```

mod announce;
mod append;
mod ask;
mod bind;
mod changes;
mod compact;
mod connect;
mod find;
mod keep;
mod migrate;
mod options;
mod read;
mod replace;
mod rows;
mod schema;
mod shape;
mod trouble;
mod verify;
mod wire;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::vec::Vec;

use deadpool_postgres::{Manager, ManagerConfig, Pool, QueueMode, RecyclingMethod, Runtime};
pub use tokio_postgres::NoTls;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Config, Socket};
pub use {deadpool_postgres, tokio_postgres};

use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::store::{
    Append, Appended, AsyncStore, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, StoreError, Stream,
    Written,
};
use crate::version::Version;
pub use announce::Listener;
use connect::{Heard, Listening};
pub use migrate::NewerSchema;
pub use options::Options;
use shape::Shape;
pub use trouble::{Late, Warned};

/// Keeps organizations in PostgreSQL, version 13 or newer.
///
/// # Shape
/// Shared by reference or in an [`Arc`] between tasks. A future that is dropped leaves its statement to the server, which carries it out or
/// not, whole. Every statement but those that erase is waited for as long as [`Options::timeout`] says. A text in a [row](crate::rows) is
/// without NUL, which the server has none of; the history has it.
///
/// # Panics
/// In a tokio runtime without time or I/O. Outside of any it is [`StoreError::Fatal`].
pub struct PostgresStore {
    pool: Pool,
    options: Options,
    /// What the connections say by themselves, if they were made here.
    heard: Option<Arc<Heard>>,
    /// The statement of each shape of an append that came by.
    statements: Mutex<HashMap<Shape, Arc<str>>>,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("options", &self.options).finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// A store at an address, with so many connections at most. Connects when it is used.
    ///
    /// # Shape
    /// [`NoTls`] is for a loopback or a socket; anything else is given the connector of a TLS library. A pair of servers is one address with
    /// both hosts and `target_session_attrs=read-write`. Where the address says nothing of it, a host is waited for as long as a
    /// [statement](Options::timeout).
    ///
    /// # Errors
    /// [`StoreError::Fatal`] for no connections at all.
    pub fn connect<T>(mut address: Config, tls: T, connections_max: usize, options: Options) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send + Sync,
        T::TlsConnect: Send + Sync,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        if address.get_connect_timeout().is_none() {
            address.connect_timeout(options.timeout);
        }
        let hosts = u32::try_from(address.get_hosts().len().saturating_add(1)).unwrap_or(u32::MAX);
        let heard = Arc::<Heard>::default();
        let connecting = Listening { tls, heard: Arc::clone(&heard) };
        let config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
        let pool = Pool::builder(Manager::from_connect(address, connecting, config))
            .max_size(connections_max)
            // The one that was used last: its statements are planned, and what it has read is near.
            .queue_mode(QueueMode::Lifo)
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(options.timeout))
            .create_timeout(Some(options.timeout.saturating_mul(hosts)))
            .build()
            .map_err(|why| StoreError::Fatal(why.into()))?;
        Ok(Self { heard: Some(heard), ..Self::new(pool, options) })
    }

    /// A store over a pool that is there.
    ///
    /// # Shape
    /// What connections say by themselves is not heard: neither a [warning](Warned) that a commit may be on one machine alone, nor a
    /// notification.
    #[must_use]
    pub fn new(pool: Pool, options: Options) -> Self {
        Self { pool, options, heard: None, statements: Mutex::default() }
    }

    /// The pool, for statements of the caller's own.
    #[must_use]
    pub const fn pool(&self) -> &Pool {
        &self.pool
    }

    /// How it uses its database.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }
}

impl AsyncStore for PostgresStore {
    async fn load(
        &self,
        organization: OrgId,
        limit: usize,
    ) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        self.load_stream::<_, Record, _>(organization, Stream::Organization, limit).await
    }

    async fn load_ledger(
        &self,
        organization: OrgId,
        limit: usize,
    ) -> Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError> {
        self.load_stream::<_, Entry, _>(organization, Stream::Ledger, limit).await
    }

    async fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.read_stream::<Record, _>(organization, Stream::Organization, after, limit).await
    }

    async fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.read_stream::<Entry, _>(organization, Stream::Ledger, after, limit).await
    }

    async fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        self.read_sheets(organization, resources).await
    }

    async fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.commit(append).await
    }

    async fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        self.written(organization, operation).await
    }

    async fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        self.places_of(key, within, after, limit).await
    }

    async fn keys(
        &self,
        organization: OrgId,
        after: Option<&(Key, Place)>,
        limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        self.keys_within(organization, after, limit).await
    }

    async fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        self.use_link((organization, link), uses, at_most).await
    }

    async fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        self.changes_since(after, limit).await
    }

    async fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.organizations_after(after, limit).await
    }

    async fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        self.resources_after(organization, after, limit).await
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    async fn rows(
        &self,
        organization: OrgId,
        table: Table,
        after: Option<&RowKey>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.rows_after(organization, table, after, limit).await
    }

    async fn keep(&self, snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        self.keep_snapshot(snapshot).await
    }

    async fn compact(&self, organization: OrgId, stream: Stream, up_to: Version) -> Result<(), StoreError> {
        self.forget_records(organization, stream, up_to).await
    }

    async fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        self.put_in_place(replacement).await
    }

    async fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        self.erase_all(organization).await
    }
}
