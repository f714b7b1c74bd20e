//! Checking and compiling: from definitions to the tables that a check reads.
//!
//! Every mistake is written down before anything is given up, each at the path that it has in the file form.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use hashbrown::HashMap;

use super::policy::{Levels, OwnerHolds, PersonalPolicy};
use super::{
    Catalog, CatalogBuilder, CreditRule, Enforcement, Feature, Fingerprint, Gates, Holders, Per, Permission,
    PermissionSet, Plan, PlanTable, Provider, Reach, Renewal, Role, RoleSet, RoleTable, Scope, key, key::CUSTOM_ROLE,
    limit,
};
use crate::document::{Mistake, MistakeCode, Mistakes, Path, Report};
use crate::label::Label;
use crate::limits::{
    ALERTS_MAX, ALLOCATION_MAX, FEATURES_MAX, GROUPS_MAX, NAME_BYTES_MAX, PERMISSIONS_MAX, PLANS_MAX, PROVIDERS_MAX,
    ROLE_DEPTH_MAX, ROLES_MAX,
};
use crate::text::Name;

/// Compiles the definitions, with the mistakes that reading them has already found.
pub(super) fn compile(defs: CatalogBuilder, found: Vec<Mistake>) -> Result<Catalog, Mistakes> {
    let mut report = Report::default();
    let catalog = Compiler::new(&defs, &mut report).compile();
    let mut mistakes = found;
    mistakes.extend(report.into_mistakes());
    Mistakes::check(mistakes)?;
    let fingerprint = Fingerprint::of(&defs);
    Ok(Catalog { defs, fingerprint, ..catalog })
}

/// Positions by key.
pub(super) type Names = HashMap<String, u8>;

struct Compiler<'d, 'r> {
    defs: &'d CatalogBuilder,
    report: &'r mut Report,
    permissions: Names,
    roles: Names,
    groups: Names,
    plans: Names,
    features: Names,
    providers: Names,
}

impl<'d, 'r> Compiler<'d, 'r> {
    /// Gives every key its position.
    fn new(defs: &'d CatalogBuilder, report: &'r mut Report) -> Self {
        let root = Path::default();
        if let Some(flaw) = key::flaw(&defs.name) {
            report.add(&root.key("name"), MistakeCode::BadValue, format_args!("`{}`: {flaw}", defs.name));
        }
        let mut number = |what: &'static str, max: usize, keys: &mut dyn Iterator<Item = &'d str>, inner: &str| {
            let mut names = Names::new();
            for (at, written) in keys.enumerate() {
                let entry = root.key(what).at(at);
                let place = if inner.is_empty() { entry } else { entry.key(inner) };
                if let Some(flaw) = key::flaw(written) {
                    report.add(&place, MistakeCode::BadValue, format_args!("`{written}`: {flaw}"));
                }
                let index = u8::try_from(at).ok().filter(|_| at < max);
                if at == max {
                    report.add(&root.key(what), MistakeCode::TooMany, format_args!("more than {max} {what}"));
                }
                if index.is_some_and(|index| names.insert(written.to_owned(), index).is_some()) {
                    report.add(&place, MistakeCode::Duplicate, format_args!("`{written}` is defined twice"));
                }
            }
            names
        };
        let permissions =
            number("permissions", PERMISSIONS_MAX, &mut defs.permissions.iter().map(|def| def.key.as_str()), "key");
        let roles = number("roles", ROLES_MAX, &mut defs.roles.iter().map(|def| def.key.as_str()), "key");
        let groups = number("groups", GROUPS_MAX, &mut defs.groups.iter().map(|def| def.key.as_str()), "key");
        let plans = number("plans", PLANS_MAX, &mut defs.plans.iter().map(|def| def.key.as_str()), "key");
        let providers = number("providers", PROVIDERS_MAX, &mut defs.providers.iter().map(String::as_str), "");
        let mut features = number("features", FEATURES_MAX, &mut defs.features.iter().map(String::as_str), "");
        for (at, plan) in defs.plans.iter().enumerate() {
            for (feature_at, feature) in plan.features.iter().enumerate() {
                let place = root.key("plans").at(at).key("features").at(feature_at);
                if let Some(flaw) = key::flaw(feature) {
                    report.add(&place, MistakeCode::BadValue, format_args!("`{feature}`: {flaw}"));
                }
                let next = u8::try_from(features.len()).unwrap_or(u8::MAX);
                if features.contains_key(feature) {
                    continue;
                }
                if features.len() < FEATURES_MAX {
                    features.insert(feature.clone(), next);
                } else {
                    report.add(&place, MistakeCode::TooMany, format_args!("more than {FEATURES_MAX} features"));
                }
            }
        }
        Self { defs, report, permissions, roles, groups, plans, features, providers }
    }

