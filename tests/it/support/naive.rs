//! The rules of a check once more, as plainly as they can be written: whole sets of keys, nothing compiled, nothing
//! kept. It reads definitions and state as anybody can, and shares no code with the crate's own walk.

use std::collections::BTreeSet;

use bailiwick::access::{Decision, DenyReason, Facts, Requirement, Resource, Share, ShareHolder, Target};
use bailiwick::catalog::policy::{OverrideMode, OwnerHolds};
use bailiwick::catalog::{
    Catalog, FeatureSet, Permission, PermissionDef, PermissionSet, PlanDef, Reach, Role, RoleDef, RoleSet, Scope, Sight,
};
use bailiwick::limits::CONTAINERS_MAX;
use bailiwick::{
    AccessRow, Actor, Organization, Person, PersonStatus, Profile, Rule, RuleHolder, Service, Status, Timestamp,
    UserId, Workspace, WorkspaceId,
};

/// Permissions, by key.
type Keys = BTreeSet<String>;

/// May they? The first rule that answers is the answer.
pub(crate) fn check(
    org: &Organization,
    actor: Actor,
    permission: Permission,
    target: Target<'_>,
    facts: &Facts<'_>,
) -> Decision {
    let catalog = org.catalog();
    let def = catalog.permission_def(permission).expect("only permissions of the catalog are asked");
    let asked = Question { org, catalog, actor, def, target, facts };
    match asked.denied() {
        Some(reason) => Decision::Deny(reason),
        None => asked.missing().map_or(Decision::Allow, Decision::StepUp),
    }
}

struct Question<'a> {
    org: &'a Organization,
    catalog: &'a Catalog,
    actor: Actor,
    def: &'a PermissionDef,
    target: Target<'a>,
    facts: &'a Facts<'a>,
}

/// A role of the catalog, or one of the organization's own with the traits of the role that it is like.
struct Held<'a> {
    /// The role of the catalog: itself, or the one that it is like.
    like: Role,
    traits: &'a RoleDef,
    reach: Reach,
    keys: Keys,
}

/// What each layer of a workspace says of the permissions that can be held there.
#[derive(Default)]
struct Layers {
    inherited: Keys,
    base: Keys,
    given: Keys,
    taken: Keys,
    added: Keys,
    removed: Keys,
    result: Keys,
}

/// Rules 1 to 8.
impl Question<'_> {
    fn denied(&self) -> Option<DenyReason> {
        let Some(profile) = self.org.profile().filter(|profile| profile.deletion.is_none()) else {
            return Some(DenyReason::NotFound);
        };
        if self.service().is_none() && self.person().is_none() && self.shares().is_empty() {
            return Some(DenyReason::NotFound);
        }
        match profile.status {
            Status::PastDue if !self.def.open_while_suspended => return Some(DenyReason::OrganizationPastDue),
            Status::Suspended if !self.def.open_while_suspended => return Some(DenyReason::OrganizationSuspended),
            Status::Archived if self.def.active_only => return Some(DenyReason::OrganizationArchived),
            _ => {}
        }
        self.service_stopped()
            .or_else(|| self.person_stopped())
            .or_else(|| self.workspace_closed())
            .or_else(|| self.not_granted())
            .or_else(|| self.narrowed())
            .or_else(|| self.feature_missing())
    }

    fn service_stopped(&self) -> Option<DenyReason> {
        let service = self.service()?;
        (service.sponsor().is_none() || !self.counts(service.until())).then_some(DenyReason::AccessEnded)
    }

    fn person_stopped(&self) -> Option<DenyReason> {
        let person = self.person()?;
        if person.status() == PersonStatus::Suspended {
            return Some(DenyReason::PersonSuspended);
        }
        let ended = person.rows().iter().all(|row| !self.counts(row.until));
        (!person.is_member() && ended && self.shares().is_empty()).then_some(DenyReason::AccessEnded)
    }

    fn workspace_closed(&self) -> Option<DenyReason> {
        let Some(workspace) = self.org.workspace(self.workspace_id()?) else {
            return Some(DenyReason::WorkspaceNotFound);
        };
        (workspace.archived().is_some() && self.def.active_only).then_some(DenyReason::WorkspaceArchived)
    }

    /// What a person in somebody's place, or a key, cannot do although that somebody can.
    fn narrowed(&self) -> Option<DenyReason> {
        let sensitive = self.def.second_factor || self.def.recent_authentication.is_some();
        if self.actor.is_staff() && sensitive {
            return Some(DenyReason::NotForStaff);
        }
        let service = self.service()?;
        let below = self.def.scope != Scope::Organization; // what is bound to workspaces acts in workspaces
        let here = || below && self.workspace_id().is_some_and(|id| service.workspaces().contains(&id));
        let carried = self.keys(service.permissions()).contains(&self.def.key);
        let carries = carried && (service.workspaces().is_empty() || here());
        (!carries).then_some(DenyReason::Restricted)
    }

    fn feature_missing(&self) -> Option<DenyReason> {
        let key = self.def.feature.as_ref()?;
        let has = |plan: &PlanDef| plan.features.contains(key);
        if self.plan().is_some_and(has) || self.features_of_caller(self.facts.features).contains(key.as_str()) {
            return None;
        }
        let smallest = self.catalog.plans().filter(|(_, plan)| has(plan)).min_by_key(|(_, plan)| plan.rank);
        let feature = self.catalog.feature(key).expect("the catalog was built with it");
        Some(DenyReason::NeedsFeature { feature, plan: smallest.map(|(plan, _)| plan) })
    }

    fn features_of_caller(&self, features: FeatureSet) -> BTreeSet<&str> {
        features.iter().map(|feature| self.catalog.feature_key(feature)).collect()
    }
}

