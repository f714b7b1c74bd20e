//! The books: everything of a ledger that time can move. Lots, holds, limits, meters, the period, and the agenda of what is due.
//!
//! The functions here are the only ones that move credits between columns. They cannot fail: an amount that is not where
//! it should be is noted as a fault, and from then on the ledger refuses every order.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};

use super::by_scope::ByScope;
use super::hold::Open;
use super::limit::Limits;
use super::lot::Column;
use super::meter::Meters;
use super::{Allowance, BurnOrder, Class, Columns, Credits, Draw, Draws, Lot, LotId, Scope, Spender};
use crate::catalog::Rollover;
use crate::id::{HoldId, OrgId};
use crate::limits::USAGE_CELLS_MAX;
use crate::time::Timestamp;

/// What an instant can bring. At one instant in this order.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Item {
    LotExpires(LotId),
    HoldEnds(HoldId),
    AllowanceBegins,
    PeriodBegins,
    LotActivates(LotId),
}

/// The present period.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Period {
    /// Counts the periods of this ledger.
    pub(super) number: u64,
    pub(super) start: Timestamp,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) end: Option<Timestamp>,
    /// The moment after which everything is in it.
    pub(super) since: u64,
    /// What was allocated so far, counted in whole periods; `None` before the allocation of its begin.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) entitled: Option<u64>,
    /// What a proration left over.
    pub(super) carried: u64,
}

impl Default for Period {
    /// Before there is an allowance: the first period has begun, and its begin is not known.
    fn default() -> Self {
        Self { number: 1, start: Timestamp::from_millis(0), end: None, since: 0, entitled: None, carried: 0 }
    }
}

/// What was used in the present period.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Used {
    /// Paid by the pool.
    pub charged: u128,
    /// Paid by a key of the organization's own, or by nobody.
    pub uncharged: u128,
}

/// Everything of a ledger that time can move.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Books {
    pub(super) order: BurnOrder,
    /// Lots that something can be taken from, in burn order.
    pub(super) open: Vec<Lot>,
    /// How many of them have a scope.
    pub(super) scoped: usize,
    /// Lots that something can still come back to, or that are not effective yet.
    pub(super) aside: BTreeMap<LotId, Lot>,
    pub(super) next_lot: LotId,
    /// All lots that there ever were.
    pub(super) totals: Columns<u128>,
    /// What can be taken from all open lots.
    pub(super) left: u128,
    /// What could be taken after the last top-up or renewal.
    pub(super) base: u128,
    pub(super) owed: u64,
    pub(super) holds: HashMap<HoldId, Open>,
    pub(super) limits: Limits,
    pub(super) meters: Meters,
    pub(super) usage: ByScope<Used>,
    pub(super) allowance: Option<Allowance>,
    pub(super) as_of: u64,
    pub(super) next: Option<(Allowance, Timestamp)>,
    pub(super) period: Period,
    /// Periods that were given ahead, by their start: their end, and when they begin, which is later where they were told late.
    pub(super) given: BTreeMap<Timestamp, (Timestamp, Timestamp)>,
    pub(super) credits_left: Vec<Credits>,
    /// Whose pool is drawn on instead.
    pub(super) pool: Option<OrgId>,
    /// Whose pools were ever drawn on: holds and keys of this organization can be there.
    pub(super) pools: Vec<OrgId>,
    pub(super) agenda: BTreeSet<(Timestamp, Item)>,
    /// Counts what happens, so that of two things it can be told which came first.
    pub(super) moment: u64,
    /// The moment of the last begin of a period, or of counting on a limit: what was spent since is alike to all of them.
    pub(super) boundary: u64,
    /// The lot whose books do not balance, or the whole.
    pub(super) fault: Option<Option<LotId>>,
}

impl Books {
    pub(super) fn new(order: BurnOrder) -> Self {
        Self { order, next_lot: LotId::from_u64(1), ..Self::default() }
    }

    pub(super) fn lot(&self, id: LotId) -> Option<&Lot> {
        self.open.iter().find(|lot| lot.id == id).or_else(|| self.aside.get(&id))
    }

    /// How many lots there are that were granted and hold something; allocations are as many as periods and seats bring.
    pub(super) fn lots(&self) -> usize {
        let granted = |lot: &&Lot| !matches!(lot.class, Class::Allocation | Class::Rollover);
        let holds = |lot: &&Lot| lot.columns.available > 0 || lot.columns.held > 0;
        self.open.iter().chain(self.aside.values()).filter(granted).filter(holds).count()
    }

