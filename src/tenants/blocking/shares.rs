//! Shares on single resources.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::{Access, Explanation, Facts, Resource, Share};
use crate::actor::Actor;
use crate::catalog::Permission;
use crate::change::Context;
use crate::filter::Filter;
use crate::id::{OrgId, ResourceId};
use crate::sharing::{ShareCommand, ShareRecord, Sheet};
use crate::store::{Store, StoreError};
use crate::tenants::TenantsError;

impl<S: Store> Tenants<S> {
    /// Carries out a command about the shares on a resource. `on` says where the resource is; its shares are loaded here.
    ///
    /// # Errors
    /// [`TenantsError`]; [`Refusal`](crate::change::Refusal)s as the command documents them. Nothing has changed, but for [`StoreError::Unknown`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Facts, Resource};
    /// use bailiwick::change::CreateOrganization;
    /// use bailiwick::sharing::{GiveShare, Recipient};
    /// use bailiwick::{Actor, LinkId, Name, OrgId, ResourceId, Seats, SecretHash, ShareId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (olga, crew) = (Actor::User(UserId::from_u64(1).unwrap()), OrgId::from_u64(1).unwrap());
    /// let workspace = WorkspaceId::from_u64(1).unwrap();
    /// let create = CreateOrganization { name: Name::new("Crew")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// tenants.create(crew, create, &now.by(olga))?;
    ///
    /// let pilot = Resource { id: ResourceId::from_u64(1).unwrap(), containers: &[], workspace: None, personal_owner: None, shares: &[] };
    /// let secret = SecretHash::from_bytes([7; 32]); // of the secret that goes into the link
    /// let link = Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret, uses: None };
    /// let share = GiveShare { share: ShareId::from_u64(1).unwrap(), to: link, level: vec!["script.view".into()], until: None };
    /// tenants.share(crew, &pilot, share, &now.by(olga))?;
    ///
    /// let followed = tenants.follow_link(secret, &now)?;
    /// let view = tenants.catalog().permission("script.view").unwrap();
    /// assert!(tenants.access_to(crew, followed.actor, &pilot, &now)?.allows(view));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn share(
        &self,
        organization: OrgId,
        on: &Resource<'_>,
        command: impl Into<ShareCommand>,
        context: &Context<'_>,
    ) -> Result<Vec<ShareRecord>, TenantsError> {
        wait(self.inner.share(organization, on, command, context))
    }

    /// Resolves what an actor may do on a resource, with the shares on it and on its containers. To single questions about what is not
    /// shared [`access`](Self::access) answers without the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn access_to(
        &self,
        organization: OrgId,
        actor: Actor,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Access<'_>, StoreError> {
        wait(self.inner.access_to(organization, actor, resource, facts))
    }

    /// Explains the answer about a resource, with the shares on it and on its containers: see [`explain`](Self::explain).
    ///
    /// # Errors
    /// [`StoreError`]: the history is read.
    pub fn explain_on(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<Explanation, StoreError> {
        wait(self.inner.explain_on(organization, actor, permission, resource, facts))
    }

    /// The shares that count for a question about a resource.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shares_on(&self, organization: OrgId, resource: &Resource<'_>) -> Result<Vec<Share>, StoreError> {
        wait(self.inner.shares_on(organization, resource))
    }

    /// The shares on one resource or container itself, with whoever gave them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn sheet(&self, organization: OrgId, resource: ResourceId) -> Result<Sheet, StoreError> {
        wait(self.inner.sheet(organization, resource))
    }

    /// Which resources of an organization an actor may do something with, as a condition for the caller's own tables; the shares that
    /// concern the actor are loaded here. Of an unknown organization nothing, as of one that the actor has nothing to do with.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn filter(
        &self,
        organization: OrgId,
        actor: Actor,
        permission: Permission,
        facts: &Facts<'_>,
    ) -> Result<Filter, StoreError> {
        wait(self.inner.filter(organization, actor, permission, facts))
    }
}