    fn compile(mut self) -> Catalog {
        let scopes = self.scopes();
        let gates = self.gates(&scopes);
        let guards = self.guards();
        let roles = self.role_tables(&scopes);
        let groups = self.group_tables();
        let needs: Vec<Option<Feature>> = self.needs();
        let plans = self.plan_tables(&needs);
        let owner = self.owner();
        let creator_roles = self.creator_roles(owner);
        let former_owner = self.former_owner(owner);
        self.meters();
        self.policy();
        let by_feature = (0..self.features.len())
            .map(|at| {
                self.permissions_where(|p| needs.get(usize::from(p.index())).copied().flatten() == feature_at(at))
            })
            .collect();
        let smallest_with = (0..self.features.len()).map(|at| self.smallest_with(&plans, feature_at(at)?)).collect();
        Catalog {
            defs: CatalogBuilder::default(),
            permissions: self.permissions,
            role_names: self.roles,
            group_names: self.groups,
            plan_names: self.plans,
            feature_names: self.features,
            provider_names: self.providers,
            scopes,
            gates,
            guards,
            roles,
            groups,
            plans,
            needs,
            by_feature,
            smallest_with,
            owner,
            former_owner,
            creator_roles,
            fingerprint: Fingerprint::default(),
        }
    }

    fn permissions_where(&self, keep: impl Fn(Permission) -> bool) -> PermissionSet {
        (0..self.defs.permissions.len().min(PERMISSIONS_MAX))
            .filter_map(|at| u8::try_from(at).ok())
            .map(Permission::from_index)
            .filter(|permission| keep(*permission))
            .collect()
    }

    /// The permissions of each scope: organization, workspace, resource.
    fn scopes(&self) -> [PermissionSet; 3] {
        [Scope::Organization, Scope::Workspace, Scope::Resource].map(|scope| {
            self.permissions_where(|p| {
                self.defs.permissions.get(usize::from(p.index())).is_some_and(|d| d.scope == scope)
            })
        })
    }

    fn gates(&mut self, scopes: &[PermissionSet; 3]) -> Gates {
        let def = |p: Permission| self.defs.permissions.get(usize::from(p.index()));
        let [organization, workspace, resource] = *scopes;
        let open = self.permissions_where(|p| def(p).is_some_and(|d| d.open_while_suspended));
        let mut ages: Vec<_> = self.defs.permissions.iter().filter_map(|d| d.recent_authentication).collect();
        ages.sort_unstable();
        ages.dedup();
        let recent: Vec<(_, PermissionSet)> = ages
            .into_iter()
            .map(|age| (age, self.permissions_where(|p| def(p).is_some_and(|d| d.recent_authentication == Some(age)))))
            .collect();
        let second_factor = self.permissions_where(|p| def(p).is_some_and(|d| d.second_factor));
        let gates = Gates {
            sensitive: recent.iter().fold(second_factor, |all, (_, set)| all | *set),
            closed_while_suspended: (organization | workspace | resource) - open,
            active_only: self.permissions_where(|p| def(p).is_some_and(|d| d.active_only)),
            second_factor,
            recent,
        };
        for (at, permission) in self.defs.permissions.iter().enumerate() {
            self.title(&permission.title, &Path::default().key("permissions").at(at));
        }
        gates
    }

    /// Which permission each action needs.
    fn guards(&mut self) -> Vec<(super::Action, Permission)> {
        let mut guards: Vec<(super::Action, Permission)> = Vec::new();
        for (at, def) in self.defs.permissions.iter().enumerate() {
            for (guard_at, action) in def.guards.iter().enumerate() {
                let place = Path::default().key("permissions").at(at).key("guards").at(guard_at);
                let word = action.as_str();
                if guards.iter().any(|(guarded, _)| guarded == action) {
                    self.report.add(&place, MistakeCode::Duplicate, format_args!("`{word}` has a guard already"));
                }
                if def.scope > action.scope() {
                    self.report.add(
                        &place,
                        MistakeCode::WrongScope,
                        format_args!("`{word}` cannot be guarded below the {:?} level", action.scope()),
                    );
                }
                if let Ok(index) = u8::try_from(at) {
                    guards.push((*action, Permission::from_index(index)));
                }
            }
        }
        guards
    }

