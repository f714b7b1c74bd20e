//! The state of one tenant: the audit finds what is broken, origins say who gave what, forms are pinned.

use std::sync::Arc;

use bailiwick::access::{Facts, Target};
use bailiwick::change::{Command, Content, Event, GiveAccess, Record};
use bailiwick::{
    Actor, Address, InvitationId, Kind, Name, OrgId, Organization, Override, RuleFor, Seats, SecretHash, TeamId,
    Timestamp, UserId, Version, Violation, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn apply(org: &mut Organization, event: Event) {
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
    org.apply(&record);
}

/// A sound organization: an owner, a developer with a row, a workspace.
fn sound(preset: &str, owner: &str, plan: &str) -> Organization {
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::new(catalog(preset)));
    let name = Name::new("Acme").unwrap();
    let (kind, seats, roles) = (Kind::Team, Seats::new(2), vec![owner.into()]);
    apply(&mut org, Event::OrganizationCreated { kind, name, plan: plan.into(), seats, owner: user(1), roles });
    apply(&mut org, Event::WorkspaceCreated { workspace: workspace(1), name: Name::new("One").unwrap() });
    assert_eq!(org.audit(NOW), []);
    org
}

fn joined(n: u64, role: &str) -> Event {
    Event::MemberJoined { user: user(n), roles: vec![role.into()], given_by: Actor::System }
}

fn given(n: u64, place: u64, changes: Override) -> Event {
    Event::AccessGiven { user: user(n), workspace: workspace(place), changes, given_by: Actor::System }
}

/// Events that no command would yield break invariants, and the audit names each.
#[test]
fn the_audit_names_every_invariant_that_does_not_hold() {
    let broken = |events: Vec<Event>| {
        let mut org = sound("cloud", "owner", "team");
        events.into_iter().for_each(|event| apply(&mut org, event));
        org.audit(NOW)
    };
    let team = TeamId::from_u64(9).unwrap();
    assert_eq!(broken(vec![Event::PersonSuspended { user: user(1) }]), [Violation::NoOwner]);
    assert_eq!(broken(vec![Event::PersonRemoved { user: user(1), content: Content::Stays }]), [Violation::NoOwner]);
    let oversold = broken((2..=4).map(|n| joined(n, "viewer")).collect());
    assert!(matches!(oversold[..], [Violation::Oversold(seats)] if seats.used == Seats::new(4)), "{oversold:?}");
    assert_eq!(broken(vec![joined(2, "nobody")]), [Violation::NoRole(user(2))]);
    let astray = Violation::RowAstray { user: user(1), workspace: workspace(7) };
    assert_eq!(broken(vec![given(1, 7, Override::none())]), [astray]);
    let collaborator = Event::CollaboratorJoined { user: user(2), given_by: Actor::System };
    assert_eq!(broken(vec![collaborator]), [Violation::NoRow(user(2))]);
    let joins = Event::TeamJoined { team, user: user(1) };
    assert_eq!(broken(vec![joins]), [Violation::TeamAstray { user: user(1), team }]);
    let rule = Event::RuleSet {
        workspace: workspace(1),
        holder: RuleFor::Team(team),
        given: vec!["operation.run".into()],
        taken: vec![],
        until: None,
    };
    assert_eq!(broken(vec![rule]), [Violation::RuleAstray { workspace: workspace(1), team }]);
}

/// C-01, S2-39: where there is exactly one owner, two are a violation.
#[test]
fn the_audit_counts_owners_as_the_catalog_says() {
    let mut org = sound("production", "admin", "studio");
    apply(&mut org, joined(2, "admin"));
    assert_eq!(org.audit(NOW), [Violation::SeveralOwners(2)]);
    let mut org = sound("cloud", "owner", "team");
    apply(&mut org, joined(2, "owner"));
    assert_eq!(org.audit(NOW), []);
}

/// A permission of organization scope in a row gives nothing, even from a history that no command wrote (S3-44).
#[test]
fn organization_permissions_do_not_exist_in_workspaces() {
    let mut org = sound("cloud", "owner", "team");
    apply(&mut org, joined(2, "viewer"));
    apply(&mut org, given(2, 1, Override::none().adding("subscription.change")));
    let change = org.catalog().permission("subscription.change").unwrap();
    let access = org.access(Actor::User(user(2)), Target::Workspace(workspace(1)), &Facts::at(NOW));
    assert!(!access.allows(change));
    assert_eq!(org.audit(NOW), []);
}

/// Who gave something is who invited, not who accepted.
#[test]
fn origins_name_the_giver() {
    let mut org = sound("cloud", "owner", "team");
    let run = |org: &mut Organization, by: u64, command: Command| {
        for record in org.handle(&command, &Facts::at(NOW).by(Actor::User(user(by)))).unwrap() {
            org.apply(&record);
        }
    };
    let (id, hash) = (InvitationId::from_u64(1).unwrap(), SecretHash::from_bytes([1; 32]));
    let address = Address::new("bob@example.com").unwrap();
    let invite = bailiwick::change::Invite::to(id, address.clone(), hash)
        .role("viewer")
        .workspace(workspace(1), Override::role("developer"));
    run(&mut org, 1, invite.into());
    let address = bailiwick::change::AddressProof::Verified(address);
    run(&mut org, 2, bailiwick::change::Accept { invitation: id, secret: hash, address }.into());
    let bob = org.person(user(2)).unwrap();
    assert_eq!(bob.held_roles()[0].origin.by, Actor::User(user(1)));
    assert_eq!(bob.row(workspace(1)).unwrap().origin.by, Actor::User(user(1)));
    assert_eq!(org.version(), Version::from_u64(6));
}

/// Commands and events have a form in files and on wires, and it stays.
#[test]
fn the_forms_of_commands_and_events_are_pinned() {
    let command = Command::from(GiveAccess {
        user: user(2),
        workspace: workspace(1),
        changes: Override::role("developer").adding("agent.use").until(NOW),
    });
    let written = serde_json::to_string(&command).unwrap();
    assert_eq!(
        written,
        r#"{"give_access":{"user":"00000000-0000-0000-0000-000000000002","workspace":"00000000-0000-0000-0000-000000000001","changes":{"role":"developer","added":["agent.use"],"until":1795000000000}}}"#
    );
    assert_eq!(serde_json::from_str::<Command>(&written).unwrap(), command);
    let record = Record {
        version: Version::from_u64(3),
        at: NOW,
        by: Actor::User(user(1)),
        command: None,
        event: joined(2, "viewer"),
    };
    let written = serde_json::to_string(&record).unwrap();
    assert_eq!(
        written,
        r#"{"version":3,"at":1795000000000,"by":{"user":"00000000-0000-0000-0000-000000000001"},"event":{"member_joined":{"user":"00000000-0000-0000-0000-000000000002","roles":["viewer"],"given_by":"system"}}}"#
    );
    assert_eq!(serde_json::from_str::<Record>(&written).unwrap(), record);
    let hostile = written.replace("\"roles\"", "\"rolls\"");
    assert!(serde_json::from_str::<Record>(&hostile).is_err());
    let unknown = r#"{"suspend":{"user":"00000000-0000-0000-0000-000000000002","whim":1}}"#;
    assert!(serde_json::from_str::<Command>(unknown).unwrap_err().to_string().contains("unknown field `whim`"));
}
