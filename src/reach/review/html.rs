//! The review as a page: self-contained, without scripts, for screens light and dark and for A4.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::markdown::is_said;
use super::signs::{Cell, LEGEND};
use super::tables::state_of;
use super::{Breadth, Review, ReviewedPermission, ReviewedPerson, ReviewedPlace, ReviewedRow, Wording};
use crate::actor::Actor;
use crate::catalog::Scope;
use crate::change::Place;
use crate::organization::PersonStatus;
use crate::reach::{Relation, Through};

const STYLE: &str = include_str!("page.css");
/// Columns of one matrix: as many as fit across A4 beside the names.
const COLUMNS_MAX: usize = 32;

impl Review {
    /// The review as one HTML page: what to look at first, people, services, invitations, then a matrix for the organization
    /// and one for each workspace, with what was given there in detail.
    ///
    /// # Shape
    /// Self-contained: styles inside, no scripts, nothing is loaded. Everything that people typed is escaped. Prints on A4
    /// across. Its size is that of the review: take [`Breadth::Exceptions`] for organizations of thousands.
    ///
    /// # Examples
    /// See [`Review`].
    #[must_use]
    pub fn to_html(&self, wording: &Wording<'_>) -> String {
        let order = self.in_order(wording);
        let mut page = Page { text: String::new() };
        let name = escape(self.name.as_str());
        page.put(format_args!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
             <title>Access review: {name}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n"
        ));
        self.html_head(&mut page, wording);
        self.html_people(&mut page, &order, wording);
        self.html_services(&mut page, wording);
        self.html_invitations(&mut page, wording);
        page.put(format_args!("<section>\n<h2>How to read the tables below</h2>\n<ul class=\"legend\">\n"));
        for (class, sign, words) in LEGEND {
            page.put(format_args!("<li><span class=\"{class}\">{sign}</span> {words}</li>\n"));
        }
        page.put(format_args!("</ul>\n</section>\n"));
        for place in &self.places {
            self.html_place(&mut page, place, &order, wording);
        }
        self.html_permissions(&mut page);
        self.html_foot(&mut page, wording);
        page.put(format_args!("</main>\n</body>\n</html>\n"));
        page.text
    }

    fn html_head(&self, page: &mut Page, wording: &Wording<'_>) {
        let (name, plan, at) = (escape(self.name.as_str()), escape(&self.plan), escape(&wording.time(self.at)));
        page.put(format_args!(
            "<header>\n<p class=\"kind\">Access review</p>\n<h1>{name}</h1>\n\
             <p class=\"of\">as of <b>{at}</b> · version {} · {} · plan {plan}</p>\n</header>\n<ul class=\"tiles\">\n",
            self.version, self.status
        ));
        let people = |relation| self.people.iter().filter(|person| person.relation == relation).count();
        let suspended = self.people.iter().filter(|person| person.status == PersonStatus::Suspended).count();
        let tiles = [
            (people(Relation::Member), "member", "members"),
            (people(Relation::Collaborator), "from outside", "from outside"),
            (suspended, "suspended", "suspended"),
            (self.active_owners().count(), "active owner", "active owners"),
            (self.services.len(), "service", "services"),
            (self.places.len().saturating_sub(1), "workspace", "workspaces"),
            (self.invitations.len(), "open invitation", "open invitations"),
        ];
        for (number, one, several) in tiles {
            let what = if number == 1 { one } else { several };
            page.put(format_args!("<li><b>{number}</b> {what}</li>\n"));
        }
        page.put(format_args!("</ul>\n"));
        let notes = self.notes(wording);
        if !notes.is_empty() {
            page.put(format_args!("<section class=\"notes\">\n<h2>To look at first</h2>\n<ul>\n"));
            for note in notes {
                page.put(format_args!("<li>{}</li>\n", escape(&note)));
            }
            page.put(format_args!("</ul>\n</section>\n"));
        }
    }

    fn html_people(&self, page: &mut Page, order: &[(&ReviewedPerson, String)], wording: &Wording<'_>) {
        page.table(
            "People",
            &["Who", "Relation", "Roles", "Teams", "State", "Joined", "Roles given by", "since", "Last change"],
        );
        for (person, name) in order {
            let state = state_of(person);
            page.row(
                state,
                [
                    name.clone(),
                    person.relation.to_string(),
                    self.roles(person),
                    self.teams(person),
                    state.to_owned(),
                    wording.time(person.joined.at),
                    self.who(person.roles_from.by, wording),
                    wording.time(person.roles_from.at),
                    wording.time(person.last_change.at),
                ],
            );
        }
        page.end();
    }

    fn html_services(&self, page: &mut Page, wording: &Wording<'_>) {
        if self.services.is_empty() {
            return;
        }
        page.table("Services", &["Service", "Acts for", "State", "Last changed by", "since", "Until"]);
        for service in &self.services {
            let state = self.state(Actor::Service(service.service));
            page.row(
                state,
                [
                    service.name.to_string(),
                    service.sponsor.map_or("nobody".to_owned(), |user| self.who(Actor::User(user), wording)),
                    state.to_owned(),
                    self.who(service.origin.by, wording),
                    wording.time(service.origin.at),
                    service.until.map(|until| wording.time(until)).unwrap_or_default(),
                ],
            );
        }
        page.end();
    }

    fn html_invitations(&self, page: &mut Page, wording: &Wording<'_>) {
        if self.invitations.is_empty() {
            return;
        }
        page.table("Open invitations", &["Address", "Promised", "Invited by", "since", "Until"]);
        for invitation in &self.invitations {
            page.row(
                "active",
                [
                    invitation.address.as_ref().map(ToString::to_string).unwrap_or_default(),
                    self.promise(invitation),
                    self.who(invitation.issued.by, wording),
                    wording.time(invitation.issued.at),
                    wording.time(invitation.until),
                ],
            );
        }
        page.end();
    }

    fn html_place(
        &self,
        page: &mut Page,
        place: &ReviewedPlace,
        order: &[(&ReviewedPerson, String)],
        wording: &Wording<'_>,
    ) {
        let rows: Vec<(&ReviewedRow, String)> = self.rows_in_order(place, order).collect();
        let of_organization = |permission: &&ReviewedPermission| permission.scope == Scope::Organization;
        let (own, below): (Vec<_>, Vec<_>) = self.permissions.iter().partition(of_organization);
        page.put(format_args!("<section>\n"));
        match place.place {
            Place::Organization => {
                page.heading("Organization", None);
                self.html_matrix(page, "What can be done in the organization itself.", &own, &rows);
                self.html_matrix(page, "What can be done in every workspace, those to come included.", &below, &rows);
            }
            Place::Workspace(_) => {
                let archived = place.archived.map(|origin| alloc::format!("archived {}", wording.time(origin.at)));
                page.heading(&alloc::format!("Workspace {}", place.name), archived.as_deref());
                self.html_matrix(page, "", &below, &rows);
                if self.breadth == Breadth::Exceptions {
                    let rest = place.as_everywhere;
                    page.put(format_args!("<p>And {rest} people just as everywhere: see the organization.</p>\n"));
                }
                self.html_given(page, &rows, wording);
            }
        }
        page.put(format_args!("</section>\n"));
    }

    fn html_matrix(
        &self,
        page: &mut Page,
        about: &str,
        columns: &[&ReviewedPermission],
        rows: &[(&ReviewedRow, String)],
    ) {
        let shows = |(row, _): &&(&ReviewedRow, String)| {
            let said = row.holding.granted | row.holding.withheld();
            row.has_row() || columns.iter().any(|column| said.contains(column.permission))
        };
        let rows: Vec<_> = rows.iter().filter(shows).collect();
        if !about.is_empty() {
            page.put(format_args!("<p class=\"about\">{about}</p>\n"));
        }
        if rows.is_empty() {
            page.put(format_args!("<p>Nobody.</p>\n"));
            return;
        }
        for columns in columns.chunks(COLUMNS_MAX) {
            page.put(format_args!(
                "<div class=\"wide\"><table class=\"matrix\">\n<thead><tr><th scope=\"col\">Who</th>"
            ));
            for column in columns {
                let (key, title) = (escape(&column.key), escape(&column.title));
                page.put(format_args!("<th scope=\"col\" class=\"up\" title=\"{title}\"><span>{key}</span></th>"));
            }
            page.put(format_args!("</tr></thead>\n<tbody>\n"));
            for (row, name) in &rows {
                self.html_cells(page, row, name, columns);
            }
            page.put(format_args!("</tbody>\n</table></div>\n"));
        }
    }

    fn html_cells(&self, page: &mut Page, row: &ReviewedRow, name: &str, columns: &[&ReviewedPermission]) {
        let (state, relation) = (self.state(row.who), self.relation(row.who));
        page.put(format_args!("<tr class=\"{state}\"><th scope=\"row\">{}", escape(name)));
        let member = relation == Relation::Member.to_string();
        for tag in [(!member).then_some(relation.as_str()), (state != "active").then_some(state)].into_iter().flatten()
        {
            page.put(format_args!(" <small>{}</small>", escape(tag)));
        }
        page.put(format_args!("</th>"));
        for column in columns {
            let cell = Cell::of(&row.holding, column.permission);
            if cell == Cell::default() {
                page.put(format_args!("<td></td>"));
                continue;
            }
            page.put(format_args!("<td"));
            if !cell.by_role || cell.by_row || cell.by_rule {
                let through = row.holding.through(column.permission).chain(row.holding.withheld_by(column.permission));
                let words: Vec<String> = through.map(|source| self.through(source.through)).collect();
                page.put(format_args!(" title=\"{}\"", escape(&words.join(", "))));
            }
            page.put(format_args!(">"));
            for (class, sign) in cell.signs() {
                page.put(format_args!("<span class=\"{class}\">{sign}</span>"));
            }
            page.put(format_args!("</td>"));
        }
        page.put(format_args!("</tr>\n"));
    }

    /// What was given in a workspace itself: rows and rules, with who gave them.
    fn html_given(&self, page: &mut Page, rows: &[(&ReviewedRow, String)], wording: &Wording<'_>) {
        let own =
            rows.iter().flat_map(|(row, name)| row.holding.sources.iter().map(move |source| (*row, name, source)));
        let own = own.filter(|(row, _, source)| !matches!(source.through, Through::Role(_)) && is_said(row, source));
        let mut own = own.peekable();
        if own.peek().is_none() {
            return;
        }
        page.table_of(
            "<h3>Given and taken in this workspace</h3>",
            &["Who", "Through", "Gives", "Takes", "Given by", "since", "Until"],
        );
        for (row, name, source) in own {
            page.row(
                self.state(row.who),
                [
                    name.clone(),
                    self.through(source.through),
                    self.keys(Self::counting(row, source)).join(", "),
                    self.keys(Self::taking(row, source)).join(", "),
                    self.who(source.origin.by, wording),
                    wording.time(source.origin.at),
                    source.until.map(|until| wording.time(until)).unwrap_or_default(),
                ],
            );
        }
        page.end();
    }

    fn html_permissions(&self, page: &mut Page) {
        page.put(format_args!("<section>\n"));
        page.table_of("<h2>The permissions</h2>", &["Permission", "What it is", "Where"]);
        for permission in &self.permissions {
            let scope = match permission.scope {
                Scope::Organization => "organization",
                Scope::Workspace => "workspace",
                Scope::Resource => "resource",
            };
            page.row("active", [permission.key.clone(), permission.title.clone(), scope.to_owned()]);
        }
        page.end();
        page.put(format_args!("</section>\n"));
    }

    fn html_foot(&self, page: &mut Page, wording: &Wording<'_>) {
        let (id, created) = (self.organization, escape(&wording.time(self.created.at)));
        let by = escape(&self.who(self.created.by, wording));
        page.put(format_args!(
            "<footer>\n<p>Organization {id}, made {created} by {by}. Read from version {} of its history; what the same \
             version answers to a check, it says here. Being signed in well enough (identity provider, second factor, recent \
             sign-in) is assumed; what is shared on single resources is not listed.</p>\n\
             <p class=\"sign\">Reviewed by <span></span> on <span></span></p>\n</footer>\n",
            self.version
        ));
    }
}