/// Rule 9.
impl Question<'_> {
    fn missing(&self) -> Option<Requirement> {
        let now = self.facts.now.as_millis();
        let fresh = |max_age: u64| match self.facts.authenticated_at {
            Some(at) => now <= at.as_millis() || now - at.as_millis() <= max_age,
            None => false,
        };
        let requirement = Requirement {
            provider: self
                .required_provider()
                .filter(|required| {
                    let used = self.facts.provider.map(|provider| self.catalog.provider_key(provider));
                    matches!(self.actor, Actor::User(_)) && used != Some(required)
                })
                .and_then(|required| self.catalog.provider(required)),
            second_factor: self.def.second_factor && !self.facts.second_factor,
            authentication_within: self.def.recent_authentication.filter(|max_age| !fresh(max_age.as_millis())),
        };
        (requirement != Requirement::default()).then_some(requirement)
    }

    /// That of the plan; where it has none, that of the organization.
    fn required_provider(&self) -> Option<&str> {
        let own = || self.profile()?.provider.map(|provider| self.catalog.provider_key(provider));
        self.plan().and_then(|plan| plan.identity_provider.as_deref()).or_else(own)
    }
}

/// Rule 7.
impl Question<'_> {
    fn not_granted(&self) -> Option<DenyReason> {
        let key = self.def.key.as_str();
        if self.def.scope == Scope::Organization {
            return (!self.organization_part().contains(key)).then_some(DenyReason::NotGranted);
        }
        let layers = self.layers();
        let Some(resource) = self.resource() else { return layers.not_granted(key) };
        let personal = resource.personal_owner;
        if !self.person().is_some_and(|person| self.belongs(person)) {
            return self.not_shared(key, &Layers::default(), personal.is_some());
        }
        if personal.is_some() && personal == self.user() {
            let own = if resource.workspace.is_some() { &layers.result } else { &self.best_of_roles() };
            return (!own.contains(key)).then(|| layers.not_granted(key).unwrap_or(DenyReason::NotGranted));
        }
        if personal.is_none() && self.sight() == Sight::All {
            return layers.not_granted(key);
        }
        self.not_shared(key, &layers, personal.is_some())
    }

    fn not_shared(&self, key: &str, layers: &Layers, personal: bool) -> Option<DenyReason> {
        let levels = self.shares().into_iter().map(|share| self.keys(share.level));
        let shared: Keys = levels.flatten().filter(|key| self.scope_of(key) == Scope::Resource).collect();
        let within_role = !self.is_member() || (&self.best_of_roles() | &layers.result).contains(key);
        match (shared.contains(key), layers.result.contains(key)) {
            (true, _) if within_role => None,
            (true, _) => Some(DenyReason::ShareBeyondRole),
            (false, true) if personal => Some(DenyReason::Private),
            (false, true) => Some(DenyReason::NotShared),
            (false, false) => layers.not_granted(key),
        }
    }

    /// What the roles hold at organization level.
    fn organization_part(&self) -> Keys {
        let held = self.roles().into_iter().flat_map(|role| role.keys);
        held.filter(|key| self.scope_of(key) == Scope::Organization).collect()
    }

    /// What the roles could do in some workspace.
    fn best_of_roles(&self) -> Keys {
        self.workspace_parts(self.roles().into_iter().filter(|role| role.reach != Reach::None))
    }

    fn layers(&self) -> Layers {
        let inherited = self.workspace_parts(self.carrying());
        let row_role = self.row_role().map(|role| self.workspace_parts([role]));
        let mode = self.override_mode();
        let base = match (mode, row_role) {
            (_, None) | (OverrideMode::Off, _) => inherited.clone(),
            (OverrideMode::Replace, Some(role)) => role,
            (OverrideMode::Expand, Some(role)) => &inherited | &role,
            (OverrideMode::Reduce, Some(role)) => &inherited & &role,
        };
        let expands = matches!(mode, OverrideMode::Replace | OverrideMode::Expand);
        let reduces = matches!(mode, OverrideMode::Replace | OverrideMode::Reduce);
        let row = |set: fn(&AccessRow) -> PermissionSet| self.row().map(|row| self.keys(set(row))).unwrap_or_default();
        let added = if expands { row(|row| row.added) } else { Keys::new() };
        let removed = if reduces { row(|row| row.removed) } else { Keys::new() };
        let given: Keys = self.rules().flat_map(|rule| self.keys(rule.given)).collect();
        let taken: Keys = self.rules().flat_map(|rule| self.keys(rule.taken)).collect();

        let with_groups = &(&base | &given) - &taken;
        let effective = &(&with_groups | &added) - &removed;
        let result =
            &effective | &self.workspace_parts(self.carrying().into_iter().filter(|role| !role.traits.is_reducible()));
        Layers { inherited, base, given, taken, added, removed, result }
    }

    fn sight(&self) -> Sight {
        let widest = |roles: Vec<Held<'_>>| roles.iter().map(|role| role.traits.sight).max().unwrap_or(Sight::Shared);
        let inherited = widest(self.carrying());
        let seen = match (self.row_role(), self.override_mode()) {
            (None, _) if self.row().is_some() && self.carrying().is_empty() => Sight::All,
            (None, _) | (Some(_), OverrideMode::Off) => inherited,
            (Some(role), OverrideMode::Replace) => role.traits.sight,
            (Some(role), OverrideMode::Expand) => inherited.max(role.traits.sight),
            (Some(role), OverrideMode::Reduce) => inherited.min(role.traits.sight),
        };
        seen.max(widest(self.carrying().into_iter().filter(|role| !role.traits.is_reducible()).collect()))
    }
}

