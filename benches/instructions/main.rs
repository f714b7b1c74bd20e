//! How many instructions do the hot paths take? Counted, not timed, and held against budgets that are committed: a regression
//! shows on a machine where half of a timing is noise.
//!
//! ```sh
//! cargo bench --bench instructions                # count everything and compare it with budgets.txt
//! cargo bench --bench instructions -- directory/  # only scenarios whose name contains this
//! cargo bench --bench instructions -- --write     # renew the budgets
//! cargo bench --bench instructions -- --test      # play every scenario once, count nothing
//! ```
//!
//! The seeds of hashes come from addresses, and those are the same in each run of one binary: two equal counts prove little. Another
//! build has other seeds, and so has another environment (`PAD=… cargo bench --bench instructions`).
//!
//! Counting needs valgrind. Budgets hold for one compiler and one architecture, which the file names. What a cache misses costs
//! no instruction: the benchmarks in `benches/bailiwick` keep the time.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may stop"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "likewise, and it reports"
)]

#[path = "../bailiwick/books.rs"]
mod books;
mod budgets;
mod changes;
mod checks;
mod counting;
mod ledger;
mod scenario;
#[path = "../bailiwick/worlds.rs"]
mod worlds;

use std::env;
use std::process::ExitCode;

use budgets::Budgets;
use scenario::Scenario;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    if let [flag, name, rounds] = arguments.as_slice() {
        if flag == counting::PLAY {
            return play(name, rounds.parse().unwrap());
        }
    }
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
    let scenarios: Vec<Scenario> =
        scenario::all().into_iter().filter(|scenario| scenario.name.contains(filter)).collect();
    let outcome = if scenarios.is_empty() {
        Err(format!("no scenario has `{filter}` in its name"))
    } else if has("--test") || !has("--bench") {
        smoke(&scenarios)
    } else {
        count(&scenarios, has("--write"))
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("\n{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// What a process under valgrind does: one scenario, so many rounds.
fn play(name: &str, rounds: u64) -> ExitCode {
    let scenario = scenario::all().into_iter().find(|scenario| scenario.name == name).unwrap();
    println!("{}", (scenario.play)(rounds));
    ExitCode::SUCCESS
}

/// Everything once: the answers are checked, nothing is counted.
fn smoke(scenarios: &[Scenario]) -> Result<(), String> {
    for scenario in scenarios {
        println!("{}: {} operations played", scenario.name, (scenario.play)(1));
    }
    Ok(())
}

fn count(scenarios: &[Scenario], write: bool) -> Result<(), String> {
    if !counting::is_possible() {
        let how = "valgrind is missing, and nothing was counted; install it, such as by `apt-get install valgrind`";
        return match env::var("CI").as_deref() {
            Ok("true") => Err(how.to_owned()),
            _ => {
                println!("{how}");
                Ok(())
            }
        };
    }
    let mut budgets = Budgets::read()?;
    let measured = counting::measure(scenarios)?;
    if write {
        budgets.renew(&measured)?;
    }
    budgets.judge(&measured)
}
