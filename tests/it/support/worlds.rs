//! Small worlds in every state that the audit lets pass: a catalog, an organization, resources, and what the caller
//! knows. Made from bytes, so that tests and fuzzers draw from the same source; no bytes make the simplest world.

use std::cell::Cell;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Once};

use arbitrary::{Arbitrary, Unstructured};
use bailiwick::access::{Facts, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::policy::{OverrideMode, OwnerHolds};
use bailiwick::catalog::{
    Action, Catalog, Feature, FeatureSet, GroupDef, GroupKey, Holders, Permission, PermissionDef, PermissionKey,
    PermissionSet, PlanDef, Policy, Provider, Reach, RoleDef, RoleKey, Scope, Sight,
};
use bailiwick::change::{Content, Event, Record};
use bailiwick::limits::CONTAINERS_MAX;
use bailiwick::{
    Actor, Disposition, Kind, LinkId, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, SecretHash,
    ServiceId, Span, Status, TeamId, Timestamp, UserId, Version, Violation, WorkspaceId,
};

/// The moment of every question.
const NOW: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const USERS: u64 = 5;
const TEAMS: u64 = 2;
const SERVICES: u64 = 2;
const CUSTOM_ROLES: [&str; 2] = ["custom.one", "custom.two"];
/// The last one is never created.
const WORKSPACES: u64 = 3;
const FEATURES: [&str; 2] = ["reports", "beta"];
const PROVIDERS: [&str; 2] = ["corporate", "social"];
const PERMISSIONS: [(&str, Scope); 9] = [
    ("org.rename", Scope::Organization),
    ("member.invite", Scope::Organization),
    ("run.start", Scope::Workspace),
    ("run.stop", Scope::Workspace),
    ("key.rotate", Scope::Workspace),
    ("note.read", Scope::Resource),
    ("note.write", Scope::Resource),
    ("note.share", Scope::Resource),
    ("note.delete", Scope::Resource),
];

/// One small world, and everything that can be asked in it.
pub(crate) struct World {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) org: Organization,
    /// The events that made the organization.
    pub(crate) history: Vec<Record>,
    pub(crate) resources: Vec<OwnedResource>,
    /// What a token in use carries.
    pub(crate) token: PermissionSet,
    authenticated_at: Option<Timestamp>,
    second_factor: bool,
    provider: Option<Provider>,
    features: FeatureSet,
    organizations: Vec<OrgId>,
}

/// A resource with everything that a question borrows.
#[derive(Debug)]
pub(crate) struct OwnedResource {
    pub(crate) id: ResourceId,
    pub(crate) containers: Vec<ResourceId>,
    pub(crate) workspace: Option<WorkspaceId>,
    pub(crate) personal_owner: Option<UserId>,
    pub(crate) shares: Vec<Share>,
}

impl OwnedResource {
    pub(crate) fn borrow(&self) -> Resource<'_> {
        Resource {
            id: self.id,
            containers: &self.containers,
            workspace: self.workspace,
            personal_owner: self.personal_owner,
            shares: &self.shares,
        }
    }
}

impl World {
    /// The world that some bytes describe. Bytes that run out are read as zeros.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Self {
        Dice(&mut Unstructured::new(bytes)).world()
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            now: NOW,
            authenticated_at: self.authenticated_at,
            second_factor: self.second_factor,
            provider: self.provider,
            features: self.features,
            organizations: &self.organizations,
        }
    }

    /// Every user, one whom nobody knows, every service, one that does not exist, staff, a link, and the platform.
    pub(crate) fn actors(&self) -> Vec<Actor> {
        let users = (1..=USERS + 1).map(|n| Actor::User(user(n)));
        let services = (1..=SERVICES + 1).map(|n| Actor::Service(service(n)));
        let staff = |n| Actor::Staff { staff: user(USERS + 2), on_behalf_of: user(n) };
        users.chain(services).chain([staff(1), staff(2), Actor::Link(link(1)), Actor::System]).collect()
    }

    pub(crate) fn permissions(&self) -> Vec<(Permission, String)> {
        self.catalog.permissions().map(|(permission, def)| (permission, def.key.clone())).collect()
    }

    /// Asks about the organization, every workspace, one that does not exist, and every resource.
    pub(crate) fn for_each_target(&self, mut ask: impl FnMut(Target<'_>)) {
        ask(Target::Organization);
        for n in 1..=WORKSPACES {
            ask(Target::Workspace(workspace(n)));
        }
        for resource in &self.resources {
            ask(Target::Resource(&resource.borrow()));
        }
    }
}

