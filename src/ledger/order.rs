//! Orders: what a ledger is asked to do. Each kind documents its refusals in the order in which they are looked for.
//!
//! Before all of them stand, for every order: the answer that was given to the same key before, `key_reused`, `too_old`,
//! `issued_later`, `clock_jump`, `unbalanced`.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Allowance, Class, Credits, LotId, Scope, Spender, Units};
use crate::id::{CommandId, HoldId, OrgId, ResourceId, WorkspaceId};
use crate::label::Label;
use crate::time::Timestamp;

/// A request under a key: sent again with the same key it is answered again and not carried out again.
///
/// # Shape
/// The key and the time belong together: whoever repeats an order sends both as they were.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The key, chosen by the caller.
    pub key: CommandId,
    /// When the key was made. What was issued before the ledger's window is refused, for nobody knows its answer any more.
    pub issued: Timestamp,
    /// What is asked for.
    pub request: Request,
}

macro_rules! requests {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)+) => {
        /// What a ledger can be asked to do.
        #[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Request {
            $($(#[$doc])* $name($name),)+
        }

        impl Request {
            /// The word for it, as in its stored form.
            #[must_use]
            pub const fn word(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $word,)+
                }
            }
        }

        $(impl From<$name> for Request {
            fn from(request: $name) -> Self {
                Self::$name(request)
            }
        })+
    };
}

requests! {
    /// What the plan gives and allows.
    SetAllowance = "set_allowance",
    /// A period that the billing provider has begun.
    BeginPeriod = "begin_period",
    /// Whose pool is drawn on.
    SetPool = "set_pool",
    /// Nothing but the time.
    Tick = "tick",
    /// Credits in.
    Grant = "grant",
    /// Credits taken back.
    Void = "void",
    /// Another end for a lot.
    Extend = "extend",
    /// Credits handed on by another organization.
    Receive = "receive",
    /// Credits handed on to another organization.
    Transfer = "transfer",
    /// Spends at once.
    Charge = "charge",
    /// Promises.
    Hold = "hold",
    /// Promises more.
    Grow = "grow",
    /// Spends part of a promise.
    Capture = "capture",
    /// Spends what it cost, gives back the rest.
    Settle = "settle",
    /// Gives back a promise, or the room kept for an upload.
    Release = "release",
    /// Gives back what was spent.
    Refund = "refund",
    /// Promises to a process, which spends by itself.
    Lease = "lease",
    /// What the process has spent.
    Report = "report",
    /// How much may be spent.
    SetLimit = "set_limit",
    /// More for some periods.
    RaiseLimit = "raise_limit",
    /// No limit any more.
    DropLimit = "drop_limit",
    /// When somebody is told.
    SetAlerts = "set_alerts",
    /// More of what a meter counts.
    Add = "add",
    /// Less of it.
    Remove = "remove",
    /// None of one kind, or in one place, any more.
    Clear = "clear",
    /// Keeps room for an upload.
    Reserve = "reserve",
    /// The upload is there.
    Commit = "commit",
}

impl Request {
    /// The hold, lease, upload or spend that it is about, if it is about one that there is.
    #[must_use]
    pub const fn about(&self) -> Option<HoldId> {
        match self {
            Self::Grow(Grow { hold, .. })
            | Self::Capture(Capture { hold, .. })
            | Self::Settle(Settle { hold, .. })
            | Self::Release(Release { hold })
            | Self::Refund(Refund { spend: hold, .. })
            | Self::Report(Report { hold, .. })
            | Self::Commit(Commit { hold, .. }) => Some(*hold),
            _ => None,
        }
    }

    /// Who spends by it, if it is one that spends: a charge, a hold, a lease.
    #[must_use]
    pub const fn spender(&self) -> Option<Spender> {
        match self {
            Self::Charge(Charge { spender, .. }) | Self::Hold(Hold { spender, .. }) => Some(*spender),
            Self::Lease(Lease { scope, .. }) => Some(Spender::new(*scope)),
            _ => None,
        }
    }

