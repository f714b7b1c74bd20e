//! Records that were written under the old catalog, as they are loaded under the new one.

use super::Migration;
use super::keys::Use;
use crate::change::{Event, Record};
use crate::sharing::{Recipient, ShareEvent, ShareRecord};

impl Migration {
    /// Rewrites a record that was written under the old catalog: the same event, in the words of the new one. Version, time
    /// and actor stay.
    ///
    /// # Shape
    /// Each record by itself, in any order; costs the record. Which records of a stream were written under which catalog
    /// the caller knows: keep the version at which each organization moved. Replaying what was rewritten gives what
    /// [`reread`](Self::reread) makes of the organization.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::catalog::{Catalog, RoleDef};
    /// # use bailiwick::migrate::{Migration, Move};
    /// use bailiwick::change::{Event, Record};
    /// # let catalog = |role| Catalog::builder("notes").role(RoleDef::new("owner", 2).owner()).role(RoleDef::new(role, 1)).build().map(Arc::new);
    /// # let (old, new) = (catalog("editor")?, catalog("writer")?);
    /// let migration = Migration::builder().roles([Move::rename("editor", "writer")]).build(&old, &new)?;
    ///
    /// let user = "00000000-0000-0000-0000-000000000007";
    /// let stored = format!(r#"{{ "version": 9, "at": 0, "by": "system", "event": {{ "roles_changed": {{ "user": "{user}", "roles": ["editor"] }} }} }}"#);
    /// let record: Record = migration.upcast(serde_json::from_str(&stored)?);
    /// assert!(matches!(record.event, Event::RolesChanged { roles, .. } if roles == ["writer".into()]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn upcast(&self, mut record: Record) -> Record {
        self.rewrite(&mut record.event);
        record
    }

    /// Rewrites a record of the shares on a resource, as [`upcast`](Self::upcast) does one of an organization. What could not be shared
    /// before is not shared now. A share with a group that is gone gives nothing any more: ask before, with
    /// [`objections_of`](Self::objections_of).
    #[must_use]
    pub fn upcast_share(&self, mut record: ShareRecord) -> ShareRecord {
        match &mut record.event {
            ShareEvent::Given { to, level, .. } => {
                if let Recipient::Group(group) = to {
                    *group = self.group_key(group);
                }
                *level = self.shared_keys(level);
            }
            ShareEvent::Changed { level, .. } => *level = self.shared_keys(level),
            // These name nothing of a catalog.
            ShareEvent::Revoked { .. } | ShareEvent::Claimed { .. } | ShareEvent::HandedOver { .. } => {}
        }
        record
    }

    fn rewrite(&self, event: &mut Event) {
        match event {
            Event::OrganizationCreated { plan, roles, .. } => {
                *plan = self.plan_key(plan);
                *roles = self.role_keys(roles);
            }
            Event::PlanChanged { plan, .. } => *plan = self.plan_key(plan),
            Event::ProviderRequired { provider: Some(provider) } => *provider = self.provider_key(provider),
            Event::DomainSet { roles, .. }
            | Event::ProvisioningSet { roles: Some(roles) }
            | Event::MemberJoined { roles, .. }
            | Event::RolesChanged { roles, .. } => *roles = self.role_keys(roles),
            Event::OwnershipTransferred { from_roles, to_roles, .. } => {
                *from_roles = self.role_keys(from_roles);
                *to_roles = self.role_keys(to_roles);
            }
            Event::Invited { roles, access, .. } | Event::InvitationEdited { roles, access, .. } => {
                *roles = self.role_keys(roles);
                access.iter_mut().for_each(|(_, changes)| *changes = self.changes(changes));
            }
            Event::AccessGiven { changes, .. } => *changes = self.changes(changes),
            Event::CustomRoleSet { like, permissions, .. } => {
                *like = self.role_key(like).unwrap_or_else(|| Self::nothing().into());
                *permissions = self.permission_keys(permissions, Use::Giving);
            }
            Event::CustomRoleDeleted { role, instead } => {
                *role = self.role_key(role).unwrap_or_else(|| Self::nothing().into());
                *instead = instead.as_ref().and_then(|role| self.role_key(role));
            }
            Event::RuleSet { holder, given, taken, .. } => self.rule(holder, given, taken),
            Event::ServiceCreated { permissions, .. } | Event::ServiceChanged { permissions, .. } => {
                *permissions = self.permission_keys(permissions, Use::Giving);
            }
            // These name nothing of a catalog.
            Event::Renamed { .. }
            | Event::Described { .. }
            | Event::PreferenceSet { .. }
            | Event::SeatsChanged { .. }
            | Event::OwnKeySet { .. }
            | Event::OrganizationDeleted { .. }
            | Event::OrganizationRestored
            | Event::ProviderRequired { provider: None }
            | Event::DomainConfirmed { .. }
            | Event::DomainDropped { .. }
            | Event::ProvisioningSet { roles: None }
            | Event::WorkspaceCreated { .. }
            | Event::WorkspaceRenamed { .. }
            | Event::WorkspaceArchived { .. }
            | Event::WorkspaceReopened { .. }
            | Event::WorkspaceDeleted { .. }
            | Event::InvitationResent { .. }
            | Event::InvitationDeclined { .. }
            | Event::InvitationRevoked { .. }
            | Event::InvitationAccepted { .. }
            | Event::CollaboratorJoined { .. }
            | Event::MadeCollaborator { .. }
            | Event::AccessTaken { .. }
            | Event::PersonSuspended { .. }
            | Event::PersonReactivated { .. }
            | Event::CreditsSwitched { .. }
            | Event::PersonRemoved { .. }
            | Event::UserErased { .. }
            | Event::OwnershipOffered { .. }
            | Event::OwnershipOfferEnded
            | Event::TeamCreated { .. }
            | Event::TeamRenamed { .. }
            | Event::TeamDissolved { .. }
            | Event::TeamJoined { .. }
            | Event::TeamLeft { .. }
            | Event::ServiceSecretRotated { .. }
            | Event::ServiceOrphaned { .. }
            | Event::ServiceAdopted { .. }
            | Event::ServiceEnded { .. }
            | Event::StatusChanged { .. } => {}
        }
    }
}
