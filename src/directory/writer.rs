//! The writer: keeps the directory's shape of an organization in step with the organization itself.

use core::sync::atomic::Ordering;
use std::collections::HashMap;
use std::vec::Vec;

use hashbrown::DefaultHashBuilder;
use smallvec::SmallVec;

use super::cell;
use super::extents::Free;
use super::interned::Interned;
use super::pass::{self, Pass, Row};
use super::records;
use super::sequence;
use super::slot::{OrganizationSlot, standing_words};
use super::table::{Slot, Words};
use super::{Directory, ORGANIZATION, SmallTable};
use crate::catalog::{PermissionSet, Role, RoleSet};
use crate::change::Touched;
use crate::id::{OrgId, ServiceId, UserId, WorkspaceId};
use crate::organization::{AccessRow, Organization, Person, PersonStatus, Service, Workspace};

/// Cells that are remembered by what they were made of, so that making one more like it is one look.
const REMEMBERED_MAX: usize = 4_096;

/// What only whoever writes knows.
#[derive(Debug)]
pub(super) struct Writer {
    free: Free,
    cells: Interned,
    passes: Interned,
    /// The hash of each organization, by its scope.
    hashes: Vec<u64>,
    /// Scopes under which nothing is any more.
    scopes: Vec<u32>,
    remembered: HashMap<Made, u32, DefaultHashBuilder>,
    /// Cells that nobody names yet but the pass in the making.
    held: Vec<u32>,
    /// Records that make room when the change is over: where, and how wide.
    gone: Vec<(u32, usize)>,
}

/// What a cell is made of, custom roles aside.
#[derive(Debug, Eq, Hash, PartialEq)]
struct Made {
    roles: RoleSet,
    is_member: bool,
    row: Option<(Option<Role>, PermissionSet, PermissionSet)>,
}

/// What is to be written of one organization.
#[derive(Debug, Default)]
struct Plan {
    people: Vec<(UserId, Option<(u32, u64)>)>,
    workspaces: Vec<(WorkspaceId, Option<(u32, u64)>)>,
    services: Vec<(ServiceId, Option<u32>)>,
    /// The number of the next workspace.
    numbers: u32,
}

/// An organization as it is written: which it is, and under which scope its people and places are.
#[derive(Clone, Copy)]
struct Where<'o> {
    organization: &'o Organization,
    scope: u32,
    hash: u64,
    /// Nobody is known under that scope yet.
    is_new: bool,
}

/// What is kept under a scope.
#[derive(Clone, Copy)]
struct Kept {
    scope: u32,
    hash: u64,
    key: u128,
    is_new: bool,
}

impl Writer {
    pub(super) fn new() -> Self {
        Self {
            free: Free::new(),
            cells: Interned::new(cell::COUNTED),
            passes: Interned::new(pass::COUNTED),
            hashes: Vec::new(),
            scopes: Vec::new(),
            remembered: HashMap::with_hasher(DefaultHashBuilder::default()),
            held: Vec::new(),
            gone: Vec::new(),
        }
    }

    pub(super) fn bytes(&self) -> usize {
        let scopes = self.scopes.capacity().saturating_mul(size_of::<u32>());
        let hashes = self.hashes.capacity().saturating_mul(size_of::<u64>()).saturating_add(scopes);
        let remembered = self.remembered.capacity().saturating_mul(size_of::<(Made, u32)>());
        [self.cells.bytes(), self.passes.bytes(), hashes, remembered].into_iter().fold(0, usize::saturating_add)
    }

