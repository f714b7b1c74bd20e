//! Orders of clients: few ids, so that they collide; small amounts, so that limits bite; and what nobody should send.

use bailiwick::catalog::{Enforcement, Midway, Per, Renewal, Rollover};
use bailiwick::ledger::*;
use bailiwick::{CommandId, HoldId, Label, OrgId, ResourceId, ServiceId, Span, Timestamp, UserId, WorkspaceId};

use super::{Dice, Fate, PROCESSES, Step};
use crate::support::ledger::{Kind, Naive};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const YEARS: u64 = 3_660 * DAY;
/// 31 January, 12:00.
const BEGIN: u64 = 1_801_396_800_000;
const HOLDS: u64 = 9;

pub(super) fn holds() -> Vec<HoldId> {
    (1..=HOLDS).filter_map(HoldId::from_u64).collect()
}

pub(super) fn meters() -> [Label; 2] {
    [Label::STORAGE, label("seats")]
}

/// Where meters are counted.
pub(super) fn places() -> [Option<WorkspaceId>; 3] {
    [None, WorkspaceId::from_u64(1), WorkspaceId::from_u64(2)]
}

pub(super) fn spots() -> Vec<Spot> {
    let kinds = [None, Some(label("video"))];
    let spots = places().map(|workspace| kinds.map(|kind| Spot { workspace, project: None, kind }));
    spots.into_iter().flatten().collect()
}

fn label(text: &str) -> Label {
    text.parse().expect("a label")
}

/// What kind of order it is.
pub(super) fn name(request: &Request) -> String {
    let json = serde_json::to_value(request).unwrap_or_default();
    json.as_object().and_then(|fields| fields.keys().next().cloned()).unwrap_or_default()
}

/// Makes the orders of one run.
pub(super) struct Maker {
    pub(super) settings: Settings,
    clock: u64,
    keys: u64,
    as_of: u64,
    /// Whether amounts may be as great as numbers are.
    extreme: bool,
    renewal: Renewal,
    anchor: u64,
}

impl Maker {
    pub(super) fn new(dice: &mut Dice) -> Self {
        let burn_order = match dice.below(6) {
            0 => BurnOrder::new([]),
            1 => BurnOrder::new([BurnKey::Expiry, BurnKey::Age]),
            2 => BurnOrder::new([BurnKey::Class, BurnKey::Expiry]),
            _ => BurnOrder::default(),
        };
        let settings = Settings {
            burn_order,
            transfers: dice.percent(70),
            window: if dice.percent(70) { Span::hours(24) } else { Span::hours(1) },
            keys_max: if dice.percent(70) { 16_384 } else { 6 },
            refundable_max: if dice.percent(70) { 16_384 } else { 3 },
        };
        let renewals =
            [Renewal::Monthly, Renewal::Monthly, Renewal::Days(1), Renewal::Days(7), Renewal::Given, Renewal::Yearly];
        let anchors = [BEGIN, BEGIN - 10 * DAY, BEGIN - 400 * DAY, BEGIN - HOUR, BEGIN + 3 * DAY];
        Self {
            settings,
            clock: BEGIN,
            keys: 0,
            as_of: 1,
            extreme: dice.percent(20),
            renewal: dice.one(&renewals),
            anchor: dice.one(&anchors),
        }
    }

    pub(super) fn step(&mut self, dice: &mut Dice, naive: &Naive, steps: &[Step]) -> Step {
        let now = self.now(dice, naive);
        let process = dice.below(PROCESSES as u64) as usize;
        let fate = if dice.percent(4) { Fate::Crash } else { Fate::Append };
        let order = match dice.below(100) {
            0..12 if !steps.is_empty() => {
                let recent = steps.len().saturating_sub(if dice.percent(70) { 6 } else { 60 });
                dice.one(&steps[recent..]).order
            }
            12..14 if !steps.is_empty() => Order { request: self.request(dice, naive, now), ..dice.one(steps).order },
            _ => self.order(dice, naive, now),
        };
        Step { process, now, order, fate }
    }

    /// Mostly a little later, often exactly when something is due, sometimes far off.
    fn now(&mut self, dice: &mut Dice, naive: &Naive) -> u64 {
        let due: Vec<u64> =
            naive.times().into_iter().filter(|at| *at >= self.clock && *at < self.clock + 70 * DAY).collect();
        let now = match dice.below(100) {
            0..14 if !due.is_empty() => {
                let soonest = due.iter().copied().min().unwrap_or(self.clock);
                let at = if dice.percent(70) { soonest } else { dice.one(&due) };
                (at + dice.below(3)).saturating_sub(1)
            }
            14..18 => return self.clock - dice.below(2 * DAY),
            18..22 => self.clock + dice.below(45 * DAY),
            22 => return if dice.percent(50) { 0 } else { self.clock + YEARS + 200 * DAY },
            23 => self.clock + self.settings.window.as_millis() + dice.below(3) - 1,
            _ => self.clock + dice.below(2 * HOUR),
        };
        self.clock = self.clock.max(now);
        now
    }

