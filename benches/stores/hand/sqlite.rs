//! By hand in SQLite: one connection that writes, appends that wait share a transaction.

use std::path::Path;
use std::sync::{Arc, Mutex};

use bailiwick::UserId;
use bailiwick::rows::{Table, Value};
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};
use tokio::sync::Mutex as Turn;

use super::{DIGEST, Together, Written};
use crate::sample::{Sample, Samples};
use crate::world::{self, NOW, Step};

/// A file that is written by hand, and what a process knows of the streams in it.
pub struct File {
    connection: Mutex<Connection>,
    appends: Together<Written>,
    organizations: Vec<Organization>,
    change: Arc<Sample>,
    charge: Arc<Sample>,
}

struct Organization {
    /// The version of the organization, held by whoever changes it: in the order in which they came, as ours. A lock of the standard library
    /// is had again by whoever has just had it, while others wait.
    version: Turn<i64>,
    ledger: Turn<i64>,
    charges: Together<UserId>,
}

impl File {
    pub fn open(path: &Path, samples: &Samples, organizations: u64) -> Self {
        let connection = open(path);
        let heads = |n| Organization {
            version: Turn::new(head(&connection, n, 0)),
            ledger: Turn::new(head(&connection, n, 1)),
            charges: Together::default(),
        };
        Self {
            organizations: (0..organizations).map(heads).collect(),
            appends: Together::default(),
            change: Arc::new(samples.change.clone()),
            charge: Arc::new(samples.charge.clone()),
            connection: Mutex::new(connection),
        }
    }

    /// One after the other in an organization, for each is judged on the one before.
    pub fn change(&self, step: Step) {
        let mut version = self.organizations[step.organization as usize].version.blocking_lock();
        self.append(Written {
            organization: step.organization,
            sample: Arc::clone(&self.change),
            user: world::user(step.member),
            expected: Some(*version),
            records: 1,
            operation: Some(step.id),
        });
        *version += 1;
    }

    /// Those who wait for the same account are appended together.
    pub fn charge(&self, step: Step) {
        let of = &self.organizations[step.organization as usize];
        of.charges.go(world::user(0), |group| {
            let mut version = of.ledger.blocking_lock();
            self.append(Written {
                organization: step.organization,
                sample: Arc::clone(&self.charge),
                user: group[0],
                expected: Some(*version),
                records: group.len() as i64,
                operation: None,
            });
            *version += group.len() as i64;
        });
    }

    /// The sum of the versions of all streams of a kind.
    pub fn versions(&self, kind: i16) -> i64 {
        let sql = "SELECT sum(version) FROM stream WHERE kind = ?1";
        self.connection.lock().unwrap().query_row(sql, [kind], |row| row.get(0)).unwrap()
    }

    fn append(&self, written: Written) {
        self.appends.go(written, |group| write(&self.connection.lock().unwrap(), group));
    }
}

/// As durable as ours, and looking as closely.
pub fn open(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
    connection.set_prepared_statement_cache_capacity(64);
    let settings = "PRAGMA synchronous = FULL; PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;";
    connection.execute_batch(settings).unwrap();
    connection.pragma_update(None, "journal_size_limit", 64 << 20).unwrap();
    connection
}

/// Appends of a group, in one transaction.
pub fn write(connection: &Connection, group: &[Written]) {
    execute(connection, "BEGIN IMMEDIATE", &[]);
    group.iter().for_each(|written| append(connection, written));
    execute(connection, "COMMIT", &[]);
}

fn head(connection: &Connection, organization: u64, kind: i16) -> i64 {
    let sql = "SELECT version FROM stream WHERE organization = ?1 AND kind = ?2 AND resource = x''";
    let organization = world::org(organization).to_uuid_bytes();
    connection.prepare_cached(sql).unwrap().query_row(params![organization, kind], |row| row.get(0)).unwrap()
}

fn append(connection: &Connection, written: &Written) {
    let (organization, kind) = (world::org(written.organization).to_uuid_bytes(), written.sample.kind);
    let operation = written.operation.map(u128::to_be_bytes);
    if let Some(operation) = operation {
        let sql = "SELECT first, last FROM operation WHERE organization = ?1 AND operation = ?2";
        let known = connection.prepare_cached(sql).unwrap().query_row(params![organization, operation], |_| Ok(()));
        assert!(known.optional().unwrap().is_none());
    }
    let before = head(connection, written.organization, kind);
    assert_eq!(before, written.expected.unwrap_or(before));
    let (last, at) = (before + written.records, NOW.now.as_millis() as i64);
    for version in before + 1..=last {
        let link = (version == last).then_some(DIGEST);
        let sql = "INSERT INTO record (organization, kind, resource, version, at, format, body, digest, link)
                   VALUES (?1, ?2, x'', ?3, ?4, 1, ?5, ?6, ?7)";
        execute(connection, sql, params![organization, kind, version, at, written.sample.body, DIGEST, link]);
    }
    let sql = "SELECT max(ifnull((SELECT max(moment) FROM stream), 0), ifnull((SELECT max(moment) FROM let_go), 0))";
    let moment: i64 = connection.prepare_cached(sql).unwrap().query_row([], |row| row.get(0)).unwrap();
    let sql =
        "INSERT INTO stream (organization, kind, resource, version, link, moment) VALUES (?1, ?2, x'', ?3, ?4, ?5)
               ON CONFLICT (organization, kind, resource)
               DO UPDATE SET version = excluded.version, link = excluded.link, moment = excluded.moment";
    execute(connection, sql, params![organization, kind, last, DIGEST, moment + 1]);
    if let Some(operation) = operation {
        let sql = "INSERT INTO operation (organization, operation, first, last) VALUES (?1, ?2, ?3, ?4)";
        execute(connection, sql, params![organization, operation, before + 1, last]);
    }
    let ids = [world::org(written.organization).to_string(), written.user.to_string()].map(Value::Text);
    for row in &written.sample.rows {
        let values = row.values(&ids, last).map(|(_, value)| bound(value));
        connection.prepare_cached(&row.put).unwrap().execute(params_from_iter(values)).unwrap();
    }
}

/// The statement that puts a row in the place of one with its key.
pub fn put(table: Table) -> String {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    format!("INSERT OR REPLACE INTO {table} ({}) VALUES ({})", names.join(", "), marks.join(", "))
}

fn execute(connection: &Connection, sql: &str, parameters: &[&dyn ToSql]) {
    connection.prepare_cached(sql).unwrap().execute(parameters).unwrap();
}

fn bound(value: Value) -> rusqlite::types::Value {
    match value {
        Value::Null => rusqlite::types::Value::Null,
        Value::Text(text) => text.into(),
        Value::Integer(number) => number.into(),
        Value::Boolean(is) => is.into(),
        Value::List(texts) => serde_json::to_string(&texts).unwrap().into(),
    }
}
