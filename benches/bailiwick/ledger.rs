//! What does accounting cost, beside the least that anybody could do? And does it grow with lots, open holds, remembered keys?
//!
//! The floor is one hash map with an integer balance for each organization and a bounded set of keys with their answers, same
//! hash: it knows no lots, no limits, no ends, no holds of its own, no refunds.

use std::collections::VecDeque;
use std::hint::black_box;

use bailiwick::ledger::{Charge, Credits, Release, Verdict};
use bailiwick::{Actor, CommandId, HoldId, OrgId};
use criterion::{BenchmarkId, Criterion};
use hashbrown::HashMap;

use crate::books::{Books, KEYS, ada};
use crate::world::NOW;

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
