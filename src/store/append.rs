//! Appends: what is written together, and what became of it.

use alloc::sync::Arc;

use super::{Keys, Stream};
use crate::change::Record;
use crate::id::{CommandId, OrgId, ResourceId};
use crate::ledger::Entry;
use crate::rows::RowChanges;
use crate::sharing::ShareRecord;
use crate::version::Version;

/// What is to be appended to one stream: all of it or nothing.
#[derive(Clone, Copy, Debug)]
pub struct Append<'a> {
    /// To a stream of which organization.
    pub organization: OrgId,
    /// The version of the stream that the first record follows.
    pub expected: Version,
    /// The records, at least one.
    pub batch: Batch<'a>,
    /// What is found by which keys from now on.
    pub keys: &'a Keys,
    /// What people can query from now on; nothing for a store that [keeps no rows](super::Store::keeps_rows).
    pub rows: &'a RowChanges,
}

/// Records that follow each other in one stream.
#[derive(Clone, Copy, Debug)]
pub enum Batch<'a> {
    /// Of the organization.
    Organization(&'a [Record]),
    /// Of its ledger.
    Ledger(&'a [Arc<Entry>]),
    /// Of the shares on one of its resources.
    Sheet(ResourceId, &'a [ShareRecord]),
}

impl Batch<'_> {
    /// To which stream they belong.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        match self {
            Self::Organization(_) => Stream::Organization,
            Self::Ledger(_) => Stream::Ledger,
            Self::Sheet(resource, _) => Stream::Sheet(*resource),
        }
    }

    /// None, of a stream.
    #[must_use]
    pub const fn none(stream: Stream) -> Self {
        match stream {
            Stream::Organization => Self::Organization(&[]),
            Stream::Ledger => Self::Ledger(&[]),
            Stream::Sheet(resource) => Self::Sheet(resource, &[]),
        }
    }

    /// How many they are.
    #[must_use]
    pub const fn len(&self) -> usize {
        match self {
            Self::Organization(records) => records.len(),
            Self::Ledger(entries) => entries.len(),
            Self::Sheet(_, records) => records.len(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The version that the last of them makes; zero, if there is none.
    #[must_use]
    pub fn last(&self) -> Version {
        let last = match self {
            Self::Organization(records) => records.last().map(|record| record.version),
            Self::Ledger(entries) => entries.last().map(|entry| entry.version),
            Self::Sheet(_, records) => records.last().map(|record| record.version),
        };
        last.unwrap_or_default()
    }

    /// The operation that they carry out: the command of an organization, where its caller gave it an id. Ledgers and sheets know
    /// by themselves what they have carried out.
    #[must_use]
    pub fn operation(&self) -> Option<CommandId> {
        match self {
            Self::Organization(records) => records.first().and_then(|record| record.command),
            Self::Ledger(_) | Self::Sheet(..) => None,
        }
    }
}

/// The versions that one operation has made of an organization.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Written {
    /// The first.
    pub from: Version,
    /// The last.
    pub to: Version,
}

/// What became of an append.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "records that were not appended must not be applied"]
pub enum Appended {
    /// It is kept.
    Applied,
    /// The [operation](Batch::operation) was carried out before, and is kept as these versions; nothing was kept now.
    Replayed(Written),
    /// The stream is not at the expected version; nothing was kept.
    Conflict,
    /// A unique key leads somewhere else; nothing was kept.
    Claimed {
        /// Into which organization.
        by: OrgId,
    },
}
