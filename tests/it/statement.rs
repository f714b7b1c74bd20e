//! Statements: what each order and each instant moved, whose it was, and that it sums.

use std::fmt::Write;

use bailiwick::ledger::*;
use bailiwick::{OrgId, Span, Timestamp, UserId};

use crate::support::shop::*;

const BEGIN: Timestamp = Timestamp::from_millis(0);

fn of_user(n: u64) -> Scope {
    Scope { user: UserId::from_u64(n), ..Scope::EVERYTHING }
}

fn credits(amount: u64) -> Credits {
    Credits::new(amount)
}

fn by(n: u64, pays: Pays) -> Spender {
    Spender { scope: of_user(n), pays }
}

/// Three hours of everything that moves credits.
fn busy() -> Shop {
    let mut shop = Shop::new();
    let hours = |n| NEW_YEAR.plus(Span::hours(n));
    shop.ask(grant(Class::Promotional, 40, Some(hours(2)))).unwrap(); // lot 1
    shop.ask(grant(Class::Purchased, 60, None)).unwrap(); // lot 2
    shop.ask(Charge { spender: by(1, Pays::Pool), ..charge(1, 5) }).unwrap();
    shop.ask(Charge { spender: by(1, Pays::OwnKey), ..charge(2, 7) }).unwrap();
    shop.ask(Hold { spender: by(2, Pays::Pool), ..hold(3, 10, hours(1)) }).unwrap(); // times out
    shop.ask(Hold { spender: by(3, Pays::Nobody), timeout: Timeout::Settle, ..hold(4, 9, hours(1)) }).unwrap();
    shop.ask(Hold { spender: by(3, Pays::OwnKey), ..hold(10, 6, hours(1)) }).unwrap(); // times out, and nothing was used
    shop.ask(Hold { spender: by(2, Pays::Pool), ..hold(5, 8, hours(3)) }).unwrap();
    shop.ask(Grow { hold: named(5), amount: credits(2), until: None }).unwrap();
    shop.ask(Capture { hold: named(5), amount: credits(3) }).unwrap();
    shop.ask(settle(5, 4)).unwrap();
    shop.ask(Hold { spender: by(2, Pays::OwnKey), ..hold(6, 8, hours(3)) }).unwrap();
    shop.ask(Capture { hold: named(6), amount: credits(3) }).unwrap();
    shop.ask(settle(6, 2)).unwrap();
    shop.ask(Hold { spender: by(2, Pays::Pool), ..hold(7, 6, hours(3)) }).unwrap();
    shop.ask(Release { hold: named(7) }).unwrap();
    shop.wait(Span::hours(1));
    shop.ask(refund(1, Some(2))).unwrap();
    shop.ask(refund(2, None)).unwrap();
    let lease =
        Lease { hold: named(8), scope: of_user(4), amount: credits(10), until: hours(9), timeout: Timeout::Settle };
    shop.ask(lease).unwrap();
    let spends = vec![(of_user(4), credits(6)), (Scope { class: "llm".parse().ok(), ..of_user(4) }, credits(1))];
    shop.ask(Report { hold: named(8), spends }).unwrap();
    shop.ask(Release { hold: named(8) }).unwrap();
    shop.wait(Span::hours(1));
    shop.ask(Void { lot: LotId::from_u64(2), amount: Some(credits(50)) }).unwrap();
    shop.ask(Hold { above: Above::Overdraft(credits(30)), spender: by(5, Pays::Pool), ..hold(9, 4, hours(4)) })
        .unwrap();
    shop.ask(settle(9, 20)).unwrap();
    shop.ask(grant(Class::Purchased, 3, None)).unwrap();
    shop
}

fn read(shop: &Shop, from: Timestamp, until: Timestamp) -> Statement {
    Statement::of(Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default()), &shop.entries, from, until)
}

