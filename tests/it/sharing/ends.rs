//! What becomes of shares: handed over, changed, ended, listed, and answered twice.

use bailiwick::change::{CreateTeam, DissolveTeam, JoinTeam};
use bailiwick::{CommandId, Listed, TeamId};

use super::*;

/// With personal content go its shares, and its owner closes what is on it, whoever answers for that.
#[test]
fn what_is_handed_over_stays_open_and_is_the_new_owners_to_close() {
    let tenants = crew();
    let of = |n| Resource { personal_owner: Some(user(n)), ..alone(thing(1)) };
    tenants.share(org(1), &of(2), view(1, Recipient::User(user(4))), &by(2)).unwrap();
    let (over, tia) = (|to| HandOverShares { from: user(2), to: user(to) }, Actor::User(user(4)));
    for nobody in [99, 9] {
        let refused = tenants.share(org(1), &of(2), over(nobody), &system()).unwrap_err();
        assert_eq!(refused.code(), Some("bad_recipient"));
    }
    tenants.share(org(1), &of(2), over(1), &system()).unwrap();
    assert!(allows(&tenants, tia, "script.view", &of(1), &NOW), "olga's now, and open still");
    assert!(!allows(&tenants, tia, "script.view", &of(2), &NOW));
    tenants.share(org(1), &of(1), RevokeShare { share: share(1) }, &by(1)).unwrap();
    assert!(!allows(&tenants, tia, "script.view", &of(1), &NOW));
}

#[test]
fn an_owner_closes_what_others_answer_for() {
    let tenants = crew();
    let own = Resource { personal_owner: Some(user(3)), ..alone(thing(1)) };
    tenants.share(org(1), &own, view(1, Recipient::User(user(4))), &system()).unwrap();
    tenants.share(org(1), &own, RevokeShare { share: share(1) }, &by(3)).unwrap();
}

/// D-15. A share with a team ends with the team, also where nobody tidies up.
#[test]
fn a_team_that_comes_back_is_another_team() {
    let tenants = crew();
    let team = TeamId::from_u64(1).unwrap();
    let (name, on, tia) = (Name::new("Night").unwrap(), alone(thing(1)), Actor::User(user(4)));
    tenants.handle(org(1), CreateTeam { team, name: name.clone() }, &system()).unwrap();
    tenants.handle(org(1), JoinTeam { team, user: user(4) }, &system()).unwrap();
    tenants.share(org(1), &on, view(1, Recipient::Team(team)), &by(2)).unwrap();
    let before = tenants.sheet(org(1), thing(1)).unwrap();
    assert!(allows(&tenants, tia, "script.view", &on, &NOW));
    tenants.handle(org(1), DissolveTeam { team }, &system()).unwrap();
    assert_eq!(tenants.store().find(&Key::Share(ShareKey::Team(org(1), team)), None, None, 9).unwrap(), []);
    tenants.handle(org(1), CreateTeam { team, name }, &system()).unwrap();
    tenants.handle(org(1), JoinTeam { team, user: user(4) }, &system()).unwrap();
    assert!(!allows(&tenants, tia, "script.view", &on, &NOW));
    let untidied = tenants.read(org(1), |organization| shares_on(organization, &on, [&before])).unwrap();
    assert_eq!(untidied, Some(Vec::new()));
}

/// A change is given anew to whoever that is now, or it would say yes and give nothing.
#[test]
fn a_share_that_is_changed_counts_for_another_membership() {
    let tenants = works(Sight::Shared);
    let access = vec![(workspace(2), Override::role("worker"))];
    let joins = AddMember { user: user(3), roles: vec!["worker".into()], access };
    tenants.handle(org(1), joins, &system()).unwrap();
    let (on, three) = (alone(thing(1)), Actor::User(user(3)));
    let read =
        GiveShare { share: share(1), to: Recipient::User(user(3)), level: vec!["note.read".into()], until: None };
    tenants.share(org(1), &on, read, &by(1)).unwrap();
    tenants.handle(org(1), MakeCollaborator { user: user(3) }, &system()).unwrap();
    assert!(!allows(&tenants, three, "note.read", &on, &NOW));
    let again = ChangeShare { share: share(1), level: vec!["note.read".into()], until: None };
    tenants.share(org(1), &on, again.clone(), &by(1)).unwrap();
    assert!(allows(&tenants, three, "note.read", &on, &NOW));
    assert_eq!(tenants.share(org(1), &on, again, &by(1)).unwrap_err().code(), Some("no_change"));
}

/// What has ended is not counted, and makes room where a sheet is full.
#[test]
fn ended_shares_fill_no_sheet() {
    let tenants = crew();
    let max = bailiwick::limits::SHARES_PER_RESOURCE_MAX as u64;
    let (on, olga) = (alone(thing(1)), by(2));
    for n in 1..=max {
        let until = (n > 1).then_some(later(10).now);
        tenants.share(org(1), &on, GiveShare { until, ..view(n, Recipient::User(user(1_000 + n))) }, &olga).unwrap();
    }
    let more = view(max + 1, Recipient::User(user(4)));
    assert_eq!(tenants.share(org(1), &on, more.clone(), &olga).unwrap_err().code(), Some("too_many_items"));
    tenants.share(org(1), &on, more, &later(10).by(Actor::User(user(2)))).unwrap();
    let left: Vec<ShareId> = tenants.sheet(org(1), thing(1)).unwrap().shares().map(|(share, _)| share).collect();
    assert_eq!(left.len(), 2);
    assert!(left.contains(&share(1)) && left.contains(&share(max + 1)));
}

