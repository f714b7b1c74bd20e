//! Events: what happened. Kept for ever, so they speak in keys and ids, never in positions.

use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::catalog::{PermissionKey, PlanKey, Reach, RoleKey};
use crate::id::{CommandId, InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::label::Label;
use crate::organization::{Disposition, Domain, Kind, Override, RuleFor, Seats, SecretHash, Status};
use crate::text::{Address, Name};
use crate::time::Timestamp;
use crate::version::Version;

use super::command::Content;

/// Something that happened to an organization. Applying it cannot fail.
///
/// What callers do about them is in [`Effect`](crate::change::Effect).
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
    /// It has another name.
    Renamed {
        /// The name from now on.
        name: Name,
    },
    /// It has another description.
    Described {
        /// The description from now on.
        description: String,
    },
    /// A preference of the application is another.
    PreferenceSet {
        /// Which.
        key: String,
        /// What it is from now on; `None`: it is gone.
        value: Option<String>,
    },
    /// It moves to a plan; what was scheduled before is not any more.
    PlanChanged {
        /// Which.
        plan: PlanKey,
        /// Seats bought.
        seats: Seats,
        /// From when on; `None` is at once.
        at: Option<Timestamp>,
    },
    /// It has bought seats, or gives some back.
    SeatsChanged {
        /// Seats from then on.
        seats: Seats,
        /// From when on; `None` is at once.
        at: Option<Timestamp>,
    },
    /// It has, or has no more, a key of its own for a class of usage.
    OwnKeySet {
        /// The class of usage.
        class: Label,
        /// Whether it has one.
        on: bool,
    },
    /// It is deleted. Open invitations are dead.
    OrganizationDeleted {
        /// What becomes of everything in it.
        disposition: Disposition,
        /// From when on it is gone for good.
        purge_at: Timestamp,
    },
    /// A deletion was taken back.
    OrganizationRestored,
    /// Its people sign in through another identity provider, or any.
    ProviderRequired {
        /// The key of the provider.
        provider: Option<String>,
    },
    /// It has set what people of a domain get.
    DomainSet {
        /// Which.
        domain: Domain,
        /// The roles with which they come in.
        roles: Vec<RoleKey>,
    },
    /// The domain is its own.
    DomainConfirmed {
        /// Which.
        domain: Domain,
    },
    /// It has given a domain up.
    DomainDropped {
        /// Which.
        domain: Domain,
    },
    /// The directory of the customer is connected, or not any more.
    ProvisioningSet {
        /// The roles that it may give.
        roles: Option<Vec<RoleKey>>,
    },
    /// A workspace came into being.
    WorkspaceCreated {
        /// Its id.
        workspace: WorkspaceId,
        /// Its name.
        name: Name,
    },
    /// A workspace has another name.
    WorkspaceRenamed {
        /// Which.
        workspace: WorkspaceId,
        /// The name from now on.
        name: Name,
    },
    /// A workspace is archived.
    WorkspaceArchived {
        /// Which.
        workspace: WorkspaceId,
    },
    /// A workspace is archived no more.
    WorkspaceReopened {
        /// Which.
        workspace: WorkspaceId,
    },
    /// A workspace is gone, with every row and rule in it and what open invitations promised there.
    WorkspaceDeleted {
        /// Which.
        workspace: WorkspaceId,
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
    /// An invitation promises something else, and is now of whoever changed it.
    InvitationEdited {
        /// Which.
        invitation: InvitationId,
        /// The roles promised; none for a collaborator.
        roles: Vec<RoleKey>,
        /// The workspaces promised.
        access: Vec<(WorkspaceId, Override)>,
    },
    /// An invitation was sent again.
    InvitationResent {
        /// Which.
        invitation: InvitationId,
        /// When it ends now.
        until: Timestamp,
        /// The hash of the new secret, if it has one.
        secret: Option<SecretHash>,
    },
    /// An invitation was declined.
    InvitationDeclined {
        /// Which.
        invitation: InvitationId,
        /// By whom.
        user: UserId,
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
    /// A member is a collaborator now: roles and teams are gone, and so are all rows but those that are named.
    MadeCollaborator {
        /// Who.
        user: UserId,
        /// The workspaces in which the row stays: it gives something by itself.
        keeps: Vec<WorkspaceId>,
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
    /// What a person does uses credits of the pool from now on, or not.
    CreditsSwitched {
        /// Who.
        user: UserId,
        /// On or off; `None`: what the roles say.
        on: Option<bool>,
    },
    /// A person is gone, with every row and team.
    PersonRemoved {
        /// Who.
        user: UserId,
        /// What becomes of their content.
        content: Content,
    },
    /// A user whose account is deleted is gone, and so are the addresses by which they were known.
    UserErased {
        /// Who.
        user: UserId,
    },
    /// Ownership is on offer; an earlier offer is not any more.
    OwnershipOffered {
        /// By which owner.
        from: UserId,
        /// To whom.
        to: UserId,
    },
    /// Ownership is on offer no more.
    OwnershipOfferEnded,
    /// Ownership has changed hands.
    OwnershipTransferred {
        /// Who was an owner.
        from: UserId,
        /// All roles of the former owner from now on.
        from_roles: Vec<RoleKey>,
        /// Who is one now.
        to: UserId,
        /// All roles of the new owner from now on.
        to_roles: Vec<RoleKey>,
    },
    /// A custom role is there, or another; everybody who has it has what it says now.
    CustomRoleSet {
        /// Its key.
        role: RoleKey,
        /// What people call it.
        title: Name,
        /// The role of the catalog that it is like.
        like: RoleKey,
        /// Into which workspaces it carries.
        reach: Reach,
        /// Everything that it holds.
        permissions: Vec<PermissionKey>,
    },
    /// A custom role is gone; whoever had it, or was promised it, gets the other one.
    CustomRoleDeleted {
        /// Its key.
        role: RoleKey,
        /// What takes its place.
        instead: Option<RoleKey>,
    },
    /// A team came into being.
    TeamCreated {
        /// Its id.
        team: TeamId,
        /// Its name.
        name: Name,
    },
    /// A team has another name.
    TeamRenamed {
        /// Which.
        team: TeamId,
        /// The name from now on.
        name: Name,
    },
    /// A team is gone, with its rules.
    TeamDissolved {
        /// Which.
        team: TeamId,
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
    /// A service came into being.
    ServiceCreated {
        /// Its id.
        service: ServiceId,
        /// Its name.
        name: Name,
        /// In whose name it acts.
        sponsor: UserId,
        /// What of the rights of its sponsor it may use.
        permissions: Vec<PermissionKey>,
        /// Where; none for everywhere.
        workspaces: Vec<WorkspaceId>,
        /// When it ends.
        until: Option<Timestamp>,
        /// The hash of its secret.
        secret: SecretHash,
    },
    /// A service may use something else.
    ServiceChanged {
        /// Which.
        service: ServiceId,
        /// What of the rights of its sponsor it may use.
        permissions: Vec<PermissionKey>,
        /// Where; none for everywhere.
        workspaces: Vec<WorkspaceId>,
        /// When it ends.
        until: Option<Timestamp>,
    },
    /// A service has a new secret; the old one is dead.
    ServiceSecretRotated {
        /// Which.
        service: ServiceId,
        /// The hash of the new secret.
        secret: SecretHash,
    },
    /// A service has lost its sponsor, and can do nothing until it is adopted.
    ServiceOrphaned {
        /// Which.
        service: ServiceId,
    },
    /// A service has a new sponsor and a new secret.
    ServiceAdopted {
        /// Which.
        service: ServiceId,
        /// In whose name it acts now.
        sponsor: UserId,
        /// The hash of the new secret.
        secret: SecretHash,
    },
    /// A service is gone.
    ServiceEnded {
        /// Which.
        service: ServiceId,
    },
    /// The status is another.
    StatusChanged {
        /// The status from now on.
        status: Status,
    },
}

impl Event {
    /// What kind of event it is: the word that it has in data.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::OrganizationCreated { .. } => "organization_created",
            Self::Renamed { .. } => "renamed",
            Self::Described { .. } => "described",
            Self::PreferenceSet { .. } => "preference_set",
            Self::PlanChanged { .. } => "plan_changed",
            Self::SeatsChanged { .. } => "seats_changed",
            Self::OwnKeySet { .. } => "own_key_set",
            Self::OrganizationDeleted { .. } => "organization_deleted",
            Self::OrganizationRestored { .. } => "organization_restored",
            Self::ProviderRequired { .. } => "provider_required",
            Self::DomainSet { .. } => "domain_set",
            Self::DomainConfirmed { .. } => "domain_confirmed",
            Self::DomainDropped { .. } => "domain_dropped",
            Self::ProvisioningSet { .. } => "provisioning_set",
            Self::WorkspaceCreated { .. } => "workspace_created",
            Self::WorkspaceRenamed { .. } => "workspace_renamed",
            Self::WorkspaceArchived { .. } => "workspace_archived",
            Self::WorkspaceReopened { .. } => "workspace_reopened",
            Self::WorkspaceDeleted { .. } => "workspace_deleted",
            Self::Invited { .. } => "invited",
            Self::InvitationEdited { .. } => "invitation_edited",
            Self::InvitationResent { .. } => "invitation_resent",
            Self::InvitationDeclined { .. } => "invitation_declined",
            Self::InvitationRevoked { .. } => "invitation_revoked",
            Self::InvitationAccepted { .. } => "invitation_accepted",
            Self::MemberJoined { .. } => "member_joined",
            Self::CollaboratorJoined { .. } => "collaborator_joined",
            Self::MadeCollaborator { .. } => "made_collaborator",
            Self::RolesChanged { .. } => "roles_changed",
            Self::AccessGiven { .. } => "access_given",
            Self::AccessTaken { .. } => "access_taken",
            Self::PersonSuspended { .. } => "person_suspended",
            Self::PersonReactivated { .. } => "person_reactivated",
            Self::CreditsSwitched { .. } => "credits_switched",
            Self::PersonRemoved { .. } => "person_removed",
            Self::UserErased { .. } => "user_erased",
            Self::OwnershipOffered { .. } => "ownership_offered",
            Self::OwnershipOfferEnded { .. } => "ownership_offer_ended",
            Self::OwnershipTransferred { .. } => "ownership_transferred",
            Self::CustomRoleSet { .. } => "custom_role_set",
            Self::CustomRoleDeleted { .. } => "custom_role_deleted",
            Self::TeamCreated { .. } => "team_created",
            Self::TeamRenamed { .. } => "team_renamed",
            Self::TeamDissolved { .. } => "team_dissolved",
            Self::TeamJoined { .. } => "team_joined",
            Self::TeamLeft { .. } => "team_left",
            Self::RuleSet { .. } => "rule_set",
            Self::ServiceCreated { .. } => "service_created",
            Self::ServiceChanged { .. } => "service_changed",
            Self::ServiceSecretRotated { .. } => "service_secret_rotated",
            Self::ServiceOrphaned { .. } => "service_orphaned",
            Self::ServiceAdopted { .. } => "service_adopted",
            Self::ServiceEnded { .. } => "service_ended",
            Self::StatusChanged { .. } => "status_changed",
        }
    }
}

/// One event in the history of an organization: what, when, by whom, as which version.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The version that it makes.
    pub version: Version,
    /// When.
    pub at: Timestamp,
    /// By whom; staff in a user's place with both identities.
    pub by: Actor,
    /// Which command it belongs to, where the caller gave it an id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<CommandId>,
    /// What.
    pub event: Event,
}
