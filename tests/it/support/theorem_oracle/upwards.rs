//! Does a command touch somebody who outranks whoever gave it?

use std::format;
use std::prelude::v1::*; // the crate itself has none

use bailiwick::catalog::policy::OverrideMode;
use bailiwick::catalog::{Role, RoleSet};
use bailiwick::change::Command;
use bailiwick::{Actor, Organization, Person, Service, Timestamp, UserId, WorkspaceId};

use super::Step;
use super::held::{Difference, behind, words};

/// Who loses something, or is suspended, reactivated or removed, does not outrank whoever does it.
pub(super) fn nobody_touches_upwards(
    differences: &[Difference],
    before: &Organization,
    after: &Organization,
    step: &Step,
) -> Result<(), String> {
    let consented = matches!(
        step.command,
        Command::Accept(_) | Command::AcceptOwnership(_) | Command::JoinByDomain(_) | Command::TransferOwnership(_)
    );
    // Whoever may delete a workspace may delete it for everybody.
    let at_once = matches!(step.command, Command::DeleteWorkspace(_) | Command::DeleteOrganization(_));
    if step.actor == Actor::System || consented || at_once {
        return Ok(());
    }
    let by = behind(before, step.actor);
    let directory = before.profile().and_then(|profile| profile.provisioned_roles).unwrap_or_default();
    let may_touch = |user: UserId, place: Option<WorkspaceId>| match (step.actor, before.person(user)) {
        (_, None) => true,
        (Actor::Provisioner, Some(person)) => person.roles().iter().all(|role| directory.contains(role)),
        (_, Some(_)) if by == Some(user) => true,
        (_, Some(person)) => {
            let theirs = rank(before, person, None, step.now).max(rank(before, person, place, step.now));
            let own = by.and_then(|user| before.person(user)).map(|own| rank(before, own, place, step.now));
            own.is_some_and(|own| theirs <= own)
        }
    };
    let within = |user: UserId, place: WorkspaceId| {
        let at = |user, place| before.person(user).map_or(0, |person| rank(before, person, place, step.now));
        let own = by.map(|by| at(by, None).max(at(by, Some(place))));
        own.is_some_and(|own| at(user, Some(place)) <= own)
    };
    for (user, person) in before.people() {
        let status = |person: &Person| (person.status(), person.is_member());
        let touched = after.person(user).map(status) != Some(status(person));
        // A collaborator has a rank only where there is a row. What rows make of a member goes and comes back with them, unless
        // the member stays what they are there.
        let stays = by == Some(user) || matches!(step.command, Command::MakeCollaborator(_));
        let by_rows = |place| stays || step.actor == Actor::Provisioner || within(user, place);
        let here = |place| if person.is_member() { by_rows(place) } else { may_touch(user, Some(place)) };
        let well = may_touch(user, None) && person.rows().iter().all(|row| here(row.workspace));
        if touched && !well {
            return Err(format!("{user:?} is touched by {:?}, whom they outrank", step.actor));
        }
    }
    let there = match &step.command {
        Command::GiveAccess(command) => Some(command.workspace),
        Command::TakeAccess(command) => Some(command.workspace),
        Command::SetRule(command) => Some(command.workspace),
        _ => None,
    };
    let mut losses = differences.iter().filter(|difference| !difference.lost().is_empty());
    if let Some(loss) = losses.find(|loss| !may_touch(loss.user, there)) {
        let (user, lost, place) = (loss.user, words(before, loss.lost()), loss.place);
        return Err(format!("{user:?} loses {lost} at {place:?} by {:?}, whom they outrank", step.actor));
    }
    if let Command::EndService(command) = &step.command {
        let sponsor = before.service(command.service).and_then(Service::sponsor);
        if sponsor.is_some_and(|user| !may_touch(user, None)) {
            return Err(format!("a service is ended by {:?}, whom its sponsor outranks", step.actor));
        }
    }
    Ok(())
}

/// The rank of a person in the organization, or in a workspace, where a row can raise or lower it.
fn rank(org: &Organization, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let def = |role: Role| {
        let known = org.custom_role(role).map_or(role, |custom| custom.like());
        org.catalog().role_def(known).expect("the role is there")
    };
    let highest = |roles: RoleSet| roles.iter().map(|role| def(role).rank).max().unwrap_or(0);
    let own = highest(person.roles());
    let firm = highest(person.roles().iter().filter(|role| !def(*role).is_reducible()).collect());
    let row = place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now));
    let Some(there) = row.and_then(|row| row.role).map(|role| def(role).rank) else { return own };
    match org.catalog().policy().overrides {
        _ if !person.is_member() => there,
        OverrideMode::Replace => there.max(firm),
        OverrideMode::Expand => there.max(own),
        OverrideMode::Reduce => there.min(own).max(firm),
        OverrideMode::Off => own,
    }
}
