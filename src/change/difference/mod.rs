//! Differences: who can do what more or less, between one state of an organization and another.
//!
//! A difference is a comparison of checks: at the organization, in each workspace, on what is not shared with somebody, on
//! what is their own, on what is shared with them; now, and at every instant at which something ends or begins by itself.

mod measure;
mod shared;
mod spread;
mod timeline;

pub(crate) use measure::{Delta, Measure};
pub(crate) use shared::Opened;

use alloc::collections::BTreeSet;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::access::{Facts, Resource, Target};
use crate::actor::Actor;
use crate::catalog::{Catalog, PermissionSet};
use crate::change::behind;
use crate::id::{ResourceId, UserId, WorkspaceId};
use crate::organization::Organization;
use crate::time::Timestamp;
use spread::spread;

/// Where something can be done.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// The organization; permissions of workspace scope: in all of its workspaces, those to come included.
    Organization,
    /// One workspace.
    Workspace(WorkspaceId),
}

/// On what, at a place, something can be done. Only permissions of resource scope are told apart: every other one is about
/// the place itself, and stands under [`Everything`](Self::Everything).
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum On {
    /// On everything there, whether or not it is shared with them.
    Everything,
    /// Only on what is their own there, and on what is shared with them: for what is not, nothing changes.
    Seen,
    /// Only on what is nobody's own and not shared with them: they come to see it, or do not see it any more.
    Unshared,
    /// On what is their own and lies in no workspace. It is, too, the most that shares give to a member.
    Own,
    /// On one resource, or on everything in one container: by what is shared there.
    Resource(ResourceId),
}

/// Where, on what and when something differs.
///
/// # Examples
/// See [`AccessChange`].
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Extent {
    /// Where. Of a permission of workspace or resource scope the organization means all of its workspaces, those to come
    /// included, but for the exceptions.
    pub place: Place,
    /// On what.
    pub on: On,
    /// Workspaces in which it is not so, in order of their ids: there nothing changes, or what stands in a row of its own.
    pub except: Vec<WorkspaceId>,
    /// From when on; `None` is at once.
    pub from: Option<Timestamp>,
    /// Until when: from that very instant on it makes no difference any more. `None` where no end is known.
    pub until: Option<Timestamp>,
}

impl Extent {
    /// Whether it is so in a workspace, for permissions of workspace and resource scope.
    #[must_use]
    pub fn covers(&self, workspace: WorkspaceId) -> bool {
        match self.place {
            Place::Organization => self.on != On::Own && !self.except.contains(&workspace),
            Place::Workspace(id) => id == workspace,
        }
    }

    /// Whether it is so at an instant, `None` being at once.
    #[must_use]
    pub fn holds(&self, at: Option<Timestamp>) -> bool {
        self.from.is_none_or(|from| at.is_some_and(|at| from <= at))
            && self.until.is_none_or(|until| at.is_none_or(|at| at < until))
    }
}

