//! What can be wrong with a snapshot, and where.

use alloc::string::String;
use core::fmt;

use super::super::{Domain, Violation};
use super::FORMAT;
use crate::catalog::{Fingerprint, RoleKey};
use crate::id::{InvitationId, OrgId, ServiceId, TeamId, UserId, WorkspaceId};

/// Why a snapshot makes no organization. There are still the records: replay them.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SnapshotError {
    /// Written by another version of the crate.
    #[error("the snapshot is of format {found}, and {FORMAT} is read here")]
    Format {
        /// Its format.
        found: u32,
    },
    /// Of another organization than it was asked for.
    #[error("the snapshot is of organization {of}")]
    AnotherOrganization {
        /// Of which.
        of: OrgId,
    },
    /// Made under another catalog, where the same records could have made something else. Replay them, or
    /// [restore it under the old one](crate::Organization::restore) and [read it anew](crate::migrate::Migration::reread).
    #[error("the snapshot was made under catalog {made_under}")]
    AnotherCatalog {
        /// The fingerprint of that catalog.
        made_under: Fingerprint,
    },
    /// A key that the catalog, or the organization, does not have.
    #[error("{part} names the {what} `{key}`, which there is not")]
    Unknown {
        /// Where.
        part: Part,
        /// What kind of key: role, permission, group, plan, identity provider, or a key of a custom role that cannot be one.
        what: &'static str,
        /// The key.
        key: String,
    },
    /// The same twice.
    #[error("{0} is there twice")]
    Twice(Part),
    /// More than there may be; see [`limits`](crate::limits).
    #[error("{part} has more than {max} {what}")]
    TooMany {
        /// Where.
        part: Part,
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Something comes from an event that the organization has not seen.
    #[error("{0} comes from an event after the last")]
    Ahead(Part),
    /// Something is not as it can be in any organization.
    #[error("the snapshot contradicts itself")]
    Unsound(#[source] Violation),
}

/// A part of an organization, where something is wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Part {
    /// The whole.
    Organization,
    /// Name, plan, standing, settings.
    Profile,
    /// A custom role.
    Role(RoleKey),
    /// A member or collaborator.
    Person(UserId),
    /// A workspace.
    Workspace(WorkspaceId),
    /// A team.
    Team(TeamId),
    /// An invitation.
    Invitation(InvitationId),
    /// A service.
    Service(ServiceId),
    /// A domain.
    Domain(Domain),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization => f.write_str("the organization"),
            Self::Profile => f.write_str("the profile"),
            Self::Role(key) => write!(f, "custom role `{key}`"),
            Self::Person(user) => write!(f, "user {user}"),
            Self::Workspace(id) => write!(f, "workspace {id}"),
            Self::Team(id) => write!(f, "team {id}"),
            Self::Invitation(id) => write!(f, "invitation {id}"),
            Self::Service(id) => write!(f, "service {id}"),
            Self::Domain(domain) => write!(f, "domain `{domain}`"),
        }
    }
}
