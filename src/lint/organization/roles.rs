//! Custom roles: those that nobody has, those of which there are two.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::catalog::{Role, RoleKey};
use crate::organization::{InvitationState, Organization};
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    for (role, custom) in organization.custom_roles() {
        let place = || Place::Role(custom.key().as_str().into());
        if !is_in_use(organization, role, custom.key(), now) {
            found.push(Finding::plain(Lint::UnusedRole, place()));
        }
        if let Some(twin) = twin(organization, role) {
            let facts = alloc::format!("`{}` is", organization.role_key(twin));
            found.push(Finding::new(Lint::EqualRole, place(), facts));
        }
    }
}

/// Whether people, rows, open invitations, domains or the directory have it.
fn is_in_use(organization: &Organization, role: Role, key: &RoleKey, now: Timestamp) -> bool {
    let promised = organization
        .invitations()
        .any(|(_, invitation)| invitation.state(now) == InvitationState::Open && invitation.names_role(key));
    let directory = organization.profile().and_then(|profile| profile.provisioned_roles).unwrap_or_default();
    promised
        || organization.people().any(|(_, person)| person.has_role(role))
        || organization.domains().any(|(_, rule)| rule.roles.contains(role))
        || directory.contains(role)
}

/// Another role with the same permissions, reach and model: the one of the catalog that it is like, or an earlier custom
/// one.
fn twin(organization: &Organization, role: Role) -> Option<Role> {
    let custom = organization.custom_role(role)?;
    let roles = organization.roles();
    let earlier = organization.custom_roles().map(|(other, _)| other).take_while(|other| *other != role);
    let like = |other: Role| roles.custom(other).map_or(other, |custom| custom.like());
    let same = |other: &Role| like(*other) == custom.like() && roles.table(*other) == roles.table(role);
    [custom.like()].into_iter().chain(earlier).find(same)
}
