//! Cedar: users in groups of their organization and of the workspaces assigned to them; three policies; all entities
//! loaded before the first question.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bailiwick::catalog::Catalog;
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};

use crate::engine::{Engine, SLOW};
use crate::worlds::{Ask, Member, Plain, Question, Role};

/// One policy for each level of permissions; a level contains the lower ones.
const POLICIES: &str = r#"
permit (principal, action in Action::"admin", resource) when {
    resource.organization == context.organization &&
    (principal in resource.organization.owner || principal in resource.organization.admin || principal in resource.admin)
};
permit (principal, action in Action::"developer", resource) when {
    resource.organization == context.organization &&
    (principal in resource.developer || principal in resource.assigned && principal in resource.organization.developer)
};
permit (principal, action in Action::"viewer", resource) when {
    resource.organization == context.organization &&
    (principal in resource.viewer || principal in resource.assigned && principal in resource.organization.viewer)
};
"#;

pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
}

impl Engine for Cedar {
    const NAME: &'static str = "Cedar 4, entities preloaded";
    const QUESTIONS: usize = SLOW;
    type Asked<'a> = Request;

    fn load(organizations: &mut dyn Iterator<Item = Plain>, _: &Arc<Catalog>) -> Self {
        let mut entities = actions();
        organizations.for_each(|org| add(&mut entities, &org));
        Self {
            authorizer: Authorizer::new(),
            policies: POLICIES.parse().unwrap(),
            entities: Entities::from_entities(entities, None).unwrap(),
        }
    }

    fn ask(&self, question: &Question) -> Request {
        let organization = RestrictedExpression::new_entity_uid(uid("Organization", question.org));
        let context = Context::from_pairs([("organization".into(), organization)]).unwrap();
        let (user, workspace) = (uid("User", question.user), uid("Workspace", question.workspace));
        Request::new(user, uid("Action", question.ask.key()), workspace, context, None).unwrap()
    }

    fn check(&self, asked: &Request) -> bool {
        self.authorizer.is_authorized(asked, &self.policies, &self.entities).decision() == Decision::Allow
    }
}

/// Each permission in the level that has it first, each level in the next.
fn actions() -> Vec<Entity> {
    let level = |role: Role| uid("Action", role.key());
    let first = |ask: Ask| Role::ALL.into_iter().rfind(|role| role.holds(ask)).unwrap();
    let mut actions: Vec<Entity> =
        Ask::ALL.map(|ask| Entity::new_no_attrs(uid("Action", ask.key()), HashSet::from([level(first(ask))]))).into();
    actions.push(Entity::new_no_attrs(level(Role::Viewer), HashSet::from([level(Role::Developer)])));
    actions.push(Entity::new_no_attrs(level(Role::Developer), HashSet::from([level(Role::Admin)])));
    actions
}

fn add(entities: &mut Vec<Entity>, org: &Plain) {
    let id = uid("Organization", org.id);
    let roles = groups(org.id, &Role::ALL.map(Role::key));
    let places: Vec<Groups> = org
        .workspaces
        .iter()
        .map(|workspace| groups(workspace, &["assigned", "admin", "developer", "viewer"]))
        .collect();
    entities.push(entity(id.clone(), &roles, None));
    for (workspace, groups) in org.workspaces.iter().zip(&places) {
        entities.push(entity(uid("Workspace", workspace), groups, Some(&id)));
    }
    let mut parents: Vec<HashSet<EntityUid>> =
        org.members.iter().map(|Member { role, .. }| HashSet::from([roles[role.key()].clone()])).collect();
    for row in &org.rows {
        let there = &places[row.workspace];
        parents[row.member].insert(there["assigned"].clone());
        parents[row.member].extend(row.role.map(|role| there[role.key()].clone()));
    }
    let users = org.members.iter().zip(parents);
    entities.extend(users.map(|(member, parents)| Entity::new_no_attrs(uid("User", member.user), parents)));
}

/// Groups of one place by name.
type Groups = HashMap<&'static str, EntityUid>;

fn groups(of: impl std::fmt::Display, names: &[&'static str]) -> Groups {
    names.iter().map(|name| (*name, uid("Group", format_args!("{of}/{name}")))).collect()
}

/// A place that names its groups, and the organization that it is in.
fn entity(id: EntityUid, groups: &Groups, organization: Option<&EntityUid>) -> Entity {
    let groups = groups.iter().map(|(name, group)| (String::from(*name), group));
    let organization = organization.map(|id| (String::from("organization"), id));
    let attributes =
        groups.chain(organization).map(|(name, id)| (name, RestrictedExpression::new_entity_uid(id.clone())));
    Entity::new(id, attributes.collect(), HashSet::new()).unwrap()
}

fn uid(kind: &str, id: impl std::fmt::Display) -> EntityUid {
    let kind: EntityTypeName = kind.parse().unwrap();
    EntityUid::from_type_name_and_id(kind, EntityId::new(id.to_string()))
}
