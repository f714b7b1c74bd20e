//! Who gives: whoever holds it there, for as long as they do, to others.

use std::cell::Cell;

use bailiwick::ServiceId;
use bailiwick::access::Share;
use bailiwick::catalog::PermissionSet;
use bailiwick::change::{AdoptService, ChangeService, CreateService, EndService, TakeAccess};

use super::*;
use crate::support::worlds::{World, for_any_world};

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
        let forever = Facts { now: Timestamp::from_millis(u64::MAX), ..facts };
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
                            let held = |facts| world.org.access(giver, Target::Resource(&alone), facts).granted();
                            let firm = held(&facts) & held(&forever);
                            assert!(!firm.contains(permission), "{giver:?} holds it, for ever and not by shares");
                        }
                        Err(_) => {}
                        Ok(records) => {
                            given.set(given.get() + 1);
                            let may = giver == Actor::System || own.contains(permission);
                            assert!(may, "{giver:?} gives what they do not hold to {to:?}");
                            assert_ne!(Some(&to), giver.user().map(Recipient::User).as_ref(), "to oneself");
                            gives_no_more(world, &on, (sheet.clone(), &records), level);
                            if giver != Actor::System {
                                gives_nothing_beyond(world, giver, (sheet, &records), permission);
                            }
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
    let more: Vec<_> = on.shares.iter().copied().chain(shares_on(&world.org, on, [&sheet])).collect();
    let with = Resource { shares: &more, ..*on };
    for actor in world.actors() {
        let held = |on: &Resource<'_>| world.org.access(actor, Target::Resource(on), &world.facts()).granted();
        let gained = held(&with) - held(on);
        assert!((gained - level).is_empty(), "{actor:?} gained more than was given");
    }
}

/// What is shared on a resource opens, wherever else it is the container, nothing that the giver does not hold there themselves, now and for
/// ever, but for what they hold by shares on that container.
fn gives_nothing_beyond(
    world: &World,
    giver: Actor,
    (mut sheet, records): (Sheet, &[ShareRecord]),
    permission: Permission,
) {
    records.iter().for_each(|record| sheet.apply(record));
    let around = [sheet.resource()];
    let all = world.catalog.permissions().map(|(permission, _)| permission).collect();
    for owned in &world.resources {
        let inside = Resource { id: thing(9_999), containers: &around, shares: &[], ..owned.borrow() };
        let opened = shares_on(&world.org, &inside, [&sheet]);
        if opened.is_empty() {
            continue;
        }
        // Whoever sees the container sees what lies where it does: as if they were shown the container by name.
        let behind = match giver {
            Actor::Service(id) => world.org.service(id).and_then(|service| service.sponsor()),
            other => other.user(),
        };
        let shown = behind.map(|user| Share { on: around[0], to: ShareHolder::User(user), level: all, until: None });
        let seen = Resource { shares: shown.as_slice(), ..inside };
        let held = world.org.access(giver, Target::Resource(&seen), &world.facts()).granted();
        assert!(held.contains(permission), "{giver:?} opens {inside:?}, which they could not");
    }
}

fn worker(n: u64, role: &str, access: Vec<(WorkspaceId, Override)>) -> Command {
    AddMember { user: user(n), roles: vec![role.into()], access }.into()
}

fn writes(n: u64, to: Recipient) -> GiveShare {
    GiveShare { share: share(n), to, level: vec!["note.write".into()], until: None }
}

fn refused(answer: Result<Vec<ShareRecord>, bailiwick::TenantsError>) -> String {
    answer.unwrap_err().code().unwrap_or_default().to_owned()
}

