//! An organization in which somebody is in each situation, for the tests of what is proposed and of how it is weighed.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that panics is a test that fails")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "likewise")]
#![allow(clippy::print_stdout, reason = "what is proposed is printed where it differs")]

mod proposed;
mod search;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::actor::Actor;
use crate::catalog::Reach;
use crate::change::{Event, Record};
use crate::id::{OrgId, ServiceId, TeamId, UserId, WorkspaceId};
use crate::organization::{Kind, Organization, Override, RuleFor, Seats, SecretHash};
use crate::text::Name;
use crate::time::Timestamp;

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

fn who(n: u64) -> Actor {
    Actor::User(user(n))
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

/// A resource in the first workspace.
const NOTE: u64 = 1;
