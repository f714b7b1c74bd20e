//! Orders: what a ledger is asked to do. One file for each family; each kind documents its refusals in the order in which they
//! are looked for.
//!
//! Before all of them stand, for every order: the answer that was given to the same key before, `key_reused`, `too_old`,
//! `issued_later`, `clock_jump`, `unbalanced`.

mod credits;
mod meters;
mod rules;
mod spending;

pub use credits::{Extend, Grant, Receive, Transfer, Void};
pub use meters::{Add, Clear, Commit, Remove, Reserve, Spot};
pub use rules::{BeginPeriod, DropLimit, Over, RaiseLimit, SetAlerts, SetAllowance, SetLimit, SetPool, Tick};
pub use spending::{Above, Capture, Charge, Grow, Hold, Lease, Refund, Release, Report, Settle, Timeout};

use serde::{Deserialize, Serialize};

use super::Spender;
use crate::id::{CommandId, HoldId};
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
