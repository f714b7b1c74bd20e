//! WHAT IS USED UP? Credits, and what meters count: one ledger for each organization.
//!
//! A [`Ledger`] is asked by an [`Order`]: a key and a [`Request`]. [`handle`](Ledger::handle) judges and changes nothing; what
//! it answers is appended and [applied](Ledger::apply), as with an organization next door. How it counts is in the
//! [guide](crate::guide::accounting).

mod alert;
mod allowance;
mod apply;
mod books;
mod by_scope;
mod elapse;
mod entry;
mod hold;
mod judge;
mod keys;
mod lease;
mod limit;
mod lot;
mod meter;
mod order;
mod past;
mod period;
mod preview;
mod quantity;
mod read;
mod refusal;
mod scope;
mod settings;
mod shadow;
mod snapshot;
mod statement;
mod words;

pub use allowance::{Allowance, MeterRule};
pub use books::Used;
pub use entry::{Alert, Allocated, Due, Elapsed, Entry, Kept, OverLimit, Receipt, Threshold, Verdict, Watched};
pub use lease::{LeaseSpent, Leased};
pub use lot::{BurnKey, BurnOrder, Class, Columns, Draw, Draws, Lot, LotId};
pub use order::*;
pub use preview::Preview;
pub use quantity::{Credits, Units};
pub use read::{Balance, DueContent, LimitState, MeterState, Spendable};
pub use refusal::Refusal;
pub use scope::{Pays, Scope, Spender};
pub use settings::Settings;
pub(crate) use shadow::Figures;
pub use snapshot::{Snapshot, SnapshotError};
pub use statement::{Line, Statement, Sums};

use alloc::borrow::Cow;
use alloc::sync::Arc;
use alloc::vec::Vec;

use books::Books;
use judge::Stand;
use keys::Keys;
use past::Past;

use crate::actor::Actor;
use crate::id::{CommandId, OrgId};
use crate::limits::CLOCK_JUMP_MAX;
use crate::time::Timestamp;
use crate::version::Version;

/// What one organization has used up and what it has left.
///
/// # Shape
/// Moves as an organization does: [`handle`](Self::handle) judges, [`apply`](Self::apply) changes, [`snapshot`](Self::snapshot) keeps it
/// as one value. Exact at any time without a
/// sweeper. Memory grows with lots, open holds, limits, spots of meters, scopes of usage in one period and remembered keys, each
/// bounded in [`limits`](crate::limits), and not with history.
///
/// # Examples
/// ```
/// use bailiwick::ledger::{Class, Credits, Grant, Hold, Ledger, Order, Request, Scope, Settings, Settle, Spender};
/// use bailiwick::{Actor, CommandId, HoldId, OrgId, Timestamp};
///
/// let mut ledger = Ledger::new(OrgId::from_u64(1).unwrap(), Settings::default());
/// let now = Timestamp::from_millis(1_795_000_000_000);
/// let mut key = 0;
/// let mut give = |ledger: &mut Ledger, request: Request| {
///     key += 1;
///     let order = Order { key: CommandId::from_u64(key).unwrap(), issued: now, request };
///     let verdict = ledger.handle(&order, Actor::System, now);
///     if let bailiwick::ledger::Verdict::New(entry) = &verdict {
///         ledger.apply(entry); // a store appends it first
///     }
///     verdict.answer().map(Clone::clone).map_err(|refusal| *refusal)
/// };
///
/// let grant = Grant { class: Class::Purchased, amount: Credits::new(100), scope: Scope::EVERYTHING, priority: 0, effective: None, expires: None };
/// give(&mut ledger, grant.into())?;
///
/// let (hold, spender) = (HoldId::from_u64(1).unwrap(), Spender::new(Scope::EVERYTHING));
/// let until = now.plus(bailiwick::Span::minutes(10));
/// let promise = Hold { hold, spender, amount: Credits::new(80), until, above: Default::default(), timeout: Default::default() };
/// give(&mut ledger, promise.into())?;
/// assert_eq!(ledger.balance(now).spendable, 20);
/// give(&mut ledger, Settle { hold, amount: Credits::new(30) }.into())?;
/// assert_eq!(ledger.balance(now).spendable, 70);
/// # Ok::<(), bailiwick::ledger::Refusal>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ledger {
    organization: OrgId,
    settings: Settings,
    version: Version,
    /// The time of the last entry.
    clock: Timestamp,
    books: Books,
    keys: Keys,
    past: Past,
}

impl Ledger {
    /// The ledger of an organization, with nothing in it.
    #[must_use]
    pub fn new(organization: OrgId, settings: Settings) -> Self {
        let books = Books::new(settings.burn_order.clone());
        let clock = Timestamp::from_millis(0);
        let (keys, past) = (Keys::default(), Past::default());
        Self { organization, settings, version: Version::ZERO, clock, books, keys, past }
    }

