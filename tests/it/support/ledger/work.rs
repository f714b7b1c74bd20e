//! Work that is paid for: holds, charges, leases, and what is given back.

use bailiwick::ledger::*;
use bailiwick::limits::REPORT_ITEMS_MAX;
use bailiwick::{HoldId, Timestamp};

use super::credits::draws;
use super::{Answer, FULL, Naive, NaiveLot, Portion, Source, Work, credits, wide};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    Charge,
    Hold,
    Lease,
    Upload,
}

impl Work {
    pub(super) fn new(id: HoldId, kind: Kind, spender: Spender, until: u64) -> Self {
        let (above, timeout) = (Above::Refuse, Timeout::Release);
        let (held, spent) = (Vec::new(), Vec::new());
        Self { id, kind, spender, has_spent: false, room: None, held, spent, until, above, timeout, end: None }
    }

    pub(crate) const fn is_open(&self) -> bool {
        self.end.is_none()
    }

    pub(crate) const fn is_due(&self, at: u64) -> bool {
        self.is_open() && self.until <= at
    }

    /// What is left of it to spend.
    pub(crate) fn left(&self) -> u128 {
        self.held.iter().map(|(_, amount)| amount).sum()
    }

    pub(super) fn held_from(&self, is_meant: impl Fn(&Source) -> bool) -> u128 {
        self.held.iter().filter(|(source, _)| is_meant(source)).map(|(_, amount)| amount).sum()
    }

    pub(super) fn spent_from(&self, source: Source) -> u128 {
        self.spent.iter().filter(|portion| portion.source == source).map(|portion| portion.amount).sum()
    }

    fn pool_pays(&self) -> bool {
        self.spender.pays == Pays::Pool
    }
}

impl Naive {
    /// The works that can still be named: those that are open, and of the others the last so many.
    pub(crate) fn remembered(&self) -> impl Iterator<Item = &Work> {
        let from = self.forgotten;
        self.works.iter().filter(move |work| work.end.is_none_or(|end| end >= from))
    }

    fn find(&self, id: HoldId) -> Option<usize> {
        let place = self.works.iter().rposition(|work| work.id == id)?;
        self.remembered().any(|work| std::ptr::eq(work, &self.works[place])).then_some(place)
    }

    /// What is left of an open hold or lease, and until when.
    pub(crate) fn open_hold(&self, id: HoldId) -> Option<(Credits, Timestamp)> {
        let work = &self.works[self.find(id)?];
        (work.is_open() && work.kind != Kind::Upload).then(|| (credits(work.left()), super::stamp(work.until)))
    }

    pub(super) fn open_work(&self, id: HoldId, is_meant: impl Fn(Kind) -> bool) -> Result<usize, Refusal> {
        let work = self.find(id).ok_or(Refusal::UnknownHold)?;
        match &self.works[work] {
            found if !found.is_open() => Err(Refusal::HoldOver),
            found if !is_meant(found.kind) => Err(Refusal::UnknownHold),
            _ => Ok(work),
        }
    }

    pub(super) fn check_untaken(&self, id: HoldId) -> Result<(), Refusal> {
        self.find(id).map_or(Ok(()), |_| Err(Refusal::HoldTaken))
    }

    pub(super) fn end(&mut self, work: usize) {
        self.works[work].end = Some(self.ends);
        self.ends += 1;
    }

    /// Takes credits for a work, all or nothing.
    fn promise(&mut self, spender: &Spender, amount: u128) -> Result<Vec<(Source, u128)>, Refusal> {
        if spender.pays != Pays::Pool {
            return Ok(vec![(Source::Elsewhere, amount)]);
        }
        if let Some(pool) = self.pool.filter(|_| spender.scope.organization.is_none()) {
            return Err(Refusal::DrawnElsewhere { pool });
        }
        self.check_limits(&spender.scope, amount)?;
        let left = self.left_for(&spender.scope);
        if left < amount {
            return Err(Refusal::NotEnough { needed: credits(amount), left: credits(left) });
        }
        Ok(from_lots(self.take(amount, |lot| lot.scope.covers(&spender.scope))))
    }

    /// Spends what was taken first.
    pub(super) fn spend(&mut self, work: usize, amount: u128, scope: Scope) -> Vec<(usize, u128)> {
        let (mut rest, mut parts) = (amount, Vec::new());
        while rest > 0 {
            let (source, held) = self.works[work].held[0];
            let part = rest.min(held);
            self.works[work].held[0].1 -= part;
            self.works[work].held.retain(|(_, held)| *held > 0);
            self.note(work, source, part, scope);
            rest -= part;
            parts.push((source, part));
        }
        lots_of(&parts)
    }

    fn note(&mut self, work: usize, source: Source, amount: u128, scope: Scope) {
        let portion = Portion { source, amount, scope, period: self.periods, moment: self.moment };
        self.works[work].has_spent = true;
        self.works[work].spent.push(portion);
    }

