//! The review as CSV (RFC 4180): one line for each permission that somebody holds somewhere, and each source of it.

use alloc::string::{String, ToString};

use super::{Review, ReviewedPlace, ReviewedRow, Wording};
use crate::actor::Actor;
use crate::change::Place;
use crate::reach::{Source, Through};

const HEAD: [&str; 16] = [
    "organization",
    "version",
    "who",
    "name",
    "relation",
    "state",
    "place",
    "place name",
    "permission",
    "usable",
    "through",
    "what",
    "given by",
    "since",
    "until",
    "last change",
];

impl Review {
    /// The review as CSV, for spreadsheets and scripts.
    ///
    /// # Shape
    /// RFC 4180: lines end in CR LF, the first one names the columns, cells are quoted where they must be. In UTF-8 without a
    /// mark. A cell that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) has an
    /// apostrophe before it. One line for each permission that is held and each source of it; what is held everywhere stands
    /// under the organization. A row whose end has come has one line with an empty permission.
    ///
    /// # Examples
    /// See [`Review`].
    #[must_use]
    pub fn to_csv(&self, wording: &Wording<'_>) -> String {
        let mut text = String::new();
        line(&mut text, HEAD.into_iter());
        for place in &self.places {
            for row in &place.rows {
                self.csv_row(&mut text, place, row, wording);
            }
        }
        text
    }

    fn csv_row(&self, text: &mut String, place: &ReviewedPlace, row: &ReviewedRow, wording: &Wording<'_>) {
        for source in &row.holding.sources {
            let counting = Self::counting(row, source);
            for held in self.permissions.iter().filter(|held| counting.contains(held.permission)) {
                let usable = if row.holding.usable.contains(held.permission) { "yes" } else { "no" };
                self.csv_line(text, (place, row, source), &held.key, usable, wording);
            }
            if source.through == Through::EndedRow {
                self.csv_line(text, (place, row, source), "", "no", wording);
            }
        }
    }

    fn csv_line(
        &self,
        text: &mut String,
        (place, row, source): (&ReviewedPlace, &ReviewedRow, &Source),
        key: &str,
        usable: &str,
        wording: &Wording<'_>,
    ) {
        let who = match row.who {
            Actor::Service(service) => service.to_string(),
            actor => actor.user().map(|user| user.to_string()).unwrap_or_default(),
        };
        let changed = match row.who {
            Actor::Service(id) => self.service(id).map(|service| service.origin.at),
            actor => actor.user().and_then(|user| self.person(user)).map(|person| person.last_change.at),
        };
        let (kind, id) = match place.place {
            Place::Organization => ("organization", self.organization.to_string()),
            Place::Workspace(id) => ("workspace", id.to_string()),
        };
        let through = match source.through {
            Through::Role(_) => "role",
            Through::RowRole(_) | Through::Row => "row",
            Through::Group(_) | Through::Team(_) => "rule",
            Through::EndedRow => "ended",
        };
        let cells = [
            self.organization.to_string(),
            self.version.to_string(),
            who,
            self.who(row.who, wording),
            self.relation(row.who),
            self.state(row.who).into(),
            if kind == "workspace" { id } else { kind.into() },
            place.name.to_string(),
            key.into(),
            usable.into(),
            through.into(),
            self.through(source.through),
            self.who(source.origin.by, wording),
            wording.time(source.origin.at),
            source.until.map(|until| wording.time(until)).unwrap_or_default(),
            changed.map(|at| wording.time(at)).unwrap_or_default(),
        ];
        line(text, cells.iter().map(String::as_str));
    }
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (at, cell) in cells.enumerate() {
        if at > 0 {
            text.push(',');
        }
        write_cell(text, cell);
    }
    text.push_str("\r\n");
}

fn write_cell(text: &mut String, cell: &str) {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { "'" } else { "" };
    if cell.contains([',', '"', '\r', '\n']) {
        text.push('"');
        text.push_str(guard);
        text.push_str(&cell.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(guard);
        text.push_str(cell);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be_and_no_formula_gets_through() {
        let written = |cell: &str| {
            let mut text = String::new();
            write_cell(&mut text, cell);
            text
        };
        assert_eq!(written("plain words"), "plain words");
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("say \"no\""), "\"say \"\"no\"\"\"");
        assert_eq!(written("=1+1"), "'=1+1");
        assert_eq!(written("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        for first in ["+1", "-1", "@SUM(A1)", "\tx"] {
            assert_eq!(written(first), alloc::format!("'{first}"));
        }
        assert_eq!(written("\rx"), "\"'\rx\"");
        assert_eq!(written("a=b"), "a=b");
    }
}
