//! Custom roles: those that nobody has or can give, those of which there are two.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place, is_for};
use crate::catalog::{Role, RoleKey};
use crate::change::{AddMember, ChangeRoles, Command, Invite};
use crate::id::{InvitationId, UserId};
use crate::organization::{InvitationState, Organization, Person, SecretHash};
use crate::text::Address;
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    for (role, custom) in organization.custom_roles() {
        let place = || Place::Role(custom.key().as_str().into());
        if !is_in_use(organization, role, custom.key(), now) {
            found.push(Finding::plain(Lint::UnusedRole, place()));
        }
        if !can_be_given(organization, custom.key(), now) {
            found.push(Finding::plain(Lint::UngivableRole, place()));
        }
        if let Some(twin) = twin(organization, role) {
            let facts = alloc::format!("`{}` is", organization.role_key(twin));
            found.push(Finding::new(Lint::EqualRole, place(), facts));
        }
    }
}

/// Whether somebody of the organization could give it: to a newcomer, or to somebody who is there.
fn can_be_given(organization: &Organization, key: &RoleKey, now: Timestamp) -> bool {
    let people = || organization.people().map(|(user, _)| user);
    let to_newcomers = newcomers(organization, key);
    people().any(|giver| {
        let others =
            people().filter(|user| *user != giver && organization.person(*user).is_some_and(Person::is_member));
        let change = |user| Command::from(ChangeRoles { user, roles: [key.clone()].into() });
        let mut commands = to_newcomers.iter().cloned().chain(others.map(change));
        commands.any(|command| is_for(organization, &command, giver, now))
    })
}

/// The ways in which somebody could come in with a role.
fn newcomers(organization: &Organization, key: &RoleKey) -> Vec<Command> {
    let free = || (1..=u64::MAX).filter_map(UserId::from_u64).find(|user| organization.person(*user).is_none());
    let add = free().map(|user| AddMember { user, roles: [key.clone()].into(), access: Vec::new() }.into());
    let mut ids = (1..=u64::MAX).filter_map(InvitationId::from_u64);
    let id = ids.find(|id| organization.invitation(*id).is_none());
    let address = Address::new("lint@bailiwick.example").ok();
    let secret = SecretHash::from_bytes([0; 32]);
    let invite = id.zip(address).map(|(id, address)| Invite::to(id, address, secret).role(key.clone()).into());
    add.into_iter().chain(invite).collect()
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
