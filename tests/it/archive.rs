//! Archives: what is exported is imported as it was, by whoever reads it line by line; what was bent on the way is refused, and leaves nothing.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bailiwick::access::{Facts, Resource};
use bailiwick::archive::{Export, Import, ImportError, Imported};
use bailiwick::change::{AddMember, Content, CreateOrganization, Remove, Rename};
use bailiwick::ledger::{Charge, Credits};
use bailiwick::sharing::{GiveShare, Recipient, ShareKey};
use bailiwick::store::{Claim, Direct, Key, MemoryStore, Place, Store};
use bailiwick::{
    Actor, AsyncTenants, CommandId, HoldId, Issue, LinkId, Name, OrgId, ResourceId, Seats, SecretHash, ShareId,
    Timestamp, UserId, Version, Work, WorkspaceId,
};

use crate::cases::catalog;
use crate::support::stumbling::{Stumble, Stumbling};

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

type Process<S = MemoryStore> = AsyncTenants<Direct<S>>;

fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store in memory waits for nobody"),
    }
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn process() -> Process {
    AsyncTenants::new(Arc::new(catalog("production")), Direct(MemoryStore::new()))
}

fn thing(n: u64) -> Resource<'static> {
    let id = ResourceId::from_u64(n).unwrap();
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

/// A tenant with something of everything.
fn tenant<S: Store>(tenants: &Process<S>, n: u64) {
    let system = NOW.by(Actor::System);
    let workspace = WorkspaceId::from_u64(n).unwrap();
    let name = Name::new(&format!("Crew {n}")).unwrap();
    let create = CreateOrganization { name, plan: "studio".into(), seats: Seats::new(9), owned: 0, workspace };
    now(tenants.create(org(n), create, &NOW.by(Actor::User(user(n))))).unwrap();
    let role: Vec<_> = vec!["talent".into()];
    for m in 10..13 {
        let add = AddMember { user: user(m), roles: role.clone(), access: vec![] };
        now(tenants.handle(org(n), add, &system.as_command(CommandId::from_u64(m).unwrap()))).unwrap();
    }
    for (m, text) in ["One", "Two", "One", "Three"].into_iter().enumerate() {
        let name = Name::new(&format!("{text} {n}")).unwrap();
        now(tenants.handle(org(n), Rename { name }, &system)).unwrap_or_else(|why| panic!("{m}: {why}"));
    }
    now(tenants.handle(org(n), Remove { user: user(12), content: Some(Content::TransferTo(user(n))) }, &system))
        .unwrap();
    let secret = SecretHash::from_bytes([n as u8; 32]);
    let link = Recipient::Link { link: LinkId::from_u64(n).unwrap(), secret, uses: Some(5) };
    for (m, to) in [Recipient::User(user(50)), link, Recipient::Members].into_iter().enumerate() {
        let share = ShareId::from_u64(1 + m as u64).unwrap();
        let give = GiveShare { share, to, level: vec!["script.view".into()], until: None };
        now(tenants.share(org(n), &thing(1 + m as u64 / 2), give, &system)).unwrap();
    }
    now(tenants.follow_link(secret, &NOW)).unwrap();
    now(tenants.follow_link(secret, &NOW)).unwrap();
    for key in 1..=3 {
        let issue = Issue { key: CommandId::from_u64(key).unwrap(), at: NOW.now };
        let hold = HoldId::from_u64(key).unwrap();
        let charge = |spender| Charge { hold, spender, amount: Credits::new(1) };
        let _ = now(tenants.spend(org(n), issue, &Work::default(), Actor::User(user(n)), &NOW, charge));
    }
}

fn exported<S: Store>(mut export: Export<'_, Direct<S>>) -> String {
    let mut archive = String::new();
    while let Some(chunk) = now(export.next()).unwrap() {
        assert!(chunk.ends_with('\n'));
        archive.push_str(&chunk);
    }
    archive
}

fn imported(tenants: &Process, archive: &str) -> Result<Imported, ImportError> {
    let mut import = Import::into(tenants);
    for line in archive.lines() {
        now(import.line(line))?;
    }
    import.finish()
}

