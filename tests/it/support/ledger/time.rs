//! What time brings: instant after instant, each thing at its own, and periods.

use bailiwick::Timestamp;
use bailiwick::catalog::{Midway, Renewal, Rollover};
use bailiwick::ledger::*;
use bailiwick::limits::ALERTS_MAX;

use super::{Answer, Kind, Naive, NaiveLot, Period, calendar, credits, stamp, wide};

impl Naive {
    /// Lets everything happen that is due by a time.
    pub(super) fn advance(&mut self, now: u64) {
        while let Some(at) = self.instants().into_iter().filter(|at| *at <= now).min() {
            self.instant(self.now(at));
        }
    }

    /// Everything that will become due, and when.
    pub(crate) fn instants(&self) -> Vec<u64> {
        let ends = self.lots.iter().filter(|lot| lot.class != Class::Allocation && !lot.ended);
        let begins = self.lots.iter().filter(|lot| !lot.active);
        let open = self.works.iter().filter(|work| work.end.is_none());
        (ends.filter_map(|lot| lot.expires))
            .chain(begins.map(|lot| lot.effective))
            .chain(open.map(|work| work.until))
            .chain(self.next.iter().map(|(_, at)| *at))
            .chain(self.period_end())
            .chain(self.given.iter().map(|(start, _)| self.begins(*start)))
            .collect()
    }

    /// When a given period begins: at its start, or when it was told.
    fn begins(&self, start: u64) -> u64 {
        self.late.filter(|(late, _)| *late == start).map_or(start, |(_, told)| told)
    }

    /// When the period ends by itself.
    fn period_end(&self) -> Option<u64> {
        self.period.as_ref()?.end.filter(|_| self.renewal() != Renewal::Given)
    }

    fn renewal(&self) -> Renewal {
        self.allowance.as_ref().map_or(Renewal::Given, |allowance| allowance.renewal)
    }

    fn instant(&mut self, at: u64) {
        let before = self.clone();
        self.moment += 1;
        for number in self.burning() {
            let lot = &mut self.lots[number - 1];
            if lot.class != Class::Allocation && !lot.ended && lot.expires.is_some_and(|end| end <= at) {
                lot.ended = true;
                lot.expired += std::mem::take(&mut lot.available);
            }
        }
        let mut late: Vec<usize> = (0..self.works.len()).filter(|w| self.works[*w].is_due(at)).collect();
        late.sort_by_key(|work| self.works[*work].id);
        late.into_iter().for_each(|work| self.time_out(work));
        let ends = self.period_end().is_some_and(|end| end <= at);
        let mut midway = false;
        if let Some((allowance, _)) = self.next.take_if(|(_, from)| *from <= at) {
            self.replace_allowance(allowance, at);
            midway = true;
        }
        self.given.sort_unstable();
        let given =
            self.given.iter().position(|(start, _)| self.begins(*start) <= at).map(|place| self.given.remove(place));
        let given = given.filter(|_| self.renewal() == Renewal::Given);
        if given.is_some() || ends {
            midway = false;
            let (start, end) = given.map_or((at, self.next_end(at)), |(start, end)| (start, Some(end)));
            self.turn_period(start, end, at);
            self.activate(at);
            self.allocate_whole(at);
        } else {
            self.activate(at);
        }
        if midway {
            let _ = self.allocate_midway(at);
        }
        self.pay_debts();
        self.end_instant(at);
        let alerts = self.alerts_since(&before);
        self.told.extend(alerts.into_iter().map(|alert| (at, alert)));
    }

    fn activate(&mut self, at: u64) {
        for lot in self.lots.iter_mut().filter(|lot| !lot.active && lot.effective <= at) {
            lot.active = true;
            self.topped_up |= lot.available > 0;
        }
    }

    /// When a period that begins now ends by itself.
    fn next_end(&self, at: u64) -> Option<u64> {
        self.allowance.as_ref().and_then(|allowance| calendar::after(allowance, at))
    }

    /// Ends the period that there is: the bank takes what is left, the rest expires, debts are paid.
    fn turn_period(&mut self, start: u64, end: Option<u64>, at: u64) {
        let ended = self.period.replace(Period { start, end, entitled: 0, carried: 0 });
        self.periods += 1;
        self.topped_up = true;
        for limit in &mut self.limits {
            limit.raise = limit.raise.map(|(by, left)| (by, left - 1)).filter(|(_, left)| *left > 0);
        }
        let rollover = self.allowance.as_ref().map_or(Rollover::None, |allowance| allowance.rollover);
        let entitled = ended.as_ref().map_or(0, |period| period.entitled);
        let until = self.kept_until(at, ended.map(|period| period.end.unwrap_or(at) - period.start));
        for lot in self.lots.iter_mut().filter(|lot| lot.class == Class::Allocation && !lot.ended) {
            if rollover == Rollover::None {
                lot.ended = true;
                lot.expires = Some(start);
                lot.expired += std::mem::take(&mut lot.available);
            } else {
                (lot.class, lot.expires) = (Class::Rollover, until);
            }
        }
        if rollover != Rollover::None {
            self.trim_bank(cap(rollover, entitled));
        }
        self.pay_debts();
    }

