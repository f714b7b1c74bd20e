//! Workspaces and teams: rules that have ended, are about nobody or change nothing, teams without people.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::access::{Every, layers_in};
use crate::catalog::RoleSet;
use crate::id::{TeamId, WorkspaceId};
use crate::organization::{Organization, Person, Rule, RuleHolder, Workspace};
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
                true if !changes_anything(organization, workspace, place, rule, now) => Lint::IneffectiveRule,
                true => continue,
            };
            found.push(Finding::plain(lint, Place::Rule { workspace, holder: organization.named_holder(rule.holder) }));
        }
    }
    let empty = organization.teams().map(|(team, _)| team).filter(|team| !teams.contains(team));
    found.extend(empty.map(|team| Finding::plain(Lint::EmptyTeam, Place::Team(team))));
}

/// Whether anybody whom a rule is about would have more or less without it, now or when something ends there.
fn changes_anything(
    organization: &Organization,
    id: WorkspaceId,
    workspace: &Workspace,
    rule: &Rule,
    now: Timestamp,
) -> bool {
    let mut without = workspace.clone();
    without.rules.retain(|other| other.holder != rule.holder);
    let ends = workspace.rules().iter().filter_map(|rule| rule.until);
    let about = organization.people().map(|(_, person)| person).filter(|p| organization.is_about(rule.holder, p));
    about.into_iter().any(|person| {
        let row = person.row(id);
        let at =
            |workspace, instant| layers_in(Every, organization.roles(), person, row, workspace, instant).effective();
        let ends = ends.clone().chain(row.and_then(|row| row.until)).filter(|end| *end > now);
        ends.chain([now]).any(|instant| at(workspace, instant) != at(&without, instant))
    })
}
