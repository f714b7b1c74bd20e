//! Whole lives on a store that breaks, with two processes: everything is carried out once or not at all, and nobody is told otherwise.

use std::sync::Arc;

use crate::support::faulty::Counts;
use crate::support::shaken::shaken;

const STEPS: usize = 60;

/// What has to have happened: a fault that never comes proves nothing.
const HAPPENED: [&str; 16] = [
    "lost answer",
    "lost on the way",
    "refused for the moment",
    "connection gone",
    "landed later",
    "disk full",
    "failed read",
    "lagging changes",
    "clock jumps forwards",
    "clock jumps backwards",
    "stale read refused",
    "read from behind refused",
    "somebody else in between",
    "repeated",
    "told: unknown",
    "told: not carried out",
];

/// Many commands, orders and shares, made up from seeds. `BAILIWICK_OPERATIONS` and `BAILIWICK_SEED` are those of the simulator.
#[test]
fn whatever_breaks_everything_is_carried_out_once_or_not_at_all() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let operations = number("BAILIWICK_OPERATIONS").unwrap_or(2_400);
    let first = number("BAILIWICK_SEED").unwrap_or(0);
    let counts = Counts::default();
    let mut found = Vec::new();
    for seed in first..first + operations.div_ceil(STEPS as u64) {
        if let Err(text) = shaken(seed, STEPS, &counts) {
            found.push(format!("BAILIWICK_SEED={seed} BAILIWICK_OPERATIONS={STEPS}: {text}"));
        }
    }
    let counts = Arc::try_unwrap(counts).expect("everybody is gone").into_inner().expect("nobody has panicked");
    counts.iter().for_each(|(what, count)| println!("{count:8} {what}"));
    assert!(found.is_empty(), "{} lives went wrong:\n{}", found.len(), found[..found.len().min(5)].join("\n"));
    if operations >= 2_400 {
        for what in HAPPENED {
            assert!(counts.get(what).is_some_and(|count| *count > 0), "never happened: {what}");
        }
    }
}
