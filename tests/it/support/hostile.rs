//! Orders that nobody should send: numbers at the edge, clocks that run backwards, keys that come again, answers that are
//! lost. Made from bytes, so that tests and fuzzers draw from the same source. What must hold of any ledger is next door.

use std::fmt::Write as _;

use arbitrary::Unstructured;
use bailiwick::catalog::{Enforcement, Midway, Per, Renewal, Rollover};
use bailiwick::ledger::*;
use bailiwick::{Actor, CommandId, HoldId, Label, OrgId, ResourceId, ServiceId, Span, Timestamp, UserId, WorkspaceId};

use super::lives::dice::{Dice, noise};

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
const YEARS: u64 = 3_660 * DAY;
/// 31 January, 0:00.
const BEGIN: u64 = 1_801_353_600_000;
const HOLDS: u64 = 40;
/// Where sums and percentages stop.
const EDGES: [u64; 8] = [
    u64::MAX,
    u64::MAX - 1,
    u64::MAX / 2,
    u64::MAX / 2 + 1,
    u64::MAX / 100,
    u64::MAX / 100 + 1,
    1 << 32,
    i64::MAX as u64,
];

/// One order, given by somebody, at a time that a clock has told.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) now: Timestamp,
    pub(crate) by: Actor,
    pub(crate) order: Order,
    /// Whether the process is gone before it appends what it was answered.
    pub(crate) lost: bool,
}

/// Orders, one after the other, to one ledger.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) settings: Settings,
    pub(crate) steps: Vec<Step>,
}

pub(crate) fn organization() -> OrgId {
    OrgId::from_u64(1).expect("not zero")
}

/// Every name that a hold can have here.
pub(crate) fn holds() -> impl Iterator<Item = HoldId> {
    (1..=HOLDS).filter_map(HoldId::from_u64)
}

pub(crate) fn meters() -> [Label; 2] {
    [Label::STORAGE, label("seats")]
}

pub(crate) fn workspaces() -> [Option<WorkspaceId>; 2] {
    [1, 2].map(WorkspaceId::from_u64)
}

fn label(text: &str) -> Label {
    text.parse().expect("a label")
}

impl Script {
    /// The script that some bytes describe: at most so many steps, and no more than there are bytes for.
    pub(crate) fn from_bytes(bytes: &[u8], steps_max: usize) -> Self {
        let mut dice = Dice(&mut Unstructured::new(bytes));
        let settings = settings(&mut dice);
        let ledger = Ledger::new(organization(), settings.clone());
        let wild = dice.pick(&[30, 8, 2]);
        let mut maker = Maker { ledger, clock: BEGIN, keys: 0, holds: 0, wild, orders: Vec::new() };
        let mut steps = Vec::new();
        while steps.len() < steps_max && !dice.0.is_empty() {
            steps.push(maker.step(&mut dice, &settings));
        }
        Self { settings, steps }
    }

    /// The steps for people to read.
    pub(crate) fn told(&self) -> String {
        let mut text = format!("{:?}\n", self.settings);
        for Step { now, by, order, lost } in &self.steps {
            let (key, issued) = (order.key.as_u128(), order.issued.as_millis());
            let request = serde_json::to_string(&order.request).unwrap_or_default();
            let fate = if *lost { " lost" } else { "" };
            let _ = writeln!(text, "at {} by {by:?}{fate} key {key} issued {issued}: {request}", now.as_millis());
        }
        text
    }

    /// The script of a seed, the same on every machine.
    pub(crate) fn of_seed(seed: u64, steps_max: usize) -> Self {
        Self::from_bytes(&noise(seed, steps_max * 64), steps_max)
    }
}

fn settings(dice: &mut Dice<'_, '_>) -> Settings {
    Settings {
        burn_order: match dice.below(4) {
            0 | 1 => BurnOrder::default(),
            2 => BurnOrder::new([]),
            _ => BurnOrder::new([BurnKey::Class, BurnKey::Expiry]),
        },
        transfers: !dice.once_in(4),
        window: if dice.once_in(4) { dice.pick(&[Span::hours(1), Span::millis(0)]) } else { Span::hours(24) },
        keys_max: if dice.once_in(4) { dice.pick(&[6, 1]) } else { 16_384 },
        refundable_max: if dice.once_in(4) { dice.pick(&[2, 0]) } else { 16_384 },
    }
}

