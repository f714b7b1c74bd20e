//! When periods begin.

use bailiwick::catalog::Renewal;
use bailiwick::ledger::Allowance;
use jiff::{Span, Timestamp, tz::TimeZone};

const DAY: u64 = 86_400_000;

/// The n-th begin of a period; `None` where nobody can say.
fn begin(allowance: &Allowance, n: u64) -> Option<u64> {
    let anchor = allowance.anchor.as_millis();
    let months = |count: u64| {
        let first = Timestamp::from_millisecond(i64::try_from(anchor).ok()?).ok()?.to_zoned(TimeZone::UTC);
        let later = first.checked_add(Span::new().try_months(i64::try_from(count).ok()?).ok()?).ok()?;
        u64::try_from(later.timestamp().as_millisecond()).ok()
    };
    match allowance.renewal {
        Renewal::Monthly => months(n),
        Renewal::Yearly => months(n * 12),
        Renewal::Days(days) => anchor.checked_add(n.checked_mul(u64::from(days))?.checked_mul(DAY)?),
        Renewal::Given => None,
    }
}

/// A count whose begin is certainly not after a time.
fn early(allowance: &Allowance, at: u64) -> u64 {
    let longest = match allowance.renewal {
        Renewal::Monthly => 31,
        Renewal::Yearly => 366,
        Renewal::Days(days) => u64::from(days),
        Renewal::Given => 1,
    };
    at.saturating_sub(allowance.anchor.as_millis()) / (longest * DAY)
}

/// Every begin, from a little before a time.
fn begins(allowance: &Allowance, at: u64) -> impl Iterator<Item = u64> {
    (early(allowance, at)..).map_while(|n| begin(allowance, n))
}

/// The first begin after a time.
pub(super) fn after(allowance: &Allowance, at: u64) -> Option<u64> {
    begins(allowance, at).find(|begin| *begin > at)
}

/// The last begin at or before a time; `None` before the anchor.
pub(super) fn before(allowance: &Allowance, at: u64) -> Option<u64> {
    begins(allowance, at).take_while(|begin| *begin <= at).last()
}

/// The begin of the n-th period after a time.
pub(super) fn nth_after(allowance: &Allowance, at: u64, n: u32) -> Option<u64> {
    (0..n).try_fold(at, |at, _| after(allowance, at))
}
