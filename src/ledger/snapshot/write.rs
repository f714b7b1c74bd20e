//! Writing: a ledger as a snapshot. What lies in no order is put into one; what follows from the rest is left out.

use alloc::vec::Vec;

use hashbrown::HashMap;

use super::super::books::Books;
use super::super::keys::Keys;
use super::super::meter::Meters;
use super::super::past::Past;
use super::super::{Ledger, Lot, Settings};
use super::{FORMAT, Snapshot, form};

impl Ledger {
    /// Everything that its entries have made of it, as one value; see [`Snapshot`].
    ///
    /// # Shape
    /// Costs the ledger: lots, holds, limits, meters, and every answer that it remembers. Equal ledgers give equal snapshots.
    ///
    /// # Examples
    /// See [`Snapshot`].
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let books = &self.books;
        Snapshot {
            format: FORMAT,
            organization: self.organization,
            memory: form::Memory::of(&self.settings),
            version: self.version,
            clock: self.clock,
            lots: lots(books),
            next_lot: books.next_lot,
            totals: books.totals,
            base: books.base,
            owed: books.owed,
            holds: in_order(&books.holds),
            limits: books.limits.all(),
            meters: meters(&books.meters),
            usage: books.usage_in_order(),
            allowance: books.allowance.clone(),
            as_of: books.as_of,
            next: books.next.clone(),
            period: books.period,
            given: books.given.iter().map(|(start, (end, begins))| (*start, *end, *begins)).collect(),
            credits_left: books.credits_left.clone(),
            pool: books.pool,
            pools: books.pools.clone(),
            moment: books.moment,
            boundary: books.boundary,
            fault: books.fault.map(|lot| form::Fault { lot }),
            keys: keys(&self.keys),
            past: past(&self.past),
        }
    }
}

impl form::Memory {
    pub(super) const fn of(settings: &Settings) -> Self {
        Self { window: settings.window, keys_max: settings.keys_max, refundable_max: settings.refundable_max }
    }
}

fn lots(books: &Books) -> Vec<form::OneLot> {
    // Whether a lot is general, its scope says.
    let form = |lot: &Lot| form::OneLot(Lot { general: false, ..lot.clone() });
    let mut lots: Vec<form::OneLot> = books.open.iter().chain(books.aside.values()).map(form).collect();
    lots.sort_unstable_by_key(|lot| lot.0.id);
    lots
}

fn meters(meters: &Meters) -> Vec<form::Meter> {
    let all = meters.meters.iter().map(|(label, meter)| form::Meter {
        meter: *label,
        cells: meter.cells.iter().map(|(spot, units)| (*spot, *units)).collect(),
        levels: meter.levels.iter().map(|(place, level)| (*place, *level)).collect(),
        graces: meter.graces.iter().map(|(place, grace)| (*place, *grace)).collect(),
    });
    all.collect()
}

fn keys(keys: &Keys) -> form::Keys {
    form::Keys { entries: keys.entries.iter().cloned().collect(), gone: keys.gone, forgotten: keys.forgotten }
}

fn past(past: &Past) -> form::Past {
    form::Past { open: in_order(&past.open), over: past.spends.iter().cloned().collect(), gone: past.gone }
}

fn in_order<K: Copy + Ord, V: Clone>(map: &HashMap<K, V>) -> Vec<(K, V)> {
    let mut all: Vec<(K, V)> = map.iter().map(|(key, value)| (*key, value.clone())).collect();
    all.sort_unstable_by_key(|(key, _)| *key);
    all
}
