//! Values that go into statements, and rows that come out.

use std::str::FromStr;

use bailiwick::Timestamp;

use super::DatabaseError;

/// What is bound, or found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Integer(i64),
    Text(String),
    /// Bound only: an array in PostgreSQL, JSON in SQLite.
    List(Vec<String>),
}

/// A number that a column cannot hold is the greatest that it can.
impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        at.as_millis().into()
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Null, Self::from)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Ids are text.
macro_rules! ids {
    ($($id:ident),+) => {$(
        impl From<bailiwick::$id> for Value {
            fn from(id: bailiwick::$id) -> Self {
                Self::Text(id.to_string())
            }
        }
    )+};
}
ids!(OrgId, WorkspaceId, UserId, ResourceId);

/// A row, its columns in the order of the statement.
#[derive(Clone, Debug)]
pub(crate) struct Row(pub(super) Vec<Value>);

impl Row {
    pub(crate) fn text(&self, column: usize) -> Result<&str, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Text(text)) => Ok(text),
            _ => Err(DatabaseError::Column { column, wanted: "text" }),
        }
    }

    /// A text that says something: an id.
    pub(crate) fn parsed<T: FromStr>(&self, column: usize) -> Result<T, DatabaseError> {
        self.text(column)?.parse().map_err(|_| DatabaseError::Column { column, wanted: "an id" })
    }

    pub(crate) fn number(&self, column: usize) -> Result<u64, DatabaseError> {
        self.number_if_any(column)?.ok_or(DatabaseError::Column { column, wanted: "a number" })
    }

    pub(crate) fn number_if_any(&self, column: usize) -> Result<Option<u64>, DatabaseError> {
        match self.0.get(column) {
            Some(Value::Null) => Ok(None),
            Some(Value::Integer(number)) => Ok(u64::try_from(*number).ok()),
            _ => Err(DatabaseError::Column { column, wanted: "a number" }),
        }
    }

    pub(crate) fn instant(&self, column: usize) -> Result<Timestamp, DatabaseError> {
        self.number(column).map(Timestamp::from_millis)
    }

    pub(crate) fn instant_if_any(&self, column: usize) -> Result<Option<Timestamp>, DatabaseError> {
        Ok(self.number_if_any(column)?.map(Timestamp::from_millis))
    }
}
