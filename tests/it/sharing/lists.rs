//! Lists of what is shared: as a check answers, in pages, at the cost of the page.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick::access::Resource;
use bailiwick::catalog::{PermissionSet, Scope};
use bailiwick::change::{CreateOrganization, CreateWorkspace};
use bailiwick::reach::Paging;
use bailiwick::sharing::{GiveShare, Recipient};
use bailiwick::{Actor, Name, Organization, Seats, Tenants, WorkspaceId};

use super::{NOW, alone, crew, joins, org, share, thing, user, view};
use crate::cases::catalog;
use crate::support::counting::Counting;
use crate::support::pages::whole;

/// What is listed is what can be used: nothing of a suspended member's, and of a member no more than their role allows.
#[test]
fn what_is_listed_as_shared_can_be_used() {
    let tenants = crew();
    let (talent, on) = (Actor::User(user(4)), alone(thing(1)));
    let level = vec!["script.view".into(), "script.edit".into()];
    let give = GiveShare { share: share(1), to: Recipient::User(user(4)), level, until: None };
    tenants.share(org(1), &on, give, &NOW.by(Actor::User(user(2)))).unwrap();
    let list = || tenants.shared_with(org(1), talent, &NOW, Paging::first(9)).unwrap();
    let shareable = tenants.catalog().permissions().filter(|(_, def)| def.scope == Scope::Resource);
    let usable: PermissionSet = shareable
        .map(|(permission, _)| permission)
        .filter(|permission| tenants.access_to(org(1), talent, &on, &NOW).unwrap().allows(*permission))
        .collect();
    let page = list();
    assert_eq!(page.items.iter().map(|shared| shared.usable).collect::<Vec<_>>(), [usable]);
    assert!(page.items[0].given.level.len() > usable.len(), "the role allows less than the share");
    assert_eq!(page.version, tenants.read(org(1), Organization::version).unwrap().unwrap());
    tenants.handle(org(1), bailiwick::change::Suspend { user: user(4) }, &NOW.by(Actor::User(user(1)))).unwrap();
    assert!(list().items.is_empty(), "a check denies it");
}

/// A page asks the store for as much as it lists, whatever is shared.
#[test]
fn a_page_of_shares_costs_the_page() {
    let store = Arc::new(Counting::default());
    let tenants = Tenants::new(Arc::new(catalog("production")), Arc::clone(&store));
    let workspace = WorkspaceId::from_u64(1).unwrap();
    let create = CreateOrganization {
        name: Name::new("Crew").unwrap(),
        plan: "studio".into(),
        seats: Seats::new(9),
        owned: 0,
        workspace,
    };
    tenants.create(org(1), create, &NOW.by(Actor::User(user(1)))).unwrap();
    for n in 1..=400 {
        tenants.share(org(1), &alone(thing(n)), view(1, Recipient::User(user(9))), &NOW.by(Actor::System)).unwrap();
    }
    for size in [1, 10, 300] {
        store.read.store(0, Ordering::Relaxed);
        let page = tenants.shared_with(org(1), Actor::User(user(9)), &NOW, Paging::first(size)).unwrap();
        assert_eq!((page.items.len(), page.next.is_some()), (size, true));
        let read = store.read.load(Ordering::Relaxed);
        assert!(read <= 2 * (size + 3), "{read} read for {size}"); // each place and its sheet, and one to look ahead
    }
}

/// What is shared with a user is one list over all organizations, in their order; so are the organizations themselves.
#[test]
fn what_is_shared_with_a_user_is_one_list_over_all_organizations() {
    let tenants = crew();
    for n in [3, 2] {
        let create = CreateOrganization {
            name: Name::new(&format!("Other {n}")).unwrap(),
            plan: "studio".into(),
            seats: Seats::new(9),
            owned: 0,
            workspace: WorkspaceId::from_u64(2).unwrap(),
        };
        tenants.create(org(n), create, &NOW.by(Actor::User(user(8)))).unwrap();
    }
    tenants.handle(org(2), joins(4, "talent"), &NOW.by(Actor::System)).unwrap();
    let give = |organization, n: u64, to| {
        tenants.share(org(organization), &alone(thing(n)), view(1, to), &NOW.by(Actor::System)).unwrap();
    };
    give(3, 1, Recipient::User(user(4)));
    give(3, 2, Recipient::Members);
    give(2, 3, Recipient::Members);
    give(2, 4, Recipient::Group("all_talent".into()));
    give(1, 5, Recipient::User(user(4)));
    give(1, 6, Recipient::User(user(3)));
    give(3, 7, Recipient::Organization(org(2)));
    let others = [org(2)];
    for (facts, expected) in [
        (NOW, vec![(1, 5), (2, 3), (2, 4), (3, 1)]),
        (NOW.member_of(&others), vec![(1, 5), (2, 3), (2, 4), (3, 1), (3, 7)]),
    ] {
        for size in [1, 2, 100] {
            let pages = whole(size, |paging| tenants.shared_everywhere(user(4), &facts, paging).unwrap());
            let places: Vec<_> = pages.iter().map(|shared| (shared.at.organization, shared.at.resource)).collect();
            let expected: Vec<_> = expected.iter().map(|(o, n)| (org(*o), thing(*n))).collect();
            assert_eq!(places, expected, "in pages of {size}");
        }
    }
    for size in [1, 2, 9] {
        assert_eq!(whole(size, |paging| tenants.organizations_of(user(4), paging).unwrap()), [org(1), org(2)]);
        let names = whole(size, |paging| tenants.belongings(user(4), &NOW, paging).unwrap());
        assert_eq!(names.iter().map(|b| b.organization).collect::<Vec<_>>(), [org(1), org(2)]);
        assert_eq!(whole(size, |paging| tenants.switcher(user(8), &NOW, paging, 1).unwrap()).len(), 2);
    }
}

