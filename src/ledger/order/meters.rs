//! What meters count, and room for uploads. Room is given back as a hold is, by [`Release`](super::Release).

use serde::{Deserialize, Serialize};

use crate::id::{HoldId, ResourceId, WorkspaceId};
use crate::label::Label;
use crate::ledger::Units;
use crate::time::Timestamp;

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
