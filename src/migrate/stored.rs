//! A store in which records of several catalogs lie, read as if all had been written under the newest.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use super::Migrations;
use crate::change::Record;
use crate::id::{OrgId, ResourceId};
use crate::organization::Snapshot;
use crate::sharing::{ShareKey, ShareRecord};
use crate::store::{Append, Appended, AsyncFront, AsyncStore, Front, Key, Keys, Loaded, Place, Store, StoreError};
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
/// use bailiwick::rows::RowChanges;
/// use bailiwick::store::{Append, Batch, Keys, MemoryStore, Store};
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
/// # let batch = Batch::Organization(&records);
/// # let (keys, rows) = (Keys::default(), RowChanges::default());
/// # let _ = store.append(&Append { organization: home, expected: Version::ZERO, batch, keys: &keys, rows: &rows })?;
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

impl<S, F: Fn(OrgId, Stored<'_>) -> usize> Upcasting<S, F> {
    fn rewritten(&self, organization: OrgId, records: Vec<Record>) -> Vec<Record> {
        let rewrite = |record: Record| {
            let behind = (self.behind)(organization, Stored::Organization(&record));
            self.migrations.steps().iter().skip(behind).fold(record, |record, step| step.upcast(record))
        };
        records.into_iter().map(rewrite).collect()
    }

    /// What was loaded, with a snapshot under the newest catalog; `None` for a snapshot that cannot be read under any of the chain.
    fn reread(
        &self,
        organization: OrgId,
        Loaded { snapshot, records }: Loaded<Snapshot, Record>,
    ) -> Option<Loaded<Snapshot, Record>> {
        let snapshot = match snapshot {
            Some(snapshot) => Some(Box::new(self.migrations.reread_snapshot(organization, &snapshot)?)),
            None => None,
        };
        Some(Loaded { snapshot, records: self.rewritten(organization, records) })
    }

    fn rewritten_sheets(&self, organization: OrgId, sheets: Sheets) -> Sheets {
        let rewrite = |resource, record: ShareRecord| {
            let behind = (self.behind)(organization, Stored::Share(resource, &record));
            self.migrations.steps().iter().skip(behind).fold(record, |record, step| step.upcast_share(record))
        };
        let rewrite_all = |(id, records): (ResourceId, Vec<ShareRecord>)| {
            (id, records.into_iter().map(|record| rewrite(id, record)).collect())
        };
        sheets.into_iter().map(rewrite_all).collect()
    }

    /// What is closed is no more found by the key either that its group had when it was opened.
    fn with_former_keys(&self, keys: &Keys) -> Keys {
        let former = keys.removed.iter().flat_map(|(key, place)| self.former(key).map(|former| (former, *place)));
        Keys { removed: keys.removed.iter().cloned().chain(former).collect(), added: keys.added.clone() }
    }

    /// The keys that the group of a key had before.
    fn former(&self, key: &Key) -> impl Iterator<Item = Key> + use<S, F> {
        let groups = match key {
            Key::Share(ShareKey::Group(organization, group)) => Some((*organization, group)),
            _ => None,
        };
        let former = groups.map(|(organization, newest)| {
            let former = self.migrations.former_groups(newest).into_iter().filter(|group| group != newest);
            former.map(|group| Key::Share(ShareKey::Group(organization, group))).collect::<Vec<_>>()
        });
        former.into_iter().flatten()
    }
}

/// The records of some sheets.
type Sheets = Vec<(ResourceId, Vec<ShareRecord>)>;

/// The first of some places, in order.
fn first(places: BTreeSet<Place>, limit: usize) -> Vec<Place> {
    places.into_iter().take(limit).collect()
}

impl<S: Store, F: Fn(OrgId, Stored<'_>) -> usize + Send + Sync> Front for Upcasting<S, F> {
    type Behind = S;

    fn behind(&self) -> &S {
        &self.store
    }

    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<Snapshot, Record>, StoreError> {
        let loaded = self.store.load(organization, limit)?;
        match self.reread(organization, loaded) {
            Some(loaded) => Ok(loaded),
            None => Ok(Loaded { snapshot: None, records: Front::records(self, organization, Version::ZERO, limit)? }),
        }
    }

    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        Ok(self.rewritten(organization, self.store.records(organization, after, limit)?))
    }

    fn load_sheets(&self, organization: OrgId, resources: &[ResourceId]) -> Result<Sheets, StoreError> {
        Ok(self.rewritten_sheets(organization, self.store.load_sheets(organization, resources)?))
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.store.append(&Append { keys: &self.with_former_keys(append.keys), ..*append })
    }

    /// What was shared with a group is found by the key that it had then.
    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let mut places = BTreeSet::from_iter(self.store.find(key, within, after, limit)?);
        for former in self.former(key) {
            places.extend(self.store.find(&former, within, after, limit)?);
        }
        Ok(first(places, limit))
    }
}

impl<S: AsyncStore, F: Fn(OrgId, Stored<'_>) -> usize + Send + Sync> AsyncFront for Upcasting<S, F> {
    type Behind = S;

    fn behind(&self) -> &S {
        &self.store
    }

    async fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<Snapshot, Record>, StoreError> {
        let loaded = self.store.load(organization, limit).await?;
        match self.reread(organization, loaded) {
            Some(loaded) => Ok(loaded),
            None => {
                let records = AsyncFront::records(self, organization, Version::ZERO, limit).await?;
                Ok(Loaded { snapshot: None, records })
            }
        }
    }

    async fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        Ok(self.rewritten(organization, self.store.records(organization, after, limit).await?))
    }

    async fn load_sheets(&self, organization: OrgId, resources: &[ResourceId]) -> Result<Sheets, StoreError> {
        Ok(self.rewritten_sheets(organization, self.store.load_sheets(organization, resources).await?))
    }

    async fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.store.append(&Append { keys: &self.with_former_keys(append.keys), ..*append }).await
    }

    async fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        let mut places = BTreeSet::from_iter(self.store.find(key, within, after, limit).await?);
        for former in self.former(key) {
            places.extend(self.store.find(&former, within, after, limit).await?);
        }
        Ok(first(places, limit))
    }
}
