//! Everything that an organization has opened, for those who answer for it.

use std::vec::Vec;

use super::Tenants;
use super::shares::TOGETHER;
use crate::id::{OrgId, UserId};
use crate::sharing::{Given, Recipient, ShareAt, ShareKey};
use crate::store::{Store, StoreError};

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

impl<S: Store> Tenants<S> {
    /// What an organization has opened of its resources, whoever it is for: in order, beginning after a place; so many at most. Fewer than
    /// that is the last page. What has [ended](Given::is_current) and is not closed is among it.
    ///
    /// Who may see the list is for the caller to say: guard it as any page of the settings.
    ///
    /// # Shape
    /// Costs the shares that are looked at, listed or not.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shares_of(
        &self,
        organization: OrgId,
        listed: Listed,
        after: Option<ShareAt>,
        limit: usize,
    ) -> Result<Vec<(ShareAt, Given)>, StoreError> {
        let (mut found, mut after) = (Vec::new(), after);
        while found.len() < limit {
            let key = ShareKey::Within(organization);
            let places = self.store.shares_by(&key, Some(organization), after, TOGETHER)?;
            let Some(last) = places.last().copied() else { break };
            found.extend(self.given_at(&places)?.into_iter().filter(|(_, given)| listed.has(given)));
            after = Some(last);
        }
        found.truncate(limit);
        Ok(found)
    }
}