    /// Compiles a whole organization under a scope of its own; then readers find that one.
    pub(super) fn put(&mut self, directory: &Directory, organization: &Organization) {
        let id = organization.id().as_u128();
        let hash = directory.hash(id);
        let scope = self.scope_for(hash);
        let place = Where { organization, scope, hash, is_new: true };
        let mut plan = Plan::default();
        for (workspace, _) in organization.workspaces() {
            self.plan_workspace(directory, place, &mut plan, workspace);
        }
        // Nobody can see these before the organization's slot names their scope.
        self.write_workspaces(directory, place, &plan);
        plan.people.reserve(organization.people.len());
        for (user, person) in organization.people() {
            let compiled = self.compiled(directory, place, &plan, person);
            plan.people.push((user, Some(compiled)));
        }
        for (service, _) in organization.services() {
            self.plan_service(directory, place, &mut plan, service);
        }
        self.write_people(directory, place, &plan);
        self.write_services(directory, place, &plan);
        let (standing, next_from) = standing_words(organization);
        let numbers = u64::from(plan.numbers);
        match directory.organizations.find(hash, ORGANIZATION, id) {
            Some(slot) => {
                let before = slot.value();
                sequence::change(slot.fields().sequence, || {
                    slot.set_value(scope);
                    write_standing(slot, organization, (standing, next_from), numbers);
                });
                self.sweep(directory, before);
                self.scopes.push(before);
            }
            None => {
                let extra = [0, organization.version().as_u64(), standing, next_from, numbers];
                let words = Words { key: id, tag: (ORGANIZATION, scope), extra };
                let rehash = |slot: &OrganizationSlot| directory.hash(slot.key());
                directory.organizations.insert(&directory.moves, &rehash, hash, &words);
            }
        }
        self.make_room(directory);
    }

    /// Takes an organization out.
    pub(super) fn forget(&mut self, directory: &Directory, organization: OrgId) {
        if let Some(words) = Self::remove(directory, organization) {
            let (_, scope) = words.tag;
            self.sweep(directory, scope);
            self.scopes.push(scope);
            self.make_room(directory);
        }
    }

    /// Takes an organization out whose people and places are known.
    pub(super) fn take_out(&mut self, directory: &Directory, organization: &Organization) {
        let Some(words) = Self::remove(directory, organization.id()) else { return };
        let (_, scope) = words.tag;
        let [_, version, ..] = words.extra;
        if version == organization.version().as_u64() {
            let place = Where { organization, scope, hash: self.hash_of(scope), is_new: false };
            let plan = Plan {
                people: organization.people().map(|(user, _)| (user, None)).collect(),
                workspaces: organization.workspaces().map(|(id, _)| (id, None)).collect(),
                services: organization.services().map(|(id, _)| (id, None)).collect(),
                numbers: 0,
            };
            self.write_people(directory, place, &plan);
            self.write_workspaces(directory, place, &plan);
            self.write_services(directory, place, &plan);
        } else {
            self.sweep(directory, scope); // something else is there than what is known
        }
        self.scopes.push(scope);
        self.make_room(directory);
    }

    /// Takes the slot of an organization out: from then on nobody finds what is under its scope.
    fn remove(directory: &Directory, organization: OrgId) -> Option<Words<5>> {
        let id = organization.as_u128();
        let rehash = |slot: &OrganizationSlot| directory.hash(slot.key());
        directory.organizations.remove(&directory.moves, &rehash, directory.hash(id), ORGANIZATION, id)
    }

    /// A scope for an organization of this hash, under which nothing is.
    fn scope_for(&mut self, hash: u64) -> u32 {
        if let Some(scope) = self.scopes.pop() {
            let at = (scope as usize).wrapping_sub(1);
            if let Some(kept) = self.hashes.get_mut(at) {
                *kept = hash;
                return scope;
            }
        }
        self.hashes.push(hash);
        u32::try_from(self.hashes.len()).unwrap_or(u32::MAX)
    }

    /// Compiles what has changed, and lets readers see all of it or nothing.
    pub(super) fn update(&mut self, directory: &Directory, organization: &Organization, touched: &Touched) {
        let id = organization.id().as_u128();
        let hash = directory.hash(id);
        let Some(slot) = directory.organizations.find(hash, ORGANIZATION, id) else {
            return self.put(directory, organization);
        };
        let place = Where { organization, scope: slot.value(), hash, is_new: false };
        let numbers = slot.fields().numbers.load(Ordering::Relaxed);
        let mut plan = Plan { numbers: u32::try_from(numbers).unwrap_or(u32::MAX), ..Plan::default() };
        touched.workspaces.iter().for_each(|id| self.plan_workspace(directory, place, &mut plan, *id));
        touched.people.iter().for_each(|user| self.plan_person(directory, place, &mut plan, *user));
        touched.services.iter().for_each(|id| self.plan_service(directory, place, &mut plan, *id));
        self.commit(directory, slot, place, &plan);
        self.make_room(directory);
    }

