//! Versions: an append is there as a whole or not at all, and only where it belongs.

use std::sync::Arc;

use super::world::{World, system};
use super::{Broken, Fresh, holds};
use crate::change::Rename;
use crate::store::{Appended, AsyncStore, Claim, Key, Place};
use crate::version::Version;

/// An append is kept at the version that it expects and at no other, and read back without a gap, in order, in pages.
///
/// # Errors
/// What is [broken](Broken).
pub async fn appends_at_the_expected_version<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let (mut organization, first) = world.made(1)?;
    let (before, id) = (organization.clone(), organization.id());
    holds!(
        store.records(id, Version::ZERO, 10).await?.is_empty(),
        "an organization that was never appended to has records"
    );
    holds!(store.load(id, 10).await?.records.is_empty(), "an organization that was never appended to can be loaded");
    let early = world.append_at(&before, Version::from_u64(1), &first).await?;
    holds!(early == Appended::Conflict, "the first append at version 1 was answered {early:?}");
    holds!(
        world.append(&before, Version::ZERO, &first).await? == Appended::Applied,
        "the first append was not applied"
    );
    first.iter().for_each(|record| organization.apply(record));
    let mut all = first.clone();
    for n in 0..7 {
        let before = organization.clone();
        let records =
            world.next(&mut organization, Rename { name: world.name(&std::format!("Name {n}"))? }, &system())?;
        let at = before.version();
        for wrong in [Version::ZERO, Version::from_u64(at.as_u64().saturating_sub(1)), at.next()] {
            let answer = world.append_at(&before, wrong, &records).await?;
            holds!(answer == Appended::Conflict, "an append at {wrong:?}, where {at:?} is, was answered {answer:?}");
        }
        let answer = world.append(&before, at, &records).await?;
        holds!(answer == Appended::Applied, "an append at the version that there is was answered {answer:?}");
        let again = world.append(&before, at, &records).await?;
        holds!(again == Appended::Conflict, "the same append again was answered {again:?}");
        all.extend(records);
    }
    let read = store.records(id, Version::ZERO, usize::MAX).await?;
    holds!(read == all, "what was appended is not what is read back");
    holds!(store.load(id, usize::MAX).await?.records == all, "what was appended is not what is loaded");
    for limit in [1, 2, 3, all.len()] {
        let mut paged = std::vec::Vec::new();
        loop {
            let after = paged.last().map_or(Version::ZERO, |record: &crate::change::Record| record.version);
            let page = store.records(id, after, limit).await?;
            holds!(page.len() <= limit, "{} records where {limit} were asked for", page.len());
            let Some(first) = page.first() else { break };
            holds!(first.version > after, "a page after {after:?} begins with {:?}", first.version);
            holds!(page.is_sorted_by_key(|record| record.version), "a page after {after:?} is in no order");
            paged.extend(page);
        }
        holds!(paged == all, "pages of {limit} records do not make the whole");
    }
    let last = organization.version();
    holds!(store.records(id, last, 10).await?.is_empty(), "there are records after the last version");
    holds!(store.records(id, last.next(), 10).await?.is_empty(), "there are records after a version that there is not");
    Ok(())
}

/// Of an append that is not kept nothing is: no record, no key, no operation.
///
/// # Errors
/// What is [broken](Broken).
pub async fn appends_everything_or_nothing<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let (here, there) = (world.create(&tenants, 1).await?, world.create(&tenants, 2).await?);
    let taken = world.name("Taken")?;
    tenants.handle(here, Rename { name: taken.clone() }, &system()).await?;
    let mut organization = world.replayed(there).await?;
    let (before, context) = (organization.clone(), system().as_command(world.command(1)));
    let records = world.next(&mut organization, Rename { name: taken }, &context)?;
    let answer = world.append(&before, before.version(), &records).await?;
    holds!(answer == Appended::Claimed { by: here }, "a name that another organization has was answered {answer:?}");
    holds!(world.records(there).await?.len() as u64 == before.version().as_u64(), "a refused append has left records");
    holds!(store.operation(there, world.command(1)).await?.is_none(), "a refused append has left its operation");
    let old = before.profile().and_then(|profile| profile.name.key().ok()).unwrap_or_default();
    let holder = store.find(&Key::Claim(Claim::Name(old)), None, None, 2).await?;
    holds!(holder == [Place::of(there)], "a refused append has given a name away");
    let free = world.name("Free")?;
    let mut organization = before.clone();
    let late = world.next(&mut organization, Rename { name: free.clone() }, &context)?;
    let answer = world.append_at(&before, before.version().next(), &late).await?;
    holds!(answer == Appended::Conflict, "an append at another version was answered {answer:?}");
    let key = Key::Claim(Claim::Name(free.key().unwrap_or_default()));
    holds!(store.find(&key, None, None, 1).await?.is_empty(), "an append in conflict has left a key");
    if store.keeps_rows() {
        super::rows::same(&world, there).await?;
    }
    holds!(store.operation(there, world.command(1)).await?.is_none(), "an append in conflict has left its operation");
    Ok(())
}
