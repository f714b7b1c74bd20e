//! Lists: who can reach what, through what; each in pages.

use bailiwick::access::Facts;
use bailiwick::catalog::Permission;
use bailiwick::change::Place;
use bailiwick::reach::review::{Breadth, Wording};
use bailiwick::reach::{Cursor, Holding, Page, Paging, Reaching, Relation, Review, Source, Through};
use bailiwick::store::Store;
use bailiwick::{Actor, Belonging, OrgId, Organization, Tenants, UserId, WorkspaceId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::extent::{self, keys};
use crate::failure::Failure;

/// Which part of a list is wanted, written `{"after":{"version":3,"last":"…"},"limit":50}`; what is left out is the beginning, and a hundred items.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "I: Deserialize<'de>"))]
struct Part<I> {
    #[serde(default = "none")]
    after: Option<Cursor<I>>,
    #[serde(default = "some")]
    limit: usize,
}

const fn none<T>() -> Option<T> {
    None
}

const fn some() -> usize {
    100
}

fn paging<I: Copy + for<'de> Deserialize<'de>>(text: &str) -> Result<Paging<I>, Failure> {
    let Part { after, limit } = crate::read(text)?;
    Ok(Paging { after, limit })
}

/// `{"items":[…],"next":{…},"version":3}`.
fn page<T, I: Serialize>(page: &Page<T, I>, item: impl Fn(&T) -> Value) -> Result<String, Failure> {
    let items: Vec<Value> = page.items.iter().map(item).collect();
    crate::write(&json!({ "items": items, "next": page.next, "version": page.version }))
}

/// The organizations of a user.
///
/// # Errors
/// `bad_json`, trouble with the store.
pub fn organizations<S: Store>(tenants: &Tenants<S>, user: UserId, part: &str) -> Result<String, Failure> {
    page(&tenants.organizations_of(user, paging(part)?)?, |id| json!(id))
}

/// The same with what a switcher shows: `{"organization":"…","name":"Acme","kind":"team","status":"active","relation":"member","roles":["admin"],
/// "stopped":null}`.
///
/// # Errors
/// `bad_json`, trouble with the store.
pub fn belongings<S: Store>(
    tenants: &Tenants<S>,
    user: UserId,
    facts: &Facts<'_>,
    part: &str,
) -> Result<String, Failure> {
    page(&tenants.belongings(user, facts, paging(part)?)?, |belonging: &Belonging| {
        json!({
            "organization": belonging.organization,
            "name": belonging.name,
            "kind": belonging.kind,
            "status": belonging.status,
            "relation": relation(belonging.relation),
            "roles": belonging.roles,
            "stopped": belonging.stopped.map(|reason| reason.code()),
        })
    })
}

/// The workspaces that somebody has access to: `{"workspace":"…","name":"Production","is_archived":false,"relation":"member","holding":{…}}`.
///
/// # Errors
/// `bad_json`, trouble with the store.
pub fn workspaces<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    actor: Actor,
    facts: &Facts<'_>,
    part: &str,
) -> Result<String, Failure> {
    let found = tenants.workspaces_of(organization, actor, facts, paging::<WorkspaceId>(part)?)?;
    let told = tenants.read(organization, |there| {
        page(&found, |reached| {
            json!({
                "workspace": reached.workspace,
                "name": reached.name,
                "is_archived": reached.is_archived,
                "relation": relation(reached.relation),
                "holding": holding(there, &reached.holding),
            })
        })
    })?;
    told.unwrap_or_else(|| page(&found, |_| Value::Null))
}

/// The people who have a permission at a place: `{"user":"…","relation":"member","sight":"all","through":[…]}`. Nobody in an organization that
/// there is not.
///
/// # Errors
/// `bad_json`, trouble with the store.
pub fn people<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    permission: Permission,
    place: Place,
    facts: &Facts<'_>,
    part: &str,
) -> Result<String, Failure> {
    let part = paging::<UserId>(part)?;
    let told = tenants.read(organization, |there| {
        page(&there.people_with(permission, place, facts, part), |reaching: &Reaching<UserId>| {
            json!({
                "user": reaching.id,
                "relation": relation(reaching.relation),
                "sight": reaching.sight,
                "through": reaching.through.iter().map(|source| self::source(there, source)).collect::<Vec<_>>(),
            })
        })
    })?;
    told.unwrap_or_else(|| crate::write(&json!({ "items": [], "next": null, "version": 0 })))
}

