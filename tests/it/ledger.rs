//! What an order leaves behind in the books, figure by figure.

use std::sync::Arc;

use bailiwick::catalog::{Enforcement, Midway, Per};
use bailiwick::ledger::*;
use bailiwick::limits::{ALERTS_MAX, GIVEN_PERIODS_MAX, LOTS_MAX, POOLS_MAX, REPORT_ITEMS_MAX, USAGE_CELLS_MAX};
use bailiwick::{Actor, Label, OrgId, ResourceId, Span, UserId, WorkspaceId};

use crate::support::shop::*;

fn of_user(n: u64) -> Scope {
    Scope { user: UserId::from_u64(n), ..Scope::EVERYTHING }
}

fn credits(amount: u64) -> Credits {
    Credits::new(amount)
}

/// What is handed on is worth there what it was worth here: to whom, how early, until when.
#[test]
fn credits_that_are_received_are_what_they_were() {
    let mut shop = Shop::new();
    let end = NEW_YEAR.plus(Span::days(9));
    let scope = Scope { workspace: WorkspaceId::from_u64(3), ..Scope::EVERYTHING };
    let given = Grant { scope, priority: 7, ..grant(Class::Purchased, 5, Some(end)) };
    shop.ask(Receive { from: OrgId::from_u64(2).unwrap(), grants: vec![given] }).unwrap();
    let [lot] = &shop.ledger.lots(shop.now)[..] else { panic!("one") };
    assert_eq!((lot.scope, lot.priority, lot.expires, lot.class), (scope, 7, Some(end), Class::Purchased));
    assert_eq!(lot.columns.available, 5);
}

/// What comes back from a hold pays what is owed first.
#[test]
fn what_a_settlement_returns_repays() {
    let mut shop = Shop::with(10);
    let until = NEW_YEAR.plus(Span::hours(1));
    shop.ask(hold(1, 6, until)).unwrap();
    shop.ask(Hold { above: Above::Overdraft(credits(9)), ..hold(2, 4, until) }).unwrap();
    shop.ask(settle(2, 9)).unwrap();
    let owed = |shop: &Shop| shop.ledger.balance(shop.now).owed;
    assert_eq!((owed(&shop), shop.balance()), (credits(5), 0));
    shop.ask(settle(1, 3)).unwrap();
    assert_eq!((owed(&shop), shop.balance()), (credits(2), 0));
    shop.ask(grant(Class::Purchased, 3, None)).unwrap();
    assert_eq!((owed(&shop), shop.balance()), (credits(0), 1));
}

/// A lease spends for many; what is given back of it is given back to the one who is named.
#[test]
fn a_refund_names_whose_usage_it_was() {
    let mut shop = Shop::with(100);
    let (scope, until) = (Scope::EVERYTHING, NEW_YEAR.plus(Span::hours(1)));
    shop.ask(Lease { hold: named(1), scope, amount: credits(50), until, timeout: Timeout::Release }).unwrap();
    let spends = vec![(of_user(1), credits(10)), (of_user(2), credits(10))];
    shop.ask(Report { hold: named(1), spends }).unwrap();
    shop.ask(Refund { scope: Some(of_user(2)), ..refund(1, Some(4)) }).unwrap();
    let charged = |n| shop.ledger.used(&of_user(n), shop.now).charged;
    assert_eq!((charged(1), charged(2)), (10, 6));
    // Somebody is named, who can be meant; of what was not leased nobody is.
    assert_eq!(shop.code(refund(1, Some(1))), "outside_lease");
    let until = NEW_YEAR.plus(Span::hours(2));
    shop.ask(Lease { hold: named(2), scope: of_user(1), amount: credits(5), until, timeout: Timeout::Release })
        .unwrap();
    shop.ask(Report { hold: named(2), spends: vec![(of_user(1), credits(5))] }).unwrap();
    assert_eq!(shop.code(Refund { scope: Some(of_user(2)), ..refund(2, Some(1)) }), "outside_lease");
    shop.ask(charge(3, 5)).unwrap();
    assert_eq!(shop.code(Refund { scope: Some(Scope::EVERYTHING), ..refund(3, Some(1)) }), "outside_lease");
    assert_eq!(shop.code(refund(3, Some(1))), "done");
}