    fn commit(&mut self, directory: &Directory, slot: &OrganizationSlot, place: Where<'_>, plan: &Plan) {
        let standing = standing_words(place.organization);
        let is_same = slot.fields().standing.load(Ordering::Relaxed) == standing.0
            && slot.fields().next_from.load(Ordering::Relaxed) == standing.1;
        if is_same && plan.workspaces.is_empty() && plan.services.is_empty() {
            if let [(user, Some((pass, joined)))] = plan.people.as_slice() {
                if self.change_pass(directory, place, *user, *pass, *joined) {
                    sequence::changed(slot.fields().sequence);
                    slot.fields().version.store(place.organization.version().as_u64(), Ordering::Release);
                    return;
                }
            }
        }
        sequence::change(slot.fields().sequence, || {
            self.write_workspaces(directory, place, plan);
            self.write_people(directory, place, plan);
            self.write_services(directory, place, plan);
            write_standing(slot, place.organization, standing, u64::from(plan.numbers));
        });
    }

    /// One person who is there already has another pass: a single word.
    fn change_pass(&mut self, directory: &Directory, place: Where<'_>, user: UserId, pass: u32, joined: u64) -> bool {
        let hash = place.hash.wrapping_add(directory.hash(user.as_u128()));
        let Some(slot) = directory.people.find(hash, place.scope, user.as_u128()) else { return false };
        let [since] = &slot.extra;
        if since.load(Ordering::Relaxed) != joined {
            return false;
        }
        let before = slot.value();
        slot.set_value(pass);
        self.drop_pass(directory, Some((before, joined)));
        true
    }

    fn plan_workspace(&mut self, directory: &Directory, place: Where<'_>, plan: &mut Plan, id: WorkspaceId) {
        let hash = place.hash.wrapping_add(directory.hash(id.as_u128()));
        let known = directory.workspaces.find(hash, place.scope, id.as_u128());
        let Some(workspace) = place.organization.workspace(id) else {
            return plan.workspaces.push((id, None));
        };
        let number = known.map_or_else(
            || {
                plan.numbers = plan.numbers.saturating_add(1);
                plan.numbers
            },
            |slot| records::number_of(slot.value()),
        );
        let detail = self.detail_of(directory, place.organization, workspace);
        plan.workspaces.push((id, Some((number, detail))));
    }

    /// What is special about a workspace: its rules, and whether it is archived.
    fn detail_of(&mut self, directory: &Directory, organization: &Organization, workspace: &Workspace) -> u64 {
        let archived = if workspace.archived().is_some() { records::ARCHIVED } else { 0 };
        if workspace.rules().is_empty() {
            return archived;
        }
        let content = records::rules(organization, workspace.rules());
        let record = directory.records.write(&mut self.free, &content);
        archived | records::RULED | u64::from(record)
    }

    fn plan_person(&mut self, directory: &Directory, place: Where<'_>, plan: &mut Plan, user: UserId) {
        let person = place.organization.person(user);
        let compiled = person.map(|person| self.compiled(directory, place, plan, person));
        plan.people.push((user, compiled));
    }

    fn compiled(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan, person: &Person) -> (u32, u64) {
        (self.pass_of(directory, place, plan, person), person.joined().version.as_u64())
    }

