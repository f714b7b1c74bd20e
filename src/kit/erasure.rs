//! Erasure: nothing is left; and what must be forgotten is replaced.

use std::sync::Arc;
use std::vec::Vec;

use super::world::{NOW, World, system, thing};
use super::{Broken, Fresh, holds};
use crate::change::{Event, Rename};
use crate::organization::Organization;
use crate::rows::{Row, RowChanges, Table, rows_of};
use crate::sharing::{Recipient, ShareKey};
use crate::store::{AsyncStore, Batch, Beside, Claim, Key, Keys, Place, Replacement, Snapshot};
use crate::version::Version;

/// Of an organization that was erased nothing is left, its names are free, and others are as they were.
///
/// # Errors
/// What is [broken](Broken).
pub async fn erases_everything<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let tenants = world.process();
    let (gone, stays) = (world.create(&tenants, 1).await?, world.create(&tenants, 2).await?);
    let (link, secret) = (world.link(7), world.secret());
    for organization in [gone, stays] {
        tenants.handle(organization, world.add(3, "member"), &system().as_command(world.command(9))).await?;
        let to = Recipient::User(world.user(8));
        tenants.share(organization, &thing(world.resource(5)), world.give(1, to), &system()).await?;
        store.count_use(organization, link, 1, 9).await?;
    }
    let to = Recipient::Link { link, secret, uses: Some(9) };
    tenants.share(gone, &thing(world.resource(6)), world.give(2, to), &system()).await?;
    world.charge(&tenants, 1, 1, 5).await?;
    world.charge(&tenants, 2, 2, 5).await?;
    let snapshot = tenants.read(gone, Organization::snapshot).await?;
    if let Some(snapshot) = &snapshot {
        store.keep(Snapshot::Organization(snapshot)).await?;
    }
    let others = everything(&world, 2).await?;
    store.erase(gone).await?;
    store.erase(gone).await?; // it is erased already

    let left = everything(&world, 1).await?;
    holds!(left.iter().all(|(_, count)| *count == 0), "after erasure there is left: {left:?}");
    holds!(store.load(gone, 10).await?.snapshot.is_none(), "a snapshot is left");
    holds!(store.operation(gone, world.command(9)).await?.is_none(), "an operation is left");
    holds!(store.count_use(gone, link, 0, 0).await? == 0, "the uses of a link are left");
    let before = gone.as_u128().checked_sub(1).and_then(crate::id::OrgId::from_u128);
    holds!(!store.organizations(before, 1).await?.contains(&gone), "the organization is still listed");
    holds!(everything(&world, 2).await? == others, "another organization is not as it was");
    holds!(
        store.find(&Key::Belongs(world.user(3)), None, None, 9).await?.len() == 1,
        "somebody belongs to what is erased"
    );
    let process = world.process();
    world.create(&process, 1).await?;
    process
        .share(stays, &thing(world.resource(6)), world.give(3, Recipient::Link { link, secret, uses: None }), &system())
        .await?;
    let seen = process.read(gone, Organization::version).await?.unwrap_or_default();
    holds!(seen < Version::from_u64(5), "an organization that is made anew is the old one");
    Ok(())
}

/// How much there is of an organization, thing by thing.
async fn everything<S: AsyncStore>(world: &World<S>, n: u64) -> Result<Vec<(&'static str, usize)>, Broken> {
    let (store, organization) = (&world.store, world.org(n));
    let resources = store.resources(organization, None, 100).await?;
    let things = [world.resource(5), world.resource(6)];
    let name = Key::Claim(Claim::Name(world.name(&std::format!("Kit {n}"))?.key().unwrap_or_default()));
    let mut found = Vec::from([
        ("records", store.records(organization, Version::ZERO, 100).await?.len()),
        ("entries", store.entries(organization, Version::ZERO, 100).await?.len()),
        ("resources", resources.len()),
        ("sheets", store.load_sheets(organization, &things).await?.len()),
        ("names", store.find(&name, Some(organization), None, 9).await?.len()),
        ("people", store.find(&Key::Belongs(world.user(3)), Some(organization), None, 9).await?.len()),
        ("shares", store.find(&Key::Share(ShareKey::Within(organization)), None, None, 9).await?.len()),
        (
            "recipients",
            store.find(&Key::Share(ShareKey::User(world.user(8))), Some(organization), None, 9).await?.len(),
        ),
    ]);
    for table in Table::ALL {
        found.push((table.name(), store.rows(organization, *table, None, 100).await?.len()));
    }
    Ok(found)
}

