//! What is loaded to begin with, and what shortens that.

use alloc::boxed::Box;
use alloc::vec::Vec;

use super::Stream;
use crate::id::OrgId;
use crate::ledger::Snapshot as LedgerSnapshot;
use crate::organization::Snapshot as OrganizationSnapshot;
use crate::version::Version;

/// The beginning of a stream, as a store has it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Loaded<S, R> {
    /// What stands for everything up to its version.
    pub snapshot: Option<Box<S>>,
    /// What came after it, in order; from the first record on, where there is no snapshot.
    pub records: Vec<R>,
}

impl<S, R> Default for Loaded<S, R> {
    /// Of what a store does not have.
    fn default() -> Self {
        Self { snapshot: None, records: Vec::new() }
    }
}

/// A snapshot that a store is to keep.
#[derive(Clone, Copy, Debug)]
pub enum Snapshot<'a> {
    /// Of an organization.
    Organization(&'a OrganizationSnapshot),
    /// Of a ledger.
    Ledger(&'a LedgerSnapshot),
}

impl Snapshot<'_> {
    /// Of which organization.
    #[must_use]
    pub const fn organization(&self) -> OrgId {
        match self {
            Self::Organization(snapshot) => snapshot.organization(),
            Self::Ledger(snapshot) => snapshot.organization(),
        }
    }

    /// Of which stream.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        match self {
            Self::Organization(_) => Stream::Organization,
            Self::Ledger(_) => Stream::Ledger,
        }
    }

    /// For how much of it it stands.
    #[must_use]
    pub const fn version(&self) -> Version {
        match self {
            Self::Organization(snapshot) => snapshot.version(),
            Self::Ledger(snapshot) => snapshot.version(),
        }
    }
}
