//! Opening: a connection as it is wanted, to a file that is ours.

use core::time::Duration;
use std::path::Path;
use std::thread;
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::error::SqliteError;
use super::options::{Options, Synchronous};
use super::schema;

/// Statements that a connection keeps compiled: more than there are.
const STATEMENTS_MAX: usize = 128;

/// Bytes that the journal keeps of the disk while it is not used.
const JOURNAL_BYTES_MAX: u64 = 64 << 20;

/// What a connection may do.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Role {
    Write,
    Read,
}

/// A connection that writes to a file, which has the newest schema then.
pub(super) fn writer(path: &Path, options: &Options) -> Result<Connection, SqliteError> {
    let mut connection = connection(path, options)?;
    schema::check(&connection)?; // before anything in the file is changed
    use_journal(&connection, options.busy)?;
    schema::migrate(&mut connection)?;
    set_up(&connection, options, Role::Write).map_err(SqliteError::of)?;
    Ok(connection)
}

/// A connection that reads from a file that a writer has opened.
pub(super) fn reader(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    let connection = open(path, options)?;
    set_up(&connection, options, Role::Read)?;
    Ok(connection)
}

/// A connection to a database of its own.
pub(super) fn in_memory() -> Result<Connection, SqliteError> {
    let mut connection = Connection::open_in_memory().map_err(SqliteError::of)?;
    schema::migrate(&mut connection)?;
    set_up(&connection, &Options::default(), Role::Write).map_err(SqliteError::of)?;
    Ok(connection)
}

fn connection(path: &Path, options: &Options) -> Result<Connection, SqliteError> {
    open(path, options).map_err(SqliteError::of)
}

fn open(path: &Path, options: &Options) -> rusqlite::Result<Connection> {
    // Each is used by one thread at a time; a path is a path, and no URI.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(options.busy.min(Duration::from_secs(86_400)))?;
    Ok(connection)
}

/// Changes the file to a journal beside it. While another process does that as well, SQLite does not wait.
fn use_journal(connection: &Connection, busy: Duration) -> Result<(), SqliteError> {
    let begun = Instant::now();
    loop {
        let mode = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, std::string::String>(0));
        match mode {
            Ok(mode) if mode == "wal" => return Ok(()),
            Ok(mode) => return Err(SqliteError::Other(std::format!("the journal is `{mode}` and not `wal`").into())),
            Err(why) if is_busy(&why) && begun.elapsed() < busy => thread::sleep(Duration::from_millis(2)),
            Err(why) => return Err(SqliteError::of(why)),
        }
    }
}

fn is_busy(why: &rusqlite::Error) -> bool {
    matches!(why.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn set_up(connection: &Connection, options: &Options, role: Role) -> rusqlite::Result<()> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    // Damage is looked for in each page that is read; what is deleted is overwritten.
    connection.execute_batch("PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;")?;
    connection.pragma_update(None, "journal_size_limit", super::wire::clamped(JOURNAL_BYTES_MAX))?;
    let synchronous = match options.synchronous {
        Synchronous::Full => "FULL",
        Synchronous::Normal => "NORMAL",
    };
    connection.pragma_update(None, "synchronous", synchronous)?;
    if role == Role::Read {
        return connection.pragma_update(None, "query_only", true);
    }
    if let Some(bytes) = options.bytes_max {
        let page = connection.pragma_query_value(None, "page_size", |row| row.get::<_, u32>(0))?;
        let pages = bytes.checked_div(page.into()).unwrap_or_default().clamp(1, u32::MAX.into());
        connection.query_row(&std::format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(()))?;
    }
    Ok(())
}
