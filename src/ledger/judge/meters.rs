//! Judging what meters count.

use super::{Stand, ahead};
use crate::label::Label;
use crate::ledger::hold::{Open, Room};
use crate::ledger::{Add, Clear, Commit, Receipt, Refusal, Remove, Reserve, Spot, Units};
use crate::limits::METER_CELLS_MAX;

impl Stand<'_> {
    pub(super) fn add(&self, order: &Add) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        self.has_a_cell(order.meter, &order.spot)?;
        let over = self.books.meters.admit(self.books.rules(), (order.meter, &order.spot), amount, self.now)?;
        let alerts = self.books.meter_alerts(order.meter, &order.spot, amount);
        Ok(Receipt { units: order.amount, over, alerts, ..Receipt::default() })
    }

    pub(super) fn remove(&self, order: &Remove) -> Result<Receipt, Refusal> {
        some(order.amount)?;
        let used = Units::new(self.books.meters.cell(order.meter, &order.spot).unwrap_or(0));
        if used < order.amount {
            return Err(Refusal::MeterShort { used });
        }
        Ok(Receipt { units: order.amount, ..Receipt::default() })
    }

    pub(super) fn clear(&self, order: &Clear) -> Receipt {
        let units = Units::new(self.books.meters.covered(order.meter, &order.spot));
        Receipt { units, ..Receipt::default() }
    }

    pub(super) fn reserve(&self, order: &Reserve) -> Result<Receipt, Refusal> {
        let amount = some(order.amount)?;
        self.is_free(order.hold)?;
        ahead(order.until, self.now)?;
        self.has_room_for_a_hold()?;
        self.has_a_cell(order.meter, &order.spot)?;
        let over = self.books.meters.admit(self.books.rules(), (order.meter, &order.spot), amount, self.now)?;
        let alerts = self.books.meter_alerts(order.meter, &order.spot, amount);
        Ok(Receipt { over, alerts, ..Receipt::default() })
    }

    pub(super) fn commit(&self, order: &Commit) -> Result<Receipt, Refusal> {
        let room = match self.books.holds.get(&order.hold) {
            Some(Open::Room(room)) => *room,
            Some(Open::Hold(_)) => return Err(Refusal::UnknownHold),
            None => return Err(self.no_hold(order.hold)),
        };
        let Room { meter, spot, amount, .. } = room;
        let receipt = Receipt { units: order.amount, ..Receipt::default() };
        let Some(more) = order.amount.as_u64().checked_sub(amount).filter(|more| *more > 0) else {
            let less = amount.saturating_sub(order.amount.as_u64());
            let over = self.books.meters.exceeded(self.books.rules(), (meter, &spot), less, self.now);
            return Ok(Receipt { over, ..receipt }); // now that it is there, whoever stores is told
        };
        let over = self.books.meters.admit(self.books.rules(), (meter, &spot), more, self.now)?;
        Ok(Receipt { over, alerts: self.books.meter_alerts(meter, &spot, more), ..receipt })
    }

    fn has_a_cell(&self, meter: Label, spot: &Spot) -> Result<(), Refusal> {
        let meters = &self.books.meters;
        let full = meters.cell(meter, spot).is_none() && meters.cells() >= METER_CELLS_MAX;
        if full { Err(Refusal::TooManyCells) } else { Ok(()) }
    }
}

fn some(amount: Units) -> Result<u64, Refusal> {
    if amount.is_zero() { Err(Refusal::ZeroAmount) } else { Ok(amount.as_u64()) }
}
