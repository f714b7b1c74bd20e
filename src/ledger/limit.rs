//! Limits on credits: how many may be spent within a scope, and how many are.

use alloc::vec::Vec;
use core::cmp::Reverse;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::by_scope::ByScope;
use super::{Credits, Over, Refusal, Scope};

/// One limit, and how far it is used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) max: u64,
    /// How many more, before the period of which number.
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) raise: Option<(u64, u64)>,
    pub(super) spent: u128,
    pub(super) held: u128,
    /// The moment at which it was set.
    pub(super) since: u64,
}

impl Limit {
    /// What it allows with its raise.
    pub(super) fn allows(&self) -> u64 {
        self.max.saturating_add(self.raise.map_or(0, |(by, _)| by))
    }

    pub(super) fn used(&self, over: Over) -> u128 {
        match over {
            Over::InFlight => self.held,
            Over::Period | Over::Ever => self.spent.saturating_add(self.held),
        }
    }
}

/// The limits of one scope, in the order of [`Over`]: seldom more than one.
type OfScope = SmallVec<[(Over, Limit); 1]>;

/// Every limit of a ledger.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Limits {
    by_scope: ByScope<OfScope>,
    count: usize,
}

impl Limits {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    pub(super) fn get(&self, scope: &Scope, over: Over) -> Option<&Limit> {
        self.by_scope.get(scope)?.iter().find(|(kind, _)| *kind == over).map(|(_, limit)| limit)
    }

    pub(super) fn get_mut(&mut self, scope: &Scope, over: Over) -> Option<&mut Limit> {
        self.by_scope.get_mut(scope)?.iter_mut().find(|(kind, _)| *kind == over).map(|(_, limit)| limit)
    }

    pub(super) fn set(&mut self, scope: Scope, over: Over, limit: Option<Limit>) {
        let mut of_scope = self.by_scope.get(&scope).cloned().unwrap_or_default();
        self.count = self.count.saturating_sub(of_scope.len());
        of_scope.retain(|(kind, _)| *kind != over);
        of_scope.extend(limit.map(|limit| (over, limit)));
        of_scope.sort_unstable_by_key(|(kind, _)| *kind);
        self.count = self.count.saturating_add(of_scope.len());
        if of_scope.is_empty() {
            self.by_scope.remove(&scope);
        } else {
            self.by_scope.insert(scope, of_scope);
        }
    }

    /// The limits that cover a spend, in the order in which they are asked: those that name most first.
    pub(super) fn covering(&self, spend: &Scope) -> impl Iterator<Item = (&Scope, Over, &Limit)> {
        self.by_scope.covering(spend).flat_map(each)
    }

    /// Every limit: those that name most first, then in the order of their scopes.
    pub(super) fn all(&self) -> Vec<(Scope, Over, Limit)> {
        let all = self.by_scope.iter().flat_map(each);
        let mut all: Vec<_> = all.map(|(scope, over, limit)| (*scope, over, *limit)).collect();
        all.sort_by_key(|(scope, over, _)| (Reverse(scope.shape().words()), *scope, *over));
        all
    }

    /// Whether so many more may be used.
    pub(super) fn admit(&self, spend: &Scope, needed: u64) -> Result<(), Refusal> {
        if !self.is_agreed(spend) {
            let scope = Scope { organization: spend.organization, ..Scope::EVERYTHING };
            let (max, used, needed) = (Credits::ZERO, Credits::ZERO, Credits::new(needed));
            return Err(Refusal::Limit { scope, over: Over::Period, max, used, needed });
        }
        let fits =
            |over, limit: &Limit| limit.used(over).saturating_add(u128::from(needed)) <= u128::from(limit.allows());
        let Some((scope, over, limit)) = self.covering(spend).find(|(_, over, limit)| !fits(*over, limit)) else {
            return Ok(());
        };
        let used = Credits::new(u64::try_from(limit.used(over)).unwrap_or(u64::MAX));
        let (max, needed) = (Credits::new(limit.allows()), Credits::new(needed));
        Err(Refusal::Limit { scope: *scope, over, max, used, needed })
    }

    /// Whether an organization that draws on this pool has a limit of its own: what was agreed.
    fn is_agreed(&self, scope: &Scope) -> bool {
        let agreed = || Scope { organization: scope.organization, ..Scope::EVERYTHING };
        let counts = |over| self.get(&agreed(), over).is_some();
        scope.organization.is_none() || counts(Over::Period) || counts(Over::Ever)
    }

    /// How many more may be used at most.
    pub(super) fn room(&self, spend: &Scope) -> u64 {
        if !self.is_agreed(spend) {
            return 0;
        }
        let left =
            |(_, over, limit): (&Scope, Over, &Limit)| u128::from(limit.allows()).saturating_sub(limit.used(over));
        self.covering(spend).map(left).min().and_then(|least| u64::try_from(least).ok()).unwrap_or(u64::MAX)
    }

    /// A limit that tells apart what a lease does not: of several the first in their order.
    pub(super) fn narrower(&self, lease: &Scope) -> Option<Scope> {
        let named = lease.shape();
        let tells_apart = |scope: &&Scope| {
            let (shape, of_others) = (scope.shape(), scope.organization != lease.organization);
            !of_others && !shape.within(named) && scope.agrees(lease, shape.both(named))
        };
        let all = self.by_scope.iter().map(|(scope, _)| scope);
        all.filter(tells_apart).min_by_key(|scope| (Reverse(scope.shape().words()), **scope)).copied()
    }

    /// Changes what every limit that covers a spend has counted.
    pub(super) fn count_each(&mut self, spend: &Scope, change: impl Fn(&mut Limit, Over)) {
        for (over, limit) in self.by_scope.covering_mut(spend).flatten() {
            change(limit, *over);
        }
    }

    /// A new period of that number: what was spent in the one before does not count any more.
    pub(super) fn begin_period(&mut self, number: u64) {
        for (over, limit) in self.by_scope.values_mut().flatten() {
            if *over == Over::Period {
                limit.spent = 0;
            }
            limit.raise = limit.raise.filter(|(_, before)| number < *before);
        }
    }
}

fn each<'a>((scope, of_scope): (&'a Scope, &'a OfScope)) -> impl Iterator<Item = (&'a Scope, Over, &'a Limit)> {
    of_scope.iter().map(move |(over, limit)| (scope, *over, limit))
}
