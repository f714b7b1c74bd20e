//! Importing: line by line, judged by nobody, kept as if it had been appended here.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::collections::BTreeMap;

use super::Line;
use crate::change::Record;
use crate::id::{LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Ledger};
use crate::organization::Organization;
use crate::rows::{Row, RowChanges, RowKey};
use crate::sharing::{ShareRecord, Sheet};
use crate::store::json::{Digest, FORMAT};
use crate::store::{Append, Appended, AsyncStore, Batch, Key, Keys, Place, StoreError};
use crate::tenants::AsyncTenants;
use crate::version::Version;

/// Records that are appended together; those of one command always are.
const TOGETHER: usize = 500;

/// Takes an archive in, tenant by tenant.
///
/// # Shape
/// A tenant that is not there yet is made; one that is there goes on where it is: what the archive says of it before that is passed over, so
/// that archives of the same tenant follow each other. One whose end does not vouch for its lines is erased again, if it was made here.
/// Records are taken as they are and judged by nobody: whoever can import can do everything.
///
/// # Examples
/// See [`Export`](super::Export).
#[derive(Debug)]
pub struct Import<'t, S> {
    tenants: &'t AsyncTenants<S>,
    number: u64,
    is_open: bool,
    tenant: Option<Tenant>,
    done: Imported,
    is_over: bool,
}

/// What was taken in.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Imported {
    /// The tenants, in their order.
    pub organizations: Vec<OrgId>,
    /// Lines that were passed over, because they are there already.
    pub known: u64,
}

/// Why an archive cannot be taken in, and at which line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// It is not a line of an archive.
    #[error("line {line} is no line of an archive: {why}")]
    NoLine {
        /// Counted from one.
        line: u64,
        /// What is wrong, and where in the line.
        why: String,
    },
    /// A line where it does not belong.
    #[error("line {line} does not belong there: {what}")]
    OutOfPlace {
        /// Counted from one.
        line: u64,
        /// What it is.
        what: &'static str,
    },
    /// A later version of the crate has written it.
    #[error("the archive is of format {format}, and {FORMAT} is the newest that is known here")]
    Newer {
        /// Its format.
        format: u16,
    },
    /// The lines of a tenant are not those that were written.
    #[error("line {line}: the lines of organization {organization} are not those that were exported")]
    Changed {
        /// Counted from one.
        line: u64,
        /// Which tenant; nothing of it was kept that was not there before.
        organization: OrgId,
    },
    /// A record does not follow what is there.
    #[error("line {line}: organization {organization} is at version {at}, and version {version} does not follow")]
    Gap {
        /// Counted from one.
        line: u64,
        /// Which tenant.
        organization: OrgId,
        /// The version that there is.
        at: Version,
        /// The version that came.
        version: Version,
    },
    /// Somebody else has a name, a domain or a link that the tenant has.
    #[error("line {line}: organization {organization} has what organization {by} has here")]
    Claimed {
        /// Counted from one.
        line: u64,
        /// Which tenant.
        organization: OrgId,
        /// Who has it.
        by: OrgId,
    },
    /// Somebody writes the tenant meanwhile.
    #[error("organization {organization} was written meanwhile")]
    Written {
        /// Which tenant.
        organization: OrgId,
    },
    /// The archive has no end, or counts other tenants than there were.
    #[error("the archive is cut off, or a tenant is missing")]
    CutOff,
    /// Trouble with the store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A tenant that is being taken in.
#[derive(Debug)]
struct Tenant {
    /// As it is with everything that waits to be appended.
    organization: Organization,
    ledger: Ledger,
    /// Of one resource, as it is in the store.
    sheet: Option<Sheet>,
    records: Vec<Record>,
    /// What the records that wait change in the keys and rows, all together.
    keys: BTreeMap<(Key, Place), bool>,
    rows: BTreeMap<RowKey, Option<Row>>,
    entries: Vec<Arc<Entry>>,
    uses: Vec<(LinkId, u32)>,
    is_new: bool,
    lines: u64,
    digest: Digest,
}

impl<'t, S: AsyncStore> Import<'t, S> {
    /// Into the store of some tenants, under their catalog.
    #[must_use]
    pub fn into(tenants: &'t AsyncTenants<S>) -> Self {
        Self { tenants, number: 0, is_open: false, tenant: None, done: Imported::default(), is_over: false }
    }

    /// Takes the next line.
    ///
    /// # Errors
    /// [`ImportError`]. After one nothing more is taken.
    pub async fn line(&mut self, text: &str) -> Result<(), ImportError> {
        self.number = self.number.saturating_add(1);
        let taken = self.take_line(text).await;
        if taken.is_err() {
            if let Some(tenant) = self.tenant.take() {
                self.undo(&tenant).await?;
            }
        }
        taken
    }

