//! Spends at once, promises and what becomes of them, refunds, leases.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::HoldId;
use crate::ledger::{Credits, Scope, Spender};
use crate::time::Timestamp;

/// Spends at once: a hold and its settlement in one.
///
/// # Errors
/// `zero_amount`, `hold_taken`, then as [`Hold`]: `limit`, `not_enough`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Charge {
    /// A name for it, by which it can be refunded.
    pub hold: HoldId,
    /// Who, where, on what.
    pub spender: Spender,
    /// How many.
    pub amount: Credits,
}

/// What happens when work cost more than was promised.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Above {
    /// Refused; the hold stays open.
    #[default]
    Refuse,
    /// What was promised is charged, the rest is forgone.
    Cap,
    /// As much more is charged as lots and limits allow, the rest is forgone.
    Available,
    /// What lots do not have becomes debt, up to so many credits of debt in all; limits count it and do not stop it.
    Overdraft(Credits),
}

/// What happens to a hold whose time is over.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timeout {
    /// It is given back.
    #[default]
    Release,
    /// It is spent in full.
    Settle,
}

/// Promises credits to work whose cost is known afterwards. All of it, or nothing.
///
/// # Shape
/// Where the pool does not pay, nothing is taken and no limit is asked, and the rest goes on alike.
///
/// # Errors
/// `zero_amount`, `hold_taken` (the id is that of a hold, charge or upload that the ledger still knows), `ended` (`until` does
/// not lie ahead), `too_many_holds`, `limit` (the narrowest limit that stands in the way, with its numbers), `not_enough`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    /// A name for it.
    pub hold: HoldId,
    /// Who, where, on what.
    pub spender: Spender,
    /// How many.
    pub amount: Credits,
    /// From when on it is over.
    pub until: Timestamp,
    /// When it costs more.
    #[serde(default)]
    pub above: Above,
    /// When its time is over.
    #[serde(default)]
    pub timeout: Timeout,
}

/// Promises more to the same work, or more time.
///
/// # Errors
/// `unknown_hold`, `hold_over`, `zero_amount` (neither more credits nor more time), `ended` (`until` does not lie after the
/// present end), `overflow`, `narrower_limit` (of a lease), `limit`, `not_enough`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grow {
    /// Which.
    pub hold: HoldId,
    /// How many more; none for more time alone.
    pub amount: Credits,
    /// Until when; `None` as it is.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Spends part of a hold that stays open. What was taken first is spent first.
///
/// # Errors
/// `unknown_hold`, `hold_over`, `zero_amount`, `above_hold` (more than is left of it).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capture {
    /// Which.
    pub hold: HoldId,
    /// How many.
    pub amount: Credits,
}

/// Spends what the work cost, besides what was captured, and gives back the rest of the hold: what was taken last returns.
///
/// # Errors
/// `unknown_hold`, `hold_over`, and where it is more than is left of the hold, by its [`Above`]: `above_hold`, or `overdraft`
/// (the debt would be greater than allowed). The hold stays open then.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settle {
    /// Which.
    pub hold: HoldId,
    /// How many; none gives everything back.
    pub amount: Credits,
}

/// Gives back what is left of a hold or lease, or the room kept for an upload.
///
/// # Errors
/// `unknown_hold`, `hold_over`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Which.
    pub hold: HoldId,
}

/// Gives back what was spent on a hold or charge, to the lots that it came from, the last taken first. What a lot cannot take
/// back, because it has expired or was voided, is expired or void. What was debt lowers the debt; a debt that has been paid
/// meanwhile comes back as an adjustment.
///
/// # Errors
/// `unknown_spend` (never, or so long ago that the ledger has forgotten it), `zero_amount`, `refund_above` (less is left of it),
/// `outside_lease` (a lease without a scope, or one that it does not cover; a scope of no lease).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refund {
    /// Which spend.
    pub spend: HoldId,
    /// How many; `None` for all that is left of it.
    #[serde(default)]
    pub amount: Option<Credits>,
    /// Of a lease, by whom, where, on what it was reported: limits and usage of that count less. `None` for everything else.
    #[serde(default)]
    pub scope: Option<Scope>,
}

/// Promises credits to a process, which spends them without asking, and reports. What a crash can lose is what the process
/// has spent and not reported: at most the lease.
///
/// # Errors
/// `zero_amount`, `hold_taken`, `ended`, `too_many_holds`, `narrower_limit` (a limit tells apart what the lease does not, so a
/// process could spend past it), `limit`, `not_enough`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lease {
    /// A name for it.
    pub hold: HoldId,
    /// What may be spent on: every spend that is reported must be within.
    pub scope: Scope,
    /// How many.
    pub amount: Credits,
    /// From when on it is over.
    pub until: Timestamp,
    /// When its time is over.
    #[serde(default)]
    pub timeout: Timeout,
}

/// Says what a process has spent of its lease since it last said so.
///
/// # Errors
/// `unknown_hold`, `hold_over`, `zero_amount` (nothing is reported, or one spend is nothing), `too_many_items`,
/// `outside_lease`, `above_hold` (more than is left of it), `overflow`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// Which lease.
    pub hold: HoldId,
    /// How many credits by whom, where, on what.
    pub spends: Vec<(Scope, Credits)>,
}
