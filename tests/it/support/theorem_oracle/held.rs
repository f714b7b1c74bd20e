//! Who holds what, where and when, and who holds something else than before?

use std::collections::BTreeSet;
use std::prelude::v1::*; // the crate itself has none

use bailiwick::access::{Facts, Resource, Target};
use bailiwick::catalog::{PermissionSet, Scope};
use bailiwick::change::{Event, Record};
use bailiwick::{Actor, Organization, ResourceId, Service, Timestamp, UserId, WorkspaceId};

/// Where something can be held.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Place {
    /// In the organization, and with it in every workspace that is not named.
    Organization,
    Workspace(WorkspaceId),
    /// On a resource of the workspace that nobody shared.
    Resource(WorkspaceId),
    /// On such a resource in no workspace.
    Unplaced,
    /// On one's own, in no workspace.
    Own,
}

impl Place {
    /// What speaks for a workspace that is not there.
    pub(super) fn instead(self) -> Self {
        match self {
            Self::Workspace(_) => Self::Organization,
            Self::Resource(_) => Self::Unplaced,
            other => other,
        }
    }

    pub(super) fn is_in(self, workspace: WorkspaceId) -> bool {
        self == Self::Workspace(workspace) || self == Self::Resource(workspace)
    }
}

pub(super) fn places(org: &Organization) -> Vec<Place> {
    let inside = org.workspaces().flat_map(|(id, _)| [Place::Workspace(id), Place::Resource(id)]);
    [Place::Organization, Place::Unplaced, Place::Own].into_iter().chain(inside).collect()
}

/// What an actor holds at a place, as far as the place is about it.
pub(super) fn held(org: &Organization, actor: Actor, place: Place, at: Timestamp) -> PermissionSet {
    let facts = Facts::at(at);
    let granted = |target: Target<'_>| org.access(actor, target, &facts).granted();
    let on = |workspace, personal_owner| {
        let id = ResourceId::from_u64(1).expect("not zero");
        granted(Target::Resource(&Resource { id, containers: &[], workspace, personal_owner, shares: &[] }))
    };
    let of = |scopes: &[Scope]| -> PermissionSet {
        let defs = org.catalog().permissions().filter(|(_, def)| scopes.contains(&def.scope));
        defs.map(|(permission, _)| permission).collect()
    };
    match place {
        Place::Organization => granted(Target::Organization),
        Place::Workspace(id) => granted(Target::Workspace(id)) & of(&[Scope::Workspace, Scope::Resource]),
        Place::Resource(id) => on(Some(id), None) & of(&[Scope::Resource]),
        Place::Unplaced => on(None, None) & of(&[Scope::Resource]),
        Place::Own => on(None, behind(org, actor)) & of(&[Scope::Resource]),
    }
}

/// The user whose rights an actor uses.
pub(super) fn behind(org: &Organization, actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Service(id) => org.service(id).and_then(Service::sponsor),
        other => other.user(),
    }
}

pub(super) fn happen(org: &mut Organization, event: Event, at: Timestamp) {
    let version = org.version().next();
    org.apply(&Record { version, at, by: Actor::System, command: None, event });
}

/// The organization with everybody awake in it.
pub(super) fn awake(org: &Organization) -> Organization {
    let mut awake = org.clone();
    if awake.profile().is_some_and(|profile| profile.deletion.is_some()) {
        happen(&mut awake, Event::OrganizationRestored, Timestamp::from_millis(0));
    }
    let people: Vec<UserId> = awake.people().map(|(user, _)| user).collect();
    for user in people {
        happen(&mut awake, Event::PersonReactivated { user }, Timestamp::from_millis(0));
    }
    awake
}

/// Now, and every later instant at which something ends.
pub(super) fn instants(orgs: &[&Organization], now: Timestamp) -> BTreeSet<Timestamp> {
    let mut ends: BTreeSet<Timestamp> = BTreeSet::from([now]);
    for org in orgs {
        ends.extend(org.people().flat_map(|(_, person)| person.rows()).filter_map(|row| row.until));
        ends.extend(org.workspaces().flat_map(|(_, workspace)| workspace.rules()).filter_map(|rule| rule.until));
    }
    ends.split_off(&now)
}

/// Who holds something else than before, where and when.
pub(super) struct Difference {
    pub(super) user: UserId,
    pub(super) place: Place,
    pub(super) instant: Timestamp,
    had: PermissionSet,
    has: PermissionSet,
}

impl Difference {
    pub(super) fn gained(&self) -> PermissionSet {
        self.has - self.had
    }

    pub(super) fn lost(&self) -> PermissionSet {
        self.had - self.has
    }
}

pub(super) fn differences(before: &Organization, after: &Organization, now: Timestamp) -> Vec<Difference> {
    let same = before.people().eq(after.people())
        && before.workspaces().eq(after.workspaces())
        && before.custom_roles().eq(after.custom_roles());
    if same {
        return Vec::new();
    }
    let (was, is) = (awake(before), awake(after));
    let instants = instants(&[before, after], now);
    let users: BTreeSet<UserId> = was.people().chain(is.people()).map(|(user, _)| user).collect();
    let mut found = Vec::new();
    for user in users {
        for place in places(&is) {
            for instant in &instants {
                let in_time = |org: &Organization| {
                    let there = match place {
                        Place::Workspace(id) | Place::Resource(id) if org.workspace(id).is_none() => place.instead(),
                        place => place,
                    };
                    held(org, Actor::User(user), there, *instant) & scope_of(org, place)
                };
                let (had, has) = (in_time(&was), in_time(&is));
                if had != has {
                    found.push(Difference { user, place, instant: *instant, had, has });
                }
            }
        }
    }
    found
}

/// Everything that can be held at a place.
pub(super) fn scope_of(org: &Organization, place: Place) -> PermissionSet {
    let fits = |scope: Scope| match place {
        Place::Organization => true,
        Place::Workspace(_) => scope != Scope::Organization,
        Place::Resource(_) | Place::Unplaced | Place::Own => scope == Scope::Resource,
    };
    org.catalog().permissions().filter(|(_, def)| fits(def.scope)).map(|(permission, _)| permission).collect()
}

pub(super) fn words(org: &Organization, set: PermissionSet) -> String {
    let key = |permission| org.catalog().permission_def(permission).map_or("?", |def| def.key.as_str());
    set.iter().map(key).collect::<Vec<_>>().join(", ")
}
