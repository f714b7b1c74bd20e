//! A store in which records of several catalogs lie, read as if all had been written under the newest.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use super::Migrations;
use crate::change::Record;
use crate::id::{LinkId, OrgId, ResourceId, UserId};
use crate::ledger::Entry;
use crate::sharing::{ShareAt, ShareKey, ShareRecord};
use crate::store::{Append, AppendShares, Appended, Claim, Store, StoreError};
use crate::time::Timestamp;
use crate::version::Version;

/// A store whose records are rewritten as they are loaded. What is appended is written under the newest catalog; nothing
/// that is stored is changed.
///
/// # Shape
/// `behind` says of a stored record how many migrations of the chain it has behind it already: 0 for one that was written under
/// the first catalog, all of them for one that was written under the newest. It is the caller who knows when each
/// organization moved: by version, by time, by a column beside the record.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::catalog::Catalog;
/// # use bailiwick::change::SignUp;
/// # use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
/// use bailiwick::migrate::{Migration, Migrations, Move, Upcasting};
/// use bailiwick::store::{Append, Claims, MemoryStore, Store};
/// # use bailiwick::Version;
///
/// let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// let new: Arc<Catalog> = Arc::new(toml::from_str(&bailiwick::presets::CLOUD.replace("\"owner\"", "\"principal\""))?);
/// # let (home, ada) = (OrgId::from_u64(1).unwrap(), Actor::User(UserId::from_u64(1).unwrap()));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let yesterday = Tenants::new(Arc::clone(&old), MemoryStore::new());
/// # yesterday.sign_up(home, SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() }, &now.by(ada))?;
/// # let store = MemoryStore::new();
/// # let records = yesterday.journal(home)?;
/// # let claims = Claims::default();
/// # let _ = store.append(&Append { organization: home, expected: Version::ZERO, records: &records, claims: &claims })?;
/// let renamed = Migration::builder().roles([Move::rename("owner", "principal")]).build(&old, &new)?;
/// let moved_at = Timestamp::from_millis(1_795_000_000_001);
/// let store = Upcasting::new(store, Migrations::new([renamed])?, move |_, stored| usize::from(stored.at() >= moved_at));
///
/// let tenants = Tenants::new(new, store);
/// let principal = tenants.catalog().role("principal").unwrap();
/// assert!(tenants.read(home, |home| home.roles_of(ada.user().unwrap()).contains(principal))?.unwrap());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Upcasting<S, F> {
    store: S,
    migrations: Migrations,
    behind: F,
}

/// A record as it is stored.
#[derive(Clone, Copy, Debug)]
pub enum Stored<'r> {
    /// Of an organization.
    Organization(&'r Record),
    /// Of the shares on a resource; its version is that of the sheet.
    Share(ResourceId, &'r ShareRecord),
}

impl Stored<'_> {
    /// When it was written.
    #[must_use]
    pub const fn at(&self) -> Timestamp {
        match self {
            Self::Organization(record) => record.at,
            Self::Share(_, record) => record.at,
        }
    }
}

impl<S, F: Fn(OrgId, Stored<'_>) -> usize> Upcasting<S, F> {
    /// Reads a store through migrations.
    #[must_use]
    pub const fn new(store: S, migrations: Migrations, behind: F) -> Self {
        Self { store, migrations, behind }
    }

    /// The store as it is.
    #[must_use]
    pub const fn store(&self) -> &S {
        &self.store
    }
}

impl<S: fmt::Debug, F> fmt::Debug for Upcasting<S, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upcasting").field("store", &self.store).finish_non_exhaustive()
    }
}

impl<S: Store, F: Fn(OrgId, Stored<'_>) -> usize + Send + Sync> Store for Upcasting<S, F> {
    fn load(&self, organization: OrgId, after: Version) -> Result<Vec<Record>, StoreError> {
        let stored = self.store.load(organization, after)?;
        let rewrite = |record: Record| {
            let behind = (self.behind)(organization, Stored::Organization(&record));
            self.migrations.steps().iter().skip(behind).fold(record, |record, step| step.upcast(record))
        };
        Ok(stored.into_iter().map(rewrite).collect())
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.store.append(append)
    }

    fn load_ledger(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.store.load_ledger(organization, after)
    }

    fn append_ledger(
        &self,
        organization: OrgId,
        expected: Version,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError> {
        self.store.append_ledger(organization, expected, entries)
    }

    fn load_shares(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        let stored = self.store.load_shares(organization, resources)?;
        let rewrite = |resource, record: ShareRecord| {
            let behind = (self.behind)(organization, Stored::Share(resource, &record));
            self.migrations.steps().iter().skip(behind).fold(record, |record, step| step.upcast_share(record))
        };
        let rewrite_all = |(id, records): (ResourceId, Vec<ShareRecord>)| {
            (id, records.into_iter().map(|record| rewrite(id, record)).collect())
        };
        Ok(stored.into_iter().map(rewrite_all).collect())
    }

    /// What is closed is no more found by the key either that its group had when it was opened.
    fn append_shares(&self, append: &AppendShares<'_>) -> Result<Appended, StoreError> {
        let mut keys = append.keys.clone();
        for (key, share) in &append.keys.removed {
            let ShareKey::Group(organization, group) = key else { continue };
            let former = self.migrations.former_groups(group).into_iter();
            keys.removed.extend(former.map(|group| (ShareKey::Group(*organization, group), *share)));
        }
        self.store.append_shares(&AppendShares { keys: &keys, ..*append })
    }

    /// What was shared with a group is found by the key that it had then.
    fn shares_by(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<ShareAt>, StoreError> {
        let ShareKey::Group(organization, group) = key else { return self.store.shares_by(key, within, after, limit) };
        let mut places = BTreeSet::new();
        for group in self.migrations.former_groups(group) {
            places.extend(self.store.shares_by(&ShareKey::Group(*organization, group), within, after, limit)?);
        }
        Ok(places.into_iter().take(limit).collect())
    }

    fn count_use(&self, link: LinkId, at_most: u32) -> Result<u32, StoreError> {
        self.store.count_use(link, at_most)
    }

    fn organizations_of(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.store.organizations_of(user, after, limit)
    }

    fn holder_of(&self, claim: &Claim) -> Result<Option<OrgId>, StoreError> {
        self.store.holder_of(claim)
    }
}
