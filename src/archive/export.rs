//! Exporting: a store read page by page.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use super::Line;
use crate::id::{LinkId, OrgId};
use crate::sharing::{Recipient, ShareEvent};
use crate::store::json::{Digest, FORMAT, encode};
use crate::store::{AsyncStore, History, Page, StoreError};

/// An archive in the making: chunks of lines, one after the other.
///
/// # Shape
/// Each chunk is a page of the store and ends with a line; written one behind the other they are the archive. What is appended to a tenant
/// while it is exported is in it as far as the export has not come to it yet: a tenant is as it was at one version of each of its streams.
///
/// # Examples
/// ```
/// use std::sync::Arc;
///
/// use bailiwick::access::Facts;
/// use bailiwick::catalog::Catalog;
/// use bailiwick::change::SignUp;
/// use bailiwick::archive::{Export, Import};
/// use bailiwick::store::{Direct, MemoryStore};
/// use bailiwick::{Actor, AsyncTenants, Name, OrgId, Timestamp, UserId, WorkspaceId};
///
/// # fn now<T>(future: impl std::future::Future<Output = T>) -> T {
/// #     let mut context = std::task::Context::from_waker(std::task::Waker::noop());
/// #     let std::task::Poll::Ready(output) = std::pin::pin!(future).poll(&mut context) else { panic!("it is ready") };
/// #     output
/// # }
/// # now(async {
/// let catalog: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// let here = AsyncTenants::new(Arc::clone(&catalog), Direct(MemoryStore::new()));
/// let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
/// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// here.sign_up(home, sign_up, &Facts::at(Timestamp::from_millis(1_795_000_000_000)).by(Actor::User(ada))).await?;
///
/// let mut archive = String::new(); // or a file, or a socket
/// let mut export = Export::of_all(here.store());
/// while let Some(chunk) = export.next().await? {
///     archive.push_str(&chunk);
/// }
///
/// let there = AsyncTenants::new(catalog, Direct(MemoryStore::new()));
/// let mut import = Import::into(&there);
/// for line in archive.lines() {
///     import.line(line).await?;
/// }
/// assert_eq!(import.finish()?.organizations, [home]);
/// assert_eq!(there.journal(home).await?, here.journal(home).await?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Export<'s, S> {
    store: &'s S,
    /// The only one to be exported, unless it is all.
    only: Option<OrgId>,
    at: At,
    /// What a chunk is written into.
    chunk: String,
    organizations: u64,
    lines: u64,
    digest: Digest,
    links: Vec<LinkId>,
}

/// What comes next.
#[derive(Debug)]
enum At {
    Begin,
    After(Option<OrgId>),
    Inside(History),
    Over,
}

impl<'s, S: AsyncStore> Export<'s, S> {
    /// One tenant.
    #[must_use]
    pub fn of(store: &'s S, organization: OrgId) -> Self {
        Self::new(store, Some(organization))
    }

    /// Every tenant, in order of ids.
    #[must_use]
    pub fn of_all(store: &'s S) -> Self {
        Self::new(store, None)
    }

    fn new(store: &'s S, only: Option<OrgId>) -> Self {
        let (chunk, digest, links) = (String::new(), Digest::default(), Vec::new());
        Self { store, only, at: At::Begin, chunk, organizations: 0, lines: 0, digest, links }
    }

    /// The next lines; `None` after the last.
    ///
    /// # Errors
    /// [`StoreError`]. Asked again it goes on where it was.
    pub async fn next(&mut self) -> Result<Option<String>, StoreError> {
        self.chunk.clear();
        while self.chunk.is_empty() {
            match &mut self.at {
                At::Begin => self.open()?,
                At::After(last) => match self.store.organizations(*last, 1).await?.first() {
                    Some(organization) => self.begin(*organization)?,
                    None => self.over()?,
                },
                At::Inside(history) => match history.next(self.store).await? {
                    Some(page) => self.page(page)?,
                    None => {
                        let organization = history.organization();
                        self.end(organization).await?;
                    }
                },
                At::Over => return Ok(None),
            }
        }
        Ok(Some(core::mem::take(&mut self.chunk)))
    }

    fn open(&mut self) -> Result<(), StoreError> {
        self.write(&Line::Archive { format: FORMAT })?;
        match self.only {
            Some(organization) => self.begin(organization)?,
            None => self.at = At::After(None),
        }
        Ok(())
    }

    fn begin(&mut self, organization: OrgId) -> Result<(), StoreError> {
        (self.lines, self.digest) = (0, Digest::default());
        self.links.clear();
        self.write(&Line::Organization(organization))?;
        self.at = At::Inside(History::of(organization));
        Ok(())
    }

    fn page(&mut self, page: Page) -> Result<(), StoreError> {
        match page {
            Page::Records(records) => {
                records.into_iter().try_for_each(|record| self.count(&Line::Record(Box::new(record))))
            }
            Page::Entries(entries) => {
                entries.iter().try_for_each(|entry| self.count(&Line::Entry(Box::new(entry.as_ref().clone()))))
            }
            Page::Sheet(resource, records) => records.into_iter().try_for_each(|record| {
                if let ShareEvent::Given { to: Recipient::Link { link, uses: Some(_), .. }, .. } = &record.event {
                    self.links.push(*link);
                }
                self.count(&Line::Share(resource, Box::new(record)))
            }),
        }
    }

    async fn end(&mut self, organization: OrgId) -> Result<(), StoreError> {
        // All are known before the first is written, so that after trouble none is missing.
        let mut counted = Vec::new();
        for link in &self.links {
            counted.push(Line::Uses(*link, self.store.count_use(organization, *link, 0, 0).await?));
        }
        self.links.clear();
        counted.iter().try_for_each(|uses| self.count(uses))?;
        let (lines, digest) = (self.lines, self.digest);
        self.write(&Line::End { organization, lines, digest })?;
        self.organizations = self.organizations.saturating_add(1);
        self.at = At::After(Some(organization));
        if self.only.is_some() { self.over() } else { Ok(()) }
    }

    fn over(&mut self) -> Result<(), StoreError> {
        self.write(&Line::Over { organizations: self.organizations })?;
        self.at = At::Over;
        Ok(())
    }

    /// Writes a line that the end vouches for.
    fn count(&mut self, line: &Line) -> Result<(), StoreError> {
        let text = self.write(line)?;
        self.digest = Digest::of(&text).link(self.digest);
        self.lines = self.lines.saturating_add(1);
        Ok(())
    }

    fn write(&mut self, line: &Line) -> Result<String, StoreError> {
        let text = encode(line)?;
        self.chunk.push_str(&text);
        self.chunk.push('\n');
        Ok(text)
    }
}
