//! Snapshots of earlier days: they are read for ever, or the format gets another number. `BAILIWICK_WRITE=snapshots` writes them anew,
//! which is right only together with another number, or when the catalog came to have another option.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::change::Record;
use bailiwick::ledger::{BurnOrder, Entry, Ledger, Settings, Snapshot};
use bailiwick::{Organization, OrganizationSnapshot, Span};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::histories;
use crate::support::lives::Life;

/// Only by this very word: what is written for other tests must not write over these.
fn is_asked_to_write() -> bool {
    std::env::var_os("BAILIWICK_WRITE").is_some_and(|what| what == "snapshots")
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/snapshot").join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap()
}

fn lines<T: DeserializeOwned>(name: &str) -> Vec<T> {
    read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn written<T: Serialize>(values: &[T]) -> String {
    values.iter().map(|value| serde_json::to_string(value).unwrap() + "\n").collect()
}

fn pretty(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

/// An organization in which much has come together, and its records.
pub(super) fn chosen_organization() -> (Organization, Vec<Record>) {
    let life = Life::of_seed(17, 120);
    let (id, mut records) = histories(&life).swap_remove(0);
    records.truncate(47);
    let mut org = Organization::new(id, life.catalog);
    records.iter().for_each(|record| org.apply(record));
    (org, records)
}

/// A ledger in which much has come together, its settings and its entries.
pub(super) fn chosen_ledger() -> (Ledger, Settings, Vec<Arc<Entry>>) {
    let (settings, orders) = super::ledger::simulated(192, 80);
    let mut entries = super::ledger::entries(&settings, &orders);
    entries.truncate(54);
    (Ledger::replay(super::ledger::organization(), settings.clone(), &entries), settings, entries)
}

#[test]
fn an_organization_of_earlier_days_is_still_what_its_records_make() {
    if is_asked_to_write() {
        let (org, records) = chosen_organization();
        fs::create_dir_all(path("")).unwrap();
        fs::write(path("catalog.json"), pretty(&**org.catalog())).unwrap();
        fs::write(path("records.jsonl"), written(&records)).unwrap();
        fs::write(path("organization.json"), pretty(&org.snapshot())).unwrap();
    }
    let catalog: Arc<Catalog> = Arc::new(serde_json::from_str(&read("catalog.json")).unwrap());
    let text = read("organization.json");
    let snapshot: OrganizationSnapshot = serde_json::from_str(&text).unwrap();
    let mut replayed = Organization::new(snapshot.organization(), Arc::clone(&catalog));
    lines::<Record>("records.jsonl").iter().for_each(|record| replayed.apply(record));
    assert_eq!(Organization::restore(snapshot.organization(), catalog, &snapshot).as_ref(), Ok(&replayed));
    assert_eq!(pretty(&replayed.snapshot()), text);
}

/// What the ledger was kept with.
fn settings() -> Settings {
    let (burn_order, window) = (BurnOrder::new([]), Span::hours(1));
    Settings { burn_order, transfers: true, window, keys_max: 6, ..Settings::default() }
}

#[test]
fn a_ledger_of_earlier_days_is_still_what_its_entries_make() {
    if is_asked_to_write() {
        let (ledger, settings, entries) = chosen_ledger();
        assert_eq!(settings, self::settings());
        let entries: Vec<&Entry> = entries.iter().map(AsRef::as_ref).collect();
        fs::create_dir_all(path("")).unwrap();
        fs::write(path("entries.jsonl"), written(&entries)).unwrap();
        fs::write(path("ledger.json"), pretty(&ledger.snapshot())).unwrap();
    }
    let text = read("ledger.json");
    let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
    let entries: Vec<Arc<Entry>> = lines::<Entry>("entries.jsonl").into_iter().map(Arc::new).collect();
    let (of, settings) = (snapshot.organization(), settings());
    let replayed = Ledger::replay(of, settings.clone(), &entries);
    assert_eq!(Ledger::restore(of, settings, &snapshot).as_ref(), Ok(&replayed));
    assert_eq!(pretty(&replayed.snapshot()), text);
}
