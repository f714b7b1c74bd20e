//! Tables: slots found by a key and a hash, in buckets of two lines, which memory is fetched in.
//!
//! A slot lies in the bucket that its hash says, or in the next one with room: a bucket that somebody passed on the way to a later
//! one is marked, and looking for a slot reads on only from buckets with a mark. Tables grow in place, three sixteenths at a time,
//! and a few buckets with every slot that comes in, so that no single change ever pays for all of them. Slots move only while the
//! table's sequence is odd.

use core::ops::Range;
use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use smallvec::SmallVec;

use super::lines::{LINES_MAX, Lines};
use super::{halves, sequence};

/// Buckets that are moved with every slot that comes in while the table grows: enough to be done before it must grow again.
const MOVED_WITH_EACH: u32 = 8;

/// In the tag of the first slot of a bucket: somebody passed it, and lies further on. More may be marked than is needed, never less.
const PASSED: u64 = 1 << 31;

/// Buckets of a new table.
const BUCKETS_MIN: u32 = 2;

/// One slot: a key, a tag that is zero where there is nobody, and `E` words more.
#[derive(Debug)]
pub(super) struct Slot<const E: usize> {
    low: AtomicU64,
    high: AtomicU64,
    tag: AtomicU64,
    pub(super) extra: [AtomicU64; E],
}

/// `N` slots that fill two lines.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Bucket<const E: usize, const N: usize> {
    slots: [Slot<E>; N],
}

/// What a slot says, to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<const E: usize> {
    pub(super) key: u128,
    /// In whose name the key is one (never zero), and what it stands for (31 bits).
    pub(super) tag: (u32, u32),
    pub(super) extra: [u64; E],
}

/// The bucket that a hash says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Home<'t, const E: usize, const N: usize> {
    at: u32,
    bucket: &'t Bucket<E, N>,
}

/// Slots by key.
#[derive(Debug)]
pub(super) struct Table<const E: usize, const N: usize> {
    buckets: Lines<Bucket<E, N>>,
    /// How many buckets hashes are spread over, and from which of them on over as many as the next size has.
    shape: AtomicU64,
    growing: AtomicBool,
    kept: AtomicU32,
    /// Of a hundred places, as many are filled at the most.
    full_percent: u32,
}

impl<const E: usize> Default for Slot<E> {
    fn default() -> Self {
        Self {
            low: AtomicU64::new(0),
            high: AtomicU64::new(0),
            tag: AtomicU64::new(0),
            extra: [const { AtomicU64::new(0) }; E],
        }
    }
}

impl<const E: usize, const N: usize> Default for Bucket<E, N> {
    fn default() -> Self {
        Self { slots: core::array::from_fn(|_| Slot::default()) }
    }
}

impl<const E: usize> Slot<E> {
    #[inline]
    pub(super) fn is(&self, scope: u32, key: u128) -> bool {
        let (low, high) = halves::of_id(key);
        let other_key = (self.low.load(Ordering::Relaxed) ^ low) | (self.high.load(Ordering::Relaxed) ^ high);
        other_key | u64::from(self.scope() ^ scope) == 0
    }

    #[inline]
    fn has_low(&self, low: u64) -> bool {
        self.low.load(Ordering::Relaxed) == low
    }

    #[inline]
    pub(super) fn scope(&self) -> u32 {
        halves::high(self.tag.load(Ordering::Acquire))
    }

    /// What the key stands for.
    #[inline]
    pub(super) fn value(&self) -> u32 {
        halves::low(self.tag.load(Ordering::Acquire) & !PASSED)
    }

    pub(super) fn key(&self) -> u128 {
        halves::id_of(self.low.load(Ordering::Relaxed), self.high.load(Ordering::Relaxed))
    }

    /// Stands for something else from now on: one word, so that readers see it before or after.
    pub(super) fn set_value(&self, value: u32) {
        self.set_tag(halves::word_of(value, self.scope()));
    }

    fn is_free(&self) -> bool {
        self.scope() == 0
    }

    fn clear(&self) {
        self.set_tag(0);
    }

    /// Another tag, and the same mark.
    fn set_tag(&self, tag: u64) {
        let mark = self.tag.load(Ordering::Relaxed) & PASSED;
        self.tag.store(tag | mark, Ordering::Release);
    }

    fn words(&self) -> Words<E> {
        let mut extra = [0; E];
        extra.iter_mut().zip(&self.extra).for_each(|(to, from)| *to = from.load(Ordering::Relaxed));
        Words { key: self.key(), tag: (self.scope(), self.value()), extra }
    }

