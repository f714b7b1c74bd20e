//! Everything that an organization has opened, for those who answer for it.

use std::vec::Vec;

use super::AsyncTenants;
use crate::id::{OrgId, UserId};
use crate::limits::PLACES_TOGETHER_MAX;
use crate::sharing::{Given, Recipient, ShareAt, ShareKey};
use crate::store::{AsyncStore, StoreError};

/// Which shares are listed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Listed {
    /// All.
    All,
    /// Public links.
    Links,
    /// What waits for an address.
    Addresses,
    /// What is open to other organizations.
    Organizations,
    /// What is open to users from outside, by name.
    Outsiders,
    /// What somebody has given, or answers for since.
    By(UserId),
}

impl Listed {
    fn has(self, given: &Given) -> bool {
        match self {
            Self::All => true,
            Self::Links => matches!(given.to, Recipient::Link { .. }),
            Self::Addresses => matches!(given.to, Recipient::Address(_)),
            Self::Organizations => matches!(given.to, Recipient::Organization(_)),
            Self::Outsiders => matches!(given.to, Recipient::User(_)) && given.since.is_none(),
            Self::By(user) => given.by.user() == Some(user),
        }
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::shares_of`](super::Tenants::shares_of).
    pub async fn shares_of(
        &self,
        organization: OrgId,
        listed: Listed,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<(ShareAt, Given)>, StoreError> {
        let (mut found, mut after) = (Vec::new(), after);
        while found.len() < limit {
            let key = ShareKey::Within(organization);
            let places = self.shares_by(&key, Some(organization), after, PLACES_TOGETHER_MAX).await?;
            let Some(last) = places.last().copied() else { break };
            found.extend(self.given_at(&places).await?.into_iter().filter(|(_, given)| listed.has(given)));
            after = Some(last);
        }
        found.truncate(limit);
        Ok(found)
    }
}
