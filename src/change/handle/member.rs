//! People: bringing them in, their roles, suspension.

use alloc::vec::Vec;

use super::super::authority::{Giver, behind, guard};
use super::super::command::{AddCollaborator, AddMember, ChangeRoles, Reactivate, Suspend, SwitchCredits};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::known::bounded;
use super::{changes, departure, not_oneself, staff_keeps_nothing};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::{Collaborators, OwnRole};
use crate::catalog::{Action, RoleSet};
use crate::id::{UserId, WorkspaceId};
use crate::limits::COMMAND_ITEMS_MAX;
use crate::organization::{Organization, Override, Person, PersonStatus, Standing};

pub(super) fn add(org: &Organization, command: &AddMember, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::AddMember, Target::Organization)?;
    if org.is_for_one() {
        return Err(Refusal::PersonalOrganization);
    }
    if context.actor == Actor::Provisioner {
        org.open_for_joining()?;
    }
    let before = org.person(command.user);
    if before.is_some_and(Person::is_member) {
        return Err(Refusal::AlreadyMember);
    }
    if command.roles.is_empty() {
        return Err(Refusal::NoRoles);
    }
    bounded(&command.access)?;
    let standing = Standing::Member(org.known_roles(&command.roles)?);
    let after = newcomer(org, before, standing, &command.access, context)?;
    let (user, given_by) = (command.user, context.actor);
    let joined = Event::MemberJoined { user, roles: command.roles.clone(), given_by };
    admitted(org, user, before, &after, context)?;
    Ok(with_access(joined, user, &command.access, context))
}

pub(super) fn add_collaborator(
    org: &Organization,
    command: &AddCollaborator,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    if command.access.is_empty() {
        guard(org, context, Action::InviteMember, Target::Organization)?;
    }
    // More than the limit are refused below; nobody waits for their guards.
    for (workspace, _) in command.access.iter().take(COMMAND_ITEMS_MAX) {
        guard(org, context, Action::ManageCollaborators, Target::Workspace(*workspace))?;
    }
    if org.is_for_one() {
        return Err(Refusal::PersonalOrganization);
    }
    if org.person(command.user).is_some() {
        return Err(Refusal::AlreadyMember);
    }
    if command.access.is_empty() {
        return Err(Refusal::NoRoles);
    }
    if org.catalog.policy().collaborators == Collaborators::Off {
        return Err(Refusal::CollaboratorsOff);
    }
    bounded(&command.access)?;
    let after = newcomer(org, None, Standing::Collaborator, &command.access, context)?;
    let joined = Event::CollaboratorJoined { user: command.user, given_by: context.actor };
    admitted(org, command.user, None, &after, context)?;
    Ok(with_access(joined, command.user, &command.access, context))
}

/// The person that the user becomes.
fn newcomer(
    org: &Organization,
    before: Option<&Person>,
    standing: Standing,
    access: &[(WorkspaceId, Override)],
    context: &Context<'_>,
) -> Result<Person, Refusal> {
    org.all_fit(access, standing, context.facts.now)?;
    let origin = org.next_origin(context);
    let mut person = before.cloned().unwrap_or_else(|| Person::new(standing, origin));
    person.standing = standing;
    org.with_rows(person, access, origin)
}

/// Whether the actor may bring the user in, and there is room.
fn admitted(
    org: &Organization,
    user: UserId,
    before: Option<&Person>,
    after: &Person,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    not_oneself(org, context, user)?;
    Giver::of(org, context.actor, context.facts.now, Door::Add)?.may_make(before, after)?;
    org.admits(before, after, context.facts.now, None)
}

fn with_access(joined: Event, user: UserId, access: &[(WorkspaceId, Override)], context: &Context<'_>) -> Vec<Event> {
    let given = access.iter().map(|(workspace, changes)| Event::AccessGiven {
        user,
        workspace: *workspace,
        changes: changes.clone(),
        given_by: context.actor,
    });
    [joined].into_iter().chain(given).collect()
}