/// What somebody can do more or less.
///
/// # Shape
/// Each permission at each place is said once: what is so in the organization is not said again for the workspaces, and
/// those in which it is not so are exceptions. Spread out over places and instants, the changes are what checks say.
///
/// # Examples
/// ```
/// # use std::sync::Arc;
/// # use bailiwick::access::Facts;
/// # use bailiwick::change::{AddMember, Command, CreateOrganization, CreateWorkspace, GiveAccess, ChangeRoles};
/// # use bailiwick::{Actor, Name, OrgId, Organization, Override, Seats, Timestamp, UserId, WorkspaceId};
/// use bailiwick::change::{On, Place};
/// # let catalog = Arc::new(toml::from_str(bailiwick::presets::AGENCY)?);
/// # let (ada, bob) = (UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
/// # let (lab, solaris) = (WorkspaceId::from_u64(1).unwrap(), WorkspaceId::from_u64(2).unwrap());
/// # let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
/// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// # let create = CreateOrganization { name: Name::new("Acme")?, plan: "medium".into(), seats: Seats::new(0), owned: 0, workspace: lab };
/// # let commands: [(Actor, Command); 4] = [
/// #     (Actor::User(ada), create.into()),
/// #     (Actor::System, CreateWorkspace { workspace: solaris, name: Name::new("Solaris")? }.into()),
/// #     (Actor::System, AddMember { user: bob, roles: vec!["content_editor".into()], access: vec![] }.into()),
/// #     (Actor::System, GiveAccess { user: bob, workspace: solaris, changes: Override::none().adding("content.edit") }.into()),
/// # ];
/// # for (actor, command) in commands { for record in organization.handle(&command, &now.by(actor))? { organization.apply(&record); } }
/// // Bob edits content everywhere, and in Solaris by a row of his own. He becomes a viewer.
/// let demote = Command::from(ChangeRoles { user: bob, roles: vec!["viewer".into()] });
/// let preview = organization.preview(&demote, &now.by(Actor::System))?;
///
/// let edit = catalog.permission("content.edit").unwrap();
/// let lost = |on| preview.access.iter().find(|change| change.extent.on == on && change.lost.contains(edit));
/// let loss = lost(On::Everything).unwrap();
/// assert_eq!(loss.extent.place, Place::Organization);
/// assert_eq!(loss.extent.except, [solaris]); // by the row he still can
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccessChange {
    /// Who: a user, a service, or whoever presents a link.
    pub who: Actor,
    /// Where, on what and when.
    pub extent: Extent,
    /// What they can do that they could not.
    pub gained: PermissionSet,
    /// What they could do and cannot any more.
    pub lost: PermissionSet,
}

/// Two states of an organization that are compared, and the facts of the moment for each.
pub(crate) struct Comparison<'c> {
    before: &'c Organization,
    after: &'c Organization,
    facts: Facts<'c>,
    /// The same in the handles of the later catalog.
    facts_after: Facts<'c>,
    measure: Measure<'c>,
    workspaces: BTreeSet<WorkspaceId>,
}

/// Of what a check is asked.
#[derive(Clone, Copy, Debug)]
enum Spot<'s> {
    Here(Place),
    Unshared(Place),
    Own,
    /// A resource with the shares that count before, and those that count after.
    Resource(&'s Resource<'s>),
}

impl<'c> Comparison<'c> {
    pub(crate) fn new(
        before: &'c Organization,
        after: &'c Organization,
        facts: &Facts<'c>,
        measure: Measure<'c>,
    ) -> Self {
        let workspaces = before.workspaces().chain(after.workspaces()).map(|(id, _)| id).collect();
        let facts = Facts { organizations: &[], ..*facts }; // those of whoever asks are nobody else's
        let facts_after = translated(&facts, before.catalog(), after.catalog());
        Self { before, after, facts, facts_after, measure, workspaces }
    }

    /// What differs for one actor, place by place.
    pub(crate) fn of(&self, who: Actor) -> Vec<(Extent, Delta)> {
        let places = [Place::Organization].into_iter().chain(self.workspaces.iter().copied().map(Place::Workspace));
        let mut here = Vec::new();
        let mut unshared = Vec::new();
        for place in places {
            here.push((place, self.runs(who, Spot::Here(place))));
            if self.measure.knows_resources() {
                unshared.push((place, self.runs(who, Spot::Unshared(place))));
            }
        }
        let own = if self.measure.knows_resources() { self.runs(who, Spot::Own) } else { timeline::Runs::new() };
        spread(&self.measure, here, unshared, own)
    }

    /// Everybody in either state: users, then services, each in order of their ids.
    pub(crate) fn everybody(&self) -> Vec<Actor> {
        let users: BTreeSet<UserId> = self.before.people().chain(self.after.people()).map(|(user, _)| user).collect();
        let services: BTreeSet<_> = self.before.services().chain(self.after.services()).map(|(id, _)| id).collect();
        users.into_iter().map(Actor::User).chain(services.into_iter().map(Actor::Service)).collect()
    }

