//! The floor: what a backend would write by hand for the same promises, and nothing that it would not.
//!
//! The same tables with the same indexes, a copy of those of the other side; the same statements, so that every record, head, operation and
//! row that ours writes is written here as well, with as many bytes; as many transactions and round trips, and the same group commits. The
//! version is compared with the one that is expected, as it must be where several processes write. Left out is what the crate does before
//! it writes: nothing is judged, applied, encoded or hashed. Texts, digests and links are there already and only have their length.

pub mod postgres;
pub mod sqlite;

use std::mem;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, Thread};

use bailiwick::UserId;

use crate::sample::Sample;

pub const DIGEST: [u8; 32] = [7; 32];

/// One append of so many records that are alike.
#[derive(Clone, Debug)]
pub struct Written {
    pub organization: u64,
    pub sample: Arc<Sample>,
    /// Of whom the row of a person is.
    pub user: UserId,
    /// None where whoever writes takes the version that is there.
    pub expected: Option<i64>,
    pub records: i64,
    /// The id of the operation, where the stream keeps any.
    pub operation: Option<u128>,
}

/// Those who come while one writes are written together by the first of them.
#[derive(Debug)]
pub struct Together<T>(Mutex<Line<T>>);

#[derive(Debug)]
struct Line<T> {
    waiting: Vec<(T, Arc<Waiting>)>,
    is_led: bool,
}

#[derive(Debug)]
struct Waiting {
    thread: Thread,
    state: AtomicU8,
}

const WAITS: u8 = 0;
const LEADS: u8 = 1;
const DONE: u8 = 2;

impl<T> Default for Together<T> {
    fn default() -> Self {
        Self(Mutex::new(Line { waiting: Vec::new(), is_led: false }))
    }
}

impl<T> Together<T> {
    /// Returns when it was written, by this thread or another.
    pub fn go(&self, item: T, write: impl FnOnce(&[T])) {
        if !self.waits_to_lead(item) {
            return;
        }
        let (items, group): (Vec<T>, Vec<_>) = mem::take(&mut self.0.lock().unwrap().waiting).into_iter().unzip();
        write(&items);
        let mut line = self.0.lock().unwrap();
        line.is_led = !line.waiting.is_empty();
        line.waiting.first().into_iter().for_each(|(_, next)| next.becomes(LEADS));
        drop(line);
        group.iter().for_each(|waiting| waiting.becomes(DONE));
    }

    /// Whether it is to write, itself and others; otherwise it was written.
    fn waits_to_lead(&self, item: T) -> bool {
        let me = Arc::new(Waiting { thread: thread::current(), state: AtomicU8::new(WAITS) });
        let mut line = self.0.lock().unwrap();
        line.waiting.push((item, Arc::clone(&me)));
        let leads = !mem::replace(&mut line.is_led, true);
        drop(line);
        while !leads && me.state.load(Ordering::Acquire) == WAITS {
            thread::park();
        }
        leads || me.state.load(Ordering::Acquire) == LEADS
    }
}

impl Waiting {
    fn becomes(&self, state: u8) {
        self.state.store(state, Ordering::Release);
        self.thread.unpark();
    }
}
