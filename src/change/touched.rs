//! What an event is about: which people, places, teams, invitations, services and domains are others after it. Whoever keeps something
//! that is made of an organization looks at these alone: the directory of a process, the rows of a store.

use alloc::collections::BTreeSet;

use crate::catalog::Role;
use crate::change::Event;
use crate::id::{InvitationId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{Domain, Invitation, InvitationState, Organization, RuleHolder};

/// What some events are about. The organization itself is not in it: every event is about it.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) people: BTreeSet<UserId>,
    pub(crate) workspaces: BTreeSet<WorkspaceId>,
    pub(crate) teams: BTreeSet<TeamId>,
    pub(crate) invitations: BTreeSet<InvitationId>,
    pub(crate) services: BTreeSet<ServiceId>,
    pub(crate) domains: BTreeSet<Domain>,
}

impl Touched {
    /// Notes what an event is about, before it is applied: afterwards nobody knows who was there.
    ///
    /// Of several events, all may be noted before the first of them is applied: who comes to be somewhere by one of them is noted with that.
    pub(crate) fn note(&mut self, organization: &Organization, event: &Event) {
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
            | Event::CreditsSwitched { user, .. }
            | Event::PersonRemoved { user, .. }
            | Event::TeamJoined { user, .. }
            | Event::TeamLeft { user, .. } => _ = self.people.insert(*user),
            Event::UserErased { user } => {
                self.people.insert(*user);
                self.invitations(organization, |invitation| invitation.accepted_by().contains(user));
            }
            Event::OwnershipTransferred { from, to, .. } => self.people.extend([*from, *to]),
            Event::WorkspaceCreated { workspace, .. }
            | Event::WorkspaceRenamed { workspace, .. }
            | Event::WorkspaceArchived { workspace }
            | Event::WorkspaceReopened { workspace }
            | Event::RuleSet { workspace, .. } => _ = self.workspaces.insert(*workspace),
            Event::WorkspaceDeleted { workspace } => self.deleted(organization, *workspace),
            Event::Invited { invitation, address, .. } => {
                let superseded = organization.open_by_address.get(address.key());
                self.invitations.extend(superseded.into_iter().chain([invitation]));
            }
            Event::InvitationEdited { invitation, .. }
            | Event::InvitationResent { invitation, .. }
            | Event::InvitationDeclined { invitation, .. }
            | Event::InvitationRevoked { invitation }
            | Event::InvitationAccepted { invitation, .. } => _ = self.invitations.insert(*invitation),
            Event::OrganizationDeleted { .. } => self.invitations(organization, is_open),
            Event::TeamCreated { team, .. } | Event::TeamRenamed { team, .. } => _ = self.teams.insert(*team),
            Event::TeamDissolved { team } => self.dissolved(organization, *team),
            Event::CustomRoleSet { role, .. } => self.holders(organization, organization.role(role.as_str())),
            Event::CustomRoleDeleted { role, .. } => {
                let handle = organization.role(role.as_str());
                self.holders(organization, handle);
                self.invitations(organization, is_open); // a promise that names a role twice names it once after that
                let named =
                    organization.domains().filter(|(_, rule)| handle.is_some_and(|role| rule.roles.contains(role)));
                self.domains.extend(named.map(|(domain, _)| domain.clone()));
            }
            Event::DomainSet { domain, .. } | Event::DomainConfirmed { domain } | Event::DomainDropped { domain } => {
                self.domains.insert(domain.clone());
            }
            Event::ServiceCreated { service, .. }
            | Event::ServiceChanged { service, .. }
            | Event::ServiceOrphaned { service }
            | Event::ServiceAdopted { service, .. }
            | Event::ServiceEnded { service } => _ = self.services.insert(*service),
            // These are about the organization alone, or about a secret, which nobody is shown.
            Event::Renamed { .. }
            | Event::Described { .. }
            | Event::PreferenceSet { .. }
            | Event::PlanChanged { .. }
            | Event::SeatsChanged { .. }
            | Event::OwnKeySet { .. }
            | Event::OrganizationRestored
            | Event::ProviderRequired { .. }
            | Event::ProvisioningSet { .. }
            | Event::OwnershipOffered { .. }
            | Event::OwnershipOfferEnded
            | Event::ServiceSecretRotated { .. }
            | Event::StatusChanged { .. } => {}
        }
    }

    /// Everybody with a row there, every service that acts there, and whoever is promised it.
    fn deleted(&mut self, organization: &Organization, workspace: WorkspaceId) {
        self.workspaces.insert(workspace);
        self.people.extend(organization.index.people_in(workspace));
        let there = organization.services().filter(|(_, service)| service.workspaces().contains(&workspace));
        self.services.extend(there.map(|(id, _)| id));
        self.invitations(organization, |invitation| invitation.access().iter().any(|(place, _)| *place == workspace));
    }

    /// Everybody in it, and wherever a rule names it.
    fn dissolved(&mut self, organization: &Organization, team: TeamId) {
        self.teams.insert(team);
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

    /// Every invitation of which something holds.
    fn invitations(&mut self, organization: &Organization, holds: impl Fn(&Invitation) -> bool) {
        let these = organization.invitations().filter(|(_, invitation)| holds(invitation));
        self.invitations.extend(these.map(|(id, _)| id));
    }
}

/// Whether it waits still, whatever the time.
fn is_open(invitation: &Invitation) -> bool {
    invitation.state == InvitationState::Open
}
