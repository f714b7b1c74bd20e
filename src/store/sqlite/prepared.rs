//! An append as it is written: everything that can be made ready before the file is locked.

use std::string::String;
use std::vec::Vec;

use super::wire::Id;
use crate::id::OrgId;
use crate::rows::{RowChanges, Table, Value};
use crate::store::json::{Digest, Line, lines_of, text_of};
use crate::store::{Append, Key, Place, StoreError, Stream, Untrue};
use crate::version::Version;

/// An append, owned, so that whoever writes carries it out for whoever waits.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) organization: OrgId,
    pub(super) stream: Stream,
    pub(super) expected: Version,
    pub(super) lines: Vec<Line>,
    /// What the records of the append come to.
    pub(super) digest: Digest,
    pub(super) operation: Option<Id>,
    pub(super) removed: Vec<Leads>,
    pub(super) added: Vec<Leads>,
    pub(super) rows: BoundRows,
}

/// What changes in the rows, as it is bound.
#[derive(Debug)]
pub(super) struct BoundRows {
    pub(super) put: Vec<(Table, Vec<Value>)>,
    pub(super) deleted: Vec<(Table, Vec<Value>)>,
}

/// A key, and where it leads.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Leads {
    pub(super) key: String,
    pub(super) is_unique: bool,
    pub(super) place: Place,
}

impl Leads {
    pub(super) fn all(keys: &[(Key, Place)]) -> Vec<Self> {
        let leads = |(key, place): &(Key, Place)| Self { key: text_of(key), is_unique: key.is_unique(), place: *place };
        keys.iter().map(leads).collect()
    }
}

impl From<&RowChanges> for BoundRows {
    fn from(rows: &RowChanges) -> Self {
        Self {
            put: rows.put.iter().map(|row| (row.table(), row.values())).collect(),
            deleted: rows.deleted.iter().map(|key| (key.table(), key.values())).collect(),
        }
    }
}

impl Prepared {
    pub(super) fn new(append: &Append<'_>) -> Result<Self, StoreError> {
        let lines = lines_of(&append.batch)?;
        follow((append, append.batch.stream()), &lines)?;
        let digests: Vec<Digest> = lines.iter().map(|line| line.digest).collect();
        Ok(Self {
            organization: append.organization,
            stream: append.batch.stream(),
            expected: append.expected,
            digest: Digest::of_all(&digests),
            lines,
            operation: append.batch.operation().map(|operation| Id::of(operation.to_uuid_bytes())),
            removed: Leads::all(&append.keys.removed),
            added: Leads::all(&append.keys.added),
            rows: append.rows.into(),
        })
    }

    /// The version that the last record makes.
    pub(super) fn last(&self) -> Version {
        self.lines.last().map_or(self.expected, |line| line.version)
    }
}

/// Whether records follow each other; a gap that was written could never be read again.
fn follow((append, stream): (&Append<'_>, Stream), lines: &[Line]) -> Result<(), Untrue> {
    let (organization, mut expected) = (append.organization, append.expected.next());
    for Line { version: found, .. } in lines {
        if *found != expected {
            return Err(Untrue::Gap { organization, stream, expected, found: *found });
        }
        expected = expected.next();
    }
    Ok(())
}
