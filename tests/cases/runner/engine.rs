//! The crate as an engine for tables and stories.

use std::collections::BTreeMap;

use bailiwick::access::{Decision, Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::{Catalog, Permission, PermissionKey, PermissionSet};
use bailiwick::change::{
    Accept, AddressProof, ChangeRoles, ChangeStatus, Command, Content, CreateOrganization, CreateTeam, CreateWorkspace,
    GiveAccess, Invite, JoinTeam, LeaveTeam, Reactivate, Refusal, Remove, Revoke, SetRule, SignUp, Suspend, TakeAccess,
};
use bailiwick::{
    Actor, Address, InvitationId, LinkId, Name, OrgId, Override, ResourceId, RuleFor, Seats, SecretHash, Span, Status,
    TeamId, Tenants, TenantsError, Timestamp, UserId, WorkspaceId,
};

use super::runner::{Engine, Given, Question, Step, nearest_of};

/// Names of tables on one side, ids on the other.
pub struct Bailiwick {
    pub tenants: Tenants,
    pub now: Timestamp,
    pub organization: Option<OrgId>,
    ids: BTreeMap<(Kind, String), u64>,
    invitations: BTreeMap<String, InvitationId>,
    invited: u64,
    resources: BTreeMap<String, KeptResource>,
    shares: Vec<Share>,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Kind {
    Person,
    Organization,
    Workspace,
    Team,
    Resource,
    Link,
}

#[derive(Clone, Default)]
struct KeptResource {
    containers: Vec<ResourceId>,
    workspace: Option<WorkspaceId>,
    owner: Option<UserId>,
}

/// The first instant of every table: 2026-11-18T05:20:00Z.
const BEGIN: Timestamp = Timestamp::from_millis(1_795_000_000_000 - 16_000_000_000);

type Refused = (String, String);

fn wrong(words: impl Into<String>) -> Refused {
    ("wrong_table".into(), words.into())
}

impl Bailiwick {
    pub fn new(catalog: Catalog) -> Self {
        Self {
            tenants: Tenants::in_memory(catalog),
            now: BEGIN,
            organization: None,
            ids: BTreeMap::new(),
            invitations: BTreeMap::new(),
            invited: 0,
            resources: BTreeMap::new(),
            shares: Vec::new(),
        }
    }

    /// A catalog with some of its file form set differently.
    pub fn tuned(catalog: &Catalog, settings: &[(String, String)]) -> Result<Catalog, String> {
        let mut form = serde_json::to_value(catalog).map_err(|error| error.to_string())?;
        for (path, value) in settings {
            let slot = slot_at(&mut form, path).ok_or_else(|| format!("set {path}: there is no such place"))?;
            *slot = match slot {
                serde_json::Value::Array(_) => value.split(',').map(serde_json::Value::from).collect(),
                _ => serde_json::from_str(value).unwrap_or_else(|_| value.as_str().into()),
            };
        }
        serde_json::from_value(form).map_err(|error| error.to_string())
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
    #[allow(dead_code, reason = "used by the example")]
    pub fn name_of(&self, user: UserId) -> Option<String> {
        let is = |number: u64| UserId::from_u64(number) == Some(user);
        self.ids.iter().find(|((kind, _), number)| *kind == Kind::Person && is(**number)).map(|((_, n), _)| n.clone())
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
        match name.strip_prefix("link:") {
            Some(link) => Actor::Link(self.link(link)),
            None if name == "platform" => Actor::System,
            None => Actor::User(self.user(name)),
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

    fn resource_id(&mut self, name: &str) -> ResourceId {
        ResourceId::from_u64(self.number(Kind::Resource, name)).expect("numbers begin at one")
    }

    fn address(name: &str) -> Address {
        Address::new(&format!("{name}@example.com")).expect("names in tables are plain")
    }

    /// The secret of an invitation in a table; a real one is random.
    fn secret(name: &str) -> SecretHash {
        let mut hash = [7; 32];
        hash.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte);
        SecretHash::from_bytes(hash)
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
            let resource = Resource {
                id,
                containers: &kept.containers,
                workspace: kept.workspace,
                personal_owner: kept.owner,
                shares: &self.shares,
            };
            return ask(self, Target::Resource(&resource));
        }
        let workspace = self.workspace(place);
        ask(self, Target::Workspace(workspace))
    }

    fn handle(&mut self, step: &Step, command: impl Into<Command>) -> Result<(), Refused> {
        let actor = self.actor(&step.who);
        let others = self.others(&step.given);
        let facts = self.facts(&step.given, &others);
        let organization = self.organization.ok_or_else(|| wrong("no organization yet"))?;
        self.tenants.handle(organization, command, &facts.by(actor)).map(|_| ()).map_err(refused)
    }

    fn begin(&mut self, step: &Step) -> Result<(), Refused> {
        let (actor, facts) = (self.actor(&step.who), self.facts(&step.given, &[]));
        let [nickname, name, options @ ..] = step.arguments.as_slice() else { return Err(wrong("NICKNAME NAME")) };
        let id = self.organization_named(nickname);
        let before = self.organization.replace(id);
        let (name, workspace) = (name_of(name)?, self.workspace("default"));
        let made = if step.verb == "sign-up" {
            self.tenants.sign_up(id, SignUp { name, workspace }, &facts.by(actor)).map(|_| ())
        } else {
            let options = Options(options);
            let plan = options.get("plan").unwrap_or_default().into();
            let seats = Seats::new(options.get("seats").and_then(|seats| seats.parse().ok()).unwrap_or(0));
            let create = CreateOrganization { name, plan, seats, owned: 0, workspace };
            self.tenants.create(id, create, &facts.by(actor)).map(|_| ())
        };
        if made.is_err() {
            self.organization = before;
        }
        made.map_err(refused)
    }

    fn invite(&mut self, step: &Step) -> Result<(), Refused> {
        let name = step.arguments[0].clone();
        self.invited += 1;
        let invitation = InvitationId::from_u64(self.invited).expect("numbers begin at one");
        let address = match Options(&step.arguments).get("as") {
            Some(address) => Address::new(address).map_err(|error| wrong(error.to_string()))?,
            None => Self::address(&name),
        };
        let mut invite = Invite::to(invitation, address, Self::secret(&name));
        for role in Options(&step.arguments).list("role") {
            invite = invite.role(role);
        }
        for (workspace, changes) in self.overrides(&step.arguments)? {
            invite = invite.workspace(workspace, changes);
        }
        self.handle(step, invite)?;
        self.invitations.insert(name, invitation);
        Ok(())
    }

    fn accept(&mut self, step: &Step) -> Result<(), Refused> {
        let options = Options(&step.arguments);
        let invited = options.get("for").unwrap_or(&step.who).to_owned();
        let unknown = InvitationId::from_u64(999_999).expect("not zero");
        let invitation = self.invitations.get(&invited).copied().unwrap_or(unknown);
        let address = match options.get("as") {
            Some(address) => Address::new(address).map_err(|error| wrong(error.to_string()))?,
            None => Self::address(&step.who),
        };
        let claimed = step.arguments.iter().any(|argument| argument == "unverified");
        let address = if claimed { AddressProof::Claimed(address) } else { AddressProof::Verified(address) };
        let secret = Self::secret(options.get("secret").unwrap_or(&invited));
        self.handle(step, Accept { invitation, secret, address })
    }

    /// Every `workspace=…` among the arguments.
    fn overrides(&mut self, arguments: &[String]) -> Result<Vec<(WorkspaceId, Override)>, Refused> {
        let until = Options(arguments).get("until").map(str::to_owned);
        let mut overrides = Vec::new();
        for (key, value) in arguments.iter().filter_map(|argument| argument.split_once('=')) {
            if matches!(key, "role" | "until" | "as") {
                continue;
            }
            let mut changes = Override::none();
            for part in value.split(',').filter(|part| *part != "own") {
                changes = match (part.strip_prefix('+'), part.strip_prefix('-')) {
                    (Some(key), _) => changes.adding(key),
                    (_, Some(key)) => changes.removing(key),
                    _ => Override { role: Some(part.into()), ..changes },
                };
            }
            changes.until = self.end(until.as_deref())?;
            overrides.push((self.workspace(key), changes));
        }
        Ok(overrides)
    }

    fn end(&self, until: Option<&str>) -> Result<Option<Timestamp>, Refused> {
        let Some(text) = until else { return Ok(None) };
        let span: Span = text.parse().map_err(|error| wrong(format!("until={text}: {error}")))?;
        Ok(Some(self.now.plus(span)))
    }

    fn set_rule(&mut self, step: &Step) -> Result<(), Refused> {
        let workspace = self.workspace(&step.arguments[0]);
        let holder = match step.arguments[1].split_once(':') {
            Some(("group", key)) => RuleFor::Group(key.into()),
            Some(("team", name)) => RuleFor::Team(self.team(name)),
            _ => return Err(wrong("a rule is for group:KEY or team:NAME")),
        };
        let keys = |sign: char| -> Vec<PermissionKey> {
            step.arguments.iter().filter_map(|part| part.strip_prefix(sign)).map(PermissionKey::from).collect()
        };
        let until = self.end(Options(&step.arguments).get("until"))?;
        self.handle(step, SetRule { workspace, holder, given: keys('+'), taken: keys('-'), until })
    }

    fn keep_resource(&mut self, step: &Step) {
        let options = Options(&step.arguments);
        let containers = options.list("inside").map(|name| self.resource_id(name)).collect();
        let workspace = options.get("in").map(|name| self.workspace(name));
        let owner = options.get("owner").map(|name| self.user(name));
        self.resource_id(&step.arguments[0]);
        self.resources.insert(step.arguments[0].clone(), KeptResource { containers, workspace, owner });
    }

    fn keep_share(&mut self, step: &Step) -> Result<(), Refused> {
        let options = Options(&step.arguments);
        let on = self.resource_id(&step.arguments[0]);
        let to = match options.get("to").and_then(|to| to.split_once(':')) {
            Some(("user", name)) => ShareHolder::User(self.user(name)),
            Some(("team", name)) => ShareHolder::Team(self.team(name)),
            Some(("link", name)) => ShareHolder::Link(self.link(name)),
            Some(("organization", name)) => ShareHolder::Organization(self.organization_named(name)),
            Some(("group", key)) => {
                let group = self.tenants.catalog().group(key);
                ShareHolder::Group(group.ok_or_else(|| wrong(format!("unknown group `{key}`")))?)
            }
            _ if options.get("to") == Some("members") => ShareHolder::Members,
            _ => return Err(wrong("to=user:, team:, group:, link:, organization: or members")),
        };
        let level: Result<PermissionSet, String> = options.list("level").map(|key| self.permission(key)).collect();
        let until = self.end(options.get("until"))?;
        self.shares.push(Share { on, to, level: level.map_err(wrong)?, until });
        Ok(())
    }
}

/// `key=value` among the arguments.
struct Options<'a>(&'a [String]);

impl<'a> Options<'a> {
    fn get(&self, key: &str) -> Option<&'a str> {
        self.0.iter().filter_map(|argument| argument.split_once('=')).find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    fn list(&self, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.get(key).into_iter().flat_map(|value| value.split(','))
    }
}

fn name_of(text: &str) -> Result<Name, Refused> {
    Name::new(text).map_err(|error| wrong(error.to_string()))
}

fn refused(error: TenantsError) -> Refused {
    match error {
        TenantsError::Refused(refusal) => (refusal.code().into(), words_of(&refusal)),
        other => ("trouble".into(), other.to_string()),
    }
}

fn words_of(refusal: &Refusal) -> String {
    refusal.to_string()
}

impl Engine for Bailiwick {
    fn act(&mut self, step: &Step) -> Result<(), Refused> {
        let first = step.arguments.first().cloned().unwrap_or_default();
        let second = step.arguments.get(1).cloned().unwrap_or_default();
        match step.verb.as_str() {
            "sign-up" | "create-organization" => self.begin(step),
            "use" => {
                self.organization = Some(self.organization_named(&first));
                Ok(())
            }
            "wait" => {
                self.now = self.now.plus(first.parse().map_err(|_| wrong("wait 8d"))?);
                Ok(())
            }
            "create-workspace" => {
                let (workspace, name) = (self.workspace(&first), name_of(&second)?);
                self.handle(step, CreateWorkspace { workspace, name })
            }
            "invite" => self.invite(step),
            "accept" => self.accept(step),
            "revoke" => {
                let unknown = InvitationId::from_u64(999_999).expect("not zero");
                let invitation = self.invitations.get(&first).copied().unwrap_or(unknown);
                self.handle(step, Revoke { invitation })
            }
            "change-roles" => {
                let roles = Options(&step.arguments).list("role").map(Into::into).collect();
                let user = self.user(&first);
                self.handle(step, ChangeRoles { user, roles })
            }
            "give-access" => {
                let user = self.user(&first);
                for (workspace, changes) in self.overrides(&step.arguments)? {
                    self.handle(step, GiveAccess { user, workspace, changes })?;
                }
                Ok(())
            }
            "take-access" => {
                let (user, workspace) = (self.user(&first), self.workspace(&second));
                self.handle(step, TakeAccess { user, workspace })
            }
            "suspend" => {
                let user = self.user(&first);
                self.handle(step, Suspend { user })
            }
            "reactivate" => {
                let user = self.user(&first);
                self.handle(step, Reactivate { user })
            }
            "remove" => {
                let user = self.user(&first);
                let content = match Options(&step.arguments).get("content") {
                    None => None,
                    Some("stays") => Some(Content::Stays),
                    Some(to) => Some(Content::TransferTo(self.user(to))),
                };
                self.handle(step, Remove { user, content })
            }
            "create-team" => {
                let (team, name) = (self.team(&first), name_of(&second)?);
                self.handle(step, CreateTeam { team, name })
            }
            "join-team" => {
                let (team, user) = (self.team(&first), self.user(&second));
                self.handle(step, JoinTeam { team, user })
            }
            "leave-team" => {
                let (team, user) = (self.team(&first), self.user(&second));
                self.handle(step, LeaveTeam { team, user })
            }
            "set-rule" => self.set_rule(step),
            "status" => {
                let status = match first.as_str() {
                    "active" => Status::Active,
                    "past_due" => Status::PastDue,
                    "suspended" => Status::Suspended,
                    "archived" => Status::Archived,
                    _ => return Err(wrong("active, past_due, suspended or archived")),
                };
                self.handle(step, ChangeStatus { status })
            }
            "resource" => {
                self.keep_resource(step);
                Ok(())
            }
            "share" => self.keep_share(step),
            other => Err(wrong(format!("unknown verb `{other}`"))),
        }
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

    fn holders(&self, permission: &str) -> Option<Vec<String>> {
        let catalog = self.tenants.catalog();
        let permission = catalog.permission(permission)?;
        let holding = catalog.roles().filter(|(role, _)| catalog.permissions_of(*role).contains(permission));
        Some(holding.map(|(_, def)| def.key.clone()).collect())
    }

    fn value(&self, path: &str) -> String {
        let mut value = serde_json::to_value(&**self.tenants.catalog()).expect("a catalog can be written");
        let mut rest = path;
        while !rest.is_empty() {
            let (found, left) = step_into(&value, rest);
            (value, rest) = (found, left);
        }
        match value {
            serde_json::Value::Null => "-".into(),
            serde_json::Value::String(text) => text,
            serde_json::Value::Array(values) if values.iter().all(serde_json::Value::is_string) => {
                values.iter().filter_map(|value| value.as_str()).collect::<Vec<_>>().join(",")
            }
            other => other.to_string(),
        }
    }

    fn broken(&self) -> Option<String> {
        let violations = self.read(|organization| organization.audit(self.now))?;
        (!violations.is_empty()).then(|| violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }
}

/// One step along a path: a key of a table, or the `key` (or `kind`) of an entry of a list, which may contain dots.
fn step_into<'p>(value: &serde_json::Value, path: &'p str) -> (serde_json::Value, &'p str) {
    if let serde_json::Value::Array(entries) = value {
        for entry in entries {
            let key = entry.get("key").or_else(|| entry.get("kind")).and_then(|key| key.as_str()).unwrap_or_default();
            if let Some(left) = path.strip_prefix(key).filter(|_| !key.is_empty()) {
                if left.is_empty() || left.starts_with('.') {
                    return (entry.clone(), left.trim_start_matches('.'));
                }
            }
        }
        return (serde_json::Value::Null, "");
    }
    let (key, left) = path.split_once('.').unwrap_or((path, ""));
    (value.get(key).cloned().unwrap_or_default(), left)
}

/// The place at a path, made where it is a key that is not there yet.
fn slot_at<'v>(value: &'v mut serde_json::Value, path: &str) -> Option<&'v mut serde_json::Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let serde_json::Value::Array(entries) = value {
        let starts = |entry: &serde_json::Value| {
            let key = entry.get("key").and_then(|key| key.as_str())?;
            let left = path.strip_prefix(key)?;
            (left.is_empty() || left.starts_with('.')).then(|| left.trim_start_matches('.').to_owned())
        };
        let (entry, left) = entries.iter_mut().find_map(|entry| starts(entry).map(|left| (entry, left)))?;
        return slot_at(entry, &left);
    }
    let (key, left) = path.split_once('.').unwrap_or((path, ""));
    slot_at(value.as_object_mut()?.entry(key).or_insert(serde_json::Value::Null), left)
}
