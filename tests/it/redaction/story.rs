//! Somebody comes, works, leaves and is forgotten: everywhere where a store can name them.

use std::sync::Arc;

use bailiwick::access::{Facts, Resource};
use bailiwick::change::{
    Accept, AddMember, AddressProof, Content, Context, CreateOrganization, Invite, Remove, Rename, TransferOwnership,
};
use bailiwick::ledger::{Charge, Class, Credits, Grant, Scope, Spender};
use bailiwick::redaction::{Named, Redaction, RedactionError, Trace, Traced};
use bailiwick::rows::{Row, Table, rows_of, rows_of_ledger, rows_of_sheet};
use bailiwick::sharing::{ClaimShare, GiveShare, Recipient};
use bailiwick::store::{MemoryStore, Store, Stream};
use bailiwick::{
    Actor, Address, CommandId, HoldId, InvitationId, Issue, Name, OrgId, ResourceId, Seats, SecretHash, ShareId,
    Tenants, Timestamp, UserId, Version, WorkspaceId,
};

use crate::cases::catalog;

pub(super) const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// When invitations that nobody has answered have run out.
pub(super) const LATER: Facts<'static> = Facts::at(Timestamp::from_millis(1_803_000_000_000));
/// Ids that stand nowhere else, in any form.
const GONE: u128 = 0xface_1234_face_4234_8ace_5678_9ace_abcd;
const NOBODY: u128 = 0x5f1d_07c3_9b42_4e88_a6d0_1c39_72ee_b0a4;
const WORK: &str = "gone.person@work.example";
const HOME: &str = "gone-person@home.example";

pub(crate) fn gone() -> UserId {
    UserId::from_u128(GONE).unwrap()
}

fn nobody() -> UserId {
    UserId::from_u128(NOBODY).unwrap()
}

pub(super) fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn system() -> Context<'static> {
    NOW.by(Actor::System)
}

fn address(text: &str) -> Address {
    Address::new(text).unwrap()
}

fn thing(n: u64) -> Resource<'static> {
    let id = ResourceId::from_u64(n).unwrap();
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

/// What is looked for: the user, and one of their addresses; the other one is to be found.
pub(crate) fn redaction() -> Redaction {
    Redaction::new(gone(), nobody()).known_as(address(HOME))
}

/// How each of the names can stand in a file.
pub(crate) fn traces() -> Vec<Vec<u8>> {
    let id = gone();
    let simple = format!("{:032x}", id.as_u128());
    vec![id.to_string().into(), simple.into(), id.to_uuid_bytes().into(), WORK.into(), HOME.into()]
}

/// Somebody makes an organization, brings people and credits, and is the only one who may use some of them; is invited into a second one by an
/// address, invites others there and waits for one more; is given shares in a third one. Then they go.
pub(crate) fn tell(tenants: &Tenants<impl Store>, third: OrgId) {
    let (own, second) = (org(1), org(2));
    let create = |name: &str, n: u64| CreateOrganization {
        name: Name::new(name).unwrap(),
        plan: "studio".into(),
        seats: Seats::new(99),
        owned: 0,
        workspace: WorkspaceId::from_u64(n).unwrap(),
    };
    let me = NOW.by(Actor::User(gone()));
    tenants.create(own, create("Own", 1), &me).unwrap();
    let heir = AddMember { user: user(2), roles: vec!["producer".into()], access: vec![] };
    tenants.handle(own, heir, &system()).unwrap();
    let scope = Scope { user: Some(gone()), ..Scope::EVERYTHING };
    for (n, scope) in [(1, scope), (2, Scope::EVERYTHING)] {
        let amount = Credits::new(50);
        let grant = Grant { class: Class::Purchased, amount, scope, priority: 0, effective: None, expires: None };
        let issue = Issue { key: CommandId::from_u64(n).unwrap(), at: NOW.now };
        tenants.order(own, issue, grant, Actor::System, NOW.now).unwrap();
    }
    for n in 3..6 {
        let (issue, hold) = (Issue { key: CommandId::from_u64(n).unwrap(), at: NOW.now }, HoldId::from_u64(n).unwrap());
        let charge = Charge { hold, spender: Spender::new(scope), amount: Credits::new(1) };
        tenants.order(own, issue, charge, Actor::User(gone()), NOW.now).unwrap();
    }

    tenants.create(second, create("Second", 2), &NOW.by(Actor::User(user(2)))).unwrap();
    let invite = |n: u64, to: &str, role: &str| {
        let (invitation, secret) = (InvitationId::from_u64(n).unwrap(), SecretHash::from_bytes([n as u8; 32]));
        let accept = Accept { invitation, secret, address: AddressProof::Verified(address(to)) };
        (Invite::to(invitation, address(to), secret).role(role), accept)
    };
    let (invitation, accept) = invite(1, WORK, "producer");
    tenants.handle(second, invitation, &NOW.by(Actor::User(user(2)))).unwrap();
    tenants.handle(second, accept, &me).unwrap();
    let (invitation, accept) = invite(2, "other@example.com", "editor");
    tenants.handle(second, invitation, &me).unwrap();
    tenants.handle(second, accept, &NOW.by(Actor::User(user(3)))).unwrap();
    tenants.handle(second, invite(3, "late@example.com", "editor").0, &me).unwrap();

    tenants.create(third, create("Third", 3), &NOW.by(Actor::User(user(2)))).unwrap();
    tenants.handle(third, invite(4, HOME, "editor").0, &NOW.by(Actor::User(user(2)))).unwrap(); // nobody answers
    let recipients = [Recipient::User(gone()), Recipient::Address(address(WORK)), Recipient::Address(address(HOME))];
    for (n, to) in (1..).zip(recipients) {
        let give =
            GiveShare { share: ShareId::from_u64(n).unwrap(), to, level: vec!["script.view".into()], until: None };
        tenants.share(third, &thing(n), give, &system()).unwrap();
    }
    let claim = ClaimShare { share: ShareId::from_u64(2).unwrap(), address: AddressProof::Verified(address(WORK)) };
    tenants.share(third, &thing(2), claim, &me).unwrap();

    for id in [own, second, third] {
        tenants.keep_snapshot(id).unwrap();
        tenants.keep_ledger_snapshot(id).unwrap();
    }
    tenants.handle(own, Rename { name: Name::new("Owned").unwrap() }, &me).unwrap();
    tenants.handle(own, TransferOwnership { to: user(2), from: None }, &me).unwrap();
    let remove = Remove { user: gone(), content: Some(Content::Stays) };
    tenants.handle(second, remove, &NOW.by(Actor::User(user(2)))).unwrap();
}

