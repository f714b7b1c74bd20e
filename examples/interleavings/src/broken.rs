//! The same with mistakes, to see that they are noticed.

use crate::real::collections::VecDeque;
use crate::real::sync::Arc;
use loom::sync::Mutex;
use loom::sync::atomic::{AtomicU64, Ordering};

/// A writer that moves the number only when it is done.
pub fn change_silently<T>(sequence: &AtomicU64, change: impl FnOnce() -> T) -> T {
    let before = sequence.load(Ordering::Relaxed);
    let done = change();
    sequence.store(before.wrapping_add(2), Ordering::Release);
    done
}

/// Turns that are looked at and taken in two steps.
#[derive(Default)]
pub struct Turns {
    serving: Mutex<Option<u64>>,
    waiting: Mutex<VecDeque<u64>>,
}

impl Turns {
    /// Whether whoever asks has the turn now.
    pub fn take(self: &Arc<Self>, who: u64) -> bool {
        let is_free = self.serving.lock().unwrap().is_none();
        if is_free {
            *self.serving.lock().unwrap() = Some(who); // somebody else may have come in between
        } else {
            self.waiting.lock().unwrap().push_back(who);
        }
        is_free
    }

    pub fn give_back(&self) {
        *self.serving.lock().unwrap() = None;
    }
}
