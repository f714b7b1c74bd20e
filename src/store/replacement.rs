//! Replacements: what comes in the place of records that were never to be kept.

use super::Batch;
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
    /// What changes in the rows, of the stream at that version; `None`: they stay as they are.
    pub rows: Option<(Version, &'a RowChanges)>,
}
