//! Killed: a process that writes as fast as it can is killed at any moment. Whatever it has acknowledged is there, and nothing by half.
//!
//! The test runs itself once more as the process that is killed. `BAILIWICK_KILLS=300` kills as often.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use std::{env, thread};

use bailiwick::change::{ChangeRoles, Record};
use bailiwick::store::{Key, Store, Stream, Written};
use bailiwick::{OrgId, Tenants, Version};

use super::*;

/// Names the file in the process that is killed.
const FILE: &str = "BAILIWICK_KILLED_FILE";

/// Threads that write, each an organization of its own and all of them one ledger.
const WRITERS: u64 = 3;

/// Which operation of which organization comes next: numbers that are used once.
fn operation(organization: u64, n: u64) -> bailiwick::CommandId {
    command(organization * 1_000_000 + n)
}

fn context(organization: u64, n: u64) -> bailiwick::change::Context<'static> {
    system().as_command(operation(organization, n))
}

/// An operation that changes keys, rows and several records, or only a row.
fn write(tenants: &Tenants<impl Store>, organization: u64, n: u64) -> Version {
    let context = context(organization, n);
    let outcome = match n % 3 {
        0 => tenants.handle(org(organization), invite(n, "admin").0, &context),
        1 => tenants.handle(org(organization), add(1_000 + n), &context),
        _ => {
            let roles = vec![if n % 2 == 0 { "viewer" } else { "admin" }.into()];
            tenants.handle(org(organization), ChangeRoles { user: user(1_000 + n - 1), roles }, &context)
        }
    };
    outcome.unwrap().records.last().unwrap().version
}

/// The process that is killed: says of each append which organization and version it made, after it was acknowledged.
#[test]
#[ignore = "it writes until it is killed"]
fn writes_until_it_is_killed() {
    let Some(file) = env::var_os(FILE) else { return };
    let tenants = Tenants::new(cloud(), Arc::new(SqliteStore::open(file).unwrap()));
    let say = |kind: &str, organization: u64, version: u64| {
        let line = format!("\n{kind} {organization} {version}.\n");
        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
    };
    thread::scope(|scope| {
        for organization in 1..=WRITERS {
            let (tenants, say) = (&tenants, &say);
            scope.spawn(move || {
                let begun = tenants.journal(org(organization)).unwrap();
                let last =
                    begun.iter().filter_map(|record| record.command).map(|command| command.as_u128() as u64).max();
                let next = last.map_or(3, |last| last % 1_000_000 + 1);
                for n in next.. {
                    say("org", organization, write(tenants, organization, n).as_u64());
                    // A number that nobody else has: every charge is an entry of its own.
                    let number = n * WRITERS + organization;
                    charge(tenants, WRITERS + 1, number, 1).unwrap();
                    say("charge", WRITERS + 1, number);
                }
            });
        }
    });
}

/// What was acknowledged: of each organization the last version, and the numbers of charges.
#[derive(Default)]
struct Acknowledged {
    versions: BTreeMap<u64, u64>,
    charges: BTreeSet<u64>,
}

/// When it is killed.
#[derive(Clone, Copy)]
enum Moment {
    /// So long after it has begun, whatever it does.
    Begun(Duration),
    /// So long after it has acknowledged something.
    Acknowledged(Duration),
}

/// Kills it, and tells how much it has acknowledged.
fn kill(moment: Moment, file: &Path, acknowledged: &mut Acknowledged) -> u64 {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["sqlite::killed::writes_until_it_is_killed", "--exact", "--ignored", "--nocapture"])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stdout.take().unwrap());
    let (first, has_begun) = mpsc::channel();
    let reader = thread::spawn(move || {
        let mut text = String::new();
        while said.read_line(&mut text).unwrap() > 0 {
            if text.ends_with(".\n") {
                let _ = first.send(());
            }
        }
        text
    });
    match moment {
        Moment::Begun(wait) => thread::sleep(wait),
        Moment::Acknowledged(wait) => {
            let _ = has_begun.recv_timeout(Duration::from_secs(30));
            thread::sleep(wait);
        }
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    let text = reader.join().unwrap();
    let mut errors = String::new();
    child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
    assert!(status.code().is_none(), "it ended by itself: {status:?}\n{text}\n{errors}");
    let mut count = 0;
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        let ([kind @ ("org" | "charge"), organization, number], true) = (&words[..], line.ends_with('.')) else {
            continue; // of the harness, or cut off
        };
        let (organization, number): (u64, u64) =
            (organization.parse().unwrap(), number.trim_end_matches('.').parse().unwrap());
        if *kind == "charge" {
            acknowledged.charges.insert(number);
        } else {
            let last = acknowledged.versions.entry(organization).or_insert(0);
            *last = number.max(*last);
        }
        count += 1;
    }
    count
}

