//! What to do after an append: the way of a command into a stream, as decisions without I/O.

use super::TenantsError;
use crate::limits::{APPEND_ATTEMPTS_MAX, STORE_ATTEMPTS_MAX};
use crate::store::{Appended, StoreError, Written};

/// How often one command may still be tried, and whether an attempt may have been carried out that nobody has acknowledged.
#[derive(Debug)]
pub(super) struct Attempts {
    conflicts: usize,
    failures: usize,
    doubtful: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Next {
    /// It is kept: apply it.
    Apply,
    /// It was kept before: answer with that.
    Recall(Written),
    /// A unique key leads somewhere else.
    Refuse,
    /// Look what others have appended, and judge again.
    Judge,
}

impl Attempts {
    pub(super) const fn new() -> Self {
        Self { conflicts: 0, failures: 0, doubtful: false }
    }

    /// What follows from the answer to an append.
    pub(super) fn next(&mut self, answer: Result<Appended, StoreError>) -> Result<Next, TenantsError> {
        match answer {
            Ok(Appended::Applied) => Ok(Next::Apply),
            Ok(Appended::Replayed(written)) => Ok(Next::Recall(written)),
            Ok(Appended::Claimed { .. }) => Ok(Next::Refuse),
            Ok(Appended::Conflict) => self.judge_again(),
            Err(fatal @ StoreError::Fatal(_)) => Err(self.trouble(fatal)),
            Err(trouble) => {
                self.doubtful |= matches!(trouble, StoreError::Unknown(_));
                self.failures = self.failures.saturating_add(1);
                if self.failures >= STORE_ATTEMPTS_MAX { Err(self.trouble(trouble)) } else { Ok(Next::Judge) }
            }
        }
    }

    /// Once more, because others have appended meanwhile.
    pub(super) fn judge_again(&mut self) -> Result<Next, TenantsError> {
        self.conflicts = self.conflicts.saturating_add(1);
        if self.conflicts >= APPEND_ATTEMPTS_MAX { Err(TenantsError::Contended) } else { Ok(Next::Judge) }
    }

    /// Whether what others have appended since begins with these: then they are none of others, but were not acknowledged. Where it
    /// does not, the place that they were meant for is taken, and they cannot come any more.
    pub(super) fn were_kept<R: PartialEq>(&mut self, records: &[R], appended_since: &[R]) -> bool {
        let were_kept = self.doubtful && appended_since.starts_with(records);
        self.doubtful &= appended_since.is_empty();
        were_kept
    }

    /// Trouble, as whoever gave the command has to know it: after doubt nobody can say that nothing was carried out.
    pub(super) fn trouble(&self, trouble: StoreError) -> TenantsError {
        match trouble {
            StoreError::Retry(why) | StoreError::Fatal(why) if self.doubtful => StoreError::Unknown(why).into(),
            trouble => trouble.into(),
        }
    }

    /// The same, of what came of it in the end: a "no" stays one.
    pub(super) fn told<T>(&self, answer: Result<T, TenantsError>) -> Result<T, TenantsError> {
        answer.map_err(|why| match why {
            TenantsError::Store(trouble) => self.trouble(trouble),
            why => why,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn retry() -> Result<Appended, StoreError> {
        Err(StoreError::Retry("no".into()))
    }

    fn unknown() -> Result<Appended, StoreError> {
        Err(StoreError::Unknown("gone".into()))
    }

    #[test]
    fn trouble_is_tried_again_and_then_told() {
        let mut attempts = Attempts::new();
        for _ in 1..STORE_ATTEMPTS_MAX {
            assert_eq!(attempts.next(retry()).unwrap(), Next::Judge);
        }
        assert!(matches!(attempts.next(retry()), Err(TenantsError::Store(StoreError::Retry(_)))));
        assert!(matches!(Attempts::new().next(Err(StoreError::Fatal("".into()))), Err(TenantsError::Store(_))));
    }

    #[test]
    fn after_doubt_nobody_is_told_that_nothing_happened() {
        let mut attempts = Attempts::new();
        assert_eq!(attempts.next(unknown()).unwrap(), Next::Judge);
        assert!(!attempts.were_kept(&[1, 2], &[]));
        for _ in 2..STORE_ATTEMPTS_MAX {
            assert_eq!(attempts.next(retry()).unwrap(), Next::Judge);
        }
        assert!(matches!(attempts.next(retry()), Err(TenantsError::Store(StoreError::Unknown(_)))));
    }

    /// What was sent first may still be on its way.
    #[test]
    fn after_doubt_a_full_disk_is_no_answer_either() {
        let mut attempts = Attempts::new();
        assert_eq!(attempts.next(unknown()).unwrap(), Next::Judge);
        let full = attempts.next(Err(StoreError::Fatal("full".into())));
        assert!(matches!(full, Err(TenantsError::Store(StoreError::Unknown(_)))));
    }

    #[test]
    fn what_was_not_acknowledged_is_recognized() {
        let mut attempts = Attempts::new();
        assert!(!attempts.were_kept(&[1, 2], &[1, 2]), "nothing was in doubt");
        assert_eq!(attempts.next(unknown()).unwrap(), Next::Judge);
        assert!(attempts.were_kept(&[1, 2], &[1, 2, 3]));

        let mut attempts = Attempts::new();
        assert_eq!(attempts.next(unknown()).unwrap(), Next::Judge);
        assert!(!attempts.were_kept(&[1, 2], &[5]));
        assert!(matches!(attempts.trouble(StoreError::Retry("".into())), TenantsError::Store(StoreError::Retry(_))));
    }

    #[test]
    fn others_are_outlasted_for_a_while() {
        let mut attempts = Attempts::new();
        for _ in 1..APPEND_ATTEMPTS_MAX {
            assert_eq!(attempts.next(Ok(Appended::Conflict)).unwrap(), Next::Judge);
        }
        assert!(matches!(attempts.next(Ok(Appended::Conflict)), Err(TenantsError::Contended)));
    }
}
