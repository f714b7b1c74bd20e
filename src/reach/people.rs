//! Who can do this here? People and services with a permission at a place.

use alloc::collections::{BTreeSet, btree_set};
use alloc::vec::Vec;
use core::iter::Copied;

use super::holding::roles_in_group;
use super::merge::{Merge, behind};
use super::{Page, Paging, Relation, Source, target};
use crate::access::{Decision, DenyReason, Facts};
use crate::actor::Actor;
use crate::catalog::{Permission, Reach, Role, RoleSet, Scope};
use crate::change::Place;
use crate::id::{ServiceId, UserId, WorkspaceId};
use crate::organization::{Organization, RuleHolder};
use crate::time::Timestamp;
use crate::version::Version;

/// Somebody who can do it, and through what.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaching<I> {
    /// Who.
    pub id: I,
    /// What they (for services: their sponsor) are to the organization.
    pub relation: Relation,
    /// Through what: every source that gives it and that nothing nearer takes it from; never empty.
    pub through: Vec<Source>,
}

impl Organization {
    /// Everybody for whom a check of this permission at this place does not say no: members and collaborators, each with
    /// the role, row or rule through which they can. Who would first have to step up is listed.
    ///
    /// # Shape
    /// In order of ids. Costs the people to whom a role, a row in the workspace or a rule gives it, those from whom something
    /// nearer takes it included, whatever the size of the organization. What is closed to everybody (by the status, an
    /// archive, the plan) lists nobody at once.
    ///
    /// # Source
    /// S0-60, S3-42.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::Facts;
    /// # use bailiwick::change::{Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// use bailiwick::change::Place;
    /// use bailiwick::reach::Paging;
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
    /// # let mut organization = Organization::new(home, Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    ///
    /// let pay = catalog.permission("subscription.change").unwrap();
    /// let page = organization.people_with(pay, Place::Organization, &now, Paging::first(50));
    /// assert_eq!(page.items.iter().map(|who| who.id).collect::<Vec<_>>(), [ada]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn people_with(
        &self,
        permission: Permission,
        place: Place,
        facts: &Facts<'_>,
        paging: Paging<UserId>,
    ) -> Page<Reaching<UserId>, UserId> {
        let candidates = self.people_given(permission, place, paging.last());
        self.listed(permission, place, facts, &paging, candidates.map(|user| (user, Actor::User(user))))
    }

    /// The same of services.
    ///
    /// # Shape
    /// In order of ids. Costs the services of the organization.
    #[must_use]
    pub fn services_with(
        &self,
        permission: Permission,
        place: Place,
        facts: &Facts<'_>,
        paging: Paging<ServiceId>,
    ) -> Page<Reaching<ServiceId>, ServiceId> {
        let named = self.services().filter(|(_, service)| service.permissions().contains(permission));
        let named: BTreeSet<ServiceId> = named.map(|(id, _)| id).collect();
        let candidates = behind(&named, paging.last()).map(|id| (*id, Actor::Service(*id)));
        self.listed(permission, place, facts, &paging, candidates)
    }

    fn listed<I: Copy>(
        &self,
        permission: Permission,
        place: Place,
        facts: &Facts<'_>,
        paging: &Paging<I>,
        candidates: impl Iterator<Item = (I, Actor)>,
    ) -> Page<Reaching<I>, I> {
        if !self.is_open() {
            return Page::empty(Version::ZERO);
        }
        let best = self.proven(facts);
        let decided = candidates.map(|(id, actor)| {
            let decision = self.check(actor, permission, target(place), &best);
            (id, actor, decision)
        });
        let possible = decided.take_while(|(.., decision)| !is_closed_to_everybody(*decision));
        let can = possible.filter(|(.., decision)| decision.is_allow());
        let listed = can.map(|(id, actor, _)| (id, self.reaching(id, actor, permission, place, facts)));
        Page::of(self.version(), paging, listed)
    }

    fn reaching<I>(&self, id: I, actor: Actor, permission: Permission, place: Place, facts: &Facts<'_>) -> Reaching<I> {
        let user = match actor {
            Actor::Service(service) => self.service(service).and_then(|service| service.sponsor()),
            _ => actor.user(),
        };
        let relation = user.and_then(|user| self.person(user)).map_or(Relation::Member, Relation::of);
        let place = if self.is_of_organization(permission) { Place::Organization } else { place };
        let holding = self.holding(actor, place, facts);
        let through = holding.through(permission).copied().collect();
        Reaching { id, relation, through }
    }

    /// Everybody to whom something gives the permission there; from some it may be taken.
    fn people_given(
        &self,
        permission: Permission,
        place: Place,
        last: Option<UserId>,
    ) -> Merge<Copied<btree_set::Range<'_, UserId>>> {
        let (roles, mut sets) = match place {
            _ if self.is_of_organization(permission) => (self.roles_giving(permission, false), Vec::new()),
            Place::Organization => (self.roles_giving(permission, true), Vec::new()),
            Place::Workspace(workspace) => self.givers_in(workspace, permission),
        };
        sets.extend(roles.iter().filter_map(|role| self.index.people_by_role.get(&role)));
        Merge::of(sets.into_iter().map(|set| behind(set, last).copied()))
    }

    /// The roles whose holders are to be asked in a workspace, and the others who are.
    fn givers_in(&self, workspace: WorkspaceId, permission: Permission) -> (RoleSet, Vec<&BTreeSet<UserId>>) {
        let mut roles = self.roles_giving(permission, true);
        let mut sets: Vec<_> = self.index.people_by_workspace.get(&workspace).into_iter().collect();
        let rules = self.workspace(workspace).map(|place| place.rules()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule.given.contains(permission)) {
            match rule.holder {
                RuleHolder::Group(group) => {
                    roles = roles.iter().chain(roles_in_group(self.roles(), group).iter()).collect()
                }
                RuleHolder::Team(team) => sets.extend(self.index.people_by_team.get(&team)),
            }
        }
        (roles, sets)
    }

    /// The roles that hold a permission in the organization, or in every workspace.
    fn roles_giving(&self, permission: Permission, everywhere: bool) -> RoleSet {
        let gives = |role: &Role| {
            let table = self.roles().table(*role);
            match everywhere {
                true => table.reach == Reach::All && table.workspace.contains(permission),
                false => table.organization.contains(permission),
            }
        };
        self.index.people_by_role.keys().copied().filter(gives).collect()
    }

    /// Everybody with a role that gives something in every workspace, in order.
    pub(super) fn people_everywhere(&self) -> impl Iterator<Item = UserId> {
        let reaches = |role: &Role| {
            let table = self.roles().table(*role);
            table.reach == Reach::All && !table.workspace.is_empty()
        };
        let by_role = self.index.people_by_role.iter().filter(move |(role, _)| reaches(role));
        Merge::of(by_role.map(|(_, people)| people.iter().copied()))
    }

    /// Everybody who may hold in a workspace something else than everywhere: by a row, or by a rule that counts.
    pub(super) fn people_concerned(&self, workspace: WorkspaceId, now: Timestamp) -> impl Iterator<Item = UserId> {
        let mut sets: Vec<_> = self.index.people_by_workspace.get(&workspace).into_iter().collect();
        let rules = self.workspace(workspace).map(|place| place.rules()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule.is_current(now)) {
            match rule.holder {
                RuleHolder::Group(group) => {
                    let roles = roles_in_group(self.roles(), group);
                    sets.extend(roles.iter().filter_map(|role| self.index.people_by_role.get(&role)));
                }
                RuleHolder::Team(team) => sets.extend(self.index.people_by_team.get(&team)),
            }
        }
        Merge::of(sets.into_iter().map(|set| set.iter().copied()))
    }

    fn is_of_organization(&self, permission: Permission) -> bool {
        self.catalog.permission_def(permission).is_some_and(|def| def.scope == Scope::Organization)
    }
}

/// Whether a denial would be anybody's.
const fn is_closed_to_everybody(decision: Decision) -> bool {
    matches!(
        decision,
        Decision::Deny(
            DenyReason::OrganizationPastDue
                | DenyReason::OrganizationSuspended
                | DenyReason::OrganizationArchived
                | DenyReason::WorkspaceNotFound
                | DenyReason::WorkspaceArchived
                | DenyReason::NeedsFeature { .. }
        )
    )
}
