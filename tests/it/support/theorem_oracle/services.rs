//! Does a service hold more than its sponsor, or does somebody else widen it?

use std::format;
use std::prelude::v1::*; // the crate itself has none

use bailiwick::access::{Facts, Target};
use bailiwick::{Actor, Organization, Service, ServiceId};

use super::Step;
use super::held::{held, places, words};

/// A service is widened by its sponsor alone, who holds what it may use; and it never holds more than its sponsor.
pub(super) fn services_stay_small(before: &Organization, after: &Organization, step: &Step) -> Result<(), String> {
    for (id, service) in after.services() {
        let was = before.service(id).filter(|was| was.sponsor() == service.sponsor());
        let was = was.filter(|was| was.until().is_none_or(|end| service.until().is_some_and(|now| now <= end)));
        if was.is_some_and(|was| is_within(service, was)) {
            continue;
        }
        if service.sponsor().is_none() {
            continue; // it can do nothing
        }
        if service.sponsor().map(Actor::User) != Some(step.actor) {
            return Err(format!("{id:?} is widened by {:?}, who is not its sponsor", step.actor));
        }
        let full = |target: Target<'_>| before.access(step.actor, target, &Facts::at(step.now)).granted();
        let everywhere = before.workspaces().map(|(id, _)| full(Target::Workspace(id)));
        let somewhere = everywhere.fold(full(Target::Organization), |all, here| all | here);
        let lent = match service.workspaces() {
            [] => somewhere,
            some => some.iter().fold(somewhere, |all, id| all & full(Target::Workspace(*id))),
        };
        let lacking = service.permissions() - lent;
        if !lacking.is_empty() {
            return Err(format!("{id:?} is lent {}, which its sponsor does not hold", words(after, lacking)));
        }
    }
    let holds_more = |id: ServiceId, service: &Service| {
        let sponsor = service.sponsor().map(Actor::User);
        places(after).into_iter().find(|place| {
            let of_sponsor = sponsor.map(|user| held(after, user, *place, step.now)).unwrap_or_default();
            !held(after, Actor::Service(id), *place, step.now).is_subset(&of_sponsor)
        })
    };
    let more = after.services().find_map(|(id, service)| Some((id, holds_more(id, service)?)));
    more.map_or(Ok(()), |(id, place)| Err(format!("{id:?} holds more at {place:?} than its sponsor")))
}

/// Whether a service may use no more than another, anywhere.
fn is_within(service: &Service, other: &Service) -> bool {
    let fewer = service.permissions().is_subset(&other.permissions());
    let inside = match (service.workspaces(), other.workspaces()) {
        (_, []) => true,
        ([], _) => false,
        (some, others) => some.iter().all(|id| others.contains(id)),
    };
    fewer && inside
}
