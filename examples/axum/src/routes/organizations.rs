//! Organizations: made, listed, looked at.

use aide::axum::ApiRouter;
use aide::axum::routing::{get_with, post_with};
use axum::extract::State;
use bailiwick::change::CreateOrganization;
use bailiwick::reach::Relation;
use bailiwick::{Belonging, Kind, Name, OrgId, Seats, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::bad;
use super::named;
use crate::app::Shared;
use crate::http::{Asked, Body, Created, Found, Id, Page, Problem, Queried};
use crate::idempotency::Operation;
use crate::may::{Authorized, Place, Session, ViewOrganization};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations",
            post_with(create, named("createOrganization", "Make an organization"))
                .get_with(list, named("listOrganizations", "Where do I belong?")),
        )
        .api_route(
            "/v1/organizations/{organization}",
            get_with(get, named("getOrganization", "Look at an organization")),
        )
}

/// A new organization.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewOrganization {
    name: String,
    /// The key of a plan.
    plan: String,
    /// Seats that are bought, where the plan counts them.
    #[serde(default)]
    seats: u64,
}

/// An organization that was made.
#[derive(Serialize, JsonSchema)]
struct MadeOrganization {
    #[schemars(with = "Id")]
    organization: OrgId,
    /// Its first workspace.
    #[schemars(with = "Id")]
    workspace: WorkspaceId,
}

async fn create(
    State(app): State<Shared>,
    session: Session,
    operation: Operation,
    Body(new): Body<NewOrganization>,
) -> Result<Created<MadeOrganization>, Problem> {
    let organization = OrgId::from_bits(operation.id("organization"));
    let workspace = WorkspaceId::from_bits(operation.id("workspace"));
    let name = Name::new(&new.name).map_err(|why| bad("name", &why))?;
    let create =
        CreateOrganization { name, plan: new.plan.as_str().into(), seats: Seats::new(new.seats), owned: 0, workspace };
    let context = session.facts().by(session.actor()).as_command(operation.command);
    let version = app.tenants.create(organization, create, &context).await?;
    let answer = Created::new(MadeOrganization { organization, workspace }).at_version(version);
    Ok(answer.located(format!("/v1/organizations/{organization}")))
}

/// An organization that somebody belongs to.
#[derive(Serialize, JsonSchema)]
struct Membership {
    #[schemars(with = "Id")]
    organization: OrgId,
    name: String,
    /// `personal` or `team`.
    kind: &'static str,
    /// In good standing, or what else.
    status: String,
    /// `member` or `collaborator`.
    relation: &'static str,
    roles: Vec<String>,
    /// Why nothing can be done there: a code.
    stopped: Option<&'static str>,
}

impl From<Belonging> for Membership {
    fn from(there: Belonging) -> Self {
        Self {
            organization: there.organization,
            name: there.name.as_str().to_owned(),
            kind: kind_of(there.kind),
            status: there.status.to_string(),
            relation: match there.relation {
                Relation::Member => "member",
                Relation::Collaborator => "collaborator",
            },
            roles: there.roles.iter().map(|role| role.as_str().to_owned()).collect(),
            stopped: there.stopped.map(|reason| reason.code()),
        }
    }
}

const fn kind_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Personal => "personal",
        Kind::Team => "team",
    }
}

async fn list(
    State(app): State<Shared>,
    session: Session,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Membership>>, Problem> {
    let page = app.tenants.belongings(session.account, &session.facts(), asked.paging()?).await?;
    Ok(Found::new(Page::of(page, Membership::from)))
}

/// An organization, as somebody of it sees it.
#[derive(Serialize, JsonSchema)]
struct Organization {
    #[schemars(with = "Id")]
    organization: OrgId,
    name: String,
    /// `personal` or `team`.
    kind: &'static str,
    status: String,
    /// The key of its plan.
    plan: String,
    /// What whoever asks may do everywhere in it, now.
    may: Vec<String>,
}

async fn get(State(app): State<Shared>, auth: Authorized<ViewOrganization>) -> Result<Found<Organization>, Problem> {
    let (id, catalog) = (auth.organization(), app.tenants.catalog());
    let allowed = app.tenants.access(id, auth.actor(), auth.place.target(), &auth.facts).await?.allowed();
    let may = allowed.iter().filter_map(|permission| catalog.permission_def(permission));
    let may = may.map(|permission| permission.key.as_str().to_owned()).collect();
    let read = app.tenants.read(id, |there| {
        let profile = there.profile()?;
        let plan = catalog.plan_def(profile.terms_at(auth.facts.now).plan)?;
        Some(Organization {
            organization: id,
            name: profile.name.as_str().to_owned(),
            kind: kind_of(profile.kind),
            status: profile.status.to_string(),
            plan: plan.key.as_str().to_owned(),
            may,
        })
    });
    let organization = read.await?.flatten().ok_or_else(Problem::not_found)?;
    Ok(Found::new(organization).at_version(auth.version))
}
