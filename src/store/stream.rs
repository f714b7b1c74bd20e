//! Streams: what a store keeps of one organization, and what has changed in them since somebody looked last.

use alloc::vec::Vec;

use crate::id::{OrgId, ResourceId};

/// One history of an organization, with versions of its own.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Stream {
    /// The organization itself.
    Organization,
    /// Its ledger.
    Ledger,
    /// The shares on one of its resources.
    Sheet(ResourceId),
}

/// How far somebody has followed a store; only the store that gave it knows what the number means.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Cursor(u64);

impl Cursor {
    /// A cursor of a store's own.
    #[must_use]
    pub const fn from_u64(position: u64) -> Self {
        Self(position)
    }

    /// What the store made it of.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

/// What has changed since a cursor.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// The streams that were appended to, or erased; an organization that was erased has no records any more. Some can be among them
    /// again.
    pub changed: Vec<(OrgId, Stream)>,
    /// Where to go on.
    pub cursor: Cursor,
    /// Whether this is all there was when the store was asked; otherwise go on at once.
    pub is_all: bool,
}
