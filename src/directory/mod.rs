//! WHERE IS EVERYBODY, AT ONCE? The read side of a process: every organization in one compact shape, for many threads.
//!
//! An [`Organization`] is made to be changed and explained. A [`Directory`] is made to be asked: it keeps of each organization
//! what a check looks at, compiled, and follows each change at the cost of the change. Both answer alike; a law says so.
//!
//! - **One answer, four ways to it**: [`check`](Directory::check) from three ids; [`find`](Directory::find) once for each
//!   request, then [`check`](Found::check); [`access`](Directory::access) resolved once, then bit tests;
//!   [`check_each`](Directory::check_each) for many questions, whose ways to memory overlap.
//! - **Readers wait for nobody.** They take no lock and write nothing. A reader that meets a change in the few stores that it
//!   takes to be seen reads again; most changes are one store, and not even that is noticed.
//! - **All or nothing**: readers see every event of one command, or none.
//! - **Nothing is allocated** by any question.
//!
//! Why it is shaped as it is, and where the nanoseconds go, is in the [guide](crate::guide::directory).
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//!
//! use bailiwick::access::{Decision, Facts, Target};
//! use bailiwick::change::{Command, SignUp};
//! use bailiwick::directory::Directory;
//! use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
//!
//! let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
//! let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
//! let workspace = WorkspaceId::from_u64(1).unwrap();
//! let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
//!
//! let directory = Directory::new(Arc::clone(&catalog));
//! let mut organization = Organization::new(home, Arc::clone(&catalog));
//! let sign_up = Command::from(SignUp { name: Name::new("Ada")?, workspace });
//! let outcome = organization.handle(&sign_up, &now.by(ada))?;
//! directory.apply(&mut organization, &outcome.records); // both of them
//!
//! let run = catalog.permission("operation.run").unwrap();
//! assert_eq!(directory.check(home, ada, run, Target::Workspace(workspace), &now), Decision::Allow);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod answer;
mod cell;
mod extents;
mod halves;
mod interned;
mod lines;
mod pass;
mod plain;
mod read;
mod records;
mod sequence;
mod slot;
mod table;
mod touched;
mod writer;

use core::hash::BuildHasher;
use core::hint::black_box;
use core::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::DefaultHashBuilder;

use crate::access::{Access, Decision, DenyReason, Facts, Target};
use crate::actor::Actor;
use crate::catalog::{Catalog, Permission, PermissionSet};
use crate::change::Record;
use crate::id::OrgId;
use crate::organization::Organization;
use crate::version::Version;
use answer::Answer;
use cell::Cells;
use extents::Extents;
use plain::Plain;
use read::{Key, Keys, Seen};
use slot::OrganizationSlot;
use table::{Slot, Table};
use touched::Touched;
use writer::Writer;

/// People, workspaces, services: a key, an organization, a value and one word more.
type SmallTable = Table<1, 2>;
type SmallSlot = Slot<1>;

/// The scope under which organizations themselves are kept.
const ORGANIZATION: u32 = 1;

/// How full tables get before they grow, of a hundred places. Organizations fill a line each, and want room.
const ORGANIZATIONS_FULL: u32 = 50;
const PEOPLE_FULL: u32 = 79;

/// Questions whose ways to memory overlap.
const TOGETHER: usize = 16;

/// Every organization of a process, for reading.
///
/// # Shape
/// Shared by reference between threads. A question costs a few look-ups by id, however many organizations, members, workspaces
/// and rows there are; a change costs what it is about. Memory is taken in small steps and used again; what was once
/// taken is given back when the directory is dropped.
///
/// # Examples
/// See the [module](self).
#[derive(Debug)]
pub struct Directory {
    catalog: Arc<Catalog>,
    hasher: DefaultHashBuilder,
    cells: Cells,
    plain: Plain,
    not_sensitive: PermissionSet,
    /// Moves when slots do.
    moves: AtomicU64,
    organizations: Table<5, 1>,
    people: SmallTable,
    workspaces: SmallTable,
    services: SmallTable,
    records: Extents,
    writer: Mutex<Writer>,
}

/// One question of many.
#[derive(Clone, Copy, Debug)]
pub struct Question<'q> {
    /// In which organization.
    pub organization: OrgId,
    /// Who asks.
    pub actor: Actor,
    /// For what.
    pub permission: Permission,
    /// Where.
    pub target: Target<'q>,
}

