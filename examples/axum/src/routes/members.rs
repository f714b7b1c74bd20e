//! Members: who they are, their roles, their going.

use std::collections::HashMap;

use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, get_with, put_with};
use axum::extract::State;
use bailiwick::UserId;
use bailiwick::change::{ChangeRoles as ChangeRolesOf, Leave, Place as At, Remove};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::named;
use crate::app::{App, Shared};
use crate::database::Value;
use crate::http::{Asked, Body, Done, Found, Id, Named, Page, Problem, Queried};
use crate::idempotency::Operation;
use crate::may::{
    Authorized, ChangeRoles, InOrganization, Needs, RemoveMembers, Session, ViewMembers, ViewOrganization,
};

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations/{organization}/members",
            get_with(list, named("listMembers", "Who belongs to it?")),
        )
        .api_route(
            "/v1/organizations/{organization}/members/{user}",
            delete_with(remove, named("removeMember", "Remove somebody")),
        )
        .api_route(
            "/v1/organizations/{organization}/members/{user}/roles",
            put_with(change_roles, named("changeRoles", "Give somebody other roles")),
        )
        .api_route(
            "/v1/organizations/{organization}/membership",
            delete_with(leave, named("leaveOrganization", "Leave an organization")),
        )
}

/// Which member.
#[derive(Deserialize, JsonSchema)]
struct Member {
    #[schemars(with = "Id")]
    user: UserId,
}

/// A member who can do something here.
#[derive(Serialize, JsonSchema)]
struct Listed {
    #[schemars(with = "Id")]
    user: UserId,
    name: Option<String>,
    address: Option<String>,
    roles: Vec<String>,
}

async fn list(
    State(app): State<Shared>,
    auth: Authorized<ViewMembers>,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Listed>>, Problem> {
    let paging = asked.paging()?;
    // Everybody for whom the organization is open, which no suspended member is.
    let permission = app.permissions[ViewOrganization::PERMISSION];
    let read = app.tenants.read(auth.organization(), |there| {
        let page = there.people_with(permission, At::Organization, &auth.facts, paging);
        let roles = |user: UserId| {
            let roles = there.person(user).map(|person| person.roles()).into_iter().flat_map(|roles| roles.iter());
            roles.map(|role| there.role_key(role).to_owned()).collect()
        };
        Page::of(page, |who| Listed { user: who.id, name: None, address: None, roles: roles(who.id) })
    });
    let mut page = read.await?.ok_or_else(Problem::not_found)?;
    let known = names(&app, page.items.iter().map(|member| member.user)).await?;
    for member in &mut page.items {
        let found = known.get(&member.user).cloned();
        (member.name, member.address) = found.unzip();
    }
    Ok(Found::new(page).at_version(auth.version))
}

/// The names and addresses of accounts, in one statement.
async fn names(app: &App, users: impl Iterator<Item = UserId>) -> Result<HashMap<UserId, (String, String)>, Problem> {
    let wanted = Value::List(users.map(|user| user.to_string()).collect());
    let sql = format!("select id, name, address from app_account where {}", app.database.is_any("id", 1));
    let mut known = HashMap::new();
    for row in app.database.query(&sql, &[wanted]).await? {
        known.insert(row.parsed(0)?, (row.text(1)?.to_owned(), row.text(2)?.to_owned()));
    }
    Ok(known)
}

/// All roles from now on.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Roles {
    roles: Vec<String>,
}

async fn change_roles(
    State(app): State<Shared>,
    auth: Authorized<ChangeRoles>,
    operation: Operation,
    Named(Member { user }): Named<Member>,
    Body(Roles { roles }): Body<Roles>,
) -> Result<Done, Problem> {
    let command = ChangeRolesOf { user, roles: roles.iter().map(|role| role.as_str().into()).collect() };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}

async fn remove(
    State(app): State<Shared>,
    auth: Authorized<RemoveMembers>,
    operation: Operation,
    Named(Member { user }): Named<Member>,
) -> Result<Done, Problem> {
    let command = Remove { user, content: None };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}

async fn leave(
    State(app): State<Shared>,
    session: Session,
    InOrganization { organization }: InOrganization,
    operation: Operation,
) -> Result<Done, Problem> {
    let context = session.facts().by(session.actor()).as_command(operation.command);
    Ok(Done::of(&app.tenants.handle(organization, Leave { content: None }, &context).await?))
}
