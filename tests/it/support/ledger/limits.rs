//! Limits on credits, and usage: both counted from every spend that ever was.

use std::cmp::Reverse;

use bailiwick::ledger::*;

use super::{Answer, FULL, Kind, Naive, NaiveLimit, credits, wide};

impl NaiveLimit {
    pub(crate) fn max(&self) -> u128 {
        self.max + self.raise.map_or(0, |(by, _)| by)
    }
}

/// How many words a scope names.
fn words(scope: &Scope) -> usize {
    let ids = [scope.organization.is_some(), scope.workspace.is_some(), scope.project.is_some(), scope.user.is_some()];
    ids.into_iter().chain([scope.service.is_some(), scope.class.is_some()]).filter(|named| *named).count()
}

/// Whether there is a spend within both.
fn overlap(left: &Scope, right: &Scope) -> bool {
    fn agree<T: PartialEq>(left: Option<T>, right: Option<T>) -> bool {
        left.is_none() || right.is_none() || left == right
    }
    agree(left.organization, right.organization)
        && agree(left.workspace, right.workspace)
        && agree(left.project, right.project)
        && agree(left.user, right.user)
        && agree(left.service, right.service)
        && agree(left.class, right.class)
}

impl Naive {
    /// What is spent, as far as a limit counts it.
    pub(crate) fn limit_spent(&self, limit: &NaiveLimit) -> u128 {
        let counts = |(portion, pool): &(&super::Portion, bool)| {
            let is_in = match limit.over {
                Over::Period => portion.period == self.periods,
                Over::Ever => portion.moment > limit.since,
                Over::InFlight => false,
            };
            *pool && is_in && limit.scope.covers(&portion.scope)
        };
        self.spends().filter(counts).map(|(portion, _)| portion.amount).sum()
    }

    pub(crate) fn limit_held(&self, limit: &NaiveLimit) -> u128 {
        let counts = |work: &&super::Work| {
            work.kind != Kind::Upload && work.spender.pays == Pays::Pool && limit.scope.covers(&work.spender.scope)
        };
        self.works.iter().filter(counts).map(super::Work::left).sum()
    }

    pub(crate) fn limit_used(&self, limit: &NaiveLimit) -> u128 {
        self.limit_spent(limit) + self.limit_held(limit)
    }

    /// The limits that a spend is counted against, the narrowest first.
    fn covering(&self, scope: &Scope) -> Vec<&NaiveLimit> {
        self.limits_in_order().into_iter().filter(|limit| limit.scope.covers(scope)).collect()
    }

    pub(crate) fn limits_in_order(&self) -> Vec<&NaiveLimit> {
        let mut limits: Vec<_> = self.limits.iter().collect();
        limits.sort_by_key(|limit| (Reverse(words(&limit.scope)), limit.scope, limit.over));
        limits
    }

    pub(super) fn check_limits(&self, scope: &Scope, needed: u128) -> Result<(), Refusal> {
        // Another organization spends by the limit that is its own, and nothing without one.
        let own = Scope { organization: scope.organization, ..Scope::EVERYTHING };
        let is_agreed = |limit: &NaiveLimit| limit.scope == own && limit.over != Over::InFlight;
        if scope.organization.is_some() && !self.limits.iter().any(is_agreed) {
            let (max, used, needed) = (Credits::ZERO, Credits::ZERO, credits(needed));
            return Err(Refusal::Limit { scope: own, over: Over::Period, max, used, needed });
        }
        for limit in self.covering(scope) {
            let used = self.limit_used(limit);
            if used + needed > limit.max() {
                let (max, used, needed) = (credits(limit.max()), credits(used), credits(needed));
                return Err(Refusal::Limit { scope: limit.scope, over: limit.over, max, used, needed });
            }
        }
        Ok(())
    }

    /// How many more all limits allow.
    pub(super) fn limits_room(&self, scope: &Scope) -> Option<u128> {
        self.covering(scope).into_iter().map(|limit| limit.max().saturating_sub(self.limit_used(limit))).min()
    }

    pub(super) fn check_no_narrower(&self, lease: &Scope) -> Result<(), Refusal> {
        let passed_by = |limit: &&NaiveLimit| {
            let of_it = limit.scope.organization == lease.organization;
            of_it && overlap(&limit.scope, lease) && !limit.scope.covers(lease)
        };
        let mut narrower = self.limits_in_order().into_iter().filter(passed_by);
        narrower.next().map_or(Ok(()), |limit| Err(Refusal::NarrowerLimit { scope: limit.scope }))
    }

    fn limit(&mut self, scope: &Scope, over: Over) -> Option<&mut NaiveLimit> {
        self.limits.iter_mut().find(|limit| limit.scope == *scope && limit.over == over)
    }

    pub(super) fn set_limit(&mut self, r: &SetLimit) -> Answer {
        let since = self.moment;
        if let Some(limit) = self.limit(&r.scope, r.over) {
            (limit.max, limit.raise) = (wide(r.max), None);
        } else {
            self.limits.push(NaiveLimit { scope: r.scope, over: r.over, max: wide(r.max), raise: None, since });
        }
        Ok(Receipt::default())
    }

    pub(super) fn raise_limit(&mut self, r: &RaiseLimit) -> Answer {
        let limit = self.limit(&r.scope, r.over).ok_or(Refusal::UnknownLimit)?;
        if r.by.is_zero() || r.periods == 0 {
            return Err(Refusal::ZeroAmount);
        }
        limit.raise = Some((wide(r.by), r.periods));
        if limit.max() > FULL { Err(Refusal::Overflow) } else { Ok(Receipt::default()) }
    }

    pub(super) fn drop_limit(&mut self, r: &DropLimit) -> Answer {
        self.limit(&r.scope, r.over).ok_or(Refusal::UnknownLimit)?;
        self.limits.retain(|limit| (limit.scope, limit.over) != (r.scope, r.over));
        Ok(Receipt::default())
    }

    /// What the present period has used, by who, where, on what.
    pub(crate) fn usage(&self) -> Vec<(Scope, u128, u128)> {
        let mut rows: Vec<(Scope, u128, u128)> = Vec::new();
        for (portion, pool) in self.spends().filter(|(portion, _)| portion.period == self.periods) {
            let (charged, uncharged) = if pool { (portion.amount, 0) } else { (0, portion.amount) };
            match rows.iter_mut().find(|(scope, _, _)| *scope == portion.scope) {
                Some(row) => (row.1, row.2) = (row.1 + charged, row.2 + uncharged),
                None => rows.push((portion.scope, charged, uncharged)),
            }
        }
        rows.sort_by_key(|(scope, _, _)| *scope);
        rows
    }
}