/// Everything that a store can be asked about a tenant.
fn everything(tenants: &Process, n: u64) -> String {
    let (store, all) = (&tenants.store().0, usize::MAX);
    let resources = store.resources(org(n), None, all).unwrap();
    let mut keys: Vec<Key> = (1..60).map(|m| Key::Belongs(user(m))).collect();
    keys.extend((1..60).map(|m| Key::Share(ShareKey::User(user(m)))));
    keys.push(Key::Share(ShareKey::Within(org(n))));
    keys.push(Key::Share(ShareKey::Link(LinkId::from_u64(n).unwrap())));
    keys.push(Key::Share(ShareKey::Secret(SecretHash::from_bytes([n as u8; 32]).lookup())));
    for text in ["Crew", "One", "Two", "Three"] {
        let name = Name::new(&format!("{text} {n}")).unwrap().key().unwrap();
        keys.push(Key::Claim(Claim::NameOf(user(n), name.clone())));
        keys.push(Key::Claim(Claim::Name(name)));
    }
    let found: Vec<Vec<Place>> = keys.iter().map(|key| store.find(key, Some(org(n)), None, all).unwrap()).collect();
    let operations: Vec<_> =
        (1..20).map(|c| store.operation(org(n), CommandId::from_u64(c).unwrap()).unwrap()).collect();
    let uses = store.count_use(org(n), LinkId::from_u64(n).unwrap(), 0, 0).unwrap();
    format!(
        "{:#?}",
        (
            store.records(org(n), Version::ZERO, all).unwrap(),
            store.entries(org(n), Version::ZERO, all).unwrap(),
            store.load_sheets(org(n), &resources).unwrap(),
            found,
            operations,
            uses,
        )
    )
}

#[test]
fn what_is_exported_is_imported_as_it_was() {
    let here = process();
    (1..=3).for_each(|n| tenant(&here, n));
    let archive = exported(Export::of_all(here.store()));
    let there = process();
    let done = imported(&there, &archive).unwrap();
    assert_eq!((done.organizations, done.known), (vec![org(1), org(2), org(3)], 0));
    for n in 1..=3 {
        assert_eq!(everything(&there, n), everything(&here, n));
        let state = |tenants: &Process| now(tenants.read(org(n), Clone::clone)).unwrap().unwrap();
        assert_eq!(state(&there), state(&here));
    }
    assert_eq!(exported(Export::of_all(there.store())), archive);
    // It goes on, and one tenant alone can be moved.
    now(there.handle(org(2), Rename { name: Name::new("Later").unwrap() }, &NOW.by(Actor::System))).unwrap();
    let elsewhere = process();
    assert_eq!(imported(&elsewhere, &exported(Export::of(there.store(), org(2)))).unwrap().organizations, [org(2)]);
    assert_eq!(everything(&elsewhere, 2), everything(&there, 2));
}

/// Trouble anywhere on the way: asked again, an export goes on where it was.
#[test]
fn an_export_that_was_interrupted_goes_on_where_it_was() {
    let store = Arc::new(MemoryStore::new());
    let here = AsyncTenants::new(Arc::new(catalog("production")), Direct(Arc::clone(&store)));
    (1..=2).for_each(|n| tenant(&here, n));
    let archive = exported(Export::of_all(here.store()));
    for at in 0.. {
        let stumbling = Direct(Stumbling::over(Arc::clone(&store), Stumble::Before, at));
        let (mut export, mut again) = (Export::of_all(&stumbling), String::new());
        loop {
            match now(export.next()) {
                Ok(Some(chunk)) => again.push_str(&chunk),
                Ok(None) => break,
                Err(_) => {} // once more
            }
        }
        assert_eq!(again, archive, "interrupted at call {at}");
        if !stumbling.0.has_stumbled() {
            assert!(at > 10, "{at}");
            break;
        }
    }
}

