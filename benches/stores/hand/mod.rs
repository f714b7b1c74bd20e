//! The floor: what a backend would write by hand for the same promises, and nothing that it would not.
//!
//! The same tables with the same indexes, a copy of those of the other side; the same statements, so that every record, head, operation and
//! row that ours writes is written here as well, with as many bytes; as many transactions and round trips, and the same group commits. The
//! version is compared with the one that is expected, as it must be where several processes write. Left out is what the crate does before
//! it writes: nothing is judged, applied, encoded or hashed. Texts, digests and links are there already and only have their length.

pub mod postgres;
pub mod sqlite;

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

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

/// Those who come while one writes are written together by the next of them.
#[derive(Debug)]
pub struct Together<T> {
    waiting: Mutex<Vec<(T, Arc<AtomicBool>)>>,
    turn: Mutex<()>,
}

impl<T> Default for Together<T> {
    fn default() -> Self {
        Self { waiting: Mutex::default(), turn: Mutex::default() }
    }
}

impl<T> Together<T> {
    /// Returns when it was written, by this thread or another.
    pub fn go(&self, item: T, write: impl FnOnce(&[T])) {
        let is_done = Arc::new(AtomicBool::new(false));
        self.waiting.lock().unwrap().push((item, Arc::clone(&is_done)));
        let _turn = self.turn.lock().unwrap();
        if is_done.load(Ordering::Acquire) {
            return;
        }
        let group = mem::take(&mut *self.waiting.lock().unwrap());
        let (items, told): (Vec<T>, Vec<_>) = group.into_iter().unzip();
        write(&items);
        told.iter().for_each(|is_done| is_done.store(true, Ordering::Release));
    }
}
