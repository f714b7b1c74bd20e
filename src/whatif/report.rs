//! An access diff as a text: Markdown that also reads in a terminal. Who changes in the same way stands in one entry.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{AccessDiff, DiffRow, Words};
use crate::actor::Actor;
use crate::catalog::PermissionKey;
use crate::change::{Extent, On, Place};
use crate::id::{OrgId, WorkspaceId};
use crate::limits::EXCEPTIONS_NAMED_MAX;
use crate::markdown::escape;
use crate::reach::review::Wording;
use crate::time::Timestamp;

/// What changes for somebody in some way, at some places.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
struct Change<'d> {
    /// All alike but for the place.
    extents: Vec<&'d Extent>,
    gained: BTreeSet<&'d PermissionKey>,
    lost: BTreeSet<&'d PermissionKey>,
}

/// What is said of somebody who gains, or of somebody who loses.
#[derive(Clone, Copy)]
struct Verbs {
    at_once: &'static str,
    for_a_while: &'static str,
    later: &'static str,
}

impl Change<'_> {
    const GAINED: Verbs = Verbs { at_once: "can from now on", for_a_while: "can", later: "can" };
    const LOST: Verbs = Verbs { at_once: "can no longer", for_a_while: "cannot", later: "can no longer" };
}

/// People for whom the same changes.
struct Entry<'d> {
    people: Vec<Actor>,
    changes: Vec<Change<'d>>,
}

impl AccessDiff {
    /// The diff as Markdown for people: organization by organization, who can do what from now on and what not any more,
    /// in the titles of the catalogs; where several permissions have one title, with their keys. Services are called what they
    /// are. What people typed is escaped.
    ///
    /// # Shape
    /// What differs in the organization is said once, as *everywhere*, with the workspaces in which it does not. What is
    /// one's own outside of all workspaces is said where the rest does not say it.
    ///
    /// # Examples
    /// See [`AccessDiff`].
    #[must_use]
    pub fn to_markdown(&self, wording: &Wording<'_>) -> String {
        let titles = Titles::of(&self.words);
        let mut text = self.summary();
        for rows in self.rows.chunk_by(|one, next| one.organization == next.organization) {
            let Some(organization) = rows.first().map(|row| row.organization) else { continue };
            let title = self.words.organizations.get(&organization).cloned();
            text.push_str("\n\n### ");
            text.push_str(&escape(&title.unwrap_or_else(|| organization.to_string())));
            text.push('\n');
            let teller = Teller { words: &self.words, titles: &titles, organization, wording };
            for entry in entries(rows) {
                teller.tell(&mut text, &entry);
            }
        }
        text.push('\n');
        text
    }

    /// How many gain and lose, in one line.
    fn summary(&self) -> String {
        let count = |rows: &mut dyn Iterator<Item = &DiffRow>| {
            // A user is the same in all organizations, a service is not.
            let of = |row: &DiffRow| (row.who.user().is_none().then_some(row.organization), row.who);
            let who: BTreeSet<(Option<OrgId>, Actor)> = rows.map(of).collect();
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
}

/// The actors of one organization with what changes for them; those for whom the same changes stand together.
fn entries(rows: &[DiffRow]) -> Vec<Entry<'_>> {
    let mut at: BTreeMap<Vec<Change<'_>>, usize> = BTreeMap::new();
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for rows in rows.chunk_by(|one, next| one.who == next.who) {
        let Some(who) = rows.first().map(|row| row.who) else { continue };
        let changes = changes_of(rows);
        let place = *at.entry(changes.clone()).or_insert(entries.len());
        match entries.get_mut(place) {
            Some(entry) => entry.people.push(who),
            None => entries.push(Entry { people: [who].into(), changes }),
        }
    }
    entries
}

/// One actor's rows, with workspaces in which the same changes together.
fn changes_of(rows: &[DiffRow]) -> Vec<Change<'_>> {
    let mut changes: Vec<Change<'_>> = Vec::new();
    let mut at: BTreeMap<Alike<'_>, usize> = BTreeMap::new();
    for row in rows {
        let (gained, lost) = (said(rows, row, |row| &row.gained), said(rows, row, |row| &row.lost));
        if gained.is_empty() && lost.is_empty() {
            continue;
        }
        let alike = (row.extent.from, row.extent.until, row.extent.on, gained.clone(), lost.clone());
        let place = *at.entry(alike).or_insert(changes.len());
        match changes.get_mut(place) {
            Some(change) => change.extents.push(&row.extent),
            None => changes.push(Change { extents: [&row.extent].into(), gained, lost }),
        }
    }
    changes
}

/// By what rows are put together: when, on what, what is gained and lost.
type Alike<'d> = (Option<Timestamp>, Option<Timestamp>, On, BTreeSet<&'d PermissionKey>, BTreeSet<&'d PermissionKey>);

/// What of a row is said: what is one's own outside of workspaces, only beyond what is so everywhere.
fn said<'d>(
    rows: &'d [DiffRow],
    row: &'d DiffRow,
    keys: impl Fn(&'d DiffRow) -> &'d Vec<PermissionKey>,
) -> BTreeSet<&'d PermissionKey> {
    let mut said: BTreeSet<&PermissionKey> = keys(row).iter().collect();
    if row.extent.on == On::Own {
        let everywhere = |other: &&DiffRow| {
            let of_all = matches!(other.extent.on, On::Everything | On::Seen);
            let when = (other.extent.from, other.extent.until) == (row.extent.from, row.extent.until);
            of_all && when && other.extent.place == Place::Organization
        };
        rows.iter().filter(everywhere).flat_map(keys).for_each(|key| _ = said.remove(key));
    }
    said
}

