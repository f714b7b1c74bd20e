//! Plans: what of an organization exceeds one, and what is due once it is archived.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Organization, Seats, Status};
use crate::catalog::{Enforcement, Plan, Provider, SeatRule, limit};
use crate::time::Timestamp;

/// Something that there is more of than a plan allows.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Excess {
    /// What: `seats`, or the key of the limit.
    pub what: String,
    /// How many the plan allows.
    pub max: u64,
    /// How many there are.
    pub used: u64,
}

impl Excess {
    /// What it is called where it is about seats.
    pub const SEATS: &'static str = "seats";
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} of {}", self.used, self.what, self.max)
    }
}

/// When content of one kind is due to be deleted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RetentionDate {
    /// The kind of content, as the catalog names it.
    pub kind: String,
    /// From when on it is due.
    pub due: Timestamp,
}

impl Organization {
    /// The identity provider that people sign in through: what the plan requires, else what the organization does.
    #[must_use]
    pub fn required_provider(&self, now: Timestamp) -> Option<Provider> {
        let profile = self.profile.as_ref()?;
        let plan = self.catalog.plan_table(profile.terms_at(now).plan);
        plan.and_then(|plan| plan.provider).or(profile.provider)
    }

    /// What of the organization exceeds a plan with so many seats: everything at once, so that people tidy up once. Empty
    /// when it fits. Seats that open invitations hold count; limits that only warn do not.
    #[must_use]
    pub fn fits_plan(&self, plan: Plan, seats: Seats, now: Timestamp) -> Vec<Excess> {
        let Some(def) = self.catalog.plan_def(plan) else { return Vec::new() };
        let mut excess = Vec::new();
        let used = self.tally.billable.saturating_add(self.reserved_seats(now, None));
        if matches!(def.seats, SeatRule::PerSeat(_)) && used > seats.as_u64() {
            excess.push(Excess { what: Excess::SEATS.to_string(), max: seats.as_u64(), used });
        }
        for key in limit::ALL {
            let hard = def.limit_of(key).filter(|limit| limit.enforcement == Enforcement::Hard);
            let used = self.counted(key);
            if let Some(limit) = hard.filter(|limit| used > limit.max) {
                excess.push(Excess { what: key.to_string(), max: limit.max, used });
            }
        }
        excess
    }

    /// How many there are of what the crate itself limits.
    pub(crate) fn counted(&self, key: &str) -> u64 {
        let of = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        match key {
            limit::MEMBERS => self.tally.limited_members(self.catalog.policy().member_limit),
            limit::COLLABORATORS => self.tally.collaborators,
            limit::WORKSPACES => of(self.workspaces.len()),
            limit::TEAMS => of(self.teams.len()),
            limit::CUSTOM_ROLES => of(self.roles().customs().count()),
            limit::SERVICES => of(self.services.len()),
            _ => 0,
        }
    }

    /// What is due to be deleted because the organization is archived, and when; empty while it is not.
    #[must_use]
    pub fn retention(&self) -> Vec<RetentionDate> {
        let archived = self.profile.as_ref().filter(|profile| profile.status == Status::Archived);
        let since = archived.and_then(|profile| Some((profile.archived_on?, profile.status_from.at)));
        since.map(|(plan, at)| self.retention_from(plan, at)).unwrap_or_default()
    }

    /// What is due once an organization is archived at a time, as its plan then has it; a later plan changes no date.
    pub(crate) fn retention_from(&self, plan: Plan, archived: Timestamp) -> Vec<RetentionDate> {
        let rules = self.catalog.plan_def(plan).into_iter().flat_map(|plan| &plan.retention);
        let date = |kind: &str, due| RetentionDate { kind: kind.to_string(), due };
        rules.filter_map(|rule| Some(date(&rule.kind, archived.plus(rule.keep?)))).collect()
    }
}
