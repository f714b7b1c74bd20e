//! How an explanation reads: every layer and finding, word for word, as whoever answers a customer reads it.

use std::fmt::Write;
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::{Catalog, Permission, PermissionKey, RoleKey};
use bailiwick::change::{Event, Record};
use bailiwick::{
    Actor, Kind, LinkId, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, SecretHash, ServiceId, Span,
    Status, TeamId, Timestamp, UserId, WorkspaceId,
};

const CATALOG: &str = r#"
    name = "notes"
    providers = ["corporate"]
    permissions = [
        { key = "bill.see", scope = "organization", recent_authentication = "15m", second_factor = true },
        { key = "org.name", scope = "organization", open_while_suspended = true, feature = "brand" },
        { key = "run.start", scope = "workspace", active_only = true },
        { key = "run.stop", scope = "workspace" },
        { key = "note.read", scope = "resource" },
        { key = "note.edit", scope = "resource" },
    ]
    roles = [
        { key = "owner", rank = 9, owner = true, permissions = ["*"] },
        { key = "writer", rank = 5, permissions = ["run.start", "note.read", "note.edit"] },
        { key = "reader", rank = 3, permissions = ["note.read"], sight = "shared" },
        { key = "keeper", rank = 4, permissions = ["run.stop"], reducible = false },
        { key = "helper", rank = 2, permissions = ["run.start", "note.read"], reach = "assigned" },
    ]
    groups = [{ key = "pens", roles = ["writer"] }, { key = "eyes", roles = ["reader"] }]
    plans = [
        { key = "small", rank = 0, team_organizations = true },
        { key = "large", title = "Large", rank = 1, team_organizations = true, features = ["brand"], identity_provider = "corporate" },
    ]
    features = ["brand"]
"#;
const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const THERE: u64 = 1;
const LAB: u64 = 2;
const OLD: u64 = 3;
const NOWHERE: u64 = 404;

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Everybody who is asked about, and what they were given.
fn notes(mode: &str) -> Organization {
    let catalog: Catalog = toml::from_str(&format!(
        "{CATALOG}\n[policy]\noverrides = \"{mode}\"\ncollaborators = \"on\"\nroles_per_member = 3\n"
    ))
    .unwrap();
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog));
    let over = Some(NOW);
    happen(
        &mut org,
        [
            Event::OrganizationCreated {
                kind: Kind::Team,
                name: name("Acme"),
                plan: "small".into(),
                seats: Seats::new(9),
                owner: user(1),
                roles: vec!["owner".into()],
            },
            Event::WorkspaceCreated { workspace: workspace(THERE), name: name("Ink") },
            Event::WorkspaceCreated { workspace: workspace(LAB), name: name("Lab") },
            Event::WorkspaceCreated { workspace: workspace(OLD), name: name("Old") },
            Event::WorkspaceArchived { workspace: workspace(OLD) },
            Event::TeamCreated { team: team(1), name: name("Night shift") },
        ],
    );
    for (n, roles) in [
        (2, &["writer", "helper"][..]),
        (3, &["reader"]),
        (5, &["writer"]),
        (6, &["keeper", "reader"]),
        (7, &["helper"]),
        (8, &["writer", "reader"]),
    ] {
        let roles: Vec<RoleKey> = roles.iter().map(|role| (*role).into()).collect();
        happen(&mut org, [Event::MemberJoined { user: user(n), roles, given_by: by(1) }]);
    }
    happen(
        &mut org,
        [
            Event::CollaboratorJoined { user: user(4), given_by: by(1) },
            given(4, LAB, Override::role("reader")),
            Event::CollaboratorJoined { user: user(9), given_by: by(1) },
            given(9, LAB, Override { until: over, ..Override::role("reader") }),
            Event::PersonSuspended { user: user(5) },
            Event::TeamJoined { team: team(1), user: user(3) },
            given(7, LAB, Override::none().adding("run.stop")),
            given(6, LAB, Override::none().removing("run.stop").removing("note.read")),
            given(8, LAB, Override::role("reader")),
            given(3, LAB, Override::role("writer")),
            given(8, THERE, Override { until: over, ..Override::none().removing("note.read") }),
            given(2, THERE, Override::role("writer").adding("run.stop")),
            rule(LAB, RuleFor::Team(team(1)), &["run.stop"], &["note.edit"], None),
            rule(LAB, RuleFor::Group("pens".into()), &[], &["note.edit"], None),
            rule(THERE, RuleFor::Group("eyes".into()), &["run.stop"], &[], over),
            rule(THERE, RuleFor::Team(team(1)), &["note.edit"], &[], None),
            service(1, 2, &["note.read"], None),
            service(2, 2, &["note.read"], over),
            service(3, 2, &["note.read"], None),
            Event::ServiceOrphaned { service: ServiceId::from_u64(3).unwrap() },
        ],
    );
    org
}

