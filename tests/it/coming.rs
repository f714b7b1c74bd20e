//! Who comes in: by a directory, into a company in arrears, and when seats are gone.

use bailiwick::change::*;
use bailiwick::{Actor, Organization, RuleFor, Seats, Status};

use crate::support::samples::{
    ADMIN, COLLABORATOR, Ids, MEMBER, NOW, OWNER, STRANGER, SUSPENDED, address, founded, name, organization, refused,
    run, secret,
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

/// Whoever is there stays, and may become something else that takes no more room.
#[test]
fn what_takes_no_more_room_is_accepted_though_there_is_none() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["change_roles", "add_member", "change_plan"] }]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"] },
            { key = "writer", rank = 3 },
            { key = "reader", rank = 2 },
        ]
        plans = [
            { key = "team", rank = 1, team_organizations = true },
            { key = "small", rank = 0, team_organizations = true, limits = [{ key = "members", max = 1 }] },
        ]
        [policy]
        too_big_for_plan = "freeze"
    "#;
    let mut org = founded(text);
    run(&mut org, by(OWNER), add(MEMBER, "writer"));
    run(&mut org, by(OWNER), ChangePlan { plan: "small".into(), seats: Seats::new(0), at: None });
    assert_eq!(refused(&org, by(OWNER), add(STRANGER, "reader")).code(), "limit_reached");
    run(&mut org, by(OWNER), ChangeRoles { user: OWN.user(MEMBER), roles: vec!["reader".into()] });
}

/// Whoever comes is told through which provider they have to sign in.
#[test]
fn who_comes_is_told_how_to_sign_in() {
    let mut org = organization(OWN);
    run(&mut org, Actor::System, RequireProvider { provider: Some("okta".into()) });
    let join = JoinByDomain { address: AddressProof::Verified(address("zoe@acme.example")) };
    let Refusal::StepUp { requirement } = refused(&org, by(STRANGER), join.clone()) else { panic!("not asked for") };
    let okta = org.catalog().provider("okta");
    assert!(okta.is_some() && requirement.provider == okta, "{requirement:?}");
    let through = crate::support::samples::facts().through(okta.unwrap());
    assert!(org.handle(&join.into(), &through.by(by(STRANGER))).is_ok());
}

/// A plan that asks for a provider is chosen by whoever is signed in through it; the platform is nowhere signed in.
#[test]
fn who_moves_to_a_plan_is_signed_in_as_it_asks() {
    let text = r#"
        name = "notes"
        providers = ["okta"]
        permissions = [{ key = "org.run", scope = "organization", guards = ["change_plan"] }]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }]
        plans = [
            { key = "team", rank = 0, team_organizations = true },
            { key = "firm", rank = 1, team_organizations = true, identity_provider = "okta" },
        ]
    "#;
    let org = founded(text);
    let change = ChangePlan { plan: "firm".into(), seats: Seats::new(0), at: None };
    assert_eq!(refused(&org, by(OWNER), change.clone()).code(), "step_up");
    run(&mut org.clone(), Actor::System, change);
}

/// Somebody's own stays small where it may not grow; beside what it is it may become another.
#[test]
fn what_is_ones_own_moves_to_no_higher_plan() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["change_plan"] }]
        roles = [{ key = "owner", rank = 9, owner = true, permissions = ["*"] }]
        plans = [{ key = "free", rank = 0 }, { key = "also_free", rank = 0 }, { key = "paid", rank = 1 }]
        [policy]
        personal = { plan = "free", name = "{user}", upgradable = false }
    "#;
    let mut org = Organization::new(OWN.organization(), std::sync::Arc::new(toml::from_str(text).unwrap()));
    let (kind, plan, roles) = (bailiwick::Kind::Personal, "free".into(), vec!["owner".into()]);
    let (name, seats, owner) = (name("Ada"), Seats::new(0), OWN.user(OWNER));
    let event = Event::OrganizationCreated { kind, name, plan, seats, owner, roles };
    org.apply(&Record { version: org.version().next(), at: NOW, by: by(OWNER), command: None, event });
    let to = |plan: &str| ChangePlan { plan: plan.into(), seats: Seats::new(0), at: None };
    assert_eq!(refused(&org, by(OWNER), to("paid")).code(), "personal_organization");
    run(&mut org.clone(), by(OWNER), to("also_free"));
    run(&mut org, Actor::System, to("paid"));
}

/// With a workspace goes who worked there alone, and what acts in their name, each once.
#[test]
fn who_worked_in_a_workspace_alone_goes_with_it_and_their_services_too() {
    let mut org = organization(OWN);
    for (n, workspaces) in [(7, vec![]), (8, vec![OWN.workspace(1)])] {
        let (service, sponsor, permissions) = (OWN.service(n), OWN.user(COLLABORATOR), vec!["thing.read".into()]);
        let event = Event::ServiceCreated {
            service,
            name: name("Robot"),
            sponsor,
            permissions,
            workspaces,
            until: None,
            secret: secret(1),
        };
        org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event });
    }
    let outcome = run(&mut org, by(OWNER), DeleteWorkspace { workspace: OWN.workspace(1) });
    let about = |n: u64| {
        outcome.records.iter().filter(move |record| match &record.event {
            Event::ServiceEnded { service } | Event::ServiceOrphaned { service } => *service == OWN.service(n),
            _ => false,
        })
    };
    assert_eq!((about(7).count(), about(8).count()), (1, 1), "{:?}", outcome.records);
    assert!(org.person(OWN.user(COLLABORATOR)).is_none());
    assert_eq!(org.audit(NOW), []);
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
