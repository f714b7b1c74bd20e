//! Keys: the answers that a ledger remembers, and from when on it remembers them all.

use alloc::collections::VecDeque;
use alloc::sync::Arc;

use hashbrown::HashMap;

use super::{Entry, Order, Refusal, Settings};
use crate::id::CommandId;
use crate::limits::ISSUED_AHEAD_MAX;
use crate::time::Timestamp;

/// Answers by key, forgotten in the order in which they were given.
///
/// A key that is not here was either never used, or issued at a time that is refused: forgetting an answer makes everything
/// that was issued by then too old. So a bounded memory never carries out an order twice.
///
/// The entries lie in a queue, shared with whoever else has them, and a map says at which number each key is.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Keys {
    pub(super) numbers: HashMap<CommandId, u64>,
    pub(super) entries: VecDeque<Arc<Entry>>,
    /// How many were forgotten: the number of the first in the queue.
    pub(super) gone: u64,
    /// The latest issue time of what was forgotten.
    pub(super) forgotten: Option<Timestamp>,
}

impl Keys {
    /// How many are remembered.
    #[cfg(feature = "std")]
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// The answer that was given before, the refusal of what nobody can know, or nothing for a new order.
    pub(super) fn recall(
        &self,
        order: &Order,
        settings: &Settings,
        now: Timestamp,
    ) -> Option<Result<Arc<Entry>, Refusal>> {
        if let Some(known) = self.known(order.key) {
            return Some(if known.order == *order { Ok(Arc::clone(known)) } else { Err(Refusal::KeyReused) });
        }
        let window = Timestamp::from_millis(now.as_millis().saturating_sub(settings.window.as_millis()));
        let after = self.forgotten.map(|issued| Timestamp::from_millis(issued.as_millis().saturating_add(1)));
        let since = after.map_or(window, |after| after.max(window));
        if order.issued < since {
            return Some(Err(Refusal::TooOld { since }));
        }
        (order.issued > now.plus(ISSUED_AHEAD_MAX)).then_some(Err(Refusal::IssuedLater { now }))
    }

    pub(super) fn known(&self, key: CommandId) -> Option<&Arc<Entry>> {
        let at = self.numbers.get(&key)?.checked_sub(self.gone)?;
        self.entries.get(usize::try_from(at).ok()?)
    }

    /// Keeps an answer, and forgets those that are too many or too old.
    pub(super) fn keep(&mut self, entry: &Arc<Entry>, settings: &Settings) {
        let number = self.gone.saturating_add(u64::try_from(self.entries.len()).unwrap_or(u64::MAX));
        self.numbers.insert(entry.order.key, number);
        self.entries.push_back(Arc::clone(entry));
        let window = Timestamp::from_millis(entry.at.as_millis().saturating_sub(settings.window.as_millis()));
        while let Some(oldest) = self.entries.front().map(|entry| &entry.order) {
            if self.entries.len() <= settings.keys_max && oldest.issued >= window {
                break;
            }
            self.forgotten = self.forgotten.max(Some(oldest.issued));
            self.numbers.remove(&oldest.key);
            self.entries.pop_front();
            self.gone = self.gone.saturating_add(1);
        }
    }
}
