//! Lists and reviews: what they say is what a check says, in every world; pages are whole; forms are pinned.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use bailiwick::access::{Decision, Facts, Target};
use bailiwick::catalog::{Permission, PermissionSet};
use bailiwick::change::Place;
use bailiwick::reach::review::{Breadth, Review};
use bailiwick::reach::{Cursor, Page, Paging, Relation, Through};
use bailiwick::{
    Actor, Organization, PersonStatus, RuleHolder, ServiceId, Status, Timestamp, UserId, Version, Violation,
    WorkspaceId,
};

use crate::support::naive;
use crate::support::pages::whole;
use crate::support::worlds::{World, for_any_world};

/// The organization, every workspace, and one that does not exist.
fn places(world: &World) -> Vec<Place> {
    let ids = (1..=3).map(|n| WorkspaceId::from_u64(n).unwrap());
    let places: Vec<Place> = [Place::Organization].into_iter().chain(ids.map(Place::Workspace)).collect();
    assert!(world.org.workspaces().all(|(id, _)| places.contains(&Place::Workspace(id))));
    places
}

fn target(place: Place) -> Target<'static> {
    match place {
        Place::Organization => Target::Organization,
        Place::Workspace(id) => Target::Workspace(id),
    }
}

/// What a list goes by: the check that shares no code with the crate's own does not say no.
fn can(org: &Organization, actor: Actor, permission: Permission, place: Place, facts: &Facts<'_>) -> bool {
    !matches!(naive::check(org, actor, permission, target(place), facts), Decision::Deny(_))
}

/// S0-60, S3-42: listed is whoever a check does not deny: members, and the collaborators of every workspace.
#[test]
fn people_and_services_are_listed_exactly_when_a_check_does_not_deny() {
    let (yes, no) = (Cell::new(0_u64), Cell::new(0_u64));
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        for place in places(world) {
            for (permission, key) in world.permissions() {
                let people = whole(2, |paging| org.people_with(permission, place, &facts, paging));
                let listed: Vec<Actor> = people.iter().map(|who| Actor::User(who.id)).collect();
                let services = whole(1, |paging| org.services_with(permission, place, &facts, paging));
                let robots: Vec<Actor> = services.iter().map(|who| Actor::Service(who.id)).collect();
                for (kind, listed) in [("people", listed), ("services", robots)] {
                    let asked = world.actors().into_iter().filter(|actor| match actor {
                        Actor::User(_) => kind == "people",
                        Actor::Service(_) => kind == "services",
                        _ => false,
                    });
                    let asked: Vec<Actor> = asked.collect();
                    let can: Vec<Actor> =
                        asked.iter().copied().filter(|actor| can(org, *actor, permission, place, &facts)).collect();
                    assert_eq!(listed, can, "{kind} with {key} at {place:?}");
                    yes.set(yes.get() + can.len() as u64);
                    no.set(no.get() + (asked.len() - can.len()) as u64);
                }
                let through = people.iter().map(|who| &who.through).chain(services.iter().map(|who| &who.through));
                assert!(
                    through.into_iter().all(|through| !through.is_empty()),
                    "{key} at {place:?} comes from nowhere"
                );
                let relation = |user| org.person(user).map(|p| p.is_member());
                assert!(people.iter().all(|who| relation(who.id) == Some(who.relation == Relation::Member)));
            }
        }
    });
    println!("{} listed, {} not", yes.get(), no.get());
    assert!(yes.get() * 20 > no.get(), "hardly anybody is ever listed");
}

