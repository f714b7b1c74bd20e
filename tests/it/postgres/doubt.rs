//! Doubt: lost connections, late answers, servers that stop waiting. Whatever is in doubt is carried out once.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize};

use bailiwick::change::Record;
use bailiwick::store::postgres::{Late, Warned};
use bailiwick::store::{Append, Appended, AsyncFront, AsyncStore, Batch, Keys, StoreError};
use bailiwick::{Version, rows::RowChanges};
use tokio::task::JoinSet;

use super::*;

/// Counts what was said of appends.
#[derive(Debug)]
pub(super) struct Counting {
    pub(super) behind: PostgresStore,
    pub(super) unknown: Arc<AtomicUsize>,
    pub(super) retries: Arc<AtomicUsize>,
}

impl AsyncFront for Counting {
    type Behind = PostgresStore;

    fn behind(&self) -> &PostgresStore {
        &self.behind
    }

    async fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        let answer = AsyncStore::append(&self.behind, append).await;
        match &answer {
            Err(StoreError::Unknown(_)) => self.unknown.fetch_add(1, Ordering::Relaxed),
            Err(StoreError::Retry(_)) => self.retries.fetch_add(1, Ordering::Relaxed),
            Err(why) => panic!("{why:?}"),
            Ok(_) => 0,
        };
        answer
    }
}

/// Backends are killed all the time while members join and credits are charged; every operation is tried until it is acknowledged.
#[test]
fn an_operation_is_carried_out_once_however_often_its_answer_is_lost() {
    everywhere(|world| async move {
        let (unknown, retries) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
        let process = || {
            let behind = world.store_with(world.options.clone());
            let (unknown, retries) = (Arc::clone(&unknown), Arc::clone(&retries));
            AsyncTenants::new(cloud(), Counting { behind, unknown, retries })
        };
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 900), &by(1)).await.unwrap();
        let before = spendable(&tenants, 1).await;
        let is_over = Arc::new(AtomicBool::new(false));
        let (hand, over, schema) = (world.by_hand().await, Arc::clone(&is_over), world.options.schema.clone());
        let killer = tokio::spawn(async move {
            let kill = "select pg_terminate_backend(pid) from pg_stat_activity \
                        where state = 'active' and pid <> pg_backend_pid() and query like '%' || $1 || '%insert%'";
            while !over.load(Ordering::Relaxed) {
                let _ = hand.query(kill, &[&schema]).await;
                tokio::time::sleep(Duration::from_millis(4)).await;
            }
        });
        let charged = Arc::<AtomicU64>::default();
        let mut tasks = JoinSet::new();
        for writer in 0..4_u64 {
            let (tenants, charged, unknown) = (process(), Arc::clone(&charged), Arc::clone(&unknown));
            tasks.spawn(async move {
                // On a machine on which nobody is killed in the middle of it, more is charged until somebody is.
                for n in (0..10_000).take_while(|n| *n < 40 || unknown.load(Ordering::Relaxed) == 0) {
                    let id = 100_000 + writer * 10_000 + n;
                    if n < 40 {
                        while let Err(why) = tenants.handle(org(1), joins(id, "viewer"), &once(id, system())).await {
                            assert!(matches!(why, TenantsError::Store(_) | TenantsError::Contended), "{why:?}");
                        }
                    }
                    let work = Work { workspace: Some(workspace(1)), ..Work::default() };
                    let hold = HoldId::from_u64(id).unwrap();
                    let request = |spender| Charge { hold, spender, amount: Credits::new(1) };
                    while let Err(why) =
                        tenants.spend(org(1), issue(id), &work, Actor::User(user(1)), &NOW, request).await
                    {
                        assert!(matches!(why, TenantsError::Store(_) | TenantsError::Contended), "{why:?}");
                    }
                    charged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while let Some(task) = tasks.join_next().await {
            task.unwrap();
        }
        is_over.store(true, Ordering::Relaxed);
        killer.await.unwrap();
        let anew = world.tenants(&cloud());
        let (members, version) = anew.read(org(1), |o| (o.people().count(), o.version())).await.unwrap().unwrap();
        assert_eq!(members, 161, "160 and the owner");
        let records = anew.store().records(org(1), Version::ZERO, 9_999).await.unwrap();
        assert_eq!(records.len() as u64, version.as_u64());
        let mut ids: Vec<CommandId> = records.iter().filter_map(|record: &Record| record.command).collect();
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!((ids.len(), all), (160, 160), "each once");
        let charged = charged.load(Ordering::Relaxed);
        assert_eq!(spendable(&anew, 1).await, before - u128::from(charged));
        let (unknown, retries) = (unknown.load(Ordering::Relaxed), retries.load(Ordering::Relaxed));
        println!("{} operations, {unknown} answers in doubt, {retries} to be tried again", charged + 160);
        assert!(unknown > 0, "nothing was in doubt");
    });
}

#[test]
fn whoever_cannot_be_reached_has_carried_out_nothing() {
    somewhere(|world| async move {
        let nobody = "host=127.0.0.1 port=1 user=postgres dbname=postgres".parse().unwrap();
        let store = PostgresStore::connect(nobody, NoTls, 2, world.options.clone()).unwrap();
        assert!(matches!(store.load(org(1), 1).await, Err(StoreError::Retry(_))));
        let (keys, rows) = (Keys::default(), RowChanges::default());
        let batch = Batch::Organization(&[]);
        let append = Append { organization: org(1), expected: Version::ZERO, batch, keys: &keys, rows: &rows };
        assert!(matches!(store.append(&append).await, Err(StoreError::Retry(_))));

        let options = Options { timeout: Duration::from_millis(100), ..world.options.clone() };
        let busy = PostgresStore::connect(world.address.parse().unwrap(), NoTls, 1, options.clone()).unwrap();
        let _taken = busy.pool().get().await.unwrap();
        assert!(matches!(busy.append(&append).await, Err(StoreError::Retry(_))), "no connection was free");

        let elsewhere = Options { schema: "nowhere".into(), ..options };
        let lost = PostgresStore::connect(world.address.parse().unwrap(), NoTls, 1, elsewhere).unwrap();
        assert!(matches!(lost.append(&append).await, Err(StoreError::Fatal(_))), "no tables");
        let stranger = "host=127.0.0.1 user=postgres dbname=nothing";
        let address = world.address.replace("dbname=postgres", "dbname=nothing");
        let missing = PostgresStore::connect(address.parse().unwrap(), NoTls, 1, Options::default()).unwrap();
        assert!(matches!(missing.load(org(1), 1).await, Err(StoreError::Fatal(_))), "{stranger}");
    });
}

#[test]
fn outside_of_a_runtime_there_is_no_panic() {
    let store = PostgresStore::connect("host=nowhere".parse().unwrap(), NoTls, 2, Options::default()).unwrap();
    let mut future = std::pin::pin!(store.organizations(None, 1));
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(answer) = future.as_mut().poll(&mut context) else { panic!("nobody would wake it") };
    assert!(matches!(answer, Err(StoreError::Fatal(_))), "{answer:?}");
}

/// Somebody holds a lock for longer than is waited.
#[test]
fn a_late_answer_to_a_write_is_in_doubt_and_to_a_question_is_not() {
    somewhere(|world| async move {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 9), &by(1)).await.unwrap();
        let options = Options { timeout: Duration::from_millis(200), ..world.options.clone() };
        let hurried = AsyncTenants::new(cloud(), Arc::new(world.store_with(options)));
        hurried.refresh(org(1)).await.unwrap();
        let mut hand = world.by_hand().await;
        let lock = hand.transaction().await.unwrap();
        lock.execute(&world.named("select from @stream for update"), &[]).await.unwrap();
        let Err(TenantsError::Store(StoreError::Unknown(why))) =
            hurried.handle(org(1), joins(2, "viewer"), &once(5, system())).await
        else {
            panic!("it may come")
        };
        assert!(why.is::<Late>(), "{why:?}");
        lock.rollback().await.unwrap();
        let outcome = tenants.handle(org(1), joins(2, "viewer"), &once(5, system())).await.unwrap();
        let again = tenants.handle(org(1), joins(2, "viewer"), &once(5, system())).await.unwrap();
        assert_eq!(outcome.records, again.records);
        let lock = hand.transaction().await.unwrap();
        lock.batch_execute(&world.named("lock table @record in access exclusive mode")).await.unwrap();
        assert!(matches!(hurried.store().load(org(1), 1).await, Err(StoreError::Retry(_))));
    });
}

