//! People: owners who are alone, collaborators with nothing left to do, suspensions that nobody ends.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::id::UserId;
use crate::limits::SUSPENSION_LASTS;
use crate::organization::{Kind, Organization, Person, PersonStatus};
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    found.extend(single_owner(organization));
    for (user, person) in organization.people() {
        if is_left_in_the_archive(organization, person, now) {
            found.push(Finding::plain(Lint::ArchivedCollaborator, Place::Person(user)));
        }
        let since = person.status_from().at;
        if person.status() == PersonStatus::Suspended && now.since(since) >= SUSPENSION_LASTS {
            let facts = alloc::format!("for {}", days(now, since));
            found.push(Finding::new(Lint::LongSuspension, Place::Person(user), facts));
        }
    }
}

/// The only active owner, where the catalog allows several and there are others to choose from.
fn single_owner(organization: &Organization) -> Option<Finding> {
    let catalog = organization.catalog();
    let alone = catalog.role_table(catalog.owner_role()).exactly_one;
    let kind = organization.profile()?.kind;
    let mut owners = organization.people().map(|(user, _)| user).filter(|user| organization.is_active_owner(*user));
    let (first, second): (UserId, _) = (owners.next()?, owners.next());
    let single = second.is_none() && !alone && kind == Kind::Team && organization.active_member_count() > 1;
    single.then(|| Finding::plain(Lint::SingleOwner, Place::Person(first)))
}

/// Whether all that a collaborator can still come to is archived.
fn is_left_in_the_archive(organization: &Organization, person: &Person, now: Timestamp) -> bool {
    let mut current = person.rows().iter().filter(|row| row.is_current(now)).peekable();
    let is_archived = |workspace| organization.workspace(workspace).is_some_and(|place| place.archived().is_some());
    !person.is_member() && current.peek().is_some() && current.all(|row| is_archived(row.workspace))
}

/// How long ago, in whole days.
pub(super) fn days(now: Timestamp, since: Timestamp) -> alloc::string::String {
    let days = now.since(since).as_millis().checked_div(crate::time::Span::days(1).as_millis()).unwrap_or(0);
    alloc::format!("{days} days")
}
