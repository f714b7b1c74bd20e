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
use super::lens::{Lens, View};
use crate::catalog::policy::OverrideMode;
use crate::catalog::{Permission, Reach, RoleSet, Sight};
use crate::organization::{AccessRow, Person, Roles, Rule, RuleHolder, Standing, Workspace};
use crate::time::Timestamp;

/// What each layer says of the workspace and resource permissions that are looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layers<V> {
    pub(crate) inherited: V,
    pub(crate) base: V,
    given: V,
    taken: V,
    pub(crate) added: V,
    pub(crate) removed: V,
    /// What roles that cannot be reduced give, whatever the layers above say.
    pub(crate) firm: V,
    /// Which resources of the workspace are seen.
    pub(crate) sight: Sight,
    /// What roles that cannot be reduced see, whatever the row says.
    firm_sight: Sight,
}

impl<V: View> Layers<V> {
    pub(crate) const NONE: Self = Self {
        inherited: V::NOTHING,
        base: V::NOTHING,
        given: V::NOTHING,
        taken: V::NOTHING,
        added: V::NOTHING,
        removed: V::NOTHING,
        firm: V::NOTHING,
        sight: Sight::Shared,
        firm_sight: Sight::Shared,
    };

    /// Layers that were made before, without rules.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) const fn compiled(inherited: V, base: V, added: V, removed: V, firm: V) -> Self {
        Self { inherited, base, added, removed, firm, ..Self::NONE }
    }

    /// With what rules give and take.
    #[cfg(feature = "std")]
    pub(crate) const fn ruled(self, given: V, taken: V) -> Self {
        Self { given, taken, ..self }
    }

    #[inline]
    pub(crate) fn effective(&self) -> V {
        let with_rules = without(self.base | self.given, self.taken);
        without(with_rules | self.added, self.removed) | self.firm
    }

    /// Which layer took a permission that is not effective; `None` when no layer gave it.
    pub(crate) fn taken_by(&self, permission: Permission) -> Option<DenyReason> {
        let has = |view: V| view.has(permission);
        let before_rules = self.base | self.given;
        if has(self.removed) && has(without(before_rules, self.taken) | self.added) {
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

/// What is in one view and not in the other.
#[inline]
#[expect(clippy::arithmetic_side_effects, reason = "a difference of sets cannot overflow")]
pub(super) fn without<V: View>(from: V, taken: V) -> V {
    from - taken
}

/// What the roles of a member give where there are no rows and no rules: everywhere else, and in workspaces to come.
pub(crate) fn everywhere<L: Lens>(lens: L, all: Roles<'_>, roles: RoleSet) -> Layers<L::View> {
    inherit(lens, all, roles, None).0
}

/// What every layer says of a person in a workspace.
pub(crate) fn layers_in<L: Lens>(
    lens: L,
    all: Roles<'_>,
    person: &Person,
    row: Option<&AccessRow>,
    workspace: &Workspace,
    now: Timestamp,
) -> Layers<L::View> {
    let mut layers = layers_without_rules(lens, all, person, row.filter(|row| row.is_current(now)));
    for rule in workspace.rules.iter().filter(|rule| rule.is_current(now)) {
        if concerns(all, rule, person) {
            layers.given = layers.given | lens.look(&rule.given);
            layers.taken = layers.taken | lens.look(&rule.taken);
        }
    }
    layers
}

/// What roles and a row say, which counts if there is one.
pub(crate) fn layers_without_rules<L: Lens>(
    lens: L,
    all: Roles<'_>,
    person: &Person,
    row: Option<&AccessRow>,
) -> Layers<L::View> {
    let roles = person.roles();
    let (mut layers, carries) = inherit(lens, all, roles, row);
    if let Some(row) = row {
        // A collaborator has only the row, so there is nothing that a mode could protect.
        let mode = match person.standing() {
            Standing::Member(_) => all.catalog.policy().overrides,
            Standing::Collaborator => OverrideMode::Replace,
        };
        if row.role.is_none() && !carries {
            layers.sight = Sight::All; // permissions given by name in a workspace are meant for the workspace
        }
        override_by(lens, &mut layers, all, row, mode);
    }
    layers
}

/// What roles carry into a workspace, and whether any does.
#[inline]
fn inherit<L: Lens>(lens: L, all: Roles<'_>, roles: RoleSet, row: Option<&AccessRow>) -> (Layers<L::View>, bool) {
    let (mut layers, mut any) = (Layers::NONE, false);
    for role in roles.iter() {
        let table = all.table(role);
        let carries = match table.reach {
            Reach::All => true,
            Reach::Assigned => row.is_some(),
            Reach::None => false,
        };
        if carries {
            any = true;
            let holds = lens.look(&table.workspace);
            layers.inherited = layers.inherited | holds;
            layers.sight = layers.sight.max(table.sight);
            if !table.reducible {
                layers.firm = layers.firm | holds;
                layers.firm_sight = layers.firm_sight.max(table.sight);
            }
        }
    }
    layers.base = layers.inherited;
    (layers, any)
}

/// Whether a rule is about this person.
fn concerns(all: Roles<'_>, rule: &Rule, person: &Person) -> bool {
    match rule.holder {
        RuleHolder::Group(group) => all.catalog.roles_of_group(group).meets(all.defined(person.roles())),
        RuleHolder::Team(team) => person.is_in_team(team),
    }
}

fn override_by<L: Lens>(lens: L, layers: &mut Layers<L::View>, all: Roles<'_>, row: &AccessRow, mode: OverrideMode) {
    if let Some(role) = row.role {
        let table = all.table(role);
        let (instead, firm_sight) = (lens.look(&table.workspace), layers.firm_sight);
        (layers.base, layers.sight) = match mode {
            OverrideMode::Replace => (instead, table.sight.max(firm_sight)),
            OverrideMode::Expand => (layers.inherited | instead, layers.sight.max(table.sight)),
            OverrideMode::Reduce => (layers.inherited & instead, layers.sight.min(table.sight).max(firm_sight)),
            OverrideMode::Off => (layers.inherited, layers.sight),
        };
    }
    if matches!(mode, OverrideMode::Replace | OverrideMode::Expand) {
        layers.added = lens.look(&row.added);
    }
    if matches!(mode, OverrideMode::Replace | OverrideMode::Reduce) {
        layers.removed = lens.look(&row.removed);
    }
}
