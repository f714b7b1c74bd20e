//! What an order leaves behind in the books, figure by figure.

use bailiwick::ledger::*;
use bailiwick::limits::LOTS_MAX;
use bailiwick::{Label, OrgId, Span, UserId, WorkspaceId};

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
}

/// Lots in which something is left or promised are counted, and others are not.
#[test]
fn as_many_lots_as_there_may_be_are_those_that_hold_something() {
    let mut shop = Shop::new();
    let bought = || grant(Class::Purchased, 1, None);
    for _ in 0..LOTS_MAX {
        let order = shop.made(bought());
        let verdict = shop.ledger.handle(&order, bailiwick::Actor::System, shop.now);
        let Verdict::New(entry) = verdict else { panic!("{verdict:?}") };
        shop.ledger.apply(&entry);
        shop.entries.push(entry);
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