    /// What of the whole pool a spend can take.
    pub(super) fn left_for(&self, spend: &Scope) -> u64 {
        if self.scoped == 0 {
            return u64::try_from(self.left).unwrap_or(u64::MAX);
        }
        let mut left: u64 = 0;
        for lot in &self.open {
            if lot.covers(spend) {
                left = left.saturating_add(lot.columns.available);
            }
        }
        left
    }

    /// So many credits for a spend, lot after lot in burn order; fewer where there are fewer.
    pub(super) fn draws_for(&self, spend: &Scope, amount: u64) -> Draws {
        let mut rest = amount;
        let mut draws = Draws::new();
        for lot in self.open.iter().filter(|lot| lot.covers(spend)) {
            if rest == 0 {
                break;
            }
            let part = lot.columns.available.min(rest);
            rest = rest.saturating_sub(part);
            draws.push(Draw { lot: lot.id, amount: Credits::new(part) });
        }
        draws
    }

    /// What of credits that come back to lots can be taken again, and what is too late.
    pub(super) fn sort_out(&self, back: &[Draw]) -> (Draws, Draws) {
        let (mut returned, mut lost) = (Draws::new(), Draws::new());
        let mut room = self.bank_room();
        for draw in back {
            let amount = draw.amount.as_u64();
            let kept = match self.lot(draw.lot) {
                Some(lot) if lot.takes_back() && lot.class == Class::Rollover => {
                    u64::try_from(room).unwrap_or(u64::MAX).min(amount)
                }
                Some(lot) if lot.takes_back() => amount,
                _ => 0,
            };
            if self.lot(draw.lot).is_some_and(|lot| lot.class == Class::Rollover) {
                room = room.saturating_sub(u128::from(kept));
            }
            let part = |amount| Draw { lot: draw.lot, amount: Credits::new(amount) };
            super::past::add_draw(&mut returned, part(kept));
            super::past::add_draw(&mut lost, part(amount.saturating_sub(kept)));
        }
        (returned, lost)
    }

    /// What is available in the bank.
    pub(super) fn bank(&self) -> u128 {
        let bank = self.open.iter().filter(|lot| lot.class == Class::Rollover);
        bank.map(|lot| u128::from(lot.columns.available)).sum()
    }

    fn bank_room(&self) -> u128 {
        match self.bank_cap(self.allowance.as_ref()) {
            Some(cap) => cap.saturating_sub(self.bank()),
            None => 0,
        }
    }

    /// How much the bank may hold; `None` where there is none.
    pub(super) fn bank_cap(&self, allowance: Option<&Allowance>) -> Option<u128> {
        let allowance = allowance?;
        match allowance.rollover {
            Rollover::None => None,
            Rollover::Cap(cap) => Some(u128::from(cap)),
            Rollover::Percent(percent) => {
                let part = u128::from(allowance.allocation.as_u64()).saturating_mul(u128::from(percent));
                Some(part.checked_div(100).unwrap_or(0))
            }
        }
    }

    /// Debts that credits which have become available can pay: from general lots, in burn order.
    pub(super) fn repayable(&self, available: &[Draw]) -> Draws {
        if self.owed == 0 {
            return Draws::new();
        }
        let general = |draw: &&Draw| self.lot(draw.lot).is_none_or(|lot| lot.scope == Scope::EVERYTHING);
        let mut general: Vec<Draw> = available.iter().filter(general).copied().collect();
        general.sort_by(|left, right| match (self.lot(left.lot), self.lot(right.lot)) {
            (Some(left), Some(right)) => self.order.compare(left, right),
            _ => left.lot.cmp(&right.lot),
        });
        super::past::from_the_begin(&general, self.owed)
    }

    /// Every general credit that can be taken, for debts.
    pub(super) fn general(&self) -> Vec<Draw> {
        let general = self.open.iter().filter(|lot| lot.general);
        general.map(|lot| Draw { lot: lot.id, amount: Credits::new(lot.columns.available) }).collect()
    }

    // What follows changes the books.

    /// A new lot, under the next number.
    pub(super) fn put_in(&mut self, mut lot: Lot) {
        lot.general = lot.scope == Scope::EVERYTHING;
        lot.id = self.next_lot;
        self.next_lot = LotId(self.next_lot.0.saturating_add(1));
        let granted = u128::from(lot.columns.granted);
        self.totals.granted = self.totals.granted.saturating_add(granted);
        self.totals.available = self.totals.available.saturating_add(granted);
        self.enter_agenda(&lot);
        self.place(lot);
    }

