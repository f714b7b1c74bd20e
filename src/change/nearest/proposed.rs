//! Everything that is proposed, before any of it is tried: what is missing here is hardly missed there, for another proposal often does as well.
//!
//! `tests/it/nearest/proposals.txt` has a line for each; where it differs from what is proposed, the test prints what is.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]
#![allow(clippy::indexing_slicing, reason = "likewise")]
#![allow(clippy::print_stdout, reason = "what is proposed is printed where it differs")]

use alloc::format;
use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use std::println;

use super::giving::{self, Owners};
use super::question::Question;
use super::search::{Search, keys_in};
use super::situation::Situation;
use super::{Change, taking};
use crate::access::{Decision, Facts, Resource, Share, Target};
use crate::actor::Actor;
use crate::catalog::Reach;
use crate::change::{
    AddCollaborator, AddMember, ChangeRoles, Command, Event, GiveAccess, Invite, Reactivate, Record, Refusal,
};
use crate::id::{InvitationId, LinkId, OrgId, ResourceId, ServiceId, ShareId, TeamId, UserId, WorkspaceId};
use crate::organization::{Disposition, Kind, Organization, Override, RuleFor, Seats, SecretHash, Status};
use crate::sharing::{Extent, GiveShare, Recipient, RevokeShare, ShareEvent, ShareRecord, Sheet};
use crate::text::{Address, Name};
use crate::time::Timestamp;
use crate::version::Version;

const PROPOSALS: &str = include_str!("../../../tests/it/nearest/proposals.txt");

