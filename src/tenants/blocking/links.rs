//! What is taken from outside: links, and what waits for an address.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::Facts;
use crate::change::{AddressProof, Context};
use crate::id::LinkId;
use crate::organization::SecretHash;
use crate::sharing::ShareAt;
use crate::store::{Store, StoreError};
use crate::tenants::{FollowedLink, TenantsError};

impl<S: Store> Tenants<S> {
    /// Follows a public link, and says where it leads and as whom whoever followed it asks there. Nobody needs to be signed in, and nobody
    /// waits for them.
    ///
    /// # Errors
    /// [`TenantsError::Refused`]: `unknown_share`, `ended`, `link_used_up`.
    pub fn follow_link(&self, secret: SecretHash, facts: &Facts<'_>) -> Result<FollowedLink, TenantsError> {
        wait(self.inner.follow_link(secret, facts))
    }

    /// How often a link with a limit of uses was followed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn uses_of(&self, link: LinkId) -> Result<u32, StoreError> {
        wait(self.inner.uses_of(link))
    }

    /// Takes everything that was opened to an address, by the user who has shown to have it: for whoever signs up, or adds an address.
    ///
    /// # Errors
    /// [`TenantsError`]; `user_only`, `address_unverified`. What has ended or is closed meanwhile is passed over.
    pub fn claim_shares(&self, address: &AddressProof, context: &Context<'_>) -> Result<Vec<ShareAt>, TenantsError> {
        wait(self.inner.claim_shares(address, context))
    }
}
