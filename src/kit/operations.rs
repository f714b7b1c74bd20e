//! Operations: however often one is appended, it is carried out once.

use std::sync::Arc;

use super::world::{World, system};
use super::{Broken, Fresh, holds};
use crate::change::Rename;
use crate::store::{Appended, AsyncStore, Written};

/// An operation is carried out once in an organization, whatever was appended since, and is found by its id.
///
/// # Errors
/// What is [broken](Broken).
pub async fn carries_out_an_operation_once<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let (here, there) = (world.create(&tenants, 1).await?, world.create(&tenants, 2).await?);
    let id = world.command(1);
    holds!(store.operation(here, id).await?.is_none(), "an operation is known that was never carried out");
    let mut organization = world.replayed(here).await?;
    let (before, once) = (organization.clone(), system().as_command(id));
    let records = world.next(&mut organization, Rename { name: world.name("Once")? }, &once)?;
    let answer = world.append(&before, before.version(), &records).await?;
    holds!(answer == Appended::Applied, "an operation was answered {answer:?}");
    let written = Written { from: before.version().next(), to: organization.version() };
    for _ in 0..2 {
        let answer = world.append(&before, before.version(), &records).await?;
        holds!(answer == Appended::Replayed(written), "the same operation again was answered {answer:?}");
    }
    let at_the_end = organization.clone();
    let another = world.next(&mut organization, Rename { name: world.name("Twice")? }, &once)?;
    let answer = world.append(&at_the_end, at_the_end.version(), &another).await?;
    holds!(answer == Appended::Replayed(written), "an operation that was carried out before was answered {answer:?}");
    holds!(store.operation(here, id).await? == Some(written), "an operation is not found by its id");
    holds!(store.operation(there, id).await?.is_none(), "an operation of another organization is found");
    holds!(world.replayed(here).await? == at_the_end, "an operation was carried out twice");
    let elsewhere = world.replayed(there).await?;
    let records = elsewhere.handle(&Rename { name: world.name("There")? }.into(), &once)?.records;
    let answer = world.append(&elsewhere, elsewhere.version(), &records).await?;
    holds!(answer == Appended::Applied, "the same id in another organization was answered {answer:?}");
    Ok(())
}
