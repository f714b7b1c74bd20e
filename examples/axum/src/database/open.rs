//! Opening: the store of the organizations, and the application's own tables beside it. The one place that knows both databases.

use std::sync::Arc;

use bailiwick::store::postgres::{NoTls, Options, PostgresStore};
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::store::{ErasedStore, Offloaded};

use super::postgres::Postgres;
use super::sqlite::Sqlite;
use super::{Database, DatabaseError, Location};

/// Connections to a server, for the store and the application together.
const CONNECTIONS_MAX: usize = 16;

/// Opens what is there, and makes what is not.
pub(crate) async fn open(location: &Location) -> Result<(Arc<dyn ErasedStore>, Database), DatabaseError> {
    match location {
        Location::Sqlite(path) => {
            // SQLite blocks: every call steps aside, so that the other tasks of its thread go on.
            let store = Offloaded::new(SqliteStore::open(path)?, |work| tokio::task::block_in_place(work));
            let database = Sqlite::open(path)?; // after the store, which makes the file
            Ok((Arc::new(store), Database::Sqlite(Box::new(database))))
        }
        Location::Postgres(config) => {
            // Within one machine or one private network; elsewhere a connector of rustls or native-tls stands here.
            let store = PostgresStore::connect((**config).clone(), NoTls, CONNECTIONS_MAX, Options::default())?;
            store.migrate().await?;
            let database = Postgres::open(store.pool().clone()).await?;
            Ok((Arc::new(store), Database::Postgres(database)))
        }
    }
}