    /// The ledger of a history. A store that keeps the entries gives them back in their order.
    #[must_use]
    pub fn replay<'a>(
        organization: OrgId,
        settings: Settings,
        entries: impl IntoIterator<Item = &'a Arc<Entry>>,
    ) -> Self {
        let mut ledger = Self::new(organization, settings);
        entries.into_iter().for_each(|entry| ledger.apply(entry));
        ledger
    }

    /// Whose it is.
    #[must_use]
    pub const fn organization(&self) -> OrgId {
        self.organization
    }

    /// How many entries it has seen.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// Whose pool its spends are paid from: another organization's, or its own (`None`).
    #[must_use]
    pub const fn pool(&self) -> Option<OrgId> {
        self.books.pool
    }

    /// Whose pools it has ever drawn on: holds of this organization can still be there.
    #[must_use]
    pub fn pools(&self) -> &[OrgId] {
        &self.books.pools
    }

    /// The state of affairs that the allowance was taken from; `None` before there is one.
    #[must_use]
    pub fn allowance_as_of(&self) -> Option<u64> {
        self.books.allowance.as_ref().map(|_| self.books.as_of)
    }

    /// Bytes that it takes in memory, about: counted by what there is, not by what each of it holds.
    #[cfg(feature = "std")]
    pub(crate) fn bytes(&self) -> usize {
        const KEY: usize = 640;
        const HOLD: usize = 320;
        const LOT: usize = 192;
        const CELL: usize = 160;
        let cells = self.books.limits.count().saturating_add(self.books.meters.cells());
        let lots = self.books.open.len().saturating_add(self.books.aside.len());
        let holds = self.books.holds.len().saturating_add(self.past.len());
        [(self.keys.len(), KEY), (holds, HOLD), (lots, LOT), (cells, CELL)]
            .into_iter()
            .fold(4_096, |bytes, (count, each)| bytes.saturating_add(count.saturating_mul(each)))
    }

    /// Whether the allowance is as an order would set it, but for the state of affairs that it is taken from.
    #[cfg(feature = "std")]
    pub(crate) fn has_allowance(&self, set: &SetAllowance, now: Timestamp) -> bool {
        let books = self.books_at(now);
        books.allowance.as_ref() == Some(&set.allowance) && books.next == set.next
    }

    /// A time, or that of the last entry where it is later.
    #[cfg(feature = "std")]
    pub(crate) fn latest(&self, now: Timestamp) -> Timestamp {
        now.max(self.clock)
    }

    /// The order that was given under a key, and its answer, as long as they are remembered.
    #[must_use]
    pub fn known(&self, key: CommandId) -> Option<&Entry> {
        self.keys.known(key).map(AsRef::as_ref)
    }

    /// Judges an order. Changes nothing: an entry says what would happen, [`apply`](Self::apply) makes it so.
    ///
    /// # Errors
    /// In the [`Verdict`]: the first [`Refusal`] that holds, in the order that the request documents.
    ///
    /// # Examples
    /// See [`Ledger`].
    pub fn handle(&self, order: &Order, by: Actor, now: Timestamp) -> Verdict {
        let at = now.max(self.clock);
        if let Some(known) = self.keys.recall(order, &self.settings, at) {
            return known.map_or_else(Verdict::Refused, Verdict::Known);
        }
        if self.version > Version::ZERO && at > self.clock.plus(CLOCK_JUMP_MAX) {
            return Verdict::Refused(Refusal::ClockJump { clock: self.clock });
        }
        if let Some(lot) = self.books.fault {
            return Verdict::Refused(Refusal::Unbalanced { lot });
        }
        let (elapsed, answer) = self.judge(&order.request, at);
        if let Some(refusal) = answer.as_ref().err().filter(|refusal| !refusal.is_kept()) {
            return Verdict::Refused(*refusal);
        }
        let (version, order) = (self.version.next(), order.clone());
        Verdict::New(Arc::new(Entry { version, at, by, elapsed, order, answer }))
    }

    /// What is due by a time, and the answer to a request then.
    fn judge(&self, request: &Request, at: Timestamp) -> (Vec<Elapsed>, Result<Receipt, Refusal>) {
        let (books, elapsed) = self.books_for(request, at);
        let answer = self.stand(&books, &elapsed, at).answer(request);
        (elapsed, answer)
    }

    const fn stand<'a>(&'a self, books: &'a Books, elapsed: &'a [Elapsed], now: Timestamp) -> Stand<'a> {
        let (before, past, settings) = (&self.books, &self.past, &self.settings);
        Stand { organization: self.organization, books, before, past, elapsed, settings, now }
    }

    /// The books as they are at a time, and what happens until then. A period that an order begins is among it.
    fn books_for(&self, request: &Request, at: Timestamp) -> (Cow<'_, Books>, Vec<Elapsed>) {
        let begun = match request {
            Request::BeginPeriod(given) if given.start <= at => Some(*given),
            _ => None,
        };
        if begun.is_none() && !self.books.is_due(at) {
            return (Cow::Borrowed(&self.books), Vec::new());
        }
        let mut books = self.books.clone();
        let mut elapsed = Vec::new();
        // Periods may come to be given only by what is due until now.
        for _ in 0..2 {
            if let Some(given) = begun.filter(|given| books.may_begin(given, at)) {
                books.give_period(given.start, given.end, at);
            }
            elapsed.append(&mut books.advance(at));
        }
        (Cow::Owned(books), elapsed)
    }

    /// A time as the ledger takes it: not before its last entry, and not years after it.
    fn within_reach(&self, now: Timestamp) -> Timestamp {
        let latest = if self.version > Version::ZERO { self.clock.plus(CLOCK_JUMP_MAX) } else { now };
        now.max(self.clock).min(latest)
    }

    /// The books as they are at a time; one before the last entry counts as that, and one years later as ten years later.
    fn books_at(&self, now: Timestamp) -> Cow<'_, Books> {
        let at = self.within_reach(now);
        if !self.books.is_due(at) {
            return Cow::Borrowed(&self.books);
        }
        let mut books = self.books.clone();
        books.advance(at);
        Cow::Owned(books)
    }
}
