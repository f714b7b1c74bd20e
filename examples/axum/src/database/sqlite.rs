//! The application's own tables in the file of the store.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OpenFlags, ToSql, params_from_iter};
use tokio::sync::Semaphore;
use tokio::task::block_in_place;

use super::schema::SCHEMA;
use super::{DatabaseError, Row, Value};

/// Connections that read, beside those of the store.
const READERS_MAX: usize = 8;

/// How long one waits for another that writes.
const BUSY: Duration = Duration::from_secs(5);

/// The file, with a connection that writes and some that read.
#[derive(Debug)]
pub(crate) struct Sqlite {
    path: PathBuf,
    /// In turns: SQLite has one writer at a time, and lets others look again and again.
    writer: tokio::sync::Mutex<Connection>,
    idle: Mutex<Vec<Connection>>,
    room: Semaphore,
}

impl Sqlite {
    /// Opens a file that the store has made.
    pub(super) fn open(path: &Path) -> Result<Self, DatabaseError> {
        let writer = connect(path)?;
        writer.execute_batch(&format!("begin immediate; {SCHEMA} commit;"))?;
        let room = Semaphore::new(READERS_MAX);
        Ok(Self { path: path.to_owned(), writer: writer.into(), idle: Mutex::default(), room })
    }

    pub(super) async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        self.read(|connection| {
            let mut statement = connection.prepare_cached(&numbered(sql))?;
            let columns = statement.column_count();
            let mut found = Vec::new();
            let mut rows = statement.query(params_from_iter(values))?;
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| row.get_ref(column).map(value_of));
                found.push(Row(values.collect::<Result<_, _>>()?));
            }
            Ok(found)
        })
        .await
    }

    pub(super) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        let writer = self.writer.lock().await;
        let changed = block_in_place(|| writer.prepare_cached(&numbered(sql))?.execute(params_from_iter(values)))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// Blocks, and lets the other tasks of the thread go elsewhere meanwhile.
    async fn read<T>(&self, work: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, DatabaseError> {
        let _room = self.room.acquire().await.map_err(|_| DatabaseError::Closing)?;
        block_in_place(|| {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = idle.map_or_else(|| connect(&self.path), Ok)?;
            let answer = work(&connection);
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            Ok(answer?)
        })
    }
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    // Not made here: a file that has gone is trouble, and no new database.
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY)?;
    connection.pragma_update(None, "synchronous", "FULL")?; // what was answered is on the disk
    Ok(connection)
}

/// `$1` of the statements is `?1` here. No statement has a `$` otherwise.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Borrowed(ValueRef::Null),
            Self::Integer(number) => ToSqlOutput::Borrowed(ValueRef::Integer(*number)),
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::List(texts) => serde_json::Value::from(texts.as_slice()).to_string().into(),
        })
    }
}

/// What is neither a number nor a text is nothing; there is no such column.
fn value_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => Value::Null,
    }
}
