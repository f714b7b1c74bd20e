//! A ledger at work: so many lots, so many open holds, limits or none, and time that goes on with every order.
//!
//! Shared with the binary in `benches/instructions`, so it needs nothing of criterion.

use bailiwick::ledger::{
    Above, Allowance, Class, Credits, Grant, Hold, Ledger, Order, Over, Request, Scope, SetAllowance, SetLimit,
    Settings, Settle, Spender, Timeout, Verdict,
};
use bailiwick::{Actor, CommandId, HoldId, OrgId, Span, Timestamp, UserId, WorkspaceId};

use crate::worlds::NOW;

/// How many keys it remembers.
pub const KEYS: usize = 4_096;

/// Who spends.
pub fn ada() -> Spender {
    let (user, workspace) = (UserId::from_u64(1), WorkspaceId::from_u64(2));
    Spender::new(Scope { user, workspace, ..Scope::EVERYTHING })
}

/// A ledger and the numbers of its next key and hold.
pub struct Books {
    pub ledger: Ledger,
    pub next: u64,
}

impl Books {
    /// A ledger with so many lots that can pay, so many open holds, and three limits that cover the spender.
    pub fn new(lots: u64, holds: u64, limits: bool) -> Self {
        let settings = Settings { keys_max: KEYS, ..Settings::default() };
        let mut books = Self { ledger: Ledger::new(OrgId::from_u64(1).unwrap(), settings), next: 0 };
        books.order(SetAllowance { as_of: 1, allowance: Allowance::none(NOW), next: None });
        for lot in 0..lots {
            let expires = Some(NOW.plus(Span::days(30 + lot)));
            let amount = Credits::new(1 << 40);
            let (scope, priority) = (Scope::EVERYTHING, 0);
            books.order(Grant { class: Class::Purchased, amount, scope, priority, effective: None, expires });
        }
        let Scope { user, workspace, .. } = ada().scope;
        let scopes = [Scope::EVERYTHING, Scope { user, ..Scope::EVERYTHING }, Scope { workspace, ..Scope::EVERYTHING }];
        for scope in scopes.into_iter().filter(|_| limits) {
            books.order(SetLimit { scope, over: Over::Period, max: Credits::new(u64::MAX) });
        }
        for _ in 0..holds {
            books.hold();
        }
        books
    }

    /// Time goes on, a millisecond for every 64 orders.
    fn now(&self) -> Timestamp {
        NOW.plus(Span::millis(self.next / 64))
    }

    pub fn make(&mut self, request: impl Into<Request>) -> Order {
        self.next += 1;
        Order { key: CommandId::from_u64(self.next).unwrap(), issued: self.now(), request: request.into() }
    }

    pub fn order(&mut self, request: impl Into<Request>) {
        let order = self.make(request);
        let Verdict::New(entry) = self.ledger.handle(&order, Actor::System, self.now()) else { panic!("{order:?}") };
        self.ledger.apply(&entry);
        assert!(entry.answer.is_ok(), "{entry:?}");
    }

    pub fn hold(&mut self) -> HoldId {
        let hold = HoldId::from_u64(self.next + 1).unwrap();
        let (amount, until) = (Credits::new(10), self.now().plus(Span::minutes(10)));
        self.order(Hold { hold, spender: ada(), amount, until, above: Above::Refuse, timeout: Timeout::Release });
        hold
    }

    pub fn hold_and_settle(&mut self) {
        let hold = self.hold();
        self.order(Settle { hold, amount: Credits::new(7) });
    }
}
