//! Plans that come to open more, or to ask for less.

use alloc::vec::Vec;

use super::{More, Of, Widening};
use crate::catalog::{PermissionSet, Plan, PlanDef, Provider};
use crate::migrate::Migration;

impl Migration {
    pub(super) fn widenings_of_plans(&self) -> Vec<Widening> {
        self.old.plans().flat_map(|(plan, def)| self.widenings_of_plan(plan, def)).collect()
    }

    fn widenings_of_plan(&self, plan: Plan, def: &PlanDef) -> Vec<Widening> {
        let becomes = self.tables.plans.get(usize::from(plan.index())).copied();
        let Some((becomes, is)) = becomes.and_then(|plan| Some((plan, self.new.plan_def(plan)?))) else {
            return Vec::new();
        };
        let of = || Of::Plan { was: def.key.as_str().into(), is: is.key.as_str().into() };
        let meant = self.tables.widened_plans.contains(&plan);
        let signs_in = self.signs_in_otherwise(plan, becomes).into_iter();
        let unlocked = self.by_declaration(self.unlocked(plan, becomes), self.tables.declared).into_iter();
        let unlocked = unlocked.map(|(keys, declared)| (More::Unlocks(keys), declared || meant));
        let all = signs_in.map(|more| (more, meant)).chain(unlocked);
        all.map(|(more, declared)| Widening::new(of(), more, declared)).collect()
    }

    /// What somebody on the plan could not use whatever they held, and can now.
    fn unlocked(&self, was: Plan, is: Plan) -> PermissionSet {
        let tables = self.old.plan_table(was).zip(self.new.plan_table(is));
        let Some((was, is)) = tables else { return PermissionSet::EMPTY };
        let all: PermissionSet = self.old.permissions().map(|(permission, _)| permission).collect();
        let lineage = &self.tables.lineage;
        lineage.touched(was.locked) - lineage.worth(all - was.locked) - is.locked
    }

    /// Whether the people of an organization on the plan come to sign in otherwise than through what was required.
    fn signs_in_otherwise(&self, was: Plan, is: Plan) -> Option<More> {
        let required = self.old.plan_table(was).and_then(|plan| plan.provider);
        let kept = required.and_then(|provider| self.provider(provider));
        let now = self.new.plan_table(is).and_then(|plan| plan.provider);
        match (required, now) {
            (None, None) => None,
            (Some(_), None) => Some(More::AsksLess),
            (Some(_), Some(_)) => (kept != now).then_some(More::OtherProvider),
            // What an organization has required of itself is passed over once its plan requires one.
            (None, Some(_)) => {
                self.tables.providers.iter().any(|kept| Some(*kept) != now).then_some(More::OtherProvider)
            }
        }
    }

    fn provider(&self, old: Provider) -> Option<Provider> {
        self.tables.providers.get(usize::from(old.index())).copied()
    }
}
