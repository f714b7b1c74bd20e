//! The table of generations.

use bailiwick::{OrgId, ResourceId, WorkspaceId};

use super::Generation;
use crate::clock;
use crate::database::{Database, DatabaseError, Row};

const COLUMNS: &str = "id, organization, workspace, project, account, state, cost, bytes, issued, ends";

fn generation_of(row: &Row) -> Result<Generation, DatabaseError> {
    Ok(Generation {
        id: row.parsed(0)?,
        organization: row.parsed(1)?,
        workspace: row.parsed(2)?,
        project: row.parsed(3)?,
        account: row.parsed(4)?,
        state: row.text(5)?.to_owned(),
        cost: row.number(6)?,
        bytes: row.number(7)?,
        issued: row.instant(8)?,
        ends: row.instant(9)?,
    })
}

/// Writes a new one down; says whether it is new.
pub(super) async fn insert(database: &Database, new: &Generation) -> Result<bool, DatabaseError> {
    let sql = format!(
        "insert into app_generation ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing"
    );
    let values = [
        new.id.into(),
        new.organization.into(),
        new.workspace.into(),
        new.project.into(),
        new.account.into(),
        new.state.as_str().into(),
        new.cost.into(),
        new.bytes.into(),
        new.issued.into(),
        new.ends.into(),
    ];
    Ok(database.execute(&sql, &values).await? == 1)
}

/// Says how one has ended; says whether it was running until now.
pub(super) async fn done(database: &Database, id: ResourceId) -> Result<bool, DatabaseError> {
    let sql = "update app_generation set state = 'done' where id = $1 and state = 'running'";
    Ok(database.execute(sql, &[id.into()]).await? == 1)
}

/// The same of one that came to nothing.
pub(super) async fn failed(database: &Database, id: ResourceId) -> Result<bool, DatabaseError> {
    let sql = "update app_generation set state = 'failed', cost = 0, bytes = 0 where id = $1 and state = 'running'";
    Ok(database.execute(sql, &[id.into()]).await? == 1)
}

/// Takes one out of the table.
pub(super) async fn delete(database: &Database, id: ResourceId) -> Result<(), DatabaseError> {
    database.execute("delete from app_generation where id = $1", &[id.into()]).await?;
    Ok(())
}

/// One of a project.
pub(crate) async fn find(
    database: &Database,
    project: ResourceId,
    id: ResourceId,
) -> Result<Option<Generation>, DatabaseError> {
    let sql = format!("select {COLUMNS} from app_generation where project = $1 and id = $2");
    database.query(&sql, &[project.into(), id.into()]).await?.first().map(generation_of).transpose()
}

/// Those of a project, in the order of their ids, behind one.
pub(crate) async fn in_project(
    database: &Database,
    (organization, workspace, project): (OrgId, WorkspaceId, ResourceId),
    behind: String,
    limit: u64,
) -> Result<Vec<Generation>, DatabaseError> {
    let sql = format!(
        "select {COLUMNS} from app_generation
        where organization = $1 and workspace = $2 and project = $3 and id > $4 order by id limit $5"
    );
    let values = [organization.into(), workspace.into(), project.into(), behind.into(), limit.into()];
    database.query(&sql, &values).await?.iter().map(generation_of).collect()
}

/// Whether one of a project still runs.
pub(crate) async fn is_any_running(database: &Database, project: ResourceId) -> Result<bool, DatabaseError> {
    let sql = "select id from app_generation where project = $1 and state = 'running' limit 1";
    Ok(!database.query(sql, &[project.into()]).await?.is_empty())
}

/// Some whose holds are over, and which nobody has ended.
pub(super) async fn orphaned(database: &Database, limit: u64) -> Result<Vec<Generation>, DatabaseError> {
    let sql =
        format!("select {COLUMNS} from app_generation where state = 'running' and ends < $1 order by ends limit $2");
    database.query(&sql, &[clock::now().into(), limit.into()]).await?.iter().map(generation_of).collect()
}
