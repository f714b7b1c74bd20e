//! Inviting, taking back, accepting.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard, guard_as};
use super::super::command::{Accept, AddressProof, Invite, Revoke};
use super::super::{Context, Event, Refusal};
use super::{acting_user, ends_later};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::{Binding, Collaborators, OpenInvitations};
use crate::catalog::{Action, limit};
use crate::id::InvitationId;
use crate::limits::COMMAND_ITEMS_MAX;
use crate::organization::{Invitation, InvitationState, Kind, Organization, Person, Standing, Status};
use crate::time::Timestamp;

pub(super) fn invite(org: &Organization, command: &Invite, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let now = context.facts.now;
    guard_gift(org, command, context)?;
    if is_closed_personal(org) {
        return Err(Refusal::PersonalOrganization);
    }
    if org.invitation(command.invitation).is_some() {
        return Err(Refusal::AlreadyExists);
    }
    if let Some(open) = open_for(org, command, now) {
        return Err(Refusal::AlreadyInvited { invitation: open });
    }
    let promised = promised_person(org, command, context)?;
    Giver::of(org, context.actor, now)?.may_make(None, &promised)?;
    admits_promised(org, &promised, now)?;
    let policy = &org.catalog.policy().invitations;
    let uses = match policy.binding {
        Binding::VerifiedAddress | Binding::MatchingAddress => 1,
        Binding::Bearer(uses) => uses.max(1),
    };
    Ok([Event::Invited {
        invitation: command.invitation,
        address: command.address.clone(),
        roles: command.roles.clone(),
        access: command.access.clone(),
        secret: command.secret,
        until: now.plus(policy.lifetime),
        uses,
    }]
    .into())
}

/// Members are guarded at organization level, collaborators in each workspace that they are promised.
fn guard_gift(org: &Organization, command: &Invite, context: &Context<'_>) -> Result<(), Refusal> {
    if !command.roles.is_empty() {
        return guard(org, context, Action::InviteMember, Target::Organization);
    }
    if command.access.is_empty() {
        return guard(org, context, Action::InviteMember, Target::Organization);
    }
    // More than the limit are refused below; nobody waits for their guards.
    for (workspace, _) in command.access.iter().take(COMMAND_ITEMS_MAX) {
        guard(org, context, Action::ManageCollaborators, Target::Workspace(*workspace))?;
    }
    Ok(())
}

fn is_closed_personal(org: &Organization) -> bool {
    let personal = org.profile.as_ref().is_some_and(|profile| profile.kind == Kind::Personal);
    personal && !org.catalog.policy().personal.as_ref().is_some_and(|policy| policy.invitable)
}

fn open_for(org: &Organization, command: &Invite, now: Timestamp) -> Option<InvitationId> {
    let id = org.open_by_address.get(command.address.key())?;
    (org.invitation(*id)?.state(now) == InvitationState::Open).then_some(*id)
}

/// The person that the invited one would become.
fn promised_person(org: &Organization, command: &Invite, context: &Context<'_>) -> Result<Person, Refusal> {
    if command.roles.is_empty() && command.access.is_empty() {
        return Err(Refusal::NoRoles);
    }
    if command.roles.is_empty() && org.catalog.policy().collaborators == Collaborators::Off {
        return Err(Refusal::CollaboratorsOff);
    }
    org.bounded(&command.access)?;
    let roles = org.known_roles(&command.roles)?;
    let standing = if command.roles.is_empty() { Standing::Collaborator } else { Standing::Member(roles) };
    for (workspace, changes) in &command.access {
        org.workspace(*workspace).ok_or(Refusal::UnknownWorkspace)?;
        org.fits(changes, standing, context.facts.now)?;
    }
    let origin = org.next_origin(context);
    org.with_rows(Person::new(standing, origin), &command.access, origin)
}

/// Whether there is room for one more such person, open invitations counted as the policy says.
fn admits_promised(org: &Organization, promised: &Person, now: Timestamp) -> Result<(), Refusal> {
    if org.catalog.policy().open_invitations == OpenInvitations::Free {
        return Ok(()); // enforced when it is accepted
    }
    if org.is_billable(&promised.standing()) {
        org.has_seat(org.reserved_seats(now, None))?;
    }
    match promised.standing() {
        Standing::Member(_) => org.within_limit(limit::MEMBERS, org.member_count()),
        Standing::Collaborator => org.within_limit(limit::COLLABORATORS, org.collaborator_count()),
    }
}

pub(super) fn revoke(org: &Organization, command: &Revoke, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let found = org.invitation(command.invitation);
    match found {
        Some(invitation) if invitation.roles().is_empty() => {
            let usual = (Action::InviteMember, Target::Organization);
            for (workspace, _) in invitation.access() {
                guard_as(org, context, (Action::ManageCollaborators, Target::Workspace(*workspace)), usual)?;
            }
        }
        _ => guard(org, context, Action::InviteMember, Target::Organization)?,
    }
    let state = found.ok_or(Refusal::UnknownInvitation)?.state(context.facts.now);
    if state != InvitationState::Open {
        return Err(Refusal::InvitationClosed { state });
    }
    Ok([Event::InvitationRevoked { invitation: command.invitation }].into())
}

