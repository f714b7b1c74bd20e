//! A second opinion: generated worlds are asked everything, by the crate and by Cedar, and both must say the same.
//!
//! ```text
//! cargo run --release                            # 1,250 worlds, more than a million questions
//! BAILIWICK_CASES=20000 cargo run --release      # as many as there is time for
//! cargo run --release -- broken                  # the rules are broken in every place: would it be noticed?
//! ```
//! A difference is shrunk to the smallest world that has it, and shown.

mod ask;
mod broken;
mod compare;
mod entities;
mod rules;
#[path = "../../../tests/it/support/worlds.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod worlds;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Instant;

use ask::Answer;

/// How many worlds are asked when nobody says.
const WORLDS: u64 = 1_250;
/// How many worlds have to tell broken rules from whole ones.
const WORLDS_OF_BROKEN: u64 = 300;

fn main() {
    match std::env::args().nth(1).as_deref() {
        None => agree(),
        Some("broken") => broken::break_everything(WORLDS_OF_BROKEN),
        Some(other) => panic!("`{other}`: nothing, or `broken`"),
    }
}

fn agree() {
    let (rules, begun) = (rules::Rules::read(), Instant::now());
    let counts: RefCell<BTreeMap<Answer, u64>> = RefCell::default();
    let worlds = RefCell::new(0_u64);
    worlds::for_worlds(WORLDS, |world| {
        *worlds.borrow_mut() += 1;
        let agreed = compare::compare(world, &rules, |answer| *counts.borrow_mut().entry(answer).or_default() += 1);
        agreed.unwrap_or_else(|difference| panic!("{difference}"));
    });
    let counts = counts.into_inner();
    println!("{} worlds, {} questions, no difference", worlds.into_inner(), counts.values().sum::<u64>());
    counts.iter().for_each(|(answer, count)| println!("{count:>10} {answer:?}"));
    println!("{:>10.0} s", begun.elapsed().as_secs_f64());
}
