//! Sessions: who is signed in, and since when they have proven who they are.
//!
//! TOY. A product takes this from its identity provider; what the crate needs is what [`Session`] says, and nothing else.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use bailiwick::access::Facts;
use bailiwick::{Actor, Timestamp, UserId};
use sha2::{Digest, Sha256};

use crate::app::Shared;
use crate::clock;
use crate::http::{Own, Problem};
use crate::secret::hex;

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Who.
    pub(crate) account: UserId,
    /// The hash of the token, under which the session is kept.
    pub(crate) token: String,
    /// When they last proved who they are, in this session.
    pub(crate) authenticated: Option<Timestamp>,
}

impl Session {
    /// Who asks, for the crate.
    pub(crate) const fn actor(&self) -> Actor {
        Actor::User(self.account)
    }

    /// What is known of the moment, for the crate.
    pub(crate) fn facts(&self) -> Facts<'static> {
        let facts = Facts::at(clock::now());
        self.authenticated.map_or(facts, |at| facts.authenticated(at))
    }
}

/// Looks the token of a request up, once for each request.
pub(crate) async fn signed_in(parts: &mut Parts, app: &Shared) -> Result<Session, Problem> {
    if let Some(session) = parts.extensions.get::<Session>() {
        return Ok(session.clone());
    }
    let header = parts.headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
    let token = header.and_then(|value| value.strip_prefix("Bearer ")).ok_or_else(|| Problem::of(Own::NO_SESSION))?;
    let token = hash_of(token);
    let sql = "select account, authenticated from app_session where token = $1 and expires > $2";
    let found = app.database.query(sql, &[token.as_str().into(), clock::now().into()]).await?;
    let row = found.first().ok_or_else(|| Problem::of(Own::NO_SESSION))?;
    let session = Session { account: row.parsed(0)?, token, authenticated: row.instant_if_any(1)? };
    parts.extensions.insert(session.clone());
    Ok(session)
}

/// The hash under which a random token is kept. It has 256 bits that nobody can guess, so it needs no salt and no slow hash; a password
/// would need both.
pub(crate) fn hash_of(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

impl FromRequestParts<Shared> for Session {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Shared) -> Result<Self, Problem> {
        signed_in(parts, app).await
    }
}