    fn role_tables(&mut self, scopes: &[PermissionSet; 3]) -> Vec<RoleTable> {
        let [organization, ..] = *scopes;
        let defs = self.defs;
        let mut tables = Vec::with_capacity(defs.roles.len());
        for (at, def) in defs.roles.iter().enumerate().take(ROLES_MAX) {
            let place = Path::default().key("roles").at(at);
            self.title(&def.title, &place);
            if def.holders.is_some() && !def.owner {
                let message = "only the owner role says how many hold it";
                self.report.add(&place.key("holders"), MistakeCode::Contradiction, message);
            }
            if def.falls_back_to.is_some() && !def.owner {
                let message = "only the owner role falls back to another one";
                self.report.add(&place.key("falls_back_to"), MistakeCode::Contradiction, message);
            }
            if def.key.starts_with(CUSTOM_ROLE) {
                let message = alloc::format!("keys that begin with `{CUSTOM_ROLE}` are for the roles of organizations");
                self.report.add(&place.key("key"), MistakeCode::BadValue, message);
            }
            let holds = self.holds(at);
            tables.push(RoleTable {
                organization: holds & organization,
                workspace: holds - organization,
                reach: def.reach,
                sight: def.sight,
                rank: def.rank,
                owner: def.owner,
                reducible: def.is_reducible(),
                billable: def.billable,
                exactly_one: def.holders == Some(Holders::ExactlyOne),
                assigned_by: self.role_set(&def.assigned_by, &place.key("assigned_by")),
            });
        }
        tables
    }

    /// Everything a role holds, what it extends included.
    fn holds(&mut self, at: usize) -> PermissionSet {
        let defs = self.defs;
        let mut set = PermissionSet::EMPTY;
        let mut current = at;
        for depth in 0..=ROLE_DEPTH_MAX {
            let Some(def) = defs.roles.get(current) else { break };
            let place = Path::default().key("roles").at(current);
            let first_visit = depth == 0;
            set |= self.declared(def, &place.key("permissions"), first_visit);
            let Some(extended) = def.extends.as_deref() else { break };
            let Some(next) = self.roles.get(extended).map(|index| usize::from(*index)) else {
                if first_visit {
                    self.unknown_role(extended, &place.key("extends"));
                }
                break;
            };
            if next == at {
                let place = Path::default().key("roles").at(at).key("extends");
                let start = defs.roles.get(at).map_or("", |def| def.key.as_str());
                self.report.add(
                    &place,
                    MistakeCode::Cycle,
                    format_args!("`{start}` extends itself, through `{extended}`"),
                );
                break;
            }
            if depth == ROLE_DEPTH_MAX && !self.loops(at) {
                let place = Path::default().key("roles").at(at).key("extends");
                let message = alloc::format!("roles extend one another more than {ROLE_DEPTH_MAX} deep");
                self.report.add(&place, MistakeCode::TooMany, message);
            }
            current = next;
        }
        set
    }

    /// Whether what a role extends runs in a circle somewhere; the roles on the circle report it themselves.
    fn loops(&self, at: usize) -> bool {
        let mut current = at;
        for _ in 0..=self.defs.roles.len() {
            let extended = self.defs.roles.get(current).and_then(|def| def.extends.as_ref());
            match extended.and_then(|key| self.roles.get(key)) {
                Some(next) => current = usize::from(*next),
                None => return false,
            }
        }
        true
    }

    /// What a role declares itself.
    fn declared(&mut self, def: &super::RoleDef, place: &Path, tell: bool) -> PermissionSet {
        let everything = self.permissions_where(|_| true);
        let owns_all = def.owner && self.defs.policy.owner_holds == OwnerHolds::All;
        let mut set = if owns_all { everything } else { PermissionSet::EMPTY };
        for (at, written) in def.permissions.iter().enumerate() {
            if written == "*" {
                set = everything;
            } else if let Some(index) = self.permissions.get(written) {
                set.insert(Permission::from_index(*index));
            } else if tell {
                let known = self.permissions.keys().map(String::as_str);
                self.report.unknown(&place.at(at), MistakeCode::UnknownName, "permission", written, known);
            }
        }
        set
    }

