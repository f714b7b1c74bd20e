//! Why nobody was forgotten.

use alloc::vec::Vec;

use crate::TenantsError;
use crate::id::{OrgId, UserId};
use crate::store::StoreError;

/// Why [`Tenants::redact`](crate::Tenants::redact) has not come to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedactionError {
    /// A user still belongs to these organizations: they are [erased](crate::Tenants::erase) first. Nothing was done.
    #[error("the user `{user}` belongs to {} organizations", .organizations.len())]
    StillThere {
        /// Who.
        user: UserId,
        /// Which.
        organizations: Vec<OrgId>,
    },
    /// Somebody was to be forgotten under an id that is another user's. Nothing was done.
    #[error("the stand-in `{stand_in}` is somebody else")]
    StandInTaken {
        /// Which id.
        stand_in: UserId,
    },
    /// Trouble on the way: some of it may be done. Do it again.
    #[error(transparent)]
    Tenants(#[from] TenantsError),
}

impl From<StoreError> for RedactionError {
    fn from(trouble: StoreError) -> Self {
        Self::Tenants(trouble.into())
    }
}
