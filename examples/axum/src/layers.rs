//! What every request goes through, from the outside in: its id and span, its timeout, and that what was begun is finished.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tracing::{Instrument, info, info_span};

use crate::app::Shared;
use crate::http::{Own, Problem};
use crate::ids;

/// The id of a request, given by whoever sends it or drawn here.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of an id at the most.
const REQUEST_ID_MAX: usize = 64;

/// Gives a request its id and its span, and counts it.
pub(crate) async fn observe(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str).to_owned();
    let span = info_span!("request", id, method = %request.method(), route);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let (took, status) = (begun.elapsed(), response.status());
    app.metrics.answered(status.is_server_error(), took);
    span.in_scope(|| info!(status = status.as_u16(), duration_us = took.as_micros(), "answered"));
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    response
}

/// The id that came with it, if it is harmless.
fn request_id(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_harmless = |id: &&str| {
        let mut letters = id.chars();
        (1..=REQUEST_ID_MAX).contains(&id.len())
            && letters.all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.'))
    };
    let drawn = || ids::random().map_or_else(|_| "none".to_owned(), |bits| format!("{bits:032x}"));
    given.filter(is_harmless).map_or_else(drawn, str::to_owned)
}

/// Answers in time, if only that it takes longer.
pub(crate) async fn hurry(State(app): State<Shared>, request: Request, next: Next) -> Response {
    let answer = tokio::time::timeout(app.config.request_timeout, next.run(request)).await;
    answer.unwrap_or_else(|_| Problem::of(Own::TIMEOUT).into_response())
}

/// Finishes what changes something, whether or not anybody still waits for the answer; and before the process ends.
pub(crate) async fn finish(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let task = app.begun.spawn(next.run(request).in_current_span());
    task.await.unwrap_or_else(|why| Problem::internal(&why).into_response())
}
