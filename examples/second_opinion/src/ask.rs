//! A question as Cedar takes it: who asks, and everything that is known of the moment.

use std::collections::BTreeSet;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::policy::OverrideMode;
use bailiwick::catalog::{Catalog, Permission, PermissionSet, PlanDef, Scope};
use bailiwick::{Actor, Organization, RuleHolder, Status, Timestamp, UserId, WorkspaceId};
use cedar_policy::{Authorizer, Context, Entities, EntityUid, PolicySet, Request};
use serde_json::{Value, json};

use crate::entities::{name, uid};
use crate::rules::Policies;
use crate::worlds::World;

/// The answers that are compared. Which of the denials it is, only the crate says.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Answer {
    Allowed,
    StepUp,
    Denied,
}

impl From<Decision> for Answer {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Allow => Self::Allowed,
            Decision::StepUp(_) => Self::StepUp,
            Decision::Deny(_) => Self::Denied,
        }
    }
}

/// Cedar, with one world in it.
pub struct Cedar<'w> {
    world: &'w World,
    entities: Entities,
    authorizer: Authorizer,
}

impl<'w> Cedar<'w> {
    pub fn with(world: &'w World) -> Self {
        Self { world, entities: crate::entities::of(world), authorizer: Authorizer::new() }
    }

    /// Answers by the rules about a target; an error where they cannot be evaluated.
    pub fn check(
        &self,
        policies: &Policies,
        (actor, permission, target): (Actor, Permission, Target<'_>),
    ) -> Result<Answer, String> {
        let request = self.request(actor, permission, target);
        let allows = |policies: &PolicySet| {
            let response = self.authorizer.is_authorized(&request, policies, &self.entities);
            let errors: Vec<_> = response.diagnostics().errors().collect();
            if !errors.is_empty() {
                return Err(format!("Cedar could not evaluate: {errors:?}"));
            }
            Ok(response.decision() == cedar_policy::Decision::Allow)
        };
        Ok(match (allows(&policies.granted)?, allows(&policies.all)?) {
            (true, true) => Answer::Allowed,
            (true, false) => Answer::StepUp,
            (false, _) => Answer::Denied,
        })
    }

    fn request(&self, actor: Actor, permission: Permission, target: Target<'_>) -> Request {
        let principal = principal(&self.world.org, actor);
        let resource = match target {
            Target::Organization => uid("Organization", &self.world.org.id()),
            Target::Workspace(workspace) => uid("Workspace", &workspace),
            Target::Resource(resource) => uid("Thing", &resource.id),
        };
        let context = self.context((actor, user(&self.world.org, actor)), permission, target);
        let context = Context::from_json_value(context, None).expect("a context is a record");
        let entity = |value: Value| EntityUid::from_json(value).expect("it is a reference");
        Request::new(entity(principal), entity(uid("Action", &"ask")), entity(resource), context, None)
            .expect("it is a request")
    }

    fn context(&self, (actor, user): (Actor, Option<UserId>), permission: Permission, target: Target<'_>) -> Value {
        let (org, catalog, facts) = (&self.world.org, &*self.world.catalog, self.world.facts());
        let def = catalog.permission_def(permission).expect("only permissions of the catalog are asked");
        let person = user.and_then(|user| org.person(user));
        let grants = |kind: &str| {
            let of = |reach: &str| uid(kind, &format!("{reach} {}", def.key));
            json!({ "any": of("any"), "all": of("all"), "assigned": of("assigned") })
        };
        let reaches = |kind: &str| json!({ "all": uid(kind, &"all"), "assigned": uid(kind, &"assigned") });
        let workspace = match target {
            Target::Organization => None,
            Target::Workspace(workspace) => Some(workspace),
            Target::Resource(resource) => resource.workspace,
        };
        let mode = match catalog.policy().overrides {
            _ if !person.is_some_and(|person| person.is_member()) => "replace",
            OverrideMode::Replace => "replace",
            OverrideMode::Expand => "expand",
            OverrideMode::Reduce => "reduce",
            OverrideMode::Off => "off",
        };
        let mut told = json!({
            "now": facts.now,
            "permission": { "key": def.key, "scope": scope(def.scope), "open_while_suspended": def.open_while_suspended,
                "active_only": def.active_only, "second_factor": def.second_factor },
            "organization": organization(org, catalog),
            "target": if matches!(target, Target::Resource(_)) { "thing" } else { "place" },
            "grants": grants("Grant"), "firm": grants("Firm"),
            "carries": reaches("Carries"), "sees": reaches("Sees"), "firm_sees": reaches("FirmSees"),
            "mode": mode,
            "given": rules(org, workspace, &facts, |rule| rule.given.contains(permission)),
            "taken": rules(org, workspace, &facts, |rule| rule.taken.contains(permission)),
            "is_user": matches!(actor, Actor::User(_)), "is_staff": actor.is_staff(),
            "features": facts.features.iter().map(|feature| catalog.feature_key(feature)).collect::<Vec<_>>(),
            "second_factor": facts.second_factor,
        });
        let mut add = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                told[key] = value;
            }
        };
        add("workspace", workspace.map(|workspace| uid("Workspace", &workspace)));
        add("row", workspace.and_then(|workspace| row(catalog, person?.row(workspace)?)));
        add("service", service(org, catalog, actor));
        add("provider", facts.provider.map(|provider| json!(catalog.provider_key(provider))));
        add("authenticated_at", facts.authenticated_at.map(|at| json!(at)));
        if let Some(feature) = &def.feature {
            told["permission"]["feature"] = json!(feature);
        }
        if let Some(age) = def.recent_authentication {
            told["permission"]["max_age"] = json!(age.as_millis());
        }
        told
    }
}