/// S3-10, S3-38, S3-40: the workspaces of an actor are those in which something is granted, or (for users) a row is.
#[test]
fn workspaces_are_listed_exactly_where_something_is_granted_or_a_row_is() {
    let (listed, outside) = (Cell::new(0_u64), Cell::new(0_u64));
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        for actor in world.actors() {
            let found = whole(1, |paging| org.workspaces_of(actor, &facts, paging));
            let ids: Vec<WorkspaceId> = found.iter().map(|reached| reached.workspace).collect();
            let mut all: Vec<WorkspaceId> = org.workspaces().map(|(id, _)| id).collect();
            all.sort_unstable();
            let row = |id| actor.user().and_then(|user| org.person(user)?.row(id)).is_some() && org.is_open();
            let granted = |id| {
                let keys = world.permissions().into_iter().map(|(permission, _)| permission);
                keys.filter(|p| !is_of_organization(world, *p))
                    .any(|p| granted_if_nothing_stops(org, actor, p, id, &facts))
            };
            let expected: Vec<WorkspaceId> = all.into_iter().filter(|id| row(*id) || granted(*id)).collect();
            assert_eq!(ids, expected, "{actor:?}");
            for reached in &found {
                let workspace = org.workspace(reached.workspace).unwrap();
                assert_eq!(&reached.name, workspace.name());
                assert_eq!(reached.is_archived, workspace.archived().is_some());
                outside.set(outside.get() + u64::from(reached.relation == Relation::Collaborator));
            }
            listed.set(listed.get() + found.len() as u64);
        }
    });
    assert!(listed.get() > 200 && outside.get() > 20, "{} listed, {} from outside", listed.get(), outside.get());
}

fn is_of_organization(world: &World, permission: Permission) -> bool {
    let def = world.catalog.permission_def(permission).unwrap();
    def.scope == bailiwick::catalog::Scope::Organization
}

/// Rule 7 alone: the same organization with everything lifted that rules 3 to 6 and 8 could object to.
fn granted_if_nothing_stops(
    org: &Organization,
    actor: Actor,
    permission: Permission,
    workspace: WorkspaceId,
    facts: &Facts<'_>,
) -> bool {
    use bailiwick::access::DenyReason as No;
    let open = lifted(org, actor, facts.now);
    match naive::check(&open, actor, permission, Target::Workspace(workspace), facts) {
        Decision::Allow | Decision::StepUp(_) | Decision::Deny(No::NeedsFeature { .. }) => true,
        Decision::Deny(No::AccessEnded) => match actor {
            // The end of a service stops it; what it was given is still there to be seen.
            Actor::Service(id) => {
                let service = org.service(id).unwrap();
                let bounds = service.workspaces().is_empty() || service.workspaces().contains(&workspace);
                let sponsor = service.sponsor().map(Actor::User);
                bounds
                    && service.permissions().contains(permission)
                    && sponsor
                        .is_some_and(|sponsor| granted_if_nothing_stops(org, sponsor, permission, workspace, facts))
            }
            _ => false,
        },
        Decision::Deny(_) => false,
    }
}

/// The organization with status, archives and suspensions lifted.
fn lifted(org: &Organization, actor: Actor, now: Timestamp) -> Organization {
    use bailiwick::change::{Event, Record};
    let mut open = org.clone();
    let apply = |open: &mut Organization, event| {
        let (version, at) = (open.version().next(), Timestamp::from_millis(0));
        open.apply(&Record { version, at, by: Actor::System, command: None, event });
    };
    apply(&mut open, Event::StatusChanged { status: Status::Active });
    for (workspace, _) in org.workspaces() {
        apply(&mut open, Event::WorkspaceReopened { workspace });
    }
    let sponsor = match actor {
        Actor::Service(id) => org.service(id).and_then(|service| service.sponsor()),
        _ => actor.user(),
    };
    let is_suspended = |user: &UserId| org.person(*user).is_some_and(|p| p.status() == PersonStatus::Suspended);
    if let Some(user) = sponsor.filter(is_suspended) {
        apply(&mut open, Event::PersonReactivated { user });
    }
    // A collaborator whose rows have ended is in the way of what a rule gives; as a member without roles they are not.
    let is_ended = |user: &UserId| {
        org.person(*user).is_some_and(|p| !p.is_member() && !p.rows().iter().any(|row| row.is_current(now)))
    };
    if let Some(user) = sponsor.filter(is_ended) {
        apply(&mut open, Event::MemberJoined { user, roles: vec![], given_by: Actor::System });
    }
    open
}

