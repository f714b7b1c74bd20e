//! Traces: where somebody is named, in what a store keeps.

use core::fmt;

use crate::id::OrgId;
use crate::rows::Table;
use crate::sharing::ShareKey;
use crate::store::{Key, Stream};
use crate::version::Version;

/// A place in a store where somebody is named who is to be forgotten.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trace {
    /// Of which organization.
    pub organization: OrgId,
    /// Where.
    pub at: Traced,
    /// How.
    pub by: Named,
}

/// Where somebody is named.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Traced {
    /// In the record that made a version of a stream.
    Record(Stream, Version),
    /// In the snapshot of a stream.
    Snapshot(Stream),
    /// In a row of a table.
    Row(Table),
    /// Something is found by them.
    Key(Key),
}

/// How somebody is named.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Named {
    /// By their id.
    Id,
    /// By an address, where one stands by itself.
    Address,
    /// By id or address, in what people have written. It is for people to write something else.
    Text,
}

impl Trace {
    pub(crate) const fn of_key(organization: OrgId, key: Key) -> Self {
        let by = match &key {
            Key::Invited(_) | Key::Share(ShareKey::Address(_)) => Named::Address,
            _ => Named::Id,
        };
        Self { organization, at: Traced::Key(key), by }
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = match self.by {
            Named::Id => "an id",
            Named::Address => "an address",
            Named::Text => "a name in a text",
        };
        write!(f, "organization {}: {by} in ", self.organization)?;
        match &self.at {
            Traced::Record(stream, version) => write!(f, "{stream:?} version {version}"),
            Traced::Snapshot(stream) => write!(f, "the snapshot of {stream:?}"),
            Traced::Row(table) => write!(f, "table {table}"),
            Traced::Key(key) => write!(f, "key {key:?}"),
        }
    }
}