    fn pass_of(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan, person: &Person) -> u32 {
        let mut rows: SmallVec<[Row; 4]> = person
            .rows()
            .iter()
            .filter_map(|row| {
                let workspace = place.number_of(directory, plan, row.workspace)?;
                let cell = self.cell_of(directory, place.organization, person, Some(row));
                Some(Row { workspace, cell, until: row.until })
            })
            .collect();
        rows.sort_unstable_by_key(|row| row.workspace);
        let content = pass::Content {
            cell: self.cell_of(directory, place.organization, person, None),
            is_member: person.is_member(),
            is_suspended: person.status() == PersonStatus::Suspended,
            rows,
            teams: person.teams().iter().map(|joined| joined.team).collect(),
        };
        let records = &directory.records;
        let (record, is_new) = self.passes.name(records, &mut self.free, &content.words());
        let pass = Pass::named(records, record);
        if is_new {
            // A pass that was there names its cells already.
            pass.cells().for_each(|cell| self.cells.name_again(records, cell));
        }
        while let Some(cell) = self.held.pop() {
            self.drop_cell(directory, cell);
        }
        pass.name()
    }

    /// The cell of a person with a row or without. It stays until the pass that it is for is there.
    fn cell_of(
        &mut self,
        directory: &Directory,
        organization: &Organization,
        person: &Person,
        row: Option<&AccessRow>,
    ) -> u32 {
        let (cells, records) = (directory.cells, &directory.records);
        let made = Made {
            roles: person.roles(),
            is_member: person.is_member(),
            row: row.map(|row| (row.role, row.added, row.removed)),
        };
        let is_general = organization.custom_roles.is_empty();
        if let Some(cell) = self.remembered.get(&made).filter(|_| is_general) {
            return *cell;
        }
        let content = cells.content(organization.roles(), person, row);
        let (cell, _) = self.cells.name(records, &mut self.free, &content);
        if is_general {
            self.remembered.insert(made, cell);
        } else {
            self.held.push(cell);
        }
        cell
    }

    fn plan_service(&mut self, directory: &Directory, place: Where<'_>, plan: &mut Plan, id: ServiceId) {
        let compiled = place.organization.service(id).map(|service| self.service_of(directory, place, plan, service));
        plan.services.push((id, compiled));
    }

    fn service_of(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan, service: &Service) -> u32 {
        let numbers = service.workspaces().iter().filter_map(|id| place.number_of(directory, plan, *id));
        let content = records::service(service, &directory.catalog, numbers);
        directory.records.write(&mut self.free, &content)
    }

    fn write_workspaces(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan) {
        for (id, compiled) in &plan.workspaces {
            let compiled = compiled.map(|(number, detail)| (records::value_of(number, detail), detail));
            let before = self.set(directory, &directory.workspaces, place.key(id.as_u128()), compiled);
            self.drop_detail(directory, before);
        }
    }

    fn write_people(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan) {
        for (user, compiled) in &plan.people {
            let before = self.set(directory, &directory.people, place.key(user.as_u128()), *compiled);
            self.drop_pass(directory, before);
        }
    }

    fn write_services(&mut self, directory: &Directory, place: Where<'_>, plan: &Plan) {
        for (id, compiled) in &plan.services {
            let compiled = compiled.map(|record| (record, 0));
            let before = self.set(directory, &directory.services, place.key(id.as_u128()), compiled);
            self.drop_service(directory, before);
        }
    }

    /// Writes what a key stands for, or takes it out; says what it stood for.
    fn set(
        &self,
        directory: &Directory,
        table: &SmallTable,
        Kept { scope, hash, key, is_new }: Kept,
        now: Option<(u32, u64)>,
    ) -> Option<(u32, u64)> {
        let hash = hash.wrapping_add(directory.hash(key));
        let rehash = |slot: &Slot<1>| self.hash_of(slot.scope()).wrapping_add(directory.hash(slot.key()));
        let known = if is_new { None } else { table.find(hash, scope, key) };
        match (known, now) {
            (Some(slot), Some((value, extra))) => {
                let [kept] = &slot.extra;
                let before = (slot.value(), kept.load(Ordering::Relaxed));
                slot.set_value(value);
                kept.store(extra, Ordering::Release);
                Some(before)
            }
            (None, Some((value, extra))) => {
                let words = Words { key, tag: (scope, value), extra: [extra] };
                table.insert(&directory.moves, &rehash, hash, &words);
                None
            }
            (Some(_), None) => {
                let Words { tag: (_, value), extra: [extra], .. } =
                    table.remove(&directory.moves, &rehash, hash, scope, key)?;
                Some((value, extra))
            }
            (None, None) => None,
        }
    }

