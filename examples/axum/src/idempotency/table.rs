//! The table of requests that came with a key: who carries one out, and what it was answered.

use std::time::Duration;

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use bailiwick::{Timestamp, UserId};
use serde_json::{Map, Value as Json};

use crate::clock;
use crate::database::{Database, DatabaseError, Row};
use crate::http::VERSION;

/// For so long a repetition is recognized. A ledger remembers its keys for as long.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// What an answer keeps besides its body.
const HEADERS: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, VERSION];

/// Says that an answer was given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Whose key it is, and what it says.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) account: UserId,
    pub(super) key: String,
}

/// What is known of a request when it comes.
#[derive(Debug)]
pub(super) enum Known {
    /// Nothing, or whoever carried it out is gone: carry it out, as what was asked for then.
    Ours(Timestamp),
    /// Somebody carries it out.
    Running,
    /// It was answered.
    Answered(Box<Response>),
    /// The key was for something else.
    Other,
}

/// Takes a request in hand for so long, unless somebody has it.
pub(super) async fn take(
    database: &Database,
    named: &Named,
    fingerprint: &str,
    lease: Duration,
) -> Result<Known, DatabaseError> {
    let now = clock::now();
    let leased = now.plus(clock::span(lease));
    let insert = "insert into app_request (account, name, fingerprint, begun, leased) values ($1, $2, $3, $4, $5)
        on conflict (account, name) do nothing";
    let Named { account, key } = named;
    let values = [(*account).into(), key.as_str().into(), fingerprint.into(), now.into(), leased.into()];
    if database.execute(insert, &values).await? == 1 {
        return Ok(Known::Ours(now));
    }
    let select =
        "select fingerprint, begun, leased, status, headers, body from app_request where account = $1 and name = $2";
    let found = database.query(select, &[(*account).into(), key.as_str().into()]).await?;
    let Some(row) = found.first() else { return Ok(Known::Running) }; // given up just now: come again
    if row.text(0)? != fingerprint {
        return Ok(Known::Other);
    }
    if let Some(status) = row.number_if_any(3)? {
        return Ok(Known::Answered(Box::new(answer_of(status, row)?)));
    }
    let (begun, was_leased) = (row.instant(1)?, row.instant(2)?);
    if now < was_leased {
        return Ok(Known::Running);
    }
    // Whoever carried it out is gone. Of several that see that, one goes on.
    let update =
        "update app_request set leased = $3 where account = $1 and name = $2 and leased = $4 and status is null";
    let values = [(*account).into(), key.as_str().into(), leased.into(), was_leased.into()];
    let is_ours = database.execute(update, &values).await? == 1;
    Ok(if is_ours { Known::Ours(begun) } else { Known::Running })
}

/// Keeps what it was answered.
pub(super) async fn keep(
    database: &Database,
    named: &Named,
    parts: &axum::http::response::Parts,
    body: &[u8],
) -> Result<(), DatabaseError> {
    let headers: Map<String, Json> = HEADERS
        .iter()
        .filter_map(|name| Some((name.to_string(), parts.headers.get(name)?.to_str().ok()?.into())))
        .collect();
    let update = "update app_request set status = $3, headers = $4, body = $5 where account = $1 and name = $2";
    let Named { account, key } = named;
    let (headers, body) = (Json::from(headers).to_string(), String::from_utf8_lossy(body).into_owned());
    let status = u64::from(parts.status.as_u16());
    database
        .execute(update, &[(*account).into(), key.as_str().into(), status.into(), headers.into(), body.into()])
        .await?;
    Ok(())
}

/// Lets go of a request: its repetition is carried out again, as what was asked for then.
pub(super) async fn let_go(database: &Database, named: &Named) -> Result<(), DatabaseError> {
    let update = "update app_request set leased = 0 where account = $1 and name = $2 and status is null";
    database.execute(update, &[named.account.into(), named.key.as_str().into()]).await?;
    Ok(())
}

/// Forgets what nobody repeats any more.
pub(crate) async fn forget_old(database: &Database) -> Result<u64, DatabaseError> {
    let before = clock::now().as_millis().saturating_sub(clock::span(KEPT).as_millis());
    database.execute("delete from app_request where begun < $1", &[before.into()]).await
}

/// The answer that is kept in a row.
fn answer_of(status: u64, row: &Row) -> Result<Response, DatabaseError> {
    let mut response = Response::new(Body::from(row.text(5)?.to_owned()));
    let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    *response.status_mut() = status.unwrap_or(StatusCode::OK);
    let kept: Map<String, Json> = serde_json::from_str(row.text(4)?).unwrap_or_default();
    for name in HEADERS {
        let value = kept.get(name.as_str()).and_then(Json::as_str).and_then(|text| HeaderValue::from_str(text).ok());
        if let Some(value) = value {
            response.headers_mut().insert(name, value);
        }
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
