//! Halves: ids as two words, and a word as two numbers.

/// The low and the high half of an id.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
pub(super) const fn of_id(id: u128) -> (u64, u64) {
    (id as u64, (id >> 64) as u64)
}

#[inline]
pub(super) const fn id_of(low: u64, high: u64) -> u128 {
    (high as u128) << 64 | low as u128
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub(super) const fn low(word: u64) -> u32 {
    word as u32
}

#[inline]
pub(super) const fn high(word: u64) -> u32 {
    low(word >> 32)
}

/// A word of two numbers.
#[inline]
pub(super) const fn word_of(low: u32, high: u32) -> u64 {
    (high as u64) << 32 | low as u64
}