    fn order(&mut self, dice: &mut Dice, naive: &Naive, now: u64) -> Order {
        self.keys += 1;
        let window = self.settings.window.as_millis();
        let issued = match dice.below(100) {
            0..2 => now.saturating_add(300_000 + dice.below(3)) - 1,
            2..4 => (now + dice.below(3)).saturating_sub(window + 1),
            4..20 => now.saturating_sub(dice.below(HOUR)),
            _ => now,
        };
        let key = CommandId::from_u64(self.keys).expect("not zero");
        Order { key, issued: Timestamp::from_millis(issued), request: self.request(dice, naive, now) }
    }

    fn request(&mut self, dice: &mut Dice, naive: &Naive, now: u64) -> Request {
        if self.keys == 1 && dice.percent(80) {
            return self.set_allowance(dice, now).into();
        }
        match dice.below(100) {
            0..4 => self.set_allowance(dice, now).into(),
            4..7 => self.begin_period(dice, naive, now).into(),
            7 => Tick {}.into(),
            8 => SetPool {
                pool: if dice.percent(70) { None } else { dice.one(&[OrgId::from_u64(1), OrgId::from_u64(2)]) },
            }
            .into(),
            9..20 => self.grant(dice, now).into(),
            20..23 => {
                let lot = lot(dice, naive);
                Void { lot, amount: if dice.percent(60) { Some(self.credits(dice)) } else { None } }.into()
            }
            23..25 => Extend { lot: lot(dice, naive), expires: self.maybe_later(dice, now) }.into(),
            25..27 => Transfer { to: OrgId::from_u64(2).expect("not zero"), amount: self.credits(dice) }.into(),
            27..38 => Charge { hold: new_hold(dice, naive), spender: spender(dice), amount: self.credits(dice) }.into(),
            38..50 => self.hold(dice, naive, now).into(),
            50..54 => {
                let more = if dice.percent(30) { Credits::ZERO } else { self.credits(dice) };
                Grow { hold: hold(dice, naive), amount: more, until: self.maybe_later(dice, now) }.into()
            }
            54..58 => Capture { hold: hold(dice, naive), amount: self.credits(dice) }.into(),
            58..65 => {
                let amount = if dice.percent(15) { Credits::ZERO } else { self.credits(dice) };
                Settle { hold: hold(dice, naive), amount }.into()
            }
            65..68 => Release { hold: hold(dice, naive) }.into(),
            68..74 => {
                let spend = old_hold(dice, naive);
                // Whose spends the refund of a lease gives back says the caller: tables ask for that.
                if naive.works.iter().any(|work| work.id == spend && work.kind == Kind::Lease) {
                    return Tick {}.into();
                }
                let amount = if dice.percent(60) { Some(self.credits(dice)) } else { None };
                Refund { spend, amount, scope: None }.into()
            }
            74..77 => {
                let timeout = dice.one(&[Timeout::Release, Timeout::Settle]);
                let (scope, amount) = (scope(dice, 25), self.credits(dice));
                Lease { hold: new_hold(dice, naive), scope, amount, until: later(dice, now), timeout }.into()
            }
            77..80 => {
                let count = dice.below(3);
                let spends = (0..count).map(|_| (scope(dice, 40), self.credits(dice))).collect();
                Report { hold: hold(dice, naive), spends }.into()
            }
            80..84 => {
                let max = if dice.percent(10) { Credits::ZERO } else { Credits::new(5 + dice.below(150)) };
                SetLimit { scope: scope(dice, 22), over: over(dice), max }.into()
            }
            84..86 => {
                let (scope, over) = limit(dice, naive);
                RaiseLimit { scope, over, by: self.credits(dice), periods: dice.below(4) as u32 }.into()
            }
            86 => {
                let (scope, over) = limit(dice, naive);
                DropLimit { scope, over }.into()
            }
            87 => SetAlerts {
                credits_left: dice.one(&[vec![], vec![Credits::new(20)], vec![Credits::ZERO, Credits::new(50)]]),
            }
            .into(),
            88..92 => Add { meter: dice.one(&meters()), spot: spot(dice, 70), amount: self.units(dice) }.into(),
            92..94 => Remove { meter: dice.one(&meters()), spot: spot(dice, 70), amount: self.units(dice) }.into(),
            94 => Clear { meter: dice.one(&meters()), spot: spot(dice, 30) }.into(),
            95..98 => {
                let (meter, spot) = (dice.one(&meters()), spot(dice, 70));
                Reserve { hold: new_hold(dice, naive), meter, spot, amount: self.units(dice), until: later(dice, now) }
                    .into()
            }
            _ => Commit { hold: hold(dice, naive), amount: self.units(dice) }.into(),
        }
    }