/// The access review: everybody who can do anything, place by place, and through what; `null` for an unknown organization.
///
/// # Errors
/// Trouble with the store.
pub fn review<S: Store>(
    tenants: &Tenants<S>,
    organization: OrgId,
    facts: &Facts<'_>,
    breadth: Breadth,
) -> Result<String, Failure> {
    let Some(review) = tenants.review(organization, facts, breadth)? else { return crate::write(&Value::Null) };
    crate::write(&tenants.read(organization, |there| reviewed(there, &review))?)
}

fn reviewed(organization: &Organization, review: &Review) -> Value {
    let catalog = organization.catalog();
    let people = review.people.iter().map(|person| {
        json!({
            "user": person.user,
            "relation": relation(person.relation),
            "status": person.status,
            "is_ended": person.is_ended,
            "roles": person.roles.iter().map(|held| organization.role_key(held.role)).collect::<Vec<_>>(),
            "teams": person.teams.iter().map(|joined| joined.team).collect::<Vec<_>>(),
            "joined": person.joined,
            "last_change": person.last_change,
        })
    });
    let services = review.services.iter().map(|service| {
        json!({
            "service": service.service, "name": service.name, "sponsor": service.sponsor, "permissions": keys(catalog, service.permissions),
            "workspaces": service.workspaces, "until": service.until, "is_ended": service.is_ended, "origin": service.origin,
        })
    });
    let places = review.places.iter().map(|place| {
        let rows = place.rows.iter().map(|row| json!({ "who": row.who, "holding": holding(organization, &row.holding) }));
        json!({
            "place": extent::place(place.place), "name": place.name, "archived": place.archived, "rows": rows.collect::<Vec<_>>(),
            "as_everywhere": place.as_everywhere,
        })
    });
    let invitations = review.invitations.iter().map(|open| {
        json!({ "invitation": open.invitation, "address": open.address, "roles": open.roles, "access": open.access, "until": open.until,
            "issued": open.issued })
    });
    json!({
        "organization": review.organization,
        "name": review.name,
        "kind": review.kind,
        "status": review.status,
        "plan": review.plan,
        "version": review.version,
        "at": review.at,
        "people": people.collect::<Vec<_>>(),
        "services": services.collect::<Vec<_>>(),
        "places": places.collect::<Vec<_>>(),
        "invitations": invitations.collect::<Vec<_>>(),
        "markdown": review.to_markdown(&Wording::plain()),
    })
}

const fn relation(relation: Relation) -> &'static str {
    match relation {
        Relation::Member => "member",
        Relation::Collaborator => "collaborator",
    }
}

fn holding(organization: &Organization, holding: &Holding) -> Value {
    let catalog = organization.catalog();
    json!({
        "granted": keys(catalog, holding.granted),
        "usable": keys(catalog, holding.usable),
        "sight": holding.sight,
        "sources": holding.sources.iter().map(|source| self::source(organization, source)).collect::<Vec<_>>(),
    })
}

fn source(organization: &Organization, source: &Source) -> Value {
    let catalog = organization.catalog();
    let through = match source.through {
        Through::Role(role) => json!({ "role": organization.role_key(role) }),
        Through::RowRole(role) => json!({ "row_role": organization.role_key(role) }),
        Through::Row => json!("row"),
        Through::Group(group) => json!({ "group": catalog.group_def(group).map(|def| def.key.as_str()) }),
        Through::Team(team) => json!({ "team": team }),
        Through::EndedRow => json!("ended_row"),
    };
    json!({ "through": through, "gives": keys(catalog, source.gives), "takes": keys(catalog, source.takes), "is_firm": source.is_firm,
        "origin": source.origin, "until": source.until })
}
