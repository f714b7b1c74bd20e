//! Accounting: a ledger of four lots and three limits that remembers as many keys as it is allowed to.

use std::hint::black_box;

use bailiwick::ledger::{Charge, Credits, Order, Verdict};
use bailiwick::{Actor, HoldId};

use crate::books::{Books, KEYS, ada};
use crate::scenario::repeat;
use crate::worlds::NOW;

const LOTS: u64 = 4;
const ORDERS: usize = 1_024;

pub fn affords(rounds: u64) -> u64 {
    let books = books();
    // More than three lots have, so that all four are looked at.
    let amounts: Vec<Credits> = (1..=ORDERS as u64).map(|some| Credits::new((3 << 40) + some)).collect();
    repeat(rounds, &amounts, |amount| {
        assert!(black_box(&books.ledger).affords(black_box(&ada()), black_box(*amount), NOW).is_ok());
    })
}

/// Two orders, counted as one operation.
pub fn hold_and_settle(rounds: u64) -> u64 {
    let mut books = books();
    let played = repeat(rounds, &[(); ORDERS], |()| books.hold_and_settle());
    assert!(books.ledger.audit().is_empty());
    played
}

pub fn repeated_key(rounds: u64) -> u64 {
    let mut books = books();
    let orders: Vec<Order> = (0..ORDERS).map(|_| charged(&mut books)).collect();
    repeat(rounds, &orders, |order| {
        let verdict = black_box(&books.ledger).handle(black_box(order), Actor::System, NOW);
        assert!(matches!(verdict, Verdict::Known(entry) if entry.answer.is_ok()));
    })
}

fn books() -> Books {
    let mut books = Books::new(LOTS, 0, true);
    for _ in 0..KEYS / 2 {
        books.hold_and_settle();
    }
    books
}

fn charged(books: &mut Books) -> Order {
    let hold = HoldId::from_u64(books.next + 1).unwrap();
    let order = books.make(Charge { hold, spender: ada(), amount: Credits::new(3) });
    let Verdict::New(entry) = books.ledger.handle(&order, Actor::System, NOW) else { panic!("{order:?}") };
    books.ledger.apply(&entry);
    order
}
