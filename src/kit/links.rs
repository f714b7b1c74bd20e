//! Links: how often one was followed.

use std::sync::Arc;

use super::together::all;
use super::world::World;
use super::{Broken, Fresh, holds};
use crate::store::AsyncStore;

/// Uses of a link are counted up to a number and not beyond, however many race for the last one.
///
/// # Errors
/// What is [broken](Broken).
pub async fn counts_uses_of_links<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    let link = |n| world.link(n);
    for before in 0..3 {
        let counted = store.count_use(here, link(1), 1, 3).await?;
        holds!(counted == before, "{before} uses were counted, and the next one was told {counted}");
    }
    for _ in 0..2 {
        holds!(store.count_use(here, link(1), 1, 3).await? == 3, "a use beyond the last one was counted");
    }
    holds!(store.count_use(here, link(1), 0, 0).await? == 3, "looking has counted");
    holds!(store.count_use(here, link(1), 5, 8).await? == 3, "five uses at once were not counted from three");
    holds!(store.count_use(here, link(1), 1, 8).await? == 8, "five uses at once were not counted");
    holds!(store.count_use(here, link(2), 2, 1).await? == 0, "another link has uses");
    holds!(store.count_use(here, link(2), 0, 0).await? == 0, "more uses than there may be were counted");
    let raced = all((0..12).map(|_| store.count_use(here, link(3), 1, 5))).await;
    let mut won = 0;
    for answer in raced {
        won += u32::from(answer? < 5);
    }
    holds!(won == 5, "{won} of 12 have got one of five uses");
    Ok(())
}
