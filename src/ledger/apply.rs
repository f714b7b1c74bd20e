//! Applying: an entry changes the state, and cannot fail. What it was judged by is next door.

use alloc::sync::Arc;

use super::hold::{Hold as OpenHold, Open, Room};
use super::limit::Limit;
use super::lot::{Column, sum};
use super::past::Refunded;
use super::{
    Above, Class, Credits, Draw, Draws, Due, Elapsed, Entry, Grant, Grow, Ledger, Lot, Over, Pays, RaiseLimit, Receipt,
    Receive, Refund, Report, Request, Scope, SetAllowance, SetLimit, Settle, Spender, Timeout, Void, alert,
};
use crate::id::HoldId;
use crate::time::Timestamp;

impl Ledger {
    /// Changes the state by one entry. Costs the change, not the ledger; cannot fail.
    ///
    /// # Shape
    /// Entries are applied in order of their versions; one that was applied before changes nothing. After a gap every order is
    /// refused (`unbalanced`).
    ///
    /// # Examples
    /// See [`Ledger`].
    pub fn apply(&mut self, entry: &Arc<Entry>) {
        if entry.version <= self.version {
            return; // it is there already
        }
        if entry.version != self.version.next() {
            self.books.fault = self.books.fault.or(Some(None)); // something is missing
        }
        self.clock = entry.at;
        entry.elapsed.iter().for_each(|elapsed| self.elapse(elapsed));
        self.take_in(entry);
        self.keys.keep(entry, &self.settings);
    }

    /// Takes in an entry whose time has passed; its key is not remembered.
    pub(super) fn take_in(&mut self, entry: &Entry) {
        (self.version, self.clock) = (entry.version, entry.at);
        if let Ok(receipt) = &entry.answer {
            self.carry_out(&entry.order.request, receipt);
        }
        while let Some(forgotten) = self.past.forget(self.settings.refundable_max) {
            self.books.forget_spend(&forgotten.draws);
        }
    }

    /// One thing that time has brought.
    pub(super) fn elapse(&mut self, elapsed: &Elapsed) {
        self.note_elapsed(elapsed);
        self.books.bring(elapsed);
    }

    /// A hold that timed out leaves its name, and what it spent, in the past.
    fn note_elapsed(&mut self, elapsed: &Elapsed) {
        match &elapsed.what {
            Due::HoldTimedOut { hold, spent, .. } => {
                let Some(Open::Hold(open)) = self.books.holds.get(hold) else { return };
                let (spender, settles) = (open.spender, open.timeout == Timeout::Settle);
                let metered = if settles && spender.pays != Pays::Pool { open.left } else { 0 };
                let lease = open.lease;
                self.note(*hold, (spender, lease), (spent, 0, metered));
            }
            Due::ReserveTimedOut { hold } => self.note(*hold, NOBODY, (&[], 0, 0)),
            _ => {}
        }
    }

    /// Notes what was spent under a name that is still open, or is over with it.
    fn note(&mut self, hold: HoldId, spender: (Spender, bool), spent: (&[Draw], u64, u64)) {
        // What is spent now comes after everything that was counted.
        let at = (self.books.moment.saturating_add(1), self.books.boundary);
        // An order has closed its hold by now; one that times out is closed next.
        if self.books.holds.get(&hold).is_some_and(|open| open.until() > self.clock) {
            self.past.note(hold, spender, spent, at);
        } else {
            self.past.end(hold, spender, spent, at);
        }
    }

    /// What an answer says has come of a request.
    pub(super) fn carry_out(&mut self, request: &Request, receipt: &Receipt) {
        let now = self.clock;
        self.carry_out_now(request, receipt, now);
        self.books.moment = self.books.moment.saturating_add(1);
    }

