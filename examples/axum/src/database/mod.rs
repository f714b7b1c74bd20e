//! WHERE ARE THE APPLICATION'S OWN TABLES? In the database of the store, behind one small seam: two statements that every handler uses, and
//! two databases that carry them out. Nothing outside of this folder knows which one it is.

mod error;
mod location;
mod open;
mod postgres;
mod schema;
mod sqlite;
mod value;

use bailiwick::filter::{Dialect, Param};

pub(crate) use error::DatabaseError;
pub(crate) use location::Location;
pub(crate) use open::open;
pub(crate) use value::{Row, Value};

use postgres::Postgres;
use sqlite::Sqlite;

/// The application's own tables.
///
/// Statements are written once: parameters are `$1`, `$2` …, ids are text, instants are milliseconds.
#[derive(Debug)]
pub(crate) enum Database {
    Sqlite(Box<Sqlite>),
    Postgres(Postgres),
}

impl Database {
    /// The rows that a statement finds.
    pub(crate) async fn query(&self, sql: &str, values: &[Value]) -> Result<Vec<Row>, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.query(sql, values).await,
            Self::Postgres(postgres) => postgres.query(sql, values).await,
        }
    }

    /// Carries a statement out and says how many rows it was about. One statement is one transaction.
    pub(crate) async fn execute(&self, sql: &str, values: &[Value]) -> Result<u64, DatabaseError> {
        match self {
            Self::Sqlite(sqlite) => sqlite.execute(sql, values).await,
            Self::Postgres(postgres) => postgres.execute(sql, values).await,
        }
    }

    /// In whose SQL a filter is to be written.
    pub(crate) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// A condition: the column is one of a list, which is the parameter of this number.
    pub(crate) fn is_any(&self, column: &str, parameter: usize) -> String {
        match self {
            Self::Sqlite(_) => format!("{column} in (select value from json_each(?{parameter}))"),
            Self::Postgres(_) => format!("{column} = any(${parameter})"),
        }
    }
}

/// A parameter of a filter, as it is bound here.
impl From<&Param> for Value {
    fn from(param: &Param) -> Self {
        match param {
            Param::One(id) => Self::Text(id.to_string()),
            Param::List(ids) => Self::List(ids.iter().map(ToString::to_string).collect()),
            rows @ Param::Rows(_) => Self::Text(rows.to_json(&|id| format!("\"{id}\""))),
        }
    }
}
