//! Explaining: the same rules, walked slowly for one permission, every layer named with what it gave and took.
//!
//! This walk shares no code with the fast one but the small predicates (is a row current, does a share concern the
//! actor), so that each checks the other: they are compared over generated worlds.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::explanation::{Effect, Explanation, Layer, LayerKind, Step, Verdict};
use super::rules::is_recent;
use super::who::Who;
use super::{Decision, DenyReason, Facts, Requirement, Resource, ShareHolder, Target, shares};
use crate::actor::Actor;
use crate::catalog::policy::OverrideMode;
use crate::catalog::{Catalog, Permission, PermissionDef, Reach, Role, Scope, Sight};
use crate::organization::{
    AccessRow, Organization, Origin, Person, PersonStatus, Profile, Roles, RuleHolder, Status, Workspace,
};
use crate::time::Timestamp;

impl Organization {
    /// Explains the answer to one question. Slow: it allocates and writes words.
    ///
    /// # Examples
    /// ```
    /// # use std::sync::Arc;
    /// # use bailiwick::access::{Facts, Target};
    /// # use bailiwick::change::{Command, SignUp};
    /// # use bailiwick::{Actor, Name, OrgId, Organization, Timestamp, UserId, WorkspaceId};
    /// # let catalog = Arc::new(toml::from_str(bailiwick::presets::CLOUD)?);
    /// # let (ada, home) = (UserId::from_u64(1).unwrap(), OrgId::from_u64(1).unwrap());
    /// # let mut organization = Organization::new(home, Arc::clone(&catalog));
    /// # let now = Facts::at(Timestamp::from_millis(1_795_000_000_000));
    /// # let sign_up = SignUp { name: Name::new("Ada")?, workspace: WorkspaceId::from_u64(1).unwrap() };
    /// # for record in organization.handle(&Command::from(sign_up), &now.by(Actor::User(ada)))? { organization.apply(&record); }
    /// let run = catalog.permission("operation.run").unwrap();
    /// let why = organization.explain(Actor::User(ada), run, Target::Organization, &now);
    /// assert_eq!(why.decision, organization.check(Actor::User(ada), run, Target::Organization, &now));
    /// assert!(why.to_string().contains("role `owner` gives it"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn explain(&self, actor: Actor, permission: Permission, target: Target<'_>, facts: &Facts<'_>) -> Explanation {
        let catalog: &Catalog = &self.catalog;
        let walk = Walk {
            organization: self,
            catalog,
            roles: self.roles(),
            actor,
            asking: actor,
            permission,
            def: catalog.permission_def(permission),
            target,
            facts,
            steps: Vec::new(),
            layers: Vec::new(),
        };
        walk.explain()
    }
}

struct Walk<'w> {
    organization: &'w Organization,
    catalog: &'w Catalog,
    roles: Roles<'w>,
    actor: Actor,
    /// Whose rights count.
    asking: Actor,
    permission: Permission,
    def: Option<&'w PermissionDef>,
    target: Target<'w>,
    facts: &'w Facts<'w>,
    steps: Vec<Step>,
    layers: Vec<Layer>,
}

impl<'w> Walk<'w> {
    fn explain(mut self) -> Explanation {
        let decision = self.decide();
        let target = match self.target {
            Target::Organization => "the organization".to_owned(),
            Target::Workspace(id) => self.workspace_name(Some(id)),
            Target::Resource(resource) => match resource.workspace {
                None => alloc::format!("resource {}", resource.id),
                some => alloc::format!("resource {} in {}", resource.id, self.workspace_name(some)),
            },
        };
        Explanation {
            decision,
            version: self.organization.version(),
            actor: self.actor,
            permission: self.catalog.permission_key(self.permission).to_owned(),
            target,
            steps: self.steps,
            layers: self.layers,
            turn: None,
        }
    }

    fn workspace_name(&self, id: Option<crate::id::WorkspaceId>) -> String {
        let found = id.and_then(|id| self.organization.workspace(id));
        found.map_or_else(|| "an unknown workspace".to_owned(), |w| alloc::format!("workspace `{}`", w.name()))
    }

