//! Bodies: JSON, or a problem that says where it goes wrong.

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{MediaType, Operation, RequestBody, Response as Documented, SchemaObject};
use aide::operation::set_body;
use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Request};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::problem::describe_problem;
use super::{Own, Problem};

/// What the body says.
#[derive(Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        match Json::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(rejection) => {
                let own = match rejection {
                    JsonRejection::JsonDataError(_) => Own::BAD_BODY,
                    JsonRejection::MissingJsonContentType(_) => Own::WRONG_MEDIA_TYPE,
                    _ if rejection.status().as_u16() == Own::BODY_TOO_LARGE.status => Own::BODY_TOO_LARGE,
                    _ => Own::BAD_REQUEST,
                };
                Err(Problem::saying(own, rejection.body_text()))
            }
        }
    }
}

impl<T: JsonSchema> OperationInput for Body<T> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        let json_schema = context.schema.subschema_for::<T>();
        let description = context.resolve_schema(&json_schema).get("description").and_then(|text| text.as_str());
        let body = RequestBody {
            description: description.map(str::to_owned),
            content: [(
                "application/json".to_owned(),
                MediaType {
                    schema: Some(SchemaObject { json_schema, example: None, external_docs: None }),
                    ..MediaType::default()
                },
            )]
            .into_iter()
            .collect(),
            required: true,
            ..RequestBody::default()
        };
        set_body(context, operation, body);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Documented)> {
        [Own::BAD_REQUEST, Own::BODY_TOO_LARGE, Own::WRONG_MEDIA_TYPE, Own::BAD_BODY]
            .map(|own| (Some(own.status), describe_problem(context, own.text)))
            .into()
    }
}