/// The titles of permissions, with the key where several have one title.
struct Titles<'w>(BTreeMap<&'w PermissionKey, String>);

impl<'w> Titles<'w> {
    fn of(words: &'w Words) -> Self {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for title in words.permissions.values() {
            let count = counts.entry(title.as_str()).or_default();
            *count = count.saturating_add(1);
        }
        let titles = words.permissions.iter().map(|(key, title)| {
            let alone = counts.get(title.as_str()).is_none_or(|count| *count < 2);
            let told = if alone { title.clone() } else { alloc::format!("{title} ({})", key.as_str()) };
            (key, escape(&told))
        });
        Self(titles.collect())
    }
}

/// Tells what changes in one organization.
struct Teller<'d> {
    words: &'d Words,
    titles: &'d Titles<'d>,
    organization: OrgId,
    wording: &'d Wording<'d>,
}

impl Teller<'_> {
    fn tell(&self, text: &mut String, entry: &Entry<'_>) {
        let called: Vec<String> = entry.people.iter().map(|who| self.called(*who)).collect();
        text.push_str("\n- ");
        text.push_str(&called.join(", "));
        for change in &entry.changes {
            self.line(text, Change::LOST, &change.lost, &change.extents);
            self.line(text, Change::GAINED, &change.gained, &change.extents);
        }
    }

    fn called(&self, who: Actor) -> String {
        match who {
            Actor::User(user) => {
                let name = self.wording.name(user).unwrap_or_else(|| alloc::format!("user {user}"));
                alloc::format!("**{}**", escape(&name))
            }
            Actor::Service(id) => match self.words.services.get(&(self.organization, id)) {
                Some(service) => alloc::format!("**{}** (a key)", escape(service)),
                None => alloc::format!("**service {id}**"),
            },
            Actor::Link(id) => alloc::format!("**whoever has link {id}**"),
            other => alloc::format!("**{}**", escape(&alloc::format!("{other:?}"))),
        }
    }

    /// One line: can or cannot, when, on what, where, what.
    fn line(&self, text: &mut String, verbs: Verbs, keys: &BTreeSet<&PermissionKey>, extents: &[&Extent]) {
        let Some(first) = extents.first().filter(|_| !keys.is_empty()) else { return };
        let titles = keys.iter().map(|key| self.titles.0.get(*key).cloned().unwrap_or_else(|| escape(key.as_str())));
        let titles: Vec<String> = titles.collect();
        let places: Vec<String> = extents.iter().filter_map(|extent| self.place(extent)).collect();
        let parts = [self.when(verbs, first), self.on(first.on), places.join(", ")];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        text.push_str(&alloc::format!("\n  - {}: {}", parts.join(", "), titles.join(" · ")));
    }

    fn when(&self, verbs: Verbs, extent: &Extent) -> String {
        let time = |at| escape(&self.wording.time(at));
        match (extent.from, extent.until) {
            (None, None) => verbs.at_once.into(),
            (None, Some(until)) => alloc::format!("{} until {}", verbs.for_a_while, time(until)),
            (Some(from), None) => alloc::format!("{} from {} on", verbs.later, time(from)),
            (Some(from), Some(until)) => {
                alloc::format!("{} from {} until {}", verbs.for_a_while, time(from), time(until))
            }
        }
    }

    fn on(&self, on: On) -> String {
        match on {
            On::Everything => String::new(),
            On::Seen => String::from("on what is theirs or shared with them"),
            On::Unshared => String::from("on what is not shared with them"),
            On::Own => String::from("on what is theirs, outside of workspaces"),
            On::Resource(id) => alloc::format!("on what is shared: {id}"),
        }
    }

    /// Where; nothing where the rest says it.
    fn place(&self, extent: &Extent) -> Option<String> {
        match (extent.place, extent.on) {
            (Place::Organization, On::Own | On::Resource(_)) => None,
            (Place::Organization, _) if extent.except.is_empty() => Some(String::from("everywhere")),
            (Place::Organization, _) => {
                Some(alloc::format!("everywhere except in {}", self.exceptions(&extent.except)))
            }
            (Place::Workspace(id), _) => Some(alloc::format!("in {}", self.workspace(id))),
        }
    }

    fn exceptions(&self, except: &[WorkspaceId]) -> String {
        let mut named: Vec<String> = except.iter().take(EXCEPTIONS_NAMED_MAX).map(|id| self.workspace(*id)).collect();
        match except.len().saturating_sub(named.len()) {
            0 => {}
            more => named.push(alloc::format!("{more} more")),
        }
        let last = named.pop().unwrap_or_default();
        if named.is_empty() { last } else { alloc::format!("{} and {last}", named.join(", ")) }
    }

    fn workspace(&self, id: WorkspaceId) -> String {
        let name = self.words.workspaces.get(&(self.organization, id));
        name.map_or_else(|| id.to_string(), |name| escape(name))
    }
}

/// The report, in plain [wording](Wording::plain).
impl fmt::Display for AccessDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_markdown(&Wording::plain()))
    }
}
