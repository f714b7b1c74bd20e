//! Random lives of organizations: a catalog, then one command after another, by whoever. Made from bytes, so that tests
//! and fuzzers draw from the same source. Ids, keys, addresses and instants are few, so that they collide.
//!
//! How bytes become choices is in [`dice`], under which rules a life is lived in [`catalog`], what could happen next in
//! [`ideas`], and to whom and where in [`choices`].

mod catalog;
mod choices;
pub(crate) mod dice;
mod ideas;

use std::prelude::v1::*; // the crate itself has none
use std::sync::Arc;

use arbitrary::Unstructured;
use bailiwick::access::Facts;
use bailiwick::catalog::{Catalog, Provider, Scope};
use bailiwick::change::{Command, Context};
use bailiwick::{
    Actor, InvitationId, Name, OrgId, Organization, SecretHash, ServiceId, TeamId, Timestamp, UserId, WorkspaceId,
};

use catalog::catalog;
use dice::{Dice, noise};
use ideas::{favored_step, next_step};

/// When lives begin.
pub(crate) const BIRTH: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const ORGANIZATIONS: u64 = 2;
pub(crate) const USERS: u64 = 5;
const WORKSPACES: u64 = 3;
const TEAMS: u64 = 2;
const SERVICES: u64 = 2;
const CUSTOM_ROLES: [&str; 3] = ["custom.a", "custom.b", "custom.c"];
const ROLES: [&str; 5] = ["owner", "admin", "lead", "member", "guest"];
/// An invitation is never forgotten, so its id is used once.
const INVITATIONS: u64 = 12;
const ADDRESSES: [&str; 3] = ["ada@acme.example", "bob@acme.example", "eve@other.example"];
const DOMAINS: [&str; 2] = ["acme.example", "other.example"];
const PLANS: [&str; 3] = ["small", "middle", "big"];
const GROUPS: [&str; 2] = ["upper", "lower"];
const PROVIDER: &str = "corporate";
const PERMISSIONS: [(&str, Scope); 9] = [
    ("org.manage", Scope::Organization),
    ("people.manage", Scope::Organization),
    ("role.manage", Scope::Organization),
    ("place.manage", Scope::Workspace),
    ("place.share", Scope::Workspace),
    ("run.start", Scope::Workspace),
    ("note.read", Scope::Resource),
    ("note.write", Scope::Resource),
    ("note.delete", Scope::Resource),
];

/// One command, given by somebody, at a moment, to one of the organizations.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// Which, counted from zero.
    pub(crate) organization: usize,
    pub(crate) actor: Actor,
    pub(crate) now: Timestamp,
    pub(crate) authenticated_at: Option<Timestamp>,
    pub(crate) second_factor: bool,
    pub(crate) provider: Option<Provider>,
    pub(crate) command: Command,
}

impl Step {
    pub(crate) fn facts(&self) -> Facts<'static> {
        let mut facts = Facts::at(self.now);
        facts.authenticated_at = self.authenticated_at;
        facts.second_factor = self.second_factor;
        facts.provider = self.provider;
        facts
    }

    pub(crate) fn context(&self) -> Context<'static> {
        self.facts().by(self.actor)
    }
}

/// A life as it was drawn: what happened to the organizations, whether accepted or not.
#[derive(Clone, Debug)]
pub(crate) struct Life {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) steps: Vec<Step>,
}

impl Life {
    /// The life that some bytes describe: at most so many steps, and no more than there are bytes for.
    pub(crate) fn from_bytes(bytes: &[u8], steps_max: usize) -> Self {
        Self::favoring(&[], bytes, steps_max)
    }

    /// The same, where every other step is one of some commands if it can be.
    fn favoring(commands: &[&str], bytes: &[u8], steps_max: usize) -> Self {
        let mut dice = Dice(&mut Unstructured::new(bytes));
        let catalog = Arc::new(catalog(&mut dice));
        let mut organizations = organizations(&catalog);
        let (mut steps, mut now) = (Vec::new(), BIRTH);
        while steps.len() < steps_max && !dice.0.is_empty() {
            let favored = favored_step(commands, &mut dice, &organizations, now);
            let step = favored.unwrap_or_else(|| next_step(&mut dice, &organizations, now));
            now = step.now;
            let organization = &mut organizations[step.organization];
            if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
                outcome.records.iter().for_each(|record| organization.apply(record));
            }
            steps.push(step);
        }
        Self { catalog, steps }
    }

    /// The life of a seed, the same on every machine.
    pub(crate) fn of_seed(seed: u64, steps_max: usize) -> Self {
        Self::from_bytes(&noise(seed, steps_max * 256), steps_max)
    }

    /// The life of a seed in which some commands come more often.
    #[allow(dead_code, reason = "asked for by the theorem alone")]
    pub(crate) fn of_seed_favoring(commands: &[&str], seed: u64, steps_max: usize) -> Self {
        Self::favoring(commands, &noise(seed, steps_max * 1024), steps_max)
    }
}

/// The organizations of a life before anything has happened.
pub(crate) fn organizations(catalog: &Arc<Catalog>) -> Vec<Organization> {
    (1..=ORGANIZATIONS).map(|n| Organization::new(OrgId::from_u64(n).expect("not zero"), Arc::clone(catalog))).collect()
}

pub(crate) fn user(n: u64) -> UserId {
    UserId::from_u64(n).expect("ids count from one")
}

pub(crate) fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).expect("ids count from one")
}

fn team(n: u64) -> TeamId {
    TeamId::from_u64(n).expect("ids count from one")
}

pub(crate) fn service(n: u64) -> ServiceId {
    ServiceId::from_u64(n).expect("ids count from one")
}

pub(crate) fn invitation(n: u64) -> InvitationId {
    InvitationId::from_u64(n).expect("ids count from one")
}

fn name(text: &str) -> Name {
    Name::new(text).expect("it is a plain word")
}

/// The secret of an invitation or service, or the one after it.
fn secret(of: u128, rotated: bool) -> SecretHash {
    SecretHash::from_bytes([u8::try_from(of).unwrap_or(0).wrapping_add(100 * u8::from(rotated)); 32])
}
