//! The layer: answers a repetition, or has the request carried out and keeps its answer.
//!
//! What succeeded is kept. What did not is judged again when it is repeated: whoever is asked to step up does so, and sends the request as it
//! was. An answer with a secret in it is not kept either; its repetition is carried out again, under the same id.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::fingerprint::fingerprint_of;
use super::key::key_of;
use super::operation::Operation;
use super::table::{self, Known, Named};
use crate::app::Shared;
use crate::http::{HoldsSecret, Own, Problem};
use crate::may::signed_in;

/// How much longer than a request may take somebody else waits before they take it in hand.
const LEASE_MARGIN: Duration = Duration::from_secs(1);

/// Answers requests with a key once.
pub(crate) async fn answer_once(State(app): State<Shared>, request: Request, next: Next) -> Result<Response, Problem> {
    let key = if request.method().is_safe() { None } else { key_of(request.headers())? };
    let Some(key) = key else { return Ok(next.run(request).await) };
    let (mut parts, body) = request.into_parts();
    let account = signed_in(&mut parts, &app).await?.account;
    let body = to_bytes(body, app.config.body_bytes_max).await.map_err(|_| Problem::of(Own::BODY_TOO_LARGE))?;
    let (named, fingerprint) = (Named { account, key }, fingerprint_of(&parts, &body));
    let lease = app.config.request_timeout.saturating_add(LEASE_MARGIN);
    let at = match table::take(&app.database, &named, &fingerprint, lease).await? {
        Known::Ours(at) => at,
        Known::Running => return Err(Problem::of(Own::STILL_RUNNING)),
        Known::Answered(answer) => return Ok(*answer),
        Known::Other => return Err(Problem::of(Own::KEY_OF_ANOTHER)),
    };
    parts.extensions.insert(Operation::keyed(account, &named.key, at));
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    settle(&app, &named, response).await
}

/// Keeps the answer, or lets the key go.
async fn settle(app: &Shared, named: &Named, response: Response) -> Result<Response, Problem> {
    let has_secret = response.extensions().get::<HoldsSecret>().is_some();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.map_err(|why| Problem::internal(&why))?;
    let done = if parts.status.is_success() && !has_secret {
        table::keep(&app.database, named, &parts, &body).await
    } else {
        table::let_go(&app.database, named).await
    };
    if let Err(why) = done {
        // It was carried out, and whoever asked is told so. A repetition is carried out under the same id once the lease is over.
        tracing::warn!(error = %why, "an answer could not be kept under its key");
    }
    Ok(Response::from_parts(parts, Body::from(body)).into_response())
}
