//! The front door of a backend: every organization of a process, shared between threads or tasks.
//!
//! Everything is written once, for a store that waits; [`blocking`] is the same for one that blocks.

mod accounts;
mod attempts;
#[cfg(feature = "json")]
mod beside;
mod blocking;
mod commands;
mod doors;
mod doubt;
mod evict;
mod follow;
mod group;
mod kept;
mod ledgers;
mod links;
mod lists;
mod load;
mod opened;
mod prepared;
mod previews;
mod questions;
#[cfg(feature = "json")]
mod redact;
mod shared;
mod shares;
mod snapshots;
mod told;
#[cfg(feature = "json")]
mod traces;
mod turn;
mod verify;
mod wait;

use std::boxed::Box;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;
use std::vec::Vec;

use crate::catalog::Catalog;
use crate::change::Refusal;
use crate::directory::Directory;
use crate::id::OrgId;
use crate::ledger;
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::store::{AsyncStore, StoreError};
pub use accounts::{AccountPreview, Issue};
pub use blocking::Tenants;
use evict::Room;
use follow::Followed;
use kept::Cell;
use ledgers::LedgerCell;
pub use links::FollowedLink;
pub use lists::Belonging;
pub use opened::Listed;
pub use prepared::Prepared;
pub use shared::{FoundShare, SharePage, SharedWith};
#[cfg(feature = "kit")]
pub(crate) use wait::wait;

/// Why a command was not carried out: a refusal is an answer, the rest is trouble.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TenantsError {
    /// A business "no", as data.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// A "no" of a ledger.
    #[error(transparent)]
    Declined(Box<ledger::Refusal>),
    /// The user is the last owner of these organizations, which need another one first.
    #[error("the user is the last owner of {} organizations", .organizations.len())]
    StillOwner {
        /// Which.
        organizations: Vec<OrgId>,
    },
    /// Others wrote the same organization again and again; nothing was changed.
    #[error("gave up after {APPEND_ATTEMPTS_MAX} attempts: others keep changing the organization")]
    Contended,
    /// Trouble with the store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl TenantsError {
    /// The stable code of a "no"; `None` for trouble.
    #[must_use]
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(refusal) => Some(refusal.code()),
            Self::Declined(refusal) => Some(refusal.code()),
            Self::StillOwner { .. } => Some("last_owner"),
            Self::Contended | Self::Store(_) => None,
        }
    }

    /// The stable number, of trouble too, for languages without texts: that of the refusal or of the [store's error](StoreError::number);
    /// [`CONTENDED`](Self::CONTENDED).
    #[must_use]
    pub fn number(&self) -> u16 {
        match self {
            Self::Refused(refusal) => refusal.number(),
            Self::Declined(refusal) => refusal.number(),
            Self::StillOwner { .. } => Refusal::LastOwner.number(),
            Self::Contended => Self::CONTENDED.0,
            Self::Store(error) => error.number(),
        }
    }

    /// The number and the code of [`Contended`](Self::Contended), which nothing else has.
    pub const CONTENDED: (u16, &'static str) = (404, "contended");
}

impl From<ledger::Refusal> for TenantsError {
    fn from(refusal: ledger::Refusal) -> Self {
        Self::Declined(Box::new(refusal))
    }
}

/// Every organization of a process, over a store that waits: method by method what [`Tenants`] is, to be awaited.
///
/// # Shape
/// Shared by reference between tasks, of any runtime or none; futures can be sent between threads. A future that is dropped may have
/// been carried out or not; nothing is half done, and the next command sees what there is.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use bailiwick::access::Facts;
/// use bailiwick::change::SignUp;
/// use bailiwick::store::{Direct, MemoryStore};
/// use bailiwick::{Actor, AsyncTenants, Name, OrgId, Timestamp, UserId, WorkspaceId};
///
/// async fn home_of(ada: UserId, tenants: &AsyncTenants<Direct<MemoryStore>>) -> Result<OrgId, bailiwick::TenantsError> {
///     let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
///     let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: WorkspaceId::from_u64(1).unwrap() };
///     tenants.sign_up(OrgId::from_u64(1).unwrap(), sign_up, &now.by(Actor::User(ada))).await
/// }
///
/// let tenants = AsyncTenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), Direct(MemoryStore::new()));
/// let future = home_of(UserId::from_u64(1).unwrap(), &tenants);
/// # let mut future = std::pin::pin!(future);
/// # let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// # assert!(std::future::Future::poll(future.as_mut(), &mut context).is_ready());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct AsyncTenants<S> {
    catalog: Arc<Catalog>,
    store: S,
    directory: Directory,
    cells: RwLock<HashMap<OrgId, Arc<Cell>>>,
    ledgers: RwLock<HashMap<OrgId, Arc<LedgerCell>>>,
    followed: Followed,
    room: Room,
    /// Records that may be replayed before a snapshot is kept.
    replayed_max: Option<u64>,
}

/// How much of a store a process keeps in memory, and how long it answers from that.
///
/// # Examples
/// ```
/// use std::sync::Arc;
/// use std::time::Duration;
///
/// use bailiwick::store::MemoryStore;
/// use bailiwick::{Keeping, Tenants};
///
/// let keeping = Keeping { bytes_max: Some(1 << 30), age_max: Some(Duration::from_secs(5)), replayed_max: Some(5_000) };
/// let tenants = Tenants::new(Arc::new(toml::from_str(bailiwick::presets::CLOUD)?), MemoryStore::new()).keeping(keeping);
/// tenants.follow()?; // at least every five seconds from now on, or questions are answered with `StoreError::Stale`
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Keeping {
    /// Bytes of organizations and ledgers that are kept, about; where there are more, those that were loaded first are let go. `None`
    /// keeps everything that was asked for.
    pub bytes_max: Option<usize>,
    /// How long ago a process may have [followed](Tenants::follow) the store last when it answers a question from memory; later it answers
    /// with [`StoreError::Stale`] and nothing else. What other processes have done is seen this much later at the most. `None` answers
    /// however old it is.
    pub age_max: Option<Duration>,
    /// Records that a load may replay; where there are more, the store is given a snapshot in passing, and the next process has it easier.
    /// `None` leaves that to [`keep_snapshot`](Tenants::keep_snapshot).
    pub replayed_max: Option<u64>,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// Organizations kept in a store.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>, store: S) -> Self {
        let directory = Directory::new(Arc::clone(&catalog));
        let (followed, room) = (Followed::new(None), Room::new(None));
        Self {
            catalog,
            store,
            directory,
            cells: RwLock::default(),
            ledgers: RwLock::default(),
            followed,
            room,
            replayed_max: None,
        }
    }

    /// Keeps so much, and answers from it so long.
    #[must_use]
    pub fn keeping(mut self, keeping: Keeping) -> Self {
        (self.followed, self.room) = (Followed::new(keeping.age_max), Room::new(keeping.bytes_max));
        self.replayed_max = keeping.replayed_max;
        self
    }

    /// The catalog that every organization shares.
    #[must_use]
    pub const fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// The organizations that are loaded, to be asked many questions at once.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }
}
