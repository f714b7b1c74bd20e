//! Snapshots and compaction: what makes loading short, and the store small.

use super::AsyncTenants;
use crate::id::OrgId;
use crate::ledger::Ledger;
use crate::organization::Organization;
use crate::store::{AsyncStore, Snapshot, StoreError, Stream};
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::keep_snapshot`](super::Tenants::keep_snapshot).
    pub async fn keep_snapshot(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        let Some(snapshot) = self.read(organization, Organization::snapshot).await? else { return Ok(None) };
        self.store.keep(Snapshot::Organization(&snapshot)).await?;
        Ok(Some(snapshot.version()))
    }

    /// As [`Tenants::keep_ledger_snapshot`](super::Tenants::keep_ledger_snapshot).
    pub async fn keep_ledger_snapshot(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        let ledger = match self.loaded_ledger(organization) {
            Some(cell) => cell.kept.read().snapshot(),
            None => Ledger::snapshot(&self.load_ledger(organization).await?),
        };
        if ledger.version() == Version::ZERO {
            return Ok(None);
        }
        self.store.keep(Snapshot::Ledger(&ledger)).await?;
        Ok(Some(ledger.version()))
    }

    /// As [`Tenants::compact`](super::Tenants::compact).
    pub async fn compact(&self, organization: OrgId, up_to: Version) -> Result<(), StoreError> {
        self.keep_snapshot(organization).await?;
        self.store.compact(organization, Stream::Organization, up_to).await
    }

    /// As [`Tenants::compact_ledger`](super::Tenants::compact_ledger).
    pub async fn compact_ledger(&self, organization: OrgId, up_to: Version) -> Result<(), StoreError> {
        self.keep_ledger_snapshot(organization).await?;
        self.store.compact(organization, Stream::Ledger, up_to).await
    }
}
