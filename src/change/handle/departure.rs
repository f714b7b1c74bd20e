//! Departures: removal, leaving, erasure, and the loose ends of whoever goes.

use alloc::vec::Vec;

use super::super::authority::{Giver, behind, guard_as};
use super::super::command::{Content, EraseUser, Leave, MakeCollaborator, Remove};
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::member::{touchable, touchable_with_rows};
use super::{acting_user, invitation, not_oneself, platform_only};
use crate::access::Target;
use crate::catalog::Action;
use crate::catalog::policy::{Collaborators, ContentOfRemoved, InviterGone, OnMemberRemoved, ServicesOfRemoved};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{AccessRow, InvitationState, Organization, Override, Person, PersonStatus, Standing};

pub(super) fn remove(org: &Organization, command: &Remove, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let user = command.user;
    let person = match org.person(user) {
        Some(collaborator) if !collaborator.is_member() => removable_collaborator(org, user, collaborator, context)?,
        _ => touchable_with_rows(org, user, Action::RemoveMember, context)?,
    };
    org.keeps_an_owner(user, None)?;
    let content = content_of(org, user, command.content, person)?;
    let mut events = loose_ends(org, user, context);
    events.push(Event::PersonRemoved { user, content });
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
    not_oneself(org, context, user)?;
    Giver::of(org, context.actor, context.facts.now, Door::Touch)?.may_touch(person)?;
    Ok(person)
}

/// What becomes of the content, said or by policy.
fn content_of(org: &Organization, user: UserId, said: Option<Content>, person: &Person) -> Result<Content, Refusal> {
    match said {
        None if org.catalog.policy().content_of_removed == ContentOfRemoved::MustSay && person.is_member() => {
            Err(Refusal::ContentUnsaid)
        }
        None => Ok(Content::Stays),
        Some(Content::TransferTo(to)) => {
            let fit = org.person(to).is_some_and(|p| p.is_member() && p.status() == PersonStatus::Active);
            if fit && to != user { Ok(Content::TransferTo(to)) } else { Err(Refusal::BadRecipient) }
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
    let gives = |row: &&AccessRow| row.is_current(now) && row.gives();
    let rows: Vec<&AccessRow> = person.rows().iter().filter(|_| keeps).filter(gives).collect();
    let mut after = Person::new(Standing::Collaborator, org.next_origin(context));
    rows.iter().for_each(|row| after.set_row(**row));
    let fits = Giver::of(org, context.actor, now, Door::KeepAccess)?.may_make(Some(person), &after).is_ok()
        && org.admits(Some(person), &after, now, None).is_ok();
    Ok(rows.into_iter().filter(|_| fits).map(|row| (row, org.written(row))).collect())
}

pub(super) fn make_collaborator(
    org: &Organization,
    command: &MakeCollaborator,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let (user, now) = (command.user, context.facts.now);
    let before = touchable(org, user, Action::RemoveMember, context)?;
    if !before.is_member() {
        return Err(Refusal::NotAMember);
    }
    if org.catalog.policy().collaborators == Collaborators::Off {
        return Err(Refusal::CollaboratorsOff);
    }
    org.keeps_an_owner(user, None)?;
    if !before.rows().iter().any(|row| row.is_current(now) && row.gives()) {
        return Err(Refusal::NoRow);
    }
    let mut after = before.clone();
    let keeps: Vec<WorkspaceId> = before.rows().iter().filter(|row| row.gives()).map(|row| row.workspace).collect();
    after.make_collaborator(&keeps, org.next_origin(context));
    Giver::of(org, context.actor, now, Door::KeepAccess)?.may_make(Some(before), &after)?;
    org.admits(Some(before), &after, now, None)?;
    let mut events: Vec<Event> = [Event::MadeCollaborator { user, keeps }].into();
    events.extend(lost_invitations(org, user, Some(&after), context));
    Ok(events)
}

pub(super) fn leave(org: &Organization, command: &Leave, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let found = context.actor.user().and_then(|user| org.person(user));
    let person = found.ok_or(Refusal::NotFound)?;
    let user = acting_user(context)?;
    if person.status() == PersonStatus::Suspended {
        return Err(Refusal::PersonSuspended); // or leaving and coming back would end it
    }
    org.keeps_an_owner(user, None)?;
    let content = content_of(org, user, command.content, person)?;
    let mut events = loose_ends(org, user, context);
    events.push(Event::PersonRemoved { user, content });
    Ok(events)
}

pub(super) fn erase(org: &Organization, command: &EraseUser, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    platform_only(org, context)?;
    let user = command.user;
    let left_traces = || org.invitations().any(|(_, invitation)| invitation.accepted_by().contains(&user));
    if org.person(user).is_none() && !left_traces() {
        return Err(Refusal::UnknownPerson);
    }
    if org.is_open() {
        org.keeps_an_owner(user, None)?;
    }
    let mut events = loose_ends(org, user, context);
    events.push(Event::UserErased { user });
    Ok(events)
}

/// What goes with somebody who goes: services, and by policy the invitations that they sent.
pub(super) fn loose_ends(org: &Organization, user: UserId, context: &Context<'_>) -> Vec<Event> {
    let keeps = org.catalog.policy().services_of_removed == ServicesOfRemoved::Keep;
    let theirs = org.services().filter(|(_, service)| service.sponsor() == Some(user));
    let ended = theirs.map(|(service, _)| match keeps {
        true => Event::ServiceOrphaned { service },
        false => Event::ServiceEnded { service },
    });
    let mut events: Vec<Event> = ended.collect();
    events.extend(lost_invitations(org, user, None, context));
    events
}

/// The open invitations of somebody who could not send them any more as what they become, where the policy takes those
/// back.
pub(super) fn lost_invitations(
    org: &Organization,
    user: UserId,
    after: Option<&Person>,
    context: &Context<'_>,
) -> Vec<Event> {
    if org.catalog.policy().invitations.inviter_gone != InviterGone::Revoke {
        return Vec::new();
    }
    let now = context.facts.now;
    let theirs =
        org.open_by_address.values().filter_map(|id| Some((*id, org.invitation(*id)?))).filter(|(_, sent)| {
            sent.state(now) == InvitationState::Open && behind(org, sent.issued().by) == Some(user)
        });
    let lost = theirs.filter(|(_, sent)| {
        let active = after.filter(|after| after.status() == PersonStatus::Active);
        active.is_none_or(|after| !invitation::could_send(org, sent, after, context))
    });
    lost.map(|(invitation, _)| Event::InvitationRevoked { invitation }).collect()
}
