//! What every rendering of a review says alike: names, words, and the order of rows.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{OpenInvitation, Review, ReviewedPerson, ReviewedPlace, ReviewedRow, ReviewedService, Wording};
use crate::actor::Actor;
use crate::catalog::{PermissionSet, Role};
use crate::change::Place;
use crate::id::{TeamId, WorkspaceId};
use crate::organization::{Override, PersonStatus};
use crate::reach::{Relation, Source, Through};

impl Review {
    /// Who, by name where one is known.
    pub(super) fn who(&self, who: Actor, wording: &Wording<'_>) -> String {
        let user = |user| wording.name(user).unwrap_or_else(|| alloc::format!("user {user}"));
        match who {
            Actor::User(id) => user(id),
            Actor::Staff { staff, on_behalf_of } => {
                alloc::format!("{} (staff) for {}", user(staff), user(on_behalf_of))
            }
            Actor::Service(id) => match self.service(id) {
                Some(service) => service.name.to_string(),
                None => alloc::format!("service {id}"),
            },
            Actor::Link(id) => alloc::format!("link {id}"),
            Actor::Provisioner => "the directory".to_owned(),
            Actor::System => "the platform".to_owned(),
        }
    }

    /// Through what, in words.
    pub(super) fn through(&self, through: Through) -> String {
        match through {
            Through::Role(role) => alloc::format!("role {}", self.role_title(role)),
            Through::RowRole(role) => alloc::format!("row here: role {}", self.role_title(role)),
            Through::Row => "row here".to_owned(),
            Through::Group(group) => {
                let title = self.titles.groups.iter().find(|(id, ..)| *id == group).map_or("", |(.., title)| title);
                alloc::format!("group {title}")
            }
            Through::Team(team) => alloc::format!("team {}", self.team_name(team)),
            Through::EndedRow => "row here, ended".to_owned(),
        }
    }

    pub(super) fn role_title(&self, role: Role) -> &str {
        self.titles.roles.iter().find(|(id, ..)| *id == role).map_or("", |(.., title)| title)
    }

    fn title_of_key<'k>(&'k self, key: &'k str) -> &'k str {
        self.titles.roles.iter().find(|(_, there, _)| there == key).map_or(key, |(.., title)| title)
    }

    pub(super) fn group_title<'k>(&'k self, key: &'k str) -> &'k str {
        self.titles.groups.iter().find(|(_, there, _)| there == key).map_or(key, |(.., title)| title)
    }

    pub(super) fn team_name(&self, team: TeamId) -> &str {
        self.titles.teams.iter().find(|(id, _)| *id == team).map_or("", |(_, name)| name.as_str())
    }

    /// What a person is called in a list of people: roles, or what they are instead.
    pub(super) fn roles(&self, person: &ReviewedPerson) -> String {
        let roles: Vec<&str> = person.roles.iter().map(|held| self.role_title(held.role)).collect();
        roles.join(", ")
    }

    pub(super) fn teams(&self, person: &ReviewedPerson) -> String {
        let teams: Vec<&str> = person.teams.iter().map(|joined| self.team_name(joined.team)).collect();
        teams.join(", ")
    }

    /// Who gave the roles, and when: once where it is the same of all, else of each in their order.
    pub(super) fn roles_given(&self, person: &ReviewedPerson, wording: &Wording<'_>) -> [String; 2] {
        let by = person.roles.iter().map(|held| self.who(held.origin.by, wording));
        let at = person.roles.iter().map(|held| wording.time(held.origin.at));
        [once(by.collect()), once(at.collect())]
    }

    /// What a table of people says of one.
    pub(super) fn person_cells(&self, person: &ReviewedPerson, name: &str, wording: &Wording<'_>) -> [String; 9] {
        let [by, since] = self.roles_given(person, wording);
        [
            name.to_owned(),
            person.relation.to_string(),
            self.roles(person),
            self.teams(person),
            state_of(person).to_owned(),
            wording.time(person.joined.at),
            by,
            since,
            wording.time(person.last_change.at),
        ]
    }

