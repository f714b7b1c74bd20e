//! Accidents of accounting that have happened to others, each by its name: none of them happens to a ledger.

use std::sync::Arc;

use bailiwick::access::Facts;
use bailiwick::catalog::{Enforcement, Midway, Per, Renewal, Rollover};
use bailiwick::change::{ChangePlan, ChangeStatus, CreateOrganization};
use bailiwick::ledger::*;
use bailiwick::{
    Actor, Label, Name, OrgId, Organization, Seats, Span, Status, Tenants, Timestamp, UserId, WorkspaceId,
};

use crate::support::shop::*;

#[test]
fn a_settlement_above_the_hold_is_refused_however_often_it_is_retried() {
    let mut shop = Shop::with(100);
    let until = NEW_YEAR.plus(Span::hours(1));
    shop.ask(hold(1, 10, until)).unwrap();
    let above = Refusal::AboveHold { held: Credits::new(10), needed: Credits::new(15) };
    let order = shop.made(settle(1, 15));
    for _ in 0..3 {
        assert_eq!(shop.give(&order), Err(above));
        assert_eq!(shop.ask(settle(1, 15)), Err(above));
        assert_eq!(shop.ledger.hold(named(1), shop.now), Some((Credits::new(10), until)));
    }
    assert_eq!(shop.balance(), 90);
    shop.ask(settle(1, 10)).unwrap();
    assert_eq!(shop.code(settle(1, 15)), "hold_over");
    assert_eq!(shop.give(&order), Err(above), "the key of a refused order stays refused");
    assert_eq!(shop.balance(), 90);
}

#[test]
fn nothing_is_refunded_that_was_not_spent() {
    let mut shop = Shop::with(100);
    assert_eq!(shop.code(refund(1, Some(5))), "unknown_spend");
    assert_eq!(shop.code(refund(1, None)), "unknown_spend");
    shop.ask(hold(1, 10, NEW_YEAR.plus(Span::hours(1)))).unwrap();
    assert_eq!(shop.code(refund(1, Some(5))), "unknown_spend", "a promise is not spent yet");
    shop.ask(Release { hold: named(1) }).unwrap();
    assert_eq!(shop.ask(refund(1, None)), Err(Refusal::RefundAbove { left: Credits::ZERO }));
    assert_eq!(shop.balance(), 100);
}

#[test]
fn a_second_refund_finds_nothing_left() {
    let mut shop = Shop::with(100);
    shop.ask(charge(1, 30)).unwrap();
    let order = shop.made(refund(1, Some(20)));
    shop.give(&order).unwrap();
    shop.give(&order).unwrap();
    assert_eq!(shop.balance(), 90, "the same refund, sent twice");
    assert_eq!(shop.ask(refund(1, Some(20))), Err(Refusal::RefundAbove { left: Credits::new(10) }));
    shop.ask(refund(1, None)).unwrap();
    assert_eq!(shop.ask(refund(1, None)), Err(Refusal::RefundAbove { left: Credits::ZERO }));
    assert_eq!(shop.balance(), 100);
}

#[test]
fn an_expired_lot_is_not_spent_though_nobody_has_swept() {
    let mut shop = Shop::with(10);
    let end = NEW_YEAR.plus(Span::days(30));
    shop.ask(grant(Class::Promotional, 100, Some(end))).unwrap();
    let entries = shop.entries.len();
    shop.now = end;
    assert_eq!(shop.balance(), 10);
    assert_eq!(shop.ledger.spendable(&Spender::default(), end).amount, Credits::new(10));
    let short = Refusal::NotEnough { needed: Credits::new(11), left: Credits::new(10) };
    assert_eq!(shop.ledger.affords(&Spender::default(), Credits::new(11), end), Err(short));
    assert_eq!(shop.entries.len(), entries, "reading writes nothing");
    assert_eq!(shop.ask(charge(1, 11)), Err(short));
    assert_eq!(shop.ask(charge(2, 10)).unwrap().draws, draws(&[(1, 10)]));
    assert_eq!(shop.ledger.balance(end).columns.expired, 100);
}

