//! Sharing: nobody gives what they do not hold, whoever comes back is somebody else, and what is kept is what happened.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use bailiwick::access::{Facts, Resource, ShareHolder, Target};
use bailiwick::catalog::{Permission, PermissionKey, PermissionSet, Scope};
use bailiwick::change::{
    AddMember, Command, Content, CreateOrganization, CreateWorkspace, MakeCollaborator, Refusal, Remove,
};
use bailiwick::filter::Row;
use bailiwick::reach::Paging;
use bailiwick::sharing::{
    ChangeShare, ClaimShare, ClearShares, FollowLink, GiveShare, HandOverShares, Recipient, RevokeShare, ShareAt,
    ShareCommand, ShareKey, ShareRecord, Sheet, shares_on,
};
use bailiwick::store::{MemoryStore, Store};
use bailiwick::{
    Actor, Address, LinkId, Name, OrgId, Organization, Override, ResourceId, Seats, SecretHash, ShareId, Tenants,
    Timestamp, UserId, Version, WorkspaceId,
};

use crate::cases::catalog;
use crate::support::counting::Counting;
use crate::support::pages::whole;
use crate::support::worlds::{World, for_any_world};

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn share(n: u64) -> ShareId {
    ShareId::from_u64(n).unwrap()
}

fn thing(n: u64) -> ResourceId {
    ResourceId::from_u64(n).unwrap()
}

/// Everybody to whom something can be opened.
fn recipients(world: &World) -> Vec<Recipient> {
    let link =
        |n| Recipient::Link { link: LinkId::from_u64(n).unwrap(), secret: SecretHash::from_bytes([1; 32]), uses: None };
    let groups = world.catalog.groups().map(|(_, def)| Recipient::Group(def.key.clone().into()));
    let users = world.actors().into_iter().filter_map(Actor::user).map(Recipient::User);
    groups.chain(users).chain([Recipient::Members, Recipient::Organization(org(2)), link(1)]).collect()
}

/// Permissions that shares can give, by their keys.
fn shareable(world: &World) -> Vec<(Permission, PermissionKey)> {
    let all = world.catalog.permissions().filter(|(_, def)| def.scope == Scope::Resource);
    all.map(|(permission, def)| (permission, def.key.clone().into())).collect()
}

/// A share is given only by somebody who holds all of it there, and gives nobody anything else.
#[test]
fn nobody_shares_what_they_do_not_hold() {
    let (given, refused) = (Cell::new(0_u32), Cell::new(0_u32));
    for_any_world(|world| {
        let facts = world.facts();
        let targets =
            world.resources.iter().flat_map(|owned| world.actors().into_iter().map(move |giver| (owned, giver)));
        for (owned, giver) in targets {
            let on = owned.borrow();
            let own = world.org.access(giver, Target::Resource(&on), &facts).granted();
            for (permission, key) in shareable(world) {
                let level = [permission].into_iter().collect();
                for to in recipients(world) {
                    let give = GiveShare { share: share(1), to: to.clone(), level: vec![key.clone()], until: None };
                    let sheet = Sheet::new(world.org.id(), on.id);
                    match world.org.handle_share(&sheet, &on, &give.into(), &facts.by(giver)) {
                        Err(Refusal::LacksPermission { .. }) => {
                            refused.set(refused.get() + 1);
                            let alone = Resource { shares: &[], ..on };
                            let firm = world.org.access(giver, Target::Resource(&alone), &facts).granted();
                            assert!(!firm.contains(permission), "{giver:?} holds it, and not by shares");
                        }
                        Err(_) => {}
                        Ok(records) => {
                            given.set(given.get() + 1);
                            let may = giver == Actor::System || own.contains(permission);
                            assert!(may, "{giver:?} gives what they do not hold to {to:?}");
                            gives_no_more(world, &on, (sheet, &records), level);
                        }
                    }
                }
            }
        }
    });
    println!("{} shares were given, {} refused", given.get(), refused.get());
    assert!(given.get() > 0 && refused.get() > 0, "the law was never tried");
}

/// With a share, nobody can do more on the resource than before and what it gives.
fn gives_no_more(
    world: &World,
    on: &Resource<'_>,
    (mut sheet, records): (Sheet, &[ShareRecord]),
    level: PermissionSet,
) {
    records.iter().for_each(|record| sheet.apply(record));
    let more: Vec<_> = on.shares.iter().copied().chain(shares_on(&world.catalog, on, [&sheet])).collect();
    let with = Resource { shares: &more, ..*on };
    for actor in world.actors() {
        let held = |on: &Resource<'_>| world.org.access(actor, Target::Resource(on), &world.facts()).granted();
        let gained = held(&with) - held(on);
        assert!((gained - level).is_empty(), "{actor:?} gained more than was given");
    }
}

