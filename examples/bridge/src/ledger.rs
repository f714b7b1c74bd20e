//! Ledgers: what they can be asked, and their figures as data.

use bailiwick::ledger::{
    Allowance, Balance, Credits, DueContent, Entry, Ledger, LimitState, Lot, MeterState, Over, Receipt, Scope, Spender,
    Spot, Verdict,
};
use bailiwick::{HoldId, Label, RetentionDate, Timestamp, WorkspaceId};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::failure::Failure;

/// Something that a ledger can be asked, written `"balance"` or `{"spendable":{"user":"…"}}`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Question {
    /// The pool as a whole.
    Balance,
    /// Every lot, in the order in which they are used up.
    Lots,
    /// When how many credits expire if nobody spends them.
    Expiries,
    /// Every limit.
    Limits,
    /// How many holds, leases and uploads are open.
    OpenHolds,
    /// How many entries there are, and whose pool is drawn on.
    State,
    /// Whether the books balance: what does not.
    Audit,
    /// What somebody can spend, and which refusal stands behind it.
    Spendable(Scope),
    /// What was used in the present period.
    Used(Scope),
    /// One limit.
    Limit {
        /// Of whom.
        scope: Scope,
        /// Over what.
        over: Over,
    },
    /// What is left of a hold, and until when.
    Hold(HoldId),
    /// What can still be given back of a spend.
    Refundable(HoldId),
    /// How a meter stands.
    Meter {
        /// Which.
        meter: Label,
        /// In which workspace.
        #[serde(default)]
        workspace: Option<WorkspaceId>,
    },
    /// What a meter has counted of something.
    Stored {
        /// Which.
        meter: Label,
        /// Of what.
        #[serde(default)]
        spot: Spot,
    },
    /// What would be too much under an allowance.
    Excess(Allowance),
    /// What a meter has counted of the kinds whose time to be deleted has come.
    Due {
        /// Which.
        meter: Label,
        /// When each kind is due, as the [view](crate::view) of its organization says.
        retention: Vec<Retention>,
    },
}

/// When content of one kind is due to be deleted.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// Of which kind.
    pub kind: String,
    /// When.
    pub due: Timestamp,
}

impl Question {
    /// The answer as JSON; `null` for what there is not.
    ///
    /// # Errors
    /// None that a ledger has.
    pub fn answer(&self, ledger: &Ledger, now: Timestamp) -> Result<String, Failure> {
        crate::write(&self.of(ledger, now))
    }

    fn of(&self, ledger: &Ledger, now: Timestamp) -> Value {
        match self {
            Self::Balance => balance(&ledger.balance(now)),
            Self::Lots => ledger.lots(now).iter().map(lot).collect(),
            Self::Expiries => {
                ledger.expiries(now).iter().map(|(at, credits)| json!({ "at": at, "amount": credits })).collect()
            }
            Self::Limits => ledger.limits(now).iter().map(limit).collect(),
            Self::OpenHolds => json!(ledger.open_holds(now)),
            Self::State => json!({ "version": ledger.version(), "pool": ledger.pool() }),
            Self::Audit => ledger.audit().iter().map(|wrong| wrong.to_string()).collect(),
            Self::Spendable(scope) => {
                let spendable = ledger.spendable(&Spender::new(*scope), now);
                json!({ "amount": spendable.amount, "because": Failure::from(&spendable.because).to_value() })
            }
            Self::Used(scope) => {
                let used = ledger.used(scope, now);
                json!({ "charged": clamped(used.charged), "uncharged": clamped(used.uncharged) })
            }
            Self::Limit { scope, over } => ledger.limit(scope, *over, now).map_or(Value::Null, |state| limit(&state)),
            Self::Hold(hold) => {
                ledger.hold(*hold, now).map_or(Value::Null, |(left, until)| json!({ "left": left, "until": until }))
            }
            Self::Refundable(spend) => json!(ledger.refundable(*spend, now)),
            Self::Meter { meter, workspace } => meter_state(&ledger.meter(*meter, *workspace, now)),
            Self::Stored { meter, spot } => json!(ledger.stored(*meter, spot)),
            Self::Excess(allowance) => json!(ledger.exceeds(allowance, now)),
            Self::Due { meter, retention } => {
                let date = |date: &Retention| RetentionDate { kind: date.kind.clone(), due: date.due };
                let dates: Vec<RetentionDate> = retention.iter().map(date).collect();
                ledger.due(*meter, &dates, now).iter().map(due).collect()
            }
        }
    }
}