/// S3-39: every source is named, and the sources account for the answer: a permission is held exactly when one of them
/// still gives it, and for users it is what `explain` walks past.
#[test]
fn sources_account_for_what_is_held() {
    let several = Cell::new(0_u64);
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        for place in places(world) {
            for actor in world.actors() {
                let holding = org.holding(actor, place, &facts);
                for (permission, key) in world.permissions() {
                    let here = place == Place::Organization || !is_of_organization(world, permission);
                    let allowed = here && can(org, actor, permission, place, &facts);
                    let about = || format!("{actor:?}, {key} at {place:?}: {holding:?}");
                    assert_eq!(holding.usable.contains(permission), allowed, "{}", about());
                    assert!(!allowed || holding.granted.contains(permission), "{}", about());
                    let through: Vec<Through> = holding.through(permission).map(|source| source.through).collect();
                    assert_eq!(!through.is_empty(), holding.granted.contains(permission), "{}", about());
                    let withheld = holding.withheld_by(permission).next().is_some();
                    assert!(!holding.withheld().contains(permission) || withheld, "{}", about());
                    let kinds: BTreeSet<bool> = through.iter().map(|through| through.is_membership()).collect();
                    several.set(several.get() + u64::from(kinds.len() == 2));
                }
                let access = org.access(actor, target(place), &facts);
                if !holding.usable.is_empty() {
                    assert!(holding.granted.is_subset(&access.granted()), "{actor:?} at {place:?}");
                }
            }
        }
    });
    assert!(several.get() > 50, "only {} times both membership and the workspace give something", several.get());
}

/// The two walks, of sources and of explanations, name the same roles, rows and rules as giving.
#[test]
fn sources_are_the_layers_that_explain_names() {
    use bailiwick::access::{Effect, LayerKind};
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        for place in places(world) {
            for actor in world.actors().into_iter().filter(|actor| matches!(actor, Actor::User(_))) {
                let holding = org.holding(actor, place, &facts);
                for (permission, key) in world.permissions() {
                    if !holding.usable.contains(permission) {
                        continue;
                    }
                    let why = org.explain(actor, permission, target(place), &facts);
                    let gives =
                        |kind| why.layers.iter().any(|layer| layer.kind == kind && layer.effect == Effect::Gives);
                    let rules = why.layers.iter().filter(|layer| {
                        matches!(layer.kind, LayerKind::GroupRule | LayerKind::TeamRule)
                            && layer.effect != Effect::Nothing
                    });
                    let found = holding.sources.iter().filter(|source| {
                        let rule = matches!(source.through, Through::Group(_) | Through::Team(_));
                        rule && (source.gives | source.takes).contains(permission)
                    });
                    assert_eq!(found.count(), rules.count(), "{actor:?}, {key} at {place:?}\n{why}");
                    for source in holding.through(permission) {
                        let named = match source.through {
                            Through::Role(_) => {
                                gives(LayerKind::OrganizationRole)
                                    || gives(LayerKind::InheritedRole)
                                    || gives(LayerKind::FirmRole)
                            }
                            Through::RowRole(_) => gives(LayerKind::OverrideRole),
                            Through::Row => gives(LayerKind::Row),
                            Through::Group(_) => gives(LayerKind::GroupRule),
                            Through::Team(_) => gives(LayerKind::TeamRule),
                            Through::EndedRow => false,
                        };
                        assert!(named, "{actor:?}, {key} at {place:?} through {:?}\n{why}", source.through);
                        assert!(why.layers.iter().any(|layer| layer.origin == Some(source.origin)));
                    }
                }
            }
        }
    });
}

/// S0-60, S1-107, S3-42: check, lists and reviews of either breadth agree about everybody, everywhere.
#[test]
fn reviews_agree_with_checks() {
    let asked = Cell::new(0_u64);
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        let reviews: Vec<Review> =
            [Breadth::Everybody, Breadth::Exceptions].into_iter().filter_map(|b| org.review(&facts, b)).collect();
        assert_eq!(reviews.len(), if org.is_open() { 2 } else { 0 });
        for review in &reviews {
            for place in places(world) {
                for actor in world.actors() {
                    if !matches!(actor, Actor::User(_) | Actor::Service(_)) {
                        continue;
                    }
                    for (permission, key) in world.permissions() {
                        let can = can(org, actor, permission, place, &facts);
                        let said = review.can(actor, permission, place);
                        assert_eq!(said, can, "{actor:?}, {key} at {place:?}, {:?}", review.breadth);
                        asked.set(asked.get() + 1);
                    }
                }
            }
            whole_of(review, world);
        }
    });
    println!("{} questions", asked.get());
}