/// Lots in which something is left or promised are counted, and others are not.
#[test]
fn as_many_lots_as_there_may_be_are_those_that_hold_something() {
    let mut shop = Shop::new();
    let bought = || grant(Class::Purchased, 1, None);
    for _ in 0..LOTS_MAX {
        shop.ask_quickly(bought());
    }
    assert_eq!(shop.code(bought()), "too_many_lots");
    shop.ask(hold(1, 1, NEW_YEAR.plus(Span::hours(1)))).unwrap();
    assert_eq!(shop.code(bought()), "too_many_lots", "it is held");
    shop.ask(settle(1, 1)).unwrap();
    assert_eq!(shop.code(bought()), "done", "it is spent");
    assert_eq!(shop.code(bought()), "too_many_lots");
}

/// Room that was kept and is not used leaves nothing behind.
#[test]
fn room_that_is_committed_empty_is_no_cell() {
    let mut shop = Shop::new();
    let (meter, spot) = ("assets".parse::<Label>().unwrap(), Spot::default());
    let until = NEW_YEAR.plus(Span::hours(1));
    let reserve = |n| Reserve { hold: named(n), meter, spot, amount: Units::new(5), until };
    shop.ask(reserve(1)).unwrap();
    shop.ask(Commit { hold: named(1), amount: Units::new(0) }).unwrap();
    assert_eq!(shop.ledger.spots(meter), []);
    shop.ask(reserve(2)).unwrap();
    shop.ask(Commit { hold: named(2), amount: Units::new(3) }).unwrap();
    assert_eq!(shop.ledger.spots(meter), [(spot, Units::new(3))]);
}

/// Where too much is told apart, projects are not any more; then nothing is but the organization.
#[test]
fn usage_that_is_told_apart_too_finely_is_put_together() {
    let mut shop = Shop::with(1_000_000);
    let (scope, until) = (Scope::EVERYTHING, NEW_YEAR.plus(Span::hours(1)));
    shop.ask(Lease { hold: named(1), scope, amount: credits(500_000), until, timeout: Timeout::Release }).unwrap();
    let place = Scope { workspace: WorkspaceId::from_u64(1), ..Scope::EVERYTHING };
    let project = |n| Scope { project: ResourceId::from_u64(n), ..place };
    let all: Vec<Scope> = [place].into_iter().chain((1..USAGE_CELLS_MAX as u64).map(project)).collect();
    for spends in all.chunks(REPORT_ITEMS_MAX) {
        let spends = spends.iter().map(|scope| (*scope, credits(1))).collect();
        shop.ask_quickly(Report { hold: named(1), spends });
    }
    let counted = |shop: &Shop, scope: &Scope| {
        let usage = shop.ledger.usage(shop.now);
        usage.into_iter().find(|(of, _)| of == scope).map(|(_, used)| used.charged)
    };
    let last = project(USAGE_CELLS_MAX as u64 - 1);
    assert_eq!((counted(&shop, &last), counted(&shop, &place)), (Some(1), Some(1)));
    let more = |shop: &mut Shop, scope| shop.ask_quickly(Report { hold: named(1), spends: vec![(scope, credits(5))] });
    more(&mut shop, project(7));
    assert_eq!(counted(&shop, &project(7)), Some(6), "what is told apart stays so");
    more(&mut shop, project(9_000_000));
    assert_eq!((counted(&shop, &project(9_000_000)), counted(&shop, &place)), (None, Some(6)));
    more(&mut shop, of_user(1));
    assert_eq!((counted(&shop, &of_user(1)), counted(&shop, &Scope::EVERYTHING)), (None, Some(5)));
    let guest = Scope { organization: OrgId::from_u64(2), ..Scope::EVERYTHING };
    shop.ask_quickly(SetLimit { scope: guest, over: Over::Period, max: credits(50) });
    let spender = Spender::new(Scope { user: UserId::from_u64(1), ..guest });
    shop.ask_quickly(Charge { spender, ..charge(2, 5) });
    assert_eq!((counted(&shop, &guest), counted(&shop, &Scope::EVERYTHING)), (Some(5), Some(5)));
}

