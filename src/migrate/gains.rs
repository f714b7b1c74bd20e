//! Gains: what people and services of an organization would come to hold, whether or not they could use it today.
//!
//! What stops somebody for a while does not count: that they are suspended, or the organization is, or it was deleted and can be
//! restored; that a plan lacks a feature; that a service has ended or waits for a sponsor. Compared is what is granted, now and at
//! every later instant at which a row or rule ends.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;
use core::fmt;

use super::Migration;
use super::widening::listed;
use crate::access::{Every, at_organization, everywhere, layers_in};
use crate::actor::Actor;
use crate::catalog::{Action, PermissionKey, PermissionSet, RoleSet, Sight};
use crate::change::Place;
use crate::id::{OrgId, WorkspaceId};
use crate::organization::{Organization, Person, Service};
use crate::time::Timestamp;
use crate::whatif::DiffRow;

/// What somebody of an organization would gain, and nobody has declared.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Gain {
    /// In which organization.
    pub organization: OrgId,
    /// Who: a user or a service, whether or not something stops them now.
    pub who: Actor,
    /// Where.
    pub place: Place,
    /// From when on: at once, or when a row or rule ends.
    pub from: Timestamp,
    /// The permissions; keys of the new catalog.
    pub permissions: Vec<PermissionKey>,
    /// Actions of the crate whose guard is another one now, which they held already.
    pub actions: Vec<Action>,
    /// Whether they would see what is not shared with them.
    pub sees_more: bool,
}

impl fmt::Display for Gain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.permissions.is_empty() {
            parts.push(listed(&self.permissions));
        }
        if !self.actions.is_empty() {
            let actions: Vec<&str> = self.actions.iter().map(|action| action.as_str()).collect();
            parts.push(alloc::format!("what guards {}", actions.join(", ")));
        }
        if self.sees_more {
            parts.push("sight of what is not shared with them".into());
        }
        write!(f, "in organization {} {:?} gains {}", self.organization, self.who, parts.join(", and "))
    }
}

/// What is granted to somebody at a place and an instant, and what they see there.
#[derive(Clone, Copy)]
struct Granted {
    permissions: PermissionSet,
    sight: Sight,
}

/// What is new in it.
#[derive(Clone, Copy, Default)]
struct Fresh {
    permissions: PermissionSet,
    actions: u64,
    sight: bool,
}

/// What somebody had, and what they would have.
#[derive(Clone, Copy)]
struct Change {
    had: Granted,
    has: Granted,
    /// The roles that count at the place, of the old catalog and custom ones.
    roles: RoleSet,
}

impl Migration {
    /// What anybody would gain that is not declared.
    pub(super) fn gains(&self, before: &Organization, after: &Organization, now: Timestamp) -> Vec<Gain> {
        let mut found = Vec::new();
        for (user, was) in before.people() {
            let Some(is) = after.person(user) else { continue };
            for place in places(before, Some(was), &[]) {
                let at = |instant| Change {
                    had: granted(before, was, place, instant),
                    has: granted(after, is, place, instant),
                    roles: roles_at(was, place, instant),
                };
                self.gains_at(before, Actor::User(user), (place, Some(was)), now, at, &mut found);
            }
        }
        for (id, was) in before.services() {
            let Some(is) = after.service(id) else { continue };
            let sponsor = was.sponsor().and_then(|user| before.person(user));
            for place in places(before, sponsor, was.workspaces()) {
                let at = |instant| Change {
                    had: lent(before, was, place, instant),
                    has: lent(after, is, place, instant),
                    roles: sponsor.map(|person| roles_at(person, place, instant)).unwrap_or_default(),
                };
                self.gains_at(before, Actor::Service(id), (place, sponsor), now, at, &mut found);
            }
        }
        found
    }

    /// One actor at one place: at each instant what was not gained before.
    fn gains_at(
        &self,
        organization: &Organization,
        who: Actor,
        (place, person): (Option<WorkspaceId>, Option<&Person>),
        now: Timestamp,
        at: impl Fn(Timestamp) -> Change,
        found: &mut Vec<Gain>,
    ) {
        let mut known = Fresh::default();
        for instant in instants(organization, person, place, now) {
            let fresh = self.undeclared(organization, at(instant)).beyond(known);
            if fresh.is_nothing() {
                continue;
            }
            known = known.and(fresh);
            let keys = fresh.permissions.iter().map(|permission| self.new.permission_key(permission).into());
            found.push(Gain {
                organization: organization.id(),
                who,
                place: place.map_or(Place::Organization, Place::Workspace),
                from: instant,
                permissions: keys.collect(),
                actions: fresh.actions().collect(),
                sees_more: fresh.sight,
            });
        }
    }

    /// What is gained by a share and not declared, if anything is.
    pub(super) fn undeclared_by_share(&self, row: &DiffRow, now: Timestamp) -> Option<Gain> {
        let is_declared = |key: &PermissionKey| {
            self.new.permission(key.as_str()).is_some_and(|permission| self.tables.declared.contains(permission))
        };
        let permissions: Vec<PermissionKey> = row.gained.iter().filter(|key| !is_declared(key)).cloned().collect();
        (!permissions.is_empty()).then(|| Gain {
            organization: row.organization,
            who: row.who,
            place: row.extent.place,
            from: row.extent.from.unwrap_or(now),
            permissions,
            actions: Vec::new(),
            sees_more: false,
        })
    }