    fn carry_out_now(&mut self, request: &Request, receipt: &Receipt, now: Timestamp) {
        match request {
            Request::SetAllowance(order) => self.set_allowance(order, receipt),
            Request::BeginPeriod(order) if order.start > now => self.books.give_period(order.start, order.end, now),
            Request::BeginPeriod(order) if order.start == self.books.period.start => {
                self.books.move_period_end(Some(order.end));
            }
            Request::BeginPeriod(_) | Request::Tick(_) => {}
            Request::SetPool(order) => {
                let new = order.pool.filter(|pool| !self.books.pools.contains(pool));
                self.books.pools.extend(new);
                self.books.pool = order.pool;
            }
            Request::Receive(order) => self.receive(order, receipt),
            Request::Grant(order) => self.grant(order, receipt),
            Request::Void(order) => self.void(order, receipt),
            Request::Extend(order) => self.books.change_lot(order.lot, |lot| lot.expires = order.expires),
            Request::Transfer(_) => self.books.shift(&receipt.draws, Column::Available, Column::Voided),
            Request::Charge(order) => {
                self.books.shift(&receipt.draws, Column::Available, Column::Held);
                self.books.shift(&receipt.draws, Column::Held, Column::Spent);
                self.spent(order.hold, order.spender, &receipt.draws, 0, order.amount.as_u64(), 0);
            }
            Request::Hold(order) => {
                let hold = OpenHold {
                    spender: order.spender,
                    left: order.amount.as_u64(),
                    draws: Draws::from_slice(&receipt.draws),
                    until: order.until,
                    above: order.above,
                    timeout: order.timeout,
                    lease: false,
                };
                self.open(order.hold, hold);
            }
            Request::Lease(order) => {
                let hold = OpenHold {
                    spender: Spender::new(order.scope),
                    left: order.amount.as_u64(),
                    draws: receipt.draws.clone(),
                    until: order.until,
                    above: Above::Refuse,
                    timeout: order.timeout,
                    lease: true,
                };
                self.open(order.hold, hold);
            }
            Request::Grow(order) => self.grow(order, receipt),
            Request::Capture(order) => self.capture(order.hold, order.amount.as_u64(), receipt),
            Request::Report(order) => self.report(order, receipt),
            Request::Settle(order) => self.settle(order, receipt),
            Request::Release(order) => self.release(order.hold, receipt),
            Request::Refund(order) => self.refund(order, receipt),
            Request::SetLimit(order) => {
                let limit = self.books.limit_as_set(order);
                self.books.limits.set(order.scope, order.over, Some(limit));
                self.books.boundary = self.books.moment.saturating_add(1);
            }
            Request::RaiseLimit(order) => self.raise(order),
            Request::DropLimit(order) => self.books.limits.set(order.scope, order.over, None),
            Request::SetAlerts(order) => self.books.credits_left = alert::in_order(order.credits_left.clone()),
            Request::Add(order) => {
                self.books.meters.add(order.meter, order.spot, order.amount.as_u64());
                self.books.note_meter(order.meter, Some(&order.spot), now);
            }
            Request::Remove(order) => {
                self.books.meters.remove(order.meter, &order.spot, order.amount.as_u64());
                self.books.note_meter(order.meter, Some(&order.spot), now);
            }
            Request::Clear(order) => {
                self.books.meters.clear(order.meter, &order.spot);
                self.books.note_meter(order.meter, None, now);
            }
            Request::Reserve(order) => {
                let (meter, spot, amount, until) = (order.meter, order.spot, order.amount.as_u64(), order.until);
                self.books.meters.reserve(meter, &spot, amount);
                self.books.open_hold(order.hold, Open::Room(Room { meter, spot, amount, until }));
                self.books.note_meter(meter, Some(&spot), now);
            }
            Request::Commit(order) => self.commit(order.hold, order.amount.as_u64()),
        }
    }

    fn set_allowance(&mut self, order: &SetAllowance, receipt: &Receipt) {
        let now = self.clock;
        let books = &mut self.books;
        books.as_of = order.as_of;
        books.begin_allowance(order.allowance.clone(), now);
        books.schedule_allowance(order.next.clone());
        if let Some(allocated) = &receipt.allocated {
            books.allocate(allocated, now);
        }
        if !receipt.repaid.is_empty() {
            books.repay(&receipt.repaid);
            books.base = books.left;
        }
    }

    fn grant(&mut self, order: &Grant, receipt: &Receipt) {
        let effective = order.effective.unwrap_or(self.clock);
        let lot = Lot::begun(order.class, order.amount.as_u64(), effective, self.clock);
        let lot = Lot { scope: order.scope, priority: order.priority, expires: order.expires, ..lot };
        let at_once = lot.active;
        self.books.put_in(lot);
        self.books.repay(&receipt.repaid);
        if at_once {
            self.books.base = self.books.left;
        }
    }

    fn receive(&mut self, order: &Receive, receipt: &Receipt) {
        for grant in &order.grants {
            let lot = Lot::begun(grant.class, grant.amount.as_u64(), self.clock, self.clock);
            let (scope, priority, expires) = (grant.scope, grant.priority, grant.expires);
            let late = expires.is_some_and(|end| end <= self.clock);
            let id = self.books.next_lot;
            self.books.put_in(Lot { scope, priority, expires, ..lot });
            if late {
                let draw = Draw { lot: id, amount: grant.amount };
                self.books.shift(&[draw], Column::Available, Column::Expired);
            }
        }
        self.books.repay(&receipt.repaid);
        self.books.base = self.books.left;
    }

