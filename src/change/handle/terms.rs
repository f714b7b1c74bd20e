//! Plans, seats, keys of one's own.

use alloc::vec::Vec;

use super::super::authority::guard;
use super::super::command::{ChangePlan, ChangeSeats, SetOwnKey};
use super::super::{Context, Event, Refusal};
use super::{changes, ends_later};
use crate::access::Target;
use crate::actor::Actor;
use crate::catalog::policy::TooBigForPlan;
use crate::catalog::{Action, Plan, SeatRule};
use crate::limits::FEATURES_MAX;
use crate::organization::{Excess, Organization, Profile, Seats, Terms};
use crate::time::Timestamp;

pub(super) fn change_plan(
    org: &Organization,
    command: &ChangePlan,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let now = context.facts.now;
    guard(org, context, Action::ChangePlan, Target::Organization)?;
    let profile = org.profile.as_ref().ok_or(Refusal::NotFound)?;
    let plan = org.known_plan(&command.plan)?;
    ends_later(command.at, now)?;
    let rule = org.catalog.plan_def(plan).map_or(SeatRule::None, |def| def.seats);
    let seats = if rule == SeatRule::None { Seats::default() } else { command.seats };
    let present = profile.terms_at(now);
    // The same plan with other seats is for whoever may change those.
    let takes_back = present == Terms { plan, seats } && command.at.is_none() && scheduled(profile, now).is_some();
    changes(plan != present.plan || takes_back)?;
    may_move_to(org, present.plan, plan, context)?;
    above_minimum(rule, seats)?;
    if context.actor != Actor::System {
        org.signed_in_for(plan, context)?; // nobody locks everybody out
    }
    let excess = org.fits_plan(plan, seats, now);
    let oversold = excess.iter().any(|excess| excess.what == Excess::SEATS);
    if oversold || (!excess.is_empty() && org.catalog.policy().too_big_for_plan == TooBigForPlan::Refuse) {
        return Err(Refusal::PlanDoesNotFit { excess });
    }
    Ok([Event::PlanChanged { plan: command.plan.clone(), seats, at: command.at }].into())
}

/// What is scheduled and has not come to count yet.
fn scheduled(profile: &Profile, now: Timestamp) -> Option<Terms> {
    profile.next_terms.filter(|(_, from)| now < *from).map(|(terms, _)| terms)
}

/// Whether an organization of its kind can be on the plan.
fn may_move_to(org: &Organization, present: Plan, plan: Plan, context: &Context<'_>) -> Result<(), Refusal> {
    let rank = |plan| org.catalog.plan_def(plan).map_or(0, |def| def.rank);
    if org.is_personal() {
        let upgradable = org.catalog.policy().personal.as_ref().is_some_and(|personal| personal.upgradable);
        let held_back = !upgradable && rank(plan) > rank(present) && context.actor != Actor::System;
        return if held_back { Err(Refusal::PersonalOrganization) } else { Ok(()) };
    }
    let for_teams = org.catalog.plan_def(plan).is_some_and(|def| def.team_organizations);
    if for_teams { Ok(()) } else { Err(Refusal::PlanWithoutTeams) }
}

fn above_minimum(rule: SeatRule, seats: Seats) -> Result<(), Refusal> {
    match rule {
        SeatRule::PerSeat(minimum) if seats.as_u64() < minimum => {
            Err(Refusal::SeatsBelowMinimum { minimum: Seats::new(minimum) })
        }
        SeatRule::PerSeat(_) | SeatRule::None => Ok(()),
    }
}

pub(super) fn change_seats(
    org: &Organization,
    command: &ChangeSeats,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    let now = context.facts.now;
    guard(org, context, Action::ChangeSeats, Target::Organization)?;
    let profile = org.profile.as_ref().ok_or(Refusal::NotFound)?;
    let present = profile.terms_at(now);
    let rule = org.catalog.plan_def(present.plan).map_or(SeatRule::None, |def| def.seats);
    if rule == SeatRule::None {
        return Err(Refusal::SeatsNotCounted);
    }
    let seats = command.seats;
    let next = scheduled(profile, now);
    changes(seats != present.seats || next.is_some_and(|next| next.plan == present.plan))?;
    above_minimum(rule, seats)?;
    if seats >= present.seats {
        return Ok([Event::SeatsChanged { seats, at: None }].into());
    }
    if next.is_some_and(|next| next.plan != present.plan) {
        return Err(Refusal::PlanChangeScheduled);
    }
    let used = org.seats(now).map_or(0, |count| count.used.as_u64()).saturating_add(org.reserved_seats(now, None));
    if used > seats.as_u64() {
        return Err(Refusal::SeatsInUse { seats, used: Seats::new(used) });
    }
    ends_later(Some(command.period_end), now)?;
    Ok([Event::SeatsChanged { seats, at: Some(command.period_end) }].into())
}

pub(super) fn set_own_key(
    org: &Organization,
    command: &SetOwnKey,
    context: &Context<'_>,
) -> Result<Vec<Event>, Refusal> {
    guard(org, context, Action::ManageOwnKeys, Target::Organization)?;
    let keys = org.profile.as_ref().map(|profile| &profile.own_keys);
    changes(keys.is_none_or(|keys| keys.contains(&command.class) != command.on))?;
    if command.on && keys.is_some_and(|keys| keys.len() >= FEATURES_MAX) {
        return Err(Refusal::TooManyItems { max: FEATURES_MAX });
    }
    Ok([Event::OwnKeySet { class: command.class, on: command.on }].into())
}
