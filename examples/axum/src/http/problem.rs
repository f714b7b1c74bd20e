//! Problems: everything that is no success, as RFC 9457 says it, with the stable code and the facts beside the words.

use aide::OperationOutput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, Response as Documented, SchemaObject};
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bailiwick::access::{Decision, DenyReason, Requirement};
use bailiwick::catalog::Catalog;
use bailiwick::change::Refusal;
use bailiwick::store::StoreError;
use bailiwick::{TenantsError, ledger};
use bailiwick_bridge::code;
use bailiwick_bridge::failure::Failure;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};

use super::Own;
use super::status::status_of;
use crate::database::DatabaseError;

/// Something that is no success.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    number: Option<u16>,
    detail: String,
    facts: Value,
    challenge: Option<String>,
}

/// A problem as it is written, after RFC 9457.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Problem")]
struct Written {
    /// What kind it is: an address at which it is explained.
    #[serde(rename = "type")]
    kind: String,
    /// The kind in words.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What happened this time.
    detail: String,
    /// The stable code.
    code: String,
    /// The stable number, of what the crate has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<u16>,
    /// What the detail says, as data.
    facts: Value,
}

impl Problem {
    /// One of the application's own kinds, in its usual words.
    pub(crate) fn of(own: Own) -> Self {
        Self::saying(own, own.text)
    }

    /// One of the application's own kinds, in better words.
    pub(crate) fn saying(own: Own, detail: impl Into<String>) -> Self {
        Self {
            status: StatusCode::from_u16(own.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code: own.code,
            number: None,
            detail: detail.into(),
            facts: json!({}),
            challenge: (own.status == 401).then(|| "Bearer".to_owned()),
        }
    }

    /// What an organization says that does not exist, to whomever; and one that does, to a stranger.
    pub(crate) fn not_found() -> Self {
        Failure::plain(DenyReason::NotFound.number()).into()
    }

    /// What a decision says; `None` for a yes.
    pub(crate) fn of_decision(decision: Decision, catalog: &Catalog) -> Option<Self> {
        let problem = Self::from(Failure::of_decision(decision, catalog)?);
        Some(match decision {
            Decision::StepUp(needed) => problem.challenging(&needed),
            Decision::Allow | Decision::Deny(_) => problem,
        })
    }

    /// Something failed here: what, is for the log alone.
    pub(crate) fn internal(why: &dyn std::error::Error) -> Self {
        log("a request failed", why);
        Self::of(Own::INTERNAL)
    }

    /// With the challenge of RFC 9470: how recent the authentication has to be, and how strong.
    fn challenging(mut self, needed: &Requirement) -> Self {
        let mut challenge = r#"Bearer error="insufficient_user_authentication""#.to_owned();
        if let Some(within) = needed.authentication_within {
            let seconds = within.as_millis().checked_div(1_000).unwrap_or_default();
            challenge.push_str(&format!(r#", max_age="{seconds}""#));
        }
        if needed.second_factor {
            challenge.push_str(r#", acr_values="mfa""#);
        }
        self.challenge = Some(challenge);
        self
    }
}

/// An error with everything behind it, in the log of the request.
fn log(what: &str, why: &dyn std::error::Error) {
    let mut text = why.to_string();
    let mut source = why.source();
    while let Some(behind) = source {
        text = format!("{text}: {behind}");
        source = behind.source();
    }
    tracing::error!(error = text, "{what}");
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        let status = status_of(failure.number);
        if status.is_server_error() {
            // Trouble with the store says what happened, and that is for the log.
            tracing::error!(number = failure.number, error = failure.text, "the store is in trouble");
        }
        let is_trouble = (400..500).contains(&failure.number);
        let general = code::text_of(failure.number).unwrap_or_default();
        Self {
            status,
            code: code::name_of(failure.number).unwrap_or("internal"),
            number: Some(failure.number),
            detail: if is_trouble { general.to_owned() } else { failure.text },
            facts: failure.facts,
            challenge: None,
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let problem = Self::from(Failure::from(&refusal));
        match refusal {
            Refusal::StepUp { requirement } => problem.challenging(&requirement),
            _ => problem,
        }
    }
}

impl From<ledger::Refusal> for Problem {
    fn from(refusal: ledger::Refusal) -> Self {
        Failure::from(&refusal).into()
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<TenantsError> for Problem {
    fn from(error: TenantsError) -> Self {
        match error {
            TenantsError::Refused(refusal) => refusal.into(),
            other => Failure::from(other).into(),
        }
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        log("a statement failed", &error);
        Self::of(if error.may_pass() { Own::BUSY } else { Own::INTERNAL })
    }
}

impl From<getrandom::Error> for Problem {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let written = Written {
            kind: format!("/problems/{}", self.code),
            title: title_of(self.code),
            status: self.status.as_u16(),
            detail: self.detail,
            code: self.code.to_owned(),
            number: self.number,
            facts: self.facts,
        };
        let body = serde_json::to_vec(&written).unwrap_or_default();
        let mut response = (self.status, [(CONTENT_TYPE, "application/problem+json")], body).into_response();
        let challenge = self.challenge.and_then(|challenge| HeaderValue::from_str(&challenge).ok());
        if let Some(challenge) = challenge {
            response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
        }
        let is_to_be_repeated = self.status == StatusCode::SERVICE_UNAVAILABLE || self.code == Own::STILL_RUNNING.code;
        if is_to_be_repeated {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

/// The code in words: `seat_limit` is `Seat limit`.
fn title_of(code: &str) -> String {
    let mut letters = code.chars().map(|letter| if letter == '_' { ' ' } else { letter });
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A problem in the document of the interface.
pub(crate) fn describe_problem(context: &mut GenContext, description: &str) -> Documented {
    let json_schema = context.schema.subschema_for::<Written>();
    let media = MediaType {
        schema: Some(SchemaObject { json_schema, example: None, external_docs: None }),
        ..MediaType::default()
    };
    Documented {
        description: description.to_owned(),
        content: [("application/problem+json".to_owned(), media)].into_iter().collect(),
        ..Documented::default()
    }
}

impl OperationOutput for Problem {
    type Inner = Self;

    fn inferred_responses(context: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        vec![(None, describe_problem(context, "A problem: what kind is its code."))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_a_title_in_words() {
        assert_eq!(title_of("seat_limit"), "Seat limit");
        assert_eq!(title_of(""), "");
    }

    #[test]
    fn the_challenge_says_what_is_needed() {
        let needed = Requirement {
            authentication_within: Some(bailiwick::Span::minutes(15)),
            second_factor: true,
            ..Requirement::default()
        };
        let problem = Problem::from(Refusal::StepUp { requirement: needed });
        assert_eq!(problem.status, StatusCode::UNAUTHORIZED);
        let challenge = r#"Bearer error="insufficient_user_authentication", max_age="900", acr_values="mfa""#;
        assert_eq!(problem.into_response().headers()[WWW_AUTHENTICATE], challenge);
    }

    #[test]
    fn trouble_keeps_its_reasons_to_itself() {
        let trouble = StoreError::Fatal(Box::from("password authentication failed for user `app`"));
        let problem = Problem::from(trouble);
        assert_eq!(problem.detail, "the store failed; nothing was done");
    }
}
