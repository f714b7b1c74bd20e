//! Meters: storage, and whatever else an application counts. Where it is, what is on its way, and how long it may be too much.

use alloc::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{MeterRule, OverLimit, Refusal, Spot, Units};
use crate::catalog::{Enforcement, Per};
use crate::id::WorkspaceId;
use crate::label::Label;
use crate::time::{Span, Timestamp};

/// What is there, and what is on its way.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Level {
    pub(super) used: u64,
    pub(super) reserved: u64,
}

impl Level {
    pub(super) const fn sum(self) -> u64 {
        self.used.saturating_add(self.reserved)
    }
}

/// A grace that has begun.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Grace {
    since: Timestamp,
    /// From when on use has been within the limit again.
    #[serde(deserialize_with = "Option::deserialize")]
    within: Option<Timestamp>,
}

impl Grace {
    /// Whether use was within the limit for as long as the grace lasts.
    fn is_forgotten(self, span: Span, now: Timestamp) -> bool {
        self.within.is_some_and(|within| now >= within.plus(span))
    }
}

/// Where a rule counts: the organization, or one workspace.
pub(super) type Place = Option<WorkspaceId>;

#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Meter {
    pub(super) cells: BTreeMap<Spot, u64>,
    pub(super) levels: BTreeMap<Place, Level>,
    pub(super) graces: BTreeMap<Place, Grace>,
}

/// Every meter of a ledger.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Meters {
    pub(super) meters: BTreeMap<Label, Meter>,
    pub(super) cells: usize,
}

/// Where a rule counts something that belongs to a spot; `None` where it does not.
fn place_of(rule: &MeterRule, spot: &Spot) -> Option<Place> {
    match rule.per {
        Per::Organization => Some(None),
        Per::Workspace => spot.workspace.map(Some),
    }
}

impl Meters {
    pub(super) const fn cells(&self) -> usize {
        self.cells
    }

    pub(super) fn level(&self, meter: Label, place: Place) -> Level {
        self.meters.get(&meter).and_then(|meter| meter.levels.get(&place)).copied().unwrap_or_default()
    }

    pub(super) fn cell(&self, meter: Label, spot: &Spot) -> Option<u64> {
        self.meters.get(&meter)?.cells.get(spot).copied()
    }

    /// What is counted, spot by spot.
    pub(super) fn cells_of(&self, meter: Label) -> impl Iterator<Item = (&Spot, u64)> {
        self.meters.get(&meter).into_iter().flat_map(|meter| &meter.cells).map(|(spot, units)| (spot, *units))
    }

    /// Every meter and place that something was counted at.
    pub(super) fn places(&self) -> impl Iterator<Item = (Label, Place, Level)> {
        let levels = self.meters.iter().map(|(label, meter)| (*label, &meter.levels));
        levels.flat_map(|(label, levels)| levels.iter().map(move |(place, level)| (label, *place, *level)))
    }

    /// How much there is in all that a spot covers.
    pub(super) fn covered(&self, meter: Label, by: &Spot) -> u64 {
        self.cells_of(meter)
            .filter(|(spot, _)| by.covers(spot))
            .fold(0, |sum: u64, (_, units)| sum.saturating_add(units))
    }

    /// Whether more may come, by every rule; and the soft limits that are exceeded with it.
    pub(super) fn admit(
        &self,
        rules: &[MeterRule],
        (meter, spot): (Label, &Spot),
        needed: u64,
        now: Timestamp,
    ) -> Result<alloc::vec::Vec<OverLimit>, Refusal> {
        self.level(meter, None).sum().checked_add(needed).ok_or(Refusal::Overflow)?;
        let mut over = alloc::vec::Vec::new();
        for rule in rules.iter().filter(|rule| rule.meter == meter) {
            let Some(workspace) = place_of(rule, spot) else { continue };
            let used = self.level(meter, workspace).sum();
            let sum = used.saturating_add(needed);
            let max = rule.max;
            if sum <= max.as_u64() {
                continue;
            }
            let until = match rule.enforcement {
                Enforcement::Hard => {
                    let (used, needed) = (Units::new(used), Units::new(needed));
                    return Err(Refusal::MeterFull { meter, workspace, max, used, needed });
                }
                Enforcement::Soft => None,
                Enforcement::Grace(span) => {
                    let end = self.grace_end(meter, workspace, span, now);
                    if now >= end {
                        return Err(Refusal::GraceOver { meter, workspace, max, used: Units::new(used), since: end });
                    }
                    Some(end)
                }
            };
            over.push(OverLimit { meter, workspace, max, used: Units::new(sum), until });
        }
        Ok(over)
    }

    /// The limits that are exceeded at a spot, once so much less is counted there.
    pub(super) fn exceeded(
        &self,
        rules: &[MeterRule],
        (meter, spot): (Label, &Spot),
        less: u64,
        now: Timestamp,
    ) -> alloc::vec::Vec<OverLimit> {
        let mut over = alloc::vec::Vec::new();
        for rule in rules.iter().filter(|rule| rule.meter == meter) {
            let Some(workspace) = place_of(rule, spot) else { continue };
            let used = self.level(meter, workspace).sum().saturating_sub(less);
            if used > rule.max.as_u64() {
                let until = self.grace(rule, workspace, now);
                over.push(OverLimit { meter, workspace, max: rule.max, used: Units::new(used), until });
            }
        }
        over
    }

    /// When the grace ends that runs, or would begin now.
    fn grace_end(&self, meter: Label, place: Place, span: Span, now: Timestamp) -> Timestamp {
        let running = self.meters.get(&meter).and_then(|meter| meter.graces.get(&place));
        let running = running.filter(|grace| !grace.is_forgotten(span, now));
        running.map_or(now, |grace| grace.since).plus(span)
    }