    /// The ten rules, one after the other.
    fn decide(&mut self) -> Decision {
        let Some(profile) = self.organization.profile() else {
            return self.deny(1, "organization exists", DenyReason::NotFound, "no such organization");
        };
        if profile.deletion.is_some() {
            return self.deny(1, "organization exists", DenyReason::NotFound, "deleted");
        }
        self.pass(1, "organization exists", alloc::format!("`{}`", profile.name));
        let place = match self.target {
            Target::Organization => None,
            Target::Workspace(id) => Some(id),
            Target::Resource(resource) => resource.workspace,
        };
        let Some(who) = Who::behind(self.organization, self.actor, place, self.facts) else {
            return self.deny(2, "actor belongs to it", DenyReason::NotFound, "no such service");
        };
        self.asking = who.actor;
        let person = who.actor.user().and_then(|user| self.organization.person(user));
        let shared = self.has_share(person);
        match person {
            None if who.service.is_some() => {
                self.pass(2, "actor belongs to it", "service without a sponsor".to_owned())
            }
            None if !shared => {
                return self.deny(
                    2,
                    "actor belongs to it",
                    DenyReason::NotFound,
                    "no member, no collaborator, no share",
                );
            }
            None => self.pass(2, "actor belongs to it", "from outside, by a share".to_owned()),
            Some(person) => {
                let relation = if person.is_member() { "member" } else { "collaborator" };
                let through = match self.actor {
                    Actor::Service(id) => self.organization.service(id).map_or("", |service| service.name().as_str()),
                    _ => "",
                };
                let finding = match self.actor {
                    Actor::Staff { .. } => alloc::format!("staff, in the place of a {relation}"),
                    Actor::Service(_) => alloc::format!("service `{through}` of a {relation}"),
                    _ => relation.to_owned(),
                };
                self.pass(2, "actor belongs to it", finding);
            }
        }
        if let Some(reason) = self.standing(profile) {
            return reason;
        }
        if let Some(reason) = who.stopped {
            return self.deny(5, "person is active", reason, "the service has ended, or has no sponsor");
        }
        if let Some(reason) = person.and_then(|person| self.person_stopped(person, shared)) {
            return reason;
        }
        self.pass(5, "person is active", String::new());
        let workspace = place.and_then(|id| self.organization.workspace(id));
        if place.is_some() && workspace.is_none() {
            return self.deny(6, "workspace exists", DenyReason::WorkspaceNotFound, "not in this organization");
        }
        if let Some(workspace) = workspace {
            if workspace.archived().is_some() && self.def.is_some_and(|def| def.active_only) {
                let finding = "archived, and the permission needs an active one";
                return self.deny(6, "workspace exists", DenyReason::WorkspaceArchived, finding);
            }
            self.pass(6, "workspace exists", alloc::format!("`{}`", workspace.name()));
        }
        let has_ended =
            |person: &Person| !person.is_member() && person.rows().iter().all(|row| !row.is_current(self.facts.now));
        let person = person.filter(|person| !has_ended(person)); // a stranger who holds a share
        let row = place.zip(person).and_then(|(id, person)| person.row(id));
        let granted = self.granted(person, workspace, row).and_then(|()| self.bounded(&who));
        match granted {
            Ok(()) => self.pass(7, "granted", String::new()),
            Err(reason) => return self.deny(7, "granted", reason, &reason.to_string()),
        }
        self.gates(profile)
    }

    /// What a service or staff can do of what is granted to the user behind them.
    fn bounded(&mut self, who: &Who) -> Result<(), DenyReason> {
        let bounds = [
            (&who.service, LayerKind::Service, "what the service was given", DenyReason::Restricted),
            (&who.staff, LayerKind::Staff, "what staff can do in somebody's place", DenyReason::NotForStaff),
        ];
        for (bound, kind, what, reason) in bounds {
            if bound.is_some_and(|bound| !bound.contains(self.permission)) {
                self.layer(kind, Effect::Takes, what.to_owned(), None, None);
                return Err(reason);
            }
        }
        Ok(())
    }

