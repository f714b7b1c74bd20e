//! Plans, seats, keys of one's own: what an organization has bought.

use serde::{Deserialize, Serialize};

use crate::catalog::PlanKey;
use crate::label::Label;
use crate::organization::Seats;
use crate::time::Timestamp;

/// Moves to another plan, at once or at a time to come. Naming the present plan and seats takes back a change that was
/// scheduled. [`Organization::fits_plan`](crate::Organization::fits_plan) tells beforehand what does not fit.
///
/// # Errors
/// `unknown_plan`, `ended` (the time has passed), `no_change` (also for the same plan with other seats), `personal_organization` (it cannot move to a bigger
/// plan), `plan_without_teams`, `seats_below_minimum`, `step_up` (the
/// plan requires an identity provider), `plan_does_not_fit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangePlan {
    /// Which.
    pub plan: PlanKey,
    /// Seats bought; passed over where the plan does not count seats.
    pub seats: Seats,
    /// When, if not at once: the end of the paid period.
    #[serde(default)]
    pub at: Option<Timestamp>,
}

/// Buys seats, which count at once, or gives seats back, which stay until the end of the period.
///
/// # Errors
/// `seats_not_counted` (by this plan), `no_change`, `seats_below_minimum`, `plan_change_scheduled` and `seats_in_use`
/// and `ended` (when giving back).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeSeats {
    /// Seats from then on.
    pub seats: Seats,
    /// When the paid period ends.
    pub period_end: Timestamp,
}

/// Says that the organization has a key of its own for a class of usage, which then bypasses its credits.
///
/// # Errors
/// `no_change`, `too_many_items`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOwnKey {
    /// The class of usage, as the application names it.
    pub class: Label,
    /// Whether it has one.
    pub on: bool,
}
