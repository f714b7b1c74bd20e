//! Who is what: a world as Cedar's entities. Users are in their roles, teams and shares' holders; roles are in what they grant.

use bailiwick::catalog::policy::OwnerHolds;
use bailiwick::catalog::{Catalog, Reach, Role, RoleDef, Scope, Sight};
use bailiwick::{Organization, Person, PersonStatus, Timestamp, UserId, limits};
use cedar_policy::Entities;
use serde_json::{Value, json};

use crate::worlds::World;

/// The entities of a world.
pub fn of(world: &World) -> Entities {
    let org = &world.org;
    let mut all: Vec<Value> = Vec::new();
    let roles = catalog_roles(&world.catalog).chain(custom_roles(org));
    all.extend(roles.map(|role| role.entity()));
    all.extend(org.workspaces().map(|(id, workspace)| {
        entity(("Workspace", &id), json!({ "archived": workspace.archived().is_some() }), Vec::new())
    }));
    let known: Vec<UserId> = org.people().map(|(user, _)| user).collect();
    all.extend(org.people().map(|(user, person)| self::person(world, user, person)));
    all.extend(
        (1..=9)
            .filter_map(UserId::from_u64)
            .filter(|user| !known.contains(user))
            .map(|user| entity(("User", &user), json!({}), organizations(world))),
    );
    for resource in &world.resources {
        let mut attributes = json!({});
        if let Some(workspace) = resource.workspace {
            attributes["workspace"] = uid("Workspace", &workspace);
        }
        if let Some(owner) = resource.personal_owner {
            attributes["owner"] = uid("User", &owner);
        }
        let containers = resource.containers.iter().take(limits::CONTAINERS_MAX);
        all.push(entity(("Thing", &resource.id), attributes, containers.map(|id| uid("Thing", id)).collect()));
    }
    Entities::from_json_value(Value::Array(all), None).expect("a world is entities")
}

/// A role with what counts of it.
struct Known {
    key: String,
    traits: RoleDef,
    reach: Reach,
    holds: Vec<(String, Scope)>,
    groups: Vec<Value>,
}

impl Known {
    /// In every grant that it gives, named by how far it reaches.
    fn entity(&self) -> Value {
        let reach = reach(self.reach);
        let mut parents = self.groups.clone();
        for (key, scope) in &self.holds {
            parents.push(uid("Grant", &format!("any {key}")));
            if *scope != Scope::Organization {
                parents.push(uid("Grant", &format!("{reach} {key}")));
                if !self.traits.is_reducible() {
                    parents.push(uid("Firm", &format!("{reach} {key}")));
                }
            }
        }
        parents.push(uid("Carries", &reach));
        if self.traits.sight == Sight::All {
            parents.push(uid("Sees", &reach));
            if !self.traits.is_reducible() {
                parents.push(uid("FirmSees", &reach));
            }
        }
        entity(("Role", &self.key), json!({ "sees": self.traits.sight == Sight::All }), parents)
    }
}

fn catalog_roles(catalog: &Catalog) -> impl Iterator<Item = Known> {
    catalog.roles().map(|(role, def)| Known {
        key: name(catalog, role),
        traits: def.clone(),
        reach: def.reach,
        holds: holds(catalog, def),
        groups: groups(catalog, role),
    })
}

/// A role of the organization's own has the traits and the groups of the role that it is like.
fn custom_roles(org: &Organization) -> impl Iterator<Item = Known> {
    let catalog = org.catalog();
    org.custom_roles().map(|(role, custom)| {
        let permissions = catalog.permissions().filter(|(permission, _)| custom.permissions().contains(*permission));
        Known {
            key: name(catalog, role),
            traits: catalog.role_def(custom.like()).expect("it is like a role of the catalog").clone(),
            reach: custom.reach(),
            holds: permissions.map(|(_, def)| (def.key.clone(), def.scope)).collect(),
            groups: groups(catalog, custom.like()),
        }
    })
}

/// Everything that a role holds, with what it extends.
fn holds(catalog: &Catalog, role: &RoleDef) -> Vec<(String, Scope)> {
    let everything = role.permissions.iter().any(|key| key == "*")
        || (role.owner && catalog.policy().owner_holds == OwnerHolds::All);
    let extended = role.extends.as_ref().and_then(|key| catalog.roles().find(|(_, other)| other.key == *key));
    let mut holds = extended.map(|(_, other)| holds(catalog, other)).unwrap_or_default();
    let own = catalog.permissions().filter(|(_, def)| everything || role.permissions.contains(&def.key));
    holds.extend(own.map(|(_, def)| (def.key.clone(), def.scope)));
    holds
}

fn groups(catalog: &Catalog, role: Role) -> Vec<Value> {
    let inside = catalog.groups().filter(|(group, _)| catalog.roles_of_group(*group).contains(role));
    inside.map(|(group, _)| uid("Group", &group.index())).collect()
}

fn person(world: &World, user: UserId, person: &Person) -> Value {
    let mut attributes =
        json!({ "member": person.is_member(), "suspended": person.status() == PersonStatus::Suspended });
    // The last of the ends; nothing, if one of the rows has none.
    let ends: Option<Vec<Timestamp>> = person.rows().iter().map(|row| row.until).collect();
    if let Some(ends) = ends {
        attributes["access_until"] = json!(ends.into_iter().max().map_or(0, Timestamp::as_millis));
    }
    let mut parents = organizations(world);
    parents.extend(person.roles().iter().map(|role| uid("Role", &name(&world.catalog, role))));
    parents.extend(person.teams().iter().map(|joined| uid("Team", &joined.team)));
    parents.push(uid("Person", &format!("{user}, since {}", person.joined().version)));
    if person.is_member() {
        parents.push(uid("Everybody", &"members"));
    }
    entity(("User", &user), attributes, parents)
}

/// The organizations that users belong to, as the caller knows.
fn organizations(world: &World) -> Vec<Value> {
    world.facts().organizations.iter().map(|other| uid("Organization", other)).collect()
}

/// What a role is called among entities: custom roles and those of the catalog alike.
pub fn name(_: &Catalog, role: Role) -> String {
    role.index().to_string()
}

const fn reach(reach: Reach) -> &'static str {
    match reach {
        Reach::All => "all",
        Reach::Assigned => "assigned",
        Reach::None => "none",
    }
}

fn entity(id: (&str, &dyn ToString), attributes: Value, parents: Vec<Value>) -> Value {
    json!({ "uid": { "type": id.0, "id": id.1.to_string() }, "attrs": attributes, "parents": parents })
}

/// A reference to an entity, in an attribute or among parents.
pub fn uid(kind: &str, id: &dyn ToString) -> Value {
    json!({ "__entity": { "type": kind, "id": id.to_string() } })
}
