//! Why? For support screens, and for whoever is told no.

use aide::axum::ApiRouter;
use aide::axum::routing::get_with;
use axum::extract::State;
use bailiwick::WorkspaceId;
use bailiwick::access::Target;
use bailiwick_bridge::failure::Failure;
use bailiwick_bridge::{code, explain};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::named;
use crate::app::Shared;
use crate::http::{Found, Id, Problem, Queried};
use crate::may::{Authorized, ViewOrganization};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new().api_route(
        "/v1/organizations/{organization}/explanation",
        get_with(get, named("explain", "Why may I, or why not?")),
    )
}

/// What is to be explained: an answer to whoever asks.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Question {
    /// The key of a permission.
    permission: String,
    /// In which workspace; in the organization itself where none is named.
    #[serde(default)]
    #[schemars(with = "Option<Id>")]
    workspace: Option<WorkspaceId>,
}

async fn get(
    State(app): State<Shared>,
    auth: Authorized<ViewOrganization>,
    Queried(question): Queried<Question>,
) -> Result<Found<Value>, Problem> {
    let catalog = app.tenants.catalog();
    let unknown = || Failure::of(code::UNKNOWN_NAME, format!("there is no permission `{}`", question.permission));
    let permission = catalog.permission(&question.permission).ok_or_else(unknown)?;
    let target = question.workspace.map_or(Target::Organization, Target::Workspace);
    let why = app.tenants.explain(auth.organization(), auth.actor(), permission, target, &auth.facts).await?;
    let text = explain::explanation(&why, catalog)?;
    Ok(Found::new(serde_json::from_str(&text).map_err(|why| Problem::internal(&why))?).at_version(why.version))
}