/// An organization in hand: found once, asked often. It stays right when the organization changes, moves or is gone.
#[derive(Clone, Debug)]
pub struct Found<'d> {
    directory: &'d Directory,
    id: OrgId,
    hash: u64,
    slot: &'d OrganizationSlot,
}

impl Directory {
    /// A directory with nobody in it.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self {
            hasher: DefaultHashBuilder::default(),
            cells: Cells::of(catalog.permissions().count()),
            plain: Plain::of(&catalog),
            not_sensitive: catalog.not_sensitive(),
            catalog,
            moves: AtomicU64::new(0),
            organizations: Table::new(ORGANIZATIONS_FULL),
            people: Table::new(PEOPLE_FULL),
            workspaces: Table::new(PEOPLE_FULL),
            services: Table::new(PEOPLE_FULL),
            records: Extents::new(),
            writer: Mutex::new(Writer::new()),
        }
    }

    /// The catalog that every organization in it shares.
    #[must_use]
    pub const fn catalog(&self) -> &Arc<Catalog> {
        &self.catalog
    }

    /// Takes an organization in as it is now, in place of what was known of it. Costs the organization; where it replaces
    /// another state, also a walk through the whole directory: [`apply`](Self::apply) follows changes.
    pub fn put(&self, organization: &Organization) {
        self.writer().put(self, organization);
    }

    /// Takes an organization out; from then on it is unknown.
    pub fn forget(&self, organization: OrgId) {
        self.writer().forget(self, organization);
    }

    /// Applies records to an organization and has the directory follow. Readers see all of them or none. Costs what they
    /// are about; where the directory knows another version of the organization, the whole of it.
    ///
    /// # Examples
    /// See the [module](self).
    pub fn apply(&self, organization: &mut Organization, records: &[Record]) {
        let mut writer = self.writer();
        let follows = self.version(organization.id()) == Some(organization.version());
        let mut touched = Touched::default();
        for record in records {
            touched.note(organization, &record.event);
            organization.apply(record);
        }
        if follows {
            writer.update(self, organization, &touched);
        } else {
            writer.put(self, organization);
        }
    }

    /// The version of an organization that answers speak of; `None` for one that is not here.
    #[must_use]
    pub fn version(&self, organization: OrgId) -> Option<Version> {
        self.look(organization, |seen| seen.version())
    }

    /// Finds an organization, to ask it more than once; `None` for one that is not here.
    #[must_use]
    pub fn find(&self, organization: OrgId) -> Option<Found<'_>> {
        let (slot, hash) = self.look(organization, |seen| (seen.slot, seen.hash))?;
        Some(Found { directory: self, id: organization, hash, slot })
    }

    /// Answers one question. An organization that is not here answers as one that the actor has nothing to do with.
    ///
    /// # Examples
    /// See the [module](self).
    #[inline]
    pub fn check(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Decision {
        let question = Question { organization, actor, permission, target };
        self.decide(self.key(organization.as_u128()), Keys::of(self, actor, target), &question, facts)
    }

    /// Answers one question; `None` of an organization that is not here.
    #[inline]
    pub(crate) fn check_known(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Option<Decision> {
        if let Some(keys) = Keys::of(self, actor, target) {
            let answer = self.answer(self.key(organization.as_u128()), keys, permission, facts)?;
            if let Some(decision) = answer.decision() {
                return Some(*decision);
            }
        }
        self.by_all_rules(organization, actor, permission, target, facts)
    }

    /// The short way where it leads there, else the long one.
    #[inline]
    fn decide(&self, organization: Key, keys: Option<Keys>, question: &Question<'_>, facts: &Facts<'_>) -> Decision {
        let Question { organization: id, actor, permission, target } = *question;
        let quick = keys.map_or(Answer::UNDECIDED, |keys| {
            self.answer(organization, keys, permission, facts).unwrap_or(Answer::NOT_FOUND)
        });
        match quick.decision() {
            Some(decision) => *decision,
            None => {
                let answer = self.by_all_rules(id, actor, permission, target, facts);
                answer.unwrap_or(Decision::Deny(DenyReason::NotFound))
            }
        }
    }

    /// The short way from three ids.
    #[inline]
    fn answer(&self, organization: Key, keys: Keys, permission: Permission, facts: &Facts<'_>) -> Option<Answer> {
        self.look_for(organization, |seen| self.plainly(seen, keys, permission, facts.now))
    }

    /// The long way, out of the way of the short one.
    #[cold]
    fn by_all_rules(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Option<Decision> {
        self.look(organization, |seen| self.fully(seen, actor, permission, target, facts))
    }

    /// Answers many questions, each as [`check`](Self::check) does, in their order. What they need is fetched together: worth it from
    /// a handful on, where much of the directory is far from the processor. Answers as many as both slices have.
    pub fn check_each(&self, questions: &[Question<'_>], decisions: &mut [Decision], facts: &Facts<'_>) {
        for (asked, answered) in questions.chunks(TOGETHER).zip(decisions.chunks_mut(TOGETHER)) {
            self.check_some(asked, answered, facts);
        }
    }

    /// First the lines of every question, then the answers, with the same hashes.
    fn check_some(&self, asked: &[Question<'_>], answered: &mut [Decision], facts: &Facts<'_>) {
        let mut hashes = [[0; 3]; TOGETHER];
        let mut fetched = 0;
        for (question, hashes) in asked.iter().zip(&mut hashes) {
            let organization = self.key(question.organization.as_u128());
            let keys = Keys::of(self, question.actor, question.target);
            fetched ^= self.touch(organization, keys);
            let [user, workspace] = keys.map_or([0; 2], |keys| [keys.user.hash, keys.workspace.hash]);
            *hashes = [organization.hash, user, workspace];
        }
        black_box(fetched);
        for ((question, hashes), decision) in asked.iter().zip(&hashes).zip(answered) {
            let [hash, inside @ ..] = *hashes;
            let organization = Key { id: question.organization.as_u128(), hash };
            let keys = Keys::hashed(question.actor, question.target, inside);
            *decision = self.decide(organization, keys, question, facts);
        }
    }

    /// Resolves what an actor may do at a target; take it once per request, then test bits.
    pub fn access(&self, organization: OrgId, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        let resolved = self.look(organization, |seen| self.access_in(seen, actor, target, facts));
        Access::of(resolved, &self.catalog, facts)
    }

    /// Bytes that it takes, those included that only whoever writes looks at.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let shared = [
            size_of::<Self>(),
            self.organizations.bytes(),
            self.people.bytes(),
            self.workspaces.bytes(),
            self.services.bytes(),
            self.records.bytes(),
        ];
        shared.into_iter().fold(self.writer().bytes(), usize::saturating_add)
    }

    // A writer cannot panic between two states: what a poisoned lock guards is whole.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    #[inline]
    fn hash(&self, key: u128) -> u64 {
        self.hasher.hash_one(key)
    }

    #[inline]
    fn key(&self, id: u128) -> Key {
        Key { id, hash: self.hash(id) }
    }

    /// Has everything fetched that the answer to a question begins with.
    #[inline]
    fn touch(&self, organization: Key, keys: Option<Keys>) -> u64 {
        let inside = keys.map_or(0, |keys| {
            let user = self.people.touch(organization.hash.wrapping_add(keys.user.hash));
            user ^ self.workspaces.touch(organization.hash.wrapping_add(keys.workspace.hash))
        });
        self.organizations.touch(organization.hash) ^ inside
    }
}

impl<'d> Found<'d> {
    /// Which organization it is.
    #[must_use]
    pub const fn id(&self) -> OrgId {
        self.id
    }

    /// Answers one question, as [`Directory::check`] does.
    #[inline]
    pub fn check(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        let quick = Keys::of(self.directory, actor, target).map_or(Answer::UNDECIDED, |keys| {
            let answer = self.look(|seen| self.directory.plainly(seen, keys, permission, facts.now));
            answer.unwrap_or(Answer::NOT_FOUND)
        });
        match quick.decision() {
            Some(decision) => *decision,
            None => self.by_all_rules(actor, permission, target, facts),
        }
    }

    /// The long way, out of the way of the short one.
    #[cold]
    fn by_all_rules(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Decision {
        let answer = self.look(|seen| self.directory.fully(seen, actor, permission, target, facts));
        answer.unwrap_or(Decision::Deny(DenyReason::NotFound))
    }

    /// Resolves what an actor may do at a target, as [`Directory::access`] does.
    pub fn access(&self, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        let resolved = self.look(|seen| self.directory.access_in(seen, actor, target, facts));
        Access::of(resolved, &self.directory.catalog, facts)
    }

    /// The version that answers speak of now; `None` once it is gone.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        self.look(|seen| seen.version())
    }

    #[inline]
    fn look<T>(&self, read: impl Fn(Seen<'d>) -> T) -> Option<T> {
        let organization = Key { id: self.id.as_u128(), hash: self.hash };
        self.directory.look_at(organization, self.slot, read)
    }
}
