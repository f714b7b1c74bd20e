//! Time: milliseconds since the Unix epoch, always handed in. The crate has no clock and no calendar.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// One instant.
///
/// # Units
/// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted; 0 to `u64::MAX`.
///
/// # Examples
/// ```
/// use bailiwick::{Span, Timestamp};
///
/// let now = Timestamp::from_millis(1_795_000_000_000);
/// assert_eq!(now.plus(Span::minutes(15)).as_millis(), 1_795_000_900_000);
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(u64);

impl Timestamp {
    /// Wraps milliseconds since the Unix epoch.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since the Unix epoch.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }

    /// This instant and a span later; the end of time when it would lie beyond.
    #[must_use]
    pub const fn plus(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// How long ago `earlier` was; nothing when it lies in the future.
    #[must_use]
    pub const fn since(self, earlier: Self) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

/// A length of time.
///
/// # Shape
/// As text: a whole number and a unit, such as `90s`, `15m`, `12h`, `30d`; in serde the same text.
///
/// # Units
/// Milliseconds inside; a day is 24 hours. Months are no span: they belong to a calendar.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Span(u64);

/// Milliseconds in each unit, largest first.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

impl Span {
    /// Wraps milliseconds.
    #[must_use]
    pub const fn millis(millis: u64) -> Self {
        Self(millis)
    }

    /// So many seconds.
    #[must_use]
    pub const fn seconds(seconds: u64) -> Self {
        Self(seconds.saturating_mul(1_000))
    }

    /// So many minutes.
    #[must_use]
    pub const fn minutes(minutes: u64) -> Self {
        Self(minutes.saturating_mul(60_000))
    }

    /// So many hours.
    #[must_use]
    pub const fn hours(hours: u64) -> Self {
        Self(hours.saturating_mul(3_600_000))
    }

    /// So many days of 24 hours.
    #[must_use]
    pub const fn days(days: u64) -> Self {
        Self(days.saturating_mul(86_400_000))
    }

    /// The length in milliseconds.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, millis) = UNITS
            .into_iter()
            .find(|(_, millis)| self.0 != 0 && self.0.checked_rem(*millis) == Some(0))
            .unwrap_or(("ms", 1));
        write!(f, "{}{unit}", self.0.checked_div(millis).unwrap_or(0))
    }
}

/// A text is not a length of time.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a length of time is a whole number and a unit, such as `15m` or `30d` (ms, s, m, h, d)")]
pub struct SpanError;

impl FromStr for Span {
    type Err = SpanError;

    fn from_str(text: &str) -> Result<Self, SpanError> {
        let unit_at = text.find(|c: char| !c.is_ascii_digit()).ok_or(SpanError)?;
        let (number, unit) = text.split_at_checked(unit_at).ok_or(SpanError)?;
        let (_, millis) = UNITS.into_iter().find(|(name, _)| *name == unit).ok_or(SpanError)?;
        let number: u64 = number.parse().map_err(|_| SpanError)?;
        number.checked_mul(millis).map(Self).ok_or(SpanError)
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn spans_read_back_as_they_were_written() {
        for text in ["0ms", "1ms", "90s", "15m", "12h", "30d", "1500ms"] {
            assert_eq!(text.parse::<Span>().unwrap().to_string(), text);
        }
        assert_eq!("60s".parse::<Span>().unwrap().to_string(), "1m");
    }

    #[test]
    fn spans_that_say_nothing_are_refused() {
        for text in ["", "d", "7", "7 d", "-7d", "1.5h", "1w", "99999999999999999999d", "213503982335d"] {
            assert_eq!(text.parse::<Span>(), Err(SpanError), "{text}");
        }
    }
}
