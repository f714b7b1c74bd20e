//! How long does somebody keep access elsewhere who was removed here? From the acknowledgement until `check` in another process denies.
//!
//! The other processes are this program, started again: each has a store of its own, follows it, and asks. One follows each
//! [`INTERVAL`], one listens to somebody who looks each [`LOOK`], and one is written by hand and asks the table of people each [`INTERVAL`].

use std::env;
use std::io::{BufRead, BufReader, Read, stdin};
use std::process::{self, Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use bailiwick::access::{Decision, Target};
use bailiwick::change::{Content, Remove};
use bailiwick::store::postgres::NoTls;
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::store::{AsyncStore, Direct};
use bailiwick::{Actor, AsyncTenants};
use tokio::time::{sleep, timeout};

use crate::Run;
use crate::hand::sqlite::open;
use crate::place::{self, Folder, Server};
use crate::world::{self, NOW};

/// The first argument of a process that follows.
pub const FOLLOWER: &str = "--follower";

const INTERVAL: Duration = Duration::from_millis(100);
const LOOK: Duration = Duration::from_millis(10);

/// What one of the others has seen of all revocations.
#[derive(Clone, Debug)]
pub struct Seen {
    pub store: &'static str,
    pub how: &'static str,
    pub times: Vec<Duration>,
}

impl Seen {
    pub fn median(&self) -> Duration {
        let mut times = self.times.clone();
        times.sort_unstable();
        times[times.len() / 2]
    }

    pub fn worst(&self) -> Duration {
        self.times.iter().max().copied().unwrap()
    }
}

pub fn all(run: &mut Run) {
    if run.wants("SQLite", "revocation") {
        sqlite(run);
    }
    if run.wants("PostgreSQL", "revocation") {
        if let Some(server) = run.server() {
            postgres(run, &server);
        }
    }
}

fn sqlite(run: &mut Run) {
    let folder = Folder::new();
    let path = folder.file("revoke.db");
    let store = Direct(Arc::new(SqliteStore::open(&path).unwrap()));
    let tenants = AsyncTenants::new(world::catalog(), store);
    let people = run.effort.of(40, 3);
    let runtime = Arc::clone(&run.runtime);
    runtime.block_on(world::found(&tenants, world::org(0), people + 1, "admin"));
    let kinds = [("followed each 100 ms", "sqlite-follow"), ("asked for by hand each 100 ms", "sqlite-hand")];
    let address = path.to_str().unwrap();
    for seen in runtime.block_on(revoke("SQLite", &tenants, people, &kinds, address)) {
        run.note_seen(seen);
    }
}

fn postgres(run: &mut Run, server: &Server) {
    let (runtime, people) = (Arc::clone(&run.runtime), run.effort.of(40, 3));
    let seen = runtime.block_on(async {
        server.create("revoke", "template1").await;
        let address = server.address("revoke");
        let tenants = AsyncTenants::new(world::catalog(), Arc::new(place::connect(&address, 4)));
        tenants.store().migrate().await.unwrap();
        world::found(&tenants, world::org(0), people + 1, "admin").await;
        let announcing = tokio::spawn(announce(address.clone()));
        let kinds = [
            ("followed each 100 ms", "postgres-follow"),
            ("asked for by hand each 100 ms", "postgres-hand"),
            ("announced by somebody who looks each 10 ms", "postgres-listen"),
        ];
        let seen = revoke("PostgreSQL", &tenants, people, &kinds, &address).await;
        announcing.abort();
        seen
    });
    for seen in seen {
        run.note_seen(seen);
    }
}

async fn announce(address: String) {
    let store = place::connect(&address, 2);
    let mut cursor = None;
    loop {
        cursor = store.announce(cursor).await.ok().or(cursor);
        sleep(LOOK).await;
    }
}

/// Removes one after the other, and waits until every process has said so.
async fn revoke<S: AsyncStore>(
    store: &'static str,
    tenants: &AsyncTenants<S>,
    people: u64,
    kinds: &[(&'static str, &str)],
    address: &str,
) -> Vec<Seen> {
    let (said, heard) = mpsc::channel();
    let followers: Vec<Follower> = kinds
        .iter()
        .enumerate()
        .map(|(at, (_, kind))| Follower::start(kind, address, people, at, said.clone()))
        .collect();
    let mut seen: Vec<Seen> = kinds.iter().map(|(how, _)| Seen { store, how, times: Vec::new() }).collect();
    let everybody = |number: u64| {
        let mut all: Vec<(usize, Instant)> = Vec::new();
        for _ in kinds {
            let (at, who, when) = heard.recv_timeout(Duration::from_secs(30)).unwrap();
            assert_eq!(who, number);
            all.push((at, when));
        }
        all
    };
    everybody(0); // all of them follow
    for number in 1..=people {
        // At any moment of an interval: multiples of the golden ratio fall everywhere alike.
        sleep(INTERVAL.mul_f64((number as f64 * 0.618_034).fract())).await;
        let remove = Remove { user: world::user(number), content: Some(Content::Stays) };
        tenants.handle(world::org(0), remove, &world::owner()).await.unwrap();
        let acknowledged = Instant::now();
        for (at, when) in everybody(number) {
            seen[at].times.push(when.saturating_duration_since(acknowledged));
        }
    }
    drop(followers);
    seen
}

/// Another process; ended when it is dropped, and by itself when this one is no more.
struct Follower(Child);

impl Follower {
    /// Starts it. It says who was revoked, and zero when it is there.
    fn start(kind: &str, address: &str, people: u64, at: usize, said: mpsc::Sender<(usize, u64, Instant)>) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args([FOLLOWER, kind, address, &people.to_string()]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                let _ = said.send((at, line.parse().unwrap(), Instant::now()));
            }
        });
        Self(child)
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

/// What the other process does.
pub fn follower(kind: &str, address: &str, people: u64) {
    thread::spawn(|| {
        let _ = stdin().read_to_end(&mut Vec::new()); // until nobody is there any more
        process::exit(0);
    });
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match kind {
            "sqlite-follow" => follow(Direct(Arc::new(SqliteStore::open(address).unwrap())), people).await,
            "sqlite-hand" => ask_sqlite(address, people).await,
            "postgres-follow" => follow(Arc::new(place::connect(address, 2)), people).await,
            "postgres-listen" => listen(address, people).await,
            "postgres-hand" => ask_postgres(address, people).await,
            other => panic!("`{other}` is no way to follow"),
        }
    });
}

