//! Links: one id and one secret for one place, counted beside the sheet.

use super::*;

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
/// An id of a link says who somebody is wherever they ask, so nobody else gets it: neither in the organization nor in another one, and not
/// after it is closed.
#[test]
fn a_link_is_given_once_in_all_organizations() {
    let tenants = crew();
    let create = CreateOrganization {
        name: Name::new("Second").unwrap(),
        plan: "studio".into(),
        seats: Seats::new(2),
        owned: 0,
        workspace: workspace(2),
    };
    tenants.create(org(2), create, &by(8)).unwrap();
    tenants.share(org(1), &alone(thing(1)), view(1, link(1, 1, None)), &by(2)).unwrap();
    let again = |tenants: &Tenants<_>| {
        let elsewhere = tenants.share(org(2), &alone(thing(9)), view(1, link(1, 2, None)), &by(8));
        assert_eq!(elsewhere.unwrap_err().code(), Some("already_exists"));
        let beside = tenants.share(org(1), &alone(thing(2)), view(1, link(1, 3, None)), &by(2));
        assert_eq!(beside.unwrap_err().code(), Some("already_exists"));
        let secret = tenants.share(org(1), &alone(thing(2)), view(1, link(2, 1, None)), &by(2));
        assert_eq!(secret.unwrap_err().code(), Some("already_exists"));
        assert!(tenants.sheet(org(1), thing(2)).unwrap().shares().len() == 0, "nothing of it is kept");
    };
    again(&tenants);
    tenants.share(org(1), &alone(thing(1)), RevokeShare { share: share(1) }, &by(2)).unwrap();
    again(&tenants);
}

/// Whoever follows a link finds what it opens in a list as in a question.
#[test]
fn a_filter_finds_what_a_link_opens() {
    let tenants = crew();
    let secret = SecretHash::from_bytes([9; 32]);
    tenants.share(org(1), &alone(thing(500)), view(1, link(1, 9, None)), &by(2)).unwrap();
    let followed = tenants.follow_link(secret, &NOW).unwrap();
    let containers = [thing(500)];
    let scene = Resource { containers: &containers, ..alone(thing(1)) };
    assert!(allows(&tenants, followed.actor, "script.view", &scene, &NOW));
    let permission = tenants.catalog().permission("script.view").unwrap();
    let filter = tenants.filter(org(1), followed.actor, permission, &NOW).unwrap();
    assert!(filter.allows(&Row { id: scene.id, containers: &containers, workspace: None, personal_owner: None }));
    assert_eq!(filter.shared(), [thing(500)]);
}

/// However often strangers follow a link: what a check reads stays as it is.
#[test]
fn followers_make_no_sheet_longer() {
    let tenants = crew();
    let secret = SecretHash::from_bytes([9; 32]);
    tenants.share(org(1), &alone(thing(1)), view(1, link(1, 9, Some(100))), &by(2)).unwrap();
    for _ in 0..100 {
        tenants.follow_link(secret, &NOW).unwrap();
    }
    assert_eq!(tenants.follow_link(secret, &NOW).unwrap_err().code(), Some("link_used_up"));
    assert_eq!(tenants.uses_of(LinkId::from_u64(1).unwrap()).unwrap(), 100);
    assert_eq!(tenants.store().load_sheets(org(1), &[thing(1)]).unwrap().remove(0).1.len(), 1);
}

/// Following takes no turn: it goes on while somebody reads the organization at length.
#[test]
fn following_waits_for_nobody() {
    let tenants = crew();
    let secret = SecretHash::from_bytes([9; 32]);
    tenants.share(org(1), &alone(thing(1)), view(1, link(1, 9, Some(3))), &by(2)).unwrap();
    let follows =
        || std::thread::scope(|scope| scope.spawn(|| tenants.follow_link(secret, &NOW).is_ok()).join().unwrap());
    assert!(tenants.read(org(1), |_| follows()).unwrap().unwrap());
}
