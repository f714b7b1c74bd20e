//! What a process keeps of a store that others write: how it follows, how old an answer may be, what it lets go. D-23.

mod doubt;
mod turns;

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::change::{AddMember, ChangeRoles, CreateOrganization, CreateWorkspace, Leave, Remove, Rename};
use bailiwick::ledger::{Charge, Credits};
use bailiwick::store::{
    Append, Appended, AsyncFront, Batch, Change, Direct, ErasedStore, Front, Loaded, MemoryStore, Store, StoreError,
    Stream,
};
use bailiwick::{
    Actor, AsyncTenants, CommandId, HoldId, Issue, Keeping, Name, OrgId, OrganizationSnapshot, Seats, Tenants,
    TenantsError, Timestamp, UserId, Version, Work, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn command(n: u64) -> CommandId {
    CommandId::from_u64(n).unwrap()
}

fn by(n: u64) -> bailiwick::change::Context<'static> {
    NOW.by(Actor::User(user(n)))
}

fn system() -> bailiwick::change::Context<'static> {
    NOW.by(Actor::System)
}

fn create(n: u64) -> CreateOrganization {
    CreateOrganization {
        name: Name::new(&format!("Acme {n}")).unwrap(),
        plan: "team".into(),
        seats: Seats::new(20),
        owned: 0,
        workspace: WorkspaceId::from_u64(n).unwrap(),
    }
}

fn add(n: u64) -> AddMember {
    AddMember { user: user(n), roles: vec!["admin".into()], access: vec![] }
}

fn remove(n: u64) -> Remove {
    Remove { user: user(n), content: None }
}

fn rename(name: &str) -> Rename {
    Rename { name: Name::new(name).unwrap() }
}

fn may<S: Store>(tenants: &Tenants<S>, n: u64, member: u64) -> Result<bool, StoreError> {
    let run = tenants.catalog().permission("operation.run").unwrap();
    Ok(tenants.check(org(n), Actor::User(user(member)), run, Target::Organization, &NOW)? == Decision::Allow)
}

/// Processes that share a store.
fn processes<const N: usize, S: Store>(store: &Arc<S>) -> [Tenants<Arc<S>>; N] {
    let catalog = Arc::new(catalog("cloud"));
    std::array::from_fn(|_| Tenants::new(Arc::clone(&catalog), Arc::clone(store)))
}

/// A store with a fault that can be switched on.
#[derive(Default)]
struct Faulty {
    behind: MemoryStore,
    /// Appends that are carried out and not acknowledged.
    unacknowledged: AtomicUsize,
    /// Appends that get lost on the way, and nobody knows it.
    lost: AtomicUsize,
    /// Appends that are refused for the moment.
    refused: AtomicUsize,
    /// Nothing works.
    down: AtomicBool,
    loads: AtomicUsize,
    appends: AtomicUsize,
}

impl Faulty {
    fn takes(left: &AtomicUsize) -> bool {
        left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok()
    }

    fn up(&self) -> Result<(), StoreError> {
        if self.down.load(Ordering::SeqCst) { Err(StoreError::Retry("down".into())) } else { Ok(()) }
    }
}

impl Front for Faulty {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.behind
    }

    fn load(
        &self,
        organization: OrgId,
        limit: usize,
    ) -> Result<Loaded<OrganizationSnapshot, bailiwick::change::Record>, StoreError> {
        self.up()?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.behind.load(organization, limit)
    }

    fn records(
        &self,
        organization: OrgId,
        after: Version,
        limit: usize,
    ) -> Result<Vec<bailiwick::change::Record>, StoreError> {
        self.up()?;
        self.loads.fetch_add(1, Ordering::SeqCst);
        self.behind.records(organization, after, limit)
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        self.up()?;
        self.appends.fetch_add(1, Ordering::SeqCst);
        if Self::takes(&self.refused) {
            return Err(StoreError::Retry("busy".into()));
        }
        if Self::takes(&self.lost) {
            return Err(StoreError::Unknown("lost".into()));
        }
        let appended = self.behind.append(append)?;
        if Self::takes(&self.unacknowledged) {
            return Err(StoreError::Unknown("not acknowledged".into()));
        }
        Ok(appended)
    }

    fn changes(
        &self,
        after: Option<bailiwick::store::Cursor>,
        limit: usize,
    ) -> Result<bailiwick::store::Changes, StoreError> {
        self.up()?;
        self.behind.changes(after, limit)
    }
}

