//! The review as Markdown: for a ticket, a wiki, a pull request.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::shared::SHARE_HEAD;
use super::{Breadth, Review, ReviewedPerson, ReviewedPlace, ReviewedRow, Wording};
use crate::actor::Actor;
use crate::change::Place;
use crate::markdown::escape;
use crate::reach::{Source, Through};

impl Review {
    /// The review as Markdown tables: people, services, invitations, and for each place one line for each source of what
    /// somebody holds there. What people typed is escaped.
    ///
    /// # Examples
    /// See [`Review`].
    #[must_use]
    pub fn to_markdown(&self, wording: &Wording<'_>) -> String {
        let mut text = alloc::format!(
            "# Access review: {}\n\n{}, plan {}, as of {} (version {}).\n\n",
            escape(self.name.as_str()),
            self.status,
            escape(&self.plan),
            escape(&wording.time(self.at)),
            self.version
        );
        for note in self.notes(wording) {
            text.push_str(&alloc::format!("- {}\n", escape(&note)));
        }
        let order = self.in_order(wording);
        self.markdown_people(&mut text, &order, wording);
        self.markdown_services(&mut text, wording);
        self.markdown_invitations(&mut text, wording);
        self.markdown_shares(&mut text, wording);
        for place in &self.places {
            self.markdown_place(&mut text, place, &order, wording);
        }
        text
    }

    fn markdown_people(&self, text: &mut String, order: &[(&ReviewedPerson, String)], wording: &Wording<'_>) {
        head(
            text,
            "People",
            &["Who", "Relation", "Roles", "Teams", "State", "Joined", "Roles given by", "Since", "Last change"],
        );
        for (person, name) in order {
            line(text, &self.person_cells(person, name, wording));
        }
    }

    fn markdown_services(&self, text: &mut String, wording: &Wording<'_>) {
        if self.services.is_empty() {
            return;
        }
        head(text, "Services", &["Service", "Acts for", "State", "Given", "Where", "Given by", "Since", "Until"]);
        for service in &self.services {
            line(text, &self.service_cells(service, wording));
        }
    }

    fn markdown_shares(&self, text: &mut String, wording: &Wording<'_>) {
        let Some(rows) = self.share_rows(wording) else { return };
        head(text, "Shared on single resources", &SHARE_HEAD);
        rows.iter().for_each(|cells| line(text, cells));
    }

    fn markdown_invitations(&self, text: &mut String, wording: &Wording<'_>) {
        if self.invitations.is_empty() {
            return;
        }
        head(text, "Open invitations", &["Address", "Promised", "Invited by", "Since", "Until"]);
        for invitation in &self.invitations {
            line(
                text,
                &[
                    invitation.address.as_ref().map(ToString::to_string).unwrap_or_default(),
                    self.promise(invitation),
                    self.who(invitation.issued.by, wording),
                    wording.time(invitation.issued.at),
                    wording.time(invitation.until),
                ],
            );
        }
    }

    fn markdown_place(
        &self,
        text: &mut String,
        place: &ReviewedPlace,
        order: &[(&ReviewedPerson, String)],
        wording: &Wording<'_>,
    ) {
        let title = match place.place {
            Place::Organization => "In the organization, and in every workspace".into(),
            Place::Workspace(_) if place.archived.is_some() => alloc::format!("Workspace {} (archived)", place.name),
            Place::Workspace(_) => alloc::format!("Workspace {}", place.name),
        };
        head(text, &title, &["Who", "Through", "Can", "Cannot use now", "Taken", "Given by", "Since", "Until"]);
        for (row, name) in self.rows_in_order(place, order) {
            for source in &row.holding.sources {
                if is_said(row, source) {
                    self.markdown_source(text, row, source, &name, wording);
                }
            }
        }
        let rest = self.breadth == Breadth::Exceptions && place.place != Place::Organization;
        let said = [self.closed(place, wording), rest.then(|| Self::rest(place))];
        said.into_iter().flatten().for_each(|words| text.push_str(&alloc::format!("\n{}\n", escape(&words))));
    }

    fn markdown_source(
        &self,
        text: &mut String,
        row: &ReviewedRow,
        source: &Source,
        name: &str,
        wording: &Wording<'_>,
    ) {
        let counting = Self::counting(row, source);
        line(
            text,
            &[
                name.into(),
                self.through(source.through),
                self.held_keys(row, counting & row.holding.usable),
                self.held_keys(row, counting - row.holding.usable),
                self.keys(Self::taking(row, source)).join(", "),
                self.who(source.origin.by, wording),
                wording.time(source.origin.at),
                source.until.map(|until| wording.time(until)).unwrap_or_default(),
            ],
        );
    }
}

/// Whether a source is worth a line: it counts for something, takes something, or is the person's own.
pub(super) fn is_said(row: &ReviewedRow, source: &Source) -> bool {
    let own = matches!(source.through, Through::RowRole(_) | Through::Row | Through::EndedRow);
    let does = !(Review::counting(row, source) | Review::taking(row, source)).is_empty();
    does || (own && matches!(row.who, Actor::User(_)))
}

fn head(text: &mut String, title: &str, columns: &[&str]) {
    text.push_str(&alloc::format!("\n## {}\n\n| {} |\n|", escape(title), columns.join(" | ")));
    columns.iter().for_each(|_| text.push_str(" --- |"));
    text.push('\n');
}

fn line(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
    text.push_str(&alloc::format!("| {} |\n", cells.join(" | ")));
}
