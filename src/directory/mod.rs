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
mod found;
mod halves;
mod interned;
mod lines;
mod pass;
mod plain;
mod quick;
mod read;
mod records;
mod sequence;
mod slot;
mod table;
mod writer;

use core::hash::BuildHasher;
use core::hint::black_box;
use core::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hashbrown::DefaultHashBuilder;

use crate::access::{Access, Decision, DenyReason, Every, Facts, Resolved, Target};
use crate::actor::Actor;
use crate::catalog::{Catalog, Permission, PermissionSet};
use crate::change::{Record, Touched};
use crate::id::OrgId;
use crate::organization::Organization;
use crate::version::Version;
use answer::Answer;
use cell::Cells;
use extents::Extents;
pub use found::Found;
use plain::Plain;
use quick::Ids;
use read::Key;
use table::{Home, Slot, Table};
use writer::Writer;

/// People, workspaces, services: a key, an organization, a value and one word more.
type SmallTable = Table<1, 4>;
type SmallSlot = Slot<1>;
type SmallHome<'t> = Home<'t, 1, 4>;

/// The scope under which organizations themselves are kept.
const ORGANIZATION: u32 = 1;
/// The scope of no organization: so many there are not.
const NO_SCOPE: u32 = u32::MAX;

/// How full tables get before they grow, of a hundred places. Organizations fill a line each, and want room.
const ORGANIZATIONS_FULL: u32 = 50;
const PEOPLE_FULL: u32 = 79;

/// Questions whose ways to memory overlap.
const TOGETHER: usize = 16;

/// Every organization of a process, for reading.
///
/// # Shape
/// Shared by reference between threads. A question costs a few look-ups by id, however many organizations, members, workspaces
/// and rows there are; a change costs what it is about. A quarter of a megabyte is there from the first; then memory is taken in small
/// steps and used again; what was once taken is given back when the directory is dropped. There is room for some 400 million people,
/// and for whoever comes then the answer is that they are unknown.
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
    organizations: Table<5, 2>,
    people: SmallTable,
    workspaces: SmallTable,
    services: SmallTable,
    records: Extents,
    writer: Mutex<Writer>,
}

/// How many there will be, about.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Room {
    /// Organizations.
    pub organizations: usize,
    /// People, each once for every organization that they are in.
    pub people: usize,
    /// Workspaces.
    pub workspaces: usize,
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

impl Directory {
    /// A directory with nobody in it.
    #[must_use]
    pub fn new(catalog: Arc<Catalog>) -> Self {
        Self::with_room(catalog, Room::default())
    }

