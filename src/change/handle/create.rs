//! Making organizations and workspaces, and the status of an organization.

use alloc::string::ToString;
use alloc::vec::Vec;

use super::super::authority::guard;
use super::super::command::{ChangeStatus, CreateOrganization, CreateWorkspace, SignUp};
use super::super::{Context, Event, Refusal};
use super::{acting_user, near, there_already};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::{Levels, UniqueNames};
use crate::catalog::{PlanKey, RoleKey, RoleSet, SeatRule, limit};
use crate::id::WorkspaceId;
use crate::organization::{Kind, Organization, Seats};
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
    let roles = role_keys(org, RoleSet::from_iter([org.catalog.owner_role()]));
    let created = Event::OrganizationCreated { kind: Kind::Personal, name, plan: key, seats, owner, roles };
    Ok(with_first_workspace(org, created, command.workspace))
}

pub(super) fn organization(
    org: &Organization,
    command: &CreateOrganization,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if org.profile.is_some() {
        return Err(there_already(org, context));
    }
    let owner = acting_user(context)?;
    let key = &command.plan;
    let plan = org.catalog.plan(key.as_str()).ok_or_else(|| Refusal::UnknownPlan {
        key: key.to_string(),
        meant: near(key.as_str(), org.catalog.plans().map(|(_, def)| def.key.as_str())),
    })?;
    let def = org.catalog.plan_def(plan).filter(|def| def.team_organizations);
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
    let (name, plan, roles) = (command.name.clone(), key.clone(), role_keys(org, roles));
    let created = Event::OrganizationCreated { kind: Kind::Team, name, plan, seats, owner, roles };
    Ok(with_first_workspace(org, created, command.workspace))
}

/// Seats enough for the plan and for the creator.
fn seats_for(org: &Organization, rule: SeatRule, bought: Seats, creator: RoleSet) -> Result<Seats, Refusal> {
    let SeatRule::PerSeat(minimum) = rule else { return Ok(Seats::default()) };
    if bought.as_u64() < minimum {
        return Err(Refusal::SeatsBelowMinimum { minimum: Seats::new(minimum) });
    }
    let takes_one = creator.iter().any(|role| org.catalog.role_table(role).billable);
    if takes_one && bought.as_u64() == 0 {
        return Err(Refusal::SeatLimit { limit: bought, used: bought });
    }
    Ok(bought)
}

fn role_keys(org: &Organization, roles: RoleSet) -> Vec<RoleKey> {
    roles.iter().filter_map(|role| org.catalog.role_def(role)).map(|def| RoleKey::from(def.key.as_str())).collect()
}

/// The first workspace, where the policy has one.
fn with_first_workspace(org: &Organization, created: Event, workspace: WorkspaceId) -> Vec<Event> {
    let name = org.catalog.policy().default_workspace.as_deref().and_then(|name| Name::new(name).ok());
    let first = name.map(|name| Event::WorkspaceCreated { workspace, name });
    [created].into_iter().chain(first).collect()
}

pub(super) fn workspace(
    org: &Organization,
    command: &CreateWorkspace,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, crate::catalog::Action::CreateWorkspace, Target::Organization)?;
    if org.catalog.policy().levels == Levels::OrganizationOnly {
        return Err(Refusal::NoWorkspaces);
    }
    if org.workspace(command.workspace).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    org.within_limit(limit::WORKSPACES, u64::try_from(org.workspaces.len()).unwrap_or(u64::MAX))?;
    Ok([Event::WorkspaceCreated { workspace: command.workspace, name: command.name.clone() }].into())
}

pub(super) fn status(org: &Organization, command: &ChangeStatus, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if context.actor != Actor::System {
        let stranger = context.actor.user().and_then(|user| org.person(user)).is_none();
        return Err(if stranger { Refusal::NotFound } else { Refusal::PlatformOnly });
    }
    Ok([Event::StatusChanged { status: command.status }].into())
}
