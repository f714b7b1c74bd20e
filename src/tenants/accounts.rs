//! Accounts: the ledger of every organization, who pays for what, and what a change of plan does to credits and storage.

use core::num::NonZeroU128;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::vec::Vec;

use super::{Tenants, TenantsError};
use crate::Label;
use crate::access::Facts;
use crate::actor::Actor;
use crate::catalog::policy::CreditTransfers;
use crate::change::{Command, Context, Refusal};
use crate::id::{CommandId, HoldId, OrgId};
use crate::ledger::{
    self, Allocated, Allowance, DueContent, Entry, Ledger, Order, OverLimit, Receipt, Request, SetAllowance, Settings,
    Spender, Transfer, Verdict,
};
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::{Organization, RetentionDate, Work};
use crate::store::{Appended, Store, StoreError};
use crate::time::Timestamp;
use crate::version::Version;

/// The key of an order, and when it was made. Keep both for repetitions.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Issue {
    /// The key.
    pub key: CommandId,
    /// When it was made.
    pub at: Timestamp,
}

/// What a command would do to the accounts of an organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountPreview {
    /// Credits that would be allocated at once.
    pub allocated: Option<Allocated>,
    /// What is stored and counted beyond what there would be: it stays, and nothing is added until it fits.
    pub exceeds: Vec<OverLimit>,
    /// What would be deleted, and when.
    pub purges: Vec<DueContent>,
}

/// One ledger: orders queue at the mutex, readers only at the lock.
#[derive(Debug)]
pub(super) struct LedgerCell {
    turn: Mutex<()>,
    state: RwLock<Ledger>,
    /// The version of the organization whose allowance the ledger has.
    seen: AtomicU64,
}

impl LedgerCell {
    // Applying cannot panic, so what a poisoned lock guards is whole.
    fn read(&self) -> RwLockReadGuard<'_, Ledger> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Ledger> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Store> Tenants<S> {
    /// Carries out an order on the ledger of an organization: judges it on the newest state, appends its entry, applies it. What the
    /// plan gives and allows is brought up to date before.
    ///
    /// Nobody is asked whether the actor may: this is the platform's door, for billing events, meters and the ends of holds.
    /// What people and services spend goes through [`spend`](Self::spend), which finds out who pays. What is about a hold goes to the
    /// pool in which it is, as long as the organization draws on that pool: let holds end before the pool is changed.
    ///
    /// # Errors
    /// [`TenantsError::Declined`], as the request documents. Nothing has changed, but for [`StoreError::Unknown`]: repeat the
    /// order under its key.
    pub fn order(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        let request = request.into();
        let payer = request.about().map_or(Ok(organization), |hold| self.payer_of(organization, hold))?;
        self.order_at(payer, issue, request, by, now)
    }

    /// Sets how many credits may be spent by whom, in the place of an actor who may.
    ///
    /// # Errors
    /// [`TenantsError::Refused`]: as [`Organization::may_set_limits`] says, and `platform_only` for any other request;
    /// [`TenantsError::Declined`], as the request documents.
    pub fn set_limits(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        facts: &Facts<'_>,
    ) -> Result<Receipt, TenantsError> {
        let may = self.read(organization, |organization| organization.may_set_limits(by, facts))?;
        may.ok_or(Refusal::NotFound)??;
        let request = request.into();
        if !request.sets_limits() {
            return Err(Refusal::PlatformOnly.into());
        }
        self.order_at(organization, issue, request, by, facts.now)
    }

    /// The ledger in which a hold of an organization is: its own, or that of the pool that it draws on.
    fn payer_of(&self, organization: OrgId, hold: HoldId) -> Result<OrgId, TenantsError> {
        let own = self.ledger_cell(organization)?;
        let (known, pool) = {
            let ledger = own.read();
            (ledger.spender_of(hold).is_some(), ledger.pool())
        };
        let Some(pool) = pool.filter(|_| !known) else { return Ok(organization) };
        // A hold of somebody else in the same pool is none of this organization's.
        let cell = self.ledger_cell(pool)?;
        let spender = cell.read().spender_of(hold);
        let is_theirs = spender.is_some_and(|spender| spender.scope.organization == Some(organization));
        Ok(if is_theirs { pool } else { organization })
    }

    fn order_at(
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
        self.carry_out(organization, &cell, &order, by, now)
    }

