//! Changes: what followers hear.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system, thing};
use super::{Broken, Fresh, holds};
use crate::change::Rename;
use crate::id::OrgId;
use crate::sharing::Recipient;
use crate::store::{AsyncStore, Change, Cursor, Stream};
use crate::version::Version;

/// Whoever follows hears of every append and erasure that was acknowledged before they asked, and in the end of nothing else.
///
/// # Errors
/// What is [broken](Broken).
pub async fn followers_hear_of_everything<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let (one, two, three) =
        (world.create(&tenants, 1).await?, world.create(&tenants, 2).await?, world.create(&tenants, 3).await?);
    let start = store.changes(None, 10).await?;
    holds!(start.changed.is_empty(), "without a cursor there are changes");
    let mut cursor = start.cursor;
    for round in 0..4 {
        tenants.handle(one, Rename { name: world.name(&std::format!("Round {round}"))? }, &system()).await?;
        world.charge(&tenants, 2, 100 + round, 1).await?;
        tenants
            .share(one, &thing(world.resource(1)), world.give(round, Recipient::User(world.user(round))), &system())
            .await?;
        let limit = usize::try_from(round).unwrap_or(0).saturating_add(1);
        let (heard, next) = heard_since(store, cursor, limit).await?;
        let version = |organization, stream| heard.get(&(organization, stream)).copied();
        let head = world.replayed(one).await?.version();
        holds!(version(one, Stream::Organization) == Some(head), "a follower has not heard of version {head:?}");
        let entries = store.entries(two, Version::ZERO, usize::MAX).await?;
        let head = entries.last().map(|entry| entry.version);
        holds!(version(two, Stream::Ledger) == head, "a follower has not heard of a ledger at {head:?}");
        cursor = next;
    }
    cursor = until_quiet(store, cursor, three).await?;
    store.erase(three).await?;
    let (heard, next) = heard_since(store, cursor, 2).await?;
    let erased = heard.get(&(three, Stream::Organization)).copied();
    holds!(erased == Some(Version::ZERO), "of an erasure a follower has heard {erased:?}");
    let next = hears_of_what_is_made_anew(&world, next).await?;
    until_quiet(store, next, one).await?;
    Ok(())
}

/// An erasure is heard of also by those who ask only after the organization was made anew under its id.
async fn hears_of_what_is_made_anew<S: AsyncStore>(world: &World<S>, cursor: Cursor) -> Result<Cursor, Broken> {
    let again = world.create(&world.process(), 4).await?;
    world.store.erase(again).await?;
    world.create(&world.process(), 4).await?;
    let (heard, next) = changes_since(&world.store, cursor, 3).await?;
    let erased = |change: &Change| change.organization == again && change.version == Version::ZERO;
    holds!(heard.iter().any(erased), "of an erasure nobody hears once the organization is made anew");
    let there = |change: &Change| change.organization == again && change.version > Version::ZERO;
    holds!(heard.iter().any(there), "of an organization that is made anew nobody hears");
    Ok(next)
}

/// Follows until nothing is heard of an organization any more that does not change. A store may tell old changes again for a while: as long
/// as somebody else is still writing, say.
async fn until_quiet<S: AsyncStore>(store: &Arc<S>, mut cursor: Cursor, organization: OrgId) -> Result<Cursor, Broken> {
    for _ in 0..20_000 {
        let (heard, next) = heard_since(store, cursor, 10).await?;
        cursor = next;
        if heard.keys().all(|(changed, _)| *changed != organization) {
            return Ok(cursor);
        }
    }
    Err(Broken("a follower hears for ever of what does not change".into()))
}

/// What was heard of each stream last, and where to go on.
async fn heard_since<S: AsyncStore>(
    store: &Arc<S>,
    cursor: Cursor,
    limit: usize,
) -> Result<(BTreeMap<(OrgId, Stream), Version>, Cursor), Broken> {
    let (heard, cursor) = changes_since(store, cursor, limit).await?;
    Ok((heard.iter().map(|c| ((c.organization, c.stream), c.version)).collect(), cursor))
}

/// Everything that is heard, and where to go on.
async fn changes_since<S: AsyncStore>(
    store: &Arc<S>,
    mut cursor: Cursor,
    limit: usize,
) -> Result<(Vec<Change>, Cursor), Broken> {
    let mut heard: Vec<Change> = Vec::new();
    for _ in 0..10_000 {
        let changes = store.changes(Some(cursor), limit).await?;
        heard.extend(changes.changed);
        cursor = changes.cursor;
        if changes.is_all {
            return Ok((heard, cursor));
        }
    }
    Err(Broken("following never comes to an end".into()))
}
