//! What time brings: the next thing that is due, and what it changes. The order at one instant is in the guide.

use alloc::vec::Vec;
use core::cmp::Reverse;

use super::alert::Watch;
use super::books::{Books, Item, Period};
use super::hold::Open;
use super::lot::Column;
use super::{Allocated, Allowance, Class, Credits, Draw, Draws, Due, Elapsed, Kept, Lot, LotId, Spot, Timeout, period};
use crate::catalog::{Midway, Renewal, Rollover};
use crate::label::Label;
use crate::limits::KEPT_PERIODS_MAX;
use crate::time::{Span, Timestamp};

impl Books {
    /// Whether something is due.
    pub(super) fn is_due(&self, now: Timestamp) -> bool {
        self.agenda.first().is_some_and(|(at, _)| *at <= now)
    }

    /// Lets everything happen that is due, instant after instant, and answers with what it was.
    pub(super) fn advance(&mut self, now: Timestamp) -> Vec<Elapsed> {
        let mut elapsed = Vec::new();
        while let Some((at, _)) = self.agenda.first().copied().filter(|(at, _)| *at <= now) {
            self.pass(at, &mut elapsed);
        }
        elapsed
    }

    /// Everything of one instant.
    fn pass(&mut self, at: Timestamp, elapsed: &mut Vec<Elapsed>) {
        // Limits and meters are passed by the begin of an allowance or a period alone: everything else only frees room.
        let (pool, mut everything) = (self.pool(), None);
        let mut allowance_began = false;
        while let Some((_, item)) = self.agenda.first().copied().filter(|(next, _)| *next == at) {
            allowance_began |= item == Item::AllowanceBegins;
            if matches!(item, Item::AllowanceBegins | Item::PeriodBegins) && everything.is_none() {
                everything = Some(Watch { pool, ..self.watch() });
            }
            let Some(what) = self.due(item, at) else {
                self.agenda.remove(&(at, item)); // nothing is behind it any more
                continue;
            };
            self.happen(what, at, elapsed);
        }
        let allocated = match self.period.entitled {
            None => self.allocation(),
            Some(_) if allowance_began => self.midway(at),
            Some(_) => None,
        };
        if let Some(allocated) = allocated {
            self.happen(Due::Allocated(allocated), at, elapsed);
        }
        let draws = self.repayable(&self.general());
        if !draws.is_empty() {
            self.happen(Due::Repaid { draws }, at, elapsed);
        }
        let alerts = match &everything {
            Some(before) => self.alerts_since(before),
            None => self.pool_alerts(pool, self.pool()),
        };
        if !alerts.is_empty() {
            self.happen(Due::Alerted { alerts }, at, elapsed);
        }
    }

    fn happen(&mut self, what: Due, at: Timestamp, elapsed: &mut Vec<Elapsed>) {
        let due = Elapsed { at, what };
        self.bring(&due);
        elapsed.push(due);
    }

    /// What an item of the agenda is about, now that its time has come.
    fn due(&self, item: Item, at: Timestamp) -> Option<Due> {
        match item {
            Item::LotExpires(lot) => {
                let amount = Credits::new(self.lot(lot)?.columns.available);
                Some(Due::LotExpired { lot, amount })
            }
            Item::HoldEnds(hold) => Some(match self.holds.get(&hold)? {
                Open::Room(_) => Due::ReserveTimedOut { hold },
                Open::Hold(open) if open.timeout == Timeout::Settle => {
                    Due::HoldTimedOut { hold, spent: open.draws.clone(), returned: Draws::new(), lost: Draws::new() }
                }
                Open::Hold(open) => {
                    let back: Draws = open.draws.iter().rev().copied().collect();
                    let (returned, lost) = self.sort_out(&back);
                    Due::HoldTimedOut { hold, spent: Draws::new(), returned, lost }
                }
            }),
            Item::AllowanceBegins => {
                self.next.as_ref().map(|(next, _)| Due::AllowanceBegan { allowance: next.clone() })
            }
            Item::PeriodBegins => self.boundary(at),
            Item::LotActivates(lot) => self.lot(lot).map(|_| Due::LotActivated { lot }),
        }
    }

