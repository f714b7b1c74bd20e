//! Who can do this here? People and services with a permission at a place.

use alloc::boxed::Box;
use alloc::collections::{BTreeSet, btree_set};
use alloc::vec::Vec;

use super::holding::roles_in_group;
use super::merge::{Merge, behind};
use super::{Page, Paging, Relation, Source, target};
use crate::access::{Decision, DenyReason, Facts};
use crate::actor::Actor;
use crate::catalog::{Permission, Reach, Role, RoleSet, Scope, Sight};
use crate::change::Place;
use crate::id::{ServiceId, UserId, WorkspaceId};
use crate::organization::{Giver, Organization, RuleHolder};
use crate::time::Timestamp;
use crate::version::Version;

/// Somebody who can do it, and through what.
#[derive(Clone, Debug, PartialEq)]
pub struct Reaching<I> {
    /// Who.
    pub id: I,
    /// What they (for services: their sponsor) are to the organization.
    pub relation: Relation,
    /// On which resources of the place: with [`Sight::Shared`] on those alone that are shared with them, and on their own.
    pub sight: Sight,
    /// Through what: every source that gives it and that nothing nearer takes it from; never empty.
    pub through: Vec<Source>,
}

impl Organization {
    /// Everybody for whom a check of this permission at this place does not say no: members and collaborators, each with
    /// the role, row or rule through which they can. Who would first have to step up is listed.
    ///
    /// # Shape
    /// In order of ids. Costs the people on the way to the end of the page to whom a role, a row in the workspace or a rule gives it
    /// by itself: those from whom something nearer takes it, who are suspended, or whose row has ended are looked at too. Whoever
    /// is given something else costs nothing, whatever the size of the organization and of the workspace. What is closed to
    /// everybody (by the status, an archive, the plan) lists nobody at once.
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
    /// In order of ids. Costs the services on the way to the end of the page.
    #[must_use]
    pub fn services_with(
        &self,
        permission: Permission,
        place: Place,
        facts: &Facts<'_>,
        paging: Paging<ServiceId>,
    ) -> Page<Reaching<ServiceId>, ServiceId> {
        let named = |id: &&ServiceId| self.service(**id).is_some_and(|it| it.permissions().contains(permission));
        let services = behind(&self.index.services, paging.last()).filter(named);
        let candidates = services.map(|id| (*id, Actor::Service(*id)));
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
        Reaching { id, relation, sight: holding.sight, through }
    }

    /// Everybody to whom something gives the permission there; from some it may be taken.
    fn people_given(&self, permission: Permission, place: Place, last: Option<UserId>) -> Merge<Users<'_>> {
        let (roles, mut lists) = match place {
            _ if self.is_of_organization(permission) => (self.roles_giving(permission, false), Vec::new()),
            Place::Organization => (self.roles_giving(permission, true), Vec::new()),
            Place::Workspace(workspace) => self.givers_in(workspace, permission, last),
        };
        let by_role = roles.iter().filter_map(|role| self.index.people_by_role.get(&role));
        lists.extend(by_role.map(|set| Users::Set(behind(set, last))));
        Merge::of(lists)
    }

    /// The roles whose holders are to be asked in a workspace, and the others who are.
    fn givers_in(
        &self,
        workspace: WorkspaceId,
        permission: Permission,
        last: Option<UserId>,
    ) -> (RoleSet, Vec<Users<'_>>) {
        let mut roles = self.roles_giving(permission, true);
        let gives = |giver: &Giver| match *giver {
            Giver::Assigned(role) => {
                let table = self.roles().table(role);
                table.reach == Reach::Assigned && table.workspace.contains(permission)
            }
            Giver::Role(role) => self.roles().table(role).workspace.contains(permission),
            Giver::Added(added) => added == permission,
            Giver::Nothing => false,
        };
        let rows = self.index.givers_in(workspace).filter(gives);
        let rows = rows.map(|giver| Users::Rows(Box::new(self.index.given_by(workspace, giver, last))));
        let mut lists: Vec<Users<'_>> = rows.collect();
        let rules = self.workspace(workspace).map(|place| place.rules()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule.given.contains(permission)) {
            match rule.holder {
                RuleHolder::Group(group) => {
                    roles = roles.iter().chain(roles_in_group(self.roles(), group).iter()).collect()
                }
                RuleHolder::Team(team) => {
                    let people = self.index.people_by_team.get(&team);
                    lists.extend(people.map(|set| Users::Set(behind(set, last))));
                }
            }
        }
        (roles, lists)
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
    pub(super) fn people_concerned(&self, workspace: WorkspaceId, now: Timestamp) -> BTreeSet<UserId> {
        let mut people: BTreeSet<UserId> = self.index.people_in(workspace).collect();
        let rules = self.workspace(workspace).map(|place| place.rules()).unwrap_or_default();
        for rule in rules.iter().filter(|rule| rule.is_current(now)) {
            match rule.holder {
                RuleHolder::Group(group) => {
                    let roles = roles_in_group(self.roles(), group);
                    let by_role = roles.iter().filter_map(|role| self.index.people_by_role.get(&role));
                    people.extend(by_role.flatten());
                }
                RuleHolder::Team(team) => people.extend(self.index.people_by_team.get(&team).into_iter().flatten()),
            }
        }
        people
    }

    fn is_of_organization(&self, permission: Permission) -> bool {
        self.catalog.permission_def(permission).is_some_and(|def| def.scope == Scope::Organization)
    }
}

/// Users in order, from wherever they are kept.
enum Users<'o> {
    Set(btree_set::Range<'o, UserId>),
    Rows(Box<dyn Iterator<Item = UserId> + 'o>),
}

impl Iterator for Users<'_> {
    type Item = UserId;

    fn next(&mut self) -> Option<UserId> {
        match self {
            Self::Set(users) => users.next().copied(),
            Self::Rows(users) => users.next(),
        }
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
