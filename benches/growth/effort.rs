//! How much is measured: everything, or enough to see that it works.

use std::path::PathBuf;
use std::time::{Duration, Instant};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effort {
    Full,
    /// The smallest sizes, once.
    Smoke,
}

impl Effort {
    /// Full under `cargo bench`, unless `--test` is asked for.
    pub fn of_arguments() -> Self {
        let given = |flag: &str| std::env::args().any(|argument| argument == flag);
        if given("--bench") && !given("--test") { Self::Full } else { Self::Smoke }
    }

    /// Two sizes still make a line.
    pub fn sizes(self, all: &[usize]) -> &[usize] {
        match self {
            Self::Full => all,
            Self::Smoke => &all[..2],
        }
    }

    /// Questions in one pass.
    pub fn questions(self) -> usize {
        match self {
            Self::Full => 65_536,
            Self::Smoke => 512,
        }
    }

    /// How often to measure the same.
    pub fn passes(self) -> usize {
        match self {
            Self::Full => 15,
            Self::Smoke => 1,
        }
    }

    /// How often to measure what costs so many members.
    pub fn passes_of(self, members: usize) -> usize {
        (1_000_000 / members.max(1)).clamp(1, self.passes())
    }

    pub fn picture(self) -> PathBuf {
        match self {
            Self::Full => PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/growth/growth.svg")),
            Self::Smoke => PathBuf::from(concat!(env!("CARGO_TARGET_TMPDIR"), "/growth.svg")),
        }
    }
}

/// What some work takes, and what it makes.
pub fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let made = work();
    (start.elapsed(), made)
}

/// The middle one of several measurements; of an even number the upper of both.
pub fn median<T: Ord + Copy>(mut measured: Vec<T>) -> T {
    measured.sort_unstable();
    measured[measured.len() / 2]
}
