//! What is a hot account worth to eight processes? They charge one organization, each with a store of its own: directly, where every charge is
//! an append that all of them want to make, and with leases, which they spend by themselves and report.
//!
//! Processes are threads with a runtime, a store and tenants of their own. By hand there is nothing to judge: each charge takes the version that it
//! finds. The balance is asked for by a ninth process after each round.

use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::ledger::{Class, Credits, Grant, Lease, LeaseSpent, Leased, Release, Request, Scope, Timeout};
use bailiwick::store::sqlite::{Options, SqliteStore};
use bailiwick::store::{AsyncStore, Direct, StoreError};
use bailiwick::{AsyncTenants, CommandId, HoldId, Issue, Span, TenantsError};
use rusqlite::Connection;
use tokio::runtime::{Builder, Runtime};

use crate::Run;
use crate::cell::Measured;
use crate::hand::Written;
use crate::hand::postgres::Hand;
use crate::hand::sqlite::{open, write};
use crate::place::{self, Folder, Server};
use crate::sample::Samples;
use crate::world::{self, MEMBERS, NOW, Step};

const PROCESSES: u64 = 8;
/// Credits of a lease; what is left of it after so many is given back.
const LEASED: u64 = 1_000;
const SPENT: u64 = 900;
/// Spends between two reports: what a crash would lose.
const REPORTED: u64 = 250;

pub fn all(run: &mut Run) {
    if run.wants("SQLite", "processes") {
        sqlite(run);
    }
    if run.wants("PostgreSQL", "processes") {
        if let Some(server) = run.server() {
            postgres(run, &server);
        }
    }
}

/// Somebody with a runtime of their own.
struct Process<T> {
    runtime: Runtime,
    it: T,
}

impl<T> Process<T> {
    fn new<F: Future<Output = T>>(make: impl FnOnce() -> F) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let it = runtime.block_on(make());
        Self { runtime, it }
    }
}

fn eight<T, F: Future<Output = T>>(make: impl Fn() -> F) -> Vec<Process<T>> {
    (0..PROCESSES).map(|_| Process::new(&make)).collect()
}

fn sqlite(run: &mut Run) {
    let folder = Folder::new();
    let (path, copy) = (folder.file("lease.db"), folder.file("lease-floor.db"));
    // Whoever waits for another process waits, however long it is.
    let options = Options { busy: Duration::from_secs(60), ..Options::default() };
    let tenants = || async {
        let store = SqliteStore::open_with(&path, &options).unwrap();
        AsyncTenants::new(world::catalog(), Direct(Arc::new(store)))
    };
    run.runtime.block_on(async { fill(&tenants().await).await });
    std::fs::copy(&path, &copy).unwrap();
    let hands = eight(|| async { Mutex::new(open(&copy)) });
    let samples = run.samples.clone();
    let by_hand = |hand: &Process<Mutex<Connection>>| write(&hand.it.lock().unwrap(), &[written(&samples)]);
    let count = || open(&copy).query_row("SELECT version FROM stream WHERE kind = 1", [], |row| row.get(0)).unwrap();
    measure(run, "SQLite", tenants, &hands, by_hand, count);
}

fn postgres(run: &mut Run, server: &Server) {
    let (runtime, samples) = (Arc::clone(&run.runtime), run.samples.clone());
    let (address, copy) = (server.address("lease"), server.address("lease_floor"));
    let tenants = || async { AsyncTenants::new(world::catalog(), Arc::new(place::connect(&address, 2))) };
    runtime.block_on(async {
        server.create("lease", "template1").await;
        let filling = tenants().await;
        filling.store().migrate().await.unwrap();
        fill(&filling).await;
        drop(filling);
        server.create("lease_floor", "lease").await;
    });
    let hands = eight(|| Hand::open(&copy, &samples));
    let by_hand = |hand: &Process<Hand>| hand.runtime.block_on(hand.it.append(&written(&samples)));
    let counting = runtime.block_on(Hand::open(&copy, &samples));
    let count = || runtime.block_on(counting.head(0, 1));
    measure(run, "PostgreSQL", tenants, &hands, by_hand, count);
}

/// One organization with more credits than anybody will spend.
async fn fill<S: AsyncStore>(tenants: &AsyncTenants<S>) {
    world::found(tenants, world::org(0), MEMBERS, "viewer").await;
    world::charge(tenants, step(1)).await.unwrap();
    let (scope, amount) = (Scope::EVERYTHING, Credits::new(1_000_000_000_000));
    let grant = Grant { class: Class::Promotional, amount, scope, priority: 0, effective: None, expires: None };
    order(tenants, 2, grant).await;
}

fn step(id: u128) -> Step {
    Step { organization: 0, member: 0, visit: 0, id }
}

