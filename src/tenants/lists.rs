//! Lists over several organizations: where a user belongs, and where they can go.

use std::vec::Vec;

use super::Tenants;
use crate::access::{DenyReason, Facts};
use crate::actor::Actor;
use crate::catalog::RoleKey;
use crate::id::{OrgId, UserId, WorkspaceId};
use crate::organization::{Kind, Organization, Person, PersonStatus, Status};
use crate::reach::{Paging, Relation, WorkspacePage};
use crate::store::{Store, StoreError};
use crate::text::Name;
use crate::time::Timestamp;

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

impl<S: Store> Tenants<S> {
    /// The organizations that a user belongs to, as member or collaborator, with what a list of them shows. Those that are
    /// suspended, past due or archived are marked; deleted ones are not there.
    ///
    /// # Shape
    /// In order of ids. Costs the organizations of the user; each is loaded, if it was not.
    ///
    /// # Errors
    /// [`StoreError`].
    ///
    /// # Source
    /// S0-18, S2-100, S3-67.
    ///
    /// # Examples
    /// See [`switcher`](Self::switcher).
    pub fn belongings(&self, user: UserId, facts: &Facts<'_>) -> Result<Vec<Belonging>, StoreError> {
        let seen = self.of_each(user, |organization, person| Belonging::of(organization, person, facts.now))?;
        Ok(seen.into_iter().flatten().collect())
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
        let counts = |organization: &Organization, person: &Person| {
            let is_active = person.is_member() && person.status() == PersonStatus::Active;
            (organization.is_open() && is_active).then_some(organization.id())
        };
        Ok(self.of_each(user, counts)?.into_iter().flatten().collect())
    }

    /// The workspaces of a user, grouped by organization: what a selector of workspaces shows.
    ///
    /// # Shape
    /// Organizations and workspaces in order of ids; of each organization the first page of workspaces, at most so many as
    /// `limit` says, and the rest by [`workspaces_of`](Self::workspaces_of).
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
    /// use bailiwick::{Actor, Name, OrgId, Tenants, Timestamp, UserId, WorkspaceId};
    ///
    /// let tenants = Tenants::in_memory(toml::from_str(bailiwick::presets::CLOUD)?);
    /// let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// let ada = UserId::from_u64(1).unwrap();
    /// let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// tenants.sign_up(OrgId::from_u64(1).unwrap(), sign_up, &now.by(Actor::User(ada)))?;
    ///
    /// for (home, workspaces) in tenants.switcher(ada, &now, 50)? {
    ///     assert_eq!(home.name.as_str(), "Ada's Organization");
    ///     assert_eq!(workspaces.items.len(), 1);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn switcher(
        &self,
        user: UserId,
        facts: &Facts<'_>,
        limit: usize,
    ) -> Result<Vec<(Belonging, WorkspacePage)>, StoreError> {
        let seen = self.of_each(user, |organization, person| {
            let belonging = Belonging::of(organization, person, facts.now)?;
            Some((belonging, organization.workspaces_of(Actor::User(user), facts, Paging::first(limit))))
        })?;
        Ok(seen.into_iter().flatten().collect())
    }

    /// The workspaces of an actor in one organization, as [`Organization::workspaces_of`] lists them; an empty page where
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
        let found = self.read(organization, |organization| organization.workspaces_of(actor, facts, paging))?;
        Ok(found.unwrap_or_else(|| self.unknown(organization).workspaces_of(actor, facts, paging)))
    }

    /// What is read of each organization that a user belongs to.
    fn of_each<T>(&self, user: UserId, read: impl Fn(&Organization, &Person) -> T) -> Result<Vec<T>, StoreError> {
        let mut ids = self.store.organizations_of(user)?;
        ids.sort_unstable();
        let mut seen = Vec::new();
        for id in ids {
            let there =
                self.read(id, |organization| organization.person(user).map(|person| read(organization, person)))?;
            seen.extend(there.flatten());
        }
        Ok(seen)
    }
}
