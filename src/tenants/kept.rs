//! What a process keeps of organizations and ledgers: loaded when first asked for, caught up with what others append, let go again.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::vec::Vec;

use super::AsyncTenants;
use super::load::Page;
use super::turn::{Turn, Turns};
use crate::change::Record;
use crate::id::OrgId;
use crate::limits::LOADED_TOGETHER_MAX;
use crate::organization::Organization;
use crate::store::{AsyncStore, Key, Place, StoreError};
use crate::version::Version;

/// One organization or ledger: those who write take turns, those who read wait for an application only.
#[derive(Debug)]
pub(super) struct Kept<T> {
    turns: Arc<Turns>,
    state: RwLock<T>,
    /// How many bytes it takes, about.
    bytes: AtomicUsize,
    /// Whether it was let go: whoever gets a turn afterwards takes the one that is kept now.
    gone: AtomicBool,
}

/// An organization as it is kept.
pub(super) type Cell = Kept<Organization>;

impl<T> Kept<T> {
    pub(super) fn new(state: T) -> Self {
        Self {
            turns: Arc::default(),
            state: RwLock::new(state),
            bytes: AtomicUsize::new(0),
            gone: AtomicBool::new(false),
        }
    }

    // Applying cannot panic, so what a poisoned lock guards is whole.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// A turn to write it; `None`, if it was let go meanwhile.
    pub(super) async fn turn(self: &Arc<Self>) -> Option<InTurn<T>> {
        let turn = self.turns.take().await;
        let is_gone = self.gone.load(Ordering::Acquire);
        (!is_gone).then(|| InTurn { kept: Arc::clone(self), _turn: turn })
    }

    /// The same, if nobody else writes it just now.
    pub(super) fn turn_now(self: &Arc<Self>) -> Option<InTurn<T>> {
        let turn = self.turns.take_now()?;
        let is_gone = self.gone.load(Ordering::Acquire);
        (!is_gone).then(|| InTurn { kept: Arc::clone(self), _turn: turn })
    }

    /// Notes how many bytes it takes now, and says how many it took.
    pub(super) fn weigh(&self, bytes: usize) -> usize {
        self.bytes.swap(bytes, Ordering::Relaxed)
    }

    /// Lets it go; only whoever has the turn may.
    pub(super) fn let_go(&self, _turn: &InTurn<T>) {
        self.gone.store(true, Ordering::Release);
    }
}

/// Something that is kept, by whoever has the turn to write it.
#[derive(Debug)]
pub(super) struct InTurn<T> {
    pub(super) kept: Arc<Kept<T>>,
    _turn: Turn,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// An organization that is loaded, or can be.
    pub(super) async fn cell(&self, id: OrgId) -> Result<Option<Arc<Cell>>, StoreError> {
        if let Some(loaded) = self.loaded(id) {
            return Ok(Some(loaded));
        }
        let organization = self.load_organization(id).await?;
        if organization.version() == Version::ZERO {
            return Ok(None); // unknown ids take no memory
        }
        Ok(Some(self.keep(id, organization)))
    }

    /// The same, with the turn to write it.
    pub(super) async fn cell_in_turn(&self, id: OrgId) -> Result<Option<InTurn<Organization>>, StoreError> {
        loop {
            let Some(cell) = self.cell(id).await? else { return Ok(None) };
            if let Some(turn) = cell.turn().await {
                return Ok(Some(turn));
            }
        }
    }

    /// Keeps a loaded organization, unless somebody else was faster.
    pub(super) fn keep(&self, id: OrgId, organization: Organization) -> Arc<Cell> {
        let cell = {
            let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
            if let Some(there) = cells.get(&id) {
                return Arc::clone(there);
            }
            self.directory.put(&organization);
            let cell = Arc::new(Cell::new(organization));
            cells.insert(id, Arc::clone(&cell));
            cell
        };
        self.weigh(&cell);
        self.make_room(id);
        cell
    }

    /// Lets an organization go: the next question loads it.
    pub(super) fn let_go(&self, id: OrgId, turn: &InTurn<Organization>) {
        let mut cells = self.cells.write().unwrap_or_else(PoisonError::into_inner);
        turn.kept.let_go(turn);
        if cells.get(&id).is_some_and(|cell| Arc::ptr_eq(cell, &turn.kept)) {
            cells.remove(&id);
            self.directory.take_out(&turn.kept.read());
            self.unweigh(&turn.kept);
        }
    }

    pub(super) fn unknown(&self, id: OrgId) -> Organization {
        Organization::new(id, Arc::clone(&self.catalog))
    }

    /// Applies what was appended, so that every later question sees it.
    pub(super) fn apply(&self, turn: &InTurn<Organization>, records: &[Record]) {
        self.directory.apply(&mut turn.kept.write(), records);
        self.weigh(&turn.kept);
    }

    /// Applies what others have appended, and answers with it.
    pub(super) async fn catch_up(&self, id: OrgId, turn: &InTurn<Organization>) -> Result<News, StoreError> {
        let mut news = News::default();
        loop {
            let version = turn.kept.read().version();
            let page = match self.load_page(id, version).await? {
                Page::Next(page) => page,
                Page::Compacted => {
                    let whole = self.load_organization(id).await?;
                    self.directory.put(&whole);
                    *turn.kept.write() = whole;
                    self.weigh(&turn.kept);
                    return Ok(News { records: Vec::new(), is_whole: true });
                }
            };
            if !page.is_empty() {
                self.apply(turn, &page); // otherwise nobody who reads is held up
            }
            let is_last = page.len() < LOADED_TOGETHER_MAX;
            news.records.extend(page);
            if is_last {
                return Ok(news);
            }
        }
    }

    /// Where one thing is that keys lead to.
    pub(super) async fn place_of(&self, key: &Key) -> Result<Option<Place>, StoreError> {
        Ok(self.find(key, None, None, 1).await?.into_iter().next())
    }
}

/// What others have appended.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) records: Vec<Record>,
    /// Whether the whole organization was loaded anew, because the records that follow are not there any more.
    is_whole: bool,
}

impl News {
    /// Whether everything was known.
    pub(super) fn is_none(&self) -> bool {
        self.records.is_empty() && !self.is_whole
    }
}