/// Through which share somebody can do something is told by its id, with whoever opened it.
#[test]
fn a_holding_names_the_share() {
    let tenants = crew();
    let (folder, containers) = (alone(thing(500)), [thing(500)]);
    let on = Resource { containers: &containers, ..alone(thing(1)) };
    let petra = Actor::User(user(2));
    tenants.share(org(1), &folder, view(7, Recipient::User(user(9))), &NOW.by(petra)).unwrap();
    tenants.share(org(1), &alone(thing(1)), view(8, Recipient::User(user(9))), &NOW.by(Actor::System)).unwrap();
    let seen = tenants.catalog().permission("script.view").unwrap();
    let held = tenants.holding_on(org(1), Actor::User(user(9)), &on, &NOW).unwrap();
    let mut by: Vec<_> =
        held.shared_through(seen).map(|source| source.kept.map(|(id, origin)| (id, origin.by)).unwrap()).collect();
    by.sort_unstable();
    assert_eq!(by, [(share(7), petra), (share(8), Actor::System)]);
    assert!(held.usable.contains(seen) && held.through(seen).next().is_none());
    let held = tenants.holding_on(org(1), petra, &on, &NOW).unwrap();
    assert!(held.through(seen).next().is_some() && held.shared_through(seen).next().is_none(), "she sees everything");
    let held = tenants.holding_on(org(1), Actor::User(user(3)), &on, &NOW).unwrap();
    assert!(held.hidden.contains(seen) && !held.usable.contains(seen), "an editor sees what is shared");
}

/// Everything that a group or a team reaches, in one call: its roles, the rules that name it, what is shared with it.
#[test]
fn a_group_is_told_with_its_roles_rules_and_shares() {
    use bailiwick::{RuleFor, RuleHolder, TeamId};
    let editors = bailiwick::catalog::GroupDef::new("editors", ["content_editor"]);
    let tenants = Tenants::in_memory(catalog("agency").to_builder().group(editors).build().unwrap());
    let (group, def) = tenants.catalog().groups().find(|(_, def)| def.key == "editors").unwrap();
    let (name, plan, workspace) = (Name::new("Agency").unwrap(), "large".into(), WorkspaceId::from_u64(9).unwrap());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace };
    tenants.create(org(1), create, &NOW.by(Actor::User(user(1)))).unwrap();
    tenants.handle(org(1), joins(2, "content_editor"), &NOW.by(Actor::System)).unwrap();
    let (team, workspace) = (TeamId::from_u64(1).unwrap(), WorkspaceId::from_u64(1).unwrap());
    let system = NOW.by(Actor::System);
    let lot = CreateWorkspace { workspace, name: Name::new("Lot").unwrap() };
    tenants.handle(org(1), lot, &system).unwrap();
    let create = bailiwick::change::CreateTeam { team, name: Name::new("Dailies").unwrap() };
    tenants.handle(org(1), create, &system).unwrap();
    let rule = |holder| bailiwick::change::SetRule {
        workspace,
        holder,
        given: vec!["content.view".into()],
        taken: Vec::new(),
        until: None,
    };
    tenants.handle(org(1), rule(RuleFor::Group(def.key.as_str().into())), &system).unwrap();
    for (n, to) in [(1, Recipient::Group("editors".into())), (2, Recipient::Team(team))] {
        let give = GiveShare { level: vec!["content.view".into()], ..view(n, to) };
        tenants.share(org(1), &alone(thing(n)), give, &system).unwrap();
    }

    let of = |holder| tenants.reach_of(org(1), holder, &NOW, 9).unwrap();
    let (reach, shared) = of(RuleHolder::Group(group)).unwrap();
    let editor = tenants.catalog().role("content_editor").unwrap();
    let told = reach.roles.iter().find(|told| told.role == editor).unwrap();
    assert_eq!((told.people, told.workspace | told.organization), (1, tenants.catalog().permissions_of(editor)));
    assert_eq!(reach.ruled.items.iter().map(|ruled| ruled.workspace).collect::<Vec<_>>(), [workspace]);
    assert_eq!(shared.items.iter().map(|found| found.at.resource).collect::<Vec<_>>(), [thing(1)]);
    let (reach, shared) = of(RuleHolder::Team(team)).unwrap();
    assert!(reach.roles.is_empty() && reach.ruled.items.is_empty());
    assert_eq!(shared.items.iter().map(|found| found.at.resource).collect::<Vec<_>>(), [thing(2)]);
    assert_eq!(of(RuleHolder::Team(TeamId::from_u64(2).unwrap())), None);
    assert_eq!(tenants.reach_of(org(2), RuleHolder::Group(group), &NOW, 9).unwrap(), None);
}