/// An answer that was lost is asked for again under the same id; another command under it is another one.
#[test]
fn a_share_that_is_given_twice_by_one_command_is_given_once() {
    let tenants = crew();
    let once = by(2).as_command(CommandId::from_u64(7).unwrap());
    let give = view(1, link(1, 9, Some(2)));
    assert_eq!(tenants.share(org(1), &alone(thing(1)), give.clone(), &once).unwrap().len(), 1);
    assert_eq!(tenants.share(org(1), &alone(thing(1)), give.clone(), &once).unwrap(), []);
    let other = GiveShare { until: Some(later(9).now), ..give.clone() };
    assert_eq!(tenants.share(org(1), &alone(thing(1)), other, &once).unwrap_err().code(), Some("already_exists"));
    assert_eq!(tenants.share(org(1), &alone(thing(1)), give, &by(2)).unwrap_err().code(), Some("already_exists"));
}

/// A level is what it gives, not how it was written.
#[test]
fn levels_are_kept_in_order_and_once() {
    let tenants = crew();
    let level = ["teleprompter.use", "script.view", "teleprompter.use"].map(Into::into).to_vec();
    tenants.share(org(1), &alone(thing(1)), GiveShare { level, ..view(1, Recipient::Members) }, &by(1)).unwrap();
    let kept = tenants.sheet(org(1), thing(1)).unwrap().share(share(1)).unwrap().level.clone();
    assert_eq!(kept, ["script.view".into(), "teleprompter.use".into()]);
    let level = ["teleprompter.use", "script.view"].map(Into::into).to_vec();
    let same = ChangeShare { share: share(1), level, until: None };
    assert_eq!(tenants.share(org(1), &alone(thing(1)), same, &by(1)).unwrap_err().code(), Some("no_change"));
}

/// Whoever answers for an organization sees what is open, to whom and by whom, in pages; and what is shared is loaded by nobody else.
#[test]
fn everything_that_is_open_is_listed() {
    let tenants = crew();
    let carl = Address::new("carl@example.com").unwrap();
    let events = tenants.journal(org(1)).unwrap().len();
    let to = |n: u64| match n % 5 {
        0 => link(n, n as u8, None),
        1 => Recipient::Address(carl.clone()),
        2 => Recipient::Organization(org(7)),
        3 => Recipient::User(user(9)),
        _ => Recipient::User(user(3)),
    };
    for n in 1..=250 {
        let giver = if n % 2 == 0 { 1 } else { 2 };
        tenants.share(org(1), &alone(thing(n)), view(1, to(n)), &by(giver)).unwrap();
    }
    tenants.share(org(1), &alone(thing(5)), RevokeShare { share: share(1) }, &by(2)).unwrap();
    let listed = |what, size| {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = tenants.shares_of(org(1), what, after, size).unwrap();
            let Some((last, _)) = page.last() else { return all };
            after = Some(*last);
            all.extend(page.into_iter().map(|(at, _)| at));
        }
    };
    for (what, count) in [
        (Listed::All, 249),
        (Listed::Links, 49),
        (Listed::Addresses, 50),
        (Listed::Organizations, 50),
        (Listed::Outsiders, 50),
        (Listed::By(user(1)), 125),
        (Listed::By(user(2)), 124),
        (Listed::By(user(3)), 0),
    ] {
        let all = listed(what, 1_000);
        assert_eq!(all.len(), count, "{what:?}");
        assert_eq!(listed(what, 7), all);
    }
    assert_eq!(tenants.journal(org(1)).unwrap().len(), events, "the organization loads as fast as before");
}

/// A page of one organization begins where that does, also after a place before it.
#[test]
fn a_page_begins_after_a_place_elsewhere() {
    let tenants = crew();
    let at = |n| ShareAt { organization: org(n), resource: thing(5), share: share(1) };
    for n in [2, 3] {
        let create = CreateOrganization {
            name: Name::new(&format!("Crew {n}")).unwrap(),
            plan: "studio".into(),
            seats: Seats::new(2),
            owned: 0,
            workspace: workspace(n),
        };
        tenants.create(org(n), create, &by(20 + n)).unwrap();
        tenants.share(org(n), &alone(thing(5)), view(1, Recipient::User(user(9))), &by(20 + n)).unwrap();
    }
    let key = Key::Share(ShareKey::User(user(9)));
    assert_eq!(tenants.store().find(&key, Some(org(3)), Some(at(1).into()), 10).unwrap(), [at(3).into()]);
    assert_eq!(tenants.store().find(&key, Some(org(2)), Some(at(3).into()), 10).unwrap(), []);
}
