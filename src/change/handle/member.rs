//! Roles, suspension, removal.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard, guard_as};
use super::super::command::{ChangeRoles, Content, Reactivate, Remove, Suspend};
use super::super::{Context, Event, Refusal};
use super::not_oneself;
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::{Collaborators, ContentOfRemoved, OnMemberRemoved, OwnRole};
use crate::catalog::{Action, RoleKey, RoleSet};
use crate::id::UserId;
use crate::organization::{AccessRow, Organization, Override, Person, PersonStatus, Standing};

pub(super) fn change_roles(
    org: &Organization,
    command: &ChangeRoles,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ChangeRoles, Target::Organization)?;
    let before = org.known(command.user)?;
    if !before.is_member() {
        return Err(Refusal::NotAMember);
    }
    if command.roles.is_empty() {
        return Err(Refusal::NoRoles);
    }
    let roles = org.known_roles(&command.roles)?;
    own_role_rule(org, before.roles(), roles, command.user, context)?;
    let mut after = before.clone();
    after.standing = Standing::Member(roles);
    Giver::of(org, context.actor, context.facts.now)?.may_make(Some(before), &after)?;
    org.keeps_an_owner(command.user, Some(&after))?;
    org.admits(Some(before), &after, context.facts.now, None)?;
    Ok([Event::RolesChanged { user: command.user, roles: command.roles.clone() }].into())
}

/// Changing one's own roles, as the policy has it.
fn own_role_rule(
    org: &Organization,
    before: RoleSet,
    after: RoleSet,
    user: UserId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if context.actor != Actor::User(user) {
        return Ok(());
    }
    let rank = |roles: RoleSet| roles.iter().map(|role| org.catalog.role_table(role).rank).max().unwrap_or(0);
    let allowed = match org.catalog.policy().own_role {
        OwnRole::Forbidden => false,
        OwnRole::DemoteOnly => rank(after) < rank(before),
        OwnRole::Allowed => true,
    };
    if allowed { Ok(()) } else { Err(Refusal::OwnAccess) }
}

pub(super) fn suspend(org: &Organization, command: &Suspend, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let person = touchable(org, command.user, Action::SuspendPerson, context)?;
    if person.status() == PersonStatus::Suspended {
        return Err(Refusal::AlreadySuspended);
    }
    org.keeps_an_owner(command.user, None)?;
    Ok([Event::PersonSuspended { user: command.user }].into())
}

pub(super) fn reactivate(
    org: &Organization,
    command: &Reactivate,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = touchable(org, command.user, Action::SuspendPerson, context)?;
    if person.status() == PersonStatus::Active {
        return Err(Refusal::NotSuspended);
    }
    let mut after = person.clone();
    after.status = PersonStatus::Active;
    org.admits(Some(person), &after, context.facts.now, None)?;
    Ok([Event::PersonReactivated { user: command.user }].into())
}

/// Somebody else, whom the actor may touch.
fn touchable<'o>(
    org: &'o Organization,
    user: UserId,
    action: Action,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    guard(org, context, action, Target::Organization)?;
    let person = org.known(user)?;
    not_oneself(context, user)?;
    Giver::of(org, context.actor, context.facts.now)?.may_touch(person)?;
    Ok(person)
}

pub(super) fn remove(org: &Organization, command: &Remove, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let user = command.user;
    let person = match org.person(user) {
        Some(collaborator) if !collaborator.is_member() => removable_collaborator(org, user, collaborator, context)?,
        _ => touchable(org, user, Action::RemoveMember, context)?,
    };
    org.keeps_an_owner(user, None)?;
    let content = content_of(org, command, person)?;
    let mut events: Vec<Event> = [Event::PersonRemoved { user, content }].into();
    let kept = kept_rows(org, person, context)?;
    if !kept.is_empty() {
        events.push(Event::CollaboratorJoined { user, given_by: context.actor });
        events.extend(kept.into_iter().map(|(row, changes)| Event::AccessGiven {
            user,
            workspace: row.workspace,
            changes,
            given_by: row.origin.by,
        }));
    }
    Ok(events)
}

/// A collaborator goes when the actor manages collaborators in every workspace that they work in.
fn removable_collaborator<'o>(
    org: &'o Organization,
    user: UserId,
    person: &'o Person,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    let usual = (Action::RemoveMember, Target::Organization);
    for row in person.rows() {
        guard_as(org, context, (Action::ManageCollaborators, Target::Workspace(row.workspace)), usual)?;
    }
    not_oneself(context, user)?;
    for row in person.rows() {
        Giver::of(org, context.actor, context.facts.now)?.in_workspace(row.workspace).may_touch(person)?;
    }
    Ok(person)
}

/// What becomes of the content, said or by policy.
fn content_of(org: &Organization, command: &Remove, person: &Person) -> Result<Content, Refusal> {
    match command.content {
        None if org.catalog.policy().content_of_removed == ContentOfRemoved::MustSay && person.is_member() => {
            Err(Refusal::ContentUnsaid)
        }
        None => Ok(Content::Stays),
        Some(Content::TransferTo(to)) => {
            let fit = org.person(to).is_some_and(|p| p.is_member() && p.status() == PersonStatus::Active);
            if fit && to != command.user { Ok(Content::TransferTo(to)) } else { Err(Refusal::BadRecipient) }
        }
        Some(Content::Stays) => Ok(Content::Stays),
    }
}

/// Rows that stay when a member becomes a collaborator: those that give something by themselves, where the policy keeps
/// them. They are given anew, so they go when the actor could not give them, or when there is no room for a collaborator.
fn kept_rows<'o>(
    org: &Organization,
    person: &'o Person,
    context: &Context<'_>,
) -> Result<Vec<(&'o AccessRow, Override)>, Refusal> {
    let (policy, now) = (org.catalog.policy(), context.facts.now);
    let keeps = policy.on_member_removed == OnMemberRemoved::KeepAsCollaborator
        && policy.collaborators == Collaborators::On
        && person.is_member()
        && person.status() == PersonStatus::Active;
    let gives = |row: &&AccessRow| row.is_current(now) && (row.role.is_some() || !row.added.is_empty());
    let rows: Vec<&AccessRow> = person.rows().iter().filter(|_| keeps).filter(gives).collect();
    let mut after = Person::new(Standing::Collaborator, org.next_origin(context));
    rows.iter().for_each(|row| after.set_row(**row));
    let fits = Giver::of(org, context.actor, now)?.may_make(Some(person), &after).is_ok()
        && org.admits(Some(person), &after, now, None).is_ok();
    Ok(rows.into_iter().filter(|_| fits).map(|row| (row, written(org, row))).collect())
}

/// A row as commands and events say it.
fn written(org: &Organization, row: &AccessRow) -> Override {
    let keys = |set: crate::catalog::PermissionSet| {
        set.iter().map(|permission| org.catalog.permission_key(permission).into()).collect()
    };
    Override {
        role: row.role.and_then(|role| org.catalog.role_def(role)).map(|def| RoleKey::from(def.key.as_str())),
        added: keys(row.added),
        removed: keys(row.removed),
        until: row.until,
    }
}