    /// The end of the present period, and the begin of the next.
    fn boundary(&self, at: Timestamp) -> Option<Due> {
        let allowance = self.allowance.as_ref()?;
        let (start, end) = match allowance.renewal {
            Renewal::Given => {
                let told = self.given.first_key_value().filter(|(_, (_, begins))| *begins <= at);
                told.map_or((at, None), |(start, (end, _))| (*start, Some(*end)))
            }
            renewal => (at, period::around(renewal, allowance.anchor, at).1),
        };
        let length = self.period.end.map_or(at, |end| end).since(self.period.start);
        let (kept, expired) = self.roll_over(allowance, at, length);
        let left = |lot: &Lot| {
            let gone = expired.iter().filter(|draw| draw.lot == lot.id).map(|draw| draw.amount.as_u64());
            let gone = gone.fold(0, u64::saturating_add);
            Credits::new(lot.columns.available.saturating_sub(gone))
        };
        let stays = self.open.iter().filter(|lot| lot.scope == super::Scope::EVERYTHING);
        let stays: Vec<Draw> = stays.map(|lot| Draw { lot: lot.id, amount: left(lot) }).collect();
        let repaid = self.repayable(&stays);
        Some(Due::PeriodBegan { start, end, kept, expired, repaid })
    }

    /// What stays of each allocation, and what does not.
    fn roll_over(&self, allowance: &Allowance, at: Timestamp, length: Span) -> (Vec<Kept>, Draws) {
        let of_period = |lot: &&Lot| lot.class == Class::Allocation && !lot.expired;
        let allocations = || self.open.iter().chain(self.aside.values()).filter(of_period);
        let Some(cap) = self.boundary_cap(allowance) else {
            let unused = allocations().filter(|lot| lot.columns.available > 0);
            let unused = unused.map(|lot| Draw { lot: lot.id, amount: Credits::new(lot.columns.available) });
            return (Vec::new(), unused.collect());
        };
        let expires = kept_until(allowance, at, length);
        let of_bank = self.open.iter().filter(|lot| lot.class == Class::Rollover);
        let mut bank: Vec<(Option<Timestamp>, &Lot)> = of_bank.map(|lot| (lot.expires, lot)).collect();
        bank.extend(allocations().map(|lot| (expires, lot)));
        bank.sort_by_key(|(expires, lot)| (expires.is_none(), *expires, lot.id));
        let held: u128 = bank.iter().map(|(_, lot)| u128::from(lot.columns.available)).sum();
        let mut excess = held.saturating_sub(cap);
        let (mut kept, mut expired) = (Vec::new(), Draws::new());
        for (expires, lot) in bank {
            let trimmed = u64::try_from(excess).unwrap_or(u64::MAX).min(lot.columns.available);
            excess = excess.saturating_sub(u128::from(trimmed));
            if trimmed > 0 {
                expired.push(Draw { lot: lot.id, amount: Credits::new(trimmed) });
            }
            if lot.class == Class::Allocation {
                let amount = Credits::new(lot.columns.available.saturating_sub(trimmed));
                kept.push(Kept { lot: lot.id, amount, expires });
            }
        }
        (kept, expired)
    }

    /// How much the bank may hold at the end of a period: percentages are of what that period was allocated.
    fn boundary_cap(&self, allowance: &Allowance) -> Option<u128> {
        match (allowance.rollover, self.period.entitled) {
            (Rollover::Percent(_), Some(entitled)) => {
                let ended = Allowance { allocation: Credits::new(entitled), ..allowance.clone() };
                self.bank_cap(Some(&ended))
            }
            _ => self.bank_cap(Some(allowance)),
        }
    }

    /// What the plan allocates at the begin of a period.
    pub(super) fn allocation(&self) -> Option<Allocated> {
        let amount = self.allowance.as_ref()?.allocation;
        Some(Allocated { lot: self.next_lot, amount, entitled: amount, carried: 0 })
    }

    /// What a greater allocation brings at once in the middle of a period.
    pub(super) fn midway(&self, now: Timestamp) -> Option<Allocated> {
        let allowance = self.allowance.as_ref()?;
        let entitled = allowance.allocation;
        let more = entitled.as_u64().checked_sub(self.period.entitled?).filter(|more| *more > 0)?;
        let (amount, carried) = match (allowance.midway, self.period.end) {
            (Midway::Next, _) => return None,
            (Midway::Full, _) | (Midway::Prorated, None) => (more, self.period.carried),
            (Midway::Prorated, Some(end)) => {
                let (rest, whole) = (end.since(now).as_millis(), end.since(self.period.start).as_millis());
                let parts =
                    u128::from(more).saturating_mul(u128::from(rest)).saturating_add(u128::from(self.period.carried));
                let amount = parts.checked_div(u128::from(whole)).unwrap_or(0);
                let carried = parts.checked_rem(u128::from(whole)).unwrap_or(0);
                let short = |number| u64::try_from(number).unwrap_or(u64::MAX);
                (short(amount), short(carried)) // a remainder is less than the length of the period
            }
        };
        Some(Allocated { lot: self.next_lot, amount: Credits::new(amount), entitled, carried })
    }

