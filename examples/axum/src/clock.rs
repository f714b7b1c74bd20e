//! The clock, which the crate does not have.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bailiwick::{Span, Timestamp};

/// Now.
pub(crate) fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// A duration as the crate counts it.
pub(crate) fn span(duration: Duration) -> Span {
    Span::millis(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
