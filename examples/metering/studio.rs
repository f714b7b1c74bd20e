//! The backend of the story: people, projects, and one door for commands, one for orders, one for work.

use std::error::Error;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::{Catalog, Permission};
use bailiwick::change::{Accept, AddressProof, Command, CreateWorkspace, Invite};
use bailiwick::ledger::{Above, Charge, Credits, Entry, Hold, Receipt, Request, Scope, Spot, Units};
use bailiwick::store::StoreError;
use bailiwick::{
    Actor, Address, CommandId, HoldId, InvitationId, Issue, Label, Name, OrgId, SecretHash, Span, Tenants,
    TenantsError, Timestamp, UserId, Version, Work, WorkspaceId,
};

use crate::page::at;

/// Who works here.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Person {
    Nora = 1,
    Mika,
    Juno,
    Vera,
}

impl Person {
    pub const ALL: [Self; 4] = [Self::Nora, Self::Mika, Self::Juno, Self::Vera];

    pub fn id(self) -> UserId {
        UserId::from_u64(self as u64).expect(NOT_ZERO)
    }

    pub fn actor(self) -> Actor {
        Actor::User(self.id())
    }
}

/// What is worked on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Project {
    Orbit = 1,
    Lighthouse,
}

impl Project {
    pub const ALL: [Self; 2] = [Self::Orbit, Self::Lighthouse];

    pub fn id(self) -> WorkspaceId {
        WorkspaceId::from_u64(self as u64).expect(NOT_ZERO)
    }

    /// Where content of a kind is counted.
    pub fn spot(self, kind: &str) -> Spot {
        Spot { workspace: Some(self.id()), kind: Some(label(kind)), ..Spot::EVERYTHING }
    }
}

const NOT_ZERO: &str = "ids count from one";

pub fn label(word: &str) -> Label {
    word.parse().expect("a short lower-case word")
}

/// What somebody wants done: who, on which project, of which class of usage.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    pub who: Person,
    pub on: Project,
    pub class: &'static str,
}

impl Job {
    pub const fn new(who: Person, on: Project, class: &'static str) -> Self {
        Self { who, on, class }
    }

    fn work(self) -> Work {
        Work { workspace: Some(self.on.id()), class: Some(label(self.class)), ..Work::default() }
    }
}

/// A studio and the process that serves it.
pub struct Studio {
    pub tenants: Tenants,
    /// Nebula Film.
    pub nebula: OrgId,
    /// Nora's own projects.
    pub home: OrgId,
    keys: u64,
    heard: Version,
    /// The next evening on which the studio works.
    evening: Timestamp,
}

impl Studio {
    pub fn new(catalog: Catalog) -> Self {
        let [home, nebula] = [1, 2].map(|number| OrgId::from_u64(number).expect(NOT_ZERO));
        Self {
            tenants: Tenants::in_memory(catalog),
            nebula,
            home,
            keys: 0,
            heard: Version::ZERO,
            evening: at(4, 15, 18, 0),
        }
    }

    /// The number of the next key, hold or invitation.
    fn next(&mut self) -> u64 {
        self.keys += 1;
        self.keys
    }

    /// A key. Whoever repeats an order sends it again.
    pub fn issue(&mut self, at: Timestamp) -> Issue {
        Issue { key: CommandId::from_u64(self.next()).expect(NOT_ZERO), at }
    }

    /// A name for a piece of work or an upload.
    pub fn hold_id(&mut self) -> HoldId {
        HoldId::from_u64(self.next()).expect(NOT_ZERO)
    }

    /// The next evening, if it lies before a time.
    pub fn evening_before(&mut self, now: Timestamp) -> Option<Timestamp> {
        let evening = self.evening;
        if evening >= now {
            return None;
        }
        self.evening = evening.plus(Span::days(1));
        Some(evening)
    }

    /// What somebody does who has just typed their password.
    pub fn command(&self, at: Timestamp, who: Person, command: impl Into<Command>) -> Result<(), TenantsError> {
        let facts = Facts::at(at).authenticated(at);
        self.tenants.handle(self.nebula, command, &facts.by(who.actor())).map(|_| ())
    }

    /// Invites somebody, who accepts.
    pub fn welcome(&mut self, at: Timestamp, who: Person, role: &str) -> Result<(), Box<dyn Error>> {
        let invitation = InvitationId::from_u64(self.next()).expect(NOT_ZERO);
        let (address, secret) = (Address::new(&format!("{who:?}@nebula.example"))?, SecretHash::from_bytes([7; 32]));
        self.command(at, Person::Nora, Invite::to(invitation, address.clone(), secret).role(role))?;
        self.command(at, who, Accept { invitation, secret, address: AddressProof::Verified(address) })?;
        Ok(())
    }