    fn group_tables(&mut self) -> Vec<RoleSet> {
        let defs = self.defs;
        let mut tables = Vec::with_capacity(defs.groups.len());
        for (at, def) in defs.groups.iter().enumerate().take(GROUPS_MAX) {
            let place = Path::default().key("groups").at(at);
            self.title(&def.title, &place);
            if def.roles.is_empty() {
                self.report.add(&place, MistakeCode::Missing, "a group without roles has nobody in it");
            }
            tables.push(self.role_set(&def.roles, &place.key("roles")));
        }
        tables
    }

    /// The feature that each permission needs.
    fn needs(&mut self) -> Vec<Option<Feature>> {
        let mut needs = Vec::with_capacity(self.defs.permissions.len());
        for (at, def) in self.defs.permissions.iter().enumerate() {
            needs.push(def.feature.as_ref().and_then(|written| {
                let index = self.features.get(written).copied();
                if index.is_none() {
                    let place = Path::default().key("permissions").at(at).key("feature");
                    let known = self.features.keys().map(String::as_str);
                    self.report.unknown(&place, MistakeCode::UnknownName, "feature", written, known);
                }
                index.map(Feature::from_index)
            }));
        }
        needs
    }

    fn plan_tables(&mut self, needs: &[Option<Feature>]) -> Vec<PlanTable> {
        let defs = self.defs;
        let mut tables = Vec::with_capacity(defs.plans.len());
        for (at, def) in defs.plans.iter().enumerate().take(PLANS_MAX) {
            let place = Path::default().key("plans").at(at);
            self.title(&def.title, &place);
            self.limits(def, &place);
            self.credits(&def.credits, &place.key("credits"));
            for (at, rule) in def.retention.iter().enumerate() {
                self.label(&rule.kind, &place.key("retention").at(at).key("kind"));
            }
            let features: super::FeatureSet = def
                .features
                .iter()
                .filter_map(|key| self.features.get(key))
                .copied()
                .map(Feature::from_index)
                .collect();
            let lacks = |p: Permission| {
                let needed = needs.get(usize::from(p.index())).copied().flatten();
                needed.is_some_and(|feature| !features.contains(feature))
            };
            let provider = def.identity_provider.as_ref().and_then(|written| {
                let index = self.providers.get(written).copied();
                if index.is_none() {
                    let known = self.providers.keys().map(String::as_str);
                    let place = place.key("identity_provider");
                    self.report.unknown(&place, MistakeCode::UnknownName, "provider", written, known);
                }
                index.map(Provider::from_index)
            });
            tables.push(PlanTable { locked: self.permissions_where(lacks), features, provider });
        }
        tables
    }

    /// The smallest plan with a feature; of plans of one rank the first.
    fn smallest_with(&self, tables: &[PlanTable], feature: Feature) -> Option<Plan> {
        let with =
            tables.iter().zip(&self.defs.plans).enumerate().filter(|(_, (table, _))| table.features.contains(feature));
        let (at, _) = with.min_by_key(|(_, (_, def))| def.rank)?;
        u8::try_from(at).ok().map(Plan::from_index)
    }

    fn limits(&mut self, def: &super::PlanDef, place: &Path) {
        self.percents(&def.storage.alerts_percent, &place.key("storage"));
        for (at, written) in def.limits.iter().enumerate() {
            let entry = place.key("limits").at(at);
            let place = entry.key("key");
            let meters = self.defs.meters.iter().map(String::as_str);
            if !limit::ALL.into_iter().chain(meters.clone()).any(|known| known == written.key) {
                let known = limit::ALL.into_iter().chain(meters);
                self.report.unknown(&place, MistakeCode::UnknownName, "limit", &written.key, known);
            }
            if def.limits.iter().take(at).any(|earlier| earlier.key == written.key && earlier.per == written.per) {
                let message = alloc::format!("`{}` is limited twice", written.key);
                self.report.add(&place, MistakeCode::Duplicate, message);
            }
            if limit::ALL.contains(&written.key.as_str()) && written.per == Per::Workspace {
                let message = alloc::format!("`{}` is counted over the organization", written.key);
                self.report.add(&place, MistakeCode::Contradiction, message);
            }
            if limit::ALL.contains(&written.key.as_str()) && matches!(written.enforcement, Enforcement::Grace(_)) {
                let message = alloc::format!("`{}` is `hard` or `soft`: heads have no grace", written.key);
                self.report.add(&place, MistakeCode::Contradiction, message);
            }
            self.percents(&written.alerts_percent, &entry);
        }
    }

