//! Reading: balances, what is spendable and why not more, limits, usage, meters, what will expire, what is due to be deleted.

use alloc::vec::Vec;

use super::books::{Books, Used};
use super::hold::Open;
use super::lot::sum;
use super::{
    Class, Columns, Credits, Ledger, Lot, Over, OverLimit, Pays, Refusal, Request, Scope, Spender, Spot, Tick, Units,
};
use crate::catalog::Per;
use crate::id::HoldId;
use crate::label::Label;
use crate::organization::RetentionDate;
use crate::time::Timestamp;

/// How a ledger stands with its credits.
///
/// # Units
/// Credits. Sums over all lots may be greater than any single amount.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Balance {
    /// Where every credit is that was ever granted.
    pub columns: Columns<u128>,
    /// What can be taken from lots now, whatever limits say.
    pub spendable: u128,
    /// What is granted and not effective yet.
    pub pending: u128,
    /// What is left of this period's allocation.
    pub allocation: u128,
    /// What is left of earlier ones: the bank.
    pub bank: u128,
    /// Debts.
    pub owed: Credits,
    /// What the present period was allocated, counted in whole periods.
    pub entitled: Credits,
    /// The present period's first instant, and the first after it, if that is known; `None` before there is an allowance.
    pub period: Option<(Timestamp, Option<Timestamp>)>,
}

/// How much somebody can spend, and why not more.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Spendable {
    /// How many credits.
    pub amount: Credits,
    /// What refuses one more: a limit, or that there are no more.
    pub because: Refusal,
}

/// How a limit stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LimitState {
    /// Within which scope.
    pub scope: Scope,
    /// Counted over what.
    pub over: Over,
    /// How many it allows, a raise included.
    pub max: Credits,
    /// How many are spent; nothing for one that counts what is in flight.
    pub spent: u128,
    /// How many are held.
    pub held: u128,
}

impl LimitState {
    fn of(scope: Scope, over: Over, limit: super::limit::Limit) -> Self {
        let spent = if over == Over::InFlight { 0 } else { limit.spent };
        Self { scope, over, max: Credits::new(limit.allows()), spent, held: limit.held }
    }

    /// How many more it allows.
    #[must_use]
    pub fn left(&self) -> Credits {
        let left = u128::from(self.max.as_u64()).saturating_sub(self.spent).saturating_sub(self.held);
        Credits::new(u64::try_from(left).unwrap_or(u64::MAX))
    }
}

/// How a meter stands, at the organization or in one workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct MeterState {
    /// How much there is.
    pub used: Units,
    /// How much room is kept for uploads.
    pub reserved: Units,
    /// The limit, if the plan has one.
    pub max: Option<Units>,
    /// From when on more is refused, where a grace runs.
    pub grace_ends: Option<Timestamp>,
}

/// Content that is due to be deleted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct DueContent {
    /// Where it is, and of which kind.
    pub spot: Spot,
    /// How much.
    pub units: Units,
    /// Since when it is due.
    pub due: Timestamp,
}

impl Balance {
    /// As the books have it.
    pub(super) fn of(books: &Books) -> Self {
        let left_of = |class: Class| {
            let lots = books.open.iter().filter(|lot| lot.class == class);
            lots.map(|lot| u128::from(lot.columns.available)).sum()
        };
        Self {
            columns: books.totals,
            spendable: books.left,
            pending: books.totals.available.saturating_sub(books.left),
            allocation: left_of(Class::Allocation),
            bank: books.bank(),
            owed: Credits::new(books.owed),
            entitled: Credits::new(books.period.entitled.unwrap_or(0)),
            period: books.allowance.as_ref().map(|_| (books.period.start, books.period.end)),
        }
    }
}

impl Ledger {
    /// How it stands with its credits.
    ///
    /// # Shape
    /// Costs the lots; where something has become due since the last entry, a copy of the books.
    #[must_use]
    pub fn balance(&self, now: Timestamp) -> Balance {
        Balance::of(&self.books_at(now))
    }

    /// The lots: first those that can be taken from, in burn order, then those to which something can still return or that are not effective yet, by number.
    #[must_use]
    pub fn lots(&self, now: Timestamp) -> Vec<Lot> {
        let books = self.books_at(now);
        books.open.iter().chain(books.aside.values()).cloned().collect()
    }

