//! Applying: an event changes the state, and cannot fail.
//!
//! `handle` has judged; what is named here exists. Replaying a history from elsewhere, where a catalog may have changed
//! meanwhile, a key that nothing has any more gives nothing.

mod invitations;
mod people;
mod profile;
mod roles;
mod services;
mod teams;
mod workspaces;

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;

use super::{Event, Record};
use crate::catalog::{PermissionKey, PermissionSet};
use crate::id::{UserId, WorkspaceId};
use crate::organization::{
    AccessRow, CustomRole, DomainRule, Kind, Organization, Origin, Override, Profile, RuleFor, RuleHolder, Standing,
    Status, Terms,
};
use crate::text::Name;

impl Organization {
    /// Changes the state by one event. Costs the change, not the organization; cannot fail.
    ///
    /// # Shape
    /// Records are applied in order of their versions, each once. The version becomes the record's. What goes through
    /// everybody by its nature (deleting a role, a team, a workspace) costs as many people as there are.
    ///
    /// # Examples
    /// See [`Organization`].
    pub fn apply(&mut self, record: &Record) {
        let origin = Origin { version: record.version, at: record.at, by: record.by };
        self.version = record.version;
        match &record.event {
            Event::OrganizationCreated { kind, name, plan, seats, owner, roles } => {
                let Some(plan) = self.catalog.plan(plan.as_str()) else { return };
                let terms = Terms { plan, seats: *seats };
                self.profile = Some(begun(*kind, name.clone(), terms, *owner, origin));
                self.join(*owner, Standing::Member(self.role_set(roles)), origin);
            }
            Event::WorkspaceCreated { .. }
            | Event::WorkspaceRenamed { .. }
            | Event::WorkspaceArchived { .. }
            | Event::WorkspaceReopened { .. }
            | Event::WorkspaceDeleted { .. }
            | Event::RuleSet { .. } => self.apply_to_workspaces(&record.event, origin),
            Event::Invited { .. }
            | Event::InvitationEdited { .. }
            | Event::InvitationResent { .. }
            | Event::InvitationRevoked { .. }
            | Event::InvitationDeclined { .. }
            | Event::InvitationAccepted { .. } => self.apply_to_invitations(&record.event, origin),
            Event::MemberJoined { .. }
            | Event::CollaboratorJoined { .. }
            | Event::MadeCollaborator { .. }
            | Event::RolesChanged { .. }
            | Event::OwnershipTransferred { .. }
            | Event::AccessGiven { .. }
            | Event::AccessTaken { .. }
            | Event::PersonSuspended { .. }
            | Event::PersonReactivated { .. }
            | Event::CreditsSwitched { .. }
            | Event::PersonRemoved { .. }
            | Event::UserErased { .. } => self.apply_to_people(&record.event, origin),
            Event::TeamCreated { .. }
            | Event::TeamRenamed { .. }
            | Event::TeamDissolved { .. }
            | Event::TeamJoined { .. }
            | Event::TeamLeft { .. } => self.apply_to_teams(&record.event, origin),
            Event::ServiceCreated { .. }
            | Event::ServiceChanged { .. }
            | Event::ServiceSecretRotated { .. }
            | Event::ServiceOrphaned { .. }
            | Event::ServiceAdopted { .. }
            | Event::ServiceEnded { .. } => self.apply_to_services(&record.event, origin),
            Event::CustomRoleSet { role, title, like, reach, permissions } => {
                let Some(like) = self.catalog.role(like.as_str()) else { return };
                let permissions = self.any_permission_set(permissions);
                let names = (role.clone(), title.clone());
                self.custom_roles =
                    self.with_role(CustomRole::new(&self.catalog, names, like, permissions, *reach, origin));
                self.recount();
            }
            Event::CustomRoleDeleted { role, instead } => self.replace_role(role, instead.as_ref(), origin),
            Event::DomainSet { domain, roles } => {
                let roles = self.role_set(roles);
                let confirmed = self.domains.get(domain).is_some_and(|rule| rule.confirmed);
                self.domains.insert(domain.clone(), DomainRule { roles, confirmed, origin });
            }
            Event::DomainConfirmed { domain } => {
                if let Some(rule) = self.domains.get_mut(domain) {
                    rule.confirmed = true;
                }
            }
            Event::DomainDropped { domain } => _ = self.domains.remove(domain),
            _ => self.apply_to_profile(&record.event, origin),
        }
    }

    /// The handles of permission keys that can be held in a workspace; one that the catalog does not have gives nothing.
    pub(super) fn permission_set(&self, keys: &[PermissionKey]) -> PermissionSet {
        self.any_permission_set(keys) - self.catalog.organization_scope()
    }

    /// The handles of permission keys of any scope; one that the catalog does not have gives nothing.
    pub(super) fn any_permission_set(&self, keys: &[PermissionKey]) -> PermissionSet {
        keys.iter().filter_map(|key| self.catalog.permission(key.as_str())).collect()
    }

    /// The row that an override makes.
    pub(super) fn row(&self, workspace: WorkspaceId, changes: &Override, origin: Origin) -> AccessRow {
        AccessRow {
            workspace,
            role: changes.role.as_ref().and_then(|key| self.role(key.as_str())),
            added: self.permission_set(&changes.added),
            removed: self.permission_set(&changes.removed),
            until: changes.until,
            origin,
        }
    }

    pub(super) fn rule_holder(&self, holder: &RuleFor) -> Option<RuleHolder> {
        match holder {
            RuleFor::Group(key) => self.catalog.group(key.as_str()).map(RuleHolder::Group),
            RuleFor::Team(team) => Some(RuleHolder::Team(*team)),
        }
    }
}

/// An organization as it begins.
fn begun(kind: Kind, name: Name, terms: Terms, creator: UserId, origin: Origin) -> Profile {
    Profile {
        kind,
        name,
        description: String::new(),
        terms,
        next_terms: None,
        terms_from: origin,
        status: Status::Active,
        status_from: origin,
        archived_on: None,
        created: origin,
        creator,
        provider: None,
        provisioned_roles: None,
        own_keys: BTreeSet::new(),
        preferences: BTreeMap::new(),
        offer: None,
        deletion: None,
    }
}
