//! What is told to whom: nothing to strangers, and to members no more than they could ask.

use super::*;

/// Strangers learn nothing: an organization that there is answers as one that there is not.
#[test]
fn strangers_cannot_tell_whether_there_is_anything_to_share() {
    let tenants = crew();
    tenants.share(org(1), &alone(thing(1)), view(1, Recipient::Members), &NOW.by(Actor::System)).unwrap();
    let (stranger, secret) = (NOW.by(Actor::User(user(9))), SecretHash::from_bytes([5; 32]));
    let carl = Address::new("carl@example.com").unwrap();
    let address = bailiwick::change::AddressProof::Verified(carl.clone());
    let commands: [ShareCommand; 7] = [
        view(1, Recipient::Members).into(),
        ChangeShare { share: share(1), level: Vec::new(), until: None }.into(),
        RevokeShare { share: share(1) }.into(),
        ClearShares {}.into(),
        FollowLink { share: share(1), secret }.into(),
        ClaimShare { share: share(1), address: bailiwick::change::AddressProof::Claimed(carl) }.into(),
        ClaimShare { share: share(1), address }.into(),
    ];
    for command in commands {
        let service = NOW.by(Actor::Service(bailiwick::ServiceId::from_u64(77).unwrap()));
        for context in [&stranger, &service, &NOW.by(Actor::Link(LinkId::from_u64(1).unwrap()))] {
            let told = |organization| {
                let answer = tenants.share(organization, &alone(thing(1)), command.clone(), context);
                answer.unwrap_err().to_string() // all of it
            };
            assert_eq!(told(org(1)), told(org(2)), "{:?} {command:?}", context.actor);
        }
    }
    let view = tenants.catalog().permission("script.view").unwrap();
    let of = |organization| tenants.filter(organization, Actor::User(user(9)), view, &NOW).unwrap();
    assert_eq!((of(org(1)).version, of(org(2)).version), (Version::ZERO, Version::ZERO));
    assert!(of(org(1)).is_nothing() && of(org(2)).is_nothing());
}

/// Whoever may not share is not told whether there is a share, and for whom.
#[test]
fn whoever_may_not_share_cannot_tell_what_is_shared() {
    let tenants = crew();
    let on = alone(thing(1));
    let carl = Address::new("carl@example.com").unwrap();
    let to = [link(1, 9, None), Recipient::Organization(org(7)), Recipient::Address(carl), Recipient::User(user(3))];
    for (n, to) in (1..).zip(to) {
        tenants.share(org(1), &on, view(n, to), &by(2)).unwrap();
    }
    let told = |command: ShareCommand, on| tenants.share(org(1), on, command, &by(4)).unwrap_err().to_string();
    let nothing = told(RevokeShare { share: share(99) }.into(), &on);
    for n in 1..=4 {
        assert_eq!(told(RevokeShare { share: share(n) }.into(), &on), nothing, "{n}");
        let change = ChangeShare { share: share(n), level: vec!["script.view".into()], until: None };
        assert_eq!(told(change.into(), &on), nothing, "{n}");
    }
    assert_eq!(told(ClearShares {}.into(), &on), told(ClearShares {}.into(), &alone(thing(2))));
}
