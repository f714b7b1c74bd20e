//! For whoever watches over the process: does it live, can it answer, what has it counted?

use std::num::NonZeroU128;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use bailiwick::OrgId;
use serde_json::{Value, json};

use crate::app::{App, Shared};
use crate::http::Problem;

pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/health/live", get(async || Json(json!({ "status": "live" }))))
        .route("/health/ready", get(ready))
        .route("/metrics", get(async |State(app): State<Shared>| app.metrics.to_text()))
}

/// Ready is who reaches the store and their own tables, has heard of the others lately, and is not asked to end.
async fn ready(State(app): State<Shared>) -> (StatusCode, Json<Value>) {
    let status = if app.ending.is_cancelled() {
        "ending"
    } else if reaches(&app).await.is_err() {
        "unreachable"
    } else {
        return (StatusCode::OK, Json(json!({ "status": "ready" })));
    };
    (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": status })))
}

async fn reaches(app: &App) -> Result<(), Problem> {
    let nobody = OrgId::from_bits(NonZeroU128::MAX);
    app.tenants.read(nobody, |_| ()).await?; // refused where it was not followed
    app.database.query("select id from app_account where id = ''", &[]).await?;
    Ok(())
}
