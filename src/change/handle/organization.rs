//! Making, naming, archiving, deleting an organization.

use alloc::vec::Vec;

use super::super::authority::guard;
use super::super::command::{
    ChangeStatus, CreateOrganization, DeleteOrganization, Describe, Rename, SetPreference, SignUp,
};
use super::super::{Context, Event, Refusal};
use super::known::short_enough;
use super::{acting_user, changes, platform_only};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::{Deletion, UniqueNames};
use crate::catalog::{Action, PlanKey, RoleSet, SeatRule};
use crate::id::WorkspaceId;
use crate::limits::{DESCRIPTION_BYTES_MAX, KEY_BYTES_MAX, PREFERENCE_BYTES_MAX, PREFERENCES_MAX};
use crate::organization::{Disposition, Kind, Organization, Seats, Status};
use crate::text::Name;

pub(super) fn sign_up(org: &Organization, command: &SignUp, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if org.profile.is_some() {
        return Err(there_already(org, context));
    }
    let owner = acting_user(context)?;
    let personal = org.catalog.policy().personal.as_ref().ok_or(Refusal::NoPersonalOrganizations)?;
    let key = PlanKey::from(personal.plan.as_str());
    let plan = org.catalog.plan(key.as_str()).ok_or(Refusal::NoPersonalOrganizations)?;
    org.signed_in_for(plan, context)?;
    let name = Name::new(&personal.name.replace("{user}", command.name.as_str()))
        .map_err(|error| Refusal::BadName { error })?;
    let seats = match org.catalog.plan_def(plan).map(|plan| plan.seats) {
        Some(SeatRule::PerSeat(minimum)) => Seats::new(minimum.max(1)),
        _ => Seats::default(),
    };
    let roles = org.roles().keys(RoleSet::from_iter([org.catalog.owner_role()]));
    let created = Event::OrganizationCreated { kind: Kind::Personal, name, plan: key, seats, owner, roles };
    Ok(with_first_workspace(org, created, command.workspace))
}

pub(super) fn create(
    org: &Organization,
    command: &CreateOrganization,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if org.profile.is_some() {
        return Err(there_already(org, context));
    }
    let owner = acting_user(context)?;
    let key = &command.plan;
    let plan = org.known_plan(key)?;
    let def = org.catalog.plan_def(plan).filter(|def| def.team_organizations && def.new_organizations);
    let def = def.ok_or(Refusal::PlanWithoutTeams)?;
    org.signed_in_for(plan, context)?;
    if let Some(max) = org.catalog.policy().organizations_per_user.filter(|max| command.owned >= *max) {
        return Err(Refusal::TooManyOrganizations { max });
    }
    if org.catalog.policy().unique_names != UniqueNames::None {
        command.name.key().map_err(|error| Refusal::BadName { error })?;
    }
    let roles = org.catalog.creator_roles();
    let seats = seats_for(org, def.seats, command.seats, roles)?;
    let (name, plan, roles) = (command.name.clone(), key.clone(), org.roles().keys(roles));
    let created = Event::OrganizationCreated { kind: Kind::Team, name, plan, seats, owner, roles };
    Ok(with_first_workspace(org, created, command.workspace))
}

/// Seats enough for the plan and for the creator.
fn seats_for(org: &Organization, rule: SeatRule, bought: Seats, creator: RoleSet) -> Result<Seats, Refusal> {
    let SeatRule::PerSeat(minimum) = rule else { return Ok(Seats::default()) };
    if bought.as_u64() < minimum {
        return Err(Refusal::SeatsBelowMinimum { minimum: Seats::new(minimum) });
    }
    let takes_one = creator.iter().any(|role| org.roles().table(role).billable);
    if takes_one && bought.as_u64() == 0 {
        return Err(Refusal::SeatLimit { limit: bought, used: bought });
    }
    Ok(bought)
}

/// The first workspace, where the policy has one.
fn with_first_workspace(org: &Organization, created: Event, workspace: WorkspaceId) -> Vec<Event> {
    let name = org.catalog.policy().default_workspace.as_deref().and_then(|name| Name::new(name).ok());
    let first = name.map(|name| Event::WorkspaceCreated { workspace, name });
    [created].into_iter().chain(first).collect()
}