/// An entry that moves what is not there: the ledger stands still, and says which lot it was.
#[test]
fn an_entry_that_does_not_balance_is_noticed_and_stops_everything() {
    for (lot, amount) in [(99, 5), (1, 101)] {
        let mut shop = Shop::with(100);
        shop.ask(grant(Class::Purchased, 100, None)).unwrap();
        let order = shop.made(charge(1, 5));
        let Verdict::New(entry) = shop.ledger.handle(&order, Actor::System, shop.now) else { panic!("it is new") };
        let mut bent = Entry::clone(&entry);
        bent.answer.as_mut().unwrap().draws = draws(&[(lot, amount)]);
        shop.ledger.apply(&Arc::new(bent));
        let order = shop.made(charge(2, 5));
        let verdict = shop.ledger.handle(&order, Actor::System, shop.now);
        let lot = Some(LotId::from_u64(lot));
        assert_eq!(verdict, Verdict::Refused(Refusal::Unbalanced { lot }));
        assert!(!shop.ledger.audit().is_empty());
    }
}

/// Of nothing, anything is more than any part.
#[test]
fn a_meter_with_no_room_alerts_at_the_first_unit() {
    let mut shop = Shop::new();
    let meter: Label = "assets".parse().unwrap();
    let rule = MeterRule {
        meter,
        per: Per::Organization,
        max: Units::new(0),
        enforcement: Enforcement::Soft,
        alerts_percent: vec![80],
    };
    shop.ask(allow(1, Allowance { meters: vec![rule], ..Allowance::none(NEW_YEAR) })).unwrap();
    let add = Add { meter, spot: Spot::default(), amount: Units::new(1) };
    let alerts = shop.ask(add).unwrap().alerts;
    assert_eq!(alerts.len(), 1, "{alerts:?}");
    assert!(shop.ask(add).unwrap().alerts.is_empty(), "it is said once");
}

/// Whoever has stored what there was room kept for is told if that is too much, as long as it is.
#[test]
fn what_is_stored_and_still_too_much_is_said() {
    let mut shop = Shop::new();
    let [assets, channels]: [Label; 2] = ["assets", "channels"].map(|name| name.parse().unwrap());
    let rule = |meter| MeterRule {
        meter,
        per: Per::Organization,
        max: Units::new(5),
        enforcement: Enforcement::Soft,
        alerts_percent: vec![],
    };
    let meters = vec![rule(assets), MeterRule { max: Units::new(100), ..rule(channels) }];
    shop.ask(allow(1, Allowance { meters, ..Allowance::none(NEW_YEAR) })).unwrap();
    let (spot, until) = (Spot::default(), NEW_YEAR.plus(Span::hours(1)));
    shop.ask(Add { meter: channels, spot, amount: Units::new(9) }).unwrap();
    for (n, stored, left) in [(1, 7, Some(7)), (2, 0, Some(7)), (3, 1, Some(8))] {
        shop.ask(Reserve { hold: named(n), meter: assets, spot, amount: Units::new(8), until }).unwrap();
        let over = shop.ask(Commit { hold: named(n), amount: Units::new(stored) }).unwrap().over;
        let said: Vec<_> = over.iter().map(|over| (over.meter, over.used)).collect();
        assert_eq!(said, left.map(|left| (assets, Units::new(left))).into_iter().collect::<Vec<_>>());
    }
    shop.ask(Remove { meter: assets, spot, amount: Units::new(8) }).unwrap();
    shop.ask(Reserve { hold: named(4), meter: assets, spot, amount: Units::new(8), until }).unwrap();
    assert_eq!(shop.ask(Commit { hold: named(4), amount: Units::new(5) }).unwrap().over, [], "it fits to the unit");
}

/// At the instant at which a hold settles itself, all of it can be refunded and not more, whoever pays.
#[test]
fn a_hold_that_has_just_settled_itself_is_refunded_once() {
    for pays in [Pays::Pool, Pays::OwnKey, Pays::Nobody] {
        let mut shop = Shop::with(100);
        let until = NEW_YEAR.plus(Span::hours(1));
        let spender = Spender { pays, ..Spender::default() };
        shop.ask(Hold { spender, timeout: Timeout::Settle, ..hold(1, 10, until) }).unwrap();
        shop.now = until;
        let above = Order { key: shop.made(Tick {}).key, issued: until, request: refund(1, Some(11)).into() };
        let verdict = shop.ledger.handle(&above, Actor::System, until);
        assert_eq!(verdict.answer(), Err(&Refusal::RefundAbove { left: credits(10) }), "{pays:?}");
        shop.ask(refund(1, Some(4))).unwrap();
        shop.ask(refund(1, None)).unwrap();
        assert_eq!(shop.code(refund(1, None)), "refund_above");
        assert_eq!(shop.balance(), 100);
    }
}

