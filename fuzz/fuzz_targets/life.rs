//! Lives of organizations made of bytes. Whatever command comes: no panic, the same answer twice; what is accepted keeps
//! every invariant and gives nobody what its giver does not hold; and the records, written and read back, make an equal
//! organization.
#![no_main]
#![allow(dead_code, reason = "the lives serve the tests too")]

#[path = "../../tests/it/support/lives/mod.rs"]
mod lives;
#[path = "../../tests/it/support/theorem_oracle/mod.rs"]
mod theorem_oracle;

use bailiwick::change::Record;
use libfuzzer_sys::fuzz_target;
use lives::{Life, organizations};
use theorem_oracle::Oracle;
use theorem_oracle::trial::told;

fuzz_target!(|bytes: &[u8]| {
    let life = Life::from_bytes(bytes, 120);
    let mut present = organizations(&life.catalog);
    let mut histories = vec![Vec::<Record>::new(); present.len()];
    let mut oracles = vec![Oracle::default(); present.len()];
    for step in &life.steps {
        let before = &present[step.organization];
        let answer = before.handle(&step.command, &step.context());
        assert_eq!(answer, before.handle(&step.command, &step.context()), "{step:?}\n{}", told(&life));
        let Ok(outcome) = answer else { continue };
        let mut after = before.clone();
        outcome.records.iter().for_each(|record| after.apply(record));
        let violations = after.audit(step.now);
        assert!(violations.is_empty(), "{violations:?} after {step:?}\n{}", told(&life));
        if let Err(what) = oracles[step.organization].watch(before, &after, step) {
            panic!("{what} after {step:?}\n{}", told(&life));
        }
        histories[step.organization].extend(outcome);
        present[step.organization] = after;
    }
    for (mut replayed, (kept, history)) in organizations(&life.catalog).into_iter().zip(present.iter().zip(&histories))
    {
        let written = serde_json::to_string(history).expect("records can be written");
        let read: Vec<Record> = serde_json::from_str(&written).expect("and read back");
        read.iter().for_each(|record| replayed.apply(record));
        assert_eq!(&replayed, kept, "{}", told(&life));
    }
});