/// Staff sees what a user may, and takes nothing of it home: not by a share, a longer one, the owner's word, or an address of their own.
#[test]
fn staff_gives_themselves_no_lasting_access() {
    let tenants = crew();
    let staff = NOW.by(Actor::Staff { staff: user(8), on_behalf_of: user(2) });
    let on = alone(thing(1));
    for to in [8, 2] {
        assert_eq!(refused(tenants.share(org(1), &on, view(1, Recipient::User(user(to))), &staff)), "own_access");
    }
    let short = GiveShare { until: Some(later(1_000).now), ..view(2, Recipient::User(user(8))) };
    tenants.share(org(1), &on, short, &by(2)).unwrap();
    let longer = ChangeShare { share: share(2), level: vec!["script.view".into()], until: None };
    assert_eq!(refused(tenants.share(org(1), &on, longer, &staff)), "own_access");
    let own = Resource { personal_owner: Some(user(2)), ..alone(thing(3)) };
    assert_eq!(refused(tenants.share(org(1), &own, view(3, Recipient::User(user(4))), &staff)), "user_only");
    let carl = Address::new("carl@example.com").unwrap();
    tenants.share(org(1), &on, view(4, Recipient::Address(carl.clone())), &staff).unwrap();
    let proof = bailiwick::change::AddressProof::Verified(carl);
    assert_eq!(tenants.claim_shares(&proof, &by(8)).unwrap(), [], "not by whoever sent it");
    assert_eq!(tenants.claim_shares(&proof, &by(2)).unwrap(), [], "nor by whom it was sent for");
    assert_eq!(tenants.claim_shares(&proof, &by(9)).unwrap().len(), 1);
}

/// What one has for a while is given for that while, and to nobody who would have it for longer.
#[test]
fn nothing_outlives_the_row_that_it_was_given_by() {
    let tenants = works(Sight::All);
    let ends = Override { until: Some(later(1_000).now), ..Override::none() };
    tenants.handle(org(1), worker(2, "worker", vec![(workspace(2), ends)]), &system()).unwrap();
    let on = Resource { workspace: Some(workspace(2)), ..alone(thing(1)) };
    for to in [Recipient::User(user(9)), Recipient::Members, link(1, 1, None)] {
        assert_eq!(refused(tenants.share(org(1), &on, writes(1, to), &by(2))), "lacks_permission");
    }
    let as_long = GiveShare { until: Some(later(1_000).now), ..writes(1, Recipient::User(user(9))) };
    tenants.share(org(1), &on, as_long, &by(2)).unwrap();
    let outsider = Actor::User(user(9));
    assert!(allows(&tenants, outsider, "note.write", &on, &NOW));
    assert!(!allows(&tenants, outsider, "note.write", &on, &later(1_000)));
}

#[test]
fn access_that_is_taken_is_not_kept_by_a_share_with_oneself() {
    let tenants = works(Sight::All);
    tenants.handle(org(1), worker(2, "worker", vec![(workspace(2), Override::none())]), &system()).unwrap();
    let on = Resource { workspace: Some(workspace(2)), ..alone(thing(1)) };
    assert_eq!(refused(tenants.share(org(1), &on, writes(1, Recipient::User(user(2))), &by(2))), "own_access");
    let own = Address::new("two@example.com").unwrap();
    tenants.share(org(1), &on, writes(2, Recipient::Address(own.clone())), &by(2)).unwrap();
    tenants.claim_shares(&bailiwick::change::AddressProof::Verified(own), &by(2)).unwrap();
    tenants.handle(org(1), TakeAccess { user: user(2), workspace: workspace(2) }, &system()).unwrap();
    assert!(!allows(&tenants, Actor::User(user(2)), "note.write", &on, &NOW));
}

