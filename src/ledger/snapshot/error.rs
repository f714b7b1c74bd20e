//! What can be wrong with a snapshot of a ledger.

use super::super::LotId;
use super::FORMAT;
use crate::id::{CommandId, HoldId, OrgId};
use crate::label::Label;

/// Why a snapshot makes no ledger. There are still the entries: replay them.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Written by another version of the crate.
    #[error("the snapshot is of format {found}, and {FORMAT} is read here")]
    Format {
        /// Its format.
        found: u32,
    },
    /// Of another organization than it was asked for.
    #[error("the snapshot is of the ledger of organization {of}")]
    AnotherOrganization {
        /// Of which.
        of: OrgId,
    },
    /// Made with other bounds of what is remembered: a replay with these would remember something else.
    #[error("the snapshot was made with settings that remember more, or less")]
    OtherSettings,
    /// More than there may be; see [`limits`](crate::limits) and [`Settings`](super::super::Settings).
    #[error("there are more than {max} {what}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Something is there twice, or not in its order.
    #[error("{what} are out of order, or there twice")]
    OutOfOrder {
        /// What.
        what: &'static str,
    },
    /// An allowance that could not have been set.
    #[error("an allowance could not have been set here: `{code}`")]
    Allowance {
        /// The code of the [`Refusal`](super::super::Refusal) that it would have met.
        code: &'static str,
    },
    /// A lot that nothing can come of any more, or of which holds hold more or less than it says.
    #[error("lot {0} is not as it can be")]
    Lot(LotId),
    /// A hold that draws on a lot which is not there.
    #[error("hold {hold} draws on lot {lot}, which there is not")]
    LotAstray {
        /// Which.
        hold: HoldId,
        /// The missing lot.
        lot: LotId,
    },
    /// Something spent by a hold that is not open, and said to be.
    #[error("hold {0} is not open, and has spent something that is not over")]
    HoldAstray(HoldId),
    /// Books that do not balance; of a lot, or of the whole.
    #[error("the books do not balance")]
    Unbalanced {
        /// Which lot; `None` for the whole.
        lot: Option<LotId>,
    },
    /// A meter whose sums are not what is counted.
    #[error("the sums of meter `{0}` are not what is counted")]
    Meter(Label),
    /// An answer that cannot have been given before this version.
    #[error("the answer under key {0} is from another history")]
    Answer(CommandId),
}
