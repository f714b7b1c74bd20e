//! Lists of what is shared.

use super::{Tenants, wait};
use crate::access::{Facts, Resource};
use crate::actor::Actor;
use crate::id::{OrgId, UserId};
use crate::organization::RuleHolder;
use crate::reach::review::{Breadth, Review};
use crate::reach::{GroupReach, Page, Paging, ResourceHolding};
use crate::sharing::{ShareAt, ShareKey};
use crate::store::{Store, StoreError};
use crate::tenants::{SharePage, SharedWith};

impl<S: Store> Tenants<S> {
    /// What is shared under one key, of one organization's resources or of all. What has ended is among it.
    ///
    /// # Shape
    /// In order of places, in pages. Costs the page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn shared_to(
        &self,
        key: &ShareKey,
        within: Option<OrgId>,
        paging: Paging<ShareAt>,
    ) -> Result<SharePage, StoreError> {
        wait(self.inner.shared_to(key, within, paging))
    }

    /// What is shared with an actor of an organization's resources, in whatever way, and can be used now: what a check does not
    /// deny. Whoever presents a link knows where it leads and is told nothing more.
    ///
    /// # Shape
    /// In order of places, in pages. Costs the page for each of the ways in which something can be shared with the actor: their
    /// teams and groups, the organization, other organizations.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::{Facts, Resource};
    /// use bailiwick::change::CreateOrganization;
    /// use bailiwick::reach::Paging;
    /// use bailiwick::sharing::{GiveShare, Recipient};
    /// use bailiwick::{Actor, Name, OrgId, ResourceId, Seats, ShareId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (olga, carl) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// let (crew, workspace) = (OrgId::from_u64(1).unwrap(), WorkspaceId::from_u64(1).unwrap());
    /// let create = CreateOrganization { name: Name::new("Crew")?, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// tenants.create(crew, create, &now.by(Actor::User(olga)))?;
    /// let pilot = Resource { id: ResourceId::from_u64(1).unwrap(), containers: &[], workspace: None, personal_owner: None, shares: &[] };
    /// let share = GiveShare { share: ShareId::from_u64(1).unwrap(), to: Recipient::User(carl), level: vec!["script.view".into()], until: None };
    /// tenants.share(crew, &pilot, share, &now.by(Actor::User(olga)))?;
    ///
    /// let page = tenants.shared_with(crew, Actor::User(carl), &now, Paging::first(50))?;
    /// assert_eq!(page.items[0].at.resource, pilot.id);
    /// assert_eq!(tenants.shared_everywhere(carl, &now, Paging::first(50))?.items, page.items);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shared_with(
        &self,
        organization: OrgId,
        actor: Actor,
        facts: &Facts<'_>,
        paging: Paging<ShareAt>,
    ) -> Result<Page<SharedWith, ShareAt>, StoreError> {
        wait(self.inner.shared_with(organization, actor, facts, paging))
    }

    /// The same over every organization: what is shared with a user, of whoever's resources.
    ///
    /// # Shape
    /// In order of organizations and places, in pages of version zero, for there is no version over several organizations. Costs the
    /// page for each of the ways, and loads the organizations of the user.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Examples
    /// See [`shared_with`](Self::shared_with).
    pub fn shared_everywhere(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<ShareAt>,
    ) -> Result<Page<SharedWith, ShareAt>, StoreError> {
        wait(self.inner.shared_everywhere(user, facts, paging))
    }

    /// What somebody holds on one resource, and through what: as [`Organization::holding_on`](crate::Organization::holding_on) says it, with the shares that are kept
    /// for the resource and its containers, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn holding_on(
        &self,
        organization: OrgId,
        actor: Actor,
        resource: &Resource<'_>,
        facts: &Facts<'_>,
    ) -> Result<ResourceHolding, StoreError> {
        wait(self.inner.holding_on(organization, actor, resource, facts))
    }

    /// Everything that a group or team of an organization reaches: what its roles hold, where rules name it, and what is shared with
    /// it. `None` for one that there is not.
    ///
    /// # Shape
    /// Of the rules and the shares the first page of so many at most; the rest by
    /// [`workspaces_ruled_for`](crate::Organization::workspaces_ruled_for) and [`shared_to`](Self::shared_to).
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reach_of(
        &self,
        organization: OrgId,
        holder: RuleHolder,
        facts: &Facts<'_>,
        limit: usize,
    ) -> Result<Option<(GroupReach, SharePage)>, StoreError> {
        wait(self.inner.reach_of(organization, holder, facts, limit))
    }

    /// Takes an access review as [`Organization::review`](crate::Organization::review) does, with everything that is shared on single resources.
    ///
    /// # Shape
    /// What is shared is read beside the version that the review names. Costs every share of the organization besides.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Source
    /// S3-42.
    pub fn review(
        &self,
        organization: OrgId,
        facts: &Facts<'_>,
        breadth: Breadth,
    ) -> Result<Option<Review>, StoreError> {
        wait(self.inner.review(organization, facts, breadth))
    }
}
