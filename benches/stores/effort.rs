//! How much is measured: everything, or enough to see that it works.

use std::time::Duration;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Effort {
    Full,
    /// Tiny numbers, one round.
    Smoke,
}

impl Effort {
    /// Full under `cargo bench`, unless `--test` is asked for.
    pub fn of_arguments() -> Self {
        let given = |flag: &str| std::env::args().any(|argument| argument == flag);
        if given("--bench") && !given("--test") { Self::Full } else { Self::Smoke }
    }

    /// How many of something there are.
    pub fn of(self, full: u64, smoke: u64) -> u64 {
        match self {
            Self::Full => full,
            Self::Smoke => smoke,
        }
    }

    /// How often ours and the floor take turns: often and for a short time, because a disk is slow by spells.
    pub fn rounds(self) -> u64 {
        self.of(41, 1)
    }

    /// How often where one operation takes longer than a round.
    pub fn few_rounds(self) -> u64 {
        self.of(5, 1)
    }

    /// How long one round of one side is to take, about; `None` for as short as can be.
    pub fn round(self) -> Option<Duration> {
        match self {
            Self::Full => Some(Duration::from_millis(60)),
            Self::Smoke => None,
        }
    }
}