pub(super) fn change_roles(
    org: &Organization,
    command: &ChangeRoles,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ChangeRoles, Target::Organization)?;
    let before = org.known_member(command.user)?;
    if command.roles.is_empty() {
        return Err(Refusal::NoRoles);
    }
    let roles = org.known_roles(&command.roles)?;
    own_role_rule(org, before.roles(), roles, command.user, context)?;
    let mut after = before.clone();
    after.standing = Standing::Member(roles);
    Giver::of(org, context.actor, context.facts.now, Door::ChangeRoles)?.may_make(Some(before), &after)?;
    org.keeps_an_owner(command.user, Some(&after))?;
    org.admits(Some(before), &after, context.facts.now, None)?;
    let mut events: Vec<Event> = [Event::RolesChanged { user: command.user, roles: command.roles.clone() }].into();
    events.extend(departure::lost_invitations(org, command.user, Some(&after), context));
    Ok(events)
}

/// Changing one's own roles, as the policy has it.
fn own_role_rule(
    org: &Organization,
    before: RoleSet,
    after: RoleSet,
    user: UserId,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    staff_keeps_nothing(context, user)?;
    if behind(org, context.actor) != Some(user) {
        return Ok(());
    }
    let rank = |roles: RoleSet| roles.iter().map(|role| org.roles().table(role).rank).max().unwrap_or(0);
    let in_person = context.actor == Actor::User(user);
    let allowed = match org.catalog.policy().own_role {
        _ if !in_person => false,
        OwnRole::Forbidden => false,
        OwnRole::DemoteOnly => rank(after) < rank(before),
        OwnRole::Allowed => rank(after) <= rank(before),
    };
    if allowed { Ok(()) } else { Err(Refusal::OwnAccess) }
}

pub(super) fn suspend(org: &Organization, command: &Suspend, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let person = touchable_with_rows(org, command.user, Action::SuspendPerson, context)?;
    if person.status() == PersonStatus::Suspended {
        return Err(Refusal::AlreadySuspended);
    }
    org.keeps_an_owner(command.user, None)?;
    let mut after = person.clone();
    after.status = PersonStatus::Suspended;
    let mut events: Vec<Event> = [Event::PersonSuspended { user: command.user }].into();
    events.extend(departure::lost_invitations(org, command.user, Some(&after), context));
    Ok(events)
}

pub(super) fn reactivate(
    org: &Organization,
    command: &Reactivate,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = touchable_with_rows(org, command.user, Action::SuspendPerson, context)?;
    if person.status() == PersonStatus::Active {
        return Err(Refusal::NotSuspended);
    }
    if context.actor == Actor::Provisioner {
        org.open_for_joining()?;
    }
    let mut after = person.clone();
    after.status = PersonStatus::Active;
    org.admits(Some(person), &after, context.facts.now, None)?;
    Ok([Event::PersonReactivated { user: command.user }].into())
}

pub(super) fn switch_credits(
    org: &Organization,
    command: &SwitchCredits,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = touchable(org, command.user, Action::SwitchCredits, context)?;
    changes(person.credits() != command.on)?;
    Ok([Event::CreditsSwitched { user: command.user, on: command.on }].into())
}

/// Somebody else, whom the actor may touch wherever they are: what is done to them takes or gives back every row.
pub(super) fn touchable_with_rows<'o>(
    org: &'o Organization,
    user: UserId,
    action: Action,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    let person = touchable(org, user, action, context)?;
    Giver::of(org, context.actor, context.facts.now, Door::Touch)?.may_touch_rows(person)?;
    Ok(person)
}

/// Somebody else, whom the actor may touch.
pub(super) fn touchable<'o>(
    org: &'o Organization,
    user: UserId,
    action: Action,
    context: &Context<'_>,
) -> Result<&'o Person, Refusal> {
    guard(org, context, action, Target::Organization)?;
    let person = org.known(user)?;
    not_oneself(org, context, user)?;
    Giver::of(org, context.actor, context.facts.now, Door::Touch)?.may_touch(person)?;
    Ok(person)
}
