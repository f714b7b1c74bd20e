//! Interned records: what many have alike is kept once, and counted.
//!
//! The second word of each record is the count of those who name it; the rest is its content. A record that nobody names any
//! more makes room for another only when the change that let go of it is over: by then the sequence of every organization that
//! named it has moved, so a reader who still follows the old name reads again.

use core::hash::BuildHasher;
use std::vec::Vec;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::extents::{Extents, Free};

/// The word with the count.
pub(super) const COUNT: usize = 1;

/// Records of one kind.
#[derive(Debug)]
pub(super) struct Interned {
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
    /// Nobody names them any more.
    dropped: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    unit: u32,
    words: u32,
    hash: u64,
}

impl Interned {
    pub(super) fn new() -> Self {
        Self { known: HashTable::new(), hasher: DefaultHashBuilder::default(), dropped: Vec::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.known.allocation_size()
    }

    /// The record with a content (its count is zero), named once more, and whether it is new.
    pub(super) fn name(&mut self, extents: &Extents, free: &mut Free, content: &[u64]) -> (u32, bool) {
        let hash = self.hasher.hash_one(content);
        let words = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let is_it = |known: &Known| known.hash == hash && known.words == words && says(extents, known.unit, content);
        if let Some(known) = self.known.find(hash, is_it) {
            let unit = known.unit;
            self.name_again(extents, unit);
            return (unit, false);
        }
        let unit = extents.write(free, content);
        extents.set(unit, COUNT, 1);
        self.known.insert_unique(hash, Known { unit, words, hash }, |known| known.hash);
        (unit, true)
    }

    /// One more names a record.
    #[expect(clippy::unused_self, reason = "only whoever has the records counts")]
    pub(super) fn name_again(&self, extents: &Extents, unit: u32) {
        extents.set(unit, COUNT, extents.word(unit, COUNT).saturating_add(1));
    }

    /// One less names a record of so many words. Says whether that was the last one.
    pub(super) fn drop(&mut self, extents: &Extents, unit: u32, words: usize) -> bool {
        let left = extents.word(unit, COUNT).saturating_sub(1);
        extents.set(unit, COUNT, left);
        if left > 0 {
            return false;
        }
        let content: Vec<u64> = extents.words(unit, words).collect();
        let hash = self.hasher.hash_one(content.as_slice());
        if let Ok(entry) = self.known.find_entry(hash, |known| known.unit == unit) {
            self.dropped.push(entry.remove().0);
        }
        true
    }

    /// The change is over: what nobody names makes room.
    pub(super) fn make_room(&mut self, free: &mut Free) {
        self.dropped.drain(..).for_each(|known| free.give(known.unit, known.words as usize));
    }
}

/// Whether a record has a content; who names it aside.
fn says(extents: &Extents, unit: u32, content: &[u64]) -> bool {
    let there = extents.words(unit, content.len());
    there.zip(content).enumerate().all(|(at, (there, word))| at == COUNT || there == *word)
}
