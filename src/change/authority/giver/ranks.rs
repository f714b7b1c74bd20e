//! Whether the giver's rank goes with somebody, or with a role.

use alloc::string::ToString;

use super::super::held::rank;
use super::{Giver, Who};
use crate::catalog::Role;
use crate::catalog::policy::Assignable;
use crate::change::Refusal;
use crate::organization::{AccessRow, Person};
use crate::time::Timestamp;

impl Giver<'_> {
    /// Whether the giver may touch a person at all: one who does not outrank. A collaborator has a rank only where there
    /// is a row.
    pub(in crate::change) fn may_touch(&self, person: &Person) -> Result<(), Refusal> {
        if self.place.is_none() && !person.is_member() {
            let mut rows = person.rows().iter();
            return rows.try_for_each(|row| self.in_workspace(row.workspace).may_touch(person));
        }
        let fits = match self.who {
            _ if self.door.is_open() => true,
            Who::Platform => true,
            Who::Directory(allowed) => {
                let below = person.rows().iter().filter_map(|row| row.role);
                person.is_member() && person.roles().iter().chain(below).all(|role| allowed.contains(role))
            }
            Who::Person { person: giver, .. } => {
                let roles = self.organization.roles();
                let theirs = rank(roles, person, None, self.now).max(rank(roles, person, self.place, self.now));
                theirs <= rank(roles, giver, self.place, self.now)
            }
        };
        if fits { Ok(()) } else { Err(Refusal::Outranked) }
    }

    /// Whether the giver may touch what rows make of a member: no higher a rank than the giver's, there or in the organization.
    pub(in crate::change) fn may_touch_rows(&self, person: &Person) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        let at = |person, place| rank(self.organization.roles(), person, place, self.now);
        let own = |place| at(giver, None).max(at(giver, place));
        let mut places = person.rows().iter().map(|row| Some(row.workspace));
        if places.all(|place| at(person, place) <= own(place)) { Ok(()) } else { Err(Refusal::Outranked) }
    }

    pub(super) fn may_assign(&self, role: Role) -> Result<(), Refusal> {
        let makes_owners = !matches!(self.who, Who::Person { makes_owners: false, .. });
        if self.roles_after.table(role).owner && !makes_owners {
            return Err(Refusal::OwnersOnly);
        }
        self.may_rank(role)
    }

    /// Whether the giver's rank in a workspace goes with the role of a row, now and for as long as the row gives it.
    pub(super) fn may_rank_in(&self, row: &AccessRow, role: Role) -> Result<(), Refusal> {
        let lasts = |instant: &Timestamp| row.until.is_none_or(|end| *instant < end);
        let mut instants = self.own_instants(row.workspace).into_iter().filter(lasts);
        instants.try_for_each(|now| Self { now, ..*self }.in_workspace(row.workspace).may_rank(role))
    }

    /// Whether the giver's rank goes with a role, at organization level or in the place where it is given.
    fn may_rank(&self, role: Role) -> Result<(), Refusal> {
        let Who::Person { person: giver, .. } = self.who else { return Ok(()) };
        let (catalog, roles) = (self.catalog(), self.organization.roles());
        let table = self.roles_after.table(role);
        if !table.assigned_by.is_empty() {
            let may = table.assigned_by.meets(giver.roles()); // a custom role like one of them is not one of them
            return if may { Ok(()) } else { Err(self.not_assignable(role)) };
        }
        let own = rank(roles, giver, self.place, self.now);
        let is_owner = giver.roles().contains(catalog.owner_role());
        let fits = match catalog.policy().assignable {
            Assignable::UpToOwnRank => table.rank <= own,
            Assignable::BelowOwnRank => table.rank < own || is_owner,
            Assignable::WhatOneHolds => true,
        };
        if fits { Ok(()) } else { Err(self.not_assignable(role)) }
    }

    pub(in crate::change) fn not_assignable(&self, role: Role) -> Refusal {
        Refusal::NotAssignable { role, key: self.roles_after.key(role).to_string() }
    }
}
