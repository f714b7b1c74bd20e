//! The shadow of a ledger: what of its lots some entries can change, so that they can be applied without a copy of the whole.

use alloc::collections::BTreeSet;
use alloc::sync::Arc;

use super::books::{Books, Item};
use super::keys::Keys;
use super::{Balance, Class, Draw, Due, Elapsed, Entry, Ledger, Lot, LotId, Receipt, Request};
use crate::id::{HoldId, OrgId};
use crate::time::Timestamp;
use crate::version::Version;

/// How a ledger stands as its last entry left it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Figures {
    pub(crate) balance: Balance,
    pub(crate) version: Version,
    /// When the last entry was.
    pub(crate) as_of: Timestamp,
    /// When the next thing is due.
    pub(crate) due_at: Option<Timestamp>,
    pub(crate) pool: Option<OrgId>,
}

/// A ledger with only those lots, holds and spends that some entries are about. Limits, meters, usage and keys are left out: no lot is
/// changed by them once an order was judged.
#[derive(Debug)]
pub(crate) struct Shadow {
    pub(crate) ledger: Ledger,
    named: Named,
}

impl Ledger {
    /// How it stands as its last entry left it.
    pub(crate) fn figures(&self) -> Figures {
        Figures {
            balance: Balance::of(&self.books),
            version: self.version,
            as_of: self.clock,
            due_at: self.books.agenda.first().map(|(at, _)| *at),
            pool: self.books.pool,
        }
    }

    /// The lots of which something can still come, as the last entry left them.
    pub(crate) fn kept_lots(&self) -> impl Iterator<Item = &Lot> {
        self.books.open.iter().chain(self.books.aside.values())
    }

    /// One of them.
    pub(crate) fn kept_lot(&self, lot: LotId) -> Option<&Lot> {
        self.books.lot(lot)
    }

    /// What of it entries can change.
    pub(crate) fn shadow(&self, entries: &[Arc<Entry>]) -> Shadow {
        let mut named = Named::default();
        entries.iter().for_each(|entry| named.note(self, entry));
        let (past, left_out) = self.past.part(named.ends, &named.holds);
        named.lots.extend(past.draws().map(|draw| draw.lot));
        let mut settings = self.settings.clone();
        settings.refundable_max = settings.refundable_max.saturating_sub(left_out);
        let books = self.books.part(&named);
        let (organization, version, clock) = (self.organization, self.version, self.clock);
        let ledger = Self { organization, settings, version, clock, books, keys: Keys::default(), past };
        Shadow { ledger, named }
    }
}

impl Shadow {
    /// How the whole ledger stands once the entries are applied, when that has been done to the shadow.
    pub(crate) fn figures(&self, whole: &Ledger, after: &Ledger) -> Figures {
        let (all, was, is) = (Balance::of(&whole.books), Balance::of(&self.ledger.books), Balance::of(&after.books));
        // What is left out is as it was.
        let moved = |all: u128, was: u128, is: u128| all.saturating_sub(was).saturating_add(is);
        let allocation = moved(all.allocation, was.allocation, is.allocation);
        let bank = moved(all.bank, was.bank, is.bank);
        let left_out = whole.books.agenda.iter().find(|(_, item)| !self.named.has(*item)).map(|(at, _)| *at);
        let figures = after.figures();
        let due_at = figures.due_at.into_iter().chain(left_out).min();
        Figures { balance: Balance { allocation, bank, ..figures.balance }, due_at, ..figures }
    }
}

/// What entries are about.
#[derive(Debug, Default)]
struct Named {
    lots: BTreeSet<LotId>,
    holds: BTreeSet<HoldId>,
    /// How many holds and spends can be over with them, at most: so many old spends may be forgotten.
    ends: usize,
}

impl Named {
    fn note(&mut self, ledger: &Ledger, entry: &Entry) {
        self.ends = self.ends.saturating_add(1).saturating_add(entry.elapsed.len());
        entry.elapsed.iter().for_each(|elapsed| self.elapsed(ledger, elapsed));
        self.request(ledger, &entry.order.request);
        if let Ok(receipt) = &entry.answer {
            self.receipt(receipt);
        }
    }

