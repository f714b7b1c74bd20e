//! The facade over a file: two processes, a new one, many threads.

use std::sync::Arc;
use std::thread;

use bailiwick::access::{Decision, Resource, Target};
use bailiwick::change::{ChangeRoles, CreateOrganization, Remove};
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::store::sqlite::{Options, SqliteStore, Synchronous};
use bailiwick::store::{Key, Store, Stream};
use bailiwick::{
    Actor, LinkId, Name, OrgId, ResourceId, Seats, SecretHash, ShareId, Tenants, UserId, Version, WorkspaceId,
};

use super::*;

fn may(tenants: &Tenants<impl Store>, id: u64, n: u64) -> bool {
    let run = tenants.catalog().permission("operation.run").unwrap();
    tenants.check(org(id), Actor::User(user(n)), run, Target::Organization, &NOW).unwrap() == Decision::Allow
}

#[test]
fn two_processes_share_a_file() {
    let folder = Folder::new();
    let (first, second) = (folder.tenants(), folder.tenants());
    first.create(org(1), named("Acme"), &by(1)).unwrap();
    assert!(may(&second, 1, 1));
    second.follow().unwrap();
    let (invite, accept) = invite(2, "admin");
    first.handle(org(1), invite, &by(1)).unwrap();
    second.handle(org(1), accept, &by(2)).unwrap();
    assert!(may(&second, 1, 2));
    assert!(!may(&first, 1, 2), "it has not heard of it yet");
    assert!(first.follow().unwrap() > 0);
    assert!(may(&first, 1, 2));

    buy(&first, 1, 1, 500);
    for n in 0..10 {
        let tenants = if n % 2 == 0 { &first } else { &second };
        charge(tenants, 1, 10 + n, 7).unwrap();
        charge(tenants, 1, 10 + n, 7).unwrap(); // once
    }
    let spent = |tenants: &Tenants<Arc<SqliteStore>>| {
        tenants.follow().unwrap();
        tenants.read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap()
    };
    assert_eq!((spent(&first), spent(&second)), (70, 70));

    first.handle(org(1), Remove { user: user(2), content: None }, &by(1)).unwrap();
    second.follow().unwrap();
    assert!(!may(&second, 1, 2));
    first.store().erase(org(1)).unwrap();
    second.follow().unwrap();
    assert_eq!(second.read(org(1), |_| ()).unwrap(), None);
}

#[test]
fn a_new_process_goes_on_where_the_last_one_was() {
    let folder = Folder::new();
    let tenants = folder.tenants();
    team(&tenants, 1, 10);
    buy(&tenants, 1, 1, 500);
    let context = by(1).as_command(command(77));
    let outcome = tenants.handle(org(1), ChangeRoles { user: user(2), roles: vec!["owner".into()] }, &context).unwrap();
    let (journal, entries) = (tenants.journal(org(1)).unwrap(), tenants.entries(org(1), Version::ZERO).unwrap());
    let heads = [Stream::Organization, Stream::Ledger].map(|stream| tenants.store().head(org(1), stream).unwrap());
    tenants.keep_snapshot(org(1)).unwrap();
    tenants.keep_ledger_snapshot(org(1)).unwrap();
    drop(tenants);

    let tenants = folder.tenants();
    assert_eq!(tenants.journal(org(1)).unwrap(), journal);
    assert_eq!(tenants.entries(org(1), Version::ZERO).unwrap(), entries);
    assert!(may(&tenants, 1, 2));
    let again = tenants.handle(org(1), ChangeRoles { user: user(2), roles: vec!["owner".into()] }, &context).unwrap();
    assert_eq!(again, outcome);
    assert_eq!(heads[0], tenants.store().head(org(1), Stream::Organization).unwrap());
    assert_eq!(heads[1], tenants.store().head(org(1), Stream::Ledger).unwrap());

    // Most of it is forgotten, through the middle of appends too, and what is left goes on.
    let version = tenants.refresh(org(1)).unwrap().unwrap();
    for up_to in [2, 5, version.as_u64() - 1] {
        tenants.compact(org(1), Version::from_u64(up_to)).unwrap();
        assert_eq!(tenants.journal(org(1)).unwrap().first().unwrap().version.as_u64(), up_to + 1);
        assert_eq!(tenants.store().verify(None).unwrap(), []);
    }
    tenants.compact(org(1), Version::from_u64(u64::MAX)).unwrap();
    let ledger = entries.last().unwrap().version;
    tenants.compact_ledger(org(1), ledger).unwrap();
    let tenants = folder.tenants();
    assert!(may(&tenants, 1, 2));
    charge(&tenants, 1, 5, 5).unwrap();
    tenants.handle(org(1), add(30), &system()).unwrap();
    assert_eq!(tenants.journal(org(1)).unwrap().first().unwrap().version, version, "the last one stays");
    assert_eq!(tenants.store().verify(None).unwrap(), []);
}

