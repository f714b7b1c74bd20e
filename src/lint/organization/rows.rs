//! Rows: those that have ended, those that change nothing, those whose role gives nothing.
//!
//! Whether a row changes something is asked of the layers of a check: with it and without it, now and at every instant at
//! which something ends in the workspace; and of the rank and of the use of credits that its role brings.

use alloc::vec::Vec;

use super::super::{Finding, Lint, Place};
use crate::access::{Every, layers_in};
use crate::catalog::Role;
use crate::catalog::policy::OverrideMode;
use crate::change::rank;
use crate::organization::{AccessRow, Organization, Person, Workspace};
use crate::time::Timestamp;

pub(super) fn lint(organization: &Organization, now: Timestamp, found: &mut Vec<Finding>) {
    for (user, person) in organization.people() {
        for row in person.rows() {
            let Some(workspace) = organization.workspace(row.workspace) else { continue };
            let mut find = |lint| found.push(Finding::plain(lint, Place::Row { user, workspace: row.workspace }));
            if !row.is_current(now) {
                find(Lint::EndedRow);
                continue;
            }
            let gives_nothing = row.role.is_some_and(|role| gives_nothing(organization, person, role));
            if gives_nothing && !changes_sight(organization, person, row, workspace, now) {
                find(Lint::IdleRowRole);
            }
            if !is_last(person, row, now)
                && !changes_access(organization, person, row, workspace, now)
                && !changes_standing(organization, person, row, now)
            {
                find(Lint::IdleRow);
            }
        }
    }
}

/// Whether a role in a row is passed over, or holds nothing that counts below the organization.
fn gives_nothing(organization: &Organization, person: &Person, role: Role) -> bool {
    let off = organization.catalog().policy().overrides == OverrideMode::Off;
    (off && person.is_member()) || organization.roles().table(role).workspace.is_empty()
}

/// Whether a collaborator is here by this row alone: with it everything ends that is shared with them.
fn is_last(person: &Person, row: &AccessRow, now: Timestamp) -> bool {
    let others = person.rows().iter().filter(|other| other.workspace != row.workspace);
    !person.is_member() && !others.into_iter().any(|other| other.is_current(now))
}

/// Whether something else would be seen in the workspace without the role of the row: then shares count otherwise.
fn changes_sight(
    organization: &Organization,
    person: &Person,
    row: &AccessRow,
    workspace: &Workspace,
    now: Timestamp,
) -> bool {
    let sight = |row| layers_in(Every, organization.roles(), person, Some(row), workspace, now).sight;
    sight(row) != sight(&AccessRow { role: None, ..*row })
}

/// Whether a check in the workspace would ever see the difference.
fn changes_access(
    organization: &Organization,
    person: &Person,
    row: &AccessRow,
    workspace: &Workspace,
    now: Timestamp,
) -> bool {
    let ends = workspace.rules().iter().filter_map(|rule| rule.until).filter(|end| *end > now);
    let mut instants = ends.chain([now]);
    let at = |row, instant| {
        let layers = layers_in(Every, organization.roles(), person, row, workspace, instant);
        (layers.effective(), layers.sight)
    };
    instants.any(|instant| at(Some(row), instant) != at(None, instant))
}

/// Whether the role of the row makes somebody rank otherwise there, or use credits otherwise.
fn changes_standing(organization: &Organization, person: &Person, row: &AccessRow, now: Timestamp) -> bool {
    let mut without = person.clone();
    without.take_row(row.workspace);
    let (roles, place) = (organization.roles(), Some(row.workspace));
    let ranked = |person: &Person| rank(roles, person, place, now);
    ranked(person) != ranked(&without)
        || organization.uses_credits_as(person, place, now) != organization.uses_credits_as(&without, place, now)
}
