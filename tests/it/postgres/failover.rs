//! Failover: a primary is killed under load and its standby takes over. With a synchronous standby nothing that was acknowledged is lost
//! and nothing is carried out twice; with an asynchronous one something has to be lost, or this test could not tell.
//!
//! Runs where `BAILIWICK_FAILOVER` is `1` or `CI` is `true`, for it takes half a minute.

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::time::Instant;

use bailiwick::Version;
use bailiwick::change::Describe;
use bailiwick::store::AsyncStore;
use tokio::task::JoinSet;

use super::cluster::{Node, programs};
use super::doubt::Counting;
use super::*;

const ORGANIZATIONS: u64 = 4;

/// A primary and the standby that follows it.
struct Pair {
    primary: Node,
    standby: Node,
}

impl Pair {
    async fn make(is_synchronous: bool) -> Option<Self> {
        let programs = programs()?;
        let primary = Node::make(&programs, "primary", "-k");
        let quick = ["wal_retrieve_retry_interval=200ms", "max_connections=100"]; // or the promotion waits for five seconds
        primary.start(&quick);
        let standby = Node::at(&programs, "standby");
        let source = format!("postgresql://postgres@127.0.0.1:{}/?application_name=s1", primary.port);
        standby.run("pg_basebackup", &format!("-D data -R -X stream -c fast -d {source}"));
        standby.start(&quick);
        let pair = Self { primary, standby };
        let (hand, state) = (pair.by_hand(&pair.primary).await, if is_synchronous { "sync" } else { "async" });
        if is_synchronous {
            // On the primary alone: a promoted node that has it as well waits for nobody.
            hand.batch_execute("alter system set synchronous_standby_names = 's1'").await.unwrap();
            hand.batch_execute("select pg_reload_conf()").await.unwrap();
        }
        let follows = "select 1 from pg_stat_replication where state = 'streaming' and sync_state = $1";
        for _ in 0..500 {
            if !hand.query(follows, &[&state]).await.unwrap().is_empty() {
                return Some(pair);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the standby does not follow")
    }

    /// One address for both: whoever can be written to is it.
    fn address(&self) -> String {
        let (one, other) = (self.primary.port, self.standby.port);
        format!(
            "host=127.0.0.1,127.0.0.1 port={one},{other} user=postgres dbname=postgres \
             target_session_attrs=read-write connect_timeout=1"
        )
    }

    async fn by_hand(&self, node: &Node) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&node.address(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// Holds back what the primary sends, for so long, and kills it with every process that it has.
    fn kill_primary(&self, held_back: Duration) {
        let (server, mut senders, mut all) = (self.primary.pid(), Vec::new(), vec![self.primary.pid()]);
        for entry in std::fs::read_dir("/proc").unwrap().flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            let read = |file: &str| std::fs::read_to_string(entry.path().join(file)).unwrap_or_default();
            let is_child = read("status").lines().any(|line| line == format!("PPid:\t{server}"));
            if is_child {
                all.push(pid);
                if read("cmdline").contains("walsender") {
                    senders.push(pid);
                }
            }
        }
        if !held_back.is_zero() {
            signal("-STOP", &senders);
            std::thread::sleep(held_back);
        }
        signal("-KILL", &all);
    }
}

fn signal(signal: &str, processes: &[u32]) {
    let pids = processes.iter().map(u32::to_string);
    let _ = Command::new("kill").arg(signal).args(pids).stderr(std::process::Stdio::null()).status(); // some have gone already
}

/// What came of a run.
#[derive(Debug, Default)]
#[expect(dead_code, reason = "printed")]
struct Counts {
    acknowledged: usize,
    lost: usize,
    twice: usize,
    in_doubt: usize,
    outage: Duration,
}

/// Eight writers; the primary dies in the middle. Those of a synchronous pair go on until each operation is acknowledged; those of an
/// asynchronous one, who may have seen what is lost, stop.
async fn run(is_synchronous: bool, writers: u64, held_back: Duration) -> Option<Counts> {
    let pair = Pair::make(is_synchronous).await?;
    let options = Options { timeout: Duration::from_secs(1), ..Options::default() };
    let (unknown, retries) = (Arc::<AtomicUsize>::default(), Arc::<AtomicUsize>::default());
    let process = || {
        let behind = PostgresStore::connect(pair.address().parse().unwrap(), NoTls, 4, options.clone()).unwrap();
        AsyncTenants::new(cloud(), Counting { behind, unknown: Arc::clone(&unknown), retries: Arc::clone(&retries) })
    };
    let first = process();
    first.store().behind.migrate().await.unwrap();
    let mut before = BTreeMap::new();
    for id in 1..=ORGANIZATIONS {
        first.create(org(id), named("Acme", "team", 1_000), &by(1)).await.unwrap();
        let balance = first.read_ledger(org(id), NOW.now, |ledger| ledger.balance(NOW.now).spendable).await.unwrap();
        before.insert(id, balance);
    }
    let is_over = Arc::new(AtomicBool::new(false));
    let described = Arc::new(Mutex::new(Vec::new()));
    let charged = Arc::new(Mutex::new(Vec::new()));
    let last = Arc::new(Mutex::new((Instant::now(), Duration::ZERO)));
    let mut tasks = JoinSet::new();
    for writer in 0..writers {
        let (tenants, is_over, last) = (process(), Arc::clone(&is_over), Arc::clone(&last));
        let (described, charged) = (Arc::clone(&described), Arc::clone(&charged));
        tasks.spawn(async move {
            for n in 1.. {
                if is_over.load(Ordering::Relaxed) {
                    return;
                }
                let (operation, id) = (writer * 1_000_000 + n, 1 + n % ORGANIZATIONS);
                loop {
                    let is_kept = if n % 2 == 0 {
                        let describe = Describe { description: format!("{operation}") };
                        tenants.handle(org(id), describe, &once(operation, by(1))).await.map(drop)
                    } else {
                        let work = Work { workspace: Some(workspace(1)), ..Work::default() };
                        let (hold, amount) = (HoldId::from_u64(operation).unwrap(), Credits::new(1));
                        let request = |spender| Charge { hold, spender, amount };
                        let by = Actor::User(user(1));
                        tenants.spend(org(id), issue(operation), &work, by, &NOW, request).await.map(drop)
                    };
                    match is_kept {
                        Ok(()) => break,
                        Err(TenantsError::Store(_) | TenantsError::Contended) if is_synchronous => {
                            tokio::time::sleep(Duration::from_millis(5)).await;
                        }
                        Err(_) if is_over.load(Ordering::Relaxed) => return,
                        Err(TenantsError::Store(_) | TenantsError::Contended) => {}
                        Err(why) => panic!("{why:?}"),
                    }
                }
                let list = if n % 2 == 0 { &described } else { &charged };
                list.lock().unwrap().push((id, operation));
                let mut last = last.lock().unwrap();
                last.1 = last.1.max(last.0.elapsed());
                last.0 = Instant::now();
            }
        });
    }
    tokio::time::sleep(Duration::from_millis(2_000)).await;
    pair.kill_primary(held_back);
    if !is_synchronous {
        is_over.store(true, Ordering::Relaxed);
    }
    pair.by_hand(&pair.standby).await.execute("select pg_promote(true)", &[]).await.unwrap();
    if is_synchronous {
        tokio::time::sleep(Duration::from_millis(2_500)).await;
    }
    is_over.store(true, Ordering::Relaxed);
    while let Some(task) = tasks.join_next().await {
        task.unwrap();
    }

    let mut counts =
        Counts { in_doubt: unknown.load(Ordering::Relaxed), outage: last.lock().unwrap().1, ..Counts::default() };
    let (described, charged) = (described.lock().unwrap().clone(), charged.lock().unwrap().clone());
    counts.acknowledged = described.len() + charged.len();
    let anew = process();
    for (id, balance) in before {
        let records = anew.store().records(org(id), Version::ZERO, 1_000_000).await.unwrap();
        let mut seen: BTreeMap<CommandId, usize> = BTreeMap::new();
        records.iter().filter_map(|record| record.command).for_each(|id| *seen.entry(id).or_default() += 1);
        counts.twice += seen.values().filter(|times| **times > 1).count();
        let here = |(at, operation): &&(u64, u64)| *at == id && CommandId::from_u64(*operation).is_some();
        let is_lost = |(_, operation): &&(u64, u64)| !seen.contains_key(&CommandId::from_u64(*operation).unwrap());
        counts.lost += described.iter().filter(here).filter(is_lost).count();
        let version = anew.read(org(id), |o| o.version()).await.unwrap().unwrap();
        assert_eq!(version.as_u64(), records.len() as u64, "each record makes a version");
        let now = anew.read_ledger(org(id), NOW.now, |ledger| ledger.balance(NOW.now).spendable).await.unwrap();
        let spent = usize::try_from(balance - now).unwrap();
        let acknowledged = charged.iter().filter(here).count();
        counts.lost += acknowledged.saturating_sub(spent);
        if is_synchronous {
            counts.twice += spent.saturating_sub(acknowledged);
        }
    }
    Some(counts)
}

#[test]
fn nothing_acknowledged_is_lost_with_a_machine() {
    let is = |name: &str, value: &str| std::env::var(name).as_deref() == Ok(value);
    if !is("BAILIWICK_FAILOVER", "1") && !is("CI", "true") {
        println!("BAILIWICK_FAILOVER=1 runs it");
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    assert!(programs().is_some() || !is("CI", "true"), "a pair of servers needs the programs of PostgreSQL");
    let (none, while_) = (Duration::ZERO, Duration::from_millis(150));
    for held_back in [none, none, while_] {
        let Some(counts) = runtime.block_on(run(true, 8, held_back)) else { return };
        println!("synchronous, held back {held_back:?}: {counts:?}");
        assert!(counts.acknowledged > 100, "{counts:?}");
        assert_eq!((counts.lost, counts.twice), (0, 0), "{counts:?}");
    }
    // The same without the standby's word: it has to lose some, at the latest where what is sent is held back.
    for (writers, held_back) in [(8, none), (16, none), (32, none), (32, while_)] {
        let Some(counts) = runtime.block_on(run(false, writers, held_back)) else { return };
        println!("asynchronous, {writers} writers, held back {held_back:?}: {counts:?}");
        assert_eq!(counts.twice, 0, "{counts:?}");
        if counts.lost > 0 {
            return;
        }
    }
    panic!("an asynchronous pair that loses nothing: whether anything would be noticed is not known");
}
