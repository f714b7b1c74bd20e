//! Inviting, taking back, accepting.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard, guard_as};
use super::super::command::{Accept, AddressProof, Decline, EditInvitation, Invite, InviteMany, Resend, Revoke};
use super::super::door::Door;
use super::super::outcome::LeftOut;
use super::super::{Context, Event, Refusal};
use super::known::bounded;
use super::{acting_user, changes, ends_later};
use crate::access::{Facts, Target};
use crate::actor::Actor;
use crate::catalog::policy::{Batch, Binding, Collaborators, InviterGone, OnReinvite, OnResend, OpenInvitations};
use crate::catalog::{Action, RoleKey, limit};
use crate::id::{InvitationId, WorkspaceId};
use crate::limits::{COMMAND_ITEMS_MAX, OPEN_INVITATIONS_MAX};
use crate::organization::{Invitation, InvitationState, Organization, Override, Person, SecretHash, Standing};
use crate::text::Address;
use crate::time::Timestamp;

pub(super) fn invite(org: &Organization, command: &Invite, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    Ok([invited(org, command, &mut Pending::default(), context)?].into())
}

/// What the earlier items of a batch come to.
#[derive(Default)]
struct Pending {
    sent: Vec<(InvitationId, Address)>,
    seats: u64,
}

fn invited(
    org: &Organization,
    command: &Invite,
    pending: &mut Pending,
    context: &Context<'_>,
) -> Result<Event, Refusal> {
    let now = context.facts.now;
    guard_gift(org, &command.roles, &command.access, context)?;
    if org.is_for_one() {
        return Err(Refusal::PersonalOrganization);
    }
    let twice = pending.sent.iter().find(|(id, address)| *id == command.invitation || *address == command.address);
    if org.invitation(command.invitation).is_some() || twice.is_some_and(|(id, _)| *id == command.invitation) {
        return Err(Refusal::AlreadyExists);
    }
    let supersedes = org.catalog.policy().invitations.on_reinvite == OnReinvite::Supersede;
    let open = open_for(org, &command.address, context);
    if let Some(replaced) = open.filter(|_| supersedes).and_then(|id| org.invitation(id)) {
        may_take_back(org, replaced, context)?;
    }
    let in_the_way = open.filter(|_| !supersedes).or(twice.map(|(id, _)| *id));
    if let Some(invitation) = in_the_way {
        return Err(Refusal::AlreadyInvited { invitation });
    }
    if !has_place(org, pending.sent.len(), now) {
        return Err(Refusal::TooManyItems { max: OPEN_INVITATIONS_MAX });
    }
    let promised = promised_person(org, &command.roles, &command.access, context)?;
    Giver::of(org, context.actor, now, Door::Invite)?.may_make(None, &promised)?;
    admits_promised(org, &promised, open, pending, context)?;
    let policy = &org.catalog.policy().invitations;
    let uses = match policy.binding {
        Binding::VerifiedAddress | Binding::MatchingAddress => 1,
        Binding::Bearer(uses) => uses.max(1),
    };
    pending.sent.push((command.invitation, command.address.clone()));
    Ok(Event::Invited {
        invitation: command.invitation,
        address: command.address.clone(),
        roles: command.roles.clone(),
        access: command.access.clone(),
        secret: command.secret,
        until: now.plus(policy.lifetime),
        uses,
    })
}

