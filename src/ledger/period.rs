//! Periods: where they begin and end. Each boundary is counted from the anchor, so nothing drifts.

use crate::catalog::Renewal;
use crate::time::{Span, Timestamp};

/// Whether periods can be counted so in this build: months need the calendar.
pub(super) const fn can_count(renewal: Renewal) -> bool {
    match renewal {
        Renewal::Monthly | Renewal::Yearly => cfg!(feature = "calendar"),
        Renewal::Given | Renewal::Days(_) => true,
    }
}

/// The period that holds an instant: its first instant and, where it ends by itself, the first instant after it. What lies
/// before the anchor is one period that ends there.
pub(super) fn around(renewal: Renewal, anchor: Timestamp, now: Timestamp) -> (Timestamp, Option<Timestamp>) {
    if now < anchor && renewal != Renewal::Given {
        return (now, Some(anchor));
    }
    match renewal {
        Renewal::Given => (now, None),
        Renewal::Days(0) => (now, None), // refused at the door
        Renewal::Days(days) => whole_days(Span::days(u64::from(days)), anchor, now),
        Renewal::Monthly => months(1, anchor, now),
        Renewal::Yearly => months(12, anchor, now),
    }
}

fn whole_days(length: Span, anchor: Timestamp, now: Timestamp) -> (Timestamp, Option<Timestamp>) {
    let gone = now.since(anchor).as_millis().checked_rem(length.as_millis()).unwrap_or(0);
    let start = Timestamp::from_millis(now.as_millis().saturating_sub(gone));
    let end = start.as_millis().checked_add(length.as_millis()).map(Timestamp::from_millis);
    (start, end)
}

#[cfg(not(feature = "calendar"))]
const fn months(_: i32, _: Timestamp, now: Timestamp) -> (Timestamp, Option<Timestamp>) {
    (now, None) // refused at the door; see `can_count`
}

#[cfg(feature = "calendar")]
fn months(each: i32, anchor: Timestamp, now: Timestamp) -> (Timestamp, Option<Timestamp>) {
    let boundary = |number: i32| calendar::after(anchor, number.checked_mul(each)?);
    let Some(between) = calendar::months_between(anchor, now) else { return (now, None) };
    // Whole months in the calendar are the number of the period or, before the day and time of the anchor, one more.
    let guess = between.checked_div(each).unwrap_or(0);
    let number = match boundary(guess) {
        Some(start) if start <= now => guess,
        _ => guess.saturating_sub(1),
    };
    (boundary(number).unwrap_or(now), boundary(number.saturating_add(1)))
}

#[cfg(feature = "calendar")]
mod calendar {
    use jiff::civil::DateTime;
    use jiff::tz::TimeZone;
    use jiff::{Span, Timestamp as Instant};

    use crate::time::Timestamp;

    fn civil(at: Timestamp) -> Option<DateTime> {
        let instant = Instant::from_millisecond(i64::try_from(at.as_millis()).ok()?).ok()?;
        Some(instant.to_zoned(TimeZone::UTC).datetime())
    }

    /// So many months later, on the last day of a month that is too short; `None` beyond the calendar.
    pub(super) fn after(anchor: Timestamp, months: i32) -> Option<Timestamp> {
        let later = civil(anchor)?.checked_add(Span::new().try_months(months).ok()?).ok()?;
        let millis = later.to_zoned(TimeZone::UTC).ok()?.timestamp().as_millisecond();
        u64::try_from(millis).ok().map(Timestamp::from_millis)
    }

    /// How many months the name of the one month is after that of the other.
    pub(super) fn months_between(anchor: Timestamp, now: Timestamp) -> Option<i32> {
        let (from, to) = (civil(anchor)?, civil(now)?);
        let years = i32::from(to.year()).checked_sub(i32::from(from.year()))?;
        let months = i32::from(to.month()).checked_sub(i32::from(from.month()))?;
        years.checked_mul(12)?.checked_add(months)
    }
}

#[cfg(test)]
#[cfg(feature = "calendar")]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    fn at(text: &str) -> Timestamp {
        let instant: jiff::Timestamp = text.parse().unwrap();
        Timestamp::from_millis(instant.as_millisecond().try_into().unwrap())
    }

    fn shown(at: Timestamp) -> String {
        jiff::Timestamp::from_millisecond(at.as_millis().try_into().unwrap()).unwrap().to_string()
    }

    fn boundaries(renewal: Renewal, anchor: &str, count: usize) -> Vec<String> {
        let mut now = at(anchor);
        let mut all = Vec::new();
        for _ in 0..count {
            let (start, end) = around(renewal, at(anchor), now);
            assert_eq!(start, now);
            now = end.unwrap();
            all.push(shown(now));
        }
        all
    }

    #[test]
    fn the_end_of_january_does_not_drift() {
        let ends = ["2027-02-28T10:00:00Z", "2027-03-31T10:00:00Z", "2027-04-30T10:00:00Z", "2027-05-31T10:00:00Z"];
        assert_eq!(boundaries(Renewal::Monthly, "2027-01-31T10:00:00Z", 4), ends);
        let leap = ["2028-02-29T00:00:00Z", "2028-03-31T00:00:00Z"];
        assert_eq!(boundaries(Renewal::Monthly, "2028-01-31T00:00:00Z", 2), leap);
    }

    #[test]
    fn the_leap_day_comes_back_in_leap_years() {
        let ends = ["2025-02-28T00:00:00Z", "2026-02-28T00:00:00Z", "2027-02-28T00:00:00Z", "2028-02-29T00:00:00Z"];
        assert_eq!(boundaries(Renewal::Yearly, "2024-02-29T00:00:00Z", 4), ends);
    }

    #[test]
    fn every_instant_lies_in_its_period() {
        let anchor = at("2023-10-31T23:59:59.999Z");
        for renewal in [Renewal::Monthly, Renewal::Yearly, Renewal::Days(30), Renewal::Days(1)] {
            for hour in 0..20_000 {
                let now = anchor.plus(Span::hours(hour));
                for now in [now, now.plus(Span::millis(1)), Timestamp::from_millis(now.as_millis() - 1)] {
                    let (start, end) = around(renewal, anchor, now);
                    assert!(start <= now && end.is_some_and(|end| now < end), "{renewal} {}", shown(now));
                }
            }
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_a_period_without_end() {
        let anchor = at("2020-01-31T00:00:00Z");
        assert_eq!(
            around(Renewal::Monthly, anchor, Timestamp::from_millis(u64::MAX)),
            (Timestamp::from_millis(u64::MAX), None)
        );
        assert_eq!(around(Renewal::Yearly, anchor, at("9999-06-01T00:00:00Z")).1, None);
    }
}
