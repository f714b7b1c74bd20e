//! Answers: a status, what is said, where it is, and the version of the organization that it made.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, Response as Documented, SchemaObject};
use axum::Json;
use axum::http::header::LOCATION;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bailiwick::Version;
use bailiwick::change::Outcome;
use schemars::JsonSchema;
use serde::Serialize;

/// Says of which version an answer is. Sent along with the next request it makes another process wait until it knows as much.
pub(crate) const VERSION: HeaderName = HeaderName::from_static("organization-version");

/// An answer with this status.
#[derive(Debug)]
pub(crate) struct Answer<const STATUS: u16, T> {
    body: T,
    version: Option<Version>,
    location: Option<String>,
    has_secret: bool,
}

/// What there is.
pub(crate) type Found<T> = Answer<200, T>;
/// What was made.
pub(crate) type Created<T> = Answer<201, T>;
/// What was begun.
pub(crate) type Accepted<T> = Answer<202, T>;
/// It is done, and there is nothing to say.
pub(crate) type Done = Answer<204, ()>;

/// An answer that nobody may keep: there is a secret in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HoldsSecret;

impl<const STATUS: u16, T> Answer<STATUS, T> {
    pub(crate) const fn new(body: T) -> Self {
        Self { body, version: None, location: None, has_secret: false }
    }

    /// As of the version that a command has made.
    pub(crate) fn after(self, outcome: &Outcome) -> Self {
        let version = outcome.records.last().map(|record| record.version);
        Self { version, ..self }
    }

    /// As of a version.
    pub(crate) fn at_version(self, version: Version) -> Self {
        Self { version: Some(version), ..self }
    }

    /// To be found there.
    pub(crate) fn located(self, path: String) -> Self {
        Self { location: Some(path), ..self }
    }

    /// With a secret in it, which is kept nowhere but as a hash.
    pub(crate) fn holding_secret(self) -> Self {
        Self { has_secret: true, ..self }
    }
}

impl Done {
    /// A command was carried out.
    pub(crate) fn of(outcome: &Outcome) -> Self {
        Self::new(()).after(outcome)
    }
}

impl<const STATUS: u16, T: Serialize> IntoResponse for Answer<STATUS, T> {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(STATUS).unwrap_or(StatusCode::OK);
        let mut response = if status == StatusCode::NO_CONTENT {
            status.into_response()
        } else {
            (status, Json(self.body)).into_response()
        };
        if let Some(version) = self.version {
            response.headers_mut().insert(VERSION, HeaderValue::from(version.as_u64()));
        }
        if let Some(path) = self.location.and_then(|path| HeaderValue::from_str(&path).ok()) {
            response.headers_mut().insert(LOCATION, path);
        }
        if self.has_secret {
            response.extensions_mut().insert(HoldsSecret);
        }
        response
    }
}

impl<const STATUS: u16, T: JsonSchema> OperationOutput for Answer<STATUS, T> {
    type Inner = T;

    fn operation_response(context: &mut GenContext, _: &mut Operation) -> Option<Documented> {
        let json_schema = context.schema.subschema_for::<T>();
        let description = context.resolve_schema(&json_schema).get("description").and_then(|text| text.as_str());
        let mut documented =
            Documented { description: description.unwrap_or("It is done.").to_owned(), ..Documented::default() };
        if STATUS != 204 {
            let media = MediaType {
                schema: Some(SchemaObject { json_schema, example: None, external_docs: None }),
                ..MediaType::default()
            };
            documented.content.insert("application/json".to_owned(), media);
        }
        Some(documented)
    }

    fn inferred_responses(context: &mut GenContext, operation: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        let documented = Self::operation_response(context, operation);
        documented.map(|documented| (Some(STATUS), documented)).into_iter().collect()
    }
}
