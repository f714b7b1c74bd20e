//! Lines: an array that grows and never moves, so that readers can hold on to what a writer goes on filling.
//!
//! It is a tree of three levels, each as wide as its kind always is: where a line is follows from its number by two shifts, and
//! no line is there before somebody needs one near it.

use std::boxed::Box;
use std::sync::OnceLock;
use std::vec::Vec;

/// Lines in a chunk, chunks in a group, and groups: powers of two.
const CHUNK: usize = 256;
const GROUP: usize = 1024;
const GROUPS: usize = 512;

/// Lines that there can be.
pub(super) const LINES_MAX: u32 = 1 << 27;

type Chunk<T> = Box<[T; CHUNK]>;
type Group<T> = Box<[OnceLock<Chunk<T>>; GROUP]>;

/// Things by number, for ever where they are.
#[derive(Debug)]
pub(super) struct Lines<T> {
    groups: Vec<OnceLock<Group<T>>>,
}

impl<T: Default> Lines<T> {
    pub(super) fn new() -> Self {
        Self { groups: (0..GROUPS).map(|_| OnceLock::new()).collect() }
    }

    /// A line; `None` where none was ever made.
    #[inline]
    pub(super) fn get(&self, line: u32) -> Option<&T> {
        let line = line as usize;
        let group = self.groups.get(line / (CHUNK * GROUP))?.get()?;
        group.get(line / CHUNK % GROUP)?.get()?.get(line % CHUNK)
    }

    /// A line that is there from now on; `None` beyond the last that can be.
    #[inline]
    pub(super) fn make(&self, line: u32) -> Option<&T> {
        self.get(line).or_else(|| self.make_new(line))
    }

    #[cold]
    fn make_new(&self, line: u32) -> Option<&T> {
        let at = line as usize;
        let group = self.groups.get(at / (CHUNK * GROUP))?;
        filled(group, OnceLock::new)?.get(at / CHUNK % GROUP).and_then(|chunk| filled(chunk, T::default))?;
        self.get(line)
    }

    /// Every line that is there.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks().flat_map(|chunk| chunk.iter())
    }

    /// Bytes that the lines take, and what leads to them.
    pub(super) fn bytes(&self) -> usize {
        let lines = self.chunks().count().saturating_mul(size_of::<[T; CHUNK]>());
        let groups = self.groups.iter().filter(|group| group.get().is_some()).count();
        let above = groups.saturating_mul(size_of::<[OnceLock<Chunk<T>>; GROUP]>());
        lines
            .saturating_add(above)
            .saturating_add(self.groups.capacity().saturating_mul(size_of::<OnceLock<Group<T>>>()))
    }

    fn chunks(&self) -> impl Iterator<Item = &Chunk<T>> {
        self.groups.iter().filter_map(OnceLock::get).flat_map(|group| group.iter().filter_map(OnceLock::get))
    }
}

/// What a place holds, made where it is not there yet.
fn filled<T, const N: usize>(place: &OnceLock<Box<[T; N]>>, one: impl Fn() -> T) -> Option<&[T; N]> {
    if place.get().is_none() {
        let made: Box<[T]> = (0..N).map(|_| one()).collect();
        let _ = place.set(made.try_into().ok()?); // there is one writer; whoever came first was as good
    }
    place.get().map(|made| &**made)
}

#[cfg(test)]
mod tests {
    use core::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn every_line_has_a_place_of_its_own() {
        let lines: Lines<AtomicU64> = Lines::new();
        let far = [0, 1, 255, 256, 257, 262_143, 262_144, 3_000_000, LINES_MAX - 1];
        assert!(far.iter().all(|at| lines.get(*at).is_none()));
        for at in far {
            lines.make(at).unwrap().store(u64::from(at) + 1, Ordering::Relaxed);
        }
        for at in far {
            assert_eq!(lines.get(at).unwrap().load(Ordering::Relaxed), u64::from(at) + 1);
        }
        let written = lines.iter().filter(|line| line.load(Ordering::Relaxed) != 0);
        assert_eq!(written.count(), far.len());
    }

    #[test]
    fn what_cannot_be_is_not_made() {
        let lines: Lines<AtomicU64> = Lines::new();
        assert!(lines.make(LINES_MAX).is_none());
        assert!(lines.make(u32::MAX).is_none());
        assert!(lines.get(u32::MAX).is_none());
    }

    #[test]
    fn little_more_is_made_than_is_asked_for() {
        let lines: Lines<AtomicU64> = Lines::new();
        let nothing = lines.bytes();
        lines.make(0);
        let one = lines.bytes();
        assert!((0..256).all(|at| lines.make(at).is_some()));
        assert_eq!(lines.bytes(), one);
        assert!(one - nothing <= 8 * CHUNK + 16 * GROUP);
    }
}
