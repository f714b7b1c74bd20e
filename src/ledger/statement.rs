//! Statements: what happened to the credits between two times, line by line, summing exactly.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::hold::{Hold as OpenHold, Open};
use super::{Columns, Due, Elapsed, Entry, Ledger, Pays, Receipt, Request, Scope, Spender, Timeout};
use crate::id::HoldId;
use crate::time::{Span, Timestamp};
use crate::version::Version;

/// What happened to the credits of a ledger in a time.
///
/// # Shape
/// `opening + granted − spent − expired − voided = closing`, of each of which [`Sums`] says how much there was; what was refunded
/// lowers what was spent. Everything that moves a credit is in exactly one line.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Statement {
    /// From when on.
    pub from: Timestamp,
    /// Until when; not included.
    pub until: Timestamp,
    /// Where every credit was at the begin.
    pub opening: Columns<u128>,
    /// What happened, in order.
    pub lines: Vec<Line>,
    /// Where every credit was at the end.
    pub closing: Columns<u128>,
}

/// One thing that happened.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// When.
    pub at: Timestamp,
    /// With which entry; for what was due and is not recorded yet, the next one.
    pub version: Version,
    /// What: the word of the request, or of what time brought.
    pub what: &'static str,
    /// By whom, where, on what; nothing is named where nobody spends.
    pub scope: Scope,
    /// How many credits went where.
    pub sums: Sums,
}

/// How many credits went where.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sums {
    /// Came in.
    pub granted: i128,
    /// Were used up; refunds lower it.
    pub spent: i128,
    /// Were too late.
    pub expired: i128,
    /// Were taken back, or handed on.
    pub voided: i128,
    /// Became held, or, below zero, were held no longer.
    pub held: i128,
    /// Became debt, or, below zero, were paid off.
    pub owed: i128,
    /// Were used and not charged: paid by a key of one's own, or by nobody.
    pub uncharged: i128,
}

impl Sums {
    fn between(before: &Columns<u128>, after: &Columns<u128>) -> Self {
        let more = |after: u128, before: u128| signed(after).saturating_sub(signed(before));
        Self {
            granted: more(after.granted, before.granted),
            spent: more(after.spent, before.spent),
            expired: more(after.expired, before.expired),
            voided: more(after.voided, before.voided),
            held: more(after.held, before.held),
            ..Self::default()
        }
    }

    fn add(self, other: Self) -> Self {
        Self {
            granted: self.granted.saturating_add(other.granted),
            spent: self.spent.saturating_add(other.spent),
            expired: self.expired.saturating_add(other.expired),
            voided: self.voided.saturating_add(other.voided),
            held: self.held.saturating_add(other.held),
            owed: self.owed.saturating_add(other.owed),
            uncharged: self.uncharged.saturating_add(other.uncharged),
        }
    }

    /// What was used and the pool pays, or owes.
    #[must_use]
    pub const fn charged(&self) -> i128 {
        self.spent.saturating_add(self.owed)
    }

    /// What all of it changes about the credits in hand, available or held.
    #[must_use]
    pub const fn change(&self) -> i128 {
        self.granted.saturating_sub(self.spent).saturating_sub(self.expired).saturating_sub(self.voided)
    }
}

fn signed(number: u128) -> i128 {
    i128::try_from(number).unwrap_or(i128::MAX)
}

fn in_hand(columns: &Columns<u128>) -> i128 {
    signed(columns.available).saturating_add(signed(columns.held))
}

impl Statement {
    /// Reads the statement of a time out of a history.
    ///
    /// # Shape
    /// `ledger` is as it was before the first of the entries (new, or a copy that was kept), `entries` are all that follow, in order. What
    /// is due by the end and not recorded yet is in it. Costs the entries.
    #[must_use]
    pub fn of<'a>(
        ledger: Ledger,
        entries: impl IntoIterator<Item = &'a Arc<Entry>>,
        from: Timestamp,
        until: Timestamp,
    ) -> Self {
        let mut reading = Reading { ledger, from, opening: None, lines: Vec::new() };
        for entry in entries.into_iter().take_while(|entry| entry.at < until) {
            reading.entry(entry);
        }
        let last = Timestamp::from_millis(until.as_millis().saturating_sub(1));
        let version = reading.ledger.version.next();
        for elapsed in reading.ledger.books.clone().advance(reading.ledger.within_reach(last)) {
            reading.elapsed(&elapsed, version);
        }
        let closing = reading.ledger.books.totals;
        Self { from, until, opening: reading.opening.unwrap_or(closing), lines: reading.lines, closing }
    }

    /// What happened in all.
    #[must_use]
    pub fn sums(&self) -> Sums {
        self.lines.iter().fold(Sums::default(), |sums, line| sums.add(line.sums))
    }

    /// Whether it sums: what was in hand at the begin, and all that happened, is what is in hand at the end.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        in_hand(&self.opening).saturating_add(self.sums().change()) == in_hand(&self.closing)
            && self.opening.is_balanced()
            && self.closing.is_balanced()
    }

    /// What happened, in buckets of time from the begin on and by scope: for trends, and for bills by member, workspace,
    /// project or class.
    #[must_use]
    pub fn by_time_and_scope(&self, bucket: Span) -> BTreeMap<(Timestamp, Scope), Sums> {
        let mut all: BTreeMap<(Timestamp, Scope), Sums> = BTreeMap::new();
        for line in &self.lines {
            let gone = line.at.since(self.from).as_millis().checked_rem(bucket.as_millis()).unwrap_or(0);
            let begin = Timestamp::from_millis(line.at.as_millis().saturating_sub(gone));
            let sums = all.entry((begin, line.scope)).or_default();
            *sums = sums.add(line.sums);
        }
        all
    }
}

