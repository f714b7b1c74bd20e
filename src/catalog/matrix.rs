//! The permission matrix: who holds what, for a product manager to read and a reviewer to diff.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::policy::Levels;
use super::{Catalog, PermissionDef, PermissionSet, Reach, Role, Scope, Sight};

/// Roles × permissions of a catalog, grouped by scope.
///
/// # Shape
/// Columns are roles, highest rank first. Rows are permissions in the order of definition; those of one title in one
/// scope are one row. Traits that matter as much as permissions (reach, sight) are rows too, where roles differ in them.
///
/// # Examples
/// ```
/// use bailiwick::catalog::Catalog;
///
/// let cloud: Catalog = toml::from_str(bailiwick::presets::CLOUD)?;
/// assert!(cloud.matrix().to_markdown().contains("| Run operations "));
/// assert!(cloud.matrix().to_svg().starts_with("<svg"));
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Matrix {
    /// The name of the catalog.
    pub name: String,
    /// Titles of the roles, highest rank first.
    pub roles: Vec<String>,
    /// The scopes that have permissions.
    pub sections: Vec<MatrixSection>,
}

/// The rows of one scope.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MatrixSection {
    /// Which scope.
    pub scope: Scope,
    /// Its rows.
    pub rows: Vec<MatrixRow>,
}

impl MatrixSection {
    /// What the scope is called in a heading.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self.scope {
            Scope::Organization => "Organization",
            Scope::Workspace => "Workspaces",
            Scope::Resource => "Resources",
        }
    }
}

/// One row: a permission, several permissions of one title, or a trait.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct MatrixRow {
    /// What people call it.
    pub title: String,
    /// The permission keys behind it; empty for a trait.
    pub keys: Vec<String>,
    /// One for each role.
    pub cells: Vec<Cell>,
}

/// Whether a role holds what a row says.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Cell {
    /// All of it.
    Yes,
    /// None of it.
    No,
    /// Some of the permissions behind the row.
    Partly,
}

impl Cell {
    /// The sign for it in a table.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Yes => "✓",
            Self::No => "-",
            Self::Partly => "some",
        }
    }
}

pub(super) fn matrix(catalog: &Catalog) -> Matrix {
    let roles = roles_by_rank(catalog);
    let sections = [Scope::Organization, Scope::Workspace, Scope::Resource]
        .into_iter()
        .map(|scope| MatrixSection { scope, rows: rows(catalog, &roles, scope) })
        .filter(|section| !section.rows.is_empty())
        .collect();
    let titles = roles.iter().filter_map(|role| catalog.role_def(*role)).map(|def| def.display_title().to_owned());
    Matrix { name: catalog.name().to_owned(), roles: titles.collect(), sections }
}

/// Roles, highest rank first; those of one rank in the order of definition.
fn roles_by_rank(catalog: &Catalog) -> Vec<Role> {
    let mut roles: Vec<(u32, Role)> = catalog.roles().map(|(role, def)| (def.rank, role)).collect();
    roles.sort_by_key(|(rank, _)| core::cmp::Reverse(*rank));
    roles.into_iter().map(|(_, role)| role).collect()
}

fn rows(catalog: &Catalog, roles: &[Role], scope: Scope) -> Vec<MatrixRow> {
    let mut rows = traits(catalog, roles, scope);
    let mut merged: Vec<(&str, PermissionSet, Vec<String>)> = Vec::new();
    for (permission, def) in catalog.permissions().filter(|(_, def)| def.scope == scope) {
        let title = PermissionDef::display_title(def);
        match merged.iter_mut().find(|(earlier, ..)| *earlier == title) {
            Some((_, set, keys)) => {
                set.insert(permission);
                keys.push(def.key.clone());
            }
            None => {
                let keys = [def.key.clone()].into_iter().collect();
                merged.push((title, PermissionSet::from_iter([permission]), keys));
            }
        }
    }
    rows.extend(merged.into_iter().map(|(title, set, keys)| MatrixRow {
        title: title.to_owned(),
        keys,
        cells: roles.iter().map(|role| cell(set, catalog.permissions_of(*role))).collect(),
    }));
    rows
}

fn cell(asked: PermissionSet, held: PermissionSet) -> Cell {
    match (asked.is_subset(&held), (asked & held).is_empty()) {
        (true, _) => Cell::Yes,
        (false, true) => Cell::No,
        (false, false) => Cell::Partly,
    }
}

/// The traits that belong to a scope.
fn traits(catalog: &Catalog, roles: &[Role], scope: Scope) -> Vec<MatrixRow> {
    let row = |title: &str, holds: &dyn Fn(&Role) -> bool| MatrixRow {
        title: title.to_owned(),
        keys: Vec::new(),
        cells: roles.iter().map(|role| if holds(role) { Cell::Yes } else { Cell::No }).collect(),
    };
    let reach = |role: &Role| catalog.role_table(*role).reach;
    let sight = |role: &Role| catalog.role_table(*role).sight;
    match scope {
        Scope::Workspace if catalog.policy().levels == Levels::Workspaces => [
            row("Access all workspaces", &|role| reach(role) == Reach::All),
            row("Access assigned workspaces", &|role| reach(role) != Reach::None),
        ]
        .into_iter()
        .collect(),
        Scope::Resource if roles.iter().any(|role| sight(role) == Sight::Shared) => {
            [row("See what is not shared with one", &|role| sight(role) == Sight::All)].into_iter().collect()
        }
        _ => Vec::new(),
    }
}

impl Matrix {
    /// The matrix as a Markdown table whose columns line up, so that it also reads in a terminal.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        let first = self
            .sections
            .iter()
            .flat_map(|section| {
                section.rows.iter().map(|row| width(&row.title)).chain([width(section.title()).saturating_add(4)])
            })
            .max()
            .unwrap_or(0)
            .max(width("Permission"));
        let widths: Vec<usize> = self.roles.iter().map(|role| width(role).max(4)).collect();
        let mut text = String::new();
        line(&mut text, "Permission", first, self.roles.iter().map(String::as_str), &widths);
        let rule: Vec<String> =
            widths.iter().map(|width| alloc::format!(":{}:", "-".repeat(width.saturating_sub(2)))).collect();
        line(&mut text, &"-".repeat(first), first, rule.iter().map(String::as_str), &widths);
        for section in &self.sections {
            let heading = alloc::format!("**{}**", section.title());
            line(&mut text, &heading, first, self.roles.iter().map(|_| ""), &widths);
            for row in &section.rows {
                line(
                    &mut text,
                    &row.title.replace('|', "\\|"),
                    first,
                    row.cells.iter().map(|cell| cell.sign()),
                    &widths,
                );
            }
        }
        text
    }
}

fn line<'c>(
    text: &mut String,
    first: &str,
    first_width: usize,
    cells: impl Iterator<Item = &'c str>,
    widths: &[usize],
) {
    // Writing to a string cannot fail.
    let _ = write!(text, "| {first:first_width$} |");
    for (cell, width) in cells.zip(widths) {
        let _ = write!(text, " {cell:^width$} |");
    }
    text.push('\n');
}

fn width(text: &str) -> usize {
    text.chars().count()
}