    /// Whether it says how much may be spent by whom, or when somebody is told.
    #[must_use]
    pub const fn sets_limits(&self) -> bool {
        matches!(self, Self::SetLimit(_) | Self::RaiseLimit(_) | Self::DropLimit(_) | Self::SetAlerts(_))
    }
}

/// Says what the plan gives and allows, now and from a time on. Whatever was scheduled before is replaced.
///
/// # Shape
/// The first allowance opens the first period. A greater allocation than the present period has had so far is allocated by
/// [`Midway`](crate::catalog::Midway); the greatest that a period has had counts, so that the same seats bring nothing twice.
/// A smaller one takes effect with the next period. When `next` comes, a period in its middle goes on.
///
/// # Errors
/// `bad_allowance` (a percentage outside 1 to 100, a meter limited twice over the same, a period of no days, more than 16
/// thresholds), `no_calendar` (months, in a build without them), `ended` (`next` does not lie ahead), `stale_allowance` (from
/// before the one that there is).
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
/// what was agreed. Whoever resolves who pays reads it with [`Ledger::pool`](super::Ledger::pool).
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
/// for the rest nothing is refused, for there it is void already.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receive {
    /// From which organization.
    pub from: OrgId,
    /// What.
    pub grants: Vec<Grant>,
}

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

/// Where something that a meter counts belongs.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spot {
    /// The workspace; `None` for the organization itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspace: Option<WorkspaceId>,
    /// The project, or whatever the application calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub project: Option<ResourceId>,
    /// The kind of content; `None` where kinds are not told apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Label>,
}

impl Spot {
    /// Names nothing, so covers everything.
    pub const EVERYTHING: Self = Self { workspace: None, project: None, kind: None };

    /// Whether another spot is within this one: what is named here must be so there.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        (self.workspace.is_none() || self.workspace == other.workspace)
            && (self.project.is_none() || self.project == other.project)
            && (self.kind.is_none() || self.kind == other.kind)
    }
}

/// Counts more: something was stored, or made.
///
/// # Errors
/// `zero_amount`, `too_many_cells`, `overflow`, `meter_full` (hard), `grace_over`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Add {
    /// Which meter.
    pub meter: Label,
    /// Where it belongs.
    pub spot: Spot,
    /// How much.
    pub amount: Units,
}

/// Counts less: something was deleted, or shrank. Always allowed, whatever is exceeded.
///
/// # Errors
/// `zero_amount`, `meter_short` (there is less).
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Which meter.
    pub meter: Label,
    /// Where it belonged.
    pub spot: Spot,
    /// How much.
    pub amount: Units,
}

/// Counts as deleted whatever fits: everything of a kind, everything in a workspace or project, everything. Always allowed.
/// The receipt says how much it was.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clear {
    /// Which meter.
    pub meter: Label,
    /// What is named must be so, what is not named may be anything.
    pub spot: Spot,
}

/// Keeps room for an upload that is under way.
///
/// # Errors
/// `zero_amount`, `hold_taken`, `ended`, `too_many_holds`, `too_many_cells`, `overflow`, `meter_full`, `grace_over`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserve {
    /// A name for it.
    pub hold: HoldId,
    /// Which meter.
    pub meter: Label,
    /// Where it will belong.
    pub spot: Spot,
    /// How much.
    pub amount: Units,
    /// From when on the room is given back.
    pub until: Timestamp,
}

/// Says that an upload is there, and how large it became: the rest of the room is given back. What is larger than the room
/// passes the same gate as [`Add`].
///
/// # Errors
/// `unknown_hold`, `hold_over`, `overflow`, `meter_full`, `grace_over`. The room stays kept then.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commit {
    /// Which.
    pub hold: HoldId,
    /// How much it became.
    pub amount: Units,
}
