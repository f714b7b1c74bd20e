//! Sharing: nobody gives what they do not hold, whoever comes back is somebody else, and what is kept is what happened.

mod authority;
mod ends;
mod links;
mod lists;
mod strangers;

use std::sync::Arc;

use bailiwick::access::{Facts, Resource, ShareHolder, Target};
use bailiwick::catalog::policy::{Policy, ServicesOfRemoved};
use bailiwick::catalog::{
    Action, Catalog, Permission, PermissionDef, PermissionKey, PlanDef, Reach, RoleDef, Scope, Sight,
};
use bailiwick::change::{
    AddMember, Command, Content, Context, CreateOrganization, CreateWorkspace, MakeCollaborator, Refusal, Remove,
};
use bailiwick::filter::Row;
use bailiwick::sharing::{
    ChangeShare, ClaimShare, ClearShares, FollowLink, GiveShare, HandOverShares, Recipient, RevokeShare, ShareAt,
    ShareCommand, ShareKey, ShareRecord, Sheet, shares_on,
};
use bailiwick::store::{Key, MemoryStore, Store};
use bailiwick::{
    Actor, Address, LinkId, Name, OrgId, Organization, Override, ResourceId, Seats, SecretHash, ShareId, Span, Tenants,
    Timestamp, UserId, Version, WorkspaceId,
};

use crate::cases::catalog;
use crate::support::pages::whole;

const NOW: Facts<'static> = Facts::at(Timestamp::from_millis(1_795_000_000_000));

fn org(n: u64) -> OrgId {
    OrgId::from_u64(n).unwrap()
}

fn user(n: u64) -> UserId {
    UserId::from_u64(n).unwrap()
}

fn by(n: u64) -> Context<'static> {
    NOW.by(Actor::User(user(n)))
}

fn system() -> Context<'static> {
    NOW.by(Actor::System)
}

/// So many milliseconds later.
fn later(ms: u64) -> Facts<'static> {
    Facts::at(NOW.now.plus(Span::millis(ms)))
}

fn workspace(n: u64) -> WorkspaceId {
    WorkspaceId::from_u64(n).unwrap()
}

fn allows(tenants: &Tenants<Arc<MemoryStore>>, actor: Actor, key: &str, on: &Resource<'_>, facts: &Facts<'_>) -> bool {
    tenants.access_to(org(1), actor, on, facts).unwrap().allows(tenants.catalog().permission(key).unwrap())
}

fn link(n: u64, secret: u8, uses: Option<u32>) -> Recipient {
    Recipient::Link { link: LinkId::from_u64(n).unwrap(), secret: SecretHash::from_bytes([secret; 32]), uses }
}

fn share(n: u64) -> ShareId {
    ShareId::from_u64(n).unwrap()
}

fn thing(n: u64) -> ResourceId {
    ResourceId::from_u64(n).unwrap()
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

/// Works with two workspaces, and a catalog of which everybody shares whatever they hold: workers where they are put, roamers everywhere.
fn works(sight: Sight) -> Tenants<Arc<MemoryStore>> {
    let shares = [Action::ShareInternally, Action::ShareByAddress, Action::ShareExternally, Action::ShareByLink];
    let guard = shares.into_iter().fold(PermissionDef::new("note.share", Scope::Resource), PermissionDef::guards);
    let notes = ["note.read", "note.write", "note.share"];
    let catalog = Catalog::builder("works")
        .permission(PermissionDef::new("note.read", Scope::Resource))
        .permission(PermissionDef::new("note.write", Scope::Resource))
        .permission(guard)
        .permission(PermissionDef::new("service.make", Scope::Organization).guards(Action::CreateService))
        .permission(PermissionDef::new("service.keep", Scope::Organization).guards(Action::ManageServices))
        .role(RoleDef::new("owner", 100).owner().allows_all().reach(Reach::All).sight(Sight::All))
        .role(RoleDef::new("worker", 10).allows(notes).reach(Reach::Assigned).sight(sight))
        .role(RoleDef::new("roamer", 10).allows(notes).allows(["service.make"]).reach(Reach::All).sight(sight))
        .plan(PlanDef::new("first", 1).team_organizations())
        .policy(Policy { services_of_removed: ServicesOfRemoved::Keep, ..Policy::default() })
        .build()
        .unwrap();
    let tenants = Tenants::new(Arc::new(catalog), Arc::new(MemoryStore::new()));
    let (name, plan) = (Name::new("Works").unwrap(), "first".into());
    let create = CreateOrganization { name, plan, seats: Seats::new(9), owned: 0, workspace: workspace(1) };
    tenants.create(org(1), create, &by(1)).unwrap();
    let second = CreateWorkspace { workspace: workspace(2), name: Name::new("Two").unwrap() };
    tenants.handle(org(1), second, &system()).unwrap();
    tenants
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
    let records = tenants.store().load_sheets(org(1), &[thing(1)]).unwrap().remove(0).1;
    let json = serde_json::to_string(&records).unwrap();
    let again: Vec<ShareRecord> = serde_json::from_str(&json).unwrap();
    assert_eq!(again, records);
    let mut sheet = Sheet::replay(org(1), thing(1), &again);
    assert_eq!(sheet, tenants.sheet(org(1), thing(1)).unwrap());
    assert_eq!(sheet.share(share(2)).map(|given| &given.to), Some(&Recipient::User(user(9))));
    assert_eq!(tenants.uses_of(LinkId::from_u64(1).unwrap()).unwrap(), 1);
    let before = sheet.clone();
    records.iter().for_each(|record| sheet.apply(record));
    assert_eq!(sheet, before);
    assert_eq!(sheet.version(), Version::from_u64(6), "following makes no record");
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
