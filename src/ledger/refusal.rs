//! Refusals of a ledger: a "no" as data, with the numbers to phrase it.

use serde::{Deserialize, Serialize};

use super::{Credits, LotId, Over, Scope, Units};
use crate::codes::codes;
use crate::id::{OrgId, WorkspaceId};
use crate::label::Label;
use crate::time::Timestamp;

/// The codes of a ledger's refusals have a column more, before the text: whether the refusal is remembered.
macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident $({ $($facts:tt)+ })? = $number:literal, $code:literal, $kept:literal, $text:literal $(($($spoken_of:tt)+))?;)+) => {
        codes! {
            /// Why an order is not carried out. Nothing has changed, but that time has passed.
            ///
            /// # Shape
            /// Codes and numbers never change; refusals are only added. One that has to do with how things stood is remembered
            /// under the key of the order, one that has to do with the order alone is not: see [`is_kept`](Self::is_kept).
            #[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
            #[serde(rename_all = "snake_case")]
            pub enum Refusal, self: &Self;

            $($(#[$doc])* $name $({ $($facts)+ })? = $number, $code, $text $(($($spoken_of)+))?;)+
        }

        impl Refusal {
            /// Whether it is remembered under the key: a repetition is refused alike, even where it would now be possible.
            #[must_use]
            pub const fn is_kept(&self) -> bool {
                match self {
                    $(Self::$name { .. } => $kept,)+
                }
            }
        }
    };
}

refusals! {
    /// The key was used for another order.
    KeyReused = 300, "key_reused", false, "the key was used for another order";
    /// The order was issued before what the ledger remembers: whether it was carried out, nobody knows any more.
    TooOld {
        /// What was issued from here on is remembered.
        since: Timestamp,
    } = 301, "too_old", false, "issued before {}, from when on answers are remembered" (since.as_millis());
    /// The order says that it was issued in the future.
    IssuedLater {
        /// What the ledger's clock says.
        now: Timestamp,
    } = 302, "issued_later", false, "issued later than now, {}" (now.as_millis());
    /// The clock has jumped.
    ClockJump {
        /// What the ledger's clock says.
        clock: Timestamp,
    } = 303, "clock_jump", false, "the time is years after the ledger's clock, {}" (clock.as_millis());
    /// The books of a lot, or of the whole, do not balance: something else than this crate has changed them.
    Unbalanced {
        /// Which lot; `None` for the whole.
        lot: Option<LotId>,
    } = 304, "unbalanced", false, "the books do not balance{}" (at_lot(*lot));
    /// Nothing is asked for.
    ZeroAmount = 305, "zero_amount", false, "an amount of nothing";
    /// A time does not lie ahead.
    Ended = 306, "ended", false, "the end does not lie ahead";
    /// A sum is greater than any number.
    Overflow = 307, "overflow", true, "the sum is greater than 18446744073709551615";
    /// A number of the allowance is not possible.
    BadAllowance = 308, "bad_allowance", false, "the allowance is not possible";
    /// Months are counted only with the calendar.
    NoCalendar = 309, "no_calendar", false, "months and years need the feature `calendar`; or begin each period yourself";
    /// A period that does not go on, or where periods renew by themselves.
    BadPeriod = 310, "bad_period", false, "the period is not possible";
    /// Lots of this class are made and ended by the ledger itself.
    BadClass = 311, "bad_class", false, "the ledger itself makes and ends lots of this class";
    /// More items than one order takes.
    TooManyItems {
        /// How many it takes.
        max: u64,
    } = 312, "too_many_items", false, "more than {max} items";
    /// An organization does not draw on itself, nor send to itself.
    Itself = 313, "itself", false, "an organization neither draws on itself nor sends to itself";
    /// The organization draws on the pool of another one: there it spends.
    DrawnElsewhere {
        /// Whose.
        pool: OrgId,
    } = 314, "drawn_elsewhere", false, "the organization draws on the pool of {pool}";

    /// The allowance that there is comes from a later state of affairs.
    StaleAllowance {
        /// Which.
        have: u64,
    } = 320, "stale_allowance", true, "there is an allowance as of {have} already";
    /// The present period began later.
    StalePeriod {
        /// When.
        start: Timestamp,
    } = 321, "stale_period", true, "the period that began at {} is later" (start.as_millis());
    /// No such lot, or it is over.
    UnknownLot = 322, "unknown_lot", true, "there is no such lot";
    /// Fewer credits are available in the lot.
    LotShort {
        /// How many are.
        available: Credits,
    } = 323, "lot_short", true, "only {available} are available in the lot";
    /// Credits do not move between organizations here.
    TransfersOff = 324, "transfers_off", false, "credits cannot be sent to another organization";
    /// Fewer credits are left for this spender.
    NotEnough {
        /// How many are needed.
        needed: Credits,
        /// How many are left.
        left: Credits,
    } = 325, "not_enough", true, "{needed} credits are needed and {left} are left";
    /// A limit stands in the way.
    Limit {
        /// Within which scope.
        scope: Scope,
        /// Counted over what.
        over: Over,
        /// How many it allows.
        max: Credits,
        /// How many are used and held already.
        used: Credits,
        /// How many are needed.
        needed: Credits,
    } = 326, "limit", true, "{needed} are needed, and of the limit of {max} for {scope} {used} are used";
    /// A limit tells apart what the lease does not.
    NarrowerLimit {
        /// Within which scope.
        scope: Scope,
    } = 327, "narrower_limit", true, "the limit for {scope} could be passed by with such a lease";
    /// The id is that of another hold, charge or upload.
    HoldTaken = 328, "hold_taken", true, "there is a hold of that id already";
    /// No such hold, lease or upload, or so long ago that the ledger has forgotten it.
    UnknownHold = 329, "unknown_hold", true, "there is no such hold";
    /// It was settled, released or timed out.
    HoldOver = 330, "hold_over", true, "the hold is over";
    /// More than is left of the hold.
    AboveHold {
        /// How many are left of it.
        held: Credits,
        /// How many are needed.
        needed: Credits,
    } = 331, "above_hold", true, "{needed} are needed and {held} are held";
    /// The debt would be greater than allowed.
    Overdraft {
        /// How much debt is allowed.
        max: Credits,
        /// How much there would be.
        owed: Credits,
    } = 332, "overdraft", true, "the debt would be {owed} and may be {max}";
    /// A spend that is reported is outside of the lease.
    OutsideLease = 333, "outside_lease", true, "a spend is outside of the scope of the lease";
    /// No such spend, or so long ago that the ledger has forgotten it.
    UnknownSpend = 334, "unknown_spend", true, "there is no such spend to refund";
    /// Less is left of the spend.
    RefundAbove {
        /// How much can be refunded.
        left: Credits,
    } = 335, "refund_above", true, "only {left} of it can be refunded";
    /// No such limit.
    UnknownLimit = 336, "unknown_limit", true, "there is no such limit";
    /// The ledger has as many lots as it can.
    TooManyLots = 337, "too_many_lots", true, "the ledger has as many lots as it can";
    /// The ledger has as many holds as it can.
    TooManyHolds = 338, "too_many_holds", true, "the ledger has as many open holds as it can";
    /// The ledger has as many limits as it can.
    TooManyLimits = 339, "too_many_limits", true, "the ledger has as many limits as it can";
    /// The ledger tells as many places and kinds apart as it can.
    TooManyCells = 340, "too_many_cells", true, "the ledger tells as many places and kinds apart as it can";
    /// The meter is full.
    MeterFull {
        /// Which.
        meter: Label,
        /// Where it is counted; `None` for the organization.
        workspace: Option<WorkspaceId>,
        /// How many are allowed.
        max: Units,
        /// How many there are, those in flight included.
        used: Units,
        /// How many are needed.
        needed: Units,
    } = 341, "meter_full", true, "{needed} of `{meter}` are needed, and {used} of {max} are used";
    /// The meter is exceeded for too long.
    GraceOver {
        /// Which.
        meter: Label,
        /// Where it is counted; `None` for the organization.
        workspace: Option<WorkspaceId>,
        /// How many are allowed.
        max: Units,
        /// How many there are, those in flight included.
        used: Units,
        /// From when on it is refused.
        since: Timestamp,
    } = 342, "grace_over", true, "{used} of {max} of `{meter}` are used, and the time to tidy up is over";
    /// There is less than is to be removed.
    MeterShort {
        /// How much there is.
        used: Units,
    } = 343, "meter_short", true, "there are only {used}";
}

impl core::error::Error for Refusal {}

fn at_lot(lot: Option<LotId>) -> alloc::string::String {
    lot.map(|lot| alloc::format!(" in lot {lot}")).unwrap_or_default()
}
