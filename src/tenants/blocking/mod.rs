//! The same for a store that blocks: every method waits for its twin, whose futures are ready at once.

mod accounts;
mod commands;
mod doors;
mod follow;
mod links;
mod lists;
mod opened;
mod previews;
mod questions;
#[cfg(feature = "json")]
mod redact;
mod shared;
mod shares;
mod snapshots;

use std::sync::Arc;

use super::wait::wait;
use super::{AsyncTenants, Keeping};
use crate::catalog::Catalog;
use crate::directory::Directory;
use crate::ledger::Settings;
use crate::store::{Direct, MemoryStore, Store};

/// Every organization of a process: loads, judges, appends, applies; answers questions in between.
///
/// # Shape
/// Shared by reference between threads. Organizations are loaded when first asked for, and kept in two shapes: one to be changed
/// and explained, and one to be asked, in a [`Directory`]. A command holds up other commands of its organization only, and no
/// question waits for it. When [`handle`](Self::handle) has returned, no later question in this process is answered from the
/// state before it.
/// What other processes append to the same store is seen with the next command, or by [`refresh`](Self::refresh).
/// Over a store that waits instead of blocking: [`AsyncTenants`].
///
/// # What is told to `tracing`
/// With the feature `tracing`, everything under the target `bailiwick`. At the level debug there are spans: `command` (organization, the
/// command's name), `order` (organization, the request's word), `load` and `load_ledger` (organization), `follow`; each with `code` when it is done
/// (`ok`, or the stable code of why not) and `version` where one came of it. At the level trace there are events: `check` (organization,
/// permission, code) and `access` (organization, version); of [`check_each`](Self::check_each) none. Nobody is named: whom a log must not know, it was not told.
///
/// # Examples
/// ```
/// use bailiwick::access::{Decision, Facts, Target};
/// use bailiwick::change::{CreateOrganization, CreateWorkspace, SignUp};
/// use bailiwick::{Actor, Name, OrgId, Seats, Tenants, Timestamp, UserId, WorkspaceId};
///
/// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
/// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// let ada = Actor::User(UserId::from_u64(1).unwrap());
/// let (acme, default, prod) = (OrgId::from_u64(1).unwrap(), WorkspaceId::from_u64(1).unwrap(), WorkspaceId::from_u64(2).unwrap());
///
/// let create = CreateOrganization { name: Name::new("Acme")?, plan: "team".into(), seats: Seats::new(5), owned: 0, workspace: default };
/// tenants.create(acme, create, &now.by(ada))?;
/// tenants.handle(acme, CreateWorkspace { workspace: prod, name: Name::new("Production")? }, &now.by(ada))?;
///
/// let run = tenants.catalog().permission("operation.run").unwrap();
/// assert_eq!(tenants.check(acme, ada, run, Target::Workspace(prod), &now)?, Decision::Allow);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Tenants<S = MemoryStore> {
    inner: AsyncTenants<Direct<S>>,
}

impl Tenants {
    /// Organizations that live as long as the process.
    #[must_use]
    pub fn in_memory(catalog: Catalog) -> Self {
        Self::new(Arc::new(catalog), MemoryStore::new())
    }
}

impl<S: Store> Tenants<S> {
    /// Organizations kept in a store.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>, store: S) -> Self {
        Self { inner: AsyncTenants::new(catalog, Direct(store)) }
    }

    /// Keeps so much of the store in memory, and answers from it so long.
    #[must_use]
    pub fn keeping(self, keeping: Keeping) -> Self {
        Self { inner: self.inner.keeping(keeping) }
    }

    /// The catalog that every organization shares.
    #[must_use]
    pub const fn catalog(&self) -> &Arc<Catalog> {
        self.inner.catalog()
    }

    /// The organizations that are loaded, to be asked many questions at once.
    #[must_use]
    pub const fn directory(&self) -> &Directory {
        self.inner.directory()
    }

    /// The store.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.inner.store().0
    }

    /// How the ledgers of these tenants count.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.inner.settings()
    }
}