/// A commit that waits for a standby that is not there: late, then warned of by the server whose wait is cancelled. It is there in both
/// cases, on one machine.
#[test]
fn a_commit_that_is_on_one_machine_alone_is_in_doubt() {
    let Some(programs) = cluster::programs() else { return };
    let node = cluster::Node::make(&programs, "alone", "");
    node.start(&["fsync=off"]);
    let options = Options { timeout: Duration::from_millis(1_500), ..Options::default() };
    let world = World { options, address: node.address() };
    in_world(Some(world), |world| async move {
        let tenants = world.tenants(&cloud());
        tenants.create(org(1), named("Acme", "team", 9), &by(1)).await.unwrap();
        let hand = world.by_hand().await;
        hand.batch_execute("alter system set synchronous_standby_names = 'nobody'").await.unwrap();
        hand.batch_execute("select pg_reload_conf()").await.unwrap();
        tokio::time::sleep(Duration::from_millis(300)).await;
        let record = |n: u64| {
            let records = tenants.store().records(org(1), Version::ZERO, 9);
            async move {
                let mut record = records.await.unwrap().pop().unwrap();
                record.version = Version::from_u64(n);
                record
            }
        };
        let begun = tenants.store().records(org(1), Version::ZERO, 9).await.unwrap().len() as u64;
        let (keys, rows) = (Keys::default(), RowChanges::default());
        for (n, is_cancelled) in [(begun + 1, false), (begun + 2, true)] {
            let records = [record(n).await];
            let batch = Batch::Organization(&records);
            let expected = Version::from_u64(n - 1);
            let append = Append { organization: org(1), expected, batch, keys: &keys, rows: &rows };
            let store = tenants.store();
            let cancel = async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                let cancel = "select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'";
                if is_cancelled {
                    hand.execute(cancel, &[]).await.unwrap();
                }
            };
            let (answer, ()) = tokio::join!(store.append(&append), cancel);
            let Err(StoreError::Unknown(why)) = answer else { panic!("{answer:?}") };
            assert_eq!((why.is::<Late>(), why.is::<Warned>()), (!is_cancelled, is_cancelled), "{why:?}");
            // Nobody waits for the standby any more once the first one is cancelled too.
            hand.execute("select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'", &[])
                .await
                .unwrap();
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(store.records(org(1), expected, 9).await.unwrap().len(), 1, "it is there");
        }
    });
}