const CATALOG: &str = r#"
    name = "notes"
    permissions = [
        { key = "org.run", scope = "organization", guards = ["invite_member", "change_roles", "manage_roles"] },
        { key = "org.pay", scope = "organization", open_while_suspended = true, guards = ["change_plan", "change_seats"] },
        { key = "place.run", scope = "workspace", guards = ["change_access", "change_rules"] },
        { key = "note.read", scope = "resource" },
        { key = "note.write", scope = "resource", active_only = true },
        { key = "note.print", scope = "resource", feature = "print" },
        { key = "note.share", scope = "resource", guards = ["share_internally"] },
    ]
    roles = [
        { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
        { key = "keeper", rank = 5, permissions = ["org.run", "place.run", "note.read", "note.print"], reach = "all" },
        { key = "writer", rank = 4, permissions = ["note.read", "note.write"] },
        { key = "reader", rank = 3, permissions = ["note.read"], reach = "all", sight = "shared" },
        { key = "sharer", rank = 2, permissions = ["note.read", "note.share"], reach = "all", sight = "shared" },
        { key = "guest", rank = 1 },
    ]
    groups = [{ key = "readers", roles = ["reader"] }, { key = "keepers", roles = ["keeper"] }]
    plans = [
        { key = "paid", rank = 3, team_organizations = true, features = ["print"], seats = "per_seat:9", limits = [{ key = "members", max = 30 }] },
        { key = "slim", rank = 1, team_organizations = true, seats = "per_seat:4", limits = [{ key = "members", max = 20 }] },
        { key = "wide", rank = 2, team_organizations = true, features = ["print"], seats = "per_seat:1", limits = [{ key = "members", max = 29 }] },
        { key = "free", rank = 0, team_organizations = true, limits = [{ key = "members", max = 20 }] },
        { key = "vast", rank = 4, team_organizations = true, features = ["print"] },
    ]
    [policy]
    roles_per_member = 2
"#;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
const LATER: Timestamp = Timestamp::from_millis(1_795_000_000_001);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn team(n: u64) -> TeamId {
    TeamId::from_u64(n).unwrap()
}

fn service(n: u64) -> Actor {
    Actor::Service(ServiceId::from_u64(n).unwrap())
}

fn apply(organization: &mut Organization, events: impl IntoIterator<Item = Event>) {
    for event in events {
        let version = organization.version().next();
        organization.apply(&Record { version, at: NOW, by: Actor::System, command: None, event });
    }
}

/// Somebody in each situation.
fn notes() -> Organization {
    notes_in(CATALOG)
}

fn notes_in(catalog: &str) -> Organization {
    let mut organization = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(toml::from_str(catalog).unwrap()));
    let name = Name::new("Notes").unwrap();
    let keys = |keys: &[&str]| keys.iter().map(|key| (*key).into()).collect::<Vec<_>>();
    let joined = |n, roles: &[&str]| Event::MemberJoined {
        user: user(n),
        roles: roles.iter().map(|key| (*key).into()).collect(),
        given_by: Actor::User(user(1)),
    };
    let from_outside = |n| Event::CollaboratorJoined { user: user(n), given_by: Actor::User(user(1)) };
    let row = |n, changes| Event::AccessGiven {
        user: user(n),
        workspace: workspace(1),
        changes,
        given_by: Actor::User(user(1)),
    };
    let until = |until, changes: Override| Override { until: Some(until), ..changes };
    let rule = |holder, given: &[&str], taken: &[&str], until| Event::RuleSet {
        workspace: workspace(1),
        holder,
        given: keys(given),
        taken: keys(taken),
        until,
    };
    let lent = |n, sponsor, permissions: &[&str], workspaces: &[u64], until| Event::ServiceCreated {
        service: ServiceId::from_u64(n).unwrap(),
        name: name.clone(),
        sponsor: user(sponsor),
        permissions: keys(permissions),
        workspaces: workspaces.iter().map(|n| workspace(*n)).collect(),
        until,
        secret: SecretHash::from_bytes([7; 32]),
    };
    let made = |n| [Event::TeamCreated { team: team(n), name: Name::new("Team").unwrap() }];
    let kind = Kind::Team;
    let roles = ["owner".into()].into();
    apply(
        &mut organization,
        [
            Event::OrganizationCreated {
                kind,
                name: name.clone(),
                plan: "free".into(),
                seats: Seats::new(0),
                owner: user(1),
                roles,
            },
            Event::WorkspaceCreated { workspace: workspace(1), name: name.clone() },
            Event::WorkspaceCreated { workspace: workspace(2), name: Name::new("Old").unwrap() },
            Event::WorkspaceArchived { workspace: workspace(2) },
            Event::CustomRoleSet {
                role: "editor".into(),
                title: Name::new("Editor").unwrap(),
                like: "reader".into(),
                reach: Reach::All,
                permissions: keys(&["note.read"]),
            },
            joined(2, &["guest"]),
            joined(3, &["reader", "writer"]),
            joined(4, &["editor"]),
            joined(5, &["reader"]),
            joined(6, &["guest"]),
            Event::PersonSuspended { user: user(6) },
            joined(7, &["guest"]),
            joined(8, &["sharer"]),
            from_outside(11),
            from_outside(12),
            from_outside(13),
        ],
    );
    apply(&mut organization, (1..=4).flat_map(made));
    let in_team = |n, who| Event::TeamJoined { team: team(n), user: user(who) };
    apply(
        &mut organization,
        [
            // Somebody whose row says all that a row can say.
            row(
                7,
                until(
                    LATER,
                    Override::role("editor").adding("place.run").removing("note.print").removing("note.write"),
                ),
            ),
            row(11, Override::none().adding("note.read")),
            row(12, until(NOW, Override::none().adding("note.read"))),
            row(13, Override::role("writer").removing("note.read")),
            in_team(1, 5),
            in_team(2, 5),
            in_team(4, 3),
            rule(RuleFor::Team(team(1)), &[], &["note.read", "place.run"], None),
            rule(RuleFor::Team(team(2)), &["note.write"], &[], Some(LATER)),
            rule(RuleFor::Team(team(3)), &["place.run"], &[], None),
            rule(RuleFor::Team(team(4)), &["note.print"], &[], Some(NOW)),
            rule(RuleFor::Group("readers".into()), &["place.run"], &[], Some(LATER)),
            lent(1, 3, &["note.read", "note.write"], &[], None),
            lent(2, 3, &["note.read"], &[2], Some(LATER)),
            lent(3, 3, &["note.read"], &[1], Some(NOW)),
            lent(5, 12, &["note.read"], &[], None),
            lent(6, 3, &["note.write"], &[1], Some(LATER)),
            lent(4, 3, &["note.read"], &[1], None),
            Event::ServiceOrphaned { service: ServiceId::from_u64(4).unwrap() },
        ],
    );
    organization
}