/// A lease is taken up again with what is left of it, and grows.
#[test]
fn a_lease_that_is_taken_up_again_has_what_is_left() {
    let until = NEW_YEAR.plus(Span::hours(1));
    let scope = Scope::EVERYTHING;
    let lease = Lease { hold: named(1), scope, amount: credits(50), until, timeout: Timeout::Release };
    let mut leased = Leased::resume(&lease, credits(3));
    assert_eq!(leased.left(), credits(3));
    assert_eq!(leased.spend(of_user(1), credits(4), NEW_YEAR), LeaseSpent::Short { left: credits(3) });
    leased.grow(credits(2), None);
    assert_eq!(leased.spend(of_user(1), credits(4), NEW_YEAR), LeaseSpent::Yes);
    assert_eq!(leased.spend(of_user(1), credits(1), until), LeaseSpent::Over);
    leased.grow(Credits::ZERO, Some(until.plus(Span::hours(1))));
    assert_eq!(leased.spend(of_user(1), credits(1), until), LeaseSpent::Yes);
    assert_eq!((leased.left(), leased.unreported()), (Credits::ZERO, credits(5)));
    let report = leased.report().unwrap();
    assert_eq!(report.spends, [(of_user(1), credits(5))]);
}

/// Credits for one place do not pay a debt of everybody's, not when a period begins either.
#[test]
fn what_is_for_one_place_pays_no_debt() {
    let mut shop = Shop::new();
    shop.ask(allow(1, monthly(NEW_YEAR, 0))).unwrap();
    let scope = Scope { workspace: WorkspaceId::from_u64(3), ..Scope::EVERYTHING };
    let end = NEW_YEAR.plus(Span::hours(1));
    shop.ask(Grant { scope, ..grant(Class::Purchased, 20, None) }).unwrap();
    shop.ask(grant(Class::Purchased, 1, None)).unwrap();
    shop.ask(Hold { above: Above::Overdraft(credits(9)), ..hold(1, 1, end) }).unwrap();
    shop.ask(settle(1, 6)).unwrap();
    assert_eq!(shop.ledger.balance(shop.now).owed, credits(5));
    shop.now = utc("2027-02-01T00:00:00Z");
    shop.ask(Tick {}).unwrap();
    assert_eq!(shop.ledger.balance(shop.now).owed, credits(5));
    assert_eq!(shop.ledger.lots(shop.now).iter().map(|lot| lot.columns.available).sum::<u64>(), 20);
}

/// What happens at one instant is told against what was before it: a lot that ends as a period begins, rules that change with it.
#[test]
fn alerts_of_one_instant_are_against_what_was_before_it() {
    let february = utc("2027-02-01T00:00:00Z");
    let meter: Label = "assets".parse().unwrap();
    let with_room = |max| Allowance {
        meters: vec![MeterRule {
            meter,
            per: Per::Organization,
            max: Units::new(max),
            enforcement: Enforcement::Soft,
            alerts_percent: vec![100],
        }],
        ..monthly(NEW_YEAR, 10)
    };
    let mut shop = Shop::new();
    shop.ask(SetAllowance { as_of: 1, allowance: with_room(100), next: Some((with_room(5), february)) }).unwrap();
    shop.ask(SetAlerts { credits_left: vec![credits(15)] }).unwrap();
    shop.ask(grant(Class::Promotional, 90, Some(february))).unwrap();
    shop.ask(Add { meter, spot: Spot::default(), amount: Units::new(7) }).unwrap();
    shop.now = february;
    shop.ask(Tick {}).unwrap();
    let entry = shop.entries.last().unwrap();
    let alerts: Vec<&Alert> = entry
        .elapsed
        .iter()
        .filter_map(|elapsed| match &elapsed.what {
            Due::Alerted { alerts } => Some(alerts),
            _ => None,
        })
        .flatten()
        .collect();
    let watched: Vec<Watched> = alerts.iter().map(|alert| alert.watched).collect();
    assert_eq!(watched, [Watched::Credits, Watched::Meter { meter, workspace: None }], "{alerts:?}");
}