#[test]
fn whoever_was_removed_in_another_process_is_seen_by_following() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    here.create(org(1), create(1), &by(1)).unwrap();
    here.handle(org(1), add(2), &system()).unwrap();
    assert!(may(&there, 1, 2).unwrap());
    assert_eq!(there.follow().unwrap(), 0); // from here on
    here.handle(org(1), remove(2), &system()).unwrap();
    assert!(may(&there, 1, 2).unwrap(), "nobody has told it");
    assert_eq!(there.follow().unwrap(), 1);
    assert!(!may(&there, 1, 2).unwrap());
    assert_eq!(there.follow().unwrap(), 0);
    assert_eq!(here.follow().unwrap(), 0, "its own changes are no news");
}

/// What was loaded before the first time somebody followed is looked at as well.
#[test]
fn the_first_time_looks_at_everything_that_is_loaded() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    here.create(org(1), create(1), &by(1)).unwrap();
    here.handle(org(1), add(2), &system()).unwrap();
    assert!(may(&there, 1, 2).unwrap());
    here.handle(org(1), remove(2), &system()).unwrap();
    assert_eq!(there.follow().unwrap(), 1);
    assert!(!may(&there, 1, 2).unwrap());
}

/// Only what others have changed is loaded, however many organizations there are.
#[test]
fn following_costs_what_others_have_changed() {
    let store = Arc::new(Faulty::default());
    let [here, there] = processes(&store);
    for n in 1..=40 {
        here.create(org(n), create(n), &by(n)).unwrap();
        assert!(may(&there, n, n).unwrap());
    }
    there.follow().unwrap();
    here.follow().unwrap();
    store.loads.store(0, Ordering::SeqCst);
    for n in [3, 7, 9] {
        here.handle(org(n), rename("Other"), &system()).unwrap();
    }
    let before = store.loads.load(Ordering::SeqCst);
    assert_eq!(here.follow().unwrap(), 0);
    assert_eq!(store.loads.load(Ordering::SeqCst), before);
    assert_eq!(there.follow().unwrap(), 3);
    assert_eq!(store.loads.load(Ordering::SeqCst), before + 3);
}

#[test]
fn a_ledger_is_followed_as_well() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    here.create(org(1), create(1), &by(1)).unwrap();
    let left = |tenants: &Tenants<_>| {
        tenants.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).spendable).unwrap()
    };
    let full = left(&there);
    there.follow().unwrap();
    charge(&here, 1, 30).unwrap();
    assert_eq!(left(&there), full);
    assert_eq!(there.follow().unwrap(), 1);
    assert_eq!(left(&there), full - 30);
}

fn charge<S: Store>(tenants: &Tenants<S>, key: u64, amount: u64) -> Result<bailiwick::ledger::Receipt, TenantsError> {
    let issue = Issue { key: command(key), at: NOW.now };
    let hold = HoldId::from_u64(key).unwrap();
    let work =
        Work { workspace: Some(WorkspaceId::from_u64(1).unwrap()), class: "llm".parse().ok(), ..Work::default() };
    let charge = |spender| Charge { hold, spender, amount: Credits::new(amount) };
    tenants.spend(org(1), issue, &work, Actor::User(user(1)), &NOW, charge)
}

#[test]
fn whoever_has_seen_a_version_is_not_answered_from_an_older_one() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    here.create(org(1), create(1), &by(1)).unwrap();
    here.handle(org(1), add(2), &system()).unwrap();
    assert!(may(&there, 1, 2).unwrap());
    let gone = here.handle(org(1), remove(2), &system()).unwrap().records.last().unwrap().version;
    assert_eq!(there.at_least(org(1), gone).unwrap(), gone);
    assert!(!may(&there, 1, 2).unwrap());
    assert_eq!(there.at_least(org(1), Version::from_u64(1)).unwrap(), gone);
    let error = there.at_least(org(1), gone.next()).unwrap_err();
    assert!(matches!(error, StoreError::Retry(ref why) if why.to_string().contains("was asked for")), "{error:?}");
    assert!(there.at_least(org(9), Version::from_u64(1)).is_err(), "it does not exist");
}

