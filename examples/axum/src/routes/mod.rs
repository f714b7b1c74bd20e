//! WHAT CAN BE ASKED FOR? The routes, and the document that follows from their signatures.

mod accounts;
mod credits;
mod document;
mod explanation;
mod generations;
mod health;
mod invitations;
mod members;
mod organizations;
mod ownership;
mod problems;
mod projects;
mod workspaces;

use aide::axum::ApiRouter;
use aide::transform::TransformOperation;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

use crate::app::Shared;
use crate::http::{Own, Problem};
use crate::{idempotency, layers};

/// Everything, within its layers.
pub(crate) fn router(app: &Shared) -> Router {
    // Those who have an account; what they change is changed once for each key.
    let account = ApiRouter::new()
        .merge(accounts::own())
        .merge(organizations::routes())
        .merge(members::routes())
        .merge(invitations::routes())
        .merge(ownership::routes())
        .merge(workspaces::routes())
        .merge(projects::routes())
        .merge(generations::routes())
        .merge(credits::routes())
        .merge(explanation::routes())
        .layer(from_fn_with_state(app.clone(), idempotency::answer_once));
    let documented = ApiRouter::new().merge(accounts::open()).merge(account);
    document::finish(documented)
        .merge(health::routes())
        .merge(problems::routes())
        .fallback(async || Problem::of(Own::UNKNOWN_ROUTE))
        .method_not_allowed_fallback(async || Problem::of(Own::WRONG_METHOD))
        // From here on outwards.
        .layer(DefaultBodyLimit::max(app.config.body_bytes_max))
        .layer(from_fn_with_state(app.clone(), layers::finish))
        .layer(from_fn_with_state(app.clone(), layers::hurry))
        .layer(from_fn_with_state(app.clone(), layers::observe))
        .with_state(app.clone())
}

/// What an operation is called, in the document.
fn named(id: &'static str, summary: &'static str) -> impl FnOnce(TransformOperation<'_>) -> TransformOperation<'_> {
    move |operation| operation.id(id).summary(summary)
}
