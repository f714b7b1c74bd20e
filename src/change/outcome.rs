//! What came of a command.

use alloc::vec::{IntoIter, Vec};
use core::slice::Iter;

use super::{Record, Refusal};

/// What came of a command that was accepted: the records to append and apply, and who was left out of a batch.
///
/// # Examples
/// See [`Organization`](crate::Organization); what there is to do about the records is in
/// [`Organization::effects`](crate::Organization::effects).
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Outcome {
    /// What happened, in order; at least one.
    pub records: Vec<Record>,
    /// Items of a batch that were refused while others were not.
    pub left_out: Vec<LeftOut>,
}

/// One item of a batch that was refused.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// Which, counted from zero.
    pub item: usize,
    /// Why.
    pub refusal: Refusal,
}

impl IntoIterator for Outcome {
    type Item = Record;
    type IntoIter = IntoIter<Record>;

    /// The records.
    fn into_iter(self) -> Self::IntoIter {
        self.records.into_iter()
    }
}

impl<'a> IntoIterator for &'a Outcome {
    type Item = &'a Record;
    type IntoIter = Iter<'a, Record>;

    /// The records.
    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}
