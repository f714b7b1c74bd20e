//! Writes the terms of a condition: alternatives, each of which an index can answer.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::super::{Filter, Goes, Kind, Places, Whose};
use super::{Columns, ContainersTable, Dialect, Id, Param};
use crate::id::{UserId, WorkspaceId};
use crate::limits::SHORT_LIST_MAX;
use crate::sharing::Extent;

pub(super) struct Writer<'a> {
    dialect: Dialect,
    columns: &'a Columns<'a>,
    params: Vec<Param>,
}

/// Shares that are written alike: which columns say for which rows they count.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Shape {
    /// For what lies in the container, not for the resource itself.
    is_within: bool,
    /// For rows of one owner each.
    is_owned: bool,
    place: Place,
}

/// Where rows lie for which shares count.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Place {
    Anywhere,
    /// In no workspace.
    Nowhere,
    /// In one workspace each.
    Each,
}

/// Shares by their shape: of each the owner and the workspace where the shape has them, and what is shared.
type Shapes = BTreeMap<Shape, Vec<Vec<Id>>>;

impl<'a> Writer<'a> {
    pub(super) const fn new(dialect: Dialect, columns: &'a Columns<'a>) -> Self {
        Self { dialect, columns, params: Vec::new() }
    }

    pub(super) fn into_params(self) -> Vec<Param> {
        self.params
    }

    /// The number of a parameter; one that is bound already has its number.
    pub(super) fn bind(&mut self, value: Param) -> String {
        let known = self.params.iter().position(|bound| *bound == value);
        let at = known.unwrap_or_else(|| {
            self.params.push(value);
            self.params.len().saturating_sub(1)
        });
        let number = self.columns.first.max(1).saturating_add(at);
        match self.dialect {
            Dialect::Sqlite => format!("?{number}"),
            Dialect::Postgres => format!("${number}"),
        }
    }

    /// Alternatives, none of which has an `OR` inside. An empty one is all of the table.
    pub(super) fn all_terms(&mut self, filter: &Filter) -> Vec<String> {
        filter.places.iter().flat_map(|(kind, places)| self.terms(filter, *kind, places)).collect()
    }

    /// The rows of one kind.
    fn terms(&mut self, filter: &Filter, kind: Kind, places: &Places) -> Vec<String> {
        let alike = Kind { shared: false, ..kind };
        let is_there_anyway = kind.shared && filter.places.get(&alike) == Some(places);
        let is_elsewhere = places.is_nowhere() || (self.columns.workspace.is_none() && !places.without());
        let is_owned = kind.whose != Whose::Nobodys;
        if is_there_anyway || is_elsewhere || (is_owned && self.columns.owner.is_none()) {
            return Vec::new();
        }
        if kind.shared {
            return self.shared(filter, kind.whose, places);
        }
        let whose = self.whose(kind.whose, filter.user);
        self.within(places).into_iter().map(|place| all_of([whose.clone(), place])).collect()
    }

    fn whose(&mut self, whose: Whose, user: Option<UserId>) -> Option<String> {
        let owner = self.columns.owner?;
        Some(match (whose, user) {
            (Whose::Nobodys, _) => format!("{owner} IS NULL"),
            (Whose::Own, Some(user)) => format!("{owner} = {}", self.bind(Param::One(Id::User(user)))),
            (Whose::Others, Some(user)) => format!("{owner} <> {}", self.bind(Param::One(Id::User(user)))),
            (Whose::Own | Whose::Others, None) => format!("{owner} IS NOT NULL"),
        })
    }

    /// Rows in these places: alternatives, of which `None` is everywhere.
    fn within(&mut self, places: &Places) -> Vec<Option<String>> {
        let Some(column) = self.columns.workspace else { return [None].into() };
        let named: Vec<Id> = places.workspaces().iter().map(|id| Id::Workspace(*id)).collect();
        let without = places.without().then(|| Some(format!("{column} IS NULL")));
        let inside = (!named.is_empty()).then(|| Some(self.is_among(column, named)));
        without.into_iter().chain(inside).collect()
    }