    /// Rules 3 and 4.
    fn standing(&mut self, profile: &Profile) -> Option<Decision> {
        let stays_open = self.def.is_some_and(|def| def.open_while_suspended);
        let active_only = self.def.is_some_and(|def| def.active_only);
        let finding = match profile.status {
            Status::Active | Status::Archived => profile.status.to_string(),
            Status::PastDue | Status::Suspended => alloc::format!("{}; the permission stays open", profile.status),
        };
        let closed = match profile.status {
            Status::PastDue if !stays_open && self.def.is_some() => Some(DenyReason::OrganizationPastDue),
            Status::Suspended if !stays_open && self.def.is_some() => Some(DenyReason::OrganizationSuspended),
            _ => None,
        };
        if let Some(reason) = closed {
            return Some(self.deny(3, "organization in good standing", reason, "the permission does not stay open"));
        }
        self.pass(3, "organization in good standing", finding);
        if profile.status == Status::Archived && active_only {
            let finding = "the permission needs an active one";
            return Some(self.deny(4, "organization active", DenyReason::OrganizationArchived, finding));
        }
        self.pass(4, "organization active", String::new());
        None
    }

    /// Rule 5.
    fn person_stopped(&mut self, person: &Person, shared: bool) -> Option<Decision> {
        if person.status() == PersonStatus::Suspended {
            self.steps.push(Step {
                rule: 5,
                question: "person is active",
                verdict: Verdict::Answered,
                finding: "suspended".to_owned(),
                origin: Some(person.status_from()),
            });
            return Some(Decision::Deny(DenyReason::PersonSuspended));
        }
        let ended = !person.is_member() && person.rows().iter().all(|row| !row.is_current(self.facts.now));
        (ended && !shared).then(|| {
            self.deny(5, "person is active", DenyReason::AccessEnded, "every access of the collaborator has ended")
        })
    }

    /// Rule 7, layer by layer; the error is the layer that took it, or that none gave it.
    fn granted(
        &mut self,
        person: Option<&Person>,
        workspace: Option<&Workspace>,
        row: Option<&AccessRow>,
    ) -> Result<(), DenyReason> {
        if self.def.is_none_or(|def| def.scope == Scope::Organization) {
            return self.granted_by_organization(person);
        }
        let here = self.granted_here(person, workspace, row);
        match self.target {
            Target::Organization | Target::Workspace(_) => here.map(|_| ()),
            Target::Resource(resource) => self.granted_on(resource, person, here),
        }
    }

    fn granted_by_organization(&mut self, person: Option<&Person>) -> Result<(), DenyReason> {
        let mut granted = false;
        let held = person.into_iter().flat_map(|person| person.roles().iter().map(move |role| (person, role)));
        for (person, role) in held {
            let gives = self.organization.permissions_of(role).contains(self.permission);
            granted |= gives;
            let origin = Some(self.roles.role_since(person, role, None));
            self.layer(LayerKind::OrganizationRole, gives_if(gives), self.role_key(role), origin, None);
        }
        if granted { Ok(()) } else { Err(DenyReason::NotGranted) }
    }

    /// What the workspace (or, without one, the whole organization) gives, with the sight that goes with it.
    fn granted_here(
        &mut self,
        person: Option<&Person>,
        workspace: Option<&Workspace>,
        row: Option<&AccessRow>,
    ) -> Result<Sight, DenyReason> {
        let Some(person) = person else { return Err(DenyReason::NotGranted) };
        let live = row.filter(|row| row.is_current(self.facts.now));
        if let (Some(row), None) = (row, live) {
            self.layer(LayerKind::Ended, Effect::Nothing, "access row".to_owned(), Some(row.origin), row.until);
        }
        let (mut inherited, mut firm, mut carriers) = (false, None, 0_u8);
        for role in person.roles().iter() {
            let table = self.roles.table(role);
            let gives = table.workspace.contains(self.permission);
            let assigned = live.filter(|_| table.reach == Reach::Assigned);
            let since = Some(self.roles.role_since(person, role, assigned));
            if table.reach == Reach::All || assigned.is_some() {
                carriers = carriers.saturating_add(1);
                inherited |= gives;
                firm = firm.or(since.filter(|_| gives && !table.reducible));
                let until = assigned.and_then(|row| row.until);
                self.layer(LayerKind::InheritedRole, gives_if(gives), self.role_key(role), since, until);
            } else {
                self.layer(LayerKind::RoleOutOfReach, Effect::Nothing, self.role_key(role), since, None);
            }
        }
        let mode = if person.is_member() { self.catalog.policy().overrides } else { OverrideMode::Replace };
        let base = self.base(live, mode, inherited);
        let (given, taken) = self.rules(person, workspace);
        let with_rules = (base || given) && !taken;
        let (adds, removes) = match mode {
            OverrideMode::Replace => (true, true),
            OverrideMode::Expand => (true, false),
            OverrideMode::Reduce => (false, true),
            OverrideMode::Off => (false, false),
        };
        let added = adds && live.is_some_and(|row| row.added.contains(self.permission));
        let removed = removes && live.is_some_and(|row| row.removed.contains(self.permission));
        if let Some(row) = live.filter(|row| !(row.added | row.removed).is_empty()) {
            let effect = match (added, removed) {
                (_, true) => Effect::Takes,
                (true, false) => Effect::Gives,
                (false, false) => Effect::Nothing,
            };
            self.layer(LayerKind::Row, effect, "access row".to_owned(), Some(row.origin), row.until);
        }
        let before_firm = (with_rules || added) && !removed;
        if firm.is_some() && !before_firm {
            self.layer(LayerKind::FirmRole, Effect::Gives, "roles that cannot be reduced".to_owned(), firm, None);
        }
        if before_firm || firm.is_some() {
            return Ok(self.sight(person, live, mode, carriers));
        }
        Err(if removed && (with_rules || added) {
            DenyReason::RemovedByOverride
        } else if taken && (base || given) {
            DenyReason::TakenByRule
        } else if inherited {
            DenyReason::ReplacedByOverride
        } else {
            DenyReason::NotGranted
        })
    }

