//! Snapshots: an organization as one value, to begin from instead of from its first record.
//!
//! What a snapshot says is in [`form`], how it is read off an organization in [`write`](mod@write), how an organization is
//! made of one again in [`read`], and what can be wrong with one in [`error`].

mod error;
mod form;
mod read;
mod write;

pub use error::{Part, SnapshotError};

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::Domain;
use crate::catalog::Fingerprint;
use crate::id::{InvitationId, OrgId};
use crate::version::Version;

/// The format that is written, and the only one that is read. Another number means that an older crate would read it wrong, or
/// would have made another state of the same records.
const FORMAT: u32 = 1;

/// An organization as it is after so many records, to be kept beside them: what [`restore`](crate::Organization::restore) and
/// the records after it make is what all the records make.
///
/// # Shape
/// A value for serde, in a format that names its fields. It speaks in keys and ids, as records do; lists are in the order of the
/// organization's own, so that the same organization gives the same bytes. What follows from the rest (counts, indexes) is not in it. It is good under the [catalog](crate::catalog::Fingerprint) that it was made under, and for the organization that it is
/// of. It replaces no records: it can be thrown away at any time, and made anew from them.
///
/// Whoever can write snapshots can write records: what is in one is believed as far as it can be true.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{Command, Rename, SignUp};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
/// use bailiwick::OrganizationSnapshot;
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
/// # let (ada, home) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
/// # let mut organization = Organization::new(home, Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
/// # for record in organization.handle(&Command::from(sign_up), &now.by(ada))? { organization.apply(&record); }
///
/// let text = serde_json::to_string(&organization.snapshot())?; // every thousand records, say
/// let rename = Command::from(Rename { name: Name::new("Home")? });
/// let records = organization.handle(&rename, &now.by(ada))?.records;
/// records.iter().for_each(|record| organization.apply(record));
///
/// let snapshot: OrganizationSnapshot = serde_json::from_str(&text)?;
/// let mut restored = Organization::restore(home, Arc::clone(&catalog), &snapshot)?;
/// records.iter().filter(|record| record.version > snapshot.version()).for_each(|record| restored.apply(record));
/// assert_eq!(restored, organization);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    format: u32,
    organization: OrgId,
    catalog: Fingerprint,
    version: Version,
    /// Written as nothing, and never left out: what is lost is not what was not there.
    #[serde(deserialize_with = "Option::deserialize")]
    profile: Option<form::Profile>,
    /// By position; a free place is one that the next role takes.
    custom_roles: Vec<Option<form::CustomRole>>,
    people: Vec<form::Person>,
    workspaces: Vec<form::Workspace>,
    teams: Vec<form::Team>,
    invitations: Vec<form::Invitation>,
    /// Those that are open, in the order in which they are gone through.
    open: Vec<InvitationId>,
    services: Vec<form::Service>,
    domains: Vec<(Domain, form::DomainRule)>,
}

impl Snapshot {
    /// Whose it is.
    #[must_use]
    pub const fn organization(&self) -> OrgId {
        self.organization
    }

    /// How many events it has seen: the records after this version are still to be applied.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The catalog that it was made under.
    #[must_use]
    pub const fn catalog(&self) -> Fingerprint {
        self.catalog
    }
}
