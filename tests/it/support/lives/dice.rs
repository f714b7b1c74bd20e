//! How do bytes become choices?

use std::prelude::v1::*; // the crate itself has none

use arbitrary::Unstructured;

/// The bytes of a seed: a plain mixing generator.
pub(crate) fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    (0..bytes.div_ceil(8)).flat_map(|_| next().to_le_bytes()).collect()
}

/// The bytes as dice: what comes first in a list is what comes when they run out.
pub(crate) struct Dice<'u, 'b>(pub(crate) &'u mut Unstructured<'b>);

impl Dice<'_, '_> {
    /// 0 to `sides` - 1.
    pub(crate) fn below(&mut self, sides: u8) -> u8 {
        self.0.int_in_range(0..=sides - 1).unwrap_or(0)
    }

    /// 1 to `n`.
    pub(crate) fn number(&mut self, n: u64) -> u64 {
        self.0.int_in_range(1..=n).unwrap_or(1)
    }

    /// Yes, once in `n` times.
    pub(crate) fn once_in(&mut self, n: u8) -> bool {
        self.below(n) == n - 1
    }

    pub(crate) fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        let at = self.below(u8::try_from(from.len()).expect("lists are short"));
        from[usize::from(at)].clone()
    }

    /// Each of them, so many times in eight.
    pub(crate) fn some<T: Clone>(&mut self, eighths: u8, from: &[T]) -> Vec<T> {
        from.iter().filter(|_| self.below(8) >= 8 - eighths).cloned().collect()
    }

    /// Mostly the first.
    pub(crate) fn mostly<T: Clone>(&mut self, first: T, others: &[T]) -> T {
        if self.once_in(3) { self.pick(others) } else { first }
    }
}
