//! Replacements: what comes in the place of records that were never to be kept.

use super::{Batch, Keys};
use crate::id::OrgId;
use crate::rows::RowChanges;
use crate::version::Version;

/// What comes in the place of records of one stream: all of it or nothing.
#[derive(Clone, Copy, Debug)]
pub struct Replacement<'a> {
    /// In a stream of which organization.
    pub organization: OrgId,
    /// Each in the place of the record that has its version; a version that is not there stays away. Can be empty.
    pub batch: Batch<'a>,
    /// What changes beside the records; `None`: keys and rows stay as they are.
    pub beside: Option<Beside<'a>>,
}

/// What follows from records, and changes with them.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// Of the stream at which version.
    pub version: Version,
    /// What is found by which keys from now on. A unique key that leads somewhere else is not taken from there.
    pub keys: &'a Keys,
    /// What people can query from now on.
    pub rows: &'a RowChanges,
}