    /// What is still to come of a lot.
    fn enter_agenda(&mut self, lot: &Lot) {
        // An allocation ends with its period, which may end otherwise than was thought.
        if let Some(expires) = lot.expires.filter(|_| lot.class != Class::Allocation && !lot.expired) {
            self.agenda.insert((expires, Item::LotExpires(lot.id)));
        }
        if !lot.active {
            self.agenda.insert((lot.effective, Item::LotActivates(lot.id)));
        }
    }

    /// Lots as they were: on the agenda, and where they belong.
    pub(super) fn lay_out(&mut self, lots: Vec<Lot>) {
        for lot in lots {
            self.enter_agenda(&lot);
            if lot.left() > 0 {
                self.left = self.left.saturating_add(u128::from(lot.left()));
                self.scoped = self.scoped.saturating_add(usize::from(!lot.general));
                self.open.push(lot);
            } else {
                self.aside.insert(lot.id, lot);
            }
        }
        self.open.sort_by(|left, right| self.order.compare(left, right));
    }

    /// What was used in the present period, in the order of the scopes.
    pub(super) fn usage_in_order(&self) -> Vec<(Scope, Used)> {
        let mut all: Vec<(Scope, Used)> = self.usage.iter().map(|(scope, used)| (*scope, *used)).collect();
        all.sort_unstable_by_key(|(scope, _)| *scope);
        all
    }

    /// Puts a lot where it belongs: among the open ones in burn order, aside, or nowhere when nothing can come of it.
    fn place(&mut self, lot: Lot) {
        if lot.left() > 0 {
            self.left = self.left.saturating_add(u128::from(lot.left()));
            self.scoped = self.scoped.saturating_add(usize::from(!lot.general));
            let at = self.open.partition_point(|other| self.order.compare(other, &lot).is_lt());
            self.open.insert(at, lot);
        } else if lot.is_over() {
            self.leave_agenda(&lot);
        } else {
            self.aside.insert(lot.id, lot);
        }
    }

    fn leave_agenda(&mut self, lot: &Lot) {
        if let Some(expires) = lot.expires {
            self.agenda.remove(&(expires, Item::LotExpires(lot.id)));
        }
        self.agenda.remove(&(lot.effective, Item::LotActivates(lot.id)));
    }

    /// Changes a lot, and puts it where it then belongs.
    pub(super) fn change_lot(&mut self, id: LotId, change: impl FnOnce(&mut Lot)) {
        // Most changes leave an open lot open and in its place in the burn order.
        if let Some(lot) = self.open.iter_mut().find(|lot| lot.id == id) {
            let (left, expires) = (lot.left(), lot.expires);
            change(lot);
            if lot.left() > 0 && lot.expires == expires {
                let now = u128::from(lot.left());
                self.left = self.left.saturating_sub(u128::from(left)).saturating_add(now);
                return;
            }
            self.left = self.left.saturating_sub(u128::from(left));
            if let Some(at) = self.open.iter().position(|lot| lot.id == id) {
                let lot = self.open.remove(at);
                self.scoped = self.scoped.saturating_sub(usize::from(!lot.general));
                self.reschedule(&lot, expires);
                self.place(lot);
            }
            return;
        }
        let Some(mut lot) = self.aside.remove(&id) else { return };
        let expires = lot.expires;
        change(&mut lot);
        self.reschedule(&lot, expires);
        self.place(lot);
    }

    fn reschedule(&mut self, lot: &Lot, was: Option<Timestamp>) {
        if lot.expires != was && lot.class != Class::Allocation {
            if let Some(was) = was {
                self.agenda.remove(&(was, Item::LotExpires(lot.id)));
            }
            if let Some(expires) = lot.expires {
                self.agenda.insert((expires, Item::LotExpires(lot.id)));
            }
        }
    }

    /// Moves credits of lots from one place to another.
    pub(super) fn shift(&mut self, draws: &[Draw], from: Column, to: Column) {
        for draw in draws {
            let amount = draw.amount.as_u64();
            let mut moved = None;
            let known = self.lot(draw.lot).is_some();
            self.change_lot(draw.lot, |lot| {
                moved = lot.columns.shift(from, to, amount);
                match (from, to) {
                    (_, Column::Spent) => lot.refundable = lot.refundable.saturating_add(amount),
                    (Column::Spent, _) => lot.refundable = lot.refundable.saturating_sub(amount),
                    _ => {}
                }
            });
            // A lot that is closed lives on in the totals.
            let whole = self.totals.shift(from, to, amount);
            let closed = !known && (from, to) == (Column::Spent, Column::Expired);
            if (moved.is_none() && !closed) || whole.is_none() {
                self.fault = self.fault.or(Some(Some(draw.lot)));
            }
        }
    }