    /// Spends in the place of an actor: who pays, and from which pool, follows from the organization, never from the caller.
    ///
    /// `request` makes the order of the spender: a charge, a hold, a lease.
    ///
    /// # Errors
    /// [`TenantsError::Refused`], as [`Organization::spender`] says; [`TenantsError::Declined`], as the request documents.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::SignUp;
    /// use bailiwick::ledger::{Charge, Credits};
    /// use bailiwick::{Actor, CommandId, HoldId, Issue, Name, OrgId, Tenants, Timestamp, UserId, Work, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// tenants.sign_up(home, SignUp { name: Name::new("Ada")?, workspace }, &now.by(ada))?;
    ///
    /// let issue = Issue { key: CommandId::from_u64(1).unwrap(), at: now.now };
    /// let work = Work { workspace: Some(workspace), class: "llm".parse().ok(), ..Work::default() };
    /// let hold = HoldId::from_u64(1).unwrap();
    /// tenants.spend(home, issue, &work, ada, &now, |spender| Charge { hold, spender, amount: Credits::new(20) })?;
    /// let left = tenants.read_ledger(home, now.now, |ledger| ledger.balance(now.now).spendable)?;
    /// assert_eq!(left, 480); // the plan allocates 500
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn spend<R: Into<Request>>(
        &self,
        organization: OrgId,
        issue: Issue,
        work: &Work,
        by: Actor,
        facts: &Facts<'_>,
        request: impl FnOnce(Spender) -> R,
    ) -> Result<Receipt, TenantsError> {
        let spender = self.read(organization, |organization| organization.spender(by, work, facts))?;
        let mut spender = spender.ok_or(Refusal::NotFound)??;
        let pool = self.ledger_cell(organization)?.read().pool();
        if pool.is_some() {
            spender.scope.organization = Some(organization);
        }
        self.order_at(pool.unwrap_or(organization), issue, request(spender).into(), by, facts.now)
    }

    /// Hands credits on to another organization of the same owner, where the policy lets them: void here, granted there. Repeat it
    /// under its key after trouble: nothing is granted twice.
    ///
    /// # Errors
    /// `not_found` (the actor does not own both), [`TenantsError::Declined`], as [`Transfer`] documents.
    pub fn transfer_credits(
        &self,
        from: OrgId,
        issue: Issue,
        transfer: Transfer,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        for organization in [from, transfer.to] {
            let owns = |org: &Organization| match by {
                Actor::System => org.is_open(),
                Actor::User(user) => org.is_open() && org.is_active_owner(user),
                _ => false,
            };
            if !self.read(organization, owns)?.unwrap_or(false) {
                return Err(Refusal::NotFound.into());
            }
        }
        let receipt = self.order(from, issue, transfer, by, now)?;
        for (number, grant) in (1_u128..).zip(&receipt.grants) {
            let key = derived_key(issue.key.as_u128() ^ number.rotate_left(96));
            self.order(transfer.to, Issue { key, ..issue }, grant.clone(), by, now)?;
        }
        Ok(receipt)
    }

    /// Reads the ledger of an organization, with what its plan gives and allows by now. Orders of the same ledger wait meanwhile, so be brief.
    ///
    /// # Errors
    /// [`TenantsError::Store`], when something had to be loaded or brought up to date.
    pub fn read_ledger<T>(
        &self,
        organization: OrgId,
        now: Timestamp,
        read: impl FnOnce(&Ledger) -> T,
    ) -> Result<T, TenantsError> {
        let cell = self.ledger_cell(organization)?;
        {
            let _turn = cell.turn.lock().unwrap_or_else(PoisonError::into_inner);
            self.bring_up_to_date(organization, &cell, now)?;
        }
        let ledger = cell.read();
        Ok(read(&ledger))
    }

