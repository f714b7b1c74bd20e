//! Access to workspaces: the rows of people, the rules of groups and teams.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard, guard_as};
use super::super::command::{GiveAccess, SetRule, TakeAccess};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::known::bounded;
use super::{ends_later, not_oneself, staff_keeps_nothing};
use crate::access::Target;
use crate::catalog::{Action, PermissionSet};
use crate::id::{UserId, WorkspaceId};
use crate::limits::RULES_PER_WORKSPACE_MAX;
use crate::organization::{Organization, Person, PersonStatus, RuleFor, RuleHolder};
use crate::time::Timestamp;

pub(super) fn give(org: &Organization, command: &GiveAccess, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let before = reachable(org, command.user, command.workspace, context)?;
    org.fits(&command.changes, before.standing(), context.facts.now)?;
    let given = [(command.workspace, command.changes.clone())];
    bounded(&given)?;
    let after = org.with_rows(before.clone(), &given, org.next_origin(context))?;
    let giver = Giver::of(org, context.actor, context.facts.now, Door::GiveAccess)?;
    giver.in_workspace(command.workspace).may_make(Some(before), &after)?;
    let (changes, given_by) = (command.changes.clone(), context.actor);
    Ok([Event::AccessGiven { user: command.user, workspace: command.workspace, changes, given_by }].into())
}

pub(super) fn take(org: &Organization, command: &TakeAccess, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let before = reachable(org, command.user, command.workspace, context)?;
    if before.row(command.workspace).is_none() {
        return Err(Refusal::NoRow);
    }
    let mut after = before.clone();
    after.take_row(command.workspace);
    if before.status() == PersonStatus::Suspended && !after.is_member() && after.rows().is_empty() {
        return Err(Refusal::PersonSuspended); // or giving it back would end the suspension
    }
    let giver = Giver::of(org, context.actor, context.facts.now, Door::TakeAccess)?;
    giver.in_workspace(command.workspace).may_make(Some(before), &after)?;
    let taken = Event::AccessTaken { user: command.user, workspace: command.workspace };
    let mut events: Vec<Event> = [taken].into();
    if !after.is_member() && after.rows().is_empty() {
        events.extend(super::departure::loose_ends(org, command.user, context));
        events.push(Event::PersonRemoved { user: command.user, content: super::super::Content::Stays });
    }
    Ok(events)
}

/// Somebody else whose access to a workspace the actor manages.
fn reachable<'o>(
    org: &'o Organization,
    user: UserId,
    workspace: WorkspaceId,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    let person = org.person(user);
    let action = match person {
        Some(person) if !person.is_member() => Action::ManageCollaborators,
        _ => Action::ChangeAccess,
    };
    let target = Target::Workspace(workspace);
    guard_as(org, context, (action, target), (Action::ChangeAccess, target))?;
    not_oneself(org, context, user)?;
    person.ok_or(Refusal::UnknownPerson)
}

pub(super) fn set_rule(org: &Organization, command: &SetRule, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ChangeRules, Target::Workspace(command.workspace))?;
    let holder = known_holder(org, &command.holder)?;
    org.known_in_workspace(&command.given)?;
    org.known_in_workspace(&command.taken)?;
    ends_later(command.until, context.facts.now)?;
    let workspace = org.workspace(command.workspace).ok_or(Refusal::UnknownWorkspace)?;
    let old = workspace.rules().iter().find(|rule| rule.holder == holder);
    if old.is_none() && workspace.rules().len() >= RULES_PER_WORKSPACE_MAX {
        return Err(Refusal::TooManyItems { max: RULES_PER_WORKSPACE_MAX });
    }
    let new = Some((org.permission_set(&command.given), org.permission_set(&command.taken), command.until));
    let old = old.map(|rule| (rule.given, rule.taken, rule.until));
    let concerned = || org.people().filter(|(_, person)| org.is_about(holder, person));
    concerned().try_for_each(|(user, _)| staff_keeps_nothing(context, user))?;
    let giver = Giver::of(org, context.actor, context.facts.now, Door::SetRule)?.in_workspace(command.workspace);
    let ends = [command.until, old.and_then(|(.., until)| until)].into_iter().flatten();
    let mut instants = giver.own_instants(command.workspace);
    instants.extend(ends.filter(|end| *end > context.facts.now));
    let sight = giver.widest_sight(concerned().map(|(_, person)| person), command.workspace);
    for instant in instants {
        let ((given, taken), (gave, took)) = (at(new, instant), at(old, instant));
        if !(taken - took).is_empty() || !(gave - given).is_empty() {
            concerned().try_for_each(|(_, person)| giver.may_touch(person))?;
        }
        // What is taken no longer is given again, so both are gains.
        let gained = (given - gave) | (took - taken);
        giver.holds_in(command.workspace, gained, instant)?;
        giver.sees_as_much(sight, command.workspace, gained, instant)?;
    }
    Ok([Event::RuleSet {
        workspace: command.workspace,
        holder: command.holder.clone(),
        given: command.given.clone(),
        taken: command.taken.clone(),
        until: command.until,
    }]
    .into())
}

fn known_holder(org: &Organization, holder: &RuleFor) -> Result<RuleHolder, Refusal> {
    match holder {
        RuleFor::Team(team) => match org.team(*team) {
            Some(_) => Ok(RuleHolder::Team(*team)),
            None => Err(Refusal::UnknownTeam),
        },
        RuleFor::Group(key) => org.known_group(key).map(RuleHolder::Group),
    }
}

/// What a rule gives and takes at an instant.
fn at(
    rule: Option<(PermissionSet, PermissionSet, Option<Timestamp>)>,
    instant: Timestamp,
) -> (PermissionSet, PermissionSet) {
    let current = rule.filter(|(.., until)| until.is_none_or(|end| instant < end));
    current.map(|(given, taken, _)| (given, taken)).unwrap_or_default()
}
