//! Generations: begun, looked at, deleted.

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::extract::State;
use bailiwick::{ResourceId, UserId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named;
use super::projects::{Which, exists, one_more};
use crate::app::Shared;
use crate::generations::{self, begin, find, in_project};
use crate::http::{Accepted, Asked, Body, Done, Found, Id, Named, Own, Page, Problem, Queried, list_after};
use crate::idempotency::Operation;
use crate::may::{Authorized, DeleteGenerations, RunGenerations, ViewProjects};

/// Steps of one generation at the most.
const STEPS_MAX: u64 = 1_000;

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations/{organization}/workspaces/{workspace}/projects/{project}/generations",
            post_with(create, named("generate", "Generate something, for credits"))
                .get_with(list, named("listGenerations", "What was generated?")),
        )
        .api_route(
            "/v1/organizations/{organization}/workspaces/{workspace}/projects/{project}/generations/{generation}",
            get_with(get, named("getGeneration", "Look at a generation"))
                .delete_with(delete, named("deleteGeneration", "Delete what was generated")),
        )
}

/// A generation.
#[derive(Serialize, JsonSchema)]
struct Generation {
    #[schemars(with = "Id")]
    generation: ResourceId,
    /// Who asked for it.
    #[schemars(with = "Id")]
    account: UserId,
    /// `running`, `done` or `failed`.
    state: String,
    /// Credits: of one that runs, what it will cost.
    cost: u64,
    /// Bytes, likewise.
    bytes: u64,
}

impl From<generations::Generation> for Generation {
    fn from(it: generations::Generation) -> Self {
        Self { generation: it.id, account: it.account, state: it.state, cost: it.cost, bytes: it.bytes }
    }
}

/// A generation to come.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewGeneration {
    /// 1 to 1000. Each may cost two credits and ten kilobytes, and costs a little less in the end.
    steps: u64,
}

async fn create(
    State(app): State<Shared>,
    auth: Authorized<RunGenerations>,
    operation: Operation,
    Named(Which { project }): Named<Which>,
    Body(NewGeneration { steps }): Body<NewGeneration>,
) -> Result<Accepted<Generation>, Problem> {
    if !(1..=STEPS_MAX).contains(&steps) {
        return Err(Problem::saying(Own::BAD_BODY, format!("`steps` is 1 to {STEPS_MAX}, and not {steps}")));
    }
    exists(&app, auth.place, project).await?;
    let generation = begin(&app, &auth, &operation, project, steps).await?;
    let (organization, workspace) = (auth.place.organization, auth.place.workspace);
    let path = format!(
        "/v1/organizations/{organization}/workspaces/{workspace}/projects/{project}/generations/{}",
        generation.id
    );
    Ok(Accepted::new(generation.into()).located(path))
}

async fn list(
    State(app): State<Shared>,
    auth: Authorized<ViewProjects>,
    Named(Which { project }): Named<Which>,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Generation>>, Problem> {
    let place = (auth.place.organization, auth.place.workspace, project);
    let found = in_project(&app.database, place, asked.behind::<ResourceId>()?, one_more(&asked)).await?;
    let found = found.into_iter().map(Generation::from).collect();
    Ok(Found::new(list_after(found, &asked, |it: &Generation| it.generation.to_string())).at_version(auth.version))
}

/// Which generation.
#[derive(Deserialize, JsonSchema)]
struct One {
    #[schemars(with = "Id")]
    project: ResourceId,
    #[schemars(with = "Id")]
    generation: ResourceId,
}

async fn get(
    State(app): State<Shared>,
    auth: Authorized<ViewProjects>,
    Named(one): Named<One>,
) -> Result<Found<Generation>, Problem> {
    exists(&app, auth.place, one.project).await?;
    let found = find(&app.database, one.project, one.generation).await?;
    let generation = found.ok_or_else(|| Problem::of(Own::UNKNOWN_GENERATION))?;
    Ok(Found::new(generation.into()).at_version(auth.version))
}

async fn delete(
    State(app): State<Shared>,
    auth: Authorized<DeleteGenerations>,
    Named(one): Named<One>,
) -> Result<Done, Problem> {
    exists(&app, auth.place, one.project).await?;
    let found = find(&app.database, one.project, one.generation).await?;
    let generation = found.ok_or_else(|| Problem::of(Own::UNKNOWN_GENERATION))?;
    if generation.state == "running" {
        return Err(Problem::of(Own::GENERATION_OPEN));
    }
    generations::delete(&app, &generation).await?;
    Ok(Done::new(()))
}
