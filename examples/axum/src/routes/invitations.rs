//! Invitations: sent, listed, taken back, answered. The secret in the link is shown once and kept as a hash alone.

use aide::axum::ApiRouter;
use aide::axum::routing::{delete_with, post_with};
use axum::extract::State;
use bailiwick::change::{Accept, AddressProof, Decline, Invite, Revoke};
use bailiwick::{Address, InvitationId, Override, Timestamp, UserId, WorkspaceId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::accounts::{address_and_name, bad};
use super::named;
use crate::app::{App, Shared};
use crate::http::{Asked, Body, Created, Done, Found, Id, Named, Page, Problem, Queried, list_after};
use crate::idempotency::Operation;
use crate::may::{Authorized, InOrganization, InviteMembers, Session};
use crate::secret;

pub(super) fn routes() -> ApiRouter<Shared> {
    ApiRouter::new()
        .api_route(
            "/v1/organizations/{organization}/invitations",
            post_with(invite, named("invite", "Invite somebody"))
                .get_with(list, named("listInvitations", "Which invitations are open?")),
        )
        .api_route(
            "/v1/organizations/{organization}/invitations/{invitation}",
            delete_with(revoke, named("revokeInvitation", "Take an invitation back")),
        )
        .api_route(
            "/v1/organizations/{organization}/invitations/{invitation}/acceptance",
            post_with(accept, named("acceptInvitation", "Accept an invitation")),
        )
        .api_route(
            "/v1/organizations/{organization}/invitations/{invitation}/refusal",
            post_with(decline, named("declineInvitation", "Decline an invitation")),
        )
}

/// Which invitation.
#[derive(Deserialize, JsonSchema)]
struct Which {
    #[schemars(with = "Id")]
    invitation: InvitationId,
}

/// An invitation to be sent.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewInvitation {
    /// An e-mail address.
    address: String,
    /// As what.
    roles: Vec<String>,
    /// Into which workspaces.
    #[serde(default)]
    workspaces: Vec<Promised>,
}

/// A workspace that is promised.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Promised {
    #[schemars(with = "Id")]
    workspace: WorkspaceId,
    /// Another role there.
    #[serde(default)]
    role: Option<String>,
}

impl Promised {
    fn access(&self) -> (WorkspaceId, Override) {
        (self.workspace, self.role.as_deref().map_or_else(Override::none, Override::role))
    }
}

/// An invitation, with what goes into the link.
#[derive(Serialize, JsonSchema)]
struct Invited {
    #[schemars(with = "Id")]
    invitation: InvitationId,
    /// Goes into the link that is sent to the address, and nowhere else.
    secret: String,
}

async fn invite(
    State(app): State<Shared>,
    auth: Authorized<InviteMembers>,
    operation: Operation,
    Body(new): Body<NewInvitation>,
) -> Result<Created<Invited>, Problem> {
    let invitation = InvitationId::from_bits(operation.id("invitation"));
    let address = Address::new(&new.address).map_err(|why| bad("address", &why))?;
    let secret = app.config.secret_key.of_invitation(invitation);
    let command = Invite {
        roles: new.roles.iter().map(|role| role.as_str().into()).collect(),
        access: new.workspaces.iter().map(Promised::access).collect(),
        ..Invite::to(invitation, address, secret::hash(&secret))
    };
    let outcome = app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?;
    Ok(Created::new(Invited { invitation, secret }).after(&outcome).holding_secret())
}

/// An invitation that is open.
#[derive(Serialize, JsonSchema)]
struct Open {
    #[schemars(with = "Id")]
    invitation: InvitationId,
    address: Option<String>,
    roles: Vec<String>,
    /// Until when, in milliseconds since 1970.
    #[schemars(with = "u64")]
    until: Timestamp,
    /// By whom.
    #[schemars(with = "Option<Id>")]
    by: Option<UserId>,
}

async fn list(
    State(app): State<Shared>,
    auth: Authorized<InviteMembers>,
    Queried(asked): Queried<Asked>,
) -> Result<Found<Page<Open>>, Problem> {
    let behind = asked.behind::<InvitationId>()?;
    let now = auth.facts.now;
    let read = app.tenants.read(auth.organization(), |there| {
        let open = there.invitations().filter(|(_, it)| it.state(now) == bailiwick::InvitationState::Open);
        let mut open: Vec<Open> = open
            .filter(|(id, _)| id.to_string() > behind)
            .map(|(invitation, it)| Open {
                invitation,
                address: it.address().map(|address| address.as_str().to_owned()),
                roles: it.roles().iter().map(|role| role.as_str().to_owned()).collect(),
                until: it.until(),
                by: it.issued().by.user(),
            })
            .collect();
        open.sort_by_key(|it| it.invitation);
        open
    });
    let open = read.await?.ok_or_else(Problem::not_found)?;
    Ok(Found::new(list_after(open, &asked, |it| it.invitation.to_string())).at_version(auth.version))
}

async fn revoke(
    State(app): State<Shared>,
    auth: Authorized<InviteMembers>,
    operation: Operation,
    Named(Which { invitation }): Named<Which>,
) -> Result<Done, Problem> {
    let command = Revoke { invitation };
    Ok(Done::of(&app.tenants.handle(auth.organization(), command, &auth.context(&operation)).await?))
}

/// What stands in the link.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Link {
    secret: String,
}

async fn accept(
    State(app): State<Shared>,
    session: Session,
    InOrganization { organization }: InOrganization,
    operation: Operation,
    Named(Which { invitation }): Named<Which>,
    Body(link): Body<Link>,
) -> Result<Done, Problem> {
    let address = address_of(&app, &session).await?;
    let command = Accept { invitation, secret: secret::hash(&link.secret), address };
    let context = session.facts().by(session.actor()).as_command(operation.command);
    Ok(Done::of(&app.tenants.handle(organization, command, &context).await?))
}

async fn decline(
    State(app): State<Shared>,
    session: Session,
    InOrganization { organization }: InOrganization,
    operation: Operation,
    Named(Which { invitation }): Named<Which>,
    Body(link): Body<Link>,
) -> Result<Done, Problem> {
    let address = address_of(&app, &session).await?;
    let command = Decline { invitation, secret: secret::hash(&link.secret), address };
    let context = session.facts().by(session.actor()).as_command(operation.command);
    Ok(Done::of(&app.tenants.handle(organization, command, &context).await?))
}

/// The address of an account, which nobody has verified here: the secret was sent to it, and that is what counts.
async fn address_of(app: &App, session: &Session) -> Result<AddressProof, Problem> {
    let (address, _) = address_and_name(app, session.account).await?;
    Ok(AddressProof::Claimed(Address::new(&address).map_err(|why| Problem::internal(&why))?))
}