    /// Gives back all that is left of a work, what was taken last first: what returned, and what could not.
    pub(super) fn give_back(&mut self, work: usize) -> (Draws, Draws) {
        let (mut returned, mut lost) = (Vec::new(), Vec::new());
        self.works[work].room = None;
        while let Some((source, amount)) = self.works[work].held.pop() {
            if let Source::Lot(number) = source {
                let (back, gone) = self.put_back(number, amount);
                returned.push((number, back));
                lost.push((number, gone));
            }
        }
        (draws(returned), draws(lost))
    }

    pub(super) fn charge(&mut self, r: &Charge) -> Answer {
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        self.check_untaken(r.hold)?;
        let held = self.promise(&r.spender, wide(r.amount))?;
        let work = Work { held, ..Work::new(r.hold, Kind::Charge, r.spender, u64::MAX) };
        self.works.push(work);
        let work = self.works.len() - 1;
        let parts = self.spend(work, wide(r.amount), r.spender.scope);
        self.end(work);
        Ok(Receipt { draws: draws(parts), ..Receipt::default() })
    }

    pub(super) fn hold(&mut self, r: &Hold, now: u64) -> Answer {
        let new = Work::new(r.hold, Kind::Hold, r.spender, r.until.as_millis());
        self.begin(Work { above: r.above, timeout: r.timeout, ..new }, r.amount, now, |_| Ok(()))
    }

    pub(super) fn lease(&mut self, r: &Lease, now: u64) -> Answer {
        let new = Work::new(r.hold, Kind::Lease, Spender::new(r.scope), r.until.as_millis());
        self.begin(Work { timeout: r.timeout, ..new }, r.amount, now, |ledger| ledger.check_no_narrower(&r.scope))
    }

    fn begin(&mut self, work: Work, amount: Credits, now: u64, check: impl Fn(&Self) -> Result<(), Refusal>) -> Answer {
        if amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        self.check_untaken(work.id)?;
        if work.until <= now {
            return Err(Refusal::Ended);
        }
        check(self)?;
        let held = self.promise(&work.spender, wide(amount))?;
        let parts = lots_of(&held);
        self.works.push(Work { held, ..work });
        Ok(Receipt { draws: draws(parts), ..Receipt::default() })
    }

    pub(super) fn grow(&mut self, r: &Grow) -> Answer {
        let work = self.open_work(r.hold, |kind| matches!(kind, Kind::Hold | Kind::Lease))?;
        if r.amount.is_zero() && r.until.is_none() {
            return Err(Refusal::ZeroAmount);
        }
        if r.until.is_some_and(|until| until.as_millis() <= self.works[work].until) {
            return Err(Refusal::Ended);
        }
        if self.works[work].left() + wide(r.amount) > FULL {
            return Err(Refusal::Overflow);
        }
        let spender = self.works[work].spender;
        if self.works[work].kind == Kind::Lease && !r.amount.is_zero() {
            self.check_no_narrower(&spender.scope)?;
        }
        let more = if r.amount.is_zero() { Vec::new() } else { self.promise(&spender, wide(r.amount))? };
        let parts = lots_of(&more);
        let work = &mut self.works[work];
        work.held.extend(more);
        work.until = r.until.map_or(work.until, |until| until.as_millis());
        Ok(Receipt { draws: draws(parts), ..Receipt::default() })
    }

    pub(super) fn capture(&mut self, r: &Capture) -> Answer {
        let work = self.open_work(r.hold, |kind| kind != Kind::Upload)?;
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        self.check_left(work, wide(r.amount))?;
        let scope = self.works[work].spender.scope;
        Ok(Receipt { draws: draws(self.spend(work, wide(r.amount), scope)), ..Receipt::default() })
    }

    fn check_left(&self, work: usize, needed: u128) -> Result<(), Refusal> {
        let held = self.works[work].left();
        if needed <= held {
            return Ok(());
        }
        Err(Refusal::AboveHold { held: credits(held), needed: credits(needed) })
    }

    pub(super) fn settle(&mut self, r: &Settle) -> Answer {
        let work = self.open_work(r.hold, |kind| kind != Kind::Upload)?;
        let (left, amount) = (self.works[work].left(), wide(r.amount));
        let (spender, above) = (self.works[work].spender, self.works[work].above);
        let more = amount.saturating_sub(left);
        let (mut beyond, mut owed, mut forgone) = (Vec::new(), 0, 0);
        match above {
            _ if more == 0 => {}
            Above::Refuse => self.check_left(work, amount)?,
            Above::Cap => forgone = more,
            Above::Available | Above::Overdraft(_) if !self.works[work].pool_pays() => {
                beyond = vec![(Source::Elsewhere, more)];
            }
            Above::Available => {
                let room = self.limits_room(&spender.scope).unwrap_or(FULL);
                beyond = from_lots(self.take(more.min(room), |lot| lot.scope.covers(&spender.scope)));
                forgone = more - sum(&beyond);
            }
            Above::Overdraft(max) => {
                beyond = from_lots(self.take(more, |lot| lot.scope.covers(&spender.scope)));
                owed = more - sum(&beyond);
                let debt = self.owed + owed;
                if owed > 0 && debt > wide(max) {
                    return Err(Refusal::Overdraft { max, owed: credits(debt) });
                }
                self.owed = debt;
            }
        }
        let parts = self.spend(work, amount.min(left), spender.scope);
        for (source, part) in &beyond {
            self.note(work, *source, *part, spender.scope);
        }
        if owed > 0 {
            self.note(work, Source::Debt, owed, spender.scope);
        }
        let (returned, lost) = self.give_back(work);
        self.end(work);
        let (owed, forgone) = (credits(owed), credits(forgone));
        let (draws, beyond) = (draws(parts), draws(lots_of(&beyond)));
        Ok(Receipt { draws, returned, lost, beyond, owed, forgone, ..Receipt::default() })
    }