/// A resource in the first workspace, and a sheet that knows of one share.
const NOTE: u64 = 1;

fn sheet(with: u64, level: &[&str]) -> Sheet {
    let mut sheet = Sheet::new(OrgId::from_u64(1).unwrap(), ResourceId::from_u64(NOTE).unwrap());
    let (share, level) = (ShareId::from_u64(1).unwrap(), level.iter().map(|key| (*key).into()).collect());
    let (extent, until) = (Extent::default(), Some(LATER));
    let event = ShareEvent::Given { share, to: Recipient::User(user(with)), since: None, extent, level, until };
    sheet.apply(&ShareRecord {
        version: Version::from_u64(1),
        at: NOW,
        by: Actor::User(user(1)),
        command: None,
        event,
    });
    sheet
}

/// What is proposed where somebody asks, a line each.
struct Asked<'o> {
    organization: &'o Organization,
    owners: Owners,
    sheets: Vec<Sheet>,
    personal_owner: Option<UserId>,
}

impl<'o> Asked<'o> {
    fn of(organization: &'o Organization) -> Self {
        Self { organization, owners: Owners::No, sheets: Vec::new(), personal_owner: None }
    }

    fn in_place(&self, actor: Actor, key: &str, place: u64) -> String {
        self.at(actor, key, Target::Workspace(workspace(place)))
    }

    fn of_all(&self, actor: Actor, key: &str) -> String {
        self.at(actor, key, Target::Organization)
    }

    fn on_note(&self, actor: Actor, key: &str) -> String {
        let organization = self.organization;
        let id = ResourceId::from_u64(NOTE).unwrap();
        let shares: Vec<Share> = self
            .sheets
            .iter()
            .flat_map(|sheet| sheet.shares())
            .filter_map(|(_, given)| given.as_share(organization, id))
            .collect();
        let personal_owner = self.personal_owner;
        let resource = Resource { id, containers: &[], workspace: Some(workspace(1)), personal_owner, shares: &shares };
        self.at(actor, key, Target::Resource(&resource))
    }

    fn at(&self, actor: Actor, key: &str, target: Target<'_>) -> String {
        let facts = Facts::at(NOW);
        let permission = self.organization.catalog().permission(key).unwrap();
        let question = Question { actor, permission, target, facts: &facts, sheets: &self.sheets };
        let situation = Situation::of(self.organization, &question);
        let (answer, proposals) = match situation.answers(&question) {
            Decision::Deny(reason) => {
                (reason.code(), giving::proposals(&situation, &question, reason, None, self.owners))
            }
            Decision::Allow | Decision::StepUp(_) => ("allowed", taking::proposals(&situation, &question)),
        };
        let asks = match actor {
            Actor::User(user) => format!("user {user}"),
            Actor::Service(service) => format!("service {service}"),
            other => format!("{other:?}"),
        };
        let lines: String = proposals.iter().map(line).collect();
        short(&format!("{asks} asks for {key} {}: {answer}\n{lines}\n", named(target)))
    }
}

fn named(target: Target<'_>) -> String {
    match target {
        Target::Organization => "in the organization".into(),
        Target::Workspace(workspace) => format!("in workspace {workspace}"),
        Target::Resource(resource) => format!("on resource {}", resource.id),
    }
}

fn line(change: &Change) -> String {
    let command = match change {
        Change::Organization(command) => serde_json::to_string(command),
        Change::Share(_, command) => serde_json::to_string(command),
    };
    format!("    {}\n", command.unwrap())
}

/// Without what is the same in each id.
fn short(text: &str) -> String {
    let secret = serde_json::to_string(&SecretHash::from_bytes([0; 32])).unwrap();
    text.replace("00000000-0000-0000-0000-0000000000", "").replace(&secret, "…").replace("1795000000", "…")
}

fn who(n: u64) -> Actor {
    Actor::User(user(n))
}