/// D-23: nothing older than the bound is answered; who follows again is answered again.
#[test]
fn an_answer_is_never_older_than_it_may_be() {
    let store = Arc::new(Faulty::default());
    let keeping = Keeping { age_max: Some(Duration::from_millis(200)), ..Keeping::default() };
    let [writer] = processes(&store);
    writer.create(org(1), create(1), &by(1)).unwrap();
    writer.handle(org(1), add(2), &system()).unwrap();
    let [reader] = processes(&store).map(|tenants: Tenants<_>| tenants.keeping(keeping));
    reader.follow().unwrap();
    assert!(may(&reader, 1, 2).unwrap());
    store.down.store(true, Ordering::SeqCst);
    thread::sleep(Duration::from_millis(300));
    assert!(reader.follow().is_err());
    let read = |tenants: &Tenants<_>| tenants.read(org(1), |organization| organization.version());
    assert!(matches!(may(&reader, 1, 2), Err(StoreError::Stale(age)) if age >= Duration::from_millis(300)));
    assert!(matches!(read(&reader), Err(StoreError::Stale(_))));
    let access = reader.access(org(1), Actor::User(user(2)), Target::Organization, &NOW);
    assert!(matches!(access, Err(StoreError::Stale(_))));
    let run = reader.catalog().permission("operation.run").unwrap();
    let explained = reader.explain(org(1), Actor::User(user(2)), run, Target::Organization, &NOW);
    assert!(matches!(explained, Err(StoreError::Stale(_))));
    store.down.store(false, Ordering::SeqCst);
    writer.handle(org(1), remove(2), &system()).unwrap();
    reader.follow().unwrap();
    assert!(!may(&reader, 1, 2).unwrap());
    assert!(may(&writer, 1, 1).unwrap(), "whoever has set no bound is answered");
}

#[test]
fn what_does_not_fit_is_let_go_and_loaded_again() {
    let store = Arc::new(MemoryStore::new());
    let [all] = processes(&store);
    for n in 1..=60 {
        all.create(org(n), create(n), &by(n)).unwrap();
        (100..106).for_each(|m| _ = all.handle(org(n), add(m), &system()).unwrap());
    }
    let everything = all.bytes();
    let keeping = Keeping { bytes_max: Some(everything / 4), ..Keeping::default() };
    let [some] = processes(&store).map(|tenants: Tenants<_>| tenants.keeping(keeping));
    let mut directory = Vec::new();
    for round in 0..4 {
        for n in 1..=60 {
            assert!(may(&some, n, 100).unwrap(), "{n}");
            assert!(some.bytes() <= everything / 4, "{} of {everything}", some.bytes());
            if round == 2 {
                some.handle(org(n), rename(&format!("Name {n}")), &system()).unwrap();
                some.read_ledger(org(n), NOW.now, |_| ()).unwrap();
            }
        }
        directory.push(some.directory().bytes());
    }
    assert!(some.bytes() > everything / 8, "it keeps what fits");
    assert!(directory[3] < directory[0] + 1_024, "{directory:?}");
    assert!(directory[3] <= all.directory().bytes());
    all.follow().unwrap();
    let name = all.read(org(7), |organization| organization.profile().unwrap().name.clone()).unwrap().unwrap();
    assert_eq!(name.as_str(), "Name 7");
}

/// Many threads, little room: whoever asks is answered, whoever writes is not lost.
#[test]
fn nothing_is_lost_while_organizations_come_and_go() {
    let store = Arc::new(MemoryStore::new());
    let [first] = processes(&store);
    for n in 1..=12 {
        first.create(org(n), create(n), &by(n)).unwrap();
    }
    let keeping = Keeping { bytes_max: Some(first.bytes() / 6), ..Keeping::default() };
    let [tenants] = processes(&store).map(|tenants: Tenants<_>| tenants.keeping(keeping));
    thread::scope(|scope| {
        for at in 0..6_u64 {
            let tenants = &tenants;
            scope.spawn(move || {
                for turn in 0..40_u64 {
                    let n = 1 + (turn * 5 + at * 7) % 12;
                    assert!(may(tenants, n, n).unwrap());
                    let workspace = WorkspaceId::from_u64(1_000 + at * 100 + turn).unwrap();
                    let name = Name::new(&format!("Place {at} {turn}")).unwrap();
                    tenants.handle(org(n), CreateWorkspace { workspace, name }, &by(n)).unwrap();
                    let access = tenants.access(org(n), Actor::User(user(n)), Target::Workspace(workspace), &NOW);
                    assert!(access.unwrap().allows(tenants.catalog().permission("operation.run").unwrap()));
                }
            });
        }
    });
    let places: usize = (1..=12)
        .map(|n| tenants.read(org(n), |organization| organization.workspaces().count()).unwrap().unwrap())
        .sum();
    assert_eq!(places, 12 + 6 * 40);
}