fn written(samples: &Samples) -> Written {
    let sample = Arc::new(samples.charge.clone());
    Written { organization: 0, sample, user: world::user(0), expected: None, records: 1, operation: None }
}

fn measure<S, F, H>(
    run: &mut Run,
    store: &'static str,
    tenants: impl Fn() -> F,
    hands: &[Process<H>],
    by_hand: impl Fn(&Process<H>) + Sync,
    count: impl Fn() -> i64,
) where
    S: AsyncStore,
    F: Future<Output = AsyncTenants<S>>,
    H: Send + Sync,
{
    let processes = eight(&tenants);
    let balance = || Process::new(|| async { world::spendable(&tenants().await, 0).await }).it;
    let (mut ids, effort) = (0_u64, run.effort);
    let mut ours = |each: u64, act: fn(&Process<AsyncTenants<S>>, u128, u64)| {
        let before = balance();
        ids += 1;
        let took = at_once(&processes, |at, process| act(process, u128::from(ids) << 64 | (at as u128) << 32, each));
        assert_eq!(before - balance(), u128::from(each * PROCESSES), "a credit was lost or made");
        took
    };
    let cell = measured(store, "a credit charged by 8 processes").beside_each(
        (effort.of(8, 2), effort.of(11, 1)),
        |each| ours(each, directly),
        |each| {
            let before = count();
            let took = at_once(hands, |_, hand| (0..each).for_each(|_| by_hand(hand)));
            assert_eq!(count() - before, (each * PROCESSES) as i64);
            took
        },
    );
    run.note(cell);
    run.note(
        measured(store, "the same with leases of 1,000")
            .alone((effort.of(2 * SPENT, 10), effort.of(5, 1)), |each| ours(each, with_leases)),
    );
}

fn measured(store: &'static str, what: &str) -> Measured {
    Measured { what: what.into(), store, clients: PROCESSES, organizations: 1 }
}

fn at_once<T: Sync>(all: &[Process<T>], act: impl Fn(usize, &Process<T>) + Sync) -> Duration {
    let begun = Instant::now();
    thread::scope(|scope| {
        for (at, process) in all.iter().enumerate() {
            let act = &act;
            scope.spawn(move || act(at, process));
        }
    });
    begun.elapsed()
}

fn directly<S: AsyncStore>(process: &Process<AsyncTenants<S>>, ids: u128, each: u64) {
    process.runtime.block_on(async {
        for n in 1..=each {
            while let Err(why) = world::charge(&process.it, step(ids + u128::from(n))).await {
                assert!(may_succeed(&why), "{why}");
            }
        }
    });
}

fn with_leases<S: AsyncStore>(process: &Process<AsyncTenants<S>>, ids: u128, each: u64) {
    process.runtime.block_on(async {
        let (mut left, mut id) = (each, ids);
        while left > 0 {
            let spends = left.min(SPENT);
            id = spend_lease(&process.it, id, spends).await;
            left -= spends;
        }
    });
}

/// Takes a lease, spends so much of it, and gives back the rest.
async fn spend_lease<S: AsyncStore>(tenants: &AsyncTenants<S>, mut id: u128, spends: u64) -> u128 {
    let mut next = || {
        id += 1;
        id
    };
    let (hold, until) = (HoldId::from_u128(next()).unwrap(), NOW.now.plus(Span::hours(1)));
    let (scope, amount) = (Scope::EVERYTHING, Credits::new(LEASED));
    let lease = Lease { hold, scope, amount, until, timeout: Timeout::Release };
    order(tenants, next(), lease).await;
    let (mut leased, by) = (Leased::new(&lease), Scope { user: Some(world::user(0)), ..Scope::EVERYTHING });
    for n in 1..=spends {
        assert_eq!(leased.spend(by, Credits::new(1), NOW.now), LeaseSpent::Yes);
        if n % REPORTED == 0 || n == spends {
            order(tenants, next(), leased.report().unwrap()).await;
            leased.acknowledge();
        }
    }
    order(tenants, next(), Release { hold }).await;
    next()
}

/// Under its key, until it is carried out.
async fn order<S: AsyncStore>(tenants: &AsyncTenants<S>, key: u128, request: impl Into<Request>) {
    let (issue, request) = (Issue { key: CommandId::from_u128(key).unwrap(), at: NOW.now }, request.into());
    let system = bailiwick::Actor::System;
    while let Err(why) = tenants.order(world::org(0), issue, request.clone(), system, NOW.now).await {
        assert!(may_succeed(&why), "{why}");
    }
}

/// Whether others were in the way, and nothing else.
fn may_succeed(why: &TenantsError) -> bool {
    matches!(why, TenantsError::Contended | TenantsError::Store(StoreError::Retry(_)))
}
