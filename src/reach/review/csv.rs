//! The review as CSV (RFC 4180): one line for each thing that there is to say of somebody somewhere.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};

use super::shared::state_of;
use super::{Review, ReviewedPermission, ReviewedPlace, ReviewedRow, ReviewedShare, Wording};
use crate::actor::Actor;
use crate::catalog::{PermissionSet, Scope};
use crate::change::Place;
use crate::organization::Origin;
use crate::reach::{Holding, Through};
use crate::time::Timestamp;

const HEAD: [&str; 18] = [
    "organization",
    "version",
    "who",
    "name",
    "relation",
    "state",
    "place",
    "place name",
    "place state",
    "permission",
    "usable",
    "resources",
    "through",
    "what",
    "given by",
    "since",
    "until",
    "last change",
];

/// Of what somebody holds in a place, one thing to say.
struct Fact<'r> {
    /// The permission; none for what is about no single one.
    held: Option<&'r ReviewedPermission>,
    usable: &'static str,
    through: &'static str,
    what: String,
    origin: Option<Origin>,
    until: Option<Timestamp>,
}

impl Review {
    /// The review as CSV, for spreadsheets and scripts.
    ///
    /// # Shape
    /// RFC 4180: lines end in CR LF, the first one names the columns, every cell is quoted. In UTF-8 without a mark. Where a
    /// spreadsheet would take a cell for a formula, or the rest of one that it cuts at a semicolon or tab (it begins with `=`,
    /// `+`, `-`, `@`, a tab or a line break), an apostrophe stands before that.
    ///
    /// | through | what the line says |
    /// | --- | --- |
    /// | `role`, `row`, `rule` | a permission is held through that; one line for each source |
    /// | `taken` | a permission would be held, and that takes it |
    /// | `ended` | a row whose end has come; no permission |
    /// | `none` | somebody who holds nothing anywhere; no permission |
    /// | `archived` | what nobody can in a workspace while it is archived |
    /// | `share` | what is shared on a resource, which is the place |
    ///
    /// What is held everywhere stands under the organization. `resources` says of permissions on single resources whether it is
    /// `all` of a place or those `shared` with them.
    ///
    /// # Examples
    /// See [`Review`].
    #[must_use]
    pub fn to_csv(&self, wording: &Wording<'_>) -> String {
        let mut text = String::new();
        line(&mut text, HEAD.into_iter());
        let mut listed = BTreeSet::new();
        for place in &self.places {
            for row in &place.rows {
                for fact in self.facts(row) {
                    listed.insert(row.who);
                    self.csv_line(&mut text, place, Some(row), fact, wording);
                }
            }
            self.csv_closed(&mut text, place, wording);
        }
        self.csv_of_nobody(&mut text, &listed, wording);
        for share in self.shares.iter().flatten() {
            self.csv_share(&mut text, share, wording);
        }
        text
    }

    /// Everything there is to say of somebody in a place.
    fn facts<'r>(&'r self, row: &'r ReviewedRow) -> impl Iterator<Item = Fact<'r>> {
        row.holding.sources.iter().flat_map(move |source| {
            let (counting, taking) = (Self::counting(row, source), Self::taking(row, source));
            let of = move |held, usable, through| {
                let (origin, until) = (Some(source.origin), source.until);
                Fact { held, usable, through, what: self.through(source.through), origin, until }
            };
            let inside = move |set: PermissionSet| {
                self.permissions.iter().filter(move |held| set.contains(held.permission)).map(Some)
            };
            let usable = |held: Option<&ReviewedPermission>| {
                held.is_some_and(|held| row.holding.usable.contains(held.permission))
            };
            let counts = inside(counting)
                .map(move |held| of(held, if usable(held) { "yes" } else { "no" }, kind_of(source.through)));
            let takes = inside(taking).map(move |held| of(held, "no", "taken"));
            let ended = (source.through == Through::EndedRow).then(|| of(None, "no", "ended"));
            counts.chain(takes).chain(ended)
        })
    }

    /// What nobody can in a workspace while it is archived.
    fn csv_closed(&self, text: &mut String, place: &ReviewedPlace, wording: &Wording<'_>) {
        for held in self.permissions.iter().filter(|held| place.closed.contains(held.permission)) {
            let (what, origin) = ("nobody, while it is archived".to_owned(), place.archived);
            let fact = Fact { held: Some(held), usable: "no", through: "archived", what, origin, until: None };
            self.csv_line(text, place, None, fact, wording);
        }
    }

    /// Whoever is there and holds nothing.
    fn csv_of_nobody(&self, text: &mut String, listed: &BTreeSet<Actor>, wording: &Wording<'_>) {
        let Some(place) = self.place(Place::Organization) else { return };
        let people = self.people.iter().map(|person| Actor::User(person.user));
        let all = people.chain(self.services.iter().map(|service| Actor::Service(service.service)));
        for who in all.filter(|who| !listed.contains(who)) {
            let row = ReviewedRow { who, holding: Holding::NOTHING };
            let fact =
                Fact { held: None, usable: "no", through: "none", what: String::new(), origin: None, until: None };
            self.csv_line(text, place, Some(&row), fact, wording);
        }
    }

