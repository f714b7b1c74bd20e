//! Accounts: the ledger of every organization, who pays for what, and what a change of plan does to credits and storage.

use core::num::NonZeroU128;
use std::sync::Arc;
use std::vec::Vec;

use super::ledgers::LedgerCell;
use super::{AsyncTenants, TenantsError};
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
use crate::store::{AsyncStore, StoreError};
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

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::order`](super::Tenants::order).
    pub async fn order(
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
        let ledger = match request.about() {
            Some(hold) => self.ledger_with(organization, hold).await?,
            None => organization,
        };
        self.order_at(ledger, issue.within(organization, ledger), request, by, now).await
    }

    /// As [`Tenants::set_limits`](super::Tenants::set_limits).
    pub async fn set_limits(
        &self,
        organization: OrgId,
        issue: Issue,
        request: impl Into<Request>,
        by: Actor,
        facts: &Facts<'_>,
    ) -> Result<Receipt, TenantsError> {
        let may = self.read(organization, |organization| organization.may_set_limits(by, facts)).await?;
        may.ok_or(Refusal::NotFound)??;
        let request = request.into();
        if !request.sets_limits() {
            return Err(Refusal::PlatformOnly.into());
        }
        self.order_at(organization, issue, request, by, facts.now).await
    }

    /// As [`Tenants::spend`](super::Tenants::spend).
    pub async fn spend<R: Into<Request>>(
        &self,
        organization: OrgId,
        issue: Issue,
        work: &Work,
        by: Actor,
        facts: &Facts<'_>,
        request: impl Fn(Spender) -> R,
    ) -> Result<Receipt, TenantsError> {
        let request = |spender| request(spender).into();
        let own = self.ledger_cell(organization).await?;
        if own.kept.read().pool().is_some() {
            self.look_again(organization, &own).await?; // whether it still draws there
        }
        let before = async || self.answer_to(organization, &own, issue, (work, by), &request).await;
        if let Some(answer) = before().await? {
            return Ok(answer?);
        }
        let spender = self.read(organization, |organization| organization.spender(by, work, facts)).await?;
        let mut spender = match spender.ok_or(Refusal::NotFound)? {
            Ok(spender) => spender,
            Err(refusal) => {
                // Another process may have carried it out, while the actor still could.
                self.catch_up_with_pools(organization, &own).await?;
                return before().await?.map_or(Err(refusal.into()), |answer| Ok(answer?));
            }
        };
        for _ in 0..APPEND_ATTEMPTS_MAX {
            let pool = own.kept.read().pool();
            spender.scope.organization = pool.map(|_| organization);
            let order = request(spender);
            if order.spender() != Some(spender) {
                return Err(Refusal::PlatformOnly.into());
            }
            let payer = pool.unwrap_or(organization);
            if pool.is_some() && !self.read(payer, Organization::is_open).await?.unwrap_or(false) {
                return Err(Refusal::NotFound.into());
            }
            match self.order_at(payer, issue.within(organization, payer), order, by, facts.now).await {
                Err(TenantsError::Declined(why)) if matches!(*why, ledger::Refusal::DrawnElsewhere { .. }) => {
                    self.look_again(organization, &own).await?;
                }
                done => return done,
            }
        }
        Err(TenantsError::Contended)
    }

    /// As [`Tenants::transfer_credits`](super::Tenants::transfer_credits).
    pub async fn transfer_credits(
        &self,
        from: OrgId,
        issue: Issue,
        transfer: Transfer,
        by: Actor,
        now: Timestamp,
    ) -> Result<Receipt, TenantsError> {
        let sender = self.ledger_cell(from).await?;
        let begun = sender.kept.read().known(issue.key).is_some_and(|entry| entry.order.request == transfer.into());
        if !begun {
            self.owns(from, by).await?;
            self.owns(transfer.to, by).await?;
        }
        let receipt = self.order_at(from, issue, transfer.into(), by, now).await?;
        let key = mixed(from, issue.key.as_u128());
        let receive = Receive { from, grants: receipt.grants.clone() };
        self.order_at(transfer.to, Issue { key, ..issue }, receive.into(), by, now).await?;
        Ok(receipt)
    }

    async fn owns(&self, organization: OrgId, by: Actor) -> Result<(), TenantsError> {
        let owns = |org: &Organization| match by {
            Actor::System => org.is_open(),
            Actor::User(user) => org.is_open() && org.is_active_owner(user),
            _ => false,
        };
        let owns = self.read(organization, owns).await?.unwrap_or(false);
        if owns { Ok(()) } else { Err(Refusal::NotFound.into()) }
    }

    /// As [`Tenants::read_ledger`](super::Tenants::read_ledger).
    pub async fn read_ledger<T>(
        &self,
        organization: OrgId,
        now: Timestamp,
        read: impl FnOnce(&Ledger) -> T,
    ) -> Result<T, TenantsError> {
        let cell = self.ledger_cell(organization).await?;
        let Some((order, at)) = self.allowance_order(organization, &cell, now).await? else {
            return Ok(read(&cell.kept.read()));
        };
        let mut ledger = cell.kept.read().clone(); // as it will be once somebody writes
        if let Verdict::New(entry) = ledger.handle(&order, Actor::System, at) {
            ledger.apply(&entry);
        }
        Ok(read(&ledger))
    }

    /// As [`Tenants::entries`](super::Tenants::entries).
    pub async fn entries(&self, organization: OrgId, after: Version) -> Result<Vec<Arc<Entry>>, StoreError> {
        self.entries_after(organization, after).await
    }

    /// How the ledgers of these tenants count.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let policy = self.catalog.policy();
        let transfers = policy.credit_transfers == CreditTransfers::SameOwner;
        Settings { burn_order: policy.burn_order.clone(), transfers, ..Settings::default() }
    }

    /// As [`Tenants::preview_accounts`](super::Tenants::preview_accounts).
    pub async fn preview_accounts(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<AccountPreview, TenantsError> {
        let command = command.into();
        let now = context.facts.now;
        let after = self
            .read(organization, |org| {
                let outcome = org.handle(&command, context)?;
                let mut after = org.clone();
                outcome.records.iter().for_each(|record| after.apply(record));
                Ok::<_, Refusal>((after.version().as_u64(), after.allowance(now), after.retention()))
            })
            .await?;
        let (as_of, allowance, dates) = after.ok_or(Refusal::NotFound)??;
        self.read_ledger(organization, now, |ledger| account_preview(ledger, as_of, allowance, &dates, now)).await
    }

    /// The answer that a spend of this work and actor was given before, here or in a pool that was drawn on.
    async fn answer_to(
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
        if let Some(found) = answer(&own.kept.read(), organization) {
            return Ok(Some(found));
        }
        let pools = own.kept.read().pools().to_vec();
        for pool in pools {
            let cell = self.ledger_cell(pool).await?;
            if let Some(found) = answer(&cell.kept.read(), pool) {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The ledger in which a hold of an organization is: its own, or that of a pool that it draws on or has drawn on.
    async fn ledger_with(&self, organization: OrgId, hold: HoldId) -> Result<OrgId, TenantsError> {
        let own = self.ledger_cell(organization).await?;
        for caught_up in [false, true] {
            if caught_up {
                self.catch_up_with_pools(organization, &own).await?;
            }
            if own.kept.read().spender_of(hold).is_some() {
                return Ok(organization);
            }
            let pools = own.kept.read().pools().to_vec();
            for pool in pools {
                // A hold of somebody else in the same pool is none of this organization's.
                let spender = self.ledger_cell(pool).await?.kept.read().spender_of(hold);
                if spender.is_some_and(|spender| spender.scope.organization == Some(organization)) {
                    return Ok(pool);
                }
            }
        }
        Ok(organization)
    }

    async fn catch_up_with_pools(&self, organization: OrgId, own: &LedgerCell) -> Result<(), TenantsError> {
        self.look_again(organization, own).await?;
        let pools = own.kept.read().pools().to_vec();
        for pool in pools {
            self.look_again(pool, &*self.ledger_cell(pool).await?).await?;
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
