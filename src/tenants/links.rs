//! What is taken from outside: public links that are followed, and what waits for an address.

use std::vec::Vec;

use super::shares::{TOGETHER, alone};
use super::{Tenants, TenantsError};
use crate::access::Facts;
use crate::actor::Actor;
use crate::change::{AddressProof, Context, Refusal};
use crate::id::{LinkId, OrgId, ResourceId};
use crate::organization::SecretHash;
use crate::sharing::{ClaimShare, FollowLink, LinkHash, Recipient, ShareAt, ShareKey};
use crate::store::{Store, StoreError};

/// Where a public link leads.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FollowedLink {
    /// Where it is.
    pub at: ShareAt,
    /// As whom whoever followed it asks from now on.
    pub actor: Actor,
}

impl<S: Store> Tenants<S> {
    /// Follows a public link, and says where it leads and as whom whoever followed it asks there. Nobody needs to be signed in, and nobody
    /// waits for them.
    ///
    /// # Errors
    /// [`TenantsError::Refused`]: `unknown_share`, `ended`, `link_used_up`.
    pub fn follow_link(&self, secret: SecretHash, facts: &Facts<'_>) -> Result<FollowedLink, TenantsError> {
        let places = self.store.shares_by(&ShareKey::Secret(LinkHash::of(secret)), None, None, 1)?;
        let at = places.into_iter().next().ok_or(Refusal::UnknownShare)?;
        let follow = FollowLink { share: at.share, secret };
        let link = self.follow((at.organization, at.resource), follow, &facts.by(Actor::System))?;
        Ok(FollowedLink { at, actor: Actor::Link(link) })
    }

    /// Follows a link whose place is known, and counts that where there is a limit.
    pub(super) fn follow(
        &self,
        (organization, resource): (OrgId, ResourceId),
        command: FollowLink,
        context: &Context<'_>,
    ) -> Result<LinkId, TenantsError> {
        let cell = self.cell(organization)?.ok_or(Refusal::UnknownShare)?;
        let sheet = self.sheet(organization, resource)?;
        cell.read().handle_share(&sheet, &alone(resource), &command.into(), context)?;
        let Some(Recipient::Link { link, uses, .. }) = sheet.share(command.share).map(|given| &given.to) else {
            return Err(Refusal::UnknownShare.into());
        };
        match uses {
            Some(max) if self.store.count_use(*link, *max)? >= *max => Err(Refusal::LinkUsedUp.into()),
            _ => Ok(*link),
        }
    }

    /// How often a link with a limit of uses was followed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn uses_of(&self, link: LinkId) -> Result<u32, StoreError> {
        self.store.count_use(link, 0)
    }

    /// Takes everything that was opened to an address, by the user who has shown to have it: for whoever signs up, or adds an address.
    ///
    /// # Errors
    /// [`TenantsError`]; `user_only`, `address_unverified`. What has ended or is closed meanwhile is passed over.
    pub fn claim_shares(&self, address: &AddressProof, context: &Context<'_>) -> Result<Vec<ShareAt>, TenantsError> {
        let AddressProof::Verified(shown) = address else { return Err(Refusal::AddressUnverified.into()) };
        let Actor::User(_) = context.actor else { return Err(Refusal::UserOnly.into()) };
        let (mut claimed, mut after) = (Vec::new(), None);
        loop {
            let places = self.store.shares_by(&ShareKey::Address(shown.key().into()), None, after, TOGETHER)?;
            let Some(last) = places.last().copied() else { return Ok(claimed) };
            for at in places {
                let claim = ClaimShare { share: at.share, address: address.clone() };
                match self.share(at.organization, &alone(at.resource), claim, context) {
                    Ok(_) => claimed.push(at),
                    Err(TenantsError::Refused(_)) => {}
                    Err(trouble) => return Err(trouble),
                }
            }
            after = Some(last);
        }
    }
}
