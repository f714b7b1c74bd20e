//! Options: where in a database the tables are, and how long is waited for it.

use std::string::String;
use std::time::Duration;

/// How a [`PostgresStore`](super::PostgresStore) uses its database.
///
/// # Examples
/// ```
/// use std::time::Duration;
///
/// use bailiwick::store::postgres::Options;
///
/// let options = Options { schema: "access".into(), timeout: Duration::from_secs(2), ..Options::default() };
/// assert!(options.schema_sql().contains(r#"create table if not exists "access".stream"#));
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Options {
    /// The schema that holds the tables. Quoted wherever it is used, so any name will do.
    pub schema: String,
    /// Into how many parts each table is divided when it is made: by the organization, those of keys by the key. `None` divides nothing. Of
    /// tables that are there already nothing changes.
    pub partitions: Option<u16>,
    /// How long one statement is waited for. It is not cancelled then: what was written is in doubt, and
    /// [so reported](crate::store::StoreError::Unknown).
    pub timeout: Duration,
}

impl Default for Options {
    /// The schema `bailiwick`, undivided, and five seconds.
    fn default() -> Self {
        Self { schema: "bailiwick".into(), partitions: None, timeout: Duration::from_secs(5) }
    }
}

impl Options {
    /// A statement in which `@` stands before the name of each table, with the schema in its place.
    pub(super) fn named(&self, sql: &str) -> String {
        sql.replace('@', &std::format!("{}.", self.quoted_schema()))
    }

    pub(super) fn quoted_schema(&self) -> String {
        std::format!("\"{}\"", self.schema.replace('"', "\"\"").replace('\0', ""))
    }
}
