//! The past: what was spent under which name, as long as it can be refunded. Names in it are taken.

use alloc::collections::{BTreeSet, VecDeque};

use hashbrown::HashMap;
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Credits, Draw, Draws, Spender};
use crate::id::HoldId;

/// What was spent by one hold or charge, and not refunded yet.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spend {
    pub(super) spender: Spender,
    /// From which lots, the first taken first.
    pub(super) draws: Draws,
    /// As debt; taken last.
    pub(super) owed: u64,
    /// Where the pool does not pay: used, and not taken from anywhere.
    pub(super) metered: u64,
    /// How much of it was spent at which moment, the first first.
    pub(super) parts: Parts,
    /// Whether it was spent by a process, in the names of others.
    pub(super) lease: bool,
}

/// Amounts by the moment at which they were spent; see [`Books::moment`](super::books::Books::moment).
pub(super) type Parts = SmallVec<[(u64, u64); 1]>;

impl Spend {
    pub(super) fn none((spender, lease): (Spender, bool)) -> Self {
        Self { spender, draws: Draws::new(), owed: 0, metered: 0, parts: Parts::new(), lease }
    }

    /// How much of it can be refunded.
    pub(super) fn left(&self) -> u64 {
        super::lot::sum(&self.draws).saturating_add(self.owed).saturating_add(self.metered)
    }

    /// Spends so much more.
    pub(super) fn add(&mut self, (draws, owed, metered): (&[Draw], u64, u64), (moment, boundary): (u64, u64)) {
        draws.iter().for_each(|draw| add_draw(&mut self.draws, *draw));
        self.owed = self.owed.saturating_add(owed);
        self.metered = self.metered.saturating_add(metered);
        let more = super::lot::sum(draws).saturating_add(owed).saturating_add(metered);
        match self.parts.last_mut() {
            // Since then nothing has begun to count that did not count before.
            Some((last, amount)) if *last > boundary => *amount = amount.saturating_add(more),
            _ if more > 0 => self.parts.push((moment, more)),
            _ => {}
        }
    }
}

/// One more draw; one from the lot of the last is added to it.
pub(super) fn add_draw(draws: &mut Draws, draw: Draw) {
    match draws.last_mut() {
        Some(last) if last.lot == draw.lot => {
            last.amount = Credits::new(last.amount.as_u64().saturating_add(draw.amount.as_u64()));
        }
        _ if draw.amount.is_zero() => {}
        _ => draws.push(draw),
    }
}

/// Spends by name, forgotten in the order in which they came. They lie in a queue; a map says at which number each is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Past {
    /// Of holds that are open: these are not forgotten.
    pub(super) open: HashMap<HoldId, Spend>,
    pub(super) numbers: HashMap<HoldId, u64>,
    pub(super) spends: VecDeque<(HoldId, Spend)>,
    /// How many were forgotten: the number of the first in the queue.
    pub(super) gone: u64,
}

impl Past {
    /// How many spends are remembered.
    #[cfg(feature = "std")]
    pub(super) fn len(&self) -> usize {
        self.spends.len().saturating_add(self.open.len())
    }

    fn at(&self, hold: HoldId) -> Option<usize> {
        usize::try_from(self.numbers.get(&hold)?.checked_sub(self.gone)?).ok()
    }

    pub(super) fn get(&self, hold: HoldId) -> Option<&Spend> {
        if let Some(spend) = self.open.get(&hold) {
            return Some(spend);
        }
        self.spends.get(self.at(hold)?).map(|(_, spend)| spend)
    }

    fn get_mut(&mut self, hold: HoldId) -> Option<&mut Spend> {
        if self.open.contains_key(&hold) {
            return self.open.get_mut(&hold);
        }
        let at = self.at(hold)?;
        self.spends.get_mut(at).map(|(_, spend)| spend)
    }

    /// Notes what was spent by a hold that is open and stays so.
    pub(super) fn note(&mut self, hold: HoldId, who: (Spender, bool), spent: (&[Draw], u64, u64), at: (u64, u64)) {
        self.open.entry(hold).or_insert_with(|| Spend::none(who)).add(spent, at);
    }

    /// Notes what was spent by a hold that is over: it waits to be forgotten. Nothing is noted as well, so that the name is taken.
    pub(super) fn end(&mut self, hold: HoldId, who: (Spender, bool), spent: (&[Draw], u64, u64), at: (u64, u64)) {
        let before = if self.open.is_empty() { None } else { self.open.remove(&hold) };
        let mut spend = before.unwrap_or_else(|| Spend::none(who));
        spend.add(spent, at);
        let number = self.gone.saturating_add(u64::try_from(self.spends.len()).unwrap_or(u64::MAX));
        self.numbers.insert(hold, number);
        self.spends.push_back((hold, spend));
    }