    /// What a plan allocates: numbers that a ledger can count with, periods that end.
    fn credits(&mut self, rule: &CreditRule, place: &Path) {
        for (key, amount) in [("allocation", rule.allocation), ("allocation_per_seat", rule.allocation_per_seat)] {
            if amount > ALLOCATION_MAX {
                let message = alloc::format!("at most {ALLOCATION_MAX} credits each period");
                self.report.add(&place.key(key), MistakeCode::BadValue, message);
            }
        }
        if rule.rollover_periods == Some(0) {
            let message = "what stays, stays for one period at least; leave it out for ever";
            self.report.add(&place.key("rollover_periods"), MistakeCode::BadValue, message);
        }
        if rule.renewal == Renewal::Days(0) {
            self.report.add(&place.key("renewal"), MistakeCode::BadValue, "a period has at least one day");
        }
        self.percents(&rule.alerts_percent, place);
    }

    /// When somebody is told: a few thresholds between nothing and all.
    fn percents(&mut self, percents: &[u8], place: &Path) {
        if percents.iter().any(|percent| *percent == 0 || *percent > 100) {
            self.report.add(place, MistakeCode::BadValue, "`alerts_percent` takes 1 to 100");
        }
        if percents.len() > ALERTS_MAX {
            let message = alloc::format!("`alerts_percent` takes at most {ALERTS_MAX}");
            self.report.add(place, MistakeCode::TooMany, message);
        }
    }

    /// What ledgers count, by names that they can keep: not the storage, which plans limit by a rule of its own, and not what
    /// the crate counts itself.
    fn meters(&mut self) {
        let place = Path::default().key("meters");
        let meters = &self.defs.meters;
        for (at, meter) in meters.iter().enumerate() {
            let place = place.at(at);
            self.label(meter, &place);
            if meter.parse() == Ok(Label::STORAGE) || limit::ALL.contains(&meter.as_str()) {
                let message = alloc::format!("`{meter}` is counted without being named here");
                self.report.add(&place, MistakeCode::Contradiction, message);
            }
            if meters.iter().take(at).any(|earlier| earlier == meter) {
                self.report.add(&place, MistakeCode::Duplicate, format_args!("`{meter}` is defined twice"));
            }
        }
    }

    /// A word that ledgers keep.
    fn label(&mut self, written: &str, place: &Path) {
        if let Err(error) = written.parse::<Label>() {
            self.report.add(place, MistakeCode::BadValue, format_args!("`{written}`: {error}"));
        }
    }

    /// The one owner role, which nobody outranks.
    fn owner(&mut self) -> Role {
        let place = Path::default().key("roles");
        let owners: Vec<usize> =
            self.defs.roles.iter().enumerate().filter(|(_, def)| def.owner).map(|(at, _)| at).collect();
        let [owner] = owners.as_slice() else {
            let message = alloc::format!("a catalog has exactly one owner role, this one has {}", owners.len());
            self.report.add(&place, MistakeCode::Contradiction, message);
            return Role::from_index(0);
        };
        let rank = self.defs.roles.get(*owner).map_or(0, |def| def.rank);
        for (at, def) in self.defs.roles.iter().enumerate() {
            if def.rank > rank {
                let message = alloc::format!("`{}` outranks the owner", def.key);
                self.report.add(&place.at(at).key("rank"), MistakeCode::Contradiction, message);
            }
        }
        Role::from_index(u8::try_from(*owner).unwrap_or(0))
    }

    /// The role that a former owner gets: as declared, or the highest below. Nobody falls back to owning.
    fn former_owner(&mut self, owner: Role) -> Option<Role> {
        let defs = self.defs;
        let at = usize::from(owner.index());
        let Some(key) = defs.roles.get(at).and_then(|def| def.falls_back_to.as_deref()) else {
            let others = defs.roles.iter().enumerate().filter(|(_, def)| !def.owner);
            let (highest, _) = others.rev().max_by_key(|(_, def)| def.rank)?;
            return u8::try_from(highest).ok().map(Role::from_index);
        };
        let place = Path::default().key("roles").at(at).key("falls_back_to");
        let role = self.role_at(key, &place)?;
        if role == owner {
            self.report.add(&place, MistakeCode::Contradiction, "a former owner is no owner");
        }
        Some(role)
    }