    /// Makes it so. Nothing is judged here: what is in the history has happened.
    pub(super) fn bring(&mut self, elapsed: &Elapsed) {
        let at = elapsed.at;
        self.moment = self.moment.saturating_add(1);
        match &elapsed.what {
            Due::LotExpired { lot, amount } => {
                self.agenda.remove(&(at, Item::LotExpires(*lot)));
                self.shift(&[Draw { lot: *lot, amount: *amount }], Column::Available, Column::Expired);
                self.change_lot(*lot, |lot| lot.expired = true);
            }
            Due::HoldTimedOut { hold, spent, returned, lost } => {
                let Some(Open::Hold(open)) = self.close_hold(*hold) else { return };
                self.shift(spent, Column::Held, Column::Spent);
                self.shift(returned, Column::Held, Column::Available);
                self.lose(lost, Column::Held);
                match open.timeout {
                    Timeout::Settle => self.count_spent(&open.spender, open.left, open.left),
                    Timeout::Release => self.count_held(&open.spender, 0, open.left),
                }
            }
            Due::ReserveTimedOut { hold } => {
                let Some(Open::Room(room)) = self.close_hold(*hold) else { return };
                self.meters.unreserve(room.meter, &room.spot, room.amount);
                self.note_meter(room.meter, Some(&room.spot), at);
            }
            Due::AllowanceBegan { allowance } => {
                self.agenda.remove(&(at, Item::AllowanceBegins));
                self.next = None;
                self.begin_allowance(allowance.clone(), at);
            }
            Due::PeriodBegan { start, end, kept, expired, repaid } => {
                self.agenda.retain(|(_, item)| *item != Item::PeriodBegins);
                self.end_period(kept, expired, repaid, at);
                self.begin_period(*start, *end);
            }
            Due::LotActivated { lot } => {
                self.agenda.remove(&(at, Item::LotActivates(*lot)));
                self.change_lot(*lot, |lot| lot.active = true);
                self.base = self.left;
            }
            Due::Allocated(allocated) => self.allocate(allocated, at),
            Due::Repaid { draws } => {
                self.repay(draws);
                self.base = self.left;
            }
            Due::Alerted { .. } => {}
        }
    }

    /// Another allowance. A period in its middle goes on, unless it is counted otherwise from now on.
    pub(super) fn begin_allowance(&mut self, allowance: Allowance, now: Timestamp) {
        // Where periods are given, nothing is counted from the anchor.
        let counting = |from: &Allowance| (from.renewal, (from.renewal != Renewal::Given).then_some(from.anchor));
        let counted = counting(&allowance);
        let as_before = self.allowance.as_ref().map(counting);
        let (start, end) = period::around(allowance.renewal, allowance.anchor, now);
        let ends_now = self.agenda.contains(&(now, Item::PeriodBegins));
        if as_before.is_none() {
            self.period = Period { number: 1, start, end, since: 0, entitled: None, carried: 0 };
        } else if as_before != Some(counted) && !ends_now {
            self.move_period_end(end); // one that ends at this instant is over, however the next is counted
        }
        if allowance.renewal != Renewal::Given {
            self.given.clear(); // nobody gives periods any more
        }
        if let Some(before) = self.allowance.replace(allowance) {
            self.meters.note_all(&before.meters, now); // what is forgotten by the old rules is forgotten
        }
        self.plan_period();
        if ends_now {
            self.agenda.insert((now, Item::PeriodBegins));
        }
        let rules = self.allowance.as_ref().map(|allowance| allowance.meters.as_slice()).unwrap_or_default();
        self.meters.note_all(rules, now);
    }

    /// Another end for the present period, and so for its allocations.
    pub(super) fn move_period_end(&mut self, end: Option<Timestamp>) {
        (self.period.end, self.period.carried) = (end, 0);
        for lot in self.allocations() {
            self.change_lot(lot, |lot| lot.expires = end);
        }
    }

    /// The lots that the present period was allocated.
    fn allocations(&self) -> Vec<LotId> {
        let all = self.open.iter().chain(self.aside.values());
        all.filter(|lot| lot.class == Class::Allocation && !lot.expired).map(|lot| lot.id).collect()
    }

    /// Puts on the agenda when the next period begins.
    pub(super) fn plan_period(&mut self) {
        self.agenda.retain(|(_, item)| *item != Item::PeriodBegins);
        let next = self.period_due();
        self.agenda.extend(next.map(|next| (next, Item::PeriodBegins)));
    }