/// Whether the rows say what the histories make.
fn assert_rows_follow<S: Store>(tenants: &Tenants<S>, organization: OrgId) {
    if !tenants.store().keeps_rows() {
        return;
    }
    let mut kept: Vec<Row> = Vec::new();
    for table in Table::ALL {
        kept.extend(tenants.store().rows(organization, *table, None, 1_000).unwrap());
    }
    let mut wanted = tenants.read(organization, rows_of).unwrap().unwrap();
    for resource in tenants.store().resources(organization, None, 99).unwrap() {
        wanted.extend(rows_of_sheet(&tenants.sheet(organization, resource).unwrap()));
    }
    wanted.extend(tenants.read_ledger(organization, NOW.now, rows_of_ledger).unwrap());
    kept.sort_by_cached_key(Row::key);
    wanted.sort_by_cached_key(Row::key);
    assert_eq!(kept, wanted);
}

/// What is to be seen of forgetting, over any store: `open` opens it once more, as another process would.
pub(crate) fn is_forgotten<S: Store, T: Store>(tenants: &Tenants<S>, third: OrgId, open: impl Fn() -> Tenants<T>) {
    tell(tenants, third);
    tenants.compact(org(2), Version::from_u64(3)).unwrap();
    let other = open();
    other.follow().unwrap();
    for id in [org(1), org(2)] {
        other.read(id, |_| ()).unwrap();
        other.read_ledger(id, NOW.now, |_| ()).unwrap();
    }
    let still = tenants.redact(&[redaction()], &NOW);
    assert!(matches!(still, Err(RedactionError::StillThere { organizations, .. }) if organizations == [org(1)]));
    tenants.erase(gone(), &NOW).unwrap();
    for taken in [gone(), user(3)] {
        let refused = tenants.redact(&[Redaction::new(gone(), taken)], &NOW);
        assert!(matches!(refused, Err(RedactionError::StandInTaken { stand_in }) if stand_in == taken), "{refused:?}");
    }

    let before = tenants.traces_of(&[redaction()]).unwrap();
    let is_in = |at: &dyn Fn(&Traced) -> bool| before.iter().any(|trace| at(&trace.at));
    for stream in [Stream::Organization, Stream::Ledger] {
        assert!(is_in(&|at| matches!(at, Traced::Record(found, _) if *found == stream)), "{stream:?}");
        assert!(is_in(&|at| *at == Traced::Snapshot(stream)), "{stream:?}");
    }
    assert!(is_in(&|at| matches!(at, Traced::Record(Stream::Sheet(_), _))));
    assert!(is_in(&|at| matches!(at, Traced::Key(_))));
    for table in [Table::Organization, Table::Invitation, Table::Share, Table::Lot] {
        assert_eq!(is_in(&|at| *at == Traced::Row(table)), tenants.store().keeps_rows(), "{table}");
    }

    let users = tenants.learn_addresses(vec![redaction()]).unwrap();
    assert_eq!(users[0].addresses, [address(HOME), address(WORK)], "one was known, one was found");
    let done = tenants.redact(&users, &LATER).unwrap();
    assert_eq!(done.organizations.len(), 3);
    assert_eq!(tenants.traces_of(&users).unwrap(), []);
    assert_eq!(open().traces_of(&users).unwrap(), []);
    for id in [org(1), org(2), third] {
        assert_eq!(tenants.verify(id).unwrap(), []);
    }
    let again = tenants.redact(&users, &LATER).unwrap();
    assert_eq!((again.records, again.organizations), (0, Vec::new()), "once is enough");

    other.follow().unwrap();
    for process in [tenants, &open()] as [&dyn Sees; 2] {
        process.sees_nobody();
    }
    other.sees_nobody();
    for id in [org(1), org(2), third] {
        assert_rows_follow(tenants, id);
    }
}