/// What is given back of what was spent in this period is counted in this period, and no more of it.
#[test]
fn a_refund_is_of_the_period_in_which_it_was_spent() {
    let mut shop = Shop::with(100);
    shop.ask(allow(1, monthly(NEW_YEAR, 0))).unwrap();
    shop.ask(hold(1, 50, utc("2027-03-01T00:00:00Z"))).unwrap();
    let capture = |amount| Capture { hold: named(1), amount: credits(amount) };
    shop.ask(capture(5)).unwrap();
    shop.now = utc("2027-02-03T00:00:00Z");
    shop.ask(capture(3)).unwrap();
    shop.ask(capture(4)).unwrap();
    let charged = |shop: &Shop| shop.ledger.used(&Scope::EVERYTHING, shop.now).charged;
    assert_eq!(charged(&shop), 7);
    shop.ask(refund(1, Some(6))).unwrap();
    assert_eq!(charged(&shop), 1, "the last is given back first");
    shop.ask(refund(1, Some(6))).unwrap();
    assert_eq!(charged(&shop), 0, "five of them were spent in January");
}

/// A lease spends, and so do a charge and a hold; nothing else does.
#[test]
fn who_spends_by_a_request_is_known_before_it_is_made() {
    let (until, scope) = (NEW_YEAR.plus(Span::hours(1)), of_user(1));
    let lease = Lease { hold: named(1), scope, amount: credits(50), until, timeout: Timeout::Release };
    let spender = Spender::new(scope);
    let of = |request: Request| request.spender();
    assert_eq!(of(lease.into()), Some(spender));
    assert_eq!(of(Charge { spender, ..charge(1, 5) }.into()), Some(spender));
    assert_eq!(of(Hold { spender, ..hold(1, 5, until) }.into()), Some(spender));
    assert_eq!(of(settle(1, 5).into()), None);
}

/// A hold that holds something else than it says does not pass an audit.
#[test]
fn a_hold_that_holds_less_than_it_says_is_found() {
    let mut shop = Shop::with(100);
    let order = shop.made(hold(1, 10, NEW_YEAR.plus(Span::hours(1))));
    let Verdict::New(entry) = shop.ledger.handle(&order, Actor::System, shop.now) else { panic!("it is new") };
    let mut bent = Entry::clone(&entry);
    bent.answer.as_mut().unwrap().draws = draws(&[(1, 5)]);
    shop.ledger.apply(&Arc::new(bent));
    assert_eq!(shop.ledger.audit(), [Refusal::Unbalanced { lot: None }]);
}

/// What a limit leaves is what may still be spent, held credits and raises included.
#[test]
fn what_a_limit_leaves_is_what_may_be_spent() {
    let mut shop = Shop::with(100);
    let (scope, over) = (of_user(1), Over::Period);
    shop.ask(SetLimit { scope, over, max: credits(10) }).unwrap();
    let left = |shop: &Shop| shop.ledger.limit(&scope, over, shop.now).unwrap().left();
    assert_eq!(left(&shop), credits(10));
    let spender = Spender::new(scope);
    shop.ask(Charge { spender, ..charge(1, 3) }).unwrap();
    shop.ask(Hold { spender, ..hold(2, 4, NEW_YEAR.plus(Span::hours(1))) }).unwrap();
    assert_eq!(left(&shop), credits(3));
    assert_eq!(shop.code(Charge { spender, ..charge(3, 4) }), "limit");
    shop.ask(RaiseLimit { scope, over, by: credits(2), periods: 1 }).unwrap();
    assert_eq!(left(&shop), credits(5));
}