    fn void(&mut self, order: &Void, receipt: &Receipt) {
        if order.amount.is_none() {
            self.books.change_lot(order.lot, |lot| lot.voided = true);
        }
        self.books.shift(&receipt.draws, Column::Available, Column::Voided);
    }

    fn open(&mut self, id: HoldId, hold: OpenHold) {
        self.books.shift(&hold.draws, Column::Available, Column::Held);
        self.books.count_held(&hold.spender, hold.left, 0);
        self.books.open_hold(id, Open::Hold(hold));
    }

    /// What was held, or taken beyond it, and is spent now: for the past, for limits, for the usage of the period.
    fn spent(&mut self, id: HoldId, spender: Spender, draws: &[Draw], owed: u64, amount: u64, was_held: u64) {
        let metered = if spender.pays == Pays::Pool { 0 } else { amount };
        self.note(id, (spender, false), (draws, owed, metered));
        self.books.count_spent(&spender, amount, was_held);
    }

    fn grow(&mut self, order: &Grow, receipt: &Receipt) {
        let Some(Open::Hold(mut hold)) = self.books.close_hold(order.hold) else { return };
        self.books.shift(&receipt.draws, Column::Available, Column::Held);
        self.books.count_held(&hold.spender, order.amount.as_u64(), 0);
        hold.left = hold.left.saturating_add(order.amount.as_u64());
        hold.until = order.until.unwrap_or(hold.until);
        receipt.draws.iter().for_each(|draw| super::past::add_draw(&mut hold.draws, *draw));
        self.books.open_hold(order.hold, Open::Hold(hold));
    }

    /// Takes the first so many credits out of a hold that stays open.
    fn take_from_hold(&mut self, id: HoldId, amount: u64, draws: &[Draw]) -> Option<Spender> {
        let Some(Open::Hold(hold)) = self.books.holds.get_mut(&id) else { return None };
        hold.left = hold.left.saturating_sub(amount);
        hold.draws = super::past::from_the_begin_after(&hold.draws, sum(draws));
        let spender = hold.spender;
        self.books.shift(draws, Column::Held, Column::Spent);
        Some(spender)
    }

    fn capture(&mut self, id: HoldId, amount: u64, receipt: &Receipt) {
        if let Some(spender) = self.take_from_hold(id, amount, &receipt.draws) {
            self.spent(id, spender, &receipt.draws, 0, amount, amount);
        }
    }

    fn report(&mut self, order: &Report, receipt: &Receipt) {
        let amount = sum(&receipt.draws);
        let Some(lease) = self.take_from_hold(order.hold, amount, &receipt.draws) else { return };
        self.note(order.hold, (lease, true), (&receipt.draws, 0, 0));
        self.books.count_held(&lease, 0, amount);
        for (scope, amount) in &order.spends {
            self.books.count_spent(&Spender::new(*scope), amount.as_u64(), 0);
        }
    }

    fn settle(&mut self, order: &Settle, receipt: &Receipt) {
        let Some(Open::Hold(hold)) = self.books.close_hold(order.hold) else { return };
        let books = &mut self.books;
        books.shift(&receipt.draws, Column::Held, Column::Spent);
        books.shift(&receipt.returned, Column::Held, Column::Available);
        books.lose(&receipt.lost, Column::Held);
        books.shift(&receipt.beyond, Column::Available, Column::Held);
        books.shift(&receipt.beyond, Column::Held, Column::Spent);
        books.owed = books.owed.saturating_add(receipt.owed.as_u64());
        let amount = order.amount.as_u64().saturating_sub(receipt.forgone.as_u64());
        let mut draws = Draws::from_slice(&receipt.draws);
        receipt.beyond.iter().for_each(|draw| super::past::add_draw(&mut draws, *draw));
        self.spent(order.hold, hold.spender, &draws, receipt.owed.as_u64(), amount, hold.left);
        if hold.spender.pays != Pays::Pool {
            return;
        }
        self.books.repay(&receipt.repaid);
    }