/// Looks through a file whose writer was killed, and counts what it has that nobody was told of.
fn look_through(folder: &Folder, acknowledged: &mut Acknowledged) -> u64 {
    let store = folder.store();
    assert_eq!(store.verify(None).unwrap(), []);
    let mut untold = 0;
    for organization in 1..=WRITERS {
        let (head, _) = store.head(org(organization), Stream::Organization).unwrap();
        let told = acknowledged.versions.entry(organization).or_insert(2);
        assert!(head.as_u64() >= *told, "organization {organization} has lost {} records", *told - head.as_u64());
        let records = store.records(org(organization), Version::ZERO, usize::MAX).unwrap();
        untold += operations_are_those_of(&store, org(organization), &records, *told);
        *told = head.as_u64();
    }
    let entries = store.entries(org(WRITERS + 1), Version::ZERO, usize::MAX).unwrap();
    let charges: Vec<u64> = entries.iter().map(|entry| entry.order.key.as_u128() as u64).collect();
    let kept = BTreeSet::from_iter(charges.iter().copied());
    assert_eq!(kept.len(), charges.len(), "a charge was made twice");
    let lost: Vec<_> = acknowledged.charges.difference(&kept).collect();
    assert!(lost.is_empty(), "the ledger has lost {lost:?}");
    untold += kept.difference(&acknowledged.charges).filter(|number| **number < 9_000_000).count() as u64;
    acknowledged.charges = kept;
    untold
}

/// Each operation is kept as the records that carry it, with its keys; how many of them begin after a version.
fn operations_are_those_of(store: &SqliteStore, organization: OrgId, records: &[Record], told: u64) -> u64 {
    let mut operations: BTreeMap<bailiwick::CommandId, Written> = BTreeMap::new();
    for record in records {
        let Some(command) = record.command else { continue };
        let written = operations.entry(command).or_insert(Written { from: record.version, to: record.version });
        written.to = record.version;
        if let bailiwick::change::Event::Invited { address, .. } = &record.event {
            let key = Key::Invited(address.key().to_string());
            assert!(!store.find(&key, Some(organization), None, 1).unwrap().is_empty(), "a key is missing");
        }
    }
    for (operation, written) in &operations {
        assert_eq!(store.operation(organization, *operation).unwrap(), Some(*written));
    }
    let last = operations.keys().map(|command| command.as_u128() as u64).max().unwrap_or(0);
    assert_eq!(store.operation(organization, command(last + 1)).unwrap(), None, "an operation without records");
    for n in 1..=3 {
        let Ok(address) = Address::new(&format!("user{}@example.com", last % 1_000_000 + n)) else { continue };
        let key = Key::Invited(address.key().to_string());
        assert!(store.find(&key, Some(organization), None, 1).unwrap().is_empty(), "a key without records");
    }
    operations.values().filter(|written| written.from.as_u64() > told).count() as u64
}

#[test]
fn whoever_is_killed_has_lost_nothing_that_was_acknowledged() {
    let kills: u64 = env::var("BAILIWICK_KILLS").map_or(12, |kills| kills.parse().unwrap());
    let (mut acknowledged, mut untold, mut dice) = (0, 0, 88_172_645_463_325_252_u64);
    let mut folder = Folder::new();
    let mut last = Acknowledged::default();
    for n in 0..kills {
        if n % 10 == 0 {
            // A history that is replayed again and again should be short.
            (folder, last) = (Folder::new(), Acknowledged::default());
            let tenants = folder.tenants();
            for id in 1..=WRITERS + 1 {
                tenants.create(org(id), named("Acme"), &by(1)).unwrap();
            }
            buy(&tenants, WRITERS + 1, 9_000_000, 1_000_000_000);
        }
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        let wait = Duration::from_micros(dice % 200_000);
        let moment = if n % 6 == 5 { Moment::Begun(wait) } else { Moment::Acknowledged(wait) };
        acknowledged += kill(moment, &folder.file(), &mut last);
        untold += look_through(&folder, &mut last);
        if n % 10 == 9 || n + 1 == kills {
            let tenants = folder.tenants();
            super::rows::assert_rows_are_those_of_the_records(&**tenants.store(), tenants.catalog());
            // What was carried out is answered with what it made, and not carried out again.
            let journal = tenants.journal(org(1)).unwrap();
            let repeated = journal.iter().filter_map(|record| record.command).next_back().unwrap().as_u128() as u64;
            let version = write(&tenants, 1, repeated % 1_000_000);
            assert_eq!(Some(version), journal.last().map(|record| record.version));
        }
    }
    println!("{kills} kills, {acknowledged} acknowledged, 0 lost, {untold} unacknowledged found");
    assert!(acknowledged > kills, "it was killed before it wrote: {acknowledged}");
}
