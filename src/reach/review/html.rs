//! The review as a page: self-contained, without scripts, for screens light and dark and for A4.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::markdown::is_said;
use super::page::{Page, escape};
use super::shared::SHARE_HEAD;
use super::signs::{Cell, LEGEND};
use super::tables::state_of;
use super::{Breadth, Review, ReviewedPermission, ReviewedPerson, ReviewedPlace, ReviewedRow, Wording};
use crate::actor::Actor;
use crate::catalog::Scope;
use crate::change::Place;
use crate::organization::PersonStatus;
use crate::reach::{Relation, Source, Through};

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
        self.html_shares(&mut page, wording);
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
            page.row(state_of(person), self.person_cells(person, name, wording));
        }
        page.end();
    }

    fn html_services(&self, page: &mut Page, wording: &Wording<'_>) {
        if self.services.is_empty() {
            return;
        }
        page.table(
            "Services",
            &["Service", "Acts for", "State", "Given", "Where", "Last changed by", "since", "Until"],
        );
        for service in &self.services {
            page.row(self.state(Actor::Service(service.service)), self.service_cells(service, wording));
        }
        page.end();
    }

    fn html_shares(&self, page: &mut Page, wording: &Wording<'_>) {
        let Some(rows) = self.share_rows(wording) else { return };
        if rows.is_empty() {
            return;
        }
        page.table("Shared on single resources", &SHARE_HEAD);
        rows.into_iter().for_each(|cells| page.row("active", cells));
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
                self.html_given(page, "Through which role", place, &rows, wording);
            }
            Place::Workspace(_) => {
                page.heading(&alloc::format!("Workspace {}", place.name), place.archived.map(|_| "archived"));
                let closed = self.closed(place, wording).unwrap_or_default();
                self.html_matrix(page, &closed, &below, &rows);
                if self.breadth == Breadth::Exceptions {
                    page.put(format_args!("<p>{}</p>\n", escape(&Self::rest(place))));
                }
                self.html_given(page, "Given and taken in this workspace", place, &rows, wording);
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
            page.put(format_args!("<p class=\"about\">{}</p>\n", escape(about)));
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
            let cell = Cell::of(row, column);
            if cell == Cell::default() {
                page.put(format_args!("<td></td>"));
                continue;
            }
            page.put(format_args!("<td"));
            let words: Vec<String> = match cell.is_withheld {
                true => row.holding.withheld_by(column.permission).map(|source| self.through(source.through)).collect(),
                false => row.holding.through(column.permission).map(|source| self.through(source.through)).collect(),
            };
            page.put(format_args!(" title=\"{}\">", escape(&words.join(", "))));
            for (class, sign) in cell.signs() {
                page.put(format_args!("<span class=\"{class}\">{sign}</span>"));
            }
            page.put(format_args!("</td>"));
        }
        page.put(format_args!("</tr>\n"));
    }

    /// Through what, where the matrix does not say it all: what was given in the place itself, and which of several roles.
    fn html_given(
        &self,
        page: &mut Page,
        title: &str,
        place: &ReviewedPlace,
        rows: &[(&ReviewedRow, String)],
        wording: &Wording<'_>,
    ) {
        let all =
            rows.iter().flat_map(|(row, name)| row.holding.sources.iter().map(move |source| (*row, name, source)));
        let mut told = all.filter(|(row, _, source)| self.is_told(place, row, source)).peekable();
        if told.peek().is_none() {
            return;
        }
        page.table_of(
            &alloc::format!("<h3>{title}</h3>"),
            &["Who", "Through", "Gives", "Takes", "Given by", "since", "Until"],
        );
        for (row, name, source) in told {
            page.row(
                self.state(row.who),
                [
                    name.clone(),
                    self.through(source.through),
                    self.held_keys(row, Self::counting(row, source)),
                    self.keys(Self::taking(row, source)).join(", "),
                    self.who(source.origin.by, wording),
                    wording.time(source.origin.at),
                    source.until.map(|until| wording.time(until)).unwrap_or_default(),
                ],
            );
        }
        page.end();
    }

    /// Whether a source is told apart: whatever was given in a workspace, and roles of whoever has several things that
    /// give something; a role that is held everywhere is told of once, under the organization.
    fn is_told(&self, place: &ReviewedPlace, row: &ReviewedRow, source: &Source) -> bool {
        if !is_said(row, source) || !matches!(source.through, Through::Role(_)) {
            return is_said(row, source);
        }
        let several = row.holding.sources.iter().filter(|source| is_said(row, source)).count() > 1;
        let everywhere = self.place(Place::Organization).filter(|_| place.place != Place::Organization);
        let everywhere = everywhere.and_then(|organization| organization.row(row.who));
        let same = |there: &Source| there.through == source.through && source.gives.is_subset(&there.gives);
        several && !everywhere.is_some_and(|row| row.holding.sources.iter().any(same))
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
        let shared = match self.shares {
            Some(_) => "Who sees only what is shared with them is marked; what is shared was read beside that version.",
            None => "Who sees only what is shared with them is marked; what is shared with whom was not looked up.",
        };
        page.put(format_args!(
            "<footer>\n<p>Organization {id}, made {created} by {by}. Read from version {} of its history; what the same \
             version answers to a check, it says here. Being signed in well enough (identity provider, second factor, recent \
             sign-in) is assumed. {shared}</p>\n\
             <p class=\"sign\">Reviewed by <span></span> on <span></span></p>\n</footer>\n",
            self.version
        ));
    }
}
