//! Rows of ledgers: whatever is ordered, and whatever time brings, one entry or many at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::catalog::{Renewal, Rollover};
use bailiwick::ledger::*;
use bailiwick::rows::{Row, RowChanges, Table, rows_of_ledger};
use bailiwick::{Actor, CommandId, HoldId, OrgId, ResourceId, ServiceId, Span, Timestamp, UserId, WorkspaceId};

use super::seen::Seen;
use super::{Kept, written};
use crate::support::hostile;
use crate::support::simulator::{Script, World};

/// A ledger with its rows beside it, which follow so many entries at once.
struct Followed {
    ledger: Ledger,
    behind: Ledger,
    waiting: Vec<Arc<Entry>>,
    together: usize,
    kept: Kept,
}

impl Followed {
    fn new(settings: &Settings, together: usize) -> Self {
        let ledger = Ledger::new(OrgId::from_u64(1).unwrap(), settings.clone());
        assert!(rows_of_ledger(&ledger).is_empty());
        Self { behind: ledger.clone(), ledger, waiting: Vec::new(), together, kept: Kept::default() }
    }

    fn give(&mut self, order: &Order, now: Timestamp, seen: &mut Seen) {
        let Verdict::New(entry) = self.ledger.handle(order, Actor::System, now) else { return };
        self.ledger.apply(&entry);
        self.waiting.push(entry);
        if self.waiting.len() < self.together {
            return;
        }
        let changes = RowChanges::of_ledger(&self.behind, &self.waiting);
        self.kept.follow(&changes);
        self.kept.assert_is(rows_of_ledger(&self.ledger), &|| format!("{:#?}", self.waiting));
        self.waiting.iter().for_each(|entry| self.behind.apply(entry));
        assert_eq!(self.behind, self.ledger);
        self.waiting.clear();
        seen.note(&changes);
        self.says_what_the_ledger_says(&changes);
    }

    /// The balance is what the ledger answers at that time, unless more is due by then.
    fn says_what_the_ledger_says(&self, changes: &RowChanges) {
        for row in &changes.put {
            if let Row::Balance { as_of, due_at, spendable, allocation, bank, held, owed, .. } = row {
                let balance = self.ledger.balance(*as_of);
                let short = |sum: u128| u64::try_from(sum).unwrap_or(u64::MAX);
                if due_at.is_none_or(|due| due > *as_of) {
                    let said = [balance.spendable, balance.allocation, balance.bank, balance.columns.held].map(short);
                    assert_eq!(said, [*spendable, *allocation, *bank, *held]);
                    assert_eq!(*owed, balance.owed.as_u64());
                }
            }
        }
    }
}

/// What clients, clocks and crashing processes do, and orders that nobody should send.
fn scripts() -> impl Iterator<Item = (Settings, Vec<(Order, Timestamp)>)> {
    let simulated = (0..30).map(|seed| {
        let (script, _): (Script, _) = World::simulate(seed, 120, &mut BTreeMap::new());
        let steps = script.steps.into_iter().map(|step| (step.order, Timestamp::from_millis(step.now)));
        (script.settings, steps.collect())
    });
    let hostile = (0..40).map(|seed| {
        let script = hostile::Script::of_seed(seed, 120);
        (script.settings, script.steps.into_iter().map(|step| (step.order, step.now)).collect())
    });
    simulated.chain(hostile)
}

#[test]
fn rows_follow_every_entry_one_by_one_and_together() {
    let mut seen = Seen::default();
    for (settings, steps) in scripts() {
        for together in [1, 5] {
            let mut followed = Followed::new(&settings, together);
            steps.iter().for_each(|(order, now)| followed.give(order, *now, &mut seen));
        }
    }
    seen.assert_all(&[Table::Balance, Table::Lot], &[]);
}

/// Of periods that are given ahead each says, once it has begun, when the next one does.
#[test]
fn rows_follow_periods_that_are_given_ahead() {
    let mut followed = Followed::new(&Settings::default(), 1);
    let now = Timestamp::from_millis(1_795_000_000_000);
    let day = |n| now.plus(Span::days(n));
    let allowance = Allowance { renewal: Renewal::Given, allocation: Credits::new(10), ..Allowance::none(now) };
    let ahead = |n| BeginPeriod { start: day(n), end: day(n + 1) };
    let requests: [(u64, Request); 6] = [
        (0, SetAllowance { as_of: 1, allowance, next: None }.into()),
        (0, ahead(1).into()),
        (0, ahead(2).into()),
        (0, ahead(3).into()),
        (1, Tick {}.into()),
        (2, Tick {}.into()),
    ];
    for (key, (at, request)) in (1..).zip(requests) {
        let order = Order { key: CommandId::from_u64(key).unwrap(), issued: day(at), request };
        followed.give(&order, day(at), &mut Seen::default());
    }
    let due: Vec<_> = rows_of_ledger(&followed.ledger)
        .into_iter()
        .filter_map(|row| match row {
            Row::Balance { due_at, period_start, .. } => Some((period_start, due_at)),
            _ => None,
        })
        .collect();
    assert_eq!(due, [(Some(day(2)), Some(day(3)))]);
}

