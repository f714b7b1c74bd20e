//! The front door of a backend: every organization of a process, shared between threads.

mod accounts;
mod ledgers;
mod links;
mod lists;
mod opened;
mod previews;
mod shared;
mod shares;

use std::boxed::Box;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::vec::Vec;

use crate::access::{Access, Decision, DenyReason, Explanation, Facts, Target};
use crate::actor::Actor;
use crate::catalog::{Catalog, Permission};
use crate::change::{
    About, Command, Context, CreateOrganization, DeleteOrganization, EraseUser, Journal, Offer, Outcome, Record,
    Refusal, SignUp,
};
use crate::directory::Directory;
use crate::id::{OrgId, UserId};
use crate::ledger;
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::{Disposition, Kind, Organization};
pub use accounts::{AccountPreview, Issue};
use ledgers::LedgerCell;
pub use links::FollowedLink;
pub use lists::Belonging;
pub use opened::Listed;
pub use shared::{FoundShare, SharePage, SharedWith};

use crate::store::{Append, Appended, Claim, Claims, MemoryStore, Store, StoreError};
use crate::version::Version;

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
}

impl From<ledger::Refusal> for TenantsError {
    fn from(refusal: ledger::Refusal) -> Self {
        Self::Declined(Box::new(refusal))
    }
}

/// Every organization of a process: loads, judges, appends, applies; answers questions in between.
///
/// # Shape
/// Shared by reference between threads. Organizations are loaded when first asked for, and kept in two shapes: one to be changed
/// and explained, and one to be asked, in a [`Directory`]. A command holds up other commands of its organization only, and no
/// question waits for it. When [`handle`](Self::handle) has returned, no later question in this process is answered from the
/// state before it.
/// What other processes append to the same store is seen with the next command, or by [`refresh`](Self::refresh).
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
    catalog: Arc<Catalog>,
    store: S,
    directory: Directory,
    cells: RwLock<HashMap<OrgId, Arc<Cell>>>,
    ledgers: RwLock<HashMap<OrgId, Arc<LedgerCell>>>,
}

/// One organization: commands queue at the mutex, readers only at the lock.
#[derive(Debug)]
struct Cell {
    command: Mutex<()>,
    state: RwLock<Organization>,
}

impl Cell {
    fn new(organization: Organization) -> Self {
        Self { command: Mutex::new(()), state: RwLock::new(organization) }
    }

