//! Roles and groups: who can come to have them, who can give and take them, where they count.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use super::actions::carries;
use super::trial::Trial;
use crate::catalog::policy::OverrideMode;
use crate::catalog::{Action, Catalog, Role, RoleDef};

pub(super) fn lint(catalog: &Catalog, trial: &Trial, found: &mut Vec<Finding>) {
    let removed = holds(catalog, Action::RemoveMember).next().is_some();
    let invites: Vec<Role> = holds(catalog, Action::InviteMember).chain(holds(catalog, Action::AddMember)).collect();
    for (role, def) in catalog.roles() {
        let table = catalog.role_table(role);
        let mut find = |lint| found.push(Finding::plain(lint, Place::Role(def.key.clone())));
        if !table.workspace.is_empty() && !carries(catalog, table) {
            find(Lint::UncarriedPermissions);
        }
        if !table.exactly_one && !trial.given.contains(role) {
            find(Lint::UnassignableRole);
        }
        if trial.given.contains(role) && !trial.can_be_taken(catalog, role) {
            find(Lint::IrrevocableRole);
        }
        if invites.contains(&role) && !removed {
            find(Lint::InvitesWithoutRemoving);
        }
        overrides(catalog, def, found);
        widens(catalog, role, def, found);
    }
    for (group, def) in catalog.groups() {
        if !catalog.roles_of_group(group).meets(trial.held) {
            found.push(Finding::plain(Lint::IdleGroup, Place::Group(def.key.clone())));
        }
    }
}

/// The roles that hold the guard of an action.
fn holds(catalog: &Catalog, action: Action) -> impl Iterator<Item = Role> {
    let guard = catalog.guard_of(action);
    let holds = move |role: &Role| guard.is_some_and(|guard| catalog.permissions_of(*role).contains(guard));
    catalog.roles().map(|(role, _)| role).filter(holds)
}

/// What a role says of overrides where there are none.
fn overrides(catalog: &Catalog, def: &RoleDef, found: &mut Vec<Finding>) {
    let off = catalog.policy().overrides == OverrideMode::Off;
    if let Some(reducible) = def.reducible.filter(|_| off) {
        let facts = alloc::format!("`reducible = {reducible}`");
        found.push(Finding::new(Lint::OverridesOff, Place::Role(def.key.clone()), facts));
    }
}

/// Where a role says of itself that usual bounds do not hold.
fn widens(catalog: &Catalog, role: Role, def: &RoleDef, found: &mut Vec<Finding>) {
    let table = catalog.role_table(role);
    let lower = table.assigned_by.iter().filter(|giver| catalog.role_table(*giver).rank < table.rank);
    for key in lower.filter_map(|giver| catalog.role_def(giver)).map(|giver| &giver.key) {
        let facts = alloc::format!("`{key}` gives it and ranks below it");
        found.push(Finding::new(Lint::WiderAuthority, Place::Role(def.key.clone()), facts));
    }
    if def.owner && table.reducible {
        let facts = "overrides can take from owners what they own".into();
        found.push(Finding::new(Lint::WeakerDefault, Place::Role(def.key.clone()), facts));
    }
}
