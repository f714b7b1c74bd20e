//! The form: what is written of each part, under which name. It is stored, so a name here never changes; what changes takes
//! another format number.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::super::{
    DeletionNotice, InvitationState, Kind, Origin, Override, OwnershipOffer, PersonStatus, RuleFor, Seats, SecretHash,
    Status,
};
use crate::catalog::{PermissionKey, PlanKey, Reach, RoleKey};
use crate::id::{InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::label::Label;
use crate::text::{Address, Name};
use crate::time::Timestamp;

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Profile {
    pub(super) kind: Kind,
    pub(super) name: Name,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    pub(super) terms: Terms,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) next_terms: Option<(Terms, Timestamp)>,
    pub(super) terms_from: Origin,
    pub(super) status: Status,
    pub(super) status_from: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) archived_on: Option<PlanKey>,
    pub(super) created: Origin,
    pub(super) creator: UserId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) provider: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) provisioned_roles: Option<Vec<RoleKey>>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) own_keys: BTreeSet<Label>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) preferences: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) offer: Option<OwnershipOffer>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) deletion: Option<DeletionNotice>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Terms {
    pub(super) plan: PlanKey,
    pub(super) seats: Seats,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomRole {
    pub(super) key: RoleKey,
    pub(super) title: Name,
    pub(super) like: RoleKey,
    pub(super) reach: Reach,
    pub(super) permissions: Vec<PermissionKey>,
    pub(super) origin: Origin,
}

/// Most people have everything from the event that brought them in: what is left out is from there.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Person {
    pub(super) user: UserId,
    pub(super) joined: Origin,
    /// Of a member; left out for a collaborator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) roles: Option<Vec<HeldRole>>,
    pub(super) status: PersonStatus,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) status_from: Option<Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) changed: Option<Origin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) credits: Option<bool>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) rows: Vec<Row>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) teams: Vec<JoinedTeam>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HeldRole {
    pub(super) role: RoleKey,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<Origin>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub(super) workspace: WorkspaceId,
    pub(super) changes: Override,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JoinedTeam {
    pub(super) team: TeamId,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Workspace {
    pub(super) workspace: WorkspaceId,
    pub(super) name: Name,
    pub(super) created: Origin,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) archived: Option<Origin>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) rules: Vec<Rule>,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rule {
    pub(super) holder: RuleFor,
    pub(super) given: Vec<PermissionKey>,
    pub(super) taken: Vec<PermissionKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Team {
    pub(super) team: TeamId,
    pub(super) name: Name,
    pub(super) created: Origin,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Invitation {
    pub(super) invitation: InvitationId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<Address>,
    pub(super) roles: Vec<RoleKey>,
    pub(super) access: Vec<(WorkspaceId, Override)>,
    pub(super) secret: SecretHash,
    pub(super) until: Timestamp,
    pub(super) uses_left: u32,
    #[serde(with = "StoredState")]
    pub(super) state: InvitationState,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) accepted_by: Vec<UserId>,
    pub(super) issued: Origin,
}

/// What becomes of an invitation by an event. That its end has come is no event, and never stored.
#[derive(Serialize, Deserialize)]
#[serde(remote = "InvitationState", rename_all = "snake_case")]
enum StoredState {
    Open,
    Accepted,
    Declined,
    Revoked,
    Superseded,
    #[serde(skip)]
    Expired,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Service {
    pub(super) service: ServiceId,
    pub(super) name: Name,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) sponsor: Option<UserId>,
    pub(super) permissions: Vec<PermissionKey>,
    /// None for the organization and all of its workspaces.
    pub(super) workspaces: Vec<WorkspaceId>,
    pub(super) secret: SecretHash,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) adopted_at: Option<Timestamp>,
    pub(super) origin: Origin,
}

#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DomainRule {
    pub(super) roles: Vec<RoleKey>,
    pub(super) confirmed: bool,
    pub(super) origin: Origin,
}
