//! Workspaces and teams: rules that have ended or are about nobody, teams without people.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::catalog::RoleSet;
use crate::id::TeamId;
use crate::organization::{Organization, Person, RuleHolder};
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    let roles = organization.people().flat_map(|(_, person)| organization.roles().defined(person.roles()).iter());
    let (roles, teams): (RoleSet, BTreeSet<TeamId>) = (
        roles.collect(),
        organization.people().flat_map(|(_, person)| Person::teams(person)).map(|joined| joined.team).collect(),
    );
    for (workspace, place) in organization.workspaces() {
        for rule in place.rules() {
            let is_about_somebody = match rule.holder {
                RuleHolder::Group(group) => organization.catalog().roles_of_group(group).meets(roles),
                RuleHolder::Team(team) => teams.contains(&team),
            };
            let lint = match rule.is_current(now) {
                false => Lint::EndedRule,
                true if !is_about_somebody => Lint::IdleRule,
                true => continue,
            };
            found.push(Finding::plain(lint, Place::Rule { workspace, holder: organization.named_holder(rule.holder) }));
        }
    }
    let empty = organization.teams().map(|(team, _)| team).filter(|team| !teams.contains(team));
    found.extend(empty.map(|team| Finding::plain(Lint::EmptyTeam, Place::Team(team))));
}
