//! What goes wrong with a file, and what that says about whether a call was carried out.

use std::boxed::Box;

use rusqlite::ErrorCode;

use crate::store::json::Unreadable;
use crate::store::{StoreError, Untrue};

/// What is wrong with a file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// It is no database.
    #[error("the file is no database")]
    NotADatabase,
    /// It is the database of another program.
    #[error("the file is a database of another application ({application:#010x})")]
    Foreign {
        /// How that application calls itself; 0 if it does not.
        application: u32,
    },
    /// A later version of the crate has made it.
    #[error("the file is of schema {schema}, and {known} is the newest that is known here")]
    Newer {
        /// Which schema it has.
        schema: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// Somebody else writes, for longer than was waited for.
    #[error("the file is locked by another writer")]
    Busy(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The disk is full, or the file has all the bytes that it may have.
    #[error("the disk is full, or the file as large as it may be")]
    Full(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The file is not as it was written.
    #[error("the file is damaged")]
    Damaged(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The disk, or what stands for it, has failed.
    #[error("the file could not be read or written")]
    Io(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// The file cannot be written, or not be opened.
    #[error("the file cannot be opened for writing")]
    Closed(#[source] Box<dyn core::error::Error + Send + Sync>),
    /// Something else.
    #[error("the database has refused")]
    Other(#[source] Box<dyn core::error::Error + Send + Sync>),
}

impl SqliteError {
    pub(super) fn of(why: rusqlite::Error) -> Self {
        let code = why.sqlite_error_code();
        let why = Box::new(why);
        match code {
            Some(ErrorCode::NotADatabase) => Self::NotADatabase,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
                Self::Busy(why)
            }
            Some(ErrorCode::DiskFull) => Self::Full(why),
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged(why),
            Some(ErrorCode::SystemIoFailure) => Self::Io(why),
            Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::Closed(why),
            // A column does not hold what is written into it here.
            None => Self::Damaged(why),
            Some(_) => Self::Other(why),
        }
    }
}

impl From<SqliteError> for StoreError {
    /// Of a call that was not carried out.
    fn from(why: SqliteError) -> Self {
        match why {
            SqliteError::Busy(_) => Self::Retry(why.into()),
            why => Self::Fatal(why.into()),
        }
    }
}

/// Trouble before anything was carried out: of the file, or of what was read from it.
#[derive(Debug)]
pub(super) enum Trouble {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Trouble {
    fn from(why: rusqlite::Error) -> Self {
        Self::Sqlite(why)
    }
}

impl From<StoreError> for Trouble {
    fn from(why: StoreError) -> Self {
        Self::Store(why)
    }
}

impl From<Unreadable> for Trouble {
    fn from(why: Unreadable) -> Self {
        Self::Store(why.into())
    }
}

impl From<Untrue> for Trouble {
    fn from(why: Untrue) -> Self {
        Self::Store(why.into())
    }
}

impl From<Trouble> for StoreError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Sqlite(why) => SqliteError::of(why).into(),
            Trouble::Store(why) => why,
        }
    }
}

/// Trouble in a commit. Frames may lie in the journal that were written before the disk failed, and a process that opens the file after a
/// crash may find them whole: then nobody knows. A transaction that is still open otherwise was not committed.
pub(super) fn of_commit(why: rusqlite::Error, is_open: bool) -> StoreError {
    let disk_failed = matches!(why.sqlite_error_code(), Some(ErrorCode::SystemIoFailure | ErrorCode::DiskFull));
    if is_open && !disk_failed { SqliteError::of(why).into() } else { StoreError::Unknown(SqliteError::of(why).into()) }
}