    /// What is lost of credits that come back: void if their lot was voided, else expired.
    pub(super) fn lose(&mut self, lost: &[Draw], from: Column) {
        for draw in lost {
            let voided = self.lot(draw.lot).is_some_and(|lot| lot.voided);
            self.shift(core::slice::from_ref(draw), from, if voided { Column::Voided } else { Column::Expired });
        }
    }

    /// Pays debts.
    pub(super) fn repay(&mut self, draws: &[Draw]) {
        self.shift(draws, Column::Available, Column::Spent);
        for draw in draws {
            // What has paid a debt is not refunded to its lot: the refund of a debt is an adjustment.
            let amount = draw.amount.as_u64();
            self.change_lot(draw.lot, |lot| lot.refundable = lot.refundable.saturating_sub(amount));
        }
        self.owed = self.owed.saturating_sub(super::lot::sum(draws));
    }

    /// A spend that is forgotten needs its lots no longer.
    pub(super) fn forget_spend(&mut self, draws: &[Draw]) {
        for draw in draws {
            let amount = draw.amount.as_u64();
            self.change_lot(draw.lot, |lot| lot.refundable = lot.refundable.saturating_sub(amount));
        }
    }

    pub(super) fn open_hold(&mut self, id: HoldId, open: Open) {
        self.agenda.insert((open.until(), Item::HoldEnds(id)));
        self.holds.insert(id, open);
    }

    pub(super) fn close_hold(&mut self, id: HoldId) -> Option<Open> {
        let open = self.holds.remove(&id)?;
        self.agenda.remove(&(open.until(), Item::HoldEnds(id)));
        Some(open)
    }

    /// Counts what was used in this period.
    pub(super) fn count_usage(&mut self, scope: Scope, charged: u64, uncharged: u64) {
        if charged == 0 && uncharged == 0 {
            return;
        }
        let count = |used: &mut Used| {
            used.charged = used.charged.saturating_add(u128::from(charged));
            used.uncharged = used.uncharged.saturating_add(u128::from(uncharged));
        };
        if let Some(used) = self.usage.get_mut(&scope) {
            return count(used);
        }
        let scope = self.new_usage_scope(scope);
        let mut used = self.usage.get(&scope).copied().unwrap_or_default();
        count(&mut used);
        self.usage.insert(scope, used);
    }

    /// Where usage is counted that was not before: when too much is told apart, projects are not, then nothing is.
    fn new_usage_scope(&self, scope: Scope) -> Scope {
        if self.usage.len() < USAGE_CELLS_MAX {
            return scope;
        }
        let without = Scope { project: None, ..scope };
        if self.usage.get(&without).is_some() {
            without
        } else {
            Scope { organization: scope.organization, ..Scope::EVERYTHING }
        }
    }

    /// Notes for limits and usage that so much is spent, of which so much was held before.
    pub(super) fn count_spent(&mut self, spender: &Spender, spent: u64, was_held: u64) {
        match spender.pays {
            super::Pays::Pool => {
                self.limits.count_each(&spender.scope, |limit, _| {
                    limit.spent = limit.spent.saturating_add(u128::from(spent));
                    limit.held = limit.held.saturating_sub(u128::from(was_held));
                });
                self.count_usage(spender.scope, spent, 0);
            }
            super::Pays::OwnKey | super::Pays::Nobody => self.count_usage(spender.scope, 0, spent),
        }
    }

    /// Notes for limits that so much more, or less, is held.
    pub(super) fn count_held(&mut self, spender: &Spender, more: u64, less: u64) {
        if spender.pays == super::Pays::Pool {
            self.limits.count_each(&spender.scope, |limit, _| {
                let held = limit.held.saturating_add(u128::from(more));
                limit.held = held.saturating_sub(u128::from(less));
            });
        }
    }
}

impl Lot {
    /// A lot that is about to be put in.
    pub(super) const fn begun(class: Class, amount: u64, effective: Timestamp, now: Timestamp) -> Self {
        let columns = Columns { granted: amount, available: amount, held: 0, spent: 0, expired: 0, voided: 0 };
        Self {
            id: LotId(0),
            class,
            scope: Scope::EVERYTHING,
            priority: 0,
            effective,
            expires: None,
            columns,
            voided: false,
            refundable: 0,
            general: true,
            active: effective.as_millis() <= now.as_millis(),
            expired: false,
        }
    }

    /// Whether what comes back to it can be taken again.
    const fn takes_back(&self) -> bool {
        !self.expired && !self.voided
    }
}
