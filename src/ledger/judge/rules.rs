//! Judging allowances, periods, limits and thresholds.

use super::{Stand, some};
use crate::catalog::Renewal;
use crate::ledger::books::Books;
use crate::ledger::{
    Allowance, BeginPeriod, DropLimit, Over, RaiseLimit, Receipt, Refusal, SetAlerts, SetAllowance, SetLimit, SetPool,
    period,
};
use crate::limits::{ALERTS_MAX, GIVEN_PERIODS_MAX, POOLS_MAX, SPEND_LIMITS_MAX};
use crate::time::Timestamp;

impl Stand<'_> {
    pub(super) fn set_allowance(&self, order: &SetAllowance) -> Result<Receipt, Refusal> {
        let both = [Some(&order.allowance), order.next.as_ref().map(|(next, _)| next)];
        for allowance in both.into_iter().flatten() {
            possible(allowance)?;
        }
        if order.next.as_ref().is_some_and(|(_, from)| *from <= self.now) {
            return Err(Refusal::Ended);
        }
        if self.books.allowance.is_some() && order.as_of < self.books.as_of {
            return Err(Refusal::StaleAllowance { have: self.books.as_of });
        }
        let before = self.books.watch();
        let mut after = self.books.clone();
        after.begin_allowance(order.allowance.clone(), self.now);
        let allocated = match after.period.entitled {
            None => after.allocation(),
            Some(_) => after.midway(self.now),
        };
        allocated.iter().for_each(|allocated| after.allocate(allocated, self.now));
        let repaid = after.repayable(&after.general()); // credits that come in cross nothing, however many are left of them
        Ok(Receipt { allocated, repaid, alerts: after.alerts_since(&before), ..Receipt::default() })
    }

    /// What is due with the period has been let happen before: what is left to judge is whether it is possible.
    pub(super) fn begin_period(&self, order: &BeginPeriod) -> Result<Receipt, Refusal> {
        if !self.books.is_possible(order) {
            return Err(Refusal::BadPeriod);
        }
        if order.start < self.books.period.start {
            return Err(Refusal::StalePeriod { start: self.books.period.start });
        }
        Ok(Receipt::default())
    }

    pub(super) fn set_pool(&self, order: &SetPool) -> Result<Receipt, Refusal> {
        if order.pool == Some(self.organization) {
            return Err(Refusal::Itself);
        }
        let is_new = order.pool.is_some_and(|pool| !self.books.pools.contains(&pool));
        if is_new && self.books.pools.len() >= POOLS_MAX {
            return Err(Refusal::TooManyItems { max: u64::try_from(POOLS_MAX).unwrap_or(u64::MAX) });
        }
        Ok(Receipt::default())
    }

    pub(super) fn set_limit(&self, order: &SetLimit) -> Result<Receipt, Refusal> {
        let known = self.books.limits.get(&order.scope, order.over);
        if known.is_none() && self.books.limits.count() >= SPEND_LIMITS_MAX {
            return Err(Refusal::TooManyLimits);
        }
        let limit = self.books.limit_as_set(order);
        let used = limit.used(order.over);
        let mut alerts = alloc::vec::Vec::new();
        let before = known.map(|known| (known.used(order.over), known.allows()));
        self.books.one_limit(&mut alerts, (order.scope, order.over), before, (used, limit.allows()));
        Ok(Receipt { alerts, ..Receipt::default() })
    }

    pub(super) fn raise_limit(&self, order: &RaiseLimit) -> Result<Receipt, Refusal> {
        let limit = self.known_limit(&order.scope, order.over)?;
        some(order.by)?;
        if order.periods == 0 {
            return Err(Refusal::ZeroAmount);
        }
        let raised = limit.max.checked_add(order.by.as_u64()).ok_or(Refusal::Overflow)?;
        let (mut alerts, used) = (alloc::vec::Vec::new(), limit.used(order.over));
        let before = Some((used, limit.allows()));
        self.books.one_limit(&mut alerts, (order.scope, order.over), before, (used, raised));
        Ok(Receipt { alerts, ..Receipt::default() })
    }

    pub(super) fn drop_limit(&self, order: &DropLimit) -> Result<Receipt, Refusal> {
        self.known_limit(&order.scope, order.over).map(|_| Receipt::default())
    }

    fn known_limit(&self, scope: &super::super::Scope, over: Over) -> Result<&super::super::limit::Limit, Refusal> {
        self.books.limits.get(scope, over).ok_or(Refusal::UnknownLimit)
    }

    pub(super) fn set_alerts(&self, order: &SetAlerts) -> Result<Receipt, Refusal> {
        let fits = order.credits_left.len() <= ALERTS_MAX;
        if fits { Ok(Receipt::default()) } else { Err(Refusal::BadAllowance) }
    }
}

impl Books {
    /// Whether periods are given here, and this one can be.
    fn is_possible(&self, order: &BeginPeriod) -> bool {
        let given = self.allowance.as_ref().is_some_and(|allowance| allowance.renewal == Renewal::Given);
        let is_news = order.start > self.period.start && !self.given.contains_key(&order.start);
        order.start < order.end && given && (!is_news || self.given.len() < GIVEN_PERIODS_MAX)
    }

    /// Whether a period that should have begun already begins now.
    pub(in crate::ledger) fn may_begin(&self, order: &BeginPeriod, now: Timestamp) -> bool {
        let overtaken = self.given.range(order.start..=now).next().is_some();
        self.is_possible(order) && order.start > self.period.start && !overtaken
    }
}

/// Whether an allowance says what can be.
pub(in crate::ledger) fn possible(allowance: &Allowance) -> Result<(), Refusal> {
    let percents =
        core::iter::once(&allowance.alerts_percent).chain(allowance.meters.iter().map(|rule| &rule.alerts_percent));
    let percents_fit = |percents: &alloc::vec::Vec<u8>| {
        percents.len() <= ALERTS_MAX && percents.iter().all(|percent| (1..=100).contains(percent))
    };
    let twice = allowance.meters.iter().enumerate().any(|(at, rule)| {
        allowance.meters.iter().take(at).any(|other| (other.meter, other.per) == (rule.meter, rule.per))
    });
    let for_nothing = allowance.renewal == Renewal::Days(0) || allowance.rollover_periods == Some(0);
    if twice || for_nothing || !percents.into_iter().all(percents_fit) {
        return Err(Refusal::BadAllowance);
    }
    if period::can_count(allowance.renewal) { Ok(()) } else { Err(Refusal::NoCalendar) }
}
