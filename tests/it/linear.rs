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

/// What an answer allows says which change it is of. The version that comes with it is that one or, for the instant between the two
/// stores, the one before, and never one above.
#[test]
fn checks_beside_changes_of_role_are_of_one_moment() {
    let (tenants, org, member) = acme();
    let begun = tenants.read(org, |it| it.version().as_u64()).unwrap().unwrap();
    let [_, run, invite] = ROLES.map(|(_, key)| tenants.catalog().permission(key));
    let (run, invite, workspace) = (run.unwrap(), invite.unwrap(), WorkspaceId::from_u64(1).unwrap());
    let (watched, rounds) = (Watched::default(), 4_000);
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let (mut seen, mut changes) = (0, 0_u64);
                while seen < rounds {
                    let before = seen;
                    watched.read(&mut seen, || {
                        let here = Target::Workspace(workspace);
                        let access = tenants.access(org, Actor::User(member), here, &NOW).unwrap();
                        let role = u64::from(access.allows(run)) + u64::from(access.allows(invite));
                        let told = access.version().as_u64() - begun;
                        let is_of = [told, told + 1].into_iter().find(|change| change % 3 == role);
                        is_of.unwrap_or_else(|| panic!("role {role} at change {told}"))
                    });
                    changes += u64::from(seen > before);
                }
                assert!(changes > 10, "it has hardly seen anything change");
            });
        }
        for round in 1..=rounds {
            let (role, _) = ROLES[(round % 3) as usize];
            let change = ChangeRoles { user: member, roles: vec![role.into()] };
            let change = || drop(tenants.handle(org, change, &NOW.by(Actor::System)).unwrap());
            watched.write(round, change);
        }
    });
}

/// What is spent only grows, one credit at a time, whoever looks.
#[test]
fn balances_beside_charges_are_of_one_moment() {
    let (tenants, org, member) = acme();
    let (watched, rounds) = (Watched::default(), 2_000);
    let issue = |key: u64| Issue { key: CommandId::from_u64(key).unwrap(), at: NOW.now };
    let amount = Credits::new(rounds);
    let grant = Grant {
        class: Class::Purchased,
        amount,
        scope: Scope::EVERYTHING,
        priority: 0,
        effective: None,
        expires: None,
    };
    tenants.order(org, issue(1), grant, Actor::System, NOW.now).unwrap();
    let spent = || tenants.read_ledger(org, NOW.now, |ledger| ledger.balance(NOW.now).columns.spent).unwrap();
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut seen = 0;
                while seen < rounds {
                    watched.read(&mut seen, || u64::try_from(spent()).unwrap());
                }
            });
        }
        for round in 1..=rounds {
            let (hold, spender) = (HoldId::from_u64(round).unwrap(), Spender::new(Scope::EVERYTHING));
            let charge = Charge { hold, spender, amount: Credits::new(1) };
            let charge = || drop(tenants.order(org, issue(1 + round), charge, Actor::User(member), NOW.now).unwrap());
            watched.write(round, charge);
        }
    });
}
