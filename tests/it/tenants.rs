//! The facade: many threads, several processes, strangers, retries.

use std::sync::{Arc, Barrier};
use std::thread;

use bailiwick::access::{Decision, DenyReason, Facts, Target};
use bailiwick::catalog::policy::{Binding, UniqueNames};
use bailiwick::catalog::{Catalog, PlanDef};
use bailiwick::change::{
    Accept, AddressProof, ChangeRoles, Command, CreateOrganization, CreateWorkspace, GiveAccess, Invite, Record,
    Refusal, Remove, Revoke, SignUp, Suspend, TakeAccess,
};
use bailiwick::reach::Paging;
use bailiwick::store::{Append, Appended, Batch, Front, MemoryStore, Store, StoreError};
use bailiwick::{
    Actor, Address, InvitationId, LinkId, Name, OrgId, Organization, Override, Seats, SecretHash, Tenants,
    TenantsError, Timestamp, UserId, Version, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn by(n: u64) -> Actor {
    Actor::User(user(n))
}

fn named(name: &str, seats: u64) -> CreateOrganization {
    let (name, seats) = (Name::new(name).unwrap(), Seats::new(seats));
    CreateOrganization { name, plan: "team".into(), seats, owned: 0, workspace: workspace(1) }
}

fn invite(n: u64, role: &str) -> (Invite, Accept) {
    let (invitation, secret) = (InvitationId::from_u64(n).unwrap(), SecretHash::from_bytes([n as u8; 32]));
    let address = Address::new(&format!("user{n}@example.com")).unwrap();
    let accept = Accept { invitation, secret, address: AddressProof::Verified(address.clone()) };
    (Invite::to(invitation, address, secret).role(role), accept)
}

/// A team of an owner (user 1) and members with these roles (users 2, 3, …).
fn team(tenants: &Tenants<impl Store>, id: u64, seats: u64, roles: &[&str]) {
    tenants.create(org(id), named("Acme", seats), &NOW.by(by(1))).unwrap();
    for (at, role) in roles.iter().enumerate() {
        let n = at as u64 + 2;
        let (invite, accept) = invite(n, role);
        tenants.handle(org(id), invite, &NOW.by(by(1))).unwrap();
        tenants.handle(org(id), accept, &NOW.by(by(n))).unwrap();
    }
}

fn code(error: TenantsError) -> String {
    match error {
        TenantsError::Refused(refusal) => refusal.code().to_owned(),
        other => other.to_string(),
    }
}

/// S0-13, S1-02, S2-02, D-27: signing up twice, or from two machines at once, is signing up once.
#[test]
fn signing_up_twice_makes_one_personal_organization() {
    let tenants = Arc::new(Tenants::in_memory(catalog("cloud")));
    let barrier = Arc::new(Barrier::new(4));
    let made: Vec<OrgId> = (1..=4)
        .map(|n| {
            let (tenants, barrier) = (Arc::clone(&tenants), Arc::clone(&barrier));
            thread::spawn(move || {
                barrier.wait();
                let sign_up = SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(n) };
                tenants.sign_up(org(n), sign_up, &NOW.by(by(1))).unwrap()
            })
        })
        .collect::<Vec<_>>()
        .into_iter()
        .map(|thread| thread.join().unwrap())
        .collect();
    assert!(made.iter().all(|id| *id == made[0]), "{made:?}");
    assert_eq!(tenants.organizations_of(user(1), Paging::first(9)).unwrap().items, [made[0]]);
    let name = tenants.read(made[0], |o| o.profile().unwrap().name.to_string()).unwrap();
    assert_eq!(name.as_deref(), Some("Ada's Organization")); // S1-03
}

/// C-05, S2-13: names are unique where the policy says so, however they are written.
#[test]
fn unique_names_have_one_holder() {
    let mut policy = catalog("cloud").policy().clone();
    policy.unique_names = UniqueNames::Global;
    let tenants = Tenants::in_memory(catalog("cloud").to_builder().policy(policy.clone()).build().unwrap());
    tenants.create(org(1), named("Acme Corp", 1), &NOW.by(by(1))).unwrap();
    assert_eq!(code(tenants.create(org(2), named(" ACME  corp ", 1), &NOW.by(by(2))).unwrap_err()), "name_taken");
    policy.unique_names = UniqueNames::PerOwner;
    let tenants = Tenants::in_memory(catalog("cloud").to_builder().policy(policy).build().unwrap());
    tenants.create(org(1), named("Acme", 1), &NOW.by(by(1))).unwrap();
    tenants.create(org(2), named("Acme", 1), &NOW.by(by(2))).unwrap();
    assert_eq!(code(tenants.create(org(3), named("acme", 1), &NOW.by(by(2))).unwrap_err()), "name_taken");
    assert_eq!(code(tenants.create(org(2), named("Other", 1), &NOW.by(by(2))).unwrap_err()), "already_exists");
}