    pub fn project(&self, at: Timestamp, who: Person, project: Project) -> Result<(), Box<dyn Error>> {
        let name = Name::new(&format!("{project:?}"))?;
        Ok(self.command(at, who, CreateWorkspace { workspace: project.id(), name })?)
    }

    /// Whether somebody may do something, and whether they may once they have typed their password again.
    pub fn may(
        &self,
        at: Timestamp,
        who: Person,
        permission: Permission,
        target: Target<'_>,
    ) -> Result<[Decision; 2], StoreError> {
        let ask = |facts| self.tenants.check(self.nebula, who.actor(), permission, target, &facts);
        Ok([ask(Facts::at(at))?, ask(Facts::at(at).authenticated(at))?])
    }

    /// An order of the platform: billing, meters, the ends of holds. Nobody is asked whether somebody may.
    pub fn order(&mut self, at: Timestamp, request: impl Into<Request>) -> Result<Receipt, TenantsError> {
        let issue = self.issue(at);
        self.tenants.order(self.nebula, issue, request, Actor::System, at)
    }

    /// How much may be spent by whom, set by somebody who may say so.
    pub fn limits(&mut self, at: Timestamp, who: Person, request: impl Into<Request>) -> Result<Receipt, TenantsError> {
        let issue = self.issue(at);
        self.tenants.set_limits(self.nebula, issue, request, who.actor(), &Facts::at(at))
    }

    /// Work at a known price.
    pub fn charge(&mut self, at: Timestamp, job: Job, amount: u64) -> Result<HoldId, TenantsError> {
        let (issue, hold) = (self.issue(at), self.hold_id());
        self.charge_as(issue, hold, at, job, amount).map(|_| hold)
    }

    /// The same, under a key and a name that the caller has kept.
    pub fn charge_as(
        &self,
        issue: Issue,
        hold: HoldId,
        at: Timestamp,
        job: Job,
        amount: u64,
    ) -> Result<Receipt, TenantsError> {
        let amount = Credits::new(amount);
        self.tenants.spend(self.nebula, issue, &job.work(), job.who.actor(), &Facts::at(at), |spender| Charge {
            hold,
            spender,
            amount,
        })
    }

    /// Work whose price is known afterwards: so much is promised for two hours.
    pub fn hold(&mut self, at: Timestamp, job: Job, amount: u64, above: Above) -> Result<HoldId, TenantsError> {
        let (issue, hold) = (self.issue(at), self.hold_id());
        let (amount, until) = (Credits::new(amount), at.plus(Span::hours(2)));
        self.tenants.spend(self.nebula, issue, &job.work(), job.who.actor(), &Facts::at(at), |spender| Hold {
            hold,
            spender,
            amount,
            until,
            above,
            timeout: Default::default(),
        })?;
        Ok(hold)
    }

    /// Whether a job would go through.
    pub fn could(&self, at: Timestamp, job: Job, amount: u64) -> Result<bool, TenantsError> {
        let spender = self
            .tenants
            .read(self.nebula, |nebula| nebula.spender(job.who.actor(), &job.work(), &Facts::at(at)))?
            .and_then(Result::ok);
        let Some(spender) = spender else { return Ok(false) };
        self.tenants.read_ledger(self.nebula, at, |ledger| ledger.affords(&spender, Credits::new(amount), at).is_ok())
    }

    /// What can be spent now.
    pub fn left(&self, at: Timestamp) -> Result<u128, TenantsError> {
        self.tenants.read_ledger(self.nebula, at, |ledger| ledger.balance(at).spendable)
    }

    /// What is stored of a kind, in a project or everywhere.
    pub fn stored(&self, at: Timestamp, spot: Spot) -> Result<Units, TenantsError> {
        self.tenants.read_ledger(self.nebula, at, |ledger| ledger.stored(Label::STORAGE, &spot))
    }

    /// The entries that nobody has looked through yet: the outbox for whoever sends mail.
    pub fn news(&mut self) -> Result<Vec<Arc<Entry>>, StoreError> {
        let news = self.tenants.entries(self.nebula, self.heard)?;
        self.heard = news.last().map_or(self.heard, |entry| entry.version);
        Ok(news)
    }

    pub fn catalog(&self) -> &Arc<Catalog> {
        self.tenants.catalog()
    }
}

/// Everything that a person does.
pub fn of(person: Person) -> Scope {
    Scope { user: Some(person.id()), ..Scope::EVERYTHING }
}