    /// Until when a lot stays that is kept at a boundary.
    fn kept_until(&self, boundary: u64, ended: Option<u64>) -> Option<u64> {
        let allowance = self.allowance.as_ref()?;
        let periods = allowance.rollover_periods?;
        match allowance.renewal {
            Renewal::Given => Some(boundary.saturating_add(ended.unwrap_or(0).saturating_mul(u64::from(periods)))),
            _ => calendar::nth_after(allowance, boundary, periods),
        }
    }

    fn trim_bank(&mut self, cap: u128) {
        let mut excess = self.bank().saturating_sub(cap);
        let mut bank: Vec<&mut NaiveLot> = self.lots.iter_mut().filter(|lot| lot.class == Class::Rollover).collect();
        bank.sort_by_key(|lot| (lot.expires.is_none(), lot.expires));
        for lot in bank {
            let part = excess.min(lot.available);
            lot.available -= part;
            lot.expired += part;
            excess -= part;
        }
    }

    pub(crate) fn bank(&self) -> u128 {
        self.lots.iter().filter(|lot| lot.class == Class::Rollover).map(|lot| lot.available).sum()
    }

    /// How much the bank may take back now.
    pub(super) fn bank_room(&self) -> u128 {
        let cap = self.allowance.as_ref().map_or(0, |allowance| cap(allowance.rollover, wide(allowance.allocation)));
        cap.saturating_sub(self.bank())
    }

    /// The allocation of a whole period, at its begin.
    fn allocate_whole(&mut self, at: u64) -> Option<Allocated> {
        let entitled = self.allowance.as_ref().map_or(0, |allowance| wide(allowance.allocation));
        self.allocate(entitled, entitled, 0, at)
    }

    /// What a greater allocation brings in the middle of a period.
    fn allocate_midway(&mut self, at: u64) -> Option<Allocated> {
        let (allowance, period) = (self.allowance.as_ref()?, self.period.as_ref()?);
        let entitled = wide(allowance.allocation);
        let more = entitled.checked_sub(period.entitled).filter(|more| *more > 0)?;
        match (allowance.midway, period.end) {
            (Midway::Next, _) => None,
            (Midway::Full, _) | (Midway::Prorated, None) => self.allocate(more, entitled, period.carried, at),
            (Midway::Prorated, Some(end)) => {
                let (rest, whole) = (end.saturating_sub(at), end - period.start);
                let parts = more * u128::from(rest) + period.carried;
                let whole = u128::from(whole);
                self.allocate(parts / whole, entitled, parts % whole, at)
            }
        }
    }

    fn allocate(&mut self, amount: u128, entitled: u128, carried: u128, at: u64) -> Option<Allocated> {
        let period = self.period.as_mut()?;
        (period.entitled, period.carried) = (entitled, carried);
        let expires = period.end;
        let lot = if amount == 0 {
            0
        } else {
            self.add_lot(NaiveLot::new(Class::Allocation, Scope::EVERYTHING, amount, at, expires))
        };
        let allocated = Allocated {
            lot: LotId::from_u64(lot as u64),
            amount: credits(amount),
            entitled: credits(entitled),
            carried: u64::try_from(carried).expect("less than the period is long"),
        };
        Some(allocated)
    }

    fn replace_allowance(&mut self, allowance: Allowance, at: u64) {
        let before = self.allowance.replace(allowance);
        let allowance = self.allowance.clone().expect("it was just put there");
        // Where periods are given, nothing is counted from the anchor.
        let counting = |from: &Allowance| (from.renewal, (from.renewal != Renewal::Given).then_some(from.anchor));
        let counted_otherwise = before.is_some_and(|before| counting(&before) != counting(&allowance));
        if allowance.renewal != Renewal::Given {
            self.given.clear();
        }
        if counted_otherwise {
            let end = calendar::after(&allowance, at);
            self.end_period_at(end);
        }
    }

    /// Gives the present period, and what was allocated for it, another end.
    fn end_period_at(&mut self, end: Option<u64>) {
        if let Some(period) = &mut self.period {
            (period.end, period.carried) = (end, 0);
            for lot in self.lots.iter_mut().filter(|lot| lot.class == Class::Allocation && !lot.ended) {
                lot.expires = end;
            }
        }
    }

