//! A page of records as it is read: each is what was written, of the version that it is kept as, and follows the one before it.

use alloc::format;
use alloc::vec::Vec;

use serde::de::DeserializeOwned;

use super::{Body, Digest};
use crate::change::Record;
use crate::id::OrgId;
use crate::ledger::Entry;
use crate::sharing::ShareRecord;
use crate::store::{StoreError, Stream, Untrue};
use crate::version::Version;

/// What has a version of its own, which is the one that it is kept as.
pub(crate) trait Versioned: DeserializeOwned {
    fn version(&self) -> Version;
}

macro_rules! versioned {
    ($($record:ty),+) => {$(
        impl Versioned for $record {
            fn version(&self) -> Version {
                self.version
            }
        }
    )+};
}

versioned!(Record, Entry, ShareRecord);

/// The records of a page, as far as it is read.
#[derive(Debug)]
pub(crate) struct Page<R> {
    organization: OrgId,
    stream: Stream,
    last: Version,
    records: Vec<R>,
}

impl<R> Page<R> {
    /// Of a stream, after a version.
    pub(crate) const fn after((organization, stream): (OrgId, Stream), after: Version) -> Self {
        Self { organization, stream, last: after, records: Vec::new() }
    }

    /// Takes the next record. The first one may be any that comes after, for what was compacted is missing at the beginning.
    pub(crate) fn take<V: Versioned>(&mut self, body: &Body<'_>, digest: Digest) -> Result<(), StoreError>
    where
        R: From<V>,
    {
        let record: V = body.decode_proven(digest)?;
        if record.version() != body.version {
            return Err(body.damaged(format!("it says that it is of version {}", record.version())).into());
        }
        if body.version != self.last.next() && !self.records.is_empty() {
            return Err(self.gap(body.version).into());
        }
        self.last = body.version;
        self.records.push(record.into());
        Ok(())
    }

    /// Whether it has so many records.
    pub(crate) fn is_full(&self, limit: usize) -> bool {
        self.records.len() >= limit
    }

    /// The records of the page, where the stream says of itself that it ends at a version: of a page that has room for more some
    /// can be missing that nobody would miss.
    pub(crate) fn end(self, limit: usize, head: Version) -> Result<Vec<R>, StoreError> {
        if !self.is_full(limit) && head > self.last { Err(self.gap(head).into()) } else { Ok(self.records) }
    }

    fn gap(&self, found: Version) -> Untrue {
        Untrue::Gap { organization: self.organization, stream: self.stream, expected: self.last.next(), found }
    }
}