    /// What a table of services says of one.
    pub(super) fn service_cells(&self, service: &ReviewedService, wording: &Wording<'_>) -> [String; 8] {
        let places: Vec<&str> = service.workspaces.iter().map(|id| self.workspace_name(*id)).collect();
        [
            service.name.to_string(),
            service.sponsor.map_or("nobody".to_owned(), |user| self.who(Actor::User(user), wording)),
            self.state(Actor::Service(service.service)).to_owned(),
            self.keys(service.permissions).join(", "),
            if places.is_empty() { "everywhere".to_owned() } else { places.join(", ") },
            self.who(service.origin.by, wording),
            wording.time(service.origin.at),
            service.until.map(|until| wording.time(until)).unwrap_or_default(),
        ]
    }

    /// The keys of what is held, with a word about those that go no farther than what is shared.
    pub(super) fn held_keys(&self, row: &ReviewedRow, set: PermissionSet) -> String {
        let inside = self.permissions.iter().filter(|permission| set.contains(permission.permission));
        let keys = inside.map(|permission| match row.is_on_shared_alone(permission) {
            true => alloc::format!("{} (if shared)", permission.key),
            false => permission.key.clone(),
        });
        keys.collect::<Vec<_>>().join(", ")
    }

    /// What nobody can in a workspace while it is archived.
    pub(super) fn closed(&self, place: &ReviewedPlace, wording: &Wording<'_>) -> Option<String> {
        let archived = place.archived?;
        let (by, at, keys) =
            (self.who(archived.by, wording), wording.time(archived.at), self.keys(place.closed).join(", "));
        let until = if keys.is_empty() { "everything stays possible" } else { "nobody can here until it is reopened:" };
        Some(alloc::format!("Archived {at} by {by}; {until} {keys}").trim_end().to_owned())
    }

    /// How many are not spelled out at a place.
    pub(super) fn rest(place: &ReviewedPlace) -> String {
        let people = if place.as_everywhere == 1 { "person" } else { "people" };
        let but = if place.closed.is_empty() { "" } else { ", but for what nobody can while it is archived" };
        alloc::format!("And {} {people} just as everywhere{but}: see the organization.", place.as_everywhere)
    }

    pub(super) fn keys(&self, set: PermissionSet) -> Vec<&str> {
        let inside = self.permissions.iter().filter(|permission| set.contains(permission.permission));
        inside.map(|permission| permission.key.as_str()).collect()
    }