    fn request(&mut self, ledger: &Ledger, request: &Request) {
        match request {
            Request::Extend(order) => _ = self.lots.insert(order.lot),
            // The present period can end otherwise, and with it every allocation.
            Request::SetAllowance(_) | Request::BeginPeriod(_) => self.allocations(ledger),
            _ => self.holds.extend(request.about()),
        }
    }

    fn receipt(&mut self, receipt: &Receipt) {
        for draws in [&receipt.draws, &receipt.returned, &receipt.lost, &receipt.beyond, &receipt.repaid] {
            self.draws(draws);
        }
    }

    fn elapsed(&mut self, ledger: &Ledger, elapsed: &Elapsed) {
        match &elapsed.what {
            Due::LotExpired { lot, .. } | Due::LotActivated { lot } => _ = self.lots.insert(*lot),
            Due::HoldTimedOut { hold, spent, returned, lost } => {
                self.holds.insert(*hold);
                [spent, returned, lost].into_iter().for_each(|draws| self.draws(draws));
            }
            Due::ReserveTimedOut { hold } => _ = self.holds.insert(*hold),
            Due::AllowanceBegan { .. } => self.allocations(ledger),
            Due::PeriodBegan { kept, expired, repaid, .. } => {
                self.lots.extend(kept.iter().map(|kept| kept.lot));
                [expired, repaid].into_iter().for_each(|draws| self.draws(draws));
                self.allocations(ledger);
            }
            Due::Repaid { draws } => self.draws(draws),
            Due::Allocated(_) | Due::Alerted { .. } => {}
        }
    }

    fn draws(&mut self, draws: &[Draw]) {
        self.lots.extend(draws.iter().map(|draw| draw.lot));
    }

    fn allocations(&mut self, ledger: &Ledger) {
        let allocations = ledger.kept_lots().filter(|lot| lot.class == Class::Allocation);
        self.lots.extend(allocations.map(|lot| lot.id));
    }

    /// Whether something that is due is among it. The begin of a period, or of an allowance, always is.
    fn has(&self, item: Item) -> bool {
        match item {
            Item::LotExpires(lot) | Item::LotActivates(lot) => self.lots.contains(&lot),
            Item::HoldEnds(hold) => self.holds.contains(&hold),
            Item::AllowanceBegins | Item::PeriodBegins => true,
        }
    }
}

impl Books {
    /// The books of what is named alone. Totals are those of the whole.
    fn part(&self, named: &Named) -> Self {
        let open = self.open.iter().filter(|lot| named.lots.contains(&lot.id)).cloned();
        let aside = named.lots.iter().filter_map(|id| Some((*id, self.aside.get(id)?.clone())));
        let holds = named.holds.iter().filter_map(|id| Some((*id, self.holds.get(id)?.clone())));
        // What is left out is asked by judges, or says how the rest came about: no row shows it.
        let mut part = Self {
            open: open.collect(),
            aside: aside.collect(),
            next_lot: self.next_lot,
            totals: self.totals,
            left: self.left,
            owed: self.owed,
            holds: holds.collect(),
            allowance: self.allowance.clone(),
            next: self.next.clone(),
            period: self.period,
            given: self.given.clone(),
            pool: self.pool,
            ..Self::default()
        };
        let lots = part.open.iter().chain(part.aside.values());
        let of_lots = lots.flat_map(|lot| {
            let expires = lot.expires.map(|at| (at, Item::LotExpires(lot.id)));
            expires.into_iter().chain([(lot.effective, Item::LotActivates(lot.id))])
        });
        let of_holds = part.holds.iter().map(|(id, open)| (open.until(), Item::HoldEnds(*id)));
        let allowance = part.next.iter().map(|(_, at)| (*at, Item::AllowanceBegins));
        let period = self.period_due().map(|at| (at, Item::PeriodBegins));
        let due = of_lots.chain(of_holds).chain(allowance).chain(period);
        part.agenda = due.filter(|item| self.agenda.contains(item)).collect();
        part
    }
}
