//! The organizations that are written to: as many as are asked for, each of an owner, a workspace, and viewers.

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::Catalog;
use bailiwick::change::{ChangeRoles, Context, Event, Outcome, Record};
use bailiwick::ledger::{Charge, Credits, Receipt, Spender};
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, AsyncStore, Batch, Keys};
use bailiwick::{
    Actor, AsyncTenants, CommandId, HoldId, Issue, Kind, Name, OrgId, Organization, Seats, Span, TenantsError,
    Timestamp, UserId, Version, Work, WorkspaceId, presets,
};

pub const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));
pub const MEMBERS: u64 = 20;

/// Records that are appended together when an organization is made.
const TOGETHER: usize = 2_000;

pub fn catalog() -> Arc<Catalog> {
    Arc::new(toml::from_str(presets::CLOUD).unwrap())
}

/// Ids lie scattered in an index, as UUIDs do.
fn scattered(n: u64) -> u128 {
    (u128::from(n) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835)
}

pub fn org(n: u64) -> OrgId {
    OrgId::from_u128(scattered(n)).unwrap()
}

/// The first is the owner.
pub fn user(n: u64) -> UserId {
    UserId::from_u128(scattered(n)).unwrap()
}

fn workspace() -> WorkspaceId {
    WorkspaceId::from_u64(1).unwrap()
}

pub fn owner() -> Context<'static> {
    NOW.by(Actor::User(user(0)))
}

/// Makes an organization of so many people, an owner and others of one role, as quickly as its store takes it.
pub async fn found<S: AsyncStore>(tenants: &AsyncTenants<S>, id: OrgId, people: u64, role: &str) {
    let mut organization = Organization::new(id, Arc::clone(tenants.catalog()));
    let events: Vec<Event> = beginning(people, role).collect();
    for events in events.chunks(TOGETHER) {
        let expected = organization.version();
        let numbered = events.iter().zip(expected.as_u64() + 1..);
        let records: Vec<Record> = numbered.map(|(event, version)| record(version, event.clone())).collect();
        let (keys, rows) = (Keys::of(&organization, &records), RowChanges::of(&organization, &records));
        let batch = Batch::Organization(&records);
        let append = Append { organization: id, expected, batch, keys: &keys, rows: &rows };
        assert_eq!(tenants.store().append(&append).await.unwrap(), Appended::Applied);
        records.iter().for_each(|record| organization.apply(record));
    }
    assert_eq!(organization.member_count(), people);
}

fn beginning(people: u64, role: &str) -> impl Iterator<Item = Event> + '_ {
    let (name, plan, seats) = (Name::new("Acme").unwrap(), "enterprise".into(), Seats::new(people.max(25)));
    let (owner, roles) = (user(0), vec!["owner".into()]);
    let joins = move |n| Event::MemberJoined { user: user(n), roles: vec![role.into()], given_by: Actor::System };
    [
        Event::OrganizationCreated { kind: Kind::Team, name, plan, seats, owner, roles },
        Event::WorkspaceCreated { workspace: workspace(), name: Name::new("Production").unwrap() },
    ]
    .into_iter()
    .chain((1..people).map(joins))
}

fn record(version: u64, event: Event) -> Record {
    Record { version: Version::from_u64(version), at: NOW.now, by: Actor::System, command: None, event }
}

/// Where in an id the number of the cell begins.
pub const CELL: u32 = 80;

/// One change or charge: the so-and-so-manieth of a client, in one of the organizations.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    pub organization: u64,
    /// Whose role is changed.
    pub member: u64,
    /// How often it was changed before.
    pub visit: u64,
    /// Unlike any other in the organization.
    pub id: u128,
}

impl Step {
    pub fn context(&self) -> Context<'static> {
        owner().as_command(CommandId::from_u128(self.id).unwrap())
    }

    pub fn change(&self) -> ChangeRoles {
        let role = if self.visit % 2 == 0 { "developer" } else { "viewer" };
        ChangeRoles { user: user(self.member), roles: vec![role.into()] }
    }

    /// Time goes on, in each cell from its own hour on, so that old keys can be forgotten.
    pub fn now(&self) -> Facts<'static> {
        let cell = Span::hours((self.id >> CELL) as u64);
        Facts::at(NOW.now.plus(cell).plus(Span::millis(self.visit)))
    }

    pub fn issue(&self) -> Issue {
        Issue { key: CommandId::from_u128(self.id).unwrap(), at: self.now().now }
    }

    pub fn charge(&self, spender: Spender) -> Charge {
        Charge { hold: HoldId::from_u128(self.id).unwrap(), spender, amount: Credits::new(1) }
    }
}

pub fn work() -> Work {
    Work { workspace: Some(workspace()), ..Work::default() }
}

/// Changes one role.
pub async fn change<S: AsyncStore>(tenants: &AsyncTenants<S>, step: Step) -> Result<Outcome, TenantsError> {
    tenants.handle(org(step.organization), step.change(), &step.context()).await
}

/// Charges one credit.
pub async fn charge<S: AsyncStore>(tenants: &AsyncTenants<S>, step: Step) -> Result<Receipt, TenantsError> {
    let (organization, actor) = (org(step.organization), owner().actor);
    tenants.spend(organization, step.issue(), &work(), actor, &step.now(), |spender| step.charge(spender)).await
}

pub async fn spendable<S: AsyncStore>(tenants: &AsyncTenants<S>, organization: u64) -> u128 {
    let read = tenants.read_ledger(org(organization), NOW.now, |ledger| ledger.balance(NOW.now).spendable);
    read.await.unwrap()
}
