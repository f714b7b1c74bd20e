//! The store in one file: the embedded default, for a durable machine of its own. SQLite comes with the crate.
//!
//! Records lie in the file as text that any program can read, each with its digest, in a [hash chain](crate::store::json); beside them the
//! [rows](crate::rows), one table for each, to be queried with the tool of your choice while the store is at work. When an append was
//! answered it is on the disk: a process that is killed, a kernel that stops or a power cut takes nothing of it, as long as the disk keeps
//! what it says that it has kept.
//!
//! - **One writes, many read.** SQLite has one writer at a time. Appends that wait for each other are [carried out together](Options), with
//!   one wait for the disk for all of them. Readers are never in the way, and see what was acknowledged before they asked.
//! - **Several processes** may open the same file, on one machine. Over a network file system the locks cannot be trusted, and neither can
//!   the file.
//! - **A copy** of the file alone is no backup while somebody writes: what was appended last lies in `-wal` beside it. Use
//!   `VACUUM INTO`, or the tool `sqlite3` with `.backup`. Followers begin anew after a backup was put back.
//! - **Erased is erased.** What is deleted is overwritten, also where it stood before it was changed, and
//!   [`erase`](crate::store::Store::erase) empties the journal beside the file, unless somebody still reads in it.
//! - **Unknown is rare.** Only where the disk failed in the very commit nobody knows what became of it; before that nothing was carried
//!   out, and [`StoreError`] says so, with a [`SqliteError`] as its source.
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//!
//! use bailiwick::access::Facts;
//! use bailiwick::change::SignUp;
//! use bailiwick::store::Stream;
//! use bailiwick::store::sqlite::SqliteStore;
//! use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
//!
//! # let place = std::env::temp_dir().join(format!("bailiwick-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&place)?;
//! # let path = place.join("tenants.db");
//! let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
//! let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
//! let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
//!
//! let tenants = Tenants::new(Arc::clone(&catalog), SqliteStore::open(&path)?);
//! let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
//! tenants.sign_up(home, sign_up, &now.by(Actor::User(ada)))?;
//! drop(tenants);
//!
//! let tenants = Tenants::new(catalog, SqliteStore::open(&path)?); // tomorrow
//! assert_eq!(tenants.memberships(ada)?, [home]);
//!
//! let store = tenants.store();
//! assert_eq!(store.verify(None)?, []); // nobody has changed what was written
//! let (version, link) = store.head(home, Stream::Organization)?; // kept elsewhere, it proves that nobody has made it anew
//! assert_eq!(store.link_at(home, Stream::Organization, version)?, Some(link));
//! # drop(tenants);
//! # std::fs::remove_dir_all(place)?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod append;
mod changes;
mod connections;
mod erase;
mod error;
mod group;
mod keys;
mod methods;
mod open;
mod options;
mod prepared;
mod read;
mod replace;
mod rewrite;
mod schema;
mod tables;
mod verify;
mod wire;

pub use error::SqliteError;
pub use options::{Options, Synchronous};

use std::path::Path;

use connections::Connections;
use group::Group;
use tables::Tables;

#[cfg(doc)]
use crate::store::StoreError;

/// Keeps organizations in a file.
///
/// # Shape
/// Shared by reference between threads. A connection that writes, and as many that read as [`Options`] say; closed when it is dropped.
///
/// # Examples
/// See the [module](self).
#[derive(Debug)]
pub struct SqliteStore {
    connections: Connections,
    group: Group,
    tables: Tables,
}

impl SqliteStore {
    /// Opens a file, or makes it where there is none.
    ///
    /// # Errors
    /// [`SqliteError`]; a file that is something else stays as it is.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqliteError> {
        Self::open_with(path, &Options::default())
    }

    /// The same, otherwise than usual.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, options: &Options) -> Result<Self, SqliteError> {
        Ok(Self::over(Connections::open(path.as_ref(), options)?))
    }

    /// A store that lives as long as it is held: for tests.
    ///
    /// # Errors
    /// [`SqliteError`].
    pub fn in_memory() -> Result<Self, SqliteError> {
        Ok(Self::over(Connections::in_memory()?))
    }

    fn over(connections: Connections) -> Self {
        Self { connections, group: Group::default(), tables: Tables::new() }
    }
}