    /// The tag last: whoever reads it has the rest.
    fn write(&self, words: &Words<E>) {
        let (low, high) = halves::of_id(words.key);
        self.low.store(low, Ordering::Relaxed);
        self.high.store(high, Ordering::Relaxed);
        self.extra.iter().zip(words.extra).for_each(|(to, word)| to.store(word, Ordering::Relaxed));
        let (scope, value) = words.tag;
        self.set_tag(halves::word_of(value, scope));
    }
}

impl<const E: usize, const N: usize> Bucket<E, N> {
    /// The only slot that can be a key's, unless several keys have the same lower half. Chosen without a guess.
    #[inline]
    fn likely(&self, key: u128) -> Option<&Slot<E>> {
        let (low, _) = halves::of_id(key);
        let (first, others) = self.slots.split_first()?;
        Some(others.iter().fold(first, |likely, slot| if slot.has_low(low) { slot } else { likely }))
    }

    /// The slot of a key, if it is here.
    fn find(&self, scope: u32, key: u128) -> Option<&Slot<E>> {
        self.slots.iter().find(|slot| slot.is(scope, key))
    }

    #[inline]
    fn is_passed(&self) -> bool {
        self.slots.first().is_some_and(|slot| slot.tag.load(Ordering::Acquire) & PASSED != 0)
    }

    fn set_passed(&self, passed: bool) {
        let Some(slot) = self.slots.first() else { return };
        let tag = slot.tag.load(Ordering::Relaxed) & !PASSED;
        slot.tag.store(if passed { tag | PASSED } else { tag }, Ordering::Release);
    }
}

impl<const E: usize, const N: usize> Home<'_, E, N> {
    /// Has it fetched. What comes back means nothing.
    #[inline]
    pub(super) fn touch(self) -> u64 {
        let [first, .., last] = self.bucket.slots.as_slice() else { return 0 };
        first.low.load(Ordering::Relaxed) ^ last.low.load(Ordering::Relaxed)
    }
}

/// How hashes are spread over buckets.
#[derive(Clone, Copy)]
struct Shape {
    buckets: u32,
    /// Buckets from this one on have moved to where a table of the next size has them.
    moved_from: u32,
}

impl Shape {
    #[inline]
    const fn of(word: u64) -> Self {
        Self { buckets: halves::high(word), moved_from: halves::low(word) }
    }

    const fn still(buckets: u32) -> Self {
        Self { buckets, moved_from: buckets }
    }

    const fn word(self) -> u64 {
        halves::word_of(self.moved_from, self.buckets)
    }

    const fn next_size(self) -> u32 {
        self.buckets.saturating_add((self.buckets >> 4).saturating_mul(3)).saturating_add(1)
    }

    #[inline]
    fn home(self, hash: u64) -> u32 {
        let before = spread(hash, self.buckets);
        if before < self.moved_from { before } else { spread(hash, self.next_size()) }
    }
}

/// A number below `of`, in proportion to the hash.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    reason = "a product of 96 bits, of which the upper 32"
)]
const fn spread(hash: u64, of: u32) -> u32 {
    ((hash as u128 * of as u128) >> 64) as u32
}

impl<const E: usize, const N: usize> Table<E, N> {
    /// A table with room for so many.
    pub(super) fn new(full_percent: u32, room: usize) -> Self {
        let filled = u64::from(full_percent).saturating_mul(N as u64);
        let buckets = (room as u64).saturating_mul(100).checked_div(filled).unwrap_or(0).saturating_add(1);
        let buckets = u32::try_from(buckets).unwrap_or(u32::MAX).clamp(BUCKETS_MIN, LINES_MAX);
        Self {
            buckets: Lines::new(),
            shape: AtomicU64::new(Shape::still(buckets).word()),
            growing: AtomicBool::new(false),
            kept: AtomicU32::new(0),
            full_percent,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.buckets.bytes()
    }

    /// The slot of a key.
    #[inline]
    pub(super) fn find(&self, hash: u64, scope: u32, key: u128) -> Option<&Slot<E>> {
        self.find_from(self.home(hash)?, scope, key)
    }

    /// Where a hash says that a slot is. `None` where nobody ever was.
    #[inline]
    pub(super) fn home(&self, hash: u64) -> Option<Home<'_, E, N>> {
        let at = self.shape().home(hash);
        Some(Home { at, bucket: self.buckets.get(at)? })
    }

    /// The slot of a key whose home is known.
    #[inline]
    pub(super) fn find_from<'t>(&'t self, home: Home<'t, E, N>, scope: u32, key: u128) -> Option<&'t Slot<E>> {
        let likely = home.bucket.likely(key)?;
        if likely.is(scope, key) { Some(likely) } else { self.find_beside(home, likely, scope, key) }
    }