    async fn take_line(&mut self, text: &str) -> Result<(), ImportError> {
        let parsed = serde_json::from_str(text);
        let line: Line = parsed.map_err(|why| ImportError::NoLine { line: self.number, why: why.to_string() })?;
        match line {
            Line::Archive { format } if !self.is_open => self.open(format),
            Line::Over { organizations } if self.is_open && !self.is_over && self.tenant.is_none() => {
                self.over(organizations)
            }
            Line::Organization(id) if self.is_open && !self.is_over && self.tenant.is_none() => self.begin(id).await,
            Line::Archive { .. } => Err(self.out_of_place("the beginning of an archive")),
            Line::Organization(_) => Err(self.out_of_place("the beginning of a tenant")),
            Line::Over { .. } => Err(self.out_of_place("the end of the archive")),
            line => self.of_tenant(line, text).await,
        }
    }

    /// What was taken in, when there are no more lines.
    ///
    /// # Errors
    /// [`ImportError::CutOff`].
    pub fn finish(self) -> Result<Imported, ImportError> {
        if self.is_over { Ok(self.done) } else { Err(ImportError::CutOff) }
    }

    fn open(&mut self, format: u16) -> Result<(), ImportError> {
        if format > FORMAT {
            return Err(ImportError::Newer { format });
        }
        self.is_open = true;
        Ok(())
    }

    fn over(&mut self, organizations: u64) -> Result<(), ImportError> {
        self.is_over = u64::try_from(self.done.organizations.len()) == Ok(organizations);
        if self.is_over { Ok(()) } else { Err(ImportError::CutOff) }
    }

    async fn begin(&mut self, id: OrgId) -> Result<(), ImportError> {
        let organization = self.tenants.load_organization(id).await?;
        let ledger = self.tenants.load_ledger(id).await?;
        let is_new = organization.version() == Version::ZERO && ledger.version() == Version::ZERO;
        self.tenant = Some(Tenant {
            organization,
            ledger,
            sheet: None,
            records: Vec::new(),
            keys: BTreeMap::new(),
            rows: BTreeMap::new(),
            entries: Vec::new(),
            uses: Vec::new(),
            is_new,
            lines: 0,
            digest: Digest::default(),
        });
        Ok(())
    }

    async fn of_tenant(&mut self, line: Line, text: &str) -> Result<(), ImportError> {
        let Some(mut tenant) = self.tenant.take() else { return Err(self.out_of_place("something of a tenant")) };
        let taken = match line {
            Line::End { organization, lines, digest } => {
                match self.end(&mut tenant, (organization, lines, digest)).await {
                    Ok(()) => return Ok(()),
                    failed => failed,
                }
            }
            line => {
                tenant.lines = tenant.lines.saturating_add(1);
                tenant.digest = Digest::of(text).link(tenant.digest);
                self.take(&mut tenant, line).await
            }
        };
        self.tenant = Some(tenant);
        taken
    }

    async fn take(&mut self, tenant: &mut Tenant, line: Line) -> Result<(), ImportError> {
        match line {
            Line::Record(record) => {
                if self.follows(tenant, tenant.organization.version(), record.version)? {
                    if !tenant.goes_with(&record) {
                        self.append_records(tenant).await?;
                    }
                    tenant.wait(*record, self.tenants.store().keeps_rows());
                }
            }
            Line::Entry(entry) => {
                self.append_records(tenant).await?;
                let at = tenant.entries.last().map_or(tenant.ledger.version(), |entry| entry.version);
                if self.follows(tenant, at, entry.version)? {
                    tenant.entries.push(Arc::new(*entry));
                    if tenant.entries.len() >= TOGETHER {
                        self.append_entries(tenant).await?;
                    }
                }
            }
            Line::Share(resource, record) => self.take_share(tenant, resource, record).await?,
            Line::Uses(link, uses) => tenant.uses.push((link, uses)),
            _ => return Err(self.out_of_place("a line that this version does not know")),
        }
        Ok(())
    }

    async fn take_share(
        &mut self,
        tenant: &mut Tenant,
        resource: ResourceId,
        record: Box<ShareRecord>,
    ) -> Result<(), ImportError> {
        self.append_records(tenant).await?;
        let id = tenant.organization.id();
        let mut sheet = match tenant.sheet.take().filter(|sheet| sheet.resource() == resource) {
            Some(sheet) => sheet,
            None => {
                let there = self.tenants.store().load_sheets(id, &[resource]).await?.into_iter().next();
                Sheet::replay(id, resource, there.iter().flat_map(|(_, records)| records))
            }
        };
        if self.follows(tenant, sheet.version(), record.version)? {
            let one = core::slice::from_ref(record.as_ref());
            let keys = Keys::of_sheet(&sheet, one);
            let rows = self.tenants.rows_if_kept(|| RowChanges::of_sheet(&sheet, one));
            self.append(tenant, sheet.version(), Batch::Sheet(resource, one), &keys, &rows).await?;
            sheet.apply(&record);
        }
        tenant.sheet = Some(sheet);
        Ok(())
    }