/// A crew of the `production` preset: olga owns it, petra produces, ed and tia are there.
fn crew() -> Tenants<Arc<MemoryStore>> {
    let tenants = Tenants::new(Arc::new(catalog("production")), Arc::new(MemoryStore::new()));
    let workspace = WorkspaceId::from_u64(1).unwrap();
    let (name, plan) = (Name::new("Crew").unwrap(), "studio".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace };
    tenants.create(org(1), create, &NOW.by(Actor::User(user(1)))).unwrap();
    for (n, role) in [(2, "producer"), (3, "editor"), (4, "talent")] {
        tenants.handle(org(1), joins(n, role), &NOW.by(Actor::System)).unwrap();
    }
    tenants
}

fn joins(n: u64, role: &str) -> Command {
    AddMember { user: user(n), roles: vec![role.into()], access: Vec::new() }.into()
}

fn alone(id: ResourceId) -> Resource<'static> {
    Resource { id, containers: &[], workspace: None, personal_owner: None, shares: &[] }
}

fn view(n: u64, to: Recipient) -> GiveShare {
    GiveShare { share: share(n), to, level: vec!["script.view".into()], until: None }
}

/// S2-68, D-15. Nobody tidies up here: the share itself knows to which membership it belongs.
#[test]
fn whoever_comes_back_is_somebody_else() {
    let tenants = crew();
    let petra = NOW.by(Actor::User(user(2)));
    tenants.share(org(1), &alone(thing(1)), view(1, Recipient::User(user(3))), &petra).unwrap();
    let shares = tenants.shares_on(org(1), &alone(thing(1))).unwrap();
    let [given] = shares.as_slice() else { panic!("{shares:?}") };
    assert!(matches!(given.to, ShareHolder::Person { .. }));
    let sees = || {
        let on = Resource { shares: &shares, ..alone(thing(1)) };
        let view = tenants.catalog().permission("script.view").unwrap();
        tenants.access(org(1), Actor::User(user(3)), Target::Resource(&on), &NOW).unwrap().allows(view)
    };
    assert!(sees());
    let leaves = Remove { user: user(3), content: Some(Content::TransferTo(user(2))) };
    tenants.handle(org(1), leaves, &NOW.by(Actor::System)).unwrap();
    assert!(!sees(), "gone");
    tenants.handle(org(1), joins(3, "editor"), &NOW.by(Actor::System)).unwrap();
    assert!(!sees(), "back, and a stranger to what was opened to them then");
}

/// What was shared by name is not found any more after the removal either, in this organization, and stays in others.
#[test]
fn a_removal_closes_what_names_the_person() {
    let tenants = crew();
    let petra = NOW.by(Actor::User(user(2)));
    let create = CreateOrganization {
        name: Name::new("Second").unwrap(),
        plan: "studio".into(),
        seats: Seats::new(2),
        owned: 0,
        workspace: WorkspaceId::from_u64(2).unwrap(),
    };
    tenants.create(org(2), create, &NOW.by(Actor::User(user(8)))).unwrap();
    for n in 1..=300 {
        tenants.share(org(1), &alone(thing(n)), view(1, Recipient::User(user(3))), &petra).unwrap();
    }
    tenants.share(org(2), &alone(thing(1)), view(1, Recipient::User(user(3))), &NOW.by(Actor::User(user(8)))).unwrap();
    let found = || {
        let pages = whole(100, |paging| tenants.shared_to(&ShareKey::User(user(3)), None, paging).unwrap());
        pages.into_iter().map(|found| found.at).collect::<Vec<_>>()
    };
    assert_eq!(found().len(), 301);
    let leaves = Remove { user: user(3), content: Some(Content::TransferTo(user(2))) };
    tenants.handle(org(1), leaves, &NOW.by(Actor::System)).unwrap();
    assert_eq!(found(), [ShareAt { organization: org(2), resource: thing(1), share: share(1) }]);
}