fn against_denials() -> String {
    let notes = notes();
    let asked = Asked::of(&notes);
    [
        asked.in_place(who(9), "note.read", 1),
        asked.of_all(who(9), "note.write"),
        asked.of_all(who(9), "org.run"),
        asked.in_place(who(9), "org.run", 1),
        asked.of_all(who(11), "org.run"),
        asked.in_place(who(11), "note.write", 1),
        asked.in_place(who(12), "note.read", 1),
        asked.in_place(who(13), "note.read", 1),
        asked.in_place(who(2), "note.read", 1),
        asked.in_place(who(2), "place.run", 1),
        asked.in_place(who(2), "org.run", 1),
        asked.in_place(who(3), "note.print", 1),
        asked.of_all(who(3), "org.run"),
        asked.in_place(who(4), "note.write", 1),
        asked.in_place(who(5), "note.read", 1),
        asked.in_place(who(6), "note.read", 1),
        asked.in_place(who(7), "note.write", 1),
        asked.in_place(who(7), "note.print", 1),
        asked.in_place(who(1), "note.write", 2),
        asked.in_place(who(1), "note.write", 9),
        asked.in_place(who(1), "note.print", 1),
        asked.in_place(service(1), "note.print", 1),
        asked.in_place(service(2), "note.read", 1),
        asked.in_place(service(2), "note.read", 2),
        asked.in_place(service(2), "note.write", 2),
        asked.in_place(service(1), "place.run", 1),
        asked.in_place(service(2), "place.run", 1),
        asked.of_all(service(2), "note.read"),
        asked.in_place(service(5), "note.read", 1),
        asked.in_place(service(6), "note.read", 1),
        asked.in_place(service(3), "note.read", 1),
        asked.in_place(service(4), "note.read", 1),
        asked.in_place(service(9), "note.read", 1),
        asked.in_place(Actor::System, "note.read", 1),
        asked.in_place(Actor::Staff { staff: user(90), on_behalf_of: user(1) }, "note.print", 1),
    ]
    .concat()
        + &asked_with_seats()
}

/// Seats that were bought stay bought.
fn asked_with_seats() -> String {
    let mut notes = notes();
    apply(&mut notes, [Event::PlanChanged { plan: "slim".into(), seats: Seats::new(40), at: None }]);
    Asked::of(&notes).in_place(who(1), "note.print", 1)
}

fn against_what_is_allowed() -> String {
    let mut notes = notes();
    let free = Asked::of(&notes);
    let first = [
        free.in_place(who(1), "note.read", 1),
        free.in_place(who(1), "note.write", 1),
        free.of_all(who(1), "org.pay"),
        free.in_place(who(3), "note.read", 1),
        free.in_place(who(4), "note.read", 1),
        free.in_place(who(5), "note.write", 1),
        free.in_place(who(7), "place.run", 1),
        free.in_place(who(7), "note.read", 1),
        free.in_place(who(11), "note.read", 1),
        free.in_place(service(1), "note.read", 1),
        free.in_place(service(2), "note.read", 2),
    ]
    .concat();
    apply(&mut notes, [Event::PlanChanged { plan: "paid".into(), seats: Seats::new(40), at: None }]);
    let paid = Asked::of(&notes).in_place(who(1), "note.print", 1);
    apply(&mut notes, [Event::PlanChanged { plan: "wide".into(), seats: Seats::new(2), at: None }]);
    first + &paid + &Asked::of(&notes).in_place(who(1), "note.print", 1)
}

fn of_organizations_that_are_stopped() -> String {
    let mut told = Asked::of(&Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(notes().catalog())))
        .of_all(who(1), "org.run");
    for status in [Status::PastDue, Status::Suspended, Status::Archived] {
        let mut notes = notes();
        apply(&mut notes, [Event::StatusChanged { status }]);
        told += &Asked::of(&notes).in_place(who(1), "note.write", 1);
    }
    let mut notes = notes();
    let disposition = Disposition::Delete;
    apply(&mut notes, [Event::OrganizationDeleted { disposition, purge_at: LATER }]);
    told + &Asked::of(&notes).of_all(who(1), "org.run")
}

