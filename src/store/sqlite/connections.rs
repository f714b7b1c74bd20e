//! The connections to a file: one that writes, some that read.

use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use rusqlite::Connection;

use super::error::{SqliteError, Trouble, of_commit};
use super::open;
use super::options::Options;
use crate::store::StoreError;

#[derive(Debug)]
pub(super) struct Connections {
    writer: Mutex<Connection>,
    /// None, if the one that writes reads as well.
    readers: Option<Readers>,
}

/// Connections that read, opened when there is nothing for one that waits.
#[derive(Debug)]
struct Readers {
    path: PathBuf,
    options: Options,
    idle: Mutex<Idle>,
    returned: Condvar,
}

#[derive(Debug, Default)]
struct Idle {
    connections: Vec<Connection>,
    opened: usize,
}

/// A connection that somebody reads with.
struct Reader<'a> {
    readers: &'a Readers,
    /// Gone when it is dropped.
    connection: Option<Connection>,
}

impl Connections {
    pub(super) fn open(path: &Path, options: &Options) -> Result<Self, SqliteError> {
        let writer = Mutex::new(open::writer(path, options)?);
        let readers = Readers {
            path: path.to_path_buf(),
            options: options.clone(),
            idle: Mutex::default(),
            returned: Condvar::new(),
        };
        Ok(Self { writer, readers: (options.readers > 0).then_some(readers) })
    }

    pub(super) fn in_memory() -> Result<Self, SqliteError> {
        Ok(Self { writer: Mutex::new(open::in_memory()?), readers: None })
    }

    /// Reads, all of it from one state of the file.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, StoreError> {
        let read = |connection: &Connection| {
            execute(connection, "BEGIN")?;
            let read = work(connection);
            roll_back(connection); // nothing was written
            read
        };
        let read: Result<T, Trouble> = match &self.readers {
            Some(readers) => readers.take().map_err(Trouble::from).and_then(|reader| reader.with(read)),
            None => read(&self.writer()),
        };
        Ok(read?)
    }

    /// Writes, all of it or nothing.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, StoreError> {
        let writer = self.writer();
        execute(&writer, "BEGIN IMMEDIATE").map_err(SqliteError::of)?;
        match work(&writer) {
            Ok(done) => execute(&writer, "COMMIT").map(|()| done).map_err(|why| {
                let is_open = !writer.is_autocommit();
                roll_back(&writer);
                of_commit(why, is_open)
            }),
            Err(trouble) => {
                roll_back(&writer);
                Err(trouble.into())
            }
        }
    }

    /// The connection that writes, outside of any transaction.
    pub(super) fn writer(&self) -> MutexGuard<'_, Connection> {
        let writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        roll_back(&writer); // what somebody has left who has panicked
        writer
    }
}

fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

fn roll_back(connection: &Connection) {
    if !connection.is_autocommit() {
        let _ = execute(connection, "ROLLBACK"); // it fails where the transaction is over already
    }
}

impl Readers {
    fn take(&self) -> rusqlite::Result<Reader<'_>> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(connection) = idle.connections.pop() {
                roll_back(&connection); // what somebody has left who has panicked
                return Ok(Reader { readers: self, connection: Some(connection) });
            }
            if idle.opened < self.options.readers {
                let connection = open::reader(&self.path, &self.options)?;
                idle.opened = idle.opened.saturating_add(1);
                return Ok(Reader { readers: self, connection: Some(connection) });
            }
            idle = self.returned.wait(idle).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Reader<'_> {
    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.connection.as_ref().ok_or(Trouble::Sqlite(rusqlite::Error::InvalidQuery)).and_then(read)
    }
}

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        let mut idle = self.readers.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.connections.extend(self.connection.take());
        self.readers.returned.notify_one();
    }
}