    /// Rows on which, or around which, something is shared.
    fn shared(&mut self, filter: &Filter, whose: Whose, places: &Places) -> Vec<String> {
        let mut terms = Vec::new();
        for (shape, rows) in self.shapes(filter, whose, places) {
            let owner = if shape.is_owned { None } else { self.whose(whose, filter.user) };
            let places = match shape.place {
                Place::Anywhere => self.within(places),
                Place::Nowhere => [self.columns.workspace.map(|column| format!("{column} IS NULL"))].into(),
                Place::Each => [None].into(),
            };
            let opened = self.opened(shape, rows);
            terms.extend(places.into_iter().map(|place| all_of([owner.clone(), place, Some(opened.clone())])));
        }
        terms
    }

    /// What is shared, as far as it counts for such rows: what is shared itself, and what lies in it.
    fn shapes(&self, filter: &Filter, whose: Whose, places: &Places) -> Shapes {
        let mut shapes = Shapes::new();
        for (on, goes) in filter.opened.each() {
            let Some(owner) = owner_of(goes, whose, filter.user) else { continue };
            let here = Shape { is_within: false, is_owned: owner.is_some(), place: Place::Anywhere };
            let mut add = |shape: Shape, workspace: Option<WorkspaceId>| {
                let row = owner.map(Id::User).into_iter().chain(workspace.map(Id::Workspace)).chain([Id::Resource(on)]);
                shapes.entry(shape).or_default().push(row.collect());
            };
            add(here, None);
            match goes {
                _ if self.columns.containers.is_none() => {}
                Goes::Everywhere => add(Shape { is_within: true, ..here }, None),
                Goes::As(extent) if self.reaches_in(extent, whose, places) => {
                    let place = if extent.workspace.is_some() { Place::Each } else { Place::Nowhere };
                    add(Shape { is_within: true, place, ..here }, extent.workspace);
                }
                Goes::As(_) => {}
            }
        }
        shapes
    }

    /// Whether a share opens any such row of what lies in a container; whose word it is, is looked at already.
    fn reaches_in(&self, extent: Extent, whose: Whose, places: &Places) -> bool {
        let is_theirs = extent.owner.is_none() || (whose != Whose::Nobodys && extent.owner == extent.word);
        let is_there = extent.workspace.is_none() || self.columns.workspace.is_some();
        is_theirs && is_there && places.has(extent.workspace)
    }

    /// The rows of shares of one shape.
    fn opened(&mut self, shape: Shape, rows: Vec<Vec<Id>>) -> String {
        let owner = self.columns.owner.filter(|_| shape.is_owned);
        let workspace = self.columns.workspace.filter(|_| shape.place == Place::Each);
        let beside: Vec<&str> = owner.into_iter().chain(workspace).collect();
        let inside = self.columns.containers.filter(|_| shape.is_within);
        match (beside.is_empty(), inside) {
            (true, None) => self.is_among(self.columns.id, rows.into_iter().flatten().collect()),
            (true, Some(inside)) => self.lies_in(inside, rows.into_iter().flatten().collect()),
            (false, inside) => match self.dialect {
                Dialect::Sqlite => self.is_among_rows(&beside, inside, rows),
                Dialect::Postgres => self.is_among_columns(&beside, inside, &rows),
            },
        }
    }

    fn is_among(&mut self, column: &str, ids: Vec<Id>) -> String {
        if self.dialect == Dialect::Sqlite && ids.len() <= SHORT_LIST_MAX {
            let each: Vec<String> = ids.into_iter().map(|id| self.bind(Param::One(id))).collect();
            return format!("{column} IN ({})", each.join(", "));
        }
        let list = self.bind(Param::List(ids));
        match self.dialect {
            Dialect::Sqlite => format!("{column} IN (SELECT value FROM json_each({list}))"),
            Dialect::Postgres => format!("{column} = ANY({list})"),
        }
    }