    // Applying cannot panic, so what a poisoned lock guards is whole.
    fn read(&self) -> RwLockReadGuard<'_, Organization> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Organization> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
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
        let directory = Directory::new(Arc::clone(&catalog));
        Self { catalog, store, directory, cells: RwLock::default(), ledgers: RwLock::default() }
    }

    /// The catalog that every organization shares.
    #[must_use]
    pub fn catalog(&self) -> &Arc<Catalog> {
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

    /// Makes the personal organization of a user, or finds the one that there is: signing up twice is signing up once.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`]s as [`SignUp`] documents them, `already_exists` only for an id that is taken.
    pub fn sign_up(&self, id: OrgId, command: SignUp, context: &Context<'_>) -> Result<OrgId, TenantsError> {
        let user = context.actor.user().ok_or(Refusal::UserOnly)?;
        if let Some(there) = self.store.holder_of(&Claim::PersonalOf(user))? {
            return Ok(there);
        }
        match self.make(id, command.into(), context)? {
            Appended::Applied => Ok(id),
            Appended::Claimed { by } => Ok(by), // signed up meanwhile
            Appended::Conflict => Err(Refusal::AlreadyExists.into()),
        }
    }

    /// Makes a team organization under an id of the caller's. How many the user owns already is counted here, where the
    /// policy asks; two creations of one user at the same instant can both be counted as the last one.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`]s as [`CreateOrganization`] documents them, and `name_taken`.
    pub fn create(
        &self,
        id: OrgId,
        mut command: CreateOrganization,
        context: &Context<'_>,
    ) -> Result<Version, TenantsError> {
        if let (Some(_), Some(user)) = (self.catalog.policy().organizations_per_user, context.actor.user()) {
            command.owned = self.owned_by(user)?;
        }
        match self.make(id, command.into(), context)? {
            Appended::Applied => Ok(self.cell(id)?.map_or(Version::ZERO, |cell| cell.read().version())),
            Appended::Claimed { .. } => Err(Refusal::NameTaken.into()),
            Appended::Conflict => Err(Refusal::AlreadyExists.into()),
        }
    }

    /// Carries out a command: judges it on the newest state, appends its events, applies them. Answers with the events,
    /// some of which ask the caller to act (send an invitation, say).
    ///
    /// # Errors
    /// [`TenantsError`]. Nothing has changed, but for [`StoreError::Unknown`].
    pub fn handle(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        let mut command = command.into();
        if let Command::DeleteOrganization(delete) = &mut command {
            delete.owns_recipient = self.owns_recipient(delete.disposition, context.actor)?; // whatever was written
        }
        let cell = self.cell(organization)?.ok_or(Refusal::NotFound)?;
        let _turn = cell.command.lock().unwrap_or_else(PoisonError::into_inner);
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let (judged, expected, claims) = {
                let state = cell.read();
                let judged = state.handle(&command, context);
                let claims = judged.as_ref().map(|outcome| Claims::of(&state, &outcome.records)).unwrap_or_default();
                (judged, state.version(), claims)
            };
            let outcome = match judged {
                Ok(outcome) => outcome,
                // Somebody else may have changed what stood in the way.
                Err(_) if self.catch_up(organization, &cell)? => continue,
                Err(refusal) => return Err(refusal.into()),
            };
            let append = Append { organization, expected, records: &outcome.records, claims: &claims };
            match self.store.append(&append)? {
                Appended::Applied => {
                    self.directory.apply(&mut cell.write(), &outcome.records);
                    self.hand_over_allowance(organization, &outcome.records, context.facts.now);
                    self.drop_shares((organization, &cell), &outcome.records, context.facts.now);
                    return Ok(outcome);
                }
                Appended::Conflict => _ = self.catch_up(organization, &cell)?,
                Appended::Claimed { .. } => return Err(Refusal::NameTaken.into()),
            }
        }
        Err(TenantsError::Contended)
    }

    /// Deletes an organization. Whether the actor owns the organization that takes over is looked up here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`]s as [`DeleteOrganization`] documents them.
    pub fn delete(
        &self,
        organization: OrgId,
        disposition: Disposition,
        context: &Context<'_>,
    ) -> Result<Outcome, TenantsError> {
        self.handle(organization, DeleteOrganization { disposition, owns_recipient: false }, context)
    }

    /// Whether the actor may have everything transferred there.
    fn owns_recipient(&self, disposition: Disposition, actor: Actor) -> Result<bool, StoreError> {
        let Disposition::TransferTo(recipient) = disposition else { return Ok(false) };
        let takes = |other: &Organization| match actor {
            Actor::System => other.is_open(),
            Actor::User(user) => other.is_open() && other.is_active_owner(user),
            _ => false,
        };
        Ok(self.read(recipient, takes)?.unwrap_or(false))
    }

    /// Removes a user whose account is deleted from every organization, and deletes their personal one. Nothing happens
    /// while a team organization would be left without an owner.
    ///
    /// # Shape
    /// One organization after the other, the personal one last: after trouble on the way, do it again. Organizations that
    /// are deleted and not purged yet, and those that the user has left, are not among them.
    ///
    /// # Errors
    /// [`TenantsError::StillOwner`] names the organizations that need another owner first.
    pub fn erase(&self, user: UserId, facts: &Facts<'_>) -> Result<Vec<OrgId>, TenantsError> {
        let context = facts.by(Actor::System);
        let (mut personal, mut others, mut owned) = (Vec::new(), Vec::new(), Vec::new());
        for organization in self.all_organizations_of(user)? {
            let own = |org: &Organization| org.profile().is_some_and(|p| p.kind == Kind::Personal && p.creator == user);
            if self.read(organization, own)?.unwrap_or(false) {
                personal.push(organization);
                continue;
            }
            let erase = EraseUser { user }.into();
            match self.read(organization, |org| org.handle(&erase, &context))? {
                Some(Err(Refusal::LastOwner)) => owned.push(organization),
                _ => others.push(organization),
            }
        }
        if !owned.is_empty() {
            return Err(TenantsError::StillOwner { organizations: owned });
        }
        for organization in &others {
            self.handle(*organization, EraseUser { user }, &context)?;
        }
        for organization in &personal {
            self.delete(*organization, Disposition::Delete, &context)?;
            self.handle(*organization, EraseUser { user }, &context)?;
        }
        others.extend(personal);
        Ok(others)
    }

    /// What an actor could do about somebody or something; nothing in an unknown organization.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn allowed_actions(
        &self,
        organization: OrgId,
        context: &Context<'_>,
        about: About,
    ) -> Result<Vec<Offer>, StoreError> {
        Ok(self.read(organization, |organization| organization.allowed_actions(context, about))?.unwrap_or_default())
    }

    /// The records of an organization, in order: read them as a [`Journal`](crate::change::Journal).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn journal(&self, organization: OrgId) -> Result<Vec<Record>, StoreError> {
        self.store.load(organization, Version::ZERO)
    }

    /// Resolves what an actor may do at a target; take it once per request, then test bits. An unknown organization
    /// grants nothing, and answers as one that the actor has nothing to do with.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn access(
        &self,
        organization: OrgId,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        if self.directory.version(organization).is_none() {
            self.cell(organization)?;
        }
        Ok(self.directory.access(organization, actor, target, facts))
    }

    /// Answers one question.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn check(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Decision, StoreError> {
        let ask = || self.directory.check_known(organization, actor, permission, target, facts);
        if let Some(decision) = ask() {
            return Ok(decision);
        }
        self.cell(organization)?; // which brings it into the directory
        Ok(ask().unwrap_or(Decision::Deny(DenyReason::NotFound)))
    }

    /// Explains the answer to one question, names the event behind every layer, and what would turn the answer: see
    /// [`Organization::nearest`] for what that costs and who may see it. Strangers learn nothing, not even whom they could ask.
    ///
    /// # Errors
    /// [`StoreError`]: the history is read.
    pub fn explain(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        let copy = match self.cell(organization)? {
            Some(cell) => cell.read().clone(), // nobody waits for the search
            None => self.unknown(organization),
        };
        let mut explanation = copy.explain(actor, permission, target, facts);
        if explanation.decision != Decision::Deny(DenyReason::NotFound) {
            copy.nearest(actor, permission, target, facts).name_in(&copy, &mut explanation);
        }
        Journal::of(&self.journal(organization)?).name_events(&mut explanation);
        Ok(explanation)
    }

    /// Reads an organization. Commands of the same organization wait meanwhile, so be brief, and call nothing of these
    /// tenants inside: a command would wait for itself.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn read<T>(&self, organization: OrgId, read: impl FnOnce(&Organization) -> T) -> Result<Option<T>, StoreError> {
        Ok(self.cell(organization)?.map(|cell| read(&cell.read())))
    }

    /// Takes in what others have appended to an organization and its ledger, and says which version that makes.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn refresh(&self, organization: OrgId) -> Result<Option<Version>, StoreError> {
        let Some(cell) = self.cell(organization)? else { return Ok(None) };
        let _turn = cell.command.lock().unwrap_or_else(PoisonError::into_inner);
        self.catch_up(organization, &cell)?;
        self.refresh_ledger(organization)?;
        let version = cell.read().version();
        Ok(Some(version))
    }

    /// Judges and appends the command that makes an organization.
    fn make(&self, id: OrgId, command: Command, context: &Context<'_>) -> Result<Appended, TenantsError> {
        let mut organization = self.unknown(id);
        let records = organization.handle(&command, context)?.records;
        let claims = Claims::of(&organization, &records);
        let append = Append { organization: id, expected: Version::ZERO, records: &records, claims: &claims };
        let appended = self.store.append(&append)?;
        if appended == Appended::Applied {
            records.iter().for_each(|record| organization.apply(record));
            self.keep(id, organization);
            self.hand_over_allowance(id, &records, context.facts.now);
        }
        Ok(appended)
    }

    /// How many team organizations a user owns.
    fn owned_by(&self, user: UserId) -> Result<u32, StoreError> {
        let mut owned = 0_u32;
        for organization in self.all_organizations_of(user)? {
            let counts = self.read(organization, |organization| {
                organization.is_active_owner(user) && organization.profile().is_some_and(|p| p.kind == Kind::Team)
            })?;
            owned = owned.saturating_add(u32::from(counts.unwrap_or(false)));
        }
        Ok(owned)
    }

    /// An organization that is loaded, or can be.
    fn cell(&self, id: OrgId) -> Result<Option<Arc<Cell>>, StoreError> {
        let loaded = self.cells.read().unwrap_or_else(PoisonError::into_inner).get(&id).map(Arc::clone);
        if loaded.is_some() {
            return Ok(loaded);
        }
        let records = self.store.load(id, Version::ZERO)?;
        if records.is_empty() {
            return Ok(None); // unknown ids take no memory
        }
        let mut organization = self.unknown(id);
        records.iter().for_each(|record| organization.apply(record));
        Ok(Some(self.keep(id, organization)))
    }

    /// Keeps a loaded organization, unless another thread was faster.
    fn keep(&self, id: OrgId, organization: Organization) -> Arc<Cell> {
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        let cell = cells.entry(id).or_insert_with(|| {
            self.directory.put(&organization);
            Arc::new(Cell::new(organization))
        });
        Arc::clone(cell)
    }

    fn unknown(&self, id: OrgId) -> Organization {
        Organization::new(id, Arc::clone(&self.catalog))
    }

    /// Applies what others have appended, and says whether there was something.
    fn catch_up(&self, id: OrgId, cell: &Cell) -> Result<bool, StoreError> {
        let version = cell.read().version();
        let tail = self.store.load(id, version)?;
        if tail.is_empty() {
            return Ok(false); // nobody who reads is held up
        }
        self.directory.apply(&mut cell.write(), &tail);
        Ok(true)
    }
}
