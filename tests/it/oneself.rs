//! Nobody makes anything their own: for ever what they have for a while, by staff's word, by a door that was meant for others.

use bailiwick::catalog::Reach;
use bailiwick::change::*;
use bailiwick::limits::OPEN_INVITATIONS_MAX;
use bailiwick::{Actor, Domain, Organization, Override, RuleFor, Span, Timestamp};

use crate::support::samples::{
    ADMIN, Ids, MEMBER, NOW, OWNER, STRANGER, address, facts, founded, name, organization, refused, run, secret,
};

const OWN: Ids = Ids::OWN;
const LATER: Timestamp = NOW.plus(Span::hours(2));

fn by(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

fn code(org: &Organization, actor: Actor, command: impl Into<Command>) -> &'static str {
    refused(org, actor, command).code()
}

fn add(n: u64, roles: &[&str]) -> AddMember {
    AddMember { user: OWN.user(n), roles: roles.iter().map(|key| (*key).into()).collect(), access: vec![] }
}

/// Notes in two workspaces, where leads set rules and read what is secret, and stewards look after teams.
fn notes() -> Organization {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "team.run", scope = "organization", guards = ["manage_teams", "manage_identity"] },
            { key = "rules.change", scope = "workspace", guards = ["change_rules"] },
            { key = "access.change", scope = "workspace", guards = ["change_access", "manage_collaborators"] },
            { key = "secret.read", scope = "workspace" },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 5, permissions = ["rules.change", "access.change", "secret.read", "note.read"], reach = "all" },
            { key = "steward", rank = 5, permissions = ["team.run", "note.read"], sight = "shared", reach = "all" },
            { key = "porter", rank = 3, permissions = ["secret.read"], reach = "all" },
            { key = "member", rank = 3, permissions = ["note.read"], sight = "shared" },
        ]
        groups = [{ key = "members", roles = ["member"] }, { key = "stewards", roles = ["steward"] }]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        collaborators = "on"
    "#;
    let mut org = founded(text);
    for n in 1..=2 {
        run(&mut org, by(OWNER), CreateWorkspace { workspace: OWN.workspace(n), name: name("W") });
    }
    run(&mut org, by(OWNER), CreateTeam { team: OWN.team(1), name: name("Writers") });
    run(&mut org, Actor::System, add(ADMIN, &["steward"]));
    run(&mut org, Actor::System, add(MEMBER, &["member"]));
    org
}

fn lead(n: u64, until: Option<Timestamp>) -> GiveAccess {
    GiveAccess { user: OWN.user(n), workspace: OWN.workspace(1), changes: Override { until, ..Override::role("lead") } }
}

fn with_secret(n: u64, until: Option<Timestamp>) -> GiveAccess {
    let changes = Override { until, ..Override::none().adding("secret.read") };
    GiveAccess { user: OWN.user(n), workspace: OWN.workspace(1), changes }
}

fn rule(holder: RuleFor, given: &[&str], until: Option<Timestamp>) -> SetRule {
    let given = given.iter().map(|key| (*key).into()).collect();
    SetRule { workspace: OWN.workspace(1), holder, given, taken: vec![], until }
}

/// Whoever leads for two hours gives for two hours what leads hold: by rules, by rows, by teams.
#[test]
fn what_one_has_for_a_while_is_given_for_that_while() {
    let mut org = notes();
    run(&mut org, by(OWNER), lead(MEMBER, Some(LATER)));
    let members = || RuleFor::Group("members".into());
    let secret_read = |until| rule(members(), &["secret.read"], until);
    let after = Some(LATER.plus(Span::millis(1)));
    for until in [None, after] {
        assert_eq!(code(&org, by(MEMBER), secret_read(until)), "lacks_permission", "{until:?}");
        assert_eq!(code(&org, by(MEMBER), lead(ADMIN, until)), "not_assignable", "{until:?}");
        assert_eq!(code(&org, by(MEMBER), with_secret(ADMIN, until)), "lacks_permission", "{until:?}");
    }
    run(&mut org.clone(), by(MEMBER), lead(ADMIN, Some(LATER)));
    run(&mut org.clone(), by(MEMBER), with_secret(ADMIN, Some(LATER)));
    // Nor is it promised.
    let invite = |until| {
        let changes = Override { until, ..Override::none().adding("secret.read") };
        Invite::to(OWN.invitation(1), address("g@example.com"), secret(1)).workspace(OWN.workspace(1), changes)
    };
    assert_eq!(code(&org, by(MEMBER), invite(None)), "lacks_permission");
    run(&mut org.clone(), by(MEMBER), invite(Some(LATER)));
    run(&mut org, by(MEMBER), secret_read(Some(LATER)));
    // Nor is one that was given for that while made to last.
    assert_eq!(code(&org, by(MEMBER), secret_read(None)), "lacks_permission");
    // What a role gives lasts.
    run(&mut org, Actor::System, add(STRANGER, &["lead"]));
    run(&mut org, by(STRANGER), secret_read(None));
}