/// Several at once: all or none, or each by itself; then whoever was left out is told apart.
pub(super) fn invite_many(
    org: &Organization,
    command: &InviteMany,
    context: &Context<'_>,
) -> Result<(Vec<Event>, Vec<LeftOut>), Refusal> {
    let Some(first) = command.invitations.first() else {
        guard(org, context, Action::InviteMember, Target::Organization)?;
        return Err(Refusal::NoChange);
    };
    let policy = &org.catalog.policy().invitations;
    let max = usize::try_from(policy.batch_max).unwrap_or(usize::MAX);
    if command.invitations.len() > max {
        guard_gift(org, &first.roles, &first.access, context)?;
        return Err(Refusal::TooManyItems { max });
    }
    let (mut pending, mut events, mut left_out) = (Pending::default(), Vec::new(), Vec::new());
    for (item, invite) in command.invitations.iter().enumerate() {
        match invited(org, invite, &mut pending, context) {
            Ok(event) => events.push(event),
            Err(Refusal::NotFound) => return Err(Refusal::NotFound),
            Err(refusal) if policy.batch == Batch::Atomic => return Err(of_batch(item, refusal)),
            Err(refusal) => left_out.push(LeftOut { item, refusal }),
        }
    }
    if let ([], [LeftOut { item, refusal }, ..]) = (events.as_slice(), left_out.as_slice()) {
        return Err(of_batch(*item, refusal.clone()));
    }
    Ok((events, left_out))
}

/// Whoever may not invite at all is told so, and not which item it was about.
fn of_batch(item: usize, refusal: Refusal) -> Refusal {
    match refusal {
        Refusal::NotFound | Refusal::Denied { .. } | Refusal::StepUp { .. } => refusal,
        other => Refusal::BatchRefused { item, refusal: other.into() },
    }
}

/// Members are guarded at organization level, collaborators in each workspace that they are promised.
fn guard_gift(
    org: &Organization,
    roles: &[RoleKey],
    access: &[(WorkspaceId, Override)],
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if !roles.is_empty() || access.is_empty() {
        return guard(org, context, Action::InviteMember, Target::Organization);
    }
    // More than the limit are refused below; nobody waits for their guards.
    for (workspace, _) in access.iter().take(COMMAND_ITEMS_MAX) {
        guard(org, context, Action::ManageCollaborators, Target::Workspace(*workspace))?;
    }
    Ok(())
}

/// Whether one more can be open, beside those of the same batch. Those that have run out take nobody's place.
fn has_place(org: &Organization, sent: usize, now: Timestamp) -> bool {
    let fits = |open: usize| open.saturating_add(sent) < OPEN_INVITATIONS_MAX;
    let listed = &org.open_by_address;
    fits(listed.len()) || fits(listed.values().filter(|id| is_open(org, **id, now)).count())
}

fn is_open(org: &Organization, id: InvitationId, now: Timestamp) -> bool {
    org.invitation(id).is_some_and(|invitation| invitation.state(now) == InvitationState::Open)
}

fn open_for(org: &Organization, address: &Address, context: &Context<'_>) -> Option<InvitationId> {
    let id = org.open_by_address.get(address.key())?;
    is_open(org, *id, context.facts.now).then_some(*id)
}

/// The person that the invited one would become.
fn promised_person(
    org: &Organization,
    roles: &[RoleKey],
    access: &[(WorkspaceId, Override)],
    context: &Context<'_>,
) -> Result<Person, Refusal> {
    if roles.is_empty() && access.is_empty() {
        return Err(Refusal::NoRoles);
    }
    if roles.is_empty() && org.catalog.policy().collaborators == Collaborators::Off {
        return Err(Refusal::CollaboratorsOff);
    }
    bounded(access)?;
    let known = org.known_roles(roles)?;
    let standing = if roles.is_empty() { Standing::Collaborator } else { Standing::Member(known) };
    org.all_fit(access, standing, context.facts.now)?;
    let origin = org.next_origin(context);
    org.with_rows(Person::new(standing, origin), access, origin)
}

/// Whether there is room for one more such person: by the limits as for one who comes now, by the seats with those that open
/// invitations hold, but for one that is replaced.
fn admits_promised(
    org: &Organization,
    promised: &Person,
    replaced: Option<InvitationId>,
    pending: &mut Pending,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    if org.catalog.policy().open_invitations == OpenInvitations::Free {
        return Ok(()); // enforced when it is accepted
    }
    let now = context.facts.now;
    let limit = if matches!(promised.standing(), Standing::Member(_)) { limit::MEMBERS } else { limit::COLLABORATORS };
    org.has_room(limit, 1, now)?;
    let seats = u64::from(org.is_billable(promised.standing()));
    if seats > 0 {
        org.has_seats(pending.seats.saturating_add(seats), org.reserved_seats(now, replaced), now)?;
    }
    pending.seats = pending.seats.saturating_add(seats);
    Ok(())
}

