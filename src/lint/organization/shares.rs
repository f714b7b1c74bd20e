//! What was shared: with whom there is no more, for nothing, for too long.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use super::people::days;
use crate::access::{Every, could_do};
use crate::catalog::PermissionSet;
use crate::limits::INVITATION_WAITS;
use crate::organization::{Organization, Person};
use crate::sharing::{Given, Recipient, Sheet};
use crate::time::Timestamp;

pub(in super::super) fn lint(organization: &Organization, sheet: &Sheet, now: Timestamp) -> Vec<Finding> {
    let mut found = Vec::new();
    if !organization.is_open() || organization.id() != sheet.organization() {
        return found;
    }
    for (share, given) in sheet.shares() {
        let place = Place::Share { resource: sheet.resource(), share };
        if let Some((lint, facts)) = look(organization, given, now) {
            found.push(Finding::new(lint, place, facts));
        }
    }
    found
}

/// What is likely wrong with a share; of several things the first.
fn look(organization: &Organization, given: &Given, now: Timestamp) -> Option<(Lint, String)> {
    if let Some(end) = given.until.filter(|end| *end <= now) {
        return Some((Lint::EndedShare, alloc::format!("{} ago", days(now, end))));
    }
    let person = match given.to {
        Recipient::User(user) => organization.person(user),
        _ => None,
    };
    let is_there = match &given.to {
        Recipient::User(_) => given.since.is_none_or(|joined| person.is_some_and(|p| p.joined().version == joined)),
        Recipient::Group(key) => organization.catalog().group(key.as_str()).is_some(),
        Recipient::Team(_) => given.holder(organization).is_some(),
        _ => true,
    };
    if !is_there {
        return Some((Lint::LostShare, String::new()));
    }
    if gives(organization, given, person).is_empty() {
        return Some((Lint::IdleShare, String::new()));
    }
    match &given.to {
        Recipient::Address(address) if now.since(given.origin.at) >= INVITATION_WAITS => {
            Some((Lint::WaitingShare, alloc::format!("{address}, for {}", days(now, given.origin.at))))
        }
        _ => None,
    }
}

/// What a share gives at most: to a member no more than their roles could do.
fn gives(organization: &Organization, given: &Given, person: Option<&Person>) -> PermissionSet {
    let catalog = organization.catalog();
    let level: PermissionSet = given.level.iter().filter_map(|key| catalog.permission(&key.to_string())).collect();
    let level = level & catalog.resource_scope();
    match person.filter(|person| person.is_member()) {
        Some(member) => level & could_do(Every, organization.roles(), member.roles()),
        None => level,
    }
}
