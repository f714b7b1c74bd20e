//! Applying: an event changes the state, and cannot fail.
//!
//! `handle` has judged; what is named here exists. Replaying a history from elsewhere, where a catalog may have changed
//! meanwhile, a key that nothing has any more gives nothing.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::{Event, Record};
use crate::catalog::{PermissionKey, PermissionSet, RoleKey, RoleSet};
use crate::id::{InvitationId, ServiceId, UserId, WorkspaceId};
use crate::organization::{
    AccessRow, CustomRole, DeletionNotice, DomainRule, Invitation, InvitationState, Kind, Organization, Origin,
    Override, OwnershipOffer, Person, PersonStatus, Profile, Roles, Rule, RuleFor, RuleHolder, Service, Standing,
    Status, Tally, Team, Terms, Workspace,
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

    fn apply_to_profile(&mut self, event: &Event, origin: Origin) {
        let catalog = Arc::clone(&self.catalog);
        let provisioned = match event {
            Event::ProvisioningSet { roles } => roles.as_ref().map(|roles| self.role_set(roles)),
            _ => None,
        };
        if matches!(event, Event::OrganizationDeleted { .. }) {
            self.close_all_invitations();
        }
        let Some(profile) = self.profile.as_mut() else { return };
        match event {
            Event::Renamed { name } => profile.name = name.clone(),
            Event::Described { description } => profile.description.clone_from(description),
            Event::PreferenceSet { key, value: Some(value) } => {
                profile.preferences.insert(key.clone(), value.clone());
            }
            Event::PreferenceSet { key, value: None } => _ = profile.preferences.remove(key),
            Event::PlanChanged { plan, seats, at } => {
                let Some(plan) = catalog.plan(plan.as_str()) else { return };
                profile.change_terms(Terms { plan, seats: *seats }, *at, origin.at);
            }
            Event::SeatsChanged { seats, at: None } => profile.buy_seats(*seats, origin.at),
            Event::SeatsChanged { seats, at } => {
                let terms = Terms { seats: *seats, ..profile.terms_at(origin.at) };
                profile.change_terms(terms, *at, origin.at);
            }
            Event::OwnKeySet { class, on: true } => _ = profile.own_keys.insert(class.clone()),
            Event::OwnKeySet { class, on: false } => _ = profile.own_keys.remove(class),
            Event::StatusChanged { status } => (profile.status, profile.status_from) = (*status, origin),
            Event::OrganizationDeleted { disposition, purge_at } => {
                let (disposition, purge_at) = (*disposition, *purge_at);
                profile.deletion = Some(DeletionNotice { disposition, purge_at, origin });
                profile.offer = None;
            }
            Event::OrganizationRestored => profile.deletion = None,
            Event::ProviderRequired { provider } => {
                profile.provider = provider.as_ref().and_then(|key| catalog.provider(key));
            }
            Event::ProvisioningSet { .. } => profile.provisioned_roles = provisioned,
            Event::OwnershipOffered { from, to } => {
                profile.offer = Some(OwnershipOffer { from: *from, to: *to, origin });
            }
            Event::OwnershipOfferEnded => profile.offer = None,
            _ => {}
        }
    }

    fn apply_to_workspaces(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::WorkspaceCreated { workspace, name } => {
                let created = Workspace { name: name.clone(), rules: Vec::new(), created: origin, archived: None };
                self.workspaces.insert(*workspace, created);
            }
            Event::WorkspaceRenamed { workspace, name } => {
                self.in_workspace(*workspace, |place| place.name = name.clone());
            }
            Event::WorkspaceArchived { workspace } => {
                self.in_workspace(*workspace, |place| place.archived = Some(origin));
            }
            Event::WorkspaceReopened { workspace } => self.in_workspace(*workspace, |place| place.archived = None),
            Event::WorkspaceDeleted { workspace } => self.drop_workspace(*workspace),
            Event::RuleSet { workspace, holder, given, taken, until } => {
                let (given, taken) = (self.permission_set(given), self.permission_set(taken));
                let Some(holder) = self.rule_holder(holder) else { return };
                let rule = Rule { holder, given, taken, until: *until, origin };
                self.in_workspace(*workspace, |place| {
                    place.rules.retain(|rule| rule.holder != holder);
                    if !(given | taken).is_empty() {
                        place.rules.push(rule);
                    }
                });
            }
            _ => {}
        }
    }

    fn in_workspace(&mut self, workspace: WorkspaceId, change: impl FnOnce(&mut Workspace)) {
        let Some(place) = self.workspaces.get_mut(&workspace) else { return };
        change(place);
        if place.rules.is_empty() {
            self.ruled.remove(&workspace);
        } else {
            self.ruled.insert(workspace);
        }
    }

    /// Everything that names the workspace goes with it.
    fn drop_workspace(&mut self, workspace: WorkspaceId) {
        self.workspaces.shift_remove(&workspace);
        self.ruled.remove(&workspace);
        for person in self.people.values_mut() {
            person.take_row(workspace); // rows change no count
        }
        for invitation in self.invitations.values_mut() {
            invitation.access.retain(|(promised, _)| *promised != workspace);
        }
        for service in self.services.values_mut() {
            service.workspaces.retain(|place| *place != workspace);
        }
    }

    fn apply_to_people(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::MemberJoined { user, roles, given_by } => {
                self.join(*user, Standing::Member(self.role_set(roles)), Origin { by: *given_by, ..origin });
            }
            Event::CollaboratorJoined { user, given_by } => {
                self.join(*user, Standing::Collaborator, Origin { by: *given_by, ..origin });
            }
            Event::MadeCollaborator { user } => {
                self.end_offer_of(*user);
                self.change(*user, |person| person.make_collaborator(origin));
            }
            Event::RolesChanged { user, roles } => self.give_roles(*user, roles, origin),
            Event::OwnershipTransferred { from, from_roles, to, to_roles } => {
                self.give_roles(*to, to_roles, origin);
                self.give_roles(*from, from_roles, origin);
                if let Some(profile) = self.profile.as_mut() {
                    profile.offer = None;
                }
            }
            Event::AccessGiven { user, workspace, changes, given_by } => {
                let row = self.row(*workspace, changes, Origin { by: *given_by, ..origin });
                self.change(*user, |person| person.set_row(row));
            }
            Event::AccessTaken { user, workspace } => self.change(*user, |person| person.take_row(*workspace)),
            Event::PersonSuspended { user } => self.change_status(*user, PersonStatus::Suspended, origin),
            Event::PersonReactivated { user } => self.change_status(*user, PersonStatus::Active, origin),
            Event::PersonRemoved { user, .. } => self.drop_person(*user),
            Event::UserErased { user } => {
                self.drop_person(*user);
                self.forget_addresses(*user);
            }
            _ => {}
        }
    }

    fn give_roles(&mut self, user: UserId, roles: &[RoleKey], origin: Origin) {
        let roles = self.role_set(roles);
        self.change(user, |person| {
            person.standing = Standing::Member(roles);
            person.roles_from = origin;
        });
    }

    fn drop_person(&mut self, user: UserId) {
        self.end_offer_of(user);
        if let Some(person) = self.people.swap_remove(&user) {
            self.tally.subtract(Tally::of(Roles::new(&self.catalog, &self.custom_roles), &person));
        }
    }

    /// Ownership is offered by members to members.
    fn end_offer_of(&mut self, user: UserId) {
        if let Some(profile) = self.profile.as_mut() {
            profile.offer = profile.offer.filter(|offer| offer.from != user && offer.to != user);
        }
    }

    /// The addresses of invitations that a user has accepted or declined.
    fn forget_addresses(&mut self, user: UserId) {
        for invitation in self.invitations.values_mut() {
            if invitation.state != InvitationState::Open && invitation.accepted_by.contains(&user) {
                invitation.address = None;
                invitation.accepted_by.retain(|accepted| *accepted != user);
            }
        }
    }

    fn apply_to_teams(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::TeamCreated { team, name } => {
                self.teams.insert(*team, Team { name: name.clone(), created: origin });
            }
            Event::TeamRenamed { team, name } => {
                if let Some(renamed) = self.teams.get_mut(team) {
                    renamed.name = name.clone();
                }
            }
            Event::TeamDissolved { team } => {
                self.teams.shift_remove(team);
                self.people.values_mut().for_each(|person| person.leave_team(*team)); // teams change no count
                let holder = RuleHolder::Team(*team);
                for workspace in self.ruled.clone() {
                    self.in_workspace(workspace, |place| place.rules.retain(|rule| rule.holder != holder));
                }
            }
            Event::TeamJoined { team, user } => self.change(*user, |person| person.join_team(*team)),
            Event::TeamLeft { team, user } => self.change(*user, |person| person.leave_team(*team)),
            _ => {}
        }
    }

    fn apply_to_services(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::ServiceCreated { service, name, sponsor, permissions, workspaces, until, secret } => {
                let permissions = self.any_permission_set(permissions);
                let made = Service {
                    name: name.clone(),
                    sponsor: Some(*sponsor),
                    permissions,
                    workspaces: sorted(workspaces),
                    secret: *secret,
                    until: *until,
                    origin,
                };
                self.services.insert(*service, made);
            }
            Event::ServiceChanged { service, permissions, workspaces, until } => {
                let permissions = self.any_permission_set(permissions);
                self.in_service(*service, |changed| {
                    (changed.permissions, changed.workspaces) = (permissions, sorted(workspaces));
                    (changed.until, changed.origin) = (*until, origin);
                });
            }
            Event::ServiceSecretRotated { service, secret } => {
                self.in_service(*service, |changed| changed.secret = *secret);
            }
            Event::ServiceOrphaned { service } => self.in_service(*service, |changed| changed.sponsor = None),
            Event::ServiceAdopted { service, sponsor, secret } => self.in_service(*service, |changed| {
                (changed.sponsor, changed.secret, changed.origin) = (Some(*sponsor), *secret, origin);
            }),
            Event::ServiceEnded { service } => _ = self.services.shift_remove(service),
            _ => {}
        }
    }

    fn in_service(&mut self, service: ServiceId, change: impl FnOnce(&mut Service)) {
        if let Some(changed) = self.services.get_mut(&service) {
            change(changed);
        }
    }

    /// A custom role goes, and another one takes its place wherever it was named.
    fn replace_role(&mut self, key: &RoleKey, instead: Option<&RoleKey>, origin: Origin) {
        let Some(role) = self.role(key.as_str()) else { return };
        let other = instead.and_then(|key| self.role(key.as_str()));
        let replaced = |roles: RoleSet| match roles.contains(role) {
            true => roles.without(role).iter().chain(other).collect(),
            false => roles,
        };
        for person in self.people.values_mut() {
            person.replace_role(role, other, origin);
        }
        for rule in self.domains.values_mut() {
            rule.roles = replaced(rule.roles);
        }
        if let Some(profile) = self.profile.as_mut() {
            profile.provisioned_roles = profile.provisioned_roles.map(replaced);
        }
        for invitation in self.invitations.values_mut().filter(|i| i.state == InvitationState::Open) {
            invitation.replace_role(key, instead);
        }
        self.drop_role(role);
        self.recount();
    }

    /// Counts heads anew: what a role says of them may have changed.
    fn recount(&mut self) {
        let roles = Roles::new(&self.catalog, &self.custom_roles);
        let mut tally = Tally::default();
        self.people.values().for_each(|person| tally.add(Tally::of(roles, person)));
        self.tally = tally;
    }

    fn apply_to_invitations(&mut self, event: &Event, issued: Origin) {
        match event {
            Event::Invited { invitation, address, roles, access, secret, until, uses } => {
                let (roles, access) = (roles.clone(), access.clone());
                let made = Invitation {
                    address: Some(address.clone()),
                    roles,
                    access,
                    secret: *secret,
                    until: *until,
                    uses_left: *uses,
                    state: InvitationState::Open,
                    accepted_by: Vec::new(),
                    issued,
                };
                if let Some(old) = self.open_by_address.insert(address.key().into(), *invitation) {
                    self.close(old, InvitationState::Superseded);
                }
                self.invitations.insert(*invitation, made);
            }
            Event::InvitationEdited { invitation, roles, access } => {
                if let Some(edited) = self.invitations.get_mut(invitation) {
                    (edited.roles, edited.access, edited.issued) = (roles.clone(), access.clone(), issued);
                }
            }
            Event::InvitationResent { invitation, until, secret } => {
                if let Some(resent) = self.invitations.get_mut(invitation) {
                    resent.until = *until;
                    resent.secret = secret.unwrap_or(resent.secret);
                }
            }
            Event::InvitationRevoked { invitation } => {
                self.unlist(*invitation);
                self.close(*invitation, InvitationState::Revoked);
            }
            Event::InvitationDeclined { invitation, user } => {
                self.unlist(*invitation);
                self.close(*invitation, InvitationState::Declined);
                if let Some(declined) = self.invitations.get_mut(invitation) {
                    declined.accepted_by.push(*user);
                }
            }
            Event::InvitationAccepted { invitation, user } => {
                let Some(accepted) = self.invitations.get_mut(invitation) else { return };
                accepted.accepted_by.push(*user);
                accepted.uses_left = accepted.uses_left.saturating_sub(1);
                if accepted.uses_left == 0 {
                    self.unlist(*invitation);
                    self.close(*invitation, InvitationState::Accepted);
                }
            }
            _ => {}
        }
    }

    fn close_all_invitations(&mut self) {
        self.open_by_address.clear();
        for invitation in self.invitations.values_mut().filter(|i| i.state == InvitationState::Open) {
            invitation.state = InvitationState::Revoked;
        }
    }

    fn close(&mut self, invitation: InvitationId, state: InvitationState) {
        if let Some(closed) = self.invitations.get_mut(&invitation) {
            closed.state = state;
        }
    }

    fn unlist(&mut self, invitation: InvitationId) {
        let listed = self.invitations.get(&invitation).and_then(|listed| listed.address.as_ref());
        if let Some(address) = listed {
            self.open_by_address.swap_remove(address.key());
        }
    }

    /// Brings somebody in, or gives somebody who is in another standing; rows and teams stay.
    fn join(&mut self, user: UserId, standing: Standing, origin: Origin) {
        if self.people.contains_key(&user) {
            self.change(user, |person| {
                person.standing = standing;
                person.roles_from = origin;
            });
        } else {
            let person = Person::new(standing, origin);
            self.tally.add(Tally::of(self.roles(), &person));
            self.people.insert(user, person);
        }
    }

    fn change_status(&mut self, user: UserId, status: PersonStatus, origin: Origin) {
        self.change(user, |person| {
            person.status = status;
            person.status_from = origin;
        });
    }

    /// Changes one person and keeps the counts.
    fn change(&mut self, user: UserId, change: impl FnOnce(&mut Person)) {
        let roles = Roles::new(&self.catalog, &self.custom_roles);
        if let Some(person) = self.people.get_mut(&user) {
            self.tally.subtract(Tally::of(roles, person));
            change(person);
            self.tally.add(Tally::of(roles, person));
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
        status: Status::Active,
        status_from: origin,
        creator,
        provider: None,
        provisioned_roles: None,
        own_keys: BTreeSet::new(),
        preferences: BTreeMap::new(),
        offer: None,
        deletion: None,
    }
}

fn sorted(workspaces: &[WorkspaceId]) -> Vec<WorkspaceId> {
    let set: BTreeSet<WorkspaceId> = workspaces.iter().copied().collect();
    set.into_iter().collect()
}