pub(super) fn edit(org: &Organization, command: &EditInvitation, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    open_to_manage(org, command.invitation, context)?;
    guard_gift(org, &command.roles, &command.access, context)?;
    let promised = promised_person(org, &command.roles, &command.access, context)?;
    Giver::of(org, context.actor, context.facts.now, Door::EditInvitation)?.may_make(None, &promised)?;
    admits_promised(org, &promised, Some(command.invitation), &mut Pending::default(), context)?;
    let (roles, access) = (command.roles.clone(), command.access.clone());
    Ok([Event::InvitationEdited { invitation: command.invitation, roles, access }].into())
}

pub(super) fn resend(org: &Organization, command: &Resend, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let invitation = open_to_manage(org, command.invitation, context)?;
    // Whoever chooses the secret can hand it to anybody, so it is as if they had sent it.
    let giver = Giver::of(org, context.actor, context.facts.now, Door::Invite)?;
    giver.may_make(None, &as_promised(org, invitation))?;
    let policy = &org.catalog.policy().invitations;
    let renewed = context.facts.now.plus(policy.lifetime);
    let (until, secret): (_, Option<SecretHash>) = match policy.on_resend {
        OnResend::RenewAndRotate => (renewed, Some(command.secret.ok_or(Refusal::SecretMissing)?)),
        OnResend::Renew => (renewed, None),
        OnResend::Nothing => (invitation.until(), None),
    };
    Ok([Event::InvitationResent { invitation: command.invitation, until, secret }].into())
}

pub(super) fn revoke(org: &Organization, command: &Revoke, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    open_to_manage(org, command.invitation, context)?;
    Ok([Event::InvitationRevoked { invitation: command.invitation }].into())
}

/// An open invitation that the actor manages: whoever could send it.
fn open_to_manage<'o>(
    org: &'o Organization,
    id: InvitationId,
    context: &Context<'_>,
) -> Result<&'o Invitation, Refusal> {
    let found = org.invitation(id);
    let usual = (Action::InviteMember, Target::Organization);
    match found {
        Some(invitation) if invitation.roles().is_empty() && !invitation.access().is_empty() => {
            for (workspace, _) in invitation.access() {
                guard_as(org, context, (Action::ManageCollaborators, Target::Workspace(*workspace)), usual)?;
            }
        }
        _ => guard(org, context, usual.0, usual.1)?,
    }
    let invitation = found.ok_or(Refusal::UnknownInvitation)?;
    match invitation.state(context.facts.now) {
        InvitationState::Open => may_take_back(org, invitation, context).map(|()| invitation),
        state => Err(Refusal::InvitationClosed { state }),
    }
}

/// Nobody touches the invitation of somebody who would outrank them.
fn may_take_back(org: &Organization, invitation: &Invitation, context: &Context<'_>) -> Result<(), Refusal> {
    let giver = Giver::of(org, context.actor, context.facts.now, Door::EditInvitation)?;
    let promised = as_promised(org, invitation);
    giver.may_touch(&promised)?;
    promised.rows().iter().try_for_each(|row| giver.in_workspace(row.workspace).may_touch(&promised))
}

/// The person that an invitation promises, as far as what it names is still there.
fn as_promised(org: &Organization, invitation: &Invitation) -> Person {
    let origin = invitation.issued();
    let mut person = Person::new(org.promised(invitation.roles()), origin);
    invitation.access().iter().for_each(|(workspace, changes)| person.set_row(org.row(*workspace, changes, origin)));
    person
}