#[test]
fn links_are_followed_as_often_as_they_may_be() {
    let folder = Folder::new();
    let process = || Tenants::new(Arc::new(catalog("production")), folder.store());
    let (first, second) = (process(), process());
    let (name, plan, workspace) = (Name::new("Crew").unwrap(), "studio".into(), WorkspaceId::from_u64(1).unwrap());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace };
    first.create(org(1), create, &by(1)).unwrap();
    let secret = SecretHash::from_bytes([7; 32]);
    let pilot = ResourceId::from_u64(1).unwrap();
    let on = Resource { id: pilot, containers: &[], workspace: None, personal_owner: None, shares: &[] };
    let to = Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret, uses: Some(10) };
    let share = ShareId::from_u64(1).unwrap();
    let give = GiveShare { share, to, level: vec!["script.view".into()], until: None };
    first.share(org(1), &on, give, &by(1)).unwrap();
    let followed: usize = thread::scope(|scope| {
        let threads = [&first, &second]
            .map(|tenants| scope.spawn(|| (0..10).filter(|_| tenants.follow_link(secret, &NOW).is_ok()).count()));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(followed, 10);
    assert_eq!(first.sheet(org(1), pilot).unwrap(), second.sheet(org(1), pilot).unwrap());
    assert_eq!(first.store().resources(org(1), None, 9).unwrap(), [pilot]);
}

/// Appends of many threads go to the disk together, and each is judged on those before it.
#[test]
fn many_threads_and_processes_write_at_once() {
    let folder = Folder::new();
    let options = Options { synchronous: Synchronous::Normal, readers: 2, ..Options::default() };
    let process = || {
        let store = SqliteStore::open_with(folder.file(), &options).unwrap();
        Tenants::new(cloud(), Arc::new(store))
    };
    let processes = [process(), process()];
    team(&processes[0], 1, 0);
    buy(&processes[0], 1, 1, 100_000);
    thread::scope(|scope| {
        for (tenants, thread) in processes.iter().zip([0, 1]).cycle().take(8).zip(0..).map(|((t, _), n)| (t, n)) {
            scope.spawn(move || {
                for n in 0..20 {
                    let n = 100 + thread * 20 + n;
                    tenants.create(org(n), named("Acme"), &by(n)).unwrap();
                    if n % 2 == 0 {
                        charge(tenants, 1, n, 1).unwrap();
                    }
                    // All want the same name among their own, and the same claim: of each user one personal organization.
                    let id = OrgId::from_u64(10_000 + n).unwrap();
                    let sign_up = bailiwick::change::SignUp {
                        name: Name::new("Ada").unwrap(),
                        workspace: WorkspaceId::from_u64(n).unwrap(),
                    };
                    tenants.sign_up(id, sign_up, &by(1_000 + n % 20)).unwrap();
                }
            });
        }
    });
    let store = processes[0].store();
    let personal = |n: u64| {
        let personal = bailiwick::store::Claim::PersonalOf(UserId::from_u64(1_000 + n).unwrap());
        store.find(&Key::Claim(personal), None, None, 9).unwrap().len()
    };
    assert!((0..20).all(|n| personal(n) == 1));
    assert_eq!(store.organizations(None, usize::MAX).unwrap().len(), 1 + 160 + 20);
    assert_eq!(store.verify(None).unwrap(), []);
    processes[0].follow().unwrap();
    let spent = processes[0].read_ledger(org(1), NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap();
    assert_eq!(spent, 80);
    super::rows::assert_rows_are_those_of_the_records(&**store, processes[0].catalog());
}
