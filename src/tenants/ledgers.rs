//! Ledgers of a process: loaded, brought up to date with the plan, caught up with what others append; one order at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::accounts::{Issue, mixed};
use super::{Tenants, TenantsError};
use crate::actor::Actor;
use crate::change::{Event, Record, Refusal};
use crate::id::OrgId;
use crate::ledger::{Allowance, Ledger, Order, Receipt, Request, SetAllowance, Verdict};
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::Organization;
use crate::store::{Appended, Store, StoreError};
use crate::time::Timestamp;
use crate::version::Version;

/// One ledger: orders queue at the mutex, readers only at the lock.
#[derive(Debug)]
pub(super) struct LedgerCell {
    turn: Mutex<()>,
    state: RwLock<Ledger>,
    /// The version of the organization whose allowance the ledger has.
    seen: AtomicU64,
}

impl LedgerCell {
    const fn new(ledger: Ledger) -> Self {
        Self { turn: Mutex::new(()), state: RwLock::new(ledger), seen: AtomicU64::new(0) }
    }

    // Applying cannot panic, so what a poisoned lock guards is whole.
    pub(super) fn read(&self) -> RwLockReadGuard<'_, Ledger> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Ledger> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Store> Tenants<S> {
    /// After a command: hands over to the ledger what it has changed about the plan, at its very instant. Where that fails, the next
    /// order does it.
    pub(super) fn hand_over_allowance(&self, organization: OrgId, records: &[Record], now: Timestamp) {
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
            let _ = self.ledger_cell(organization).and_then(|cell| {
                let _turn = cell.turn.lock().unwrap_or_else(PoisonError::into_inner);
                self.bring_up_to_date(organization, &cell, now)
            });
        }
    }

    /// Hands the allowance of a plan to the ledger, if it has changed since. What a ledger does not take stops nothing else.
    fn bring_up_to_date(&self, organization: OrgId, cell: &LedgerCell, now: Timestamp) -> Result<(), TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let Some((order, at)) = self.allowance_order(organization, cell, now)? else { return Ok(()) };
            let (expected, verdict) = {
                let state = cell.read();
                (state.version(), state.handle(&order, Actor::System, at))
            };
            let Verdict::New(entry) = verdict else { return Ok(()) };
            match self.store.append_ledger(organization, expected, core::slice::from_ref(&entry))? {
                Appended::Applied => cell.write().apply(&entry),
                Appended::Conflict | Appended::Claimed { .. } => _ = self.catch_up_ledger(organization, cell)?,
            }
        }
        Err(TenantsError::Contended)
    }

    /// The order that brings the allowance up to date, and its time, if one is due. Its key follows from what it would make of the
    /// ledger, so nobody else has it.
    pub(super) fn allowance_order(
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
        let Some((as_of, since, (allowance, next))) = self.read(organization, newer)?.flatten() else {
            return Ok(None);
        };
        let state = cell.read();
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

    pub(super) fn order_at(
        &self,
        organization: OrgId,
        issue: Issue,
        request: Request,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        let cell = self.ledger_cell(organization)?;
        let _turn = cell.turn.lock().unwrap_or_else(PoisonError::into_inner);
        self.bring_up_to_date(organization, &cell, now)?;
        let order = Order { key: issue.key, issued: issue.at, request };
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let (expected, verdict) = {
                let state = cell.read();
                (state.version(), state.handle(&order, by, now))
            };
            let entry = match verdict {
                Verdict::Known(entry) => return Ok(entry.answer.clone()?),
                // Somebody else may have answered, or changed what stood in the way.
                Verdict::Refused(_) if self.catch_up_ledger(organization, &cell)? => continue,
                Verdict::New(entry) if entry.answer.is_err() && self.catch_up_ledger(organization, &cell)? => continue,
                Verdict::Refused(refusal) => return Err(refusal.into()),
                Verdict::New(entry) => entry,
            };
            match self.store.append_ledger(organization, expected, core::slice::from_ref(&entry))? {
                Appended::Applied => {
                    cell.write().apply(&entry);
                    return Ok(entry.answer.clone()?);
                }
                Appended::Conflict | Appended::Claimed { .. } => _ = self.catch_up_ledger(organization, &cell)?,
            }
        }
        Err(TenantsError::Contended)
    }

    /// A ledger that is loaded, or can be.
    pub(super) fn ledger_cell(&self, organization: OrgId) -> Result<Arc<LedgerCell>, TenantsError> {
        let loaded = self.ledgers.read().unwrap_or_else(PoisonError::into_inner).get(&organization).map(Arc::clone);
        if let Some(cell) = loaded {
            return Ok(cell);
        }
        if self.cell(organization)?.is_none() {
            return Err(Refusal::NotFound.into()); // unknown ids take no memory
        }
        let entries = self.store.load_ledger(organization, Version::ZERO)?;
        let ledger = Ledger::replay(organization, self.settings(), &entries);
        let mut ledgers = self.ledgers.write().unwrap_or_else(PoisonError::into_inner);
        let fresh = || Arc::new(LedgerCell::new(ledger));
        Ok(Arc::clone(ledgers.entry(organization).or_insert_with(fresh)))
    }

    /// Takes in what others have appended to a ledger that is loaded.
    pub(super) fn refresh_ledger(&self, organization: OrgId) -> Result<(), StoreError> {
        let loaded = self.ledgers.read().unwrap_or_else(PoisonError::into_inner).get(&organization).map(Arc::clone);
        loaded.map_or(Ok(()), |cell| self.catch_up_ledger(organization, &cell).map(|_| ()))
    }

    /// Applies what others have appended, and says whether there was something.
    pub(super) fn catch_up_ledger(&self, organization: OrgId, cell: &LedgerCell) -> Result<bool, StoreError> {
        let version = cell.read().version();
        let tail = self.store.load_ledger(organization, version)?;
        let mut state = cell.write();
        tail.iter().for_each(|entry| state.apply(entry)); // one that is there already changes nothing
        Ok(!tail.is_empty())
    }
}
