//! Workspaces, and who may do what in them otherwise than elsewhere.

use aide::axum::ApiRouter;
use aide::axum::routing::{post_with, put_with};
use axum::extract::State;
use bailiwick::change::{CreateWorkspace, GiveAccess, TakeAccess};
use bailiwick::{Name, Override, Timestamp, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::bad;
use super::named;
use crate::app::Shared;
use crate::http::{Asked, Body, Created, Done, Found, Id, Named, Page, Problem, Queried};
use crate::idempotency::Operation;
use crate::may::{Authorized, ChangeAccess, CreateWorkspaces, ViewOrganization};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations/{organization}/workspaces",
            post_with(create, named("createWorkspace", "Make a workspace"))
                .get_with(list, named("listWorkspaces", "Where can I go?")),
        )
        .api_route(
            "/v1/organizations/{organization}/workspaces/{workspace}/access/{user}",
            put_with(give, named("giveAccess", "Give somebody access to a workspace"))
                .delete_with(take, named("takeAccess", "Take somebody's access to a workspace")),
        )
}

/// A new workspace.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewWorkspace {
    name: String,
}

/// A workspace that was made.
#[derive(Serialize, JsonSchema)]
struct MadeWorkspace {
    #[schemars(with = "Id")]
    workspace: WorkspaceId,
}

async fn create(
    State(app): State<Shared>,
    auth: Authorized<CreateWorkspaces>,
    operation: Operation,
    Body(new): Body<NewWorkspace>,
) -> Result<Created<MadeWorkspace>, Problem> {
    let workspace = WorkspaceId::from_bits(operation.id("workspace"));
    let command = CreateWorkspace { workspace, name: Name::new(&new.name).map_err(|why| bad("name", &why))? };
    let outcome = app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?;
    Ok(Created::new(MadeWorkspace { workspace }).after(&outcome))
}

/// A workspace that somebody can go to.
#[derive(Serialize, JsonSchema)]
struct Reached {
    #[schemars(with = "Id")]
    workspace: WorkspaceId,
    name: String,
    is_archived: bool,
    /// What they may do there now, apart from what asks for more proof of who they are.
    may: Vec<String>,
}

async fn list(
    State(app): State<Shared>,
    auth: Authorized<ViewOrganization>,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Reached>>, Problem> {
    let catalog = app.tenants.catalog();
    let page = app.tenants.workspaces_of(auth.organization(), auth.actor(), &auth.facts, asked.paging()?).await?;
    let page = Page::of(page, |there| {
        let usable = there.holding.usable.iter().filter_map(|permission| catalog.permission_def(permission));
        Reached {
            workspace: there.workspace,
            name: there.name.as_str().to_owned(),
            is_archived: there.is_archived,
            may: usable.map(|permission| permission.key.as_str().to_owned()).collect(),
        }
    });
    Ok(Found::new(page).at_version(auth.version))
}

/// Whose access.
#[derive(Deserialize, JsonSchema)]
struct Whose {
    #[schemars(with = "Id")]
    user: UserId,
}

/// What is different in the workspace. With nothing in it, it assigns the workspace.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Changes {
    /// Another role there.
    #[serde(default)]
    role: Option<String>,
    /// Permissions more.
    #[serde(default)]
    added: Vec<String>,
    /// Permissions less.
    #[serde(default)]
    removed: Vec<String>,
    /// Until when, in milliseconds since 1970.
    #[serde(default)]
    until: Option<u64>,
}

impl From<Changes> for Override {
    fn from(changes: Changes) -> Self {
        Self {
            role: changes.role.as_deref().map(Into::into),
            added: changes.added.iter().map(|key| key.as_str().into()).collect(),
            removed: changes.removed.iter().map(|key| key.as_str().into()).collect(),
            until: changes.until.map(Timestamp::from_millis),
        }
    }
}

async fn give(
    State(app): State<Shared>,
    auth: Authorized<ChangeAccess>,
    operation: Operation,
    Named(Whose { user }): Named<Whose>,
    Body(changes): Body<Changes>,
) -> Result<Done, Problem> {
    let command = GiveAccess { user, workspace: auth.place.workspace, changes: changes.into() };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}

async fn take(
    State(app): State<Shared>,
    auth: Authorized<ChangeAccess>,
    operation: Operation,
    Named(Whose { user }): Named<Whose>,
) -> Result<Done, Problem> {
    let command = TakeAccess { user, workspace: auth.place.workspace };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}
