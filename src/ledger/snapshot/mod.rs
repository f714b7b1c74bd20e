//! Snapshots: a ledger as one value, to begin from instead of from its first entry.
//!
//! What a snapshot says is in [`form`], how it is read off a ledger in [`write`](mod@write), how a ledger is made of one again in
//! [`read`], and what can be wrong with one in [`error`].

mod error;
mod form;
mod read;
mod write;

pub use error::SnapshotError;

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::books::{Period, Used};
use super::hold::Open;
use super::limit::Limit;
use super::{Allowance, Columns, Credits, LotId, Over, Scope};
use crate::id::{HoldId, OrgId};
use crate::time::Timestamp;
use crate::version::Version;

/// The format that is written, and the only one that is read. Another number means that an older crate would read it wrong, or
/// would have made another state of the same entries.
const FORMAT: u32 = 1;

/// A ledger as it is after so many entries, to be kept beside them: what [`restore`](super::Ledger::restore) and the entries after
/// it make is what all the entries make.
///
/// # Shape
/// A value for serde, in a format that names its fields; lists are in a fixed order, so that equal ledgers give the same bytes. The answers that the ledger
/// remembers under their keys are in it as whole entries, and are most of it; the agenda of what is due is not, it follows from the rest. It is good for
/// the organization that it is of, and with [`Settings`](super::Settings) that remember as much as those it was made with. It
/// replaces no entries: it can be thrown away at any time, and made anew from them.
///
/// Whoever can write snapshots can write entries: what is in one is believed as far as it can be true.
///
/// # Units
/// As in the ledger; sums over all lots can have more than 64 bits.
///
/// # Examples
/// ```
/// use bailiwick::ledger::{Class, Credits, Grant, Ledger, Order, Scope, Settings, Snapshot, Verdict};
/// use bailiwick::{Actor, CommandId, OrgId, Timestamp};
///
/// let (acme, now) = (OrgId::from_u64(1).unwrap(), Timestamp::from_millis(1_795_000_000_000));
/// let mut ledger = Ledger::new(acme, Settings::default());
/// let grant = |key| {
///     let grant = Grant { class: Class::Purchased, amount: Credits::new(100), scope: Scope::EVERYTHING, priority: 0, effective: None, expires: None };
///     Order { key: CommandId::from_u64(key).unwrap(), issued: now, request: grant.into() }
/// };
/// let Verdict::New(first) = ledger.handle(&grant(1), Actor::System, now) else { panic!("it is new") };
/// ledger.apply(&first);
///
/// let text = serde_json::to_string(&ledger.snapshot())?; // every thousand entries, say
/// let Verdict::New(second) = ledger.handle(&grant(2), Actor::System, now) else { panic!("it is new") };
/// ledger.apply(&second);
///
/// let snapshot: Snapshot = serde_json::from_str(&text)?;
/// let mut restored = Ledger::restore(acme, Settings::default(), &snapshot)?;
/// restored.apply(&second);
/// assert_eq!(restored, ledger);
/// assert!(matches!(restored.handle(&grant(1), Actor::System, now), Verdict::Known(_)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    format: u32,
    organization: OrgId,
    memory: form::Memory,
    version: Version,
    clock: Timestamp,
    /// In the order of their numbers.
    lots: Vec<form::OneLot>,
    next_lot: LotId,
    totals: Columns<u128>,
    base: u128,
    owed: u64,
    holds: Vec<(HoldId, Open)>,
    limits: Vec<(Scope, Over, Limit)>,
    meters: Vec<form::Meter>,
    usage: Vec<(Scope, Used)>,
    /// Written as nothing where there is none, and never left out, as with what follows: what is lost is not what was not there.
    #[serde(deserialize_with = "Option::deserialize")]
    allowance: Option<Allowance>,
    as_of: u64,
    #[serde(deserialize_with = "Option::deserialize")]
    next: Option<(Allowance, Timestamp)>,
    period: Period,
    /// Start, end, and when it begins.
    given: Vec<(Timestamp, Timestamp, Timestamp)>,
    credits_left: Vec<Credits>,
    #[serde(deserialize_with = "Option::deserialize")]
    pool: Option<OrgId>,
    pools: Vec<OrgId>,
    moment: u64,
    boundary: u64,
    #[serde(deserialize_with = "Option::deserialize")]
    fault: Option<form::Fault>,
    keys: form::Keys,
    past: form::Past,
}

impl Snapshot {
    /// Whose it is.
    #[must_use]
    pub const fn organization(&self) -> OrgId {
        self.organization
    }

    /// How many entries it has seen: those after this version are still to be applied.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }
}
