//! What does it cost to begin? A cold process asks about an organization of 20, 1,000 and 100,000 members: from its records, and from a snapshot.
//!
//! The store is open and the disk warm: what is timed is reading, decoding, applying and compiling until the first answer. The floor reads the
//! same texts in the same pages into memory, and nothing else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bailiwick::access::{Decision, Target};
use bailiwick::limits::LOADED_TOGETHER_MAX;
use bailiwick::store::sqlite::{Options, SqliteStore, Synchronous};
use bailiwick::store::{AsyncStore, Direct};
use bailiwick::{AsyncTenants, Version};
use rusqlite::{Connection, OptionalExtension, params};
use tokio_postgres::{Client, NoTls, Statement};

use crate::Run;
use crate::cell::Measured;
use crate::effort::Effort;
use crate::hand::postgres::Bits;
use crate::hand::sqlite::open;
use crate::place::{self, Folder, Server};
use crate::world::{self, NOW};

const PAGE: i64 = LOADED_TOGETHER_MAX as i64;

pub fn all(run: &mut Run) {
    if run.wants("SQLite", "loaded") {
        sqlite(run);
    }
    if run.wants("PostgreSQL", "loaded") {
        if let Some(server) = run.server() {
            postgres(run, &server);
        }
    }
}

fn sizes(effort: Effort) -> &'static [u64] {
    match effort {
        Effort::Full => &[20, 1_000, 100_000],
        Effort::Smoke => &[20, 200],
    }
}

fn sqlite(run: &mut Run) {
    let (folder, runtime) = (Folder::new(), Arc::clone(&run.runtime));
    let path = folder.file("load.db");
    let hasty = Options { synchronous: Synchronous::Normal, ..Options::default() };
    let file = Arc::new(SqliteStore::open_with(&path, &hasty).unwrap());
    let store = || Direct(Arc::clone(&file));
    let tenants = AsyncTenants::new(world::catalog(), store());
    let connection = open(&path);
    for (organization, people) in sizes(run.effort).iter().enumerate() {
        let organization = organization as u64;
        runtime.block_on(world::found(&tenants, world::org(organization), *people, "viewer"));
        for from in ["its records", "a snapshot"] {
            if from == "a snapshot" {
                runtime.block_on(tenants.keep_snapshot(world::org(organization))).unwrap();
            }
            let bytes = read_sqlite(&connection, organization);
            let cell = measured("SQLite", *people, from).beside(
                run.effort,
                |each| runtime.block_on(load(&store, organization, *people, each)),
                |each| timed(each, || assert_eq!(read_sqlite(&connection, organization), bytes)),
            );
            run.note(cell);
        }
    }
}

fn postgres(run: &mut Run, server: &Server) {
    let runtime = Arc::clone(&run.runtime);
    runtime.block_on(server.create("load", "template1"));
    let filling = AsyncTenants::new(world::catalog(), Arc::new(place::connect(&server.hasty_address("load"), 2)));
    runtime.block_on(filling.store().migrate()).unwrap();
    let connected = Arc::new(place::connect(&server.address("load"), 4));
    let store = || Arc::clone(&connected);
    let client = runtime.block_on(by_hand(&server.address("load")));
    for (organization, people) in sizes(run.effort).iter().enumerate() {
        let organization = organization as u64;
        runtime.block_on(world::found(&filling, world::org(organization), *people, "viewer"));
        runtime.block_on(client.client.batch_execute("vacuum analyze")).unwrap();
        for from in ["its records", "a snapshot"] {
            if from == "a snapshot" {
                runtime.block_on(filling.keep_snapshot(world::org(organization))).unwrap();
            }
            let bytes = runtime.block_on(read_postgres(&client, organization));
            let cell = measured("PostgreSQL", *people, from).beside(
                run.effort,
                |each| runtime.block_on(load(&store, organization, *people, each)),
                |each| timed(each, || assert_eq!(runtime.block_on(read_postgres(&client, organization)), bytes)),
            );
            run.note(cell);
        }
    }
}

