//! Following: what other processes append, and how old an answer may be.

use super::{Tenants, wait};
use crate::id::OrgId;
use crate::store::{Store, StoreError};
use crate::version::Version;

impl<S: Store> Tenants<S> {
    /// Takes in everything that was appended to the store until now, of what is loaded, and says how much of that was news. Call it again
    /// and again, from a thread or a timer of its own: other processes are seen that much later.
    ///
    /// # Shape
    /// Costs one question to the store, and one more for each organization and ledger that others have changed meanwhile. Nothing that this process has
    /// changed itself is loaded again.
    ///
    /// # Errors
    /// [`StoreError`]; where it was taken in only in part, the next call goes on.
    ///
    /// # Examples
    /// ```
    /// use std::sync::Arc;
    ///
    /// use bailiwick::access::{Facts, Target};
    /// use bailiwick::change::{AddMember, CreateOrganization, Remove};
    /// use bailiwick::store::MemoryStore;
    /// use bailiwick::{Actor, Name, OrgId, Seats, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let store = Arc::new(MemoryStore::new()); // that two processes share
    /// let (here, there) = (Tenants::new(Arc::clone(&catalog), Arc::clone(&store)), Tenants::new(catalog, store));
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, ben) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// let (acme, workspace) = (OrgId::from_u64(1).unwrap(), WorkspaceId::from_u64(1).unwrap());
    /// let create = CreateOrganization { name: Name::new("Acme")?, plan: "team".into(), seats: Seats::new(5), owned: 0, workspace };
    /// here.create(acme, create, &now.by(Actor::User(ada)))?;
    /// here.handle(acme, AddMember { user: ben, roles: vec!["admin".into()], access: vec![] }, &now.by(Actor::System))?;
    ///
    /// let run = here.catalog().permission("operation.run").unwrap();
    /// let may = |tenants: &Tenants<_>| tenants.check(acme, Actor::User(ben), run, Target::Organization, &now);
    /// assert!(may(&there)?.is_allow());
    /// here.handle(acme, Remove { user: ben, content: None }, &now.by(Actor::System))?;
    /// assert!(!may(&here)?.is_allow()); // at once
    /// there.follow()?;
    /// assert!(!may(&there)?.is_allow()); // from here on
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn follow(&self) -> Result<usize, StoreError> {
        wait(self.inner.follow())
    }

    /// Takes in what others have appended to an organization and its ledger, and says which version that makes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refresh(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        wait(self.inner.refresh(organization))
    }

    /// Sees to it that no later question is answered from a version before this one, and says from which: for whoever has changed
    /// something through another process and wants to see it here. Asks the store only where this process is behind.
    ///
    /// # Errors
    /// [`StoreError`]; [`Retry`](StoreError::Retry) with [`Behind`](crate::store::Behind), where the store itself has less.
    pub fn at_least(&self, organization: OrgId, wanted: Version) -> Result<Version, StoreError> {
        wait(self.inner.at_least(organization, wanted))
    }

    /// How many bytes of organizations and ledgers are kept, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.inner.bytes()
    }
}