#[test]
fn scopes_and_lots_are_named_in_words() {
    let scope = Scope { class: "llm".parse().ok(), ..of_user(1) };
    assert_eq!(scope.to_string(), "user 00000000-0000-0000-0000-000000000001, class llm");
    assert_eq!(format!("{scope:?}"), format!("({scope})"));
    assert_eq!(Scope::EVERYTHING.to_string(), "everything");
    let [in_lot, whole] = [Some(LotId::from_u64(7)), None].map(|lot| Refusal::Unbalanced { lot }.to_string());
    assert_eq!(in_lot, whole.replace("balance", "balance in lot #7"));
}

/// What a guest spends is within what names the guest, and within everything; what says nothing of guests is not about them.
#[test]
fn scopes_of_guests_are_within_what_names_them() {
    let guest = Scope { organization: OrgId::from_u64(2), ..of_user(1) };
    let named = Scope { organization: OrgId::from_u64(2), ..Scope::EVERYTHING };
    let other = Scope { organization: OrgId::from_u64(3), ..Scope::EVERYTHING };
    assert!(named.covers(&guest) && guest.covers(&guest) && Scope::EVERYTHING.covers(&guest));
    assert!(!of_user(1).covers(&guest) && !other.covers(&guest) && !guest.covers(&of_user(1)));
    let mut shop = Shop::with(100);
    let over = Over::Period;
    shop.ask(SetLimit { scope: of_user(1), over, max: credits(5) }).unwrap();
    shop.ask(SetLimit { scope: named, over, max: credits(20) }).unwrap();
    shop.ask(Charge { spender: Spender::new(guest), ..charge(1, 9) }).unwrap();
    assert_eq!(shop.code(Charge { spender: Spender::new(of_user(1)), ..charge(2, 9) }), "limit");
}

/// What is empty is neither lost when a period ends nor due to be, and the same allowance anew brings nothing.
#[test]
fn of_nothing_nothing_is_told() {
    let mut shop = Shop::new();
    let (january, february) = (utc("2027-01-15T00:00:00Z"), utc("2027-02-01T00:00:00Z"));
    let allowance = Allowance { midway: Midway::Full, ..monthly(NEW_YEAR, 10) };
    shop.ask(SetAllowance { as_of: 1, allowance: allowance.clone(), next: Some((allowance, january)) }).unwrap();
    shop.ask(grant(Class::Promotional, 5, Some(utc("2027-01-20T00:00:00Z")))).unwrap();
    shop.ask(charge(1, 15)).unwrap();
    assert_eq!(shop.ledger.expiries(shop.now), []);
    let lots = shop.ledger.lots(shop.now).len();
    shop.now = january;
    shop.ask(Tick {}).unwrap();
    assert_eq!(shop.ledger.lots(shop.now).len(), lots);
    let began = &shop.entries.last().unwrap().elapsed;
    assert!(!began.iter().any(|elapsed| matches!(elapsed.what, Due::Allocated(_))), "{began:?}");
    shop.now = february;
    shop.ask(Tick {}).unwrap();
    let began = shop.entries.last().unwrap().elapsed.iter().find_map(|elapsed| match &elapsed.what {
        Due::PeriodBegan { expired, .. } => Some(expired.len()),
        _ => None,
    });
    assert_eq!((began, shop.balance()), (Some(0), 10));
}

/// Of two limits that name as much, the same one speaks first whichever was set first.
#[test]
fn limits_that_name_as_much_are_asked_in_the_order_of_their_words() {
    let place = Scope { workspace: WorkspaceId::from_u64(3), ..Scope::EVERYTHING };
    let spender = Spender::new(Scope { user: UserId::from_u64(1), ..place });
    for scopes in [[of_user(1), place], [place, of_user(1)]] {
        let mut shop = Shop::with(100);
        for scope in scopes {
            shop.ask(SetLimit { scope, over: Over::Period, max: credits(5) }).unwrap();
        }
        let refused = shop.ask(Charge { spender, ..charge(1, 9) }).unwrap_err();
        assert!(matches!(refused, Refusal::Limit { scope, .. } if scope == of_user(1)), "{refused:?}");
    }
}

