//! Judging what spends: charges, holds and their ends, refunds, leases.

use alloc::vec::Vec;

use super::{Stand, ahead, some};
use crate::id::HoldId;
use crate::ledger::hold::{Hold as OpenHold, Open};
use crate::ledger::lot::sum;
use crate::ledger::past::{Refunded, from_the_begin, from_the_end};
use crate::ledger::{
    Above, Alert, Capture, Charge, Credits, Draw, Draws, Grow, Hold, Lease, Pays, Receipt, Refund, Refusal, Report,
    Scope, Settle, Spender,
};
use crate::limits::{OPEN_HOLDS_MAX, REPORT_ITEMS_MAX};

impl Stand<'_> {
    /// Takes credits for a spender: every limit first, then the lots.
    fn take(&self, spender: &Spender, amount: u64) -> Result<Draws, Refusal> {
        if spender.pays != Pays::Pool || amount == 0 {
            return Ok(Draws::new());
        }
        if let Some(pool) = self.books.pool.filter(|_| spender.scope.organization.is_none()) {
            return Err(Refusal::DrawnElsewhere { pool });
        }
        self.books.limits.admit(&spender.scope, amount)?;
        let draws = self.books.draws_for(&spender.scope, amount);
        let left = sum(&draws);
        if left < amount {
            return Err(Refusal::NotEnough { needed: Credits::new(amount), left: Credits::new(left) });
        }
        Ok(draws)
    }

    /// Who is to be told that so much was taken, and so much counted on limits.
    fn told(&self, spender: &Spender, taken: u64, counted: u64) -> Vec<Alert> {
        if spender.pays != Pays::Pool {
            return Vec::new();
        }
        let mut alerts = self.books.taking_alerts(taken);
        alerts.append(&mut self.books.limit_alerts(&spender.scope, counted));
        alerts
    }

    pub(super) fn charge(&self, order: &Charge) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        self.is_free(order.hold)?;
        let draws = self.take(&order.spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&order.spender, amount, amount), ..Receipt::default() })
    }

    pub(super) fn hold(&self, order: &Hold) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        self.is_free(order.hold)?;
        ahead(order.until, self.now)?;
        self.has_room_for_a_hold()?;
        let draws = self.take(&order.spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&order.spender, amount, amount), ..Receipt::default() })
    }

    pub(super) fn has_room_for_a_hold(&self) -> Result<(), Refusal> {
        if self.books.holds.len() >= OPEN_HOLDS_MAX { Err(Refusal::TooManyHolds) } else { Ok(()) }
    }

    fn open(&self, id: HoldId) -> Result<&OpenHold, Refusal> {
        match self.books.holds.get(&id) {
            Some(Open::Hold(hold)) => Ok(hold),
            Some(Open::Room(_)) => Err(Refusal::UnknownHold),
            None => Err(self.no_hold(id)),
        }
    }

    pub(super) fn grow(&self, order: &Grow) -> Result<Receipt, Refusal> {
        let hold = self.open(order.hold)?;
        if order.amount.is_zero() && order.until.is_none() {
            return Err(Refusal::ZeroAmount);
        }
        if let Some(until) = order.until {
            ahead(until, hold.until)?;
        }
        let amount = order.amount.as_u64();
        hold.left.checked_add(amount).ok_or(Refusal::Overflow)?;
        if hold.lease && amount > 0 {
            self.is_wide_enough(&hold.spender.scope)?;
        }
        let draws = self.take(&hold.spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&hold.spender, amount, amount), ..Receipt::default() })
    }

    pub(super) fn capture(&self, order: &Capture) -> Result<Receipt, Refusal> {
        let hold = self.open(order.hold)?;
        let amount = some(order.amount)?;
        fits(hold, amount)?;
        Ok(Receipt { draws: from_the_begin(&hold.draws, amount), ..Receipt::default() })
    }

    pub(super) fn settle(&self, order: &Settle) -> Result<Receipt, Refusal> {
        let hold = self.open(order.hold)?;
        let amount = order.amount.as_u64();
        let Some(more) = amount.checked_sub(hold.left).filter(|more| *more > 0) else {
            let mut receipt = Receipt { draws: from_the_begin(&hold.draws, amount), ..Receipt::default() };
            let back = from_the_end(&hold.draws, hold.left.saturating_sub(amount));
            self.back(&mut receipt, &back);
            return Ok(receipt);
        };
        let receipt = Receipt { draws: hold.draws.clone(), ..Receipt::default() };
        match (hold.above, hold.spender.pays) {
            (Above::Refuse, _) => fits(hold, amount).map(|()| receipt),
            (Above::Cap, _) => Ok(Receipt { forgone: Credits::new(more), ..receipt }),
            (_, Pays::OwnKey | Pays::Nobody) => Ok(receipt),
            (Above::Available, Pays::Pool) => {
                let allowed = more.min(self.books.limits.room(&hold.spender.scope));
                let beyond = self.books.draws_for(&hold.spender.scope, allowed);
                let taken = sum(&beyond);
                let alerts = self.told(&hold.spender, taken, taken);
                Ok(Receipt { beyond, forgone: Credits::new(more.saturating_sub(taken)), alerts, ..receipt })
            }
            (Above::Overdraft(max), Pays::Pool) => {
                let beyond = self.books.draws_for(&hold.spender.scope, more);
                let taken = sum(&beyond);
                let owed = Credits::new(more.saturating_sub(taken));
                let debt = self.books.owed.checked_add(owed.as_u64()).map(Credits::new);
                if !owed.is_zero() && debt.is_none_or(|debt| debt > max) {
                    return Err(Refusal::Overdraft { max, owed: debt.unwrap_or(Credits::new(u64::MAX)) });
                }
                let alerts = self.told(&hold.spender, taken, more);
                Ok(Receipt { beyond, owed, alerts, ..receipt })
            }
        }
    }

    pub(super) fn release(&self, id: HoldId) -> Result<Receipt, Refusal> {
        let mut receipt = Receipt::default();
        match self.books.holds.get(&id) {
            None => return Err(self.no_hold(id)),
            Some(Open::Room(_)) => {}
            Some(Open::Hold(hold)) => self.back(&mut receipt, &from_the_end(&hold.draws, hold.left)),
        }
        Ok(receipt)
    }

    pub(super) fn refund(&self, order: &Refund) -> Result<Receipt, Refusal> {
        let spend = self.spend(order.spend).ok_or(Refusal::UnknownSpend)?;
        let left = Credits::new(spend.left());
        let amount = order.amount.unwrap_or(left);
        if order.amount.is_some() {
            some(amount)?;
        }
        if amount > left || left.is_zero() {
            return Err(Refusal::RefundAbove { left });
        }
        let is_whose = |scope: Scope| spend.lease && spend.spender.scope.covers(&scope);
        if order.scope.map_or(spend.lease, |scope| !is_whose(scope)) {
            return Err(Refusal::OutsideLease);
        }
        let refunded = Refunded::of(&spend, amount.as_u64());
        let lowered = refunded.owed.min(self.books.owed);
        let paid_meanwhile = Credits::new(refunded.owed.saturating_sub(lowered));
        let adjusted = Draw { lot: self.books.next_lot, amount: paid_meanwhile };
        let adjusted = Some(adjusted).filter(|draw| !draw.amount.is_zero());
        let mut receipt =
            Receipt { draws: refunded.draws.clone(), owed: Credits::new(lowered), adjusted, ..Receipt::default() };
        (receipt.returned, receipt.lost) = self.books.sort_out(&refunded.draws);
        let still_owed = self.books.owed.saturating_sub(lowered);
        receipt.repaid = from_the_begin(&self.books.repayable(&receipt.returned), still_owed);
        Ok(receipt)
    }

    pub(super) fn lease(&self, order: &Lease) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        self.is_free(order.hold)?;
        ahead(order.until, self.now)?;
        self.has_room_for_a_hold()?;
        self.is_wide_enough(&order.scope)?;
        let spender = Spender::new(order.scope);
        let draws = self.take(&spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&spender, amount, amount), ..Receipt::default() })
    }

    /// A lease that no process could use to spend past a limit.
    fn is_wide_enough(&self, lease: &Scope) -> Result<(), Refusal> {
        self.books.limits.narrower(lease).map_or(Ok(()), |scope| Err(Refusal::NarrowerLimit { scope }))
    }

    pub(super) fn report(&self, order: &Report) -> Result<Receipt, Refusal> {
        let hold = self.open(order.hold)?;
        if !hold.lease {
            return Err(Refusal::UnknownHold);
        }
        if order.spends.is_empty() || order.spends.iter().any(|(_, amount)| amount.is_zero()) {
            return Err(Refusal::ZeroAmount);
        }
        if order.spends.len() > REPORT_ITEMS_MAX {
            return Err(Refusal::TooManyItems { max: u64::try_from(REPORT_ITEMS_MAX).unwrap_or(u64::MAX) });
        }
        let lease = hold.spender.scope;
        let within = |scope: &Scope| lease.covers(scope) && lease.organization == scope.organization;
        if order.spends.iter().any(|(scope, _)| !within(scope)) {
            return Err(Refusal::OutsideLease);
        }
        let add = |sum: u64, (_, amount): &(_, Credits)| sum.checked_add(amount.as_u64());
        let amount = order.spends.iter().try_fold(0, add).ok_or(Refusal::Overflow)?;
        fits(hold, amount)?;
        let alerts = self.told_by_report(hold, order);
        Ok(Receipt { draws: from_the_begin(&hold.draws, amount), alerts, ..Receipt::default() })
    }

    /// Limits that were set after the lease tell apart what it does not: for them a report is news.
    fn told_by_report(&self, lease: &OpenHold, order: &Report) -> Vec<Alert> {
        if self.books.limits.narrower(&lease.spender.scope).is_none() {
            return Vec::new();
        }
        let (before, mut after) = (self.books.watch(), self.books.clone());
        for (scope, amount) in &order.spends {
            after.count_held(&lease.spender, 0, amount.as_u64());
            after.count_spent(&Spender::new(*scope), amount.as_u64(), 0);
        }
        after.alerts_since(&before)
    }
}

/// Not more than is left of a hold.
fn fits(hold: &OpenHold, amount: u64) -> Result<(), Refusal> {
    let (held, needed) = (Credits::new(hold.left), Credits::new(amount));
    if needed > held { Err(Refusal::AboveHold { held, needed }) } else { Ok(()) }
}
