//! Does a command promise to somebody yet to come what whoever promises it does not hold?

use std::prelude::v1::*; // the crate itself has none
use std::{format, vec};

use bailiwick::catalog::{PermissionSet, RoleKey, RoleSet, Sight};
use bailiwick::change::{Command, Event};
use bailiwick::{Actor, Organization, UserId};

use super::held::{Place, awake, happen, held, instants, places, scope_of, words};
use super::warrant::{Warrant, later};
use super::{Oracle, Step};

impl Oracle {
    /// A newcomer to whom everything is given that was promised holds nothing that whoever promised it does not.
    pub(super) fn nobody_promises_more(
        &self,
        before: &Organization,
        after: &Organization,
        step: &Step,
    ) -> Result<(), String> {
        if step.actor == Actor::System {
            return Ok(());
        }
        let is_new = |version| version > before.version();
        let promiser = Warrant::of(before, step.actor, step.now);
        let sent = after.invitations().filter(|(_, invitation)| is_new(invitation.issued().version));
        let mut promises: Vec<(String, Vec<Event>)> = sent
            .map(|(id, invitation)| {
                let (user, given_by) = (newcomer(), step.actor);
                let rows = invitation.access().iter().map(|(workspace, changes)| Event::AccessGiven {
                    user,
                    workspace: *workspace,
                    changes: changes.clone(),
                    given_by,
                });
                let joined = match invitation.roles() {
                    [] => Event::CollaboratorJoined { user, given_by },
                    roles => Event::MemberJoined { user, roles: roles.to_vec(), given_by },
                };
                (format!("{id:?}"), [joined].into_iter().chain(rows).collect())
            })
            .collect();
        for (domain, rule) in after.domains().filter(|(_, rule)| is_new(rule.origin.version)) {
            promises.push((format!("{domain:?}"), vec![member_with(after, rule.roles, step)]));
        }
        match &step.command {
            Command::SetProvisioning(_) => {
                let roles = after.profile().and_then(|profile| profile.provisioned_roles).unwrap_or_default();
                promises.push((String::from("the directory"), vec![member_with(after, roles, step)]));
            }
            Command::CreateRole(create) => promises.push(role_promise(after, &create.role, step)),
            Command::ChangeRole(change) => promises.push(role_promise(after, &change.role, step)),
            _ => {}
        }
        for (what, roles) in delegated(after, step) {
            for role in roles.iter() {
                let known = after.custom_role(role).map_or(role, |custom| custom.like());
                let def = after.catalog().role_def(known).expect("the role is there");
                if role == after.catalog().owner_role() {
                    return Err(format!("{what} makes owners"));
                }
                let holds = after.permissions_of(role);
                let seen = if def.sight == Sight::All { holds } else { PermissionSet::EMPTY };
                let places = places(before).into_iter().filter(|place| *place != Place::Own);
                for place in places {
                    let scope = scope_of(after, place);
                    let needed =
                        if matches!(place, Place::Resource(_) | Place::Unplaced) { seen } else { holds } & scope;
                    if !promiser.covers(place, needed) {
                        let lacking = words(after, needed - promiser.at(place));
                        return Err(format!("{what} hands on {lacking} at {place:?}, which who does it does not hold"));
                    }
                }
            }
        }
        promises.into_iter().try_for_each(|(what, events)| {
            let mut promised = awake(after);
            events.into_iter().for_each(|event| happen(&mut promised, event, step.now));
            let user = Actor::User(newcomer());
            let instants = instants(&[after, &promised], step.now);
            for place in places(after) {
                for instant in &instants {
                    let has = held(&promised, user, place, *instant);
                    let then = later(before, step, place, *instant).unwrap_or(has);
                    if !promiser.covers(place, has) || !has.is_subset(&then) {
                        let lacking = words(after, has - (promiser.at(place) & then));
                        return Err(format!(
                            "{what} promises {lacking} at {place:?}, which who promises does not hold"
                        ));
                    }
                }
            }
            Ok(())
        })
    }
}

/// Roles that others will give, or have, without anybody being asked again.
fn delegated(after: &Organization, step: &Step) -> Vec<(String, RoleSet)> {
    let one = |key: &RoleKey| -> RoleSet { after.role(key.as_str()).into_iter().collect() };
    match &step.command {
        Command::CreateRole(command) => [(format!("{:?}", command.role), one(&command.role))].into(),
        Command::ChangeRole(command) => [(format!("{:?}", command.role), one(&command.role))].into(),
        Command::DeleteRole(command) => {
            command.instead.iter().map(|instead| (format!("{:?}", command.role), one(instead))).collect()
        }
        Command::SetDomain(command) => {
            let set = after.domains().filter(|(domain, _)| **domain == command.domain);
            set.map(|(domain, rule)| (format!("{domain:?}"), rule.roles)).collect()
        }
        Command::SetProvisioning(_) => {
            let roles = after.profile().and_then(|profile| profile.provisioned_roles);
            roles.map(|roles| (String::from("the directory"), roles)).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

fn role_promise(after: &Organization, key: &RoleKey, step: &Step) -> (String, Vec<Event>) {
    let roles: RoleSet = after.role(key.as_str()).into_iter().collect();
    (format!("{key:?}"), vec![member_with(after, roles, step)])
}

fn member_with(org: &Organization, roles: RoleSet, step: &Step) -> Event {
    let roles = roles.iter().map(|role| RoleKey::from(org.role_key(role))).collect();
    Event::MemberJoined { user: newcomer(), roles, given_by: step.actor }
}

/// Somebody whom nobody knows.
fn newcomer() -> UserId {
    UserId::from_u64(1_000).expect("not zero")
}