/// D-21.
#[test]
fn what_expires_while_it_is_held_can_be_spent_and_does_not_come_back() {
    let mut shop = Shop::with(10);
    let end = NEW_YEAR.plus(Span::days(30));
    shop.ask(grant(Class::Promotional, 100, Some(end))).unwrap();
    shop.ask(hold(1, 60, end.plus(Span::days(1)))).unwrap();
    shop.now = end;
    let receipt = shop.ask(settle(1, 25)).unwrap();
    assert_eq!((receipt.draws, receipt.returned, receipt.lost), (draws(&[(2, 25)]), draws(&[]), draws(&[(2, 35)])));
    let columns = shop.ledger.balance(end).columns;
    assert_eq!((columns.spent, columns.expired, columns.held, columns.available), (25, 75, 0, 10));
    assert_eq!(shop.ask(refund(1, None)).unwrap().lost, draws(&[(2, 25)]));
    assert_eq!(shop.balance(), 10);
}

/// S0-61.
#[test]
fn an_alert_fires_when_its_threshold_is_landed_on_exactly() {
    let mut shop = Shop::new();
    let allowance = Allowance { alerts_percent: vec![80], ..monthly(NEW_YEAR, 1_000) };
    shop.ask(allow(1, allowance)).unwrap();
    assert_eq!(shop.ask(charge(1, 799)).unwrap().alerts, []);
    let alert = Alert { watched: Watched::Credits, threshold: Threshold::Percent(80), of: 1_000, now: 200 };
    assert_eq!(shop.ask(charge(2, 1)).unwrap().alerts, [alert]);
    assert_eq!(shop.ask(charge(3, 1)).unwrap().alerts, [], "told once");
}

/// Two processes look at the same budget; each sees room for what it wants, and only one may have it.
#[test]
fn a_budget_is_not_overspent_by_two_who_looked_at_the_same_time() {
    let mut shop = Shop::with(100);
    let ada = Scope { user: UserId::from_u64(7), ..Scope::EVERYTHING };
    shop.ask(SetLimit { scope: ada, over: Over::Period, max: Credits::new(50) }).unwrap();
    let spend = |n| Charge { spender: Spender::new(ada), ..charge(n, 40) };
    let orders = [shop.made(spend(1)), shop.made(spend(2))];
    let mut copies = [shop.ledger.clone(), shop.ledger.clone()];
    let mut store = shop.entries.clone();
    let judged = |copy: &Ledger, order: &Order| match copy.handle(order, Actor::System, NEW_YEAR) {
        Verdict::New(entry) => entry,
        other => panic!("{other:?}"),
    };
    let appended = |store: &mut Vec<Arc<Entry>>, entry: &Arc<Entry>| {
        let fits = store.last().is_some_and(|last| last.version.next() == entry.version);
        fits.then(|| store.push(Arc::clone(entry))).is_some()
    };
    let (first, second) = (judged(&copies[0], &orders[0]), judged(&copies[1], &orders[1]));
    assert!(first.answer.is_ok() && second.answer.is_ok(), "each of them alone could");
    assert!(appended(&mut store, &first));
    assert!(!appended(&mut store, &second), "judged on a version that is not the last any more");
    copies[1].apply(&first);
    let again = judged(&copies[1], &orders[1]);
    let used = Refusal::Limit {
        scope: ada,
        over: Over::Period,
        max: Credits::new(50),
        used: Credits::new(40),
        needed: Credits::new(40),
    };
    assert_eq!(again.answer, Err(used));
    assert!(appended(&mut store, &again));
    let end = Ledger::replay(shop.ledger.organization(), Settings::default(), &store);
    assert_eq!(end.balance(NEW_YEAR).columns.spent, 40);
}