/// Pages follow one another without gap or repetition, whatever their size.
#[test]
fn pages_of_shares_are_all_of_them() {
    let tenants = crew();
    let petra = NOW.by(Actor::User(user(2)));
    for n in 1..=23 {
        let to = if n % 3 == 0 { Recipient::Members } else { Recipient::User(user(9)) };
        tenants.share(org(1), &alone(thing(1 + n % 7)), view(n, to), &petra).unwrap();
    }
    tenants.share(org(1), &alone(thing(1)), RevokeShare { share: share(7) }, &petra).unwrap();
    for key in [ShareKey::User(user(9)), ShareKey::Members(org(1)), ShareKey::Within(org(1))] {
        let list = |paging| tenants.shared_to(&key, Some(org(1)), paging).unwrap();
        let all: Vec<ShareAt> = whole(1_000, list).into_iter().map(|found| found.at).collect();
        let kept: Vec<ShareAt> = (1..=8)
            .flat_map(|n| {
                let sheet = tenants.sheet(org(1), thing(n)).unwrap();
                let of_key =
                    sheet.shares().filter(|(_, given)| [given.key(org(1)), ShareKey::Within(org(1))].contains(&key));
                let at = |(share, _)| ShareAt { organization: org(1), resource: thing(n), share };
                of_key.map(at).collect::<std::collections::BTreeSet<_>>()
            })
            .collect();
        assert_eq!(all, kept, "what is found is what is kept");
        for size in [1, 2, 5, 100] {
            let pages: Vec<ShareAt> = whole(size, list).into_iter().map(|found| found.at).collect();
            assert_eq!(pages, all, "in pages of {size}");
        }
    }
}

/// What is read back is what happened, and the second reading of a record changes nothing.
#[test]
fn replaying_a_sheet_gives_the_same_sheet() {
    let tenants = crew();
    let petra = NOW.by(Actor::User(user(2)));
    let carl = Address::new("carl@example.com").unwrap();
    let link =
        Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret: SecretHash::from_bytes([9; 32]), uses: Some(2) };
    let on = alone(thing(1));
    for (n, to) in
        [(1, Recipient::User(user(3))), (2, Recipient::Address(carl.clone())), (3, link), (4, Recipient::Members)]
    {
        tenants.share(org(1), &on, view(n, to), &petra).unwrap();
    }
    tenants.follow_link(SecretHash::from_bytes([9; 32]), &NOW).unwrap();
    tenants.claim_shares(&bailiwick::change::AddressProof::Verified(carl), &NOW.by(Actor::User(user(9)))).unwrap();
    tenants.share(org(1), &on, RevokeShare { share: share(4) }, &petra).unwrap();
    let records = tenants.store().load_shares(org(1), &[thing(1)]).unwrap().remove(0).1;
    let json = serde_json::to_string(&records).unwrap();
    let again: Vec<ShareRecord> = serde_json::from_str(&json).unwrap();
    assert_eq!(again, records);
    let mut sheet = Sheet::replay(org(1), thing(1), &again);
    assert_eq!(sheet, tenants.sheet(org(1), thing(1)).unwrap());
    assert_eq!(sheet.share(share(2)).map(|given| &given.to), Some(&Recipient::User(user(9))));
    assert_eq!(sheet.share(share(3)).map(|given| given.uses), Some(1));
    let before = sheet.clone();
    records.iter().for_each(|record| sheet.apply(record));
    assert_eq!(sheet, before);
    assert_eq!(sheet.version(), Version::from_u64(7));
}

