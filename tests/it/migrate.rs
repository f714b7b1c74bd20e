//! Moving to another catalog: who gains and loses what is said beforehand and exactly; nothing widens, nothing is stranded;
//! what was stored is read as if it had been written under the new one. D-28, D-29.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bailiwick::access::{Facts, Resource, Share, ShareHolder};
use bailiwick::catalog::{Catalog, FeatureSet, PermissionKey, PermissionSet};
use bailiwick::change::{AddMember, CreateOrganization, Event, Record};
use bailiwick::document::{Document, MistakeCode};
use bailiwick::migrate::{
    Migration, MigrationBuilder, Migrations, More, Move, Objection, Of, Stored, Stranded, Upcasting, Widening,
};
use bailiwick::sharing::{GiveShare, Recipient, RevokeShare, ShareKey};
use bailiwick::store::{Append, Appended, Claims, MemoryStore, Store};
use bailiwick::whatif::AccessDiff;
use bailiwick::{
    Actor, Name, OrgId, Organization, ResourceId, RuleFor, Seats, ShareId, Tenants, Timestamp, UserId, Version,
    WorkspaceId, presets,
};

use crate::support::differences::{
    Facets, Scopes, Spot, checked, everybody_everywhere, features, features_of, instants, spread,
};
use crate::support::lives::{self, Life};
use crate::support::moving::{Moves, Moving, a_version_later};
use crate::support::samples::{self, Ids, NOW};
use crate::support::worlds::for_any_world;

