//! Sequences: how readers notice that a writer was there, without waiting for one another.
//!
//! A sequence is a number that is odd while something that it guards is being changed, and another one afterwards. A reader
//! looks at it before and after, and reads again if it has moved: what was read in between is one state, never half of two.
//! Everything that is guarded is itself atomic, so that a reader who comes at the wrong moment reads nonsense that it throws
//! away, and nothing worse.

use core::hint;
use core::sync::atomic::{AtomicU64, Ordering, fence};
use std::thread;

/// Looks that a reader takes before it lets somebody else have the processor: a writer that was interrupted has to get on.
const LOOKS_MAX: u32 = 64;

/// The number before reading; `None` while something is being changed.
#[inline]
pub(super) fn begin(sequence: &AtomicU64) -> Option<u64> {
    let seen = sequence.load(Ordering::Acquire);
    (seen & 1 == 0).then_some(seen)
}

/// Whether nothing was changed since, as seen by everything that was read until now.
#[inline]
pub(super) fn holds(sequence: &AtomicU64, seen: u64) -> bool {
    fence(Ordering::Acquire);
    sequence.load(Ordering::Relaxed) == seen
}

/// Changes what a sequence guards. Only one thread may do so at a time.
pub(super) fn change<T>(sequence: &AtomicU64, change: impl FnOnce() -> T) -> T {
    let before = sequence.load(Ordering::Relaxed);
    sequence.store(before.wrapping_add(1), Ordering::Relaxed);
    fence(Ordering::Release);
    let done = change();
    sequence.store(before.wrapping_add(2), Ordering::Release);
    done
}

/// Says that something that readers take in one look has changed: they need not wait for it, only read again.
pub(super) fn changed(sequence: &AtomicU64) {
    let before = sequence.load(Ordering::Relaxed);
    sequence.store(before.wrapping_add(2), Ordering::Release);
}

/// Before reading again.
#[cold]
pub(super) fn wait(looks: &mut u32) {
    *looks = looks.saturating_add(1);
    if *looks < LOOKS_MAX {
        hint::spin_loop();
    } else {
        thread::yield_now();
    }
}
