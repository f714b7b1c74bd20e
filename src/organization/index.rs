//! The index: who can be where, read from the other side. It is kept for lists, changes no answer, and is never stored:
//! replaying the history makes it again.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};

use smallvec::SmallVec;

use super::{Organization, Person, Rule, RuleHolder};
use crate::catalog::{Role, RoleSet};
use crate::id::{TeamId, UserId, WorkspaceId};

/// Where people and rules are to be looked for. Whatever has nobody is not in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Index {
    pub(crate) workspaces: BTreeSet<WorkspaceId>,
    pub(crate) people_by_role: BTreeMap<Role, BTreeSet<UserId>>,
    /// Who has a row there, ended or not.
    pub(crate) people_by_workspace: BTreeMap<WorkspaceId, BTreeSet<UserId>>,
    pub(crate) people_by_team: BTreeMap<TeamId, BTreeSet<UserId>>,
    /// Where a rule names a group or team, ended or not.
    pub(crate) workspaces_by_rule: BTreeMap<RuleHolder, BTreeSet<WorkspaceId>>,
}

/// What of one person the index knows: copied before a change, to see what the change did.
pub(crate) struct Indexed {
    roles: RoleSet,
    rows: SmallVec<[WorkspaceId; 4]>,
    teams: SmallVec<[TeamId; 4]>,
}

impl Indexed {
    /// Of nobody.
    pub(crate) fn nothing() -> Self {
        Self { roles: RoleSet::EMPTY, rows: SmallVec::new(), teams: SmallVec::new() }
    }

    pub(crate) fn of(person: &Person) -> Self {
        let rows = person.rows.iter().map(|row| row.workspace).collect();
        Self { roles: person.roles(), rows, teams: SmallVec::from_slice(&person.teams) }
    }
}

impl Index {
    /// Made anew from the state: what the kept one is compared with.
    pub(crate) fn of(organization: &Organization) -> Self {
        let mut index = Self::default();
        for (user, person) in &organization.people {
            index.person(*user, &Indexed::nothing(), &Indexed::of(person));
        }
        for (workspace, place) in &organization.workspaces {
            index.workspaces.insert(*workspace);
            index.rules(*workspace, &[], &place.rules);
        }
        index
    }

    /// A person has become another. Costs what is different.
    pub(crate) fn person(&mut self, user: UserId, before: &Indexed, after: &Indexed) {
        if before.roles != after.roles {
            let gone = before.roles.iter().filter(|role| !after.roles.contains(*role));
            gone.for_each(|role| leave(&mut self.people_by_role, role, user));
            let new = after.roles.iter().filter(|role| !before.roles.contains(*role));
            new.for_each(|role| enter(&mut self.people_by_role, role, user));
        }
        moved(&mut self.people_by_workspace, user, &before.rows, &after.rows);
        moved(&mut self.people_by_team, user, &before.teams, &after.teams);
    }

    /// The rules of a workspace have become others.
    pub(crate) fn rules(&mut self, workspace: WorkspaceId, before: &[Rule], after: &[Rule]) {
        let is_in = |rules: &[Rule], holder: RuleHolder| rules.iter().any(|rule| rule.holder == holder);
        for rule in before.iter().filter(|rule| !is_in(after, rule.holder)) {
            leave(&mut self.workspaces_by_rule, rule.holder, workspace);
        }
        for rule in after.iter().filter(|rule| !is_in(before, rule.holder)) {
            enter(&mut self.workspaces_by_rule, rule.holder, workspace);
        }
    }
}

/// What stands in sorted lists before and after.
fn moved<K: Copy + Ord>(index: &mut BTreeMap<K, BTreeSet<UserId>>, user: UserId, before: &[K], after: &[K]) {
    if before == after {
        return;
    }
    for key in before.iter().filter(|key| after.binary_search(key).is_err()) {
        leave(index, *key, user);
    }
    for key in after.iter().filter(|key| before.binary_search(key).is_err()) {
        enter(index, *key, user);
    }
}

fn enter<K: Ord, V: Ord>(index: &mut BTreeMap<K, BTreeSet<V>>, key: K, value: V) {
    index.entry(key).or_default().insert(value);
}

fn leave<K: Ord, V: Ord>(index: &mut BTreeMap<K, BTreeSet<V>>, key: K, value: V) {
    if let Entry::Occupied(mut entry) = index.entry(key) {
        entry.get_mut().remove(&value);
        if entry.get().is_empty() {
            entry.remove();
        }
    }
}
