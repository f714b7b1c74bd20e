//! SQL: a filter as a condition for the caller's own tables, its values as parameters.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Filter, Kind, Places, Whose, Word};
use crate::id::{OrgId, ResourceId, UserId, WorkspaceId};

/// Whose SQL it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Dialect {
    /// Parameters are `?1`, `?2` …, a list is one parameter for each value.
    Sqlite,
    /// Parameters are `$1`, `$2` …, a list is one parameter that is an array.
    Postgres,
}

/// Where the caller's tables keep what a filter looks at. Names are plain identifiers, with the table or alias before a dot where
/// needed.
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
    /// A table that has nothing but the id of the resource.
    #[must_use]
    pub const fn new(id: &'a str) -> Self {
        Self { id, organization: None, workspace: None, owner: None, containers: None, first: 1 }
    }

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

/// A value to bind, in whatever form the caller's columns have.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Param {
    /// An organization.
    Organization(OrgId),
    /// A user.
    User(UserId),
    /// A workspace.
    Workspace(WorkspaceId),
    /// An array of workspaces.
    Workspaces(Vec<WorkspaceId>),
    /// A resource or container.
    Resource(ResourceId),
    /// An array of resources or containers.
    Resources(Vec<ResourceId>),
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
        let mut writer = Writer { dialect, columns, params: Vec::new() };
        let organization = columns.organization.map(|column| {
            let value = writer.bind(Param::Organization(self.organization));
            format!("{column} = {value}")
        });
        let terms: Vec<String> =
            self.places.iter().flat_map(|(kind, places)| writer.terms(self, *kind, places)).collect();
        let rows = match terms.as_slice() {
            [] => Some("1 = 0".to_string()),
            _ if terms.iter().any(String::is_empty) => None, // all of them
            _ => Some(any_of(terms)),
        };
        let parts: Vec<String> = organization.into_iter().chain(rows).collect();
        let sql = if parts.is_empty() { "(1 = 1)".to_string() } else { format!("({})", parts.join(" AND ")) };
        Ok(Condition { sql, params: writer.params })
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

struct Writer<'a> {
    dialect: Dialect,
    columns: &'a Columns<'a>,
    params: Vec<Param>,
}

impl Writer<'_> {
    fn bind(&mut self, value: Param) -> String {
        let number = self.columns.first.max(1).saturating_add(self.params.len());
        self.params.push(value);
        match self.dialect {
            Dialect::Sqlite => format!("?{number}"),
            Dialect::Postgres => format!("${number}"),
        }
    }

    /// The rows of one kind, as alternatives that an index can answer each: no `OR` is inside of an `AND`. An empty one is all of the
    /// table.
    fn terms(&mut self, filter: &Filter, kind: Kind, places: &Places) -> Vec<String> {
        let alike = Kind { shared: false, ..kind };
        let is_there_anyway = kind.shared && filter.places.get(&alike) == Some(places);
        let is_elsewhere = places.is_nowhere() || (self.columns.workspace.is_none() && !places.without());
        let is_owned = kind.whose != Whose::Nobodys;
        if is_there_anyway || is_elsewhere || (is_owned && self.columns.owner.is_none()) {
            return Vec::new();
        }
        let shared = if kind.shared { self.shared(filter, kind.whose) } else { [Vec::new()].into() };
        if shared.is_empty() {
            return Vec::new(); // nothing is bound for no rows
        }
        let (whose, within) = (self.whose(kind.whose, filter.user), self.within(places));
        let mut terms = Vec::new();
        for place in &within {
            for opened in &shared {
                let parts: Vec<&String> = whose.iter().chain(place).chain(opened).collect();
                terms.push(match parts.as_slice() {
                    [] => String::new(),
                    [alone] => (*alone).clone(),
                    several => {
                        format!("({})", several.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(" AND "))
                    }
                });
            }
        }
        terms
    }

    fn whose(&mut self, whose: Whose, user: Option<UserId>) -> Option<String> {
        let owner = self.columns.owner?;
        Some(match (whose, user) {
            (Whose::Nobodys, _) => format!("{owner} IS NULL"),
            (Whose::Own, Some(user)) => format!("{owner} = {}", self.bind(Param::User(user))),
            (Whose::Others, Some(user)) => format!("{owner} <> {}", self.bind(Param::User(user))),
            (Whose::Own | Whose::Others, None) => format!("{owner} IS NOT NULL"),
        })
    }

    /// Rows in these places: alternatives, of which `None` is everywhere.
    fn within(&mut self, places: &Places) -> Vec<Option<String>> {
        let Some(column) = self.columns.workspace else { return [None].into() };
        let Some(named) = places.named() else {
            return [(!places.without()).then(|| format!("{column} IS NOT NULL"))].into();
        };
        let named: Vec<WorkspaceId> = named.iter().copied().collect();
        let without = places.without().then(|| Some(format!("{column} IS NULL")));
        let inside = (!named.is_empty()).then(|| Some(self.workspaces(column, named)));
        without.into_iter().chain(inside).collect()
    }

    /// Rows on which, or around which, something is shared: alternatives, each of several parts.
    fn shared(&mut self, filter: &Filter, whose: Whose) -> Vec<Vec<String>> {
        if whose == Whose::Nobodys {
            let all = filter.shared();
            return if all.is_empty() {
                Vec::new()
            } else {
                self.around(all).into_iter().map(|on| [on].into()).collect()
            };
        }
        let mut alternatives = Vec::new();
        for (by, on) in &filter.shared {
            let can_be = match by {
                Word::Fact => true,
                Word::User(by) => (Some(*by) == filter.user) == (whose == Whose::Own),
                Word::Other => false,
            };
            let Some(owner) = self.columns.owner.filter(|_| can_be) else { continue };
            let is_by = match by {
                Word::User(by) => Some(format!("{owner} = {}", self.bind(Param::User(*by)))),
                Word::Fact | Word::Other => None,
            };
            let around = self.around(on.iter().copied().collect());
            alternatives.extend(around.into_iter().map(|on| is_by.iter().cloned().chain([on]).collect::<Vec<_>>()));
        }
        alternatives
    }

    /// The resources themselves, and what lies in them: two alternatives.
    fn around(&mut self, on: Vec<ResourceId>) -> Vec<String> {
        let id = self.columns.id;
        let itself = self.resources(id, on.clone());
        let inside = self.columns.containers.map(|ContainersTable { table, resource, container }| {
            let inside = self.resources(&format!("{table}.{container}"), on);
            format!("{id} IN (SELECT {table}.{resource} FROM {table} WHERE {inside})")
        });
        [itself].into_iter().chain(inside).collect()
    }

    fn workspaces(&mut self, column: &str, values: Vec<WorkspaceId>) -> String {
        match self.dialect {
            Dialect::Postgres => format!("{column} = ANY({})", self.bind(Param::Workspaces(values))),
            Dialect::Sqlite => self.list(column, values.into_iter().map(Param::Workspace)),
        }
    }

    fn resources(&mut self, column: &str, values: Vec<ResourceId>) -> String {
        match self.dialect {
            Dialect::Postgres => format!("{column} = ANY({})", self.bind(Param::Resources(values))),
            Dialect::Sqlite => self.list(column, values.into_iter().map(Param::Resource)),
        }
    }

    fn list(&mut self, column: &str, values: impl Iterator<Item = Param>) -> String {
        let numbers: Vec<String> = values.map(|value| self.bind(value)).collect();
        format!("{column} IN ({})", numbers.join(", "))
    }
}
