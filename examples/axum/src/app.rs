//! What every handler shares.

use std::sync::Arc;

use bailiwick::catalog::{BindError, Bound};
use bailiwick::store::ErasedStore;
use bailiwick::{AsyncTenants, Keeping};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::config::Config;
use crate::database::{self, Database, DatabaseError};
use crate::may::Perm;
use crate::metrics::Metrics;

/// Every organization, over whichever store was chosen at the start.
pub(crate) type Tenants = AsyncTenants<Arc<dyn ErasedStore>>;

/// The state of the handlers.
pub(crate) type Shared = Arc<App>;

/// Bytes of organizations that are kept in memory, about.
const KEPT_BYTES_MAX: usize = 512 << 20;

/// Records that a load may replay before a snapshot is kept.
const REPLAYED_MAX: u64 = 2_000;

/// A process of this backend.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) config: Config,
    /// Who may do what; who pays.
    pub(crate) tenants: Tenants,
    /// The permissions of this program in the catalog.
    pub(crate) permissions: Bound<Perm>,
    /// The application's own tables.
    pub(crate) database: Database,
    pub(crate) metrics: Metrics,
    /// What was begun, and is finished before the process ends.
    pub(crate) begun: TaskTracker,
    /// The process is asked to end.
    pub(crate) ending: CancellationToken,
    /// There is no more time to finish anything.
    pub(crate) hurry: CancellationToken,
}

/// Why there is no process.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the program and its catalog disagree: {}", listed(.0))]
    Permissions(Vec<BindError>),
    #[error("the database cannot be opened")]
    Database(#[from] DatabaseError),
    #[error("the address cannot be listened at")]
    Listen(#[from] std::io::Error),
}

fn listed(errors: &[BindError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl App {
    /// Opens everything that it needs.
    pub(crate) async fn open(config: Config) -> Result<Shared, StartError> {
        let permissions = config.catalog.bind::<Perm>().map_err(StartError::Permissions)?;
        let (store, database) = database::open(&config.database).await?;
        let keeping = Keeping {
            bytes_max: Some(KEPT_BYTES_MAX),
            age_max: Some(config.stale_after),
            replayed_max: Some(REPLAYED_MAX),
        };
        let tenants = AsyncTenants::new(Arc::clone(&config.catalog), store).keeping(keeping);
        Ok(Arc::new(Self {
            config,
            tenants,
            permissions,
            database,
            metrics: Metrics::default(),
            begun: TaskTracker::new(),
            ending: CancellationToken::new(),
            hurry: CancellationToken::new(),
        }))
    }
}
