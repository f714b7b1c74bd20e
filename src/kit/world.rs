//! What the promises are tried with: a small catalog, organizations of the kit's own, and appends by hand.

use std::format;
use std::string::String;
use std::sync::Arc;
use std::vec::Vec;

use super::{Broken, Fresh};
use crate::access::{Facts, Resource};
use crate::actor::Actor;
use crate::catalog::policy::{Policy, UniqueNames};
use crate::catalog::{
    Action, Catalog, CreditRule, PlanDef, Reach, Renewal, RoleDef, SeatRule, organization, resource, workspace,
};
use crate::change::{AddMember, Command, Context, CreateOrganization, Record};
use crate::id::{CommandId, HoldId, LinkId, OrgId, ResourceId, ShareId, TeamId, UserId, WorkspaceId};
use crate::ledger::{Charge, Credits, Receipt};
use crate::limits::LOADED_TOGETHER_MAX;
use crate::organization::{Organization, Seats, SecretHash, Work};
use crate::rows::RowChanges;
use crate::sharing::{GiveShare, Recipient};
use crate::store::{Append, Appended, AsyncStore, Batch, Keys, StoreError};
use crate::tenants::{AsyncTenants, Issue, TenantsError};
use crate::text::Name;
use crate::time::Timestamp;
use crate::version::Version;

/// When everything happens.
pub(super) const NOW: Timestamp = Timestamp::from_millis(1_795_000_000_000);
/// What the plan allocates.
pub(super) const CREDITS: u64 = 1_000;
/// What organizations of the kit buy.
pub(super) const SEATS: u64 = 5_000;

/// A store, ids that it has never seen, and a catalog.
#[derive(Debug)]
pub(super) struct World<S> {
    pub(super) store: Arc<S>,
    pub(super) fresh: Fresh,
    pub(super) catalog: Arc<Catalog>,
}

impl<S: AsyncStore> World<S> {
    pub(super) fn new(store: &Arc<S>, fresh: Fresh) -> Result<Self, Broken> {
        let catalog = catalog().map_err(|mistakes| Broken(format!("{mistakes}")))?;
        Ok(Self { store: Arc::clone(store), fresh, catalog: Arc::new(catalog) })
    }

    /// Another process.
    pub(super) fn process(&self) -> AsyncTenants<Arc<S>> {
        AsyncTenants::new(Arc::clone(&self.catalog), Arc::clone(&self.store))
    }

