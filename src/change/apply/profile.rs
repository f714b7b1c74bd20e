//! What an organization is: name, plan, standing, settings.

use alloc::sync::Arc;

use super::super::Event;
use crate::organization::{DeletionNotice, Organization, Origin, OwnershipOffer, Status, Terms};

impl Organization {
    pub(super) fn apply_to_profile(&mut self, event: &Event, origin: Origin) {
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
                profile.terms_from = origin;
            }
            Event::SeatsChanged { seats, at: None } => {
                profile.buy_seats(*seats, origin.at);
                profile.terms_from = origin;
            }
            Event::SeatsChanged { seats, at } => {
                let terms = Terms { seats: *seats, ..profile.terms_at(origin.at) };
                profile.change_terms(terms, *at, origin.at);
                profile.terms_from = origin;
            }
            Event::OwnKeySet { class, on: true } => _ = profile.own_keys.insert(*class),
            Event::OwnKeySet { class, on: false } => _ = profile.own_keys.remove(class),
            Event::StatusChanged { status } => {
                let plan = profile.terms_at(origin.at).plan;
                profile.archived_on = (*status == Status::Archived).then_some(plan);
                (profile.status, profile.status_from) = (*status, origin);
            }
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
}
