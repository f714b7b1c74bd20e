//! Permissions that come to be worth more: easier to use, held farther, or what an action needs.

use alloc::vec::Vec;

use super::{More, Of, Widening};
use crate::catalog::{Action, Permission, PermissionDef, PermissionSet, Scope};
use crate::migrate::Migration;

impl Migration {
    pub(super) fn widenings_of_permissions(&self) -> Vec<Widening> {
        let mut found = Vec::new();
        for (old, was) in self.old.permissions() {
            for new in self.tables.lineage.targets(old).iter() {
                let Some(is) = self.new.permission_def(new) else { continue };
                let more = [
                    (More::Scope, was.scope != Scope::Organization && is.scope == Scope::Organization),
                    (More::AsksLess, asks_less(was, is)),
                    (More::OpenLonger, is_open_longer(was, is)),
                ];
                let more = more.into_iter().filter(|(_, holds)| *holds);
                found.extend(more.map(|(more, _)| self.of_permission(old, new, more)));
            }
        }
        let roles: Vec<PermissionSet> = self.old.roles().map(|(role, _)| self.old.permissions_of(role)).collect();
        found.extend(Action::ALL.iter().filter_map(|action| self.more_guarded(*action, &roles, true)));
        found
    }

    /// An action that somebody who holds one of these sets comes to do by what they held already.
    ///
    /// A guard that nobody could have held before is told of whoever gains it. `eased` is about everybody: the new guard asks
    /// for less than the old one did.
    pub(super) fn more_guarded(&self, action: Action, held: &[PermissionSet], eased: bool) -> Option<Widening> {
        let (before, now) = (self.old.guard_of(action), self.new.guard_of(action)?);
        let lineage = &self.tables.lineage;
        let could = |set: &PermissionSet| before.is_some_and(|guard| set.contains(guard));
        let newly = held.iter().any(|set| lineage.worth(*set).contains(now) && !could(set));
        let another = before.filter(|guard| !lineage.targets(*guard).contains(now));
        let defs = another.and_then(|guard| Some((self.old.permission_def(guard)?, self.new.permission_def(now)?)));
        let is_eased = eased && defs.is_some_and(|(was, is)| asks_less(was, is) || is_open_longer(was, is));
        if !newly && !is_eased {
            return None;
        }
        let was = self.old.permissions().map(|(old, _)| old).find(|old| lineage.targets(*old).contains(now));
        Some(self.of_permission(was.or(before)?, now, More::Guards(action)))
    }

    fn of_permission(&self, was: Permission, is: Permission, more: More) -> Widening {
        let (old, new) = (self.old.permission_key(was), self.new.permission_key(is));
        Widening::new(Of::Permission { was: old.into(), is: new.into() }, more, self.tables.declared.contains(is))
    }
}

fn asks_less(was: &PermissionDef, is: &PermissionDef) -> bool {
    let older = match (was.recent_authentication, is.recent_authentication) {
        (Some(before), Some(now)) => now > before,
        (before, now) => before.is_some() && now.is_none(),
    };
    older || (was.second_factor && !is.second_factor)
}

const fn is_open_longer(was: &PermissionDef, is: &PermissionDef) -> bool {
    (was.active_only && !is.active_only) || (is.open_while_suspended && !was.open_while_suspended)
}
