//! Sequences: two words that are always equal when nobody is at them.

use crate::real::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering};
use loom::thread;

use crate::{broken, sequence};

#[derive(Debug)]
struct Guarded {
    sequence: AtomicU64,
    left: AtomicU64,
    right: AtomicU64,
}

impl Guarded {
    fn new() -> Arc<Self> {
        Arc::new(Self { sequence: AtomicU64::new(0), left: AtomicU64::new(0), right: AtomicU64::new(0) })
    }

    fn write(&self, value: u64) {
        self.left.store(value, Ordering::Relaxed);
        self.right.store(value, Ordering::Relaxed);
    }

    /// Both words, if nobody has changed them meanwhile.
    fn read(&self) -> Option<(u64, u64)> {
        let seen = sequence::begin(&self.sequence)?;
        let both = (self.left.load(Ordering::Relaxed), self.right.load(Ordering::Relaxed));
        sequence::holds(&self.sequence, seen).then_some(both)
    }
}

/// Whatever a reader believes is one state.
pub fn one_state() {
    let guarded = Guarded::new();
    let writer = Arc::clone(&guarded);
    let writing = thread::spawn(move || {
        for value in [1, 2] {
            sequence::change(&writer.sequence, || writer.write(value));
        }
    });
    if let Some((left, right)) = guarded.read() {
        assert_eq!(left, right, "half of one and half of another");
    }
    writing.join().unwrap();
    assert_eq!(guarded.read(), Some((2, 2)));
}

/// Who reads after a change is acknowledged reads it; a version that is published goes with it.
pub fn seen_afterwards() {
    let (guarded, told) = (Guarded::new(), Arc::new(AtomicU64::new(0)));
    let (writer, telling) = (Arc::clone(&guarded), Arc::clone(&told));
    let writing = thread::spawn(move || {
        sequence::change(&writer.sequence, || writer.write(1));
        telling.store(1, Ordering::Release);
    });
    if told.load(Ordering::Acquire) == 1 {
        assert_eq!(guarded.read(), Some((1, 1)));
    }
    writing.join().unwrap();
}

/// A word that readers take in one look is stored, then the sequence moves, then the version is told.
fn change_of_one_word(guarded: &Guarded) {
    guarded.left.store(1, Ordering::Relaxed);
    sequence::changed(&guarded.sequence);
    guarded.right.store(1, Ordering::Release);
}

/// Reads the word on the left and the version on the right by `read` while somebody changes them by `change`.
fn versioned(change: fn(&Guarded), read: fn(&Guarded) -> (u64, u64)) {
    let guarded = Guarded::new();
    let writer = Arc::clone(&guarded);
    let writing = thread::spawn(move || change(&writer));
    if let Some(seen) = sequence::begin(&guarded.sequence) {
        let (word, version) = read(&guarded);
        if sequence::holds(&guarded.sequence, seen) {
            assert!(version <= word, "version {version} is told of {word}");
        }
    }
    writing.join().unwrap();
}

fn version_first(guarded: &Guarded) -> (u64, u64) {
    let version = guarded.right.load(Ordering::Acquire);
    (guarded.left.load(Ordering::Relaxed), version)
}

fn version_last(guarded: &Guarded) -> (u64, u64) {
    let word = guarded.left.load(Ordering::Relaxed);
    (word, guarded.right.load(Ordering::Acquire))
}

pub fn version_before() {
    versioned(change_of_one_word, version_first);
}

pub fn version_after() {
    versioned(change_of_one_word, version_last);
}

pub fn version_too_early() {
    let early = |guarded: &Guarded| {
        guarded.right.store(1, Ordering::Release);
        guarded.left.store(1, Ordering::Relaxed);
        sequence::changed(&guarded.sequence);
    };
    versioned(early, version_first);
}

pub fn silent_writer() {
    let guarded = Guarded::new();
    let writer = Arc::clone(&guarded);
    let writing = thread::spawn(move || broken::change_silently(&writer.sequence, || writer.write(1)));
    if let Some((left, right)) = guarded.read() {
        assert_eq!(left, right);
    }
    writing.join().unwrap();
}

pub fn hasty_reader() {
    let guarded = Guarded::new();
    let writer = Arc::clone(&guarded);
    let writing = thread::spawn(move || sequence::change(&writer.sequence, || writer.write(1)));
    if sequence::begin(&guarded.sequence).is_some() {
        assert_eq!(guarded.left.load(Ordering::Relaxed), guarded.right.load(Ordering::Relaxed));
    }
    writing.join().unwrap();
}
