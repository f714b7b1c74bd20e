//! Extents: records of a few words in lines that never move, each as wide as a power of two, so that the place of one that is
//! gone suits the next.
//!
//! Only a writer hands places out. A place is given to another record only after every reader who could have known the old one
//! is bound to notice: see [`Interned`](super::interned::Interned).

use core::sync::atomic::{AtomicU64, Ordering, fence};
use std::vec::Vec;

use super::lines::Lines;

/// Words in the smallest extent: two of them fill a line.
const UNIT: usize = 4;

/// A line of words.
#[derive(Debug, Default)]
#[repr(align(64))]
pub(super) struct Words(pub(super) [AtomicU64; 8]);

/// Records by the number of their first unit.
#[derive(Debug)]
pub(super) struct Extents {
    lines: Lines<Words>,
}

/// Which places are free: the writer's.
#[derive(Debug, Default)]
pub(super) struct Free {
    next: u32,
    /// By width, as a power of two of units.
    places: Vec<Vec<u32>>,
}

impl Extents {
    pub(super) const fn new() -> Self {
        Self { lines: Lines::new() }
    }

    pub(super) fn bytes(&self) -> usize {
        self.lines.bytes()
    }

    /// The line that begins with a unit. Units are two to a line, so it is asked for even ones.
    #[inline]
    pub(super) fn line(&self, unit: u32) -> Option<&[AtomicU64; 8]> {
        self.lines.get(unit >> 1).map(|words| &words.0)
    }

    /// A word of a record; zero beyond what was ever made.
    #[inline]
    pub(super) fn word(&self, unit: u32, word: usize) -> u64 {
        let at = (unit as usize).wrapping_mul(UNIT).wrapping_add(word);
        let line = u32::try_from(at >> 3).unwrap_or(u32::MAX);
        let line = self.lines.get(line).and_then(|words| words.0.get(at & 7));
        line.map_or(0, |word| word.load(Ordering::Relaxed))
    }

    pub(super) fn words(&self, unit: u32, count: usize) -> impl Iterator<Item = u64> + '_ {
        (0..count).map(move |word| self.word(unit, word))
    }

    /// Writes a record where there is room.
    pub(super) fn write(&self, free: &mut Free, content: &[u64]) -> u32 {
        let unit = free.take(content.len());
        let end = (unit as usize).saturating_mul(UNIT).saturating_add(content.len());
        let lines = u32::try_from(end.div_ceil(8)).unwrap_or(u32::MAX);
        if self.lines.get(lines.saturating_sub(1)).is_none() {
            self.lines.reach(lines);
        }
        fence(Ordering::Release); // whoever reads this in the place of something else sees why that is gone
        for (at, word) in content.iter().enumerate() {
            self.set(unit, at, *word);
        }
        unit
    }

    pub(super) fn set(&self, unit: u32, word: usize, value: u64) {
        let at = (unit as usize).saturating_mul(UNIT).saturating_add(word);
        let line = u32::try_from(at >> 3).unwrap_or(u32::MAX);
        if let Some(there) = self.lines.get(line).and_then(|words| words.0.get(at & 7)) {
            there.store(value, Ordering::Relaxed);
        }
    }
}

impl Free {
    /// A place that is wide enough.
    fn take(&mut self, words: usize) -> u32 {
        let class = class_of(words);
        if let Some(place) = self.places.get_mut(class).and_then(Vec::pop) {
            return place;
        }
        let width = 1_u32.checked_shl(u32::try_from(class).unwrap_or(u32::MAX)).unwrap_or(u32::MAX);
        let odd = self.next & 1 == 1;
        if odd && width > 1 {
            self.give(self.next, UNIT); // whatever fills lines begins with one
            self.next = self.next.saturating_add(1);
        }
        let place = self.next;
        self.next = self.next.saturating_add(width);
        place
    }

    /// Gives the place of a record back.
    pub(super) fn give(&mut self, unit: u32, words: usize) {
        let class = class_of(words);
        while self.places.len() <= class {
            self.places.push(Vec::new());
        }
        if let Some(places) = self.places.get_mut(class) {
            places.push(unit);
        }
    }
}

/// The least power of two of units that holds so many words.
fn class_of(words: usize) -> usize {
    words.div_ceil(UNIT).next_power_of_two().trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_places_are_used_again() {
        let (extents, mut free) = (Extents::new(), Free::default());
        let records: Vec<Vec<u64>> = (1..40).map(|n| (0..n).map(|word| n * 100 + word).collect()).collect();
        let units: Vec<u32> = records.iter().map(|record| extents.write(&mut free, record)).collect();
        for (unit, record) in units.iter().zip(&records) {
            assert_eq!(&extents.words(*unit, record.len()).collect::<Vec<_>>(), record);
            assert!(record.len() <= 4 || unit & 1 == 0, "whatever fills lines begins with one");
        }
        let bytes = extents.bytes();
        for (unit, record) in units.iter().zip(&records) {
            free.give(*unit, record.len());
        }
        for record in records.iter().rev() {
            extents.write(&mut free, record);
        }
        assert_eq!(extents.bytes(), bytes);
    }
}
