//! The review as Markdown: for a ticket, a wiki, a pull request.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::tables::state_of;
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
        for place in &self.places {
            self.markdown_place(&mut text, place, &order, wording);
        }
        text
    }

    fn markdown_people(&self, text: &mut String, order: &[(&ReviewedPerson, String)], wording: &Wording<'_>) {
        head(
            text,
            "People",
            &["Who", "Relation", "Roles", "Teams", "State", "Joined", "Given by", "Roles since", "Last change"],
        );
        for (person, name) in order {
            line(
                text,
                &[
                    name.clone(),
                    person.relation.to_string(),
                    self.roles(person),
                    self.teams(person),
                    state_of(person).into(),
                    wording.time(person.joined.at),
                    self.who(person.roles_from.by, wording),
                    wording.time(person.roles_from.at),
                    wording.time(person.last_change.at),
                ],
            );
        }
    }

    fn markdown_services(&self, text: &mut String, wording: &Wording<'_>) {
        if self.services.is_empty() {
            return;
        }
        head(text, "Services", &["Service", "Sponsor", "State", "Given by", "Since", "Until"]);
        for service in &self.services {
            line(
                text,
                &[
                    service.name.to_string(),
                    service.sponsor.map(|user| self.who(Actor::User(user), wording)).unwrap_or_default(),
                    self.state(Actor::Service(service.service)).into(),
                    self.who(service.origin.by, wording),
                    wording.time(service.origin.at),
                    service.until.map(|until| wording.time(until)).unwrap_or_default(),
                ],
            );
        }
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
        if self.breadth == Breadth::Exceptions && place.place != Place::Organization {
            text.push_str(&alloc::format!(
                "\nAnd {} people just as everywhere: see the organization.\n",
                place.as_everywhere
            ));
        }
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
        let list = |set| self.keys(set).join(", ");
        line(
            text,
            &[
                name.into(),
                self.through(source.through),
                list(counting & row.holding.usable),
                list(counting - row.holding.usable),
                list(Self::taking(row, source)),
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