    pub(super) fn org(&self, n: u64) -> OrgId {
        OrgId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn user(&self, n: u64) -> UserId {
        UserId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn resource(&self, n: u64) -> ResourceId {
        ResourceId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn workspace(&self, n: u64) -> WorkspaceId {
        WorkspaceId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn team(&self, n: u64) -> TeamId {
        TeamId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn link(&self, n: u64) -> LinkId {
        LinkId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn share(&self, n: u64) -> ShareId {
        ShareId::from_bits(self.fresh.bits(n))
    }

    pub(super) fn command(&self, n: u64) -> CommandId {
        CommandId::from_bits(self.fresh.bits(n))
    }

    /// The hash of a secret that nobody else has.
    pub(super) fn secret(&self) -> SecretHash {
        let half = self.fresh.bits(1).get().to_le_bytes();
        let mut hash = [0; 32];
        hash.iter_mut().zip(half.iter().cycle()).for_each(|(to, from)| *to = *from);
        SecretHash::from_bytes(hash)
    }

    /// A name that no other organization has.
    pub(super) fn name(&self, text: &str) -> Result<Name, Broken> {
        Name::new(&format!("{text} {}", self.org(0))).map_err(|why| Broken(format!("{why}")))
    }

    pub(super) fn creation(&self, n: u64, seats: u64) -> Result<CreateOrganization, Broken> {
        let (name, workspace) = (self.name(&format!("Kit {n}"))?, self.workspace(n));
        Ok(CreateOrganization { name, plan: "kit".into(), seats: Seats::new(seats), owned: 0, workspace })
    }

    /// Makes an organization of a user through a process.
    pub(super) async fn create(&self, tenants: &AsyncTenants<Arc<S>>, n: u64) -> Result<OrgId, Broken> {
        tenants.create(self.org(n), self.creation(n, SEATS)?, &self.by(n)).await?;
        Ok(self.org(n))
    }

    pub(super) fn add(&self, n: u64, role: &str) -> AddMember {
        AddMember { user: self.user(n), roles: [role.into()].into(), access: Vec::new() }
    }

    pub(super) fn by(&self, n: u64) -> Context<'static> {
        Facts::at(NOW).by(Actor::User(self.user(n)))
    }

    /// An organization as its first command makes it, with the records, nothing of it stored.
    pub(super) fn made(&self, n: u64) -> Result<(Organization, Vec<Record>), Broken> {
        let before = Organization::new(self.org(n), Arc::clone(&self.catalog));
        let records = before.handle(&Command::from(self.creation(n, SEATS)?), &self.by(n))?.records;
        Ok((before, records))
    }

    /// The records of one more command, which are applied.
    pub(super) fn next(
        &self,
        organization: &mut Organization,
        command: impl Into<Command>,
        context: &Context<'_>,
    ) -> Result<Vec<Record>, Broken> {
        let records = organization.handle(&command.into(), context)?.records;
        records.iter().for_each(|record| organization.apply(record));
        Ok(records)
    }

    /// Appends records by hand, at a version, with the keys that they change.
    pub(super) async fn append(
        &self,
        before: &Organization,
        expected: Version,
        records: &[Record],
    ) -> Result<Appended, StoreError> {
        let (keys, rows) = (Keys::of(before, records), self.rows(|| RowChanges::of(before, records)));
        let batch = Batch::Organization(records);
        self.store.append(&Append { organization: before.id(), expected, batch, keys: &keys, rows: &rows }).await
    }

    /// The same by somebody who takes the organization to be at another version: their records follow that.
    pub(super) async fn append_at(
        &self,
        before: &Organization,
        expected: Version,
        records: &[Record],
    ) -> Result<Appended, StoreError> {
        let mut version = expected;
        let renumbered = records.iter().map(|record| {
            version = version.next();
            Record { version, ..record.clone() }
        });
        self.append(before, expected, &renumbered.collect::<Vec<_>>()).await
    }

    pub(super) fn rows(&self, changes: impl FnOnce() -> RowChanges) -> RowChanges {
        if self.store.keeps_rows() { changes() } else { RowChanges::default() }
    }

    /// Every record, page by page.
    pub(super) async fn records(&self, organization: OrgId) -> Result<Vec<Record>, StoreError> {
        let mut records: Vec<Record> = Vec::new();
        loop {
            let after = records.last().map_or(Version::ZERO, |record| record.version);
            let page = self.store.records(organization, after, LOADED_TOGETHER_MAX).await?;
            let is_last = page.last().is_none_or(|last| last.version <= after);
            let goes_on = page.first().is_some_and(|first| first.version > after);
            records.extend(page);
            if is_last || !goes_on {
                return Ok(records); // the end, or a store that goes round in circles
            }
        }
    }

    /// An organization as its records make it.
    pub(super) async fn replayed(&self, organization: OrgId) -> Result<Organization, StoreError> {
        let mut replayed = Organization::new(organization, Arc::clone(&self.catalog));
        self.records(organization).await?.iter().for_each(|record| replayed.apply(record));
        Ok(replayed)
    }

    /// Spends credits of an organization.
    pub(super) async fn charge<T: AsyncStore>(
        &self,
        tenants: &AsyncTenants<T>,
        n: u64,
        key: u64,
        amount: u64,
    ) -> Result<Receipt, TenantsError> {
        let issue = Issue { key: self.command(key), at: NOW };
        let hold = HoldId::from_bits(self.fresh.bits(key));
        let work = Work { workspace: Some(self.workspace(n)), class: "work".parse().ok(), ..Work::default() };
        let charge = move |spender| Charge { hold, spender, amount: Credits::new(amount) };
        tenants.spend(self.org(n), issue, &work, Actor::User(self.user(n)), &Facts::at(NOW), charge).await
    }

    /// Shares a resource of an organization.
    pub(super) fn give(&self, share: u64, to: Recipient) -> GiveShare {
        GiveShare { share: self.share(share), to, level: ["thing.see".into()].into(), until: None }
    }
}

/// A resource that is nobody's own and in no workspace.
pub(super) const fn thing(id: ResourceId) -> Resource<'static> {
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

pub(super) fn system() -> Context<'static> {
    Facts::at(NOW).by(Actor::System)
}

fn catalog() -> Result<Catalog, crate::document::Mistakes> {
    let manage = Action::ALL.iter().fold(organization("org.manage"), |manage, action| manage.guards(*action));
    let credits = CreditRule { allocation: CREDITS, renewal: Renewal::Days(30), ..CreditRule::default() };
    let policy = Policy {
        unique_names: UniqueNames::Global,
        default_workspace: Some(String::from("Main")),
        ..Policy::default()
    };
    Catalog::builder("kit")
        .permissions([manage, workspace("run.start"), resource("thing.see")])
        .role(RoleDef::new("owner", 30).owner().reach(Reach::All).allows_all())
        .role(RoleDef::new("member", 10).allows(["run.start", "thing.see"]).reach(Reach::All))
        .plan(PlanDef::new("kit", 0).team_organizations().seats(SeatRule::PerSeat(1)).credits(credits))
        .policy(policy)
        .build()
}
