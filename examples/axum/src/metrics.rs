//! Metrics: how many requests, how many questions, and how long each took. In the text form that Prometheus reads.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bailiwick::access::Decision;

/// How often, and how long in all.
#[derive(Debug, Default)]
struct Timed {
    count: AtomicU64,
    nanos: AtomicU64,
}

impl Timed {
    fn add(&self, took: Duration) {
        self.count.fetch_add(1, Ordering::Relaxed);
        self.nanos.fetch_add(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// What a process has counted since it began.
#[derive(Debug, Default)]
pub(crate) struct Metrics {
    requests: Timed,
    failed: AtomicU64,
    allowed: Timed,
    denied: Timed,
    stepped_up: Timed,
    filtered: Timed,
}

impl Metrics {
    /// A question was answered.
    pub(crate) fn authorized(&self, decision: Decision, took: Duration) {
        match decision {
            Decision::Allow => self.allowed.add(took),
            Decision::Deny(_) => self.denied.add(took),
            Decision::StepUp(_) => self.stepped_up.add(took),
        }
    }

    /// A filter was made, for a list.
    pub(crate) fn filtered(&self, took: Duration) {
        self.filtered.add(took);
    }

    /// A request was answered.
    pub(crate) fn answered(&self, is_failure: bool, took: Duration) {
        self.requests.add(took);
        self.failed.fetch_add(u64::from(is_failure), Ordering::Relaxed);
    }

    /// All of it.
    pub(crate) fn to_text(&self) -> String {
        let mut text = String::new();
        let [allow, deny] = [("allow", &self.allowed), ("deny", &self.denied)];
        let questions = [allow, deny, ("step_up", &self.stepped_up), ("filter", &self.filtered)]
            .map(|(decision, timed)| (format!("{{decision=\"{decision}\"}}"), timed));
        summary(&mut text, "http_request_duration", "Requests answered", &[(String::new(), &self.requests)]);
        summary(&mut text, "authorization_duration", "Questions that handlers asked", &questions);
        counter(
            &mut text,
            "http_requests_failed_total",
            "Requests answered with a status of 500 or more",
            &self.failed,
        );
        text
    }
}

/// How often and how long, as `_count` and `_sum`.
fn summary(text: &mut String, name: &str, help: &str, series: &[(String, &Timed)]) {
    // A text takes everything.
    let _ = writeln!(text, "# HELP {name}_seconds {help}.\n# TYPE {name}_seconds summary");
    for (labels, timed) in series {
        let (count, nanos) = (timed.count.load(Ordering::Relaxed), timed.nanos.load(Ordering::Relaxed));
        let seconds = Duration::from_nanos(nanos).as_secs_f64();
        let _ = writeln!(text, "{name}_seconds_sum{labels} {seconds:.9}\n{name}_seconds_count{labels} {count}");
    }
}

fn counter(text: &mut String, name: &str, help: &str, count: &AtomicU64) {
    let count = count.load(Ordering::Relaxed);
    let _ = writeln!(text, "# HELP {name} {help}.\n# TYPE {name} counter\n{name} {count}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_is_told() {
        let metrics = Metrics::default();
        metrics.authorized(Decision::Allow, Duration::from_micros(3));
        metrics.answered(true, Duration::from_millis(2));
        let text = metrics.to_text();
        for line in [
            "authorization_duration_seconds_sum{decision=\"allow\"} 0.000003000",
            "authorization_duration_seconds_count{decision=\"deny\"} 0",
            "http_request_duration_seconds_count 1",
            "http_requests_failed_total 1",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} in {text}");
        }
    }
}