/// Everybody and everything is in a review, and what it spells out is what a naive check says and explains.
fn whole_of(review: &Review, world: &World) {
    let (org, facts) = (&world.org, world.facts());
    let people: BTreeSet<UserId> = review.people.iter().map(|person| person.user).collect();
    assert_eq!(people, org.people().map(|(user, _)| user).collect());
    let services: BTreeSet<ServiceId> = review.services.iter().map(|service| service.service).collect();
    assert_eq!(services, org.services().map(|(id, _)| id).collect());
    assert_eq!(review.places.len(), org.workspaces().count() + 1);
    for place in &review.places {
        for row in &place.rows {
            for (permission, key) in world.permissions() {
                let here = place.place == Place::Organization || !is_of_organization(world, permission);
                let can = here && can(org, row.who, permission, place.place, &facts);
                assert_eq!(row.holding.usable.contains(permission), can, "{:?}, {key} at {:?}", row.who, place.place);
            }
        }
    }
}

/// What a group or team gets and loses is listed where it does, and nowhere else.
#[test]
fn rules_are_listed_where_they_are() {
    let (found, named) = (Cell::new(0_u64), Cell::new(0_u64));
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        let teams = org.teams().map(|(id, _)| RuleHolder::Team(id));
        let groups = world.catalog.groups().map(|(group, _)| RuleHolder::Group(group));
        for holder in teams.chain(groups) {
            let listed = whole(1, |paging| org.workspaces_ruled_for(holder, &facts, paging));
            let rules = org.workspaces().flat_map(|(id, place)| place.rules().iter().map(move |rule| (id, *rule)));
            let mut there: Vec<_> = rules.filter(|(_, rule)| rule.holder == holder && org.is_open()).collect();
            there.sort_unstable_by_key(|(id, _)| *id);
            assert_eq!(listed.iter().map(|ruled| (ruled.workspace, ruled.rule)).collect::<Vec<_>>(), there);
            found.set(found.get() + listed.len() as u64);
        }
        for (group, _) in world.catalog.groups() {
            let through = |user, id| {
                let sources = org.holding(Actor::User(user), Place::Workspace(id), &facts).sources;
                sources.iter().any(|source| source.through == Through::Group(group))
            };
            for (id, place) in org.workspaces() {
                let current = |rule: &&bailiwick::Rule| rule.holder == RuleHolder::Group(group);
                let rule = place.rules().iter().find(current).filter(|rule| rule.is_current(facts.now));
                for (user, person) in org.people() {
                    let about = rule.is_some() && org.is_open() && person.roles().meets(org.roles_in(group));
                    assert_eq!(through(user, id), about, "{user} in {id}");
                    named.set(named.get() + u64::from(about));
                }
            }
        }
    });
    assert!(named.get() > 50, "only {} times somebody is in a group", named.get());
    assert!(found.get() > 50, "only {} rules", found.get());
}

/// The index is kept by every event, and made again by a replay.
#[test]
fn replaying_makes_the_same_index() {
    for_any_world(|world| {
        let mut again = Organization::new(world.org.id(), Arc::clone(&world.catalog));
        for record in &world.history {
            again.apply(record);
            assert!(!again.audit(record.at).contains(&Violation::Misindexed), "{record:?}");
        }
        assert_eq!(again, world.org);
    });
}

/// Strangers are told nothing, and not even the version.
#[test]
fn strangers_get_empty_pages() {
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        let stranger = UserId::from_u64(99).unwrap();
        let page = org.workspaces_of(Actor::User(stranger), &facts, Paging::first(10));
        assert_eq!(page, Page { items: vec![], next: None, version: Version::ZERO });
        assert_eq!(org.holding(Actor::User(stranger), Place::Organization, &facts).granted, PermissionSet::EMPTY);
    });
}

