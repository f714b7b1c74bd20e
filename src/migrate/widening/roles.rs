//! Roles that come to do more.

use alloc::vec::Vec;

use super::{More, Of, Widening};
use crate::catalog::policy::Assignable;
use crate::catalog::{Catalog, Reach, Role, RoleDef};
use crate::migrate::Migration;

impl Migration {
    pub(super) fn widenings_of_roles(&self) -> Vec<Widening> {
        self.old.roles().flat_map(|(role, def)| self.widenings_of(role, def)).collect()
    }

    fn widenings_of(&self, role: Role, def: &RoleDef) -> Vec<Widening> {
        let (becomes, widened) = (self.role(role), self.tables.widened.contains(role));
        let of = || self.of_role(role, def);
        let mut found = self.more_permissions(role, widened);
        let more = self.more_at_once(role).into_iter().chain(self.more_rank(role)).chain(self.more_groups(role));
        found.extend(more.chain(self.more_to_give(role, becomes)).map(|more| Widening::new(of(), more, widened)));
        found
    }

    pub(super) fn of_role(&self, role: Role, def: &RoleDef) -> Of {
        let is = self.new.role_def(self.role(role)).map_or("", |def| def.key.as_str());
        Of::Role { was: def.key.as_str().into(), is: is.into() }
    }

    fn more_permissions(&self, role: Role, widened: bool) -> Vec<Widening> {
        let Some(def) = self.old.role_def(role) else { return Vec::new() };
        let had = self.old.permissions_of(role);
        let gained = self.new.permissions_of(self.role(role)) - self.tables.lineage.worth(had);
        let declared = self.tables.declared | self.tables.lineage.widened_of(had);
        let apart = self.by_declaration(gained, declared).into_iter();
        apart
            .map(|(keys, declared)| {
                Widening::new(self.of_role(role, def), More::Permissions(keys), declared || widened)
            })
            .collect()
    }

    /// What counts wherever the role counts.
    fn more_at_once(&self, role: Role) -> Vec<More> {
        let (was, is) = (self.old.role_table(role), self.new.role_table(self.role(role)));
        let more = [
            (More::Reach, width(is.reach) > width(was.reach)),
            (More::Sight, is.sight > was.sight),
            (More::NotReducible, was.reducible && !is.reducible),
        ];
        more.into_iter().filter(|(_, holds)| *holds).map(|(more, _)| more).collect()
    }

    fn more_rank(&self, role: Role) -> impl Iterator<Item = More> + '_ {
        let (was, is) = (self.old.role_table(role), self.new.role_table(self.role(role)));
        let rises = move |other: &Role| {
            let before = was.rank.cmp(&self.old.role_table(*other).rank);
            is.rank.cmp(&self.new.role_table(self.role(*other)).rank) > before
        };
        let others = self.old.roles().filter(move |(other, _)| *other != role && rises(other));
        others.map(|(_, def)| More::Rank(def.key.as_str().into()))
    }

    fn more_groups(&self, role: Role) -> impl Iterator<Item = More> + '_ {
        self.old.groups().filter_map(move |(group, _)| {
            let now = self.group(group)?;
            let was_in = self.old.roles_of_group(group).contains(role);
            let comes_in = !was_in && self.new.roles_of_group(now).contains(self.role(role));
            let key = self.new.group_def(now).map_or("", |def| def.key.as_str());
            comes_in.then(|| More::Group(key.into()))
        })
    }

    /// The roles that its holders may give by who may assign them. What ranks bound is told of ranks and of the policy.
    fn more_to_give(&self, giver: Role, becomes: Role) -> impl Iterator<Item = More> + '_ {
        let rule = self.new.policy().assignable;
        self.old.roles().filter_map(move |(role, def)| {
            let is = self.role(role);
            let named = |catalog: &Catalog, role| !catalog.role_table(role).assigned_by.is_empty();
            let is_about = named(&self.old, role) || named(&self.new, is);
            let more = is_about && may_give(&self.new, rule, becomes, is) && !may_give(&self.old, rule, giver, role);
            more.then(|| More::Gives(def.key.as_str().into()))
        })
    }
}

/// Whether holders of one role may give another, as far as roles and ranks go.
fn may_give(catalog: &Catalog, rule: Assignable, giver: Role, role: Role) -> bool {
    let (own, table) = (catalog.role_table(giver), catalog.role_table(role));
    if !table.assigned_by.is_empty() {
        return table.assigned_by.contains(giver);
    }
    match rule {
        Assignable::UpToOwnRank => table.rank <= own.rank,
        Assignable::BelowOwnRank => table.rank < own.rank || own.owner,
        Assignable::WhatOneHolds => true,
    }
}

const fn width(reach: Reach) -> u8 {
    match reach {
        Reach::None => 0,
        Reach::Assigned => 1,
        Reach::All => 2,
    }
}
