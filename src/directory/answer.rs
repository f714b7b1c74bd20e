//! Answers of the short way: a number, so that neither finding one nor handing it on takes a guess.

use crate::access::{Decision, DenyReason};

/// What the short way says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Answer(u8);

/// By the bits of a cell: granted, removed by the row, inherited; then what is said before a cell is looked at.
const ANSWERS: [Decision; 11] = [
    Decision::Deny(DenyReason::NotGranted),
    Decision::Allow,
    Decision::Deny(DenyReason::RemovedByOverride),
    Decision::Allow,
    Decision::Deny(DenyReason::ReplacedByOverride),
    Decision::Allow,
    Decision::Deny(DenyReason::RemovedByOverride),
    Decision::Allow,
    Decision::Deny(DenyReason::NotFound),
    Decision::Deny(DenyReason::WorkspaceNotFound),
    Decision::Deny(DenyReason::NotFound),
];

impl Answer {
    pub(super) const NOT_FOUND: Self = Self(8);
    pub(super) const WORKSPACE_NOT_FOUND: Self = Self(9);
    /// The organization is not in the directory.
    pub(super) const UNKNOWN: Self = Self(10);
    /// All the rules have to be looked at.
    pub(super) const UNDECIDED: Self = Self(u8::MAX);

    /// From whether a permission is granted, removed by the row, inherited: a bit each, the lowest of each number.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "three bits")]
    pub(super) const fn of_bits(granted: u64, removed: u64, inherited: u64) -> Self {
        Self((granted & 1 | (removed & 1) << 1 | (inherited & 1) << 2) as u8)
    }

    /// The decision; `None` where it takes all the rules.
    #[inline]
    pub(super) fn decision(self) -> Option<&'static Decision> {
        ANSWERS.get(usize::from(self.0))
    }
}
