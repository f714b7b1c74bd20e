//! Alerts: what was crossed between before and after.

use bailiwick::ledger::*;
use bailiwick::limits::ALERTS_MAX;

use super::{Answer, Naive, credits, wide};

/// What is watched, as it is: of how many, and how many are used.
#[derive(Clone, Copy)]
struct State {
    of: u128,
    used: u128,
}

impl State {
    /// Whether so many percent are used, rounded in favor of telling.
    fn is_at(&self, percent: u8) -> bool {
        if self.of == 0 { self.used > 0 } else { self.used * 100 >= self.of * u128::from(percent) }
    }
}

impl Naive {
    /// What was crossed or landed on since before.
    pub(super) fn alerts_since(&self, before: &Self) -> Vec<Alert> {
        let mut alerts = Vec::new();
        let mut tell = |watched, threshold, of: u128, now: u128| {
            alerts.push(Alert { watched, threshold, of: credits(of).as_u64(), now: credits(now).as_u64() });
        };
        let percents = self.allowance.as_ref().map_or(&[][..], |allowance| &allowance.alerts_percent);
        let (was, is) = (before.credits_state(), self.credits_state());
        for percent in percents.iter().filter(|percent| is.is_at(**percent) && !was.is_at(**percent)) {
            tell(Watched::Credits, Threshold::Percent(*percent), is.of, self.spendable());
        }
        let (was, is) = (before.spendable(), self.spendable());
        for left in self.credits_left.iter().filter(|left| is <= wide(**left) && was > wide(**left)) {
            tell(Watched::Credits, Threshold::Left(*left), self.base, is);
        }
        for limit in self.limits.iter().filter(|limit| limit.over != Over::InFlight) {
            let (scope, over) = (limit.scope, limit.over);
            let was = before.limits.iter().find(|other| (other.scope, other.over) == (scope, over));
            let was = was.map(|limit| State { of: limit.max(), used: before.limit_used(limit) });
            let is = State { of: limit.max(), used: self.limit_used(limit) };
            for percent in percents {
                if is.is_at(*percent) && !was.is_some_and(|was| was.is_at(*percent)) {
                    tell(Watched::Limit { scope, over }, Threshold::Percent(*percent), is.of, is.used);
                }
            }
        }
        for place in self.places() {
            let rule = self.rule(place).expect("it is limited");
            let state = |ledger: &Self| {
                let of = ledger.rule(place)?.max.as_u64();
                Some(State { of: u128::from(of), used: ledger.metered(place) })
            };
            let Some(is) = state(self).filter(|is| is.used > 0) else { continue };
            let was = state(before);
            for percent in &rule.alerts_percent {
                if is.is_at(*percent) && !was.is_some_and(|was| was.is_at(*percent)) {
                    let (meter, workspace) = place;
                    tell(Watched::Meter { meter, workspace }, Threshold::Percent(*percent), is.of, is.used);
                }
            }
        }
        alerts
    }

    fn credits_state(&self) -> State {
        State { of: self.base, used: self.base.saturating_sub(self.spendable()) }
    }

    pub(super) fn set_alerts(&mut self, r: &SetAlerts) -> Answer {
        if r.credits_left.len() > ALERTS_MAX {
            return Err(Refusal::BadAllowance);
        }
        self.credits_left.clone_from(&r.credits_left);
        Ok(Receipt::default())
    }
}
