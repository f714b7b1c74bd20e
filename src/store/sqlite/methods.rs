//! The store: each method as one transaction.

use std::sync::Arc;
use std::vec::Vec;

use super::prepared::Prepared;
use super::rewrite::{self, Encoded};
use super::wire::Id;
use super::{SqliteStore, append, changes, keys, read};
use crate::change::Record;
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::store::json::encode;
use crate::store::{
    Append, Appended, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, Store, StoreError, Stream, Written,
};
use crate::version::Version;

impl Store for SqliteStore {
    fn load(&self, organization: OrgId, limit: usize) -> Result<Loaded<OrganizationSnapshot, Record>, StoreError> {
        self.connections.read(|file| read::load::<_, Record, _>(file, (organization, Stream::Organization), limit))
    }

    fn load_ledger(&self, organization: OrgId, limit: usize) -> Result<Loaded<LedgerSnapshot, Arc<Entry>>, StoreError> {
        self.connections.read(|file| read::load::<_, Entry, _>(file, (organization, Stream::Ledger), limit))
    }

    fn records(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.connections
            .read(|file| read::records::<Record, _>(file, (organization, Stream::Organization), after, limit))
    }

    fn entries(&self, organization: OrgId, after: Version, limit: usize) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.connections.read(|file| read::records::<Entry, _>(file, (organization, Stream::Ledger), after, limit))
    }

    fn load_sheets(
        &self,
        organization: OrgId,
        resources: &[ResourceId],
    ) -> Result<Vec<(ResourceId, Vec<ShareRecord>)>, StoreError> {
        self.connections.read(|file| {
            let mut sheets = Vec::new();
            for resource in resources {
                let stream = (organization, Stream::Sheet(*resource));
                let records = read::records::<ShareRecord, _>(file, stream, Version::ZERO, usize::MAX)?;
                if !records.is_empty() {
                    sheets.push((*resource, records));
                }
            }
            Ok(sheets)
        })
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.append_together(Prepared::new(append)?)
    }

    fn operation(&self, organization: OrgId, operation: CommandId) -> Result<Option<Written>, StoreError> {
        let operation = Id::of(operation.to_uuid_bytes());
        self.connections.read(|file| Ok(append::written(file, organization.into(), operation)?))
    }

    fn find(
        &self,
        key: &Key,
        within: Option<OrgId>,
        after: Option<Place>,
        limit: usize,
    ) -> Result<Vec<Place>, StoreError> {
        self.connections.read(|file| keys::find(file, key, within, after, limit))
    }

    fn keys(
        &self,
        organization: OrgId,
        after: Option<&(Key, Place)>,
        limit: usize,
    ) -> Result<Vec<(Key, Place)>, StoreError> {
        self.connections.read(|file| keys::within(file, organization, after, limit))
    }

    fn count_use(&self, organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> Result<u32, StoreError> {
        self.connections.write(|file| changes::count_use(file, organization, link, (uses, at_most)))
    }

    fn changes(&self, after: Option<Cursor>, limit: usize) -> Result<Changes, StoreError> {
        self.connections.read(|file| changes::changes(file, after, limit))
    }

    fn organizations(&self, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        self.connections.read(|file| changes::organizations(file, after, limit))
    }

    fn resources(
        &self,
        organization: OrgId,
        after: Option<ResourceId>,
        limit: usize,
    ) -> Result<Vec<ResourceId>, StoreError> {
        self.connections.read(|file| changes::resources(file, organization, after, limit))
    }

    fn keeps_rows(&self) -> bool {
        true
    }

    fn rows(
        &self,
        organization: OrgId,
        table: Table,
        after: Option<&RowKey>,
        limit: usize,
    ) -> Result<Vec<Row>, StoreError> {
        self.connections.read(|file| self.tables.page(file, (organization, table), after, limit))
    }

    fn keep(&self, snapshot: Snapshot<'_>) -> Result<(), StoreError> {
        let text = match snapshot {
            Snapshot::Organization(snapshot) => encode(snapshot)?,
            Snapshot::Ledger(snapshot) => encode(snapshot)?,
        };
        let (organization, stream, version) = (snapshot.organization(), snapshot.stream(), snapshot.version());
        self.connections.write(|file| rewrite::keep(file, &Encoded { organization, stream, version, text }))
    }

    fn compact(&self, organization: OrgId, stream: Stream, up_to: Version) -> Result<(), StoreError> {
        match stream {
            Stream::Organization | Stream::Ledger => {
                self.connections.write(|file| rewrite::compact(file, (organization, stream), up_to))
            }
            Stream::Sheet(_) => Ok(()), // no snapshot stands for it
        }
    }

    fn replace(&self, replacement: &Replacement<'_>) -> Result<bool, StoreError> {
        self.put_in_place(replacement)
    }

    fn erase(&self, organization: OrgId) -> Result<(), StoreError> {
        self.erase_all_of(organization)
    }
}
