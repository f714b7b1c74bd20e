//! What spans organizations: names, domains, personal organizations; taken, given back, taken again.

use std::thread;

use bailiwick::catalog::Catalog;
use bailiwick::change::*;
use bailiwick::reach::Paging;
use bailiwick::{Disposition, Domain, OrgId, Seats, Tenants, TenantsError, WorkspaceId};

use crate::support::samples::Ids;
use crate::support::samples::{MEMBER, OWNER, catalog, facts, name};

fn user(n: u64) -> bailiwick::Actor {
    bailiwick::Actor::User(Ids::OWN.user(n))
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn team(text: &str) -> CreateOrganization {
    CreateOrganization {
        name: name(text),
        plan: "team".into(),
        seats: Seats::new(5),
        owned: 0,
        workspace: WorkspaceId::from_u64(1).unwrap(),
    }
}

fn code<T: std::fmt::Debug>(answer: Result<T, TenantsError>) -> &'static str {
    match answer {
        Ok(_) => "accepted",
        Err(TenantsError::Refused(refusal)) => refusal.code(),
        Err(trouble) => panic!("{trouble}"),
    }
}

fn tenants() -> Tenants {
    Tenants::in_memory(Catalog::clone(&catalog()))
}

/// C-05, S2-13, S2-106: a name is one organization's, however it is written; renaming frees the old one.
#[test]
fn a_name_is_free_again_when_its_holder_has_another() {
    let (tenants, now) = (tenants(), facts());
    let rename = |id, text: &str| tenants.handle(id, Rename { name: name(text) }, &now.by(user(OWNER)));
    tenants.create(org(1), team("Acme"), &now.by(user(OWNER))).unwrap();
    tenants.create(org(2), team("Other"), &now.by(user(OWNER))).unwrap();
    assert_eq!(code(tenants.create(org(3), team(" ACME "), &now.by(user(MEMBER)))), "name_taken");
    assert_eq!(code(rename(org(2), "acme")), "name_taken");
    assert_eq!(code(rename(org(1), "ACME")), "accepted", "the same name written otherwise is one's own");
    assert_eq!(code(rename(org(1), "Umbrella")), "accepted");
    assert_eq!(code(rename(org(2), "Acme")), "accepted");
    assert_eq!(code(rename(org(1), "Other")), "accepted");
}

/// C-16: names of deleted organizations are free, and restoring claims them again.
#[test]
fn restoring_needs_the_name_back() {
    let (tenants, now) = (tenants(), facts());
    tenants.create(org(1), team("Acme"), &now.by(user(OWNER))).unwrap();
    tenants.delete(org(1), Disposition::Delete, &now.by(user(OWNER))).unwrap();
    assert_eq!(
        code(tenants.create(org(1), team("Again"), &now.by(user(OWNER)))),
        "already_exists",
        "ids are not reused"
    );
    tenants.create(org(2), team("acme"), &now.by(user(MEMBER))).unwrap();
    let restore = || tenants.handle(org(1), RestoreOrganization {}, &now.by(user(OWNER)));
    assert_eq!(code(restore()), "name_taken");
    tenants.handle(org(2), Rename { name: name("Other") }, &now.by(user(MEMBER))).unwrap();
    assert_eq!(code(restore()), "accepted");
    assert_eq!(tenants.organizations_of(Ids::OWN.user(OWNER), Paging::first(9)).unwrap().items, [org(1)]);
}

/// D-27: sign-up repeated, also at once, and after the personal organization is gone.
#[test]
fn a_user_has_one_personal_organization() {
    let (tenants, now) = (tenants(), facts());
    let sign_up = |id| {
        let command = SignUp { name: name("Ada"), workspace: WorkspaceId::from_u64(1).unwrap() };
        tenants.sign_up(org(id), command, &now.by(user(OWNER))).unwrap()
    };
    let made: Vec<OrgId> = thread::scope(|scope| {
        let threads: Vec<_> = (1..=8).map(|id| scope.spawn(move || sign_up(id))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
    tenants.delete(made[0], Disposition::Delete, &now.by(user(OWNER))).unwrap();
    assert_eq!(sign_up(9), org(9));
    let restore = tenants.handle(made[0], RestoreOrganization {}, &now.by(user(OWNER)));
    assert_eq!(code(restore), "name_taken", "there is no second one");
}

/// S1-32: a domain is confirmed for one organization; dropping it frees it.
#[test]
fn a_domain_is_one_organizations() {
    let (tenants, now) = (tenants(), facts());
    let domain = || Domain::new("acme.example").unwrap();
    for (id, text) in [(1, "One"), (2, "Two")] {
        tenants.create(org(id), team(text), &now.by(user(OWNER))).unwrap();
        let set = SetDomain { domain: domain(), roles: vec!["guest".into()] };
        tenants.handle(org(id), set, &now.by(user(OWNER))).unwrap();
    }
    let confirm = |id| tenants.handle(org(id), ConfirmDomain { domain: domain() }, &now.by(bailiwick::Actor::System));
    assert_eq!(code(confirm(1)), "accepted");
    assert_eq!(code(confirm(2)), "name_taken");
    let drop = |id| tenants.handle(org(id), DropDomain { domain: domain() }, &now.by(user(OWNER)));
    assert_eq!(code(drop(2)), "accepted", "what was never confirmed takes nothing from others");
    assert_eq!(
        code(tenants.handle(org(2), SetDomain { domain: domain(), roles: vec![] }, &now.by(user(OWNER)))),
        "accepted"
    );
    assert_eq!(code(confirm(2)), "name_taken", "still the other one's");
    assert_eq!(code(drop(1)), "accepted");
    assert_eq!(code(confirm(2)), "accepted");
}