/// C-06: the policy can say how many organizations one user owns.
#[test]
fn a_user_owns_as_many_organizations_as_the_policy_allows() {
    let mut policy = catalog("cloud").policy().clone();
    policy.organizations_per_user = Some(2);
    let tenants = Tenants::in_memory(catalog("cloud").to_builder().policy(policy).build().unwrap());
    for n in 1..=2 {
        tenants.create(org(n), named("Acme", 1), &NOW.by(by(1))).unwrap();
    }
    assert_eq!(code(tenants.create(org(3), named("Acme", 1), &NOW.by(by(1))).unwrap_err()), "too_many_organizations");
    tenants.create(org(4), named("Acme", 1), &NOW.by(by(2))).unwrap();
}

/// D-06: two owners who demote each other at once, from two processes on one store: exactly one succeeds.
#[test]
fn two_owners_who_demote_each_other_leave_one() {
    for _ in 0..50 {
        let store = Arc::new(MemoryStore::new());
        let shared = || Tenants::new(Arc::new(catalog("cloud")), Arc::clone(&store));
        let first = shared();
        team(&first, 1, 5, &["owner"]);
        let second = shared();
        let barrier = Barrier::new(2);
        let demote = |tenants: &Tenants<Arc<MemoryStore>>, actor: u64, target: u64| {
            barrier.wait();
            let command = ChangeRoles { user: user(target), roles: vec!["admin".into()] };
            tenants.handle(org(1), command, &NOW.by(by(actor)))
        };
        let outcomes: Vec<_> = thread::scope(|scope| {
            let threads = [scope.spawn(|| demote(&first, 1, 2)), scope.spawn(|| demote(&second, 2, 1))];
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
        let third = shared();
        assert_eq!(third.read(org(1), |organization| organization.audit(NOW.now)).unwrap(), Some(vec![]));
        assert_eq!(third.refresh(org(1)).unwrap(), first.refresh(org(1)).unwrap());
    }
}

/// S1-85: the last seat is sold once, however many accept at once.
#[test]
fn the_last_seat_is_taken_once() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 2, &[]);
    let accepts: Vec<(u64, Accept)> = (2..=9)
        .map(|n| {
            let (invite, accept) = invite(n, "viewer");
            tenants.handle(org(1), invite, &NOW.by(by(1))).unwrap();
            (n, accept)
        })
        .collect();
    let barrier = Barrier::new(accepts.len());
    let outcomes: Vec<_> = thread::scope(|scope| {
        let (tenants, barrier) = (&tenants, &barrier);
        let start = |(n, accept): (u64, Accept)| {
            scope.spawn(move || {
                barrier.wait();
                tenants.handle(org(1), accept, &NOW.by(by(n))).map_err(code)
            })
        };
        let threads: Vec<_> = accepts.into_iter().map(start).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1);
    assert!(outcomes.iter().flat_map(|outcome| outcome.as_ref().err()).all(|code| code == "seat_limit"));
    let seats = tenants.read(org(1), |organization| organization.seats(NOW.now)).unwrap().flatten().unwrap();
    assert_eq!((seats.used, seats.limit, seats.left()), (Seats::new(2), Seats::new(2), Seats::new(0)));
}

/// S2-40, S2-66, S2-68, D-23: what a command changed is what the next question sees, on every thread.
#[test]
fn a_change_is_seen_at_once() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 3, &["admin"]);
    let edit = tenants.catalog().permission("organization.settings.edit").unwrap();
    let may = || tenants.check(org(1), by(2), edit, Target::Organization, &NOW).unwrap();
    for _ in 0..100 {
        let roles = |role: &str| ChangeRoles { user: user(2), roles: vec![role.into()] };
        assert_eq!(may(), Decision::Allow);
        tenants.handle(org(1), roles("viewer"), &NOW.by(by(1))).unwrap();
        assert_eq!(thread::scope(|scope| scope.spawn(may).join().unwrap()), Decision::Deny(DenyReason::NotGranted));
        tenants.handle(org(1), roles("admin"), &NOW.by(by(1))).unwrap();
    }
    let access = tenants.access(org(1), by(2), Target::Organization, &NOW).unwrap();
    assert_eq!(Some(access.version()), tenants.refresh(org(1)).unwrap());
}