    fn set_allowance(&mut self, dice: &mut Dice, now: u64) -> SetAllowance {
        self.as_of += dice.below(3);
        let as_of = if dice.percent(10) { self.as_of.saturating_sub(1) } else { self.as_of };
        let allowance = self.allowance(dice, now);
        let next = if dice.percent(30) { Some((self.allowance(dice, now), later(dice, now))) } else { None };
        SetAllowance { as_of, allowance, next }
    }

    fn allowance(&mut self, dice: &mut Dice, now: u64) -> Allowance {
        if dice.percent(12) {
            self.renewal =
                dice.one(&[Renewal::Monthly, Renewal::Days(1), Renewal::Days(3), Renewal::Given, Renewal::Yearly]);
        }
        if dice.percent(10) {
            self.anchor = dice.one(&[now, now.saturating_sub(DAY), now.saturating_sub(33 * DAY)]);
        }
        let alerts = [vec![], vec![80], vec![50, 80, 100], vec![1, 100], vec![0], vec![101]];
        let rollovers =
            [Rollover::None, Rollover::Cap(30), Rollover::Cap(100), Rollover::Percent(50), Rollover::Percent(100)];
        let allocation =
            if self.extreme && dice.percent(20) { self.credits(dice) } else { Credits::new(10 * dice.below(12)) };
        let alerts_percent = alerts[(dice.below(26) as usize).min(29) % if dice.percent(4) { 6 } else { 4 }].clone();
        Allowance {
            renewal: self.renewal,
            anchor: Timestamp::from_millis(self.anchor),
            allocation,
            rollover: dice.one(&rollovers),
            rollover_periods: dice.one(&[None, None, Some(1), Some(2)]),
            midway: dice.one(&[Midway::Full, Midway::Prorated, Midway::Prorated, Midway::Next]),
            alerts_percent,
            meters: rules(dice),
        }
    }

    fn begin_period(&self, dice: &mut Dice, naive: &Naive, now: u64) -> BeginPeriod {
        let present = naive.period.as_ref().map_or(now, |period| period.start);
        let start = match dice.below(10) {
            0..3 => now,
            3..5 => present,
            5 => present.saturating_sub(1 + dice.below(DAY)),
            6 => now.saturating_sub(dice.below(3 * HOUR)),
            7..9 => now + dice.below(5 * DAY),
            _ => now + 1,
        };
        let end = if dice.percent(8) { start } else { start + HOUR + dice.below(40 * DAY) };
        BeginPeriod { start: Timestamp::from_millis(start), end: Timestamp::from_millis(end) }
    }

    fn grant(&self, dice: &mut Dice, now: u64) -> Grant {
        let classes = [Class::Promotional, Class::Purchased, Class::Purchased, Class::Adjustment];
        let effective = match dice.below(10) {
            0..2 => Some(later(dice, now)),
            2 => Some(Timestamp::from_millis(now.saturating_sub(dice.below(HOUR)))),
            _ => None,
        };
        Grant {
            class: if dice.percent(3) { Class::Rollover } else { dice.one(&classes) },
            amount: if dice.percent(80) { Credits::new(1 + dice.below(80)) } else { self.credits(dice) },
            scope: if dice.percent(70) { Scope::EVERYTHING } else { scope(dice, 30) },
            priority: dice.below(3) as u8,
            effective,
            expires: self.maybe_later(dice, now),
        }
    }

    fn hold(&self, dice: &mut Dice, naive: &Naive, now: u64) -> Hold {
        let above = match dice.below(4) {
            0 => Above::Refuse,
            1 => Above::Cap,
            2 => Above::Available,
            _ => Above::Overdraft(self.credits(dice)),
        };
        let timeout = dice.one(&[Timeout::Release, Timeout::Settle]);
        let (hold, spender, amount) = (new_hold(dice, naive), spender(dice), self.credits(dice));
        Hold { hold, spender, amount, until: later(dice, now), above, timeout }
    }

    fn maybe_later(&self, dice: &mut Dice, now: u64) -> Option<Timestamp> {
        if dice.percent(50) { Some(later(dice, now)) } else { None }
    }

    fn amount(&self, dice: &mut Dice) -> u64 {
        match dice.below(100) {
            0..4 => 0,
            4..10 => 1,
            10..16 if self.extreme => u64::MAX - dice.below(2),
            10..30 => 1 + dice.below(200),
            _ => 1 + dice.below(30),
        }
    }