/// What comes back at the very end of a period repays from what stays, not from what ends with it.
#[test]
fn what_a_hold_returns_at_the_end_of_a_period_repays_what_is_owed() {
    let (mut shop, end) = (Shop::with(6), utc("2027-02-01T00:00:00Z"));
    shop.ask(allow(1, monthly(NEW_YEAR, 4))).unwrap();
    shop.ask(hold(1, 9, end)).unwrap();
    shop.ask(Hold { above: Above::Overdraft(credits(9)), ..hold(2, 1, end) }).unwrap();
    shop.ask(settle(2, 6)).unwrap();
    assert_eq!(shop.ledger.balance(shop.now).owed, credits(5));
    shop.now = end;
    shop.ask(grant(Class::Purchased, 1, None)).unwrap();
    let elapsed = shop.entries.iter().flat_map(|entry| &entry.elapsed);
    let ends: Vec<_> = elapsed
        .filter_map(|due| match &due.what {
            Due::PeriodBegan { expired, repaid, .. } => Some((expired.clone(), repaid.clone())),
            _ => None,
        })
        .collect();
    assert_eq!(ends, [(draws(&[(2, 4)]), draws(&[(1, 5)]))]);
    assert_eq!(shop.balance(), 5); // of the next allocation, and what was granted
}

/// What comes from elsewhere pays what is owed, if it is for everything and is not over.
#[test]
fn what_is_received_repays_as_far_as_it_can_be_taken() {
    let (mut shop, later) = (Shop::with(1), NEW_YEAR.plus(Span::hours(1)));
    shop.ask(Hold { above: Above::Overdraft(credits(9)), ..hold(1, 1, later) }).unwrap();
    shop.ask(settle(1, 6)).unwrap();
    let of = |amount, expires| grant(Class::Purchased, amount, expires);
    let scope = Scope { workspace: WorkspaceId::from_u64(3), ..Scope::EVERYTHING };
    let grants = vec![Grant { scope, ..of(5, None) }, of(5, Some(shop.now)), of(3, Some(later)), of(9, None)];
    let receipt = shop.ask(Receive { from: OrgId::from_u64(2).unwrap(), grants }).unwrap();
    assert_eq!(receipt.repaid, draws(&[(4, 3), (5, 2)]));
    assert_eq!((shop.ledger.balance(shop.now).owed, shop.balance()), (credits(0), 7 + 5));
}

/// So many periods are given ahead, and no more; what is known already can be given once more.
#[test]
fn as_many_periods_are_given_ahead_as_there_may_be() {
    let mut shop = Shop::new();
    let given = Allowance { allocation: credits(100), ..Allowance::none(NEW_YEAR) };
    let day = |n| NEW_YEAR.plus(Span::days(n));
    let period = |n: u64| BeginPeriod { start: day(30 * n), end: day(30 * n + 30) };
    shop.ask(allow(1, given)).unwrap();
    let all = GIVEN_PERIODS_MAX as u64;
    (1..=all).for_each(|n| drop(shop.ask(period(n)).unwrap()));
    assert_eq!(shop.code(period(all + 1)), "bad_period");
    assert_eq!(shop.code(BeginPeriod { end: day(30 * all + 31), ..period(all) }), "done");
    shop.now = day(30);
    assert_eq!(shop.code(period(all + 1)), "done", "the first one is the present one now");
    assert_eq!(shop.code(period(all + 2)), "bad_period");
    assert_eq!(shop.code(BeginPeriod { end: day(61), ..period(1) }), "done");
}

#[test]
fn as_many_thresholds_are_watched_as_there_may_be() {
    let mut shop = Shop::new();
    let alerts = |n| SetAlerts { credits_left: vec![credits(1); n] };
    assert_eq!(shop.code(alerts(ALERTS_MAX)), "done");
    assert_eq!(shop.code(alerts(ALERTS_MAX + 1)), "bad_allowance");
}

/// Pools that have paid are remembered; one of them can pay again when there is no room for another.
#[test]
fn as_many_pools_have_paid_as_there_may_be() {
    let mut shop = Shop::new();
    let mut pays = |n: u64| shop.code(SetPool { pool: OrgId::from_u64(1_000 + n) });
    let all = POOLS_MAX as u64;
    (1..=all).for_each(|n| assert_eq!(pays(n), "done"));
    assert_eq!(pays(all + 1), "too_many_items");
    assert_eq!(pays(1), "done");
    assert_eq!(shop.code(SetPool { pool: None }), "done");
}
