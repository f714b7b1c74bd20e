//! Services.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::Event;
use crate::id::{ServiceId, WorkspaceId};
use crate::organization::{Organization, Origin, Service};

impl Organization {
    pub(super) fn apply_to_services(&mut self, event: &Event, origin: Origin) {
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
                    adopted_at: None,
                    origin,
                };
                self.services.insert(*service, made);
                self.index.services.insert(*service);
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
            Event::ServiceOrphaned { service } => self.in_service(*service, |changed| {
                (changed.sponsor, changed.origin) = (None, origin);
            }),
            Event::ServiceAdopted { service, sponsor, secret } => self.in_service(*service, |changed| {
                (changed.sponsor, changed.secret, changed.origin) = (Some(*sponsor), *secret, origin);
                changed.adopted_at = Some(origin.at);
            }),
            Event::ServiceEnded { service } => {
                self.services.shift_remove(service);
                self.index.services.remove(service);
            }
            _ => {}
        }
    }

    pub(super) fn in_service(&mut self, service: ServiceId, change: impl FnOnce(&mut Service)) {
        if let Some(changed) = self.services.get_mut(&service) {
            change(changed);
        }
    }
}

fn sorted(workspaces: &[WorkspaceId]) -> Vec<WorkspaceId> {
    let set: BTreeSet<WorkspaceId> = workspaces.iter().copied().collect();
    set.into_iter().collect()
}