    fn csv_line(
        &self,
        text: &mut String,
        place: &ReviewedPlace,
        row: Option<&ReviewedRow>,
        fact: Fact<'_>,
        wording: &Wording<'_>,
    ) {
        let shared = |held: &ReviewedPermission| row.is_some_and(|row| row.is_on_shared_alone(held));
        let resources = fact.held.filter(|held| row.is_some() && held.scope == Scope::Resource);
        let [who, name, relation, state, changed] = match row {
            Some(row) => self.csv_who(row.who, wording),
            None => [String::new(), "everybody".to_owned(), String::new(), String::new(), String::new()],
        };
        let cells = [
            self.organization.to_string(),
            self.version.to_string(),
            who,
            name,
            relation,
            state,
            match place.place {
                Place::Organization => "organization".to_owned(),
                Place::Workspace(id) => id.to_string(),
            },
            place.name.to_string(),
            if place.archived.is_some() { "archived" } else { "active" }.to_owned(),
            fact.held.map(|held| held.key.clone()).unwrap_or_default(),
            fact.usable.to_owned(),
            resources.map(|held| if shared(held) { "shared" } else { "all" }).unwrap_or_default().to_owned(),
            fact.through.to_owned(),
            fact.what,
            fact.origin.map(|origin| self.who(origin.by, wording)).unwrap_or_default(),
            fact.origin.map(|origin| wording.time(origin.at)).unwrap_or_default(),
            fact.until.map(|until| wording.time(until)).unwrap_or_default(),
            changed,
        ];
        line(text, cells.iter().map(String::as_str));
    }

    /// Who somebody is: id, name, relation, state, last change.
    fn csv_who(&self, who: Actor, wording: &Wording<'_>) -> [String; 5] {
        let (id, changed) = match who {
            Actor::Service(id) => (id.to_string(), self.service(id).map(|service| service.origin)),
            actor => {
                let user = actor.user();
                let person = user.and_then(|user| self.person(user));
                (user.map(|user| user.to_string()).unwrap_or_default(), person.map(|person| person.last_change))
            }
        };
        let changed = changed.map(|origin| wording.time(origin.at)).unwrap_or_default();
        [id, self.who(who, wording), self.relation(who), self.state(who).to_owned(), changed]
    }

    fn csv_share(&self, text: &mut String, share: &ReviewedShare, wording: &Wording<'_>) {
        for held in self.permissions.iter().filter(|held| share.level.contains(held.permission)) {
            let cells = [
                self.organization.to_string(),
                self.version.to_string(),
                share.to.user().map(|user| user.to_string()).unwrap_or_default(),
                self.recipient(share, wording),
                self.kind_of(share).to_owned(),
                state_of(share).to_owned(),
                share.at.resource.to_string(),
                "resource".to_owned(),
                String::new(),
                held.key.clone(),
                if share.is_ended { "no" } else { "yes" }.to_owned(),
                "shared".to_owned(),
                "share".to_owned(),
                alloc::format!("share {}", share.at.share),
                self.who(share.origin.by, wording),
                wording.time(share.origin.at),
                share.until.map(|until| wording.time(until)).unwrap_or_default(),
                String::new(),
            ];
            line(text, cells.iter().map(String::as_str));
        }
    }
}

const fn kind_of(through: Through) -> &'static str {
    match through {
        Through::Role(_) => "role",
        Through::RowRole(_) | Through::Row => "row",
        Through::Group(_) | Through::Team(_) => "rule",
        Through::EndedRow => "ended",
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

/// Quoted, whatever it is: some spreadsheets cut at semicolons or tabs instead of commas.
fn write_cell(text: &mut String, cell: &str) {
    text.push('"');
    let mut begins = true;
    for c in cell.chars() {
        if begins && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n') {
            text.push('\'');
        }
        if c == '"' {
            text.push('"');
        }
        text.push(c);
        begins = matches!(c, ';' | '\t' | '\r' | '\n');
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cell: &str) -> String {
        let mut text = String::new();
        write_cell(&mut text, cell);
        text
    }

    #[test]
    fn every_cell_is_quoted() {
        assert_eq!(written("plain words"), "\"plain words\"");
        assert_eq!(written("a,b"), "\"a,b\"");
        assert_eq!(written("a;b"), "\"a;b\"");
        assert_eq!(written("say \"no\""), "\"say \"\"no\"\"\"");
    }

    #[test]
    fn no_formula_gets_through_wherever_a_spreadsheet_cuts() {
        assert_eq!(written("=1+1"), "\"'=1+1\"");
        assert_eq!(written("=HYPERLINK(\"http://x\",\"y\")"), "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        for first in ["+1", "-1", "@SUM(A1)", "\rx"] {
            assert_eq!(written(first), alloc::format!("\"'{first}\""));
        }
        assert_eq!(written("Bob;=HYPERLINK(1)"), "\"Bob;'=HYPERLINK(1)\"");
        assert_eq!(written("Bob\t@SUM(A1)"), "\"Bob\t'@SUM(A1)\"");
        assert_eq!(written("two\n-1"), "\"two\n'-1\"");
        assert_eq!(written("a=b"), "\"a=b\"");
    }
}
