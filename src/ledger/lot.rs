//! Lots: credits that were granted together, where each of them is now, and which lot is used up first.

use core::cmp::Ordering;
use core::fmt;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Credits, Scope};
use crate::time::Timestamp;

/// One lot of one ledger.
///
/// # Shape
/// Numbered from 1 in the order in which the ledger got them.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LotId(pub(super) u64);

impl LotId {
    /// The number.
    #[must_use]
    pub const fn as_u64(self) -> u64 {
        self.0
    }

    /// The lot with a number.
    #[must_use]
    pub const fn from_u64(number: u64) -> Self {
        Self(number)
    }
}

impl fmt::Display for LotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Where credits come from. Earlier classes are used up before later ones where the burn order asks for the class.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Given away: a welcome, an educational grant, a voucher.
    Promotional,
    /// What the plan allocates each period. Made by the ledger itself.
    Allocation,
    /// What was left of an allocation and stays: the bank. Made by the ledger itself.
    Rollover,
    /// Bought.
    Purchased,
    /// Set right by the platform.
    Adjustment,
}

/// Where each credit of a lot, or of all lots, is.
///
/// # Shape
/// After every operation `granted = available + held + spent + expired + voided`.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct Columns<N = u64> {
    /// All of them.
    pub granted: N,
    /// To be taken, now or once the lot is effective.
    pub available: N,
    /// Promised to work that is under way.
    pub held: N,
    /// Used up.
    pub spent: N,
    /// Too late.
    pub expired: N,
    /// Taken back, or handed on to another organization.
    pub voided: N,
}

/// One of the five places where a credit can be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Column {
    Available,
    Held,
    Spent,
    Expired,
    Voided,
}

macro_rules! columns {
    ($number:ty) => {
        impl Columns<$number> {
            /// Whether every credit is in exactly one place.
            #[must_use]
            pub fn is_balanced(&self) -> bool {
                let held = self.available.checked_add(self.held).and_then(|sum| sum.checked_add(self.spent));
                let sum =
                    held.and_then(|sum| sum.checked_add(self.expired)).and_then(|sum| sum.checked_add(self.voided));
                sum == Some(self.granted)
            }

            fn place(&mut self, column: Column) -> &mut $number {
                match column {
                    Column::Available => &mut self.available,
                    Column::Held => &mut self.held,
                    Column::Spent => &mut self.spent,
                    Column::Expired => &mut self.expired,
                    Column::Voided => &mut self.voided,
                }
            }

            /// Moves credits from one place to another; `None`, and nothing moved, where there are not so many.
            pub(super) fn shift(&mut self, from: Column, to: Column, amount: u64) -> Option<()> {
                let amount = <$number>::from(amount);
                let rest = self.place(from).checked_sub(amount)?;
                if from == to {
                    return Some(());
                }
                let sum = self.place(to).checked_add(amount)?;
                *self.place(from) = rest;
                *self.place(to) = sum;
                Some(())
            }
        }
    };
}

columns!(u64);
columns!(u128);

/// Credits that were granted together: one class, one priority, one end.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Lot {
    /// Its number.
    pub id: LotId,
    /// Where it comes from.
    pub class: Class,
    /// What it may be spent on.
    pub scope: Scope,
    /// The lower is used up earlier.
    pub priority: u8,
    /// From when on it can be taken.
    pub effective: Timestamp,
    /// From when on it cannot; `None` for never.
    pub expires: Option<Timestamp>,
    /// Where its credits are.
    pub columns: Columns,
    /// Whether it was voided as a whole: what comes back to it is void.
    pub voided: bool,
    /// Credits spent from it that can still be refunded, and so still need it.
    pub(super) refundable: u64,
    /// Whether it may be spent on anything.
    pub(super) general: bool,
    /// Whether its time has come.
    pub(super) active: bool,
    /// Whether its time is over.
    pub(super) expired: bool,
}

impl Lot {
    /// What can be taken from it now.
    pub(super) const fn left(&self) -> u64 {
        if self.active { self.columns.available } else { 0 }
    }

    /// Whether it can pay for a spend.
    pub(super) fn covers(&self, spend: &Scope) -> bool {
        self.general || self.scope.covers(spend)
    }

    /// Whether nothing can come of it any more.
    pub(super) const fn is_over(&self) -> bool {
        let nothing_back = self.refundable == 0 || (self.expired && !self.voided);
        self.columns.available == 0 && self.columns.held == 0 && nothing_back
    }
}

/// What decides which lot is used up first.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BurnKey {
    /// Lots with a scope before general ones.
    Scope,
    /// The lower priority first.
    Priority,
    /// The earlier end first, none last.
    Expiry,
    /// The earlier [`Class`] first.
    Class,
    /// The earlier begin first.
    Age,
}

/// The order in which lots are used up: key after key, and at last by number, so that there is never a tie.
///
/// # Shape
/// By default scope, priority, expiry, class, age. With no key at all the oldest number comes first.
///
/// # Examples
/// ```
/// use bailiwick::ledger::{BurnKey, BurnOrder};
///
/// let soonest = BurnOrder::new([BurnKey::Expiry, BurnKey::Class, BurnKey::Age]);
/// assert_eq!(soonest.keys().count(), 3);
/// ```
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BurnOrder(SmallVec<[BurnKey; 5]>);

impl Default for BurnOrder {
    fn default() -> Self {
        Self::new([BurnKey::Scope, BurnKey::Priority, BurnKey::Expiry, BurnKey::Class, BurnKey::Age])
    }
}

impl BurnOrder {
    /// By these keys, the first first.
    #[must_use]
    pub fn new(keys: impl IntoIterator<Item = BurnKey>) -> Self {
        Self(keys.into_iter().collect())
    }

    /// The keys, the first first.
    pub fn keys(&self) -> impl Iterator<Item = BurnKey> {
        self.0.iter().copied()
    }

    /// Which of two lots is used up first.
    pub(super) fn compare(&self, left: &Lot, right: &Lot) -> Ordering {
        let by = |key: BurnKey| match key {
            BurnKey::Scope => (left.scope == Scope::EVERYTHING).cmp(&(right.scope == Scope::EVERYTHING)),
            BurnKey::Priority => left.priority.cmp(&right.priority),
            BurnKey::Expiry => (left.expires.is_none(), left.expires).cmp(&(right.expires.is_none(), right.expires)),
            BurnKey::Class => left.class.cmp(&right.class),
            BurnKey::Age => left.effective.cmp(&right.effective),
        };
        self.keys().fold(Ordering::Equal, |order, key| order.then_with(|| by(key))).then(left.id.cmp(&right.id))
    }
}

/// Credits of one lot.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
pub struct Draw {
    /// Which lot.
    pub lot: LotId,
    /// How many.
    pub amount: Credits,
}

/// Which lots, in the order in which they were taken from.
pub type Draws = SmallVec<[Draw; 1]>;

/// How many credits there are in draws.
pub(super) fn sum(draws: &[Draw]) -> u64 {
    draws.iter().fold(0, |sum: u64, draw| sum.saturating_add(draw.amount.as_u64()))
}