/// What a command answers that makes an organization which is there: to a stranger, nothing is there.
fn there_already(org: &Organization, context: &Context<'_>) -> Refusal {
    let known = org.is_open() && org.knows(context.actor);
    if known || context.actor == Actor::System { Refusal::AlreadyExists } else { Refusal::NotFound }
}

pub(super) fn rename(org: &Organization, command: &Rename, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::EditOrganization, Target::Organization)?;
    if org.catalog.policy().unique_names != UniqueNames::None && !org.is_personal() {
        command.name.key().map_err(|error| Refusal::BadName { error })?;
    }
    Ok([Event::Renamed { name: command.name.clone() }].into())
}

pub(super) fn describe(org: &Organization, command: &Describe, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::EditOrganization, Target::Organization)?;
    short_enough(&command.description, DESCRIPTION_BYTES_MAX)?;
    Ok([Event::Described { description: command.description.clone() }].into())
}

pub(super) fn set_preference(
    org: &Organization,
    command: &SetPreference,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::EditOrganization, Target::Organization)?;
    short_enough(&command.key, KEY_BYTES_MAX)?;
    short_enough(command.value.as_deref().unwrap_or_default(), PREFERENCE_BYTES_MAX)?;
    let kept = org.profile.as_ref().map(|profile| &profile.preferences);
    let is_there = kept.is_some_and(|kept| kept.contains_key(&command.key));
    let full = kept.is_some_and(|kept| kept.len() >= PREFERENCES_MAX);
    match &command.value {
        None if !is_there => return Err(Refusal::NoRow),
        Some(_) if !is_there && full => return Err(Refusal::TooManyItems { max: PREFERENCES_MAX }),
        _ => {}
    }
    Ok([Event::PreferenceSet { key: command.key.clone(), value: command.value.clone() }].into())
}

pub(super) fn change_status(
    org: &Organization,
    command: &ChangeStatus,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let present = org.profile.as_ref().map(|profile| profile.status);
    let archives = matches!(
        (present, command.status),
        (Some(Status::Active | Status::Archived), Status::Active | Status::Archived)
    );
    let by_platform = org.profile.as_ref().is_some_and(|profile| profile.status_from.by == Actor::System);
    if archives && !(by_platform && present == Some(Status::Archived)) {
        guard(org, context, Action::ArchiveOrganization, Target::Organization)?;
    } else {
        platform_only(org, context)?;
    }
    changes(present != Some(command.status))?;
    Ok([Event::StatusChanged { status: command.status }].into())
}

pub(super) fn delete(
    org: &Organization,
    command: &DeleteOrganization,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::DeleteOrganization, Target::Organization)?;
    let policy = org.catalog.policy();
    let deletable = policy.personal.as_ref().is_some_and(|personal| personal.deletable);
    if org.is_personal() && !deletable && context.actor != Actor::System {
        return Err(Refusal::PersonalOrganization);
    }
    if let Disposition::TransferTo(recipient) = command.disposition {
        if recipient == org.id || !command.owns_recipient {
            return Err(Refusal::BadRecipient);
        }
    }
    let purge_at = match policy.deletion {
        Deletion::Immediate => context.facts.now,
        Deletion::Grace(span) => context.facts.now.plus(span),
    };
    Ok([Event::OrganizationDeleted { disposition: command.disposition, purge_at }].into())
}

pub(super) fn restore(org: &Organization, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let profile = org.profile.as_ref().ok_or(Refusal::NotFound)?;
    let owner = matches!(context.actor, Actor::User(user) if org.is_active_owner(user));
    let Some(deletion) = &profile.deletion else {
        return Err(if org.knows(context.actor) { Refusal::NoChange } else { Refusal::NotFound });
    };
    // What the platform has deleted, the platform brings back.
    let by_platform = deletion.origin.by == Actor::System;
    let may = context.actor == Actor::System || (owner && !by_platform);
    if !may || context.facts.now >= deletion.purge_at {
        return Err(Refusal::NotFound);
    }
    if org.tally.active_owners == 0 {
        return Err(Refusal::LastOwner);
    }
    Ok([Event::OrganizationRestored].into())
}