pub(super) fn accept(org: &Organization, command: &Accept, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    let invitation = opened(org, (command.invitation, command.secret), &command.address, context)?;
    let user = acting_user(context)?;
    if invitation.accepted_by().contains(&user) {
        return Err(Refusal::InvitationClosed { state: InvitationState::Accepted });
    }
    org.open_for_joining()?;
    org.signed_in(context)?;
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

pub(super) fn decline(org: &Organization, command: &Decline, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    opened(org, (command.invitation, command.secret), &command.address, context)?;
    let user = acting_user(context)?;
    changes(!matches!(org.catalog.policy().invitations.binding, Binding::Bearer(uses) if uses > 1))?;
    Ok([Event::InvitationDeclined { invitation: command.invitation, user }].into())
}

/// The invitation that the secret opens, for the user whose address it is.
fn opened<'o>(
    org: &'o Organization,
    (id, secret): (InvitationId, SecretHash),
    address: &AddressProof,
    context: &Context<'_>,
) -> Result<&'o Invitation, Refusal> {
    let found = org.invitation(id).filter(|invitation| invitation.secret == secret);
    let invitation = found.ok_or_else(|| {
        // To a stranger without the secret there is no such organization.
        if org.knows(context.actor) { Refusal::UnknownInvitation } else { Refusal::NotFound }
    })?;
    let state = invitation.state(context.facts.now);
    if state != InvitationState::Open {
        return Err(Refusal::InvitationClosed { state });
    }
    let (address, verified) = match address {
        AddressProof::Verified(address) => (address, true),
        AddressProof::Claimed(address) => (address, false),
    };
    let matches = Some(address) == invitation.address();
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

/// Whether whoever invited could still give it: the same rule as when it was promised, unless the policy lets it stand.
fn still_given(
    org: &Organization,
    invitation: &Invitation,
    before: Option<&Person>,
    after: &Person,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let lost = |_| Refusal::InviterLacksAuthority;
    let inviter = invitation.issued().by;
    if matches!(inviter, Actor::Staff { staff, .. } if context.actor == Actor::User(staff)) {
        return Err(Refusal::OwnAccess);
    }
    // It was sent to a newcomer: to somebody who is here already it can come to mean more.
    let stands = org.catalog.policy().invitations.inviter_gone == InviterGone::Keep && before.is_none();
    if inviter == Actor::System || stands {
        return Ok(());
    }
    let giver = Giver::of(org, inviter, context.facts.now, Door::Accept).map_err(lost)?;
    if !may_invite(org, invitation, inviter, context) {
        return Err(Refusal::InviterLacksAuthority);
    }
    giver.may_make(before, after).map_err(lost)
}

/// Whether the guards let the inviter do it still.
fn may_invite(org: &Organization, invitation: &Invitation, inviter: Actor, context: &Context<'_>) -> bool {
    let facts = Facts::at(context.facts.now);
    guards_of(org, invitation).all(|(target, guarded)| {
        guarded.is_some_and(|permission| org.access(inviter, target, &facts).granted().contains(permission))
    })
}

/// The permissions that inviting like this needs, and where.
fn guards_of<'i>(
    org: &Organization,
    invitation: &'i Invitation,
) -> impl Iterator<Item = (Target<'i>, Option<crate::catalog::Permission>)> {
    let (member, below) =
        (org.catalog.guard_of(Action::InviteMember), org.catalog.guard_of(Action::ManageCollaborators));
    let for_member = (!invitation.roles().is_empty()).then_some((Target::Organization, member));
    let places = invitation.access().iter().filter(|_| invitation.roles().is_empty());
    for_member.into_iter().chain(places.map(move |(workspace, _)| (Target::Workspace(*workspace), below)))
}

/// Whether somebody could send an invitation as what they become.
pub(super) fn could_send(org: &Organization, invitation: &Invitation, after: &Person, context: &Context<'_>) -> bool {
    let Ok(giver) = Giver::of(org, invitation.issued().by, context.facts.now, Door::Accept) else { return false };
    let giver = giver.becoming(after);
    let mut guards = guards_of(org, invitation);
    let guarded = guards
        .all(|(target, permission)| permission.is_some_and(|permission| giver.holds_guard(target, permission).is_ok()));
    guarded && giver.may_make(None, &as_promised(org, invitation)).is_ok()
}
