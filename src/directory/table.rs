//! Tables: slots found by a key and a hash, in lines of the size that memory is fetched in.
//!
//! A slot lies in the line that its hash says, or in the next one with room: looking for it reads line after line until it is
//! found or a line has room. Tables grow in place, an eighth at a time, and a few lines with every slot that comes in, so
//! that no single change ever pays for all of them. Slots move only while the table's sequence is odd.

use core::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

use smallvec::SmallVec;

use super::lines::Lines;
use super::{halves, sequence};

/// Lines that are moved with every slot that comes in while the table grows: enough to be done before it must grow again.
const MOVED_WITH_EACH: u32 = 16;

/// Lines of a new table.
const LINES_MIN: u32 = 4;

/// One slot: a key, a tag that is zero where there is nobody, and `E` words more.
#[derive(Debug)]
pub(super) struct Slot<const E: usize> {
    low: AtomicU64,
    high: AtomicU64,
    tag: AtomicU64,
    pub(super) extra: [AtomicU64; E],
}

/// `N` slots that fill a line.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Line<const E: usize, const N: usize> {
    slots: [Slot<E>; N],
}

/// What a slot says, to be written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words<const E: usize> {
    pub(super) key: u128,
    /// In whose name the key is one (never zero), and what it stands for.
    pub(super) tag: (u32, u32),
    pub(super) extra: [u64; E],
}

/// Slots by key.
#[derive(Debug)]
pub(super) struct Table<const E: usize, const N: usize> {
    lines: Lines<Line<E, N>>,
    /// How many lines hashes are spread over, and from which of them on over an eighth more.
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

impl<const E: usize, const N: usize> Default for Line<E, N> {
    fn default() -> Self {
        Self { slots: core::array::from_fn(|_| Slot::default()) }
    }
}

impl<const E: usize> Slot<E> {
    #[inline]
    pub(super) fn is(&self, scope: u32, key: u128) -> bool {
        let (low, high) = halves::of_id(key);
        self.scope() == scope && self.low.load(Ordering::Relaxed) == low && self.high.load(Ordering::Relaxed) == high
    }

    #[inline]
    pub(super) fn scope(&self) -> u32 {
        halves::high(self.tag.load(Ordering::Acquire))
    }

    /// What the key stands for.
    #[inline]
    pub(super) fn value(&self) -> u32 {
        halves::low(self.tag.load(Ordering::Acquire))
    }

    pub(super) fn key(&self) -> u128 {
        halves::id_of(self.low.load(Ordering::Relaxed), self.high.load(Ordering::Relaxed))
    }

    /// Stands for something else from now on: one word, so that readers see it before or after.
    pub(super) fn set_value(&self, value: u32) {
        self.tag.store(halves::word_of(value, self.scope()), Ordering::Release);
    }

    fn is_free(&self) -> bool {
        self.tag.load(Ordering::Relaxed) == 0
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
        self.tag.store(halves::word_of(value, scope), Ordering::Release);
    }
}

impl<const E: usize, const N: usize> Line<E, N> {
    fn is_full(&self) -> bool {
        !self.slots.iter().any(Slot::is_free)
    }
}

/// How hashes are spread over lines.
#[derive(Clone, Copy)]
struct Shape {
    lines: u32,
    /// Lines from this one on have moved to where a table of the next size has them.
    moved_from: u32,
}

impl Shape {
    #[inline]
    const fn of(word: u64) -> Self {
        Self { lines: halves::high(word), moved_from: halves::low(word) }
    }

    const fn still(lines: u32) -> Self {
        Self { lines, moved_from: lines }
    }

    const fn word(self) -> u64 {
        halves::word_of(self.moved_from, self.lines)
    }

    const fn next_size(self) -> u32 {
        self.lines.saturating_add(self.lines >> 3).saturating_add(1)
    }

    #[inline]
    fn home(self, hash: u64) -> u32 {
        let before = spread(hash, self.lines);
        if before < self.moved_from { before } else { spread(hash, self.next_size()) }
    }
}

/// A number below `lines`, in proportion to the hash.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::arithmetic_side_effects,
    reason = "a product of 96 bits, of which the upper 32"
)]
const fn spread(hash: u64, lines: u32) -> u32 {
    ((hash as u128 * lines as u128) >> 64) as u32
}

impl<const E: usize, const N: usize> Table<E, N> {
    pub(super) fn new(full_percent: u32) -> Self {
        let lines = Lines::new();
        lines.reach(LINES_MIN);
        Self {
            lines,
            shape: AtomicU64::new(Shape::still(LINES_MIN).word()),
            growing: AtomicBool::new(false),
            kept: AtomicU32::new(0),
            full_percent,
        }
    }

    pub(super) fn bytes(&self) -> usize {
        self.lines.bytes()
    }

