//! What somebody holds on one resource: by what they hold where it lies, because it is theirs, or through shares.

use alloc::vec::Vec;

use super::holding::{in_workspace, of_roles};
use super::{Holding, Source, Through};
use crate::access::{
    Every, Facts, Layers, Opened, Resource, Share, Target, Who, could_do, everywhere, layers_in, shares,
};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet, Reach};
use crate::id::ShareId;
use crate::organization::{Organization, Origin, Person, Roles};

/// What somebody holds on one resource, and through what.
///
/// # Shape
/// Permissions of workspace and resource scope.
#[derive(Clone, Debug, PartialEq)]
pub struct ResourceHolding {
    /// What was given and not taken (rule 7), whatever else is in the way.
    pub granted: PermissionSet,
    /// What of it a check does not deny now: allowed, or after a step up.
    pub usable: PermissionSet,
    /// What they hold where the resource lies, and not on it: it is somebody else's own, or not shared with them.
    pub hidden: PermissionSet,
    /// What roles, rows and rules give, as far as that counts for this resource; else nothing.
    pub place: Holding,
    /// The shares that count; none where the place does.
    pub shares: Vec<ShareSource>,
}

/// A share through which somebody holds something on a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct ShareSource {
    /// The share.
    pub share: Share,
    /// What it gives them, of its level.
    pub gives: PermissionSet,
    /// Which one it is and who opened it, where it is [kept](crate::Tenants::holding_on) beside the organization; `None` for what
    /// was handed in with the question.
    pub kept: Option<(ShareId, Origin)>,
}

impl ResourceHolding {
    pub(crate) const NOTHING: Self = Self {
        granted: PermissionSet::EMPTY,
        usable: PermissionSet::EMPTY,
        hidden: PermissionSet::EMPTY,
        place: Holding::NOTHING,
        shares: Vec::new(),
    };

    /// Through which roles, rows and rules a permission is held.
    pub fn through(&self, permission: Permission) -> impl Iterator<Item = &Source> {
        self.place.through(permission)
    }

    /// Through which shares a permission is held. It is [granted](Self::granted) exactly when there is one, or something that it is
    /// held [through](Self::through) otherwise.
    pub fn shared_through(&self, permission: Permission) -> impl Iterator<Item = &ShareSource> {
        self.shares.iter().filter(move |source| source.gives.contains(permission))
    }

    /// Narrows it to what a service or staff can do of it.
    fn lend(&mut self, organization: &Organization, actor: Actor, who: &Who) {
        self.place.lend(organization, actor, who);
        for to in [who.service, who.staff].into_iter().flatten() {
            for source in &mut self.shares {
                source.gives = source.gives & to;
            }
        }
    }
}

