//! What does accounting cost, beside the least that anybody could do? And does it grow with lots, open holds, remembered keys?
//!
//! The floor is one hash map with an integer balance for each organization and a bounded set of keys with their answers, same
//! hash: it knows no lots, no limits, no ends, no holds of its own, no refunds.

use std::collections::VecDeque;
use std::hint::black_box;

use bailiwick::ledger::{
    Above, Allowance, Charge, Class, Credits, Grant, Hold, Ledger, Order, Over, Release, Request, Scope, SetAllowance,
    SetLimit, Settings, Settle, Spender, Timeout, Verdict,
};
use bailiwick::{Actor, CommandId, HoldId, OrgId, Span, Timestamp, UserId, WorkspaceId};
use criterion::{BenchmarkId, Criterion};
use hashbrown::HashMap;

use crate::world::NOW;

const KEYS: usize = 4_096;

fn ada() -> Spender {
    let (user, workspace) = (UserId::from_u64(1), WorkspaceId::from_u64(2));
    Spender::new(Scope { user, workspace, ..Scope::EVERYTHING })
}

/// A ledger and the numbers of its next key and hold.
struct Books {
    ledger: Ledger,
    next: u64,
}

impl Books {
    /// A ledger with so many lots that can pay, so many open holds, and three limits that cover the spender.
    fn new(lots: u64, holds: u64, limits: bool) -> Self {
        let settings = Settings { keys_max: KEYS, ..Settings::default() };
        let mut books = Self { ledger: Ledger::new(OrgId::from_u64(1).unwrap(), settings), next: 0 };
        books.order(SetAllowance { as_of: 1, allowance: Allowance::none(NOW), next: None });
        for lot in 0..lots {
            let expires = Some(NOW.plus(Span::days(30 + lot)));
            let amount = Credits::new(1 << 40);
            let (scope, priority) = (Scope::EVERYTHING, 0);
            books.order(Grant { class: Class::Purchased, amount, scope, priority, effective: None, expires });
        }
        let Scope { user, workspace, .. } = ada().scope;
        let scopes = [Scope::EVERYTHING, Scope { user, ..Scope::EVERYTHING }, Scope { workspace, ..Scope::EVERYTHING }];
        for scope in scopes.into_iter().filter(|_| limits) {
            books.order(SetLimit { scope, over: Over::Period, max: Credits::new(u64::MAX) });
        }
        for _ in 0..holds {
            books.hold();
        }
        books
    }

    /// Time goes on, a millisecond for every 64 orders.
    fn now(&self) -> Timestamp {
        NOW.plus(Span::millis(self.next / 64))
    }

    fn make(&mut self, request: impl Into<Request>) -> Order {
        self.next += 1;
        Order { key: CommandId::from_u64(self.next).unwrap(), issued: self.now(), request: request.into() }
    }

    fn order(&mut self, request: impl Into<Request>) {
        let order = self.make(request);
        let Verdict::New(entry) = self.ledger.handle(&order, Actor::System, self.now()) else { panic!("{order:?}") };
        self.ledger.apply(&entry);
        assert!(entry.answer.is_ok(), "{entry:?}");
    }

    fn hold(&mut self) -> HoldId {
        let hold = HoldId::from_u64(self.next + 1).unwrap();
        let (amount, until) = (Credits::new(10), self.now().plus(Span::minutes(10)));
        self.order(Hold { hold, spender: ada(), amount, until, above: Above::Refuse, timeout: Timeout::Release });
        hold
    }

    fn hold_and_settle(&mut self) {
        let hold = self.hold();
        self.order(Settle { hold, amount: Credits::new(7) });
    }
}

/// The least that keeps a balance and repeats no spend.
#[derive(Default)]
struct Floor {
    balances: HashMap<OrgId, u64>,
    keys: HashMap<CommandId, u64>,
    order: VecDeque<CommandId>,
}

