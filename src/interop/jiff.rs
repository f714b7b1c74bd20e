//! Time as `jiff` has it.

use ::jiff::{Error, SignedDuration};

use crate::time::{Span, Timestamp};

/// The instant, to the millisecond; what is finer is dropped. Before 1970 there is none.
impl TryFrom<::jiff::Timestamp> for Timestamp {
    type Error = core::num::TryFromIntError;

    fn try_from(instant: ::jiff::Timestamp) -> Result<Self, Self::Error> {
        instant.as_millisecond().try_into().map(Self::from_millis)
    }
}

/// The instant; beyond the year 9999 there is none.
impl TryFrom<Timestamp> for ::jiff::Timestamp {
    type Error = Error;

    fn try_from(instant: Timestamp) -> Result<Self, Error> {
        // What is beyond an `i64` is beyond that year all the more.
        Self::from_millisecond(i64::try_from(instant.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The length, to the millisecond; what is finer is dropped. Backwards there is none.
impl TryFrom<SignedDuration> for Span {
    type Error = core::num::TryFromIntError;

    fn try_from(length: SignedDuration) -> Result<Self, Self::Error> {
        length.as_millis().try_into().map(Self::millis)
    }
}

/// The length; the longest that there is for what is longer.
impl From<Span> for SignedDuration {
    fn from(length: Span) -> Self {
        i64::try_from(length.as_millis()).map_or(Self::MAX, Self::from_millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_the_same_to_the_millisecond() {
        let instant: ::jiff::Timestamp = "2026-11-18T09:46:40.123456Z".parse().unwrap();
        let ours = Timestamp::try_from(instant).unwrap();
        assert_eq!(ours.as_millis(), 1_794_995_200_123);
        assert_eq!(::jiff::Timestamp::try_from(ours).unwrap(), "2026-11-18T09:46:40.123Z".parse().unwrap());
        assert!(Timestamp::try_from(::jiff::Timestamp::from_millisecond(-1).unwrap()).is_err());
        assert!(::jiff::Timestamp::try_from(Timestamp::from_millis(u64::MAX)).is_err());
    }

    #[test]
    fn lengths_are_the_same_to_the_millisecond() {
        let length = SignedDuration::from_micros(1_500_900);
        assert_eq!(Span::try_from(length), Ok(Span::millis(1_500)));
        assert_eq!(SignedDuration::from(Span::days(1)), SignedDuration::from_hours(24));
        assert_eq!(SignedDuration::from(Span::millis(u64::MAX)), SignedDuration::MAX);
        assert!(Span::try_from(-length).is_err());
    }
}
