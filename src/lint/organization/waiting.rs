//! What waits for somebody: invitations, services.

use alloc::string::String;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use super::people::days;
use crate::limits::INVITATION_WAITS;
use crate::organization::{InvitationState, Organization};
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    for (id, invitation) in organization.invitations() {
        let place = Place::Invitation(id);
        match invitation.state(now) {
            InvitationState::Open if now.since(invitation.issued().at) >= INVITATION_WAITS => {
                let facts = alloc::format!("for {}", days(now, invitation.issued().at));
                found.push(Finding::new(Lint::WaitingInvitation, place, facts));
            }
            InvitationState::Expired => {
                let facts = alloc::format!("{} ago", days(now, invitation.until()));
                found.push(Finding::new(Lint::ExpiredInvitation, place, facts));
            }
            _ => {}
        }
    }
    for (id, service) in organization.services() {
        let name = String::from(service.name().as_str());
        if service.sponsor().is_none() {
            found.push(Finding::new(Lint::OrphanedService, Place::Service(id), name.clone()));
        }
        if !service.is_current(now) {
            found.push(Finding::new(Lint::EndedService, Place::Service(id), name));
        }
    }
}
