//! The store in a file: what it promises, and what becomes of a file that somebody else has got hold of.

#[cfg(feature = "kit")]
mod conformance;
mod damage;
mod erasure;
mod facade;
mod killed;
mod opening;
mod rows;
mod tampering;
mod troubles;
mod twin;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{fs, process};

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{Accept, AddMember, AddressProof, Context, CreateOrganization, Invite};
use bailiwick::ledger::{Charge, Class, Credits, Grant, Receipt, Scope};
use bailiwick::store::Store;
use bailiwick::store::sqlite::SqliteStore;
use bailiwick::{
    Actor, Address, CommandId, HoldId, InvitationId, Issue, Name, OrgId, Seats, SecretHash, Tenants, TenantsError,
    Timestamp, UserId, Work, WorkspaceId,
};
use rusqlite::Connection;

use crate::cases::catalog;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

/// A place of its own for files, which goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let name = format!("sqlite-{}-{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("tenants.db")
    }

    fn store(&self) -> Arc<SqliteStore> {
        Arc::new(SqliteStore::open(self.file()).unwrap())
    }

    fn tenants(&self) -> Tenants<Arc<SqliteStore>> {
        Tenants::new(cloud(), self.store())
    }

    /// The file as somebody else sees it.
    fn stranger(&self) -> Connection {
        Connection::open(self.file()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn cloud() -> Arc<Catalog> {
    Arc::new(catalog("cloud"))
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn command(n: u64) -> CommandId {
    CommandId::from_u64(n).unwrap()
}

fn by(n: u64) -> Context<'static> {
    NOW.by(Actor::User(user(n)))
}

fn system() -> Context<'static> {
    NOW.by(Actor::System)
}

fn named(name: &str) -> CreateOrganization {
    let (name, seats, workspace) = (Name::new(name).unwrap(), Seats::new(1_000_000), WorkspaceId::from_u64(1).unwrap());
    CreateOrganization { name, plan: "team".into(), seats, owned: 0, workspace }
}

fn add(n: u64) -> AddMember {
    AddMember { user: user(n), roles: vec!["admin".into()], access: Vec::new() }
}

fn invite(n: u64, role: &str) -> (Invite, Accept) {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    let (invitation, secret) = (InvitationId::from_u64(n).unwrap(), SecretHash::from_bytes(bytes));
    let address = Address::new(&format!("user{n}@example.com")).unwrap();
    let accept = Accept { invitation, secret, address: AddressProof::Verified(address.clone()) };
    (Invite::to(invitation, address, secret).role(role), accept)
}

/// A team of user 1 with so many others, beginning with user 2.
fn team(tenants: &Tenants<impl Store>, id: u64, others: u64) {
    tenants.create(org(id), named(&format!("Acme {id}")), &by(1)).unwrap();
    for n in 2..2 + others {
        tenants.handle(org(id), add(n), &system()).unwrap();
    }
}

/// Credits that somebody has bought.
fn buy(tenants: &Tenants<impl Store>, id: u64, n: u64, amount: u64) {
    let (scope, amount) = (Scope::EVERYTHING, Credits::new(amount));
    let grant = Grant { class: Class::Purchased, amount, scope, priority: 0, effective: None, expires: None };
    let issue = Issue { key: command(n), at: NOW.now };
    tenants.order(org(id), issue, grant, Actor::System, NOW.now).unwrap();
}

fn charge(tenants: &Tenants<impl Store>, id: u64, n: u64, amount: u64) -> Result<Receipt, TenantsError> {
    let work = Work { workspace: WorkspaceId::from_u64(1), ..Work::default() };
    let issue = Issue { key: command(n), at: NOW.now };
    let hold = HoldId::from_u64(n).unwrap();
    tenants.spend(org(id), issue, &work, Actor::User(user(1)), &NOW, |spender| Charge {
        hold,
        spender,
        amount: Credits::new(amount),
    })
}

/// What a future of a store that blocks comes to: it is ready at once.
#[cfg(feature = "kit")]
fn ready<T>(future: impl Future<Output = T>) -> T {
    use std::task::{Context, Poll, Waker};
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a store that blocks waits for nobody"),
    }
}
