//! A ledger once more, as naively as it can be written: lists of everything that ever was, sums made again each time. An
//! order is judged and carried out on a copy in one go, from the documentation alone.
//!
//! What time brings is in [`time`], where credits go in [`credits`] (lots) and [`work`] (holds, charges, leases); limits,
//! meters and alerts have a file each.
#![allow(clippy::result_large_err, reason = "a refusal carries its numbers")]

mod alerts;
mod calendar;
mod credits;
mod limits;
mod meters;
mod time;
mod work;

use bailiwick::ledger::*;
use bailiwick::limits::{CLOCK_JUMP_MAX, ISSUED_AHEAD_MAX};
use bailiwick::{HoldId, Label, OrgId, Timestamp};

pub(crate) use work::Kind;

/// The receipt, or why not.
pub(crate) type Answer = Result<Receipt, Refusal>;

#[derive(Clone, Debug)]
pub(crate) struct Naive {
    organization: OrgId,
    /// Whose pool it draws on.
    pool: Option<OrgId>,
    /// How many of the works that ended first are forgotten.
    forgotten: usize,
    /// A given period that was told late, and when.
    late: Option<(u64, u64)>,
    pub(crate) settings: Settings,
    clock: Option<u64>,
    /// Every answer that was ever kept.
    answers: Vec<Answered>,
    /// Every lot that ever was; the number is the place, from 1.
    pub(crate) lots: Vec<NaiveLot>,
    /// Every hold, charge, lease and upload that ever was.
    pub(crate) works: Vec<Work>,
    /// How many of them have ended.
    ends: usize,
    pub(crate) owed: u128,
    pub(crate) limits: Vec<NaiveLimit>,
    pub(crate) as_of: u64,
    pub(crate) allowance: Option<Allowance>,
    pub(crate) next: Option<(Allowance, u64)>,
    pub(crate) period: Option<Period>,
    /// Periods that were given and lie ahead.
    pub(crate) given: Vec<(u64, u64)>,
    /// How many periods have begun.
    periods: usize,
    cells: Vec<(Label, Spot, u128)>,
    pub(crate) graces: Vec<meters::Grace>,
    /// What was there after the last top-up, and whether one is under way.
    base: u128,
    topped_up: bool,
    credits_left: Vec<Credits>,
    /// Alerts of what time brought before the last order.
    pub(crate) told: Vec<(u64, Alert)>,
    /// Counts what happens, so that one can say what was before what.
    moment: usize,
}

#[derive(Clone, Debug)]
struct Answered {
    order: Order,
    answer: Answer,
}

#[derive(Clone, Debug)]
pub(crate) struct NaiveLot {
    pub(crate) class: Class,
    pub(crate) scope: Scope,
    pub(crate) priority: u8,
    pub(crate) effective: u64,
    pub(crate) expires: Option<u64>,
    pub(crate) granted: u128,
    pub(crate) available: u128,
    pub(crate) expired: u128,
    pub(crate) voided: u128,
    /// What of it has paid debts.
    pub(crate) repaid: u128,
    pub(crate) active: bool,
    /// Its end has come.
    pub(crate) ended: bool,
    pub(crate) void: bool,
}

/// What a credit was taken from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Source {
    Lot(usize),
    Debt,
    /// The pool does not pay.
    Elsewhere,
}

#[derive(Clone, Debug)]
pub(crate) struct Portion {
    source: Source,
    amount: u128,
    scope: Scope,
    period: usize,
    moment: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) id: HoldId,
    pub(crate) kind: Kind,
    pub(crate) spender: Spender,
    has_spent: bool,
    /// What an upload keeps, and where.
    room: Option<(Label, Spot, u128)>,
    /// What is held, in the order in which it was taken.
    held: Vec<(Source, u128)>,
    /// What was spent and not refunded, in the same order.
    spent: Vec<Portion>,
    pub(crate) until: u64,
    above: Above,
    timeout: Timeout,
    /// Which end it was, where it has ended.
    end: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct NaiveLimit {
    pub(crate) scope: Scope,
    pub(crate) over: Over,
    max: u128,
    /// How much more, and for how many periods still.
    raise: Option<(u128, u32)>,
    since: usize,
}

