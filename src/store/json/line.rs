//! Lines: the records of an append, each as the text that is stored.

use alloc::string::String;
use alloc::vec::Vec;

use serde::Serialize;

use super::{Digest, encode};
use crate::store::{Batch, StoreError};
use crate::time::Timestamp;
use crate::version::Version;

/// One record as it is stored, in the [present format](super::FORMAT).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Line {
    /// The version that it makes.
    pub version: Version,
    /// When.
    pub at: Timestamp,
    /// The record.
    pub text: String,
    /// The digest of the text.
    pub digest: Digest,
}

/// The records of an append, in order.
///
/// # Errors
/// As [`encode`].
pub fn lines_of(batch: &Batch<'_>) -> Result<Vec<Line>, StoreError> {
    match batch {
        Batch::Organization(records) => records.iter().map(|record| line(record.version, record.at, record)).collect(),
        Batch::Ledger(entries) => entries.iter().map(|entry| line(entry.version, entry.at, entry.as_ref())).collect(),
        Batch::Sheet(_, records) => records.iter().map(|record| line(record.version, record.at, record)).collect(),
    }
}

fn line(version: Version, at: Timestamp, record: &impl Serialize) -> Result<Line, StoreError> {
    let text = encode(record)?;
    let digest = Digest::of(&text);
    Ok(Line { version, at, text, digest })
}
