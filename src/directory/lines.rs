//! Lines: an array that grows and never moves, so that readers can hold on to what a writer goes on filling.
//!
//! It is a list of chunks, each an eighth of all that came before, so that little more is there than is used; where a line is
//! follows from its number by a few shifts.

use std::boxed::Box;
use std::sync::OnceLock;

/// Lines in each of the first eight chunks, as a power of two.
const FIRST: u32 = 3;

/// Enough for as many lines as there are numbers.
const CHUNKS: usize = 216;

/// Things by number, for ever where they are.
#[derive(Debug)]
pub(super) struct Lines<T> {
    chunks: [OnceLock<Box<[T]>>; CHUNKS],
}

impl<T: Default> Lines<T> {
    pub(super) const fn new() -> Self {
        Self { chunks: [const { OnceLock::new() }; CHUNKS] }
    }

    /// A line; `None` beyond what was ever made.
    #[inline]
    pub(super) fn get(&self, line: u32) -> Option<&T> {
        let (chunk, at) = place_of(line);
        self.chunks.get(chunk)?.get()?.get(at)
    }

    /// Makes every line below a number.
    pub(super) fn reach(&self, lines: u32) {
        let (last, _) = place_of(lines.saturating_sub(1));
        let mut missing: usize = 0;
        for (at, chunk) in self.chunks.iter().enumerate().take(last.saturating_add(1)) {
            missing = at;
            chunk.get_or_init(|| (0..size_of_chunk(missing)).map(|_| T::default()).collect());
        }
        debug_assert!(missing == last);
    }

    /// Bytes that the lines take.
    pub(super) fn bytes(&self) -> usize {
        let lines =
            self.chunks.iter().filter_map(OnceLock::get).fold(0_usize, |all, chunk| all.saturating_add(chunk.len()));
        lines.saturating_mul(size_of::<T>())
    }
}

/// In which chunk a line is, and where there.
#[inline]
#[expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "33 bits and their logarithm, 6 to 32: nothing wraps, and what is masked is small"
)]
fn place_of(line: u32) -> (usize, usize) {
    let number = u64::from(line) + (8 << FIRST);
    let size = 60 - number.leading_zeros();
    let eighth = number >> size; // 8 to 15
    let chunk = (size << 3) as usize + eighth as usize - (8 * FIRST as usize + 8);
    (chunk, (number - (eighth << size)) as usize)
}

fn size_of_chunk(chunk: usize) -> usize {
    let size = u32::try_from(chunk >> 3).unwrap_or(u32::MAX).saturating_add(FIRST);
    1_usize.checked_shl(size).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_a_place_of_its_own() {
        let mut expected = (0, 0);
        for line in 0..100_000 {
            assert_eq!(place_of(line), expected, "line {line}");
            expected = if expected.1 + 1 == size_of_chunk(expected.0) {
                (expected.0 + 1, 0)
            } else {
                (expected.0, expected.1 + 1)
            };
        }
        assert!(place_of(u32::MAX).0 < CHUNKS);
    }

    #[test]
    fn what_was_made_stays_and_little_more_is_made() {
        let lines: Lines<core::sync::atomic::AtomicU64> = Lines::new();
        assert!(lines.get(0).is_none());
        for count in [1, 10, 100, 1_000, 10_000] {
            lines.reach(count);
            assert!(lines.get(count - 1).is_some());
            assert!(lines.bytes() <= 8 * (count as usize + count as usize / 8 + 64));
        }
    }
}