    /// Whether a version is the next one, and not one that is there already.
    fn follows(&mut self, tenant: &Tenant, at: Version, version: Version) -> Result<bool, ImportError> {
        if version <= at && version > Version::ZERO {
            self.done.known = self.done.known.saturating_add(1);
            return Ok(false);
        }
        let organization = tenant.organization.id();
        if version == at.next() {
            Ok(true)
        } else {
            Err(ImportError::Gap { line: self.number, organization, at, version })
        }
    }

    async fn append_records(&self, tenant: &mut Tenant) -> Result<(), ImportError> {
        let records = core::mem::take(&mut tenant.records);
        let Some(first) = records.first() else { return Ok(()) };
        let expected = Version::from_u64(first.version.as_u64().saturating_sub(1));
        let (mut keys, mut rows) = (Keys::default(), RowChanges::default());
        for (key, is_added) in core::mem::take(&mut tenant.keys) {
            if is_added { keys.added.push(key) } else { keys.removed.push(key) }
        }
        for (key, row) in core::mem::take(&mut tenant.rows) {
            match row {
                Some(row) => rows.put.push(row),
                None => rows.deleted.push(key),
            }
        }
        self.append(tenant, expected, Batch::Organization(&records), &keys, &rows).await
    }

    async fn append_entries(&self, tenant: &mut Tenant) -> Result<(), ImportError> {
        let entries = core::mem::take(&mut tenant.entries);
        if entries.is_empty() {
            return Ok(());
        }
        let rows = self.tenants.rows_if_kept(|| RowChanges::of_ledger(&tenant.ledger, &entries));
        self.append(tenant, tenant.ledger.version(), Batch::Ledger(&entries), &Keys::default(), &rows).await?;
        entries.iter().for_each(|entry| tenant.ledger.apply(entry));
        Ok(())
    }

    async fn append(
        &self,
        tenant: &Tenant,
        expected: Version,
        batch: Batch<'_>,
        keys: &Keys,
        rows: &RowChanges,
    ) -> Result<(), ImportError> {
        let organization = tenant.organization.id();
        let append = Append { organization, expected, batch, keys, rows };
        match self.tenants.store().append(&append).await? {
            Appended::Applied => Ok(()),
            Appended::Claimed { by } => Err(ImportError::Claimed { line: self.number, organization, by }),
            Appended::Conflict | Appended::Replayed(_) => Err(ImportError::Written { organization }),
        }
    }

    async fn end(
        &mut self,
        tenant: &mut Tenant,
        (organization, lines, digest): (OrgId, u64, Digest),
    ) -> Result<(), ImportError> {
        if (organization, lines, digest) != (tenant.organization.id(), tenant.lines, tenant.digest) {
            return Err(ImportError::Changed { line: self.number, organization: tenant.organization.id() });
        }
        self.finish_tenant(tenant).await?;
        self.done.organizations.push(organization);
        Ok(())
    }

    async fn finish_tenant(&self, tenant: &mut Tenant) -> Result<(), ImportError> {
        self.append_records(tenant).await?;
        self.append_entries(tenant).await?;
        let organization = tenant.organization.id();
        for (link, uses) in core::mem::take(&mut tenant.uses) {
            let counted = self.tenants.store().count_use(organization, link, 0, 0).await?;
            self.tenants.store().count_use(organization, link, uses.saturating_sub(counted), uses).await?;
        }
        Ok(self.tenants.refresh(organization).await.map(|_| ())?)
    }

    /// Nothing is left of a tenant that could not be taken in; one that was there stays as far as it has come.
    async fn undo(&self, tenant: &Tenant) -> Result<(), StoreError> {
        if tenant.is_new { self.tenants.store().erase(tenant.organization.id()).await } else { Ok(()) }
    }

    const fn out_of_place(&self, what: &'static str) -> ImportError {
        ImportError::OutOfPlace { line: self.number, what }
    }
}

impl Tenant {
    /// Whether a record can be appended together with those that wait: those of one command always are, and alone.
    fn goes_with(&self, record: &Record) -> bool {
        let command = self.records.last().and_then(|last| last.command);
        command == record.command && (command.is_some() || self.records.len() < TOGETHER)
    }

    fn wait(&mut self, record: Record, keeps_rows: bool) {
        let one = core::slice::from_ref(&record);
        let Keys { removed, added } = Keys::of(&self.organization, one);
        self.keys.extend(removed.into_iter().map(|key| (key, false)));
        self.keys.extend(added.into_iter().map(|key| (key, true)));
        if keeps_rows {
            let RowChanges { put, deleted } = RowChanges::of(&self.organization, one);
            self.rows.extend(deleted.into_iter().map(|key| (key, None)));
            self.rows.extend(put.into_iter().map(|row| (row.key(), Some(row))));
        }
        self.organization.apply(&record);
        self.records.push(record);
    }
}
