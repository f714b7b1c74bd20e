//! SQL: a filter as a condition for the caller's own tables, its values as parameters.

mod writer;

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::Filter;
use crate::id::{OrgId, ResourceId, UserId, WorkspaceId};
use writer::Writer;

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Dialect {
    /// Parameters are `?1`, `?2` …; a long list is one parameter, a JSON array ([`Param::to_json`]). Ids are kept as numbers or text: JSON
    /// has no blobs.
    Sqlite,
    /// Parameters are `$1`, `$2` …; a list is one parameter, an array.
    Postgres,
}

/// Where the caller's tables keep what a filter looks at. Names are plain identifiers, with the table or alias before a dot where
/// needed. There is no default: a column that is left out makes the condition wider, so each is said to be there or not.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Columns<'a> {
    /// The id of the resource.
    pub id: &'a str,
    /// The organization; `None` where the table, or the rest of the query, is about one.
    pub organization: Option<&'a str>,
    /// The workspace, empty for rows in none; `None` where there are no workspaces.
    pub workspace: Option<&'a str>,
    /// The personal owner, empty for rows of nobody; `None` where nothing is personal.
    pub owner: Option<&'a str>,
    /// In which containers each resource lies; `None` where there are none.
    pub containers: Option<ContainersTable<'a>>,
    /// The number of the first parameter, 1 where the query has no others before.
    pub first: usize,
}

/// A table with a row for each resource and each container around it: the innermost
/// [`CONTAINERS_MAX`](crate::limits::CONTAINERS_MAX), as in a question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ContainersTable<'a> {
    /// Its name.
    pub table: &'a str,
    /// Its column with the resource.
    pub resource: &'a str,
    /// Its column with the container.
    pub container: &'a str,
}

impl<'a> Columns<'a> {
    fn names(&self) -> impl Iterator<Item = &'a str> {
        let containers = self.containers.map(|table| [table.table, table.resource, table.container]);
        let columns = [Some(self.id), self.organization, self.workspace, self.owner];
        columns.into_iter().flatten().chain(containers.into_iter().flatten())
    }
}

/// A name that is no plain identifier: it is not put into SQL.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{name}` is not a plain name of a table or column")]
pub struct NameError {
    /// What was written.
    pub name: String,
}

/// The id of something, to be written in whatever form the caller's columns have.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Id {
    /// An organization.
    Organization(OrgId),
    /// A user.
    User(UserId),
    /// A workspace.
    Workspace(WorkspaceId),
    /// A resource or container.
    Resource(ResourceId),
}

impl Id {
    /// The bits.
    #[must_use]
    pub const fn as_u128(self) -> u128 {
        match self {
            Self::Organization(id) => id.as_u128(),
            Self::User(id) => id.as_u128(),
            Self::Workspace(id) => id.as_u128(),
            Self::Resource(id) => id.as_u128(),
        }
    }
}

/// As the id itself: a hyphenated lower-case UUID, for columns that keep ids so.
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Organization(id) => id.fmt(f),
            Self::User(id) => id.fmt(f),
            Self::Workspace(id) => id.fmt(f),
            Self::Resource(id) => id.fmt(f),
        }
    }
}

/// A value to bind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Param {
    /// One id.
    One(Id),
    /// Several of one kind: an array, in SQLite one of JSON.
    List(Vec<Id>),
    /// Rows of several ids: in SQLite an array of arrays. PostgreSQL takes one list for each column.
    Rows(Vec<Vec<Id>>),
}

impl Param {
    /// A list or rows as JSON, with each id as the caller writes it: a number, or text with its quotes.
    ///
    /// # Examples
    /// ```
    /// use bailiwick::WorkspaceId;
    /// use bailiwick::filter::{Id, Param};
    ///
    /// let list = Param::List([1, 2].map(|n| Id::Workspace(WorkspaceId::from_u64(n).unwrap())).to_vec());
    /// assert_eq!(list.to_json(&|id: Id| id.as_u128().to_string()), "[1,2]");
    /// assert_eq!(Id::Workspace(WorkspaceId::from_u64(7).unwrap()).to_string(), "00000000-0000-0000-0000-000000000007");
    /// ```
    #[must_use]
    pub fn to_json(&self, write: &impl Fn(Id) -> String) -> String {
        let array = |ids: &[Id]| format!("[{}]", ids.iter().map(|id| write(*id)).collect::<Vec<_>>().join(","));
        match self {
            Self::One(id) => write(*id),
            Self::List(ids) => array(ids),
            Self::Rows(rows) => format!("[{}]", rows.iter().map(|row| array(row)).collect::<Vec<_>>().join(",")),
        }
    }
}

/// A condition, and the values to bind in its order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Condition {
    /// In brackets, to be joined by `AND` to any other.
    pub sql: String,
    /// The parameters, in the order of their numbers.
    pub params: Vec<Param>,
}

impl Filter {
    /// The filter as a condition in a `WHERE`.
    ///
    /// # Errors
    /// [`NameError`] for a name that is no plain identifier.
    ///
    /// # Examples
    /// See [`Filter`].
    pub fn condition(&self, dialect: Dialect, columns: &Columns<'_>) -> Result<Condition, NameError> {
        if let Some(name) = columns.names().find(|name| !is_plain(name)) {
            return Err(NameError { name: name.to_string() });
        }
        let mut writer = Writer::new(dialect, columns);
        let organization = columns.organization.map(|column| {
            let value = writer.bind(Param::One(Id::Organization(self.organization)));
            format!("{column} = {value}")
        });
        let terms = writer.all_terms(self);
        let rows = match terms.as_slice() {
            [] => Some("1 = 0".to_string()),
            _ if terms.iter().any(String::is_empty) => None, // all of them
            _ => Some(any_of(terms)),
        };
        let parts: Vec<String> = organization.into_iter().chain(rows).collect();
        let sql = if parts.is_empty() { "(1 = 1)".to_string() } else { format!("({})", parts.join(" AND ")) };
        Ok(Condition { sql, params: writer.into_params() })
    }
}

fn is_plain(name: &str) -> bool {
    name.split('.').all(|part| {
        let mut letters = part.chars();
        let begins = letters.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_');
        begins && letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    })
}

fn any_of(terms: Vec<String>) -> String {
    match <[String; 1]>::try_from(terms) {
        Ok([alone]) => alone,
        Err(several) => format!("({})", several.join(" OR ")),
    }
}
