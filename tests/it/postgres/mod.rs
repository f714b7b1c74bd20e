//! The store in PostgreSQL: the facade over it, from several processes, with races, lost answers and damaged tables.
//!
//! Every test that takes a [`World`] runs three times: as the tables are by default, in parts, and where the server is SERIALIZABLE.

mod cluster;
#[cfg(feature = "kit")]
mod conformance;
mod damage;
mod doubt;
mod everyday;
mod failover;
mod following;
mod races;
mod redaction;
mod schema;
mod tampering;
mod transaction;
mod twin;

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{AddMember, Context, CreateOrganization};
use bailiwick::ledger::{Charge, Class, Credits, Grant, Receipt, Scope};
use bailiwick::store::postgres::{NoTls, Options, PostgresStore};
use bailiwick::{
    Actor, AsyncTenants, CommandId, HoldId, Issue, Name, OrgId, Seats, TenantsError, Timestamp, UserId, Work,
    WorkspaceId,
};

use crate::cases::catalog;

type Tenants = AsyncTenants<Arc<PostgresStore>>;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

/// A schema of its own, and how it is reached.
#[derive(Clone, Debug)]
struct World {
    options: Options,
    address: String,
}

impl World {
    fn new(partitions: Option<u16>, settings: &str) -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let address = format!("{} options='{settings}'", cluster::address()?);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let (schema, timeout) = (format!("t {}-{n}", std::process::id()), Duration::from_secs(30)); // on a busy machine
        let options = Options { schema, partitions, timeout };
        Some(Self { options, address })
    }

    /// What a process has: connections of its own.
    fn store(&self) -> Arc<PostgresStore> {
        Arc::new(self.store_with(self.options.clone()))
    }

    fn store_with(&self, options: Options) -> PostgresStore {
        PostgresStore::connect(self.address.parse().unwrap(), NoTls, 16, options).unwrap()
    }

    fn tenants(&self, catalog: &Arc<Catalog>) -> Tenants {
        AsyncTenants::new(Arc::clone(catalog), self.store())
    }

    /// Somebody who writes statements by hand.
    async fn by_hand(&self) -> tokio_postgres::Client {
        let (client, connection) = tokio_postgres::connect(&self.address, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// A statement in which `@` stands before tables.
    fn named(&self, sql: &str) -> String {
        sql.replace('@', &format!("\"{}\".", self.options.schema))
    }
}

/// Runs a test with tasks that run at once, in each kind of world.
fn everywhere<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    for (partitions, isolation) in [(None, "read committed"), (Some(3), "read committed"), (None, "serializable")] {
        let settings = format!("-c default_transaction_isolation={}", isolation.replace(' ', "\\\\ "));
        in_world(World::new(partitions, &settings), |world| async {
            let is_so = world.by_hand().await.query_one("show transaction_isolation", &[]).await.unwrap();
            assert_eq!(is_so.get::<_, &str>(0), isolation);
            test(world).await;
        });
    }
}

/// Runs it once.
fn somewhere<F: Future<Output = ()>>(test: impl Fn(World) -> F) {
    in_world(World::new(None, ""), test);
}

fn in_world<F: Future<Output = ()>>(world: Option<World>, test: impl Fn(World) -> F) {
    let Some(world) = world else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(3).enable_all().build().unwrap();
    runtime.block_on(async {
        world.store().migrate().await.unwrap();
        test(world).await;
    });
    runtime.shutdown_timeout(Duration::from_secs(1));
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn by(n: u64) -> Context<'static> {
    NOW.by(Actor::User(user(n)))
}

fn system() -> Context<'static> {
    NOW.by(Actor::System)
}

/// With an id, so that it is carried out once.
fn once(n: u64, context: Context<'static>) -> Context<'static> {
    Context { command: CommandId::from_u64(n), ..context }
}

fn named(text: &str, plan: &str, seats: u64) -> CreateOrganization {
    let (name, seats) = (Name::new(text).unwrap(), Seats::new(seats));
    CreateOrganization { name, plan: plan.into(), seats, owned: 0, workspace: workspace(1) }
}

fn joins(n: u64, role: &str) -> AddMember {
    AddMember { user: user(n), roles: vec![role.into()], access: Vec::new() }
}

fn purchase(amount: u64) -> Grant {
    let (amount, scope, priority) = (Credits::new(amount), Scope::EVERYTHING, 0);
    Grant { class: Class::Purchased, amount, scope, priority, effective: None, expires: None }
}

fn issue(n: u64) -> Issue {
    Issue { key: CommandId::from_u64(n).unwrap(), at: NOW.now }
}

/// Takes credits, as user 1 in workspace 1.
async fn charge(tenants: &Tenants, id: u64, n: u64, amount: u64) -> Result<Receipt, TenantsError> {
    let work = Work { workspace: Some(workspace(1)), ..Work::default() };
    let (hold, amount) = (HoldId::from_u64(n).unwrap(), Credits::new(amount));
    let request = |spender| Charge { hold, spender, amount };
    tenants.spend(org(id), issue(n), &work, Actor::User(user(1)), &NOW, request).await
}

async fn spendable(tenants: &Tenants, id: u64) -> u128 {
    tenants.read_ledger(org(id), NOW.now, |ledger| ledger.balance(NOW.now).spendable).await.unwrap()
}

fn cloud() -> Arc<Catalog> {
    Arc::new(catalog("cloud"))
}

fn code<T: std::fmt::Debug>(answer: Result<T, TenantsError>) -> String {
    match answer {
        Ok(_) => "ok".into(),
        Err(why) => why.code().map_or_else(|| format!("{why:?}"), str::to_owned),
    }
}
