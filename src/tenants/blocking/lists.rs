//! Lists over several organizations.

use std::vec::Vec;

use super::{Tenants, wait};
use crate::access::Facts;
use crate::actor::Actor;
use crate::id::{OrgId, UserId, WorkspaceId};
use crate::reach::{Page, Paging, WorkspacePage};
use crate::store::{Store, StoreError};
use crate::tenants::Belonging;

impl<S: Store> Tenants<S> {
    /// The ids of the organizations that a user belongs to, as member or collaborator; with what a list of them shows:
    /// [`belongings`](Self::belongings).
    ///
    /// # Shape
    /// In order of ids, in pages of version zero, for there is no version over several organizations. Costs the page.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn organizations_of(&self, user: UserId, paging: Paging<OrgId>) -> Result<Page<OrgId, OrgId>, StoreError> {
        wait(self.inner.organizations_of(user, paging))
    }

    /// The organizations that a user belongs to, as member or collaborator, with what a list of them shows. Those that are
    /// suspended, past due or archived are marked; deleted ones are not there.
    ///
    /// # Shape
    /// As [`organizations_of`](Self::organizations_of); each of the page is loaded, if it was not.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Source
    /// S0-18, S2-100, S3-67.
    ///
    /// # Examples
    /// See [`switcher`](Self::switcher).
    pub fn belongings(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<OrgId>,
    ) -> Result<Page<Belonging, OrgId>, StoreError> {
        wait(self.inner.belongings(user, facts, paging))
    }

    /// The organizations of which a user is an active member, and that are there: what [`Facts::member_of`] wants to know, for what was shared
    /// to those.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::SignUp;
    /// use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
    /// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// tenants.sign_up(home, sign_up, &now.by(Actor::User(ada)))?;
    ///
    /// let others = tenants.memberships(ada)?;
    /// assert_eq!(others, [home]);
    /// let now = now.member_of(&others);
    /// # assert_eq!(now.organizations, [home]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn memberships(&self, user: UserId) -> Result<Vec<OrgId>, StoreError> {
        wait(self.inner.memberships(user))
    }

    /// The workspaces of a user, grouped by organization: what a selector of workspaces shows.
    ///
    /// # Shape
    /// Organizations as [`belongings`](Self::belongings), workspaces in order of ids; of each organization the first page of
    /// workspaces, at most so many as `workspaces` says, and the rest by [`workspaces_of`](Self::workspaces_of).
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Source
    /// S3-10.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::access::Facts;
    /// use bailiwick::change::SignUp;
    /// use bailiwick::reach::Paging;
    /// use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let ada = UserId::from_u64(1).unwrap();
    /// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// tenants.sign_up(OrgId::from_u64(1).unwrap(), sign_up, &now.by(Actor::User(ada)))?;
    ///
    /// for (home, workspaces) in tenants.switcher(ada, &now, Paging::first(20), 50)?.items {
    ///     assert_eq!(home.name.as_str(), "Ada's Organization");
    ///     assert_eq!(workspaces.items.len(), 1);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn switcher(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<OrgId>,
        workspaces: usize,
    ) -> Result<Page<(Belonging, WorkspacePage), OrgId>, StoreError> {
        wait(self.inner.switcher(user, facts, paging, workspaces))
    }

    /// The workspaces of an actor in one organization, as [`Organization::workspaces_of`](crate::Organization::workspaces_of) lists them; an empty page where
    /// the actor is a stranger.
    ///
    /// # Errors
    /// [`StoreError`], when the organization had to be loaded.
    pub fn workspaces_of(
        &self,
        organization: OrgId,
        actor: Actor,
        facts: &Facts<'_>,
        paging: Paging<WorkspaceId>,
    ) -> Result<WorkspacePage, StoreError> {
        wait(self.inner.workspaces_of(organization, actor, facts, paging))
    }
}
