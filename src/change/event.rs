//! Events: what happened. Kept for ever, so they speak in keys and ids, never in positions.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::catalog::{PermissionKey, PlanKey, RoleKey};
use crate::id::{InvitationId, TeamId, UserId, WorkspaceId};
use crate::organization::{Kind, Override, RuleFor, Seats, SecretHash, Status, Version};
use crate::text::{Address, Name};
use crate::time::Timestamp;

use super::command::Content;

/// Something that happened to an organization. Applying it cannot fail.
///
/// Callers act on some of them: [`Invited`](Event::Invited) → send the e-mail, [`PersonRemoved`](Event::PersonRemoved) →
/// hand over the content and end the sessions.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// It came into being, with its owner.
    OrganizationCreated {
        /// Personal or team.
        kind: Kind,
        /// Its name.
        name: Name,
        /// Its plan.
        plan: PlanKey,
        /// Seats bought.
        seats: Seats,
        /// The owner.
        owner: UserId,
        /// The owner's roles, the owner role among them.
        roles: Vec<RoleKey>,
    },
    /// A workspace came into being.
    WorkspaceCreated {
        /// Its id.
        workspace: WorkspaceId,
        /// Its name.
        name: Name,
    },
    /// Somebody was invited. An earlier invitation of the address that had run out is superseded.
    Invited {
        /// The invitation.
        invitation: InvitationId,
        /// Who.
        address: Address,
        /// The roles promised; none for a collaborator.
        roles: Vec<RoleKey>,
        /// The workspaces promised.
        access: Vec<(WorkspaceId, Override)>,
        /// The hash of the secret.
        secret: SecretHash,
        /// When it ends.
        until: Timestamp,
        /// How often it can be accepted.
        uses: u32,
    },
    /// An invitation was taken back.
    InvitationRevoked {
        /// Which.
        invitation: InvitationId,
    },
    /// An invitation was accepted.
    InvitationAccepted {
        /// Which.
        invitation: InvitationId,
        /// By whom.
        user: UserId,
    },
    /// Somebody became a member. A collaborator keeps the rows.
    MemberJoined {
        /// Who.
        user: UserId,
        /// With which roles.
        roles: Vec<RoleKey>,
        /// Who gave them: whoever invited, not whoever accepted.
        given_by: Actor,
    },
    /// Somebody became a collaborator; what they can reach follows.
    CollaboratorJoined {
        /// Who.
        user: UserId,
        /// Who brought them: whoever invited, not whoever accepted.
        given_by: Actor,
    },
    /// A member has other roles.
    RolesChanged {
        /// Who.
        user: UserId,
        /// All roles from now on.
        roles: Vec<RoleKey>,
    },
    /// A person has access to a workspace; an earlier row is replaced.
    AccessGiven {
        /// Who.
        user: UserId,
        /// Where.
        workspace: WorkspaceId,
        /// What is different there.
        changes: Override,
        /// Who gave it: whoever invited, not whoever accepted.
        given_by: Actor,
    },
    /// A person's row in a workspace is gone.
    AccessTaken {
        /// Who.
        user: UserId,
        /// Where.
        workspace: WorkspaceId,
    },
    /// A person was suspended.
    PersonSuspended {
        /// Who.
        user: UserId,
    },
    /// A suspension has ended.
    PersonReactivated {
        /// Who.
        user: UserId,
    },
    /// A person is gone, with every row and team.
    PersonRemoved {
        /// Who.
        user: UserId,
        /// What becomes of their content.
        content: Content,
    },
    /// A team came into being.
    TeamCreated {
        /// Its id.
        team: TeamId,
        /// Its name.
        name: Name,
    },
    /// A member is in a team.
    TeamJoined {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
    },
    /// A member is out of a team.
    TeamLeft {
        /// Which team.
        team: TeamId,
        /// Who.
        user: UserId,
    },
    /// A group or team has a rule in a workspace; an earlier one is replaced, one that says nothing is gone.
    RuleSet {
        /// Where.
        workspace: WorkspaceId,
        /// Whom it is about.
        holder: RuleFor,
        /// Permissions given.
        given: Vec<PermissionKey>,
        /// Permissions taken.
        taken: Vec<PermissionKey>,
        /// When it ends.
        until: Option<Timestamp>,
    },
    /// The status is another.
    StatusChanged {
        /// The status from now on.
        status: Status,
    },
}

/// One event in the history of an organization: what, when, by whom, as which version.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version that it makes.
    pub version: Version,
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub by: Actor,
    /// What.
    pub event: Event,
}
