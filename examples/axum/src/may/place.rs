//! Places: the organization or workspace that a path names.

use aide::generate::GenContext;
use aide::openapi::Operation;
use aide::operation::{ParamLocation, add_parameters, parameters_from_schema};
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use bailiwick::access::Target;
use bailiwick::{OrgId, WorkspaceId};
use schemars::JsonSchema;

use crate::http::{Id, Problem};

/// Where a permission is asked for.
pub(crate) trait Place: Copy + Send + Sync + JsonSchema + 'static {
    /// What the path names. What is no id names nothing.
    fn of(path: &RawPathParams) -> Option<Self>;

    /// The organization that it is, or lies in.
    fn organization(&self) -> OrgId;

    /// The target of the question.
    fn target(&self) -> Target<'static>;
}

/// An organization.
#[derive(Clone, Copy, Debug, JsonSchema)]
pub(crate) struct InOrganization {
    /// The organization.
    #[schemars(with = "Id")]
    pub(crate) organization: OrgId,
}

/// A workspace of an organization.
#[derive(Clone, Copy, Debug, JsonSchema)]
pub(crate) struct InWorkspace {
    /// The organization.
    #[schemars(with = "Id")]
    pub(crate) organization: OrgId,
    /// The workspace.
    #[schemars(with = "Id")]
    pub(crate) workspace: WorkspaceId,
}

impl Place for InOrganization {
    fn of(path: &RawPathParams) -> Option<Self> {
        Some(Self { organization: named(path, "organization")?.parse().ok()? })
    }

    fn organization(&self) -> OrgId {
        self.organization
    }

    fn target(&self) -> Target<'static> {
        Target::Organization
    }
}

impl Place for InWorkspace {
    fn of(path: &RawPathParams) -> Option<Self> {
        let organization = named(path, "organization")?.parse().ok()?;
        Some(Self { organization, workspace: named(path, "workspace")?.parse().ok()? })
    }

    fn organization(&self) -> OrgId {
        self.organization
    }

    fn target(&self) -> Target<'static> {
        Target::Workspace(self.workspace)
    }
}

fn named<'p>(path: &'p RawPathParams, name: &str) -> Option<&'p str> {
    path.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
}

/// The place that the path of a request names; one that names nothing is as one of an organization that does not exist.
pub(super) async fn place_of<P: Place>(parts: &mut Parts) -> Result<P, Problem> {
    let path = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| Problem::not_found())?;
    P::of(&path).ok_or_else(Problem::not_found)
}

/// The place in the document of the interface.
pub(super) fn document_place<P: Place>(context: &mut GenContext, operation: &mut Operation) {
    let schema = context.schema.subschema_for::<P>();
    let parameters = parameters_from_schema(context, schema, ParamLocation::Path);
    add_parameters(context, operation, parameters);
}

/// Just the organization of a path, for those who are nobody there yet.
impl<S: Send + Sync> FromRequestParts<S> for InOrganization {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        place_of(parts).await
    }
}

impl aide::OperationInput for InOrganization {
    fn operation_input(context: &mut GenContext, operation: &mut Operation) {
        document_place::<Self>(context, operation);
    }
}