fn happen(org: &mut Organization, events: impl IntoIterator<Item = Event>) {
    for event in events {
        let record = Record { version: org.version().next(), at: NOW, by: by(1), command: None, event };
        org.apply(&record);
    }
}

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

fn team(n: u64) -> TeamId {
    TeamId::from_u64(n).unwrap()
}

fn given(n: u64, at: u64, changes: Override) -> Event {
    Event::AccessGiven { user: user(n), workspace: workspace(at), changes, given_by: by(1) }
}

fn rule(at: u64, holder: RuleFor, given: &[&str], taken: &[&str], until: Option<Timestamp>) -> Event {
    let keys = |keys: &[&str]| keys.iter().map(|key| PermissionKey::from(*key)).collect();
    Event::RuleSet { workspace: workspace(at), holder, given: keys(given), taken: keys(taken), until }
}

fn service(n: u64, sponsor: u64, permissions: &[&str], until: Option<Timestamp>) -> Event {
    Event::ServiceCreated {
        service: ServiceId::from_u64(n).unwrap(),
        name: name(&format!("Robot {n}")),
        sponsor: user(sponsor),
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
        workspaces: vec![],
        until,
        secret: SecretHash::from_bytes([u8::try_from(n).unwrap(); 32]),
    }
}

/// What is told, one answer after the other.
#[derive(Default)]
struct Told(String);

impl Told {
    fn ask(&mut self, org: &Organization, actor: Actor, key: &str, target: Target<'_>) {
        self.ask_with(org, actor, key, target, &Facts::at(NOW));
    }

    fn ask_with(&mut self, org: &Organization, actor: Actor, key: &str, target: Target<'_>, facts: &Facts<'_>) {
        let permission: Permission = org.catalog().permission(key).unwrap();
        let named = |user: UserId| (user == self::user(1)).then(|| "Ada".to_owned());
        let why = org.explain(actor, permission, target, facts);
        writeln!(self.0, "{}\n", why.to_text(&named)).unwrap();
        assert_eq!(why.to_text(&|_| None), why.to_string());
    }
}

