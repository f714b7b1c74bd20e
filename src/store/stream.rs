//! Streams: what a store keeps of one organization, and what has changed in them since somebody looked last.

use alloc::vec::Vec;

use crate::id::{OrgId, ResourceId};
use crate::rows::{Row, Table};
use crate::version::Version;

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

impl Stream {
    /// Whether the rows of a table follow such a stream.
    #[must_use]
    pub const fn fills(self, table: Table) -> bool {
        match table {
            Table::Balance | Table::Lot => matches!(self, Self::Ledger),
            Table::Share => matches!(self, Self::Sheet(_)),
            _ => matches!(self, Self::Organization),
        }
    }

    /// Which stream a row of an organization follows.
    #[must_use]
    pub const fn of(row: &Row) -> Self {
        match row {
            Row::Balance { .. } | Row::Lot { .. } => Self::Ledger,
            Row::Share { resource_id, .. } => Self::Sheet(*resource_id),
            _ => Self::Organization,
        }
    }
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

/// A stream that has changed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// Of which organization.
    pub organization: OrgId,
    /// Which stream.
    pub stream: Stream,
    /// The version that it has now, or a later one; zero, when the organization was erased, or something in it was
    /// [replaced](super::Store::replace): what is known of it is to be let go.
    pub version: Version,
}

/// What has changed since a cursor.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Changes {
    /// The streams that were appended to, and the organizations that were erased or are otherwise no more what they were. Some can be among them again.
    pub changed: Vec<Change>,
    /// Where to go on.
    pub cursor: Cursor,
    /// Whether this is all there was when the store was asked; otherwise go on at once.
    pub is_all: bool,
}