impl Layers {
    fn not_granted(&self, key: &str) -> Option<DenyReason> {
        let otherwise = self.added.contains(key) || (self.has_base(key) && !self.taken.contains(key));
        if self.result.contains(key) {
            None
        } else if self.removed.contains(key) && otherwise {
            Some(DenyReason::RemovedByOverride)
        } else if self.taken.contains(key) && self.has_base(key) {
            Some(DenyReason::TakenByRule)
        } else if self.inherited.contains(key) {
            Some(DenyReason::ReplacedByOverride)
        } else {
            Some(DenyReason::NotGranted)
        }
    }

    fn has_base(&self, key: &str) -> bool {
        self.base.contains(key) || self.given.contains(key)
    }
}

/// Who asks, and what of theirs counts here.
impl<'a> Question<'a> {
    /// Whose rights count: whoever is signed in, in whose place staff acts, in whose name a service acts.
    fn user(&self) -> Option<UserId> {
        match self.actor {
            Actor::Service(_) => self.service()?.sponsor(),
            _ => self.actor.user(),
        }
    }

    fn service(&self) -> Option<&'a Service> {
        match self.actor {
            Actor::Service(service) => self.org.service(service),
            _ => None,
        }
    }

    fn person(&self) -> Option<&'a Person> {
        self.org.person(self.user()?)
    }

    fn is_member(&self) -> bool {
        self.person().is_some_and(Person::is_member)
    }

    fn roles(&self) -> Vec<Held<'a>> {
        self.person().into_iter().flat_map(|person| person.roles().iter()).map(|role| self.role(role)).collect()
    }

    /// The roles that carry into the target.
    fn carrying(&self) -> Vec<Held<'a>> {
        let carries = |role: &Held<'_>| match role.reach {
            Reach::All => true,
            Reach::Assigned => self.row().is_some(),
            Reach::None => false,
        };
        self.roles().into_iter().filter(carries).collect()
    }

    /// The row in the workspace of the target, while it counts.
    fn row(&self) -> Option<&'a AccessRow> {
        self.person()?.row(self.workspace_id()?).filter(|row| self.counts(row.until))
    }

    fn row_role(&self) -> Option<Held<'a>> {
        self.row()?.role.map(|role| self.role(role))
    }

    fn override_mode(&self) -> OverrideMode {
        if self.is_member() { self.catalog.policy().overrides } else { OverrideMode::Replace }
    }

    /// The rules about the person in the workspace of the target, while they count.
    fn rules(&self) -> impl Iterator<Item = &'a Rule> {
        let all = self.workspace_id().and_then(|id| self.org.workspace(id)).map_or(&[][..], Workspace::rules);
        all.iter().filter(|rule| self.counts(rule.until) && self.is_held_by(rule.holder))
    }

    fn is_held_by(&self, holder: RuleHolder) -> bool {
        self.person().is_some_and(|person| match holder {
            RuleHolder::Group(group) => self.has_one_of(self.catalog.roles_of_group(group)),
            RuleHolder::Team(team) => person.teams().iter().any(|joined| joined.team == team),
        })
    }

    fn has_one_of(&self, roles: RoleSet) -> bool {
        self.roles().iter().any(|role| roles.contains(role.like))
    }

    /// The shares that open the resource to the actor, while they count.
    fn shares(&self) -> Vec<&'a Share> {
        let Some(resource) = self.resource() else { return Vec::new() };
        let containers = resource.containers.iter().take(CONTAINERS_MAX);
        let around: Vec<_> = [&resource.id].into_iter().chain(containers).collect();
        let counts =
            |share: &&Share| around.contains(&&share.on) && self.counts(share.until) && self.concerns(share.to);
        resource.shares.iter().filter(counts).collect()
    }

    fn concerns(&self, holder: ShareHolder) -> bool {
        match holder {
            ShareHolder::User(user) => self.user() == Some(user),
            ShareHolder::Person { user, joined } => {
                let same = |person: &Person| person.joined().version == joined;
                self.user() == Some(user) && self.person().is_some_and(|person| self.belongs(person) && same(person))
            }
            ShareHolder::Group(group) => self.is_held_by(RuleHolder::Group(group)),
            ShareHolder::Team(team) => {
                self.is_held_by(RuleHolder::Team(team)) && self.person().is_some_and(|person| self.belongs(person))
            }
            ShareHolder::Members => self.is_member(),
            ShareHolder::Organization(other) => self.user().is_some() && self.facts.organizations.contains(&other),
            ShareHolder::Link(link) => self.actor == Actor::Link(link),
        }
    }

    /// A collaborator whose last access has ended is a stranger.
    fn belongs(&self, person: &Person) -> bool {
        person.is_member() || person.rows().iter().any(|row| self.counts(row.until))
    }

    fn counts(&self, until: Option<Timestamp>) -> bool {
        until.is_none_or(|end| self.facts.now < end)
    }

    fn resource(&self) -> Option<&'a Resource<'a>> {
        match self.target {
            Target::Resource(resource) => Some(resource),
            Target::Organization | Target::Workspace(_) => None,
        }
    }

    fn workspace_id(&self) -> Option<WorkspaceId> {
        match self.target {
            Target::Organization => None,
            Target::Workspace(workspace) => Some(workspace),
            Target::Resource(resource) => resource.workspace,
        }
    }
}