    /// Whether somebody can spend so much: every limit, then the lots. What a hold or a charge would be told.
    ///
    /// # Errors
    /// `limit` or `not_enough`.
    pub fn affords(&self, spender: &Spender, amount: Credits, now: Timestamp) -> Result<(), Refusal> {
        if spender.pays != Pays::Pool {
            return Ok(());
        }
        let books = self.books_at(now);
        books.limits.admit(&spender.scope, amount.as_u64())?;
        let left = books.left_for(&spender.scope);
        if left >= amount.as_u64() {
            return Ok(());
        }
        Err(Refusal::NotEnough { needed: amount, left: Credits::new(left) })
    }

    /// How much somebody can spend here and now, and why not more.
    #[must_use]
    pub fn spendable(&self, spender: &Spender, now: Timestamp) -> Spendable {
        let books = self.books_at(now);
        let left = books.left_for(&spender.scope);
        let amount = Credits::new(left.min(books.limits.room(&spender.scope)));
        let needed = Credits::new(amount.as_u64().saturating_add(1));
        let limit = books.limits.admit(&spender.scope, needed.as_u64()).err();
        let because = limit.unwrap_or(Refusal::NotEnough { needed, left: Credits::new(left) });
        Spendable { amount, because }
    }

    /// What is left of an open hold or lease, and until when; `None` when it is over.
    #[must_use]
    pub fn hold(&self, id: HoldId, now: Timestamp) -> Option<(Credits, Timestamp)> {
        match self.books_at(now).holds.get(&id)? {
            Open::Hold(hold) => Some((Credits::new(hold.left), hold.until)),
            Open::Room(_) => None,
        }
    }

    /// Who spends by a hold or charge that the ledger knows, open or over.
    #[must_use]
    pub fn spender_of(&self, hold: HoldId) -> Option<Spender> {
        match self.books.holds.get(&hold) {
            Some(Open::Hold(hold)) => Some(hold.spender),
            Some(Open::Room(_)) => Some(Spender::default()),
            None => self.past.get(hold).map(|spend| spend.spender),
        }
    }

    /// How many holds and uploads are open.
    #[must_use]
    pub fn open_holds(&self, now: Timestamp) -> usize {
        self.books_at(now).holds.len()
    }

    /// What can be refunded of a hold or charge; `None` for one that the ledger does not know.
    #[must_use]
    pub fn refundable(&self, spend: HoldId, now: Timestamp) -> Option<Credits> {
        let (books, elapsed) = self.books_for(&Request::Tick(Tick {}), self.within_reach(now));
        let spend = self.stand(&books, &elapsed, now).spend(spend)?;
        Some(Credits::new(spend.left()))
    }

    /// How every limit stands, those that name most first.
    #[must_use]
    pub fn limits(&self, now: Timestamp) -> Vec<LimitState> {
        let all = self.books_at(now).limits.all();
        all.into_iter().map(|(scope, over, limit)| LimitState::of(scope, over, limit)).collect()
    }

    /// How one limit stands.
    #[must_use]
    pub fn limit(&self, scope: &Scope, over: Over, now: Timestamp) -> Option<LimitState> {
        let limit = *self.books_at(now).limits.get(scope, over)?;
        Some(LimitState::of(*scope, over, limit))
    }

    /// What was used in the present period, by everybody everywhere, in the order of scopes. Add up what you want to know:
    /// by member, by workspace, by project, by class.
    #[must_use]
    pub fn usage(&self, now: Timestamp) -> Vec<(Scope, Used)> {
        let mut usage: Vec<_> = self.books_at(now).usage.iter().map(|(scope, used)| (*scope, *used)).collect();
        usage.retain(|(_, used)| *used != Used::default());
        usage.sort_by_key(|(scope, _)| *scope);
        usage
    }

    /// What was used in the present period within a scope.
    #[must_use]
    pub fn used(&self, within: &Scope, now: Timestamp) -> Used {
        let usage = self.usage(now).into_iter().filter(|(scope, _)| within.covers(scope));
        usage.fold(Used::default(), |sum, (_, used)| Used {
            charged: sum.charged.saturating_add(used.charged),
            uncharged: sum.uncharged.saturating_add(used.uncharged),
        })
    }

    /// When available credits will expire if nobody spends them, soonest first. Allocations end with their period, or stay in the bank.
    #[must_use]
    pub fn expiries(&self, now: Timestamp) -> Vec<(Timestamp, Credits)> {
        self.books_at(now).ends()
    }