    fn release(&mut self, id: HoldId, receipt: &Receipt) {
        match self.books.close_hold(id) {
            Some(Open::Hold(hold)) => {
                self.books.shift(&receipt.returned, Column::Held, Column::Available);
                self.books.lose(&receipt.lost, Column::Held);
                self.books.repay(&receipt.repaid);
                self.books.count_held(&hold.spender, 0, hold.left);
                self.note(id, (hold.spender, hold.lease), (&[], 0, 0));
            }
            Some(Open::Room(room)) => {
                self.books.meters.unreserve(room.meter, &room.spot, room.amount);
                self.books.note_meter(room.meter, Some(&room.spot), self.clock);
                self.note(id, NOBODY, (&[], 0, 0));
            }
            None => {}
        }
    }

    fn refund(&mut self, order: &Refund, receipt: &Receipt) {
        let Some(spend) = self.past.get(order.spend) else { return };
        let refunded = Refunded::of(spend, order.amount.map_or(spend.left(), Credits::as_u64));
        let spender = Spender { scope: order.scope.unwrap_or(spend.spender.scope), ..spend.spender };
        self.past.refund(order.spend, &refunded);
        let books = &mut self.books;
        books.shift(&receipt.returned, Column::Spent, Column::Available);
        books.lose(&receipt.lost, Column::Spent);
        books.owed = books.owed.saturating_sub(receipt.owed.as_u64());
        if let Some(adjusted) = receipt.adjusted {
            books.put_in(Lot::begun(Class::Adjustment, adjusted.amount.as_u64(), self.clock, self.clock));
            books.base = books.left;
        }
        books.repay(&receipt.repaid);
        books.uncount(&spender, &refunded);
    }

    fn raise(&mut self, order: &RaiseLimit) {
        let before = self.books.period.number.saturating_add(u64::from(order.periods));
        if let Some(limit) = self.books.limits.get_mut(&order.scope, order.over) {
            limit.raise = Some((order.by.as_u64(), before));
        }
    }

    fn commit(&mut self, id: HoldId, amount: u64) {
        let Some(Open::Room(room)) = self.books.close_hold(id) else { return };
        self.books.meters.unreserve(room.meter, &room.spot, room.amount);
        if amount > 0 {
            self.books.meters.add(room.meter, room.spot, amount);
        }
        self.books.note_meter(room.meter, Some(&room.spot), self.clock);
        self.note(id, NOBODY, (&[], 0, 0));
    }
}

/// What is no spend bears nobody's name.
const NOBODY: (Spender, bool) = (Spender::new(Scope::EVERYTHING), false);

impl super::books::Books {
    /// A limit as an order sets it: what has been counted stays, a new one counts what there is.
    pub(super) fn limit_as_set(&self, order: &SetLimit) -> Limit {
        let max = order.max.as_u64();
        if let Some(known) = self.limits.get(&order.scope, order.over) {
            return Limit { max, raise: None, ..*known };
        }
        let spent = match order.over {
            Over::Period => {
                let within = self.usage.iter().filter(|(scope, _)| order.scope.covers(scope));
                within.map(|(_, used)| used.charged).fold(0, u128::saturating_add)
            }
            Over::Ever | Over::InFlight => 0,
        };
        let holds = self.holds.values().filter_map(|open| match open {
            Open::Hold(hold) if hold.spender.pays == Pays::Pool => Some(hold),
            _ => None,
        });
        let within = holds.filter(|hold| order.scope.covers(&hold.spender.scope));
        let held = within.map(|hold| u128::from(hold.left)).sum();
        Limit { max, raise: None, spent, held, since: self.moment }
    }

    pub(super) fn schedule_allowance(&mut self, next: Option<(super::Allowance, Timestamp)>) {
        self.agenda.retain(|(_, item)| *item != super::books::Item::AllowanceBegins);
        self.agenda.extend(next.iter().map(|(_, from)| (*from, super::books::Item::AllowanceBegins)));
        self.next = next;
    }

    /// A refund: limits and usage count so much less, where they have counted it.
    fn uncount(&mut self, spender: &Spender, refunded: &Refunded) {
        let here = refunded.since(self.period.since);
        let used = self.usage.get_mut(&spender.scope);
        match spender.pays {
            Pays::Pool => {
                if let Some(used) = used {
                    used.charged = used.charged.saturating_sub(here);
                }
                self.limits.count_each(&spender.scope, |limit, over| {
                    let less = if over == Over::Period { here } else { refunded.since(limit.since) };
                    limit.spent = limit.spent.saturating_sub(less);
                });
            }
            Pays::OwnKey | Pays::Nobody => {
                if let Some(used) = used {
                    used.uncharged = used.uncharged.saturating_sub(here);
                }
            }
        }
    }
}