impl<'a> Arbitrary<'a> for World {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        Ok(Dice(u).world())
    }
}

/// Everything that is needed to see what a world is: the catalog as a file, the history, the rest.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: Result<String, serde_json::Error>| value.unwrap_or_else(|error| error.to_string());
        writeln!(f, "catalog: {}", text(serde_json::to_string_pretty(&*self.catalog)))?;
        for record in &self.history {
            writeln!(f, "{}", text(serde_json::to_string(record)))?;
        }
        for resource in &self.resources {
            writeln!(f, "{resource:?}")?;
        }
        writeln!(f, "token: {:?}", self.token)?;
        write!(f, "{:?}", self.facts())
    }
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).expect("ids count from one")
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).expect("ids count from one")
}

fn team(n: u64) -> TeamId {
    TeamId::from_u64(n).expect("ids count from one")
}

fn service(n: u64) -> ServiceId {
    ServiceId::from_u64(n).expect("ids count from one")
}

fn link(n: u64) -> LinkId {
    LinkId::from_u64(n).expect("ids count from one")
}

fn thing(n: u64) -> ResourceId {
    ResourceId::from_u64(n).expect("ids count from one")
}

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).expect("ids count from one")
}

fn name(text: &str) -> Name {
    Name::new(text).expect("it is a plain word")
}

/// The bytes as dice: what comes first in a list is what comes when they run out.
struct Dice<'u, 'b>(&'u mut Unstructured<'b>);

impl Dice<'_, '_> {
    /// 0 to `sides` - 1.
    fn below(&mut self, sides: u8) -> u8 {
        self.0.int_in_range(0..=sides - 1).unwrap_or(0)
    }

    /// 1 to `n`.
    fn number(&mut self, n: u64) -> u64 {
        self.0.int_in_range(1..=n).unwrap_or(1)
    }

    /// Yes, once in `n` times.
    fn once_in(&mut self, n: u8) -> bool {
        self.below(n) == n - 1
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(u8::try_from(from.len()).expect("lists are short"));
        from[usize::from(at)].clone()
    }

    /// Each of them once in `n` times.
    fn some<T: Clone>(&mut self, n: u8, from: &[T]) -> Vec<T> {
        from.iter().filter(|_| self.once_in(n)).cloned().collect()
    }

    /// Mostly no end; otherwise around now.
    fn until(&mut self) -> Option<Timestamp> {
        let now = NOW.as_millis();
        let far = 1_000_000_000;
        let ends = [None, None, None, None, Some(now + 1), Some(now + far), Some(now), Some(now - far)];
        self.pick(&ends).map(Timestamp::from_millis)
    }

    fn world(&mut self) -> World {
        let catalog = Arc::new(self.catalog());
        let (org, history) = self.organization(&catalog);
        let number = 2 + self.below(4);
        let resources = (0..number).map(|n| self.resource(&org, n.into())).collect();
        let token = self.levels(&catalog, 2);
        let features: Vec<Feature> = FEATURES.iter().filter_map(|key| catalog.feature(key)).collect();
        let providers = [None, catalog.provider(PROVIDERS[0]), catalog.provider(PROVIDERS[1])];
        World {
            authenticated_at: self.authenticated_at(),
            second_factor: !self.once_in(3),
            provider: if self.once_in(3) { self.pick(&providers) } else { providers[1] },
            features: self.some(4, &features).into_iter().collect(),
            organizations: self.some(3, &[org.id(), OrgId::from_u64(2).expect("it is not zero")]),
            catalog,
            org,
            history,
            resources,
            token,
        }
    }

    fn authenticated_at(&mut self) -> Option<Timestamp> {
        let now = NOW.as_millis();
        let minute = 60_000;
        let times = [0, 1, 5 * minute - 1, 5 * minute, 5 * minute + 1, 15 * minute, 15 * minute + 1, 999 * minute];
        match self.below(12) {
            10 => None,
            11 => Some(Timestamp::from_millis(now + minute)),
            _ => Some(Timestamp::from_millis(now - self.pick(&times))),
        }
    }
}

