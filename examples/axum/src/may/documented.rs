//! What the extractors say of themselves in the document of the interface. So the document cannot claim another permission than is asked for.

use aide::OperationInput;
use aide::generate::GenContext;
use aide::openapi::{Operation, Response};

use super::place::document_place;
use super::{Authorized, Filtered, InOrganization, Needs, Session};
use crate::http::describe_problem;

/// The name of the scheme by which requests say who they are.
pub(crate) const SCHEME: &str = "session";

fn document_session(operation: &mut Operation) {
    operation.security = vec![[(SCHEME.to_owned(), Vec::new())].into_iter().collect()];
}

fn document_permission<P: Needs>(operation: &mut Operation) {
    operation.extensions.insert("x-permission".to_owned(), P::KEY.into());
}

fn problems<const N: usize>(context: &mut GenContext, listed: [(u16, &str); N]) -> Vec<(Option<u16>, Response)> {
    listed.map(|(status, text)| (Some(status), describe_problem(context, text))).into()
}

const UNKNOWN: (u16, &str) = (404, "There is no such thing, as far as whoever asks can tell.");

impl OperationInput for Session {
    fn operation_input(_: &mut GenContext, operation: &mut Operation) {
        document_session(operation);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        problems(context, [(401, "Nobody is signed in.")])
    }
}

impl<P: Needs> OperationInput for Authorized<P> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        document_session(operation);
        document_place::<P::Place>(context, operation);
        document_permission::<P>(operation);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        let step_up = (401, "Nobody is signed in, or more has to be shown first: the challenge says what.");
        problems(context, [step_up, (403, "Not allowed; the code says why."), UNKNOWN])
    }
}

impl<P: Needs> OperationInput for Filtered<P> {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        document_session(operation);
        document_place::<InOrganization>(context, operation);
        document_permission::<P>(operation);
    }

    fn inferred_early_responses(context: &mut GenContext, _: &mut Operation) -> Vec<(Option<u16>, Response)> {
        problems(context, [(401, "Nobody is signed in."), UNKNOWN])
    }
}
