//! Ownership that changes hands: offered, for how long, by whom, and what either comes to hold.

use bailiwick::catalog::Reach;
use bailiwick::change::*;
use bailiwick::{Actor, Organization, Timestamp};

use crate::support::samples::{ADMIN, Ids, MEMBER, NOW, OWNER, STRANGER, founded, name, refused, run};

const OWN: Ids = Ids::OWN;

fn by(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

/// Owners hand over by a role that the company wrote itself.
const TEXT: &str = r#"
    name = "notes"
    permissions = [
        { key = "org.run", scope = "organization", guards = ["create_workspace"] },
        { key = "org.give", scope = "organization", guards = ["transfer_ownership"] },
        { key = "note.read", scope = "resource" },
    ]
    roles = [
        { key = "owner", rank = 9, owner = true, permissions = ["org.run"], falls_back_to = "founder" },
        { key = "founder", rank = 8, permissions = [FOUNDER], reach = "all" },
        { key = "reader", rank = 3 },
    ]
    plans = [{ key = "team", rank = 0, team_organizations = true }]
    [policy]
    ownership_transfer = "CONSENT"
    roles_per_member = 2
    owner_holds = "declared"
"#;

fn company(consent: &str, founders_too: &str) -> Organization {
    let mut org = founded(&TEXT.replace("CONSENT", consent).replace("FOUNDER", founders_too));
    for n in [ADMIN, MEMBER] {
        run(&mut org, Actor::System, AddMember { user: OWN.user(n), roles: vec!["reader".into()], access: vec![] });
    }
    run(&mut org, Actor::System, giver(&["org.give"]));
    run(
        &mut org,
        Actor::System,
        ChangeRoles { user: OWN.user(OWNER), roles: vec!["owner".into(), "custom.giver".into()] },
    );
    org
}

fn giver(permissions: &[&str]) -> CreateRole {
    let permissions = permissions.iter().map(|key| (*key).into()).collect();
    let (title, reach) = (name("Giver"), Reach::Assigned);
    CreateRole { role: "custom.giver".into(), title, like: "reader".into(), reach, permissions }
}

fn offer() -> TransferOwnership {
    TransferOwnership { to: OWN.user(ADMIN), from: None }
}

#[test]
fn an_offer_ends_at_an_instant() {
    let mut org = company("with_consent", "");
    run(&mut org, by(OWNER), offer());
    let end = NOW.plus(org.catalog().policy().invitations.lifetime);
    let accept = |org: &Organization, at: Timestamp| {
        let context = bailiwick::access::Facts::at(at).by(by(ADMIN));
        org.handle(&AcceptOwnership {}.into(), &context).map(|_| ()).map_err(|refusal| refusal.code())
    };
    assert_eq!(accept(&org, end), Err("no_offer"));
    assert_eq!(accept(&org, Timestamp::from_millis(end.as_millis() - 1)), Ok(()));
}

#[test]
fn an_offer_that_could_not_be_made_any_more_is_none() {
    let mut org = company("with_consent", "");
    run(&mut org, by(OWNER), offer());
    let rewritten = |permissions: &[&str]| {
        let CreateRole { role, title, like, reach, permissions } = giver(permissions);
        ChangeRole { role, title, like, reach, permissions }
    };
    run(&mut org, Actor::System, rewritten(&[]));
    assert_eq!(refused(&org, by(OWNER), offer()).code(), "denied");
    assert_eq!(refused(&org, by(ADMIN), AcceptOwnership {}).code(), "no_offer");
    run(&mut org, Actor::System, rewritten(&["org.give"]));
    run(&mut org, by(ADMIN), AcceptOwnership {});
}

#[test]
fn an_offer_is_taken_back_by_whom_it_concerns() {
    let mut org = company("with_consent", "");
    run(&mut org, by(OWNER), offer());
    assert_eq!(refused(&org, by(MEMBER), CancelTransfer {}).code(), "no_offer");
    assert_eq!(refused(&org, by(STRANGER), CancelTransfer {}).code(), "not_found");
    for who in [Actor::System, by(OWNER), by(ADMIN)] {
        run(&mut org.clone(), who, CancelTransfer {});
    }
}

/// Whoever steps down gives themselves what they come to hold, which they have to hold; the platform gives anything.
#[test]
fn who_steps_down_gains_nothing_by_it_but_from_the_platform() {
    let mut org = company("at_once", r#""note.read""#);
    assert_eq!(refused(&org, by(OWNER), offer()).code(), "lacks_permission");
    run(&mut org, Actor::System, TransferOwnership { from: Some(OWN.user(OWNER)), ..offer() });
    assert!(org.is_active_owner(OWN.user(ADMIN)) && !org.is_active_owner(OWN.user(OWNER)));
}
