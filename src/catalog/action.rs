//! Actions: what the crate itself does on request, and a catalog says which permission each one needs.
//!
//! Permission names belong to the application, so the crate cannot know that `member.invite` is about inviting. A
//! permission *guards* an action instead. An action that nothing guards is open to the platform alone
//! ([`Actor::System`](crate::Actor::System)): forgetting a guard closes a door, it never opens one.

use serde::Serialize;

use super::Scope;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $scope:ident;)+) => {
        /// One thing that the crate does on request.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$doc])* $name,)+
        }

        impl Action {
            /// Every action, in the order of the code.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            pub(super) const CHOICES: &'static [(&'static str, Self)] = &[$(($word, Self::$name),)+];

            /// The stable word for it in catalogs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)+
                }
            }

            /// The widest scope that the guard may have: an action on one workspace can be guarded there or above.
            pub(crate) const fn scope(self) -> Scope {
                match self {
                    $(Self::$name => Scope::$scope,)+
                }
            }
        }
    };
}

actions! {
    /// Change the name, the description and the preferences of the organization.
    EditOrganization = "edit_organization", Organization;
    /// Move to another plan.
    ChangePlan = "change_plan", Organization;
    /// Buy seats and give them back.
    ChangeSeats = "change_seats", Organization;
    /// Archive the organization and reopen it.
    ArchiveOrganization = "archive_organization", Organization;
    /// Delete the organization.
    DeleteOrganization = "delete_organization", Organization;
    /// Transfer ownership; only owners, whoever else has the permission.
    TransferOwnership = "transfer_ownership", Organization;
    /// Switch keys of the organization's own on and off, which bypass the credits.
    ManageOwnKeys = "manage_own_keys", Organization;
    /// Decide whose work uses credits.
    SwitchCredits = "switch_credits", Organization;
    /// Set how many credits may be spent, and by whom.
    SetLimits = "set_limits", Organization;
    /// Require an identity provider; set by which domains and with which roles people come in by themselves.
    ManageIdentity = "manage_identity", Organization;
    /// Create, change and delete custom roles.
    ManageRoles = "manage_roles", Organization;
    /// Create services and keys, change and end one's own.
    CreateService = "create_service", Organization;
    /// End and adopt the services of others.
    ManageServices = "manage_services", Organization;
    /// Invite people to become members; change, resend and take back such an invitation.
    InviteMember = "invite_member", Organization;
    /// Make people members without asking them.
    AddMember = "add_member", Organization;
    /// Change the roles of a member.
    ChangeRoles = "change_roles", Organization;
    /// Suspend and reactivate members and collaborators.
    SuspendPerson = "suspend_person", Organization;
    /// Remove members, or make them collaborators.
    RemoveMember = "remove_member", Organization;
    /// Create workspaces.
    CreateWorkspace = "create_workspace", Organization;
    /// Create, change and dissolve teams.
    ManageTeams = "manage_teams", Organization;
    /// Rename a workspace.
    EditWorkspace = "edit_workspace", Workspace;
    /// Archive a workspace and reopen it.
    ArchiveWorkspace = "archive_workspace", Workspace;
    /// Delete a workspace with everything that hangs on it.
    DeleteWorkspace = "delete_workspace", Workspace;
    /// Give, change and take a member's access to a workspace.
    ChangeAccess = "change_access", Workspace;
    /// Bring collaborators into a workspace and take them out.
    ManageCollaborators = "manage_collaborators", Workspace;
    /// Set what a team or system group may do in a workspace.
    ChangeRules = "change_rules", Workspace;
    /// Share a resource with people, groups and teams of the organization.
    ShareInternally = "share_internally", Resource;
    /// Share a resource with users and addresses from outside.
    ShareByAddress = "share_by_address", Resource;
    /// Share a resource with other organizations.
    ShareExternally = "share_externally", Resource;
    /// Open a resource by a public link.
    ShareByLink = "share_by_link", Resource;
    /// Use credits of the pool.
    UseCredits = "use_credits", Workspace;
}
