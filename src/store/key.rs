//! Keys: what something is found by across organizations, and where it leads.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::num::NonZeroU128;

use super::Claim;
use super::claim::held;
use crate::change::{Event, Record};
use crate::id::{InvitationId, OrgId, ResourceId, ServiceId, ShareId, UserId};
use crate::organization::{Invitation, InvitationState, LookupHash, Organization};
use crate::sharing::{ShareAt, ShareKey, ShareKeys, ShareRecord, Sheet};

/// What something is found by, in all organizations.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Key {
    /// What only one organization can have. Leads to that organization.
    Claim(Claim),
    /// A user. Leads to the organizations that they belong to, as member or collaborator, and that are not deleted.
    Belongs(UserId),
    /// An address, normalized. Leads to the open invitations to it.
    Invited(String),
    /// The hash of an invitation's secret. Leads to the invitation.
    InvitationSecret(LookupHash),
    /// The hash of a service's secret. Leads to the service.
    ServiceSecret(LookupHash),
    /// To whom something is shared. Leads to the shares.
    Share(ShareKey),
}

impl Key {
    /// Whether it leads to one place at the most, however many writers race for it.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        match self {
            Self::Claim(_) => true,
            Self::Share(key) => key.is_unique(),
            Self::Belongs(_) | Self::Invited(_) | Self::InvitationSecret(_) | Self::ServiceSecret(_) => false,
        }
    }
}

/// Where a key leads. Ordered, so that a listing goes on after one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// In which organization.
    pub organization: OrgId,
    /// On which resource, of a share.
    pub resource: Option<ResourceId>,
    /// Which invitation, service or share; `None` for the organization itself.
    pub item: Option<NonZeroU128>,
}

impl Place {
    /// An organization.
    #[must_use]
    pub const fn of(organization: OrgId) -> Self {
        Self { organization, resource: None, item: None }
    }

    /// The invitation that is there.
    #[must_use]
    pub fn invitation(&self) -> Option<InvitationId> {
        self.item.filter(|_| self.resource.is_none()).map(InvitationId::from_bits)
    }

    /// The service that is there.
    #[must_use]
    pub fn service(&self) -> Option<ServiceId> {
        self.item.filter(|_| self.resource.is_none()).map(ServiceId::from_bits)
    }

    /// The share that is there.
    #[must_use]
    pub fn share(&self) -> Option<ShareAt> {
        let share = ShareId::from_bits(self.item?);
        Some(ShareAt { organization: self.organization, resource: self.resource?, share })
    }

    fn inside(organization: OrgId, item: u128) -> Self {
        Self { item: NonZeroU128::new(item), ..Self::of(organization) }
    }
}

impl From<ShareAt> for Place {
    fn from(at: ShareAt) -> Self {
        Self { resource: Some(at.resource), ..Self::inside(at.organization, at.share.as_u128()) }
    }
}

/// What an append changes in the keys. What is removed is removed first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Keys {
    /// Leads nowhere any more, or not there.
    pub removed: Vec<(Key, Place)>,
    /// Leads there from now on.
    pub added: Vec<(Key, Place)>,
}

impl Keys {
    /// What records change, of an organization as it was before them.
    #[must_use]
    pub fn of(organization: &Organization, records: &[Record]) -> Self {
        let mut keys = Self::default();
        for record in records {
            let (taken, released) = Claim::changes(organization, &record.event);
            let at = |claim| (Key::Claim(claim), Place::of(organization.id()));
            keys.added.extend(taken.into_iter().map(at));
            keys.removed.extend(released.into_iter().map(at));
            keys.note_people(organization, &record.event);
            keys.note_invitations(organization, &record.event);
            keys.note_services(organization, &record.event);
        }
        keys
    }

    /// What records change, of a sheet of shares as it was before them.
    #[must_use]
    pub fn of_sheet(sheet: &Sheet, records: &[ShareRecord]) -> Self {
        let ShareKeys { added, removed } = ShareKeys::of(sheet, records);
        let (organization, resource) = (sheet.organization(), sheet.resource());
        let at = |(key, share)| (Key::Share(key), ShareAt { organization, resource, share }.into());
        Self { removed: removed.into_iter().map(at).collect(), added: added.into_iter().map(at).collect() }
    }

