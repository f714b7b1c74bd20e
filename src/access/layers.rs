//! The layers of rule 7: what roles give in a workspace, and what groups, teams and the person's row change.
//!
//! Nearest wins, and at equal distance a denial wins:
//!
//! ```text
//! inherited  = the workspace permissions of each role that carries into the workspace
//! base       = the row's role instead, if it names one
//! with rules = (base ∪ given by rules) \ taken by rules
//! effective  = (with rules ∪ added by the row) \ removed by the row
//!            ∪ what roles that cannot be reduced give
//! ```

use super::DenyReason;
use crate::catalog::policy::OverrideMode;
use crate::catalog::{Catalog, Permission, PermissionSet, Reach, RoleSet, Sight};
use crate::organization::{AccessRow, Person, Rule, RuleHolder, Standing, Workspace};
use crate::time::Timestamp;

/// What each layer says, for every workspace and resource permission at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layers {
    pub(crate) inherited: PermissionSet,
    pub(crate) base: PermissionSet,
    pub(crate) given: PermissionSet,
    pub(crate) taken: PermissionSet,
    pub(crate) added: PermissionSet,
    pub(crate) removed: PermissionSet,
    /// What roles that cannot be reduced give, whatever the layers above say.
    pub(crate) firm: PermissionSet,
    /// Which resources of the workspace are seen.
    pub(crate) sight: Sight,
    /// What roles that cannot be reduced see, whatever the row says.
    pub(crate) firm_sight: Sight,
}

impl Layers {
    pub(crate) const NONE: Self = Self {
        inherited: PermissionSet::EMPTY,
        base: PermissionSet::EMPTY,
        given: PermissionSet::EMPTY,
        taken: PermissionSet::EMPTY,
        added: PermissionSet::EMPTY,
        removed: PermissionSet::EMPTY,
        firm: PermissionSet::EMPTY,
        sight: Sight::Shared,
        firm_sight: Sight::Shared,
    };

    #[inline]
    pub(crate) fn effective(&self) -> PermissionSet {
        ((((self.base | self.given) - self.taken) | self.added) - self.removed) | self.firm
    }

    /// Which layer took a permission that is not effective; `None` when no layer gave it.
    pub(crate) fn taken_by(&self, permission: Permission) -> Option<DenyReason> {
        let has = |set: PermissionSet| set.contains(permission);
        let before_rules = self.base | self.given;
        if has(self.removed) && has((before_rules - self.taken) | self.added) {
            Some(DenyReason::RemovedByOverride)
        } else if has(self.taken) && has(before_rules) {
            Some(DenyReason::TakenByRule)
        } else if has(self.inherited) {
            Some(DenyReason::ReplacedByOverride)
        } else {
            None
        }
    }
}

/// What the roles of a member give where there are no rows and no rules: everywhere else, and in workspaces to come.
pub(crate) fn everywhere(catalog: &Catalog, roles: RoleSet) -> Layers {
    Inheritance::of(catalog, roles, None).layers
}

/// What every layer says of a person in a workspace.
pub(crate) fn layers_in(
    catalog: &Catalog,
    person: &Person,
    row: Option<&AccessRow>,
    workspace: &Workspace,
    now: Timestamp,
) -> Layers {
    let row = row.filter(|row| row.is_current(now));
    let roles = person.roles();
    let Inheritance { mut layers, carriers } = Inheritance::of(catalog, roles, row);
    if let Some(row) = row {
        // A collaborator has only the row, so there is nothing that a mode could protect.
        let mode = match person.standing() {
            Standing::Member(_) => catalog.policy().overrides,
            Standing::Collaborator => OverrideMode::Replace,
        };
        if row.role.is_none() && carriers == 0 {
            layers.sight = Sight::All; // permissions given by name in a workspace are meant for the workspace
        }
        override_by(&mut layers, catalog, row, mode);
    }
    for rule in workspace.rules.iter().filter(|rule| rule.is_current(now)) {
        if concerns(catalog, rule, roles, person) {
            layers.given |= rule.given;
            layers.taken |= rule.taken;
        }
    }
    layers
}

/// Whether a rule is about this person.
fn concerns(catalog: &Catalog, rule: &Rule, roles: RoleSet, person: &Person) -> bool {
    match rule.holder {
        RuleHolder::Group(group) => catalog.roles_of_group(group).meets(roles),
        RuleHolder::Team(team) => person.is_in_team(team),
    }
}

fn override_by(layers: &mut Layers, catalog: &Catalog, row: &AccessRow, mode: OverrideMode) {
    if let Some(role) = row.role {
        let table = catalog.role_table(role);
        let firm_sight = layers.firm_sight;
        (layers.base, layers.sight) = match mode {
            OverrideMode::Replace => (table.workspace, table.sight.max(firm_sight)),
            OverrideMode::Expand => (layers.inherited | table.workspace, layers.sight.max(table.sight)),
            OverrideMode::Reduce => (layers.inherited & table.workspace, layers.sight.min(table.sight).max(firm_sight)),
            OverrideMode::Off => (layers.inherited, layers.sight),
        };
    }
    if matches!(mode, OverrideMode::Replace | OverrideMode::Expand) {
        layers.added = row.added;
    }
    if matches!(mode, OverrideMode::Replace | OverrideMode::Reduce) {
        layers.removed = row.removed;
    }
}

/// What roles carry into a workspace.
struct Inheritance {
    layers: Layers,
    carriers: u32,
}

impl Inheritance {
    #[inline]
    fn of(catalog: &Catalog, roles: RoleSet, row: Option<&AccessRow>) -> Self {
        let (mut layers, mut carriers) = (Layers::NONE, 0_u32);
        for role in roles.iter() {
            let table = catalog.role_table(role);
            let carries = match table.reach {
                Reach::All => true,
                Reach::Assigned => row.is_some(),
                Reach::None => false,
            };
            if carries {
                carriers = carriers.saturating_add(1);
                layers.inherited |= table.workspace;
                layers.sight = layers.sight.max(table.sight);
                if !table.reducible {
                    layers.firm |= table.workspace;
                    layers.firm_sight = layers.firm_sight.max(table.sight);
                }
            }
        }
        layers.base = layers.inherited;
        Self { layers, carriers }
    }
}
