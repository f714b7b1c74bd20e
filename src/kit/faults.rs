//! Faults on the way: answers that get lost, calls that get lost, a store that is busy.

use core::sync::atomic::{AtomicU64, Ordering};
use std::format;
use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system};
use super::{Broken, Fresh, holds};
use crate::TenantsError;
use crate::change::{CreateWorkspace, Outcome};
use crate::store::{Append, Appended, AsyncFront, AsyncStore, StoreError};
use crate::tenants::AsyncTenants;

/// A command whose answer was lost is carried out once, however often it is sent again, with an id or without.
///
/// # Errors
/// What is [broken](Broken).
pub async fn a_lost_answer_is_no_second_command<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let here = world.create(&world.process(), 1).await?;
    let line = Line { behind: Arc::clone(store), calls: AtomicU64::new(0) };
    let tenants = AsyncTenants::new(Arc::clone(&world.catalog), line);
    let mut outcomes: Vec<Outcome> = Vec::new();
    for n in 0..40 {
        let context = if n % 2 == 0 { system().as_command(world.command(n)) } else { system() };
        let create = CreateWorkspace { workspace: world.workspace(100 + n), name: world.name(&format!("Place {n}"))? };
        let mut tries = 0;
        let outcome = loop {
            tries += 1;
            match tenants.handle(here, create.clone(), &context).await {
                Ok(outcome) => break Some(outcome),
                Err(TenantsError::Store(StoreError::Retry(_) | StoreError::Unknown(_))) if tries < 20 => {}
                // Carried out before, and told as far as it can be told without an id.
                Err(why) if why.code() == Some("already_exists") && context.command.is_none() && tries > 1 => {
                    break None;
                }
                Err(why) => return Err(why.into()),
            }
        };
        outcomes.extend(outcome);
    }
    let replayed = world.replayed(here).await?;
    let places = replayed.workspaces().count();
    holds!(places == 41, "{places} workspaces where 41 were made");
    let records = world.records(here).await?;
    let told = outcomes.iter().flatten().all(|record| records.contains(record));
    holds!(told, "somebody was told of records that are not there");
    for n in (0..40).step_by(2) {
        let carried_out = records.iter().filter(|record| record.command == Some(world.command(n))).count();
        holds!(carried_out == 1, "an operation was carried out {carried_out} times");
    }
    for key in 0..20 {
        let mut tries = 0;
        loop {
            tries += 1;
            match world.charge(&tenants, 1, key, 3).await {
                Err(TenantsError::Store(StoreError::Retry(_) | StoreError::Unknown(_))) if tries < 20 => {}
                answer => {
                    answer?;
                    break;
                }
            }
        }
    }
    let now = super::world::NOW;
    let spent = world.process().read_ledger(here, now, |ledger| ledger.balance(now).columns.spent).await?;
    holds!(spent == 60, "{spent} credits are spent where 20 charges took 3 each");
    Ok(())
}

/// A line on which calls and answers get lost.
struct Line<S> {
    behind: Arc<S>,
    calls: AtomicU64,
}

impl<S: AsyncStore> AsyncFront for Line<S> {
    type Behind = Arc<S>;

    fn behind(&self) -> &Arc<S> {
        &self.behind
    }

    async fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if call % 7 == 5 {
            return Err(StoreError::Retry("busy".into()));
        }
        if call % 5 == 3 {
            return Err(StoreError::Unknown("the call was lost".into()));
        }
        let answer = self.behind.append(append).await;
        // Now and then the answer gets lost three times in a row, so that the command itself has to be sent again.
        if call % 3 == 1 || call % 16 < 3 {
            return Err(StoreError::Unknown("the answer was lost".into()));
        }
        answer
    }
}