    pub(super) fn set_allowance(&mut self, r: &SetAllowance, now: u64) -> Answer {
        if !is_possible(&r.allowance) || r.next.as_ref().is_some_and(|(next, _)| !is_possible(next)) {
            return Err(Refusal::BadAllowance);
        }
        if r.next.as_ref().is_some_and(|(_, from)| from.as_millis() <= now) {
            return Err(Refusal::Ended);
        }
        if r.as_of < self.as_of {
            return Err(Refusal::StaleAllowance { have: self.as_of });
        }
        self.as_of = r.as_of;
        self.next = r.next.clone().map(|(next, from)| (next, from.as_millis()));
        self.replace_allowance(r.allowance.clone(), now);
        let allocated = if self.period.is_none() {
            let (start, end) = self.first_period(&r.allowance, now);
            self.period = Some(Period { start, end, entitled: 0, carried: 0 });
            self.allocate_whole(now)
        } else {
            self.allocate_midway(now)
        };
        Ok(Receipt { allocated, ..Receipt::default() })
    }

    /// The period that holds an instant.
    fn first_period(&self, allowance: &Allowance, now: u64) -> (u64, Option<u64>) {
        match allowance.renewal {
            Renewal::Given => (now, None),
            _ => (calendar::before(allowance, now).unwrap_or(now), calendar::after(allowance, now)),
        }
    }

    pub(super) fn begin_period(&mut self, r: &BeginPeriod, now: u64) -> Answer {
        let (start, end) = (r.start.as_millis(), r.end.as_millis());
        if end <= start || self.allowance.is_none() || self.renewal() != Renewal::Given {
            return Err(Refusal::BadPeriod);
        }
        if let Some(period) = self.period.as_ref().filter(|period| start < period.start) {
            return Err(Refusal::StalePeriod { start: stamp(period.start) });
        }
        if self.period.as_ref().is_some_and(|period| period.start == start) {
            self.end_period_at(Some(end));
            return Ok(Receipt::default());
        }
        assert!(start > now, "a period that has begun is there already");
        self.give_period(start, end);
        Ok(Receipt::default())
    }

    /// Keeps a period until it comes.
    fn give_period(&mut self, start: u64, end: u64) {
        self.given.retain(|(other, _)| *other != start);
        self.given.push((start, end));
    }

    /// A given period that is told late begins when it is told.
    pub(super) fn advance_for(&mut self, request: &Request, now: u64) {
        if let Request::BeginPeriod(r) = request {
            let (start, end) = (r.start.as_millis(), r.end.as_millis());
            let goes_on = self.period.as_ref().is_some_and(|period| start > period.start);
            let overtaken = self.given.iter().any(|(other, _)| (start..=now).contains(other));
            if start <= now && end > start && goes_on && !overtaken && self.renewal() == Renewal::Given {
                self.late = Some((start, now));
                self.give_period(start, end);
            }
        }
        self.advance(now);
        // Periods may come to be given only by what is due until now.
        if let Request::BeginPeriod(r) = request {
            let (start, end) = (r.start.as_millis(), r.end.as_millis());
            let goes_on = self.period.as_ref().is_some_and(|period| start > period.start);
            if start <= now && end > start && goes_on && self.renewal() == Renewal::Given {
                self.late = Some((start, now));
                self.give_period(start, end);
                self.advance(now);
            }
        }
    }

    /// The end of the period, and of meters' grace, for whoever looks for interesting times.
    pub(crate) fn times(&self) -> Vec<u64> {
        let graces = self.graces.iter().map(|grace| grace.started);
        self.instants().into_iter().chain(self.period.iter().flat_map(|period| period.end)).chain(graces).collect()
    }

    pub(crate) fn period_times(&self) -> Option<(Timestamp, Option<Timestamp>)> {
        self.period.as_ref().map(|period| (stamp(period.start), period.end.map(stamp)))
    }

    fn time_out(&mut self, work: usize) {
        if self.works[work].kind != Kind::Upload && self.works[work].timeout == Timeout::Settle {
            let all = self.works[work].left();
            let scope = self.works[work].spender.scope;
            self.spend(work, all, scope);
        }
        self.give_back(work);
        self.end(work);
    }
}

fn cap(rollover: Rollover, allocation: u128) -> u128 {
    match rollover {
        Rollover::None => 0,
        Rollover::Cap(cap) => u128::from(cap),
        Rollover::Percent(percent) => allocation * u128::from(percent) / 100,
    }
}

fn is_possible(allowance: &Allowance) -> bool {
    let is_percent = |percent: &u8| (1..=100).contains(percent);
    let are_alerts = |alerts: &[u8]| alerts.len() <= ALERTS_MAX && alerts.iter().all(is_percent);
    let is_twice = |(place, rule): (usize, &MeterRule)| {
        allowance.meters[..place].iter().any(|other| (other.meter, other.per) == (rule.meter, rule.per))
    };
    are_alerts(&allowance.alerts_percent)
        && allowance.meters.iter().all(|rule| are_alerts(&rule.alerts_percent))
        && !allowance.meters.iter().enumerate().any(is_twice)
        && allowance.renewal != Renewal::Days(0)
        && allowance.rollover_periods != Some(0)
        && !matches!(allowance.rollover, Rollover::Percent(percent) if !is_percent(&percent))
}
