//! A desk: a small catalog in which everything that decides about authority is guarded, and organizations in it.

use std::sync::Arc;

use bailiwick::catalog::Catalog;
use bailiwick::change::{Event, Record};
use bailiwick::{Actor, Kind, Organization, Override, Seats};

use super::samples::{self, Ids, NOW};

/// A catalog with what decides about authority: guards, who may share, a group of two roles.
pub(crate) const DESK: &str = r#"
    name = "desk"
    permissions = [
        { key = "note.read", scope = "resource" },
        { key = "note.write", scope = "resource" },
        { key = "note.manage", scope = "resource" },
        { key = "desk.use", scope = "organization" },
        { key = "people.manage", scope = "organization", guards = ["remove_member", "change_roles", "invite_member"] },
        { key = "share.in", scope = "workspace", guards = ["share_internally"] },
        { key = "place.open", scope = "workspace", guards = ["change_access"] },
        { key = "own.give", scope = "organization", guards = ["transfer_ownership"] },
    ]
    [[roles]]
    key = "owner"
    rank = 9
    owner = true
    permissions = ["*"]
    reach = "all"
    falls_back_to = "editor"
    [[roles]]
    key = "editor"
    rank = 5
    permissions = ["note.read", "note.write", "desk.use"]
    reach = "all"
    [[roles]]
    key = "intern"
    rank = 1
    permissions = ["note.read", "desk.use"]
    reach = "all"
    sight = "shared"
    [[groups]]
    key = "juniors"
    roles = ["intern", "editor"]
    [[plans]]
    key = "team"
    rank = 1
    team_organizations = true
"#;

pub(crate) fn desk(changes: &[(&str, &str)]) -> Arc<Catalog> {
    let text = changes.iter().fold(DESK.to_owned(), |text, (from, to)| {
        assert_eq!(text.matches(from).count(), 1, "`{from}` stands there once");
        text.replace(from, to)
    });
    Arc::new(toml::from_str(&text).unwrap_or_else(|error| panic!("{error}")))
}

/// The owner is user 1, in workspace 1.
pub(crate) fn desk_of(catalog: &Arc<Catalog>, events: impl IntoIterator<Item = Event>) -> Organization {
    let owner = catalog.role_def(catalog.owner_role()).unwrap().key.as_str().into();
    let plan = catalog.plans().next().unwrap().1.key.as_str().into();
    let (kind, name, user) = (Kind::Team, samples::name("Desk"), Ids::OWN.user(1));
    let created =
        Event::OrganizationCreated { kind, name, plan, seats: Seats::new(50), owner: user, roles: vec![owner] };
    let opened = Event::WorkspaceCreated { workspace: Ids::OWN.workspace(1), name: samples::name("First") };
    let mut org = Organization::new(Ids::OWN.organization(), Arc::clone(catalog));
    for event in [created, opened].into_iter().chain(events) {
        happens(&mut org, event);
    }
    org
}

pub(crate) fn happens(org: &mut Organization, event: Event) {
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
    org.apply(&record);
}

pub(crate) fn joins(n: u64, role: &str) -> Event {
    Event::MemberJoined { user: Ids::OWN.user(n), roles: vec![role.into()], given_by: Actor::System }
}

pub(crate) fn row_of(n: u64, changes: Override) -> Event {
    let (user, workspace) = (Ids::OWN.user(n), Ids::OWN.workspace(1));
    Event::AccessGiven { user, workspace, changes, given_by: Actor::System }
}
