//! In a file: clients are threads.

use std::fs;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::store::Direct;
use bailiwick::store::sqlite::{Options, SqliteStore, Synchronous};
use bailiwick::{AsyncTenants, Tenants};

use super::{Done, Kind, Plan, many, plans};
use crate::Run;
use crate::hand::sqlite::File;
use crate::place::Folder;
use crate::world::{self, MEMBERS, NOW, Step};

const STORE: &str = "SQLite";

pub fn all(run: &mut Run) {
    let plans = plans(run, STORE);
    if plans.is_empty() {
        return;
    }
    let folder = Folder::new();
    let (path, copy, organizations) = (folder.file("ours.db"), folder.file("floor.db"), many(run) + 1);
    fill(run, &path, organizations);
    fs::copy(&path, &copy).unwrap();
    let ours = Tenants::new(world::catalog(), Arc::new(SqliteStore::open(&path).unwrap()));
    let floor = File::open(&copy, &run.samples, organizations);
    for plan in plans {
        let (mut done, mut beside) = (Done::default(), Done::default());
        let cell = plan.measured(STORE).beside(
            run.effort,
            |each| {
                let before = total(&ours, plan);
                let took = clients(plan, &mut done, each, |step| act(&ours, plan.kind, step));
                assert_eq!(total(&ours, plan).abs_diff(before), u128::from(each * plan.clients));
                took
            },
            |each| {
                let kind = if plan.kind == Kind::Change { 0 } else { 1 };
                let before = floor.versions(kind);
                let took = clients(plan, &mut beside, each, |step| match plan.kind {
                    Kind::Change => floor.change(step),
                    Kind::Charge => floor.charge(step),
                });
                assert_eq!(floor.versions(kind) - before, (each * plan.clients) as i64);
                took
            },
        );
        run.note(cell);
    }
    let verified = ours.store().verify(Some(world::org(organizations - 1))).unwrap();
    assert!(verified.is_empty(), "{verified:?}");
}

/// Every organization, with its allowance in its ledger.
fn fill(run: &Run, path: &std::path::Path, organizations: u64) {
    let options = Options { synchronous: Synchronous::Normal, ..Options::default() };
    let store = SqliteStore::open_with(path, &options).unwrap();
    let tenants = AsyncTenants::new(world::catalog(), Direct(Arc::new(store)));
    run.runtime.block_on(async {
        for n in 0..organizations {
            world::found(&tenants, world::org(n), MEMBERS, "viewer").await;
            world::charge(&tenants, Step { organization: n, member: 0, visit: 0, id: 1 }).await.unwrap();
        }
    });
}

/// Every client does as many as each shall.
fn clients(plan: Plan, done: &mut Done, each: u64, act: impl Fn(Step) + Sync) -> Duration {
    let steps = done.next(each);
    let begun = Instant::now();
    thread::scope(|scope| {
        for client in 0..plan.clients {
            let (act, steps) = (&act, steps.clone());
            scope.spawn(move || steps.for_each(|step| act(plan.step(client, step))));
        }
    });
    begun.elapsed()
}

fn act(tenants: &Tenants<Arc<SqliteStore>>, kind: Kind, step: Step) {
    let organization = world::org(step.organization);
    match kind {
        Kind::Change => {
            tenants.handle(organization, step.change(), &step.context()).unwrap();
        }
        Kind::Charge => {
            let (work, actor) = (world::work(), world::owner().actor);
            let charge = |spender| step.charge(spender);
            tenants.spend(organization, step.issue(), &work, actor, &step.now(), charge).unwrap();
        }
    }
}

/// What every change adds one to, or every charge takes one from.
fn total(tenants: &Tenants<Arc<SqliteStore>>, plan: Plan) -> u128 {
    let each = (plan.first..plan.first + plan.organizations).map(|n| match plan.kind {
        Kind::Change => {
            let version = tenants.read(world::org(n), |organization| organization.version()).unwrap();
            u128::from(version.unwrap().as_u64())
        }
        Kind::Charge => {
            let spendable = |ledger: &bailiwick::ledger::Ledger| ledger.balance(NOW.now).spendable;
            tenants.read_ledger(world::org(n), NOW.now, spendable).unwrap()
        }
    });
    each.sum()
}