    pub(super) fn state(&self, who: Actor) -> &'static str {
        match who {
            Actor::Service(id) => self.service(id).map_or("ended", |service| self.state_of_service(service)),
            Actor::User(user) => self.person(user).map_or("", state_of),
            _ => "active",
        }
    }

    /// A service can what its sponsor can, and so is what the sponsor is.
    fn state_of_service(&self, service: &ReviewedService) -> &'static str {
        match service.sponsor.map(|user| self.person(user)) {
            _ if service.is_ended => "ended",
            None => "orphaned",
            Some(sponsor) => sponsor.map_or("orphaned", state_of),
        }
    }

    pub(super) fn relation(&self, who: Actor) -> String {
        match who {
            Actor::User(user) => self.person(user).map_or_else(String::new, |person| person.relation.to_string()),
            _ => "service".to_owned(),
        }
    }

    /// Members before collaborators, higher ranks first, then by name.
    pub(super) fn in_order(&self, wording: &Wording<'_>) -> Vec<(&ReviewedPerson, String)> {
        let named = self.people.iter().map(|person| (person, self.who(Actor::User(person.user), wording)));
        let mut named: Vec<_> = named.collect();
        named.sort_by(|(a, a_name), (b, b_name)| {
            let key = |person: &ReviewedPerson| (person.relation, Reverse(person.rank));
            key(a).cmp(&key(b)).then_with(|| a_name.cmp(b_name)).then_with(|| a.user.cmp(&b.user))
        });
        named
    }

    /// The rows of a place in that order, services last; those without anything to show left out.
    pub(super) fn rows_in_order<'r>(
        &'r self,
        place: &'r ReviewedPlace,
        order: &'r [(&ReviewedPerson, String)],
    ) -> impl Iterator<Item = (&'r ReviewedRow, String)> {
        let people =
            order.iter().filter_map(|(person, name)| Some((place.row(Actor::User(person.user))?, name.clone())));
        let services = self.services.iter().filter_map(|service| {
            let row = place.row(Actor::Service(service.service))?;
            Some((row, service.name.to_string()))
        });
        let is_said = |row: &ReviewedRow| !(row.holding.granted | row.holding.withheld()).is_empty() || row.has_row();
        people.chain(services).filter(move |(row, _)| is_said(row))
    }

    /// What of the granted comes (also) from one source.
    pub(super) fn counting(row: &ReviewedRow, source: &Source) -> PermissionSet {
        let granted = (source.gives & row.holding.granted).iter();
        granted.filter(|permission| row.holding.through(*permission).any(|counts| counts == source)).collect()
    }

    /// What of the withheld one source takes.
    pub(super) fn taking(row: &ReviewedRow, source: &Source) -> PermissionSet {
        let withheld = (source.takes & row.holding.withheld()).iter();
        withheld.filter(|permission| row.holding.withheld_by(*permission).any(|takes| takes == source)).collect()
    }

    pub(super) fn workspace_name(&self, workspace: WorkspaceId) -> &str {
        self.place(Place::Workspace(workspace)).map_or("", |place| place.name.as_str())
    }

    /// What an invitation promises, in words.
    pub(super) fn promise(&self, invitation: &OpenInvitation) -> String {
        let roles = invitation.roles.iter().map(|key| self.title_of_key(key.as_str()).to_owned());
        let access = invitation.access.iter().map(|(workspace, changes)| {
            let changes = self.change_words(changes);
            let joint = if changes.is_empty() { "" } else { ": " };
            alloc::format!("{}{joint}{changes}", self.workspace_name(*workspace))
        });
        roles.chain(access).collect::<Vec<_>>().join("; ")
    }

    fn change_words(&self, changes: &Override) -> String {
        let role = changes.role.iter().map(|key| self.title_of_key(key.as_str()).to_owned());
        let added = changes.added.iter().map(|key| alloc::format!("+{}", key.as_str()));
        let removed = changes.removed.iter().map(|key| alloc::format!("−{}", key.as_str()));
        role.chain(added).chain(removed).collect::<Vec<_>>().join(", ")
    }

    /// What a reviewer should look at first, in sentences.
    pub(super) fn notes(&self, wording: &Wording<'_>) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(owner) = self.sole_owner() {
            let owner = self.who(Actor::User(owner), wording);
            notes.push(alloc::format!("Only one person, {owner}, can act as owner."));
        }
        let count = |is: &dyn Fn(&&ReviewedPerson) -> bool| self.people.iter().filter(is).count();
        let outside = count(&|person| person.relation == Relation::Collaborator && state_of(person) == "active");
        let suspended = count(&|person| person.status == PersonStatus::Suspended);
        let ended = count(&|person| person.is_ended);
        let unused = self.services.iter().filter(|service| self.state_of_service(service) != "active").count();
        let said = [
            (outside, "from outside the organization can work in its workspaces."),
            (suspended, "suspended, keeping what was given for the day on which that ends."),
            (ended, "left with access that has ended."),
            (unused, "doing nothing: ended, without a sponsor, or suspended with theirs."),
        ];
        let kinds = [
            ("person", "people"),
            ("person is", "people are"),
            ("person is", "people are"),
            ("service is", "services are"),
        ];
        for ((number, words), (one, several)) in said.into_iter().zip(kinds).filter(|((number, _), _)| *number > 0) {
            notes.push(alloc::format!("{number} {} {words}", if number == 1 { one } else { several }));
        }
        if self.invitations.len() == 1 {
            notes.push("1 invitation is open.".to_owned());
        } else if !self.invitations.is_empty() {
            notes.push(alloc::format!("{} invitations are open.", self.invitations.len()));
        }
        notes.extend(self.notes_on_shares());
        notes
    }
}

impl ReviewedRow {
    /// Whether they have a row there, ended or not.
    pub(super) fn has_row(&self) -> bool {
        let own = |source: &Source| matches!(source.through, Through::RowRole(_) | Through::Row | Through::EndedRow);
        matches!(self.who, Actor::User(_)) && self.holding.sources.iter().any(own)
    }
}

/// A list of one word where all are the same.
fn once(mut words: Vec<String>) -> String {
    if words.windows(2).all(|pair| pair.first() == pair.last()) {
        words.truncate(1);
    }
    words.join(", ")
}

pub(super) fn state_of(person: &ReviewedPerson) -> &'static str {
    match person.status {
        PersonStatus::Suspended => "suspended",
        PersonStatus::Active if person.is_ended => "ended",
        PersonStatus::Active => "active",
    }
}
