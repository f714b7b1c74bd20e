//! In PostgreSQL: clients are tasks.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick::AsyncTenants;
use bailiwick::store::postgres::PostgresStore;

use super::{Done, Kind, Plan, many, plans};
use crate::Run;
use crate::hand::postgres::Database;
use crate::place::{self, Server};
use crate::world::{self, MEMBERS, Step};

const STORE: &str = "PostgreSQL";
const CLIENTS: u64 = 8;

type Tenants = Arc<AsyncTenants<Arc<PostgresStore>>>;

pub fn all(run: &mut Run) {
    let plans = plans(run, STORE);
    let (Some(server), false) = (run.server(), plans.is_empty()) else { return };
    let runtime = Arc::clone(&run.runtime);
    let (ours, floor) = runtime.block_on(sides(run, &server));
    for plan in plans {
        let (mut done, mut beside) = (Done::default(), Done::default());
        let cell = plan.measured(STORE).beside(
            run.effort,
            |each| {
                runtime.block_on(async {
                    let before = total(&ours, plan).await;
                    let took = clients(plan, &mut done, each, &ours, act).await;
                    assert_eq!(total(&ours, plan).await.abs_diff(before), u128::from(each * plan.clients));
                    took
                })
            },
            |each| {
                runtime.block_on(async {
                    let kind = if plan.kind == Kind::Change { 0 } else { 1 };
                    let before = floor.versions(kind).await;
                    let took = clients(plan, &mut beside, each, &floor, act_by_hand).await;
                    assert_eq!(floor.versions(kind).await - before, (each * plan.clients) as i64);
                    took
                })
            },
        );
        run.note(cell);
    }
}

/// One database, and a copy of it to be written by hand.
async fn sides(run: &Run, server: &Server) -> (Tenants, Arc<Database>) {
    let organizations = many(run) + 1;
    server.create("ours", "template1").await;
    fill(&server.hasty_address("ours"), organizations).await;
    server.create("floor", "ours").await;
    server.settle().await;
    let store = Arc::new(place::connect(&server.address("ours"), 16));
    let floor = Database::open(&server.address("floor"), &run.samples, organizations, CLIENTS).await;
    (Arc::new(AsyncTenants::new(world::catalog(), store)), Arc::new(floor))
}

/// Every organization, with its allowance in its ledger.
async fn fill(address: &str, organizations: u64) {
    let store = Arc::new(place::connect(address, 4));
    store.migrate().await.unwrap();
    let tenants = AsyncTenants::new(world::catalog(), store);
    for n in 0..organizations {
        world::found(&tenants, world::org(n), MEMBERS, "viewer").await;
        world::charge(&tenants, Step { organization: n, member: 0, visit: 0, id: 1 }).await.unwrap();
    }
}

/// Every client does as many as each shall.
async fn clients<S, F>(
    plan: Plan,
    done: &mut Done,
    each: u64,
    side: &Arc<S>,
    act: impl Fn(Arc<S>, Kind, Step) -> F + Copy + Send + 'static,
) -> Duration
where
    S: Send + Sync + 'static,
    F: Future<Output = ()> + Send,
{
    let steps = done.next(each);
    let begun = Instant::now();
    let tasks: Vec<_> = (0..plan.clients)
        .map(|client| {
            let (side, steps) = (Arc::clone(side), steps.clone());
            tokio::spawn(async move {
                for step in steps {
                    act(Arc::clone(&side), plan.kind, plan.step(client, step)).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    begun.elapsed()
}

async fn act(tenants: Tenants, kind: Kind, step: Step) {
    match kind {
        Kind::Change => _ = world::change(&tenants, step).await.unwrap(),
        Kind::Charge => _ = world::charge(&tenants, step).await.unwrap(),
    }
}

async fn act_by_hand(floor: Arc<Database>, kind: Kind, step: Step) {
    match kind {
        Kind::Change => floor.change(step).await,
        Kind::Charge => floor.charge(step).await,
    }
}

/// What every change adds one to, or every charge takes one from.
async fn total(tenants: &Tenants, plan: Plan) -> u128 {
    let mut total = 0;
    for n in plan.first..plan.first + plan.organizations {
        total += match plan.kind {
            Kind::Change => {
                let version = tenants.read(world::org(n), |organization| organization.version()).await.unwrap();
                u128::from(version.unwrap().as_u64())
            }
            Kind::Charge => world::spendable(tenants, n).await,
        };
    }
    total
}