/// A history that is being read.
struct Reading {
    ledger: Ledger,
    from: Timestamp,
    opening: Option<Columns<u128>>,
    lines: Vec<Line>,
}

impl Reading {
    fn entry(&mut self, entry: &Entry) {
        entry.elapsed.iter().for_each(|elapsed| self.elapsed(elapsed, entry.version));
        let Ok(receipt) = &entry.answer else { return self.ledger.take_in(entry) };
        let request = &entry.order.request;
        let spender = self.spender(request);
        let uncharged = if spender.pays == Pays::Pool { 0 } else { self.used(request, receipt) };
        let sums = self.step(entry.at, |ledger| ledger.take_in(entry));
        let line = |scope, sums| Line { at: entry.at, version: entry.version, what: request.word(), scope, sums };
        match request {
            Request::Report(report) => {
                let part = |amount: u64| {
                    let amount = i128::from(amount);
                    Sums { spent: amount, held: amount.saturating_neg(), ..Sums::default() }
                };
                for (scope, amount) in &report.spends {
                    self.push(line(*scope, part(amount.as_u64())));
                }
            }
            _ => self.push(line(spender.scope, Sums { uncharged, ..sums })),
        }
    }

    fn elapsed(&mut self, elapsed: &Elapsed, version: Version) {
        let timed_out = match &elapsed.what {
            Due::HoldTimedOut { hold, .. } => self.hold(*hold),
            _ => None,
        };
        let spender = timed_out.map(|hold| hold.spender).unwrap_or_default();
        let is_uncharged = |hold: &&OpenHold| hold.timeout == Timeout::Settle && hold.spender.pays != Pays::Pool;
        let uncharged = timed_out.filter(is_uncharged).map_or(0, |hold| i128::from(hold.left));
        let sums = self.step(elapsed.at, |ledger| ledger.elapse(elapsed));
        let (at, what, scope) = (elapsed.at, elapsed.what.word(), spender.scope);
        self.push(Line { at, version, what, scope, sums: Sums { uncharged, ..sums } });
    }

    /// Changes the ledger, and says what that moved.
    fn step(&mut self, at: Timestamp, change: impl FnOnce(&mut Ledger)) -> Sums {
        let (before, owed) = (self.ledger.books.totals, self.ledger.books.owed);
        if at >= self.from && self.opening.is_none() {
            self.opening = Some(before);
        }
        change(&mut self.ledger);
        let owed = i128::from(self.ledger.books.owed).saturating_sub(i128::from(owed));
        Sums { owed, ..Sums::between(&before, &self.ledger.books.totals) }
    }

    fn push(&mut self, line: Line) {
        if line.at >= self.from && line.sums != Sums::default() {
            self.lines.push(line);
        }
    }

    fn hold(&self, id: HoldId) -> Option<&OpenHold> {
        match self.ledger.books.holds.get(&id)? {
            Open::Hold(hold) => Some(hold),
            Open::Room(_) => None,
        }
    }

    /// Who spends by a request.
    fn spender(&self, request: &Request) -> Spender {
        let of_hold = |id| self.hold(id).map(|hold| hold.spender);
        let spender = match request {
            Request::Charge(order) => Some(order.spender),
            Request::Hold(order) => Some(order.spender),
            Request::Lease(order) => Some(Spender::new(order.scope)),
            Request::Grow(order) => of_hold(order.hold),
            Request::Capture(order) => of_hold(order.hold),
            Request::Settle(order) => of_hold(order.hold),
            Request::Release(order) => of_hold(order.hold),
            Request::Refund(order) => self.ledger.past.get(order.spend).map(|spend| spend.spender),
            _ => None,
        };
        spender.unwrap_or_default()
    }

    /// How much is used by a request for which the pool does not pay.
    fn used(&self, request: &Request, receipt: &Receipt) -> i128 {
        match request {
            Request::Charge(order) => i128::from(order.amount.as_u64()),
            Request::Capture(order) => i128::from(order.amount.as_u64()),
            Request::Settle(order) => i128::from(order.amount.beyond(receipt.forgone).as_u64()),
            Request::Refund(order) => {
                let all = self.ledger.past.get(order.spend).map_or(0, |spend| spend.left());
                i128::from(order.amount.map_or(all, |amount| amount.as_u64())).saturating_neg()
            }
            _ => 0,
        }
    }
}