    /// The same, where it is not the slot that is likely: whichever it is, as far as anybody was passed.
    #[inline(never)]
    fn find_beside<'t>(&'t self, home: Home<'t, E, N>, likely: &Slot<E>, scope: u32, key: u128) -> Option<&'t Slot<E>> {
        let (low, _) = halves::of_id(key);
        if likely.has_low(low) {
            // Two keys can have the same lower half.
            if let Some(found) = home.bucket.find(scope, key) {
                return Some(found);
            }
        }
        let Home { mut at, mut bucket } = home;
        while bucket.is_passed() {
            at = at.wrapping_add(1);
            bucket = self.buckets.get(at)?;
            if let Some(found) = bucket.find(scope, key) {
                return Some(found);
            }
        }
        None
    }

    /// Puts a key in that is not there yet.
    pub(super) fn insert(&self, moves: &AtomicU64, rehash: &impl Fn(&Slot<E>) -> u64, hash: u64, words: &Words<E>) {
        self.grow(moves, rehash);
        self.place(hash, words);
        self.kept.store(self.kept.load(Ordering::Relaxed).saturating_add(1), Ordering::Relaxed);
    }

    /// Takes a key out, and says what was there.
    pub(super) fn remove(
        &self,
        moves: &AtomicU64,
        rehash: &impl Fn(&Slot<E>) -> u64,
        hash: u64,
        scope: u32,
        key: u128,
    ) -> Option<Words<E>> {
        let slot = self.find(hash, scope, key)?;
        let words = slot.words();
        sequence::change(moves, || {
            slot.clear();
            let home = self.shape().home(hash);
            self.settle(rehash, home..home.saturating_add(1));
        });
        self.kept.store(self.kept.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed);
        Some(words)
    }

    /// Every slot that is taken, in no order.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot<E>> {
        self.buckets.iter().flat_map(|bucket| bucket.slots.iter()).filter(|slot| !slot.is_free())
    }

    #[inline]
    fn shape(&self) -> Shape {
        Shape::of(self.shape.load(Ordering::Acquire))
    }

    /// Writes into the first bucket with room. Beyond the last that can be there is none, and whoever would be there is not.
    fn place(&self, hash: u64, words: &Words<E>) {
        let mut at = self.shape().home(hash);
        while let Some(bucket) = self.buckets.make(at) {
            if let Some(slot) = bucket.slots.iter().find(|slot| slot.is_free()) {
                return slot.write(words);
            }
            bucket.set_passed(true);
            at = at.saturating_add(1);
        }
    }

    /// Puts whoever is not at home in again, in some buckets and from them on as far as anybody passed: nearer to home, now that
    /// there is room.
    fn settle(&self, rehash: &impl Fn(&Slot<E>) -> u64, buckets: Range<u32>) {
        let shape = self.shape();
        let mut away: SmallVec<[(u64, Words<E>); 32]> = SmallVec::new();
        let mut at = buckets.start;
        loop {
            let is_passed = self.buckets.get(at).is_some_and(|bucket| {
                for slot in bucket.slots.iter().filter(|slot| !slot.is_free()) {
                    let hash = rehash(slot);
                    if shape.home(hash) != at {
                        away.push((hash, slot.words()));
                        slot.clear();
                    }
                }
                let is_passed = bucket.is_passed();
                bucket.set_passed(false);
                is_passed
            });
            at = at.saturating_add(1);
            if !is_passed && at >= buckets.end {
                break;
            }
        }
        away.iter().for_each(|(hash, words)| self.place(*hash, words));
    }

    /// Begins to grow when it is time, and goes on growing.
    fn grow(&self, moves: &AtomicU64, rehash: &impl Fn(&Slot<E>) -> u64) {
        let shape = self.shape();
        let places = u64::from(shape.buckets).saturating_mul(N as u64);
        let kept = u64::from(self.kept.load(Ordering::Relaxed));
        if !self.growing.load(Ordering::Relaxed) {
            let is_full = kept.saturating_mul(100) >= places.saturating_mul(u64::from(self.full_percent));
            if !is_full || shape.next_size() > LINES_MAX {
                return;
            }
            self.growing.store(true, Ordering::Relaxed);
        }
        sequence::change(moves, || self.move_last(rehash));
    }

    /// Moves everything whose home is one of the last buckets that have not moved.
    fn move_last(&self, rehash: &impl Fn(&Slot<E>) -> u64) {
        let shape = self.shape();
        let from = shape.moved_from.saturating_sub(MOVED_WITH_EACH);
        let after = if from == 0 { Shape::still(shape.next_size()) } else { Shape { moved_from: from, ..shape } };
        self.shape.store(after.word(), Ordering::Release);
        self.growing.store(from != 0, Ordering::Relaxed);
        self.settle(rehash, from..shape.moved_from);
    }
}
