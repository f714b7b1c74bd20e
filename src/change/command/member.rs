//! People: bringing them in, their roles, suspension, removal.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::RoleKey;
use crate::id::{UserId, WorkspaceId};
use crate::organization::Override;

/// Makes a user a member without asking; a collaborator becomes a member and keeps the rows.
///
/// # Errors
/// `personal_organization`, `organization_closed` (the directory, while it is past due or suspended),
/// `already_member`, `no_roles`, `too_many_items`, `too_many_roles`, `unknown_role`,
/// `unknown_workspace`, `unknown_permission`, `wrong_scope`, `override_not_allowed`, `ended`, `own_access`, authority,
/// `limit_reached`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddMember {
    /// Who.
    pub user: UserId,
    /// With which roles.
    pub roles: Vec<RoleKey>,
    /// Into which workspaces, with what is different there.
    #[serde(default)]
    pub access: Vec<(WorkspaceId, Override)>,
}

/// Lets a user work in some workspaces without asking, and without becoming a member.
///
/// # Errors
/// `personal_organization`, `already_member` (also for collaborators: give them access), `no_roles` (no workspace is
/// named), `collaborators_off`, `too_many_items`, `unknown_workspace`, `unknown_role`, `unknown_permission`,
/// `wrong_scope`, `ended`, `own_access`, authority, `limit_reached`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddCollaborator {
    /// Who.
    pub user: UserId,
    /// Into which workspaces, with what they may do there.
    pub access: Vec<(WorkspaceId, Override)>,
}

/// Takes the membership of a member who goes on working in some workspaces: rows that give something by themselves stay.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `not_a_member`, `collaborators_off`, `last_owner`, `personal_organization`
/// (its creator), `no_row` (no row
/// gives anything), authority, `limit_reached`, `seat_limit` (collaborators are billable).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeCollaborator {
    /// Who.
    pub user: UserId,
}

/// Gives a member other roles.
///
/// # Errors
/// `unknown_person`, `not_a_member`, `no_roles`, `too_many_roles`, `unknown_role`, `own_access`, authority,
/// `last_owner`, `personal_organization` (its creator stays its owner), `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoles {
    /// Whose.
    pub user: UserId,
    /// All roles from now on.
    pub roles: Vec<RoleKey>,
}

/// Suspends a member or collaborator: nothing given is lost, nothing can be used, a seat is freed.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `already_suspended`, `last_owner`, `personal_organization` (its creator
/// stays its owner).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    /// Who.
    pub user: UserId,
}

/// Ends a suspension. Takes a seat again.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `not_suspended`, `organization_closed` (the directory, while it is past
/// due or suspended), `not_assignable` (a second owner where there is to be one), `limit_reached`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reactivate {
    /// Who.
    pub user: UserId,
}

/// Decides whether what a member or collaborator does uses credits of the pool. Nobody decides that for themselves; it is
/// forgotten when the person goes.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `no_change`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SwitchCredits {
    /// Whose.
    pub user: UserId,
    /// On or off; left out, it is what the person's roles say, see
    /// [`Organization::uses_credits`](crate::Organization::uses_credits).
    #[serde(default)]
    pub on: Option<bool>,
}

/// What becomes of the content of somebody who is removed. The caller acts on it; the organization owns it either way.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// It stays as it is.
    Stays,
    /// It goes to another active member.
    TransferTo(UserId),
}

/// Removes a member or collaborator, with every row and team of theirs; services go or stay by policy. Where the policy keeps removed members as
/// collaborators, rows that give something by themselves stay, if the actor could give them and there is room for one
/// more collaborator.
///
/// What was [shared](crate::sharing) with them as somebody of the organization ends with it. What names them otherwise would stay open to them
/// as to any outsider: the shares of its store [`Tenants`](crate::Tenants) closes; whoever keeps others drops those, too.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked` (also by a row, in its workspace), `last_owner`, `personal_organization`
/// (its creator), `content_unsaid`, `bad_recipient`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Who.
    pub user: UserId,
    /// What becomes of their content; can be left out where the policy allows.
    #[serde(default)]
    pub content: Option<Content>,
}

/// Leaves the organization. The acting user goes, with every row and team.
///
/// # Errors
/// `not_found` (to whoever is nobody here, and to services, the directory and the platform), `user_only`, `person_suspended`, `last_owner`, `personal_organization`
/// (its creator), `content_unsaid`, `bad_recipient`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// What becomes of their content; can be left out where the policy allows.
    #[serde(default)]
    pub content: Option<Content>,
}

/// Removes a user whose account is deleted, and every address by which the organization has known them. The platform does
/// it; [`Tenants::erase`](crate::Tenants::erase) does it everywhere.
///
/// # Errors
/// `platform_only` (`not_found` for strangers), `unknown_person`, `last_owner`, `personal_organization` (its creator: it
/// is deleted first).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EraseUser {
    /// Who.
    pub user: UserId,
}