/// D-24, S3-67, S0-58: an id of another organization answers as one that never was, to the last byte.
#[test]
fn ids_of_another_organization_answer_as_ids_of_nothing() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 5, &["admin"]);
    tenants.create(org(2), named("Other", 5), &NOW.by(by(50))).unwrap();
    tenants
        .handle(org(2), CreateWorkspace { workspace: workspace(77), name: Name::new("x").unwrap() }, &NOW.by(by(50)))
        .unwrap();
    let (foreign_invite, _) = invite(60, "viewer");
    tenants.handle(org(2), foreign_invite, &NOW.by(by(50))).unwrap();

    let commands = |u: u64, w: u64, i: u64| -> Vec<Command> {
        let (user, workspace, invitation) = (user(u), workspace(w), InvitationId::from_u64(i).unwrap());
        vec![
            ChangeRoles { user, roles: vec!["viewer".into()] }.into(),
            Suspend { user }.into(),
            Remove { user, content: None }.into(),
            GiveAccess { user: self::user(2), workspace, changes: Override::none() }.into(),
            GiveAccess { user, workspace: self::workspace(1), changes: Override::none() }.into(),
            TakeAccess { user, workspace }.into(),
            Revoke { invitation }.into(),
        ]
    };
    for (foreign, nothing) in commands(50, 77, 60).into_iter().zip(commands(51, 78, 61)) {
        for actor in [1, 2, 50, 99] {
            let answer = |command: Command| format!("{:?}", tenants.handle(org(1), command, &NOW.by(by(actor))));
            assert_eq!(answer(foreign.clone()), answer(nothing.clone()), "{foreign:?} by {actor}");
        }
    }
    // An organization that exists, to a stranger, is one that does not.
    let run = tenants.catalog().permission("operation.run").unwrap();
    for target in [Target::Organization, Target::Workspace(workspace(1))] {
        let there = tenants.check(org(1), by(99), run, target, &NOW).unwrap();
        assert_eq!(there, tenants.check(org(404), by(99), run, target, &NOW).unwrap());
        assert_eq!(there, Decision::Deny(DenyReason::NotFound));
    }
    let create = || CreateWorkspace { workspace: workspace(5), name: Name::new("x").unwrap() };
    let to_stranger = |id| format!("{:?}", tenants.handle(org(id), create(), &NOW.by(by(99))));
    assert_eq!(to_stranger(1), to_stranger(404));
}

/// A viewer cannot find out who is a collaborator, or which invitations are open.
#[test]
fn what_an_id_is_shows_only_to_those_who_manage_it() {
    let tenants = Tenants::in_memory(catalog("agency"));
    let create = CreateOrganization { plan: "small".into(), ..named("Acme", 0) };
    tenants.create(org(1), create, &NOW.by(by(1))).unwrap();
    let place = CreateWorkspace { workspace: workspace(1), name: Name::new("One").unwrap() };
    tenants.handle(org(1), place, &NOW.by(by(1))).unwrap();
    let (viewer, accept) = invite(2, "viewer");
    tenants.handle(org(1), viewer, &NOW.by(by(1))).unwrap();
    tenants.handle(org(1), accept, &NOW.by(by(2))).unwrap();
    for n in [3, 4] {
        let (promise, accept) = invite(n, "viewer");
        let reviewer = Override::role("external_reviewer");
        let promise = Invite { roles: vec![], ..promise }.workspace(workspace(1), reviewer);
        tenants.handle(org(1), promise, &NOW.by(by(1))).unwrap();
        if n == 3 {
            tenants.handle(org(1), accept, &NOW.by(by(3))).unwrap(); // a collaborator; the other one stays open
        }
    }
    let answers = |u: u64, i: u64| -> Vec<String> {
        let (user, workspace) = (user(u), workspace(1));
        let commands: [Command; 4] = [
            GiveAccess { user, workspace, changes: Override::none() }.into(),
            TakeAccess { user, workspace }.into(),
            Remove { user, content: None }.into(),
            Revoke { invitation: InvitationId::from_u64(i).unwrap() }.into(),
        ];
        commands.map(|command| format!("{:?}", tenants.handle(org(1), command, &NOW.by(by(2))))).to_vec()
    };
    assert_eq!(answers(3, 4), answers(404, 404));
    assert_eq!(answers(1, 2), answers(404, 404));
}

