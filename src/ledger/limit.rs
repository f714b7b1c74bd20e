//! Limits on credits: how many may be spent within a scope, and how many are.

use alloc::vec::Vec;
use core::cmp::Reverse;

use hashbrown::HashMap;

use super::scope::Shape;
use super::{Credits, Over, Refusal, Scope};

/// One limit, and how far it is used.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Limit {
    pub(super) max: u64,
    /// How many more, before the period of which number.
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

/// The three limits that one scope can have, in the order of [`Over`].
const OVERS: [Over; 3] = [Over::Period, Over::Ever, Over::InFlight];

type OfScope = [Option<Limit>; 3];

/// Every limit of a ledger: by scope, in one map for each shape of scope that has any.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Limits {
    /// Most words first: the order in which limits are asked.
    shapes: Vec<(Shape, HashMap<Scope, OfScope>)>,
    count: usize,
}

impl Limits {
    pub(super) const fn count(&self) -> usize {
        self.count
    }

    fn of_scope(&self, scope: &Scope) -> Option<&OfScope> {
        let shape = scope.shape();
        self.shapes.iter().find(|(known, _)| *known == shape)?.1.get(scope)
    }

    fn of_scope_mut(&mut self, scope: &Scope) -> Option<&mut OfScope> {
        let shape = scope.shape();
        self.shapes.iter_mut().find(|(known, _)| *known == shape)?.1.get_mut(scope)
    }

    pub(super) fn get(&self, scope: &Scope, over: Over) -> Option<&Limit> {
        let of_scope = self.of_scope(scope)?;
        OVERS.iter().zip(of_scope).find(|(kind, _)| **kind == over).and_then(|(_, limit)| limit.as_ref())
    }

    pub(super) fn get_mut(&mut self, scope: &Scope, over: Over) -> Option<&mut Limit> {
        let of_scope = self.of_scope_mut(scope)?;
        OVERS.iter().zip(of_scope).find(|(kind, _)| **kind == over).and_then(|(_, limit)| limit.as_mut())
    }

    pub(super) fn set(&mut self, scope: Scope, over: Over, limit: Option<Limit>) {
        let shape = scope.shape();
        if !self.shapes.iter().any(|(known, _)| *known == shape) {
            self.shapes.push((shape, HashMap::new()));
            self.shapes.sort_by_key(|(shape, _)| (Reverse(shape.words()), shape.order()));
        }
        for (_, scopes) in self.shapes.iter_mut().filter(|(known, _)| *known == shape) {
            let of_scope = scopes.entry(scope).or_default();
            for (_, slot) in OVERS.iter().zip(of_scope.iter_mut()).filter(|(kind, _)| **kind == over) {
                self.count = self.count.saturating_sub(usize::from(slot.is_some()));
                self.count = self.count.saturating_add(usize::from(limit.is_some()));
                *slot = limit;
            }
            if of_scope.iter().all(Option::is_none) {
                scopes.remove(&scope);
            }
        }
        self.shapes.retain(|(_, scopes)| !scopes.is_empty());
    }

    /// Asks every limit that covers a spend, in their order, until one has an answer.
    fn ask<T>(&self, spend: &Scope, mut answer: impl FnMut(&Scope, Over, &Limit) -> Option<T>) -> Option<T> {
        if self.count == 0 {
            return None;
        }
        let named = spend.shape();
        for (shape, scopes) in &self.shapes {
            if !shape.within(named) {
                continue;
            }
            let scope = spend.shaped(*shape);
            let Some(of_scope) = scopes.get(&scope) else { continue };
            for (over, limit) in OVERS.iter().zip(of_scope) {
                if let Some(answer) = limit.as_ref().and_then(|limit| answer(&scope, *over, limit)) {
                    return Some(answer);
                }
            }
        }
        None
    }

    /// The limits that cover a spend, in the order in which they are asked.
    pub(super) fn covering(&self, spend: &Scope) -> Vec<(Scope, Over, Limit)> {
        let mut covering = Vec::new();
        self.ask(spend, |scope, over, limit| {
            covering.push((*scope, over, *limit));
            None::<()>
        });
        covering
    }

    /// Every limit: those that name most first, then in the order of their scopes.
    pub(super) fn all(&self) -> Vec<(Scope, Over, Limit)> {
        let each = |(scope, of_scope): (&Scope, &OfScope)| {
            let scope = *scope;
            let kinds = OVERS.iter().zip(*of_scope);
            kinds.filter_map(move |(over, limit)| Some((scope, *over, limit?))).collect::<Vec<_>>()
        };
        let mut all: Vec<_> = self.shapes.iter().flat_map(|(_, scopes)| scopes).flat_map(each).collect();
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
        let refusal = self.ask(spend, |scope, over, limit| {
            let used = limit.used(over);
            let fits = used.saturating_add(u128::from(needed)) <= u128::from(limit.allows());
            let used = Credits::new(u64::try_from(used).unwrap_or(u64::MAX));
            let (max, needed) = (Credits::new(limit.allows()), Credits::new(needed));
            (!fits).then_some(Refusal::Limit { scope: *scope, over, max, used, needed })
        });
        refusal.map_or(Ok(()), Err)
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
        let mut least = u128::from(u64::MAX);
        self.ask(spend, |_, over, limit| {
            least = least.min(u128::from(limit.allows()).saturating_sub(limit.used(over)));
            None::<()>
        });
        u64::try_from(least).unwrap_or(u64::MAX)
    }

    /// A limit that tells apart what a lease does not: of several the first in their order.
    pub(super) fn narrower(&self, lease: &Scope) -> Option<Scope> {
        let named = lease.shape();
        let tells_apart = |scope: &&Scope| {
            let of_others = scope.organization != lease.organization;
            !of_others && !scope.shape().within(named) && scope.shaped(named).covers(lease)
        };
        let all = self.shapes.iter().flat_map(|(_, scopes)| scopes.keys());
        all.filter(tells_apart).min_by_key(|scope| (Reverse(scope.shape().words()), **scope)).copied()
    }

    /// Changes what every limit that covers a spend has counted.
    pub(super) fn count_each(&mut self, spend: &Scope, change: impl Fn(&mut Limit, Over)) {
        if self.count == 0 {
            return;
        }
        let named = spend.shape();
        for (shape, scopes) in &mut self.shapes {
            if !shape.within(named) {
                continue;
            }
            let Some(of_scope) = scopes.get_mut(&spend.shaped(*shape)) else { continue };
            for (over, limit) in OVERS.iter().zip(of_scope) {
                if let Some(limit) = limit {
                    change(limit, *over);
                }
            }
        }
    }

    /// A new period of that number: what was spent in the one before does not count any more.
    pub(super) fn begin_period(&mut self, number: u64) {
        for of_scope in self.shapes.iter_mut().flat_map(|(_, scopes)| scopes.values_mut()) {
            for (over, limit) in OVERS.iter().zip(of_scope) {
                let Some(limit) = limit else { continue };
                if *over == Over::Period {
                    limit.spent = 0;
                }
                limit.raise = limit.raise.filter(|(_, before)| number < *before);
            }
        }
    }
}
