//! Ledgers of a process: loaded, brought up to date with the plan, caught up with what others append.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::vec::Vec;

use super::accounts::mixed;
use super::attempts::{Attempts, Next};
use super::group::Queue;
use super::kept::{InTurn, Kept};
use super::load::{Page, left_in_order};
use super::{AsyncTenants, TenantsError};
use crate::actor::Actor;
use crate::change::{Event, Record, Refusal};
use crate::id::OrgId;
use crate::ledger::{Allowance, Entry, Ledger, Order, SetAllowance, Verdict};
use crate::limits::LOADED_TOGETHER_MAX;
use crate::organization::Organization;
use crate::rows::RowChanges;
use crate::store::{Append, Appended, AsyncStore, Batch, Keys, StoreError, Stream};
use crate::time::Timestamp;
use crate::version::Version;

/// A ledger as it is kept, with the orders that wait for it.
#[derive(Debug)]
pub(super) struct LedgerCell {
    pub(super) kept: Arc<Kept<Ledger>>,
    pub(super) queue: Queue,
    /// A copy to judge groups of orders on, once there was a group.
    ahead: Mutex<Option<Ledger>>,
    /// The version of the organization whose allowance the ledger has.
    seen: AtomicU64,
}

impl LedgerCell {
    fn new(ledger: Ledger) -> Self {
        Self {
            kept: Arc::new(Kept::new(ledger)),
            queue: Queue::default(),
            ahead: Mutex::new(None),
            seen: AtomicU64::new(0),
        }
    }

