//! Accounts: the ledger of every organization, who pays for what, and what a change of plan does to credits and storage.

use core::num::NonZeroU128;
use std::sync::Arc;
use std::vec::Vec;

use super::ledgers::LedgerCell;
use super::{Tenants, TenantsError};
use crate::Label;
use crate::access::Facts;
use crate::actor::Actor;
use crate::catalog::policy::CreditTransfers;
use crate::change::{Command, Context, Refusal};
use crate::id::{CommandId, HoldId, OrgId};
use crate::ledger::{
    self, Allocated, Allowance, DueContent, Entry, Ledger, OverLimit, Receipt, Receive, Request, Scope, SetAllowance,
    Settings, Spender, Transfer, Verdict,
};
use crate::limits::APPEND_ATTEMPTS_MAX;
use crate::organization::{Organization, RetentionDate, Work};
use crate::store::{Store, StoreError};
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

impl<S: Store> Tenants<S> {
    /// Carries out an order on the ledger of an organization: judges it on the newest state, appends its entry, applies it.
    ///
    /// Nobody is asked whether the actor may: this is the platform's door, for billing events, meters and the ends of holds.
    /// What people and services spend goes through [`spend`](Self::spend), which finds out who pays; limits through
    /// [`set_limits`](Self::set_limits). What is about a hold goes to the ledger in which it is, also where that is, or was,
    /// the pool of another organization. The allowance follows from the plan and is nobody's order.
    ///
    /// # Errors
    /// [`TenantsError::Declined`], as the request documents; [`TenantsError::Refused`]: `not_found`, `platform_only` (an
    /// allowance). Nothing has changed, but for [`StoreError::Unknown`]: repeat the order under its key.
    pub fn order(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        let request = request.into();
        if matches!(request, Request::SetAllowance(_)) {
            return Err(Refusal::PlatformOnly.into());
        }
        let ledger = request.about().map_or(Ok(organization), |hold| self.ledger_with(organization, hold))?;
        self.order_at(ledger, issue.within(organization, ledger), request, by, now)
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

    /// Spends in the place of an actor: who pays, and from which pool, follows from the organization, never from the caller.
    ///
    /// `request` makes the order of the spender: a charge, a hold, or a lease. Repeated under its key it is answered as
    /// before, whatever the actor may by then.
    ///
    /// # Errors
    /// [`TenantsError::Refused`], as [`Organization::spender`] says, `not_found` (the pool is no more), `platform_only` (another
    /// request, or not in the name of the spender); [`TenantsError::Declined`], as the request documents.
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
        request: impl Fn(Spender) -> R,
    ) -> Result<Receipt, TenantsError> {
        let request = |spender| request(spender).into();
        let own = self.ledger_cell(organization)?;
        if own.read().pool().is_some() {
            self.catch_up_ledger(organization, &own)?; // whether it still draws there
        }
        let before = |own: &LedgerCell| self.answer_to(organization, own, issue, (work, by), &request);
        if let Some(answer) = before(&own)? {
            return Ok(answer?);
        }
        let spender = self.read(organization, |organization| organization.spender(by, work, facts))?;
        let mut spender = match spender.ok_or(Refusal::NotFound)? {
            Ok(spender) => spender,
            Err(refusal) => {
                // Another process may have carried it out, while the actor still could.
                self.catch_up_with_pools(organization, &own)?;
                return before(&own)?.map_or(Err(refusal.into()), |answer| Ok(answer?));
            }
        };
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let pool = own.read().pool();
            spender.scope.organization = pool.map(|_| organization);
            let order = request(spender);
            if order.spender() != Some(spender) {
                return Err(Refusal::PlatformOnly.into());
            }
            let payer = pool.unwrap_or(organization);
            if pool.is_some() && !self.read(payer, Organization::is_open)?.unwrap_or(false) {
                return Err(Refusal::NotFound.into());
            }
            match self.order_at(payer, issue.within(organization, payer), order, by, facts.now) {
                Err(TenantsError::Declined(why)) if matches!(*why, ledger::Refusal::DrawnElsewhere { .. }) => {
                    self.catch_up_ledger(organization, &own)?;
                }
                done => return done,
            }
        }
        Err(TenantsError::Contended)
    }

    /// Hands credits on to another organization of the same owner, where the policy lets them: void here, granted there. Repeat
    /// it under its key after trouble: whatever was done is not done again, and what was not is.
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
        let sender = self.ledger_cell(from)?;
        let begun = sender.read().known(issue.key).is_some_and(|entry| entry.order.request == transfer.into());
        if !begun {
            self.owns(from, by)?;
            self.owns(transfer.to, by)?;
        }
        let receipt = self.order_at(from, issue, transfer.into(), by, now)?;
        let key = mixed(from, issue.key.as_u128());
        let receive = Receive { from, grants: receipt.grants.clone() };
        self.order_at(transfer.to, Issue { key, ..issue }, receive.into(), by, now)?;
        Ok(receipt)
    }

    fn owns(&self, organization: OrgId, by: Actor) -> Result<(), TenantsError> {
        let owns = |org: &Organization| match by {
            Actor::System => org.is_open(),
            Actor::User(user) => org.is_open() && org.is_active_owner(user),
            _ => false,
        };
        let owns = self.read(organization, owns)?.unwrap_or(false);
        if owns { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// Reads the ledger of an organization, with what its plan gives and allows. Writes nothing. Orders of the same ledger wait
    /// meanwhile, so be brief, and call nothing of these tenants inside: an order would wait for itself.
    ///
    /// # Errors
    /// [`TenantsError`], when something had to be loaded.
    pub fn read_ledger<T>(
        &self,
        organization: OrgId,
        now: Timestamp,
        read: impl FnOnce(&Ledger) -> T,
    ) -> Result<T, TenantsError> {
        let cell = self.ledger_cell(organization)?;
        let Some((order, at)) = self.allowance_order(organization, &cell, now)? else { return Ok(read(&cell.read())) };
        let mut ledger = cell.read().clone(); // as it will be once somebody writes
        if let Verdict::New(entry) = ledger.handle(&order, Actor::System, at) {
            ledger.apply(&entry);
        }
        Ok(read(&ledger))
    }

    /// The entries of a ledger after a version, in order: all of them for a [`Statement`](ledger::Statement); those since the
    /// last time for whoever sends out [alerts](ledger::Alert), for they are here whatever brought them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn entries(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.store.load_ledger(organization, after)
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

    /// The answer that a spend of this work and actor was given before, here or in a pool that was drawn on.
    fn answer_to(
        &self,
        organization: OrgId,
        own: &LedgerCell,
        issue: Issue,
        (work, by): (&Work, Actor),
        request: &impl Fn(Spender) -> Request,
    ) -> Result<Option<Result<Receipt, ledger::Refusal>>, TenantsError> {
        let answer = |ledger: &Ledger, at: OrgId| {
            let issue = issue.within(organization, at);
            let Entry { order, answer, .. } = ledger.known(issue.key)?;
            let spender = order.request.spender().filter(|spender| is_of(&spender.scope, work, by))?;
            let same = order.issued == issue.at && order.request == request(spender);
            same.then(|| answer.clone())
        };
        if let Some(found) = answer(&own.read(), organization) {
            return Ok(Some(found));
        }
        let pools = own.read().pools().to_vec();
        for pool in pools {
            let cell = self.ledger_cell(pool)?;
            if let Some(found) = answer(&cell.read(), pool) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The ledger in which a hold of an organization is: its own, or that of a pool that it draws on or has drawn on.
    fn ledger_with(&self, organization: OrgId, hold: HoldId) -> Result<OrgId, TenantsError> {
        let own = self.ledger_cell(organization)?;
        for caught_up in [false, true] {
            if caught_up {
                self.catch_up_with_pools(organization, &own)?;
            }
            if own.read().spender_of(hold).is_some() {
                return Ok(organization);
            }
            let pools = own.read().pools().to_vec();
            for pool in pools {
                // A hold of somebody else in the same pool is none of this organization's.
                let spender = self.ledger_cell(pool)?.read().spender_of(hold);
                if spender.is_some_and(|spender| spender.scope.organization == Some(organization)) {
                    return Ok(pool);
                }
            }
        }
        Ok(organization)
    }

    fn catch_up_with_pools(&self, organization: OrgId, own: &LedgerCell) -> Result<(), TenantsError> {
        self.catch_up_ledger(organization, own)?;
        let pools = own.read().pools().to_vec();
        for pool in pools {
            self.catch_up_ledger(pool, &*self.ledger_cell(pool)?)?;
        }
        Ok(())
    }
}

impl Issue {
    /// The same for a ledger that several organizations share: there the key is mixed with the organization, whose keys are its own.
    fn within(self, organization: OrgId, ledger: OrgId) -> Self {
        if organization == ledger { self } else { Self { key: mixed(organization, self.key.as_u128()), ..self } }
    }
}

/// Whether a spend is of this work and actor.
fn is_of(scope: &Scope, work: &Work, by: Actor) -> bool {
    let service = match by {
        Actor::Service(service) => Some(service),
        _ => None,
    };
    (scope.workspace, scope.project, scope.class) == (work.workspace, work.project, work.class)
        && (scope.user, scope.service) == (by.user(), service)
}

/// A key that follows from an organization and a number, and from no other two as far as chance goes: two multiplications by odd
/// numbers, which lose nothing, and two turns.
pub(super) fn mixed(organization: OrgId, number: u128) -> CommandId {
    let first = organization.as_u128().wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835).rotate_left(61);
    let second = (first ^ number).wrapping_mul(0xda94_2042_e4dd_58b5_0cd4_2a39_3c5f_2e6d);
    CommandId::from_bits(NonZeroU128::new(second.rotate_left(67)).unwrap_or(NonZeroU128::MIN))
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