/// The moment of most stories.
const AT: Facts<'static> = Facts::at(NOW);

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
    let seed = RefCell::new(0);
    for_any_world(|world| {
        *seed.borrow_mut() += 1;
        let told = Told {
            catalog: Arc::clone(&world.catalog),
            org: world.org.clone(),
            history: world.history.clone(),
            now: world.facts().now,
            seed: *seed.borrow(),
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

fn replay(org: &Organization, catalog: &Arc<Catalog>, records: impl IntoIterator<Item = Record>) -> Organization {
    let mut replayed = Organization::new(org.id(), Arc::clone(catalog));
    records.into_iter().for_each(|record| replayed.apply(&record));
    replayed
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

#[test]
fn a_dry_run_is_what_checks_say_and_nothing_widens() {
    let counts: RefCell<BTreeMap<&str, u64>> = RefCell::default();
    for_any_history(|told| {
        let moving = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed);
        let migration = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let on = features(&told.catalog, told.seed % 2 == 0);
        let facts = Facts::at(told.now).with_features(on);
        let run = migration.dry_run([&told.org], &facts);
        let after = migration.reread(&told.org);

        let scopes = scopes(&moving);
        let predicted = spread(&run.access, (&told.org, &after), &scopes, None);
        assert_eq!(predicted, followed(&moving, &told.org, &after, (told.now, on)));
        let later = instants(&told.org, &after, told.now);
        for at in later.iter().copied() {
            let predicted = spread(&run.access, (&told.org, &after), &scopes, Some(at));
            assert_eq!(predicted, followed(&moving, &told.org, &after, (at, on)), "at {at:?}");
        }
        let count = |what, n: usize| *counts.borrow_mut().entry(what).or_default() += n as u64;
        count("gains", predicted.gained.len());
        count("losses", predicted.lost.len());
        for objection in &run.objections {
            count(
                match objection {
                    Objection::Widens(_) => "objections: widens",
                    Objection::Gains(_) => "objections: gains",
                    Objection::Strands(Stranded::Rule { .. }) => "objections: strands a rule",
                    Objection::Strands(Stranded::CustomRole { .. }) => "objections: strands a role",
                    Objection::Strands(Stranded::Invariant { .. }) => "objections: breaks an invariant",
                    _ => "other objections",
                },
                1,
            );
        }
        let accepted = run.objections.is_empty();
        count(if accepted { "accepted" } else { "refused" }, 1);
        match migration.carry(&told.org, &facts) {
            Ok(carried) => {
                assert!(accepted);
                assert_eq!(carried, after);
                // Nothing widens: by checks, and not by what the dry run says.
                for at in later.into_iter().chain([told.now]) {
                    let gained = followed(&moving, &told.org, &carried, (at, on)).gained;
                    let undeclared = gained.iter().find(|(.., key)| !moving.declared.contains(key.as_str()));
                    assert_eq!(undeclared, None, "somebody gains what nobody has declared");
                }
                // Nothing is stranded.
                let known = told.org.audit(told.now);
                assert!(carried.audit(told.now).iter().all(|violation| known.contains(violation)));
            }
            Err(refused) => assert_eq!(refused.objections(), run.objections),
        }
    });
    let counts = counts.into_inner();
    println!("{counts:#?}");
    for (what, least) in [("gains", 50), ("losses", 500), ("accepted", 40), ("refused", 40), ("objections: gains", 5)] {
        assert!(counts.get(what).copied().unwrap_or(0) >= least, "too few {what}");
    }
}

#[test]
fn what_was_stored_loads_as_if_it_had_been_read_anew() {
    for_any_history(|told| {
        assert_eq!(replay(&told.org, &told.catalog, told.history.iter().cloned()), told.org);
        let moving = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed ^ 0x5eed);
        let migration = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let upcast = told.history.iter().map(|record| {
            let stored = serde_json::to_string(record).unwrap();
            migration.upcast(serde_json::from_str(&stored).unwrap())
        });
        assert_same(replay(&told.org, &moving.new, upcast), migration.reread(&told.org));
    });
}

#[test]
fn a_chain_loads_every_earlier_version_even_within_one_stream() {
    for_any_history(|told| {
        let first = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed);
        let second = a_version_later(&first.new, "v3", Moves::Everything, told.seed ^ 0xbeef);
        let steps = [first.migration().unwrap(), second.migration().unwrap()];
        let migrations = Migrations::new(steps.clone()).unwrap();
        assert_eq!(migrations.reread(&told.org).unwrap(), steps[1].reread(&steps[0].reread(&told.org)));
        let upcast = told.history.iter().cloned().map(|record| migrations.upcast(&told.catalog, record).unwrap());
        assert_same(replay(&told.org, &second.new, upcast), migrations.reread(&told.org).unwrap());

        // The first half was written under the first catalog, what happened later under the second one.
        let (early, late) = told.history.split_at(told.history.len() / 2);
        let late = late.iter().cloned().map(|record| steps[0].upcast(record));
        let early = early.iter().cloned().map(|record| migrations.upcast(&told.catalog, record).unwrap());
        let late = late.map(|record| migrations.upcast(&first.new, record).unwrap());
        assert_same(replay(&told.org, &second.new, early.chain(late)), migrations.reread(&told.org).unwrap());
        assert!(migrations.since(&second.new).is_some_and(<[Migration]>::is_empty));
        assert!(migrations.since(&samples::catalog()).is_none());
        let broken = Migrations::new([steps[1].clone(), steps[0].clone()]);
        assert!(broken.is_err() || told.catalog == second.new || second.new == first.old);
    });
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

#[test]
fn renaming_there_and_back_changes_nothing() {
    for_any_history(|told| {
        let moving = a_version_later(&told.catalog, "v2", Moves::Renames, told.seed);
        let there = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let back = back(&there).build(&moving.new, &told.catalog).unwrap_or_else(|mistakes| panic!("{mistakes}"));
        let run = there.dry_run([&told.org], &Facts::at(told.now));
        assert!(run.access.is_empty(), "{}", run.access);
        assert!(run.objections.is_empty(), "{:?}", run.objections);
        assert_eq!(back.reread(&there.reread(&told.org)), told.org);
        for record in &told.history {
            assert_eq!(&back.upcast(there.upcast(record.clone())), record);
        }
    });
}

#[test]
fn a_migration_written_to_a_file_is_read_as_the_same() {
    for_any_history(|told| {
        let moving = a_version_later(&told.catalog, "v2", Moves::Everything, told.seed);
        let migration = moving.migration().unwrap();
        let text = toml::to_string(&migration).unwrap();
        let read = Migration::from_document(&toml::from_str(&text).unwrap(), &moving.old, &moving.new).unwrap();
        assert_eq!(toml::to_string(&read).unwrap(), text);
        assert_eq!(read.reread(&told.org), migration.reread(&told.org));
    });
}

fn preset(text: &str) -> Arc<Catalog> {
    Arc::new(toml::from_str(text).unwrap())
}

/// Every permission, role and group of every preset with another key; the records of a life in it, as they are stored.
#[test]
fn records_of_the_presets_load_under_a_later_catalog() {
    for text in [presets::STUDIO, presets::CLOUD, presets::PRODUCTION, presets::AGENCY] {
        let old = preset(text);
        for seed in 0..8 {
            let moving = a_version_later(&old, "v2", if seed == 0 { Moves::Renames } else { Moves::Everything }, seed);
            let migration = moving.migration().unwrap_or_else(|mistakes| panic!("{mistakes}"));
            let (org, history) = a_company(&old);
            let stored: Vec<String> = history.iter().map(|record| serde_json::to_string(record).unwrap()).collect();
            let loaded = stored.iter().map(|text| migration.upcast(serde_json::from_str(text).unwrap()));
            let loaded = replay(&org, &moving.new, loaded);
            assert_eq!(loaded, migration.reread(&org));
            let run = migration.dry_run([&org], &AT);
            let predicted = spread(&run.access, (&org, &loaded), &scopes(&moving), None);
            assert_eq!(predicted, followed(&moving, &org, &loaded, (NOW, FeatureSet::EMPTY)));
            if seed == 0 {
                assert!(run.access.is_empty() && run.objections.is_empty(), "{:?}", run.objections);
                assert_eq!(loaded.audit(NOW), []);
            }
        }
    }
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

#[test]
fn whatever_vanishes_must_be_mapped() {
    let old = notes(str::to_owned);
    let new = notes(|text| {
        text.replace("note.write", "note.edit").replace("intern", "guest").replace("\"team\"", "\"crew\"")
    });
    let mistakes = Migration::between(&old, &new).unwrap_err();
    let texts: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        [
            "permissions: permission `note.write` of the old catalog is not in the new one: rename, split, merge, remove it",
            "roles: role `intern` of the old catalog is not in the new one: rename, merge, remove it",
            "groups: group `interns` of the old catalog is not in the new one: rename, remove it",
            "plans: plan `team` of the old catalog is not in the new one: rename it",
        ]
    );
    assert!(mistakes.iter().all(|mistake| mistake.code == MistakeCode::Missing));

    let text = r#"
        gains = ["note.edti"]
        permissions = [
            { rename = "note.write", to = "note.edit" },
            { rename = "note.write", to = "note.read" },
            { merge = ["bill.pay"], to = "bill.pay" },
            { split = "bill.payy", to = ["bill.pay", "bill.pay"], widen = true },
            { remove = "x", rename = "y" },
        ]
        roles = [{ remove = "intern" }, { rename = "editor", to = "owner" }, { split = "owner", to = ["a", "b"] }]
        groups = [{ rename = "interns", to = "guests" }]
        plans = [{ remove = "team" }]
        colour = "red"
    "#;
    let document: Document = toml::from_str(text).unwrap();
    let mistakes = Migration::from_document(&document, &old, &new).unwrap_err();
    println!("{mistakes}");
    let places: BTreeSet<&str> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    for place in [
        "colour",
        "gains[0]",
        "permissions[1].rename",
        "permissions[2]",
        "permissions[3].split",
        "permissions[3].to",
        "permissions[3].widen",
        "permissions[4]",
        "roles[0]",
        "roles[1]",
        "roles[2]",
        "plans[0]",
    ] {
        assert!(places.contains(place), "no mistake at {place}");
    }
}

#[test]
fn the_owner_role_stays_the_owner_role() {
    let old = notes(str::to_owned);
    let swapped = notes(|text| {
        text.replace("\"owner\"", "\"editor_\"").replace("\"editor\"", "\"owner\"").replace("\"editor_\"", "\"boss\"")
    });
    let new = |moves: &[Move]| Migration::builder().roles(moves.iter().cloned()).build(&old, &swapped);
    let mistakes = new(&[Move::rename("editor", "boss")]).unwrap_err().to_string();
    assert!(mistakes.contains("nobody becomes an owner by having been `editor`"), "{mistakes}");
    assert!(mistakes.contains("`owner` is the owner role, and what it becomes is not"), "{mistakes}");
    assert!(new(&[Move::rename("owner", "boss"), Move::rename("editor", "owner")]).is_ok());

    // Nor does anybody become one by a role that is merged or removed, whatever is declared.
    let fewer = notes(|text| {
        let text = text.replace("roles = [\"intern\"]", "roles = [\"editor\"]");
        let (before, after) = text.split_once("[[roles]]\n        key = \"intern\"").unwrap();
        format!("{before}{}", &after[after.find("[[groups]]").unwrap()..])
    });
    let onto = [
        Move::merge(["intern", "owner"], "owner").widening(),
        Move::remove("intern").falling_back_to("owner").widening(),
    ];
    for onto in onto {
        let mistakes = Migration::builder().roles([onto]).build(&old, &fewer).unwrap_err().to_string();
        assert_eq!(mistakes, "roles[0]: nobody becomes an owner by having been `intern`");
    }
}

/// Interns are no more; they fall back to editors, who can do more.
#[test]
fn a_removed_role_falls_back_to_no_more_than_it_was() {
    let old = notes(str::to_owned);
    let new = preset(
        &toml::to_string(&*old)
            .unwrap()
            .replace("key = \"intern\"", "key = \"visitor\"")
            .replace("\"intern\"", "\"visitor\""),
    );
    let onto = |role: &str| {
        let moves = [Move::remove("intern").falling_back_to(role)];
        Migration::builder().roles(moves).build(&old, &new).unwrap()
    };
    assert!(onto("visitor").dry_run([], &AT).accepted().is_ok());
    let refused = onto("editor").dry_run([], &AT).accepted().unwrap_err();
    let more: Vec<&More> = refused
        .objections()
        .iter()
        .map(|objection| match objection {
            Objection::Widens(widening) => &widening.more,
            other => panic!("{other}"),
        })
        .collect();
    assert_eq!(more, [&More::Permissions(vec!["note.write".into()]), &More::Sight, &More::Rank("editor".into())]);
    let meant = [Move::remove("intern").falling_back_to("editor").widening()];
    let meant = Migration::builder().roles(meant).build(&old, &new).unwrap();
    assert!(meant.dry_run([], &AT).objections.is_empty());
    assert_eq!(meant.widenings().len(), 3);
}

/// A group that something is given or shared to cannot lose everybody who is in it. D-29.
#[test]
fn a_system_group_in_use_is_not_stranded() {
    let old = notes(str::to_owned);
    let (mut org, _) = a_company(&old);
    let gone = notes(|text| {
        text.replace("\"interns\"", "\"editors\"").replace("roles = [\"intern\"]", "roles = [\"editor\"]")
    });
    let moved = notes(|text| text.replace("roles = [\"intern\"]", "roles = [\"editor\"]"));
    let removed = Migration::builder().groups([Move::remove("interns")]).build(&old, &gone).unwrap();
    let others = Migration::builder().roles([Move::keep("editor").widening()]).build(&old, &moved).unwrap();
    let level: PermissionSet = old.permission("note.read").into_iter().collect();
    let to = ShareHolder::Group(old.group("interns").unwrap());
    let share = Share { on: ResourceId::from_u64(1).unwrap(), to, level, until: None };
    for migration in [&removed, &others] {
        // Nobody uses the group: it may go.
        assert!(migration.carry(&org, &AT).is_ok());
        assert_eq!(migration.share(&share), Err(Stranded::Share { group: "interns".into() }));
        let to_members = Share { to: ShareHolder::Members, ..share };
        let carried = migration.share(&to_members).unwrap();
        assert_eq!(carried.level, migration.new_catalog().permission("note.read").into_iter().collect());
    }
    let workspace = Ids::OWN.workspace(1);
    let holder = RuleFor::Group("interns".into());
    let rule = Event::RuleSet { workspace, holder, given: vec!["note.write".into()], taken: vec![], until: None };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: rule });
    for migration in [&removed, &others] {
        let refused = migration.carry(&org, &AT).unwrap_err();
        let stranded = Stranded::Rule { organization: org.id(), workspace, group: "interns".into() };
        assert!(refused.objections().contains(&Objection::Strands(stranded)), "{refused}");
        assert!(refused.to_string().contains("has a rule for the group `interns`"), "{refused}");
    }
}

