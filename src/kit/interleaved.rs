//! Interleavings: two processes, one command each, every order of their steps at the store.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll};
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::vec::Vec;

use super::keys::is_code;
use super::world::{CREDITS, World, system};
use super::{Broken, Fresh, holds};
use crate::TenantsError;
use crate::change::{ChangeRoles, Command, Leave, Record, Rename};
use crate::id::{CommandId, LinkId, OrgId, ResourceId};
use crate::ledger::{Entry, Snapshot as LedgerSnapshot};
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::rows::{Row, RowKey, Table};
use crate::sharing::ShareRecord;
use crate::store::each_method;
use crate::store::{
    Append, Appended, AsyncStore, Changes, Cursor, Key, Loaded, Place, Replacement, Snapshot, StoreError, Stream,
    Written,
};
use crate::tenants::AsyncTenants;
use crate::version::Version;

/// Orders in which two processes take their steps: one bit for each step.
const SCHEDULES: u32 = 1 << 5;

/// Two commands that stand in each other's way, in every order of their steps at the store: one of them wins, the other is told why not.
///
/// # Errors
/// What is [broken](Broken).
pub async fn every_interleaving_of_two_commands_has_an_order<S: AsyncStore>(
    store: &Arc<S>,
    fresh: Fresh,
) -> Result<(), Broken> {
    for schedule in 0..SCHEDULES {
        let world = World::new(store, fresh.apart(u64::from(schedule).wrapping_add(100)))?;
        last_owners(&world, schedule).await?;
        last_seat(&world, schedule).await?;
        one_name(&world, schedule).await?;
        last_credits(&world, schedule).await?;
    }
    Ok(())
}

async fn last_owners<S: AsyncStore>(world: &World<S>, schedule: u32) -> Result<(), Broken> {
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    tenants.handle(here, world.add(2, "member"), &system()).await?;
    let owner = ChangeRoles { user: world.user(2), roles: ["owner".into()].into() };
    tenants.handle(here, owner, &system()).await?;
    let leave = |n| (here, Command::from(Leave { content: None }), world.by(n));
    raced(world, schedule, [leave(1), leave(2)], "last_owner").await
}

async fn last_seat<S: AsyncStore>(world: &World<S>, schedule: u32) -> Result<(), Broken> {
    let here = world.org(3);
    world.process().create(here, world.creation(3, 2)?, &world.by(3)).await?;
    let add = |n| (here, Command::from(world.add(n, "member")), system());
    raced(world, schedule, [add(4), add(5)], "seat_limit").await
}

async fn one_name<S: AsyncStore>(world: &World<S>, schedule: u32) -> Result<(), Broken> {
    let tenants = world.process();
    let (one, two) = (world.create(&tenants, 6).await?, world.create(&tenants, 7).await?);
    let name = world.name("The One")?;
    let rename = |organization| (organization, Command::from(Rename { name: name.clone() }), system());
    raced(world, schedule, [rename(one), rename(two)], "name_taken").await
}

async fn last_credits<S: AsyncStore>(world: &World<S>, schedule: u32) -> Result<(), Broken> {
    let tenants = world.process();
    world.create(&tenants, 8).await?;
    world.charge(&tenants, 8, 1, CREDITS.saturating_sub(10)).await?;
    let gate = Arc::new(Gate::default());
    let [a, b] = gate.processes(world);
    let charges = together(&gate, schedule, world.charge(&a, 8, 2, 10), world.charge(&b, 8, 3, 10)).await;
    one_of((charges.0, charges.1), "not_enough", schedule)
}

type Given<'c> = (OrgId, Command, crate::change::Context<'c>);