/// A ledger in which every column holds something of its own. `BAILIWICK_WRITE=1` writes the rows anew: read what is different.
#[test]
fn a_ledger_has_rows_as_written() {
    let mut ledger = Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default());
    let now = Timestamp::from_millis(1_795_000_000_000);
    let mut key = 0;
    let mut give = |ledger: &mut Ledger, at: u64, request: Request| {
        key += 1;
        let now = now.plus(Span::hours(at));
        let order = Order { key: CommandId::from_u64(key).unwrap(), issued: now, request };
        let Verdict::New(entry) = ledger.handle(&order, Actor::System, now) else { panic!("{order:?}") };
        assert!(entry.answer.is_ok(), "{entry:?}");
        ledger.apply(&entry);
    };
    let allowance = Allowance {
        renewal: Renewal::Days(30),
        allocation: Credits::new(1_000),
        rollover: Rollover::Cap(300),
        ..Allowance::none(now)
    };
    give(&mut ledger, 0, SetAllowance { as_of: 1, allowance, next: None }.into());
    let scope = Scope {
        organization: OrgId::from_u64(2),
        workspace: WorkspaceId::from_u64(3),
        project: ResourceId::from_u64(4),
        user: UserId::from_u64(5),
        service: ServiceId::from_u64(6),
        class: "llm".parse().ok(),
    };
    let grant =
        Grant { class: Class::Purchased, amount: Credits::new(50), scope, priority: 7, effective: None, expires: None };
    let (effective, expires) = (Some(now.plus(Span::days(50))), Some(now.plus(Span::days(60))));
    give(&mut ledger, 1, grant.clone().into());
    give(
        &mut ledger,
        1,
        Grant { class: Class::Promotional, amount: Credits::new(70), effective, expires, ..grant.clone() }.into(),
    );
    let grant = Grant { class: Class::Adjustment, scope: Scope::EVERYTHING, ..grant };
    give(&mut ledger, 31 * 24, Grant { amount: Credits::new(11), ..grant.clone() }.into());
    give(&mut ledger, 31 * 24, Void { lot: LotId::from_u64(5), amount: Some(Credits::new(4)) }.into());
    let spender = Spender::new(Scope::EVERYTHING);
    let named = |n| HoldId::from_u64(n).unwrap();
    give(&mut ledger, 32 * 24, Charge { hold: named(1), spender, amount: Credits::new(20) }.into());
    let until = now.plus(Span::days(33));
    let (above, timeout) = (Above::Overdraft(Credits::new(2_000)), Timeout::Release);
    give(&mut ledger, 32 * 24, Hold { hold: named(2), spender, amount: Credits::new(5), until, above, timeout }.into());
    give(
        &mut ledger,
        32 * 24,
        Hold { hold: named(3), spender, amount: Credits::new(1_250), until, above, timeout }.into(),
    );
    give(&mut ledger, 32 * 24, Settle { hold: named(2), amount: Credits::new(55) }.into());
    written("ledger.txt", &rows_of_ledger(&ledger));
}

/// A hold that is open still has spent something, and some of that comes back.
#[test]
fn rows_follow_a_refund_of_a_hold_that_is_open() {
    let mut followed = Followed::new(&Settings::default(), 1);
    let (now, hold, spender) =
        (Timestamp::from_millis(1_795_000_000_000), HoldId::from_u64(1).unwrap(), Spender::new(Scope::EVERYTHING));
    let (amount, until, scope) = (Credits::new(50), now.plus(Span::hours(1)), Scope::EVERYTHING);
    let (above, timeout, class) = (Above::Refuse, Timeout::Release, Class::Purchased);
    let requests: [Request; 4] = [
        Grant { class, amount, scope, priority: 0, effective: None, expires: None }.into(),
        Hold { hold, spender, amount, until, above, timeout }.into(),
        Capture { hold, amount: Credits::new(20) }.into(),
        Refund { spend: hold, amount: Some(Credits::new(5)), scope: None }.into(),
    ];
    for (n, request) in (1..).zip(requests) {
        let order = Order { key: CommandId::from_u64(n).unwrap(), issued: now, request };
        followed.give(&order, now, &mut Seen::default());
    }
    assert_eq!(followed.ledger.balance(now).columns.spent, 15);
}
