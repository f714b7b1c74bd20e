//! What an event is about: which people, places and services have to be compiled anew.

use alloc::collections::BTreeSet;

use crate::catalog::Role;
use crate::change::Event;
use crate::id::{ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{Organization, RuleHolder};

/// What some events are about.
#[derive(Debug, Default)]
pub(super) struct Touched {
    pub(super) people: BTreeSet<UserId>,
    pub(super) workspaces: BTreeSet<WorkspaceId>,
    pub(super) services: BTreeSet<ServiceId>,
}

impl Touched {
    /// Notes what an event is about, before it is applied: afterwards nobody knows who was there.
    pub(super) fn note(&mut self, organization: &Organization, event: &Event) {
        match event {
            Event::OrganizationCreated { owner: user, .. }
            | Event::MemberJoined { user, .. }
            | Event::CollaboratorJoined { user, .. }
            | Event::MadeCollaborator { user, .. }
            | Event::RolesChanged { user, .. }
            | Event::AccessGiven { user, .. }
            | Event::AccessTaken { user, .. }
            | Event::PersonSuspended { user }
            | Event::PersonReactivated { user }
            | Event::PersonRemoved { user, .. }
            | Event::UserErased { user }
            | Event::TeamJoined { user, .. }
            | Event::TeamLeft { user, .. } => _ = self.people.insert(*user),
            Event::OwnershipTransferred { from, to, .. } => self.people.extend([*from, *to]),
            Event::WorkspaceCreated { workspace, .. }
            | Event::WorkspaceArchived { workspace }
            | Event::WorkspaceReopened { workspace }
            | Event::RuleSet { workspace, .. } => _ = self.workspaces.insert(*workspace),
            Event::WorkspaceDeleted { workspace } => self.deleted(organization, *workspace),
            Event::TeamDissolved { team } => self.dissolved(organization, *team),
            Event::CustomRoleSet { role, .. } | Event::CustomRoleDeleted { role, .. } => {
                self.holders(organization, organization.role(role.as_str()));
            }
            Event::ServiceCreated { service, .. }
            | Event::ServiceChanged { service, .. }
            | Event::ServiceOrphaned { service }
            | Event::ServiceAdopted { service, .. }
            | Event::ServiceEnded { service } => _ = self.services.insert(*service),
            // What the organization is stands in its own slot; the rest changes nobody's access.
            Event::Renamed { .. }
            | Event::Described { .. }
            | Event::PreferenceSet { .. }
            | Event::PlanChanged { .. }
            | Event::SeatsChanged { .. }
            | Event::OwnKeySet { .. }
            | Event::OrganizationDeleted { .. }
            | Event::OrganizationRestored
            | Event::ProviderRequired { .. }
            | Event::DomainSet { .. }
            | Event::DomainConfirmed { .. }
            | Event::DomainDropped { .. }
            | Event::ProvisioningSet { .. }
            | Event::WorkspaceRenamed { .. }
            | Event::Invited { .. }
            | Event::InvitationEdited { .. }
            | Event::InvitationResent { .. }
            | Event::InvitationDeclined { .. }
            | Event::InvitationRevoked { .. }
            | Event::InvitationAccepted { .. }
            | Event::CreditsSwitched { .. }
            | Event::OwnershipOffered { .. }
            | Event::OwnershipOfferEnded
            | Event::TeamCreated { .. }
            | Event::TeamRenamed { .. }
            | Event::ServiceSecretRotated { .. }
            | Event::StatusChanged { .. } => {}
        }
    }

    /// Everybody with a row there, and every service that acts there.
    fn deleted(&mut self, organization: &Organization, workspace: WorkspaceId) {
        self.workspaces.insert(workspace);
        self.people.extend(organization.index.people_in(workspace));
        let there = organization.services().filter(|(_, service)| service.workspaces().contains(&workspace));
        self.services.extend(there.map(|(id, _)| id));
    }

    /// Everybody in it, and wherever a rule names it.
    fn dissolved(&mut self, organization: &Organization, team: TeamId) {
        self.people.extend(organization.index.people_by_team.get(&team).into_iter().flatten());
        let ruled = organization.index.workspaces_by_rule.get(&RuleHolder::Team(team));
        self.workspaces.extend(ruled.into_iter().flatten());
    }

    /// Everybody who has a role, or has it in a row.
    fn holders(&mut self, organization: &Organization, role: Option<Role>) {
        let Some(role) = role else { return };
        let holders = organization.people().filter(|(_, person)| person.has_role(role));
        self.people.extend(holders.map(|(user, _)| user));
    }
}