#[test]
fn nobody_comes_into_a_team_that_gives_for_ever_what_they_have_for_a_while() {
    let mut org = notes();
    run(&mut org, by(OWNER), rule(RuleFor::Team(OWN.team(1)), &["secret.read"], None));
    let join = |n| JoinTeam { team: OWN.team(1), user: OWN.user(n) };
    assert_eq!(code(&org, by(ADMIN), join(ADMIN)), "lacks_permission");
    run(&mut org, by(OWNER), lead(ADMIN, Some(LATER)));
    assert_eq!(code(&org, by(ADMIN), join(ADMIN)), "lacks_permission");
    assert_eq!(code(&org, by(ADMIN), join(MEMBER)), "lacks_permission");
    run(&mut org, by(OWNER), lead(ADMIN, None));
    run(&mut org, by(ADMIN), join(ADMIN));
}

/// So is a rank, though one holds all that goes with it for good.
#[test]
fn who_is_raised_for_a_while_raises_others_for_that_while() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 7, permissions = ["note.read"], reach = "all" },
            { key = "manager", rank = 5, permissions = ["access.change", "note.read"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        overrides = "expand"
    "#;
    let mut org = founded(text);
    run(&mut org, by(OWNER), CreateWorkspace { workspace: OWN.workspace(1), name: name("W") });
    run(&mut org, Actor::System, add(ADMIN, &["manager"]));
    run(&mut org, Actor::System, add(MEMBER, &["reader"]));
    run(&mut org, by(OWNER), lead(ADMIN, Some(LATER)));
    for until in [None, Some(LATER.plus(Span::millis(1)))] {
        assert_eq!(code(&org, by(ADMIN), lead(MEMBER, until)), "not_assignable");
    }
    run(&mut org, by(ADMIN), lead(MEMBER, Some(LATER)));
}

/// Sight is held for a while as permissions are.
#[test]
fn who_sees_all_for_a_while_shows_it_for_that_while() {
    let mut org = notes();
    let reads = |n, until| {
        let changes = Override { until, ..Override::role("lead").removing("secret.read") };
        GiveAccess { user: OWN.user(n), workspace: OWN.workspace(1), changes }
    };
    run(&mut org, by(OWNER), reads(ADMIN, Some(LATER)));
    let opens = |until| {
        let changes = Override { until, ..Override::role("lead").removing("secret.read").removing("rules.change") };
        let changes = changes.removing("access.change");
        GiveAccess { user: OWN.user(MEMBER), workspace: OWN.workspace(1), changes }
    };
    assert_eq!(code(&org, by(ADMIN), opens(None)), "wider_sight");
    run(&mut org, by(ADMIN), opens(Some(LATER)));
}

/// Roles that let people in are held everywhere, and for as long as anything is known of.
#[test]
fn who_holds_everything_everywhere_for_a_while_lets_nobody_in_with_it() {
    let mut org = notes();
    run(&mut org, Actor::System, add(STRANGER, &["steward", "porter"]));
    let set = || SetDomain { domain: Domain::new("acme.example").unwrap(), roles: vec!["porter".into()] };
    run(&mut org.clone(), by(STRANGER), set());
    let takes = SetRule { taken: vec!["secret.read".into()], ..rule(RuleFor::Group("stewards".into()), &[], None) };
    run(&mut org, by(OWNER), takes);
    assert_eq!(code(&org, by(STRANGER), set()), "lacks_permission");
    let back = |until| GiveAccess {
        user: OWN.user(STRANGER),
        workspace: OWN.workspace(1),
        changes: Override { until, ..Override::none().adding("secret.read") },
    };
    run(&mut org, by(OWNER), back(Some(LATER)));
    assert_eq!(code(&org, by(STRANGER), set()), "lacks_permission");
    run(&mut org, by(OWNER), back(None));
    run(&mut org, by(STRANGER), set());
}

/// Whatever staff does in somebody's place, they are not the ones who have it afterwards.
#[test]
fn staff_is_none_of_those_for_whom_it_acts() {
    let mut org = organization(OWN);
    let staff = |n| Actor::Staff { staff: OWN.user(n), on_behalf_of: OWN.user(OWNER) };
    let role = |role: &str, permissions: &[&str]| ChangeRole {
        role: role.into(),
        title: name("Helper"),
        like: "guest".into(),
        reach: Reach::All,
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
    };
    // The member has the role, the owner does not.
    assert_eq!(code(&org, staff(MEMBER), role("custom.helper", &["thing.write"])), "own_access");
    let delete = || DeleteRole { role: "custom.helper".into(), instead: Some("member".into()) };
    assert_eq!(code(&org, staff(MEMBER), delete()), "own_access");
    run(&mut org.clone(), staff(STRANGER), role("custom.helper", &["thing.write"]));
    run(&mut org.clone(), staff(STRANGER), delete());
    // The member is in the team, and in a group by their role.
    assert_eq!(code(&org, staff(MEMBER), DissolveTeam { team: OWN.team(1) }), "own_access");
    run(&mut org.clone(), staff(STRANGER), DissolveTeam { team: OWN.team(1) });
    for holder in [RuleFor::Team(OWN.team(1)), RuleFor::Group("members".into())] {
        let set = rule(holder, &["thing.write"], None);
        assert_eq!(code(&org, staff(MEMBER), set.clone()), "own_access");
        run(&mut org.clone(), staff(STRANGER), set);
    }
    // Nor by an invitation of which they have chosen the secret.
    let mut sent = org.clone();
    run(&mut sent, staff(STRANGER), Resend { invitation: OWN.invitation(1), secret: Some(secret(66)) });
    let accept = Accept {
        invitation: OWN.invitation(1),
        secret: secret(66),
        address: AddressProof::Verified(address("ina@example.com")),
    };
    assert_eq!(code(&sent, by(STRANGER), accept.clone()), "own_access");
    run(&mut sent, by(8), accept);
    // Nor do they come in by a domain that they have opened.
    let domain = || Domain::new("staff.example").unwrap();
    run(&mut org, staff(STRANGER), SetDomain { domain: domain(), roles: vec!["member".into()] });
    run(&mut org, Actor::System, ConfirmDomain { domain: domain() });
    let join = || JoinByDomain { address: AddressProof::Verified(address("sam@staff.example")) };
    assert_eq!(code(&org, by(STRANGER), join()), "own_access");
    run(&mut org, by(8), join());
}

/// One owner there is where the catalog says one, also when two come from the days of another.
#[test]
fn an_owner_who_waits_is_no_second_one() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["suspend_person", "invite_member"] }]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"]HOLDERS },
            { key = "reader", rank = 3 },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let mut before = founded(&text.replace("HOLDERS", ""));
    run(&mut before, Actor::System, add(ADMIN, &["owner"]));
    run(&mut before, by(OWNER), Suspend { user: OWN.user(ADMIN) });
    let invite = Invite::to(OWN.invitation(1), address("o@example.com"), secret(1)).role("owner");
    run(&mut before, Actor::System, invite);
    let back = || Reactivate { user: OWN.user(ADMIN) };
    let accept = Accept {
        invitation: OWN.invitation(1),
        secret: secret(1),
        address: AddressProof::Verified(address("o@example.com")),
    };
    run(&mut before.clone(), by(OWNER), back());
    run(&mut before.clone(), by(STRANGER), accept.clone());
    let one = std::sync::Arc::new(toml::from_str(&text.replace("HOLDERS", r#", holders = "exactly_one""#)).unwrap());
    let migration = bailiwick::migrate::Migration::builder().build(before.catalog(), &one).unwrap();
    let org = migration.reread(&before);
    assert_eq!(code(&org, by(OWNER), back()), "not_assignable");
    assert_eq!(code(&org, by(STRANGER), accept), "not_assignable");
    run(&mut org.clone(), Actor::System, add(MEMBER, &["reader"]));
    // Where something has gone wrong and there is none, there is one again.
    let mut nobodys = org.clone();
    let event = Event::PersonSuspended { user: OWN.user(OWNER) };
    nobodys.apply(&Record { version: nobodys.version().next(), at: NOW, by: Actor::System, command: None, event });
    run(&mut nobodys, Actor::System, back());
}

/// Invitations that have run out take nobody's place.
#[test]
fn invitations_that_ran_out_do_not_stand_in_the_way_of_others() {
    let mut org = organization(OWN);
    let until = LATER;
    for n in org.invitations().count()..OPEN_INVITATIONS_MAX {
        let n = n as u64;
        let event = Event::Invited {
            invitation: OWN.invitation(10_000 + n),
            address: address(&format!("n{n}@example.com")),
            roles: vec!["guest".into()],
            access: vec![],
            secret: secret(1),
            until,
            uses: 1,
        };
        org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event });
    }
    let invite = |n: u64| Invite::to(OWN.invitation(n), address(&format!("x{n}@example.com")), secret(9)).role("guest");
    assert_eq!(refused(&org, by(OWNER), invite(90)), Refusal::TooManyItems { max: OPEN_INVITATIONS_MAX });
    let one_less = {
        let mut org = org.clone();
        run(&mut org, by(OWNER), Revoke { invitation: OWN.invitation(1) });
        org
    };
    run(&mut one_less.clone(), by(OWNER), invite(90));
    let both = InviteMany { invitations: vec![invite(90), invite(91)] };
    assert_eq!(run(&mut one_less.clone(), by(OWNER), both).left_out.len(), 1);
    let at = |now| facts_at(now).by(by(OWNER));
    let just_before = Timestamp::from_millis(until.as_millis() - 1);
    assert!(org.handle(&invite(90).into(), &at(just_before)).is_err());
    let mut more = org.clone();
    let outcome = more.handle(&invite(90).into(), &at(until)).unwrap();
    outcome.records.iter().for_each(|record| more.apply(record));
    let again = Organization::restore(more.id(), std::sync::Arc::clone(more.catalog()), &more.snapshot());
    assert_eq!(again.unwrap(), more);
    let two = InviteMany { invitations: vec![invite(90), invite(91)] };
    assert_eq!(org.handle(&two.into(), &at(until)).unwrap().left_out, []);
}

fn facts_at(now: Timestamp) -> bailiwick::access::Facts<'static> {
    bailiwick::access::Facts { now, ..facts() }
}
