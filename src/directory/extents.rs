//! Extents: records of a few lines that never move, each as wide as a power of two, so that the place of one that is gone suits
//! the next.
//!
//! Only a writer hands places out. A place is given to another record only after every reader who could have known the old one
//! is bound to notice: see [`Interned`](super::interned::Interned).

use core::sync::atomic::{AtomicU64, Ordering, fence};
use std::boxed::Box;
use std::vec::Vec;

use super::lines::{LINES_MAX, Lines};

/// Words in a line.
const LINE: usize = 8;

/// A line of words.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Words([AtomicU64; LINE]);

/// Lines that are always there and reached in one step: what is made first is what many share.
const NEAR: usize = 1024;

/// Records by the number of their first line.
#[derive(Debug)]
pub(super) struct Extents {
    near: Box<[Words; NEAR]>,
    far: Lines<Words>,
}

/// Which places are free: the writer's. The first line is nobody's, so that zero names no record.
#[derive(Debug)]
pub(super) struct Free {
    next: u32,
    /// By width, as a power of two of lines.
    places: Vec<Vec<u32>>,
}

impl Extents {
    pub(super) fn new() -> Self {
        Self { near: Box::new(core::array::from_fn(|_| Words::default())), far: Lines::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.far.bytes().saturating_add(size_of::<[Words; NEAR]>())
    }

    /// The words of a line.
    #[inline]
    pub(super) fn line(&self, line: u32) -> Option<&[AtomicU64; LINE]> {
        self.near.get(line as usize).or_else(|| self.far.get(line)).map(|words| &words.0)
    }

    /// A word of a record; zero beyond what was ever made.
    #[inline]
    pub(super) fn word(&self, record: u32, word: usize) -> u64 {
        self.place(record, word).map_or(0, |word| word.load(Ordering::Relaxed))
    }

    pub(super) fn words(&self, record: u32, count: usize) -> impl Iterator<Item = u64> + '_ {
        (0..count).map(move |word| self.word(record, word))
    }

    /// Writes a record where there is room.
    pub(super) fn write(&self, free: &mut Free, content: &[u64]) -> u32 {
        let record = free.take(content.len());
        let lines = u32::try_from(content.len().div_ceil(LINE)).unwrap_or(u32::MAX);
        for line in 0..lines {
            self.make(record.saturating_add(line));
        }
        fence(Ordering::Release); // whoever reads this in the place of something else sees why that is gone
        for (at, word) in content.iter().enumerate() {
            self.set(record, at, *word);
        }
        record
    }

    fn make(&self, line: u32) {
        if line as usize >= NEAR {
            self.far.make(line);
        }
    }

    pub(super) fn set(&self, record: u32, word: usize, value: u64) {
        if let Some(there) = self.place(record, word) {
            there.store(value, Ordering::Relaxed);
        }
    }

    #[inline]
    fn place(&self, record: u32, word: usize) -> Option<&AtomicU64> {
        let line = u32::try_from(word / LINE).unwrap_or(u32::MAX);
        self.line(record.wrapping_add(line))?.get(word % LINE)
    }
}

impl Free {
    pub(super) const fn new() -> Self {
        Self { next: 1, places: Vec::new() }
    }

    /// A place that is wide enough.
    fn take(&mut self, words: usize) -> u32 {
        let class = class_of(words);
        if let Some(place) = self.places.get_mut(class).and_then(Vec::pop) {
            return place;
        }
        let width = 1_u32.checked_shl(u32::try_from(class).unwrap_or(u32::MAX)).unwrap_or(u32::MAX);
        let place = self.next;
        // Beyond the last line there is one name for all: nothing is read there, and nothing is granted.
        self.next = self.next.saturating_add(width).min(LINES_MAX);
        place
    }

    /// Gives the place of a record back.
    pub(super) fn give(&mut self, record: u32, words: usize) {
        let class = class_of(words);
        while self.places.len() <= class {
            self.places.push(Vec::new());
        }
        if let Some(places) = self.places.get_mut(class) {
            places.push(record);
        }
    }
}

/// The least power of two of lines that holds so many words.
fn class_of(words: usize) -> usize {
    words.div_ceil(LINE).next_power_of_two().trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn beyond_the_last_line_nothing_is_read() {
        let (extents, mut free) = (Extents::new(), Free { next: LINES_MAX - 1, places: Vec::new() });
        let last = extents.write(&mut free, &[7; 8]);
        assert_eq!((last, extents.word(last, 0)), (LINES_MAX - 1, 7));
        for _ in 0..3 {
            let beyond = extents.write(&mut free, &[7; 16]);
            assert_eq!((beyond, extents.word(beyond, 0), extents.word(beyond, 15)), (LINES_MAX, 0, 0));
        }
    }

    #[test]
    fn what_is_written_is_read_and_places_are_used_again() {
        let (extents, mut free) = (Extents::new(), Free::new());
        let records: Vec<Vec<u64>> = (1..40).map(|n| (0..n).map(|word| n * 100 + word).collect()).collect();
        let places: Vec<u32> = records.iter().map(|record| extents.write(&mut free, record)).collect();
        for (place, record) in places.iter().zip(&records) {
            assert_ne!(*place, 0);
            assert_eq!(&extents.words(*place, record.len()).collect::<Vec<_>>(), record);
        }
        let bytes = extents.bytes();
        for (place, record) in places.iter().zip(&records) {
            free.give(*place, record.len());
        }
        for record in records.iter().rev() {
            extents.write(&mut free, record);
        }
        assert_eq!(extents.bytes(), bytes);
    }
}