impl Organization {
    /// What somebody holds on one resource, and through what: roles, rows and rules where it lies, or the shares that come
    /// with it.
    ///
    /// # Shape
    /// As [`holding`](Self::holding); whoever does not belong to the organization holds what is shared with them. Costs the shares
    /// besides.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{CreateOrganization, Command};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, ResourceId, Seats, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::access::{Resource, Share, ShareHolder};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION)?);
    /// # let (olga, carl) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    /// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let (name, workspace) = (Name::new("Crew")?, WorkspaceId::from_u64(1).unwrap());
    /// # let create = CreateOrganization { name, plan: "studio".into(), seats: Seats::new(3), owned: 0, workspace };
    /// # for record in organization.handle(&Command::from(create), &now.by(Actor::User(olga)))? { organization.apply(&record); }
    ///
    /// let (pilot, view) = (ResourceId::from_u64(1).unwrap(), catalog.permission("script.view").unwrap());
    /// let share = Share { on: pilot, to: ShareHolder::User(carl), level: [view].into_iter().collect(), until: None };
    /// let script = Resource { id: pilot, containers: &[], workspace: None, personal_owner: None, shares: &[share] };
    ///
    /// let holding = organization.holding_on(Actor::User(carl), &script, &now);
    /// assert_eq!(holding.shared_through(view).next().unwrap().share, share);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn holding_on(&self, actor: Actor, resource: &Resource<'_>, facts: &Facts<'_>) -> ResourceHolding {
        self.found_on(actor, resource, facts).unwrap_or(ResourceHolding::NOTHING)
    }

    fn found_on(&self, actor: Actor, resource: &Resource<'_>, facts: &Facts<'_>) -> Option<ResourceHolding> {
        let who = Who::behind(self, actor, resource.workspace, facts).filter(|_| self.is_open())?;
        let workspace = match resource.workspace {
            None => None,
            Some(id) => Some((id, self.workspace(id)?)),
        };
        let person = who.actor.user().and_then(|user| self.person(user));
        // Whoever is not there any more holds a share as any stranger does.
        let is_shared = shares::counting(self.roles(), resource, who.actor, person, facts).next().is_some();
        let person = person.filter(|person| !is_shared || person.belongs(facts.now));
        let layers = match (person, workspace) {
            (Some(person), Some((id, there))) => {
                layers_in(Every, self.roles(), person, person.row(id), there, facts.now)
            }
            (Some(person), None) => everywhere(Every, self.roles(), person.roles()),
            (None, _) => Layers::NONE,
        };
        let here = layers.effective();
        let mut found = ResourceHolding::NOTHING;
        found.place.sight = layers.sight;
        match (Opened::of(resource, person.is_some(), who.actor, layers.sight), person, workspace) {
            (Opened::Shares, ..) | (_, None, _) => {
                let bound = person.filter(|person| person.is_member()).map(|person| self.could_do(person) | here);
                let counting = shares::counting(self.roles(), resource, who.actor, person, facts);
                found.shares = counting.map(|share| self.share_source(share, bound)).collect();
            }
            (Opened::Own, Some(person), None) => {
                (found.place.granted, found.place.sources) = (self.could_do(person), of_own(self.roles(), person));
            }
            (Opened::Place, Some(person), None) => {
                (found.place.granted, found.place.sources) = (here, of_roles(self.roles(), person, None, false));
            }
            (Opened::Own | Opened::Place, Some(person), Some((id, there))) => {
                let sources = in_workspace(self.roles(), person, id, there, facts.now);
                (found.place.granted, found.place.sources) = (here, sources);
            }
        }
        found.lend(self, actor, &who);
        let shared = found.shares.iter().fold(PermissionSet::EMPTY, |shared, source| shared | source.gives);
        found.granted = found.place.granted | shared;
        let lent = [who.service, who.staff].into_iter().flatten().fold(here, |here, to| here & to);
        found.hidden = lent - found.granted;
        let allowed = self.access(actor, Target::Resource(resource), &self.proven(facts)).allowed();
        found.usable = allowed & found.granted; // without what is held in the organization itself
        found.place.usable = allowed & found.place.granted;
        Some(found)
    }

    fn could_do(&self, person: &Person) -> PermissionSet {
        could_do(Every, self.roles(), person.roles())
    }

    fn share_source(&self, share: &Share, bound: Option<PermissionSet>) -> ShareSource {
        let level = share.level & self.catalog.resource_scope();
        ShareSource { share: *share, gives: bound.map_or(level, |bound| level & bound), kept: None }
    }
}

/// What roles give on what is one's own in no workspace, however far they reach.
fn of_own(all: Roles<'_>, person: &Person) -> Vec<Source> {
    let reaching = person.roles().iter().filter(|role| all.table(*role).reach != Reach::None);
    let sources = reaching.map(|role| Source {
        through: Through::Role(role),
        gives: all.table(role).workspace,
        takes: PermissionSet::EMPTY,
        is_firm: !all.table(role).reducible,
        origin: all.role_since(person, role, None),
        until: None,
    });
    sources.filter(|source| !source.gives.is_empty()).collect()
}