/// What a service has sent to an address waits for as long as somebody can be asked who was behind it.
#[test]
fn access_that_ended_is_not_kept_by_what_a_service_sent() {
    let tenants = works(Sight::All);
    tenants.handle(org(1), worker(2, "roamer", vec![]), &system()).unwrap();
    let service = |n| ServiceId::from_u64(n).unwrap();
    let secret = SecretHash::from_bytes([1; 32]);
    let create = |n| CreateService {
        service: service(n),
        name: Name::new("Robot").unwrap(),
        permissions: vec!["note.write".into(), "note.share".into()],
        workspaces: vec![],
        until: None,
        secret,
    };
    let (carl, own) = (Address::new("carl@example.com").unwrap(), Address::new("two@example.com").unwrap());
    let proof = |address: &Address| bailiwick::change::AddressProof::Verified(address.clone());
    let on = |n| Resource { workspace: Some(workspace(2)), ..alone(thing(n)) };
    let sends = |n: u64, id: u64, to: &Address| {
        let robot = NOW.by(Actor::Service(service(n)));
        tenants.share(org(1), &on(n), writes(id, Recipient::Address(to.clone())), &robot).unwrap();
    };
    for n in 1..=3 {
        tenants.handle(org(1), create(n), &by(2)).unwrap();
        sends(n, n, &own);
        assert_eq!(tenants.claim_shares(&proof(&own), &by(2)).unwrap(), [], "by the service of theirs");
    }
    // It may do something else, for its sponsor is who it was.
    let permissions = vec!["note.write".into(), "note.read".into(), "note.share".into()];
    let change = ChangeService { service: service(3), permissions, workspaces: vec![], until: None };
    tenants.handle(org(1), change, &later(1).by(Actor::User(user(2)))).unwrap();
    // One ends, one is adopted by somebody else a little later, one stays.
    tenants.handle(org(1), EndService { service: service(1) }, &by(2)).unwrap();
    tenants.handle(org(1), worker(3, "roamer", vec![]), &system()).unwrap();
    sends(3, 4, &carl);
    let claimed = tenants.claim_shares(&proof(&carl), &by(9)).unwrap();
    assert_eq!(claimed.len(), 1, "by somebody else, while it is there");
    tenants.handle(org(1), Remove { user: user(2), content: None }, &system()).unwrap();
    tenants.handle(org(1), AdoptService { service: service(2), secret }, &later(2).by(Actor::User(user(1)))).unwrap();
    assert_eq!(tenants.claim_shares(&proof(&own), &later(3).by(Actor::User(user(2)))).unwrap(), []);
    for n in 1..=3 {
        assert!(!allows(&tenants, Actor::User(user(2)), "note.write", &on(n), &later(3)));
    }
}

/// Neither a collection of one's own nor a folder elsewhere opens a workspace to others in which one cannot do it oneself.
#[test]
fn a_container_opens_only_what_its_giver_could() {
    let containers = [thing(500)];
    let inside = Resource { containers: &containers, workspace: Some(workspace(2)), ..alone(thing(1)) };
    let cut = Override { removed: vec!["note.write".into()], ..Override::none() };
    for (sight, access) in [(Sight::Shared, Vec::new()), (Sight::All, vec![(workspace(2), cut)])] {
        let tenants = works(sight);
        tenants.handle(org(1), worker(2, "roamer", access), &system()).unwrap();
        assert!(!allows(&tenants, Actor::User(user(2)), "note.write", &inside, &NOW));
        let places = [(None, Some(user(2))), (None, None), (Some(workspace(1)), None)];
        for (n, (place, owner)) in (1..).zip(places) {
            let folder = Resource { workspace: place, personal_owner: owner, ..alone(thing(500)) };
            let given = tenants.share(org(1), &folder, writes(n, Recipient::User(user(9))), &by(2));
            assert!(given.is_ok() || owner.is_none());
        }
        let outsider = Actor::User(user(9));
        assert!(!allows(&tenants, outsider, "note.write", &inside, &NOW));
        let write = tenants.catalog().permission("note.write").unwrap();
        let filter = tenants.filter(org(1), outsider, write, &NOW).unwrap();
        let mut row = Row { id: inside.id, containers: &containers, workspace: inside.workspace, personal_owner: None };
        assert!(!filter.allows(&row));
        // What is the giver's own, where the collection is, is opened.
        (row.workspace, row.personal_owner) = (None, Some(user(2)));
        let own = Resource { workspace: None, personal_owner: Some(user(2)), ..inside };
        assert!(allows(&tenants, outsider, "note.write", &own, &NOW) && filter.allows(&row));
    }
}
