//! The lines of an archive.

use alloc::boxed::Box;

use serde::{Deserialize, Serialize};

use crate::change::Record;
use crate::id::{LinkId, OrgId, ResourceId};
use crate::ledger::Entry;
use crate::sharing::ShareRecord;
use crate::store::json::Digest;

/// One line of an archive, which is one value of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Line {
    /// The first: what this is.
    Archive {
        /// In which format the records are.
        format: u16,
    },
    /// A tenant begins.
    Organization(OrgId),
    /// A record of it.
    Record(Box<Record>),
    /// An entry of its ledger.
    Entry(Box<Entry>),
    /// A record of the shares on one of its resources.
    Share(ResourceId, Box<ShareRecord>),
    /// How often a link was followed that has a limit.
    Uses(LinkId, u32),
    /// A tenant is over.
    End {
        /// Which.
        organization: OrgId,
        /// Its lines, the first one and this one aside.
        lines: u64,
        /// Each of these lines, linked to those before it.
        digest: Digest,
    },
    /// The archive is over.
    Over {
        /// How many tenants there were.
        organizations: u64,
    },
}
