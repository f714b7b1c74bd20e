//! Lots: which is used up first, what comes in, what is taken back.

use std::cmp::Ordering;

use bailiwick::ledger::*;

use super::{Answer, Naive, NaiveLot, Source, credits, stamp, wide};

impl NaiveLot {
    pub(super) fn new(class: Class, scope: Scope, granted: u128, effective: u64, expires: Option<u64>) -> Self {
        Self {
            class,
            scope,
            priority: 0,
            effective,
            expires,
            granted,
            available: granted,
            expired: 0,
            voided: 0,
            repaid: 0,
            active: true,
            ended: false,
            void: false,
        }
    }

    fn is_general(&self) -> bool {
        self.scope == Scope::EVERYTHING
    }
}

impl Naive {
    pub(super) fn add_lot(&mut self, lot: NaiveLot) -> usize {
        self.topped_up |= lot.active;
        self.lots.push(lot);
        self.lots.len()
    }

    /// The numbers of all lots, in burn order.
    pub(crate) fn burning(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = (1..=self.lots.len()).collect();
        let keys: Vec<BurnKey> = self.settings.burn_order.keys().collect();
        numbers.sort_by(|left, right| {
            let (a, b) = (&self.lots[left - 1], &self.lots[right - 1]);
            for key in &keys {
                let order = match key {
                    BurnKey::Scope => a.is_general().cmp(&b.is_general()),
                    BurnKey::Priority => a.priority.cmp(&b.priority),
                    BurnKey::Expiry => (a.expires.is_none(), a.expires).cmp(&(b.expires.is_none(), b.expires)),
                    BurnKey::Class => a.class.cmp(&b.class),
                    BurnKey::Age => a.effective.cmp(&b.effective),
                };
                if order != Ordering::Equal {
                    return order;
                }
            }
            left.cmp(right)
        });
        numbers
    }

    /// Where every credit of a lot is; what is held and spent is counted from the works that hold and have spent.
    pub(crate) fn columns(&self, number: usize) -> Columns<u128> {
        let (lot, source) = (&self.lots[number - 1], Source::Lot(number));
        Columns {
            granted: lot.granted,
            available: lot.available,
            held: self.works.iter().map(|work| work.held_from(|from| *from == source)).sum(),
            spent: lot.repaid + self.works.iter().map(|work| work.spent_from(source)).sum::<u128>(),
            expired: lot.expired,
            voided: lot.voided,
        }
    }

    pub(crate) fn totals(&self) -> Columns<u128> {
        let mut sum = Columns { granted: 0, available: 0, held: 0, spent: 0, expired: 0, voided: 0 };
        for number in 1..=self.lots.len() {
            let columns = self.columns(number);
            sum.granted += columns.granted;
            sum.available += columns.available;
            sum.held += columns.held;
            sum.spent += columns.spent;
            sum.expired += columns.expired;
            sum.voided += columns.voided;
        }
        sum
    }

    /// Whether nothing can come of a lot any more.
    pub(crate) fn is_closed(&self, number: usize) -> bool {
        let lot = &self.lots[number - 1];
        let held = |work: &super::Work| work.held_from(|source| *source == Source::Lot(number));
        let nothing_back =
            (lot.ended && !lot.void) || self.remembered().all(|work| work.spent_from(Source::Lot(number)) == 0);
        lot.available == 0 && self.remembered().all(|work| held(work) == 0) && nothing_back
    }

    pub(crate) fn spendable(&self) -> u128 {
        self.lots.iter().filter(|lot| lot.active).map(|lot| lot.available).sum()
    }

    pub(crate) fn pending(&self) -> u128 {
        self.lots.iter().filter(|lot| !lot.active).map(|lot| lot.available).sum()
    }

    /// What lots have for a spend.
    pub(super) fn left_for(&self, scope: &Scope) -> u128 {
        self.lots.iter().filter(|lot| lot.active && lot.scope.covers(scope)).map(|lot| lot.available).sum()
    }

    /// Takes so much as lots have for a spend, in burn order.
    pub(super) fn take(&mut self, amount: u128, is_meant: impl Fn(&NaiveLot) -> bool) -> Vec<(usize, u128)> {
        let (mut rest, mut parts) = (amount, Vec::new());
        for number in self.burning() {
            let lot = &mut self.lots[number - 1];
            let part = rest.min(lot.available);
            if part > 0 && lot.active && is_meant(lot) {
                lot.available -= part;
                rest -= part;
                parts.push((number, part));
            }
        }
        parts
    }

    /// Pays debts from what general lots have.
    pub(super) fn pay_debts(&mut self) -> Draws {
        let parts = self.take(self.owed, NaiveLot::is_general);
        for (number, part) in &parts {
            self.lots[number - 1].repaid += part;
            self.owed -= part;
        }
        draws(parts)
    }

