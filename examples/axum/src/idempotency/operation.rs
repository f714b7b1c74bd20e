//! The id of what a request does. It comes from the key of the request, or is drawn; whatever the request makes is made under ids that
//! follow from it.

use std::num::NonZeroU128;

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation as Documented, Parameter, Response};
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bailiwick::{CommandId, Issue, Timestamp, UserId};
use schemars::JsonSchema;

use super::key::HEADER;
use crate::clock;
use crate::http::{Own, Problem, describe_problem};
use crate::ids::{derived, random};

/// What a request does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// The id under which the crate carries it out once.
    pub(crate) command: CommandId,
    /// When it was asked for first.
    pub(crate) at: Timestamp,
}

impl Operation {
    /// Of a request that was given a key, by somebody whose keys are their own.
    pub(super) fn keyed(account: UserId, key: &str, at: Timestamp) -> Self {
        let command = CommandId::from_bits(derived(&[&account.to_uuid_bytes(), key.as_bytes()]));
        Self { command, at }
    }

    /// Of a request that nobody will repeat.
    fn drawn() -> Result<Self, Problem> {
        Ok(Self { command: CommandId::from_bits(random()?), at: clock::now() })
    }

    /// The id of something that it makes: the same in a repetition.
    pub(crate) fn id(&self, what: &str) -> NonZeroU128 {
        derived(&[&self.command.to_uuid_bytes(), what.as_bytes()])
    }

    /// The key of an order that it gives to a ledger.
    pub(crate) fn issue(&self, what: &str) -> Issue {
        Issue { key: CommandId::from_bits(self.id(what)), at: self.at }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operation {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().map_or_else(Self::drawn, |operation| Ok(*operation))
    }
}

/// The header in the document of the interface.
#[derive(JsonSchema)]
struct Headers {
    /// Names the request, so that a repetition is answered as before and not carried out again.
    #[expect(dead_code, reason = "it is described here, and read by the layer")]
    #[serde(rename = "Idempotency-Key")]
    idempotency_key: Option<String>,
}

impl OperationInput for Operation {
    fn operation_input(context: &mut GenContext, operation: &mut Documented) {
        let schema = context.schema.subschema_for::<Headers>();
        let parameters = parameters_from_schema(context, schema, ParamLocation::Header);
        let is_ours = |parameter: &Parameter| parameter.parameter_data_ref().name.eq_ignore_ascii_case(HEADER.as_str());
        add_parameters(context, operation, parameters.into_iter().filter(is_ours));
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Documented) -> Vec<(Option<u16>, Response)> {
        let own = Own::STILL_RUNNING;
        vec![(Some(own.status), describe_problem(context, "It does not go with how things stand."))]
    }
}
