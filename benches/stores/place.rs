//! Where the data lie while it is measured: on a disk, and gone afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process;

use bailiwick::store::postgres::{NoTls, Options, PostgresStore};
use tokio_postgres::error::SqlState;

#[path = "../../tests/it/postgres/cluster.rs"]
#[allow(dead_code, reason = "the tests have more use for it")]
mod cluster;

/// A folder of its own.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Self {
        let path = on_disk().join(format!("bailiwick-stores-{}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// The first place for temporary files that is none in memory.
fn on_disk() -> PathBuf {
    let build = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let places = [std::env::temp_dir(), "/var/tmp".into(), build];
    let found = places.into_iter().find(|place| place.is_dir() && !is_in_memory(place));
    found.expect("every place for temporary files is in memory, where nothing waits for a disk")
}

fn is_in_memory(place: &Path) -> bool {
    let place = place.canonicalize().unwrap();
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounted = mounts.lines().filter_map(|line| {
        let mut fields = line.split(' ').skip(1);
        Some((fields.next()?, fields.next()?))
    });
    let nearest = mounted.filter(|(at, _)| place.starts_with(at)).max_by_key(|(at, _)| at.len());
    nearest.is_some_and(|(_, kind)| matches!(kind, "tmpfs" | "ramfs"))
}

/// A server of its own, as durable as PostgreSQL is when nobody has set anything: another one's settings would be measured with it.
pub struct Server {
    node: cluster::Node,
}

impl Server {
    /// None where PostgreSQL is not installed; a failure where `CI` is `true`.
    pub fn start() -> Option<Self> {
        let Some(programs) = cluster::programs() else {
            let text = "no PostgreSQL: PG_BIN is not set, and `initdb` is nowhere";
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{text}");
            println!("!!! {text}: SQLITE ALONE IS MEASURED !!!\n");
            return None;
        };
        let node = cluster::Node::make_in(&on_disk(), &programs, "stores", "");
        node.start(&["fsync=on", "synchronous_commit=on", "full_page_writes=on", "max_connections=100"]);
        Some(Self { node })
    }

    pub fn address(&self, database: &str) -> String {
        format!("{} dbname={database}", self.node.address())
    }

    /// An address whose commits do not wait for the disk: to fill a database.
    pub fn hasty_address(&self, database: &str) -> String {
        format!("{} options='-c synchronous_commit=off'", self.address(database))
    }

    /// Makes a database, as a copy of another one.
    pub async fn create(&self, database: &str, of: &str) {
        let (client, connection) = tokio_postgres::connect(&self.node.address(), NoTls).await.unwrap();
        tokio::spawn(connection);
        let sql = format!("create database {database} template {of}");
        while let Err(why) = client.batch_execute(&sql).await {
            assert_eq!(why.code(), Some(&SqlState::OBJECT_IN_USE)); // connections to it are being closed
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    }

    /// Nothing lies in memory alone.
    pub async fn settle(&self) {
        let (client, connection) = tokio_postgres::connect(&self.node.address(), NoTls).await.unwrap();
        tokio::spawn(connection);
        client.batch_execute("checkpoint").await.unwrap();
        for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
            let is = client.query_one(&format!("show {setting}"), &[]).await.unwrap();
            assert_eq!(is.get::<_, &str>(0), "on", "{setting}");
        }
    }
}

pub fn connect(address: &str, connections: usize) -> PostgresStore {
    PostgresStore::connect(address.parse().unwrap(), NoTls, connections, Options::default()).unwrap()
}
