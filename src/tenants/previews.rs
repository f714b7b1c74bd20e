//! Previews: what commands would do, with what is shared.

use std::collections::BTreeSet;
use std::vec::Vec;

use super::shared::keys_of;
use super::shares::TOGETHER;
use super::{Tenants, TenantsError};
use crate::access::{Facts, Resource, Share};
use crate::change::{Command, Context, Preview, Refusal, SharesCompared};
use crate::id::OrgId;
use crate::limits::SHARES_PREVIEWED_MAX;
use crate::organization::Organization;
use crate::sharing::{ShareAt, ShareCommand, ShareKey, SharePreview, Sheet, shares_on};
use crate::store::{Store, StoreError};

impl<S: Store> Tenants<S> {
    /// Says what a command would do, and does nothing: as [`Organization::preview`] does, with what is shared with whoever
    /// changes, resource by resource.
    ///
    /// # Shape
    /// Shares are loaded by everything by which they concern those who change, before or after: to many first, then by name;
    /// at most [`SHARES_PREVIEWED_MAX`](crate::limits::SHARES_PREVIEWED_MAX), and by so many keys. Of people from outside to whom
    /// something is shared only those who are named on these resources are compared.
    ///
    /// # Errors
    /// [`TenantsError`]; the [`Refusal`]s of the command.
    pub fn preview(
        &self,
        organization: OrgId,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Preview, TenantsError> {
        let copy = self.read(organization, Organization::clone)?.ok_or(Refusal::NotFound)?; // nobody waits for it
        let mut preview = copy.preview(&command.into(), context)?;
        let keys = keys_of_whoever_differs(&copy, &preview, &context.facts);
        let (shares, compared) = self.shares_under(organization, keys)?;
        preview.compare_shares(&copy, &shares, &context.facts);
        preview.shares = compared;
        Ok(preview)
    }

    /// Says what a command about the shares on a resource would do, and does nothing. `on` says where the resource is; its
    /// shares are loaded here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`]s as the command documents them.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Facts, Resource};
    /// use bailiwick::change::{AddMember, CreateOrganization, On};
    /// use bailiwick::sharing::{GiveShare, Recipient};
    /// use bailiwick::{Actor, Name, OrgId, ResourceId, Seats, ShareId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (olga, eva, crew) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap(), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// let create = CreateOrganization { name: Name::new("Crew")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// tenants.create(crew, create, &now.by(Actor::User(olga)))?;
    /// tenants.handle(crew, AddMember { user: eva, roles: vec!["editor".into()], access: vec![] }, &now.by(Actor::System))?;
    ///
    /// let pilot = Resource { id: ResourceId::from_u64(1).unwrap(), containers: &[], workspace: None, personal_owner: None, shares: &[] };
    /// let to = Recipient::Group("all_editors".into());
    /// let give = GiveShare { share: ShareId::from_u64(1).unwrap(), to, level: vec!["script.view".into()], until: None };
    /// let preview = tenants.preview_share(crew, &pilot, give, &now.by(Actor::User(olga)))?;
    /// let [change] = preview.access.as_slice() else { unreachable!("Olga sees it anyhow") };
    /// assert_eq!((change.who, change.extent.on), (Actor::User(eva), On::Resource(pilot.id)));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview_share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<SharePreview, TenantsError> {
        let command = command.into();
        let copy = self.read(organization, Organization::clone)?.ok_or_else(|| command.unknown())?;
        let sheets = self.sheets(organization, on)?;
        let shares = shares_on(&copy, on, &sheets);
        let none = Sheet::new(organization, on.id);
        let sheet = sheets.iter().find(|sheet| sheet.resource() == on.id).unwrap_or(&none);
        Ok(copy.preview_share(sheet, &Resource { shares: &shares, ..*on }, &command, context)?)
    }

    /// The shares that are found by some keys, as many as a preview compares.
    fn shares_under(
        &self,
        organization: OrgId,
        keys: BTreeSet<ShareKey>,
    ) -> Result<(Vec<Share>, SharesCompared), StoreError> {
        let mut places = BTreeSet::new();
        // What is shared to many comes last in the order of keys, and matters most.
        for key in keys.iter().rev().take(SHARES_PREVIEWED_MAX) {
            let mut after = None;
            while places.len() <= SHARES_PREVIEWED_MAX {
                let page = self.store.shares_by(key, Some(organization), after, TOGETHER)?;
                let Some(last) = page.last().copied() else { break };
                places.extend(page);
                after = Some(last);
            }
        }
        let all = places.len() <= SHARES_PREVIEWED_MAX && keys.len() <= SHARES_PREVIEWED_MAX;
        let places: Vec<ShareAt> = places.into_iter().take(SHARES_PREVIEWED_MAX).collect();
        let mut shares = Vec::new();
        for part in places.chunks(TOGETHER) {
            shares.extend(self.shared_at(organization, part)?.into_iter().map(|shared| shared.share));
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