    pub(super) fn add(&mut self, meter: Label, spot: Spot, amount: u64) {
        let meter = self.meters.entry(meter).or_default();
        let cells = &mut self.cells;
        let cell = meter.cells.entry(spot).or_insert_with(|| {
            *cells = cells.saturating_add(1);
            0
        });
        *cell = cell.saturating_add(amount);
        meter.each_level(&spot, |level| level.used = level.used.saturating_add(amount));
    }

    pub(super) fn remove(&mut self, meter: Label, spot: &Spot, amount: u64) {
        let Some(meter) = self.meters.get_mut(&meter) else { return };
        if let Some(cell) = meter.cells.get_mut(spot) {
            *cell = cell.saturating_sub(amount);
            if *cell == 0 {
                meter.cells.remove(spot);
                self.cells = self.cells.saturating_sub(1);
            }
        }
        meter.each_level(spot, |level| level.used = level.used.saturating_sub(amount));
    }

    pub(super) fn clear(&mut self, meter: Label, by: &Spot) {
        let all = self.cells_of(meter).filter(|(spot, _)| by.covers(spot));
        let all: alloc::vec::Vec<(Spot, u64)> = all.map(|(spot, units)| (*spot, units)).collect();
        all.iter().for_each(|(spot, units)| self.remove(meter, spot, *units));
    }

    pub(super) fn reserve(&mut self, meter: Label, spot: &Spot, amount: u64) {
        let meter = self.meters.entry(meter).or_default();
        meter.each_level(spot, |level| level.reserved = level.reserved.saturating_add(amount));
    }

    pub(super) fn unreserve(&mut self, meter: Label, spot: &Spot, amount: u64) {
        if let Some(meter) = self.meters.get_mut(&meter) {
            meter.each_level(spot, |level| level.reserved = level.reserved.saturating_sub(amount));
        }
    }

    /// Begins and ends graces, after something of one meter has changed: at one spot, or anywhere.
    pub(super) fn note(&mut self, rules: &[MeterRule], meter: Label, spot: Option<&Spot>, now: Timestamp) {
        let Some(counted) = self.meters.get_mut(&meter) else { return };
        match spot {
            Some(spot) => {
                counted.note(rules, meter, None, now);
                if spot.workspace.is_some() {
                    counted.note(rules, meter, spot.workspace, now);
                }
            }
            None => {
                let places: BTreeSet<Place> = counted.levels.keys().chain(counted.graces.keys()).copied().collect();
                places.into_iter().for_each(|place| counted.note(rules, meter, place, now));
            }
        }
    }

    /// The same for all meters, after the rules have changed.
    pub(super) fn note_all(&mut self, rules: &[MeterRule], now: Timestamp) {
        let all: alloc::vec::Vec<Label> = self.meters.keys().copied().collect();
        all.into_iter().for_each(|meter| self.note(rules, meter, None, now));
    }

    /// From when on a rule refuses more, if its grace runs.
    pub(super) fn grace(&self, rule: &MeterRule, place: Place, now: Timestamp) -> Option<Timestamp> {
        let Enforcement::Grace(span) = rule.enforcement else { return None };
        let running = self.meters.get(&rule.meter)?.graces.get(&place)?;
        (!running.is_forgotten(span, now)).then(|| running.since.plus(span))
    }

    /// A place where the sum of the cells is not what the level says, if there is one.
    pub(super) fn unbalanced(&self) -> Option<Label> {
        let wrong = |meter: &Meter| {
            let mut sums: BTreeMap<Place, u64> = BTreeMap::new();
            for (spot, units) in &meter.cells {
                let both = [None, spot.workspace];
                for place in both.iter().take(if spot.workspace.is_some() { 2 } else { 1 }) {
                    let sum = sums.entry(*place).or_default();
                    *sum = sum.saturating_add(*units);
                }
            }
            meter.levels.iter().any(|(place, level)| sums.get(place).copied().unwrap_or(0) != level.used)
        };
        self.meters.iter().find(|(_, meter)| wrong(meter)).map(|(label, _)| *label)
    }
}

impl Meter {
    fn note(&mut self, rules: &[MeterRule], meter: Label, place: Place, now: Timestamp) {
        let counts = |rule: &&MeterRule| rule.meter == meter && (rule.per == Per::Organization) == place.is_none();
        let rule = rules.iter().find(counts);
        let span = rule.and_then(|rule| match rule.enforcement {
            Enforcement::Grace(span) => Some(span),
            Enforcement::Hard | Enforcement::Soft => None,
        });
        let level = self.levels.get(&place).copied().unwrap_or_default().sum();
        let is_over = rule.is_some_and(|rule| level > rule.max.as_u64());
        let running = self.graces.get(&place).copied();
        let running = running.filter(|grace| span.is_none_or(|span| !grace.is_forgotten(span, now)));
        let grace = match running {
            Some(grace) if is_over => Some(Grace { within: None, ..grace }),
            Some(grace) => Some(Grace { within: grace.within.or(Some(now)), ..grace }),
            None if is_over && span.is_some() => Some(Grace { since: now, within: None }),
            None => None,
        };
        match grace {
            Some(grace) => _ = self.graces.insert(place, grace),
            None => _ = self.graces.remove(&place),
        }
    }

    /// Changes the level of the organization, and that of the workspace if there is one.
    fn each_level(&mut self, spot: &Spot, change: impl Fn(&mut Level)) {
        change(self.levels.entry(None).or_default());
        if let Some(workspace) = spot.workspace {
            let level = self.levels.entry(Some(workspace)).or_default();
            change(level);
            // What is gone takes no memory, unless its grace has begun.
            if *level == Level::default() && !self.graces.contains_key(&Some(workspace)) {
                self.levels.remove(&Some(workspace));
            }
        }
    }
}
