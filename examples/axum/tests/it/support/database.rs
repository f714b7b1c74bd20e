//! A database of its own for a test: a file, or one of the server's.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick::store::postgres::NoTls;
use bailiwick::store::postgres::tokio_postgres::Config;

use super::cluster;

/// A database, gone with its test.
pub(crate) struct Database {
    pub(crate) url: String,
    folder: Option<PathBuf>,
}

/// Runs a test over a file, and over PostgreSQL where there is one, at the same time.
pub(crate) fn each_database(test: fn(&Database)) {
    let over_file = std::thread::spawn(move || test(&Database::file()));
    if let Some(database) = Database::postgres() {
        test(&database);
    }
    over_file.join().expect("it fails over a file");
}

fn fresh() -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("workshop_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl Database {
    pub(crate) fn file() -> Self {
        let folder = std::env::temp_dir().join(fresh());
        std::fs::create_dir_all(&folder).unwrap();
        Self { url: format!("sqlite:{}", folder.join("workshop.db").display()), folder: Some(folder) }
    }

    fn postgres() -> Option<Self> {
        let config: Config = cluster::address()?.parse().unwrap();
        let name = fresh();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = config.connect(NoTls).await.unwrap();
            tokio::spawn(connection);
            client.batch_execute(&format!("create database {name}")).await.unwrap();
        });
        let (user, port) = (config.get_user().unwrap_or("postgres"), config.get_ports().first().unwrap_or(&5432));
        let host = config.get_hosts().iter().find_map(|host| match host {
            bailiwick::store::postgres::tokio_postgres::config::Host::Tcp(name) => Some(name.as_str()),
            bailiwick::store::postgres::tokio_postgres::config::Host::Unix(_) => None,
        });
        let password = config.get_password().map(|it| format!(":{}", String::from_utf8_lossy(it))).unwrap_or_default();
        let url = format!("postgres://{user}{password}@{}:{port}/{name}", host.unwrap_or("127.0.0.1"));
        Some(Self { url, folder: None })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            let _ = std::fs::remove_dir_all(folder);
        }
    }
}

impl Database {
    /// Changes what the program has written down, behind its back: as if it had died at that point.
    pub(crate) fn tamper(&self, sql: &str) -> u64 {
        if let Some(path) = self.url.strip_prefix("sqlite:") {
            let file = rusqlite::Connection::open(path).unwrap();
            file.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
            return u64::try_from(file.execute(sql, []).unwrap()).unwrap();
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, connection) = self.url.parse::<Config>().unwrap().connect(NoTls).await.unwrap();
            tokio::spawn(connection);
            client.execute(sql, &[]).await.unwrap()
        })
    }
}
