//! Projects: the application's own things, in workspaces.

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::extract::State;
use bailiwick::filter::{Columns, Condition};
use bailiwick::ledger::{Clear, Spot};
use bailiwick::{Label, Name, ResourceId, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::bad;
use super::named;
use crate::app::{App, Shared};
use crate::clock;
use crate::database::{DatabaseError, Row, Value};
use crate::generations::is_any_running;
use crate::http::{Asked, Body, Created, Done, Found, Id, Named, Own, Page, Problem, Queried, list_after};
use crate::idempotency::Operation;
use crate::may::{Authorized, CreateProjects, DeleteProjects, Filtered, InWorkspace, ViewProjects};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations/{organization}/projects",
            get_with(list, named("listProjects", "Which projects can I see?")),
        )
        .api_route(
            "/v1/organizations/{organization}/workspaces/{workspace}/projects",
            post_with(create, named("createProject", "Make a project")),
        )
        .api_route(
            "/v1/organizations/{organization}/workspaces/{workspace}/projects/{project}",
            get_with(get, named("getProject", "Look at a project"))
                .delete_with(delete, named("deleteProject", "Delete a project with everything in it")),
        )
}

/// A project.
#[derive(Serialize, JsonSchema)]
struct Project {
    #[schemars(with = "Id")]
    project: ResourceId,
    #[schemars(with = "Id")]
    workspace: WorkspaceId,
    name: String,
    /// Who made it.
    #[schemars(with = "Id")]
    creator: UserId,
    /// When, in milliseconds since 1970.
    created: u64,
}

const COLUMNS: &str = "id, workspace, name, creator, created";

fn project_of(row: &Row) -> Result<Project, DatabaseError> {
    Ok(Project {
        project: row.parsed(0)?,
        workspace: row.parsed(1)?,
        name: row.text(2)?.to_owned(),
        creator: row.parsed(3)?,
        created: row.number(4)?,
    })
}

/// Which project.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Which {
    #[schemars(with = "Id")]
    pub(super) project: ResourceId,
}

/// A new project.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewProject {
    name: String,
}

async fn create(
    State(app): State<Shared>,
    auth: Authorized<CreateProjects>,
    operation: Operation,
    Body(new): Body<NewProject>,
) -> Result<Created<Project>, Problem> {
    let name = Name::new(&new.name).map_err(|why| bad("name", &why))?;
    let InWorkspace { organization, workspace } = auth.place;
    let project = ResourceId::from_bits(operation.id("project"));
    let (creator, created) = (auth.session.account, operation.at);
    let insert = "insert into app_project (id, organization, workspace, name, creator, created)
        values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing"; // a repetition finds it there
    let values =
        [project.into(), organization.into(), workspace.into(), name.as_str().into(), creator.into(), created.into()];
    app.database.execute(insert, &values).await?;
    let project = Project { project, workspace, name: name.as_str().to_owned(), creator, created: created.as_millis() };
    let path = format!("/v1/organizations/{organization}/workspaces/{workspace}/projects/{}", project.project);
    Ok(Created::new(project).located(path))
}

/// The rows that whoever asks may see, in whichever workspaces they are: the filter is a condition, and the index answers it.
async fn list(
    State(app): State<Shared>,
    viewable: Filtered<ViewProjects>,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Project>>, Problem> {
    let columns = Columns {
        id: "id",
        organization: Some("organization"),
        workspace: Some("workspace"),
        owner: None,
        containers: None,
        first: 3, // behind the cursor and the limit
    };
    let condition = viewable.filter.condition(app.database.dialect(), &columns);
    let Condition { sql, params } = condition.map_err(|why| Problem::internal(&why))?;
    let sql = format!("select {COLUMNS} from app_project where id > $1 and {sql} order by id limit $2");
    let first = [asked.behind::<ResourceId>()?.into(), one_more(&asked).into()];
    let values: Vec<Value> = first.into_iter().chain(params.iter().map(Value::from)).collect();
    let found: Vec<Project> =
        app.database.query(&sql, &values).await?.iter().map(project_of).collect::<Result<_, _>>()?;
    Ok(Found::new(list_after(found, &asked, |project| project.project.to_string())).at_version(viewable.filter.version))
}

/// One more than there is room for, so that it is seen whether there is another page.
pub(super) fn one_more(asked: &Asked) -> u64 {
    u64::try_from(asked.limit()).unwrap_or(u64::MAX).saturating_add(1)
}

async fn get(
    State(app): State<Shared>,
    auth: Authorized<ViewProjects>,
    Named(Which { project }): Named<Which>,
) -> Result<Found<Project>, Problem> {
    Ok(Found::new(find(&app, auth.place, project).await?).at_version(auth.version))
}

async fn find(app: &App, place: InWorkspace, project: ResourceId) -> Result<Project, Problem> {
    let sql = format!("select {COLUMNS} from app_project where organization = $1 and workspace = $2 and id = $3");
    let found = app.database.query(&sql, &[place.organization.into(), place.workspace.into(), project.into()]).await?;
    let row = found.first().ok_or_else(|| Problem::of(Own::UNKNOWN_PROJECT))?;
    Ok(project_of(row)?)
}

/// Whether there is such a project in that workspace of that organization, and in no other.
pub(super) async fn exists(app: &App, place: InWorkspace, project: ResourceId) -> Result<(), Problem> {
    find(app, place, project).await.map(|_| ())
}

async fn delete(
    State(app): State<Shared>,
    auth: Authorized<DeleteProjects>,
    operation: Operation,
    Named(Which { project }): Named<Which>,
) -> Result<Done, Problem> {
    exists(&app, auth.place, project).await?;
    if is_any_running(&app.database, project).await? {
        return Err(Problem::of(Own::GENERATION_OPEN));
    }
    let InWorkspace { organization, workspace } = auth.place;
    let spot = Spot { workspace: Some(workspace), project: Some(project), kind: None };
    let clear = Clear { meter: Label::STORAGE, spot };
    app.tenants.order(organization, operation.issue("clear"), clear, auth.actor(), clock::now()).await?;
    app.database.execute("delete from app_generation where project = $1", &[project.into()]).await?;
    app.database.execute("delete from app_project where id = $1", &[project.into()]).await?;
    Ok(Done::new(()))
}
