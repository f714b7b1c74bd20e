//! Wording: what people are called and how times are written, in reviews and in differences. The crate knows neither, so the caller says.

use alloc::string::{String, ToString};
use core::fmt;

use crate::id::UserId;
use crate::time::Timestamp;

/// What people are called and how times are written, in a review and in a [difference](crate::whatif::AccessDiff).
///
/// # Shape
/// Plain, users are their ids and times milliseconds since the Unix epoch, as everywhere in the crate. What the functions answer is
/// escaped by whoever writes it.
///
/// # Examples
/// ```
/// use bailiwick::UserId;
/// use bailiwick::reach::review::Wording;
///
/// let ada = UserId::from_u64(1).unwrap();
/// let name = |user: UserId| (user == ada).then(|| "Ada Lovelace".to_owned());
/// let wording = Wording::plain().names(&name);
/// # let _ = wording;
/// ```
#[derive(Clone, Copy)]
pub struct Wording<'w> {
    name: &'w dyn Fn(UserId) -> Option<String>,
    time: &'w dyn Fn(Timestamp) -> String,
}

impl Wording<'static> {
    /// Ids, and milliseconds since the Unix epoch.
    #[must_use]
    pub fn plain() -> Self {
        Self { name: &|_| None, time: &|at| at.as_millis().to_string() }
    }
}

impl<'w> Wording<'w> {
    /// What users are called, where it is known.
    #[must_use]
    pub const fn names(mut self, name: &'w dyn Fn(UserId) -> Option<String>) -> Self {
        self.name = name;
        self
    }

    /// How times are written, for example by `utc` (feature `calendar`): ISO 8601.
    #[must_use]
    pub const fn times(mut self, time: &'w dyn Fn(Timestamp) -> String) -> Self {
        self.time = time;
        self
    }

    pub(crate) fn name(&self, user: UserId) -> Option<String> {
        (self.name)(user)
    }

    pub(crate) fn time(&self, at: Timestamp) -> String {
        (self.time)(at)
    }
}

impl fmt::Debug for Wording<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wording(…)")
    }
}

/// A time as ISO 8601 in UTC, to the second (the fraction is cut): `2026-11-23T02:20:18Z`. Milliseconds for years beyond 9999.
///
/// # Examples
/// ```
/// use bailiwick::Timestamp;
/// use bailiwick::reach::review::utc;
///
/// assert_eq!(utc(Timestamp::from_millis(1_795_400_418_999)), "2026-11-23T02:20:18Z");
/// ```
#[cfg(feature = "calendar")]
#[must_use]
pub fn utc(at: Timestamp) -> String {
    let seconds = at.as_millis().checked_div(1_000).and_then(|seconds| i64::try_from(seconds).ok());
    let instant = seconds.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
    instant.map_or_else(|| at.as_millis().to_string(), |instant| instant.to_string())
}
