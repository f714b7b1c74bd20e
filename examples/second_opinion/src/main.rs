//! A second opinion: generated worlds are asked everything, by the crate and by Cedar, and both must say the same.
//!
//! ```text
//! cargo run --release                            # 1,250 worlds, more than a million questions
//! BAILIWICK_CASES=20000 cargo run --release      # as many as there is time for
//! ```
//! A difference is shrunk to the smallest world that has it, and shown.

mod ask;
mod entities;
mod rules;
#[path = "../../../tests/it/support/worlds.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod worlds;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use ask::{Answer, Cedar};

/// How many worlds are asked when nobody says.
const WORLDS: u64 = 1_250;

fn main() {
    let (rules, begun) = (rules::Rules::read(), Instant::now());
    let counts: RefCell<BTreeMap<Answer, u64>> = RefCell::default();
    let worlds = RefCell::new(0_u64);
    worlds::for_worlds(WORLDS, |world| {
        *worlds.borrow_mut() += 1;
        let (cedar, facts) = (Cedar::with(world), world.facts());
        world.for_each_target(|target| {
            let policies = rules.about(target, &world.catalog);
            for (permission, key) in world.permissions() {
                for actor in world.actors() {
                    let ours = Answer::from(world.org.check(actor, permission, target, &facts));
                    let theirs = cedar.check(&policies, (actor, permission, target));
                    assert_eq!(
                        ours, theirs,
                        "{actor:?}, `{key}`, {target:?}: bailiwick to the left, Cedar to the right"
                    );
                    *counts.borrow_mut().entry(ours).or_default() += 1;
                }
            }
        });
    });
    let counts = counts.into_inner();
    println!("{} worlds, {} questions, no difference", worlds.into_inner(), counts.values().sum::<u64>());
    counts.iter().for_each(|(answer, count)| println!("{count:>10} {answer:?}"));
    println!("{:>10.0} s", begun.elapsed().as_secs_f64());
}