#[derive(Clone, Debug)]
pub(crate) struct Period {
    pub(crate) start: u64,
    pub(crate) end: Option<u64>,
    entitled: u128,
    carried: u128,
}

/// What is said to an order.
#[derive(Clone, Debug)]
pub(crate) enum Said {
    New(Answer),
    Known(Answer),
    Refused(Refusal),
}

pub(crate) fn credits(amount: u128) -> Credits {
    Credits::new(u64::try_from(amount).unwrap_or(u64::MAX))
}

pub(crate) fn units(amount: u128) -> Units {
    Units::new(u64::try_from(amount).unwrap_or(u64::MAX))
}

fn wide(amount: Credits) -> u128 {
    u128::from(amount.as_u64())
}

fn stamp(at: u64) -> Timestamp {
    Timestamp::from_millis(at)
}

const FULL: u128 = u64::MAX as u128;

impl Naive {
    pub(crate) fn new(organization: OrgId, settings: Settings) -> Self {
        Self {
            organization,
            pool: None,
            forgotten: 0,
            late: None,
            settings,
            clock: None,
            answers: Vec::new(),
            lots: Vec::new(),
            works: Vec::new(),
            ends: 0,
            owed: 0,
            limits: Vec::new(),
            as_of: 0,
            allowance: None,
            next: None,
            period: None,
            given: Vec::new(),
            periods: 0,
            cells: Vec::new(),
            graces: Vec::new(),
            base: 0,
            topped_up: false,
            credits_left: Vec::new(),
            told: Vec::new(),
            moment: 0,
        }
    }

    /// A clock that jumps back stands still.
    fn now(&self, now: u64) -> u64 {
        self.clock.map_or(now, |clock| clock.max(now))
    }

    /// Whether nothing can have become due since the last order.
    pub(crate) fn stands_at(&self, now: Timestamp) -> bool {
        self.clock.is_some_and(|clock| now.as_millis() <= clock)
    }

    /// Whether a time is too far off to be of interest.
    pub(crate) fn is_far(&self, now: Timestamp) -> bool {
        now.as_millis() > self.now(0) + 200 * 86_400_000
    }

    /// The whole of it as it is at a time.
    pub(crate) fn at(&self, now: Timestamp) -> Self {
        let mut then = self.clone();
        then.advance(self.now(now.as_millis()));
        then
    }

    /// What it says to an order; what is new has happened then.
    pub(crate) fn order(&mut self, order: &Order, now: Timestamp) -> Said {
        let now = self.now(now.as_millis());
        match self.known(order, now) {
            Err(refusal) => return Said::Refused(refusal),
            Ok(Some(answer)) => return Said::Known(answer),
            Ok(None) => {}
        }
        if order.issued.as_millis() > now.saturating_add(ISSUED_AHEAD_MAX.as_millis()) {
            return Said::Refused(Refusal::IssuedLater { now: stamp(now) });
        }
        if let Some(clock) = self.clock.filter(|clock| now - clock > CLOCK_JUMP_MAX.as_millis()) {
            return Said::Refused(Refusal::ClockJump { clock: stamp(clock) });
        }
        let mut before = self.clone();
        before.told.clear();
        before.advance_for(&order.request, now);
        let mut after = before.clone();
        let answer = after.carry_out(&order.request, now).map(|mut receipt| {
            receipt.repaid.extend(after.pay_debts());
            after.end_instant(now);
            receipt.alerts = after.alerts_since(&before);
            receipt
        });
        match answer {
            Err(refusal) if !refusal.is_kept() => return Said::Refused(refusal),
            Err(_) => *self = before,
            Ok(_) => *self = after,
        }
        self.clock = Some(now);
        self.forgotten = self.ends.saturating_sub(self.settings.refundable_max);
        self.answers.push(Answered { order: order.clone(), answer: answer.clone() });
        self.assert_sound();
        Said::New(answer)
    }