    /// How a meter stands: at the organization, or in one workspace.
    #[must_use]
    pub fn meter(&self, meter: Label, workspace: Option<crate::WorkspaceId>, now: Timestamp) -> MeterState {
        let books = self.books_at(now);
        let level = books.meters.level(meter, workspace);
        let per = if workspace.is_some() { Per::Workspace } else { Per::Organization };
        let rule = books.rules().iter().find(|rule| rule.meter == meter && rule.per == per);
        MeterState {
            used: Units::new(level.used),
            reserved: Units::new(level.reserved),
            max: rule.map(|rule| rule.max),
            grace_ends: rule.and_then(|rule| books.meters.grace(rule, workspace, now)),
        }
    }

    /// How much a meter counts in all that a spot covers.
    #[must_use]
    pub fn stored(&self, meter: Label, by: &Spot) -> Units {
        Units::new(self.books.meters.covered(meter, by))
    }

    /// What a meter counts, spot by spot.
    #[must_use]
    pub fn spots(&self, meter: Label) -> Vec<(Spot, Units)> {
        self.books.meters.cells_of(meter).map(|(spot, units)| (*spot, Units::new(units))).collect()
    }

    /// What exceeds an allowance, meter by meter: for the preview of a downgrade. Empty when everything fits.
    #[must_use]
    pub fn exceeds(&self, allowance: &super::Allowance, now: Timestamp) -> Vec<OverLimit> {
        let books = self.books_at(now);
        let mut over = Vec::new();
        for rule in &allowance.meters {
            let places = books.meters.places().filter(|(meter, ..)| *meter == rule.meter);
            let counted = places.filter(|(_, place, _)| (rule.per == Per::Organization) == place.is_none());
            for (meter, workspace, level) in counted.filter(|(.., level)| level.sum() > rule.max.as_u64()) {
                let (max, used) = (rule.max, Units::new(level.sum()));
                over.push(OverLimit { meter, workspace, max, used, until: None });
            }
        }
        over
    }

    /// What is stored of the kinds whose time has come: the retention queue. The dates are those of the organization, which has none
    /// while it is not archived; so what is reactivated is due no more.
    ///
    /// # Examples
    /// ```
    /// # use bailiwick::ledger::{Ledger, Settings};
    /// # use bailiwick::{Label, OrgId, Timestamp};
    /// # let ledger = Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default());
    /// let dates = []; // organization.retention()
    /// assert!(ledger.due(Label::STORAGE, &dates, Timestamp::from_millis(1_795_000_000_000)).is_empty());
    /// ```
    #[must_use]
    pub fn due(&self, meter: Label, dates: &[RetentionDate], at: Timestamp) -> Vec<DueContent> {
        let due_of = |kind: Option<Label>| {
            let date = dates.iter().find(|date| kind.is_some_and(|kind| kind.to_text() == date.kind))?;
            (date.due <= at).then_some(date.due)
        };
        let cells = self.books.meters.cells_of(meter);
        cells
            .filter_map(|(spot, units)| {
                Some(DueContent { spot: *spot, units: Units::new(units), due: due_of(spot.kind)? })
            })
            .collect()
    }

    /// Everything that does not hold and should: empty in a sound ledger.
    #[must_use]
    pub fn audit(&self) -> Vec<Refusal> {
        let mut wrong: Vec<Refusal> =
            self.books.imbalance().map(|lot| Refusal::Unbalanced { lot }).into_iter().collect();
        let held: u128 = self
            .books
            .holds
            .values()
            .map(|open| match open {
                Open::Hold(hold) => u128::from(sum(&hold.draws)),
                Open::Room(_) => 0,
            })
            .sum();
        let whole = |open: &Open| match open {
            Open::Hold(hold) if hold.spender.pays == Pays::Pool => sum(&hold.draws) == hold.left,
            _ => true,
        };
        let broken = !self.books.holds.values().all(whole);
        let open_meter = self.books.meters.unbalanced().is_some();
        let left: u128 = self.books.open.iter().map(|lot| u128::from(lot.left())).sum();
        if held != self.books.totals.held || left != self.books.left || open_meter || broken {
            wrong.push(Refusal::Unbalanced { lot: None });
        }
        wrong
    }
}
