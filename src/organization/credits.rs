//! Credits as far as an organization decides about them: whose work uses them, and what the plan allocates. Who pays in the
//! end is judged where commands are, for it asks whether somebody may.

use alloc::vec::Vec;

use super::{Organization, Person, Standing, Terms};
use crate::catalog::policy::OverrideMode;
use crate::catalog::{PlanDef, Renewal, RoleSet, SeatRule, limit};
use crate::id::{ResourceId, UserId, WorkspaceId};
use crate::label::Label;
use crate::ledger::{Allowance, Credits, MeterRule, Units};
use crate::limits::ALLOCATION_MAX;
use crate::time::Timestamp;

/// Work that costs something: where, for what, of which class of usage.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub struct Work {
    /// The workspace in which it is done; `None` for work of the organization itself.
    pub workspace: Option<WorkspaceId>,
    /// The project, or whatever the application calls what it is for. Taken as it is said.
    pub project: Option<ResourceId>,
    /// The class of usage.
    pub class: Option<Label>,
}

impl Organization {
    /// Whether what somebody does uses credits of the pool, as [`SwitchCredits`](crate::change::SwitchCredits) has set it for
    /// them, or else as their roles say: whoever has one role that uses credits does.
    ///
    /// # Shape
    /// The role in a person's row counts with the roles in that workspace: for a collaborator, and for a member where the
    /// policy lets rows give more. A custom role is as the one that it is like. Whoever has no role at all (a collaborator to
    /// whom permissions were given by name) does use credits; a stranger does not. It says nothing of whether they
    /// may: [`spender`](Self::spender) does.
    #[must_use]
    pub fn uses_credits(&self, user: UserId, workspace: Option<WorkspaceId>, now: Timestamp) -> bool {
        self.person(user).is_some_and(|person| self.uses_credits_as(person, workspace, now))
    }

    /// The same of a person as they are, or as they would be.
    pub(crate) fn uses_credits_as(&self, person: &Person, workspace: Option<WorkspaceId>, now: Timestamp) -> bool {
        person.credits().unwrap_or_else(|| {
            let roles = self.roles().defined(self.roles_at(person, workspace, now));
            roles.is_empty() || roles.iter().any(|role| self.catalog.role_def(role).is_none_or(|def| def.uses_credits))
        })
    }

    /// The roles of a person, with the one that a row gives in a workspace.
    fn roles_at(&self, person: &Person, workspace: Option<WorkspaceId>, now: Timestamp) -> RoleSet {
        let gives = match person.standing() {
            Standing::Collaborator => true,
            Standing::Member(_) => {
                matches!(self.catalog.policy().overrides, OverrideMode::Replace | OverrideMode::Expand)
            }
        };
        let row = workspace.and_then(|id| person.row(id)).filter(|row| gives && row.is_current(now));
        person.roles().iter().chain(row.and_then(|row| row.role)).collect()
    }

    /// What the plan allocates each period, what stays of it, and what its meters may count up to: at a time, and then from
    /// when on something else, if a change is scheduled. It is for
    /// [`SetAllowance`](crate::ledger::SetAllowance). `None` before the organization is made, and once it is deleted.
    ///
    /// # Shape
    /// The allocation is the flat part and that of every *purchased* seat, whoever sits in it, and never more than
    /// [`ALLOCATION_MAX`]. Periods are counted from when the organization was made,
    /// whatever happens to its plan; in a build without the feature `calendar`, months and years begin when the billing provider
    /// [says so](crate::ledger::BeginPeriod). Meters are the storage, where the plan has a quota, and every limit that the crate does
    /// not count itself. The status changes nothing: an archived organization has what its plan says.
    ///
    /// # Source
    /// S1-84, S1-86, C-20.
    #[must_use]
    pub fn allowance(&self, now: Timestamp) -> Option<(Allowance, Option<(Allowance, Timestamp)>)> {
        let profile = self.profile.as_ref().filter(|profile| profile.deletion.is_none())?;
        let anchor = profile.created.at;
        let next = profile.next_terms.filter(|(_, from)| now < *from);
        let next = next.and_then(|(terms, from)| Some((self.allowance_of(terms, anchor)?, from)));
        Some((self.allowance_of(profile.terms_at(now), anchor)?, next))
    }

    /// Since when the [allowance](Self::allowance) is what it is, as far as the organization has changed it.
    #[must_use]
    pub fn allowance_since(&self) -> Option<Timestamp> {
        let profile = self.profile.as_ref()?;
        let deleted = profile.deletion.map(|deletion| deletion.origin.at);
        Some(deleted.unwrap_or(profile.terms_from.at))
    }

    fn allowance_of(&self, terms: Terms, anchor: Timestamp) -> Option<Allowance> {
        let plan = self.catalog.plan_def(terms.plan)?;
        let rule = &plan.credits;
        Some(Allowance {
            renewal: counted(rule.renewal),
            anchor,
            allocation: Credits::new(allocation(plan, terms)),
            rollover: rule.rollover,
            rollover_periods: rule.rollover_periods,
            midway: rule.midway,
            alerts_percent: rule.alerts_percent.clone(),
            meters: meters(plan),
        })
    }
}

/// How periods renew in this build: without the calendar, months and years are for the billing provider to begin.
const fn counted(renewal: Renewal) -> Renewal {
    match renewal {
        Renewal::Monthly | Renewal::Yearly if !cfg!(feature = "calendar") => Renewal::Given,
        renewal => renewal,
    }
}

/// What all seats together are allocated, as far as a ledger counts.
fn allocation(plan: &PlanDef, terms: Terms) -> u64 {
    let seats = match plan.seats {
        SeatRule::PerSeat(_) => terms.seats.as_u64(),
        SeatRule::None => 0,
    };
    let of_seats = plan.credits.allocation_per_seat.saturating_mul(seats);
    plan.credits.allocation.saturating_add(of_seats).min(ALLOCATION_MAX)
}

/// The storage, and whatever else the ledger counts.
fn meters(plan: &PlanDef) -> Vec<MeterRule> {
    let storage = plan.storage.quota_bytes.map(|bytes| MeterRule {
        meter: Label::STORAGE,
        per: crate::catalog::Per::Organization,
        max: Units::new(bytes),
        enforcement: plan.storage.enforcement,
        alerts_percent: plan.storage.alerts_percent.clone(),
    });
    let others = plan.limits.iter().filter(|limit| !limit::ALL.contains(&limit.key.as_str()));
    let others = others.filter_map(|limit| {
        Some(MeterRule {
            meter: limit.key.parse().ok()?,
            per: limit.per,
            max: Units::new(limit.max),
            enforcement: limit.enforcement,
            alerts_percent: limit.alerts_percent.clone(),
        })
    });
    storage.into_iter().chain(others).collect()
}