#[test]
fn a_statement_says_what_moved_and_whose_it_was() {
    let shop = busy();
    let statement = read(&shop, BEGIN, shop.now.plus(Span::hours(1)));
    let mut told = String::new();
    for Line { what, scope, sums, .. } in &statement.lines {
        let Sums { granted, spent, expired, voided, held, owed, uncharged } = *sums;
        let who = scope.user.map_or("everybody".to_owned(), |user| user.as_u128().to_string());
        let figures = [granted, spent, expired, voided, held, owed, uncharged];
        let words = ["granted", "spent", "expired", "voided", "held", "owed", "uncharged"];
        let moved = words.into_iter().zip(figures).filter(|(_, figure)| *figure != 0);
        let moved: Vec<String> = moved.map(|(word, figure)| format!("{word} {figure:+}")).collect();
        writeln!(told, "{what} {who}: {}", moved.join(", ")).unwrap();
    }
    let expected = [
        "grant everybody: granted +40",
        "grant everybody: granted +60",
        "charge 1: spent +5",
        "charge 1: uncharged +7",
        "hold 2: held +10",
        "hold 2: held +8",
        "grow 2: held +2",
        "capture 2: spent +3, held -3",
        "settle 2: spent +4, held -7",
        "capture 2: uncharged +3",
        "settle 2: uncharged +2",
        "hold 2: held +6",
        "release 2: held -6",
        "hold_timed_out 2: held -10",
        "hold_timed_out 3: uncharged +9",
        "refund 1: spent -2",
        "refund 1: uncharged -7",
        "lease 4: held +10",
        "report 4: spent +6, held -6",
        "report 4: spent +1, held -1",
        "release 4: held -3",
        "lot_expired everybody: expired +23",
        "void everybody: voided +50",
        "hold 5: held +4",
        "settle 5: spent +10, held -4, owed +10",
        "grant everybody: granted +3, spent +3, owed -3",
    ];
    assert_eq!(told.lines().collect::<Vec<_>>(), expected);
    let sums = statement.sums();
    assert_eq!(sums.charged(), sums.spent + sums.owed);
    assert!(statement.is_balanced());
}

/// A statement of a part begins with what there was, and one that was changed does not sum.
#[test]
fn a_statement_that_was_changed_does_not_sum() {
    let shop = busy();
    let statement = read(&shop, NEW_YEAR.plus(Span::hours(1)), shop.now.plus(Span::hours(1)));
    assert!(statement.is_balanced());
    assert!(statement.lines.iter().all(|line| line.at >= statement.from));
    assert_eq!(statement.opening.granted, 100);
    for change in [
        (|statement: &mut Statement| statement.opening.available += 1) as fn(&mut Statement),
        |statement| statement.closing.held += 1,
        |statement| {
            statement.opening.available += 1;
            statement.closing.available += 1;
        },
        |statement| {
            statement.opening.granted += 1;
            statement.opening.available += 1;
        },
        |statement| {
            statement.opening.expired += 1;
        },
        |statement| {
            statement.closing.expired += 1;
        },
        |statement| statement.lines.retain(|line| line.what != "void"),
    ] {
        let mut changed = statement.clone();
        change(&mut changed);
        assert!(!changed.is_balanced(), "{changed:?}");
    }
}

#[test]
fn a_statement_is_put_together_by_time_and_whose_it_was() {
    let shop = busy();
    let statement = read(&shop, NEW_YEAR, shop.now.plus(Span::hours(1)));
    let all = statement.by_time_and_scope(Span::hours(1));
    let hours: Vec<u64> = all.keys().map(|(at, _)| at.since(NEW_YEAR).as_millis() / 3_600_000).collect();
    assert_eq!((hours.first(), hours.last()), (Some(&0), Some(&2)));
    assert_eq!(all[&(NEW_YEAR, of_user(1))], Sums { spent: 5, uncharged: 7, ..Sums::default() });
    assert_eq!(all[&(NEW_YEAR.plus(Span::hours(1)), of_user(1))], Sums { spent: -2, uncharged: -7, ..Sums::default() });
    let [whole, parts] = [
        statement.sums(),
        all.values().fold(Sums::default(), |sums, more| {
            let sum = |of: fn(&Sums) -> i128| of(&sums) + of(more);
            Sums {
                granted: sum(|s| s.granted),
                spent: sum(|s| s.spent),
                expired: sum(|s| s.expired),
                voided: sum(|s| s.voided),
                held: sum(|s| s.held),
                owed: sum(|s| s.owed),
                uncharged: sum(|s| s.uncharged),
            }
        }),
    ];
    assert_eq!(whole, parts);
}