    fn credits(&self, dice: &mut Dice) -> Credits {
        Credits::new(self.amount(dice))
    }

    fn units(&self, dice: &mut Dice) -> Units {
        Units::new(self.amount(dice))
    }
}

/// A time that lies ahead, mostly; few different ones, so that several things are due at one instant.
fn later(dice: &mut Dice, now: u64) -> Timestamp {
    let at = match dice.below(20) {
        0 => now,
        1 => now + 1,
        2 => u64::MAX,
        3..9 => (now / DAY + 1 + dice.below(6)) * DAY + DAY / 2,
        9..14 => (now / HOUR + 1 + dice.below(6)) * HOUR,
        _ => now + dice.below(10 * DAY),
    };
    Timestamp::from_millis(at)
}

/// The name of something that was, mostly not long ago.
fn old_hold(dice: &mut Dice, naive: &Naive) -> HoldId {
    let count = naive.works.len() as u64 + 1;
    HoldId::from_u64(count.saturating_sub(dice.below(8)).max(1)).expect("not zero")
}

/// A new name, mostly.
fn new_hold(dice: &mut Dice, naive: &Naive) -> HoldId {
    let count = naive.works.len() as u64 + 1;
    let number = if dice.percent(85) { count } else { 1 + dice.below(count) };
    HoldId::from_u64(number).expect("not zero")
}

/// The name of something that is open, mostly; otherwise of anything that ever was, or not yet.
fn hold(dice: &mut Dice, naive: &Naive) -> HoldId {
    let open: Vec<HoldId> = naive.works.iter().filter(|work| work.is_open()).map(|work| work.id).collect();
    if !open.is_empty() && dice.percent(75) { dice.one(&open) } else { new_hold(dice, naive) }
}

fn over(dice: &mut Dice) -> Over {
    dice.one(&[Over::Period, Over::Ever, Over::InFlight])
}

fn scope(dice: &mut Dice, chance: u64) -> Scope {
    Scope {
        organization: OrgId::from_u64(1 + dice.below(2)).filter(|_| dice.percent(chance / 8)),
        workspace: WorkspaceId::from_u64(1 + dice.below(2)).filter(|_| dice.percent(chance)),
        project: ResourceId::from_u64(1 + dice.below(2)).filter(|_| dice.percent(chance / 2)),
        user: UserId::from_u64(1 + dice.below(2)).filter(|_| dice.percent(chance)),
        service: ServiceId::from_u64(1).filter(|_| dice.percent(chance / 4)),
        class: Some(dice.one(&[label("llm"), label("image")])).filter(|_| dice.percent(chance / 2)),
    }
}

fn spender(dice: &mut Dice) -> Spender {
    let pays = if dice.percent(88) { Pays::Pool } else { dice.one(&[Pays::OwnKey, Pays::Nobody]) };
    Spender { scope: scope(dice, 75), pays }
}

fn spot(dice: &mut Dice, chance: u64) -> Spot {
    Spot {
        workspace: WorkspaceId::from_u64(1 + dice.below(2)).filter(|_| dice.percent(chance)),
        project: ResourceId::from_u64(1).filter(|_| dice.percent(chance / 4)),
        kind: Some(label("video")).filter(|_| dice.percent(chance / 2)),
    }
}

fn lot(dice: &mut Dice, naive: &Naive) -> LotId {
    let newest = naive.lots.len() as u64;
    LotId::from_u64((newest + 1).saturating_sub(dice.below(8)))
}

fn limit(dice: &mut Dice, naive: &Naive) -> (Scope, Over) {
    if naive.limits.is_empty() || dice.percent(15) {
        return (scope(dice, 20), over(dice));
    }
    let limit = dice.one(&naive.limits);
    (limit.scope, limit.over)
}

fn rules(dice: &mut Dice) -> Vec<MeterRule> {
    let mut rules = Vec::new();
    for meter in meters() {
        for per in [Per::Organization, Per::Workspace] {
            if dice.percent(45) {
                let grace = Enforcement::Grace(dice.one(&[Span::days(2), Span::hours(5)]));
                let enforcement = dice.one(&[Enforcement::Hard, Enforcement::Soft, grace, grace]);
                let alerts_percent = dice.one(&[vec![], vec![80, 100], vec![50]]);
                let max = Units::new(10 * dice.below(8));
                let alerts_percent = if max.is_zero() { Vec::new() } else { alerts_percent };
                rules.push(MeterRule { meter, per, max, enforcement, alerts_percent });
            }
        }
    }
    if dice.percent(2) {
        rules.extend(rules.first().cloned());
    }
    rules
}
