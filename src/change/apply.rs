//! Applying: an event changes the state, and cannot fail.
//!
//! `handle` has judged; what is named here exists. Replaying a history from elsewhere, where a catalog may have changed
//! meanwhile, a key that nothing has any more gives nothing.

use alloc::vec::Vec;

use super::{Event, Record};
use crate::catalog::{PermissionKey, PermissionSet, RoleKey, RoleSet};
use crate::id::UserId;
use crate::organization::{
    AccessRow, Invitation, InvitationState, Organization, Origin, Override, Person, PersonStatus, Profile, Rule,
    RuleFor, RuleHolder, Standing, Status, Tally, Team, Workspace,
};

impl Organization {
    /// Changes the state by one event. Costs the change, not the organization; cannot fail.
    ///
    /// # Shape
    /// Records are applied in order of their versions, each once. The version becomes the record's.
    ///
    /// # Examples
    /// See [`Organization`].
    pub fn apply(&mut self, record: &Record) {
        let origin = Origin { version: record.version, at: record.at, by: record.by };
        self.version = record.version;
        match &record.event {
            Event::OrganizationCreated { kind, name, plan, seats, owner, roles } => {
                let Some(plan) = self.catalog.plan(plan.as_str()) else { return };
                let (kind, name, seats) = (*kind, name.clone(), *seats);
                self.profile = Some(Profile { kind, name, plan, status: Status::Active, seats, creator: *owner });
                self.join(*owner, Standing::Member(self.role_set(roles)), origin);
            }
            Event::WorkspaceCreated { workspace, name } => {
                let created = Workspace { name: name.clone(), rules: Vec::new(), created: origin };
                self.workspaces.insert(*workspace, created);
            }
            Event::Invited { .. } | Event::InvitationRevoked { .. } | Event::InvitationAccepted { .. } => {
                self.apply_to_invitations(&record.event, origin);
            }
            Event::MemberJoined { user, roles, given_by } => {
                self.join(*user, Standing::Member(self.role_set(roles)), Origin { by: *given_by, ..origin });
            }
            Event::CollaboratorJoined { user, given_by } => {
                self.join(*user, Standing::Collaborator, Origin { by: *given_by, ..origin });
            }
            Event::RolesChanged { user, roles } => {
                let roles = self.role_set(roles);
                self.change(*user, |person| {
                    person.standing = Standing::Member(roles);
                    person.roles_from = origin;
                });
            }
            Event::AccessGiven { user, workspace, changes, given_by } => {
                let row = self.row(*workspace, changes, Origin { by: *given_by, ..origin });
                self.change(*user, |person| person.set_row(row));
            }
            Event::AccessTaken { user, workspace } => {
                self.change(*user, |person| person.take_row(*workspace));
            }
            Event::PersonSuspended { user } => self.change_status(*user, PersonStatus::Suspended, origin),
            Event::PersonReactivated { user } => self.change_status(*user, PersonStatus::Active, origin),
            Event::PersonRemoved { user, .. } => {
                if let Some(person) = self.people.swap_remove(user) {
                    self.tally.subtract(Tally::of(&self.catalog, &person));
                }
            }
            Event::TeamCreated { team, name } => {
                self.teams.insert(*team, Team { name: name.clone(), created: origin });
            }
            Event::TeamJoined { team, user } => self.change(*user, |person| person.join_team(*team)),
            Event::TeamLeft { team, user } => self.change(*user, |person| person.leave_team(*team)),
            Event::RuleSet { workspace, holder, given, taken, until } => {
                let (given, taken) = (self.permission_set(given), self.permission_set(taken));
                let Some(holder) = self.rule_holder(holder) else { return };
                let Some(place) = self.workspaces.get_mut(workspace) else { return };
                place.rules.retain(|rule| rule.holder != holder);
                if !(given | taken).is_empty() {
                    place.rules.push(Rule { holder, given, taken, until: *until, origin });
                }
            }
            Event::StatusChanged { status } => {
                if let Some(profile) = self.profile.as_mut() {
                    profile.status = *status;
                }
            }
        }
    }

    fn apply_to_invitations(&mut self, event: &Event, issued: Origin) {
        match event {
            Event::Invited { invitation, address, roles, access, secret, until, uses } => {
                let (roles, access) = (roles.clone(), access.clone());
                let made = Invitation {
                    address: address.clone(),
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
            Event::InvitationRevoked { invitation } => {
                self.unlist(*invitation);
                self.close(*invitation, InvitationState::Revoked);
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

    fn close(&mut self, invitation: crate::id::InvitationId, state: InvitationState) {
        if let Some(closed) = self.invitations.get_mut(&invitation) {
            closed.state = state;
        }
    }

    fn unlist(&mut self, invitation: crate::id::InvitationId) {
        if let Some(listed) = self.invitations.get(&invitation) {
            self.open_by_address.swap_remove(listed.address.key());
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
            self.tally.add(Tally::of(&self.catalog, &person));
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
        if let Some(person) = self.people.get_mut(&user) {
            self.tally.subtract(Tally::of(&self.catalog, person));
            change(person);
            self.tally.add(Tally::of(&self.catalog, person));
        }
    }

    /// The handles of role keys; one that the catalog does not have gives nothing.
    pub(super) fn role_set(&self, keys: &[RoleKey]) -> RoleSet {
        keys.iter().filter_map(|key| self.catalog.role(key.as_str())).collect()
    }

    /// The handles of permission keys; one that the catalog does not have gives nothing.
    pub(super) fn permission_set(&self, keys: &[PermissionKey]) -> PermissionSet {
        let set: PermissionSet = keys.iter().filter_map(|key| self.catalog.permission(key.as_str())).collect();
        set - self.catalog.organization_scope()
    }

    /// The row that an override makes.
    pub(super) fn row(&self, workspace: crate::id::WorkspaceId, changes: &Override, origin: Origin) -> AccessRow {
        AccessRow {
            workspace,
            role: changes.role.as_ref().and_then(|key| self.catalog.role(key.as_str())),
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
