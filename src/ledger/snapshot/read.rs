//! Reading: a snapshot as a ledger. Nothing of it is believed before it is counted and compared with the rest.

use alloc::collections::BTreeMap;
use alloc::sync::Arc;
use alloc::vec::Vec;

use super::super::books::Books;
use super::super::hold::Open;
use super::super::keys::Keys;
use super::super::meter::{Meter, Meters};
use super::super::past::Past;
use super::super::{Entry, Ledger, Lot, LotId, Refusal, Scope, Settings, judge};
use super::{FORMAT, Snapshot, SnapshotError, form};
use crate::id::OrgId;
use crate::limits::{ALERTS_MAX, GIVEN_PERIODS_MAX, METER_CELLS_MAX, OPEN_HOLDS_MAX, POOLS_MAX, SPEND_LIMITS_MAX};

impl Ledger {
    /// The ledger that a snapshot was made of. The entries after its [version](Snapshot::version) are still to be applied.
    ///
    /// The order of burning and whether transfers are open may be others than those it was made with: they are no part of the
    /// state.
    ///
    /// # Shape
    /// Costs the ledger, not its history. What is due, and in which order lots are used up, is made anew.
    ///
    /// # Errors
    /// [`SnapshotError`]: of another format, organization or memory; or it says what cannot be. A ledger whose books did not
    /// balance is not begun from: what was missing may be there by now, and a replay finds it.
    ///
    /// # Examples
    /// See [`Snapshot`].
    pub fn restore(organization: OrgId, settings: Settings, snapshot: &Snapshot) -> Result<Self, SnapshotError> {
        if snapshot.format != FORMAT {
            return Err(SnapshotError::Format { found: snapshot.format });
        }
        if snapshot.organization != organization {
            return Err(SnapshotError::AnotherOrganization { of: snapshot.organization });
        }
        if snapshot.memory != form::Memory::of(&settings) {
            return Err(SnapshotError::OtherSettings);
        }
        if let Some(form::Fault { lot }) = snapshot.fault {
            return Err(SnapshotError::Unbalanced { lot });
        }
        let books = snapshot.books(&settings)?;
        let keys = snapshot.keys(&settings)?;
        let past = snapshot.past(&settings, &books)?;
        let (version, clock) = (snapshot.version, snapshot.clock);
        let restored = Self { organization, settings, version, clock, books, keys, past };
        restored.contradiction()?;
        Ok(restored)
    }

    /// What does not hold and should.
    fn contradiction(&self) -> Result<(), SnapshotError> {
        held_by_holds(&self.books)?;
        if let Some(meter) = self.books.meters.unbalanced() {
            return Err(SnapshotError::Meter(meter));
        }
        match self.audit().first() {
            None => Ok(()),
            Some(Refusal::Unbalanced { lot }) => Err(SnapshotError::Unbalanced { lot: *lot }),
            Some(_) => Err(SnapshotError::Unbalanced { lot: None }),
        }
    }
}

impl Snapshot {
    fn books(&self, settings: &Settings) -> Result<Books, SnapshotError> {
        at_most(self.holds.len(), OPEN_HOLDS_MAX, "open holds")?;
        at_most(self.limits.len(), SPEND_LIMITS_MAX, "limits")?;
        at_most(self.given.len(), GIVEN_PERIODS_MAX, "periods given ahead")?;
        at_most(self.credits_left.len(), ALERTS_MAX, "thresholds")?;
        at_most(self.pools.len(), POOLS_MAX, "pools")?;
        ascending(self.holds.iter().map(|(id, _)| *id), "holds")?;
        ascending(self.given.iter().map(|(start, ..)| *start), "periods given ahead")?;
        ascending(self.credits_left.iter().copied(), "thresholds")?;
        for allowance in self.allowance.iter().chain(self.next.iter().map(|(next, _)| next)) {
            judge::possible(allowance).map_err(|refusal| SnapshotError::Allowance { code: refusal.code() })?;
        }
        let mut books = Books::new(settings.burn_order.clone());
        books.lay_out(self.lots()?);
        (books.next_lot, books.totals, books.base, books.owed) = (self.next_lot, self.totals, self.base, self.owed);
        self.holds.iter().for_each(|(id, open)| books.open_hold(*id, open.clone()));
        for (scope, over, limit) in &self.limits {
            if books.limits.get(scope, *over).is_some() {
                return Err(SnapshotError::OutOfOrder { what: "limits" });
            }
            books.limits.set(*scope, *over, Some(*limit));
        }
        books.meters = self.meters()?;
        for (scope, used) in &self.usage {
            if books.usage.insert(*scope, *used).is_some() {
                return Err(SnapshotError::OutOfOrder { what: "scopes of usage" });
            }
        }
        (books.allowance, books.as_of, books.period) = (self.allowance.clone(), self.as_of, self.period);
        books.given = self.given.iter().map(|(start, end, begins)| (*start, (*end, *begins))).collect();
        books.credits_left.clone_from(&self.credits_left);
        (books.pool, books.pools) = (self.pool, self.pools.clone());
        (books.moment, books.boundary) = (self.moment, self.boundary);
        books.schedule_allowance(self.next.clone());
        books.plan_period();
        Ok(books)
    }

