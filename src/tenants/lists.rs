//! Lists over several organizations: where a user belongs, and where they can go.

use std::vec::Vec;

use super::AsyncTenants;
use crate::access::{DenyReason, Facts};
use crate::actor::Actor;
use crate::catalog::RoleKey;
use crate::id::{OrgId, UserId, WorkspaceId};
use crate::limits::PAGE_ITEMS_MAX;
use crate::organization::{Kind, Organization, Person, PersonStatus, Status};
use crate::reach::{Page, Paging, Relation, WorkspacePage};
use crate::store::{AsyncStore, Key, Place, StoreError};
use crate::text::Name;
use crate::time::Timestamp;
use crate::version::Version;

/// An organization that a user belongs to.
#[derive(Clone, Debug, PartialEq)]
pub struct Belonging {
    /// Which.
    pub organization: OrgId,
    /// Its name, as typed.
    pub name: Name,
    /// Personal or team.
    pub kind: Kind,
    /// Whether it is in good standing: mark or hide those that are not.
    pub status: Status,
    /// What the user is to it.
    pub relation: Relation,
    /// The roles of a member.
    pub roles: Vec<RoleKey>,
    /// Why the user can do nothing there, if they are suspended or their access has ended.
    pub stopped: Option<DenyReason>,
}

impl Belonging {
    fn of(organization: &Organization, person: &Person, now: Timestamp) -> Option<Self> {
        let profile = organization.profile().filter(|_| organization.is_open())?;
        let ended = !person.is_member() && !person.has_current_row(now);
        Some(Self {
            organization: organization.id(),
            name: profile.name.clone(),
            kind: profile.kind,
            status: profile.status,
            relation: Relation::of(person),
            roles: organization.roles().keys(person.roles()),
            stopped: match person.status() {
                PersonStatus::Suspended => Some(DenyReason::PersonSuspended),
                PersonStatus::Active => ended.then_some(DenyReason::AccessEnded),
            },
        })
    }
}

impl<S: AsyncStore> AsyncTenants<S> {
    /// As [`Tenants::organizations_of`](super::Tenants::organizations_of).
    pub async fn organizations_of(
        &self,
        user: UserId,
        paging: Paging<OrgId>,
    ) -> Result<Page<OrgId, OrgId>, StoreError> {
        let ids = self.belongs(user, paging.last(), paging.room().saturating_add(1)).await?;
        Ok(Page::of(Version::ZERO, &paging, ids.into_iter().map(|id| (id, id))))
    }

    /// As [`Tenants::belongings`](super::Tenants::belongings).
    pub async fn belongings(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<OrgId>,
    ) -> Result<Page<Belonging, OrgId>, StoreError> {
        self.of_each(user, &paging, |there| Belonging::of(there, there.person(user)?, facts.now)).await
    }

    /// As [`Tenants::memberships`](super::Tenants::memberships).
    pub async fn memberships(&self, user: UserId) -> Result<Vec<OrgId>, StoreError> {
        let is_active = |person: &Person| person.is_member() && person.status() == PersonStatus::Active;
        let counts = |there: &Organization| there.is_open() && there.person(user).is_some_and(is_active);
        let mut memberships = Vec::new();
        for id in self.all_organizations_of(user).await? {
            memberships.extend(self.read(id, counts).await?.unwrap_or(false).then_some(id));
        }
        Ok(memberships)
    }

    /// As [`Tenants::switcher`](super::Tenants::switcher).
    pub async fn switcher(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        paging: Paging<OrgId>,
        workspaces: usize,
    ) -> Result<Page<(Belonging, WorkspacePage), OrgId>, StoreError> {
        self.of_each(user, &paging, |there| {
            let belonging = Belonging::of(there, there.person(user)?, facts.now)?;
            Some((belonging, there.workspaces_of(Actor::User(user), facts, Paging::first(workspaces))))
        })
        .await
    }

    /// As [`Tenants::workspaces_of`](super::Tenants::workspaces_of).
    pub async fn workspaces_of(
        &self,
        organization: OrgId,
        actor: Actor,
        facts: &Facts<'_>,
        paging: Paging<WorkspaceId>,
    ) -> Result<WorkspacePage, StoreError> {
        let found = self.read(organization, |organization| organization.workspaces_of(actor, facts, paging)).await?;
        Ok(found.unwrap_or_else(|| self.unknown(organization).workspaces_of(actor, facts, paging)))
    }

    /// Every organization that a user belongs to, for what has to look at each.
    pub(super) async fn all_organizations_of(&self, user: UserId) -> Result<Vec<OrgId>, StoreError> {
        let mut all: Vec<OrgId> = Vec::new();
        loop {
            let some = self.belongs(user, all.last().copied(), PAGE_ITEMS_MAX).await?;
            if some.is_empty() {
                return Ok(all);
            }
            all.extend(some);
        }
    }

    /// Some of the organizations that a user belongs to, in order, after one.
    async fn belongs(&self, user: UserId, after: Option<OrgId>, limit: usize) -> Result<Vec<OrgId>, StoreError> {
        let places = self.find(&Key::Belongs(user), None, after.map(Place::of), limit).await?;
        Ok(places.into_iter().map(|place| place.organization).collect())
    }

    /// One page of what is said of the organizations that a user belongs to; of some nothing is.
    async fn of_each<T>(
        &self,
        user: UserId,
        paging: &Paging<OrgId>,
        say: impl Fn(&Organization) -> Option<T>,
    ) -> Result<Page<T, OrgId>, StoreError> {
        let (mut said, mut after) = (Vec::new(), paging.last());
        while let Some(missing) = paging.room().checked_sub(said.len()) {
            let ids = self.belongs(user, after, missing.saturating_add(1)).await?;
            let Some(last) = ids.last().copied() else { break };
            for id in ids {
                let item = self.read(id, &say).await?.flatten();
                said.extend(item.map(|item| (id, item)));
            }
            after = Some(last);
        }
        Ok(Page::of(Version::ZERO, paging, said.into_iter()))
    }
}
