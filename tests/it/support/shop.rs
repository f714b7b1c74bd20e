//! A ledger that is driven order by order, with its history.

#![allow(clippy::result_large_err, reason = "a refusal carries its numbers")]

use std::sync::Arc;

use bailiwick::catalog::Renewal;
use bailiwick::ledger::*;
use bailiwick::{Actor, CommandId, HoldId, OrgId, Span, Timestamp};

/// A ledger with its history; each order is carried out as a process would, and the books are looked through after it.
pub(crate) struct Shop {
    pub(crate) ledger: Ledger,
    pub(crate) entries: Vec<Arc<Entry>>,
    pub(crate) now: Timestamp,
    pub(crate) orders: u64,
}

/// 2027-01-01T00:00Z.
pub(crate) const NEW_YEAR: Timestamp = Timestamp::from_millis(1_798_761_600_000);
pub(crate) const MOST: u64 = u64::MAX;

impl Shop {
    pub(crate) fn new() -> Self {
        let ledger = Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default());
        Self { ledger, entries: Vec::new(), now: NEW_YEAR, orders: 0 }
    }

    /// With so many credits that were bought.
    pub(crate) fn with(credits: u64) -> Self {
        let mut shop = Self::new();
        shop.ask(grant(Class::Purchased, credits, None)).unwrap();
        shop
    }

    /// An order that nobody has given yet.
    pub(crate) fn made(&mut self, request: impl Into<Request>) -> Order {
        self.orders += 1;
        Order { key: CommandId::from_u64(self.orders).unwrap(), issued: self.now, request: request.into() }
    }

    pub(crate) fn give(&mut self, order: &Order) -> Result<Receipt, Refusal> {
        let verdict = self.ledger.handle(order, Actor::System, self.now);
        if let Verdict::New(entry) = &verdict {
            self.ledger.apply(entry);
            self.entries.push(Arc::clone(entry));
            reads_well(entry);
        }
        assert_eq!(self.ledger.audit(), [], "after {order:?}");
        assert_eq!(Ledger::replay(self.ledger.organization(), Settings::default(), &self.entries), self.ledger);
        verdict.answer().cloned().map_err(|refusal| *refusal)
    }

    pub(crate) fn ask(&mut self, request: impl Into<Request>) -> Result<Receipt, Refusal> {
        let order = self.made(request);
        self.give(&order)
    }

    /// Without looking through the books afterwards.
    pub(crate) fn ask_quickly(&mut self, request: impl Into<Request>) {
        let order = self.made(request);
        let verdict = self.ledger.handle(&order, Actor::System, self.now);
        let Verdict::New(entry) = verdict else { panic!("{verdict:?}") };
        assert!(entry.answer.is_ok(), "{entry:?}");
        self.ledger.apply(&entry);
        self.entries.push(entry);
    }

    pub(crate) fn code(&mut self, request: impl Into<Request>) -> &'static str {
        self.ask(request).err().map_or("done", |refusal| refusal.code())
    }

    pub(crate) fn balance(&self) -> u128 {
        self.ledger.balance(self.now).spendable
    }

    pub(crate) fn wait(&mut self, span: Span) {
        self.now = self.now.plus(span);
    }
}

/// What happened by itself is called as in its stored form, and nothing is moved that is nothing.
fn reads_well(entry: &Entry) {
    for Elapsed { what, .. } in &entry.elapsed {
        let stored = serde_json::to_value(what).unwrap();
        assert_eq!(stored.as_object().and_then(|fields| fields.keys().next()).map(String::as_str), Some(what.word()));
        let moved: Vec<&Draw> = match what {
            Due::HoldTimedOut { spent, returned, lost, .. } => spent.iter().chain(returned).chain(lost).collect(),
            Due::PeriodBegan { expired, repaid, .. } => expired.iter().chain(repaid).collect(),
            Due::Repaid { draws } => draws.iter().collect(),
            _ => Vec::new(),
        };
        assert!(moved.iter().all(|draw| !draw.amount.is_zero()), "{what:?}");
    }
}

pub(crate) fn grant(class: Class, credits: u64, expires: Option<Timestamp>) -> Grant {
    let amount = Credits::new(credits);
    Grant { class, amount, scope: Scope::EVERYTHING, priority: 0, effective: None, expires }
}

pub(crate) fn named(n: u64) -> HoldId {
    HoldId::from_u64(n).unwrap()
}

pub(crate) fn charge(n: u64, credits: u64) -> Charge {
    Charge { hold: named(n), spender: Spender::default(), amount: Credits::new(credits) }
}

pub(crate) fn hold(n: u64, credits: u64, until: Timestamp) -> Hold {
    let (hold, amount) = (named(n), Credits::new(credits));
    Hold { hold, spender: Spender::default(), amount, until, above: Above::Refuse, timeout: Timeout::Release }
}

pub(crate) fn settle(n: u64, credits: u64) -> Settle {
    Settle { hold: named(n), amount: Credits::new(credits) }
}

pub(crate) fn refund(n: u64, credits: Option<u64>) -> Refund {
    Refund { spend: named(n), amount: credits.map(Credits::new), scope: None }
}

pub(crate) fn monthly(anchor: Timestamp, credits: u64) -> Allowance {
    Allowance { renewal: Renewal::Monthly, allocation: Credits::new(credits), ..Allowance::none(anchor) }
}

pub(crate) fn allow(as_of: u64, allowance: Allowance) -> SetAllowance {
    SetAllowance { as_of, allowance, next: None }
}

pub(crate) fn utc(text: &str) -> Timestamp {
    let instant: jiff::Timestamp = text.parse().unwrap();
    Timestamp::from_millis(instant.as_millisecond().try_into().unwrap())
}

pub(crate) fn draws(draws: &[(u64, u64)]) -> Draws {
    draws.iter().map(|(lot, amount)| Draw { lot: LotId::from_u64(*lot), amount: Credits::new(*amount) }).collect()
}
