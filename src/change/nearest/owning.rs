//! Proposals about ownership: the last resort of whoever asks, and the way out of whoever owns.

use alloc::vec::Vec;

use super::question::Question;
use crate::change::{AcceptOwnership, Command, DeleteOrganization, TransferOwnership};
use crate::id::UserId;
use crate::organization::{Disposition, Organization, PersonStatus};

/// A member becomes the owner in somebody's place: an owner steps down, or the platform has the first one do so.
pub(super) fn giving(organization: &Organization, user: UserId) -> Vec<Command> {
    let first = owners(organization).next();
    let from = [None].into_iter().chain(first.map(Some));
    from.map(|from| TransferOwnership { to: user, from }.into()).collect()
}

/// An owner hands it on, to the highest of the others, or ends it all.
pub(super) fn taking(organization: &Organization, user: UserId) -> Vec<Command> {
    if !organization.is_active_owner(user) {
        return Vec::new();
    }
    let delete = DeleteOrganization { disposition: Disposition::Delete, owns_recipient: false };
    let to = heir(organization).map(|to| TransferOwnership { to, from: Some(user) }.into());
    to.into_iter().chain([delete.into()]).collect()
}

/// Ownership that was offered on the way, and is not taken yet.
pub(super) fn offered(organization: &Organization, question: &Question<'_>) -> Option<Command> {
    let offer = organization.profile()?.offer?;
    (Some(offer.to) == question.subject(organization)).then(|| AcceptOwnership {}.into())
}

fn owners(organization: &Organization) -> impl Iterator<Item = UserId> + '_ {
    organization.people().map(|(user, _)| user).filter(|user| organization.is_active_owner(*user))
}

/// The active member of the highest rank who is no owner; of several the one who joined first.
fn heir(organization: &Organization) -> Option<UserId> {
    let roles = organization.roles();
    let others = organization.people().filter(|(user, person)| {
        person.is_member() && person.status() == PersonStatus::Active && !organization.is_active_owner(*user)
    });
    let rank = |person: &crate::organization::Person| person.roles().iter().map(|role| roles.table(role).rank).max();
    others.max_by_key(|(_, person)| (rank(person), core::cmp::Reverse(person.joined().version))).map(|(user, _)| user)
}