/// Makes the orders of one script.
struct Maker {
    /// What came of the orders so far, so that others can follow on them.
    ledger: Ledger,
    /// The time of the last entry.
    clock: u64,
    keys: u64,
    holds: u64,
    /// One amount in so many is at the edge of numbers.
    wild: u8,
    orders: Vec<Order>,
}

impl Maker {
    fn step(&mut self, dice: &mut Dice<'_, '_>, settings: &Settings) -> Step {
        let now = self.now(dice, settings);
        let user = UserId::from_u64(1).expect("not zero");
        let by = if dice.once_in(8) { Actor::User(user) } else { Actor::System };
        let order = match dice.below(16) {
            0 | 1 if !self.orders.is_empty() => dice.pick(&self.recent()),
            2 if !self.orders.is_empty() => Order { request: self.request(dice), ..dice.pick(&self.recent()) },
            3 if !self.orders.is_empty() => Order { issued: self.issued(dice, now), ..dice.pick(&self.recent()) },
            _ => {
                self.keys += 1;
                let key = CommandId::from_u64(self.keys).expect("not zero");
                Order { key, issued: self.issued(dice, now), request: self.request(dice) }
            }
        };
        self.orders.push(order.clone());
        let (now, lost) = (Timestamp::from_millis(now), dice.once_in(16));
        if let (Verdict::New(entry), false) = (self.ledger.handle(&order, by, now), lost) {
            self.clock = entry.at.as_millis();
            self.ledger.apply(&entry);
        }
        Step { now, by, order, lost }
    }

    fn recent(&self) -> Vec<Order> {
        self.orders[self.orders.len().saturating_sub(8)..].to_vec()
    }

    /// Mostly the same instant or a little later, often a round one, so that several things are due at once.
    fn now(&self, dice: &mut Dice<'_, '_>, settings: &Settings) -> u64 {
        let (clock, window) = (self.clock, settings.window.as_millis());
        match dice.below(24) {
            0..=10 => clock,
            11..=13 => self.after(dice.number(2 * HOUR)),
            14 | 15 => self.round(HOUR, 1),
            16 | 17 => self.round(DAY, 1),
            18 => self.after(dice.number(45) * DAY),
            19 => self.after(window + dice.number(3)).saturating_sub(2),
            20 => clock.saturating_sub(dice.number(2 * DAY)),
            21 if dice.once_in(4) => dice.pick(&[clock.saturating_sub(1), self.after(YEARS + 1), u64::MAX, 0, 1]),
            22 if dice.once_in(2) => self.after(dice.pick(&[400 * DAY, YEARS / 5])),
            _ => self.after(1),
        }
    }

    fn after(&self, millis: u64) -> u64 {
        self.clock.saturating_add(millis)
    }

    /// So many whole hours or days on.
    fn round(&self, unit: u64, number: u64) -> u64 {
        (self.clock / unit).saturating_add(number).saturating_mul(unit)
    }

    fn issued(&self, dice: &mut Dice<'_, '_>, now: u64) -> Timestamp {
        Timestamp::from_millis(match dice.below(16) {
            0 if dice.once_in(2) => now.saturating_sub(dice.number(2 * DAY)),
            1 => now.saturating_add(299_998 + dice.number(3)),
            2 if dice.once_in(4) => dice.pick(&[0, u64::MAX, self.clock]),
            3 => now.saturating_sub(dice.number(HOUR)),
            _ => now.max(self.clock),
        })
    }

