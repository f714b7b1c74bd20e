//! Rows: what people query is what the records say.

use std::collections::BTreeMap;
use std::string::ToString;
use std::sync::Arc;
use std::vec::Vec;

use super::world::{World, system, thing};
use super::{Broken, Fresh, holds};
use crate::change::{
    ChangeRoles, CreateTeam, CreateWorkspace, GiveAccess, JoinTeam, Remove, Rename, Suspend, TakeAccess,
};
use crate::id::OrgId;
use crate::ledger::Ledger;
use crate::organization::Override;
use crate::rows::{Row, RowKey, Table, rows_of, rows_of_ledger, rows_of_sheet};
use crate::sharing::{Recipient, RevokeShare, Sheet};
use crate::store::AsyncStore;
use crate::version::Version;

/// The rows of an organization are those that a replay of its records makes, after every command; where the store keeps rows at all.
///
/// # Errors
/// What is [broken](Broken).
pub async fn rows_say_what_the_records_say<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Result<(), Broken> {
    let world = World::new(store, fresh)?;
    if !store.keeps_rows() {
        return Ok(());
    }
    let tenants = world.process();
    let here = world.create(&tenants, 1).await?;
    same(&world, here).await?;
    let (place, team) = (world.workspace(50), world.team(60));
    let (two, three) = (world.user(2), world.user(3));
    let by = system();
    macro_rules! each {
        ($($command:expr),+ $(,)?) => {$(
            tenants.handle(here, $command, &by).await?;
            same(&world, here).await?;
        )+};
    }
    each!(
        world.add(2, "member"),
        world.add(3, "member"),
        Rename { name: world.name("Quo'te \"d\" \\ ; --")? },
        CreateWorkspace { workspace: place, name: world.name("Place")? },
        GiveAccess { user: two, workspace: place, changes: Override::role("member") },
        CreateTeam { team, name: world.name("Team")? },
        JoinTeam { team, user: three },
        Suspend { user: three },
        ChangeRoles { user: two, roles: ["owner".into()].into() },
        TakeAccess { user: two, workspace: place },
        Remove { user: three, content: None },
    );
    for n in 0..3 {
        let to = Recipient::User(world.user(70 + n));
        tenants.share(here, &thing(world.resource(5)), world.give(n, to), &by).await?;
    }
    same(&world, here).await?;
    tenants.share(here, &thing(world.resource(5)), RevokeShare { share: world.share(1) }, &by).await?;
    same(&world, here).await?;
    for n in 0..3 {
        world.charge(&tenants, 1, 80 + n, 7).await?;
        same(&world, here).await?;
    }
    Ok(())
}

/// Whether the rows in the store are those of a replay, table by table, in pages.
pub(super) async fn same<S: AsyncStore>(world: &World<S>, organization: OrgId) -> Result<(), Broken> {
    let mut expected: BTreeMap<RowKey, Row> = BTreeMap::new();
    expected.extend(rows_of(&world.replayed(organization).await?).into_iter().map(|row| (row.key(), row)));
    let entries = world.store.entries(organization, Version::ZERO, usize::MAX).await?;
    let ledger = Ledger::replay(organization, world.process().settings(), &entries);
    expected.extend(rows_of_ledger(&ledger).into_iter().map(|row| (row.key(), row)));
    let resources = world.store.resources(organization, None, 100).await?;
    for (resource, records) in world.store.load_sheets(organization, &resources).await? {
        let sheet = Sheet::replay(organization, resource, &records);
        expected.extend(rows_of_sheet(&sheet).into_iter().map(|row| (row.key(), row)));
    }
    let mut found: Vec<Row> = Vec::new();
    for table in Table::ALL {
        let mut after: Option<RowKey> = None;
        loop {
            let page = world.store.rows(organization, *table, after.as_ref(), 3).await?;
            holds!(page.len() <= 3, "{} rows of {table} where 3 were asked for", page.len());
            let (Some(first), Some(last)) = (page.first(), page.last()) else { break };
            holds!(Some(first.key()) > after, "a page of {table} after a row begins with it, or before it");
            after = Some(last.key());
            found.extend(page);
        }
    }
    let missing = expected.values().find(|row| !found.contains(row));
    holds!(missing.is_none(), "a row is missing or another one: {missing:?}");
    let extra = found.iter().find(|row| !expected.contains_key(&row.key()));
    holds!(extra.is_none(), "a row is there that should not be: {extra:?}");
    holds!(found.len() == expected.len(), "{} rows are listed where there are {}", found.len(), expected.len());
    derived(world, organization).await
}

/// Whether everything that a store keeps beside the records is what they make.
pub(super) async fn derived<S: AsyncStore>(world: &World<S>, organization: OrgId) -> Result<(), Broken> {
    let unlike = world.process().verify(organization).await?;
    let first = unlike.first().map(ToString::to_string).unwrap_or_default();
    holds!(unlike.is_empty(), "{} findings, the first of them: {first}", unlike.len());
    Ok(())
}
