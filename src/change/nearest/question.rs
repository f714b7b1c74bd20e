//! The question whose answer is to turn, and whom it is about.

use crate::access::{Facts, Resource, Target};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionKey, Scope};
use crate::change::authority::behind;
use crate::id::{UserId, WorkspaceId};
use crate::organization::Organization;
use crate::sharing::Sheet;

/// A question, to be asked of one state after the other.
#[derive(Clone, Copy)]
pub(super) struct Question<'q> {
    pub(super) actor: Actor,
    pub(super) permission: Permission,
    pub(super) target: Target<'q>,
    pub(super) facts: &'q Facts<'q>,
    /// The sheets of the resource that it is about and of its containers, as far as the caller has them.
    pub(super) sheets: &'q [Sheet],
}

impl<'q> Question<'q> {
    /// Whose rights are asked about.
    pub(super) fn subject(&self, organization: &Organization) -> Option<UserId> {
        behind(organization, self.actor)
    }

    /// The workspace that it is about.
    pub(super) const fn place(&self) -> Option<WorkspaceId> {
        match self.target {
            Target::Organization => None,
            Target::Workspace(workspace) => Some(workspace),
            Target::Resource(resource) => resource.workspace,
        }
    }

    /// The resource that it is about.
    pub(super) const fn resource(&self) -> Option<&'q Resource<'q>> {
        match self.target {
            Target::Resource(resource) => Some(resource),
            Target::Organization | Target::Workspace(_) => None,
        }
    }

    pub(super) fn key(&self, organization: &Organization) -> PermissionKey {
        organization.catalog().permission_key(self.permission).into()
    }

    /// Whether the permission exists only at organization level.
    pub(super) fn is_of_organization(&self, organization: &Organization) -> bool {
        organization.catalog().permission_def(self.permission).is_none_or(|def| def.scope == Scope::Organization)
    }

    /// Whether a share could give it.
    pub(super) fn is_for_sharing(&self, organization: &Organization) -> bool {
        let scope = organization.catalog().permission_def(self.permission).map(|def| def.scope);
        self.is_on_resource() && scope == Some(Scope::Resource) && self.subject(organization).is_some()
    }

    /// Whether it is asked about one resource.
    pub(super) const fn is_on_resource(&self) -> bool {
        matches!(self.target, Target::Resource(_))
    }
}