fn measured(store: &'static str, people: u64, from: &str) -> Measured {
    let what = format!("{} loaded from {from}", crate::table::grouped(people));
    Measured { what, store, clients: 1, organizations: 1 }
}

fn timed(each: u64, mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..each).for_each(|_| work());
    begun.elapsed()
}

/// So often by a process that knows nothing, until it has answered one question.
async fn load<S: AsyncStore>(store: &impl Fn() -> S, organization: u64, people: u64, each: u64) -> Duration {
    let mut took = Duration::ZERO;
    for _ in 0..each {
        let tenants = AsyncTenants::new(world::catalog(), store());
        let (id, invite) = (world::org(organization), tenants.catalog().permission("member.invite").unwrap());
        let begun = Instant::now();
        let decision = tenants.check(id, world::owner().actor, invite, Target::Organization, &NOW).await.unwrap();
        took += begun.elapsed();
        assert_eq!(decision, Decision::Allow);
        assert_eq!(tenants.directory().version(id), Some(Version::from_u64(people + 1)));
    }
    took
}

/// Reads the snapshot, if there is one, and every record after it, and says how many bytes they are.
fn read_sqlite(connection: &Connection, organization: u64) -> usize {
    let id = world::org(organization).to_uuid_bytes();
    let sql = "SELECT version, format, body, digest FROM snapshot WHERE organization = ?1 AND kind = 0";
    let to_text = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(2)?));
    let snapshot = connection.prepare_cached(sql).unwrap().query_row([id], to_text).optional().unwrap();
    let (mut last, mut texts) = snapshot.map_or((0, Vec::new()), |(version, text)| (version, vec![text]));
    loop {
        let sql = "SELECT version, format, body, ifnull(redacted, digest) FROM record
                   WHERE organization = ?1 AND kind = 0 AND resource = x'' AND version > ?2 ORDER BY version LIMIT ?3";
        let mut page = connection.prepare_cached(sql).unwrap();
        let page = page.query_map(params![id, last, PAGE], to_text).unwrap();
        let before = texts.len();
        for line in page {
            let (version, text) = line.unwrap();
            last = version;
            texts.push(text);
        }
        if texts.len() - before < PAGE as usize {
            return texts.iter().map(String::len).sum();
        }
    }
}

/// The same in the same round trips: the first page comes with the snapshot.
async fn read_postgres(client: &Statements, organization: u64) -> usize {
    let (id, mut last) = (Bits(world::org(organization).as_u128()), 0_i64);
    let mut texts: Vec<String> = Vec::new();
    loop {
        let page = match texts.len() {
            0 => client.client.query(&client.first, &[&id, &PAGE]).await.unwrap(),
            _ => client.client.query(&client.next, &[&id, &last, &PAGE]).await.unwrap(),
        };
        last = page.last().map_or(last, |row| row.get(0));
        texts.extend(page.iter().map(|row| row.get::<_, String>(2)));
        if (page.len() as i64) < PAGE {
            return texts.iter().map(String::len).sum();
        }
    }
}

struct Statements {
    client: Client,
    first: Statement,
    next: Statement,
}

const FIRST: &str = "
    with beginning as (select version, format, body from bailiwick.snapshot where organization = $1 and kind = 0)
    select version, format, body, 0 as part from beginning
    union all (
        select version, format, body, 1 from bailiwick.record
        where organization = $1 and kind = 0 and resource = '00000000-0000-0000-0000-000000000000'
            and version > coalesce((select version from beginning), 0) order by version limit $2)
    order by part, version";

const NEXT: &str = "
    select version, format, body from bailiwick.record
    where organization = $1 and kind = 0 and resource = '00000000-0000-0000-0000-000000000000' and version > $2
    order by version limit $3";

async fn by_hand(address: &str) -> Statements {
    let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
    tokio::spawn(connection);
    let (first, next) = (client.prepare(FIRST).await.unwrap(), client.prepare(NEXT).await.unwrap());
    Statements { client, first, next }
}
