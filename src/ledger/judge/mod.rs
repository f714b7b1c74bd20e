//! Judging: one file for each family of orders. Nothing is changed here; [`apply`](super::Ledger::apply) relies on every reason
//! to refuse having been looked for.

mod credits;
mod meters;
mod rules;
mod spending;

use super::books::Books;
use super::past::{Past, Refunded, Spend};
use super::{Credits, Draw, Due, Elapsed, LotId, Receipt, Refusal, Request, Settings};
use crate::id::{HoldId, OrgId};
use crate::time::Timestamp;

/// How things stand when an order is judged: the books with everything that is due by now, and what has just been spent.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    pub(super) organization: OrgId,
    pub(super) books: &'a Books,
    pub(super) past: &'a Past,
    pub(super) elapsed: &'a [Elapsed],
    pub(super) settings: &'a Settings,
    pub(super) now: Timestamp,
}

impl Stand<'_> {
    pub(super) fn judge(&self, request: &Request) -> Result<Receipt, Refusal> {
        match request {
            Request::SetAllowance(order) => self.set_allowance(order),
            Request::BeginPeriod(order) => self.begin_period(order),
            Request::SetPool(order) if order.pool == Some(self.organization) => Err(Refusal::OwnPool),
            Request::SetPool(_) | Request::Tick(_) => Ok(Receipt::default()),
            Request::Grant(order) => self.grant(order),
            Request::Void(order) => self.void(order),
            Request::Extend(order) => self.extend(order),
            Request::Transfer(order) => self.transfer(order),
            Request::Charge(order) => self.charge(order),
            Request::Hold(order) => self.hold(order),
            Request::Grow(order) => self.grow(order),
            Request::Capture(order) => self.capture(order),
            Request::Settle(order) => self.settle(order),
            Request::Release(order) => self.release(order.hold),
            Request::Refund(order) => self.refund(order),
            Request::Lease(order) => self.lease(order),
            Request::Report(order) => self.report(order),
            Request::SetLimit(order) => self.set_limit(order),
            Request::RaiseLimit(order) => self.raise_limit(order),
            Request::DropLimit(order) => self.drop_limit(order),
            Request::SetAlerts(order) => self.set_alerts(order),
            Request::Add(order) => self.add(order),
            Request::Remove(order) => self.remove(order),
            Request::Clear(order) => Ok(self.clear(order)),
            Request::Reserve(order) => self.reserve(order),
            Request::Commit(order) => self.commit(order),
        }
    }

    /// What was spent under a name, and can be refunded; a hold that has just timed out may have spent all of it.
    fn spend(&self, id: HoldId) -> Option<Spend> {
        let known = self.past.get(id).cloned();
        let just_now = self.elapsed.iter().find_map(|elapsed| match &elapsed.what {
            Due::HoldTimedOut { hold, spent, .. } if *hold == id => Some(spent),
            _ => None,
        });
        match (known, just_now) {
            (known, None) => known,
            (known, Some(spent)) => {
                let mut spend = known?;
                spent.iter().for_each(|draw| super::past::add_draw(&mut spend.draws, *draw));
                Some(spend)
            }
        }
    }

    /// A lot that the answer touches and whose books do not balance, or the whole.
    pub(super) fn unbalanced(&self, receipt: &Receipt) -> Option<Option<LotId>> {
        let all = [&receipt.draws, &receipt.returned, &receipt.lost, &receipt.beyond, &receipt.repaid];
        let touched = all.into_iter().flatten().filter_map(|draw| self.books.lot(draw.lot));
        let wrong = touched.filter(|lot| !lot.columns.is_balanced()).map(|lot| Some(lot.id)).next();
        wrong.or_else(|| (!self.books.totals.is_balanced()).then_some(None))
    }

    /// A name that nobody has.
    fn is_free(&self, id: HoldId) -> Result<(), Refusal> {
        let taken = self.books.holds.contains_key(&id) || self.past.get(id).is_some();
        if taken { Err(Refusal::HoldTaken) } else { Ok(()) }
    }

    /// Why there is no open hold of that name.
    fn no_hold(&self, id: HoldId) -> Refusal {
        let just_now = |elapsed: &Elapsed| match &elapsed.what {
            Due::HoldTimedOut { hold, .. } | Due::ReserveTimedOut { hold } => *hold == id,
            _ => false,
        };
        let known = self.past.get(id).is_some() || self.elapsed.iter().any(just_now);
        if known { Refusal::HoldOver } else { Refusal::UnknownHold }
    }

    /// A refund, or what else comes back: what can be taken again, what is too late, and what debts it pays.
    fn back(&self, receipt: &mut Receipt, back: &[Draw]) {
        (receipt.returned, receipt.lost) = self.books.sort_out(back);
        receipt.repaid = self.books.repayable(&receipt.returned);
    }

    fn refunded(spend: &Spend, amount: u64) -> Refunded {
        Refunded::of(spend, amount)
    }
}

fn some(amount: Credits) -> Result<u64, Refusal> {
    if amount.is_zero() { Err(Refusal::ZeroAmount) } else { Ok(amount.as_u64()) }
}

fn ahead(until: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if until > now { Ok(()) } else { Err(Refusal::Ended) }
}