/// The catalog.
impl Dice<'_, '_> {
    fn catalog(&mut self) -> Catalog {
        let mut builder = Catalog::builder("world").features(FEATURES).providers(PROVIDERS);
        for (key, scope) in PERMISSIONS {
            builder = builder.permission(self.permission(key, scope));
        }
        let number = 2 + self.below(5);
        let owner = self.below(number);
        let roles: Vec<String> = (0..number).map(|n| format!("role_{n}")).collect();
        for n in 0..number {
            builder = builder.role(self.role(&roles, n, n == owner));
        }
        for n in 0..self.below(3) {
            let mut inside = self.some(2, &roles);
            inside.push(self.pick(&roles));
            builder = builder.group(GroupDef::new(&format!("group_{n}"), inside.iter().map(String::as_str)));
        }
        let overrides = [OverrideMode::Replace, OverrideMode::Expand, OverrideMode::Reduce, OverrideMode::Off];
        let policy = Policy {
            owner_holds: self.pick(&[OwnerHolds::All, OwnerHolds::Declared]),
            overrides: if self.once_in(2) { self.pick(&overrides) } else { OverrideMode::Replace },
            ..Policy::default()
        };
        let swap = self.once_in(2);
        builder = builder.plan(self.plan("first", u32::from(swap))).plan(self.plan("second", u32::from(!swap)));
        builder.policy(policy).build().expect("generated catalogs have no mistakes")
    }

    fn permission(&mut self, key: &str, scope: Scope) -> PermissionDef {
        let mut def = PermissionDef::new(key, scope);
        if self.once_in(6) {
            def = def.sensitive(Span::minutes(self.pick(&[5, 15])));
        }
        if self.once_in(6) {
            def = def.second_factor();
        }
        if self.once_in(3) {
            def = def.active_only();
        }
        if self.once_in(3) {
            def = def.open_while_suspended();
        }
        if self.once_in(5) {
            def = def.needs_feature(self.pick(&FEATURES));
        }
        if key == "note.share" {
            let all = [Action::ShareInternally, Action::ShareByAddress, Action::ShareExternally, Action::ShareByLink];
            def = all.into_iter().fold(def, PermissionDef::guards);
        }
        def
    }

    fn role(&mut self, roles: &[String], n: u8, owner: bool) -> RoleDef {
        let n = usize::from(n);
        let mut def = RoleDef::new(&roles[n], if owner { 100 } else { 1 + u32::from(self.below(100)) });
        def = def.allows(self.some(2, &PERMISSIONS).into_iter().map(|(key, _)| key));
        def = def.reach(self.pick(&[Reach::Assigned, Reach::All, Reach::Assigned, Reach::None]));
        def = def.sight(self.pick(&[Sight::All, Sight::Shared]));
        if self.once_in(12) {
            def = def.allows_all();
        }
        if n > 0 && self.once_in(3) {
            def = def.extends(&self.pick(&roles[..n]));
        }
        if self.once_in(4) {
            def = def.reducible(owner);
        }
        if self.once_in(4) {
            def = def.free();
        }
        if owner {
            def = def.owner().holders(self.pick(&[Holders::AtLeastOne, Holders::ExactlyOne]));
        }
        def
    }

    fn plan(&mut self, key: &str, rank: u32) -> PlanDef {
        let mut def = PlanDef::new(key, rank).team_organizations();
        if self.once_in(2) {
            def = def.features([FEATURES[0]]);
        }
        if self.once_in(4) {
            def = def.identity_provider(PROVIDERS[0]);
        }
        def
    }

    /// Permissions of any scope, each once in `n` times.
    fn levels(&mut self, catalog: &Catalog, n: u8) -> PermissionSet {
        let all: Vec<Permission> = catalog.permissions().map(|(permission, _)| permission).collect();
        self.some(n, &all).into_iter().collect()
    }
}

