//! Doors: what somebody stands before who shows a secret or an address, in whichever organization it is.

use super::{Tenants, wait};
use crate::id::{InvitationId, OrgId, ServiceId};
use crate::organization::SecretHash;
use crate::reach::{Page, Paging};
use crate::store::{Store, StoreError};
use crate::text::Address;
use crate::time::Timestamp;

impl<S: Store> Tenants<S> {
    /// The open invitation whose link bears a secret, by its hash: for whoever has clicked the link. `None` once it is answered, taken back
    /// or over.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::{CreateOrganization, Invite};
    /// use bailiwick::reach::Paging;
    /// use bailiwick::{Actor, Address, InvitationId, Name, OrgId, Seats, SecretHash, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, acme) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// let create = CreateOrganization { name: Name::new("Acme")?, plan: "team".into(), seats: Seats::new(5), owned: 0, workspace };
    /// tenants.create(acme, create, &now.by(ada))?;
    /// let (id, secret, bob) = (InvitationId::from_u64(1).unwrap(), SecretHash::from_bytes([7; 32]), Address::new("bob@acme.example")?);
    /// tenants.handle(acme, Invite::to(id, bob.clone(), secret).role("viewer"), &now.by(ada))?;
    ///
    /// assert_eq!(tenants.invitation_by(secret, now.now)?, Some((acme, id)));
    /// assert_eq!(tenants.invitations_to(&bob, now.now, Paging::first(20))?.items, [(acme, id)]);
    /// assert_eq!(tenants.service_by(secret, now.now)?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn invitation_by(
        &self,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<(OrgId, InvitationId)>, StoreError> {
        wait(self.inner.invitation_by(secret, now))
    }

    /// The open invitations to an address, over all organizations, in order of these: for whoever has shown to receive mail there. Whether they
    /// have is for the caller to know.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn invitations_to(
        &self,
        address: &Address,
        now: Timestamp,
        paging: Paging<OrgId>,
    ) -> Result<Page<(OrgId, InvitationId), OrgId>, StoreError> {
        wait(self.inner.invitations_to(address, now, paging))
    }

    /// The service that a secret is of, by its hash: for a request that bears a key. Ask in its name as
    /// [`Actor::Service`](crate::Actor::Service). `None` once it has ended or has another secret.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn service_by(&self, secret: SecretHash, now: Timestamp) -> Result<Option<(OrgId, ServiceId)>, StoreError> {
        wait(self.inner.service_by(secret, now))
    }
}
