//! What is taken from outside: public links that are followed, and what waits for an address.

use std::vec::Vec;

use super::shares::alone;
use super::{AsyncTenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{AddressProof, Context, Refusal};
use crate::id::{LinkId, OrgId, ResourceId};
use crate::limits::PLACES_TOGETHER_MAX;
use crate::organization::SecretHash;
use crate::sharing::{ClaimShare, FollowLink, Recipient, ShareAt, ShareKey};
use crate::store::{AsyncStore, Key, StoreError};

/// Where a public link leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FollowedLink {
    /// Where it is.
    pub at: ShareAt,
    /// As whom whoever followed it asks from now on.
    pub actor: Actor,
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::follow_link`](super::Tenants::follow_link).
    pub async fn follow_link(&self, secret: SecretHash, facts: &Facts<'_>) -> Result<FollowedLink, TenantsError> {
        let places = self.shares_by(&ShareKey::Secret(secret.lookup()), None, None, 1).await?;
        let at = places.into_iter().next().ok_or(Refusal::UnknownShare)?;
        let follow = FollowLink { share: at.share, secret };
        let link = self.follow_known((at.organization, at.resource), follow, &facts.by(Actor::System)).await?;
        Ok(FollowedLink { at, actor: Actor::Link(link) })
    }

    /// Follows a link whose place is known, and counts that where there is a limit.
    pub(super) async fn follow_known(
        &self,
        (organization, resource): (OrgId, ResourceId),
        command: FollowLink,
        context: &Context<'_>,
    ) -> Result<LinkId, TenantsError> {
        let cell = self.cell(organization).await?.ok_or(Refusal::UnknownShare)?;
        let sheet = self.sheet(organization, resource).await?;
        cell.read().handle_share(&sheet, &alone(resource), &command.into(), context)?;
        let Some(Recipient::Link { link, uses, .. }) = sheet.share(command.share).map(|given| &given.to) else {
            return Err(Refusal::UnknownShare.into());
        };
        match uses {
            Some(max) if self.store.count_use(organization, *link, 1, *max).await? >= *max => {
                Err(Refusal::LinkUsedUp.into())
            }
            _ => Ok(*link),
        }
    }

    /// As [`Tenants::uses_of`](super::Tenants::uses_of).
    pub async fn uses_of(&self, link: LinkId) -> Result<u32, StoreError> {
        let Some(at) = self.place_of(&Key::Share(ShareKey::Link(link))).await? else { return Ok(0) };
        self.store.count_use(at.organization, link, 0, 0).await
    }

    /// As [`Tenants::claim_shares`](super::Tenants::claim_shares).
    pub async fn claim_shares(
        &self,
        address: &AddressProof,
        context: &Context<'_>,
    ) -> Result<Vec<ShareAt>, TenantsError> {
        let AddressProof::Verified(shown) = address else { return Err(Refusal::AddressUnverified.into()) };
        let Actor::User(_) = context.actor else { return Err(Refusal::UserOnly.into()) };
        let (mut claimed, mut after) = (Vec::new(), None);
        loop {
            let places =
                self.shares_by(&ShareKey::Address(shown.key().into()), None, after, PLACES_TOGETHER_MAX).await?;
            let Some(last) = places.last().copied() else { return Ok(claimed) };
            for at in places {
                let claim = ClaimShare { share: at.share, address: address.clone() };
                match self.share(at.organization, &alone(at.resource), claim, context).await {
                    Ok(_) => claimed.push(at),
                    Err(TenantsError::Refused(_)) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
            after = Some(last);
        }
    }
}
