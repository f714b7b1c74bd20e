//! What happens every day: work in the evenings, uploads, and somebody who is told when something runs low or full.

use std::error::Error;

use bailiwick::ledger::{Alert, Commit, Due, Receipt, Reserve, Threshold, Units, Watched};
use bailiwick::{Label, Span, Timestamp};

use crate::Told;
use crate::page::{Page, bytes, is_workday, number};
use crate::studio::{Job, Person, Project, Studio};
use Person::{Juno, Mika, Nora};
use Project::{Lighthouse, Orbit};

/// An upload: room is kept, then the file is there. Answers with what was said when it began: that is when it can be over.
pub fn upload(
    studio: &mut Studio,
    page: &mut Page,
    now: Timestamp,
    (project, kind): (Project, &str),
    room: u64,
    size: u64,
) -> Result<Receipt, Box<dyn Error>> {
    let now = later(studio, page, now)?;
    let (hold, until, spot) = (studio.hold_id(), now.plus(Span::hours(6)), project.spot(kind));
    let reserve = Reserve { hold, meter: Label::STORAGE, spot, amount: Units::new(room), until };
    let reserved = studio.order(now, reserve)?;
    let there = now.plus(Span::minutes(30));
    let meter = |studio: &Studio, at| {
        studio.tenants.read_ledger(studio.nebula, at, |ledger| ledger.meter(Label::STORAGE, None, at))
    };
    let kept = meter(studio, now)?.reserved;
    let receipt = studio.order(there, Commit { hold, amount: Units::new(size) })?;
    page.told(
        now,
        &format!(
            "A {kind} for {project:?}: room for {} is kept, {} arrive, {} are stored.",
            bytes(kept),
            bytes(receipt.units),
            bytes(meter(studio, there)?.used),
        ),
    );
    bells(studio, page)?;
    Ok(reserved)
}

/// Comes to a later time. Every evening until then the studio works as it does every day: whatever the people and their
/// credits allow. Whoever is to be told something is told.
pub fn later(studio: &mut Studio, page: &mut Page, now: Timestamp) -> Result<Timestamp, Box<dyn Error>> {
    let jobs = [
        (Job::new(Mika, Orbit, "video"), 310, 7),
        (Job::new(Mika, Lighthouse, "image"), 60, 11),
        (Job::new(Juno, Lighthouse, "video"), 330, 13),
        (Job::new(Juno, Orbit, "image"), 75, 5),
        (Job::new(Nora, Orbit, "video"), 120, 3),
    ];
    while let Some(evening) = studio.evening_before(now) {
        for (nth, (job, base, step)) in (1_u64..).zip(jobs) {
            let amount = base + (days_of(evening) * step + nth * 17) % 23 * 10;
            let at = evening.plus(Span::minutes(nth * 20));
            if is_workday(at) && studio.could(at, job, amount)? {
                studio.charge(at, job, amount)?;
            }
        }
    }
    bells(studio, page)?;
    Ok(now)
}

fn days_of(at: Timestamp) -> u64 {
    at.as_millis() / Span::days(1).as_millis()
}

/// Prints the alerts since the last time: those that came with an order, and those that time brought.
pub fn bells(studio: &mut Studio, page: &mut Page) -> Told {
    for entry in studio.news()? {
        for elapsed in &entry.elapsed {
            if let Due::Alerted { alerts } = &elapsed.what {
                ring(page, elapsed.at, alerts);
            }
        }
        if let Ok(receipt) = &entry.answer {
            ring(page, entry.at, &receipt.alerts);
        }
    }
    Ok(())
}

/// One line for each thing that is watched, however many thresholds were crossed at once: the last is the highest.
fn ring(page: &mut Page, at: Timestamp, alerts: &[Alert]) {
    for (nth, alert) in alerts.iter().enumerate() {
        let Alert { watched, threshold, of, now } = alert;
        if alerts[nth + 1..].iter().any(|later| later.watched == *watched) {
            continue;
        }
        let words = match (watched, threshold) {
            (Watched::Meter { .. }, Threshold::Percent(percent)) => {
                let (used, quota) = (bytes(Units::new(*now)), bytes(Units::new(*of)));
                format!("Storage: {percent} % reached, {used} of {quota}, uploads under way included")
            }
            (_, Threshold::Percent(percent)) => {
                format!("Credits: {percent} % reached, {} of {}", number(now), number(of))
            }
            (_, Threshold::Left(left)) => {
                format!("Credits: {} or fewer are left, namely {}", number(left), number(now))
            }
        };
        page.bell(at, &words);
    }
}