/// An organization that was erased elsewhere is unknown here with the next command, question after following, or refresh.
#[test]
fn what_was_erased_is_unknown_everywhere() {
    let store = Arc::new(MemoryStore::new());
    for (at, way) in [0, 1, 2].into_iter().enumerate() {
        let n = 1 + at as u64;
        let [here, there] = processes(&store);
        here.create(org(n), create(n), &by(1)).unwrap();
        assert!(may(&there, n, 1).unwrap());
        there.follow().unwrap();
        store.erase(org(n)).unwrap();
        match way {
            0 => _ = there.follow().unwrap(),
            1 => assert_eq!(there.refresh(org(n)).unwrap(), None),
            _ => {
                let error = there.handle(org(n), rename("Late"), &by(1)).unwrap_err();
                assert_eq!(error.code(), Some("not_found"));
            }
        }
        assert!(!may(&there, n, 1).unwrap());
        assert_eq!(there.bytes(), 0);
        there.create(org(n), create(n), &by(1)).unwrap(); // the name is free, and so is the id
        here.follow().unwrap();
    }
}

/// What is made anew under the id of one that was erased is another one, at whatever version it is when somebody looks.
#[test]
fn what_is_made_anew_under_an_old_id_is_another_one() {
    for renames in [0, 9] {
        let store = Arc::new(MemoryStore::new());
        let [here, there] = processes(&store);
        here.create(org(1), create(1), &by(1)).unwrap();
        here.handle(org(1), add(2), &system()).unwrap();
        charge(&here, 1, 30).unwrap();
        assert!(may(&there, 1, 2).unwrap());
        let spent = |tenants: &Tenants<_>| {
            tenants.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap()
        };
        assert_eq!(spent(&there), 30);
        there.follow().unwrap();
        store.erase(org(1)).unwrap();
        let [anew] = processes(&store);
        anew.create(org(1), create(1), &by(1)).unwrap();
        (0..renames).for_each(|n| _ = anew.handle(org(1), rename(&format!("Name {n}")), &system()).unwrap());
        there.follow().unwrap();
        assert!(!may(&there, 1, 2).unwrap(), "a member of the old one has access to the new one");
        assert_eq!(spent(&there), 0);
        let whole = |tenants: &Tenants<Arc<MemoryStore>>| tenants.read(org(1), Clone::clone).unwrap().unwrap();
        assert_eq!(whole(&there), whole(&anew));
    }
}

/// A store whose appends wait until they are let through.
#[derive(Default)]
struct Gated {
    behind: Direct<MemoryStore>,
    closed: AtomicBool,
}

impl AsyncFront for Gated {
    type Behind = Direct<MemoryStore>;

    fn behind(&self) -> &Direct<MemoryStore> {
        &self.behind
    }

    fn append(&self, append: &Append<'_>) -> impl Future<Output = Result<Appended, StoreError>> + Send {
        let appended = self.behind.0.append(append);
        async move {
            // Carried out, and the answer is on its way.
            poll_fn(|_| if self.closed.load(Ordering::SeqCst) { Poll::Pending } else { Poll::Ready(()) }).await;
            appended
        }
    }
}

fn now_or_never<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