    /// When the next period begins.
    pub(super) fn period_due(&self) -> Option<Timestamp> {
        match self.allowance.as_ref().map(|allowance| allowance.renewal) {
            None => None,
            Some(Renewal::Given) => self.given.first_key_value().map(|(_, (_, begins))| *begins),
            Some(_) => self.period.end,
        }
    }

    /// A period that the billing provider gives. One that should have begun already begins now.
    pub(super) fn give_period(&mut self, start: Timestamp, end: Timestamp, now: Timestamp) {
        self.given.insert(start, (end, start.max(now)));
        self.plan_period();
    }

    fn end_period(&mut self, kept: &[Kept], expired: &[Draw], repaid: &[Draw], at: Timestamp) {
        self.shift(expired, Column::Available, Column::Expired);
        for stays in kept {
            self.change_lot(stays.lot, |lot| {
                lot.class = Class::Rollover;
                lot.expires = stays.expires;
            });
        }
        for lot in self.allocations() {
            self.change_lot(lot, |lot| (lot.expired, lot.expires) = (true, Some(at)));
        }
        self.open.sort_by(|left, right| self.order.compare(left, right));
        self.repay(repaid);
    }

    fn begin_period(&mut self, start: Timestamp, end: Option<Timestamp>) {
        self.given = self.given.split_off(&start);
        self.given.remove(&start);
        let number = self.period.number.saturating_add(1);
        self.period = Period { number, start, end, since: self.moment, entitled: None, carried: 0 };
        self.boundary = self.moment;
        self.limits.begin_period(number);
        self.usage.clear();
        self.base = self.left;
        self.plan_period();
    }

    /// Puts an allocation in.
    pub(super) fn allocate(&mut self, allocated: &Allocated, at: Timestamp) {
        self.period.entitled = Some(allocated.entitled.as_u64());
        self.period.carried = allocated.carried;
        if !allocated.amount.is_zero() {
            let lot = Lot::begun(Class::Allocation, allocated.amount.as_u64(), at, at);
            self.put_in(Lot { expires: self.period.end, ..lot });
            self.base = self.left;
        }
    }

    /// Begins and ends graces, after something of a meter has changed at a spot.
    pub(super) fn note_meter(&mut self, meter: Label, spot: Option<&Spot>, now: Timestamp) {
        let rules = self.allowance.as_ref().map(|allowance| allowance.meters.as_slice()).unwrap_or_default();
        self.meters.note(rules, meter, spot, now);
    }

    /// What is due after this, for forecasts: ends of lots, soonest first, none left out.
    pub(super) fn ends(&self) -> Vec<(Timestamp, Credits)> {
        let ending = self.open.iter().chain(self.aside.values()).filter(|lot| lot.columns.available > 0);
        let mut ends: Vec<(Timestamp, Credits)> =
            ending.filter_map(|lot| Some((lot.expires?, Credits::new(lot.columns.available)))).collect();
        ends.sort_by_key(|(at, credits)| (*at, Reverse(*credits)));
        ends
    }

    /// Whether books and totals balance; `None` if they do.
    pub(super) fn imbalance(&self) -> Option<Option<super::LotId>> {
        if self.fault.is_some() {
            return self.fault;
        }
        let lots = self.open.iter().chain(self.aside.values());
        let wrong = lots.clone().find(|lot| !lot.columns.is_balanced()).map(|lot| Some(lot.id));
        let whole =
            self.totals.is_balanced() && sum_of(lots.clone(), |lot| lot.columns.available) == self.totals.available;
        wrong.or((!whole || sum_of(lots, |lot| lot.columns.held) != self.totals.held).then_some(None))
    }
}

fn sum_of<'a>(lots: impl Iterator<Item = &'a Lot>, column: impl Fn(&Lot) -> u64) -> u128 {
    lots.map(|lot| u128::from(column(lot))).sum()
}

/// Until when what is kept at a boundary stays.
fn kept_until(allowance: &Allowance, at: Timestamp, length: Span) -> Option<Timestamp> {
    let periods = allowance.rollover_periods.filter(|periods| *periods <= KEPT_PERIODS_MAX)?;
    if allowance.renewal == Renewal::Given {
        let span = length.as_millis().checked_mul(u64::from(periods))?;
        return Some(at.plus(Span::millis(span)));
    }
    let mut until = at;
    for _ in 0..periods {
        until = period::around(allowance.renewal, allowance.anchor, until).1?;
    }
    Some(until)
}
