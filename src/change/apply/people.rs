//! People: coming, going, roles, rows.

use super::super::Event;
use crate::catalog::RoleKey;
use crate::id::UserId;
use crate::organization::{
    Indexed, InvitationState, Organization, Origin, Person, PersonStatus, Roles, Standing, Tally,
};

impl Organization {
    pub(super) fn apply_to_people(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::MemberJoined { user, roles, given_by } => {
                self.join(*user, Standing::Member(self.role_set(roles)), Origin { by: *given_by, ..origin });
            }
            Event::CollaboratorJoined { user, given_by } => {
                self.join(*user, Standing::Collaborator, Origin { by: *given_by, ..origin });
            }
            Event::MadeCollaborator { user, keeps } => {
                self.end_offer_of(*user);
                self.change(*user, origin, |person| person.make_collaborator(keeps, origin));
            }
            Event::RolesChanged { user, roles } => {
                self.end_offer_of(*user);
                self.give_roles(*user, roles, origin);
            }
            Event::OwnershipTransferred { from, from_roles, to, to_roles } => {
                self.give_roles(*to, to_roles, origin);
                self.give_roles(*from, from_roles, origin);
                if let Some(profile) = self.profile.as_mut() {
                    profile.offer = None;
                }
            }
            Event::AccessGiven { user, workspace, changes, given_by } => {
                let row = self.row(*workspace, changes, Origin { by: *given_by, ..origin });
                self.change(*user, row.origin, |person| person.set_row(row));
            }
            Event::AccessTaken { user, workspace } => {
                self.change(*user, origin, |person| person.take_row(*workspace));
            }
            Event::PersonSuspended { user } => {
                self.end_offer_of(*user);
                self.change_status(*user, PersonStatus::Suspended, origin);
            }
            Event::PersonReactivated { user } => self.change_status(*user, PersonStatus::Active, origin),
            Event::CreditsSwitched { user, on } => self.change(*user, origin, |person| person.credits = *on),
            Event::PersonRemoved { user, .. } => self.drop_person(*user),
            Event::UserErased { user } => {
                self.drop_person(*user);
                self.forget_addresses(*user);
            }
            _ => {}
        }
    }

    pub(super) fn give_roles(&mut self, user: UserId, roles: &[RoleKey], origin: Origin) {
        let roles = self.role_set(roles);
        self.change(user, origin, |person| person.set_roles(roles, origin));
    }

    pub(super) fn drop_person(&mut self, user: UserId) {
        self.end_offer_of(user);
        if let Some(person) = self.people.swap_remove(&user) {
            self.tally.subtract(Tally::of(Roles::new(&self.catalog, &self.custom_roles), &person));
            self.index.person(user, &Indexed::of(&person), None);
        }
    }

    /// Ownership is offered by members to members.
    pub(super) fn end_offer_of(&mut self, user: UserId) {
        if let Some(profile) = self.profile.as_mut() {
            profile.offer = profile.offer.filter(|offer| offer.from != user && offer.to != user);
        }
    }

    /// The addresses of invitations that a user has accepted or declined.
    pub(super) fn forget_addresses(&mut self, user: UserId) {
        for invitation in self.invitations.values_mut() {
            if invitation.accepted_by.contains(&user) {
                invitation.accepted_by.retain(|accepted| *accepted != user);
                if invitation.state != InvitationState::Open {
                    invitation.address = None; // one that is open for others keeps the address it was sent to
                }
            }
        }
    }

    /// Brings somebody in, or gives somebody who is in another standing; rows and teams stay.
    pub(super) fn join(&mut self, user: UserId, standing: Standing, origin: Origin) {
        if self.people.contains_key(&user) {
            self.change(user, origin, |person| person.begin(standing, origin));
        } else {
            let person = Person::new(standing, origin);
            self.tally.add(Tally::of(self.roles(), &person));
            self.index.person(user, &Indexed::nothing(), Some(&person));
            self.people.insert(user, person);
        }
    }

    pub(super) fn change_status(&mut self, user: UserId, status: PersonStatus, origin: Origin) {
        self.change(user, origin, |person| {
            person.status = status;
            person.status_from = origin;
        });
    }

    /// Changes one person and keeps what changed them, the counts and the index.
    pub(super) fn change(&mut self, user: UserId, origin: Origin, change: impl FnOnce(&mut Person)) {
        let roles = Roles::new(&self.catalog, &self.custom_roles);
        if let Some(person) = self.people.get_mut(&user) {
            self.tally.subtract(Tally::of(roles, person));
            let before = Indexed::of(person);
            change(person);
            person.changed = origin;
            self.index.person(user, &before, Some(person));
            self.tally.add(Tally::of(roles, person));
        }
    }
}