/// S0-50.
#[test]
fn reactivating_cancels_what_was_due_to_be_deleted() {
    let tenants = Tenants::in_memory(crate::cases::catalog("studio"));
    let (id, owner) = (OrgId::from_u64(1).unwrap(), Actor::User(UserId::from_u64(1).unwrap()));
    let facts = |at| Facts::at(at).authenticated(at);
    let (name, workspace) = (Name::new("Acme").unwrap(), WorkspaceId::from_u64(1).unwrap());
    let create = CreateOrganization { name, plan: "studio".into(), seats: Seats::default(), owned: 0, workspace };
    let _ = tenants.create(id, create, &facts(NEW_YEAR).by(owner)).unwrap();
    let archive = ChangePlan { plan: "archive".into(), seats: Seats::default(), at: None };
    let _ = tenants.handle(id, archive, &facts(NEW_YEAR).by(Actor::System)).unwrap();
    let status = |status, at| {
        let _ = tenants.handle(id, ChangeStatus { status }, &facts(at).by(Actor::System)).unwrap();
    };
    let video = Spot { kind: "video".parse().ok(), ..Spot::EVERYTHING };
    let mut shop = Shop::new();
    shop.ask(Add { meter: Label::STORAGE, spot: video, amount: Units::new(7) }).unwrap();
    let due = |at| {
        let dates = tenants.read(id, Organization::retention).unwrap().unwrap();
        shop.ledger.due(Label::STORAGE, &dates, at)
    };
    let after = |days| NEW_YEAR.plus(Span::days(days));

    status(Status::Archived, NEW_YEAR);
    assert_eq!(due(Timestamp::from_millis(after(30).as_millis() - 1)), []);
    assert_eq!(due(after(30)), [DueContent { spot: video, units: Units::new(7), due: after(30) }]);
    status(Status::Active, after(29));
    assert_eq!(due(after(30)), []);
    assert_eq!(due(after(3_000)), []);
    status(Status::Archived, after(40));
    assert_eq!(due(after(69)), [], "the days are counted anew");
    assert_eq!(due(after(70)).len(), 1);
}

/// D-20.
#[test]
fn deleting_is_possible_however_much_the_quota_is_exceeded() {
    for enforcement in [Enforcement::Hard, Enforcement::Soft, Enforcement::Grace(Span::millis(0))] {
        let mut shop = Shop::new();
        let video = Spot { kind: "video".parse().ok(), ..Spot::EVERYTHING };
        shop.ask(Add { meter: Label::STORAGE, spot: video, amount: Units::new(100) }).unwrap();
        let max = Units::new(10);
        let rule =
            MeterRule { meter: Label::STORAGE, per: Per::Organization, max, enforcement, alerts_percent: vec![] };
        shop.ask(allow(1, Allowance { meters: vec![rule], ..Allowance::none(NEW_YEAR) })).unwrap();
        shop.wait(Span::days(100));
        shop.ask(Remove { meter: Label::STORAGE, spot: video, amount: Units::new(1) }).unwrap();
        let cleared = shop.ask(Clear { meter: Label::STORAGE, spot: Spot::EVERYTHING }).unwrap();
        assert_eq!(cleared.units, Units::new(99), "{enforcement}");
        assert_eq!(shop.ledger.meter(Label::STORAGE, None, shop.now).used, Units::ZERO);
    }
}

#[test]
fn the_end_of_a_month_does_not_drift() {
    let mut shop = Shop::new();
    let anchor = utc("2027-03-31T12:00:00Z");
    shop.now = anchor;
    shop.ask(allow(1, monthly(anchor, 100))).unwrap();
    let ends = ["2027-04-30", "2027-05-31", "2027-06-30", "2027-07-31", "2027-08-31", "2027-09-30", "2027-10-31"];
    for end in ends {
        let end = utc(&format!("{end}T12:00:00Z"));
        assert_eq!(shop.ledger.balance(shop.now).period, Some((shop.now, Some(end))));
        shop.now = end;
    }
    // Also where nobody asks for years, and where each month is looked at.
    let quiet = shop.ledger.clone();
    let later = utc("2029-02-28T12:00:00Z");
    while shop.now < later {
        shop.wait(Span::days(20));
        shop.ask(Tick {}).unwrap();
    }
    assert_eq!(quiet.balance(shop.now), shop.ledger.balance(shop.now));
}

