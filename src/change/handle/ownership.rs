//! Ownership changes hands.

use alloc::vec::Vec;

use super::super::authority::{Giver, guard};
use super::super::command::TransferOwnership;
use super::super::door::Door;
use super::super::{Context, Event, Refusal};
use super::{acting_user, departure};
use crate::access::{Facts, Target};
use crate::actor::Actor;
use crate::catalog::policy::OwnershipTransfer;
use crate::catalog::{Action, RoleSet};
use crate::id::UserId;
use crate::organization::{Organization, OwnershipOffer, Person, PersonStatus, Standing, Tally};

pub(super) fn transfer(
    org: &Organization,
    command: &TransferOwnership,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::TransferOwnership, Target::Organization)?;
    if org.is_personal() {
        return Err(Refusal::PersonalOrganization);
    }
    let from = former_owner(org, command, context)?;
    let (from_after, to_after) = judged(org, from, command.to, context)?;
    let consent = org.catalog.policy().ownership_transfer == OwnershipTransfer::WithConsent;
    if consent && context.actor != Actor::System {
        return Ok([Event::OwnershipOffered { from, to: command.to }].into());
    }
    Ok(transferred(org, (from, &from_after), (command.to, &to_after), context))
}

/// Whose ownership it is: the actor's own, or whom the platform names.
fn former_owner(org: &Organization, command: &TransferOwnership, context: &Context<'_>) -> Result<UserId, Refusal> {
    match (context.actor, command.from) {
        (Actor::System, from) => from.filter(|user| org.is_active_owner(*user)).ok_or(Refusal::OwnersOnly),
        (Actor::User(user), from) if org.is_active_owner(user) && from.is_none_or(|from| from == user) => Ok(user),
        _ => Err(Refusal::OwnersOnly),
    }
}

/// What becomes of both, once nothing stands in the way.
fn judged(org: &Organization, from: UserId, to: UserId, context: &Context<'_>) -> Result<(Person, Person), Refusal> {
    if from == to {
        return Err(Refusal::OwnAccess);
    }
    let receiver = org.known_member(to)?;
    if receiver.status() == PersonStatus::Suspended {
        return Err(Refusal::PersonSuspended);
    }
    let owner = org.catalog.owner_role();
    if receiver.roles().contains(owner) {
        return Err(Refusal::NoChange);
    }
    let giver = org.known_member(from)?;
    let (from_after, to_after) = (stepping_down(org, giver)?, stepping_up(org, receiver));
    let authority = Giver::of(org, giving_actor(from, context), context.facts.now, Door::Transfer)?;
    authority.holds_what_is_gained(Some(receiver), &to_after)?;
    authority.holds_what_is_gained(Some(giver), &from_after)?;
    let count = |first: &Person, second: &Person| {
        let mut both = Tally::of(org.roles(), first);
        both.add(Tally::of(org.roles(), second));
        both
    };
    org.admits_change(count(giver, receiver), count(&from_after, &to_after), context.facts.now, None)?;
    Ok((from_after, to_after))
}

/// Who gives: the platform where it acts, else the owner, also when the receiver agrees.
const fn giving_actor(from: UserId, context: &Context<'_>) -> Actor {
    match context.actor {
        Actor::System => Actor::System,
        _ => Actor::User(from),
    }
}

/// The former owner, with the role to fall back to.
fn stepping_down(org: &Organization, person: &Person) -> Result<Person, Refusal> {
    let kept = person.roles().without(org.catalog.owner_role());
    let roles: RoleSet = kept.iter().chain(org.catalog.former_owner_role()).collect();
    if roles.is_empty() {
        return Err(Refusal::NoRoles);
    }
    let mut after = person.clone();
    after.standing = Standing::Member(roles);
    Ok(after)
}

/// The new owner, with the other roles where so many are allowed.
fn stepping_up(org: &Organization, person: &Person) -> Person {
    let owner = org.catalog.owner_role();
    let with_others: RoleSet = person.roles().iter().chain([owner]).collect();
    let allowed = with_others.len() <= usize::from(org.catalog.policy().roles_per_member);
    let mut after = person.clone();
    after.standing = Standing::Member(if allowed { with_others } else { RoleSet::from_iter([owner]) });
    after
}

fn transferred(
    org: &Organization,
    (from, from_after): (UserId, &Person),
    (to, to_after): (UserId, &Person),
    context: &Context<'_>,
) -> Vec<Event> {
    let keys = |person: &Person| org.roles().keys(person.roles());
    let (from_roles, to_roles) = (keys(from_after), keys(to_after));
    let mut events: Vec<Event> = [Event::OwnershipTransferred { from, from_roles, to, to_roles }].into();
    events.extend(departure::lost_invitations(org, from, Some(from_after), context));
    events
}

pub(super) fn accept(org: &Organization, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if !org.knows(context.actor) {
        return Err(Refusal::NotFound);
    }
    let user = acting_user(context)?;
    let lifetime = org.catalog.policy().invitations.lifetime;
    let open = |offer: &OwnershipOffer| context.facts.now < offer.origin.at.plus(lifetime);
    let offer = on_offer(org).filter(|offer| offer.to == user && open(offer) && may_offer(org, offer.from, context));
    let offer = offer.ok_or(Refusal::NoOffer)?;
    org.open_for_joining()?;
    org.signed_in(context)?;
    let (from_after, to_after) = judged(org, offer.from, user, context)?;
    Ok(transferred(org, (offer.from, &from_after), (user, &to_after), context))
}

/// Whether an owner could make the offer still.
fn may_offer(org: &Organization, from: UserId, context: &Context<'_>) -> bool {
    let access = org.access(Actor::User(from), Target::Organization, &Facts::at(context.facts.now));
    let guard = org.catalog.guard_of(Action::TransferOwnership);
    org.is_active_owner(from) && guard.is_some_and(|guard| access.granted().contains(guard))
}

pub(super) fn cancel(org: &Organization, context: &Context<'_>) -> Result<Vec<Event>, Refusal> {
    if !org.knows(context.actor) {
        return Err(Refusal::NotFound);
    }
    let concerned = |offer: &OwnershipOffer| match context.actor {
        Actor::System => true,
        Actor::User(user) => user == offer.from || user == offer.to || org.is_active_owner(user),
        _ => false,
    };
    on_offer(org).filter(concerned).ok_or(Refusal::NoOffer)?;
    Ok([Event::OwnershipOfferEnded].into())
}

fn on_offer(org: &Organization) -> Option<OwnershipOffer> {
    org.profile.as_ref()?.offer
}
