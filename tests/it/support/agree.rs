//! One law of every read path: the check, the explanation, the lists, the filter and the review give one answer.

use bailiwick::access::{Decision, Facts, Resource, Target};
use bailiwick::catalog::{Permission, Scope};
use bailiwick::change::Place;
use bailiwick::filter::Row;
use bailiwick::reach::Paging;
use bailiwick::reach::review::{Breadth, Review};
use bailiwick::{Actor, Organization, ResourceId, Timestamp, WorkspaceId};

/// How often something was asked and allowed, or not.
#[derive(Clone, Copy, Default)]
pub(crate) struct Asked {
    pub(crate) yes: u64,
    pub(crate) no: u64,
}

/// Asks everything about these actors and workspaces (one of which may not exist), in every way.
pub(crate) fn every_read_path(
    org: &Organization,
    actors: &[Actor],
    workspaces: &[WorkspaceId],
    now: Timestamp,
) -> Asked {
    // Signed in as well as anybody asks, so that allowed and not denied are one thing.
    let facts = Facts::at(now).authenticated(now).with_second_factor();
    let reviews: Vec<Review> = [Breadth::Everybody, Breadth::Exceptions]
        .into_iter()
        .filter_map(|breadth| org.review(&facts, breadth))
        .collect();
    assert_eq!(reviews.is_empty(), !org.is_open());
    let places = [Place::Organization].into_iter().chain(workspaces.iter().copied().map(Place::Workspace));
    let mut asked = Asked::default();
    for place in places {
        for (permission, def) in org.catalog().permissions() {
            for actor in actors {
                let allowed = one_answer(org, &reviews, (*actor, permission, place), &facts);
                if allowed {
                    asked.yes += 1
                } else {
                    asked.no += 1
                }
                if let (Place::Workspace(workspace), true) = (place, def.scope == Scope::Resource) {
                    filtered(org, (*actor, permission, workspace), &facts);
                }
            }
        }
    }
    asked
}

fn one_answer(
    org: &Organization,
    reviews: &[Review],
    (actor, permission, place): (Actor, Permission, Place),
    facts: &Facts<'_>,
) -> bool {
    let target = match place {
        Place::Organization => Target::Organization,
        Place::Workspace(id) => Target::Workspace(id),
    };
    let about = || format!("{actor:?}, {} at {place:?}", key(org, permission));
    let decision = org.check(actor, permission, target, facts);
    assert!(!matches!(decision, Decision::StepUp(_)), "{}", about());
    let allowed = decision == Decision::Allow;
    assert_eq!(org.access(actor, target, facts).allows(permission), allowed, "an access: {}", about());
    let explained = org.explain(actor, permission, target, facts);
    assert_eq!(explained.decision, decision, "{}\n{explained}", about());
    let listed = match actor {
        Actor::Service(id) => {
            org.services_with(permission, place, facts, Paging::first(1_000)).items.iter().any(|who| who.id == id)
        }
        Actor::User(id) => {
            org.people_with(permission, place, facts, Paging::first(1_000)).items.iter().any(|who| who.id == id)
        }
        _ => allowed, // others are in no list
    };
    assert_eq!(listed, allowed, "a list: {}", about());
    for review in reviews.iter().filter(|_| matches!(actor, Actor::User(_) | Actor::Service(_))) {
        assert_eq!(review.can(actor, permission, place), allowed, "{:?}: {}", review.breadth, about());
    }
    let below = org.catalog().permission_def(permission).is_some_and(|def| def.scope != Scope::Organization);
    if below || place == Place::Organization {
        assert_eq!(org.holding(actor, place, facts).usable.contains(permission), allowed, "a holding: {}", about());
    }
    allowed
}

/// A resource of the workspace that nobody shared and nobody owns.
fn filtered(org: &Organization, (actor, permission, workspace): (Actor, Permission, WorkspaceId), facts: &Facts<'_>) {
    let id = ResourceId::from_u64(1).unwrap();
    let on = Resource { id, containers: &[], workspace: Some(workspace), personal_owner: None, shares: &[] };
    let allowed = org.check(actor, permission, Target::Resource(&on), facts).is_allow();
    let about = || format!("{actor:?}, {} in {workspace}", key(org, permission));
    assert_eq!(org.holding_on(actor, &on, facts).usable.contains(permission), allowed, "{}", about());
    if org.workspace(workspace).is_some() {
        let row = Row { id, containers: &[], workspace: Some(workspace), personal_owner: None };
        assert_eq!(org.filter(actor, permission, facts, &[]).allows(&row), allowed, "a filter: {}", about());
    }
}

fn key(org: &Organization, permission: Permission) -> &str {
    org.catalog().permission_def(permission).map_or("", |def| def.key.as_str())
}