    /// Puts credits back where they came from; what could not return comes second.
    pub(super) fn put_back(&mut self, number: usize, amount: u128) -> (u128, u128) {
        let room = self.bank_room();
        let lot = &mut self.lots[number - 1];
        if lot.void {
            lot.voided += amount;
            return (0, amount);
        }
        let returned = match lot.class {
            _ if lot.ended => 0,
            Class::Rollover => amount.min(room),
            _ => amount,
        };
        lot.available += returned;
        lot.expired += amount - returned;
        (returned, amount - returned)
    }

    fn known_lot(&self, lot: LotId) -> Result<usize, Refusal> {
        let number = usize::try_from(lot.as_u64()).unwrap_or(usize::MAX);
        let is_there = (1..=self.lots.len()).contains(&number) && !self.is_closed(number);
        if is_there && !self.lots[number - 1].ended { Ok(number) } else { Err(Refusal::UnknownLot) }
    }

    pub(super) fn grant(&mut self, r: &Grant, now: u64) -> Answer {
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        if matches!(r.class, Class::Allocation | Class::Rollover) {
            return Err(Refusal::BadClass);
        }
        let effective = r.effective.map_or(now, |from| from.as_millis());
        if r.expires.is_some_and(|end| end.as_millis() <= now || end.as_millis() <= effective) {
            return Err(Refusal::Ended);
        }
        let expires = r.expires.map(|end| end.as_millis());
        let lot = NaiveLot::new(r.class, r.scope, wide(r.amount), effective, expires);
        let number = self.add_lot(NaiveLot { priority: r.priority, active: effective <= now, ..lot });
        Ok(Receipt { draws: draws(vec![(number, wide(r.amount))]), ..Receipt::default() })
    }

    pub(super) fn void(&mut self, r: &Void) -> Answer {
        if r.amount.is_some_and(|amount| amount.is_zero()) {
            return Err(Refusal::ZeroAmount);
        }
        let number = self.known_lot(r.lot)?;
        let lot = &mut self.lots[number - 1];
        let amount = r.amount.map_or(lot.available, wide);
        if amount > lot.available {
            return Err(Refusal::LotShort { available: credits(lot.available) });
        }
        lot.void |= r.amount.is_none();
        lot.available -= amount;
        lot.voided += amount;
        Ok(Receipt { draws: draws(vec![(number, amount)]), ..Receipt::default() })
    }

    pub(super) fn extend(&mut self, r: &Extend, now: u64) -> Answer {
        let number = self.known_lot(r.lot)?;
        let lot = &mut self.lots[number - 1];
        if lot.void {
            return Err(Refusal::UnknownLot);
        }
        let expires = r.expires.map(|end| end.as_millis());
        if expires.is_some_and(|end| end <= now || end <= lot.effective) {
            return Err(Refusal::Ended);
        }
        if lot.class == Class::Allocation {
            return Err(Refusal::BadClass);
        }
        lot.expires = expires;
        Ok(Receipt::default())
    }

    pub(super) fn transfer(&mut self, r: &Transfer) -> Answer {
        if !self.settings.transfers {
            return Err(Refusal::TransfersOff);
        }
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        let moves = |lot: &NaiveLot| {
            let is_own = matches!(lot.class, Class::Purchased | Class::Promotional | Class::Adjustment);
            lot.is_general() && is_own
        };
        let left = self.lots.iter().filter(|lot| lot.active && moves(lot)).map(|lot| lot.available).sum::<u128>();
        if left < wide(r.amount) {
            return Err(Refusal::NotEnough { needed: r.amount, left: credits(left) });
        }
        let parts = self.take(wide(r.amount), moves);
        for (number, part) in &parts {
            self.lots[number - 1].voided += part;
        }
        let grant = |(number, amount): &(usize, u128)| {
            let NaiveLot { class, scope, priority, expires, .. } = self.lots[number - 1];
            Grant { class, amount: credits(*amount), scope, priority, effective: None, expires: expires.map(stamp) }
        };
        let grants = parts.iter().map(grant).collect();
        Ok(Receipt { draws: draws(parts), grants, ..Receipt::default() })
    }
}

/// Parts as a receipt writes them: none of nothing, and what is next to one another of the same lot together.
pub(super) fn draws(parts: Vec<(usize, u128)>) -> Draws {
    let mut merged: Vec<(usize, u128)> = Vec::new();
    for (number, amount) in parts.into_iter().filter(|(_, amount)| *amount > 0) {
        match merged.last_mut() {
            Some((last, sum)) if *last == number => *sum += amount,
            _ => merged.push((number, amount)),
        }
    }
    let draw = |(number, amount)| Draw { lot: LotId::from_u64(number as u64), amount: credits(amount) };
    merged.into_iter().map(draw).collect()
}
