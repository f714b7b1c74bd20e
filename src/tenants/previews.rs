//! Previews: what commands would do, with what is shared.

use std::collections::BTreeSet;
use std::vec::Vec;

use super::shared::keys_of;
use super::{AsyncTenants, TenantsError};
use crate::access::{Facts, Resource, Share};
use crate::change::{Command, Context, Preview, Refusal, SharesCompared};
use crate::id::OrgId;
use crate::limits::{PLACES_TOGETHER_MAX, SHARES_PREVIEWED_MAX};
use crate::organization::Organization;
use crate::sharing::{ShareAt, ShareCommand, ShareKey, SharePreview, Sheet, shares_on};
use crate::store::{AsyncStore, StoreError};

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::preview`](super::Tenants::preview).
    pub async fn preview(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Preview, TenantsError> {
        let copy = self.read(organization, Organization::clone).await?.ok_or(Refusal::NotFound)?; // nobody waits for it
        let mut preview = copy.preview(&command.into(), context)?;
        let keys = keys_of_whoever_differs(&copy, &preview, &context.facts);
        let (shares, compared) = self.shares_under(organization, keys).await?;
        preview.compare_shares(&copy, &shares, &context.facts);
        preview.shares = compared;
        Ok(preview)
    }

    /// As [`Tenants::preview_share`](super::Tenants::preview_share).
    pub async fn preview_share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<SharePreview, TenantsError> {
        let command = command.into();
        let copy = self.read(organization, Organization::clone).await?.ok_or_else(|| command.unknown())?;
        let sheets = self.sheets(organization, on).await?;
        let shares = shares_on(&copy, on, &sheets);
        let none = Sheet::new(organization, on.id);
        let sheet = sheets.iter().find(|sheet| sheet.resource() == on.id).unwrap_or(&none);
        Ok(copy.preview_share(sheet, &Resource { shares: &shares, ..*on }, &command, context)?)
    }

    /// The shares that are found by some keys, as many as a preview compares.
    async fn shares_under(
        &self,
        organization: OrgId,
        keys: BTreeSet<ShareKey>,
    ) -> Result<(Vec<Share>, SharesCompared), StoreError> {
        let mut places = BTreeSet::new();
        // What is shared to many comes last in the order of keys, and matters most.
        for key in keys.iter().rev().take(SHARES_PREVIEWED_MAX) {
            let mut after = None;
            while places.len() <= SHARES_PREVIEWED_MAX {
                let page = self.shares_by(key, Some(organization), after, PLACES_TOGETHER_MAX).await?;
                let Some(last) = page.last().copied() else { break };
                places.extend(page);
                after = Some(last);
            }
        }
        let all = places.len() <= SHARES_PREVIEWED_MAX && keys.len() <= SHARES_PREVIEWED_MAX;
        let places: Vec<ShareAt> = places.into_iter().take(SHARES_PREVIEWED_MAX).collect();
        let mut shares = Vec::new();
        for part in places.chunks(PLACES_TOGETHER_MAX) {
            shares.extend(self.shared_at(organization, part).await?.into_iter().map(|shared| shared.share));
        }
        Ok((shares, if all { SharesCompared::All } else { SharesCompared::Part }))
    }
}

/// Everything by which something can be shared to those who change, before or after.
fn keys_of_whoever_differs(before: &Organization, preview: &Preview, facts: &Facts<'_>) -> BTreeSet<ShareKey> {
    let facts = Facts { organizations: &[], ..*facts };
    let mut keys = BTreeSet::new();
    for who in preview.whoever_differs(before, &facts) {
        keys.extend(keys_of(before, who, &facts));
        keys.extend(keys_of(&preview.after, who, &facts));
    }
    keys
}