/// Whose rights count: whoever is signed in, in whose place staff acts, in whose name a service acts.
fn user(org: &Organization, actor: Actor) -> Option<UserId> {
    match actor {
        Actor::Service(service) => org.service(service)?.sponsor(),
        _ => actor.user(),
    }
}

fn principal(org: &Organization, actor: Actor) -> Value {
    match (user(org, actor), actor) {
        (Some(user), _) => uid("User", &user),
        (None, Actor::Link(link)) => uid("Link", &link),
        (None, _) => uid("Nobody", &"nobody"),
    }
}

fn organization(org: &Organization, catalog: &Catalog) -> Value {
    let Some(profile) = org.profile() else { return json!({ "open": false, "status": "none", "plan": plan(None) }) };
    let status = match profile.status {
        Status::Active => "active",
        Status::PastDue => "past_due",
        Status::Suspended => "suspended",
        Status::Archived => "archived",
    };
    let mut told = json!({ "open": profile.deletion.is_none(), "status": status, "plan": plan(catalog.plan_def(profile.terms.plan)) });
    if let Some((terms, from)) = profile.next_terms {
        told["next_plan"] = plan(catalog.plan_def(terms.plan));
        told["next_plan_from"] = json!(from);
    }
    if let Some(provider) = profile.provider {
        told["provider"] = json!(catalog.provider_key(provider));
    }
    told
}

fn plan(plan: Option<&PlanDef>) -> Value {
    let features: BTreeSet<&str> = plan.into_iter().flat_map(|plan| plan.features.iter().map(String::as_str)).collect();
    let mut told = json!({ "features": features });
    if let Some(provider) = plan.and_then(|plan| plan.identity_provider.as_ref()) {
        told["provider"] = json!(provider);
    }
    told
}

/// Whom the rules of a workspace are for that say so, while they count.
fn rules(
    org: &Organization,
    workspace: Option<WorkspaceId>,
    facts: &Facts<'_>,
    says: impl Fn(&bailiwick::Rule) -> bool,
) -> Value {
    let all = workspace.and_then(|id| org.workspace(id)).map_or(&[][..], |workspace| workspace.rules());
    let counts = |until: Option<Timestamp>| until.is_none_or(|end| facts.now < end);
    let holders = all.iter().filter(|rule| counts(rule.until) && says(rule)).map(|rule| match rule.holder {
        RuleHolder::Group(group) => uid("Group", &group.index()),
        RuleHolder::Team(team) => uid("Team", &team),
    });
    holders.collect()
}

fn row(catalog: &Catalog, row: &bailiwick::AccessRow) -> Option<Value> {
    let mut told = json!({ "added": keys(catalog, row.added), "removed": keys(catalog, row.removed) });
    if let Some(role) = row.role {
        told["role"] = uid("Role", &name(catalog, role));
    }
    if let Some(until) = row.until {
        told["until"] = json!(until);
    }
    Some(told)
}

fn service(org: &Organization, catalog: &Catalog, actor: Actor) -> Option<Value> {
    let Actor::Service(id) = actor else { return None };
    let service = org.service(id)?;
    let workspaces: Vec<Value> = service.workspaces().iter().map(|workspace| uid("Workspace", workspace)).collect();
    let mut told = json!({ "permissions": keys(catalog, service.permissions()), "workspaces": workspaces });
    if let Some(until) = service.until() {
        told["until"] = json!(until);
    }
    Some(told)
}

fn keys(catalog: &Catalog, set: PermissionSet) -> Vec<String> {
    catalog.permissions().filter(|(permission, _)| set.contains(*permission)).map(|(_, def)| def.key.clone()).collect()
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Organization => "organization",
        Scope::Workspace => "workspace",
        Scope::Resource => "resource",
    }
}