    /// A directory with nobody in it, and room for as many as are to come: nothing has to be moved while it fills.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// use bailiwick::directory::{Directory, Room};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    ///
    /// let directory = Directory::with_room(catalog, Room { organizations: 1_000, people: 20_000, workspaces: 5_000 });
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_room(catalog: Arc<Catalog>, room: Room) -> Self {
        Self {
            hasher: DefaultHashBuilder::default(),
            cells: Cells::of(catalog.permissions().count()),
            plain: Plain::of(&catalog),
            not_sensitive: catalog.not_sensitive(),
            catalog,
            moves: AtomicU64::new(0),
            organizations: Table::new(ORGANIZATIONS_FULL, room.organizations),
            people: Table::new(PEOPLE_FULL, room.people),
            workspaces: Table::new(PEOPLE_FULL, room.workspaces),
            services: Table::new(PEOPLE_FULL, 0),
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

    /// Takes an organization out, of which it is known what is in it; from then on it is unknown. Costs the organization.
    pub fn take_out(&self, organization: &Organization) {
        self.writer().take_out(self, organization);
    }

    /// Takes an organization out of which nothing is known but its id; from then on it is unknown. Costs a walk through the whole
    /// directory.
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
        let answer = self.quick_answer(organization, &actor, permission, &target, facts);
        match answer.decision() {
            Some(decision) => *decision,
            None => self.known_by_all_rules(&Question { organization, actor, permission, target }, facts),
        }
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
        let answer = self.quick_answer(organization, &actor, permission, &target, facts);
        match answer.decision() {
            Some(_) if answer == Answer::UNKNOWN => None,
            Some(decision) => Some(*decision),
            None => self.by_all_rules(&Question { organization, actor, permission, target }, facts),
        }
    }

    /// The short way, where it leads there.
    #[inline(always)]
    fn quick_answer(
        &self,
        organization: OrgId,
        actor: &Actor,
        permission: Permission,
        target: &Target<'_>,
        facts: &Facts<'_>,
    ) -> Answer {
        Ids::of(organization, actor, target)
            .and_then(|ids| self.quickly(ids, |near| self.plainly(near, permission, facts.now)))
            .unwrap_or(Answer::UNDECIDED)
    }

    /// The long way, out of the way of the short one; `None` of an organization that is not here.
    #[cold]
    fn by_all_rules(&self, question: &Question<'_>, facts: &Facts<'_>) -> Option<Decision> {
        self.look(question.organization, |seen| self.fully(seen, question, facts))
    }

    #[cold]
    fn known_by_all_rules(&self, question: &Question<'_>, facts: &Facts<'_>) -> Decision {
        self.by_all_rules(question, facts).unwrap_or(Decision::Deny(DenyReason::NotFound))
    }

    /// Answers many questions, each as [`check`](Self::check) does, in their order. What they need is fetched together: worth it from
    /// a handful on, where much of the directory is far from the processor. Answers as many as both slices have.
    pub fn check_each(&self, questions: &[Question<'_>], decisions: &mut [Decision], facts: &Facts<'_>) {
        for (asked, answered) in questions.chunks(TOGETHER).zip(decisions.chunks_mut(TOGETHER)) {
            self.check_some(asked, answered, facts);
        }
    }

    /// First where to look for each question, then every line of them, then the answers.
    fn check_some(&self, asked: &[Question<'_>], answered: &mut [Decision], facts: &Facts<'_>) {
        let moves = sequence::begin(&self.moves);
        let mut homes = [None; TOGETHER];
        for (question, homes) in asked.iter().zip(&mut homes) {
            let ids = Ids::of(question.organization, &question.actor, &question.target);
            *homes = ids.and_then(|ids| self.homes(self.hash(ids.organization), ids.inside().map(|id| self.hash(id))));
        }
        // Nothing but loads, so that as many as possible are under way at once.
        black_box(homes.iter().flatten().fold(0, |touched, homes| touched ^ homes.touch()));
        for ((question, homes), decision) in asked.iter().zip(&homes).zip(answered) {
            let answer = match (moves, homes, Ids::of(question.organization, &question.actor, &question.target)) {
                (Some(moves), Some(homes), Some(ids)) => self
                    .quickly_from(homes, ids, |near| self.plainly(near, question.permission, facts.now))
                    .filter(|_| sequence::holds(&self.moves, moves))
                    .unwrap_or(Answer::UNDECIDED),
                _ => Answer::UNDECIDED,
            };
            *decision = match answer.decision() {
                Some(decision) => *decision,
                None => self.known_by_all_rules(question, facts),
            };
        }
    }

    /// Resolves what an actor may do at a target; take it once per request, then test bits.
    pub fn access(&self, organization: OrgId, actor: Actor, target: Target<'_>, facts: &Facts<'_>) -> Access<'_> {
        let mut resolved = Resolved::nothing(&self.catalog, Version::ZERO, facts);
        let is_done = Ids::of(organization, &actor, &target)
            .and_then(|ids| self.quickly(ids, |near| self.resolve_plainly(near, &mut resolved, facts)));
        if is_done != Some(true) {
            self.resolve_by_all_rules(&mut resolved, organization, actor, target, facts);
        }
        Access::of(resolved)
    }

    /// The long way, out of the way of the short one.
    #[cold]
    fn resolve_by_all_rules<'d>(
        &'d self,
        resolved: &mut Resolved<'d, PermissionSet>,
        organization: OrgId,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) {
        let found = self.look(organization, |seen| self.resolve(Every, seen, actor, target, facts));
        *resolved = found.unwrap_or_else(|| Resolved::nothing(&self.catalog, Version::ZERO, facts));
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
}
