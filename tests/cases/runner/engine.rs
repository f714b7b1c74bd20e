//! The crate as an engine for tables and stories.

#[path = "engine/accounts.rs"]
mod accounts;
#[path = "engine/facts.rs"]
mod facts;
#[path = "engine/figures.rs"]
mod figures;
#[path = "engine/form.rs"]
mod form;
#[path = "engine/shares.rs"]
mod shares;
#[path = "engine/steps.rs"]
mod steps;

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Resource, Share, Target};
use bailiwick::catalog::{Catalog, Permission};
use bailiwick::change::Outcome;
use bailiwick::store::{MemoryStore, Store};
use bailiwick::{
    Actor, InvitationId, LinkId, OrgId, ResourceId, ServiceId, TeamId, Tenants, Timestamp, UserId, WorkspaceId,
};

use super::runner::{Engine, Given, Question, Step, nearest_of};

/// Names of tables on one side, ids on the other.
pub struct Bailiwick {
    pub tenants: Tenants<Arc<dyn Store>>,
    pub now: Timestamp,
    pub organization: Option<OrgId>,
    ids: BTreeMap<(Kind, String), u64>,
    invitations: BTreeMap<String, Sent>,
    invited: u64,
    resources: BTreeMap<String, KeptResource>,
    shares: Vec<Share>,
    opened: shares::Opened,
    last: Outcome,
    /// Who was named in the last batch.
    batch: Vec<String>,
    accounts: accounts::Accounts,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Kind {
    Person,
    Organization,
    Workspace,
    Team,
    Service,
    Resource,
    Link,
    Share,
    Hold,
}

/// An invitation that was sent, with the secret that counts now.
struct Sent {
    id: InvitationId,
    secret: String,
    times: u32,
}

#[derive(Clone, Default)]
struct KeptResource {
    containers: Vec<ResourceId>,
    workspace: Option<WorkspaceId>,
    owner: Option<UserId>,
}

/// The first instant of every table: 2026-11-18T05:20:00Z.
const BEGIN: Timestamp = Timestamp::from_millis(1_795_000_000_000 - 16_000_000_000);

impl Bailiwick {
    pub fn new(catalog: Catalog) -> Self {
        Self::over(catalog, Arc::new(MemoryStore::new()))
    }

    /// The same, over a store.
    pub fn over(catalog: Catalog, store: Arc<dyn Store>) -> Self {
        Self {
            tenants: Tenants::new(Arc::new(catalog), store),
            now: BEGIN,
            organization: None,
            ids: BTreeMap::new(),
            invitations: BTreeMap::new(),
            invited: 0,
            resources: BTreeMap::new(),
            shares: Vec::new(),
            opened: shares::Opened::new(),
            last: Outcome::default(),
            batch: Vec::new(),
            accounts: accounts::Accounts::default(),
        }
    }

    fn number(&mut self, kind: Kind, name: &str) -> u64 {
        let next = self.ids.len() as u64 + 1;
        *self.ids.entry((kind, name.to_owned())).or_insert(next)
    }

    /// The user of a name.
    pub fn user(&mut self, name: &str) -> UserId {
        UserId::from_u64(self.number(Kind::Person, name)).expect("numbers begin at one")
    }

    /// The name of a user.
    pub fn name_of(&self, user: UserId) -> Option<String> {
        self.named(Kind::Person, user.as_u128())
    }

    /// The name behind the bits of an id.
    fn named(&self, kind: Kind, bits: u128) -> Option<String> {
        let mut known = self.ids.iter();
        known.find(|((of, _), number)| *of == kind && u128::from(**number) == bits).map(|((_, name), _)| name.clone())
    }

    /// The workspaces of the organization in use, with their names in the table.
    #[allow(dead_code, reason = "used by the example")]
    pub fn workspaces(&self) -> Vec<(String, WorkspaceId)> {
        let named = self.ids.iter().filter(|((kind, _), _)| *kind == Kind::Workspace);
        let ids = named.filter_map(|((_, name), number)| Some((name.clone(), WorkspaceId::from_u64(*number)?)));
        ids.filter(|(_, id)| self.read(|organization| organization.workspace(*id).is_some()).unwrap_or(false)).collect()
    }

    /// The resources of the table.
    #[allow(dead_code, reason = "used by the example")]
    pub fn resources(&self) -> Vec<String> {
        self.resources.keys().cloned().collect()
    }

    /// Reads the organization in use.
    pub fn read<T>(&self, read: impl FnOnce(&bailiwick::Organization) -> T) -> Option<T> {
        self.tenants.read(self.organization?, read).expect("memory does not fail")
    }

    pub fn actor(&mut self, name: &str) -> Actor {
        match name.split_once(':') {
            Some(("link", link)) => Actor::Link(self.link(link)),
            Some(("service", service)) => Actor::Service(self.service(service)),
            Some(("staff", pair)) => {
                let (staff, person) = pair.split_once('@').unwrap_or((pair, pair));
                Actor::Staff { staff: self.user(staff), on_behalf_of: self.user(person) }
            }
            _ if name == "platform" => Actor::System,
            _ if name == "directory" => Actor::Provisioner,
            _ => Actor::User(self.user(name)),
        }
    }