/// To strangers and links an organization that exists is one that does not, whatever they try.
#[test]
fn strangers_cannot_tell_which_organizations_exist() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 5, &["admin"]);
    let (promise, _) = invite(7, "viewer");
    tenants.handle(org(1), promise.clone(), &NOW.by(by(1))).unwrap();
    let commands = || -> Vec<Command> {
        let many = (1..=1_001)
            .fold(Invite { roles: vec![], ..promise.clone() }, |i, n| i.workspace(workspace(n), Override::none()));
        let (_, wrong) = invite(7, "viewer");
        vec![
            SignUp { name: Name::new("x").unwrap(), workspace: workspace(9) }.into(),
            named("x", 5).into(),
            many.into(),
            Accept { secret: SecretHash::from_bytes([0; 32]), ..wrong }.into(),
            Remove { user: user(1), content: None }.into(),
            promise.clone().into(),
        ]
    };
    let link = Actor::Link(LinkId::from_u64(1).unwrap());
    for actor in [by(99), link] {
        for (here, nowhere) in commands().into_iter().zip(commands()) {
            let answer = |id, command| format!("{:?}", tenants.handle(org(id), command, &NOW.by(actor)));
            assert_eq!(answer(1, here.clone()), answer(404, nowhere), "{here:?} by {actor:?}");
        }
    }
}

/// A command names as much as fits one event.
#[test]
fn commands_are_bounded() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 5, &["developer"]);
    let roles = vec!["developer".into(); 1_000];
    let answer = tenants.handle(org(1), ChangeRoles { user: user(2), roles }, &NOW.by(by(1)));
    assert_eq!(code(answer.unwrap_err()), "too_many_roles");
    let changes = (0..1_000).fold(Override::none(), |changes, _| changes.adding("operation.run"));
    let answer = tenants.handle(org(1), GiveAccess { user: user(2), workspace: workspace(1), changes }, &NOW.by(by(1)));
    assert_eq!(code(answer.unwrap_err()), "too_many_items");
}

/// A link that can be used several times lets nobody in twice.
#[test]
fn a_bearer_link_does_not_readmit_who_was_removed() {
    let mut policy = catalog("cloud").policy().clone();
    policy.invitations.binding = Binding::Bearer(5);
    let tenants = Tenants::in_memory(catalog("cloud").to_builder().policy(policy).build().unwrap());
    team(&tenants, 1, 9, &["viewer"]);
    let (_, accept) = invite(2, "viewer");
    tenants.handle(org(1), accept.clone(), &NOW.by(by(3))).unwrap();
    tenants.handle(org(1), Remove { user: user(2), content: None }, &NOW.by(by(1))).unwrap();
    assert_eq!(code(tenants.handle(org(1), accept, &NOW.by(by(2))).unwrap_err()), "invitation_closed");
}

/// C-18: a link can be enough where the policy says so; a wrong secret is never.
#[test]
fn an_invitation_is_bound_as_the_policy_says() {
    let answer = |binding: Binding, proof: AddressProof, secret: u8| {
        let mut policy = catalog("cloud").policy().clone();
        policy.invitations.binding = binding;
        let tenants = Tenants::in_memory(catalog("cloud").to_builder().policy(policy).build().unwrap());
        team(&tenants, 1, 5, &[]);
        let (invite, accept) = invite(2, "viewer");
        tenants.handle(org(1), invite, &NOW.by(by(1))).unwrap();
        let accept = Accept { address: proof, secret: SecretHash::from_bytes([secret; 32]), ..accept };
        tenants.handle(org(1), accept, &NOW.by(by(2))).map_or_else(code, |_| "joined".into())
    };
    let right = || Address::new("User2@Example.com").unwrap();
    let other = || Address::new("else@example.com").unwrap();
    use AddressProof::{Claimed, Verified};
    assert_eq!(answer(Binding::VerifiedAddress, Verified(right()), 2), "joined");
    assert_eq!(answer(Binding::VerifiedAddress, Claimed(right()), 2), "address_unverified");
    assert_eq!(answer(Binding::VerifiedAddress, Verified(other()), 2), "address_mismatch");
    assert_eq!(answer(Binding::MatchingAddress, Claimed(right()), 2), "joined");
    assert_eq!(answer(Binding::MatchingAddress, Claimed(other()), 2), "address_mismatch");
    assert_eq!(answer(Binding::Bearer(1), Claimed(other()), 2), "joined");
    assert_eq!(answer(Binding::Bearer(1), Verified(right()), 3), "not_found"); // to a stranger without the secret
}