async fn follow(store: impl AsyncStore, people: u64) {
    let tenants = AsyncTenants::new(world::catalog(), store);
    let mut said = Said::new(people);
    while !said.is_all() {
        tenants.follow().await.unwrap();
        said.check(&tenants).await;
        sleep(INTERVAL).await;
    }
}

async fn listen(address: &str, people: u64) {
    let tenants = AsyncTenants::new(world::catalog(), Arc::new(place::connect(address, 3)));
    let mut listener = tenants.store().listen().unwrap();
    let mut said = Said::new(people);
    while !said.is_all() {
        let _ = timeout(Duration::from_secs(1), listener.news()).await;
        tenants.follow().await.unwrap();
        said.check(&tenants).await;
    }
}

async fn ask_sqlite(address: &str, people: u64) {
    let connection = open(address.as_ref());
    let sql = "SELECT count(*) FROM person WHERE organization_id = ?1 AND user_id = ?2";
    let mut said = Said::new(people);
    while !said.is_all() {
        while !said.is_all() {
            let ids = [world::org(0).to_string(), world::user(said.next).to_string()];
            let there: i64 = connection.prepare_cached(sql).unwrap().query_row(ids, |row| row.get(0)).unwrap();
            if !said.note(there == 0) {
                break;
            }
        }
        sleep(INTERVAL).await;
    }
}

async fn ask_postgres(address: &str, people: u64) {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    let sql =
        "select count(*) from bailiwick.person where organization_id = $1::text::uuid and user_id = $2::text::uuid";
    let statement = client.prepare(sql).await.unwrap();
    let mut said = Said::new(people);
    while !said.is_all() {
        while !said.is_all() {
            let [organization, user] = [world::org(0).to_string(), world::user(said.next).to_string()];
            let row = client.query_one(&statement, &[&organization, &user]).await.unwrap();
            if !said.note(row.get::<_, i64>(0) == 0) {
                break;
            }
        }
        sleep(INTERVAL).await;
    }
}

/// Who was seen to be revoked: each is said once, in order, on a line of its own.
struct Said {
    next: u64,
    people: u64,
    is_there: bool,
}

impl Said {
    fn new(people: u64) -> Self {
        Self { next: 1, people, is_there: false }
    }

    fn is_all(&self) -> bool {
        self.next > self.people
    }

    async fn check<S: AsyncStore>(&mut self, tenants: &AsyncTenants<S>) {
        let see = tenants.catalog().permission("member.invite").unwrap();
        while !self.is_all() {
            let who = Actor::User(world::user(self.next));
            let decision = tenants.check(world::org(0), who, see, Target::Organization, &NOW).await.unwrap();
            if !self.note(decision != Decision::Allow) {
                break;
            }
        }
    }

    /// Says that the next one is revoked, if so.
    fn note(&mut self, is_revoked: bool) -> bool {
        if !self.is_there {
            assert!(!is_revoked, "nobody was revoked yet");
            self.is_there = true;
            println!("0");
        }
        if is_revoked {
            println!("{}", self.next);
            self.next += 1;
        }
        is_revoked
    }
}
