//! Trouble with the server, and what it says about whether something was carried out.

use std::error::Error as _;
use std::io;
use std::string::ToString;

use deadpool_postgres::PoolError;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::store::StoreError;

/// How far a call had come when it failed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stage {
    /// Nothing can have been carried out: a question, or what comes before the commit.
    Harmless,
    /// A statement that commits was on its way.
    Committing,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) enum Failed {
    /// The server or the way to it.
    Server(Error, Stage),
    /// What is told as it is.
    Store(StoreError),
}

impl Failed {
    /// The class or code of the error, where the server has answered.
    pub(super) fn code(&self) -> Option<&SqlState> {
        match self {
            Self::Server(error, _) => error.code(),
            Self::Store(_) => None,
        }
    }

    /// The table that the error is about.
    pub(super) fn table(&self) -> Option<&str> {
        match self {
            Self::Server(error, _) => error.as_db_error()?.table(),
            Self::Store(_) => None,
        }
    }

    /// Whether others were in the way, and the same statement may succeed at once.
    pub(super) fn is_collision(&self) -> bool {
        matches!(self.code(), Some(code) if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code))
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<Failed> for StoreError {
    fn from(failed: Failed) -> Self {
        match failed {
            Failed::Server(error, stage) => judge(error, stage),
            Failed::Store(error) => error,
        }
    }
}

/// The pool has no connection to give. Nothing was sent.
pub(super) fn no_connection(error: PoolError) -> StoreError {
    match error {
        PoolError::Backend(error) => judge(error, Stage::Harmless),
        PoolError::Timeout(_) => StoreError::Retry(error.into()),
        PoolError::Closed | PoolError::NoRuntimeSpecified | PoolError::PostCreateHook(_) => {
            StoreError::Fatal(error.into())
        }
    }
}

pub(super) fn judge(error: Error, stage: Stage) -> StoreError {
    let Some(code) = error.code() else { return without_code(error, stage) };
    match code.code() {
        // The server says so before it has begun, or has rolled back what it had: a collision, a lock or the server's own timeout, a
        // statement prepared before a migration, a server that only reads or has no room for another connection.
        "40001" | "40P01" | "55P03" | "57014" | "0A000" | "26000" | "25006" | "53300" | "57P03" => {
            StoreError::Retry(error.into())
        }
        // A server that is stopped may be so between the commit and the answer.
        "40003" | "57P01" | "57P02" | "57P05" => in_doubt(error, stage),
        code if code.starts_with("08") => in_doubt(error, stage),
        _ => StoreError::Fatal(error.into()),
    }
}

fn without_code(error: Error, stage: Stage) -> StoreError {
    let text = error.to_string();
    let is_ours = ["error serializing parameter", "error encoding message", "invalid con"]; // nothing was sent
    if is_ours.iter().any(|ours| text.starts_with(ours)) {
        return StoreError::Fatal(error.into());
    }
    let is_lost = error.is_closed() || error.source().is_some_and(|why| why.is::<io::Error>());
    match stage {
        Stage::Committing => StoreError::Unknown(error.into()),
        Stage::Harmless if is_lost || text.starts_with("timeout") => StoreError::Retry(error.into()),
        Stage::Harmless => StoreError::Fatal(error.into()),
    }
}

fn in_doubt(error: Error, stage: Stage) -> StoreError {
    match stage {
        Stage::Harmless => StoreError::Retry(error.into()),
        Stage::Committing => StoreError::Unknown(error.into()),
    }
}

/// No answer within the time that an answer was waited for.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the database did not answer in time")]
pub struct Late;

impl Late {
    pub(super) fn at(stage: Stage) -> StoreError {
        match stage {
            Stage::Harmless => StoreError::Retry(Self.into()),
            Stage::Committing => StoreError::Unknown(Self.into()),
        }
    }
}

/// The server has warned while something was committed: that is what it does when it stops waiting for a standby.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the database warned while it committed, so the commit may be on one machine alone")]
pub struct Warned;
