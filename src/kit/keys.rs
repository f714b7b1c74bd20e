//! Keys: what is found across organizations, and what only one can have.

use std::sync::Arc;
use std::vec::Vec;

use super::rows::derived;
use super::world::{World, system, thing};
use super::{Broken, Fresh, holds};
use crate::change::{DeleteOrganization, Remove, Rename, RestoreOrganization};
use crate::id::OrgId;
use crate::organization::Disposition;
use crate::sharing::{Recipient, RevokeShare, ShareKey};
use crate::store::{AsyncStore, Claim, Key, Place};
use crate::tenants::TenantsError;

/// A unique key leads to one place; only whoever has it gives it back; what a link once led to it leads to for ever.
///
/// # Errors
/// What is [broken](Broken).
pub async fn unique_keys_have_one_place<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let (here, there) = (world.create(&tenants, 1).await?, world.create(&tenants, 2).await?);
    let wanted = world.name("Wanted")?;
    let key = Key::Claim(Claim::Name(wanted.key().unwrap_or_default()));
    let take = |organization| tenants.handle(organization, Rename { name: wanted.clone() }, const { &NOBODY });
    holds!(store.find(&key, None, None, 1).await?.is_empty(), "a name is taken that nobody has");
    take(here).await?;
    holds!(store.find(&key, None, None, 2).await? == [Place::of(here)], "a name does not lead to who has it");
    let refused = take(there).await;
    holds!(is_code(&refused, "name_taken"), "a name was taken twice: {refused:?}");
    tenants.handle(here, Rename { name: world.name("Other")? }, &system()).await?;
    holds!(store.find(&key, None, None, 1).await?.is_empty(), "a name that was given back is still taken");
    take(there).await?;
    tenants.handle(there, delete(), &system()).await?;
    take(here).await?;
    let back = tenants.handle(there, RestoreOrganization {}, &system()).await;
    holds!(is_code(&back, "name_taken"), "an organization came back with a name that another one has: {back:?}");

    let link = |n| Recipient::Link { link: world.link(n), secret: world.secret(), uses: None };
    let on = thing(world.resource(1));
    tenants.share(here, &on, world.give(1, link(1)), &system()).await?;
    let again = tenants.share(here, &thing(world.resource(2)), world.give(2, link(2)), &system()).await;
    holds!(is_code(&again, "already_exists"), "one secret leads to two places: {again:?}");
    tenants.share(here, &on, RevokeShare { share: world.share(1) }, &system()).await?;
    let again = tenants.share(here, &thing(world.resource(2)), world.give(2, link(2)), &system()).await;
    holds!(is_code(&again, "already_exists"), "a secret was used again after its link was closed: {again:?}");
    derived(&world, here).await?;
    derived(&world, there).await
}

/// What many places have is found at all of them, in order, in pages, within one organization or in all; and not where it was removed.
///
/// # Errors
/// What is [broken](Broken).
pub async fn finds_where_keys_lead<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let somebody = world.user(500);
    let belongs = Key::Belongs(somebody);
    let mut expected = Vec::new();
    for n in 1..=7 {
        let organization = world.create(&tenants, n).await?;
        tenants.handle(organization, world.add(500, "member"), &system()).await?;
        expected.push(Place::of(organization));
    }
    expected.sort_unstable();
    holds!(store.find(&belongs, None, None, 100).await? == expected, "the organizations of a user are not found");
    let owner = Key::Belongs(world.user(1));
    holds!(
        store.find(&owner, None, None, 100).await? == [Place::of(world.org(1))],
        "the organization of an owner is not found"
    );
    for limit in [1, 2, 7] {
        let (mut found, mut after) = (Vec::new(), None);
        loop {
            let page = store.find(&belongs, None, after, limit).await?;
            holds!(page.len() <= limit, "{} places where {limit} were asked for", page.len());
            let Some(last) = page.last() else { break };
            holds!(page.first().copied() > after, "a page after a place begins with it, or before it");
            after = Some(*last);
            found.extend(page);
        }
        holds!(found == expected, "pages of {limit} places do not make the whole");
    }
    let within = store.find(&belongs, Some(world.org(3)), None, 100).await?;
    holds!(within == [Place::of(world.org(3))], "a key within one organization leads to {within:?}");
    let elsewhere = store.find(&belongs, Some(world.org(3)), Some(Place::of(world.org(3))), 100).await?;
    holds!(elsewhere.is_empty(), "behind the last place within an organization there is {elsewhere:?}");
    tenants.handle(world.org(2), Remove { user: somebody, content: None }, &system()).await?;
    tenants.handle(world.org(5), delete(), &system()).await?;
    expected.retain(|place| *place != Place::of(world.org(2)) && *place != Place::of(world.org(5)));
    holds!(store.find(&belongs, None, None, 100).await? == expected, "somebody is found where they are not any more");

    let (here, mut shares) = (world.org(1), Vec::new());
    for n in 0..5 {
        let on = thing(world.resource(100 + n % 3));
        tenants.share(here, &on, world.give(10 + n, Recipient::User(world.user(600 + n % 2))), &system()).await?;
        shares.push((world.resource(100 + n % 3), world.share(10 + n)));
    }
    shares.sort_unstable();
    let found = store.find(&Key::Share(ShareKey::Within(here)), Some(here), None, 100).await?;
    let at: Vec<_> = found.iter().filter_map(Place::share).map(|at| (at.resource, at.share)).collect();
    holds!(at == shares, "the shares of an organization are found at {at:?}");
    let key = Key::Share(ShareKey::User(world.user(600)));
    holds!(store.find(&key, None, None, 100).await?.len() == 3, "what is shared with a user is not found");
    if let Some((resource, share)) = shares.first() {
        tenants.share(here, &thing(*resource), RevokeShare { share: *share }, &system()).await?;
    }
    let left = store.find(&Key::Share(ShareKey::Within(here)), Some(here), None, 100).await?;
    holds!(left.len() == 4, "what is closed is still found");
    for organization in [here, world.org(2), world.org(5)] {
        derived(&world, organization).await?;
        lists_keys_in_pages(&world, organization).await?;
    }
    Ok(())
}

/// A store that lists keys lists all of them and each once, whatever the pages are.
async fn lists_keys_in_pages<S: AsyncStore>(world: &World<S>, organization: OrgId) -> Result<(), Broken> {
    let whole = world.store.keys(organization, None, 1_000).await?;
    let meant = world.process().keys_meant(organization).await?;
    let left_out = meant.iter().filter(|key| !whole.is_empty() && !whole.contains(key)).count();
    holds!(left_out == 0, "{left_out} of {} keys are not listed", meant.len());
    for limit in [1, 2] {
        let (mut found, mut after) = (Vec::new(), None);
        while found.len() <= whole.len() {
            let page = world.store.keys(organization, after.as_ref(), limit).await?;
            holds!(page.len() <= limit, "{} keys where {limit} were asked for", page.len());
            let Some(last) = page.last() else { break };
            after = Some(last.clone());
            found.extend(page);
        }
        holds!(found == whole, "pages of {limit} keys do not make the whole");
    }
    Ok(())
}

const NOBODY: crate::change::Context<'static> =
    crate::access::Facts::at(super::world::NOW).by(crate::actor::Actor::System);

fn delete() -> DeleteOrganization {
    DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false }
}

/// Whether somebody was told "no", with a code.
pub(super) fn is_code<T>(answer: &Result<T, TenantsError>, code: &str) -> bool {
    answer.as_ref().err().and_then(TenantsError::code) == Some(code)
}
