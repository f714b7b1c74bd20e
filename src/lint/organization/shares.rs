//! What was shared: with whom there is no more, for nothing, for too long.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use super::people::days;
use crate::access::{Every, could_do, layers_in};
use crate::catalog::PermissionSet;
use crate::limits::INVITATION_WAITS;
use crate::organization::{Organization, Person, RuleHolder};
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
    if let Some(why) = why_idle(organization, given, person, now) {
        return Some((Lint::IdleShare, why.into()));
    }
    match &given.to {
        Recipient::Address(address) if now.since(given.origin.at) >= INVITATION_WAITS => {
            Some((Lint::WaitingShare, alloc::format!("{address}, for {}", days(now, given.origin.at))))
        }
        _ => None,
    }
}

/// Why a share gives nothing to anybody whom it is for, if that is so.
fn why_idle(
    organization: &Organization,
    given: &Given,
    person: Option<&Person>,
    now: Timestamp,
) -> Option<&'static str> {
    let catalog = organization.catalog();
    let level: PermissionSet = given.level.iter().filter_map(|key| catalog.permission(&key.to_string())).collect();
    let level = level & catalog.resource_scope();
    if level.is_empty() {
        return Some("nothing that can be shared is in it");
    }
    let is_person = matches!(given.to, Recipient::User(_)) && given.since.is_some();
    if is_person && !person.is_some_and(|person| person.is_member() || person.has_current_row(now)) {
        return Some("their access has ended");
    }
    let concerned = concerned(organization, given, person)?;
    if concerned.is_empty() {
        return Some("nobody is in it");
    }
    let gives =
        |person: &&Person| !person.is_member() || !(level & could_do_there(organization, person, now)).is_empty();
    (!concerned.iter().any(gives)).then_some("nobody whom it is for could do it")
}

/// The people of the organization whom it is for; `None` where it is for others.
fn concerned<'o>(organization: &'o Organization, given: &Given, person: Option<&'o Person>) -> Option<Vec<&'o Person>> {
    let about =
        |holder| organization.people().map(|(_, person)| person).filter(move |p| organization.is_about(holder, p));
    match &given.to {
        Recipient::User(_) => person.map(|person| [person].into()),
        Recipient::Group(key) => {
            organization.catalog().group(key.as_str()).map(|group| about(RuleHolder::Group(group)).collect())
        }
        Recipient::Team(team) => Some(about(RuleHolder::Team(*team)).collect()),
        Recipient::Members => {
            let people = organization.people().map(|(_, person)| person);
            Some(people.filter(|person| person.is_member()).collect())
        }
        Recipient::Address(_) | Recipient::Organization(_) | Recipient::Link { .. } => None,
    }
}

/// What shares can give to a member in one workspace or another, now or when something ends: a sheet does not say where its resource
/// lies.
fn could_do_there(organization: &Organization, person: &Person, now: Timestamp) -> PermissionSet {
    let roles = organization.roles();
    let could = could_do(Every, roles, person.roles());
    organization.workspaces().fold(could, |could, (id, workspace)| {
        let row = person.row(id);
        let rules = workspace.rules().iter().filter_map(|rule| rule.until);
        let ends = rules.chain(row.and_then(|row| row.until)).filter(|end| *end > now);
        let at = |instant| layers_in(Every, roles, person, row, workspace, instant).effective();
        ends.chain([now]).fold(could, |could, instant| could | at(instant))
    })
}
