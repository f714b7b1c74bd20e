//! Custom roles that change or go, with everybody who has them or was promised them.

use bailiwick::catalog::Reach;
use bailiwick::change::*;
use bailiwick::{Actor, Organization, Override, Seats};

use crate::support::samples::{ADMIN, Ids, MEMBER, NOW, OWNER, address, facts, founded, name, refused, run, secret};

const OWN: Ids = Ids::OWN;

fn by(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

/// A company with custom roles like guests (who take no seat) and like leads.
fn company() -> Organization {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace", "invite_member"] },
            { key = "role.run", scope = "organization", guards = ["manage_roles", "manage_teams"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 7, permissions = ["note.read"], reach = "all" },
            { key = "manager", rank = 5, permissions = ["role.run", "note.read"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"], reach = "all" },
            { key = "guest", rank = 1, permissions = ["note.read"], reach = "all", billable = false },
        ]
        groups = [{ key = "readers", roles = ["reader"] }]
        plans = [{ key = "team", rank = 0, team_organizations = true, seats = "per_seat:0" }]
        [policy]
        open_invitations = "reserve_seats"
    "#;
    let mut org = founded(text);
    for n in 1..=2 {
        run(&mut org, by(OWNER), CreateWorkspace { workspace: OWN.workspace(n), name: name("W") });
    }
    for (key, like) in [("custom.light", "guest"), ("custom.other", "guest"), ("custom.lead", "lead")] {
        let ChangeRole { role, title, like, reach, permissions } = rewritten(key, like, &["note.read"]);
        run(&mut org, Actor::System, CreateRole { role, title, like, reach, permissions });
    }
    run(&mut org, Actor::System, add(ADMIN, "manager"));
    org
}

fn rewritten(role: &str, like: &str, permissions: &[&str]) -> ChangeRole {
    let permissions = permissions.iter().map(|key| (*key).into()).collect();
    ChangeRole { role: role.into(), title: name("Role"), like: like.into(), reach: Reach::All, permissions }
}

fn deleted(role: &str, instead: Option<&str>) -> DeleteRole {
    DeleteRole { role: role.into(), instead: instead.map(Into::into) }
}

fn add(n: u64, role: &str) -> AddMember {
    AddMember { user: OWN.user(n), roles: vec![role.into()], access: vec![] }
}

fn promised(n: u64, role: &str) -> Invite {
    Invite::to(OWN.invitation(n), address(&format!("n{n}@example.com")), secret(9)).role(role)
}

fn sold(org: &mut Organization, seats: u64) {
    let event = Event::SeatsChanged { seats: Seats::new(seats), at: None };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event });
}

#[test]
fn a_role_that_is_promised_is_in_use_until_the_promise_runs_out() {
    let mut org = company();
    run(&mut org, by(OWNER), promised(1, "custom.light"));
    let delete = Command::from(deleted("custom.light", None));
    let used = Refusal::RoleInUse { people: 0, invitations: 1 };
    assert_eq!(refused(&org, by(ADMIN), delete.clone()), used);
    let end = org.invitation(OWN.invitation(1)).unwrap().until();
    let later = bailiwick::access::Facts { now: end, ..facts() };
    assert!(org.handle(&delete, &later.by(by(ADMIN))).is_ok());
}

/// What a role gave somebody in a workspace is a rank there, and whoever is below it does not rewrite it.
#[test]
fn a_role_that_makes_somebody_higher_in_a_workspace_is_not_rewritten_from_below() {
    let mut org = company();
    run(&mut org, Actor::System, add(MEMBER, "reader"));
    let row = |n, role: &str| GiveAccess {
        user: OWN.user(MEMBER),
        workspace: OWN.workspace(n),
        changes: Override::role(role),
    };
    run(&mut org, Actor::System, row(1, "custom.lead"));
    let lower = rewritten("custom.lead", "reader", &["note.read"]);
    assert_eq!(refused(&org, by(ADMIN), lower.clone()).code(), "outranked");
    // It is the row with this role that counts.
    run(&mut org, Actor::System, row(1, "custom.light"));
    run(&mut org, Actor::System, row(2, "lead"));
    run(&mut org.clone(), by(ADMIN), lower);
    run(&mut org, by(ADMIN), rewritten("custom.light", "reader", &["note.read"]));
}

/// Whoever was promised a role takes the seat that the role will take.
#[test]
fn seats_of_what_is_promised_grow_with_the_role() {
    let mut org = company();
    run(&mut org, by(OWNER), promised(1, "custom.light"));
    run(&mut org, by(OWNER), promised(2, "custom.other"));
    let heavier = [
        Command::from(rewritten("custom.light", "reader", &["note.read"])),
        deleted("custom.light", Some("reader")).into(),
    ];
    let lighter = [
        Command::from(rewritten("custom.light", "guest", &["note.read"])),
        deleted("custom.light", Some("guest")).into(),
    ];
    // The owner and the manager have two.
    sold(&mut org, 2);
    for command in &heavier {
        assert_eq!(refused(&org, by(OWNER), command.clone()).code(), "seat_limit", "{command:?}");
    }
    sold(&mut org, 3);
    heavier.iter().for_each(|command| drop(run(&mut org.clone(), by(OWNER), command.clone())));
    // What takes no more goes on, though too many are taken.
    sold(&mut org, 1);
    lighter.iter().for_each(|command| drop(run(&mut org.clone(), by(OWNER), command.clone())));
}

/// A team reaches into the workspaces in which it has a rule, where people can be higher than they are elsewhere.
#[test]
fn who_is_higher_where_a_team_has_a_rule_is_not_put_into_it_from_below() {
    let mut org = company();
    let team = OWN.team(1);
    run(&mut org, Actor::System, CreateTeam { team, name: name("Writers") });
    let rule = |n, holder| SetRule {
        workspace: OWN.workspace(n),
        holder,
        given: vec!["note.read".into()],
        taken: vec![],
        until: None,
    };
    run(&mut org, Actor::System, rule(1, bailiwick::RuleFor::Team(team)));
    run(&mut org, Actor::System, rule(2, bailiwick::RuleFor::Group("readers".into())));
    run(&mut org, Actor::System, add(MEMBER, "reader"));
    let join = || JoinTeam { team, user: OWN.user(MEMBER) };
    let row = |n| GiveAccess { user: OWN.user(MEMBER), workspace: OWN.workspace(n), changes: Override::role("lead") };
    run(&mut org, Actor::System, row(2));
    run(&mut org.clone(), by(ADMIN), join());
    run(&mut org, Actor::System, row(1));
    assert_eq!(refused(&org, by(ADMIN), join()).code(), "outranked");
}
