//! Pages: everything that there is, listed in order.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system, thing};
use super::{Broken, Fresh, holds};
use crate::id::{OrgId, ResourceId};
use crate::sharing::{Recipient, RevokeShare};
use crate::store::AsyncStore;

/// Organizations, and the resources that have sheets, are listed each once, in order, in pages.
///
/// # Errors
/// What is [broken](Broken).
pub async fn lists_page_by_page<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let mut ours = BTreeSet::new();
    for n in 1..=5 {
        ours.insert(world.create(&tenants, n).await?);
    }
    let (first, last) = (ours.first().copied(), ours.last().copied());
    for limit in [1, 2, 1_000] {
        let mut found: Vec<OrgId> = Vec::new();
        // Others may be in the store: begin just before ours.
        let mut after = first.and_then(|first| OrgId::from_u128(first.as_u128().saturating_sub(1)));
        while after < last {
            let page = store.organizations(after, limit).await?;
            holds!(page.len() <= limit, "{} organizations where {limit} were asked for", page.len());
            let Some(end) = page.last().copied() else { break };
            holds!(page.first().copied() > after, "a page after an organization begins with it, or before it");
            after = Some(end);
            found.extend(page);
        }
        holds!(found.is_sorted(), "organizations are not listed in order");
        found.retain(|organization| ours.contains(organization));
        holds!(found.iter().eq(&ours), "pages of {limit} organizations do not make the whole");
    }
    let here = world.org(1);
    let resources: BTreeSet<ResourceId> = (0..6).map(|n| world.resource(n)).collect();
    for (n, resource) in (0..).zip(&resources) {
        tenants.share(here, &thing(*resource), world.give(n, Recipient::Members), &system()).await?;
    }
    if let Some(resource) = resources.first() {
        tenants.share(here, &thing(*resource), RevokeShare { share: world.share(0) }, &system()).await?; // its history is still there
    }
    for limit in [1, 4, 100] {
        let mut found: Vec<ResourceId> = Vec::new();
        loop {
            let page = store.resources(here, found.last().copied(), limit).await?;
            holds!(page.len() <= limit, "{} resources where {limit} were asked for", page.len());
            let Some(first) = page.first().copied() else { break };
            holds!(Some(first) > found.last().copied(), "a page after a resource begins with it, or before it");
            found.extend(page);
        }
        holds!(found.iter().eq(&resources), "pages of {limit} resources do not make the whole");
    }
    let several: Vec<ResourceId> = resources.iter().copied().chain([world.resource(99)]).collect();
    let sheets = store.load_sheets(here, &several).await?;
    holds!(sheets.len() == resources.len(), "{} of {} sheets are found", sheets.len(), resources.len());
    holds!(store.load_sheets(world.org(2), &several).await?.is_empty(), "sheets of another organization are found");
    Ok(())
}