    /// Every key of an organization as it is, in order: what its records have added and not removed again. Its shares are asked for
    /// themselves.
    #[must_use]
    pub fn standing(organization: &Organization) -> Vec<(Key, Place)> {
        let (id, here) = (organization.id(), Place::of(organization.id()));
        let mut keys = Vec::new();
        if organization.profile().is_some_and(|profile| profile.deletion.is_none()) {
            keys.extend(held(organization).into_iter().map(|claim| (Key::Claim(claim), here)));
            keys.extend(organization.people().map(|(user, _)| (Key::Belongs(user), here)));
        }
        let is_open = |(_, invitation): &(_, &Invitation)| invitation.state == InvitationState::Open;
        for (invitation, open) in organization.invitations().filter(is_open) {
            let place = Place::inside(id, invitation.as_u128());
            keys.extend(open.address().map(|address| (Key::Invited(address.key().to_string()), place)));
            keys.push((Key::InvitationSecret(open.secret.lookup()), place));
        }
        let services = organization.services();
        keys.extend(
            services
                .map(|(service, it)| (Key::ServiceSecret(it.secret.lookup()), Place::inside(id, service.as_u128()))),
        );
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Every key of the shares on a resource, in order, by the records of its sheet from the first one on.
    #[must_use]
    pub fn standing_of_sheet(organization: OrgId, resource: ResourceId, records: &[ShareRecord]) -> Vec<(Key, Place)> {
        let (mut sheet, mut keys) = (Sheet::new(organization, resource), BTreeSet::new());
        for record in records {
            let Self { removed, added } = Self::of_sheet(&sheet, core::slice::from_ref(record));
            removed.iter().for_each(|key| _ = keys.remove(key));
            keys.extend(added);
            sheet.apply(record);
        }
        keys.into_iter().collect()
    }

    fn note_people(&mut self, organization: &Organization, event: &Event) {
        let place = Place::of(organization.id());
        let everybody = || organization.people().map(|(user, _)| (Key::Belongs(user), place));
        match event {
            Event::OrganizationCreated { owner: user, .. }
            | Event::MemberJoined { user, .. }
            | Event::CollaboratorJoined { user, .. } => self.added.push((Key::Belongs(*user), place)),
            Event::PersonRemoved { user, .. } | Event::UserErased { user } => {
                self.removed.push((Key::Belongs(*user), place));
            }
            Event::OrganizationDeleted { .. } => self.removed.extend(everybody()),
            Event::OrganizationRestored => self.added.extend(everybody()),
            _ => {}
        }
    }

    fn note_invitations(&mut self, organization: &Organization, event: &Event) {
        let id = organization.id();
        match event {
            Event::Invited { invitation, address, secret, .. } => {
                if let Some(superseded) = organization.open_by_address.get(address.key()) {
                    self.close(organization, *superseded);
                }
                let place = Place::inside(id, invitation.as_u128());
                self.added.push((Key::Invited(address.key().to_string()), place));
                self.added.push((Key::InvitationSecret(secret.lookup()), place));
            }
            Event::InvitationResent { invitation, secret: Some(secret), .. } => {
                let place = Place::inside(id, invitation.as_u128());
                let old = organization.invitation(*invitation).map(|resent| resent.secret.lookup());
                self.removed.extend(old.map(|old| (Key::InvitationSecret(old), place)));
                self.added.push((Key::InvitationSecret(secret.lookup()), place));
            }
            Event::InvitationRevoked { invitation } | Event::InvitationDeclined { invitation, .. } => {
                self.close(organization, *invitation);
            }
            Event::InvitationAccepted { invitation, .. } => {
                let last = organization.invitation(*invitation).filter(|accepted| accepted.uses_left <= 1);
                last.iter().for_each(|_| self.close(organization, *invitation));
            }
            Event::OrganizationDeleted { .. } => {
                let is_open = |(_, invitation): &(_, &Invitation)| invitation.state == InvitationState::Open;
                organization.invitations().filter(is_open).for_each(|(open, _)| self.close(organization, open));
            }
            _ => {}
        }
    }

    /// An invitation that is closed is not found any more.
    fn close(&mut self, organization: &Organization, invitation: InvitationId) {
        let Some(closed) = organization.invitation(invitation) else { return };
        let place = Place::inside(organization.id(), invitation.as_u128());
        let address = closed.address().map(|address| Key::Invited(address.key().to_string()));
        let keys = address.into_iter().chain([Key::InvitationSecret(closed.secret.lookup())]);
        self.removed.extend(keys.map(|key| (key, place)));
    }

    fn note_services(&mut self, organization: &Organization, event: &Event) {
        let (service, secret) = match event {
            Event::ServiceCreated { service, secret, .. }
            | Event::ServiceSecretRotated { service, secret }
            | Event::ServiceAdopted { service, secret, .. } => (*service, Some(*secret)),
            Event::ServiceEnded { service } => (*service, None),
            _ => return,
        };
        let place = Place::inside(organization.id(), service.as_u128());
        let old = organization.service(service).map(|there| there.secret.lookup());
        self.removed.extend(old.map(|old| (Key::ServiceSecret(old), place)));
        self.added.extend(secret.map(|new| (Key::ServiceSecret(new.lookup()), place)));
    }
}
