//! Reopening: what was acknowledged is there when the store is opened again.

use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system, thing};
use super::{Broken, Fresh, holds};
use crate::change::{Record, Rename};
use crate::ledger::Entry;
use crate::sharing::{Recipient, ShareRecord};
use crate::store::{AsyncStore, Key, Place, Written};
use crate::version::Version;

/// What a store has acknowledged, to be looked for after it was closed, or killed, and opened again.
#[derive(Clone, Debug)]
pub struct Kept {
    fresh: Fresh,
    records: Vec<Record>,
    entries: Vec<Arc<Entry>>,
    shares: Vec<ShareRecord>,
    operation: Option<Written>,
}

/// Writes something of everything.
///
/// # Errors
/// What is [broken](Broken).
pub async fn leaves_something_behind<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<Kept, Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    tenants.handle(here, world.add(2, "member"), &system()).await?;
    let once = system().as_command(world.command(1));
    tenants.handle(here, Rename { name: world.name("Kept")? }, &once).await?;
    world.charge(&tenants, 1, 2, 10).await?;
    let shares = tenants.share(here, &thing(world.resource(1)), world.give(1, Recipient::Members), &system()).await?;
    store.count_use(here, world.link(1), 2, 9).await?;
    let records = world.records(here).await?;
    let entries = store.entries(here, Version::ZERO, 100).await?;
    let operation = store.operation(here, world.command(1)).await?;
    Ok(Kept { fresh, records, entries, shares, operation })
}

/// Everything that was [left behind](leaves_something_behind) is there, and goes on.
///
/// # Errors
/// What is [broken](Broken).
pub async fn keeps_what_it_has_acknowledged<S: AsyncStore>(store: &Arc<S>, kept: &Kept) -> Result<(), Broken> {
    let world = World::new(store, kept.fresh)?;
    let here = world.org(1);
    holds!(world.records(here).await? == kept.records, "records are not there any more");
    holds!(store.entries(here, Version::ZERO, 100).await? == kept.entries, "entries are not there any more");
    let sheets = store.load_sheets(here, &[world.resource(1)]).await?;
    holds!(
        sheets.iter().all(|(_, shares)| *shares == kept.shares) && !sheets.is_empty(),
        "shares are not there any more"
    );
    holds!(store.operation(here, world.command(1)).await? == kept.operation, "an operation is not known any more");
    holds!(store.count_use(here, world.link(1), 0, 0).await? == 2, "the uses of a link are not known any more");
    let belongs = store.find(&Key::Belongs(world.user(2)), None, None, 9).await?;
    holds!(belongs == [Place::of(here)], "a key leads nowhere any more");
    let tenants = world.process();
    tenants.handle(here, world.add(3, "member"), &system()).await?;
    world.charge(&tenants, 1, 3, 10).await?;
    Ok(())
}
