//! Holds: what is promised to work and uploads that are under way.

use serde::{Deserialize, Serialize};

use super::{Above, Draws, Spender, Spot, Timeout};
use crate::label::Label;
use crate::time::Timestamp;

/// Credits promised to work, or to a process.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hold {
    pub(super) spender: Spender,
    /// What is left of it: not captured, not given back.
    pub(super) left: u64,
    /// The lots that it is taken from, the first taken first; none where the pool does not pay.
    pub(super) draws: Draws,
    pub(super) until: Timestamp,
    pub(super) above: Above,
    pub(super) timeout: Timeout,
    /// Whether a process spends from it by itself.
    pub(super) lease: bool,
}

/// Room kept for an upload.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Room {
    pub(super) meter: Label,
    pub(super) spot: Spot,
    pub(super) amount: u64,
    pub(super) until: Timestamp,
}

/// What an id of a hold stands for while it is open.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Open {
    Hold(Hold),
    Room(Room),
}

impl Open {
    pub(super) const fn until(&self) -> Timestamp {
        match self {
            Self::Hold(hold) => hold.until,
            Self::Room(room) => room.until,
        }
    }
}
