//! Commands: what can be asked for. Data; each is judged in its family's file next door.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::catalog::{PermissionKey, PlanKey, RoleKey};
use crate::id::{InvitationId, TeamId, UserId, WorkspaceId};
use crate::organization::{Override, RuleFor, Seats, SecretHash, Status};
use crate::text::{Address, Name};
use crate::time::Timestamp;

macro_rules! commands {
    ($($name:ident,)+) => {
        /// Something asked of an organization.
        #[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum Command {
            $(
                #[doc = concat!("See [`", stringify!($name), "`].")]
                $name($name),
            )+
        }

        $(
            impl From<$name> for Command {
                fn from(command: $name) -> Self {
                    Self::$name(command)
                }
            }
        )+
    };
}

commands! {
    SignUp, CreateOrganization, CreateWorkspace, Invite, Revoke, Accept, ChangeRoles, GiveAccess, TakeAccess, Suspend,
    Reactivate, Remove, CreateTeam, JoinTeam, LeaveTeam, SetRule, ChangeStatus,
}

/// Makes the personal organization of a user who signs up. The acting user becomes its owner.
///
/// # Errors
/// `already_exists`, `no_personal_organizations`, `step_up` (the plan requires an identity provider), `bad_name`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The user's name, for the name of the organization.
    pub name: Name,
    /// The id for the first workspace, used where the policy has one.
    pub workspace: WorkspaceId,
}

/// Makes a team organization. The acting user becomes its owner.
///
/// # Errors
/// `already_exists`, `unknown_plan`, `plan_without_teams`, `step_up`, `too_many_organizations`, `bad_name` (names are
/// unique and this one cannot be compared), `seats_below_minimum`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    /// Its name.
    pub name: Name,
    /// Its plan.
    pub plan: PlanKey,
    /// Seats bought; passed over where the plan does not count seats.
    pub seats: Seats,
    /// How many team organizations the user owns already, as the caller knows it.
    pub owned: u32,
    /// The id for the first workspace, used where the policy has one.
    pub workspace: WorkspaceId,
}

/// Makes a workspace.
///
/// # Errors
/// `no_workspaces`, `already_exists`, `limit_reached`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateWorkspace {
    /// The id to make it under.
    pub workspace: WorkspaceId,
    /// Its name.
    pub name: Name,
}

/// Invites somebody: with roles to become a member, without roles to work in the named workspaces as a collaborator.
///
/// # Errors
/// `personal_organization`, `already_exists`, `already_invited`, `no_roles` (neither roles nor workspaces),
/// `collaborators_off`, `too_many_items`, `too_many_roles`, `unknown_role`, `unknown_workspace`, `unknown_permission`,
/// `wrong_scope`, `override_not_allowed`, `ended`, then authority (`not_assignable`, `owners_only`, `lacks_permission`,
/// `wider_sight`), then `limit_reached`, `seat_limit` (where open invitations reserve seats).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invite {
    /// The id to make it under.
    pub invitation: InvitationId,
    /// Who is invited.
    pub address: Address,
    /// The roles promised; none for a collaborator.
    #[serde(default)]
    pub roles: Vec<RoleKey>,
    /// The workspaces promised, with what is different there.
    #[serde(default)]
    pub access: Vec<(WorkspaceId, Override)>,
    /// The hash of the secret in the link.
    pub secret: SecretHash,
}

impl Invite {
    /// Invites an address. Say as what with [`role`](Self::role), and where with [`workspace`](Self::workspace).
    ///
    /// # Examples
    /// ```
    /// use bailiwick::change::Invite;
    /// use bailiwick::{Address, InvitationId, Override, SecretHash, WorkspaceId};
    ///
    /// let production = WorkspaceId::from_u64(7).unwrap();
    /// let hash = SecretHash::from_bytes([7; 32]); // of the secret that goes into the link
    /// let invite = Invite::to(InvitationId::from_u64(1).unwrap(), Address::new("bob@acme.example")?, hash)
    ///     .role("viewer")
    ///     .workspace(production, Override::role("developer"));
    /// assert_eq!(invite.access.len(), 1);
    /// # Ok::<(), bailiwick::TextError>(())
    /// ```
    #[must_use]
    pub const fn to(invitation: InvitationId, address: Address, secret: SecretHash) -> Self {
        Self { invitation, address, roles: Vec::new(), access: Vec::new(), secret }
    }

    /// As a member with this role, too.
    #[must_use]
    pub fn role(mut self, role: impl Into<RoleKey>) -> Self {
        self.roles.push(role.into());
        self
    }

    /// Into this workspace, too.
    #[must_use]
    pub fn workspace(mut self, workspace: WorkspaceId, changes: Override) -> Self {
        self.access.push((workspace, changes));
        self
    }
}