    fn creator_roles(&mut self, owner: Role) -> RoleSet {
        let place = Path::default().key("policy").key("creator_roles");
        let defs = self.defs;
        if defs.policy.creator_roles.is_empty() {
            return RoleSet::from_iter([owner]);
        }
        let roles = self.role_set(&defs.policy.creator_roles, &place);
        if !roles.contains(owner) {
            self.report.add(&place, MistakeCode::Contradiction, "the owner role must be among them");
        }
        roles
    }

    fn policy(&mut self) {
        let place = Path::default().key("policy");
        let policy = &self.defs.policy;
        if policy.roles_per_member == 0 {
            let message = "a member has at least one role";
            self.report.add(&place.key("roles_per_member"), MistakeCode::BadValue, message);
        }
        if policy.invitations.batch_max == 0 {
            let place = place.key("invitations").key("batch_max");
            self.report.add(&place, MistakeCode::BadValue, "a batch has at least one invitation");
        }
        let order: Vec<_> = policy.burn_order.keys().collect();
        for (at, key) in order.iter().enumerate() {
            if order.iter().take(at).any(|earlier| earlier == key) {
                let place = place.key("burn_order").at(at);
                self.report.add(&place, MistakeCode::Duplicate, "this word stands there already");
            }
        }
        if let Some(name) = &policy.default_workspace {
            if policy.levels == Levels::OrganizationOnly {
                let message = "there are no workspaces with `levels = \"organization_only\"`";
                self.report.add(&place.key("default_workspace"), MistakeCode::Contradiction, message);
            }
            if let Err(error) = Name::new(name) {
                self.report.add(&place.key("default_workspace"), MistakeCode::BadValue, error);
            }
        }
        if let Some(personal) = &policy.personal {
            self.personal(personal, &place.key("personal"));
        }
    }

    fn personal(&mut self, personal: &PersonalPolicy, place: &Path) {
        if !self.plans.contains_key(&personal.plan) {
            let known = self.plans.keys().map(String::as_str);
            self.report.unknown(&place.key("plan"), MistakeCode::UnknownName, "plan", &personal.plan, known);
        }
        let plan = self.defs.plans.iter().find(|plan| plan.key == personal.plan);
        if plan.is_some_and(|plan| !plan.new_organizations) {
            let message = alloc::format!("no organization begins on `{}`", personal.plan);
            self.report.add(&place.key("plan"), MistakeCode::Contradiction, message);
        }
        if !personal.name.contains("{user}") {
            let message = "the name must contain `{user}`, which stands for the user's name";
            self.report.add(&place.key("name"), MistakeCode::BadValue, message);
        }
        if let Err(error) = Name::new(&personal.name) {
            self.report.add(&place.key("name"), MistakeCode::BadValue, error);
        }
    }

    fn role_set(&mut self, keys: &[String], place: &Path) -> RoleSet {
        let mut set = RoleSet::EMPTY;
        for (at, key) in keys.iter().enumerate() {
            if let Some(role) = self.role_at(key, &place.at(at)) {
                set.insert(role);
            }
        }
        set
    }

    fn role_at(&mut self, written: &str, place: &Path) -> Option<Role> {
        let index = self.roles.get(written).copied();
        if index.is_none() {
            self.unknown_role(written, place);
        }
        index.map(Role::from_index)
    }

    fn unknown_role(&mut self, written: &str, place: &Path) {
        let known = self.roles.keys().map(String::as_str);
        self.report.unknown(place, MistakeCode::UnknownName, "role", written, known);
    }

    fn title(&mut self, title: &str, place: &Path) {
        if title.len() > NAME_BYTES_MAX || title.chars().any(char::is_control) {
            let message = alloc::format!("a title has at most {NAME_BYTES_MAX} bytes and no control characters");
            self.report.add(&place.key("title"), MistakeCode::BadValue, message);
        }
    }
}

fn feature_at(at: usize) -> Option<Feature> {
    u8::try_from(at).ok().map(Feature::from_index)
}

/// A role that reaches nowhere still belongs to a catalog whose handles are all in range.
impl RoleTable {
    pub(super) const NOTHING: Self = Self {
        organization: PermissionSet::EMPTY,
        workspace: PermissionSet::EMPTY,
        reach: Reach::None,
        sight: super::Sight::Shared,
        rank: 0,
        owner: false,
        reducible: true,
        billable: false,
        exactly_one: false,
        assigned_by: RoleSet::EMPTY,
    };
}
