//! Eviction: a process keeps what fits, and loads again what does not.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::AsyncTenants;
use super::kept::Cell;
use super::ledgers::LedgerCell;
use crate::id::OrgId;
use crate::store::AsyncStore;

/// How much is kept, in the order in which it was loaded.
#[derive(Debug)]
pub(super) struct Room {
    most: Option<usize>,
    bytes: AtomicUsize,
    order: Mutex<VecDeque<OrgId>>,
}

impl Room {
    pub(super) fn new(most: Option<usize>) -> Self {
        Self { most, bytes: AtomicUsize::new(0), order: Mutex::default() }
    }

    /// Bytes that are kept, about.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// One takes more or less than before.
    fn reweigh(&self, before: usize, now: usize) {
        let change = |bytes: usize| Some(bytes.saturating_sub(before).saturating_add(now));
        let _ = self.bytes.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change);
    }

    fn is_full(&self) -> bool {
        self.most.is_some_and(|most| self.bytes() > most)
    }

    fn come(&self, organization: OrgId) {
        if self.most.is_some() {
            self.order.lock().unwrap_or_else(PoisonError::into_inner).push_back(organization);
        }
    }

    fn oldest(&self) -> Option<OrgId> {
        self.order.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
    }

    fn len(&self) -> usize {
        self.order.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::bytes`](super::Tenants::bytes).
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.room.bytes()
    }

    /// Notes what an organization takes.
    pub(super) fn weigh(&self, cell: &Cell) {
        let bytes = cell.read().bytes();
        self.room.reweigh(cell.weigh(bytes), bytes);
    }

    /// Notes what a ledger takes.
    pub(super) fn weigh_ledger(&self, cell: &LedgerCell) {
        let bytes = cell.kept.read().bytes();
        self.room.reweigh(cell.kept.weigh(bytes), bytes);
    }

    /// Notes that something is gone.
    pub(super) fn unweigh<T>(&self, kept: &super::kept::Kept<T>) {
        self.room.reweigh(kept.weigh(0), 0);
    }

    /// Makes room for one that was just loaded: the ones that were loaded first are let go, with their ledgers, unless somebody writes
    /// them just now.
    pub(super) fn make_room(&self, newest: OrgId) {
        self.room.come(newest);
        for _ in 0..self.room.len() {
            if !self.room.is_full() {
                return;
            }
            let Some(organization) = self.room.oldest() else { return };
            if organization == newest || !self.evict(organization) {
                self.room.come(organization);
            }
        }
    }

    /// Lets an organization and its ledger go, and says whether it could.
    fn evict(&self, organization: OrgId) -> bool {
        let Some(cell) = self.loaded(organization) else { return true };
        let Some(turn) = cell.turn_now() else { return false };
        if let Some(ledger) = self.loaded_ledger(organization) {
            let Some(turn) = ledger.kept.turn_now() else { return false };
            self.let_ledger_go(organization, &turn);
        }
        self.let_go(organization, &turn);
        true
    }

    /// An organization, if it is loaded.
    pub(super) fn loaded(&self, organization: OrgId) -> Option<Arc<Cell>> {
        self.cells.read().unwrap_or_else(PoisonError::into_inner).get(&organization).map(Arc::clone)
    }

    /// A ledger, if it is loaded.
    pub(super) fn loaded_ledger(&self, organization: OrgId) -> Option<Arc<LedgerCell>> {
        self.ledgers.read().unwrap_or_else(PoisonError::into_inner).get(&organization).map(Arc::clone)
    }
}