    pub(super) fn take_ahead(&self) -> Option<Ledger> {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    pub(super) fn keep_ahead(&self, ahead: Option<Ledger>) {
        *self.ahead.lock().unwrap_or_else(PoisonError::into_inner) = ahead;
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// After a command: hands over to the ledger what it has changed about the plan, at its very instant. Where that fails, the next
    /// order does it.
    pub(super) async fn hand_over_allowance(&self, organization: OrgId, records: &[Record], now: Timestamp) {
        let concerns = |record: &Record| {
            matches!(
                record.event,
                Event::OrganizationCreated { .. }
                    | Event::PlanChanged { .. }
                    | Event::SeatsChanged { .. }
                    | Event::OrganizationDeleted { .. }
                    | Event::OrganizationRestored
            )
        };
        if records.iter().any(concerns) {
            let _ = self.hand_over(organization, now).await;
        }
    }

    async fn hand_over(&self, organization: OrgId, now: Timestamp) -> Result<(), TenantsError> {
        let (cell, turn) = self.ledger_in_turn(organization).await?;
        self.bring_up_to_date(organization, (&cell, &turn), now).await
    }

    /// Hands the allowance of a plan to the ledger, if it has changed since. What a ledger does not take stops nothing else.
    pub(super) async fn bring_up_to_date(
        &self,
        organization: OrgId,
        (cell, turn): (&LedgerCell, &InTurn<Ledger>),
        now: Timestamp,
    ) -> Result<(), TenantsError> {
        let mut attempts = Attempts::new();
        loop {
            let Some((order, at)) = self.allowance_order(organization, cell, now).await? else { return Ok(()) };
            let verdict = turn.kept.read().handle(&order, Actor::System, at);
            let Verdict::New(entry) = verdict else { return Ok(()) };
            let entries = core::slice::from_ref(&entry);
            match attempts.next(self.append_entries(organization, turn, entries).await)? {
                Next::Apply => turn.kept.write().apply(&entry),
                Next::Judge | Next::Recall(_) | Next::Refuse => {
                    let caught_up = self.catch_up_ledger(organization, turn).await;
                    caught_up.map_err(|why| attempts.trouble(why))?;
                }
            }
        }
    }

    /// Appends entries that follow a ledger as it is kept.
    pub(super) async fn append_entries(
        &self,
        organization: OrgId,
        turn: &InTurn<Ledger>,
        entries: &[Arc<Entry>],
    ) -> Result<Appended, StoreError> {
        let (expected, rows) = {
            let state = turn.kept.read();
            (state.version(), self.rows_if_kept(|| RowChanges::of_ledger(&state, entries)))
        };
        let (batch, keys) = (Batch::Ledger(entries), Keys::default());
        self.store.append(&Append { organization, expected, batch, keys: &keys, rows: &rows }).await
    }

    /// The order that brings the allowance up to date, and its time, if one is due. Its key follows from what it would make of the
    /// ledger, so nobody else has it.
    pub(super) async fn allowance_order(
        &self,
        organization: OrgId,
        cell: &LedgerCell,
        now: Timestamp,
    ) -> Result<Option<(Order, Timestamp)>, TenantsError> {
        let seen = cell.seen.load(Ordering::Acquire);
        let newer = |org: &Organization| {
            let as_of = org.version().as_u64();
            let since = org.allowance_since().unwrap_or(now);
            let created = org.profile().map_or(now, |profile| profile.created.at);
            (as_of != seen).then(|| (as_of, since, org.allowance(now).unwrap_or((Allowance::none(created), None))))
        };
        let Some((as_of, since, (allowance, next))) = self.read(organization, newer).await?.flatten() else {
            return Ok(None);
        };
        let state = cell.kept.read();
        let set = SetAllowance { as_of, allowance, next };
        if state.has_allowance(&set, now) {
            cell.seen.store(as_of, Ordering::Release); // the organization has changed otherwise
            return Ok(None);
        }
        // Another catalog changes what a plan gives from now on, a command from when it was given.
        let told = state.allowance_as_of().is_some_and(|have| have >= as_of);
        let at = if told { now } else { since.min(now) };
        let set = SetAllowance { next: set.next.filter(|(_, from)| *from > at), ..set };
        let key = mixed(organization, u128::from(state.version().next().as_u64()));
        Ok(Some((Order { key, issued: state.latest(at), request: set.into() }, at)))
    }

    /// A ledger that is loaded, or can be.
    pub(super) async fn ledger_cell(&self, organization: OrgId) -> Result<Arc<LedgerCell>, TenantsError> {
        if let Some(cell) = self.loaded_ledger(organization) {
            return Ok(cell);
        }
        if self.cell(organization).await?.is_none() {
            return Err(Refusal::NotFound.into()); // unknown ids take no memory
        }
        let ledger = self.load_ledger(organization).await?;
        let cell = {
            let mut ledgers = self.ledgers.write().unwrap_or_else(PoisonError::into_inner);
            let fresh = || Arc::new(LedgerCell::new(ledger));
            Arc::clone(ledgers.entry(organization).or_insert_with(fresh))
        };
        self.weigh_ledger(&cell);
        Ok(cell)
    }

    /// The same, with the turn to write it.
    pub(super) async fn ledger_in_turn(
        &self,
        organization: OrgId,
    ) -> Result<(Arc<LedgerCell>, InTurn<Ledger>), TenantsError> {
        loop {
            let cell = self.ledger_cell(organization).await?;
            if let Some(turn) = cell.kept.turn().await {
                return Ok((cell, turn));
            }
        }
    }

    /// Lets a ledger go: the next order loads it.
    pub(super) fn let_ledger_go(&self, organization: OrgId, turn: &InTurn<Ledger>) {
        let mut ledgers = self.ledgers.write().unwrap_or_else(PoisonError::into_inner);
        turn.kept.let_go(turn);
        if ledgers.get(&organization).is_some_and(|cell| Arc::ptr_eq(&cell.kept, &turn.kept)) {
            ledgers.remove(&organization);
            self.unweigh(&turn.kept);
        }
    }

    /// Takes in what others have appended to a ledger that is loaded.
    pub(super) async fn refresh_ledger(&self, organization: OrgId) -> Result<(), StoreError> {
        if let Some(cell) = self.loaded_ledger(organization) {
            self.look_again(organization, &cell).await?;
        }
        Ok(())
    }

    /// Takes in what others have appended to a ledger, unless it was let go: then the next one who asks loads it. Says whether there
    /// was something.
    pub(super) async fn look_again(&self, organization: OrgId, cell: &LedgerCell) -> Result<bool, StoreError> {
        let Some(turn) = cell.kept.turn().await else { return Ok(false) };
        let is_news = self.catch_up_ledger(organization, &turn).await?;
        self.weigh_ledger(cell);
        Ok(is_news)
    }

    /// Applies what others have appended, and says whether there was something.
    pub(super) async fn catch_up_ledger(&self, organization: OrgId, turn: &InTurn<Ledger>) -> Result<bool, StoreError> {
        let before = turn.kept.read().version();
        let mut version = before;
        loop {
            let entries = match self.load_entries(organization, version).await? {
                Page::Next(entries) => entries,
                Page::Compacted => {
                    *turn.kept.write() = self.load_ledger(organization).await?;
                    return Ok(true);
                }
            };
            if !entries.is_empty() {
                let mut state = turn.kept.write();
                entries.iter().for_each(|entry| state.apply(entry));
                version = state.version();
            }
            if entries.len() < LOADED_TOGETHER_MAX {
                return Ok(version > before);
            }
        }
    }

    /// Every entry after a version that is still there.
    pub(super) async fn entries_after(
        &self,
        organization: OrgId,
        after: Version,
    ) -> Result<Vec<Arc<Entry>>, StoreError> {
        let mut entries: Vec<Arc<Entry>> = Vec::new();
        loop {
            let after = entries.last().map_or(after, |entry| entry.version);
            let page = self.store.entries(organization, after, LOADED_TOGETHER_MAX).await?;
            left_in_order((organization, Stream::Ledger), after, page.iter().map(|entry| entry.version))?;
            let is_last = page.len() < LOADED_TOGETHER_MAX;
            entries.extend(page);
            if is_last {
                return Ok(entries);
            }
        }
    }
}
