//! Changes: what records, or entries, change in the tables.

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Row, RowKey, ledger, organization, shadow, sheet};
use crate::change::Record;
use crate::ledger::{Entry, Ledger};
use crate::organization::Organization;
use crate::sharing::{ShareRecord, Sheet};

/// What records change in the tables. For a store, which carries it out where it appends the records: all of it or nothing.
///
/// # Shape
/// Each key at most once in all, however often records change what it is of; a row that stays as it is is not among them. In the order of
/// the keys. What was put can be put again, and what was deleted deleted again: nothing changes.
///
/// # Examples
/// See the [module](super).
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
pub struct RowChanges {
    /// Rows that are there from now on, in the place of those of the same key.
    pub put: Vec<Row>,
    /// Rows that are there no more.
    pub deleted: Vec<RowKey>,
}

impl RowChanges {
    /// What records change, of an organization as it was before them.
    ///
    /// # Shape
    /// Costs what the records are about, not the organization: the people, places and so on that they name. What is about everybody who has
    /// something by its nature (a custom role, a team, a workspace that goes) looks for them, as [`apply`](Organization::apply) does.
    #[must_use]
    pub fn of(before: &Organization, records: &[Record]) -> Self {
        if records.is_empty() {
            return Self::default();
        }
        let (was, is) = shadow::before_and_after(before, records);
        Self::between(organization::rows(&was, Some(&is)), organization::rows(&is, Some(&was)))
    }

    /// What records change, of the shares on a resource as they were before them.
    ///
    /// # Shape
    /// Costs the shares on that resource.
    #[must_use]
    pub fn of_sheet(before: &Sheet, records: &[ShareRecord]) -> Self {
        let mut after = before.clone();
        records.iter().for_each(|record| after.apply(record));
        Self::between(sheet::rows(before, Some(&after)), sheet::rows(&after, Some(before)))
    }

    /// What entries change, of a ledger as it was before them.
    ///
    /// # Shape
    /// Costs the entries, and a look at each lot: not the holds, limits, meters, spends and keys that the ledger has.
    #[must_use]
    pub fn of_ledger(before: &Ledger, entries: &[Arc<Entry>]) -> Self {
        if entries.is_empty() {
            return Self::default();
        }
        let (id, shadow) = (before.organization(), before.shadow(entries));
        let mut after = shadow.ledger.clone();
        entries.iter().for_each(|entry| after.apply(entry));
        let figures = [before.figures(), shadow.figures(before, &after)];
        let [was, is] = figures.map(|figures| ledger::balance_row(id, &figures));
        let rows = |ledger: &Ledger, other: &Ledger| {
            let lots = ledger.kept_lots().filter(|lot| other.kept_lot(lot.id) != Some(*lot));
            lots.map(|lot| ledger::lot_row(id, lot)).collect::<Vec<_>>()
        };
        let (was_lots, is_lots) = (rows(&shadow.ledger, &after), rows(&after, &shadow.ledger));
        Self::between(was.into_iter().chain(was_lots).collect(), is.into_iter().chain(is_lots).collect())
    }

    /// What is different, of rows that may be.
    pub(crate) fn between(before: Vec<Row>, after: Vec<Row>) -> Self {
        let (before, after) = (keyed(before), keyed(after));
        let mut changes = Self::default();
        let mut gone = before.into_iter().peekable();
        for (key, row) in after {
            while let Some((key, _)) = gone.next_if(|(before, _)| *before < key) {
                changes.deleted.push(key);
            }
            let was = gone.next_if(|(before, _)| *before == key);
            if was.is_none_or(|(_, was)| was != row) {
                changes.put.push(row);
            }
        }
        changes.deleted.extend(gone.map(|(key, _)| key));
        changes
    }

    /// Whether nothing changes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.put.is_empty() && self.deleted.is_empty()
    }
}

/// Rows with their keys, in the order of these.
fn keyed(rows: Vec<Row>) -> Vec<(RowKey, Row)> {
    let mut keyed: Vec<(RowKey, Row)> = rows.into_iter().map(|row| (row.key(), row)).collect();
    keyed.sort_unstable_by(|(key, _), (other, _)| key.cmp(other));
    keyed
}