    /// The line in which a key is looked for first, and the slot of a key.
    #[inline]
    pub(super) fn find(&self, hash: u64, scope: u32, key: u128) -> Option<&Slot<E>> {
        let mut at = self.shape().home(hash);
        loop {
            let line = self.lines.get(at)?;
            for slot in &line.slots {
                if slot.is(scope, key) {
                    return Some(slot);
                }
            }
            if !line.is_full() {
                return None;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Has the line fetched in which a key is looked for first. What comes back means nothing.
    #[inline]
    pub(super) fn touch(&self, hash: u64) -> u64 {
        let line = self.lines.get(self.shape().home(hash));
        line.and_then(|line| line.slots.first()).map_or(0, |slot| slot.low.load(Ordering::Relaxed))
    }

    /// The slot of a key and the line that it is in now: it is looked for there first the next time.
    #[inline]
    pub(super) fn find_at(&self, hash: u64, scope: u32, key: u128, line: &mut u32) -> Option<&Slot<E>> {
        let is_there = |line: &'_ Line<E, N>| line.slots.iter().position(|slot| slot.is(scope, key));
        if let Some(there) = self.lines.get(*line) {
            if let Some(at) = is_there(there) {
                return there.slots.get(at);
            }
        }
        let (at, slot) = self.position(hash, scope, key)?;
        *line = at;
        self.lines.get(at)?.slots.get(slot)
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
        let (line, slot) = self.position(hash, scope, key)?;
        let words = self.lines.get(line)?.slots.get(slot)?.words();
        sequence::change(moves, || self.take_out(rehash, line, slot));
        self.kept.store(self.kept.load(Ordering::Relaxed).saturating_sub(1), Ordering::Relaxed);
        Some(words)
    }

    /// Every slot that is taken, in no order.
    pub(super) fn slots(&self) -> impl Iterator<Item = &Slot<E>> {
        let lines = (0..u32::MAX).map_while(|at| self.lines.get(at));
        lines.flat_map(|line| line.slots.iter()).filter(|slot| !slot.is_free())
    }

    fn shape(&self) -> Shape {
        Shape::of(self.shape.load(Ordering::Acquire))
    }

    fn position(&self, hash: u64, scope: u32, key: u128) -> Option<(u32, usize)> {
        let mut at = self.shape().home(hash);
        loop {
            let line = self.lines.get(at)?;
            if let Some(slot) = line.slots.iter().position(|slot| slot.is(scope, key)) {
                return Some((at, slot));
            }
            if !line.is_full() {
                return None;
            }
            at = at.wrapping_add(1);
        }
    }

    /// Writes into the first line with room.
    fn place(&self, hash: u64, words: &Words<E>) {
        let mut at = self.shape().home(hash);
        loop {
            if self.lines.get(at).is_none() {
                self.lines.reach(at.saturating_add(1));
            }
            let line = self.lines.get(at);
            if let Some(slot) = line.and_then(|line| line.slots.iter().find(|slot| slot.is_free())) {
                return slot.write(words);
            }
            at = at.saturating_add(1);
        }
    }

    /// Clears a slot, and closes the gap: whoever lies further on than a line with room would not be found.
    fn take_out(&self, rehash: &impl Fn(&Slot<E>) -> u64, line: u32, slot: usize) {
        let shape = self.shape();
        let Some(mut hole) = self.lines.get(line).and_then(|line| line.slots.get(slot)) else { return };
        let (mut hole_line, mut at) = (line, line);
        let mut was_full = self.lines.get(line).is_some_and(Line::is_full);
        hole.tag.store(0, Ordering::Release);
        while was_full {
            at = at.saturating_add(1);
            let Some(next) = self.lines.get(at) else { return };
            was_full = next.is_full();
            let belongs = |slot: &&Slot<E>| !slot.is_free() && shape.home(rehash(slot)) <= hole_line;
            if let Some(moved) = next.slots.iter().find(belongs) {
                hole.write(&moved.words());
                moved.tag.store(0, Ordering::Release);
                (hole, hole_line) = (moved, at);
            }
        }
    }

    /// Begins to grow when it is time, and goes on growing.
    fn grow(&self, moves: &AtomicU64, rehash: &impl Fn(&Slot<E>) -> u64) {
        let shape = self.shape();
        let places = u64::from(shape.lines).saturating_mul(N as u64);
        let kept = u64::from(self.kept.load(Ordering::Relaxed));
        if !self.growing.load(Ordering::Relaxed) {
            if kept.saturating_mul(100) < places.saturating_mul(u64::from(self.full_percent)) {
                return;
            }
            self.lines.reach(shape.next_size());
            self.growing.store(true, Ordering::Relaxed);
        }
        for _ in 0..MOVED_WITH_EACH {
            if self.growing.load(Ordering::Relaxed) {
                sequence::change(moves, || self.move_last(rehash));
            }
        }
    }

    /// Moves everything whose home is the last line that has not moved.
    fn move_last(&self, rehash: &impl Fn(&Slot<E>) -> u64) {
        let shape = self.shape();
        let last = shape.moved_from.saturating_sub(1);
        let mut moving: SmallVec<[(u64, Words<E>); 8]> = SmallVec::new();
        while let Some((line, at, hash)) = self.at_home(rehash, last, shape) {
            if let Some(slot) = self.lines.get(line).and_then(|line| line.slots.get(at)) {
                moving.push((hash, slot.words()));
            }
            self.take_out(rehash, line, at);
        }
        let after = if last == 0 { Shape::still(shape.next_size()) } else { Shape { moved_from: last, ..shape } };
        self.shape.store(after.word(), Ordering::Release);
        self.growing.store(last != 0, Ordering::Relaxed);
        moving.iter().for_each(|(hash, words)| self.place(*hash, words));
    }

    /// A slot whose home before growing is a line.
    fn at_home(&self, rehash: &impl Fn(&Slot<E>) -> u64, home: u32, shape: Shape) -> Option<(u32, usize, u64)> {
        let mut at = home;
        loop {
            let line = self.lines.get(at)?;
            for (position, slot) in line.slots.iter().enumerate().filter(|(_, slot)| !slot.is_free()) {
                let hash = rehash(slot);
                if spread(hash, shape.lines) == home {
                    return Some((at, position, hash));
                }
            }
            if !line.is_full() {
                return None;
            }
            at = at.saturating_add(1);
        }
    }
}
