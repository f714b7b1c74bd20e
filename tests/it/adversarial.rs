//! Accidents and advisories of comparable products, by name. Each is tried the way it happened.
//!
//! Foreign ids in every field of every command are tried in `change`, every order of two processes in `races`, a removal seen elsewhere over
//! every store in `keeping`, sequences of any length in `the_theorem`.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use bailiwick::access::{DenyReason, Facts, Target};
use bailiwick::catalog::{Catalog, PermissionSet, Reach};
use bailiwick::change::*;
use bailiwick::document::Document;
use bailiwick::store::{MemoryStore, StoreError};
use bailiwick::{
    Actor, Domain, InvitationState, Keeping, Organization, Override, RuleFor, Seats, Span, Tenants, TenantsError,
    UserId,
};

use crate::support::samples::{
    self, ADMIN, COLLABORATOR, Ids, MEMBER, NOW, OWNER, STRANGER, address, catalog, facts, founded, name, organization,
    run, secret,
};

const OWN: Ids = Ids::OWN;

fn user(n: u64) -> UserId {
    OWN.user(n)
}

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

/// Gives a command that must be refused, and says as what.
fn refused(org: &Organization, actor: Actor, command: impl Into<Command>) -> &'static str {
    samples::refused(org, actor, command).code()
}

fn allows(org: &Organization, actor: Actor, permission: &str, target: Target<'_>) -> bool {
    let permission = org.catalog().permission(permission).unwrap();
    org.check(actor, permission, target, &facts()).is_allow()
}

fn accept(n: u64, hash: u8, to: AddressProof) -> Accept {
    Accept { invitation: OWN.invitation(n), secret: secret(hash), address: to }
}

fn verified(text: &str) -> AddressProof {
    AddressProof::Verified(address(text))
}

#[test]
fn an_invitation_accepted_by_somebody_else() {
    let org = organization(OWN);
    assert_eq!(refused(&org, by(STRANGER), accept(1, 1, verified("eve@example.com"))), "address_mismatch");
    let says_so = AddressProof::Claimed(address("ina@example.com"));
    assert_eq!(refused(&org, by(STRANGER), accept(1, 1, says_so)), "address_unverified");
    assert_eq!(refused(&org, by(STRANGER), accept(1, 9, verified("ina@example.com"))), "not_found");
    assert_eq!(refused(&org, Actor::System, accept(1, 1, verified("ina@example.com"))), "user_only");
}

#[test]
fn an_invitation_into_another_organization() {
    let org = organization(OWN);
    let foreign =
        Accept { invitation: Ids::FOREIGN.invitation(1), secret: secret(1), address: verified("ina@example.com") };
    assert_eq!(refused(&org, by(STRANGER), foreign), "not_found");
}

#[test]
fn an_invitation_after_it_was_revoked_and_after_it_was_sent_again() {
    let mut org = organization(OWN);
    run(&mut org, by(OWNER), Resend { invitation: OWN.invitation(1), secret: Some(secret(77)) });
    assert_eq!(refused(&org, by(STRANGER), accept(1, 1, verified("ina@example.com"))), "not_found");
    run(&mut org, by(OWNER), Revoke { invitation: OWN.invitation(1) });
    assert_eq!(refused(&org, by(STRANGER), accept(1, 77, verified("ina@example.com"))), "invitation_closed");
}

#[test]
fn an_invitation_after_the_inviter_lost_the_right_to_it() {
    let mut org = organization(OWN);
    let invite =
        |n: u64| Invite::to(OWN.invitation(n), address(&format!("n{n}@example.com")), secret(9)).role("member");
    run(&mut org, by(ADMIN), invite(20));
    run(&mut org, by(ADMIN), invite(21));
    run(&mut org, by(OWNER), ChangeRoles { user: user(ADMIN), roles: vec!["guest".into()] });
    assert_eq!(refused(&org, by(STRANGER), accept(20, 9, verified("n20@example.com"))), "inviter_lacks_authority");
    run(&mut org, by(OWNER), Remove { user: user(ADMIN), content: Some(Content::Stays) });
    assert_eq!(refused(&org, by(STRANGER), accept(21, 9, verified("n21@example.com"))), "inviter_lacks_authority");
}

