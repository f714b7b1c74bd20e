//! The short way: what most questions are about, answered by a few lines of memory that do not wait for one another.
//!
//! A person in good standing, in a workspace about which nothing is special, for a permission that asks for nothing but that it is
//! held. Everything else leaves this way and is judged by [all the rules](super::read).

use super::answer::Answer;
use super::cell::Cells;
use super::pass;
use super::records;
use super::slot::OrganizationSlot;
use super::table::Home;
use super::{Directory, NO_SCOPE, ORGANIZATION, SmallHome, SmallSlot, sequence};
use crate::access::{Every, Facts, Resolved, Target};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet};
use crate::id::OrgId;
use crate::time::Timestamp;

/// The number of no workspace: they count from one.
const NO_PLACE: u32 = 0;

/// What a question is about, where the short way may lead there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    pub(super) organization: u128,
    pub(super) user: u128,
    pub(super) workspace: u128,
}

impl Ids {
    #[inline]
    pub(super) const fn of(organization: OrgId, actor: &Actor, target: &Target<'_>) -> Option<Self> {
        let (Actor::User(user), Target::Workspace(workspace)) = (actor, target) else { return None };
        let (user, workspace) = (user.as_u128(), workspace.as_u128());
        Some(Self { organization: organization.as_u128(), user, workspace })
    }

    #[inline]
    pub(super) const fn inside(self) -> [u128; 2] {
        [self.user, self.workspace]
    }
}

/// Where each of them is looked for first.
#[derive(Clone, Copy, Debug)]
pub(super) struct Homes<'d> {
    organization: Home<'d, 5, 2>,
    user: SmallHome<'d>,
    workspace: SmallHome<'d>,
}

impl Homes<'_> {
    /// Has them all fetched. What comes back means nothing.
    #[inline]
    pub(super) fn touch(&self) -> u64 {
        self.organization.touch() ^ self.user.touch() ^ self.workspace.touch()
    }
}

/// What the short way looks at.
#[derive(Clone, Copy)]
pub(super) struct Near<'d> {
    organization: Option<&'d OrganizationSlot>,
    person: Option<&'d SmallSlot>,
    place: Option<&'d SmallSlot>,
}

impl Directory {
    /// Where everything is that the short way begins with: none of it waits for another.
    #[inline]
    pub(super) fn homes(&self, organization: u64, [user, workspace]: [u64; 2]) -> Option<Homes<'_>> {
        Some(Homes {
            organization: self.organizations.home(organization)?,
            user: self.people.home(organization.wrapping_add(user))?,
            workspace: self.workspaces.home(organization.wrapping_add(workspace))?,
        })
    }

    /// The short way from three ids, in one look that waits for nobody; `None` where it has to be looked again.
    #[inline]
    pub(super) fn quickly<'d, T>(&'d self, ids: Ids, read: impl FnOnce(Near<'d>) -> T) -> Option<T> {
        let moves = sequence::begin(&self.moves)?;
        let homes = self.homes(self.hash(ids.organization), ids.inside().map(|id| self.hash(id)))?;
        let answer = self.quickly_from(&homes, ids, read);
        if sequence::holds(&self.moves, moves) { answer } else { None }
    }

    /// The same, where it is known where to begin. Only as good as the moves since.
    #[inline]
    pub(super) fn quickly_from<'d, T>(
        &'d self,
        homes: &Homes<'d>,
        ids: Ids,
        read: impl FnOnce(Near<'d>) -> T,
    ) -> Option<T> {
        let slot = self.organizations.find_from(homes.organization, ORGANIZATION, ids.organization);
        self.quickly_in(slot, [homes.user, homes.workspace], ids, read)
    }

    /// The same, in an organization that had a slot the last time.
    #[inline]
    pub(super) fn quickly_at<'d, T>(
        &'d self,
        slot: &'d OrganizationSlot,
        hash: u64,
        ids: Ids,
        read: impl FnOnce(Near<'d>) -> T,
    ) -> Option<T> {
        let moves = sequence::begin(&self.moves)?;
        let user = self.people.home(hash.wrapping_add(self.hash(ids.user)))?;
        let workspace = self.workspaces.home(hash.wrapping_add(self.hash(ids.workspace)))?;
        if !slot.is(ORGANIZATION, ids.organization) {
            return None;
        }
        let answer = self.quickly_in(Some(slot), [user, workspace], ids, read);
        if sequence::holds(&self.moves, moves) { answer } else { None }
    }

    #[inline]
    fn quickly_in<'d, T>(
        &'d self,
        organization: Option<&'d OrganizationSlot>,
        [user, workspace]: [SmallHome<'d>; 2],
        ids: Ids,
        read: impl FnOnce(Near<'d>) -> T,
    ) -> Option<T> {
        let (scope, before) = match organization {
            Some(slot) => (slot.value(), sequence::begin(slot.fields().sequence)?),
            None => (NO_SCOPE, 0),
        };
        let person = self.people.find_from(user, scope, ids.user);
        let place = self.workspaces.find_from(workspace, scope, ids.workspace);
        let answer = read(Near { organization, person, place });
        let is_whole = organization.is_none_or(|slot| sequence::holds(slot.fields().sequence, before));
        is_whole.then_some(answer)
    }

    /// The answer of a person in good standing in a workspace without rules, about a permission that asks for nothing more;
    /// undecided where anything else has to be looked at.
    #[inline(always)]
    pub(super) fn plainly(&self, near: Near<'_>, permission: Permission, now: Timestamp) -> Answer {
        let Near { organization, person, place } = near;
        let Some(organization) = organization else { return Answer::UNKNOWN };
        let Some(person) = person else { return Answer::NOT_FOUND };
        if !self.plain.has(organization.fields().plain_at(now), permission) {
            return Answer::UNDECIDED;
        }
        match (self.cell_near(person, place, now), place) {
            (0, _) => Answer::UNDECIDED,
            (cell, Some(_)) => Cells::answer(&self.records, cell, permission.index()),
            (_, None) => Answer::WORKSPACE_NOT_FOUND,
        }
    }

    /// Resolves such a person, in such a place; says whether that could be done.
    #[inline]
    pub(super) fn resolve_plainly(
        &self,
        near: Near<'_>,
        resolved: &mut Resolved<'_, PermissionSet>,
        facts: &Facts<'_>,
    ) -> bool {
        let Near { organization: Some(organization), person: Some(person), place } = near else {
            return true; // nothing is all that there is
        };
        if place.is_none() {
            return false;
        }
        let organization = organization.fields();
        let (cell, standing) = (self.cell_near(person, place, facts.now), organization.standing_at(facts.now));
        let Some(standing) = standing.filter(|_| cell != 0) else { return false };
        resolved.version = organization.version();
        resolved.judge_user(Every, standing, self.cells.held(Every, &self.records, cell), facts);
        true
    }

    /// The cell that counts, where nothing else does; otherwise zero.
    #[inline]
    fn cell_near(&self, person: &SmallSlot, place: Option<&SmallSlot>, now: Timestamp) -> u32 {
        let number = place.map_or(NO_PLACE, SmallSlot::value);
        if records::is_special(number) { 0 } else { pass::quick_cell(&self.records, person.value(), number, now) }
    }
}