    /// Those of them who can differ by what differs: all, where something differs that is about more than single people.
    pub(crate) fn whoever_differs(&self) -> Vec<Actor> {
        let everybody = self.is_about_everybody();
        let differs = |who: &Actor| match who {
            Actor::User(user) => self.before.person(*user) != self.after.person(*user),
            Actor::Service(id) => {
                let states = [self.before, self.after];
                let services = states.map(|state| state.service(*id));
                let sponsors = services.into_iter().flatten().filter_map(|service| service.sponsor());
                let [before, after] = services;
                before != after || sponsors.into_iter().any(|user| self.before.person(user) != self.after.person(user))
            }
            _ => false,
        };
        self.everybody().into_iter().filter(|who| everybody || differs(who)).collect()
    }

    /// Whether something differs that is about more than single people.
    pub(crate) fn is_about_everybody(&self) -> bool {
        let profile =
            |organization: &Organization| organization.profile().map(|p| (p.status, p.terms, p.next_terms, p.deletion));
        let (before, after) = (self.before, self.after);
        profile(before) != profile(after)
            || before.custom_roles != after.custom_roles
            || before.workspaces != after.workspaces
    }

    /// What differs at one spot at one instant.
    fn delta(&self, who: Actor, spot: Spot<'_>, at: Timestamp) -> Delta {
        let had = usable(self.before, who, spot, &Facts { now: at, ..self.facts });
        let has = usable(self.after, who, spot, &Facts { now: at, ..self.facts_after });
        let delta = self.measure.between(had, has);
        match spot {
            Spot::Here(Place::Organization) => delta,
            Spot::Here(Place::Workspace(_)) => self.measure.below_organization(delta),
            Spot::Unshared(_) | Spot::Own | Spot::Resource(_) => self.measure.of_resources(delta),
        }
    }
}

/// What somebody can do who is signed in as well as anybody asks.
fn usable(organization: &Organization, who: Actor, spot: Spot<'_>, facts: &Facts<'_>) -> PermissionSet {
    let workspace = |place| match place {
        Place::Organization => None,
        Place::Workspace(id) => Some(id),
    };
    let probe;
    let target = match spot {
        Spot::Here(Place::Organization) => Target::Organization,
        Spot::Here(Place::Workspace(id)) => Target::Workspace(id),
        Spot::Unshared(place) => {
            probe = Resource::probe(workspace(place), None, &[]);
            Target::Resource(&probe)
        }
        Spot::Own => {
            let Some(user) = behind(organization, who) else { return PermissionSet::EMPTY };
            probe = Resource::probe(None, Some(user), &[]);
            Target::Resource(&probe)
        }
        Spot::Resource(resource) => Target::Resource(resource),
    };
    organization.access(who, target, &organization.proven(facts)).allowed()
}

/// The facts with the features that the caller switches on as another catalog knows them: by their keys.
fn translated<'f>(facts: &Facts<'f>, from: &Arc<Catalog>, to: &Arc<Catalog>) -> Facts<'f> {
    if Arc::ptr_eq(from, to) {
        return *facts;
    }
    let features = facts.features.iter().filter_map(|feature| to.feature(from.feature_key(feature)));
    Facts { features: features.collect(), ..*facts }
}

/// Everybody's differences, person by person and place by place.
///
/// # Shape
/// Whoever is the same in both states is passed over, unless something differs that is about everybody: roles, rules,
/// workspaces, the plan, the status. Then it costs all people times all places, and is nothing for a request.
pub(super) fn differences(before: &Organization, after: &Organization, facts: &Facts<'_>) -> Vec<AccessChange> {
    let comparison = Comparison::new(before, after, facts, Measure::within(after.catalog()));
    let mut found = Vec::new();
    for who in comparison.whoever_differs() {
        found.extend(changes(who, comparison.of(who)));
    }
    found
}

/// One user's differences at every place.
pub(super) fn differences_of(
    who: Actor,
    before: &Organization,
    after: &Organization,
    facts: &Facts<'_>,
) -> Vec<AccessChange> {
    let comparison = Comparison::new(before, after, facts, Measure::within(after.catalog()));
    changes(who, comparison.of(who)).collect()
}

/// Differences within one catalog as changes.
fn changes(who: Actor, found: Vec<(Extent, Delta)>) -> impl Iterator<Item = AccessChange> {
    let change = move |(extent, Delta { gained, lost, .. })| AccessChange { who, extent, gained, lost };
    found.into_iter().map(change)
}
