//! Trouble with the application's own tables.

use bailiwick::store::StoreError;
use bailiwick::store::postgres::deadpool_postgres::PoolError;
use bailiwick::store::postgres::tokio_postgres;
use bailiwick::store::sqlite::SqliteError;

/// Why a statement was not carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DatabaseError {
    #[error("SQLite failed")]
    Sqlite(#[from] rusqlite::Error),
    #[error("PostgreSQL failed")]
    Postgres(#[from] tokio_postgres::Error),
    #[error("no connection to PostgreSQL")]
    Pool(#[from] PoolError),
    #[error("the program is closing its connections")]
    Closing,
    #[error("column {column} is not {wanted}")]
    Column { column: usize, wanted: &'static str },
    #[error("the store cannot be opened")]
    Store(#[from] StoreError),
    #[error("the file cannot be opened")]
    File(#[from] SqliteError),
}

impl DatabaseError {
    /// Whether it may be otherwise in a moment: the server or the file is busy, or not there yet.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Sqlite(why) => matches!(
                why.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
            ),
            Self::Postgres(why) => why.is_closed(),
            Self::Pool(_) | Self::Closing => true,
            Self::Store(why) => matches!(why, StoreError::Retry(_)),
            Self::Column { .. } | Self::File(_) => false,
        }
    }
}
