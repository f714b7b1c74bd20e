//! Alerts: which thresholds are crossed or landed on between a before and an after. Nothing is remembered.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::books::Books;
use super::meter::Place;
use super::{Alert, Credits, MeterRule, Over, Scope, Spot, Threshold, Watched};
use crate::catalog::Per;
use crate::label::Label;

/// Whether so many percent of a whole are used, or more. Of nothing, anything is more.
fn is_used(used: u128, whole: u128, percent: u8) -> bool {
    if whole == 0 {
        return used > 0;
    }
    used.saturating_mul(100) >= whole.saturating_mul(u128::from(percent))
}

fn short(number: u128) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// What is left of the pool, and of how much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pool {
    pub(super) left: u128,
    pub(super) base: u128,
}

impl Pool {
    fn is_past(self, threshold: Threshold) -> bool {
        match threshold {
            Threshold::Percent(percent) => is_used(self.base.saturating_sub(self.left), self.base, percent),
            Threshold::Left(credits) => self.left <= u128::from(credits.as_u64()),
        }
    }
}

impl Books {
    pub(super) const fn pool(&self) -> Pool {
        Pool { left: self.left, base: self.base }
    }

    fn percents(&self) -> &[u8] {
        self.allowance.as_ref().map(|allowance| allowance.alerts_percent.as_slice()).unwrap_or_default()
    }

    pub(super) fn rules(&self) -> &[MeterRule] {
        self.allowance.as_ref().map(|allowance| allowance.meters.as_slice()).unwrap_or_default()
    }

    /// Of the pool, between two states of it.
    pub(super) fn pool_alerts(&self, before: Pool, after: Pool) -> Vec<Alert> {
        let percents = self.percents().iter().map(|percent| Threshold::Percent(*percent));
        let all = percents.chain(self.credits_left.iter().map(|credits| Threshold::Left(*credits)));
        let crossed = all.filter(|threshold| after.is_past(*threshold) && !before.is_past(*threshold));
        let (of, now) = (short(after.base), short(after.left));
        crossed.map(|threshold| Alert { watched: Watched::Credits, threshold, of, now }).collect()
    }

    /// Of taking so much from the pool.
    pub(super) fn taking_alerts(&self, taken: u64) -> Vec<Alert> {
        if self.percents().is_empty() && self.credits_left.is_empty() {
            return Vec::new();
        }
        let before = self.pool();
        self.pool_alerts(before, Pool { left: before.left.saturating_sub(u128::from(taken)), ..before })
    }

    /// Of counting so much more on every limit that covers a spend.
    pub(super) fn limit_alerts(&self, spend: &Scope, more: u64) -> Vec<Alert> {
        if self.percents().is_empty() || self.limits.count() == 0 {
            return Vec::new();
        }
        let mut alerts = Vec::new();
        for (scope, over, limit) in self.limits.covering(spend) {
            let (used, max) = (limit.used(over), limit.allows());
            self.one_limit(
                &mut alerts,
                (*scope, over),
                Some((used, max)),
                (used.saturating_add(u128::from(more)), max),
            );
        }
        alerts
    }

    /// Of one limit, between two states of it; without a before it was not there.
    pub(super) fn one_limit(
        &self,
        alerts: &mut Vec<Alert>,
        (scope, over): (Scope, Over),
        before: Option<(u128, u64)>,
        (used, max): (u128, u64),
    ) {
        if over == Over::InFlight {
            return;
        }
        let watched = Watched::Limit { scope, over };
        for percent in self.percents() {
            let was = before.is_some_and(|(used, max)| is_used(used, u128::from(max), *percent));
            if !was && is_used(used, u128::from(max), *percent) {
                alerts.push(Alert { watched, threshold: Threshold::Percent(*percent), of: max, now: short(used) });
            }
        }
    }

    /// Of counting so much more on a meter.
    pub(super) fn meter_alerts(&self, meter: Label, spot: &Spot, more: u64) -> Vec<Alert> {
        let mut alerts = Vec::new();
        for rule in self.rules().iter().filter(|rule| rule.meter == meter) {
            let place = match (rule.per, spot.workspace) {
                (Per::Organization, _) => None,
                (Per::Workspace, Some(workspace)) => Some(workspace),
                (Per::Workspace, None) => continue,
            };
            let level = self.meters.level(meter, place).sum();
            let max = rule.max.as_u64();
            one_meter(&mut alerts, rule, place, Some((level, max)), level.saturating_add(more));
        }
        alerts
    }

    /// Everything that is watched, as it stands: for what changes much at once.
    pub(super) fn watch(&self) -> Watch {
        let limits = self
            .limits
            .all()
            .into_iter()
            .map(|(scope, over, limit)| ((scope, over), (limit.used(over), limit.allows())));
        let mut meters = BTreeMap::new();
        for (meter, place, level) in self.meters.places() {
            let rule = self.rules().iter().find(|rule| rule.meter == meter && counts_at(rule, place));
            meters.extend(rule.map(|rule| ((meter, place), (level.sum(), rule.max.as_u64()))));
        }
        Watch { pool: self.pool(), limits: limits.collect(), meters }
    }

    /// What was crossed since.
    pub(super) fn alerts_since(&self, before: &Watch) -> Vec<Alert> {
        let mut alerts = self.pool_alerts(before.pool, self.pool());
        let after = self.watch();
        for (key, now) in &after.limits {
            let was = before.limits.get(key).copied();
            self.one_limit(&mut alerts, *key, was, *now);
        }
        for ((meter, place), (level, _)) in &after.meters {
            let was = before.meters.get(&(*meter, *place)).copied();
            let rule = self.rules().iter().find(|rule| rule.meter == *meter && counts_at(rule, *place));
            if let Some(rule) = rule {
                one_meter(&mut alerts, rule, *place, was, *level);
            }
        }
        alerts
    }
}

/// Everything that is watched at one moment.
#[derive(Clone, Debug)]
pub(super) struct Watch {
    pub(super) pool: Pool,
    pub(super) limits: BTreeMap<(Scope, Over), (u128, u64)>,
    pub(super) meters: BTreeMap<(Label, Place), (u64, u64)>,
}

fn counts_at(rule: &MeterRule, place: Place) -> bool {
    (rule.per == Per::Organization) == place.is_none()
}

fn one_meter(alerts: &mut Vec<Alert>, rule: &MeterRule, place: Place, before: Option<(u64, u64)>, level: u64) {
    let max = rule.max.as_u64();
    for percent in &rule.alerts_percent {
        let is_past = |(level, max): (u64, u64)| is_used(u128::from(level), u128::from(max), *percent);
        if is_past((level, max)) && !before.is_some_and(is_past) {
            let watched = Watched::Meter { meter: rule.meter, workspace: place };
            alerts.push(Alert { watched, threshold: Threshold::Percent(*percent), of: max, now: level });
        }
    }
}

/// Thresholds in order, each once.
pub(super) fn in_order(mut thresholds: Vec<Credits>) -> Vec<Credits> {
    thresholds.sort_unstable();
    thresholds.dedup();
    thresholds
}
