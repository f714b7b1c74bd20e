//! Permissions that nobody in the organization holds anywhere, though its roles hold them.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::access::{Every, at_organization, everywhere, layers_in};
use crate::catalog::PermissionSet;
use crate::organization::{Kind, Organization, Person};
use crate::time::Timestamp;

/// What is the catalog's to find is left to the catalog, and who is alone is missed by nobody.
pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    let catalog = organization.catalog();
    if organization.profile().is_none_or(|profile| profile.kind == Kind::Personal) {
        return;
    }
    let of_roles = catalog.roles().fold(PermissionSet::EMPTY, |all, (role, _)| all | catalog.permissions_of(role));
    let people = organization.people().map(|(_, person)| person);
    let held = people.fold(PermissionSet::EMPTY, |held, person| held | holds(organization, person, now));
    let unheld = (of_roles - held).iter().map(|permission| catalog.permission_key(permission).into());
    found.extend(unheld.map(|key| Finding::plain(Lint::UnheldHere, Place::Permission(key))));
}

/// What somebody holds in one place or another, suspended or not.
fn holds(organization: &Organization, person: &Person, now: Timestamp) -> PermissionSet {
    let roles = organization.roles();
    let own = at_organization(Every, roles, person.roles()) | everywhere(Every, roles, person.roles()).effective();
    organization.workspaces().fold(own, |held, (id, workspace)| {
        held | layers_in(Every, roles, person, person.row(id), workspace, now).effective()
    })
}
