//! An organization: what lies about and changes nothing, what waits for nobody, what hangs by one thread.
//!
//! One file for each kind of thing.

mod holdings;
mod people;
mod places;
mod roles;
mod rows;
pub(super) mod shares;
mod waiting;

use alloc::string::ToString;
use alloc::vec::Vec;

use super::{Finding, Lint, Place};
use crate::organization::Organization;
use crate::time::Timestamp;

/// Every finding: people and their rows, workspaces and teams, invitations and services, roles, permissions, plan.
pub(super) fn lint(organization: &Organization, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    if organization.is_open() {
        people::lint(organization, now, &mut found);
        rows::lint(organization, now, &mut found);
        places::lint(organization, now, &mut found);
        waiting::lint(organization, now, &mut found);
        roles::lint(organization, now, &mut found);
        holdings::lint(organization, now, &mut found);
        plan(organization, now, &mut found);
    }
    found
}

/// What there is more of than the plan allows.
fn plan(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    let Some(terms) = organization.profile().map(|profile| profile.terms_at(now)) else { return };
    for excess in organization.fits_plan(terms.plan, terms.seats, now) {
        found.push(Finding::new(Lint::OverPlan, Place::Limit(excess.what.clone()), excess.to_string()));
    }
}