/// What the catalog says.
impl<'a> Question<'a> {
    fn role(&self, role: Role) -> Held<'a> {
        let def = |role| self.catalog.role_def(role).expect("only roles that there are are given");
        match self.org.custom_roles().find(|(custom, _)| *custom == role) {
            Some((_, custom)) => Held {
                like: custom.like(),
                traits: def(custom.like()),
                reach: custom.reach(),
                keys: self.keys(custom.permissions()),
            },
            None => Held { like: role, traits: def(role), reach: def(role).reach, keys: self.holds(def(role)) },
        }
    }

    fn profile(&self) -> Option<&'a Profile> {
        self.org.profile()
    }

    /// What was scheduled counts from its very instant on.
    fn plan(&self) -> Option<&'a PlanDef> {
        let profile = self.profile()?;
        let next = profile.next_terms.filter(|(_, from)| self.facts.now >= *from);
        self.catalog.plan_def(next.map_or(profile.terms, |(terms, _)| terms).plan)
    }

    /// Everything that a role holds, with what it extends.
    fn holds(&self, role: &RoleDef) -> Keys {
        let everything = || self.catalog.permissions().map(|(_, def)| def.key.clone());
        let owns_all = role.owner && self.catalog.policy().owner_holds == OwnerHolds::All;
        if owns_all || role.permissions.iter().any(|key| key == "*") {
            return everything().collect();
        }
        let extended = self.catalog.roles().find(|(_, other)| role.extends.as_ref() == Some(&other.key));
        let more = extended.map(|(_, other)| self.holds(other)).unwrap_or_default();
        role.permissions.iter().cloned().chain(more).collect()
    }

    /// What roles hold below organization level.
    fn workspace_parts<'r>(&self, roles: impl IntoIterator<Item = Held<'r>>) -> Keys {
        let held = roles.into_iter().flat_map(|role| role.keys);
        held.filter(|key| self.scope_of(key) != Scope::Organization).collect()
    }

    fn keys(&self, set: PermissionSet) -> Keys {
        self.catalog.permissions().filter(|(p, _)| set.contains(*p)).map(|(_, def)| def.key.clone()).collect()
    }

    fn scope_of(&self, key: &str) -> Scope {
        let found = self.catalog.permissions().find(|(_, def)| def.key == key);
        found.map(|(_, def)| def.scope).expect("only permissions of the catalog are named")
    }
}