/// What a process knows of whoever made the organization, and of what they have spent.
trait Sees {
    fn sees_nobody(&self);
}

impl<S: Store> Sees for Tenants<S> {
    fn sees_nobody(&self) {
        let creator = self.read(org(1), |organization| organization.profile().unwrap().creator).unwrap();
        assert_eq!(creator, Some(nobody()));
        let shown = self.read(org(2), |organization| format!("{organization:?}")).unwrap().unwrap();
        assert!(!shown.contains(&gone().to_string()) && !shown.contains(WORK), "{shown}");
        let lots = self.read_ledger(org(1), NOW.now, |ledger| ledger.lots(NOW.now)).unwrap();
        let whose: Vec<UserId> = lots.iter().filter_map(|lot| lot.scope.user).collect();
        assert_eq!(whose, [nobody()]);
    }
}

#[test]
fn who_is_forgotten_is_named_nowhere() {
    let store = Arc::new(MemoryStore::new());
    let open = || Tenants::new(Arc::new(catalog("production")), Arc::clone(&store));
    is_forgotten(&open(), OrgId::from_u128(GONE).unwrap(), open); // an id is one thing's among its own kind
}

/// What people have written is for people to write otherwise; it is told.
#[test]
fn what_people_have_written_is_told() {
    let tenants = Tenants::new(Arc::new(catalog("production")), MemoryStore::new());
    tell(&tenants, org(3));
    for text in [format!("Write to {}!", HOME.to_uppercase()), format!("see {:032X}", GONE)] {
        let name = Name::new(&text).unwrap();
        tenants.handle(org(2), Rename { name }, &system()).unwrap();
    }
    tenants.handle(org(2), Rename { name: Name::new("Nothing of it").unwrap() }, &system()).unwrap();
    tenants.erase(gone(), &NOW).unwrap();
    let users = tenants.learn_addresses(vec![redaction()]).unwrap();
    tenants.redact(&users, &NOW).unwrap();
    let left = tenants.traces_of(&users).unwrap();
    let is_text = |trace: &Trace| trace.by == Named::Text && trace.organization == org(2);
    assert!(left.len() == 2 && left.iter().all(is_text), "{left:?}");
    assert!(left[0].to_string().contains("a name in a text in Organization version "), "{}", left[0]);
}

/// Who has left nothing but a snapshot of long ago, in which their address stands.
#[test]
fn what_a_snapshot_alone_still_says_is_found() {
    let tenants = Tenants::new(Arc::new(catalog("cloud")), MemoryStore::new());
    let (name, workspace) = (Name::new("Acme").unwrap(), WorkspaceId::from_u64(1).unwrap());
    let create = CreateOrganization { name, plan: "team".into(), seats: Seats::new(9), owned: 0, workspace };
    tenants.create(org(1), create, &NOW.by(Actor::User(user(2)))).unwrap();
    let (invitation, secret) = (InvitationId::from_u64(1).unwrap(), SecretHash::from_bytes([7; 32]));
    let invite = Invite::to(invitation, address(WORK), secret).role("admin");
    tenants.handle(org(1), invite, &NOW.by(Actor::User(user(2)))).unwrap();
    let accept = Accept { invitation, secret, address: AddressProof::Verified(address(WORK)) };
    tenants.handle(org(1), accept, &NOW.by(Actor::User(gone()))).unwrap();
    tenants.compact(org(1), tenants.read(org(1), |it| it.version()).unwrap().unwrap()).unwrap();
    tenants.erase(gone(), &NOW).unwrap();

    let users = tenants.learn_addresses(vec![redaction()]).unwrap();
    assert_eq!(users[0].addresses, [address(HOME), address(WORK)]);
    assert!(!tenants.traces_of(&users).unwrap().is_empty());
    tenants.redact(&users, &NOW).unwrap();
    assert_eq!(tenants.traces_of(&users).unwrap(), []);
    assert_eq!(tenants.verify(org(1)).unwrap(), []);
}
