//! Everything that an organization has opened.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::id::OrgId;
use crate::sharing::{Given, ShareAt};
use crate::store::{Store, StoreError};
use crate::tenants::Listed;

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
        wait(self.inner.shares_of(organization, listed, after, limit))
    }
}