    fn request(&mut self, dice: &mut Dice<'_, '_>) -> Request {
        if self.keys == 1 && !dice.once_in(4) {
            return self.set_allowance(dice).into();
        }
        match dice.below(64) {
            0..=3 => self.set_allowance(dice).into(),
            4..=6 => BeginPeriod { start: self.later(dice), end: self.later(dice) }.into(),
            7 => Tick {}.into(),
            8 => SetPool { pool: dice.pick(&[None, None, None, None, None, OrgId::from_u64(1), OrgId::from_u64(2)]) }
                .into(),
            9..=15 => self.grant(dice).into(),
            16 => Void { lot: self.lot(dice), amount: None }.into(),
            17 => Void { lot: self.lot(dice), amount: Some(self.credits(dice)) }.into(),
            18 => bailiwick::ledger::Extend { lot: self.lot(dice), expires: self.maybe_later(dice) }.into(),
            19 => Transfer {
                to: dice.pick(&[OrgId::from_u64(2), Some(organization())]).expect("not zero"),
                amount: self.credits(dice),
            }
            .into(),
            20 => self.receive(dice).into(),
            21..=26 => Charge { hold: self.named(dice), spender: spender(dice), amount: self.credits(dice) }.into(),
            27..=33 => self.hold(dice).into(),
            34..=36 => {
                Grow { hold: self.known(dice), amount: self.credits(dice), until: self.maybe_later(dice) }.into()
            }
            37..=39 => Capture { hold: self.known(dice), amount: self.credits(dice) }.into(),
            40..=43 => Settle { hold: self.known(dice), amount: self.credits(dice) }.into(),
            44 => Release { hold: self.known(dice) }.into(),
            45..=47 => {
                let amount = if dice.once_in(2) { None } else { Some(self.credits(dice)) };
                Refund {
                    spend: self.spent(dice),
                    amount,
                    scope: if dice.once_in(4) { Some(scope(dice)) } else { None },
                }
                .into()
            }
            48 | 49 => {
                let timeout = dice.pick(&[Timeout::Release, Timeout::Settle]);
                Lease {
                    hold: self.named(dice),
                    scope: scope(dice),
                    amount: self.credits(dice),
                    until: self.later(dice),
                    timeout,
                }
                .into()
            }
            50 => {
                let spends = (0..dice.below(4)).map(|_| (scope(dice), self.credits(dice))).collect();
                Report { hold: self.known(dice), spends }.into()
            }
            51 | 52 => SetLimit { scope: scope(dice), over: over(dice), max: self.credits(dice) }.into(),
            53 => {
                let ((scope, over), periods) = (self.limit(dice), dice.pick(&[1, 2, 0, u32::MAX]));
                RaiseLimit { scope, over, by: self.credits(dice), periods }.into()
            }
            54 => {
                let (scope, over) = self.limit(dice);
                DropLimit { scope, over }.into()
            }
            55 => SetAlerts { credits_left: (0..dice.below(4)).map(|_| self.credits(dice)).collect() }.into(),
            56..=58 => Add { meter: meter(dice), spot: spot(dice), amount: self.units(dice) }.into(),
            59 | 60 => Remove { meter: meter(dice), spot: spot(dice), amount: self.units(dice) }.into(),
            61 => Clear { meter: meter(dice), spot: spot(dice) }.into(),
            62 => {
                let (hold, amount, until) = (self.named(dice), self.units(dice), self.later(dice));
                Reserve { hold, meter: meter(dice), spot: spot(dice), amount, until }.into()
            }
            _ => Commit { hold: self.known(dice), amount: self.units(dice) }.into(),
        }
    }

    fn set_allowance(&self, dice: &mut Dice<'_, '_>) -> SetAllowance {
        let as_of = if dice.once_in(8) { dice.pick(&[0, u64::MAX]) } else { 7 };
        let allowance = self.allowance(dice);
        let next = if dice.once_in(4) { Some((self.allowance(dice), self.later(dice))) } else { None };
        SetAllowance { as_of, allowance, next }
    }

