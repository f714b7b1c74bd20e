//! Interned records: what many have alike is kept once, and counted.
//!
//! The upper half of one word of each record is the count of those who name it; the rest is its content. A record that nobody names any
//! more makes room for another only when the change that let go of it is over: by then the sequence of every organization that
//! named it has moved, so a reader who still follows the old name reads again.

use core::hash::BuildHasher;
use std::vec::Vec;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::extents::{Extents, Free};
use super::halves;

/// Records of one kind.
#[derive(Debug)]
pub(super) struct Interned {
    /// The word with the count, zero in its upper half where content is.
    counted: usize,
    known: HashTable<Known>,
    hasher: DefaultHashBuilder,
    /// Nobody names them any more.
    dropped: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    record: u32,
    words: u32,
    hash: u64,
}

impl Interned {
    pub(super) fn new(counted: usize) -> Self {
        Self { counted, known: HashTable::new(), hasher: DefaultHashBuilder::default(), dropped: Vec::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.known.allocation_size()
    }

    /// The record with a content, named once more, and whether it is new.
    pub(super) fn name(&mut self, extents: &Extents, free: &mut Free, content: &[u64]) -> (u32, bool) {
        let hash = self.hasher.hash_one(content);
        let words = u32::try_from(content.len()).unwrap_or(u32::MAX);
        let counted = self.counted;
        let is_it =
            |known: &Known| known.hash == hash && known.words == words && says(extents, known.record, content, counted);
        if let Some(known) = self.known.find(hash, is_it) {
            let record = known.record;
            self.name_again(extents, record);
            return (record, false);
        }
        let record = extents.write(free, content);
        self.set_count(extents, record, 1);
        self.known.insert_unique(hash, Known { record, words, hash }, |known| known.hash);
        (record, true)
    }

    /// One more names a record.
    pub(super) fn name_again(&self, extents: &Extents, record: u32) {
        self.set_count(extents, record, self.count(extents, record).saturating_add(1));
    }

    /// One less names a record of so many words. Says whether that was the last one.
    pub(super) fn drop(&mut self, extents: &Extents, record: u32, words: usize) -> bool {
        let left = self.count(extents, record).saturating_sub(1);
        self.set_count(extents, record, left);
        if left > 0 {
            return false;
        }
        let content: Vec<u64> = extents.words(record, words).collect();
        let hash = self.hasher.hash_one(content.as_slice());
        if let Ok(entry) = self.known.find_entry(hash, |known| known.record == record) {
            self.dropped.push(entry.remove().0);
        }
        true
    }

    fn count(&self, extents: &Extents, record: u32) -> u32 {
        halves::high(extents.word(record, self.counted))
    }

    fn set_count(&self, extents: &Extents, record: u32, count: u32) {
        let rest = halves::low(extents.word(record, self.counted));
        extents.set(record, self.counted, halves::word_of(rest, count));
    }

    /// The change is over: what nobody names makes room.
    pub(super) fn make_room(&mut self, free: &mut Free) {
        self.dropped.drain(..).for_each(|known| free.give(known.record, known.words as usize));
    }
}

/// Whether a record has a content; who names it aside.
fn says(extents: &Extents, record: u32, content: &[u64], counted: usize) -> bool {
    let there = extents.words(record, content.len()).zip(content).enumerate();
    there
        .map(|(at, (there, word))| (at == counted, there, *word))
        .all(|(is_counted, there, word)| there == word || (is_counted && halves::low(there) == halves::low(word)))
}
