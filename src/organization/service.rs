//! Services: keys and robots that act within what their sponsor may do.

use alloc::vec::Vec;

use super::{Origin, SecretHash};
use crate::catalog::{Catalog, PermissionSet};
use crate::id::{UserId, WorkspaceId};
use crate::text::Name;
use crate::time::Timestamp;

/// A key or robot. What it may do is what its sponsor may do *now*, narrowed to its own permissions and workspaces: never
/// an owner, never in a seat. Without a sponsor it can do nothing and waits to be adopted.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Service {
    pub(crate) name: Name,
    pub(crate) sponsor: Option<UserId>,
    pub(crate) permissions: PermissionSet,
    /// Sorted; empty for the organization and all of its workspaces.
    pub(crate) workspaces: Vec<WorkspaceId>,
    pub(crate) secret: SecretHash,
    pub(crate) until: Option<Timestamp>,
    /// When it last came to another sponsor.
    pub(crate) adopted_at: Option<Timestamp>,
    pub(crate) origin: Origin,
}

impl Service {
    /// What people call it.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// The member in whose name it acts; `None` once that member is gone and the policy keeps services.
    #[must_use]
    pub const fn sponsor(&self) -> Option<UserId> {
        self.sponsor
    }

    /// What it was given; what of it counts depends on the sponsor.
    #[must_use]
    pub const fn permissions(&self) -> PermissionSet {
        self.permissions
    }

    /// Where it acts, in order of their ids; empty for the organization and all of its workspaces.
    #[must_use]
    pub fn workspaces(&self) -> &[WorkspaceId] {
        &self.workspaces
    }

    /// The hash of the secret that it presents; comparing takes constant time.
    #[must_use]
    pub const fn secret(&self) -> &SecretHash {
        &self.secret
    }

    /// When it ends; at that very instant it no longer counts.
    #[must_use]
    pub const fn until(&self) -> Option<Timestamp> {
        self.until
    }

    /// Which event last changed what it may do, or in whose name.
    #[must_use]
    pub const fn origin(&self) -> Origin {
        self.origin
    }

    /// Whether it still counts.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }

    /// What of its permissions counts at a place; `None` is the organization. What is bound to workspaces has nothing of
    /// organization scope, wherever it is asked about.
    pub(crate) fn bound_at(&self, catalog: &Catalog, workspace: Option<WorkspaceId>) -> PermissionSet {
        if self.workspaces.is_empty() {
            return self.permissions;
        }
        match workspace.is_some_and(|id| self.workspaces.binary_search(&id).is_ok()) {
            true => self.permissions - catalog.organization_scope(),
            false => PermissionSet::EMPTY,
        }
    }
}