    fn undeclared(&self, organization: &Organization, change: Change) -> Fresh {
        let Change { had, has, roles } = change;
        let gained = has.permissions - self.tables.lineage.worth(had.permissions);
        let declared = self.declared_for(roles, had.permissions);
        let comes_to_do = |action: &Action| {
            let could = self.old.guard_of(*action).is_some_and(|guard| had.permissions.contains(guard));
            let guard = self.new.guard_of(*action).filter(|guard| has.permissions.contains(*guard));
            !could && guard.is_some_and(|guard| !gained.contains(guard) && !declared.contains(guard))
        };
        let actions = Action::ALL.iter().filter(|action| comes_to_do(action)).map(|action| bit(*action));
        let widened = self.tables.widened.meets(organization.roles().defined(roles));
        let on_resources = !(has.permissions & self.new.resource_scope()).is_empty();
        Fresh {
            permissions: gained - declared,
            actions: actions.fold(0, |all, bit| all | bit),
            sight: has.sight > had.sight && on_resources && !widened,
        }
    }

    /// What somebody with these roles, who held this, may come to hold.
    fn declared_for(&self, roles: RoleSet, had: PermissionSet) -> PermissionSet {
        let merged = self.tables.lineage.widened_of(had);
        let widened = roles.iter().filter(|role| self.tables.widened.contains(*role));
        let more = widened.map(|role| self.new.permissions_of(self.role(role)));
        more.fold(self.tables.declared | merged, |declared, more| declared | more)
    }
}

impl Fresh {
    fn beyond(self, known: Self) -> Self {
        Self {
            permissions: self.permissions - known.permissions,
            actions: self.actions & !known.actions,
            sight: self.sight && !known.sight,
        }
    }

    fn and(self, more: Self) -> Self {
        Self {
            permissions: self.permissions | more.permissions,
            actions: self.actions | more.actions,
            sight: self.sight || more.sight,
        }
    }

    fn is_nothing(&self) -> bool {
        self.permissions.is_empty() && self.actions == 0 && !self.sight
    }

    fn actions(&self) -> impl Iterator<Item = Action> + '_ {
        Action::ALL.iter().copied().filter(|action| self.actions & bit(*action) != 0)
    }
}

/// The place of an action in a set.
fn bit(action: Action) -> u64 {
    1_u64.checked_shl(action as u32).unwrap_or(0)
}

/// Every place where something else can be held than elsewhere: the organization, with all workspaces that are not named; and
/// those with rules, with a row, or named by a service.
fn places(
    organization: &Organization,
    person: Option<&Person>,
    named: &[WorkspaceId],
) -> BTreeSet<Option<WorkspaceId>> {
    let ruled = organization.ruled_workspaces().map(|(id, _)| id);
    let rows = person.into_iter().flat_map(Person::rows).map(|row| row.workspace);
    ruled.chain(rows).chain(named.iter().copied()).map(Some).chain([None]).collect()
}

/// Now, and every later instant at which something at a place ends.
fn instants(
    organization: &Organization,
    person: Option<&Person>,
    place: Option<WorkspaceId>,
    now: Timestamp,
) -> BTreeSet<Timestamp> {
    let Some(id) = place else { return BTreeSet::from([now]) };
    let row = person.and_then(|person| person.row(id)?.until);
    let rules = organization.workspace(id).into_iter().flat_map(|place| place.rules()).filter_map(|rule| rule.until);
    rules.chain(row).filter(|end| *end > now).chain([now]).collect()
}

/// What the layers of a check grant to a person, were nothing in their way.
fn granted(organization: &Organization, person: &Person, place: Option<WorkspaceId>, instant: Timestamp) -> Granted {
    let (all, roles) = (organization.roles(), person.roles());
    let workspace = place.and_then(|id| Some((id, organization.workspace(id)?)));
    let layers = match workspace {
        Some((id, workspace)) => layers_in(Every, all, person, person.row(id), workspace, instant),
        None => everywhere(Every, all, roles),
    };
    Granted { permissions: layers.effective() | at_organization(Every, all, roles), sight: layers.sight }
}

/// What a service can use of that; of one without a sponsor, of whoever adopts it.
fn lent(organization: &Organization, service: &Service, place: Option<WorkspaceId>, instant: Timestamp) -> Granted {
    let bound = service.bound_at(organization.catalog(), place);
    let sponsor = service.sponsor().and_then(|user| organization.person(user));
    // What the sponsor sees is told of the sponsor.
    let all = Granted { permissions: bound, sight: Sight::Shared };
    sponsor.map_or(all, |person| {
        let granted = granted(organization, person, place, instant);
        Granted { permissions: granted.permissions & bound, ..all }
    })
}

/// The roles of a person that count at a place: their own, and the one in a row that has not ended.
fn roles_at(person: &Person, place: Option<WorkspaceId>, instant: Timestamp) -> RoleSet {
    let row = place.and_then(|id| person.row(id)).filter(|row| row.is_current(instant));
    person.roles().iter().chain(row.and_then(|row| row.role)).collect()
}
