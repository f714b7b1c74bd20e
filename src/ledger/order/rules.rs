//! What the rest is measured by: allowances, periods, the pool, limits, thresholds; and time alone.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::OrgId;
use crate::ledger::{Allowance, Credits, Scope};
use crate::time::Timestamp;

/// Says what the plan gives and allows, now and from a time on. Whatever was scheduled before is replaced.
///
/// # Shape
/// The first allowance opens the first period. A greater allocation than the present period has had so far is allocated by
/// [`Midway`](crate::catalog::Midway); the greatest that a period has had counts, so that the same seats bring nothing twice.
/// A smaller one takes effect with the next period. When `next` comes, a period in its middle goes on.
///
/// # Errors
/// `bad_allowance` (a percentage outside 1 to 100, a meter limited twice over the same, a period of no days, a
/// rollover for no periods, more than 16 thresholds), `no_calendar` (months, in a build without them), `ended` (`next` does
/// not lie ahead), `stale_allowance` (from before the one that there is).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAllowance {
    /// Which state of affairs it is taken from, such as the version of the organization: a lower number than that of the
    /// allowance that there is is refused, so that arriving out of order does no harm.
    pub as_of: u64,
    /// From now on.
    pub allowance: Allowance,
    /// From a time on, if something is scheduled.
    #[serde(default)]
    pub next: Option<(Allowance, Timestamp)>,
}

/// Begins a period that the billing provider gives: the end of the one before, rollover, debt, allocation.
///
/// # Shape
/// A given period ends when the next one begins; its `end` is what a proration counts to. The same start again only
/// corrects the end. A start that lies ahead is kept, and counts when it comes.
///
/// # Errors
/// `bad_period` (it ends before it begins, there is no allowance, periods renew by themselves, or too many are given ahead),
/// `stale_period` (it begins before the present one).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginPeriod {
    /// Its first instant.
    pub start: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
}

/// Lets the organization spend from the pool of another one, or from its own again. What there is stays where it is.
///
/// # Shape
/// The other ledger lets it spend by the limits that name it ([`Scope::organization`]), and nothing without one: that is
/// what was agreed. Whoever resolves who pays reads it with [`Ledger::pool`](crate::ledger::Ledger::pool).
///
/// # Errors
/// `itself` (an organization does not draw on itself through another), `too_many_items` (it has drawn on too many).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPool {
    /// Whose; `None` for its own.
    pub pool: Option<OrgId>,
}

/// Does nothing, but lets what is due by now happen, so that its alerts go out. Answers are exact without it.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {}

/// What a limit on credits counts.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// What is spent in the present period, and what is held.
    Period,
    /// What was ever spent since the limit was set, and what is held.
    Ever,
    /// What is held.
    InFlight,
}

/// Sets how many credits may be spent within a scope. What the present period has spent there counts, what is held as well.
///
/// # Shape
/// Under the same scope and [`Over`] there is one limit; setting it again changes the number and ends a raise. A limit below
/// what is spent already is allowed: nothing more goes out.
///
/// # Errors
/// `too_many_limits`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetLimit {
    /// Within which scope.
    pub scope: Scope,
    /// Counted over what.
    pub over: Over,
    /// How many.
    pub max: Credits,
}

/// Lets more be spent for so many periods, the present one included. The next raise takes its place.
///
/// # Errors
/// `unknown_limit`, `zero_amount` (no credits, or no periods), `overflow`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaiseLimit {
    /// Within which scope.
    pub scope: Scope,
    /// Counted over what.
    pub over: Over,
    /// How many more.
    pub by: Credits,
    /// For how many periods.
    pub periods: u32,
}

/// Ends a limit.
///
/// # Errors
/// `unknown_limit`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropLimit {
    /// Within which scope.
    pub scope: Scope,
    /// Counted over what.
    pub over: Over,
}

/// Sets at how many credits left somebody is told, besides the percentages of the allowance. Replaces what was set before.
///
/// # Errors
/// `bad_allowance` (more than 16 thresholds).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAlerts {
    /// At so many, or fewer, left to take in the whole pool.
    pub credits_left: Vec<Credits>,
}