/// What came of an order that was asked of a ledger.
///
/// # Shape
/// `{"verdict":"new","entry":{…},"receipt":{…}}`, `known` for one that was answered before, or `{"verdict":"refused","why":{…}}` with
/// `entry` where the refusal is kept.
#[must_use]
pub fn verdict(verdict: &Verdict) -> Value {
    let (word, entry): (_, Option<&Entry>) = match verdict {
        Verdict::New(entry) => ("new", Some(entry)),
        Verdict::Known(entry) => ("known", Some(entry)),
        Verdict::Refused(_) => ("refused", None),
    };
    match verdict.answer() {
        Ok(receipt) => json!({ "verdict": word, "entry": entry, "receipt": receipt }),
        Err(why) => json!({ "verdict": word, "entry": entry, "why": Failure::from(why).to_value() }),
    }
}

/// The sums of a receipt, for those who need no lots.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Sums {
    /// Taken from lots.
    pub drawn: u64,
    /// Given back to lots.
    pub returned: u64,
    /// Given back to lots that cannot be used any more.
    pub lost: u64,
    /// Taken beyond what was held.
    pub beyond: u64,
    /// What became debt, or lowers it.
    pub owed: u64,
}

impl From<&Receipt> for Sums {
    fn from(receipt: &Receipt) -> Self {
        let sum = |draws: &[bailiwick::ledger::Draw]| {
            draws.iter().fold(0_u64, |sum, draw| sum.saturating_add(draw.amount.as_u64()))
        };
        Self {
            drawn: sum(&receipt.draws),
            returned: sum(&receipt.returned),
            lost: sum(&receipt.lost),
            beyond: sum(&receipt.beyond),
            owed: receipt.owed.as_u64(),
        }
    }
}

/// A sum as the numbers of other languages hold it; no organization has more credits than that.
#[must_use]
pub fn clamped(sum: u128) -> u64 {
    u64::try_from(sum).unwrap_or(u64::MAX)
}

fn balance(balance: &Balance) -> Value {
    let columns = &balance.columns;
    json!({
        "spendable": clamped(balance.spendable), "pending": clamped(balance.pending), "owed": balance.owed,
        "granted": clamped(columns.granted), "available": clamped(columns.available), "held": clamped(columns.held),
        "spent": clamped(columns.spent), "expired": clamped(columns.expired), "voided": clamped(columns.voided),
        "allocation": clamped(balance.allocation), "bank": clamped(balance.bank), "entitled": balance.entitled,
        "period": balance.period.map(|(start, end)| json!({ "start": start, "end": end })),
    })
}

fn lot(lot: &Lot) -> Value {
    json!({ "lot": lot.id, "class": lot.class, "scope": lot.scope, "priority": lot.priority, "effective": lot.effective,
        "expires": lot.expires, "columns": lot.columns, "voided": lot.voided })
}

fn limit(state: &LimitState) -> Value {
    json!({ "scope": state.scope, "over": state.over, "max": state.max, "spent": clamped(state.spent),
        "held": clamped(state.held), "left": Credits::as_u64(state.left()) })
}

fn due(content: &DueContent) -> Value {
    json!({ "spot": content.spot, "units": content.units, "due": content.due })
}

fn meter_state(state: &MeterState) -> Value {
    json!({ "used": state.used, "reserved": state.reserved, "max": state.max, "grace_ends": state.grace_ends })
}
