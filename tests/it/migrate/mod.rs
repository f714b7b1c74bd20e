//! Moving to another catalog: who gains and loses what is said beforehand and exactly; nothing widens, nothing is stranded;
//! what was stored is read as if it had been written under the new one. D-28, D-29.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Share, ShareHolder};
use bailiwick::catalog::{Action, Catalog, FeatureSet, PermissionKey, PermissionSet};
use bailiwick::change::{AddMember, CreateOrganization, Event, Record};
use bailiwick::document::{Document, MistakeCode};
use bailiwick::migrate::{
    Migration, MigrationBuilder, Migrations, More, Move, Objection, Of, Stored, Stranded, Upcasting, Widening,
};
use bailiwick::rows::RowChanges;
use bailiwick::sharing::{GiveShare, Recipient, RevokeShare, ShareKey};
use bailiwick::store::{Append, Appended, Batch, Key, Keys, MemoryStore, Store};
use bailiwick::whatif::AccessDiff;
use bailiwick::{
    Actor, Name, OrgId, Organization, Override, ResourceId, RuleFor, Seats, ShareId, Tenants, Timestamp, UserId,
    Version, WorkspaceId, presets,
};

use crate::support::desk::{DESK, desk, desk_of, joins, row_of};
use crate::support::differences::{
    Facets, Scopes, Spot, checked, everybody_everywhere, features, features_of, instants, spread,
};
use crate::support::lives::{self, Life};
use crate::support::moving::{Moves, Moving, a_version_later};
use crate::support::samples::{self, Ids, NOW};
use crate::support::worlds::for_any_world;

/// The moment of most stories.
const AT: Facts<'static> = Facts::at(NOW);

mod gains;
mod laws;
mod moves;
mod shares;
mod stored;
mod stranded;
mod widening;

/// One organization with its history, in a generated world or after a generated life.
struct Told {
    catalog: Arc<Catalog>,
    org: Organization,
    history: Vec<Record>,
    now: Timestamp,
    seed: u64,
}

/// Worlds have every kind of state, lives every kind of event.
fn for_any_history(mut law: impl FnMut(&Told)) {
    let law = RefCell::new(&mut law);
    for_any_world(|world| {
        let told = Told {
            catalog: Arc::clone(&world.catalog),
            org: world.org.clone(),
            history: world.history.clone(),
            now: world.facts().now,
            seed: seed_of(&world.history),
        };
        law.borrow_mut()(&told);
    });
    for seed in 0..48 {
        let life = Life::of_seed(seed, 120);
        let mut organizations = lives::organizations(&life.catalog);
        let mut histories: Vec<Vec<Record>> = organizations.iter().map(|_| Vec::new()).collect();
        for step in &life.steps {
            let organization = &mut organizations[step.organization];
            if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
                outcome.records.iter().for_each(|record| organization.apply(record));
                histories[step.organization].extend(outcome.records);
            }
        }
        let now = life.steps.last().map_or(lives::BIRTH, |step| step.now);
        for (org, history) in organizations.into_iter().zip(histories) {
            law.borrow_mut()(&Told { catalog: Arc::clone(&life.catalog), org, history, now, seed: 10_000 + seed });
        }
    }
}

/// The same for the same world, so that it fails again when it is tried again.
fn seed_of(history: &[Record]) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(history).unwrap().hash(&mut hasher);
    hasher.finish()
}

fn replay(org: &Organization, catalog: &Arc<Catalog>, records: impl IntoIterator<Item = Record>) -> Organization {
    let mut replayed = Organization::new(org.id(), Arc::clone(catalog));
    records.into_iter().for_each(|record| replayed.apply(&record));
    replayed
}

/// The same organization, but for since when a role is held that several have become: the history may know of an earlier one.
fn assert_same(mut replayed: Organization, mut reread: Organization) {
    let members = reread.people().filter(|(_, person)| person.is_member());
    let members: Vec<UserId> = members.map(|(user, _)| user).collect();
    for user in members {
        let [from, to] = [&replayed, &reread].map(|org| org.person(user).unwrap().clone());
        assert_eq!((from.joined(), from.changed()), (to.joined(), to.changed()));
        for held in to.held_roles() {
            let since = from.role_from(held.role).unwrap();
            assert!(since.version <= held.origin.version, "{user} {held:?} {since:?}");
        }
        for org in [&mut replayed, &mut reread] {
            let roles = to.roles().iter().map(|role| org.role_key(role).into()).collect();
            let (version, by) = (org.version().next(), Actor::System);
            let event = Event::MemberJoined { user, roles, given_by: by };
            org.apply(&Record { version, at: Timestamp::from_millis(0), by, command: None, event });
        }
    }
    assert_eq!(replayed, reread);
}

/// What checks say before and after, with the keys followed by hand.
fn followed(
    moving: &Moving,
    before: &Organization,
    after: &Organization,
    (now, features): (Timestamp, FeatureSet),
) -> Facets {
    let texts = |keys: BTreeSet<PermissionKey>| -> BTreeSet<String> { keys.iter().map(ToString::to_string).collect() };
    let translated = features_of(before.catalog(), after.catalog(), features);
    let mut facets = Facets::default();
    for (who, spot) in everybody_everywhere(before, after) {
        let had = texts(checked(before, who, spot, (now, features)));
        let has = texts(checked(after, who, spot, (now, translated)));
        let fact = |key: &String| (before.id(), who, spot, PermissionKey::from(key.as_str()));
        facets.gained.extend(has.difference(&moving.worth(&had)).map(fact));
        facets.lost.extend(moving.lost(&had, &has).iter().map(fact));
    }
    scopes(moving).told(facets)
}

