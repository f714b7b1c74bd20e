//! Lots: credits put in, taken back, given another end, handed on to another organization.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::id::OrgId;
use crate::ledger::{Class, Credits, LotId, Scope};
use crate::time::Timestamp;

/// Puts credits in: a welcome, a purchase, an adjustment. Debts are paid from them first, if the lot is general.
///
/// # Errors
/// `zero_amount`, `bad_class` (allocations and rollovers are made by the ledger), `ended` (`expires` does not lie ahead, or
/// not after `effective`), `too_many_lots`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// Where they come from.
    pub class: Class,
    /// How many.
    pub amount: Credits,
    /// What they may be spent on.
    #[serde(default)]
    pub scope: Scope,
    /// The lower is used up earlier.
    #[serde(default)]
    pub priority: u8,
    /// From when on; `None` for at once.
    #[serde(default)]
    pub effective: Option<Timestamp>,
    /// Until when; `None` for ever.
    #[serde(default)]
    pub expires: Option<Timestamp>,
}

/// Takes credits back that were not used: so many, or the whole lot, to which then nothing returns.
///
/// # Errors
/// `zero_amount`, `unknown_lot`, `lot_short` (fewer are available).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Void {
    /// Which lot.
    pub lot: LotId,
    /// How many; `None` for all that is available, and what comes back later.
    #[serde(default)]
    pub amount: Option<Credits>,
}

/// Gives a lot another end. What has expired stays expired.
///
/// # Errors
/// `unknown_lot` (expired lots among them), `ended` (it does not lie ahead, or not after the lot becomes effective),
/// `bad_class` (allocations end with their period).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Extend {
    /// Which lot.
    pub lot: LotId,
    /// Until when; `None` for ever.
    pub expires: Option<Timestamp>,
}

/// Hands credits on to another organization of the same owner. They are void here; the receipt has the grants for there, and
/// whoever gives the order has the other ledger [receive](Receive) them, under a key that follows from this one.
///
/// # Errors
/// `transfers_off`, `itself`, `zero_amount`, `not_enough` (general purchased, promotional or adjustment credits; allocations and the
/// bank belong to the plan and do not move).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// To which organization.
    pub to: OrgId,
    /// How many.
    pub amount: Credits,
}

/// Takes what another organization has handed on: the grants of its receipt. A lot that has ended meanwhile has ended here, too;
/// for the rest nothing that a transfer hands on is refused, for there it is void already.
///
/// # Errors
/// `zero_amount`, `bad_class`: of no transfer.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// From which organization.
    pub from: OrgId,
    /// What.
    pub grants: Vec<Grant>,
}
