//! Leases, on the side of the process that spends: without asking, without I/O, never more than it was promised.

use alloc::vec::Vec;

use hashbrown::HashMap;

use super::{Credits, Lease, Report, Scope};
use crate::id::HoldId;
use crate::limits::REPORT_ITEMS_MAX;
use crate::time::Timestamp;

/// What a process has in hand of a [`Lease`].
///
/// # Shape
/// Spending costs one lookup. What was spent is handed over with [`report`](Self::report); until the ledger has acknowledged it,
/// [`acknowledge`](Self::acknowledge) is not called and the same report is repeated under the same key. What a crash loses is what
/// was spent and not reported: [`unreported`](Self::unreported), at most the lease.
///
/// # Examples
/// ```
/// use bailiwick::ledger::{Credits, Lease, Leased, LeaseSpent, Scope};
/// use bailiwick::{HoldId, Timestamp, UserId};
///
/// let until = Timestamp::from_millis(1_795_000_060_000);
/// let lease = Lease { hold: HoldId::from_u64(1).unwrap(), scope: Scope::EVERYTHING, amount: Credits::new(100), until, timeout: Default::default() };
/// let mut leased = Leased::new(&lease); // after the ledger has granted it
///
/// let now = Timestamp::from_millis(1_795_000_000_000);
/// let ada = Scope { user: UserId::from_u64(1), ..Scope::EVERYTHING };
/// assert_eq!(leased.spend(ada, Credits::new(70), now), LeaseSpent::Yes);
/// assert_eq!(leased.spend(ada, Credits::new(31), now), LeaseSpent::Short { left: Credits::new(30) });
/// assert_eq!(leased.spend(ada, Credits::new(1), until), LeaseSpent::Over);
/// assert_eq!(leased.report().unwrap().spends, [(ada, Credits::new(70))]);
/// ```
#[derive(Clone, Debug)]
pub struct Leased {
    hold: HoldId,
    scope: Scope,
    left: u64,
    until: Timestamp,
    spent: HashMap<Scope, u64>,
    reported: Vec<(Scope, Credits)>,
}

/// Whether a spend went through.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "what was not spent must not be done"]
pub enum LeaseSpent {
    /// It did.
    Yes,
    /// Fewer credits are left of the lease: ask the ledger for more.
    Short {
        /// How many.
        left: Credits,
    },
    /// The lease is over: its credits are the ledger's again.
    Over,
    /// The spend is outside of what the lease is for.
    Outside,
}

impl Leased {
    /// What the ledger has granted.
    #[must_use]
    pub fn new(lease: &Lease) -> Self {
        let (hold, scope, left, until) = (lease.hold, lease.scope, lease.amount.as_u64(), lease.until);
        Self { hold, scope, left, until, spent: HashMap::new(), reported: Vec::new() }
    }

    /// What is left of one that was granted before: after a restart, what the ledger still [holds](super::Ledger::hold) of it.
    #[must_use]
    pub fn resume(lease: &Lease, left: Credits) -> Self {
        Self { left: left.as_u64(), ..Self::new(lease) }
    }

    /// More, or more time, that the ledger has [granted](super::Grow).
    pub fn grow(&mut self, more: Credits, until: Option<Timestamp>) {
        self.left = self.left.saturating_add(more.as_u64());
        self.until = until.unwrap_or(self.until);
    }

    /// Spends, if there is enough and the lease is not over. Clocks differ and reports take time: hand in an end some seconds
    /// before the ledger's, and what was spent last is still reported in time.
    pub fn spend(&mut self, scope: Scope, amount: Credits, now: Timestamp) -> LeaseSpent {
        if now >= self.until {
            return LeaseSpent::Over;
        }
        if !self.scope.covers(&scope) {
            return LeaseSpent::Outside;
        }
        let Some(left) = self.left.checked_sub(amount.as_u64()) else {
            return LeaseSpent::Short { left: Credits::new(self.left) };
        };
        if amount.is_zero() {
            return LeaseSpent::Yes;
        }
        self.left = left;
        let spent = self.spent.entry(scope).or_default();
        *spent = spent.saturating_add(amount.as_u64());
        LeaseSpent::Yes
    }

    /// What is left to spend.
    #[must_use]
    pub const fn left(&self) -> Credits {
        Credits::new(self.left)
    }

    /// What was spent and the ledger has not acknowledged: what a crash would lose now.
    #[must_use]
    pub fn unreported(&self) -> Credits {
        let waiting = self.reported.iter().map(|(_, amount)| amount.as_u64());
        Credits::new(self.spent.values().copied().chain(waiting).fold(0, u64::saturating_add))
    }

    /// What is to be reported; the same again until it is acknowledged, whatever is spent meanwhile. `None` when there is nothing.
    #[must_use]
    pub fn report(&mut self) -> Option<Report> {
        if self.reported.is_empty() {
            let spends = self.spent.iter().map(|(scope, amount)| (*scope, Credits::new(*amount)));
            let mut spends: Vec<(Scope, Credits)> = spends.collect();
            spends.sort_unstable();
            spends.truncate(REPORT_ITEMS_MAX);
            spends.iter().for_each(|(scope, _)| _ = self.spent.remove(scope));
            self.reported = spends;
        }
        let (hold, spends) = (self.hold, self.reported.clone());
        (!spends.is_empty()).then_some(Report { hold, spends })
    }

    /// The ledger has taken the report.
    pub fn acknowledge(&mut self) {
        self.reported.clear();
    }
}
