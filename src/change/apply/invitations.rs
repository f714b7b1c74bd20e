//! Invitations.

use alloc::vec::Vec;

use super::super::Event;
use crate::id::InvitationId;
use crate::organization::{Invitation, InvitationState, Organization, Origin};

impl Organization {
    pub(super) fn apply_to_invitations(&mut self, event: &Event, issued: Origin) {
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
                    // Whoever chose the secret can have handed it to anybody: it is theirs from now on.
                    if let Some(secret) = secret {
                        (resent.secret, resent.issued) = (*secret, issued);
                    }
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

    pub(super) fn close_all_invitations(&mut self) {
        self.open_by_address.clear();
        for invitation in self.invitations.values_mut().filter(|i| i.state == InvitationState::Open) {
            invitation.state = InvitationState::Revoked;
        }
    }

    pub(super) fn close(&mut self, invitation: InvitationId, state: InvitationState) {
        if let Some(closed) = self.invitations.get_mut(&invitation) {
            closed.state = state;
        }
    }

    pub(super) fn unlist(&mut self, invitation: InvitationId) {
        let listed = self.invitations.get(&invitation).and_then(|listed| listed.address.as_ref());
        if let Some(address) = listed {
            self.open_by_address.swap_remove(address.key());
        }
    }
}