    /// Forgets the oldest, if there are more than so many.
    pub(super) fn forget(&mut self, keep: usize) -> Option<Spend> {
        if self.spends.len() <= keep {
            return None;
        }
        let (oldest, forgotten) = self.spends.pop_front()?;
        self.numbers.remove(&oldest);
        self.gone = self.gone.saturating_add(1);
        Some(forgotten)
    }

    /// The part of it that the first so many and some names are, and how many others in the queue are left out.
    pub(super) fn part(&self, first: usize, names: &BTreeSet<HoldId>) -> (Self, usize) {
        let mut part = Self::default();
        part.open.extend(names.iter().filter_map(|hold| Some((*hold, self.open.get(hold)?.clone()))));
        let mut places: BTreeSet<usize> = (0..first.min(self.spends.len())).collect();
        places.extend(names.iter().filter_map(|hold| self.at(*hold)));
        for (number, (hold, spend)) in (0..).zip(places.iter().filter_map(|at| self.spends.get(*at))) {
            part.numbers.insert(*hold, number);
            part.spends.push_back((*hold, spend.clone()));
        }
        let left_out = self.spends.len().saturating_sub(part.spends.len());
        (part, left_out)
    }

    /// Every draw that is remembered.
    pub(super) fn draws(&self) -> impl Iterator<Item = &Draw> {
        self.open.values().chain(self.spends.iter().map(|(_, spend)| spend)).flat_map(|spend| &spend.draws)
    }

    /// Takes a refund out of a spend.
    pub(super) fn refund(&mut self, hold: HoldId, refund: &Refunded) {
        let Some(spend) = self.get_mut(hold) else { return };
        spend.owed = spend.owed.saturating_sub(refund.owed);
        spend.metered = spend.metered.saturating_sub(refund.metered);
        for back in &refund.draws {
            if let Some(last) = spend.draws.last_mut() {
                last.amount = last.amount.beyond(back.amount);
                if last.amount.is_zero() {
                    spend.draws.pop();
                }
            }
        }
        for (_, amount) in &refund.parts {
            if let Some((_, last)) = spend.parts.last_mut() {
                *last = last.saturating_sub(*amount);
                if *last == 0 {
                    spend.parts.pop();
                }
            }
        }
    }
}

/// What of a spend is given back: the last taken first.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Refunded {
    pub(super) owed: u64,
    pub(super) metered: u64,
    /// To which lots, the last taken first.
    pub(super) draws: Draws,
    /// Of which moments, the last first.
    pub(super) parts: Parts,
}

impl Refunded {
    /// So much of a spend.
    pub(super) fn of(spend: &Spend, amount: u64) -> Self {
        let owed = amount.min(spend.owed);
        let metered = amount.saturating_sub(owed).min(spend.metered);
        let rest = amount.saturating_sub(owed).saturating_sub(metered);
        let (mut parts, mut left) = (Parts::new(), amount);
        for (moment, part) in spend.parts.iter().rev() {
            if left == 0 {
                break;
            }
            let part = left.min(*part);
            left = left.saturating_sub(part);
            parts.push((*moment, part));
        }
        Self { owed, metered, draws: from_the_end(&spend.draws, rest), parts }
    }

    /// How much of it was spent after a moment.
    pub(super) fn since(&self, moment: u64) -> u128 {
        let after = self.parts.iter().filter(|(at, _)| *at > moment);
        after.map(|(_, amount)| u128::from(*amount)).sum()
    }
}

/// The last so many credits of draws, the last first.
pub(super) fn from_the_end(draws: &[Draw], amount: u64) -> Draws {
    taken(draws.iter().rev(), amount)
}

/// The first so many credits of draws, the first first.
pub(super) fn from_the_begin(draws: &[Draw], amount: u64) -> Draws {
    taken(draws.iter(), amount)
}

/// What is left of draws after their first so many credits.
pub(super) fn from_the_begin_after(draws: &[Draw], amount: u64) -> Draws {
    let left = super::lot::sum(draws).saturating_sub(amount);
    let mut rest = from_the_end(draws, left);
    rest.reverse();
    rest
}

fn taken<'a>(draws: impl Iterator<Item = &'a Draw>, amount: u64) -> Draws {
    let mut rest = amount;
    let parts = draws.map(|draw| {
        let part = draw.amount.as_u64().min(rest);
        rest = rest.saturating_sub(part);
        Draw { lot: draw.lot, amount: Credits::new(part) }
    });
    parts.filter(|part| !part.amount.is_zero()).collect()
}