    /// Takes out everything under a scope that no organization has any more.
    fn sweep(&mut self, directory: &Directory, scope: u32) {
        let hash = self.hash_of(scope);
        let kept = |key| Kept { scope, hash, key, is_new: false };
        let keys = |table: &SmallTable| -> Vec<u128> {
            table.slots().filter(|slot| slot.scope() == scope).map(Slot::key).collect()
        };
        for key in keys(&directory.people) {
            let before = self.set(directory, &directory.people, kept(key), None);
            self.drop_pass(directory, before);
        }
        for key in keys(&directory.workspaces) {
            let before = self.set(directory, &directory.workspaces, kept(key), None);
            self.drop_detail(directory, before);
        }
        for key in keys(&directory.services) {
            let before = self.set(directory, &directory.services, kept(key), None);
            self.drop_service(directory, before);
        }
    }

    fn drop_pass(&mut self, directory: &Directory, before: Option<(u32, u64)>) {
        let Some((name, _)) = before else { return };
        let pass = Pass::named(&directory.records, name);
        if self.passes.drop(&directory.records, pass.record(), pass.words()) {
            pass.cells().for_each(|cell| self.drop_cell(directory, cell));
        }
    }

    fn drop_cell(&mut self, directory: &Directory, cell: u32) {
        self.cells.drop(&directory.records, cell, directory.cells.words());
    }

    fn drop_detail(&mut self, directory: &Directory, before: Option<(u32, u64)>) {
        self.gone.extend(before.and_then(|(_, detail)| records::rules_at(&directory.records, detail)));
    }

    fn drop_service(&mut self, directory: &Directory, before: Option<(u32, u64)>) {
        self.gone.extend(before.map(|(at, _)| (at, records::service_words(&directory.records, at))));
    }

    /// The change is over: what is not named any more makes room.
    fn make_room(&mut self, directory: &Directory) {
        if self.remembered.len() >= REMEMBERED_MAX {
            let remembered: Vec<u32> = self.remembered.drain().map(|(_, cell)| cell).collect();
            remembered.into_iter().for_each(|cell| self.drop_cell(directory, cell));
        }
        self.cells.make_room(&mut self.free);
        self.passes.make_room(&mut self.free);
        self.gone.drain(..).for_each(|(record, words)| self.free.give(record, words));
    }

    fn hash_of(&self, scope: u32) -> u64 {
        let at = (scope as usize).wrapping_sub(1);
        self.hashes.get(at).copied().unwrap_or_default()
    }
}

impl Where<'_> {
    /// A key under its scope.
    const fn key(&self, key: u128) -> Kept {
        Kept { scope: self.scope, hash: self.hash, key, is_new: self.is_new }
    }

    /// The number of a workspace: the one that it is to have, or has.
    fn number_of(&self, directory: &Directory, plan: &Plan, id: WorkspaceId) -> Option<u32> {
        let planned = || plan.workspaces.iter().find(|(planned, _)| *planned == id).map(|(_, now)| *now);
        let hash = self.hash.wrapping_add(directory.hash(id.as_u128()));
        match directory.workspaces.find(hash, self.scope, id.as_u128()) {
            Some(slot) => Some(records::number_of(slot.value())),
            None => planned()?.map(|(number, _)| number),
        }
    }
}

fn write_standing(slot: &OrganizationSlot, organization: &Organization, standing: (u64, u64), numbers: u64) {
    let fields = slot.fields();
    fields.standing.store(standing.0, Ordering::Relaxed);
    fields.next_from.store(standing.1, Ordering::Relaxed);
    fields.numbers.store(numbers, Ordering::Relaxed);
    fields.version.store(organization.version().as_u64(), Ordering::Relaxed);
}