pub(super) fn accept(org: &Organization, command: &Accept, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let invitation = opened(org, command, context)?;
    let user = acting_user(context)?;
    if invitation.accepted_by().contains(&user) {
        return Err(Refusal::InvitationClosed { state: InvitationState::Accepted });
    }
    if let Some(profile) = org.profile.as_ref() {
        if matches!(profile.status, Status::PastDue | Status::Suspended) {
            return Err(Refusal::OrganizationClosed { status: profile.status });
        }
        org.signed_in_for(profile.plan, context)?;
    }
    let before = org.person(user);
    let joins_as_member = !invitation.roles().is_empty();
    if before.is_some_and(|person| {
        person.is_member() || (!joins_as_member && has_all(person, invitation, context.facts.now))
    }) {
        return Err(Refusal::AlreadyMember);
    }
    let after = joined(org, invitation, before, context)?;
    still_given(org, invitation, before, &after, context)?;
    org.admits(before, &after, context.facts.now, Some(command.invitation))?;
    let given_by = invitation.issued().by;
    let mut events: Vec<Event> = [Event::InvitationAccepted { invitation: command.invitation, user }].into();
    if joins_as_member {
        events.push(Event::MemberJoined { user, roles: invitation.roles().to_vec(), given_by });
    } else if before.is_none() {
        events.push(Event::CollaboratorJoined { user, given_by });
    }
    let given = invitation.access().iter();
    events.extend(given.map(|(workspace, changes)| Event::AccessGiven {
        user,
        workspace: *workspace,
        changes: changes.clone(),
        given_by,
    }));
    Ok(events)
}

/// The invitation that the secret opens, for the user whose address it is.
fn opened<'o>(org: &'o Organization, command: &Accept, context: &Context<'_>) -> Result<&'o Invitation, Refusal> {
    let found = org.invitation(command.invitation).filter(|invitation| invitation.secret == command.secret);
    let invitation = found.ok_or_else(|| {
        // To a stranger without the secret there is no such organization.
        let known = context.actor.user().is_some_and(|user| org.person(user).is_some());
        if known { Refusal::UnknownInvitation } else { Refusal::NotFound }
    })?;
    let state = invitation.state(context.facts.now);
    if state != InvitationState::Open {
        return Err(Refusal::InvitationClosed { state });
    }
    let (address, verified) = match &command.address {
        AddressProof::Verified(address) => (address, true),
        AddressProof::Claimed(address) => (address, false),
    };
    let matches = address == invitation.address();
    match org.catalog.policy().invitations.binding {
        Binding::Bearer(_) => Ok(invitation),
        _ if !matches => Err(Refusal::AddressMismatch),
        Binding::VerifiedAddress if !verified => Err(Refusal::AddressUnverified),
        Binding::VerifiedAddress | Binding::MatchingAddress => Ok(invitation),
    }
}

fn has_all(person: &Person, invitation: &Invitation, now: Timestamp) -> bool {
    let has = |workspace| person.row(workspace).is_some_and(|row| row.is_current(now));
    invitation.access().iter().all(|(workspace, _)| has(*workspace))
}

/// The person that the user becomes. Roles and workspaces are looked up now: they may have gone since.
fn joined(
    org: &Organization,
    invitation: &Invitation,
    before: Option<&Person>,
    context: &Context<'_>,
) -> Result<Person, Refusal> {
    let origin = org.next_origin(context);
    let roles = org.known_roles(invitation.roles())?;
    let mut person = before.cloned().unwrap_or_else(|| Person::new(Standing::Collaborator, origin));
    if !invitation.roles().is_empty() {
        person.standing = Standing::Member(roles);
    }
    for (workspace, changes) in invitation.access() {
        org.workspace(*workspace).ok_or(Refusal::UnknownWorkspace)?;
        ends_later(changes.until, context.facts.now)?;
    }
    org.with_rows(person, invitation.access(), origin)
}

/// Whether whoever invited could still give it: the same rule as when it was promised.
fn still_given(
    org: &Organization,
    invitation: &Invitation,
    before: Option<&Person>,
    after: &Person,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let now = context.facts.now;
    let inviter = invitation.issued().by;
    if inviter == Actor::System {
        return Ok(());
    }
    let lost = |_| Refusal::InviterLacksAuthority;
    let action = if after.is_member() { Action::InviteMember } else { Action::ManageCollaborators };
    let facts = crate::access::Facts::at(now);
    let may = |target| {
        let guarded = org.catalog.guard_of(action);
        guarded.is_some_and(|permission| org.access(inviter, target, &facts).granted().contains(permission))
    };
    let may_invite = match action {
        Action::InviteMember => may(Target::Organization),
        _ => invitation.access().iter().all(|(workspace, _)| may(Target::Workspace(*workspace))),
    };
    if !may_invite {
        return Err(Refusal::InviterLacksAuthority);
    }
    Giver::of(org, inviter, now).map_err(lost)?.may_make(before, after).map_err(lost)
}
