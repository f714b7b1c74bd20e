//! The figures: as the clients saw it, and as the program counted.

use std::fmt;
use std::time::Duration;

use ureq::Agent;

use super::server::Server;

pub(crate) const HEADINGS: &str =
    "per second | p50, ms | p99, ms | in the program, ms | of that asking *may they?*, µs | share";

/// What the program has counted: how often and how many seconds, requests and questions.
#[derive(Clone, Copy)]
pub(crate) struct Counted {
    requests: (f64, f64),
    questions: (f64, f64),
}

impl Counted {
    pub(crate) fn at(server: &Server) -> Self {
        let agent = Agent::new_with_defaults();
        let mut response = agent.get(format!("http://{}/metrics", server.address)).call().unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let sum = |name: &str| {
            let lines = text.lines().filter(|line| line.starts_with(name));
            lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
        };
        let both = |name: &str| (sum(&format!("{name}_seconds_count")), sum(&format!("{name}_seconds_sum")));
        Self { requests: both("http_request_duration"), questions: both("authorization_duration") }
    }

    pub(crate) fn since(&self, before: &Self) -> Self {
        let less = |(count, sum): (f64, f64), before: (f64, f64)| (count - before.0, sum - before.1);
        Self { requests: less(self.requests, before.requests), questions: less(self.questions, before.questions) }
    }
}

/// A row of the table.
pub(crate) struct Row {
    per_second: f64,
    p50: Duration,
    p99: Duration,
    inside_ms: f64,
    question_us: f64,
    share: f64,
}

impl Row {
    pub(crate) fn of(mut took: Vec<Duration>, lasted: Duration, counted: &Counted) -> Self {
        took.sort_unstable();
        let at = |percent: usize| took[(took.len() - 1) * percent / 100];
        let ((requests, inside), (questions, asking)) = (counted.requests, counted.questions);
        Self {
            per_second: took.len() as f64 / lasted.as_secs_f64(),
            p50: at(50),
            p99: at(99),
            inside_ms: inside / requests * 1e3,
            question_us: asking / questions * 1e6,
            share: asking / inside * 100.0,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (p50, p99) = (self.p50.as_secs_f64() * 1e3, self.p99.as_secs_f64() * 1e3);
        let Self { per_second, inside_ms, question_us, share, .. } = self;
        write!(f, "{per_second:.0} | {p50:.2} | {p99:.2} | {inside_ms:.3} | {question_us:.2} | {share:.1} %")
    }
}