/// The organization. What would break an invariant does not happen.
impl Dice<'_, '_> {
    fn organization(&mut self, catalog: &Arc<Catalog>) -> (Organization, Vec<Record>) {
        let mut told = Story { org: Organization::new(org(1), Arc::clone(catalog)), history: Vec::new() };
        if self.once_in(40) {
            return (told.org, told.history);
        }
        let mut roles: Vec<RoleKey> = catalog.roles().map(|(_, def)| def.key.as_str().into()).collect();
        let owner: RoleKey = catalog.role_def(catalog.owner_role()).expect("there is one").key.as_str().into();
        told.happens([Event::OrganizationCreated {
            kind: self.pick(&[Kind::Team, Kind::Personal]),
            name: name("World"),
            plan: self.pick(&["first", "second"]).into(),
            seats: Seats::new(100),
            owner: user(1),
            roles: if self.once_in(3) { vec![owner, self.pick(&roles)] } else { vec![owner] },
        }]);
        for key in CUSTOM_ROLES.into_iter().take(self.below(3).into()) {
            told.happens([self.custom_role(catalog, key)]);
            roles.push(key.into());
        }
        for n in 1..WORKSPACES {
            told.happens([Event::WorkspaceCreated { workspace: workspace(n), name: name(&format!("Workspace {n}")) }]);
        }
        for n in 1..=TEAMS {
            told.happens([Event::TeamCreated { team: team(n), name: name(&format!("Team {n}")) }]);
        }
        for n in 2..=USERS {
            let joined = self.arrival(user(n), &roles);
            told.happens(joined);
        }
        for n in 1..=SERVICES {
            if !self.once_in(6) {
                told.happens([self.service(n)]);
            }
        }
        for _ in 0..self.below(48) {
            let event = self.happening(catalog, &roles);
            told.happens([event]);
        }
        if self.once_in(40) {
            told.happens([Event::OrganizationDeleted { disposition: Disposition::Delete, purge_at: NOW }]);
        }
        (told.org, told.history)
    }

    /// A user comes as a member, as a collaborator, or not at all.
    fn arrival(&mut self, user: UserId, roles: &[RoleKey]) -> Vec<Event> {
        match self.below(8) {
            0..=4 => vec![Event::MemberJoined { user, roles: self.roles(roles), given_by: Actor::System }],
            5 | 6 => {
                let changes = self.changes(roles);
                let workspace = self.workspace();
                vec![
                    Event::CollaboratorJoined { user, given_by: Actor::System },
                    Event::AccessGiven { user, workspace, changes, given_by: Actor::System },
                ]
            }
            _ => Vec::new(),
        }
    }

    /// A role of the organization's own, like any role that is not the owner's.
    fn custom_role(&mut self, catalog: &Catalog, key: &str) -> Event {
        let others = catalog.roles().filter(|(_, def)| !def.owner);
        let likes: Vec<RoleKey> = others.map(|(_, def)| def.key.as_str().into()).collect();
        let keys: Vec<PermissionKey> = PERMISSIONS.iter().map(|(key, _)| (*key).into()).collect();
        Event::CustomRoleSet {
            role: key.into(),
            title: name(key),
            like: self.pick(&likes),
            reach: self.pick(&[Reach::Assigned, Reach::All, Reach::None]),
            permissions: self.some(2, &keys),
        }
    }

    /// A service of somebody, who may not be there.
    fn service(&mut self, n: u64) -> Event {
        let keys: Vec<PermissionKey> = PERMISSIONS.iter().map(|(key, _)| (*key).into()).collect();
        let workspaces: Vec<WorkspaceId> = (1..WORKSPACES).map(workspace).collect();
        Event::ServiceCreated {
            service: service(n),
            name: name(&format!("Service {n}")),
            sponsor: user(self.number(USERS)),
            permissions: self.some(2, &keys),
            workspaces: if self.once_in(2) { self.some(2, &workspaces) } else { Vec::new() },
            until: self.until(),
            secret: SecretHash::from_bytes([0; 32]),
        }
    }

    /// Another plan, or other seats, now or at a time around now.
    fn terms(&mut self) -> Event {
        let at = self.until();
        Event::PlanChanged { plan: self.pick(&["first", "second"]).into(), seats: Seats::new(100), at }
    }