/// Of which scopes everything is and was that can be gained and lost.
fn scopes(moving: &Moving) -> Scopes {
    let scope = |catalog: &Catalog, key: &str| {
        catalog.permission(key).and_then(|permission| catalog.permission_def(permission)).map(|def| def.scope)
    };
    let mut scopes = Scopes::default();
    for (key, sources) in &moving.sources {
        let of: BTreeSet<_> =
            sources.iter().filter_map(|source| scope(&moving.old, source)).chain(scope(&moving.new, key)).collect();
        if sources.len() == 1 {
            scopes.lost.entry(key.as_str().into()).or_default().extend(&of);
        }
        scopes.gained.insert(key.as_str().into(), of);
    }
    for (key, targets) in &moving.targets {
        let of = targets.iter().filter_map(|target| scope(&moving.new, target)).chain(scope(&moving.old, key));
        scopes.lost.entry(key.as_str().into()).or_default().extend(of);
    }
    scopes
}

/// The moves back, as a file would say them.
fn back(migration: &Migration) -> MigrationBuilder {
    let file = serde_json::to_value(migration).unwrap();
    let list = |name: &str| {
        let moves = file.get(name).and_then(|list| list.as_array()).cloned().unwrap_or_default();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let back = moves.iter().filter(|said| said.get("rename").is_some());
        back.map(|said| Move::rename(&text(&said["to"]), &text(&said["rename"]))).collect::<Vec<_>>()
    };
    Migration::builder()
        .permissions(list("permissions"))
        .roles(list("roles"))
        .groups(list("groups"))
        .plans(list("plans"))
        .providers(list("providers"))
}

fn preset(text: &str) -> Arc<Catalog> {
    Arc::new(toml::from_str(text).unwrap())
}

/// A company with somebody in each role, as the platform would set it up.
fn a_company(catalog: &Arc<Catalog>) -> (Organization, Vec<Record>) {
    company_of(Ids::OWN, catalog)
}

fn company_of(ids: Ids, catalog: &Arc<Catalog>) -> (Organization, Vec<Record>) {
    let mut org = Organization::new(ids.organization(), Arc::clone(catalog));
    let mut history = Vec::new();
    let plan = catalog.plans().find(|(_, def)| def.team_organizations).unwrap().1.key.as_str().into();
    let roles = catalog.roles().map(|(_, def)| def).filter(|def| !def.owner);
    let owner = catalog.role_def(catalog.owner_role()).unwrap().key.as_str();
    let (kind, name, seats) = (bailiwick::Kind::Team, samples::name("Acme"), bailiwick::Seats::new(50));
    let mut events = vec![
        Event::OrganizationCreated { kind, name, plan, seats, owner: ids.user(1), roles: vec![owner.into()] },
        Event::WorkspaceCreated { workspace: ids.workspace(1), name: samples::name("First") },
    ];
    for (n, def) in roles.enumerate() {
        let user = ids.user(2 + n as u64);
        events.push(Event::MemberJoined { user, roles: vec![def.key.as_str().into()], given_by: Actor::System });
        let row = bailiwick::Override::role(def.key.as_str());
        let below = catalog.permissions().filter(|(_, def)| def.scope != bailiwick::catalog::Scope::Organization);
        let row = below.take(4).fold(row, |row, (_, def)| row.adding(def.key.as_str()));
        let workspace = ids.workspace(1);
        events.push(Event::AccessGiven { user, workspace, changes: row, given_by: Actor::System });
    }
    for event in events {
        let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
        org.apply(&record);
        history.push(record);
    }
    assert_eq!(org.audit(NOW), []);
    (org, history)
}

/// A small catalog of notes.
fn notes(change: impl Fn(&str) -> String) -> Arc<Catalog> {
    preset(&change(
        r#"
        name = "notes"
        permissions = [
            { key = "note.read", scope = "resource" },
            { key = "note.write", scope = "resource" },
            { key = "bill.pay", scope = "organization" },
        ]
        [[roles]]
        key = "owner"
        rank = 9
        owner = true
        permissions = ["*"]
        reach = "all"
        [[roles]]
        key = "editor"
        rank = 5
        permissions = ["note.read", "note.write"]
        reach = "all"
        [[roles]]
        key = "intern"
        rank = 1
        permissions = ["note.read"]
        reach = "all"
        sight = "shared"
        [[groups]]
        key = "interns"
        roles = ["intern"]
        [[plans]]
        key = "team"
        rank = 1
        team_organizations = true
        "#,
    ))
}

/// The organization that more events make, with its whole history.
fn and_then(
    (mut org, mut history): (Organization, Vec<Record>),
    events: impl IntoIterator<Item = Event>,
) -> (Organization, Vec<Record>) {
    for event in events {
        let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event };
        org.apply(&record);
        history.push(record);
    }
    (org, history)
}

/// A rule that takes writing from the juniors.
fn juniors_do_not_write(until: Option<Timestamp>) -> Event {
    let (workspace, holder) = (Ids::OWN.workspace(1), RuleFor::Group("juniors".into()));
    Event::RuleSet { workspace, holder, given: vec![], taken: vec!["note.write".into()], until }
}

fn undeclared(migration: &Migration, organizations: &[&Organization]) -> Vec<Widening> {
    let objections = migration.dry_run(organizations.iter().copied(), &AT).objections;
    let widens = objections.into_iter().filter_map(|objection| match objection {
        Objection::Widens(widening) => Some(widening),
        _ => None,
    });
    widens.collect()
}
