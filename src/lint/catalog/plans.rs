//! Plans and features: what nobody can buy, and what buying changes nothing about.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::catalog::{Catalog, PlanDef};

pub(super) fn lint(catalog: &Catalog, found: &mut Vec<Finding>) {
    let unused = catalog.plans().filter(|(_, plan)| !can_be_on(catalog, plan));
    found.extend(unused.map(|(_, plan)| Finding::plain(Lint::UnusedPlan, Place::Plan(plan.key.clone()))));
    for feature in catalog.features() {
        let place = || Place::Feature(catalog.feature_key(feature).to_owned());
        if catalog.smallest_plan_with(feature).is_none() {
            found.push(Finding::plain(Lint::UnplannedFeature, place()));
        }
        if catalog.permissions_needing(feature).is_empty() {
            found.push(Finding::plain(Lint::UnneededFeature, place()));
        }
    }
}

/// Whether an organization can be on a plan: a team's, or a personal one that begins there, falls or rises to it.
fn can_be_on(catalog: &Catalog, plan: &PlanDef) -> bool {
    let Some(personal) = &catalog.policy().personal else { return plan.team_organizations };
    let begins = catalog.plan(&personal.plan).and_then(|plan| catalog.plan_def(plan));
    plan.team_organizations || personal.upgradable || begins.is_none_or(|begins| plan.rank <= begins.rank)
}