fn of_what_is_shared() -> String {
    let notes = notes();
    let none = Asked::of(&notes);
    let shared = |with, level| Asked { sheets: [sheet(with, level)].into(), ..Asked::of(&notes) };
    let (one, two) = (shared(9, &["note.read"]), shared(9, &["note.read", "note.write"]));
    let personal = Asked { personal_owner: Some(user(3)), ..Asked::of(&notes) };
    [
        none.on_note(who(2), "note.read"),
        none.on_note(who(9), "note.read"),
        none.on_note(who(2), "place.run"),
        one.on_note(who(9), "note.read"),
        two.on_note(who(9), "note.read"),
        two.on_note(who(9), "place.run"),
        two.on_note(who(3), "note.write"),
        shared(2, &["note.read"]).on_note(who(2), "note.read"),
        personal.on_note(who(1), "note.read"),
        none.on_note(Actor::Link(LinkId::from_u64(1).unwrap()), "note.read"),
    ]
    .concat()
}

/// For whom nothing else helps.
fn of_ownership() -> String {
    let mut notes = notes();
    let asked = |notes: &Organization| {
        let asked = Asked { owners: Owners::Yes, ..Asked::of(notes) };
        asked.of_all(who(2), "org.pay") + &asked.of_all(who(11), "org.pay")
    };
    let first = asked(&notes);
    apply(&mut notes, [Event::OwnershipOffered { from: user(1), to: user(2) }]);
    let offered = asked(&notes);
    // There are two now.
    apply(&mut notes, [Event::RolesChanged { user: user(4), roles: ["owner".into()].into() }]);
    let second = asked(&notes) + &Asked::of(&notes).in_place(who(4), "note.read", 1);
    let one = CATALOG.replace("owner = true,", "owner = true, holders = \"exactly_one\",");
    first + &offered + &second + &asked(&notes_in(&one)) + &Asked::of(&notes_in(&one)).in_place(who(1), "note.read", 1)
}

fn of_room() -> String {
    let notes = notes();
    let facts = Facts::at(NOW);
    let permission = notes.catalog().permission("note.read").unwrap();
    let question = Question { actor: who(9), permission, target: Target::Organization, facts: &facts, sheets: &[] };
    let seats = |limit, used| Refusal::SeatLimit { limit: Seats::new(limit), used: Seats::new(used) };
    let members = |max, used| Refusal::LimitReached { limit: "members".into(), max, used };
    let refusals = [
        seats(5, 4),
        seats(4, 5),
        members(20, 20),
        members(20, 28),
        members(20, 29),
        members(20, 30),
        Refusal::NotFound,
    ];
    let told = |refusal: &Refusal| {
        let room = giving::room(&notes, &question, refusal);
        let lines: String = room.into_iter().map(Change::from).map(|change| line(&change)).collect();
        short(&format!("room where {refusal}\n{lines}\n"))
    };
    refusals.iter().map(told).collect()
}

#[test]
fn everything_is_proposed() {
    let parts = [
        against_denials(),
        against_what_is_allowed(),
        of_organizations_that_are_stopped(),
        of_what_is_shared(),
        of_ownership(),
        of_room(),
    ];
    let proposed = parts.concat();
    if proposed.trim_end() != PROPOSALS.trim_end() {
        println!("{proposed}");
        panic!("tests/it/nearest/proposals.txt says something else");
    }
}

#[test]
fn of_more_than_is_needed_the_smallest_part_is_told() {
    let (notes, facts) = (notes(), Facts::at(NOW));
    let permission = notes.catalog().permission("note.read").unwrap();
    let target = Target::Workspace(workspace(1));
    let question = Question { actor: who(2), permission, target, facts: &facts, sheets: &[] };
    let by_platform = |command: Command| (Change::from(command), Actor::System);
    let (user, workspace) = (user(2), workspace(1));
    let done: Vec<(Change, Actor)> = [
        by_platform(Reactivate { user: who(6).user().unwrap() }.into()),
        by_platform(ChangeRoles { user, roles: ["guest".into(), "reader".into()].into() }.into()),
        by_platform(GiveAccess { user, workspace, changes: Override::none().adding("note.read") }.into()),
    ]
    .into();
    let found = Search::new(question).smallest(&Situation::of(&notes, &question), done.clone());
    assert_eq!(found, done[1..2]);
}