/// A page as it is written.
struct Page {
    text: String,
}

impl Page {
    fn put(&mut self, piece: core::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(piece);
    }

    fn heading(&mut self, title: &str, tag: Option<&str>) {
        let tag = tag.map(|tag| alloc::format!(" <small>{}</small>", escape(tag))).unwrap_or_default();
        self.put(format_args!("<h2>{}{tag}</h2>\n", escape(title)));
    }

    fn table(&mut self, title: &str, columns: &[&str]) {
        self.table_of(&alloc::format!("<h2>{title}</h2>"), columns);
    }

    fn table_of(&mut self, heading: &str, columns: &[&str]) {
        self.put(format_args!("{heading}\n<div class=\"wide\"><table>\n<thead><tr>"));
        for column in columns {
            self.put(format_args!("<th scope=\"col\">{column}</th>"));
        }
        self.put(format_args!("</tr></thead>\n<tbody>\n"));
    }

    fn row<const N: usize>(&mut self, class: &str, cells: [String; N]) {
        self.put(format_args!("<tr class=\"{class}\">"));
        for (at, cell) in cells.iter().enumerate() {
            let cell = escape(cell);
            match at {
                0 => self.put(format_args!("<th scope=\"row\">{cell}</th>")),
                _ if !cell.contains(' ') => self.put(format_args!("<td class=\"word\">{cell}</td>")),
                _ => self.put(format_args!("<td>{cell}</td>")),
            }
        }
        self.put(format_args!("</tr>\n"));
    }

    fn end(&mut self) {
        self.put(format_args!("</tbody>\n</table></div>\n"));
    }
}

/// Text as it is, in elements and in quoted attributes.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}
