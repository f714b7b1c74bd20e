//! Whoever asks while others change gets an answer of some moment between asking and being answered, and never an older one afterwards.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use bailiwick::access::{Facts, Target};
use bailiwick::change::{AddMember, ChangeRoles, CreateOrganization};
use bailiwick::ledger::{Charge, Class, Credits, Grant, Scope, Spender};
use bailiwick::{
    Actor, CommandId, HoldId, Issue, Name, OrgId, Override, Seats, Tenants, Timestamp, UserId, WorkspaceId,
};

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

/// A value that only grows, written by one and read by many; each notes before and after what it can vouch for.
#[derive(Default)]
struct Watched {
    begun: AtomicU64,
    acknowledged: AtomicU64,
}

impl Watched {
    fn write(&self, value: u64, write: impl FnOnce()) {
        self.begun.store(value, Ordering::SeqCst);
        write();
        self.acknowledged.store(value, Ordering::SeqCst);
    }

    /// Reads something of some moment: not older than what was acknowledged before, nor newer than what was begun until now, nor older than
    /// what the same reader has seen.
    fn read(&self, seen: &mut u64, read: impl FnOnce() -> u64) {
        let least = self.acknowledged.load(Ordering::SeqCst).max(*seen);
        let value = read();
        let most = self.begun.load(Ordering::SeqCst);
        assert!((least..=most).contains(&value), "{value} is not within {least} and {most}");
        *seen = value;
    }
}

fn acme() -> (Tenants, OrgId, UserId) {
    let tenants = Tenants::in_memory(catalog("cloud"));
    let (org, owner, member) =
        (OrgId::from_u64(1).unwrap(), UserId::from_u64(1).unwrap(), UserId::from_u64(2).unwrap());
    let create = CreateOrganization {
        name: Name::new("Acme").unwrap(),
        plan: "team".into(),
        seats: Seats::new(9),
        owned: 0,
        workspace: WorkspaceId::from_u64(1).unwrap(),
    };
    tenants.create(org, create, &NOW.by(Actor::User(owner))).unwrap();
    let add = AddMember {
        user: member,
        roles: vec!["viewer".into()],
        access: vec![(WorkspaceId::from_u64(1).unwrap(), Override::none())],
    };
    tenants.handle(org, add, &NOW.by(Actor::System)).unwrap();
    (tenants, org, member)
}

/// The roles that the member has, one after the other; each with what tells it from the others.
const ROLES: [(&str, &str); 3] = [("viewer", ""), ("developer", "operation.run"), ("admin", "member.invite")];

/// Three read while one writes so many times, and then until each of the three has seen something change.
fn beside(rounds: u64, read: impl Fn() -> u64 + Sync, write: impl Fn(u64)) {
    let watched = Watched::default();
    thread::scope(|scope| {
        let reader = || {
            let (mut seen, mut changes) = (0, 0);
            while seen < rounds || changes <= 10 {
                let before = seen;
                watched.read(&mut seen, &read);
                changes += u64::from(seen > before);
            }
        };
        let readers = [scope.spawn(reader), scope.spawn(reader), scope.spawn(reader)];
        for round in 1.. {
            watched.write(round, || write(round));
            if round >= rounds && readers.iter().all(|reader| reader.is_finished()) {
                break;
            }
        }
    });
}

/// What an answer allows says which change it is of. The version that comes with it is that one or, for the instant between the two
/// stores, the one before, and never one above.
#[test]
fn checks_beside_changes_of_role_are_of_one_moment() {
    let (tenants, org, member) = acme();
    let begun = tenants.read(org, |it| it.version().as_u64()).unwrap().unwrap();
    let [_, run, invite] = ROLES.map(|(_, key)| tenants.catalog().permission(key));
    let (run, invite, here) = (run.unwrap(), invite.unwrap(), Target::Workspace(WorkspaceId::from_u64(1).unwrap()));
    let read = || {
        let access = tenants.access(org, Actor::User(member), here, &NOW).unwrap();
        let role = u64::from(access.allows(run)) + u64::from(access.allows(invite));
        let told = access.version().as_u64() - begun;
        let is_of = [told, told + 1].into_iter().find(|change| change % 3 == role);
        is_of.unwrap_or_else(|| panic!("role {role} at change {told}"))
    };
    beside(4_000, read, |round| {
        let (role, _) = ROLES[(round % 3) as usize];
        let change = ChangeRoles { user: member, roles: vec![role.into()] };
        drop(tenants.handle(org, change, &NOW.by(Actor::System)).unwrap());
    });
}

/// What is spent only grows, one credit at a time, whoever looks.
#[test]
fn balances_beside_charges_are_of_one_moment() {
    let (tenants, org, member) = acme();
    let issue = |key: u64| Issue { key: CommandId::from_u64(key).unwrap(), at: NOW.now };
    let grant = Grant {
        class: Class::Purchased,
        amount: Credits::new(1_000_000_000),
        scope: Scope::EVERYTHING,
        priority: 0,
        effective: None,
        expires: None,
    };
    tenants.order(org, issue(1), grant, Actor::System, NOW.now).unwrap();
    let spent = || tenants.read_ledger(org, NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap();
    beside(
        2_000,
        || u64::try_from(spent()).unwrap(),
        |round| {
            let (hold, spender) = (HoldId::from_u64(round).unwrap(), Spender::new(Scope::EVERYTHING));
            let charge = Charge { hold, spender, amount: Credits::new(1) };
            drop(tenants.order(org, issue(1 + round), charge, Actor::User(member), NOW.now).unwrap());
        },
    );
}