    /// The role of the row instead of the inherited ones.
    fn base(&mut self, row: Option<&AccessRow>, mode: OverrideMode, inherited: bool) -> bool {
        let Some((row, role)) = row.and_then(|row| Some((row, row.role?))) else { return inherited };
        let gives = self.roles.table(role).workspace.contains(self.permission);
        let base = match mode {
            OverrideMode::Replace => gives,
            OverrideMode::Expand => inherited || gives,
            OverrideMode::Reduce => inherited && gives,
            OverrideMode::Off => inherited,
        };
        let effect = if inherited && !base { Effect::Takes } else { gives_if(gives) };
        self.layer(
            LayerKind::OverrideRole,
            effect,
            self.role_key(role),
            Some(self.roles.row_role_since(row)),
            row.until,
        );
        base
    }

    /// What rules of groups and teams give and take.
    fn rules(&mut self, person: &Person, workspace: Option<&Workspace>) -> (bool, bool) {
        let (mut given, mut taken) = (false, false);
        for rule in workspace.map(Workspace::rules).unwrap_or_default() {
            let (kind, what, is_in) = match rule.holder {
                RuleHolder::Group(group) => {
                    let key = self.catalog.group_def(group).map_or("", |def| def.key.as_str()).to_owned();
                    let is_in = self
                        .roles
                        .defined(person.roles())
                        .iter()
                        .any(|role| self.catalog.roles_of_group(group).contains(role));
                    (LayerKind::GroupRule, key, is_in)
                }
                RuleHolder::Team(team) => {
                    let name = self.organization.team(team).map(|team| team.name().to_string());
                    (LayerKind::TeamRule, name.unwrap_or_default(), person.is_in_team(team))
                }
            };
            if !is_in {
                continue;
            }
            if !rule.is_current(self.facts.now) {
                let holder = if kind == LayerKind::GroupRule { "group" } else { "team" };
                let what = alloc::format!("rule of {holder} `{what}`");
                self.layer(LayerKind::Ended, Effect::Nothing, what, Some(rule.origin), rule.until);
                continue;
            }
            let (gives, takes) = (rule.given.contains(self.permission), rule.taken.contains(self.permission));
            given |= gives;
            taken |= takes;
            let effect = if takes { Effect::Takes } else { gives_if(gives) };
            self.layer(kind, effect, what, Some(self.roles.rule_since(person, rule)), rule.until);
        }
        (given, taken)
    }

