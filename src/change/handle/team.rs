//! Teams.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard};
use super::super::command::{CreateTeam, DissolveTeam, JoinTeam, LeaveTeam, RenameTeam};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::staff_keeps_nothing;
use crate::access::Target;
use crate::catalog::{Action, limit};
use crate::id::{TeamId, UserId};
use crate::limits::{TEAMS_MAX, TEAMS_PER_PERSON_MAX};
use crate::organization::{Organization, Person, RuleHolder, Workspace};

pub(super) fn create(org: &Organization, command: &CreateTeam, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageTeams, Target::Organization)?;
    if org.team(command.team).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    org.has_room(limit::TEAMS, 1, context.facts.now)?;
    if org.teams.len() >= TEAMS_MAX {
        return Err(Refusal::TooManyItems { max: TEAMS_MAX });
    }
    Ok([Event::TeamCreated { team: command.team, name: command.name.clone() }].into())
}

pub(super) fn rename(org: &Organization, command: &RenameTeam, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageTeams, Target::Organization)?;
    org.team(command.team).ok_or(Refusal::UnknownTeam)?;
    Ok([Event::TeamRenamed { team: command.team, name: command.name.clone() }].into())
}

/// Everybody in it leaves it, and what its rules took is theirs again.
pub(super) fn dissolve(
    org: &Organization,
    command: &DissolveTeam,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageTeams, Target::Organization)?;
    org.team(command.team).ok_or(Refusal::UnknownTeam)?;
    let inside = || org.people().filter(|(_, person)| person.is_in_team(command.team));
    inside().try_for_each(|(user, _)| staff_keeps_nothing(context, user))?;
    let giver = Giver::of(org, context.actor, context.facts.now, Door::Team)?;
    for (_, before) in inside() {
        let mut after = before.clone();
        after.leave_team(command.team);
        may_touch_where_ruled(org, command.team, before, context)?;
        giver.may_make(Some(before), &after)?;
    }
    Ok([Event::TeamDissolved { team: command.team }].into())
}

pub(super) fn join(org: &Organization, command: &JoinTeam, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let before = teamable(org, command.team, command.user, context)?;
    if before.is_in_team(command.team) {
        return Err(Refusal::AlreadyExists);
    }
    if before.teams().len() >= TEAMS_PER_PERSON_MAX {
        return Err(Refusal::TooManyItems { max: TEAMS_PER_PERSON_MAX });
    }
    let mut after = before.clone();
    after.join_team(command.team, org.next_origin(context));
    may_touch_where_ruled(org, command.team, before, context)?;
    Giver::of(org, context.actor, context.facts.now, Door::Team)?.may_make(Some(before), &after)?;
    Ok([Event::TeamJoined { team: command.team, user: command.user }].into())
}

pub(super) fn leave(org: &Organization, command: &LeaveTeam, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let before = teamable(org, command.team, command.user, context)?;
    if !before.is_in_team(command.team) {
        return Err(Refusal::NoRow);
    }
    let mut after = before.clone();
    after.leave_team(command.team);
    may_touch_where_ruled(org, command.team, before, context)?;
    Giver::of(org, context.actor, context.facts.now, Door::Team)?.may_make(Some(before), &after)?;
    Ok([Event::TeamLeft { team: command.team, user: command.user }].into())
}

/// A member, and a team that exists.
fn teamable<'o>(
    org: &'o Organization,
    team: TeamId,
    user: UserId,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    guard(org, context, Action::ManageTeams, Target::Organization)?;
    org.team(team).ok_or(Refusal::UnknownTeam)?;
    staff_keeps_nothing(context, user)?;
    org.known_member(user)
}

/// A team's rules reach into workspaces, where a person can have a higher rank than in the organization.
fn may_touch_where_ruled(
    org: &Organization,
    team: TeamId,
    person: &Person,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let giver = Giver::of(org, context.actor, context.facts.now, Door::Team)?;
    let has_rule = |workspace: &Workspace| workspace.rules().iter().any(|rule| rule.holder == RuleHolder::Team(team));
    let mut ruled = org.ruled_workspaces().filter(|(_, workspace)| has_rule(workspace));
    ruled.try_for_each(|(id, _)| giver.in_workspace(id).may_touch(person))
}