/// Yesterday's archive, then today's: what is there already is passed over.
#[test]
fn archives_of_one_tenant_follow_each_other() {
    let (here, there) = (process(), process());
    tenant(&here, 1);
    imported(&there, &exported(Export::of(here.store(), org(1)))).unwrap();
    now(here.handle(org(1), Rename { name: Name::new("New").unwrap() }, &NOW.by(Actor::System))).unwrap();
    let give = GiveShare {
        share: ShareId::from_u64(99).unwrap(),
        to: Recipient::User(user(51)),
        level: vec!["script.view".into()],
        until: None,
    };
    now(here.share(org(1), &thing(1), give, &NOW.by(Actor::System))).unwrap();
    let done = imported(&there, &exported(Export::of(here.store(), org(1)))).unwrap();
    assert!(done.known > 10);
    assert_eq!(everything(&there, 1), everything(&here, 1));
    let name = now(there.read(org(1), |organization| organization.profile().unwrap().name.clone())).unwrap().unwrap();
    assert_eq!(name.as_str(), "New");
}

/// Every line that is left out, doubled, swapped with the next, or bent in one letter: an error that says where, and nothing is left.
#[test]
fn what_was_bent_is_refused_and_leaves_nothing() {
    let here = process();
    tenant(&here, 1);
    let archive = exported(Export::of_all(here.store()));
    let lines: Vec<&str> = archive.lines().collect();
    let mut bent: Vec<(String, Vec<String>)> = Vec::new();
    let whole = || lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    for at in 0..lines.len() {
        let mut without = whole();
        without.remove(at);
        bent.push((format!("without {at}"), without));
        let mut doubled = whole();
        doubled.insert(at, lines[at].to_owned());
        bent.push((format!("{at} doubled"), doubled));
        if at + 1 < lines.len() {
            let mut swapped = whole();
            swapped.swap(at, at + 1);
            bent.push((format!("{at} swapped"), swapped));
        }
        for (of, letter) in lines[at].char_indices().filter(|(_, letter)| letter.is_ascii_digit()).step_by(7) {
            let mut changed = whole();
            let other = if letter == '7' { "3" } else { "7" };
            changed[at].replace_range(of..=of, other);
            bent.push((format!("{at} changed at {of}"), changed));
        }
        bent.push((format!("cut off after {at}"), lines[..at].iter().map(|line| (*line).to_owned()).collect()));
    }
    assert!(bent.len() > 200, "{}", bent.len());
    for (what, lines) in bent {
        let there = process();
        let done = imported(&there, &lines.join("\n"));
        let error = done.expect_err(&what);
        // Cut off in the middle of a tenant nobody has seen its end: it is as far as it has come, and the same archive goes on.
        if matches!(error, ImportError::CutOff) {
            continue;
        }
        let left = there.store().0.organizations(None, 9).unwrap();
        if left.is_empty() {
            assert!(there.store().0.find(&Key::Belongs(user(1)), None, None, 9).unwrap().is_empty(), "{what}");
        } else {
            assert!(matches!(error, ImportError::OutOfPlace { .. }), "{what}: {error}");
            assert_eq!(everything(&there, 1), everything(&here, 1), "{what}: {error}"); // the tenant was over already
        }
    }
}

#[test]
fn an_archive_of_later_is_refused_and_so_is_a_name_that_is_taken() {
    let (here, there) = (process(), process());
    tenant(&here, 1);
    let archive = exported(Export::of_all(here.store()));
    let later = archive.replacen("\"format\":1", "\"format\":2", 1);
    assert!(matches!(imported(&there, &later), Err(ImportError::Newer { format: 2 })));
    let error = imported(&there, "{\"archive\":{\"format\":1}}\nnonsense").unwrap_err();
    assert!(error.to_string().starts_with("line 2 is no line of an archive"), "{error}");

    // A link leads to one place, for ever, here as well.
    tenant(&there, 1);
    let other = process();
    tenant(&other, 1);
    let moved = exported(Export::of_all(other.store())).replace(&org(1).to_string(), &org(2).to_string());
    let error = imported(&there, &moved).unwrap_err();
    assert!(matches!(error, ImportError::Changed { .. } | ImportError::Claimed { .. }), "{error}");
    assert_eq!(there.store().0.organizations(None, 9).unwrap(), [org(1)]);
}