fn everything() -> String {
    let mut told = Told::default();
    let [replace, expand, reduce, off] = ["replace", "expand", "reduce", "off"].map(notes);
    let at = |n| Target::Workspace(workspace(n));

    // People at the organization.
    let signed_in = Facts::at(NOW).authenticated(NOW).with_second_factor();
    told.ask_with(&replace, by(1), "bill.see", Target::Organization, &signed_in);
    told.ask(&replace, by(1), "bill.see", Target::Organization);
    told.ask(&replace, by(2), "bill.see", Target::Organization);
    told.ask(&replace, by(1), "org.name", Target::Organization);
    told.ask(&replace, by(404), "bill.see", Target::Organization);

    // Whoever acts for somebody.
    let staff = Actor::Staff { staff: user(77), on_behalf_of: user(1) };
    told.ask(&replace, staff, "bill.see", Target::Organization);
    told.ask(&replace, staff, "note.read", at(LAB));
    told.ask(&replace, Actor::Staff { staff: user(1), on_behalf_of: user(4) }, "note.read", at(LAB));
    for (n, key) in [(1, "note.read"), (1, "run.start"), (2, "note.read"), (3, "note.read"), (404, "note.read")] {
        told.ask(&replace, Actor::Service(ServiceId::from_u64(n).unwrap()), key, at(THERE));
    }
    told.ask(&replace, Actor::System, "note.read", at(LAB));
    told.ask(&replace, Actor::Provisioner, "note.read", at(LAB));

    // In workspaces.
    for (n, key, place) in [
        (5, "note.read", THERE),
        (9, "note.read", LAB),
        (2, "run.start", OLD),
        (2, "run.start", NOWHERE),
        (2, "run.start", LAB),
        (2, "run.stop", THERE),
        (7, "run.start", THERE),
        (7, "run.stop", LAB),
        (7, "run.start", LAB),
        (8, "note.edit", LAB),
        (8, "note.read", THERE),
        (2, "note.edit", LAB),
        (3, "note.edit", THERE),
        (3, "run.stop", THERE),
        (3, "run.stop", LAB),
        (6, "run.stop", LAB),
        (6, "note.read", LAB),
        (6, "note.edit", LAB),
    ] {
        told.ask(&replace, by(n), key, at(place));
    }

    // The same override by every policy.
    for org in [&replace, &expand, &reduce, &off] {
        for (n, key, place) in [
            (3, "run.start", LAB),
            (8, "run.start", LAB),
            (8, "note.read", LAB),
            (6, "note.read", LAB),
            (7, "run.stop", LAB),
        ] {
            told.ask(org, by(n), key, at(place));
        }
    }

    // On resources.
    let link = LinkId::from_u64(1).unwrap();
    let read = [replace.catalog().permission("note.read").unwrap()].into_iter().collect();
    let on = ResourceId::from_u64(1).unwrap();
    let share = |to| Share { on, to, level: read, until: None };
    let joined = replace.person(user(3)).unwrap().joined().version;
    let group = replace.catalog().group("eyes").unwrap();
    let shares: Vec<Share> = [
        ShareHolder::Members,
        ShareHolder::Group(group),
        ShareHolder::Team(team(1)),
        ShareHolder::User(user(3)),
        ShareHolder::Person { user: user(3), joined },
        ShareHolder::Organization(OrgId::from_u64(2).unwrap()),
        ShareHolder::Link(link),
    ]
    .map(share)
    .into_iter()
    .chain([Share { until: Some(NOW), ..share(ShareHolder::User(user(3))) }])
    .collect();
    let shared =
        Resource { id: on, containers: &[], workspace: Some(workspace(THERE)), personal_owner: None, shares: &shares };
    let alone = Resource { shares: &[], ..shared };
    let of_two = Resource { personal_owner: Some(user(2)), ..alone };
    let outside = Resource { workspace: None, ..of_two };
    let lost = Resource { workspace: Some(workspace(NOWHERE)), ..shared };
    let partner = [OrgId::from_u64(2).unwrap()];
    let of_partner = Facts::at(NOW).member_of(&partner);
    for (actor, key, resource) in [
        (by(3), "note.read", &shared),
        (by(3), "note.edit", &shared),
        (by(3), "note.read", &alone),
        (by(4), "note.read", &shared),
        (by(7), "note.edit", &shared),
        (by(6), "note.edit", &shared),
        (Actor::Link(link), "note.read", &shared),
        (by(404), "note.read", &shared),
        (by(2), "note.edit", &of_two),
        (by(2), "note.edit", &outside),
        (by(2), "run.stop", &outside),
        (by(8), "note.edit", &of_two),
        (by(3), "note.edit", &of_two),
        (by(3), "note.read", &lost),
    ] {
        told.ask(&replace, actor, key, Target::Resource(resource));
    }
    told.ask_with(&replace, by(404), "note.read", Target::Resource(&shared), &of_partner);

    // What stands in the way of everybody.
    let mut org = replace.clone();
    for status in [Status::PastDue, Status::Suspended, Status::Archived] {
        happen(&mut org, [Event::StatusChanged { status }]);
        told.ask(&org, by(1), "org.name", Target::Organization);
        told.ask(&org, by(2), "run.start", at(LAB));
    }
    happen(
        &mut org,
        [
            Event::StatusChanged { status: Status::Active },
            Event::PlanChanged { plan: "large".into(), seats: Seats::new(9), at: None },
        ],
    );
    told.ask(&org, by(1), "org.name", Target::Organization);
    let provider = org.catalog().provider("corporate").unwrap();
    told.ask_with(&org, by(1), "org.name", Target::Organization, &Facts::at(NOW).through(provider));
    let purge_at = NOW.plus(Span::days(30));
    happen(&mut org, [Event::OrganizationDeleted { disposition: bailiwick::Disposition::Delete, purge_at }]);
    told.ask(&org, by(1), "org.name", Target::Organization);
    told.ask(
        &Organization::new(OrgId::from_u64(3).unwrap(), Arc::clone(org.catalog())),
        by(1),
        "org.name",
        Target::Organization,
    );
    told.0
}

/// `BAILIWICK_WRITE=1` writes it down, to be read before it is committed.
#[test]
fn explanations_read_as_they_were_read() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/fixtures/explained.txt");
    let told = everything();
    if std::env::var("BAILIWICK_WRITE").is_ok() {
        std::fs::write(path, &told).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    for (told, written) in told.split("\n\n").zip(written.split("\n\n")) {
        assert_eq!(told, written);
    }
    assert_eq!(told.len(), written.len());
}

#[test]
fn how_long_ago_somebody_signed_in_is_known_where_it_was_said() {
    let later = NOW.plus(Span::minutes(5));
    assert_eq!(Facts::at(later).authenticated(NOW).authentication_age(), Some(Span::minutes(5)));
    assert_eq!(Facts::at(later).authentication_age(), None);
}
