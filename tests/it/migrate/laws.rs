//! Laws: what a dry run says is what checks say, and nothing widens.

use bailiwick::access::Target;
use bailiwick::change::Place;
use bailiwick::{PersonStatus, Status};

use super::*;

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
        for at in instants(&told.org, &after, told.now) {
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
                nothing_widens(&moving, &told.org, &carried, told.now);
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

/// Nothing widens: what checks allow once nobody is stopped any more and every feature is on, now and whenever something has
/// ended, is declared: of everybody, or of a role that they have there.
fn nothing_widens(moving: &Moving, before: &Organization, after: &Organization, now: Timestamp) {
    let (freed_before, freed_after) = (freed(before, now), freed(after, now));
    for (who, spot) in everybody_everywhere(before, after) {
        let Spot::At(place) = spot else { continue };
        for instant in ends(before, now) {
            let (had, has) = (open(&freed_before, who, place, instant), open(&freed_after, who, place, instant));
            let worth = moving.worth(&had);
            let declared = moving.declared_for(roles_of(before, who, place, instant));
            let is_new = |key: &String| !worth.contains(key) && !declared.contains(key);
            let gained = has.iter().find(|key| is_new(key));
            assert_eq!(gained, None, "{who:?} gains at {place:?} from {instant:?} on what nobody has declared");
            for action in Action::ALL {
                let guard = |catalog: &Catalog| {
                    let guard = catalog.guard_of(*action).and_then(|guard| catalog.permission_def(guard));
                    guard.map(|def| def.key.clone())
                };
                let could = guard(&moving.old).is_some_and(|guard| had.contains(&guard));
                let can = guard(&moving.new).filter(|guard| has.contains(guard) && worth.contains(guard));
                let undeclared = can.filter(|guard| !could && !declared.contains(guard));
                assert_eq!(undeclared, None, "{who:?} comes to do {action:?} at {place:?}");
            }
        }
    }
}

/// The organization once everything that stops somebody for a while has passed.
fn freed(org: &Organization, now: Timestamp) -> Organization {
    let mut events = Vec::new();
    let Some(profile) = org.profile() else { return org.clone() };
    if profile.deletion.is_some() {
        events.push(Event::OrganizationRestored);
    }
    if profile.status != Status::Active {
        events.push(Event::StatusChanged { status: Status::Active });
    }
    let suspended = org.people().filter(|(_, person)| person.status() == PersonStatus::Suspended);
    events.extend(suspended.map(|(user, _)| Event::PersonReactivated { user }));
    let archived = org.workspaces().filter(|(_, place)| place.archived().is_some());
    events.extend(archived.map(|(workspace, _)| Event::WorkspaceReopened { workspace }));
    for (service, there) in org.services() {
        let key = |permission| org.catalog().permission_def(permission).unwrap().key.as_str().into();
        let permissions = there.permissions().iter().map(key).collect();
        let workspaces = there.workspaces().to_vec();
        events.push(Event::ServiceChanged { service, permissions, workspaces, until: None });
    }
    let mut freed = org.clone();
    for event in events {
        let version = freed.version().next();
        freed.apply(&Record { version, at: now, by: Actor::System, command: None, event });
    }
    freed
}

/// Now, and every instant at which something ends.
fn ends(org: &Organization, now: Timestamp) -> BTreeSet<Timestamp> {
    let rows = org.people().flat_map(|(_, person)| person.rows()).filter_map(|row| row.until);
    let rules = org.workspaces().flat_map(|(_, place)| place.rules()).filter_map(|rule| rule.until);
    rows.chain(rules).filter(|end| *end > now).chain([now]).collect()
}

/// What somebody can do at a place with every feature on.
fn open(org: &Organization, who: Actor, place: Place, now: Timestamp) -> BTreeSet<String> {
    let needed = org.catalog().permissions().filter_map(|(_, def)| org.catalog().feature(def.feature.as_ref()?));
    let mut facts = Facts::at(now).authenticated(now).with_second_factor();
    facts = facts.with_features(needed.collect::<FeatureSet>());
    facts.provider = org.required_provider(now);
    let target = match place {
        Place::Organization => Target::Organization,
        Place::Workspace(id) => Target::Workspace(id),
    };
    let allowed = org.catalog().permissions().filter(|(key, _)| org.check(who, *key, target, &facts).is_allow());
    allowed.map(|(_, def)| def.key.clone()).collect()
}

/// The roles that somebody has at a place, by key; of a service those of its sponsor.
fn roles_of(org: &Organization, who: Actor, place: Place, now: Timestamp) -> BTreeSet<String> {
    let user = match who {
        Actor::Service(id) => org.service(id).and_then(|service| service.sponsor()),
        other => other.user(),
    };
    let Some(person) = user.and_then(|user| org.person(user)) else { return BTreeSet::new() };
    let row = match place {
        Place::Workspace(id) => person.row(id).filter(|row| row.is_current(now)).and_then(|row| row.role),
        Place::Organization => None,
    };
    person.roles().iter().chain(row).map(|role| org.role_key(role).to_owned()).collect()
}