    /// One more event, whether it makes sense or not.
    fn happening(&mut self, catalog: &Catalog, roles: &[RoleKey]) -> Event {
        let user = user(self.number(USERS));
        let team = team(self.number(TEAMS));
        let numbered = self.number(SERVICES);
        match self.below(80) {
            0..=22 => Event::AccessGiven {
                user,
                workspace: self.workspace(),
                changes: self.changes(roles),
                given_by: Actor::System,
            },
            23..=40 => self.rule(catalog),
            41..=51 => Event::TeamJoined { team, user },
            52 | 53 => Event::PersonSuspended { user },
            54 => Event::PersonReactivated { user },
            55 => Event::RolesChanged { user, roles: self.roles(roles) },
            56 | 57 => Event::MemberJoined { user, roles: self.roles(roles), given_by: Actor::System },
            58 => Event::AccessTaken { user, workspace: self.workspace() },
            59 => Event::TeamLeft { team, user },
            60 => Event::PersonRemoved { user, content: Content::Stays },
            61 => Event::StatusChanged {
                status: self.pick(&[Status::Active, Status::PastDue, Status::Suspended, Status::Archived]),
            },
            62..=64 => Event::WorkspaceArchived { workspace: self.workspace() },
            65 => Event::WorkspaceReopened { workspace: self.workspace() },
            66..=68 => self.custom_role(catalog, CUSTOM_ROLES[0]),
            69 => Event::CustomRoleDeleted {
                role: CUSTOM_ROLES[1].into(),
                instead: if self.once_in(2) { None } else { Some(self.pick(roles)) },
            },
            70 | 71 => self.service(numbered),
            72 => Event::ServiceOrphaned { service: service(numbered) },
            73 => Event::ServiceEnded { service: service(numbered) },
            74 | 75 => self.terms(),
            76 => Event::ProviderRequired {
                provider: if self.once_in(2) { None } else { Some(self.pick(&PROVIDERS).into()) },
            },
            _ => Event::AccessGiven {
                user,
                workspace: self.workspace(),
                changes: Override::none(),
                given_by: Actor::System,
            },
        }
    }

    fn roles(&mut self, roles: &[RoleKey]) -> Vec<RoleKey> {
        let first = self.pick(roles);
        if self.once_in(3) { vec![first, self.pick(roles)] } else { vec![first] }
    }

    fn workspace(&mut self) -> WorkspaceId {
        workspace(self.number(WORKSPACES - 1))
    }

    fn changes(&mut self, roles: &[RoleKey]) -> Override {
        let keys = below_organization();
        Override {
            role: if self.once_in(2) { Some(self.pick(roles)) } else { None },
            added: self.some(4, &keys),
            removed: self.some(4, &keys),
            until: self.until(),
        }
    }

    fn rule(&mut self, catalog: &Catalog) -> Event {
        let mut holders: Vec<RuleFor> = (1..=TEAMS).map(|n| RuleFor::Team(team(n))).collect();
        holders.extend(catalog.groups().map(|(_, def)| RuleFor::Group(GroupKey::from(def.key.as_str()))));
        let keys = below_organization();
        Event::RuleSet {
            workspace: self.workspace(),
            holder: self.pick(&holders),
            given: self.some(4, &keys),
            taken: self.some(4, &keys),
            until: self.until(),
        }
    }
}

fn below_organization() -> Vec<PermissionKey> {
    let below = PERMISSIONS.into_iter().filter(|(_, scope)| *scope != Scope::Organization);
    below.map(|(key, _)| key.into()).collect()
}

/// An organization and how it came about.
struct Story {
    org: Organization,
    history: Vec<Record>,
}

impl Story {
    /// Applies the events, unless the state after all of them would not pass the audit.
    fn happens(&mut self, events: impl IntoIterator<Item = Event>) {
        let (mut after, mut records) = (self.org.clone(), Vec::new());
        for event in events {
            let record = Record { version: after.version().next(), at: NOW, by: Actor::System, command: None, event };
            after.apply(&record);
            records.push(record);
        }
        let found = after.audit(NOW);
        assert!(!found.contains(&Violation::Misindexed), "{records:?}");
        if found.is_empty() {
            self.org = after;
            self.history.append(&mut records);
        }
    }
}

/// The resources.
impl Dice<'_, '_> {
    /// Resources are numbered from 100, their containers from 10; fillers, which nobody shares, from 1000.
    fn resource(&mut self, org: &Organization, n: u64) -> OwnedResource {
        let (id, catalog) = (thing(100 + n), org.catalog());
        let people: Vec<_> = org.people().map(|(user, person)| (user, person.joined().version)).collect();
        let mut containers = self.some(2, &[thing(10), thing(11), thing(12)]);
        if self.once_in(6) {
            let filler = CONTAINERS_MAX - usize::from(self.below(2));
            containers.splice(0..0, (0..filler).map(|n| thing(1000 + n as u64)));
        }
        let workspaces = [Some(workspace(1)), Some(workspace(2)), Some(workspace(1)), None, None, Some(workspace(3))];
        OwnedResource {
            id,
            containers,
            workspace: self.pick(&workspaces),
            personal_owner: if self.once_in(4) { Some(user(self.number(USERS + 1))) } else { None },
            shares: (0..self.below(5)).map(|_| self.share(catalog, &people, id)).collect(),
        }
    }