    /// Which resources of the workspace the person sees.
    fn sight(&self, person: &Person, row: Option<&AccessRow>, mode: OverrideMode, carriers: u8) -> Sight {
        let carrying = |role: &Role| match self.roles.table(*role).reach {
            Reach::All => true,
            Reach::Assigned => row.is_some(),
            Reach::None => false,
        };
        let of = |role: Role| self.roles.table(role).sight;
        let widest = |firm_only: bool| {
            let roles = person.roles().iter().filter(carrying);
            roles.filter(|role| !firm_only || !self.roles.table(*role).reducible).map(of).max()
        };
        let inherited = widest(false).unwrap_or(Sight::Shared);
        let firm = widest(true).unwrap_or(Sight::Shared);
        match row.map(|row| row.role.map(of)) {
            None => inherited,
            Some(None) if carriers == 0 => Sight::All,
            Some(None) => inherited,
            Some(Some(own)) => match mode {
                OverrideMode::Replace => own.max(firm),
                OverrideMode::Expand => own.max(inherited),
                OverrideMode::Reduce => own.min(inherited).max(firm),
                OverrideMode::Off => inherited,
            },
        }
    }

    /// What is granted on one resource.
    fn granted_on(
        &mut self,
        resource: &Resource<'_>,
        person: Option<&Person>,
        here: Result<Sight, DenyReason>,
    ) -> Result<(), DenyReason> {
        let mine = resource.personal_owner.is_some() && resource.personal_owner == self.asking.user();
        if let (true, Some(person)) = (mine, person) {
            let could = self.could_do(person);
            let granted = if resource.workspace.is_some() { here.is_ok() } else { could };
            self.layer(LayerKind::Personal, gives_if(granted), "one's own resource".to_owned(), None, None);
            return if granted { Ok(()) } else { here.map(|_| ()).and(Err(DenyReason::NotGranted)) };
        }
        let sees_all = self.sees_all(person, resource);
        if resource.personal_owner.is_none() && sees_all {
            return here.map(|_| ());
        }
        let kind = if resource.personal_owner.is_some() { LayerKind::Personal } else { LayerKind::Sight };
        let (what, effect) = match kind {
            LayerKind::Personal => ("somebody else's resource", here.map_or(Effect::Nothing, |_| Effect::Takes)),
            _ => ("sight: only what is shared is seen here", here.map_or(Effect::Nothing, |_| Effect::Takes)),
        };
        self.layer(kind, effect, what.to_owned(), None, None);
        let shared = self.shared(resource, person);
        let bounded = person.is_some_and(|person| person.is_member() && !self.could_do(person) && here.is_err());
        if shared && bounded {
            self.layer(LayerKind::RoleBound, Effect::Takes, "the member's roles".to_owned(), None, None);
            return Err(DenyReason::ShareBeyondRole);
        }
        match (shared, here) {
            (true, _) => Ok(()),
            (false, Ok(_)) if kind == LayerKind::Personal => Err(DenyReason::Private),
            (false, Ok(_)) => Err(DenyReason::NotShared),
            (false, Err(reason)) => Err(reason),
        }
    }

    /// Whether the person sees every resource where this one lies; without regard to this permission.
    fn sees_all(&self, person: Option<&Person>, resource: &Resource<'_>) -> bool {
        let Some(person) = person else { return false };
        let row = resource.workspace.and_then(|id| person.row(id)).filter(|row| row.is_current(self.facts.now));
        let carries = |role: &Role| match self.roles.table(*role).reach {
            Reach::All => true,
            Reach::Assigned => row.is_some(),
            Reach::None => false,
        };
        let carriers = u8::try_from(person.roles().iter().filter(carries).count()).unwrap_or(u8::MAX);
        let mode = if person.is_member() { self.catalog.policy().overrides } else { OverrideMode::Replace };
        self.sight(person, row, mode, carriers) == Sight::All
    }

    fn could_do(&self, person: &Person) -> bool {
        let could = |role: Role| {
            let table = self.roles.table(role);
            table.reach != Reach::None && table.workspace.contains(self.permission)
        };
        person.roles().iter().any(could)
    }

    fn has_share(&self, person: Option<&Person>) -> bool {
        let Target::Resource(resource) = self.target else { return false };
        resource.shares.iter().any(|share| {
            shares::is_on(share, resource)
                && shares::is_current(share, self.facts)
                && shares::concerns(self.roles, share, self.asking, person, self.facts)
        })
    }

