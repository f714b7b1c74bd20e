//! Meters: what is stored where, and the gate.

use bailiwick::catalog::{Enforcement, Per};
use bailiwick::ledger::*;
use bailiwick::{Label, WorkspaceId};

use super::{Answer, FULL, Kind, Naive, Work, stamp, units};

/// Where a meter is counted.
type Place = (Label, Option<WorkspaceId>);

#[derive(Clone, Debug)]
pub(crate) struct Grace {
    place: Place,
    pub(crate) started: u64,
    /// Since when use is within the limit without a break.
    within: Option<u64>,
}

fn wide(amount: Units) -> u128 {
    u128::from(amount.as_u64())
}

fn fits(spot: &Spot, cell: &Spot) -> bool {
    (spot.workspace.is_none() || spot.workspace == cell.workspace)
        && (spot.project.is_none() || spot.project == cell.project)
        && (spot.kind.is_none() || spot.kind == cell.kind)
}

impl Naive {
    pub(crate) fn stored(&self, meter: Label, spot: &Spot) -> u128 {
        let is_in = |cell: &&(Label, Spot, u128)| cell.0 == meter && fits(spot, &cell.1);
        self.cells.iter().filter(is_in).map(|(_, _, amount)| amount).sum()
    }

    pub(crate) fn reserved(&self, meter: Label, spot: &Spot) -> u128 {
        let rooms = self.works.iter().filter_map(|work| work.room.as_ref());
        rooms.filter(|room| room.0 == meter && fits(spot, &room.1)).map(|(_, _, amount)| amount).sum()
    }

    pub(crate) fn metered(&self, place: Place) -> u128 {
        let spot = Spot { workspace: place.1, ..Spot::default() };
        self.stored(place.0, &spot) + self.reserved(place.0, &spot)
    }

    fn rules(&self) -> &[MeterRule] {
        self.allowance.as_ref().map_or(&[], |allowance| &allowance.meters)
    }

    /// The rule for a place.
    pub(crate) fn rule(&self, place: Place) -> Option<&MeterRule> {
        let per = if place.1.is_some() { Per::Workspace } else { Per::Organization };
        self.rules().iter().find(|rule| rule.meter == place.0 && rule.per == per)
    }

    /// Every place that is limited.
    pub(crate) fn places(&self) -> Vec<Place> {
        let cells = self.cells.iter().map(|(meter, spot, _)| (*meter, spot.workspace));
        let rooms = self.works.iter().filter_map(|work| work.room.as_ref()).map(|room| (room.0, room.1.workspace));
        let mut places: Vec<Place> = cells.chain(rooms).chain(self.graces.iter().map(|grace| grace.place)).collect();
        places.extend(self.rules().iter().map(|rule| (rule.meter, None)));
        places.sort();
        places.dedup();
        places.retain(|place| self.rule(*place).is_some());
        places
    }

    /// Lets so much more in, or not; what is over is told.
    fn gate(&self, meter: Label, spot: &Spot, needed: u128, now: u64) -> Result<Vec<OverLimit>, Refusal> {
        let mut over = Vec::new();
        for rule in self.rules().iter().filter(|rule| rule.meter == meter) {
            let workspace = if rule.per == Per::Organization { None } else { spot.workspace };
            if rule.per == Per::Workspace && workspace.is_none() {
                continue;
            }
            let used = self.metered((meter, workspace));
            if used + needed <= wide(rule.max) {
                continue;
            }
            let (max, sum) = (rule.max, units(used + needed));
            let until = match rule.enforcement {
                Enforcement::Hard => {
                    let (used, needed) = (units(used), units(needed));
                    return Err(Refusal::MeterFull { meter, workspace, max, used, needed });
                }
                Enforcement::Soft => None,
                Enforcement::Grace(span) => {
                    let grace = self.graces.iter().find(|grace| grace.place == (meter, workspace));
                    let end = grace.map_or(now, |grace| grace.started).saturating_add(span.as_millis());
                    if end <= now {
                        let (used, since) = (units(used), stamp(end));
                        return Err(Refusal::GraceOver { meter, workspace, max, used, since });
                    }
                    Some(stamp(end))
                }
            };
            over.push(OverLimit { meter, workspace, max, used: sum, until });
        }
        Ok(over)
    }

    /// Lets graces begin, and forgets those that were kept to for long enough.
    pub(super) fn watch_graces(&mut self, now: u64) {
        self.forget_graces(now);
        for place in self.places() {
            let rule = self.rule(place).expect("it is limited");
            let (is_over, is_grace) =
                (self.metered(place) > wide(rule.max), matches!(rule.enforcement, Enforcement::Grace(_)));
            let known = self.graces.iter().any(|grace| grace.place == place);
            if is_over && is_grace && !known {
                self.graces.push(Grace { place, started: now, within: None });
            }
        }
        for place in self.graces.iter().map(|grace| grace.place).collect::<Vec<_>>() {
            // Where nothing is limited, nothing is exceeded.
            let is_within = self.rule(place).is_none_or(|rule| self.metered(place) <= wide(rule.max));
            let grace = self.graces.iter_mut().find(|grace| grace.place == place).expect("it was listed");
            grace.within = if is_within { grace.within.or(Some(now)) } else { None };
        }
    }