    fn allowance(&self, dice: &mut Dice<'_, '_>) -> Allowance {
        let days = if dice.once_in(6) { dice.pick(&[1, 0, u32::MAX]) } else { dice.pick(&[30, 7]) };
        let renewals = [Renewal::Monthly, Renewal::Days(days), Renewal::Given, Renewal::Yearly];
        let anchors = [BEGIN, BEGIN - 10 * DAY, BEGIN + 3 * DAY, self.clock, 0, u64::MAX];
        let rollovers =
            [Rollover::None, Rollover::Cap(self.amount(dice)), Rollover::Percent(dice.pick(&[50, 100, 1, 0, 255]))];
        let meters = (0..dice.below(3)).map(|_| self.rule(dice)).collect();
        Allowance {
            renewal: dice.pick(&renewals),
            anchor: Timestamp::from_millis(dice.pick(&anchors)),
            allocation: self.credits(dice),
            rollover: dice.pick(&rollovers),
            rollover_periods: if dice.once_in(8) {
                dice.pick(&[Some(0), Some(u32::MAX)])
            } else {
                dice.pick(&[None, Some(1), Some(2), Some(12)])
            },
            midway: dice.pick(&[Midway::Full, Midway::Prorated, Midway::Next]),
            alerts_percent: if dice.once_in(16) {
                dice.pick(&[vec![0], vec![101]])
            } else {
                dice.pick(&[vec![], vec![80, 100], vec![1, 50]])
            },
            meters,
        }
    }

    fn rule(&self, dice: &mut Dice<'_, '_>) -> MeterRule {
        let grace =
            Enforcement::Grace(dice.pick(&[Span::days(2), Span::hours(5), Span::millis(0), Span::millis(u64::MAX)]));
        MeterRule {
            meter: meter(dice),
            per: dice.pick(&[Per::Organization, Per::Workspace]),
            max: self.units(dice),
            enforcement: dice.pick(&[Enforcement::Hard, Enforcement::Hard, Enforcement::Soft, grace]),
            alerts_percent: dice.pick(&[vec![], vec![80, 100]]),
        }
    }

    fn grant(&self, dice: &mut Dice<'_, '_>) -> Grant {
        let classes = [Class::Purchased, Class::Promotional, Class::Adjustment, Class::Rollover, Class::Allocation];
        Grant {
            class: if dice.once_in(8) { dice.pick(&classes) } else { dice.pick(&classes[..3]) },
            amount: self.credits(dice),
            scope: if dice.once_in(3) { scope(dice) } else { Scope::EVERYTHING },
            priority: dice.pick(&[0, 1, 255]),
            effective: if dice.once_in(5) { Some(self.later(dice)) } else { None },
            expires: self.maybe_later(dice),
        }
    }

    fn receive(&self, dice: &mut Dice<'_, '_>) -> Receive {
        let from = OrgId::from_u64(2).expect("not zero");
        Receive { from, grants: (0..dice.below(4)).map(|_| self.grant(dice)).collect() }
    }

    /// A name that nobody has, mostly.
    fn named(&mut self, dice: &mut Dice<'_, '_>) -> HoldId {
        if !dice.once_in(8) {
            self.holds = HOLDS.min(self.holds + 1);
        }
        HoldId::from_u64(self.holds.max(1)).expect("not zero")
    }

    /// The name of something that is open, mostly.
    fn known(&self, dice: &mut Dice<'_, '_>) -> HoldId {
        let now = Timestamp::from_millis(self.clock);
        self.named_so(dice, |hold| self.ledger.hold(hold, now).is_some())
    }

    /// The name of something that was spent, mostly.
    fn spent(&self, dice: &mut Dice<'_, '_>) -> HoldId {
        let now = Timestamp::from_millis(self.clock);
        self.named_so(dice, |hold| self.ledger.refundable(hold, now).is_some_and(|left| !left.is_zero()))
    }

    fn named_so(&self, dice: &mut Dice<'_, '_>, is_so: impl Fn(HoldId) -> bool) -> HoldId {
        let all: Vec<HoldId> = holds().filter(|hold| is_so(*hold)).collect();
        if !all.is_empty() && !dice.once_in(4) {
            return dice.pick(&all);
        }
        HoldId::from_u64((self.holds + 1).saturating_sub(dice.number(4)).max(1)).expect("not zero")
    }

    fn lot(&self, dice: &mut Dice<'_, '_>) -> LotId {
        let lots = self.ledger.lots(Timestamp::from_millis(self.clock));
        if lots.is_empty() || dice.once_in(8) {
            return LotId::from_u64(dice.pick(&[1, 2, 3, 0, u64::MAX]));
        }
        dice.pick(&lots[..lots.len().min(20)]).id
    }

