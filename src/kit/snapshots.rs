//! Snapshots: where loading begins, and what may be forgotten because of them.

use std::sync::Arc;

use super::world::{World, system};
use super::{Broken, Fresh, holds};
use crate::change::Rename;
use crate::ledger::Ledger;
use crate::organization::Organization;
use crate::store::{Appended, AsyncStore, Loaded, Snapshot, Stream};
use crate::version::Version;

/// Loading begins with the newest snapshot that the store keeps; what was compacted is what it stands for, and nobody misses it.
///
/// # Errors
/// What is [broken](Broken).
pub async fn begins_with_the_newest_snapshot<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    let rename = async |n: u64| {
        tenants
            .handle(
                here,
                Rename { name: world.name(&std::format!("N {n}")).map_err(|_| crate::TenantsError::Contended)? },
                &system(),
            )
            .await
    };
    rename(1).await?;
    let old = world.replayed(here).await?;
    rename(2).await?;
    let new = world.replayed(here).await?;
    store.keep(Snapshot::Organization(&new.snapshot())).await?;
    store.keep(Snapshot::Organization(&old.snapshot())).await?;
    rename(3).await?;
    let whole = world.replayed(here).await?;
    let loaded = store.load(here, 100).await?;
    if loaded.snapshot.is_none() {
        holds!(
            loaded.records == world.records(here).await?,
            "a store without snapshots does not begin with the first record"
        );
        return Ok(()); // it keeps none
    }
    holds!(
        loaded.snapshot.as_ref().is_some_and(|kept| **kept == new.snapshot()),
        "loading does not begin with the newest snapshot"
    );
    holds!(begun(&world, &loaded)? == whole, "a snapshot and what follows it do not make the organization");

    store.compact(here, Stream::Organization, old.version()).await?;
    let left = store.records(here, Version::ZERO, 100).await?;
    let first = left.first().map(|record| record.version);
    holds!(first <= Some(old.version().next()), "more was compacted than was asked for");
    store.compact(here, Stream::Organization, Version::from_u64(u64::MAX)).await?;
    let left = store.records(here, Version::ZERO, 100).await?;
    let stays = left.iter().map(|record| record.version).filter(|version| *version > new.version()).count();
    holds!(
        stays as u64 == whole.version().as_u64() - new.version().as_u64(),
        "records were compacted that no snapshot stands for"
    );
    holds!(begun(&world, &store.load(here, 100).await?)? == whole, "after compaction the organization is another one");
    rename(4).await?;
    store
        .keep(Snapshot::Organization(
            &tenants.read(here, Organization::snapshot).await?.unwrap_or_else(|| whole.snapshot()),
        ))
        .await?;
    store.compact(here, Stream::Organization, Version::from_u64(u64::MAX)).await?;
    let left = store.records(here, Version::ZERO, 100).await?;
    holds!(
        left.len() == 1,
        "of everything that a snapshot stands for {} records are left, where the last one stays",
        left.len()
    );
    let process = world.process();
    process.handle(here, Rename { name: world.name("N 5")? }, &system()).await?;
    let records = world.records(here).await?;
    holds!(!records.is_empty(), "what was appended after compaction is not there");
    let last = whole.version().next().next();
    holds!(records.last().map(|record| record.version) == Some(last), "a compacted stream has lost its version");
    let stale = world.append_at(&old, old.version(), records.get(..1).unwrap_or_default()).await?;
    holds!(stale == Appended::Conflict, "an append at a compacted version was answered {stale:?}");

    world.charge(&tenants, 1, 1, 10).await?;
    let entries = store.entries(here, Version::ZERO, 100).await?;
    let ledger = Ledger::replay(here, tenants.settings(), &entries);
    store.keep(Snapshot::Ledger(&ledger.snapshot())).await?;
    world.charge(&tenants, 1, 2, 10).await?;
    let loaded = store.load_ledger(here, 100).await?;
    let kept = loaded.snapshot.as_ref().is_some_and(|kept| **kept == ledger.snapshot());
    holds!(kept && loaded.records.len() == 1, "loading a ledger does not begin with its snapshot");
    store.compact(here, Stream::Ledger, Version::from_u64(u64::MAX)).await?;
    holds!(
        store.entries(here, Version::ZERO, 100).await?.iter().any(|entry| entry.version > ledger.version()),
        "an entry was compacted that no snapshot stands for"
    );
    world.charge(&world.process(), 1, 3, 10).await?;
    let left = world
        .process()
        .read_ledger(here, super::world::NOW, |ledger| ledger.balance(super::world::NOW).columns.spent)
        .await?;
    holds!(left == 30, "after compaction {left} of 30 credits are spent");
    Ok(())
}

fn begun<S: AsyncStore>(
    world: &World<S>,
    loaded: &Loaded<crate::organization::Snapshot, crate::change::Record>,
) -> Result<Organization, Broken> {
    let mut organization = match &loaded.snapshot {
        Some(snapshot) => Organization::restore(snapshot.organization(), Arc::clone(&world.catalog), snapshot)
            .map_err(|why| Broken(std::format!("a snapshot cannot be read: {why}")))?,
        None => Organization::new(world.org(1), Arc::clone(&world.catalog)),
    };
    loaded.records.iter().for_each(|record| organization.apply(record));
    Ok(organization)
}