/// D-26, S1-84.
#[test]
fn the_allocation_of_a_seat_arrives_once_however_often_billing_says_so() {
    for midway in [Midway::Full, Midway::Prorated] {
        let mut shop = Shop::new();
        let seats = |seats: u64| Allowance { midway, ..monthly(NEW_YEAR, 2_000 * seats) };
        shop.ask(allow(1, seats(3))).unwrap();
        let bought = shop.made(allow(2, seats(5)));
        shop.give(&bought).unwrap();
        let balance = shop.balance();
        assert_eq!(balance, 10_000);
        shop.give(&bought).unwrap();
        shop.ask(allow(2, seats(5))).unwrap();
        for version in 3..20 {
            let given_back_or_bought_again = if version % 2 == 0 { 5 } else { 1 };
            shop.ask(allow(version, seats(given_back_or_bought_again))).unwrap();
        }
        assert_eq!(shop.balance(), balance);
    }
}

/// D-26.
#[test]
fn billing_events_out_of_order_end_as_if_they_had_come_in_order() {
    let day = |n| NEW_YEAR.plus(Span::days(n));
    let given = Allowance { allocation: Credits::new(100), ..Allowance::none(NEW_YEAR) };
    let bigger = Allowance { allocation: Credits::new(300), ..given.clone() };
    let period = |n: u64| BeginPeriod { start: day(30 * n), end: day(30 * n + 30) };

    let mut shop = Shop::new();
    shop.ask(allow(1, given.clone())).unwrap();
    shop.ask(period(2)).unwrap(); // ahead, and before the first
    shop.ask(period(1)).unwrap();
    shop.now = day(35);
    assert_eq!(shop.ledger.balance(shop.now).period, Some((day(30), Some(day(60)))));
    shop.ask(allow(7, bigger.clone())).unwrap();
    assert_eq!(shop.ask(allow(6, given.clone())), Err(Refusal::StaleAllowance { have: 7 }));
    shop.now = day(61);
    assert_eq!(shop.ledger.balance(shop.now).period, Some((day(60), Some(day(90)))));
    assert_eq!(shop.balance(), 300);
    shop.ask(charge(1, 50)).unwrap();
    assert_eq!(shop.ask(period(1)), Err(Refusal::StalePeriod { start: day(60) }));
    shop.ask(period(2)).unwrap(); // the present one, once more
    assert_eq!(shop.balance(), 250);
    assert_eq!(shop.ledger.balance(shop.now).columns.granted, 100 + 100 + 200 + 300);
}

#[test]
fn a_hold_that_times_out_and_is_settled_at_one_instant_ends_once() {
    for (timeout, spent) in [(Timeout::Release, 0), (Timeout::Settle, 10)] {
        let mut shop = Shop::with(100);
        let until = NEW_YEAR.plus(Span::minutes(10));
        shop.ask(Hold { timeout, ..hold(1, 10, until) }).unwrap();
        shop.now = until;
        assert_eq!(shop.code(settle(1, 4)), "hold_over");
        assert_eq!(shop.code(Release { hold: named(1) }), "hold_over");
        let columns = shop.ledger.balance(until).columns;
        assert_eq!((columns.available, columns.held, columns.spent), (100 - spent, 0, spent));

        let mut shop = Shop::with(100);
        shop.ask(Hold { timeout, ..hold(1, 10, until) }).unwrap();
        shop.now = Timestamp::from_millis(until.as_millis() - 1);
        shop.ask(settle(1, 4)).unwrap();
        shop.now = until;
        shop.ask(Tick {}).unwrap();
        assert_eq!(shop.ledger.balance(until).columns.spent, 4);
    }
}

