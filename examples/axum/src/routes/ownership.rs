//! Ownership changes hands.

use aide::axum::ApiRouter;
use aide::axum::routing::post_with;
use axum::extract::State;
use bailiwick::UserId;
use bailiwick::change::TransferOwnership as Transfer;
use schemars::JsonSchema;
use serde::Deserialize;

use super::named;
use crate::app::Shared;
use crate::http::{Body, Done, Id, Problem};
use crate::idempotency::Operation;
use crate::may::{Authorized, TransferOwnership};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new().api_route(
        "/v1/organizations/{organization}/ownership",
        post_with(transfer, named("transferOwnership", "Hand an organization over")),
    )
}

/// Whoever owns it from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Heir {
    /// A member.
    #[schemars(with = "Id")]
    to: UserId,
}

async fn transfer(
    State(app): State<Shared>,
    auth: Authorized<TransferOwnership>,
    operation: Operation,
    Body(Heir { to }): Body<Heir>,
) -> Result<Done, Problem> {
    let command = Transfer { to, from: None };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}