    /// What lies in containers. PostgreSQL answers `IN (SELECT …)` beside an `OR` by reading the whole table, and an array by an index.
    fn lies_in(&mut self, inside: ContainersTable<'_>, ids: Vec<Id>) -> String {
        let ContainersTable { table, resource, container } = inside;
        let (id, is_in) = (self.columns.id, self.is_among(&format!("{table}.{container}"), ids));
        let select = format!("SELECT {table}.{resource} FROM {table} WHERE {is_in}");
        match self.dialect {
            Dialect::Sqlite => format!("{id} IN ({select})"),
            Dialect::Postgres => format!("{id} = ANY(ARRAY({select}))"),
        }
    }

    /// Columns that are together one of some rows, in SQLite.
    fn is_among_rows(&mut self, beside: &[&str], inside: Option<ContainersTable<'_>>, rows: Vec<Vec<Id>>) -> String {
        let (id, rows) = (self.columns.id, self.bind(Param::Rows(rows)));
        let value = |at: usize| format!("json_extract(opened_.value, '$[{at}]')");
        let (wanted, join) = selected(beside.len(), inside, value);
        format!("({}, {id}) IN (SELECT {wanted} FROM json_each({rows}) AS opened_{join})", beside.join(", "))
    }

    /// The same in PostgreSQL, which finds by the first part and takes the kinds of the arrays from there; the last part says what belongs
    /// together.
    fn is_among_columns(&mut self, beside: &[&str], inside: Option<ContainersTable<'_>>, rows: &[Vec<Id>]) -> String {
        let id = self.columns.id;
        let column = |at: usize| -> Vec<Id> { rows.iter().filter_map(|row| row.get(at).copied()).collect() };
        let resources = column(beside.len());
        let found = match inside {
            None => self.is_among(id, resources.clone()),
            Some(inside) => self.lies_in(inside, resources.clone()),
        };
        let mut parts = [found].to_vec();
        let mut lists = Vec::new();
        for (at, name) in beside.iter().enumerate() {
            parts.push(self.is_among(name, column(at)));
            lists.push(self.bind(Param::List(column(at))));
        }
        lists.push(self.bind(Param::List(resources)));
        let names: Vec<String> = (0..lists.len()).map(|at| format!("o{at}")).collect();
        let (wanted, join) = selected(beside.len(), inside, |at| format!("opened_.o{at}"));
        let together = format!("unnest({}) AS opened_({})", lists.join(", "), names.join(", "));
        parts.push(format!("({}, {id}) IN (SELECT {wanted} FROM {together}{join})", beside.join(", ")));
        parts.join(" AND ")
    }
}

/// The owner of the rows that a share counts for, where each share has another; `None` where it counts for no such row.
fn owner_of(goes: Goes, whose: Whose, user: Option<UserId>) -> Option<Option<UserId>> {
    let Goes::As(Extent { word, .. }) = goes else { return Some(None) };
    match whose {
        Whose::Nobodys => Some(None),
        Whose::Own => (word.is_some() && word == user).then_some(None),
        Whose::Others => word.filter(|_| word != user).map(Some),
    }
}

/// What is selected of rows that say what is opened, so many columns and then what is shared; or, joined to it, what lies in that.
fn selected(beside: usize, inside: Option<ContainersTable<'_>>, value: impl Fn(usize) -> String) -> (String, String) {
    let (last, mut wanted) = (value(beside), (0..beside).map(value).collect::<Vec<_>>());
    let Some(ContainersTable { table, resource, container }) = inside else {
        wanted.push(last);
        return (wanted.join(", "), String::new());
    };
    wanted.push(format!("{table}.{resource}"));
    (wanted.join(", "), format!(" JOIN {table} ON {table}.{container} = {last}"))
}

/// Parts that hold together; none is all of the table.
fn all_of(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match parts.as_slice() {
        [] => String::new(),
        [alone] => alone.clone(),
        several => format!("({})", several.join(" AND ")),
    }
}