/// Two processes open the last use of a link at the same time: one of them comes through.
#[test]
fn a_link_is_not_followed_more_often_than_it_can_be() {
    let first = crew();
    let petra = NOW.by(Actor::User(user(2)));
    let secret = SecretHash::from_bytes([9; 32]);
    let link = Recipient::Link { link: LinkId::from_u64(1).unwrap(), secret, uses: Some(10) };
    first.share(org(1), &alone(thing(1)), view(1, link), &petra).unwrap();
    let second = Tenants::new(Arc::clone(first.catalog()), Arc::clone(first.store()));
    let followed: usize = std::thread::scope(|scope| {
        let follow = |tenants: &'_ Tenants<Arc<MemoryStore>>| {
            (0..10).filter(|_| tenants.follow_link(secret, &NOW).is_ok()).count()
        };
        let threads = [&first, &second].map(|tenants| scope.spawn(move || follow(tenants)));
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    assert_eq!(followed, 10);
}

/// D-24. A sheet of another organization, or of another resource, is not there.
#[test]
fn a_sheet_of_something_else_is_refused() {
    let tenants = crew();
    let give = ShareCommand::from(view(1, Recipient::Members));
    let of = |organization, resource| {
        let ask = |org: &Organization| {
            org.handle_share(&Sheet::new(organization, resource), &alone(thing(1)), &give, &NOW.by(Actor::System))
        };
        tenants.read(org(1), ask).unwrap().unwrap()
    };
    assert!(of(org(1), thing(1)).is_ok());
    assert_eq!(of(org(2), thing(1)), Err(Refusal::NotFound));
    assert_eq!(of(org(1), thing(2)), Err(Refusal::NotFound));
}

/// Behind the facade, too, a filter says of every resource what a question about it says.
#[test]
fn a_filter_with_the_shares_of_the_store_agrees_with_questions() {
    let tenants = crew();
    let petra = NOW.by(Actor::User(user(2)));
    let to = [
        Recipient::User(user(3)),
        Recipient::User(user(9)),
        Recipient::Members,
        Recipient::Group("all_talent".into()),
        Recipient::Organization(org(2)),
    ];
    for n in 1..=40 {
        let to = to[n as usize % to.len()].clone();
        tenants.share(org(1), &alone(thing(n * 2)), view(1, to), &petra).unwrap();
    }
    let view = tenants.catalog().permission("script.view").unwrap();
    let others = [org(2)];
    let facts = NOW.member_of(&others);
    let mut sizes = Vec::new();
    for actor in [1, 2, 3, 4, 8, 9].map(|n| Actor::User(user(n))) {
        let filter = tenants.filter(org(1), actor, view, &facts).unwrap();
        let mut size = 0;
        for n in 1..=90 {
            let on = alone(thing(n));
            let allowed = tenants.access_to(org(1), actor, &on, &facts).unwrap().allows(view);
            let row = Row { id: on.id, containers: &[], workspace: None, personal_owner: None };
            assert_eq!(filter.allows(&row), allowed, "{actor:?} {n}");
            size += usize::from(allowed);
        }
        sizes.push(size);
        let mut opened = Vec::new();
        for n in 1..=90 {
            // Asked with this share alone: whether the share by itself opens something to them.
            for share in tenants.shares_on(org(1), &alone(thing(n))).unwrap() {
                let on = Resource { shares: &[share], ..alone(thing(n)) };
                let with = tenants.access(org(1), actor, Target::Resource(&on), &facts).unwrap().allows(view);
                let to_them = match share.to {
                    ShareHolder::User(user) | ShareHolder::Person { user, .. } => actor == Actor::User(user),
                    ShareHolder::Members => actor != Actor::User(user(8)) && actor != Actor::User(user(9)),
                    ShareHolder::Group(_) => actor == Actor::User(user(4)),
                    ShareHolder::Organization(_) => true,
                    _ => false,
                };
                opened.extend((with && to_them).then_some(thing(n)));
            }
        }
        for size in [1, 3, 1_000] {
            let pages = whole(size, |paging| tenants.shared_with(org(1), actor, &facts, paging).unwrap());
            let listed: Vec<ResourceId> = pages.iter().map(|shared| shared.at.resource).collect();
            assert_eq!(listed, opened, "{actor:?} in pages of {size}");
        }
    }
    assert_eq!(sizes, [90, 90, 24, 24, 8, 16]);
}

/// S2-45. What is somebody's own is opened by them alone: not by the platform, and not by taking over what others have shared around it.
#[test]
fn what_is_personal_stays_so_whoever_shares_around_it() {
    let tenants = crew();
    let (folder, containers) = (alone(thing(500)), [thing(500)]);
    let notes =
        |owner: Option<u64>| Resource { containers: &containers, personal_owner: owner.map(user), ..alone(thing(1)) };
    tenants.share(org(1), &folder, view(1, Recipient::User(user(4))), &NOW.by(Actor::System)).unwrap();
    tenants.share(org(1), &folder, view(2, Recipient::User(user(9))), &NOW.by(Actor::User(user(2)))).unwrap();
    let hand_over = HandOverShares { from: user(2), to: user(3) };
    tenants.share(org(1), &folder, hand_over, &NOW.by(Actor::System)).unwrap();
    let view = tenants.catalog().permission("script.view").unwrap();
    for (actor, owner, seen) in [
        (4, None, true),
        (9, None, true),
        (4, Some(3), false),
        (9, Some(3), false),
        (9, Some(2), true), // petra opened the folder herself, with what is hers in it
        (2, Some(3), false),
        (3, Some(3), true),
    ] {
        let (actor, on) = (Actor::User(user(actor)), notes(owner));
        assert_eq!(tenants.access_to(org(1), actor, &on, &NOW).unwrap().allows(view), seen, "{actor:?} {owner:?}");
        let row = Row { id: on.id, containers: on.containers, workspace: None, personal_owner: on.personal_owner };
        let filter = tenants.filter(org(1), actor, view, &NOW).unwrap();
        assert_eq!(filter.allows(&row), seen, "{actor:?} {owner:?} by a filter");
    }
}

/// Whoever becomes a collaborator instead of a member belongs to the organization otherwise, and keeps no shares of the member's.
#[test]
fn another_standing_is_another_membership() {
    let tenants = Tenants::in_memory(catalog("agency"));
    let (olga, system) = (NOW.by(Actor::User(user(1))), NOW.by(Actor::System));
    let (name, plan, workspace) = (Name::new("Agency").unwrap(), "large".into(), WorkspaceId::from_u64(1).unwrap());
    tenants
        .create(org(1), CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace }, &olga)
        .unwrap();
    let place = WorkspaceId::from_u64(2).unwrap();
    let create = CreateWorkspace { workspace: place, name: Name::new("Client").unwrap() };
    tenants.handle(org(1), create, &system).unwrap();
    let access = vec![(place, Override::role("viewer"))];
    let joins = AddMember { user: user(3), roles: vec!["viewer".into()], access };
    tenants.handle(org(1), joins, &system).unwrap();
    let level = vec!["content.edit".into()];
    let give = GiveShare { share: share(1), to: Recipient::User(user(3)), level, until: None };
    tenants.share(org(1), &alone(thing(1)), give, &system).unwrap();
    tenants.handle(org(1), MakeCollaborator { user: user(3) }, &system).unwrap();
    let edit = tenants.catalog().permission("content.edit").unwrap();
    assert!(!tenants.access_to(org(1), Actor::User(user(3)), &alone(thing(1)), &NOW).unwrap().allows(edit));
}

