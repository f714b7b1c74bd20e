//! Shares as the nearest change: a resource alone is opened to whoever asks alone, and closed again.

use bailiwick::sharing::{Extent, GiveShare, Recipient, ShareCommand, ShareEvent, ShareRecord};
use bailiwick::{ShareId, Version};

use super::*;
use crate::support::desk::{desk, desk_of, joins};
use crate::support::samples::Ids;

fn thing(personal_owner: Option<UserId>, shares: &[Share]) -> Resource<'_> {
    let (id, workspace) = (ResourceId::from_u64(7).unwrap(), Some(Ids::OWN.workspace(1)));
    Resource { id, containers: &[], workspace, personal_owner, shares }
}

fn asks(org: &Organization, n: u64, key: &str, resource: &Resource<'_>, sheets: &[Sheet]) -> Nearest {
    let permission = org.catalog().permission(key).unwrap();
    org.nearest_among(sheets, Actor::User(Ids::OWN.user(n)), permission, Target::Resource(resource), &facts())
}

#[test]
fn a_share_of_the_one_thing_goes_before_a_role_for_everything() {
    let org = desk_of(&desk(&[]), [joins(3, "intern")]);
    let Nearest::Gives(remedy) = asks(&org, 3, "note.read", &thing(None, &[]), &[]) else { panic!("owners share") };
    let [step] = &remedy.steps[..] else { panic!("{remedy:?}") };
    let Change::Share(on, ShareCommand::GiveShare(give)) = &step.change else { panic!("{step:?}") };
    let to = Recipient::User(Ids::OWN.user(3));
    let expected = GiveShare { share: ShareId::from_u64(1).unwrap(), to, level: vec!["note.read".into()], until: None };
    assert_eq!((*on, give), (thing(None, &[]).id, &expected));
    assert_eq!(step.by[0].user, Ids::OWN.user(1));
    // What their role could not do is not opened by a share either.
    let Nearest::Gives(remedy) = asks(&org, 3, "note.write", &thing(None, &[]), &[]) else { panic!("by a role") };
    assert!(remedy.steps[0].change.command().is_some(), "{remedy:?}");
}

#[test]
fn what_is_private_is_its_owners_to_share() {
    let writers_share = (
        "[\"note.read\", \"note.write\", \"desk.use\"]",
        "[\"note.read\", \"note.write\", \"desk.use\", \"share.in\"]",
    );
    let org = desk_of(&desk(&[writers_share]), [joins(2, "editor"), joins(3, "editor")]);
    let own = thing(Some(Ids::OWN.user(2)), &[]);
    let Nearest::Gives(remedy) = asks(&org, 3, "note.read", &own, &[]) else { panic!("its owner shares it") };
    let by: Vec<UserId> = remedy.steps[0].by.iter().map(|somebody| somebody.user).collect();
    assert_eq!(by, [Ids::OWN.user(2)], "nobody else, owners of the organization included");
    // Where they may not share, they are named all the same.
    let org = desk_of(&desk(&[]), [joins(2, "editor"), joins(3, "editor")]);
    let obstacle = Obstacle::Private(Ids::OWN.user(2));
    assert_eq!(asks(&org, 3, "note.read", &own, &[]), Nearest::OutOfReach(obstacle));
}

#[test]
fn a_share_that_gives_it_is_closed_or_gives_the_rest() {
    let org = desk_of(&desk(&[]), [joins(3, "intern")]);
    let joined = org.person(Ids::OWN.user(3)).unwrap().joined().version;
    let level = vec!["note.read".into(), "note.write".into()];
    let (share, to) = (ShareId::from_u64(5).unwrap(), Recipient::User(Ids::OWN.user(3)));
    let event = ShareEvent::Given { share, to, since: Some(joined), extent: Extent::default(), level, until: None };
    let record = ShareRecord { version: Version::from_u64(1), at: NOW, by: Actor::System, command: None, event };
    let sheet = Sheet::replay(org.id(), ResourceId::from_u64(7).unwrap(), [&record]);
    let plain = thing(None, &[]);
    let shares = shares_on(&org, &plain, [&sheet]);
    let Nearest::Takes(steps) = asks(&org, 3, "note.read", &thing(None, &shares), &[sheet]) else {
        panic!("it is shared")
    };
    let first: Vec<&Change> = steps.iter().take(2).map(|step| &step.change).collect();
    let is_change = matches!(first[0], Change::Share(_, ShareCommand::ChangeShare(change)) if change.level == ["note.write".into()]);
    let is_closed = matches!(first[1], Change::Share(_, ShareCommand::RevokeShare(revoke)) if revoke.share == share);
    assert!(is_change && is_closed, "{first:?}");
}