/// A cursor has a form in files and on wires, and it stays; a list goes on after it was written and read.
#[test]
fn cursors_survive_serde() {
    let cursor = Cursor { version: Version::from_u64(7), last: UserId::from_u64(9).unwrap() };
    let written = serde_json::to_string(&cursor).unwrap();
    assert_eq!(written, r#"{"version":7,"last":"00000000-0000-0000-0000-000000000009"}"#);
    assert_eq!(serde_json::from_str::<Cursor<UserId>>(&written).unwrap(), cursor);
    assert!(serde_json::from_str::<Cursor<UserId>>(r#"{"version":7,"last":"x"}"#).is_err());
    assert!(serde_json::from_str::<Cursor<UserId>>(&written.replace("last", "first")).is_err());
    for_any_world(|world| {
        let facts = world.facts();
        for (permission, _) in world.permissions() {
            let list = |paging| world.org.people_with(permission, Place::Organization, &facts, paging);
            let through_text = |paging: Paging<UserId>| Paging {
                after: serde_json::from_str(&serde_json::to_string(&paging.after).unwrap()).unwrap(),
                ..paging
            };
            assert_eq!(whole(1, |paging| list(through_text(paging))), whole(1_000, list));
        }
    });
}

/// While nothing changes, pages of whatever size are the list; once something has, nobody is repeated, and nobody is lost
/// who is still to come.
#[test]
fn pages_neither_repeat_nor_lose_anybody() {
    let changed = Cell::new(0_u64);
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        let mut after = org.clone();
        for user in [2, 4].map(|n| UserId::from_u64(n).unwrap()) {
            if org.person(user).is_some() {
                let (version, at) = (after.version().next(), facts.now);
                let event = bailiwick::change::Event::UserErased { user };
                after.apply(&bailiwick::change::Record { version, at, by: Actor::System, command: None, event });
            }
        }
        for place in places(world) {
            for (permission, key) in world.permissions() {
                let list = |org: &Organization, paging| org.people_with(permission, place, &facts, paging);
                let ids = |page: &Page<_, UserId>| page.items.iter().map(id_of).collect::<Vec<UserId>>();
                let all = ids(&list(org, Paging::first(1_000)));
                for size in 1..=3 {
                    let paged: Vec<UserId> = whole(size, |paging| list(org, paging)).iter().map(id_of).collect();
                    assert_eq!(paged, all, "{key} at {place:?} in pages of {size}");
                    let first = list(org, Paging::first(size));
                    let Some(next) = first.next else { continue };
                    let rest = list(&after, Paging::after(next, 1_000));
                    let now = ids(&list(&after, Paging::first(1_000)));
                    let behind: Vec<UserId> = now.into_iter().filter(|id| *id > next.last).collect();
                    assert_eq!(ids(&rest), behind, "{key} at {place:?}");
                    if after.is_open() && after.version() != org.version() {
                        assert_eq!((next.version, rest.version), (org.version(), after.version()));
                        changed.set(changed.get() + 1);
                    }
                }
            }
        }
    });
    assert!(changed.get() > 100, "only {} lists went on after a change", changed.get());
}

fn id_of(who: &bailiwick::reach::Reaching<UserId>) -> UserId {
    who.id
}

/// What is held on a resource is what a check of it says; it comes through the place, or through a share, and never from nowhere.
#[test]
fn a_holding_on_a_resource_is_what_a_check_of_it_says() {
    let (shared, hidden) = (Cell::new(0_u64), Cell::new(0_u64));
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        for resource in &world.resources {
            let on = resource.borrow();
            for actor in world.actors() {
                let held = org.holding_on(actor, &on, &facts);
                for (permission, key) in world.permissions() {
                    let about = || format!("{actor:?}, {key} on {on:?}: {held:?}");
                    let below = !is_of_organization(world, permission);
                    let decision = naive::check(org, actor, permission, Target::Resource(&on), &facts);
                    let can = below && !matches!(decision, Decision::Deny(_));
                    assert_eq!(held.usable.contains(permission), can, "{}", about());
                    assert!(!can || held.granted.contains(permission), "{}", about());
                    let (by_place, by_share) =
                        (held.through(permission).count(), held.shared_through(permission).count());
                    assert_eq!(by_place + by_share > 0, held.granted.contains(permission), "{}", about());
                    assert!(by_place == 0 || by_share == 0, "{}", about());
                    let is_hidden = matches!(
                        decision,
                        Decision::Deny(
                            bailiwick::access::DenyReason::NotShared | bailiwick::access::DenyReason::Private
                        )
                    );
                    let is_hidden = is_hidden && below && matches!(actor, Actor::User(_));
                    assert!(!is_hidden || held.hidden.contains(permission), "{}", about());
                    shared.set(shared.get() + u64::from(can && by_share > 0));
                    hidden.set(hidden.get() + u64::from(is_hidden));
                }
            }
        }
    });
    assert!(shared.get() > 100 && hidden.get() > 100, "{} shared, {} hidden", shared.get(), hidden.get());
}

