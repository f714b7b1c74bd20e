//! Previews: what a command would do, who would gain and lose what; and what could be done at all, for menus.

use bailiwick::catalog::Catalog;
use bailiwick::change::{About, Context, Offer, Preview, SharesCompared};
use bailiwick::store::Store;
use bailiwick::{InvitationId, OrgId, ServiceId, TeamId, Tenants, UserId, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::command::left_out;
use crate::extent;
use crate::facts;
use crate::failure::Failure;
use crate::view::seats;

/// What a command would do: `{"records":[…],"effects":[…],"left_out":[…],"access":[…],"shares":"all","seats_before":{…},"seats_after":{…}}`.
///
/// # Errors
/// `bad_json`, the refusals of the command, trouble with the store.
pub fn command<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    text: &str,
    context: &Context<'_>,
) -> Result<String, Failure> {
    let command: bailiwick::change::Command = crate::read(text)?;
    crate::write(&preview(tenants.catalog(), &tenants.preview(organization, command, context)?))
}

fn preview(catalog: &Catalog, preview: &Preview) -> Value {
    let shares = match preview.shares {
        SharesCompared::Nothing => "nothing",
        SharesCompared::Part => "part",
        SharesCompared::All => "all",
    };
    json!({
        "records": preview.outcome.records,
        "effects": preview.effects,
        "left_out": preview.outcome.left_out.iter().map(left_out).collect::<Vec<_>>(),
        "access": preview.access.iter().map(|change| extent::change(catalog, change)).collect::<Vec<_>>(),
        "shares": shares,
        "seats_before": preview.seats_before.map(seats),
        "seats_after": preview.seats_after.map(seats),
    })
}

/// What an offer is about, written `"organization"` or `{"person":"…"}`.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Subject {
    Organization,
    Person(UserId),
    Workspace(WorkspaceId),
    Invitation(InvitationId),
    Team(TeamId),
    Service(ServiceId),
}

impl From<Subject> for About {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Organization => Self::Organization,
            Subject::Person(user) => Self::Person(user),
            Subject::Workspace(workspace) => Self::Workspace(workspace),
            Subject::Invitation(invitation) => Self::Invitation(invitation),
            Subject::Team(team) => Self::Team(team),
            Subject::Service(service) => Self::Service(service),
        }
    }
}

/// The commands that would be accepted: `[{"command":{"suspend":{"user":"…"}},"step_up":null}]`.
///
/// # Errors
/// `bad_json`, trouble with the store.
pub fn offers<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    about: &str,
    context: &Context<'_>,
) -> Result<String, Failure> {
    let about: Subject = crate::read(about)?;
    let offers = tenants.allowed_actions(organization, context, about.into())?;
    let told = |offer: &Offer| {
        let step_up = offer.step_up.map(|requirement| facts::named_requirement(requirement, tenants.catalog()));
        json!({ "command": offer.command, "step_up": step_up })
    };
    crate::write(&offers.iter().map(told).collect::<Vec<_>>())
}
