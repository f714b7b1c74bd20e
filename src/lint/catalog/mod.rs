//! A catalog: what is defined and cannot be used, and what opens doors.

mod actions;
mod options;
mod plans;
mod roles;
mod trial;

use alloc::vec::Vec;

use super::{Finding, Lint, Place};
use crate::catalog::{Catalog, PermissionSet};
use trial::Trial;

/// Every finding, in the order of the definitions.
pub(super) fn lint(catalog: &Catalog) -> Vec<Finding> {
    let trial = Trial::of(catalog);
    let mut found = Vec::new();
    permissions(catalog, &mut found);
    actions::lint(catalog, &trial, &mut found);
    roles::lint(catalog, &trial, &mut found);
    plans::lint(catalog, &mut found);
    options::lint(catalog, &mut found);
    found
}

fn permissions(catalog: &Catalog, found: &mut Vec<Finding>) {
    let held = held(catalog);
    let unheld = catalog.permissions().filter(|(permission, _)| !held.contains(*permission));
    found.extend(unheld.map(|(_, def)| Finding::plain(Lint::UnheldPermission, Place::Permission(def.key.clone()))));
}

/// Everything that some role holds.
fn held(catalog: &Catalog) -> PermissionSet {
    catalog.roles().fold(PermissionSet::EMPTY, |held, (role, _)| held | catalog.permissions_of(role))
}
