//! The file and the store in memory answer the same to every call that the facade makes.

use std::fmt::Debug;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bailiwick::change::{Command, Record};
use bailiwick::ledger::{Entry, Snapshot as LedgerSnapshot};
use bailiwick::rows::{Row, RowKey, Table};
use bailiwick::sharing::ShareRecord;
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::store::{
    Append, Appended, Changes, Cursor, Key, Loaded, MemoryStore, Place, Replacement, Snapshot, Store, StoreError,
    Stream, Written,
};
use bailiwick::{CommandId, Keeping, LinkId, OrgId, OrganizationSnapshot, ResourceId, Tenants, Version};

use super::command;
use super::rows::assert_rows_are_those_of_the_records;
use crate::cases::{catalog, tables};
use crate::engine::Bailiwick;
use crate::runner::run;
use crate::support::lives::{self, Life};

/// Both stores, asked the same.
struct Twin {
    memory: MemoryStore,
    file: SqliteStore,
    calls: AtomicUsize,
}

impl Twin {
    fn new() -> Self {
        Self { memory: MemoryStore::new(), file: SqliteStore::in_memory().unwrap(), calls: AtomicUsize::new(0) }
    }

    fn both<T: Debug + PartialEq>(&self, ask: impl Fn(&dyn Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let [file, memory] = [&self.file as &dyn Store, &self.memory].map(|store| ask(store).unwrap());
        assert_eq!(file, memory, "the file answers otherwise than memory");
        Ok(file)
    }
}

macro_rules! both {
    ($($name:ident($($argument:ident: $type:ty),*) -> $answer:ty;)*) => {
        impl Store for Twin {
            $(fn $name(&self, $($argument: $type),*) -> Result<$answer, StoreError> {
                self.both(|store| store.$name($($argument),*))
            })*

            fn keeps_rows(&self) -> bool {
                true
            }

            fn rows(&self, org: OrgId, table: Table, after: Option<&RowKey>, limit: usize) -> Result<Vec<Row>, StoreError> {
                self.file.rows(org, table, after, limit)
            }
        }
    };
}

both! {
    load(organization: OrgId, limit: usize) -> Loaded<OrganizationSnapshot, Record>;
    load_ledger(organization: OrgId, limit: usize) -> Loaded<LedgerSnapshot, Arc<Entry>>;
    load_sheets(organization: OrgId, resources: &[ResourceId]) -> Vec<(ResourceId, Vec<ShareRecord>)>;
    records(organization: OrgId, after: Version, limit: usize) -> Vec<Record>;
    entries(organization: OrgId, after: Version, limit: usize) -> Vec<Arc<Entry>>;
    append(append: &Append<'_>) -> Appended;
    operation(organization: OrgId, operation: CommandId) -> Option<Written>;
    find(key: &Key, within: Option<OrgId>, after: Option<Place>, limit: usize) -> Vec<Place>;
    count_use(organization: OrgId, link: LinkId, uses: u32, at_most: u32) -> u32;
    changes(after: Option<Cursor>, limit: usize) -> Changes;
    organizations(after: Option<OrgId>, limit: usize) -> Vec<OrgId>;
    resources(organization: OrgId, after: Option<ResourceId>, limit: usize) -> Vec<ResourceId>;
    keep(snapshot: Snapshot<'_>) -> ();
    compact(organization: OrgId, stream: Stream, up_to: Version) -> ();
    replace(replacement: &Replacement<'_>) -> bool;
    erase(organization: OrgId) -> ();
}

/// Lists in pages of every size, and what was appended since every moment.
fn compare_lists(twin: &Twin) {
    for limit in [0, 1, 2, 100] {
        let mut after = None;
        loop {
            let page = twin.organizations(after, limit).unwrap();
            for organization in &page {
                let resources = twin.resources(*organization, None, limit).unwrap();
                resources.iter().for_each(|resource| {
                    twin.resources(*organization, Some(*resource), limit).unwrap();
                });
                twin.load_sheets(*organization, &resources).unwrap();
                for after in [0, 1, 3] {
                    twin.records(*organization, Version::from_u64(after), limit).unwrap();
                    twin.entries(*organization, Version::from_u64(after), limit).unwrap();
                }
            }
            after = page.last().copied();
            if after.is_none() {
                break;
            }
        }
        for moment in 0..10 {
            twin.changes(Some(Cursor::from_u64(moment)), limit).unwrap();
        }
    }
    twin.changes(None, 10).unwrap();
}

#[test]
fn every_table_of_cases_comes_out_the_same() {
    let (mut lines, mut calls) = (0, 0);
    for table in tables().iter().filter(|table| table.needs.is_empty() && table.ledger.is_none()) {
        let catalog = Bailiwick::tuned(&catalog(&table.catalog), &table.settings).unwrap();
        let twin = Arc::new(Twin::new());
        let mut engine = Bailiwick::over(catalog, Arc::clone(&twin) as Arc<dyn Store>);
        assert_eq!(run(table, &mut engine), <[String; 0]>::default());
        lines += table.lines.len();
        compare_lists(&twin);
        assert_rows_are_those_of_the_records(&twin.file, engine.tenants.catalog());
        assert_eq!(twin.file.verify(None).unwrap(), []);
        calls += twin.calls.load(Ordering::Relaxed);
    }
    println!("{lines} lines, {calls} calls answered alike");
    assert!(lines > 1_000);
}

/// With snapshots in between, records that are forgotten, and processes that begin anew.
#[test]
fn every_life_is_the_same() {
    let mut appended = 0;
    for seed in 0..12 {
        let life = Life::of_seed(seed, 60);
        let twin = Arc::new(Twin::new());
        let keeping = Keeping { replayed_max: Some(5), ..Keeping::default() };
        let process = || Tenants::new(Arc::clone(&life.catalog), Arc::clone(&twin)).keeping(keeping);
        let mut tenants = process();
        let organizations = lives::organizations(&life.catalog);
        for (at, step) in life.steps.iter().enumerate() {
            let id = organizations[step.organization].id();
            let context = step.context().as_command(command(at as u64 / 2 + 1)); // every other one is a repetition
            let _ = match step.command.clone() {
                Command::CreateOrganization(create) => tenants.create(id, create, &context).map(|_| ()),
                Command::SignUp(sign_up) => tenants.sign_up(id, sign_up, &context).map(|_| ()),
                command => tenants.handle(id, command, &context).map(|_| ()),
            };
            if at % 10 == 9 {
                tenants = process();
                if let Some(version) = tenants.refresh(id).unwrap().filter(|_| at % 20 == 19) {
                    tenants.compact(id, Version::from_u64(version.as_u64() / 2)).unwrap();
                }
            }
            appended += u64::from(twin.file.head(id, Stream::Organization).unwrap().0 > Version::ZERO);
        }
        compare_lists(&twin);
        let link = LinkId::from_u64(1).unwrap();
        for id in organizations.iter().map(bailiwick::Organization::id) {
            for (uses, at_most) in [(2, 3), (2, 3), (1, 3), (1, 3), (0, 0), (1, 9), (u32::MAX, u32::MAX)] {
                twin.count_use(id, link, uses, at_most).unwrap();
            }
            // As far as the snapshot stands, and no farther, whatever was asked for.
            for stream in [Stream::Organization, Stream::Ledger] {
                twin.compact(id, stream, Version::from_u64(u64::MAX)).unwrap();
            }
            tenants = process();
            tenants.refresh(id).unwrap();
            twin.records(id, Version::ZERO, 100).unwrap();
        }
        assert_eq!(twin.file.verify(None).unwrap(), []);
        for id in organizations.iter().map(bailiwick::Organization::id) {
            twin.erase(id).unwrap();
            twin.load(id, 10).unwrap();
        }
        assert!(twin.organizations(None, 10).unwrap().is_empty());
    }
    assert!(appended > 300, "{appended} steps of organizations that were there");
}