    pub(super) fn release(&mut self, r: &Release) -> Answer {
        let work = self.open_work(r.hold, |_| true)?;
        let (returned, lost) = self.give_back(work);
        self.end(work);
        Ok(Receipt { returned, lost, ..Receipt::default() })
    }

    pub(super) fn report(&mut self, r: &Report) -> Answer {
        let work = self.open_work(r.hold, |kind| kind == Kind::Lease)?;
        if r.spends.is_empty() || r.spends.iter().any(|(_, amount)| amount.is_zero()) {
            return Err(Refusal::ZeroAmount);
        }
        if r.spends.len() > REPORT_ITEMS_MAX {
            return Err(Refusal::TooManyItems { max: REPORT_ITEMS_MAX as u64 });
        }
        let lease = self.works[work].spender.scope;
        if r.spends.iter().any(|(scope, _)| !lease.covers(scope) || lease.organization != scope.organization) {
            return Err(Refusal::OutsideLease);
        }
        let all = r.spends.iter().map(|(_, amount)| wide(*amount)).sum::<u128>();
        if all > FULL {
            return Err(Refusal::Overflow);
        }
        self.check_left(work, all)?;
        let mut parts = Vec::new();
        for (scope, amount) in &r.spends {
            parts.extend(self.spend(work, wide(*amount), *scope));
        }
        Ok(Receipt { draws: draws(parts), ..Receipt::default() })
    }

    pub(super) fn refund(&mut self, r: &Refund, now: u64) -> Answer {
        let is_spend = |work: &Work| !work.is_open() || work.has_spent;
        let work = self.find(r.spend).filter(|work| is_spend(&self.works[*work])).ok_or(Refusal::UnknownSpend)?;
        if r.amount.is_some_and(|amount| amount.is_zero()) {
            return Err(Refusal::ZeroAmount);
        }
        let left = self.works[work].spent.iter().map(|portion| portion.amount).sum::<u128>();
        let amount = r.amount.map_or(left, wide);
        if amount > left || left == 0 {
            return Err(Refusal::RefundAbove { left: credits(left) });
        }
        let (mut rest, mut lowered, mut set_right) = (amount, 0, 0);
        let (mut parts, mut returned, mut lost) = (Vec::new(), Vec::new(), Vec::new());
        while rest > 0 {
            let portion = self.works[work].spent.last().expect("so much was spent").clone();
            let (source, part) = (portion.source, rest.min(portion.amount));
            rest -= part;
            let portion = self.works[work].spent.last_mut().expect("so much was spent");
            portion.amount -= part;
            if portion.amount == 0 {
                self.works[work].spent.pop();
            }
            match source {
                Source::Elsewhere => {}
                Source::Lot(number) => {
                    let (back, gone) = self.put_back(number, part);
                    parts.push((number, part));
                    returned.push((number, back));
                    lost.push((number, gone));
                }
                Source::Debt => {
                    lowered += part.min(self.owed);
                    set_right += part - part.min(self.owed);
                    self.owed -= part.min(self.owed);
                }
            }
        }
        let mut adjusted = None;
        if set_right > 0 {
            let lot = self.add_lot(NaiveLot::new(Class::Adjustment, Scope::EVERYTHING, set_right, now, None));
            adjusted = Some(Draw { lot: LotId::from_u64(lot as u64), amount: credits(set_right) });
        }
        let (draws, returned, lost, owed) = (draws(parts), draws(returned), draws(lost), credits(lowered));
        Ok(Receipt { draws, returned, lost, owed, adjusted, ..Receipt::default() })
    }

    /// What was spent, portion by portion, and not refunded: where, how many, in which period, when, and whether the pool
    /// paid.
    pub(super) fn spends(&self) -> impl Iterator<Item = (&Portion, bool)> {
        self.works.iter().flat_map(|work| work.spent.iter().map(|portion| (portion, work.pool_pays())))
    }
}

fn sum(parts: &[(Source, u128)]) -> u128 {
    parts.iter().map(|(_, amount)| amount).sum()
}

fn from_lots(parts: Vec<(usize, u128)>) -> Vec<(Source, u128)> {
    parts.into_iter().map(|(number, amount)| (Source::Lot(number), amount)).collect()
}

fn lots_of(parts: &[(Source, u128)]) -> Vec<(usize, u128)> {
    let lot = |(source, amount): &(Source, u128)| match source {
        Source::Lot(number) => Some((*number, *amount)),
        Source::Debt | Source::Elsewhere => None,
    };
    parts.iter().filter_map(lot).collect()
}