/// A row is somebody's rank where it is: whoever is below it there does not put another in its place, and elsewhere they may.
#[test]
fn a_row_of_somebody_who_is_higher_there() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "people.remove", scope = "organization", guards = ["remove_member", "suspend_person"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 7, permissions = ["note.read"] },
            { key = "manager", rank = 5, permissions = ["people.remove", "access.change", "note.read"], reach = "all", reducible = false },
            { key = "reader", rank = 3, permissions = ["note.read"] },
            { key = "auditor", rank = 3, permissions = ["note.read"], assigned_by = ["owner"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let mut org = founded(text);
    for n in 1..=2 {
        run(&mut org, by(OWNER), CreateWorkspace { workspace: OWN.workspace(n), name: name(&format!("W{n}")) });
    }
    let add = |n, role: &str| AddMember { user: user(n), roles: vec![role.into()], access: vec![] };
    run(&mut org, Actor::System, add(ADMIN, "manager"));
    run(&mut org, Actor::System, add(MEMBER, "reader"));
    let give = |n, role| GiveAccess { user: user(MEMBER), workspace: OWN.workspace(n), changes: Override::role(role) };
    run(&mut org, by(OWNER), give(1, "lead"));
    assert_eq!(refused(&org, by(ADMIN), give(1, "reader")), "outranked");
    // With whoever is removed goes the row.
    assert_eq!(refused(&org, by(ADMIN), Remove { user: user(MEMBER), content: None }), "outranked");
    assert_eq!(refused(&org, by(ADMIN), Suspend { user: user(MEMBER) }), "outranked");
    run(&mut org.clone(), by(OWNER), Remove { user: user(MEMBER), content: None });
    let mut suspended = org.clone();
    run(&mut suspended, by(OWNER), Suspend { user: user(MEMBER) });
    assert_eq!(refused(&suspended, by(ADMIN), Reactivate { user: user(MEMBER) }), "outranked");
    // A row that names no role, or is over, is no rank.
    let plain = Override::none().adding("note.read");
    for changes in [plain, Override { until: Some(NOW.plus(Span::hours(1))), ..Override::role("lead") }] {
        let mut org = org.clone();
        run(&mut org, by(OWNER), GiveAccess { user: user(MEMBER), workspace: OWN.workspace(1), changes });
        let remove = Remove { user: user(MEMBER), content: None };
        let later = bailiwick::access::Facts { now: NOW.plus(Span::hours(1)), ..facts() };
        assert!(org.handle(&remove.into(), &later.by(by(ADMIN))).is_ok());
    }
    run(&mut org, by(ADMIN), give(2, "reader"));
    // What cannot be reduced is a rank though there is a row, from days when it could.
    let (user, workspace, changes) = (user(ADMIN), OWN.workspace(2), Override::role("reader"));
    let given = Event::AccessGiven { user, workspace, changes, given_by: by(OWNER) };
    let version = org.version().next();
    org.apply(&Record { version, at: NOW, by: by(OWNER), command: None, event: given });
    run(&mut org, by(ADMIN), give(2, "manager"));
    // A role that only owners give stays in a row that others change, for as long as it was given and no longer.
    let until = |changes: Override, end| Override { until: Some(end), ..changes };
    let (early, late) = (NOW.plus(Span::hours(1)), NOW.plus(Span::hours(2)));
    let auditor = |changes| GiveAccess { user: OWN.user(MEMBER), workspace, changes };
    run(&mut org, by(OWNER), auditor(until(Override::role("auditor"), late)));
    let more = Override::role("auditor").adding("note.read");
    run(&mut org, by(ADMIN), auditor(until(more.clone(), late)));
    run(&mut org, by(ADMIN), auditor(until(more.clone(), early)));
    assert_eq!(refused(&org, by(ADMIN), auditor(until(more.clone(), late))), "not_assignable");
    assert_eq!(refused(&org, by(ADMIN), auditor(more)), "not_assignable");
}

/// Whoever sets what others come in with gives all of it to anybody: they hold it, and are not below it.
#[test]
fn a_domain_that_gives_more_than_whoever_set_it_has() {
    let mut org = organization(OWN);
    let role = |reach, permissions: &[&str]| CreateRole {
        role: "custom.more".into(),
        title: name("More"),
        like: "guest".into(),
        reach,
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
    };
    let set = || SetDomain { domain: Domain::new("more.example").unwrap(), roles: vec!["custom.more".into()] };
    run(&mut org, by(OWNER), role(Reach::Assigned, &["money.spend"]));
    assert_eq!(refused(&org, by(ADMIN), set()), "lacks_permission");
    run(&mut org, by(OWNER), set());
    // A rank is a rank, though the policy lets people give whatever they hold.
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["manage_identity"] },
            { key = "key.rotate", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"] },
            { key = "honorary", rank = 7 },
            { key = "manager", rank = 5, permissions = ["org.run"] },
            { key = "porter", rank = 3, permissions = ["key.rotate"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        assignable = "what_one_holds"
    "#;
    let mut org = founded(text);
    run(&mut org, Actor::System, AddMember { user: user(ADMIN), roles: vec!["manager".into()], access: vec![] });
    let set = |role: &str| SetDomain { domain: Domain::new("more.example").unwrap(), roles: vec![role.into()] };
    assert_eq!(refused(&org, by(ADMIN), set("honorary")), "not_assignable");
    run(&mut org, by(ADMIN), set("manager"));
    // What they can do only where they are given a row counts as well: somebody will give it.
    assert_eq!(refused(&org, by(ADMIN), set("porter")), "lacks_permission");
}

/// People from outside are one right, and what members get in a workspace is another.
#[test]
fn a_right_over_guests_that_is_none_over_members() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace", "remove_member"] },
            { key = "guest.manage", scope = "workspace", guards = ["manage_collaborators"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "host", rank = 5, permissions = ["guest.manage", "note.read"], reach = "all" },
            { key = "porter", rank = 5, permissions = ["access.change", "note.read"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        collaborators = "on"
    "#;
    let mut org = founded(text);
    run(&mut org, by(OWNER), CreateWorkspace { workspace: OWN.workspace(1), name: name("W1") });
    let (host, porter) = (ADMIN, STRANGER);
    let add = |n, role: &str| AddMember { user: user(n), roles: vec![role.into()], access: vec![] };
    run(&mut org, Actor::System, add(host, "host"));
    run(&mut org, Actor::System, add(porter, "porter"));
    run(&mut org, Actor::System, add(MEMBER, "reader"));
    let access = vec![(OWN.workspace(1), Override::role("reader"))];
    run(&mut org, by(OWNER), AddCollaborator { user: user(COLLABORATOR), access });
    let give = |n| GiveAccess {
        user: user(n),
        workspace: OWN.workspace(1),
        changes: Override::role("reader").adding("note.read"),
    };
    let remove = |n| Remove { user: user(n), content: None };
    run(&mut org, by(host), give(COLLABORATOR));
    run(&mut org, by(porter), give(MEMBER));
    assert_eq!(refused(&org, by(host), give(MEMBER)), "denied");
    assert_eq!(refused(&org, by(porter), give(COLLABORATOR)), "denied");
    for who in [host, porter] {
        assert_eq!(refused(&org, by(who), remove(MEMBER)), "denied");
    }
    assert_eq!(refused(&org, by(porter), remove(COLLABORATOR)), "denied");
    run(&mut org, by(host), remove(COLLABORATOR));
}

/// A rule for a while is bounded as one for ever is.
#[test]
fn a_rule_for_a_while_that_gives_more_than_whoever_set_it_has() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "org.run", scope = "organization", guards = ["create_workspace"] },
            { key = "rules.change", scope = "workspace", guards = ["change_rules"] },
            { key = "key.rotate", scope = "workspace" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 5, permissions = ["rules.change"], reach = "all" },
        ]
        groups = [{ key = "leads", roles = ["lead"] }]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
    "#;
    let (mut org, workspace) = (founded(text), OWN.workspace(1));
    run(&mut org, by(OWNER), CreateWorkspace { workspace, name: name("W1") });
    run(&mut org, Actor::System, AddMember { user: user(ADMIN), roles: vec!["lead".into()], access: vec![] });
    let rule = |given: &[&str], taken: &[&str], until| SetRule {
        workspace,
        holder: RuleFor::Group("leads".into()),
        given: given.iter().map(|key| (*key).into()).collect(),
        taken: taken.iter().map(|key| (*key).into()).collect(),
        until,
    };
    for until in [None, Some(NOW.plus(Span::hours(1)))] {
        assert_eq!(refused(&org, by(ADMIN), rule(&["key.rotate"], &[], until)), "lacks_permission", "{until:?}");
    }
    // Nor is one that takes it away ended early by them.
    let later = Some(NOW.plus(Span::hours(2)));
    run(&mut org, by(OWNER), rule(&["key.rotate"], &["key.rotate"], later));
    assert_eq!(refused(&org, by(ADMIN), rule(&["key.rotate"], &[], later)), "lacks_permission");
}

/// Who is no owner any more has not invited owners, though they hold everything that an owner holds.
#[test]
fn an_invitation_of_an_owner_by_somebody_who_is_none_any_more() {
    let text = r#"
        name = "notes"
        permissions = [{ key = "org.run", scope = "organization", guards = ["invite_member", "change_roles"] }]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"] },
            { key = "admin", rank = 9, permissions = ["*"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy.invitations]
        inviter_gone = "revoke"
    "#;
    let mut org = founded(text);
    run(&mut org, Actor::System, AddMember { user: user(ADMIN), roles: vec!["owner".into()], access: vec![] });
    let invite =
        |n: u64, role: &str| Invite::to(OWN.invitation(n), address(&format!("n{n}@example.com")), secret(9)).role(role);
    run(&mut org, by(ADMIN), invite(20, "owner"));
    run(&mut org, by(ADMIN), invite(21, "admin"));
    run(&mut org, by(OWNER), ChangeRoles { user: user(ADMIN), roles: vec!["admin".into()] });
    let state = |n| org.invitation(OWN.invitation(n)).unwrap().state(NOW);
    assert_eq!((state(20), state(21)), (InvitationState::Revoked, InvitationState::Open));
}

/// Where one right of the whole organization lets people bring in guests, it is asked about there when its holder changes.
#[test]
fn an_invitation_of_a_guest_by_somebody_whose_role_changes() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "people.invite", scope = "organization", guards = ["invite_member", "manage_collaborators"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "host", rank = 5, permissions = ["*"], reach = "all" },
            { key = "steward", rank = 5, permissions = ["*"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"], reach = "all" },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        collaborators = "on"
        [policy.invitations]
        inviter_gone = "revoke"
    "#;
    let (mut org, workspace) = (founded(text), OWN.workspace(1));
    run(&mut org, Actor::System, CreateWorkspace { workspace, name: name("W1") });
    run(&mut org, Actor::System, AddMember { user: user(ADMIN), roles: vec!["host".into()], access: vec![] });
    let guest = Invite::to(OWN.invitation(20), address("guest@example.com"), secret(9));
    run(&mut org, by(ADMIN), guest.workspace(workspace, Override::role("reader")));
    let mut state_as = |role: &str| {
        run(&mut org, Actor::System, ChangeRoles { user: user(ADMIN), roles: vec![role.into()] });
        org.invitation(OWN.invitation(20)).unwrap().state(NOW)
    };
    assert_eq!(state_as("steward"), InvitationState::Open);
    assert_eq!(state_as("reader"), InvitationState::Revoked);
}

/// Whoever accepts agrees to what becomes of their row, though the inviter could not have taken it from them.
#[test]
fn an_invitation_to_a_guest_who_is_higher_where_they_are() {
    let text = r#"
        name = "notes"
        permissions = [
            { key = "people.invite", scope = "organization", guards = ["invite_member", "create_workspace"] },
            { key = "guest.manage", scope = "workspace", guards = ["manage_collaborators"] },
            { key = "access.change", scope = "workspace", guards = ["change_access"] },
            { key = "note.read", scope = "resource" },
        ]
        roles = [
            { key = "owner", rank = 9, owner = true, permissions = ["*"], reach = "all" },
            { key = "lead", rank = 7, permissions = ["note.read"] },
            { key = "host", rank = 5, permissions = ["*"], reach = "all" },
            { key = "reader", rank = 3, permissions = ["note.read"] },
        ]
        plans = [{ key = "team", rank = 0, team_organizations = true }]
        [policy]
        collaborators = "on"
    "#;
    let (mut org, workspace) = (founded(text), OWN.workspace(1));
    run(&mut org, by(OWNER), CreateWorkspace { workspace, name: name("W1") });
    run(&mut org, Actor::System, AddMember { user: user(ADMIN), roles: vec!["host".into()], access: vec![] });
    let access = vec![(workspace, Override::role("lead"))];
    run(&mut org, by(OWNER), AddCollaborator { user: user(COLLABORATOR), access });
    let changes = Override::role("reader");
    let give = GiveAccess { user: user(COLLABORATOR), workspace, changes: changes.clone() };
    assert_eq!(refused(&org, by(ADMIN), give), "outranked");
    let invite = Invite::to(OWN.invitation(20), address("guest@example.com"), secret(9)).role("reader");
    run(&mut org, by(ADMIN), invite.workspace(workspace, changes));
    run(&mut org, by(COLLABORATOR), accept(20, 9, verified("guest@example.com")));
    let guest = org.person(user(COLLABORATOR)).unwrap();
    let row = guest.row(workspace).and_then(|row| row.role).map(|role| org.role_key(role));
    assert!(guest.is_member() && row == Some("reader"), "{guest:?}");
}

#[test]
fn an_invitation_whose_role_was_rewritten_meanwhile() {
    let mut org = organization(OWN);
    let invite = Invite::to(OWN.invitation(20), address("new@example.com"), secret(9)).role("custom.unused");
    run(&mut org, by(ADMIN), invite);
    let more = ChangeRole {
        role: "custom.unused".into(),
        title: name("More"),
        like: "member".into(),
        reach: Reach::All,
        permissions: vec!["money.spend".into()],
    };
    run(&mut org, by(OWNER), more);
    assert_eq!(refused(&org, by(STRANGER), accept(20, 9, verified("new@example.com"))), "inviter_lacks_authority");
}

#[test]
fn an_address_that_is_written_differently_is_the_same_address() {
    let mut org = organization(OWN);
    let again = Invite::to(OWN.invitation(20), address(" INA@EXAMPLE.COM "), secret(9)).role("member");
    assert_eq!(refused(&org, by(OWNER), again), "already_invited");
    run(&mut org, by(STRANGER), accept(1, 1, verified("Ina@Example.com")));
    assert!(org.person(user(STRANGER)).unwrap().is_member());
    assert_eq!(refused(&org, by(8), accept(1, 1, verified("ina@example.com"))), "invitation_closed");
}

#[test]
fn an_admin_who_makes_an_owner_through_any_door() {
    let org = organization(OWN);
    let owner = || vec!["owner".into()];
    let role = |key: &str, like: &str| CreateRole {
        role: key.into(),
        title: name("Helper"),
        like: like.into(),
        reach: Reach::All,
        permissions: vec![],
    };
    let doors: Vec<Command> = vec![
        ChangeRoles { user: user(MEMBER), roles: owner() }.into(),
        ChangeRoles { user: user(ADMIN), roles: owner() }.into(),
        AddMember { user: user(STRANGER), roles: owner(), access: vec![] }.into(),
        Invite::to(OWN.invitation(20), address("new@example.com"), secret(9)).role("owner").into(),
        EditInvitation { invitation: OWN.invitation(1), roles: owner(), access: vec![] }.into(),
        SetDomain { domain: bailiwick::Domain::new("own.example").unwrap(), roles: owner() }.into(),
        SetProvisioning { roles: Some(owner()) }.into(),
        role("custom.boss", "owner").into(),
        DeleteRole { role: "custom.helper".into(), instead: Some("owner".into()) }.into(),
        GiveAccess { user: user(MEMBER), workspace: OWN.workspace(1), changes: Override::role("owner") }.into(),
        TransferOwnership { to: user(MEMBER), from: None }.into(),
        TransferOwnership { to: user(ADMIN), from: Some(user(OWNER)) }.into(),
    ];
    for door in doors {
        for actor in [by(ADMIN), Actor::Provisioner] {
            let code = refused(&org, actor, door.clone());
            assert!(!code.is_empty(), "{door:?}");
        }
    }
}

#[test]
fn a_custom_role_that_removes_somebody_higher() {
    let mut org = organization(OWN);
    let role = CreateRole {
        role: "custom.people".into(),
        title: name("People"),
        like: "member".into(),
        reach: Reach::All,
        permissions: vec!["organization.run".into()],
    };
    run(&mut org, by(OWNER), role);
    run(&mut org, by(OWNER), ChangeRoles { user: user(MEMBER), roles: vec!["custom.people".into()] });
    for higher in [OWNER, ADMIN] {
        let remove = Remove { user: user(higher), content: Some(Content::Stays) };
        assert_eq!(refused(&org, by(MEMBER), remove), "outranked");
        assert_eq!(refused(&org, by(MEMBER), Suspend { user: user(higher) }), "outranked");
        assert_eq!(
            refused(&org, by(MEMBER), ChangeRoles { user: user(higher), roles: vec!["guest".into()] }),
            "outranked"
        );
    }
}

#[test]
fn a_user_id_that_is_handed_out_again() {
    let mut org = organization(OWN);
    let there = Target::Workspace(OWN.workspace(1));
    assert!(allows(&org, by(MEMBER), "thing.write", there));
    run(&mut org, by(OWNER), Remove { user: user(MEMBER), content: Some(Content::Stays) });
    assert!(!allows(&org, by(MEMBER), "thing.read", there));
    run(&mut org, by(OWNER), AddMember { user: user(MEMBER), roles: vec!["guest".into()], access: vec![] });
    // Neither the old role, nor the row, nor the team is theirs.
    assert!(!allows(&org, by(MEMBER), "thing.read", there));
    assert!(!allows(&org, by(MEMBER), "thing.read", Target::Workspace(OWN.workspace(2))));
    assert!(org.person(user(MEMBER)).unwrap().teams().is_empty());
}

#[test]
fn a_key_that_outlives_its_creator() {
    let mut org = organization(OWN);
    let key = Actor::Service(OWN.service(2));
    let there = Target::Workspace(OWN.workspace(1));
    assert!(allows(&org, key, "thing.read", there));
    run(&mut org, by(OWNER), ChangeRoles { user: user(ADMIN), roles: vec![String::from("guest").into()] });
    assert!(!allows(&org, key, "thing.read", there), "it has no more than its sponsor has now");
    run(&mut org, by(OWNER), Remove { user: user(ADMIN), content: Some(Content::Stays) });
    let read = org.catalog().permission("thing.read").unwrap();
    let denied = org.check(key, read, there, &facts());
    assert_eq!(denied, bailiwick::access::Decision::Deny(DenyReason::AccessEnded));
}

#[test]
fn a_role_change_that_dodges_the_transfer_of_ownership() {
    let org = organization(OWN);
    // Consent is asked for, and the offer waits: nobody takes a short cut.
    assert_eq!(refused(&org, by(OWNER), ChangeRoles { user: user(OWNER), roles: vec!["admin".into()] }), "own_access");
    assert_eq!(refused(&org, by(ADMIN), ChangeRoles { user: user(OWNER), roles: vec!["admin".into()] }), "outranked");
    assert_eq!(refused(&org, by(MEMBER), AcceptOwnership {}), "no_offer");
    let one: Catalog = exactly_one();
    let mut org = Organization::new(OWN.organization(), Arc::new(one));
    let create = CreateOrganization {
        name: name("One"),
        plan: "team".into(),
        seats: Seats::new(9),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    run(&mut org, by(OWNER), create);
    run(&mut org, by(OWNER), AddMember { user: user(ADMIN), roles: vec!["admin".into()], access: vec![] });
    for actor in [by(OWNER), Actor::System] {
        let second = ChangeRoles { user: user(ADMIN), roles: vec!["owner".into()] };
        assert_eq!(refused(&org, actor, second), "not_assignable");
    }
}

/// The same catalog, in which an organization has exactly one owner.
fn exactly_one() -> Catalog {
    let builder = catalog().to_builder();
    builder.change_role("owner", |role| role.holders(bailiwick::catalog::Holders::ExactlyOne)).build().unwrap()
}

#[test]
fn the_last_owner_through_every_path() {
    let org = organization(OWN);
    let paths: Vec<(Actor, Command)> = vec![
        (by(OWNER), Leave { content: Some(Content::Stays) }.into()),
        (Actor::System, Remove { user: user(OWNER), content: Some(Content::Stays) }.into()),
        (Actor::System, Suspend { user: user(OWNER) }.into()),
        (Actor::System, ChangeRoles { user: user(OWNER), roles: vec!["admin".into()] }.into()),
        (Actor::System, EraseUser { user: user(OWNER) }.into()),
    ];
    for (actor, path) in paths {
        assert_eq!(refused(&org, actor, path), "last_owner");
    }
    let collaborator = MakeCollaborator { user: user(OWNER) };
    assert!(["last_owner", "no_row"].contains(&refused(&org, Actor::System, collaborator)));
}

#[test]
fn lists_of_permissions_that_are_empty_or_unknown() {
    let mut org = organization(OWN);
    let role = CreateRole {
        role: "custom.nothing".into(),
        title: name("Nothing"),
        like: "member".into(),
        reach: Reach::All,
        permissions: vec![],
    };
    run(&mut org, by(OWNER), role.clone());
    run(&mut org, by(OWNER), ChangeRoles { user: user(MEMBER), roles: vec!["custom.nothing".into()] });
    let elsewhere = Target::Workspace(OWN.workspace(3));
    for (permission, _) in org.catalog().permissions() {
        assert!(!org.check(by(MEMBER), permission, elsewhere, &facts()).is_allow());
        let nothing = org.access(by(OWNER), elsewhere, &facts()).restrict(PermissionSet::default());
        assert!(!nothing.allows(permission), "narrowed to nothing is nothing");
    }
    let unknown = CreateRole { role: "custom.other".into(), permissions: vec!["thing.*".into()], ..role };
    assert_eq!(refused(&org, by(OWNER), unknown), "unknown_permission");
    let service = CreateService {
        service: OWN.service(9),
        name: name("Robot"),
        permissions: vec![],
        workspaces: vec![],
        until: None,
        secret: secret(51),
    };
    run(&mut org, by(OWNER), service);
    for (permission, _) in org.catalog().permissions() {
        assert!(!org.check(Actor::Service(OWN.service(9)), permission, Target::Organization, &facts()).is_allow());
    }
    let text = r#"{ "name": "x", "permissions": [], "roles": [{ "key": "owner", "rank": 1, "owner": true, "permissions": ["all"] }] }"#;
    let mistakes = Catalog::from_document(&serde_json::from_str::<Document>(text).unwrap()).unwrap_err();
    assert!(mistakes.iter().any(|mistake| mistake.path == "roles[0].permissions[0]"), "{mistakes}");
}

#[test]
fn a_setting_that_sounds_like_a_permission() {
    let mut org = organization(OWN);
    for key in ["organization.run", "admin", "owner", "members_can_invite"] {
        run(&mut org, by(OWNER), SetPreference { key: key.into(), value: Some("true".into()) });
    }
    assert!(!allows(&org, by(MEMBER), "organization.run", Target::Organization));
    let invite = Invite::to(OWN.invitation(20), address("new@example.com"), secret(9)).role("guest");
    assert_eq!(refused(&org, by(MEMBER), invite), "denied");
}

/// Processes on one store, each with an organization of its own in memory.
fn processes<const N: usize>(seats: u64, people: &[(u64, &str)]) -> [Tenants<Arc<MemoryStore>>; N] {
    let store = Arc::new(MemoryStore::new());
    let open = || Tenants::new(catalog(), Arc::clone(&store));
    let first = open();
    let create = CreateOrganization {
        name: name("Acme"),
        plan: "team".into(),
        seats: Seats::new(seats),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    first.create(OWN.organization(), create, &facts().by(by(OWNER))).unwrap();
    for (n, role) in people {
        let add = AddMember { user: user(*n), roles: vec![(*role).into()], access: vec![] };
        first.handle(OWN.organization(), add, &facts().by(Actor::System)).unwrap();
    }
    std::array::from_fn(|_| {
        let process = open();
        process.read(OWN.organization(), |_| ()).unwrap();
        process
    })
}

/// The codes of what each process was answered, all at once.
fn at_once<const N: usize>(
    processes: &[Tenants<Arc<MemoryStore>>; N],
    command: impl Fn(usize) -> (Actor, Command) + Sync,
) -> Vec<&'static str> {
    let ask = |n: usize| {
        let (actor, command) = command(n);
        match processes[n].handle(OWN.organization(), command, &facts().by(actor)) {
            Ok(_) => "ok",
            Err(TenantsError::Refused(refusal)) => refusal.code(),
            Err(why) => panic!("{why}"),
        }
    };
    let mut codes: Vec<&'static str> = thread::scope(|scope| {
        let asked: Vec<_> = (0..N).map(|n| scope.spawn(move || ask(n))).collect();
        asked.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    codes.sort_unstable();
    codes
}

#[test]
fn the_last_seat_sold_twice() {
    for _ in 0..20 {
        let all = processes::<4>(2, &[]);
        let add = |n: usize| {
            let add = AddMember { user: user(20 + n as u64), roles: vec!["member".into()], access: vec![] };
            (Actor::System, add.into())
        };
        assert_eq!(at_once(&all, add), ["ok", "seat_limit", "seat_limit", "seat_limit"]);
    }
}

#[test]
fn two_last_owners_who_leave_at_once() {
    for _ in 0..20 {
        let all = processes::<2>(9, &[(ADMIN, "owner")]);
        let leave = |n: usize| (by([OWNER, ADMIN][n]), Leave { content: Some(Content::Stays) }.into());
        assert_eq!(at_once(&all, leave), ["last_owner", "ok"]);
    }
}

#[test]
fn one_invitation_accepted_twice_at_once() {
    for _ in 0..20 {
        let all = processes::<3>(9, &[]);
        let invite = Invite::to(OWN.invitation(1), address("ina@example.com"), secret(1)).role("member");
        all[0].handle(OWN.organization(), invite, &facts().by(by(OWNER))).unwrap();
        let answer = |n: usize| (by(30 + n as u64), accept(1, 1, verified("ina@example.com")).into());
        assert_eq!(at_once(&all, answer), ["invitation_closed", "invitation_closed", "ok"]);
    }
}

#[test]
fn access_that_lives_on_in_another_process() {
    let [here] = processes::<1>(9, &[(MEMBER, "member")]);
    let bound = Keeping { age_max: Some(Duration::from_millis(40)), ..Keeping::default() };
    let there = Tenants::new(catalog(), Arc::clone(here.store())).keeping(bound);
    there.follow().unwrap();
    let read = here.catalog().permission("thing.read").unwrap();
    let ask = |process: &Tenants<Arc<MemoryStore>>| {
        process.access(OWN.organization(), by(MEMBER), Target::Organization, &Facts::at(NOW)).map(|it| it.version())
    };
    ask(&there).unwrap();
    let remove = Remove { user: user(MEMBER), content: Some(Content::Stays) };
    here.handle(OWN.organization(), remove, &facts().by(by(OWNER))).unwrap();
    // Who does not follow is not answered from the past for longer than the bound.
    thread::sleep(Duration::from_millis(60));
    assert!(matches!(ask(&there), Err(StoreError::Stale(_))));
    there.follow().unwrap();
    let denied = there.check(OWN.organization(), by(MEMBER), read, Target::Organization, &facts()).unwrap();
    assert_eq!(denied, bailiwick::access::Decision::Deny(DenyReason::NotFound));
}

/// Whoever works here from outside is no member, whatever is shared with all members.
#[test]
fn somebody_from_outside_who_counts_as_a_member() {
    let org = organization(OWN);
    assert!(!allows(&org, by(COLLABORATOR), "organization.run", Target::Organization));
    let elsewhere = Target::Workspace(OWN.workspace(2));
    assert!(!allows(&org, by(COLLABORATOR), "thing.read", elsewhere));
}