    fn link(&mut self, name: &str) -> LinkId {
        LinkId::from_u64(self.number(Kind::Link, name)).expect("numbers begin at one")
    }

    fn organization_named(&mut self, name: &str) -> OrgId {
        OrgId::from_u64(self.number(Kind::Organization, name)).expect("numbers begin at one")
    }

    /// Workspaces of different organizations may share a name in a table: the organization is part of it.
    pub fn workspace(&mut self, name: &str) -> WorkspaceId {
        let scoped = match name {
            "default" => format!("default of {:?}", self.organization),
            name => name.to_owned(),
        };
        WorkspaceId::from_u64(self.number(Kind::Workspace, &scoped)).expect("numbers begin at one")
    }

    fn team(&mut self, name: &str) -> TeamId {
        TeamId::from_u64(self.number(Kind::Team, name)).expect("numbers begin at one")
    }

    fn service(&mut self, name: &str) -> ServiceId {
        ServiceId::from_u64(self.number(Kind::Service, name)).expect("numbers begin at one")
    }

    fn resource_id(&mut self, name: &str) -> ResourceId {
        ResourceId::from_u64(self.number(Kind::Resource, name)).expect("numbers begin at one")
    }

    /// What the crate is told of the moment. Handles live as long as the catalog does.
    pub fn facts<'a>(&mut self, given: &Given, others: &'a [OrgId]) -> Facts<'a> {
        let catalog = self.tenants.catalog();
        let mut facts = Facts { organizations: others, ..Facts::at(self.now) };
        if given.fresh {
            facts = facts.authenticated(self.now);
        }
        if given.factor {
            facts = facts.with_second_factor();
        }
        if let Some(key) = given.via.as_deref() {
            facts = facts.through(catalog.provider(key).unwrap_or_else(|| panic!("via={key}: no such provider")));
        }
        let feature = |key: &String| catalog.feature(key).unwrap_or_else(|| panic!("feature={key}: no such feature"));
        facts.with_features(given.features.iter().map(feature).collect())
    }

    fn others(&mut self, given: &Given) -> Vec<OrgId> {
        given.member_of.iter().map(|name| self.organization_named(name)).collect()
    }

    /// The permission of a key; the error suggests one.
    pub fn permission(&self, key: &str) -> Result<Permission, String> {
        let catalog = self.tenants.catalog();
        catalog.permission(key).ok_or_else(|| {
            let meant = nearest_of(key, catalog.permissions().map(|(_, def)| def.key.as_str()));
            format!("unknown permission `{key}`{}", meant.map(|m| format!("; did you mean `{m}`?")).unwrap_or_default())
        })
    }

    /// Asks with a target made from the name of a place.
    pub fn with_target<T>(&mut self, place: &str, ask: impl FnOnce(&Self, Target<'_>) -> T) -> T {
        if place == "org" {
            return ask(self, Target::Organization);
        }
        if let Some(kept) = self.resources.get(place).cloned() {
            let id = self.resource_id(place);
            let (containers, workspace, personal_owner) = (&kept.containers[..], kept.workspace, kept.owner);
            let resource = Resource { id, containers, workspace, personal_owner, shares: &[] };
            let organization = self.organization.expect("an organization");
            let kept = self.tenants.shares_on(organization, &resource).expect("memory does not fail");
            let shares: Vec<Share> = self.shares.iter().copied().chain(kept).collect();
            let resource = Resource { shares: &shares, ..resource };
            return ask(self, Target::Resource(&resource));
        }
        let workspace = self.workspace(place);
        ask(self, Target::Workspace(workspace))
    }
}

impl Engine for Bailiwick {
    fn act(&mut self, step: &Step) -> Result<(), (String, String)> {
        self.carry_out(step)
    }

    fn ask(&mut self, question: &Question) -> String {
        let permission = match self.permission(&question.permission) {
            Ok(permission) => permission,
            Err(words) => return words,
        };
        let Some(organization) = self.organization else { return "no organization yet".into() };
        let actor = self.actor(&question.who);
        let others = self.others(&question.given);
        let facts = self.facts(&question.given, &others);
        self.with_target(&question.place, |engine, target| {
            let tenants = &engine.tenants;
            let decision =
                tenants.check(organization, actor, permission, target, &facts).expect("memory does not fail");
            let why = tenants.explain(organization, actor, permission, target, &facts).expect("memory does not fail");
            match why.decision == decision {
                true => Decision::code(decision).into(),
                false => format!("check says {decision:?}, explain says {:?}", why.decision),
            }
        })
    }

    fn state(&mut self, subject: &[String]) -> Result<Vec<String>, String> {
        self.fact(subject)
    }

    fn holders(&self, permission: &str) -> Option<Vec<String>> {
        let catalog = self.tenants.catalog();
        let permission = catalog.permission(permission)?;
        let holding = catalog.roles().filter(|(role, _)| catalog.permissions_of(*role).contains(permission));
        Some(holding.map(|(_, def)| def.key.clone()).collect())
    }

    fn value(&self, path: &str) -> String {
        form::value_at(self.tenants.catalog(), path)
    }

    fn broken(&self) -> Option<String> {
        if let Some(words) = self.broken_ledger() {
            return Some(words);
        }
        let violations = self.read(|organization| organization.audit(self.now))?;
        (!violations.is_empty()).then(|| violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }
}
