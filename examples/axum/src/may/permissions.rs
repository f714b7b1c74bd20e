//! The permissions: an enum for the catalog, and a type of each for the signatures of handlers.

use super::{InOrganization, InWorkspace, Place};

/// A permission as a type.
pub(crate) trait Needs: Send + Sync + 'static {
    /// Which one.
    const PERMISSION: Perm;
    /// Its key in the catalog.
    const KEY: &'static str;
    /// Where it is held, and so what a path has to name.
    type Place: Place;
}

/// Where a permission of a scope is held.
macro_rules! place {
    (Organization) => {
        InOrganization
    };
    (Workspace) => {
        InWorkspace
    };
}

/// Makes of one table the enum that is bound to the catalog at start-up, and a type of each permission.
macro_rules! permission_types {
    ($($(#[$doc:meta])* $name:ident = $key:literal in $scope:ident;)+) => {
        bailiwick::permissions! {
            /// What this backend asks about.
            pub(crate) enum Perm {
                $($(#[$doc])* $name = $key in $scope;)+
            }
        }

        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub(crate) struct $name;

            impl Needs for $name {
                const PERMISSION: Perm = Perm::$name;
                const KEY: &'static str = $key;
                type Place = place!($scope);
            }
        )+
    };
}

permission_types! {
    /// See the organization.
    ViewOrganization = "organization.view" in Organization;
    /// Hand the organization over.
    TransferOwnership = "organization.transfer" in Organization;
    /// See who belongs to it.
    ViewMembers = "member.view" in Organization;
    /// Invite people, and take invitations back.
    InviteMembers = "member.invite" in Organization;
    /// Remove people.
    RemoveMembers = "member.remove" in Organization;
    /// Give people other roles.
    ChangeRoles = "member.role.change" in Organization;
    /// Make workspaces.
    CreateWorkspaces = "workspace.create" in Organization;
    /// See credits and storage.
    ViewCredits = "credits.view" in Organization;
    /// Say who may do what in a workspace.
    ChangeAccess = "workspace.access.change" in Workspace;
    /// See projects, and what was generated in them.
    ViewProjects = "project.view" in Workspace;
    /// Make projects.
    CreateProjects = "project.create" in Workspace;
    /// Delete projects.
    DeleteProjects = "project.delete" in Workspace;
    /// Generate something, for credits.
    RunGenerations = "generation.run" in Workspace;
    /// Delete what was generated.
    DeleteGenerations = "generation.delete" in Workspace;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use bailiwick::catalog::Catalog;

    use super::*;

    #[test]
    fn the_enum_and_the_catalog_agree() {
        let catalog: Catalog = toml::from_str(include_str!("../../catalog.toml")).unwrap();
        catalog.bind::<Perm>().unwrap();
        assert_eq!(catalog.permissions().count(), <Perm as bailiwick::catalog::PermissionEnum>::ALL.len());
    }

    /// What the lint of the crate finds in the catalog is meant so: the actions that this backend has no route for are the platform's, and
    /// nobody verifies addresses in a toy.
    #[test]
    fn what_is_unusual_about_the_catalog_is_meant_so() {
        let catalog: Catalog = toml::from_str(include_str!("../../catalog.toml")).unwrap();
        let found: BTreeSet<&str> = catalog.lint().iter().map(|finding| finding.lint.code()).collect();
        assert_eq!(found, ["unguarded_action", "weaker_default"].into());
    }
}
