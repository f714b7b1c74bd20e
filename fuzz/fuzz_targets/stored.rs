//! The doors for what was stored, handed over or typed: records, entries, shares, snapshots, archives, commands, orders. The first byte says
//! which door. Whatever comes behind it: no panic; what is refused says why; what is read is read as the same once it is written again; and
//! only what breaks no invariant is made of a snapshot or by a command.
#![no_main]

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, Waker};

use bailiwick::access::{Facts, Resource};
use bailiwick::archive::{Import, ImportError};
use bailiwick::catalog::Catalog;
use bailiwick::change::{Command, CreateOrganization, Record};
use bailiwick::ledger::{self, Entry, Ledger, Order, Settings, Verdict};
use bailiwick::sharing::{ShareCommand, ShareRecord, Sheet};
use bailiwick::store::json::{Body, FORMAT, encode};
use bailiwick::store::{Direct, MemoryStore, Store, Stream};
use bailiwick::{
    Actor, AsyncTenants, Name, OrgId, Organization, OrganizationSnapshot, ResourceId, Seats, Timestamp, UserId,
    Version, WorkspaceId,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

static CATALOG: LazyLock<Arc<Catalog>> =
    LazyLock::new(|| Arc::new(toml::from_str(bailiwick::presets::CLOUD).expect("a preset is a catalog")));

fuzz_target!(|bytes: &[u8]| {
    let Some((door, text)) = bytes.split_first() else { return };
    let Ok(text) = core::str::from_utf8(text) else { return };
    match door {
        b'r' => records(text),
        b'e' => entries(text),
        b's' => shares(text),
        b'o' => snapshot(text),
        b'l' => ledger_snapshot(text),
        b'a' => archive(text),
        b'c' => command(text),
        b'h' => share_command(text),
        b'd' => order(text),
        _ => {}
    }
});

fn org() -> OrgId {
    OrgId::from_u64(1).expect("it is not zero")
}

fn ada() -> Actor {
    Actor::User(UserId::from_u64(1).expect("it is not zero"))
}

/// Reads a text as stores do. What is refused says where; what is read is the same once it is written.
fn read<T: DeserializeOwned + Serialize>(text: &str, stream: Stream) -> Option<T> {
    let body = |text| Body { organization: org(), stream, version: Version::from_u64(7), format: FORMAT, text };
    match body(text).decode::<T>() {
        Err(why) => {
            assert!(why.to_string().contains("version 7"), "{why}");
            None
        }
        Ok(value) => {
            let written = encode(&value).expect("what was read can be written");
            let again: T = body(&written).decode().expect("and read once more");
            assert_eq!(encode(&again).expect("and written"), written);
            Some(value)
        }
    }
}

fn lines<T: DeserializeOwned + Serialize>(text: &str, stream: Stream) -> Vec<T> {
    text.lines().filter_map(|line| read(line, stream)).collect()
}

/// What is applied is what was accepted once; if it was not, whoever audits finds out, and nothing ends.
fn records(text: &str) {
    let mut organization = Organization::new(org(), Arc::clone(&CATALOG));
    lines::<Record>(text, Stream::Organization).iter().for_each(|record| organization.apply(record));
    if organization.audit(NOW.now).is_empty() && organization.profile().is_some() {
        let kept = organization.snapshot();
        let restored = Organization::restore(org(), Arc::clone(&CATALOG), &kept).expect("a sound state can be kept");
        assert_eq!(restored, organization);
    }
    ask_everything(&organization);
}

fn entries(text: &str) {
    let mut ledger = Ledger::new(org(), Settings::default());
    lines::<Entry>(text, Stream::Ledger).into_iter().for_each(|entry| ledger.apply(&Arc::new(entry)));
    look_into(&ledger);
}

fn shares(text: &str) {
    let resource = ResourceId::from_u64(1).expect("it is not zero");
    let records: Vec<ShareRecord> = lines(text, Stream::Sheet(resource));
    let sheet = Sheet::replay(org(), resource, &records);
    assert_eq!(sheet.resource(), resource);
}

fn snapshot(text: &str) {
    let Some(kept) = read::<OrganizationSnapshot>(text, Stream::Organization) else { return };
    match Organization::restore(org(), Arc::clone(&CATALOG), &kept) {
        Err(why) => assert!(!why.to_string().is_empty()),
        Ok(organization) => {
            let again = Organization::restore(org(), Arc::clone(&CATALOG), &organization.snapshot());
            assert_eq!(again.expect("what was restored can be kept"), organization);
            ask_everything(&organization);
        }
    }
}

fn ledger_snapshot(text: &str) {
    let Some(kept) = read::<ledger::Snapshot>(text, Stream::Ledger) else { return };
    match Ledger::restore(org(), Settings::default(), &kept) {
        Err(why) => assert!(!why.to_string().is_empty()),
        Ok(ledger) => {
            let again = Ledger::restore(org(), Settings::default(), &ledger.snapshot());
            assert_eq!(again.expect("what was restored can be kept").snapshot(), ledger.snapshot());
            look_into(&ledger);
        }
    }
}

fn archive(text: &str) {
    let tenants = AsyncTenants::new(Arc::clone(&CATALOG), Direct(MemoryStore::new()));
    let mut import = Import::into(&tenants);
    for line in text.lines() {
        if let Err(why) = now(import.line(line)) {
            // A later format is said by the first line, or not at all.
            let says_where = matches!(why, ImportError::Newer { .. }) || why.to_string().contains("line");
            assert!(says_where, "{why}");
            return;
        }
    }
    if let Ok(imported) = import.finish() {
        let kept = tenants.store().0.organizations(None, usize::MAX).expect("a store in memory answers");
        assert!(imported.organizations.iter().all(|organization| kept.contains(organization)));
    }
}

fn command(text: &str) {
    let Some(command) = read::<Command>(text, Stream::Organization) else { return };
    let mut organization = acme();
    for actor in [Actor::System, ada(), Actor::Provisioner] {
        if let Ok(outcome) = organization.handle(&command, &NOW.by(actor)) {
            outcome.records.iter().for_each(|record| organization.apply(record));
            let broken = organization.audit(NOW.now);
            assert!(broken.is_empty(), "{broken:?} after {command:?} by {actor:?}");
        }
    }
}

fn share_command(text: &str) {
    let id = ResourceId::from_u64(1).expect("it is not zero");
    let Some(command) = read::<ShareCommand>(text, Stream::Sheet(id)) else { return };
    let (organization, sheet) = (acme(), Sheet::new(org(), id));
    let on = Resource { id, containers: &[], workspace: WorkspaceId::from_u64(1), personal_owner: None, shares: &[] };
    for actor in [Actor::System, ada()] {
        if let Ok(records) = organization.handle_share(&sheet, &on, &command, &NOW.by(actor)) {
            assert!(Sheet::replay(org(), id, &records).version() >= sheet.version());
        }
    }
}

fn order(text: &str) {
    let Some(order) = read::<Order>(text, Stream::Ledger) else { return };
    let mut ledger = Ledger::new(org(), Settings::default());
    for _ in 0..2 {
        if let Verdict::New(entry) = ledger.handle(&order, ada(), NOW.now) {
            ledger.apply(&entry);
            look_into(&ledger);
        }
    }
}

/// An organization with somebody in it.
fn acme() -> Organization {
    let mut acme = Organization::new(org(), Arc::clone(&CATALOG));
    let create = CreateOrganization {
        name: Name::new("Acme").expect("it is a name"),
        plan: "team".into(),
        seats: Seats::new(5),
        owned: 0,
        workspace: WorkspaceId::from_u64(1).expect("it is not zero"),
    };
    let outcome = acme.handle(&create.into(), &NOW.by(ada())).expect("anybody can begin");
    outcome.records.iter().for_each(|record| acme.apply(record));
    acme
}

fn ask_everything(organization: &Organization) {
    for (permission, _) in CATALOG.permissions() {
        let answered = organization.check(ada(), permission, bailiwick::access::Target::Organization, &NOW);
        let explained = organization.explain(ada(), permission, bailiwick::access::Target::Organization, &NOW);
        assert_eq!(answered, explained.decision);
    }
}

/// Whatever it has been told, it can be asked, and says itself whether its books balance.
fn look_into(ledger: &Ledger) {
    let _ = (ledger.balance(NOW.now), ledger.lots(NOW.now), ledger.limits(NOW.now), ledger.audit());
}

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory waits for nobody"),
    }
}
