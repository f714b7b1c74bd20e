//! Room: seats, and the limits of the plan. One gate for every path that makes somebody count.

use alloc::string::ToString;

use super::super::{Context, Refusal};
use crate::access::Requirement;
use crate::catalog::{Enforcement, LimitDef, Plan, Provider, limit};
use crate::id::InvitationId;
use crate::organization::{Organization, Person, Seats, Status, Tally};
use crate::time::Timestamp;

impl Organization {
    /// The gate through which one person comes to take a seat or counts for a limit. Seats that open invitations hold are
    /// not free, but for the one that is being accepted.
    pub(super) fn admits(
        &self,
        before: Option<&Person>,
        after: &Person,
        now: Timestamp,
        accepting: Option<InvitationId>,
    ) -> Result<(), Refusal> {
        let of = |person: Option<&Person>| person.map(|person| Tally::of(self.roles(), person)).unwrap_or_default();
        self.admits_change(of(before), of(Some(after)), now, accepting)
    }

    /// The same gate for any change of the counts: what grows must find room.
    pub(super) fn admits_change(
        &self,
        before: Tally,
        after: Tally,
        now: Timestamp,
        accepting: Option<InvitationId>,
    ) -> Result<(), Refusal> {
        self.has_room_for_owners(before, after)?;
        let policy = self.catalog.policy();
        let members = |tally: Tally| tally.limited_members(policy.member_limit);
        self.has_room(limit::MEMBERS, members(after).saturating_sub(members(before)), now)?;
        self.has_room(limit::COLLABORATORS, after.collaborators.saturating_sub(before.collaborators), now)?;
        let more = after.billable.saturating_sub(before.billable);
        if more == 0 { Ok(()) } else { self.has_seats(more, self.reserved_seats(now, accepting), now) }
    }

    /// Where the catalog says exactly one owner, nobody becomes a second one: not by the end of a suspension, and not by an
    /// invitation, from the days of another catalog.
    fn has_room_for_owners(&self, before: Tally, after: Tally) -> Result<(), Refusal> {
        let (role, roles) = (self.catalog.owner_role(), self.roles());
        let others = self.tally.active_owners.saturating_sub(before.active_owners);
        if after.active_owners > before.active_owners && others > 0 && roles.table(role).exactly_one {
            return Err(Refusal::NotAssignable { role, key: roles.key(role).to_string() });
        }
        Ok(())
    }

    /// Whether so many more fit a limit of the plan, and of the plan to come.
    pub(super) fn has_room(&self, key: &str, more: u64, now: Timestamp) -> Result<(), Refusal> {
        let used = self.counted(key);
        match self.limit_of(key, now) {
            Some(limit) if more > 0 && used.saturating_add(more) > limit.max => {
                Err(Refusal::LimitReached { limit: key.to_string(), max: limit.max, used })
            }
            _ => Ok(()),
        }
    }

    /// The tightest hard limit that counts.
    fn limit_of(&self, key: &str, now: Timestamp) -> Option<&LimitDef> {
        let (present, to_come) = self.terms_around(now)?;
        let plans = [Some(present), to_come].into_iter().flatten();
        let limits = plans.filter_map(|terms| self.catalog.plan_def(terms.plan)?.limit_of(key));
        limits.filter(|limit| limit.enforcement == Enforcement::Hard).min_by_key(|limit| limit.max)
    }

    /// Whether so many seats are left besides those taken and reserved.
    pub(super) fn has_seats(&self, more: u64, reserved: u64, now: Timestamp) -> Result<(), Refusal> {
        let Some(seats) = self.seats(now) else { return Ok(()) };
        let used = seats.used.as_u64().saturating_add(reserved);
        if used.saturating_add(more) <= seats.limit.as_u64() {
            return Ok(());
        }
        Err(Refusal::SeatLimit { limit: seats.limit, used: Seats::new(used) })
    }

    /// Whether people can join at all, as the organization stands.
    pub(super) fn open_for_joining(&self) -> Result<(), Refusal> {
        match self.profile.as_ref().map(|profile| profile.status) {
            Some(status @ (Status::PastDue | Status::Suspended)) => Err(Refusal::OrganizationClosed { status }),
            _ => Ok(()),
        }
    }

    /// The identity provider that is required here, where the user is not signed in through it.
    pub(super) fn signed_in(&self, context: &Context<'_>) -> Result<(), Refusal> {
        signed_in_through(self.required_provider(context.facts.now), context)
    }

    /// The same on a plan that somebody begins with.
    pub(super) fn signed_in_for(&self, plan: Plan, context: &Context<'_>) -> Result<(), Refusal> {
        signed_in_through(self.catalog.plan_table(plan).and_then(|plan| plan.provider), context)
    }
}

fn signed_in_through(required: Option<Provider>, context: &Context<'_>) -> Result<(), Refusal> {
    let provider = required.filter(|needed| context.facts.provider != Some(*needed));
    if provider.is_none() {
        return Ok(());
    }
    Err(Refusal::StepUp { requirement: Requirement { provider, ..Requirement::default() } })
}