/// The same history gives the same organization.
#[test]
fn replaying_the_records_gives_the_same_state() {
    let tenants = Tenants::in_memory(catalog("cloud"));
    team(&tenants, 1, 9, &["admin", "developer", "viewer"]);
    tenants.handle(org(1), Suspend { user: user(3) }, &NOW.by(by(1))).unwrap();
    tenants.handle(org(1), Remove { user: user(4), content: None }, &NOW.by(by(1))).unwrap();
    let records = tenants.store().records(org(1), Version::ZERO, 1_000).unwrap();
    let mut replayed = Organization::new(org(1), Arc::clone(tenants.catalog()));
    records.iter().for_each(|record| replayed.apply(record));
    assert_eq!(tenants.read(org(1), |live| *live == replayed).unwrap(), Some(true));
    // And so do records that were written down and read back.
    let written = serde_json::to_string(&records).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Record>>(&written).unwrap(), records);
}

/// A store whose appends fail leaves nothing half done, and says what it is.
#[test]
fn a_failing_store_is_trouble_and_changes_nothing() {
    let tenants = Tenants::new(Arc::new(catalog("cloud")), Failing(MemoryStore::new()));
    let error = tenants.create(org(1), named("Acme", 1), &NOW.by(by(1))).unwrap_err();
    assert!(matches!(error, TenantsError::Store(StoreError::Retry(_))));
    assert_eq!(tenants.read(org(1), Organization::version).unwrap(), None);
    assert_eq!(
        Refusal::NotFound.code(),
        code(tenants.handle(org(1), Suspend { user: user(1) }, &NOW.by(by(1))).unwrap_err())
    );
}

/// A plan that requires a provider asks for it at every door (S0-38).
#[test]
fn a_required_provider_is_asked_for_at_sign_up() {
    let tenants = Tenants::in_memory(catalog("studio"));
    let sign_up = || SignUp { name: Name::new("Ada").unwrap(), workspace: workspace(1) };
    assert_eq!(code(tenants.sign_up(org(1), sign_up(), &NOW.by(by(1))).unwrap_err()), "step_up");
    let linkedin = tenants.catalog().provider("linkedin").unwrap();
    assert_eq!(tenants.sign_up(org(1), sign_up(), &NOW.through(linkedin).by(by(1))).unwrap(), org(1));
    assert_eq!(code(tenants.sign_up(org(2), sign_up(), &NOW.by(Actor::System)).unwrap_err()), "user_only");
}

/// A catalog without plans for it cannot make team organizations, and says so.
#[test]
fn plans_decide_who_may_own_teams() {
    let catalog = catalog("cloud").to_builder().plan(PlanDef::new("hobby", 0)).build().unwrap();
    let tenants = Tenants::in_memory(catalog);
    let create = |plan: &str| CreateOrganization { plan: plan.into(), ..named("Acme", 9) };
    assert_eq!(code(tenants.create(org(1), create("hobby"), &NOW.by(by(1))).unwrap_err()), "plan_without_teams");
    assert_eq!(code(tenants.create(org(1), create("busines"), &NOW.by(by(1))).unwrap_err()), "unknown_plan");
    let few = CreateOrganization { seats: Seats::new(4), ..create("business") };
    assert_eq!(code(tenants.create(org(1), few, &NOW.by(by(1))).unwrap_err()), "seats_below_minimum"); // S1-90
    tenants.create(org(1), create("business"), &NOW.by(by(1))).unwrap();
}

/// A store that cannot append.
struct Failing(MemoryStore);

impl Front for Failing {
    type Behind = MemoryStore;

    fn behind(&self) -> &MemoryStore {
        &self.0
    }

    fn append(&self, append: &Append<'_>) -> Result<Appended, StoreError> {
        match append.batch {
            Batch::Organization(_) | Batch::Ledger(_) => Err(StoreError::Retry("no room".into())),
            Batch::Sheet(..) => self.0.append(append),
        }
    }
}

#[allow(dead_code, reason = "the facade is shared between threads, and the compiler says so")]
fn is_shared_between_threads(catalog: Catalog) -> impl Send + Sync {
    Tenants::in_memory(catalog)
}