    /// Whether a share gives the permission.
    fn shared(&mut self, resource: &Resource<'_>, person: Option<&Person>) -> bool {
        let mut shared = false;
        let shareable = self.def.is_some_and(|def| def.scope == Scope::Resource);
        for share in resource.shares {
            if !shares::is_on(share, resource) || !shares::concerns(self.roles, share, self.asking, person, self.facts)
            {
                continue;
            }
            let what = holder_words(self.catalog, share.to);
            if !shares::is_current(share, self.facts) {
                self.layer(LayerKind::Ended, Effect::Nothing, alloc::format!("share {what}"), None, share.until);
                continue;
            }
            let gives = shareable && share.level.contains(self.permission);
            shared |= gives;
            self.layer(LayerKind::Share, gives_if(gives), what, None, share.until);
        }
        shared
    }

    /// Rules 8 to 10.
    fn gates(&mut self, profile: &Profile) -> Decision {
        let plan = self.catalog.plan_table(profile.terms_at(self.facts.now).plan);
        let plan_title =
            self.catalog.plan_def(profile.terms_at(self.facts.now).plan).map_or("", |def| def.display_title());
        if let Some(feature) = self.catalog.needed_feature(self.permission) {
            let key = self.catalog.feature_key(feature);
            let has = plan.is_some_and(|plan| plan.features.contains(feature)) || self.facts.features.contains(feature);
            if !has {
                let plan = self.catalog.smallest_plan_with(feature);
                let with =
                    plan.and_then(|plan| self.catalog.plan_def(plan)).map_or("no plan", |def| def.display_title());
                let finding = alloc::format!("plan `{plan_title}` lacks `{key}`; `{with}` has it");
                return self.deny(8, "plan has the feature", DenyReason::NeedsFeature { feature, plan }, &finding);
            }
            self.pass(8, "plan has the feature", alloc::format!("`{key}`"));
        }
        let provider = plan
            .and_then(|plan| plan.provider)
            .or(profile.provider)
            .filter(|needed| matches!(self.actor, Actor::User(_)) && self.facts.provider != Some(*needed));
        let age = self.def.and_then(|def| def.recent_authentication);
        let requirement = Requirement {
            provider,
            second_factor: self.def.is_some_and(|def| def.second_factor) && !self.facts.second_factor,
            authentication_within: age
                .filter(|within| !is_recent(self.facts.authenticated_at, self.facts.now, *within)),
        };
        if requirement != Requirement::default() {
            let through = requirement.provider.map(|provider| self.catalog.provider_key(provider));
            let provider = through.map(|key| alloc::format!(" (`{key}`)")).unwrap_or_default();
            let finding = alloc::format!("{requirement}{provider}");
            self.step(9, "identity is fresh enough", Verdict::Answered, finding);
            return Decision::StepUp(requirement);
        }
        self.pass(9, "identity is fresh enough", String::new());
        self.step(10, "allow", Verdict::Answered, String::new());
        Decision::Allow
    }

    fn role_key(&self, role: Role) -> String {
        self.roles.key(role).to_owned()
    }

    fn layer(
        &mut self,
        kind: LayerKind,
        effect: Effect,
        what: String,
        origin: Option<Origin>,
        until: Option<Timestamp>,
    ) {
        self.layers.push(Layer { kind, effect, what, origin, event: None, until });
    }

    fn pass(&mut self, rule: u8, question: &'static str, finding: String) {
        self.step(rule, question, Verdict::Passed, finding);
    }

    fn deny(&mut self, rule: u8, question: &'static str, reason: DenyReason, finding: &str) -> Decision {
        self.step(rule, question, Verdict::Answered, finding.to_owned());
        Decision::Deny(reason)
    }

    fn step(&mut self, rule: u8, question: &'static str, verdict: Verdict, finding: String) {
        self.steps.push(Step { rule, question, verdict, finding, origin: None });
    }
}

const fn gives_if(gives: bool) -> Effect {
    if gives { Effect::Gives } else { Effect::Nothing }
}

fn holder_words(catalog: &Catalog, holder: ShareHolder) -> String {
    match holder {
        ShareHolder::User(_) | ShareHolder::Person { .. } => "to the user".to_owned(),
        ShareHolder::Group(group) => {
            alloc::format!("to group `{}`", catalog.group_def(group).map_or("", |def| def.key.as_str()))
        }
        ShareHolder::Team(_) => "to a team".to_owned(),
        ShareHolder::Members => "to every member".to_owned(),
        ShareHolder::Organization(_) => "to another organization".to_owned(),
        ShareHolder::Link(_) => "by link".to_owned(),
    }
}