#[test]
fn changes_name_every_stream_once_and_go_on_from_where_they_were() {
    let store = Arc::new(MemoryStore::new());
    let [tenants] = processes(&store);
    tenants.create(org(1), create(1), &by(1)).unwrap();
    let start = store.changes(None, 10).unwrap();
    assert!(start.changed.is_empty() && start.is_all);
    for n in 2..=5 {
        tenants.handle(org(1), add(n), &system()).unwrap();
    }
    tenants.create(org(2), create(2), &by(1)).unwrap();
    let changes = store.changes(Some(start.cursor), 10).unwrap();
    let of = |n, stream| changes.changed.iter().filter(move |c| c.organization == org(n) && c.stream == stream);
    assert_eq!(of(1, Stream::Organization).count(), 1);
    let version = tenants.directory().version(org(1)).unwrap();
    let expected = Change { organization: org(1), stream: Stream::Organization, version };
    assert_eq!(of(1, Stream::Organization).next(), Some(&expected));
    assert_eq!(of(2, Stream::Organization).count(), 1);
    let one_by_one = {
        let (mut cursor, mut seen) = (start.cursor, Vec::new());
        loop {
            let changes = store.changes(Some(cursor), 1).unwrap();
            cursor = changes.cursor;
            seen.extend(changes.changed);
            if changes.is_all {
                break seen;
            }
        }
    };
    assert_eq!(one_by_one, changes.changed);
    assert!(store.changes(Some(changes.cursor), 10).unwrap().changed.is_empty());
}

/// A long history is begun with a snapshot; where one cannot be read, with the first record; and where that is gone, not at all.
#[test]
fn long_histories_begin_with_a_snapshot() {
    let store = Arc::new(Faulty::default());
    let keeping = Keeping { replayed_max: Some(3), ..Keeping::default() };
    let [writer] = processes(&store);
    writer.create(org(1), create(1), &by(1)).unwrap();
    (2..=6).for_each(|n| _ = writer.handle(org(1), add(n), &system()).unwrap());
    charge(&writer, 1, 5).unwrap();
    assert!(store.behind.load(org(1), 100).unwrap().snapshot.is_none());
    let [reader] = processes(&store).map(|tenants: Tenants<_>| tenants.keeping(keeping));
    assert!(may(&reader, 1, 6).unwrap());
    let kept = store.behind.load(org(1), 100).unwrap();
    assert_eq!(kept.snapshot.unwrap().version(), writer.directory().version(org(1)).unwrap(), "left in passing");
    assert!(kept.records.is_empty());

    writer.handle(org(1), remove(6), &system()).unwrap();
    let whole = |tenants: &Tenants<Arc<Faulty>>| tenants.read(org(1), Clone::clone).unwrap().unwrap();
    let [again] = processes(&store);
    assert_eq!(whole(&again), whole(&writer));

    // Under another catalog the records are replayed, as long as they are there.
    let other = catalog("cloud").to_builder().permission(bailiwick::catalog::organization("extra.do")).build().unwrap();
    let under_another = || Tenants::new(Arc::new(other.clone()), Arc::clone(&store));
    assert!(under_another().read(org(1), |organization| organization.people().count()).unwrap() == Some(5));
    let head = writer.directory().version(org(1)).unwrap();
    writer.compact(org(1), head).unwrap();
    writer.compact_ledger(org(1), head).unwrap();
    assert_eq!(writer.journal(org(1)).unwrap().len(), 1, "the last one stays");
    let [again] = processes(&store);
    assert_eq!(whole(&again), whole(&writer));
    let left = again.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap();
    assert_eq!(left, 5);
    let StoreError::Fatal(why) = under_another().refresh(org(1)).unwrap_err() else { panic!("it cannot be read") };
    assert!(why.to_string().contains("its snapshot cannot be read"), "{why}");
}

/// A process that has slept through a compaction takes the snapshot and goes on.
#[test]
fn whoever_has_missed_what_was_compacted_begins_anew() {
    let store = Arc::new(MemoryStore::new());
    let [here, there] = processes(&store);
    here.create(org(1), create(1), &by(1)).unwrap();
    here.handle(org(1), add(2), &system()).unwrap();
    charge(&here, 1, 5).unwrap();
    assert!(may(&there, 1, 2).unwrap());
    let spent = |tenants: &Tenants<_>| {
        tenants.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap()
    };
    assert_eq!(spent(&there), 5);
    there.follow().unwrap();
    here.handle(org(1), remove(2), &system()).unwrap();
    charge(&here, 2, 5).unwrap();
    let head = here.directory().version(org(1)).unwrap();
    here.compact(org(1), head).unwrap();
    here.compact_ledger(org(1), Version::from_u64(u64::MAX)).unwrap();
    there.follow().unwrap();
    assert!(!may(&there, 1, 2).unwrap());
    assert_eq!(spent(&there), 10);
    there.handle(org(1), rename("Goes on"), &by(1)).unwrap();
    charge(&there, 3, 5).unwrap();
    here.follow().unwrap();
    assert_eq!(spent(&here), 15);
}

