//! Where can somebody go? The workspaces of an actor.

use alloc::collections::{BTreeSet, btree_set};
use alloc::vec::Vec;
use core::slice;

use super::merge::{Merge, behind};
use super::{Holding, Page, Paging, Relation};
use crate::access::{Facts, Who};
use crate::actor::Actor;
use crate::catalog::Reach;
use crate::change::Place;
use crate::id::WorkspaceId;
use crate::organization::{AccessRow, Organization, Person, RuleHolder, Service};
use crate::text::Name;
use crate::version::Version;

/// A workspace that somebody can reach.
#[derive(Clone, Debug, PartialEq)]
pub struct ReachedWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
    /// Its name, as typed.
    pub name: Name,
    /// Whether it is archived.
    pub is_archived: bool,
    /// What they (for staff and services: the user behind them) are to the organization.
    pub relation: Relation,
    /// What they hold there, and through what. Nothing is [usable](Holding::usable) where the organization, the person or
    /// the end of a row is in the way: show it so, or not at all.
    pub holding: Holding,
}

/// A page of the workspaces of somebody.
pub type WorkspacePage = Page<ReachedWorkspace, WorkspaceId>;

impl Organization {
    /// The workspaces of a user, a service, or staff in somebody's place: each one in which something is granted to them,
    /// or (for users) in which they have a row, ended or not.
    ///
    /// # Shape
    /// In order of ids. Costs the rows and roles of the person, and the rules about their groups and teams; where a role reaches all
    /// workspaces, as many as there are. Nothing to strangers.
    ///
    /// # Source
    /// S3-10, S3-38, S3-39, S3-40.
    ///
    /// # Examples
    /// See [`Page`].
    #[must_use]
    pub fn workspaces_of(&self, actor: Actor, facts: &Facts<'_>, paging: Paging<WorkspaceId>) -> WorkspacePage {
        let Some((person, service)) = self.rights_of(actor, facts) else { return Page::empty(Version::ZERO) };
        let candidates = self.places_of(person, service, paging.last());
        let reached = candidates.filter_map(|id| Some((id, self.reached(actor, person, id, facts)?)));
        Page::of(self.version(), &paging, reached)
    }

    /// The person whose rights an actor has, and the service that they are narrowed to.
    fn rights_of(&self, actor: Actor, facts: &Facts<'_>) -> Option<(&Person, Option<&Service>)> {
        let who = Who::behind(self, actor, None, facts).filter(|_| self.is_open())?;
        let service = match actor {
            Actor::Service(id) => self.service(id),
            _ => None,
        };
        Some((self.person(who.actor.user()?)?, service))
    }

    fn reached(&self, actor: Actor, person: &Person, id: WorkspaceId, facts: &Facts<'_>) -> Option<ReachedWorkspace> {
        let workspace = self.workspace(id)?;
        let holding = self.holding(actor, Place::Workspace(id), facts);
        let has_row = person.row(id).is_some() && actor.user().is_some();
        (has_row || !holding.granted.is_empty()).then(|| ReachedWorkspace {
            workspace: id,
            name: workspace.name().clone(),
            is_archived: workspace.archived().is_some(),
            relation: Relation::of(person),
            holding,
        })
    }

    /// Every workspace in which a person may hold something, in order; some may turn out to give nothing.
    fn places_of<'o>(
        &'o self,
        person: &'o Person,
        service: Option<&'o Service>,
        last: Option<WorkspaceId>,
    ) -> Merge<Ids<'o>> {
        let all = self.roles();
        let bounds = service.map(Service::workspaces).filter(|bounds| !bounds.is_empty());
        let everywhere = person.roles().iter().map(|role| all.table(role));
        let everywhere = everywhere.filter(|table| !table.workspace.is_empty()).any(|table| table.reach == Reach::All);
        let lists: Vec<Ids<'o>> = match bounds {
            Some(bounds) => Vec::from([Ids::Bounds(beyond(bounds, last, |id| *id).iter())]),
            None if everywhere => Vec::from([Ids::Set(behind(&self.index.workspaces, last))]),
            None => {
                let roles = all.defined(person.roles());
                let groups = all.catalog.groups().map(|(group, _)| group);
                let groups = groups.filter(|group| all.catalog.roles_of_group(*group).meets(roles));
                let holders = groups
                    .map(RuleHolder::Group)
                    .chain(person.teams.iter().map(|joined| RuleHolder::Team(joined.team)));
                let ruled = holders.filter_map(|holder| self.index.workspaces_by_rule.get(&holder));
                let ruled = ruled.map(|set: &BTreeSet<WorkspaceId>| Ids::Set(behind(set, last)));
                let rows = beyond(person.rows(), last, |row| row.workspace);
                ruled.chain([Ids::Rows(rows.iter())]).collect()
            }
        };
        Merge::of(lists)
    }
}

/// What of a sorted list is behind an id.
fn beyond<T>(list: &[T], last: Option<WorkspaceId>, id: impl Fn(&T) -> WorkspaceId) -> &[T] {
    let at = list.partition_point(|item| last.is_some_and(|last| id(item) <= last));
    list.get(at..).unwrap_or_default()
}

/// Ids of workspaces in order, from wherever they are kept.
enum Ids<'o> {
    Set(btree_set::Range<'o, WorkspaceId>),
    Rows(slice::Iter<'o, AccessRow>),
    Bounds(slice::Iter<'o, WorkspaceId>),
}

impl Iterator for Ids<'_> {
    type Item = WorkspaceId;

    fn next(&mut self) -> Option<WorkspaceId> {
        match self {
            Self::Set(ids) => ids.next().copied(),
            Self::Rows(rows) => rows.next().map(|row| row.workspace),
            Self::Bounds(ids) => ids.next().copied(),
        }
    }
}