/// People share, each of what is there by then; what is somebody's own they share alone.
#[test]
fn what_is_shared_is_shared_by_people_as_things_stand() {
    let (notes, facts) = (notes(), Facts::at(NOW));
    let (note, folder) = (ResourceId::from_u64(NOTE).unwrap(), ResourceId::from_u64(2).unwrap());
    let containers = [folder];
    let of = |personal_owner| Resource {
        id: note,
        containers: &containers,
        workspace: Some(workspace(1)),
        personal_owner,
        shares: &[],
    };
    let (shared, own) = (of(None), of(Some(user(8))));
    let permission = notes.catalog().permission("note.read").unwrap();
    let question = |resource| Question {
        actor: who(3),
        permission,
        target: Target::Resource(resource),
        facts: &facts,
        sheets: &[],
    };
    let give = |on, n, to, level: &[&str]| {
        let (share, level) = (ShareId::from_u64(n).unwrap(), level.iter().map(|key| (*key).into()).collect());
        Change::Share(on, GiveShare { share, to: Recipient::User(user(to)), level, until: None }.into())
    };
    let start = Situation::of(&notes, &question(&shared));
    let after = |before: &Situation, change: &Change, by| before.after(change, by, &question(&shared), &facts);
    let first = give(folder, 1, 8, &["note.read", "note.share"]);
    assert!(after(&start, &first, Actor::System).is_none());
    let folder_shared = after(&start, &first, who(1)).unwrap();
    assert_eq!(folder_shared.shares.iter().map(|share| share.on).collect::<Vec<_>>(), [folder]);
    // The one who has it now shares it in turn, which they could not before.
    let second = give(note, 1, 3, &["note.read"]);
    assert!(after(&start, &second, who(8)).is_none());
    let both_shared = after(&folder_shared, &second, who(8)).unwrap();
    assert!(both_shared.answers(&question(&shared)) == Decision::Allow);
    let known: Vec<ResourceId> = both_shared.sheets.iter().map(Sheet::resource).collect();
    assert_eq!(known, [folder, note]);
    let third = after(&both_shared, &give(note, 2, 5, &["note.read"]), who(1)).unwrap();
    assert_eq!(third.sheets.iter().map(|sheet| sheet.shares().count()).collect::<Vec<_>>(), [1, 2]);
    // Closed by the platform, which opens nothing.
    let share = ShareId::from_u64(1).unwrap();
    let closed = after(&third, &Change::Share(note, RevokeShare { share }.into()), Actor::System).unwrap();
    assert!(matches!(closed.answers(&question(&shared)), Decision::Deny(_)));
    let of_own = |by| Situation::of(&notes, &question(&own)).after(&second, by, &question(&own), &facts).is_some();
    assert_eq!([of_own(who(1)), of_own(who(8)), of_own(Actor::System)], [false, true, false]);
}

/// The plainer one of two has fewer.
#[test]
fn every_key_that_a_change_names_counts() {
    let user = user(2);
    let row = || Override::role("reader").adding("note.print").removing("note.read").removing("note.write");
    let access = || [(workspace(1), row()), (workspace(2), Override::none())].into();
    let roles = || ["guest".into(), "reader".into()].into();
    let invited = |roles| {
        let (invitation, address) = (InvitationId::from_u64(1).unwrap(), Address::new("bob@acme.example").unwrap());
        Command::from(Invite { invitation, address, roles, access: access(), secret: SecretHash::from_bytes([0; 32]) })
    };
    let share = ShareId::from_u64(1).unwrap();
    let level = ["note.read".into(), "note.write".into()].into();
    let given = GiveShare { share, to: Recipient::User(user), level, until: None };
    let on = ResourceId::from_u64(NOTE).unwrap();
    let counted: [(Change, usize); 8] = [
        (Command::from(GiveAccess { user, workspace: workspace(1), changes: row() }).into(), 4),
        (Command::from(ChangeRoles { user, roles: roles() }).into(), 2),
        (Command::from(AddMember { user, roles: roles(), access: access() }).into(), 2 + 4 + 2),
        (Command::from(AddCollaborator { user, access: access() }).into(), 4 + 2),
        (invited(roles()).into(), 2 + 4 + 2),
        (Command::from(Reactivate { user }).into(), 0),
        (Change::Share(on, given.into()), 2),
        (Change::Share(on, RevokeShare { share }.into()), 0),
    ];
    for (change, keys) in counted {
        assert_eq!(keys_in(&change), keys, "{change:?}");
    }
}