/// Whoever shows a secret or an address stands before what waits for it, and before nothing that is over.
#[test]
fn doors_are_found_by_secret_and_address() {
    use bailiwick::change::{CreateService, EndService, Invite, Resend, Revoke, RotateSecret};
    use bailiwick::reach::Paging;
    use bailiwick::{Address, InvitationId, SecretHash, ServiceId, Span};

    // Whoever may edit the settings may make keys.
    let settings = r#"key = "organization.settings.view", scope = "organization""#;
    let guarding = format!(r#"{settings}, guards = ["create_service", "manage_services"]"#);
    let text = bailiwick::presets::CLOUD.replacen(settings, &guarding, 1);
    let tenants = Tenants::in_memory(toml::from_str(&text).unwrap());
    let (invitation, service) = (InvitationId::from_u64(1).unwrap(), ServiceId::from_u64(1).unwrap());
    let hash = |n: u8| SecretHash::from_bytes([n; 32]);
    let bob = Address::new("Bob@Acme.Example").unwrap();
    for n in 1..=5 {
        tenants.create(org(n), create(n), &by(1)).unwrap();
        let invite = Invite::to(invitation, bob.clone(), hash(n as u8)).role("viewer");
        tenants.handle(org(n), invite, &by(1)).unwrap();
    }
    let page = |now, after: Option<OrgId>| {
        let first = Paging::first(2);
        let mut found = Vec::new();
        let mut next = Some(first);
        while let Some(paging) = next {
            let page = tenants.invitations_to(&Address::new("bob@acme.example").unwrap(), now, paging).unwrap();
            next = page.next.map(|cursor| Paging::after(cursor, 2));
            found.extend(page.items.into_iter().map(|(organization, _)| organization));
        }
        found.into_iter().filter(|organization| after.is_none_or(|after| *organization > after)).collect::<Vec<_>>()
    };
    assert_eq!(page(NOW.now, None), (1..=5).map(org).collect::<Vec<_>>());
    assert_eq!(tenants.invitation_by(hash(3), NOW.now).unwrap(), Some((org(3), invitation)));
    assert_eq!(tenants.invitation_by(hash(9), NOW.now).unwrap(), None);
    tenants.handle(org(2), Revoke { invitation }, &by(1)).unwrap();
    tenants.handle(org(3), Resend { invitation, secret: Some(hash(33)) }, &by(1)).unwrap();
    assert_eq!(page(NOW.now, None), [1, 3, 4, 5].map(org));
    assert_eq!(tenants.invitation_by(hash(2), NOW.now).unwrap(), None);
    assert_eq!(tenants.invitation_by(hash(3), NOW.now).unwrap(), None);
    assert_eq!(tenants.invitation_by(hash(33), NOW.now).unwrap(), Some((org(3), invitation)));
    let late = NOW.now.plus(Span::days(400));
    assert_eq!(tenants.invitation_by(hash(1), late).unwrap(), None);
    assert!(page(late, None).is_empty());

    let create = CreateService {
        service,
        name: Name::new("Robot").unwrap(),
        permissions: vec!["operation.run".into()],
        workspaces: vec![],
        until: Some(NOW.now.plus(Span::days(9))),
        secret: hash(50),
    };
    tenants.handle(org(1), create, &by(1)).unwrap();
    assert_eq!(tenants.service_by(hash(50), NOW.now).unwrap(), Some((org(1), service)));
    assert_eq!(tenants.service_by(hash(50), late).unwrap(), None);
    tenants.handle(org(1), RotateSecret { service, secret: hash(51) }, &by(1)).unwrap();
    assert_eq!(tenants.service_by(hash(50), NOW.now).unwrap(), None);
    assert_eq!(tenants.service_by(hash(51), NOW.now).unwrap(), Some((org(1), service)));
    tenants.handle(org(1), EndService { service }, &by(1)).unwrap();
    assert_eq!(tenants.service_by(hash(51), NOW.now).unwrap(), None);
}
