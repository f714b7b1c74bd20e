//! What a store keeps beside the records, and is not what they make.

use core::fmt;

use super::{Key, Place, Stream};
use crate::id::{CommandId, OrgId};
use crate::rows::RowKey;
use crate::version::Version;

/// Something that follows from records, and that a store has otherwise.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Unlike {
    /// Of which organization.
    pub organization: OrgId,
    /// What.
    pub what: Derived,
    /// What is wrong with it.
    pub wrong: Wrong,
}

/// What follows from records.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Derived {
    /// That a key leads to a place.
    Key(Key, Place),
    /// A row that people can query.
    Row(RowKey),
    /// Which versions an operation has made.
    Operation(CommandId),
    /// What stands for the records of a stream up to a version.
    Snapshot(Stream, Version),
}

/// What is wrong with something that follows from records.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Wrong {
    /// It is not there.
    Missing,
    /// It says something else.
    Other,
    /// It does not follow from anything.
    Extra,
}

impl fmt::Display for Unlike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "organization {}: ", self.organization)?;
        match &self.what {
            Derived::Key(key, place) => write!(f, "{key:?} to {place:?}")?,
            Derived::Row(row) => write!(f, "{row:?}")?,
            Derived::Operation(operation) => write!(f, "operation {operation}")?,
            Derived::Snapshot(stream, version) => write!(f, "the snapshot of {stream:?} at version {version}")?,
        }
        f.write_str(match self.wrong {
            Wrong::Missing => " is missing",
            Wrong::Other => " is not what the records say",
            Wrong::Extra => " does not follow from the records",
        })
    }
}
