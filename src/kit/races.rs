//! Races: many at once, and as many of them win as there is room for.

use std::format;
use std::sync::Arc;
use std::thread;
use std::vec::Vec;

use super::together::all;
use super::world::{CREDITS, NOW, World, system};
use super::{Broken, Fresh, holds};
use crate::TenantsError;
use crate::change::{ChangeRoles, Leave, Rename};
use crate::store::{AsyncStore, Direct, Store};
use crate::tenants::wait;

const RACERS: u64 = 12;

/// Seats, ownership, names and credits, each wanted by many processes at once: as many get it as there is.
///
/// # Errors
/// What is [broken](Broken).
pub async fn of_many_who_race_the_right_number_wins<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = &World::new(store, fresh)?;
    prepared(world).await?;
    let processes: Vec<_> = (0..RACERS).map(|_| world.process()).collect();
    let racers = || (0..).zip(&processes);
    let seats = all(racers().map(|(n, process)| {
        let add = world.add(100 + n, "member");
        async move { process.handle(world.org(1), add, &system()).await.map(|_| ()) }
    }));
    won(seats.await, 3, "seats")?;
    let leaves = all(racers().map(|(n, process)| {
        let by = world.by(200 + n);
        let here = world.org(2);
        async move { process.handle(here, Leave { content: None }, &by).await.map(|_| ()) }
    }));
    won(leaves.await, RACERS as usize, "owners who leave while another one stays")?;
    let name = world.name("Wanted by all")?;
    let names = all(racers().map(|(n, process)| {
        let (here, rename) = (world.org(300 + n), Rename { name: name.clone() });
        async move { process.handle(here, rename, &system()).await.map(|_| ()) }
    }));
    won(names.await, 1, "names")?;
    let charges =
        all(racers()
            .map(|(n, process)| async move { world.charge(process, 4, 400 + n, CREDITS / 5).await.map(|_| ()) }));
    won(charges.await, 5, "charges")?;
    over(world).await
}

/// The same between threads.
///
/// # Errors
/// What is [broken](Broken).
pub fn threads_race_as_tasks_do<S: Store>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(&Arc::new(Direct(Arc::clone(store))), fresh)?;
    wait(prepared(&world))?;
    let race = |run: &(dyn Fn(u64) -> Result<(), TenantsError> + Sync)| -> Vec<Result<(), TenantsError>> {
        thread::scope(|scope| {
            let racers: Vec<_> = (0..RACERS).map(|n| scope.spawn(move || run(n))).collect();
            racers.into_iter().filter_map(|racer| racer.join().ok()).collect()
        })
    };
    let seats =
        race(&|n| wait(world.process().handle(world.org(1), world.add(100 + n, "member"), &system())).map(|_| ()));
    won(seats, 3, "seats")?;
    let leaves =
        race(&|n| wait(world.process().handle(world.org(2), Leave { content: None }, &world.by(200 + n))).map(|_| ()));
    won(leaves, RACERS as usize, "owners who leave while another one stays")?;
    let name = world.name("Wanted by all")?;
    let names = race(&|n| {
        wait(world.process().handle(world.org(300 + n), Rename { name: name.clone() }, &system())).map(|_| ())
    });
    won(names, 1, "names")?;
    let charges = race(&|n| wait(world.charge(&world.process(), 4, 400 + n, CREDITS / 5)).map(|_| ()));
    won(charges, 5, "charges")?;
    wait(over(&world))
}

/// One with three seats left; one with as many owners as there are racers, and one more; as many as want one name; one with credits.
async fn prepared<S: AsyncStore>(world: &World<S>) -> Result<(), Broken> {
    let tenants = world.process();
    tenants.create(world.org(1), world.creation(1, 4)?, &world.by(1)).await?;
    let owned = world.create(&tenants, 2).await?;
    for n in 0..RACERS {
        tenants.handle(owned, world.add(200 + n, "member"), &system()).await?;
        let roles = ["owner".into()].into();
        tenants.handle(owned, ChangeRoles { user: world.user(200 + n), roles }, &system()).await?;
        world.create(&tenants, 300 + n).await?;
    }
    world.create(&tenants, 4).await?;
    Ok(())
}

/// What there is after everybody has run.
async fn over<S: AsyncStore>(world: &World<S>) -> Result<(), Broken> {
    let tenants = world.process();
    for n in [1, 2, 4] {
        let records = world.records(world.org(n)).await?;
        let in_order = records.iter().map(|record| record.version.as_u64()).eq(1..=records.len() as u64);
        holds!(in_order, "after a race versions do not follow each other");
        let violations = world.replayed(world.org(n)).await?.audit(NOW);
        holds!(violations.is_empty(), "after a race there are {violations:?}");
    }
    let spent = tenants.read_ledger(world.org(4), NOW, |ledger| ledger.balance(NOW).columns.spent).await?;
    holds!(spent == u128::from(CREDITS), "{spent} credits of {CREDITS} are spent");
    Ok(())
}

fn won(answers: Vec<Result<(), TenantsError>>, expected: usize, what: &str) -> Result<(), Broken> {
    let winners = answers.iter().filter(|answer| answer.is_ok()).count();
    holds!(answers.len() == RACERS as usize, "a racer has panicked over {what}");
    let trouble = answers.iter().find_map(|answer| answer.as_ref().err().filter(|why| why.code().is_none()));
    holds!(
        trouble.is_none(),
        "a racer was told of trouble: {}",
        trouble.map(|why| format!("{why:?}")).unwrap_or_default()
    );
    holds!(winners == expected, "{winners} of {RACERS} have won, where there was room for {expected}: {what}");
    Ok(())
}