#[test]
fn a_custom_role_keeps_its_parts_and_is_not_emptied() {
    let old = notes(str::to_owned);
    let (mut org, _) = a_company(&old);
    let made = Event::CustomRoleSet {
        role: "custom.payer".into(),
        title: samples::name("Payer"),
        like: "intern".into(),
        reach: bailiwick::catalog::Reach::All,
        permissions: vec!["bill.pay".into()],
    };
    org.apply(&Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: made });
    let split = notes(|text| {
        text.replace(
            r#"{ key = "bill.pay", scope = "organization" }"#,
            r#"{ key = "bill.view", scope = "organization" }, { key = "bill.settle", scope = "organization" }"#,
        )
    });
    let migration =
        Migration::builder().permissions([Move::split("bill.pay", ["bill.view", "bill.settle"])]).build(&old, &split);
    let carried = migration.unwrap().carry(&org, &AT).unwrap();
    let payer = carried.role("custom.payer").unwrap();
    let holds = ["bill.view", "bill.settle"].map(|key| split.permission(key).unwrap()).into_iter().collect();
    assert_eq!(carried.permissions_of(payer), holds);

    let without = notes(|text| text.replace(r#"{ key = "bill.pay", scope = "organization" },"#, ""));
    let migration = Migration::builder().permissions([Move::remove("bill.pay")]).build(&old, &without).unwrap();
    let refused = migration.carry(&org, &AT).unwrap_err();
    let emptied = Stranded::CustomRole { organization: org.id(), role: "custom.payer".into() };
    assert_eq!(refused.objections(), [Objection::Strands(emptied)]);
}

#[test]
fn merging_gives_to_whoever_held_all_and_takes_from_whoever_lacked_any() {
    let old = notes(str::to_owned);
    let merged = |widen: bool| {
        let new = notes(|text| {
            let text = text.replace(r#"{ key = "note.read", scope = "resource" },"#, "");
            let text =
                text.replace(r#"["note.read", "note.write"]"#, r#"["note.use"]"#).replace(r#"["note.read"]"#, "[]");
            text.replace("note.write", "note.use")
        });
        let merge = Move::merge(["note.read", "note.write"], "note.use");
        let merge = if widen { merge.widening() } else { merge };
        Migration::builder().permissions([merge]).build(&old, &new).unwrap()
    };
    let (workspace, by) = (Ids::OWN.workspace(1), Actor::System);
    let joined = |n: u64, changes: bailiwick::Override| {
        let user = Ids::OWN.user(n);
        let joined = Event::CollaboratorJoined { user, given_by: by };
        [joined, Event::AccessGiven { user, workspace, changes, given_by: by }]
    };
    let row = bailiwick::Override::none;
    let (mut org, _) = a_company(&old);
    for event in [
        joined(20, row().adding("note.read").adding("note.write")),
        joined(21, row().adding("note.read")),
        joined(22, bailiwick::Override::role("editor").removing("note.read")),
    ]
    .into_iter()
    .flatten()
    {
        org.apply(&Record { version: org.version().next(), at: NOW, by, command: None, event });
    }
    let uses = |org: &Organization, n: u64| {
        let spot = Spot::At(bailiwick::change::Place::Workspace(workspace));
        !checked(org, Actor::User(Ids::OWN.user(n)), spot, (NOW, FeatureSet::EMPTY)).is_empty()
    };
    let narrow = merged(false).reread(&org);
    assert_eq!([20, 21, 22].map(|n| uses(&narrow, n)), [true, false, false]);
    let wide = merged(true).reread(&org);
    assert_eq!([20, 21, 22].map(|n| uses(&wide, n)), [true, true, false]);
    assert!(merged(false).dry_run([&org], &AT).access.gains().next().is_none());
    let gains = merged(true).dry_run([&org], &AT);
    assert_eq!(gains.access.gains().map(|row| row.who).collect::<Vec<_>>(), [Actor::User(Ids::OWN.user(21))]);
    assert!(gains.objections.is_empty(), "it is declared");
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

/// What replaying gives must not hang on what a row came to give under another catalog, nor on how roles were merged.
#[test]
fn what_is_derived_on_the_way_is_the_same_under_both_catalogs() {
    let guest = |text: &str| {
        text.replace(
            "[[groups]]",
            "[[roles]]\n key = \"guest\"\n rank = 1\n permissions = [\"note.read\"]\n [[groups]]",
        )
    };
    let old = notes(guest);
    let new = notes(|text| {
        let text = guest(text).replace(r#"{ key = "note.write", scope = "resource" },"#, "");
        let text = text
            .replace(r#"["note.read", "note.write"]"#, r#"["note.read"]"#)
            .replace("roles = [\"intern\"]", "roles = [\"editor\"]");
        let (before, after) = text.split_once("[[roles]]\n        key = \"intern\"").unwrap();
        format!("{before}{}", &after[after.find("[[roles]]").unwrap()..])
    });
    let migration = Migration::builder()
        .permissions([Move::remove("note.write")])
        .roles([Move::merge(["editor", "intern"], "editor").widening()])
        .build(&old, &new)
        .unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let (user, workspace, by) = (Ids::OWN.user(30), Ids::OWN.workspace(1), Actor::System);
    let custom = || bailiwick::catalog::RoleKey::from("custom.writer");
    let domain = bailiwick::Domain::new("acme.example").unwrap();
    let events = [
        Event::CustomRoleSet {
            role: custom(),
            title: samples::name("Writer"),
            like: "intern".into(),
            reach: bailiwick::catalog::Reach::All,
            permissions: vec!["note.read".into(), "note.write".into()],
        },
        Event::MemberJoined { user, roles: vec!["intern".into(), custom()], given_by: by },
        Event::AccessGiven { user, workspace, changes: bailiwick::Override::none().adding("note.write"), given_by: by },
        Event::MadeCollaborator { user, keeps: vec![workspace] },
        Event::DomainSet { domain: domain.clone(), roles: vec!["intern".into()] },
        Event::ProvisioningSet { roles: Some(vec!["guest".into(), "intern".into()]) },
        Event::Invited {
            invitation: Ids::OWN.invitation(1),
            address: samples::address("wim@acme.example"),
            roles: vec!["editor".into(), custom(), "guest".into()],
            access: vec![(workspace, bailiwick::Override::role("intern").adding("note.write"))],
            secret: samples::secret(1),
            until: NOW,
            uses: 1,
        },
        Event::CustomRoleDeleted { role: custom(), instead: Some("intern".into()) },
    ];
    let (org, history) = and_then(a_company(&old), events);
    let loaded = replay(&org, &new, history.into_iter().map(|record| migration.upcast(record)));
    assert_eq!(loaded, migration.reread(&org));
    assert_eq!(loaded.audit(NOW), []);
    assert_eq!(loaded.person(user).unwrap().rows().len(), 1, "the row stays, and with it the collaborator");
    let invitation = loaded.invitation(Ids::OWN.invitation(1)).unwrap();
    assert_eq!(invitation.roles(), ["editor".into(), "guest".into()]);
    assert_eq!(invitation.access()[0].1, bailiwick::Override::role("editor"));
    let editor = new.role("editor").unwrap();
    assert!(loaded.domains().all(|(named, rule)| *named == domain && rule.roles.contains(editor)));
    let provisioned = loaded.profile().unwrap().provisioned_roles.unwrap();
    assert!(provisioned.contains(editor) && provisioned.contains(new.role("guest").unwrap()) && provisioned.len() == 2);
}

/// Keys can change places: what counts is what they were.
#[test]
fn keys_that_change_places_change_nothing() {
    let old = notes(str::to_owned);
    let swap = |text: &str, a: &str, b: &str| {
        let (a, b) = (format!("\"{a}\""), format!("\"{b}\""));
        text.replace(&a, "\"?\"").replace(&b, &a).replace("\"?\"", &b)
    };
    let new = notes(|text| swap(&swap(text, "editor", "intern"), "note.read", "note.write"));
    let migration = Migration::builder()
        .roles([Move::rename("editor", "intern"), Move::rename("intern", "editor")])
        .permissions([Move::rename("note.read", "note.write"), Move::rename("note.write", "note.read")])
        .build(&old, &new)
        .unwrap();
    let (org, history) = a_company(&old);
    let run = migration.dry_run([&org], &AT);
    assert!(run.access.is_empty() && run.objections.is_empty(), "{}\n{:?}", run.access, run.objections);
    let loaded = replay(&org, &new, history.into_iter().map(|record| migration.upcast(record)));
    assert_eq!(loaded, migration.reread(&org));
    // Without a word they are other roles, and other permissions.
    assert!(!Migration::between(&old, &new).unwrap().dry_run([&org], &AT).access.is_empty());
}

/// A role that takes a seat from now on would sell more seats than there are.
#[test]
fn an_invariant_that_holds_goes_on_holding() {
    let seats =
        |text: &str| text.replace("team_organizations = true", "team_organizations = true\n seats = \"per_seat:1\"");
    let old = notes(|text| seats(text).replace("sight = \"shared\"", "sight = \"shared\"\n billable = false"));
    let new = notes(seats);
    let (org, _) = and_then(a_company(&old), [Event::SeatsChanged { seats: bailiwick::Seats::new(2), at: None }]);
    assert_eq!(org.audit(NOW), []);
    let refused = Migration::between(&old, &new).unwrap().carry(&org, &AT).unwrap_err();
    let [Objection::Strands(Stranded::Invariant { organization, violation })] = refused.objections() else {
        panic!("{refused}");
    };
    assert_eq!((*organization, violation.to_string().as_str()), (org.id(), "3 seats are used and 2 are bought"));
}

/// Keys that the old catalog did not have gave nothing, and give nothing when the new one has them.
#[test]
fn unknown_keys_of_the_past_do_not_come_to_life() {
    let old = notes(str::to_owned);
    let new = notes(|text| {
        text.replace("note.write\", scope", "note.erase\", scope = \"resource\" }, { key = \"note.write\", scope")
    });
    let (org, _) = a_company(&old);
    let user = Ids::OWN.user(3);
    let changes = bailiwick::Override::none().adding("note.erase");
    let given = Event::AccessGiven { user, workspace: Ids::OWN.workspace(1), changes, given_by: Actor::System };
    let record = Record { version: org.version().next(), at: NOW, by: Actor::System, command: None, event: given };
    let mut before = org.clone();
    before.apply(&record);
    let migration = Migration::between(&old, &new).unwrap();
    let mut after = migration.reread(&org);
    after.apply(&migration.upcast(record));
    assert_eq!(after, migration.reread(&before));
    let owner_alone =
        migration.dry_run([&before], &AT).access.gains().all(|row| row.who == Actor::User(Ids::OWN.user(1)));
    assert!(owner_alone);
}

/// A permission that asks for less is told, and refused unless it is declared.
#[test]
fn a_permission_does_not_come_to_ask_for_less() {
    let strict = |text: &str| {
        text.replace(
            r#"{ key = "bill.pay", scope = "organization" }"#,
            r#"{ key = "bill.pay", scope = "organization", second_factor = true, recent_authentication = "15m", active_only = true }"#,
        )
    };
    let old = notes(strict);
    for (from, to, more) in [
        ("second_factor = true", "second_factor = false", More::AsksLess),
        ("\"15m\"", "\"16m\"", More::AsksLess),
        ("recent_authentication = \"15m\", ", "", More::AsksLess),
        ("active_only = true", "active_only = false", More::OpenLonger),
        ("active_only = true", "active_only = true, open_while_suspended = true", More::OpenLonger),
    ] {
        let new = notes(|text| strict(text).replace(from, to));
        assert_ne!(old, new);
        let key = || "bill.pay".into();
        let of = Of::Permission { was: key(), is: key() };
        let widening = Widening { of, more, declared: false };
        let refused = Migration::between(&old, &new).unwrap().dry_run([], &AT).accepted().unwrap_err();
        assert_eq!(refused.objections(), [Objection::Widens(widening)]);
        let meant = Migration::builder().gains(["bill.pay"]).build(&old, &new).unwrap();
        assert!(meant.dry_run([], &AT).accepted().is_ok());
        // The other way round, more is asked for.
        assert!(Migration::between(&new, &old).unwrap().dry_run([], &AT).accepted().is_ok());
    }
}

/// A store holds what was written under both catalogs; tenants of the new one read all of it, and go on.
#[test]
fn tenants_go_on_where_an_earlier_version_stopped() {
    let old = samples::catalog();
    let text = toml::to_string(&*old).unwrap();
    let new = preset(&text.replace("\"member\"", "\"colleague\"").replace("\"thing.read\"", "\"thing.see\""));
    let migration = Migration::builder()
        .roles([Move::rename("member", "colleague")])
        .permissions([Move::rename("thing.read", "thing.see")])
        .build(&old, &new)
        .unwrap();
    let store = MemoryStore::new();
    let organization = Ids::OWN.organization();
    let (_, records) = a_company(&old);
    let append = Append { organization, expected: Version::ZERO, records: &records, claims: &Claims::default() };
    assert_eq!(store.append(&append).unwrap(), Appended::Applied);

    let moved_at = Version::from_u64(records.len() as u64);
    let migrations = Migrations::new([migration.clone()]).unwrap();
    let store = Upcasting::new(store, migrations, move |_, stored| {
        usize::from(matches!(stored, Stored::Organization(record) if record.version > moved_at))
    });
    let tenants = Tenants::new(Arc::clone(&new), store);
    let user = Ids::OWN.user(9);
    let add = AddMember { user, roles: vec!["colleague".into()], access: vec![] };
    let outcome = tenants.handle(organization, add, &samples::facts().by(Actor::System)).unwrap();

    let mut expected =
        migration.reread(&replay(&tenants.read(organization, Clone::clone).unwrap().unwrap(), &old, records));
    outcome.records.iter().for_each(|record| expected.apply(record));
    assert_eq!(tenants.read(organization, Clone::clone).unwrap().unwrap(), expected);
    // Another process reads both from the store.
    let stored = tenants.store().load(organization, Version::ZERO).unwrap();
    assert_eq!(replay(&expected, &new, stored), expected);
    assert!(expected.roles_of(user).contains(new.role("colleague").unwrap()));
}

#[test]
fn an_organization_of_another_catalog_is_not_tried_on() {
    let old = notes(str::to_owned);
    let migration = Migration::between(&old, &old).unwrap();
    let other = samples::organization(Ids::OWN);
    assert_eq!(migration.carry(&other, &AT).unwrap_err().objections(), [Objection::OtherCatalog(other.id())]);
}

/// What a policy would change is a changed catalog, for one organization or many.
#[test]
fn a_policy_is_tried_out_on_many_organizations() {
    let old = notes(str::to_owned);
    let new = notes(|text| format!("{text}\n[policy]\noverrides = \"off\""));
    assert_ne!(old, new);
    let organizations = [Ids::OWN, Ids::FOREIGN].map(|ids| company_of(ids, &old).0);
    let migration = Migration::between(&old, &new).unwrap();
    let run = migration.dry_run(&organizations, &AT);
    let mut expected = Vec::new();
    for organization in &organizations {
        let after = migration.reread(organization);
        let one = AccessDiff::between(organization, &after, &AT).unwrap();
        assert!(one.losses().next().is_some(), "an intern was raised in a workspace");
        expected.extend(one.rows().to_vec());
    }
    assert_eq!(run.access.rows(), expected);
    let text = run.access.to_string();
    assert_eq!(text.matches("\n### ").count(), 2, "{text}");
}

/// What was shared under the old keys is found, counts and is closed under the new ones.
#[test]
fn shares_are_read_and_found_under_the_newest_catalog() {
    let old: Arc<Catalog> = Arc::new(toml::from_str(bailiwick::presets::PRODUCTION).unwrap());
    let text = bailiwick::presets::PRODUCTION.replace("\"all_talent\"", "\"everybody_on_stage\"");
    let new: Arc<Catalog> = Arc::new(toml::from_str(&text.replace("\"script.view\"", "\"script.read\"")).unwrap());
    let migration = Migration::builder()
        .groups([Move::rename("all_talent", "everybody_on_stage")])
        .permissions([Move::rename("script.view", "script.read")])
        .build(&old, &new)
        .unwrap();
    let (store, now) = (Arc::new(MemoryStore::new()), Facts::at(Timestamp::from_millis(1_795_000_000_000)));
    let (crew, thing) = (OrgId::from_u64(1).unwrap(), ResourceId::from_u64(1).unwrap());
    let on = Resource { id: thing, containers: &[], workspace: None, personal_owner: None, shares: &[] };
    let yesterday = Tenants::new(Arc::clone(&old), Arc::clone(&store));
    let (name, plan, workspace) = (Name::new("Crew").unwrap(), "studio".into(), WorkspaceId::from_u64(1).unwrap());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace };
    yesterday.create(crew, create, &now.by(Actor::User(UserId::from_u64(1).unwrap()))).unwrap();
    let tia = UserId::from_u64(4).unwrap();
    let joins = AddMember { user: tia, roles: vec!["talent".into()], access: Vec::new() };
    yesterday.handle(crew, joins, &now.by(Actor::System)).unwrap();
    let (share, level) = (ShareId::from_u64(1).unwrap(), vec!["script.view".into()]);
    let give = GiveShare { share, to: Recipient::Group("all_talent".into()), level, until: None };
    yesterday.share(crew, &on, give, &now.by(Actor::System)).unwrap();

    let today = Upcasting::new(Arc::clone(&store), Migrations::new([migration]).unwrap(), |_, _| 0);
    let today = Tenants::new(Arc::clone(&new), today);
    let read = new.permission("script.read").unwrap();
    assert!(today.access_to(crew, Actor::User(tia), &on, &now).unwrap().allows(read));
    assert_eq!(today.filter(crew, Actor::User(tia), read, &now).unwrap().shared(), [thing]);
    today.share(crew, &on, RevokeShare { share }, &now.by(Actor::System)).unwrap();
    assert!(!today.access_to(crew, Actor::User(tia), &on, &now).unwrap().allows(read));
    let found = store.shares_by(&ShareKey::Group(crew, "all_talent".into()), None, None, 9).unwrap();
    assert!(found.is_empty(), "closed, and still found by the key of yesterday");
}
