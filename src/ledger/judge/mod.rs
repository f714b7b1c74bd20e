//! Judging: one file for each family of orders. Nothing is changed here; [`apply`](super::Ledger::apply) relies on every reason
//! to refuse having been looked for.

mod credits;
mod meters;
mod rules;
mod spending;

pub(super) use rules::possible;

use super::books::Books;
use super::hold::Open;
use super::past::{Past, Spend};
use super::{Credits, Draw, Due, Elapsed, LotId, Pays, Receipt, Refusal, Request, Settings, Spender, Timeout};
use crate::id::{HoldId, OrgId};
use crate::time::Timestamp;

/// How things stand when an order is judged: the books with everything that is due by now, and what has just been spent.
#[derive(Clone, Copy)]
pub(super) struct Stand<'a> {
    pub(super) organization: OrgId,
    pub(super) books: &'a Books,
    /// The books as they were at the last entry.
    pub(super) before: &'a Books,
    pub(super) past: &'a Past,
    pub(super) elapsed: &'a [Elapsed],
    pub(super) settings: &'a Settings,
    pub(super) now: Timestamp,
}

impl Stand<'_> {
    /// The answer to a request.
    pub(super) fn answer(&self, request: &Request) -> Result<Receipt, Refusal> {
        let mut answer = self.judge(request);
        if let Some(lot) = answer.as_ref().ok().and_then(|receipt| self.unbalanced(receipt)) {
            answer = Err(Refusal::Unbalanced { lot });
        }
        answer
    }

    fn judge(&self, request: &Request) -> Result<Receipt, Refusal> {
        match request {
            Request::SetAllowance(order) => self.set_allowance(order),
            Request::BeginPeriod(order) => self.begin_period(order),
            Request::SetPool(order) => self.set_pool(order),
            Request::Tick(_) => Ok(Receipt::default()),
            Request::Receive(order) => self.receive(order),
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
    pub(super) fn spend(&self, id: HoldId) -> Option<Spend> {
        let known = self.past.get(id).cloned();
        let Some(what) = self.just_over(id) else { return known };
        let (spent, open) = match (what, self.before.holds.get(&id)?) {
            (Due::HoldTimedOut { spent, .. }, Open::Hold(open)) => (spent, open),
            _ => return known.or_else(|| Some(Spend::none((Spender::default(), false)))),
        };
        let metered = if open.timeout == Timeout::Settle && open.spender.pays != Pays::Pool { open.left } else { 0 };
        let mut spend = known.unwrap_or_else(|| Spend::none((open.spender, open.lease)));
        spend.add((spent, 0, metered), (self.books.moment, self.books.boundary));
        Some(spend)
    }

    /// What has become of a hold or upload by now, that was open at the last entry.
    fn just_over(&self, id: HoldId) -> Option<&Due> {
        self.elapsed.iter().map(|elapsed| &elapsed.what).find(|what| match what {
            Due::HoldTimedOut { hold, .. } | Due::ReserveTimedOut { hold } => *hold == id,
            _ => false,
        })
    }

    /// A lot that the answer touches and whose books do not balance, or the whole.
    fn unbalanced(&self, receipt: &Receipt) -> Option<Option<LotId>> {
        let all = [&receipt.draws, &receipt.returned, &receipt.lost, &receipt.beyond, &receipt.repaid];
        let touched = all.into_iter().flatten().filter_map(|draw| self.books.lot(draw.lot));
        let wrong = touched.filter(|lot| !lot.columns.is_balanced()).map(|lot| Some(lot.id)).next();
        wrong.or_else(|| (!self.books.totals.is_balanced()).then_some(None))
    }

    /// A name that nobody has.
    fn is_free(&self, id: HoldId) -> Result<(), Refusal> {
        let over = self.past.get(id).is_some() || self.just_over(id).is_some();
        let taken = over || self.books.holds.contains_key(&id);
        if taken { Err(Refusal::HoldTaken) } else { Ok(()) }
    }

    /// Why there is no open hold of that name.
    fn no_hold(&self, id: HoldId) -> Refusal {
        let known = self.past.get(id).is_some() || self.just_over(id).is_some();
        if known { Refusal::HoldOver } else { Refusal::UnknownHold }
    }

    /// A refund, or what else comes back: what can be taken again, what is too late, and what debts it pays.
    fn back(&self, receipt: &mut Receipt, back: &[Draw]) {
        (receipt.returned, receipt.lost) = self.books.sort_out(back);
        receipt.repaid = self.books.repayable(&receipt.returned);
    }
}

fn some(amount: Credits) -> Result<u64, Refusal> {
    if amount.is_zero() { Err(Refusal::ZeroAmount) } else { Ok(amount.as_u64()) }
}

fn ahead(until: Timestamp, now: Timestamp) -> Result<(), Refusal> {
    if until > now { Ok(()) } else { Err(Refusal::Ended) }
}
