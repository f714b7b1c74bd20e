//! Judging what puts credits in and takes them back.

use super::{Stand, ahead, some};
use crate::ledger::lot::sum;
use crate::ledger::{
    Class, Credits, Draw, Draws, Extend, Grant, Lot, LotId, Receipt, Receive, Refusal, Scope, Transfer, Void,
};
use crate::limits::LOTS_MAX;

impl Stand<'_> {
    pub(super) fn grant(&self, order: &Grant) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        is_granted(order.class)?;
        let effective = order.effective.map_or(self.now, |effective| effective.max(self.now));
        if let Some(expires) = order.expires {
            ahead(expires, effective)?;
        }
        if self.books.lots() >= LOTS_MAX {
            return Err(Refusal::TooManyLots);
        }
        let lot = Draw { lot: self.books.next_lot, amount: order.amount };
        let pays_debts = effective == self.now && order.scope == Scope::EVERYTHING;
        let paid = if pays_debts { self.books.owed.min(amount) } else { 0 };
        let repaid = (paid > 0).then_some(Draw { lot: lot.lot, amount: Credits::new(paid) });
        Ok(Receipt { draws: [lot].into_iter().collect(), repaid: repaid.into_iter().collect(), ..Receipt::default() })
    }

    /// A lot that something can still come of.
    fn usable(&self, id: LotId) -> Result<&Lot, Refusal> {
        self.books.lot(id).filter(|lot| !lot.expired).ok_or(Refusal::UnknownLot)
    }

    pub(super) fn void(&self, order: &Void) -> Result<Receipt, Refusal> {
        if let Some(amount) = order.amount {
            some(amount)?;
        }
        let lot = self.usable(order.lot)?;
        let available = Credits::new(lot.columns.available);
        let amount = order.amount.unwrap_or(available);
        if amount > available {
            return Err(Refusal::LotShort { available });
        }
        let draw = Draw { lot: lot.id, amount };
        let draws = [draw].into_iter().filter(|draw| !draw.amount.is_zero()).collect();
        let taken = if lot.left() > 0 { amount.as_u64() } else { 0 };
        Ok(Receipt { draws, alerts: self.books.taking_alerts(taken), ..Receipt::default() })
    }

    pub(super) fn extend(&self, order: &Extend) -> Result<Receipt, Refusal> {
        let lot = self.usable(order.lot).ok().filter(|lot| !lot.voided).ok_or(Refusal::UnknownLot)?;
        if let Some(expires) = order.expires {
            ahead(expires, self.now.max(lot.effective))?;
        }
        if lot.class == Class::Allocation { Err(Refusal::BadClass) } else { Ok(Receipt::default()) }
    }

    pub(super) fn receive(&self, order: &Receive) -> Result<Receipt, Refusal> {
        for grant in &order.grants {
            some(grant.amount)?;
            is_granted(grant.class)?;
        }
        let numbers = (self.books.next_lot.as_u64()..).map(LotId::from_u64);
        let draws: Draws = numbers.zip(&order.grants).map(|(lot, grant)| Draw { lot, amount: grant.amount }).collect();
        let lasts = |grant: &Grant| grant.scope == Scope::EVERYTHING && grant.expires.is_none_or(|end| end > self.now);
        let paying = draws.iter().zip(&order.grants).filter(|(_, grant)| lasts(grant)).map(|(draw, _)| *draw);
        let paying: Draws = paying.collect();
        let repaid = crate::ledger::past::from_the_begin(&paying, self.books.owed);
        Ok(Receipt { draws, repaid, ..Receipt::default() })
    }

    pub(super) fn transfer(&self, order: &Transfer) -> Result<Receipt, Refusal> {
        if !self.settings.transfers {
            return Err(Refusal::TransfersOff);
        }
        if order.to == self.organization {
            return Err(Refusal::Itself);
        }
        let amount = some(order.amount)?;
        let moves =
            |lot: &&Lot| lot.scope == Scope::EVERYTHING && !matches!(lot.class, Class::Allocation | Class::Rollover);
        let all = self.books.open.iter().filter(moves);
        let all: Draws = all.map(|lot| Draw { lot: lot.id, amount: Credits::new(lot.columns.available) }).collect();
        let draws = crate::ledger::past::from_the_begin(&all, amount);
        let left = Credits::new(sum(&draws));
        if left < order.amount {
            return Err(Refusal::NotEnough { needed: order.amount, left });
        }
        let as_it_was = |draw: &Draw| {
            let lot = self.books.lot(draw.lot)?;
            let (class, priority, expires) = (lot.class, lot.priority, lot.expires);
            Some(Grant { class, amount: draw.amount, scope: Scope::EVERYTHING, priority, effective: None, expires })
        };
        let grants = draws.iter().filter_map(as_it_was).collect();
        Ok(Receipt { draws, grants, alerts: self.books.taking_alerts(amount), ..Receipt::default() })
    }
}

/// Allocations and the bank are the ledger's own.
fn is_granted(class: Class) -> Result<(), Refusal> {
    if matches!(class, Class::Allocation | Class::Rollover) { Err(Refusal::BadClass) } else { Ok(()) }
}