/// Takes an invitation back.
///
/// # Errors
/// `unknown_invitation`, `invitation_closed`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revoke {
    /// Which.
    pub invitation: InvitationId,
}

/// What the caller knows of the address of the user who accepts.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressProof {
    /// The user has shown to receive mail there.
    Verified(Address),
    /// The user says so.
    Claimed(Address),
}

/// Accepts an invitation. The acting user joins.
///
/// # Errors
/// `unknown_invitation` (also for a wrong secret), `invitation_closed`, `address_mismatch`, `address_unverified`,
/// `organization_closed` (past due or suspended), `step_up` (the plan requires an identity provider), `already_member`,
/// `too_many_roles` and `unknown_role` (the catalog has changed), `unknown_workspace` (gone since), `ended` (what was
/// promised), `too_many_items`, `inviter_lacks_authority`, `limit_reached`, `seat_limit`. To a stranger without the
/// secret: `not_found`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accept {
    /// Which.
    pub invitation: InvitationId,
    /// The hash of the secret in the link that was followed.
    pub secret: SecretHash,
    /// The user's address.
    pub address: AddressProof,
}

/// Gives a member other roles.
///
/// # Errors
/// `unknown_person`, `not_a_member`, `no_roles`, `too_many_roles`, `unknown_role`, `own_access`, authority,
/// `last_owner`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeRoles {
    /// Whose.
    pub user: UserId,
    /// All roles from now on.
    pub roles: Vec<RoleKey>,
}

/// Gives a member or collaborator access to a workspace, or changes it. The row replaces an earlier one.
///
/// # Errors
/// `unknown_person`, `own_access`, `unknown_role`, `unknown_permission`, `wrong_scope`, `override_not_allowed`, `ended`,
/// `too_many_items`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GiveAccess {
    /// Whose.
    pub user: UserId,
    /// Where.
    pub workspace: WorkspaceId,
    /// What is different there.
    #[serde(default)]
    pub changes: Override,
}

/// Takes the access row of a person in a workspace. A collaborator without another row is no collaborator any more.
///
/// # Errors
/// `unknown_person`, `no_row`, `own_access`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakeAccess {
    /// Whose.
    pub user: UserId,
    /// Where.
    pub workspace: WorkspaceId,
}

/// Suspends a member or collaborator: nothing given is lost, nothing can be used, a seat is freed.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `already_suspended`, `last_owner`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suspend {
    /// Who.
    pub user: UserId,
}

/// Ends a suspension. Takes a seat again.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `not_suspended`, `limit_reached`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reactivate {
    /// Who.
    pub user: UserId,
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

/// Removes a member or collaborator, with every row and team of theirs. Where the policy keeps removed members as
/// collaborators, rows that give something by themselves stay, if the actor could give them and there is room for one
/// more collaborator.
///
/// Shares are the caller's facts, handed in with a question: whoever answers to
/// [`PersonRemoved`](crate::change::Event::PersonRemoved) also drops the shares that name the user, or what was shared
/// with them by name stays open to them as to any outsider.
///
/// # Errors
/// `unknown_person`, `own_access`, `outranked`, `last_owner`, `content_unsaid`, `bad_recipient`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Who.
    pub user: UserId,
    /// What becomes of their content; can be left out where the policy allows.
    #[serde(default)]
    pub content: Option<Content>,
}

/// Makes a team.
///
/// # Errors
/// `already_exists`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTeam {
    /// The id to make it under.
    pub team: TeamId,
    /// Its name.
    pub name: Name,
}

/// Puts a member into a team, with everything that the team has.
///
/// # Errors
/// `unknown_team`, `unknown_person`, `not_a_member`, `already_exists`, `too_many_items`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinTeam {
    /// Which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
}

/// Takes a member out of a team.
///
/// # Errors
/// `unknown_team`, `unknown_person`, `no_row` (not in the team), authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveTeam {
    /// Which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
}

/// Sets what everybody in a group or team gets and loses in a workspace. A rule that says nothing is taken away.
///
/// # Errors
/// `unknown_group`, `unknown_team`, `unknown_permission`, `wrong_scope`, `ended`, `too_many_items`, `outranked`,
/// `lacks_permission`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetRule {
    /// Where.
    pub workspace: WorkspaceId,
    /// Whom it is about.
    pub holder: RuleFor,
    /// Permissions given.
    #[serde(default)]
    pub given: Vec<PermissionKey>,
    /// Permissions taken.
    #[serde(default)]
    pub taken: Vec<PermissionKey>,
    /// When it ends.
    #[serde(default)]
    pub until: Option<Timestamp>,
}

/// Sets the status. Only the platform does: it follows from payments and from its own judgement.
///
/// # Errors
/// `platform_only` for anybody else, `not_found` for strangers.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeStatus {
    /// The status from now on.
    pub status: Status,
}
