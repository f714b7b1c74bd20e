//! Judging what spends: charges, holds and their ends, refunds, leases.

use alloc::vec::Vec;

use super::{Stand, ahead, some};
use crate::id::HoldId;
use crate::ledger::hold::{Hold as OpenHold, Open};
use crate::ledger::lot::sum;
use crate::ledger::past::{from_the_begin, from_the_end};
use crate::ledger::{
    Above, Alert, Capture, Charge, Credits, Draw, Draws, Grow, Hold, Lease, Pays, Receipt, Refund, Refusal, Report,
    Settle, Spender,
};
use crate::limits::{OPEN_HOLDS_MAX, REPORT_ITEMS_MAX};

impl Stand<'_> {
    /// Takes credits for a spender: every limit first, then the lots.
    fn take(&self, spender: &Spender, amount: u64) -> Result<Draws, Refusal> {
        if spender.pays != Pays::Pool || amount == 0 {
            return Ok(Draws::new());
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
        let draws = self.take(&hold.spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&hold.spender, amount, amount), ..Receipt::default() })
    }

    pub(super) fn capture(&self, order: &Capture) -> Result<Receipt, Refusal> {
        let hold = self.open(order.hold)?;
        let amount = some(order.amount)?;
        within(hold, amount)?;
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
            (Above::Refuse, _) => within(hold, amount).map(|()| receipt),
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
                let debt = Credits::new(self.books.owed.saturating_add(owed.as_u64()));
                if !owed.is_zero() && debt > max {
                    return Err(Refusal::Overdraft { max, owed: debt });
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
        let refunded = Self::refunded(&spend, amount.as_u64());
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
        if let Some(scope) = self.books.limits.narrower(&order.scope) {
            return Err(Refusal::NarrowerLimit { scope });
        }
        let spender = Spender::new(order.scope);
        let draws = self.take(&spender, amount)?;
        Ok(Receipt { draws, alerts: self.told(&spender, amount, amount), ..Receipt::default() })
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
        if order.spends.iter().any(|(scope, _)| !hold.spender.scope.covers(scope)) {
            return Err(Refusal::OutsideLease);
        }
        let add = |sum: u64, (_, amount): &(_, Credits)| sum.checked_add(amount.as_u64());
        let amount = order.spends.iter().try_fold(0, add).ok_or(Refusal::Overflow)?;
        within(hold, amount)?;
        Ok(Receipt { draws: from_the_begin(&hold.draws, amount), ..Receipt::default() })
    }
}

/// Not more than is left of a hold.
fn within(hold: &OpenHold, amount: u64) -> Result<(), Refusal> {
    let (held, needed) = (Credits::new(hold.left), Credits::new(amount));
    if needed > held { Err(Refusal::AboveHold { held, needed }) } else { Ok(()) }
}