    /// Whether a key was answered at any time, where the order is older than the window: the code, if it was the same order.
    pub(crate) fn answered_long_ago(&self, order: &Order, now: Timestamp) -> Option<Option<&'static str>> {
        let oldest = self.now(now.as_millis()).saturating_sub(self.settings.window.as_millis());
        let one = self.answers.iter().rfind(|one| one.order.key == order.key)?;
        let code = one.answer.as_ref().map_or_else(Refusal::code, |_| "ok");
        (order.issued.as_millis() < oldest).then_some((one.order == *order).then_some(code))
    }

    /// The answer that was given to the key before, while it is remembered.
    fn known(&self, order: &Order, now: u64) -> Result<Option<Answer>, Refusal> {
        let oldest = now.saturating_sub(self.settings.window.as_millis());
        let kept_from = self.answers.len().saturating_sub(self.settings.keys_max);
        let is_kept = |(place, _): &(usize, &Answered)| *place >= kept_from;
        let (kept, forgotten): (Vec<_>, Vec<_>) = self.answers.iter().enumerate().partition(is_kept);
        if let Some((_, one)) = kept.iter().find(|(_, one)| one.order.key == order.key) {
            return if one.order == *order { Ok(Some(one.answer.clone())) } else { Err(Refusal::KeyReused) };
        }
        let horizon = forgotten.iter().map(|(_, one)| one.order.issued.as_millis() + 1).max().unwrap_or(0);
        let since = horizon.max(oldest);
        if order.issued.as_millis() < since {
            return Err(Refusal::TooOld { since: stamp(since) });
        }
        Ok(None)
    }

    fn carry_out(&mut self, request: &Request, now: u64) -> Answer {
        self.moment += 1;
        match request {
            Request::SetAllowance(r) => self.set_allowance(r, now),
            Request::BeginPeriod(r) => self.begin_period(r, now),
            Request::SetPool(r) if r.pool == Some(self.organization) => Err(Refusal::Itself),
            Request::SetPool(r) => {
                self.pool = r.pool;
                Ok(Receipt::default())
            }
            Request::Tick(_) => Ok(Receipt::default()),
            Request::Grant(r) => self.grant(r, now),
            Request::Void(r) => self.void(r),
            Request::Extend(r) => self.extend(r, now),
            Request::Transfer(r) => self.transfer(r),
            Request::Charge(r) => self.charge(r),
            Request::Hold(r) => self.hold(r, now),
            Request::Grow(r) => self.grow(r),
            Request::Capture(r) => self.capture(r),
            Request::Settle(r) => self.settle(r),
            Request::Release(r) => self.release(r),
            Request::Refund(r) => self.refund(r, now),
            Request::Lease(r) => self.lease(r, now),
            Request::Report(r) => self.report(r),
            Request::SetLimit(r) => self.set_limit(r),
            Request::RaiseLimit(r) => self.raise_limit(r),
            Request::DropLimit(r) => self.drop_limit(r),
            Request::SetAlerts(r) => self.set_alerts(r),
            Request::Add(r) => self.add(r, now),
            Request::Remove(r) => self.remove(r),
            Request::Clear(r) => self.clear(r),
            Request::Reserve(r) => self.reserve(r, now),
            Request::Commit(r) => self.commit(r, now),
            other => panic!("the naive ledger does not know {other:?}"),
        }
    }

    /// What the end of every operation and instant looks after.
    fn end_instant(&mut self, now: u64) {
        if std::mem::take(&mut self.topped_up) {
            self.base = self.spendable();
        }
        self.watch_graces(now);
    }

    /// Every credit is in exactly one place, counted from where it went.
    pub(crate) fn assert_sound(&self) {
        for number in 1..=self.lots.len() {
            let columns = self.columns(number);
            assert!(columns.is_balanced(), "lot {number} does not balance: {columns:?}");
        }
        assert!(self.totals().is_balanced());
        let ended = |work: &&Work| work.end.is_some();
        assert!(self.works.iter().filter(ended).all(|work| work.held.is_empty()), "an end leaves something held");
        let general = self.lots.iter().filter(|lot| lot.active && lot.scope == Scope::EVERYTHING);
        assert!(self.owed == 0 || general.map(|lot| lot.available).sum::<u128>() == 0, "a debt that could be paid");
    }
}