    /// The entries of a ledger, in order: read them as a [`Statement`](ledger::Statement).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, organization: OrgId) -> Result<Vec<Entry>, StoreError> {
        self.store.load_ledger(organization, Version::ZERO)
    }

    /// How the ledgers of these tenants count.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let policy = self.catalog.policy();
        let transfers = policy.credit_transfers == CreditTransfers::SameOwner;
        Settings { burn_order: policy.burn_order.clone(), transfers, ..Settings::default() }
    }

    /// Says what a command (another plan, other seats, archiving) would do to credits and storage, and does nothing.
    ///
    /// # Errors
    /// [`TenantsError`]; the [`Refusal`]s of the command.
    pub fn preview_accounts(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<AccountPreview, TenantsError> {
        let command = command.into();
        let now = context.facts.now;
        let after = self.read(organization, |org| {
            let outcome = org.handle(&command, context)?;
            let mut after = org.clone();
            outcome.records.iter().for_each(|record| after.apply(record));
            Ok::<_, Refusal>((after.version().as_u64(), after.allowance(now), after.retention()))
        })?;
        let (as_of, allowance, dates) = after.ok_or(Refusal::NotFound)??;
        self.read_ledger(organization, now, |ledger| account_preview(ledger, as_of, allowance, &dates, now))
    }

    /// Hands the allowance of a plan to the ledger, if it has changed since.
    fn bring_up_to_date(&self, organization: OrgId, cell: &LedgerCell, now: Timestamp) -> Result<(), TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let seen = cell.seen.load(Ordering::Acquire);
            let newer = |org: &Organization| {
                let as_of = org.version().as_u64();
                (as_of != seen).then(|| (as_of, org.allowance(now)))
            };
            let Some((as_of, allowance)) = self.read(organization, newer)?.flatten() else { return Ok(()) };
            let set = allowance.map(|(allowance, next)| SetAllowance { as_of, allowance, next });
            let Some(set) = set.filter(|set| !cell.read().has_allowance(set)) else {
                cell.seen.store(as_of, Ordering::Release); // the organization has changed otherwise
                return Ok(());
            };
            let order = Order { key: allowance_key(organization, as_of), issued: now, request: set.into() };
            match self.carry_out(organization, cell, &order, Actor::System, now) {
                // Another process has been here: look again.
                Err(TenantsError::Declined(refusal)) if is_overtaken(&refusal) => _ = self.refresh(organization)?,
                done => done.map(|_| ())?,
            }
        }
        Err(TenantsError::Contended)
    }

    /// The loop of judging, appending and applying.
    fn carry_out(
        &self,
        organization: OrgId,
        cell: &LedgerCell,
        order: &Order,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let (expected, verdict) = {
                let state = cell.read();
                (state.version(), state.handle(order, by, now))
            };
            let entry = match verdict {
                Verdict::Known(answer) => return Ok(answer?),
                // Somebody else may have answered, or changed what stood in the way.
                Verdict::Refused(_) if self.catch_up_ledger(organization, cell)? => continue,
                Verdict::New(entry) if entry.answer.is_err() && self.catch_up_ledger(organization, cell)? => continue,
                Verdict::Refused(refusal) => return Err(refusal.into()),
                Verdict::New(entry) => entry,
            };
            match self.store.append_ledger(organization, expected, core::slice::from_ref(&entry))? {
                Appended::Applied => {
                    cell.write().apply(&entry);
                    return Ok(entry.answer?);
                }
                Appended::Conflict | Appended::Claimed { .. } => _ = self.catch_up_ledger(organization, cell)?,
            }
        }
        Err(TenantsError::Contended)
    }

    fn ledger_cell(&self, organization: OrgId) -> Result<Arc<LedgerCell>, TenantsError> {
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
        let fresh =
            || Arc::new(LedgerCell { turn: Mutex::new(()), state: RwLock::new(ledger), seen: AtomicU64::new(0) });
        Ok(Arc::clone(ledgers.entry(organization).or_insert_with(fresh)))
    }

    /// Applies what others have appended, and says whether there was something.
    fn catch_up_ledger(&self, organization: OrgId, cell: &LedgerCell) -> Result<bool, StoreError> {
        let version = cell.read().version();
        let tail = self.store.load_ledger(organization, version)?;
        let mut state = cell.write();
        tail.iter().for_each(|entry| state.apply(entry));
        Ok(!tail.is_empty())
    }
}

/// Whether another process has handed over a newer allowance, or the same.
const fn is_overtaken(refusal: &ledger::Refusal) -> bool {
    matches!(refusal, ledger::Refusal::KeyReused | ledger::Refusal::StaleAllowance { .. })
}

/// The key under which the allowance of one version of an organization is handed over, in every process the same.
fn allowance_key(organization: OrgId, as_of: u64) -> CommandId {
    derived_key(organization.as_u128() ^ u128::from(as_of).rotate_left(64))
}

/// A key that follows from something, set apart by a random number from those that callers choose.
fn derived_key(bits: u128) -> CommandId {
    CommandId::from_bits(NonZeroU128::MIN | (bits ^ 0x6b1d_93c4_07fe_4a52_b83e_51d9_2c60_ef17))
}

fn account_preview(
    ledger: &Ledger,
    as_of: u64,
    allowance: Option<(Allowance, Option<(Allowance, Timestamp)>)>,
    dates: &[RetentionDate],
    now: Timestamp,
) -> AccountPreview {
    let to_come = allowance.as_ref().map(|(allowance, next)| next.as_ref().map_or(allowance, |(next, _)| next));
    let exceeds = to_come.map(|allowance| ledger.exceeds(allowance, now)).unwrap_or_default();
    let set = allowance.map(|(allowance, next)| SetAllowance { as_of, allowance, next });
    let allocated = set.and_then(|set| ledger.preview(set, now).ok()).and_then(|preview| preview.receipt.allocated);
    let purges = ledger.due(Label::STORAGE, dates, Timestamp::from_millis(u64::MAX));
    AccountPreview { allocated, exceeds, purges }
}