/// Strangers learn nothing: an organization that there is answers as one that there is not.
#[test]
fn strangers_cannot_tell_whether_there_is_anything_to_share() {
    let tenants = crew();
    tenants.share(org(1), &alone(thing(1)), view(1, Recipient::Members), &NOW.by(Actor::System)).unwrap();
    let (stranger, secret) = (NOW.by(Actor::User(user(9))), SecretHash::from_bytes([5; 32]));
    let address = bailiwick::change::AddressProof::Verified(Address::new("carl@example.com").unwrap());
    let commands: [ShareCommand; 6] = [
        view(1, Recipient::Members).into(),
        ChangeShare { share: share(1), level: Vec::new(), until: None }.into(),
        RevokeShare { share: share(1) }.into(),
        ClearShares {}.into(),
        FollowLink { share: share(1), secret }.into(),
        ClaimShare { share: share(1), address }.into(),
    ];
    for command in commands {
        for context in [&stranger, &NOW.by(Actor::Link(LinkId::from_u64(1).unwrap()))] {
            let told = |organization| {
                let answer = tenants.share(organization, &alone(thing(1)), command.clone(), context);
                answer.unwrap_err().code().map(str::to_owned)
            };
            assert_eq!(told(org(1)), told(org(2)), "{:?} {command:?}", context.actor);
        }
    }
    let view = tenants.catalog().permission("script.view").unwrap();
    let of = |organization| tenants.filter(organization, Actor::User(user(9)), view, &NOW).unwrap();
    assert_eq!((of(org(1)).version, of(org(2)).version), (Version::ZERO, Version::ZERO));
    assert!(of(org(1)).is_nothing() && of(org(2)).is_nothing());
}

/// A secret leads to one place, and only those who may share by link are told that it is taken.
#[test]
fn a_link_that_is_taken_is_told_to_nobody_else() {
    let tenants = crew();
    let link = |n| {
        let secret = SecretHash::from_bytes([9; 32]);
        view(n, Recipient::Link { link: LinkId::from_u64(n).unwrap(), secret, uses: None })
    };
    let (petra, ed, stranger) = (user(2), user(3), user(9));
    tenants.share(org(1), &alone(thing(1)), link(1), &NOW.by(Actor::User(petra))).unwrap();
    for (who, code) in [(petra, "already_exists"), (ed, "denied"), (stranger, "not_found")] {
        let refused = tenants.share(org(1), &alone(thing(2)), link(2), &NOW.by(Actor::User(who))).unwrap_err();
        assert_eq!(refused.code(), Some(code), "{who}");
    }
}

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
