//! The ledger beside a naive one, under everything that clients, clocks and crashing processes do.

mod faults;

use std::collections::BTreeMap;

use crate::support::simulator::{Script, World, kind, shrunk, told};

const STEPS: usize = 120;

/// Many operations, made up from seeds. `BAILIWICK_OPERATIONS=1000000 cargo test --release simulator` runs more of them,
/// `BAILIWICK_SEED=7` begins with another seed. What fails is told as a short script.
#[test]
fn the_ledger_agrees_with_the_naive_one_under_simulation() {
    let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let operations = number("BAILIWICK_OPERATIONS").unwrap_or(2_400);
    let first = number("BAILIWICK_SEED").unwrap_or(0);
    let (mut counts, mut kinds) = (BTreeMap::new(), BTreeMap::<String, (usize, u64, Script)>::new());
    for seed in first..first + operations.div_ceil(STEPS as u64) {
        let (script, found) = World::simulate(seed, STEPS, &mut counts);
        if let Some(text) = found {
            let found = (script.steps.len(), seed, script);
            let known = kinds.entry(kind(&text)).or_insert_with(|| found.clone());
            if found.0 < known.0 {
                *known = found;
            }
        }
    }
    if std::env::var_os("BAILIWICK_COUNTS").is_some() {
        counts.iter().for_each(|(what, count)| println!("{count:8} {what}"));
    }
    for (_, seed, script) in kinds.values() {
        eprintln!("BAILIWICK_SEED={seed}\n{}\n", told(&shrunk(script)));
    }
    assert!(kinds.is_empty(), "{:#?}", kinds.keys());
}
