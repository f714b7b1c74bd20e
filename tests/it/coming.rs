//! Who comes in: by a directory, into a company in arrears, and when seats are gone.

use bailiwick::change::*;
use bailiwick::{Actor, RuleFor, Seats, Status};

use crate::support::samples::{
    ADMIN, Ids, MEMBER, NOW, OWNER, STRANGER, SUSPENDED, address, founded, name, organization, refused, run, secret,
};

const OWN: Ids = Ids::OWN;

fn by(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

fn add(n: u64, role: &str) -> AddMember {
    AddMember { user: OWN.user(n), roles: vec![role.into()], access: vec![] }
}

/// Whoever comes by themselves waits until the company is in good standing; whom the platform brings in is in.
#[test]
fn a_directory_brings_nobody_into_a_company_in_arrears() {
    for status in [Status::PastDue, Status::Suspended] {
        let mut org = organization(OWN);
        run(&mut org, Actor::System, ChangeStatus { status });
        let back = || Reactivate { user: OWN.user(SUSPENDED) };
        assert_eq!(refused(&org, Actor::Provisioner, add(STRANGER, "member")), Refusal::OrganizationClosed { status });
        assert_eq!(refused(&org, Actor::Provisioner, back()), Refusal::OrganizationClosed { status });
        run(&mut org, Actor::System, add(STRANGER, "member"));
        run(&mut org, Actor::System, back());
    }
    let mut org = organization(OWN);
    run(&mut org, Actor::Provisioner, add(STRANGER, "member"));
    run(&mut org, Actor::Provisioner, Reactivate { user: OWN.user(SUSPENDED) });
}

/// A directory gives roles, and with them what rules say of people with these roles; whoever set the roles held the one and
/// whoever set the rule the other.
#[test]
fn who_comes_by_a_directory_has_what_rules_say_as_well() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace", "manage_identity"] },
            { key = "rules.change", scope = "workspace", guards = ["change_rules"] },
            { key = "note.read", scope = "resource" },
            { key = "key.rotate", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"], reach = "all" },
        ]
        groups = [{ key = "readers", roles = ["reader"] }]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let (mut org, workspace) = (founded(text), OWN.workspace(1));
    run(&mut org, by(OWNER), CreateWorkspace { workspace, name: name("W1") });
    run(&mut org, by(OWNER), SetProvisioning { roles: Some(vec!["reader".into()]) });
    let holder = RuleFor::Group("readers".into());
    run(
        &mut org,
        by(OWNER),
        SetRule { workspace, holder, given: vec!["key.rotate".into()], taken: vec![], until: None },
    );
    run(&mut org, Actor::Provisioner, add(MEMBER, "reader"));
    assert!(org.person(OWN.user(MEMBER)).is_some_and(|person| person.is_member()));
}

/// Who takes no seat needs none, however many are taken.
#[test]
fn a_guest_is_invited_though_too_many_seats_are_taken() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["invite_member"] }]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"] },
            { key = "reader", rank = 3 },
            { key = "guest", rank = 1, billable = false },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true, seats = "per_seat:1" }]
        [policy]
        open_invitations = "reserve_seats"
    "#;
    let mut org = founded(text);
    run(&mut org, Actor::System, add(ADMIN, "reader"));
    let event = Event::SeatsChanged { seats: Seats::new(1), at: None };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event });
    let seats = org.seats(NOW).unwrap();
    assert!(seats.used > seats.limit, "{seats:?}");
    let invite = |role: &str| Invite::to(OWN.invitation(20), address("new@example.com"), secret(9)).role(role);
    assert_eq!(refused(&org, by(OWNER), invite("reader")).code(), "seat_limit");
    run(&mut org, by(OWNER), invite("guest"));
}