    /// Mostly one that there is.
    fn limit(&self, dice: &mut Dice<'_, '_>) -> (Scope, Over) {
        let limits = self.ledger.limits(Timestamp::from_millis(self.clock));
        if limits.is_empty() || dice.once_in(4) {
            return (scope(dice), over(dice));
        }
        let limit = dice.pick(&limits[..limits.len().min(20)]);
        (limit.scope, limit.over)
    }

    fn hold(&mut self, dice: &mut Dice<'_, '_>) -> Hold {
        let overdraft = Above::Overdraft(self.credits(dice));
        let above = dice.pick(&[Above::Refuse, Above::Cap, Above::Available, overdraft]);
        let timeout = dice.pick(&[Timeout::Release, Timeout::Settle]);
        let (hold, spender, amount) = (self.named(dice), spender(dice), self.credits(dice));
        Hold { hold, spender, amount, until: self.later(dice), above, timeout }
    }

    /// A time that lies ahead, mostly.
    fn later(&self, dice: &mut Dice<'_, '_>) -> Timestamp {
        Timestamp::from_millis(match dice.below(12) {
            0..=3 => self.round(HOUR, dice.number(6)),
            4..=8 => self.round(DAY, dice.number(20)),
            9 => self.after(dice.number(40 * DAY)),
            10 => self.after(dice.number(2) - 1),
            _ => dice.pick(&[u64::MAX, u64::MAX - 1, 0, self.after(YEARS)]),
        })
    }

    fn maybe_later(&self, dice: &mut Dice<'_, '_>) -> Option<Timestamp> {
        if dice.once_in(2) { Some(self.later(dice)) } else { None }
    }

    fn amount(&self, dice: &mut Dice<'_, '_>) -> u64 {
        if dice.once_in(self.wild) {
            return match dice.below(4) {
                0 => dice.0.arbitrary().unwrap_or(0),
                1 => u64::MAX - dice.number(40),
                _ => dice.pick(&EDGES),
            };
        }
        match dice.below(16) {
            0 => 0,
            1 => 1,
            2..=4 => dice.number(400),
            _ => dice.number(50),
        }
    }

    fn credits(&self, dice: &mut Dice<'_, '_>) -> Credits {
        Credits::new(self.amount(dice))
    }

    fn units(&self, dice: &mut Dice<'_, '_>) -> Units {
        Units::new(self.amount(dice))
    }
}

fn over(dice: &mut Dice<'_, '_>) -> Over {
    dice.pick(&[Over::Period, Over::Ever, Over::InFlight])
}

fn meter(dice: &mut Dice<'_, '_>) -> Label {
    dice.pick(&meters())
}

/// Few of them, so that lots, limits and spends meet.
pub(crate) fn scopes() -> Vec<Scope> {
    let none = Scope::EVERYTHING;
    let user = Scope { user: UserId::from_u64(1), ..none };
    let place = Scope { workspace: WorkspaceId::from_u64(1), ..none };
    let class = Some(label("llm"));
    vec![
        none,
        user,
        Scope { user: UserId::from_u64(2), ..none },
        place,
        Scope { user: UserId::from_u64(1), ..place },
        Scope { user: UserId::from_u64(1), class, ..place },
        Scope { class, ..none },
        Scope { project: ResourceId::from_u64(1), ..place },
        Scope { service: ServiceId::from_u64(1), ..none },
        Scope { organization: OrgId::from_u64(2), ..none },
        Scope { organization: OrgId::from_u64(2), ..user },
    ]
}

fn scope(dice: &mut Dice<'_, '_>) -> Scope {
    if dice.once_in(4) { Scope::EVERYTHING } else { dice.pick(&scopes()) }
}

fn spender(dice: &mut Dice<'_, '_>) -> Spender {
    let pays = if dice.once_in(8) { dice.pick(&[Pays::OwnKey, Pays::Nobody]) } else { Pays::Pool };
    Spender { scope: scope(dice), pays }
}

fn spot(dice: &mut Dice<'_, '_>) -> Spot {
    Spot {
        workspace: dice.pick(&[None, workspaces()[0], workspaces()[1]]),
        project: if dice.once_in(6) { ResourceId::from_u64(1) } else { None },
        kind: if dice.once_in(4) { Some(label("video")) } else { None },
    }
}
