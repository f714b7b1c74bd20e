//! Plans and seats over time: what counts at an instant, what is scheduled, what must fit both.

use bailiwick::access::Facts;
use bailiwick::change::*;
use bailiwick::{Actor, Organization, Seats, Span, Timestamp};

use crate::support::samples::{ADMIN, Ids, MEMBER, NOW, OWNER, STRANGER, catalog, name, organization, run};

const OWN: Ids = Ids::OWN;

fn user(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

/// An owner, an admin, two guests who take no seat, and so many seats.
fn team(seats: u64) -> Organization {
    let mut org = Organization::new(OWN.organization(), catalog());
    let create = CreateOrganization {
        name: name("Acme"),
        plan: "team".into(),
        seats: Seats::new(seats),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    run(&mut org, user(OWNER), create);
    for (n, role) in [(ADMIN, "admin"), (MEMBER, "guest"), (STRANGER, "guest")] {
        run(&mut org, user(OWNER), AddMember { user: OWN.user(n), roles: vec![role.into()], access: vec![] });
    }
    org
}

fn answer(org: &Organization, at: Timestamp, command: impl Into<Command>) -> Result<Outcome, Refusal> {
    let facts = Facts::at(at).authenticated(at).with_second_factor();
    org.handle(&command.into(), &facts.by(user(OWNER)))
}

fn code(answer: Result<Outcome, Refusal>) -> &'static str {
    answer.err().map_or("accepted", |refusal| refusal.code())
}

fn seats(org: &Organization, at: Timestamp) -> (u64, u64, u64) {
    let count = org.seats(at).unwrap();
    (count.used.as_u64(), count.limit.as_u64(), count.charged.as_u64())
}

fn promote(n: u64) -> ChangeRoles {
    ChangeRoles { user: OWN.user(n), roles: vec!["member".into()] }
}

/// Seats that are given back are paid until the end, and not sold again.
#[test]
fn seats_are_given_back_at_the_end_of_the_period() {
    let mut org = team(5);
    let end = NOW.plus(Span::days(10));
    let change = |seats| ChangeSeats { seats: Seats::new(seats), period_end: end };
    assert_eq!(code(answer(&org, NOW, change(5))), "no_change");
    assert_eq!(code(answer(&org, NOW, change(1))), "seats_in_use");
    assert_eq!(code(answer(&org, end, change(3))), "ended");
    run(&mut org, user(OWNER), change(3));
    assert_eq!(seats(&org, NOW), (2, 3, 5), "charged to the end");
    let just_before = Timestamp::from_millis(end.as_millis() - 1);
    assert_eq!(seats(&org, just_before), (2, 3, 5));
    assert_eq!(seats(&org, end), (2, 3, 3), "at the very instant");
    run(&mut org, user(OWNER), promote(MEMBER));
    assert_eq!(code(answer(&org, NOW, promote(STRANGER))), "seat_limit", "the fourth goes at the end of the period");
    run(&mut org, user(OWNER), change(6));
    assert_eq!(seats(&org, NOW), (3, 6, 6), "buying takes the reduction back");
    assert_eq!(seats(&org, end), (3, 6, 6));
    run(&mut org, user(OWNER), promote(STRANGER));
    assert_eq!(org.audit(NOW), []);
}

/// A plan to come must fit already, and naming the present one takes it back.
#[test]
fn a_plan_to_come_limits_at_once() {
    let mut org = team(6);
    let at = NOW.plus(Span::days(30));
    let change = |plan: &str, seats, at| ChangePlan { plan: plan.into(), seats: Seats::new(seats), at };
    assert_eq!(code(answer(&org, NOW, change("team", 6, None))), "no_change");
    assert_eq!(code(answer(&org, NOW, change("big", 4, None))), "seats_below_minimum");
    assert_eq!(code(answer(&org, NOW, change("bigg", 5, None))), "unknown_plan");
    assert_eq!(code(answer(&org, NOW, change("big", 5, Some(NOW)))), "ended");
    run(&mut org, user(OWNER), change("big", 5, Some(at)));
    assert_eq!((seats(&org, NOW), seats(&org, at)), ((2, 5, 6), (2, 5, 5)));
    let fewer = ChangeSeats { seats: Seats::new(3), period_end: at };
    assert_eq!(code(answer(&org, NOW, fewer.clone())), "plan_change_scheduled");
    assert_eq!(code(answer(&org, at, fewer)), "seats_below_minimum", "then it is the present plan");
    let more = ChangeSeats { seats: Seats::new(8), period_end: at };
    run(&mut org, user(OWNER), more);
    assert_eq!((seats(&org, NOW), seats(&org, at)), ((2, 5, 8), (2, 5, 5)), "the plan to come has its own seats");
    run(&mut org, user(OWNER), change("team", 8, None));
    assert_eq!((seats(&org, NOW), seats(&org, at)), ((2, 8, 8), (2, 8, 8)), "taken back");
}

/// D-20: everything that exceeds a plan is listed beforehand.
#[test]
fn what_does_not_fit_is_listed() {
    let org = team(5);
    let excess = org.fits_plan(org.catalog().plan("team").unwrap(), Seats::new(1), NOW);
    assert_eq!(excess.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2 seats of 1"]);
}

/// D-01, D-05: a seat is needed however somebody becomes billable: by a role, by an edited role, by ownership.
#[test]
fn every_way_to_a_seat_passes_the_gate() {
    let full = team(2);
    assert_eq!(code(answer(&full, NOW, promote(MEMBER))), "seat_limit");

    let mut org = team(2);
    let role = |permissions: &[&str]| CreateRole {
        role: "custom.helper".into(),
        title: name("Helper"),
        like: "guest".into(),
        reach: bailiwick::catalog::Reach::Assigned,
        permissions: permissions.iter().map(|key| (*key).into()).collect(),
    };
    run(&mut org, user(OWNER), role(&["thing.read"]));
    let helper = vec!["custom.helper".into()];
    run(&mut org, user(OWNER), ChangeRoles { user: OWN.user(MEMBER), roles: helper });
    assert_eq!(seats(&org, NOW).0, 2, "as free as the role that it is like");
    let CreateRole { role: key, title, like, reach, permissions } = role(&["thing.read", "thing.write"]);
    let change = ChangeRole { role: key, title, like, reach, permissions };
    assert_eq!(code(answer(&org, NOW, change.clone())), "seat_limit", "a free role that can more is not free");
    run(&mut org, user(OWNER), ChangeSeats { seats: Seats::new(3), period_end: NOW });
    run(&mut org, user(OWNER), change);
    assert_eq!(seats(&org, NOW).0, 3, "counted anew");
    let instead = DeleteRole { role: "custom.helper".into(), instead: Some("guest".into()) };
    run(&mut org, user(OWNER), instead);
    assert_eq!(seats(&org, NOW).0, 2);
    assert_eq!(org.audit(NOW), []);

    let transfer = TransferOwnership { to: OWN.user(MEMBER), from: None };
    assert_eq!(
        code(answer(&full, NOW, transfer)),
        "seat_limit",
        "an admin less and an owner more is one more than a guest"
    );
}

/// What acts only in a workspace that is deleted goes with it, and does not come to act everywhere.
#[test]
fn a_deleted_workspace_takes_its_services_with_it() {
    let mut org = organization(OWN);
    run(&mut org, user(OWNER), DeleteWorkspace { workspace: OWN.workspace(1) });
    assert_eq!(org.services().count(), 0);
    assert_eq!(org.audit(NOW), []);
}