    /// Somebody of the organization as they are, or as somebody who was there before.
    fn somebody(&mut self, people: &[(UserId, Version)]) -> ShareHolder {
        if people.is_empty() {
            return ShareHolder::Members;
        }
        let (user, joined) = self.pick(people);
        ShareHolder::Person { user, joined: if self.once_in(3) { Version::ZERO } else { joined } }
    }

    fn share(&mut self, catalog: &Catalog, people: &[(UserId, Version)], on: ResourceId) -> Share {
        let mut groups = catalog.groups().map(|(group, _)| ShareHolder::Group(group));
        let holders = [
            ShareHolder::User(user(self.number(USERS + 1))),
            ShareHolder::User(user(self.number(USERS))),
            self.somebody(people),
            groups.next().unwrap_or(ShareHolder::Members),
            groups.next().unwrap_or(ShareHolder::Members),
            ShareHolder::Team(team(self.number(TEAMS))),
            ShareHolder::Members,
            ShareHolder::Organization(org(self.number(2))),
            ShareHolder::Link(link(self.number(2))),
        ];
        Share {
            on: self.pick(&[on, on, thing(10), thing(11), thing(12), thing(100)]),
            to: self.pick(&holders),
            level: self.levels(catalog, 2),
            until: self.until(),
        }
    }
}

/// Tries a law in many worlds, always the same ones. `BAILIWICK_CASES` says in how many; `BAILIWICK_SEED` tries a
/// single one. Where the law does not hold, the world is simplified as long as it does not, and shown.
pub(crate) fn for_any_world(law: impl Fn(&World)) {
    for_worlds(192, law);
}

/// The same, in so many worlds where the variable says nothing.
pub(crate) fn for_worlds(usual: u64, law: impl Fn(&World)) {
    if let Some(seed) = variable("BAILIWICK_SEED") {
        return hold_in(seed, &law);
    }
    for seed in 0..variable("BAILIWICK_CASES").unwrap_or(usual) {
        hold_in(seed, &law);
    }
}

fn variable(key: &str) -> Option<u64> {
    std::env::var(key).ok().map(|text| text.parse().expect("the variable is a whole number"))
}

fn hold_in(seed: u64, law: &impl Fn(&World)) {
    let bytes = noise(seed);
    if panics(&bytes, law) {
        let simplest = simplify(bytes, |simpler| panics(simpler, law));
        let world = World::from_bytes(&simplest);
        eprintln!("BAILIWICK_SEED={seed} ({} bytes after simplifying)\n{world:?}", simplest.len());
        law(&world);
        panic!("the law holds in the world of seed {seed} when it is tried again");
    }
}

/// The bytes of a seed: a plain mixing generator, the same on every machine.
pub(crate) fn noise(seed: u64) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    (0..256).flat_map(|_| next().to_le_bytes()).collect()
}

/// Fewer bytes, then zeros instead of bytes: both make simpler worlds.
fn simplify(mut bytes: Vec<u8>, still: impl Fn(&[u8]) -> bool) -> Vec<u8> {
    let mut cut = bytes.len() / 2;
    while cut > 0 {
        let shorter = bytes.len().saturating_sub(cut);
        if shorter < bytes.len() && still(&bytes[..shorter]) {
            bytes.truncate(shorter);
        } else {
            cut /= 2;
        }
    }
    for size in [64, 16, 4, 1] {
        for start in (0..bytes.len()).step_by(size) {
            let mut zeroed = bytes.clone();
            let end = bytes.len().min(start + size);
            zeroed[start..end].fill(0);
            if zeroed != bytes && still(&zeroed) {
                bytes = zeroed;
            }
        }
    }
    bytes
}

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Whether the law panics in the world of these bytes, without a word about it.
fn panics(bytes: &[u8], law: &impl Fn(&World)) -> bool {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                loud(info);
            }
        }));
    });
    QUIET.set(true);
    let outcome = panic::catch_unwind(AssertUnwindSafe(|| law(&World::from_bytes(bytes))));
    QUIET.set(false);
    outcome.is_err()
}