/// A record that is replaced is another one from then on, all others stay, and so does the version; rows change with it, of that version
/// alone; and whoever follows lets go of what they know.
///
/// # Errors
/// What is [broken](Broken).
pub async fn replaces_what_must_be_forgotten<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    let (tenants, other) = (world.process(), world.process());
    let here = world.create(&tenants, 1).await?;
    tenants.handle(here, Rename { name: world.name("Secret")? }, &system()).await?;
    tenants.handle(here, world.add(3, "member"), &system()).await?;
    other.follow().await?;
    other.read(here, Organization::version).await?;
    let public = world.name("Public")?;
    let mut expected = world.records(here).await?;
    let is_renamed = |record: &&mut crate::change::Record| matches!(record.event, Event::Renamed { .. });
    let Some(changed) = expected.iter_mut().find(is_renamed) else {
        return Err(Broken("a renaming is not in the records".into()));
    };
    changed.event = Event::Renamed { name: public.clone() };
    let one = [changed.clone()];
    let beyond = [crate::change::Record { version: Version::from_u64(1_000), ..changed.clone() }];
    let replaced = |batch| Replacement { organization: here, batch, beside: None };
    holds!(store.replace(&replaced(Batch::Organization(&one))).await?, "a replacement of records alone was not done");
    holds!(world.records(here).await? == expected, "a record that was replaced is not in its place");
    store.replace(&replaced(Batch::Organization(&beyond))).await?;
    holds!(world.records(here).await? == expected, "a version was made by replacing");
    other.follow().await?;
    let name = other.read(here, |organization| organization.profile().map(|profile| profile.name.clone())).await?;
    holds!(name.flatten() == Some(public), "who follows still knows what was replaced");

    replaces_rows(&world, &expected).await?;
    tenants.handle(here, world.add(4, "member"), &system()).await?;
    world.charge(&tenants, 1, 1, 5).await?;
    let entries = store.entries(here, Version::ZERO, 9).await?;
    if let Some(last) = entries.last() {
        let mut other = crate::ledger::Entry::clone(last);
        other.at = NOW.plus(crate::time::Span::seconds(1));
        store.replace(&replaced(Batch::Ledger(&[Arc::new(other.clone())]))).await?;
        let read = store.entries(here, Version::ZERO, 9).await?;
        holds!(read.last().map(AsRef::as_ref) == Some(&other), "an entry that was replaced is not in its place");
    }
    Ok(())
}

/// Rows are those of the records as they are now, unless somebody was faster.
async fn replaces_rows<S: AsyncStore>(world: &World<S>, records: &[crate::change::Record]) -> Result<(), Broken> {
    let (store, here) = (&world.store, world.org(1));
    let mut state = Organization::new(here, Arc::clone(&world.catalog));
    records.iter().for_each(|record| state.apply(record));
    let put: Vec<Row> = rows_of(&state).into_iter().filter(|row| row.table() == Table::Organization).collect();
    let rows = RowChanges { put: put.clone(), deleted: Vec::new() };
    let (old, new) = (Key::Invited("old@kit.example".into()), Key::Invited("new@kit.example".into()));
    let place = Place::of(here);
    let before = Keys { added: [(old.clone(), place)].into(), ..Keys::default() };
    let after = Keys { removed: [(old.clone(), place)].into(), added: [(new.clone(), place)].into() };
    let at = |version, keys| Replacement {
        organization: here,
        batch: Batch::Organization(&[]),
        beside: Some(Beside { version, keys, rows: &rows }),
    };
    let nothing = Beside { version: state.version(), keys: &before, rows: &RowChanges::default() };
    let is_done = store.replace(&Replacement { beside: Some(nothing), ..at(state.version(), &before) }).await?;
    holds!(is_done, "a key of this version was not put");
    let kept = store.rows(here, Table::Organization, None, 9).await?;
    let is_done = store.replace(&at(Version::from_u64(1), &after)).await?;
    holds!(!is_done, "rows of another version were put");
    holds!(store.rows(here, Table::Organization, None, 9).await? == kept, "a row of another version was put");
    holds!(store.replace(&at(state.version(), &after)).await?, "rows of this version were not put");
    let kept = store.rows(here, Table::Organization, None, 9).await?;
    holds!(!store.keeps_rows() || kept == put, "a row that was replaced is not in its place");
    holds!(store.find(&old, Some(here), None, 9).await?.is_empty(), "a key that was replaced still leads there");
    holds!(
        store.find(&new, Some(here), None, 9).await? == [place],
        "a key that was put in the place of one leads nowhere"
    );
    Ok(())
}
