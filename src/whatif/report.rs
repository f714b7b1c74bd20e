//! An access diff as a text: Markdown that also reads in a terminal. Who changes in the same way stands in one entry.

use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{AccessDiff, DiffRow};
use crate::actor::Actor;
use crate::catalog::PermissionKey;
use crate::change::Place;
use crate::id::OrgId;

/// What changes for somebody at some places.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Change<'d> {
    places: Vec<Place>,
    gained: BTreeSet<&'d PermissionKey>,
    lost: BTreeSet<&'d PermissionKey>,
}

impl AccessDiff {
    /// The diff as Markdown for people: organization by organization, who can do what from now on and what not any more,
    /// in the titles of the catalogs. Users are called what `name` calls them; services are called what they are.
    ///
    /// # Shape
    /// What differs in the organization is said once, as *everywhere*, and not again for each workspace.
    ///
    /// # Examples
    /// See [`AccessDiff`].
    #[must_use]
    pub fn to_markdown(&self, name: impl Fn(Actor) -> String) -> String {
        let mut text = self.summary();
        let organizations: BTreeSet<OrgId> = self.rows.iter().map(|row| row.organization).collect();
        for organization in organizations {
            let title = self.words.organizations.get(&organization).cloned();
            text.push_str("\n\n### ");
            text.push_str(&title.unwrap_or_else(|| organization.to_string()));
            text.push('\n');
            for (people, changes) in self.grouped(organization) {
                let called = people.into_iter().map(|who| match self.words.services.get(&who) {
                    Some(service) => alloc::format!("**{service}** (a key)"),
                    None => alloc::format!("**{}**", name(who)),
                });
                text.push_str("\n- ");
                text.push_str(&called.collect::<Vec<_>>().join(", "));
                for change in &changes {
                    self.tell(&mut text, organization, "can no longer", &change.lost, &change.places);
                    self.tell(&mut text, organization, "can from now on", &change.gained, &change.places);
                }
            }
        }
        text.push('\n');
        text
    }

    /// How many gain and lose, in one line.
    fn summary(&self) -> String {
        let count = |rows: &mut dyn Iterator<Item = &DiffRow>| {
            let who: BTreeSet<Actor> = rows.map(|row| row.who).collect();
            match who.len() {
                0 => String::from("nobody"),
                many => alloc::format!("{many}"),
            }
        };
        if self.is_empty() {
            return String::from("Nobody gains or loses anything.");
        }
        let (gain, lose) = (count(&mut self.gains()), count(&mut self.losses()));
        alloc::format!("Who can do more: {gain}. Who can do less: {lose}.")
    }

    /// Actors of an organization with what changes for them; those for whom the same changes stand together.
    fn grouped(&self, organization: OrgId) -> Vec<(Vec<Actor>, Vec<Change<'_>>)> {
        let rows = || self.rows.iter().filter(|row| row.organization == organization);
        let mut grouped: Vec<(Vec<Actor>, Vec<Change<'_>>)> = Vec::new();
        let actors: BTreeSet<Actor> = rows().map(|row| row.who).collect();
        for who in actors {
            let changes = changes_of(rows().filter(|row| row.who == who));
            match grouped.iter_mut().find(|(_, same)| *same == changes) {
                Some((people, _)) => people.push(who),
                None => grouped.push(([who].into(), changes)),
            }
        }
        grouped
    }

    fn tell(
        &self,
        text: &mut String,
        organization: OrgId,
        verb: &str,
        keys: &BTreeSet<&PermissionKey>,
        places: &[Place],
    ) {
        if keys.is_empty() {
            return;
        }
        let place = |place: &Place| match place {
            Place::Organization => String::from("everywhere"),
            Place::Workspace(id) => match self.words.workspaces.get(&(organization, *id)) {
                Some(name) => alloc::format!("in {name}"),
                None => alloc::format!("in {id}"),
            },
        };
        let places: Vec<String> = places.iter().map(place).collect();
        let mut titles: Vec<&str> = Vec::new();
        for key in keys {
            let title = self.words.permissions.get(*key).map_or(key.as_str(), String::as_str);
            if !titles.contains(&title) {
                titles.push(title);
            }
        }
        text.push_str(&alloc::format!("\n  - {verb}, {}: {}", places.join(", "), titles.join(" · ")));
    }
}

/// One actor's rows, with what is said of the organization left out of its workspaces, and workspaces in which the same
/// changes together.
fn changes_of<'d>(rows: impl Iterator<Item = &'d DiffRow>) -> Vec<Change<'d>> {
    let mut changes: Vec<Change<'d>> = Vec::new();
    let mut everywhere: (BTreeSet<&PermissionKey>, BTreeSet<&PermissionKey>) = Default::default();
    for row in rows {
        let mut gained: BTreeSet<&PermissionKey> = row.gained.iter().collect();
        let mut lost: BTreeSet<&PermissionKey> = row.lost.iter().collect();
        match row.place {
            Place::Organization => everywhere = (gained.clone(), lost.clone()),
            Place::Workspace(_) => {
                gained.retain(|key| !everywhere.0.contains(key));
                lost.retain(|key| !everywhere.1.contains(key));
            }
        }
        if gained.is_empty() && lost.is_empty() {
            continue;
        }
        match changes.iter_mut().find(|change| change.gained == gained && change.lost == lost) {
            Some(change) => change.places.push(row.place),
            None => changes.push(Change { places: [row.place].into(), gained, lost }),
        }
    }
    changes
}

/// The report, with users called by their ids.
impl fmt::Display for AccessDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by_id = |who| match who {
            Actor::User(user) => alloc::format!("user {user}"),
            other => alloc::format!("{other:?}"),
        };
        f.write_str(&self.to_markdown(by_id))
    }
}
