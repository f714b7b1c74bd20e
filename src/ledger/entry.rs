//! Entries: what a ledger keeps of each order, and what time brought meanwhile. The history of a ledger is its entries.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allowance, Credits, Draw, Draws, Grant, LotId, Order, Over, Refusal, Scope, Units};
use crate::actor::Actor;
use crate::id::{HoldId, WorkspaceId};
use crate::label::Label;
use crate::time::Timestamp;
use crate::version::Version;

/// One order with its answer, and what had become due before it. Applying it cannot fail.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The version of the ledger with this entry.
    pub version: Version,
    /// When. Never before the entry before it, whatever the caller's clock said.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What was due by then, in order; most often nothing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elapsed: Vec<Elapsed>,
    /// The order.
    pub order: Order,
    /// Its answer. A refusal that had to do with the state is kept as well, so that it stays one.
    pub answer: Result<Receipt, Refusal>,
}

/// What came of an order that was carried out.
///
/// # Shape
/// What has nothing to say is empty.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Receipt {
    /// Which lots how many, in order: held, spent, granted, voided, by the kind of order.
    #[serde(skip_serializing_if = "Draws::is_empty")]
    pub draws: Draws,
    /// What came back to lots, and can be taken again.
    #[serde(skip_serializing_if = "Draws::is_empty")]
    pub returned: Draws,
    /// What could not come back, because its lot has expired or was voided, or the bank is full.
    #[serde(skip_serializing_if = "Draws::is_empty")]
    pub lost: Draws,
    /// What settling took beyond the hold.
    #[serde(skip_serializing_if = "Draws::is_empty")]
    pub beyond: Draws,
    /// Became debt, or, of a refund, lowered it.
    #[serde(skip_serializing_if = "Credits::is_zero")]
    pub owed: Credits,
    /// Debts that were paid, because there were credits again.
    #[serde(skip_serializing_if = "Draws::is_empty")]
    pub repaid: Draws,
    /// Was not charged, though it was used.
    #[serde(skip_serializing_if = "Credits::is_zero")]
    pub forgone: Credits,
    /// What was counted on meters, or cleared from them.
    #[serde(skip_serializing_if = "Units::is_zero")]
    pub units: Units,
    /// What the plan allocates at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocated: Option<Allocated>,
    /// An adjustment: a refund of what was debt and has been paid meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjusted: Option<Draw>,
    /// What the receiving organization is to be granted, of credits that were handed on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
    /// Limits that are exceeded with it, and did not stop it: time to offer an upgrade.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub over: Vec<OverLimit>,
    /// Thresholds that were crossed or landed on with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<Alert>,
}

/// Credits that the ledger put in by itself.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Allocated {
    /// The lot; none is made for nothing.
    pub lot: LotId,
    /// How many.
    pub amount: Credits,
    /// What the period has been allocated with it, counted in whole periods.
    pub entitled: Credits,
    /// What a proration left over, in parts of a credit: milliseconds of the period times credits.
    #[serde(default)]
    pub carried: u64,
}

/// A limit that is exceeded.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct OverLimit {
    /// Which meter.
    pub meter: Label,
    /// Where it is counted; `None` for the organization.
    pub workspace: Option<WorkspaceId>,
    /// How many the plan has.
    pub max: Units,
    /// How many there are, those in flight included.
    pub used: Units,
    /// From when on it will be refused; `None` for never.
    pub until: Option<Timestamp>,
}

/// Something that happened because its time had come.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Elapsed {
    /// At which instant.
    pub at: Timestamp,
    /// What.
    pub what: Due,
}

/// What time brings. At one instant in this order.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    /// A lot's end: what was available is expired.
    LotExpired {
        /// Which.
        lot: LotId,
        /// How many credits.
        amount: Credits,
    },
    /// A hold's time is over.
    HoldTimedOut {
        /// Which.
        hold: HoldId,
        /// What was spent, where the hold says so.
        spent: Draws,
        /// What returned.
        returned: Draws,
        /// What could not return.
        lost: Draws,
    },
    /// The room kept for an upload is given back.
    ReserveTimedOut {
        /// Which.
        hold: HoldId,
    },
    /// What was scheduled counts.
    AllowanceBegan {
        /// What.
        allowance: Allowance,
    },
    /// A period begins, and with it ends the one before.
    PeriodBegan {
        /// Its first instant.
        start: Timestamp,
        /// The first instant after it; `None` for one without end.
        end: Option<Timestamp>,
        /// What stays of allocations, lot by lot, and until when.
        kept: Vec<Kept>,
        /// What does not stay.
        expired: Draws,
        /// Debts that were paid from what was left.
        repaid: Draws,
    },
    /// A lot is effective.
    LotActivated {
        /// Which.
        lot: LotId,
    },
    /// What the plan allocates.
    Allocated(Allocated),
    /// Debts that were paid.
    Repaid {
        /// From which lots.
        draws: Draws,
    },
    /// Thresholds that were crossed or landed on at this instant.
    Alerted {
        /// Which.
        alerts: Vec<Alert>,
    },
}

impl Due {
    /// The word for it, as in its stored form.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::LotExpired { .. } => "lot_expired",
            Self::HoldTimedOut { .. } => "hold_timed_out",
            Self::ReserveTimedOut { .. } => "reserve_timed_out",
            Self::AllowanceBegan { .. } => "allowance_began",
            Self::PeriodBegan { .. } => "period_began",
            Self::LotActivated { .. } => "lot_activated",
            Self::Allocated(_) => "allocated",
            Self::Repaid { .. } => "repaid",
            Self::Alerted { .. } => "alerted",
        }
    }
}

/// What stays of one lot when a period ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    pub lot: LotId,
    /// How many credits.
    pub amount: Credits,
    /// Until when; `None` for ever.
    pub expires: Option<Timestamp>,
}

/// Somebody is to be told. Fires once when a threshold is crossed or landed on, and again after it was left.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Alert {
    /// Watched what.
    pub watched: Watched,
    /// At which threshold.
    pub threshold: Threshold,
    /// How many there were in all: of what there was after the last top-up or renewal, or of what the limit allows.
    pub of: u64,
    /// How many are left, or, of a meter or limit, used.
    pub now: u64,
}

/// What is watched.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watched {
    /// The credits of the whole pool.
    Credits,
    /// A limit on credits.
    Limit {
        /// Within which scope.
        scope: Scope,
        /// Counted over what.
        over: Over,
    },
    /// A meter.
    Meter {
        /// Which.
        meter: Label,
        /// Where it is counted; `None` for the organization.
        workspace: Option<WorkspaceId>,
    },
}

/// When an alert fires.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Threshold {
    /// So many percent are used up, or more.
    Percent(u8),
    /// So many are left, or fewer.
    Left(Credits),
}

/// What a ledger answers to an order.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "an entry that is not appended and applied has not happened"]
pub enum Verdict {
    /// It is new, carried out or refused: append the entry, apply it, then answer.
    New(Arc<Entry>),
    /// It was answered before, in this entry.
    Known(Arc<Entry>),
    /// Refused for what it says, not for how things stand: nothing is kept.
    Refused(Refusal),
}

impl Verdict {
    /// The answer.
    ///
    /// # Errors
    /// The refusal, if it is one.
    pub fn answer(&self) -> Result<&Receipt, &Refusal> {
        match self {
            Self::New(entry) | Self::Known(entry) => entry.answer.as_ref(),
            Self::Refused(refusal) => Err(refusal),
        }
    }
}
