//! The index: who can be where, read from the other side. It is kept for lists, changes no answer, and is never stored:
//! replaying the history makes it again.

use alloc::collections::btree_map::Entry;
use alloc::collections::{BTreeMap, BTreeSet};
use core::ops::Bound;

use smallvec::SmallVec;

use super::{AccessRow, Organization, Person, Rule, RuleHolder};
use crate::catalog::{Permission, PermissionSet, Role, RoleSet};
use crate::id::{ServiceId, TeamId, UserId, WorkspaceId};

/// Where people, services and rules are to be looked for. Whatever has nobody is not in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Index {
    pub(crate) workspaces: BTreeSet<WorkspaceId>,
    pub(crate) services: BTreeSet<ServiceId>,
    pub(crate) people_by_role: BTreeMap<Role, BTreeSet<UserId>>,
    /// Who has a row there, ended or not, by what it could give them; each at least once.
    rows: BTreeMap<(WorkspaceId, Giver), BTreeSet<UserId>>,
    pub(crate) people_by_team: BTreeMap<TeamId, BTreeSet<UserId>>,
    /// Where a rule names a group or team, ended or not.
    pub(crate) workspaces_by_rule: BTreeMap<RuleHolder, BTreeSet<WorkspaceId>>,
}

/// By what a row can give something to whoever has it.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Giver {
    /// By assigning the workspace to somebody with that role.
    Assigned(Role),
    /// By its own role.
    Role(Role),
    /// By adding a permission by name.
    Added(Permission),
    /// By nothing.
    Nothing,
}

/// What of one person the index knows: copied before a change, to see what the change did.
pub(crate) struct Indexed {
    roles: RoleSet,
    /// Sorted by workspace.
    rows: SmallVec<[IndexedRow; 4]>,
    teams: SmallVec<[TeamId; 4]>,
}

/// What of a row the index knows.
#[derive(Clone, Copy, PartialEq)]
struct IndexedRow {
    workspace: WorkspaceId,
    role: Option<Role>,
    added: PermissionSet,
}

impl IndexedRow {
    const fn of(row: &AccessRow) -> Self {
        Self { workspace: row.workspace, role: row.role, added: row.added }
    }

    /// Everything by which it can give something to somebody with these roles.
    fn givers(self, roles: RoleSet) -> SmallVec<[Giver; 4]> {
        let named = self.role.map(Giver::Role).into_iter();
        let all = roles.iter().map(Giver::Assigned).chain(named).chain(self.added.iter().map(Giver::Added));
        let mut givers: SmallVec<[Giver; 4]> = all.collect();
        if givers.is_empty() {
            givers.push(Giver::Nothing);
        }
        givers
    }
}

impl Indexed {
    /// Of nobody.
    pub(crate) fn nothing() -> Self {
        Self { roles: RoleSet::EMPTY, rows: SmallVec::new(), teams: SmallVec::new() }
    }

    pub(crate) fn of(person: &Person) -> Self {
        Self { roles: person.roles(), rows: rows_of(Some(person)).collect(), teams: teams_of(Some(person)) }
    }

    fn row(&self, workspace: WorkspaceId) -> Option<IndexedRow> {
        let at = self.rows.binary_search_by_key(&workspace, |row| row.workspace).ok()?;
        self.rows.get(at).copied()
    }
}

impl Index {
    /// Made anew from the state: what the kept one is compared with.
    pub(crate) fn of(organization: &Organization) -> Self {
        let mut index = Self { services: organization.services.keys().copied().collect(), ..Self::default() };
        for (user, person) in &organization.people {
            index.person(*user, &Indexed::nothing(), Some(person));
        }
        for (workspace, place) in &organization.workspaces {
            index.workspaces.insert(*workspace);
            index.rules(*workspace, &[], &place.rules);
        }
        index
    }

    /// A person has become another, or nobody. Costs what is different, and a look at their rows.
    pub(crate) fn person(&mut self, user: UserId, before: &Indexed, after: Option<&Person>) {
        let roles = after.map_or(RoleSet::EMPTY, Person::roles);
        let has_same_roles = before.roles == roles;
        if !has_same_roles {
            let gone = before.roles.iter().filter(|role| !roles.contains(*role));
            gone.for_each(|role| leave(&mut self.people_by_role, role, user));
            let new = roles.iter().filter(|role| !before.roles.contains(*role));
            new.for_each(|role| enter(&mut self.people_by_role, role, user));
        }
        if !has_same_roles || !rows_of(after).eq(before.rows.iter().copied()) {
            let row_after = |workspace| after.and_then(|person| person.row(workspace)).map(IndexedRow::of);
            let is_kept = |row: &IndexedRow| has_same_roles && row_after(row.workspace) == Some(*row);
            for row in before.rows.iter().filter(|row| !is_kept(row)) {
                for giver in row.givers(before.roles) {
                    leave(&mut self.rows, (row.workspace, giver), user);
                }
            }
            let was_there = |row: &IndexedRow| has_same_roles && before.row(row.workspace) == Some(*row);
            for row in rows_of(after).filter(|row| !was_there(row)) {
                for giver in row.givers(roles) {
                    enter(&mut self.rows, (row.workspace, giver), user);
                }
            }
        }
        moved(&mut self.people_by_team, user, &before.teams, &teams_of(after));
    }

    /// Everybody with a row in a workspace to whom it can give something by that, behind a user, in order.
    pub(crate) fn given_by(
        &self,
        workspace: WorkspaceId,
        giver: Giver,
        behind: Option<UserId>,
    ) -> impl Iterator<Item = UserId> + use<'_> {
        let from = behind.map_or(Bound::Unbounded, Bound::Excluded);
        let users = self.rows.get(&(workspace, giver)).into_iter();
        users.flat_map(move |users| users.range((from, Bound::Unbounded))).copied()
    }

    /// By what the rows of a workspace can give something.
    pub(crate) fn givers_in(&self, workspace: WorkspaceId) -> impl Iterator<Item = Giver> + use<'_> {
        let rows = self.rows.range((workspace, Giver::Assigned(Role::from_index(0)))..);
        rows.map_while(move |((place, giver), _)| (*place == workspace).then_some(*giver))
    }

    /// Everybody with a row in a workspace, ended or not; some more than once.
    pub(crate) fn people_in(&self, workspace: WorkspaceId) -> impl Iterator<Item = UserId> + use<'_> {
        self.givers_in(workspace).flat_map(move |giver| self.given_by(workspace, giver, None))
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

/// What the index knows of the rows of a person, if there is one.
fn rows_of(person: Option<&Person>) -> impl Iterator<Item = IndexedRow> {
    person.into_iter().flat_map(|person| &person.rows).map(IndexedRow::of)
}

/// The teams of a person, if there is one.
fn teams_of(person: Option<&Person>) -> SmallVec<[TeamId; 4]> {
    person.into_iter().flat_map(|person| &person.teams).map(|joined| joined.team).collect()
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
