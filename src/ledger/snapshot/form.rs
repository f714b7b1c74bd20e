//! The form: what is written of each part, under which name. It is stored, so a name here never changes; what changes takes
//! another format number. Holds, limits, spends and periods are written as they stand, by their own names.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::super::meter::{Grace, Level, Place};
use super::super::past::Spend;
use super::super::{Class, Columns, Entry, Lot, LotId, Scope, Spot};
use crate::id::HoldId;
use crate::label::Label;
use crate::time::{Span, Timestamp};

/// What the settings let the ledger remember.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Memory {
    pub(super) window: Span,
    pub(super) keys_max: usize,
    pub(super) refundable_max: usize,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub(super) struct OneLot(#[serde(with = "LotForm")] pub(super) Lot);

/// A lot with what only the ledger knows of it; whether it is general, its scope says.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Lot", deny_unknown_fields)]
struct LotForm {
    id: LotId,
    class: Class,
    scope: Scope,
    priority: u8,
    effective: Timestamp,
    #[serde(deserialize_with = "Option::deserialize")]
    expires: Option<Timestamp>,
    columns: Columns,
    voided: bool,
    refundable: u64,
    #[serde(skip)]
    general: bool,
    active: bool,
    expired: bool,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Meter {
    pub(super) meter: Label,
    pub(super) cells: Vec<(Spot, u64)>,
    pub(super) levels: Vec<(Place, Level)>,
    pub(super) graces: Vec<(Place, Grace)>,
}

/// The books do not balance: those of a lot, or the whole.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) lot: Option<LotId>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Keys {
    #[serde(with = "shared")]
    pub(super) entries: Vec<Arc<Entry>>,
    pub(super) gone: u64,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) forgotten: Option<Timestamp>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Past {
    /// Of holds that are open, in the order of their ids.
    pub(super) open: Vec<(HoldId, Spend)>,
    /// The first to be forgotten first.
    pub(super) over: Vec<(HoldId, Spend)>,
    pub(super) gone: u64,
}

/// Entries that others have as well, written as if they were one's own.
mod shared {
    use alloc::sync::Arc;
    use alloc::vec::Vec;

    use serde::{Deserialize, Deserializer, Serializer};

    use crate::ledger::Entry;

    pub(super) fn serialize<S: Serializer>(entries: &[Arc<Entry>], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(entries.iter().map(AsRef::as_ref))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Arc<Entry>>, D::Error> {
        let entries = Vec::<Entry>::deserialize(deserializer)?;
        Ok(entries.into_iter().map(Arc::new).collect())
    }
}