#[test]
fn time_that_goes_backwards_revives_nothing() {
    let mut shop = Shop::with(10);
    let end = NEW_YEAR.plus(Span::hours(2));
    shop.ask(grant(Class::Promotional, 100, Some(end))).unwrap();
    shop.ask(hold(1, 5, NEW_YEAR.plus(Span::hours(1)))).unwrap();
    shop.now = end;
    shop.ask(Tick {}).unwrap();
    let after = shop.ledger.balance(end);
    shop.now = NEW_YEAR.plus(Span::minutes(30));
    assert_eq!(shop.ledger.balance(shop.now), after);
    assert_eq!(shop.code(settle(1, 5)), "hold_over");
    assert_eq!(shop.code(charge(2, 11)), "not_enough");
    shop.ask(charge(3, 10)).unwrap();
    assert_eq!(shop.entries.last().unwrap().at, end, "the ledger's clock stands still");
    assert!(shop.entries.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

/// There is no other door: a ledger is read back from its entries. One that somebody has changed moves credits that are not
/// there; from then on the ledger says so, and does nothing.
#[test]
fn a_ledger_whose_books_do_not_balance_refuses_everything() {
    let mut shop = Shop::with(100);
    shop.ask(hold(1, 10, NEW_YEAR.plus(Span::hours(1)))).unwrap();
    shop.ask(settle(1, 10)).unwrap();
    let mut entries = shop.entries.clone();
    if let Ok(receipt) = &mut Arc::make_mut(&mut entries[2]).answer {
        receipt.draws = draws(&[(1, 11)]);
    }
    let forged = Ledger::replay(shop.ledger.organization(), Settings::default(), &entries);
    let lot = Some(LotId::from_u64(1));
    assert!(forged.audit().contains(&Refusal::Unbalanced { lot }));
    for request in [Request::from(charge(2, 1)), grant(Class::Purchased, 1, None).into(), Tick {}.into()] {
        let order = shop.made(request);
        assert_eq!(forged.handle(&order, Actor::System, NEW_YEAR), Verdict::Refused(Refusal::Unbalanced { lot }));
    }
}

#[test]
fn the_greatest_amounts_neither_wrap_nor_vanish() {
    let mut shop = Shop::with(MOST);
    shop.ask(grant(Class::Purchased, MOST, None)).unwrap();
    assert_eq!(shop.balance(), 2 * u128::from(MOST));
    shop.ask(SetLimit { scope: Scope::EVERYTHING, over: Over::Ever, max: Credits::new(MOST) }).unwrap();
    assert_eq!(
        shop.code(RaiseLimit { scope: Scope::EVERYTHING, over: Over::Ever, by: Credits::new(1), periods: 1 }),
        "overflow"
    );
    let until = NEW_YEAR.plus(Span::hours(1));
    shop.ask(hold(1, MOST, until)).unwrap();
    assert_eq!(shop.code(Grow { hold: named(1), amount: Credits::new(1), until: None }), "overflow");
    assert_eq!(shop.code(charge(2, 1)), "limit");
    shop.ask(settle(1, MOST)).unwrap();
    assert_eq!(shop.balance(), u128::from(MOST));
    shop.ask(DropLimit { scope: Scope::EVERYTHING, over: Over::Ever }).unwrap();
    shop.ask(charge(2, MOST)).unwrap();
    assert_eq!(shop.balance(), 0);
    assert_eq!(shop.ledger.used(&Scope::EVERYTHING, NEW_YEAR).charged, 2 * u128::from(MOST));
    shop.ask(refund(2, None)).unwrap();
    assert_eq!(shop.balance(), u128::from(MOST));

    let spot = Spot::EVERYTHING;
    shop.ask(Add { meter: Label::STORAGE, spot, amount: Units::new(MOST) }).unwrap();
    assert_eq!(shop.code(Add { meter: Label::STORAGE, spot, amount: Units::new(1) }), "overflow");
    let room = Reserve { hold: named(3), meter: Label::STORAGE, spot, amount: Units::new(1), until };
    assert_eq!(shop.code(room), "overflow");

    let lease = Lease {
        hold: named(4),
        scope: Scope::EVERYTHING,
        amount: Credits::new(MOST),
        until,
        timeout: Timeout::Release,
    };
    shop.ask(lease).unwrap();
    let spends = vec![(Scope::EVERYTHING, Credits::new(MOST)), (Scope::EVERYTHING, Credits::new(1))];
    assert_eq!(shop.code(Report { hold: named(4), spends }), "overflow");
    assert_eq!(shop.code(hold(5, 1, Timestamp::from_millis(MOST))), "not_enough");
}

#[test]
fn the_greatest_allocation_rolls_over_and_stops_at_its_cap() {
    for rollover in [Rollover::None, Rollover::Cap(MOST), Rollover::Percent(u8::MAX)] {
        let mut shop = Shop::new();
        let allowance = Allowance { rollover, renewal: Renewal::Days(1), ..monthly(NEW_YEAR, MOST) };
        shop.ask(allow(1, allowance)).unwrap();
        for _ in 0..5 {
            shop.wait(Span::days(1));
            shop.ask(Tick {}).unwrap();
        }
        let kept = match rollover {
            Rollover::None => 0,
            Rollover::Cap(cap) => u128::from(cap),
            Rollover::Percent(percent) => u128::from(MOST) * u128::from(percent) / 100,
        };
        assert_eq!(shop.ledger.balance(shop.now).bank, kept, "{rollover}");
        assert_eq!(shop.balance(), kept + u128::from(MOST));
    }
}

#[test]
fn an_amount_of_nothing_is_refused_or_means_nothing() {
    let mut shop = Shop::with(10);
    let until = NEW_YEAR.plus(Span::hours(1));
    shop.ask(hold(1, 5, until)).unwrap();
    let (zero, meter, spot) = (Credits::ZERO, Label::STORAGE, Spot::EVERYTHING);
    let nothing: [Request; 12] = [
        grant(Class::Purchased, 0, None).into(),
        Void { lot: LotId::from_u64(1), amount: Some(zero) }.into(),
        charge(2, 0).into(),
        hold(2, 0, until).into(),
        Grow { hold: named(1), amount: zero, until: None }.into(),
        Capture { hold: named(1), amount: zero }.into(),
        Lease { hold: named(2), scope: Scope::EVERYTHING, amount: zero, until, timeout: Timeout::Release }.into(),
        Report { hold: named(1), spends: vec![(Scope::EVERYTHING, zero)] }.into(),
        RaiseLimit { scope: Scope::EVERYTHING, over: Over::Ever, by: zero, periods: 1 }.into(),
        Add { meter, spot, amount: Units::ZERO }.into(),
        Remove { meter, spot, amount: Units::ZERO }.into(),
        Reserve { hold: named(2), meter, spot, amount: Units::ZERO, until }.into(),
    ];
    let before = shop.ledger.balance(NEW_YEAR);
    for request in nothing {
        let text = format!("{request:?}");
        let code = shop.code(request);
        let other = ["unknown_hold", "unknown_limit"]; // looked for before the amount
        assert!(code == "zero_amount" || other.contains(&code), "{text}: {code}");
    }
    assert_eq!(shop.ledger.balance(NEW_YEAR), before);
    // A settlement of nothing gives everything back; a limit of nothing lets nothing out.
    shop.ask(settle(1, 0)).unwrap();
    assert_eq!(shop.balance(), 10);
    assert_eq!(shop.code(refund(1, None)), "refund_above");
    shop.ask(SetLimit { scope: Scope::EVERYTHING, over: Over::Ever, max: zero }).unwrap();
    assert_eq!(shop.code(charge(3, 1)), "limit");
}

#[test]
fn what_stays_for_no_periods_does_not_stay_for_ever() {
    let allowance = Allowance {
        rollover: Rollover::Cap(MOST),
        rollover_periods: Some(0),
        renewal: Renewal::Days(1),
        ..monthly(NEW_YEAR, 10)
    };
    let mut shop = Shop::new();
    assert_eq!(shop.code(allow(1, allowance.clone())), "bad_allowance");
    let next = Some((allowance, NEW_YEAR.plus(Span::days(1))));
    assert_eq!(shop.code(SetAllowance { next, ..allow(1, monthly(NEW_YEAR, 10)) }), "bad_allowance");
}

#[test]
fn what_no_transfer_hands_on_is_not_received() {
    let mut shop = Shop::with(10);
    let from = OrgId::from_u64(2).unwrap();
    let nothing = grant(Class::Purchased, 0, Some(NEW_YEAR));
    let bought = grant(Class::Purchased, 5, None);
    assert_eq!(shop.code(Receive { from, grants: vec![bought.clone(), nothing] }), "zero_amount");
    for class in [Class::Allocation, Class::Rollover] {
        let grants = vec![bought.clone(), grant(class, 5, None)];
        assert_eq!(shop.code(Receive { from, grants }), "bad_class", "{class:?}");
    }
    assert_eq!(shop.balance(), 10);
    let late = grant(Class::Purchased, 5, Some(NEW_YEAR));
    shop.ask(Receive { from, grants: vec![bought, late] }).unwrap(); // what has ended meanwhile has ended here, too
    assert_eq!(shop.balance(), 15);
}