impl Floor {
    fn spend(&mut self, organization: OrgId, key: CommandId, amount: u64) -> Option<u64> {
        if let Some(known) = self.keys.get(&key) {
            return Some(*known);
        }
        let balance = self.balances.get_mut(&organization)?;
        *balance = balance.checked_sub(amount)?;
        self.keys.insert(key, *balance);
        self.order.push_back(key);
        if self.order.len() > KEYS {
            self.keys.remove(&self.order.pop_front()?);
        }
        Some(*balance)
    }
}

pub fn ledger(c: &mut Criterion) {
    let mut group = c.benchmark_group("ledger");
    floor(&mut group);
    for lots in [1, 4, 16, 64] {
        let books = Books::new(lots, 0, true);
        let amount = Credits::new(lots << 40); // all of it
        assert!(books.ledger.affords(&ada(), amount, NOW).is_ok());
        group.bench_function(BenchmarkId::new("affords/3_limits/lots", lots), |b| {
            b.iter(|| black_box(&books.ledger).affords(black_box(&ada()), black_box(amount), NOW).is_ok());
        });
    }
    for lots in [1, 4, 16, 64] {
        let mut books = Books::new(lots, 0, true);
        group.bench_function(BenchmarkId::new("hold_and_settle/3_limits/lots", lots), |b| {
            b.iter(|| books.hold_and_settle())
        });
        assert!(books.ledger.audit().is_empty());
    }
    for holds in [0, 1_000, 50_000] {
        let mut books = Books::new(4, holds, true);
        group.bench_function(BenchmarkId::new("hold_and_settle/open_holds", holds), |b| {
            b.iter(|| books.hold_and_settle())
        });
    }
    for history in [100, 10_000, 1_000_000_u64] {
        let mut books = Books::new(4, 0, true);
        for _ in 0..history {
            books.hold_and_settle();
        }
        group.bench_function(BenchmarkId::new("hold_and_settle/history", history), |b| {
            b.iter(|| books.hold_and_settle())
        });
    }
    group.bench_function("charge/4_lots_3_limits", |b| {
        let mut books = Books::new(4, 0, true);
        b.iter(|| {
            let hold = HoldId::from_u64(books.next + 1).unwrap();
            books.order(Charge { hold, spender: ada(), amount: Credits::new(3) });
        });
    });
    group.bench_function("release/4_lots_3_limits", |b| {
        let mut books = Books::new(4, 0, true);
        b.iter(|| {
            let hold = books.hold();
            books.order(Release { hold });
        });
    });
    let mut books = Books::new(4, 0, true);
    let hold = HoldId::from_u64(1_000_000).unwrap();
    let order = books.make(Charge { hold, spender: ada(), amount: Credits::new(3) });
    let Verdict::New(entry) = books.ledger.handle(&order, Actor::System, NOW) else { panic!("not new") };
    books.ledger.apply(&entry);
    group.bench_function("replay_of_a_known_key", |b| {
        b.iter(|| matches!(black_box(&books.ledger).handle(black_box(&order), Actor::System, NOW), Verdict::Known(_)));
    });
    group.finish();
}

fn floor(group: &mut criterion::BenchmarkGroup<'_, criterion::measurement::WallTime>) {
    let (organization, mut next) = (OrgId::from_u64(1).unwrap(), 0_u64);
    let mut floor = Floor::default();
    floor.balances.insert(organization, u64::MAX);
    group.bench_function("floor/affords", |b| {
        b.iter(|| black_box(&floor).balances.get(black_box(&organization)).is_some_and(|balance| *balance >= 10));
    });
    group.bench_function("floor/spend_twice", |b| {
        b.iter(|| {
            for amount in [10, 7] {
                next += 1;
                black_box(floor.spend(organization, CommandId::from_u64(next).unwrap(), amount)).unwrap();
            }
        });
    });
    let known = CommandId::from_u64(next.max(1)).unwrap(); // where a filter has skipped the spending
    group
        .bench_function("floor/replay", |b| b.iter(|| black_box(&mut floor).spend(organization, black_box(known), 10)));
}