    fn lots(&self) -> Result<Vec<Lot>, SnapshotError> {
        ascending(self.lots.iter().map(|lot| lot.0.id), "lots")?;
        let is_numbered = |id: LotId| id > LotId::default() && id < self.next_lot;
        let lot = |form: &form::OneLot| {
            let lot = Lot { general: form.0.scope == Scope::EVERYTHING, ..form.0.clone() };
            let can_be = is_numbered(lot.id) && !lot.is_over();
            if can_be { Ok(lot) } else { Err(SnapshotError::Lot(lot.id)) }
        };
        self.lots.iter().map(lot).collect()
    }

    fn meters(&self) -> Result<Meters, SnapshotError> {
        ascending(self.meters.iter().map(|form| form.meter), "meters")?;
        let mut meters = Meters::default();
        for form in &self.meters {
            ascending(form.cells.iter().map(|(spot, _)| *spot), "cells of a meter")?;
            ascending(form.levels.iter().map(|(place, _)| *place), "places of a meter")?;
            ascending(form.graces.iter().map(|(place, _)| *place), "graces of a meter")?;
            let meter = Meter {
                cells: form.cells.iter().copied().collect(),
                levels: form.levels.iter().copied().collect(),
                graces: form.graces.iter().copied().collect(),
            };
            meters.cells = meters.cells.saturating_add(meter.cells.len());
            meters.meters.insert(form.meter, meter);
        }
        at_most(meters.cells, METER_CELLS_MAX, "cells of meters")?;
        Ok(meters)
    }

    fn keys(&self, settings: &Settings) -> Result<Keys, SnapshotError> {
        let form = &self.keys;
        at_most(form.entries.len(), settings.keys_max, "answers")?;
        ascending(form.entries.iter().map(|entry| entry.version), "answers")?;
        let ahead = |entry: &&Arc<Entry>| entry.version > self.version || entry.at > self.clock;
        if let Some(entry) = form.entries.iter().find(ahead) {
            return Err(SnapshotError::Answer(entry.order.key));
        }
        let numbers = numbered(form.entries.iter().map(|entry| entry.order.key), form.gone, self.version.as_u64());
        let numbers = numbers.ok_or(SnapshotError::OutOfOrder { what: "answers" })?;
        let entries = form.entries.iter().cloned().collect();
        Ok(Keys { numbers, entries, gone: form.gone, forgotten: form.forgotten })
    }

    fn past(&self, settings: &Settings, books: &Books) -> Result<Past, SnapshotError> {
        let form = &self.past;
        at_most(form.over.len(), settings.refundable_max, "spends")?;
        ascending(form.open.iter().map(|(id, _)| *id), "spends of open holds")?;
        let is_open = |id| matches!(books.holds.get(id), Some(Open::Hold(_)));
        if let Some((id, _)) = form.open.iter().find(|(id, _)| !is_open(id)) {
            return Err(SnapshotError::HoldAstray(*id));
        }
        let numbers = numbered(form.over.iter().map(|(id, _)| *id), form.gone, u64::MAX);
        let numbers = numbers.ok_or(SnapshotError::OutOfOrder { what: "spends" })?;
        let (open, spends) = (form.open.iter().cloned().collect(), form.over.iter().cloned().collect());
        Ok(Past { open, numbers, spends, gone: form.gone })
    }
}

/// Of every lot is held what holds hold.
fn held_by_holds(books: &Books) -> Result<(), SnapshotError> {
    let lots = books.open.iter().chain(books.aside.values());
    let mut held: BTreeMap<LotId, u64> = lots.map(|lot| (lot.id, lot.columns.held)).collect();
    for (id, open) in &books.holds {
        let Open::Hold(hold) = open else { continue };
        for draw in &hold.draws {
            let lot = held.get_mut(&draw.lot).ok_or(SnapshotError::LotAstray { hold: *id, lot: draw.lot })?;
            *lot = lot.checked_sub(draw.amount.as_u64()).ok_or(SnapshotError::Lot(draw.lot))?;
        }
    }
    held.iter().find(|(_, rest)| **rest > 0).map_or(Ok(()), |(lot, _)| Err(SnapshotError::Lot(*lot)))
}

/// The number of each, counted on from those that are gone; `None` where one is there twice, or the numbers go too far.
fn numbered<K: Eq + core::hash::Hash>(
    keys: impl Iterator<Item = K>,
    gone: u64,
    max: u64,
) -> Option<hashbrown::HashMap<K, u64>> {
    let mut numbers = hashbrown::HashMap::new();
    let mut number = gone;
    for key in keys {
        if numbers.insert(key, number).is_some() {
            return None;
        }
        number = number.checked_add(1)?;
    }
    (number <= max).then_some(numbers)
}

fn at_most(count: usize, max: usize, what: &'static str) -> Result<(), SnapshotError> {
    if count <= max { Ok(()) } else { Err(SnapshotError::TooMany { what, max }) }
}

fn ascending<K: PartialOrd>(keys: impl Iterator<Item = K>, what: &'static str) -> Result<(), SnapshotError> {
    if keys.is_sorted_by(|a, b| a < b) { Ok(()) } else { Err(SnapshotError::OutOfOrder { what }) }
}