async fn raced<S: AsyncStore>(
    world: &World<S>,
    schedule: u32,
    [(at, first, by), (there, second, of)]: [Given<'_>; 2],
    code: &str,
) -> Result<(), Broken> {
    let gate = Arc::new(Gate::default());
    let [a, b] = gate.processes(world);
    let answers = together(&gate, schedule, a.handle(at, first, &by), b.handle(there, second, &of)).await;
    one_of(answers, code, schedule)?;
    for organization in [at, there] {
        let records = world.records(organization).await?;
        let versions: Vec<u64> = records.iter().map(|record| record.version.as_u64()).collect();
        holds!(
            versions.iter().copied().eq(1..=records.len() as u64),
            "in order {schedule:b} there are versions {versions:?}"
        );
        let violations = world.replayed(organization).await?.audit(super::world::NOW);
        holds!(violations.is_empty(), "in order {schedule:b} there are {violations:?}");
    }
    Ok(())
}

fn one_of<T>(
    (first, second): (Result<T, TenantsError>, Result<T, TenantsError>),
    code: &str,
    schedule: u32,
) -> Result<(), Broken> {
    let winners = usize::from(first.is_ok()).saturating_add(usize::from(second.is_ok()));
    holds!(winners == 1, "in order {schedule:b} of two commands {winners} were carried out ({code})");
    let told = [first, second].iter().any(|answer| is_code(answer, code));
    holds!(told, "in order {schedule:b} nobody was told `{code}`");
    Ok(())
}

/// Lets one process at a time take one step.
#[derive(Debug, Default)]
struct Gate {
    /// Who may take the next step: one more than the number of the process; zero for nobody.
    may: AtomicUsize,
    taken: AtomicUsize,
}

impl Gate {
    fn processes<S: AsyncStore>(self: &Arc<Self>, world: &World<S>) -> [AsyncTenants<Gated<S>>; 2] {
        [0, 1].map(|process| {
            let store = Gated { behind: Arc::clone(&world.store), gate: Arc::clone(self), process };
            AsyncTenants::new(Arc::clone(&world.catalog), store)
        })
    }
}

/// A store whose every call waits for its turn.
#[derive(Debug)]
struct Gated<S> {
    behind: Arc<S>,
    gate: Arc<Gate>,
    process: usize,
}

impl<S> Gated<S> {
    async fn step(&self) {
        let mine = self.process.wrapping_add(1);
        poll_fn(|_| match self.gate.may.compare_exchange(mine, 0, Ordering::SeqCst, Ordering::SeqCst) {
            Ok(_) => Poll::Ready(()),
            Err(_) => Poll::Pending, // whoever opens the gate asks again
        })
        .await;
    }

    fn taken(&self) {
        self.gate.taken.fetch_add(1, Ordering::SeqCst);
    }
}

macro_rules! gated {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {$(
        async fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
            self.step().await;
            let answer = self.behind.$name($($argument),*).await;
            self.taken();
            answer
        }
    )*};
}

impl<S: AsyncStore> AsyncStore for Gated<S> {
    each_method!(gated);

    fn keeps_rows(&self) -> bool {
        self.behind.keeps_rows()
    }
}

/// Runs two futures to their ends, step by step in an order.
async fn together<A: Future, B: Future>(gate: &Gate, schedule: u32, a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(a), pin!(b));
    let (mut first, mut second) = (None, None);
    let (mut at, mut open) = (0_u32, false);
    poll_fn(move |context: &mut Context<'_>| {
        loop {
            let turn = (schedule >> (at % 5)) & 1;
            let is_over = if turn == 0 { first.is_some() } else { second.is_some() };
            let who = if is_over { 2_u32.wrapping_sub(turn) } else { turn.wrapping_add(1) };
            let before = gate.taken.load(Ordering::SeqCst);
            if !open {
                gate.may.store(who as usize, Ordering::SeqCst);
                open = true;
            }
            if first.is_none() {
                if let Poll::Ready(output) = a.as_mut().poll(context) {
                    first = Some(output);
                    open = false;
                }
            }
            if second.is_none() {
                if let Poll::Ready(output) = b.as_mut().poll(context) {
                    second = Some(output);
                    open = false;
                }
            }
            match (first.take(), second.take()) {
                (Some(a), Some(b)) => return Poll::Ready((a, b)),
                (a, b) => (first, second) = (a, b),
            }
            if gate.taken.load(Ordering::SeqCst) != before {
                at = at.wrapping_add(1);
                open = false;
            } else if open {
                return Poll::Pending;
            }
        }
    })
    .await
}