    pub(super) fn forget_graces(&mut self, now: u64) {
        let ledger = self.clone();
        self.graces.retain(|grace| {
            let span = ledger.rule(grace.place).and_then(|rule| match rule.enforcement {
                Enforcement::Grace(span) => Some(span.as_millis()),
                Enforcement::Hard | Enforcement::Soft => None,
            });
            grace.within.zip(span).is_none_or(|(since, span)| now.saturating_sub(since) < span)
        });
    }

    fn check_sum(&self, meter: Label, needed: u128) -> Result<(), Refusal> {
        if self.metered((meter, None)) + needed > FULL { Err(Refusal::Overflow) } else { Ok(()) }
    }

    fn count(&mut self, meter: Label, spot: Spot, amount: u128) {
        match self.cells.iter_mut().find(|cell| (cell.0, cell.1) == (meter, spot)) {
            Some(cell) => cell.2 += amount,
            None => self.cells.push((meter, spot, amount)),
        }
        self.cells.retain(|cell| cell.2 > 0);
    }

    pub(super) fn add(&mut self, r: &Add, now: u64) -> Answer {
        self.forget_graces(now);
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        self.check_sum(r.meter, wide(r.amount))?;
        let over = self.gate(r.meter, &r.spot, wide(r.amount), now)?;
        self.count(r.meter, r.spot, wide(r.amount));
        Ok(Receipt { units: r.amount, over, ..Receipt::default() })
    }

    pub(super) fn remove(&mut self, r: &Remove) -> Answer {
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        let cell = self.cells.iter_mut().find(|cell| (cell.0, cell.1) == (r.meter, r.spot));
        let used = cell.as_ref().map_or(0, |cell| cell.2);
        let Some(cell) = cell.filter(|cell| cell.2 >= wide(r.amount)) else {
            return Err(Refusal::MeterShort { used: units(used) });
        };
        cell.2 -= wide(r.amount);
        self.cells.retain(|cell| cell.2 > 0);
        Ok(Receipt { units: r.amount, ..Receipt::default() })
    }

    pub(super) fn clear(&mut self, r: &Clear) -> Answer {
        let cleared = units(self.stored(r.meter, &r.spot));
        self.cells.retain(|cell| cell.0 != r.meter || !fits(&r.spot, &cell.1));
        Ok(Receipt { units: cleared, ..Receipt::default() })
    }

    pub(super) fn reserve(&mut self, r: &Reserve, now: u64) -> Answer {
        self.forget_graces(now);
        if r.amount.is_zero() {
            return Err(Refusal::ZeroAmount);
        }
        self.check_untaken(r.hold)?;
        if r.until.as_millis() <= now {
            return Err(Refusal::Ended);
        }
        self.check_sum(r.meter, wide(r.amount))?;
        let over = self.gate(r.meter, &r.spot, wide(r.amount), now)?;
        let room = Some((r.meter, r.spot, wide(r.amount)));
        let work = Work::new(r.hold, Kind::Upload, Spender::default(), r.until.as_millis());
        self.works.push(Work { room, ..work });
        Ok(Receipt { over, ..Receipt::default() })
    }

    pub(super) fn commit(&mut self, r: &Commit, now: u64) -> Answer {
        self.forget_graces(now);
        let work = self.open_work(r.hold, |kind| kind == Kind::Upload)?;
        let (meter, spot, room) = self.works[work].room.expect("an open upload keeps room");
        let rest = wide(r.amount).saturating_sub(room);
        let mut over = Vec::new();
        if rest > 0 {
            self.check_sum(meter, rest)?;
            over = self.gate(meter, &spot, rest, now)?;
        }
        self.works[work].room = None;
        self.end(work);
        if !r.amount.is_zero() {
            self.count(meter, spot, wide(r.amount));
        }
        if rest == 0 {
            over = self.exceeded(meter, &spot);
        }
        Ok(Receipt { units: r.amount, over, ..Receipt::default() })
    }

    /// What is exceeded at a spot, as it is.
    fn exceeded(&self, meter: Label, spot: &Spot) -> Vec<OverLimit> {
        let mut over = Vec::new();
        for rule in self.allowance.iter().flat_map(|allowance| &allowance.meters).filter(|rule| rule.meter == meter) {
            let workspace = match rule.per {
                Per::Organization => None,
                Per::Workspace if spot.workspace.is_none() => continue,
                Per::Workspace => spot.workspace,
            };
            let used = self.metered((meter, workspace));
            if used > wide(rule.max) {
                let until = match rule.enforcement {
                    Enforcement::Grace(span) => {
                        let grace = self.graces.iter().find(|grace| grace.place == (meter, workspace));
                        grace.map(|grace| stamp(grace.started.saturating_add(span.as_millis())))
                    }
                    Enforcement::Hard | Enforcement::Soft => None,
                };
                let used = units(used);
                over.push(OverLimit { meter, workspace, max: rule.max, used, until });
            }
        }
        over
    }
}