/// Where a holding sees only what is shared, a resource that nobody shared is denied whatever is granted; where it sees
/// everything, what is granted is granted on each that is nobody's own.
#[test]
fn the_sight_of_a_holding_is_what_checks_of_resources_say() {
    use bailiwick::access::Resource;
    use bailiwick::catalog::Sight;
    let (all, narrow) = (Cell::new(0_u64), Cell::new(0_u64));
    for_any_world(|world| {
        let (org, facts) = (&world.org, world.facts());
        let id = bailiwick::ResourceId::from_u64(77).unwrap();
        for place in places(world) {
            let workspace = match place {
                Place::Organization => None,
                Place::Workspace(id) => Some(id),
            };
            let on = Resource { id, containers: &[], workspace, personal_owner: None, shares: &[] };
            for actor in world.actors() {
                let holding = org.holding(actor, place, &facts);
                for (permission, key) in world.permissions() {
                    if is_of_organization(world, permission) || !holding.usable.contains(permission) {
                        continue;
                    }
                    let can = can_on(org, actor, permission, &on, &facts);
                    assert_eq!(can, holding.sight == Sight::All, "{actor:?}, {key} at {place:?}");
                    if can { all.set(all.get() + 1) } else { narrow.set(narrow.get() + 1) }
                }
            }
        }
    });
    assert!(all.get() > 100 && narrow.get() > 100, "{} see all, {} what is shared", all.get(), narrow.get());
}

fn can_on(
    org: &Organization,
    actor: Actor,
    permission: Permission,
    on: &bailiwick::access::Resource<'_>,
    facts: &Facts<'_>,
) -> bool {
    !matches!(naive::check(org, actor, permission, Target::Resource(on), facts), Decision::Deny(_))
}

/// A page costs what it lists: not the rows that give something else, and not the services behind it.
#[test]
fn a_page_costs_what_it_lists_and_not_the_rows_of_the_workspace() {
    let (few, many) = (cost_beside(500), cost_beside(16_000));
    println!("{few:?} beside 500 rows, {many:?} beside 16,000");
    assert!(many < few * 8 + std::time::Duration::from_micros(200), "{few:?} beside 500 rows, {many:?} beside 16,000");
}

/// How long a page takes at the least, beside so many collaborators whose rows do not give it.
fn cost_beside(rows: u64) -> std::time::Duration {
    use bailiwick::change::{Command, CreateOrganization, Event, Record};
    use bailiwick::{Name, OrgId, Override, Seats};
    let catalog = Arc::new(crate::cases::catalog("agency"));
    let (owner, lab) = (UserId::from_u64(1).unwrap(), WorkspaceId::from_u64(1).unwrap());
    let mut org = Organization::new(OrgId::from_u64(1).unwrap(), Arc::clone(&catalog));
    let now = Timestamp::from_millis(1_795_000_000_000);
    let facts = Facts::at(now).authenticated(now).with_second_factor();
    let (name, plan) = (Name::new("Agency").unwrap(), "large".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(0), owned: 0, workspace: lab };
    let outcome = org.handle(&Command::from(create), &facts.by(Actor::User(owner))).unwrap();
    outcome.records.iter().for_each(|record| org.apply(record));
    let mut happens = |event| {
        let version = org.version().next();
        org.apply(&Record { version, at: now, by: Actor::System, command: None, event });
    };
    happens(Event::WorkspaceCreated { workspace: lab, name: Name::new("Lab").unwrap() });
    for user in (2..2 + rows).map(|n| UserId::from_u64(n).unwrap()) {
        happens(Event::CollaboratorJoined { user, given_by: Actor::System });
        let changes = Override::role("external_reviewer");
        happens(Event::AccessGiven { user, workspace: lab, changes, given_by: Actor::System });
    }
    let permission = catalog.permission("collaborator.manage").unwrap();
    let page = || {
        let begun = std::time::Instant::now();
        let page = org.people_with(permission, Place::Workspace(lab), &facts, Paging::first(1));
        assert_eq!(page.items.iter().map(|who| who.id).collect::<Vec<_>>(), [owner]);
        begun.elapsed()
    };
    (0..20).map(|_| page()).min().unwrap()
}
