//! Doors: what somebody stands before who shows a secret or an address, in whichever organization it is.

use std::vec::Vec;

use super::AsyncTenants;
use crate::id::{InvitationId, OrgId, ServiceId};
use crate::limits::PLACES_TOGETHER_MAX;
use crate::organization::{InvitationState, Organization, SecretHash};
use crate::reach::{Page, Paging};
use crate::store::{AsyncStore, Key, Place, StoreError};
use crate::text::Address;
use crate::time::Timestamp;
use crate::version::Version;

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::invitation_by`](super::Tenants::invitation_by).
    pub async fn invitation_by(
        &self,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<(OrgId, InvitationId)>, StoreError> {
        for place in self.find(&Key::InvitationSecret(secret.lookup()), None, None, PLACES_TOGETHER_MAX).await? {
            let Some(id) = place.invitation() else { continue };
            let is_it = |there: &Organization| is_open(there, id, now, |invited| invited.secret == secret);
            if self.read(place.organization, is_it).await?.unwrap_or(false) {
                return Ok(Some((place.organization, id)));
            }
        }
        Ok(None)
    }

    /// As [`Tenants::invitations_to`](super::Tenants::invitations_to).
    pub async fn invitations_to(
        &self,
        address: &Address,
        now: Timestamp,
        paging: Paging<OrgId>,
    ) -> Result<Page<(OrgId, InvitationId), OrgId>, StoreError> {
        let (mut open, mut after) = (Vec::new(), paging.last());
        while open.len() <= paging.room() {
            // Of one organization at most one: behind it the next organization begins.
            let behind = after.map(|last| Place { item: Some(core::num::NonZeroU128::MAX), ..Place::of(last) });
            let places = self.find(&Key::Invited(address.key().into()), None, behind, PLACES_TOGETHER_MAX).await?;
            let Some(last) = places.last() else { break };
            after = Some(last.organization);
            for place in &places {
                let Some(id) = place.invitation() else { continue };
                let is_it = |there: &Organization| {
                    is_open(there, id, now, |invited| {
                        invited.address.as_ref().is_some_and(|to| to.key() == address.key())
                    })
                };
                if self.read(place.organization, is_it).await?.unwrap_or(false) {
                    open.push((place.organization, (place.organization, id)));
                }
            }
        }
        Ok(Page::of(Version::ZERO, &paging, open.into_iter()))
    }

    /// As [`Tenants::service_by`](super::Tenants::service_by).
    pub async fn service_by(
        &self,
        secret: SecretHash,
        now: Timestamp,
    ) -> Result<Option<(OrgId, ServiceId)>, StoreError> {
        for place in self.find(&Key::ServiceSecret(secret.lookup()), None, None, PLACES_TOGETHER_MAX).await? {
            let Some(id) = place.service() else { continue };
            let is_it = |there: &Organization| {
                there.is_open() && there.service(id).is_some_and(|is| is.secret == secret && is.is_current(now))
            };
            if self.read(place.organization, is_it).await?.unwrap_or(false) {
                return Ok(Some((place.organization, id)));
            }
        }
        Ok(None)
    }
}

/// Whether an invitation waits, and is the one that is meant.
fn is_open(
    there: &Organization,
    id: InvitationId,
    now: Timestamp,
    is_meant: impl Fn(&crate::organization::Invitation) -> bool,
) -> bool {
    let invitation = there.invitation(id).filter(|invitation| invitation.state(now) == InvitationState::Open);
    there.is_open() && invitation.is_some_and(is_meant)
}
