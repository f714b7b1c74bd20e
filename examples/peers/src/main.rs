//! The same questions asked of bailiwick and of its peers: do they agree, and what does an answer cost?
//!
//! `cargo run --release` asks everybody in the smallest world, and the quick ones in a larger one; `-- --all` adds two
//! large worlds for the quick ones, `-- --smoke` only makes sure that all of them agree.

#[path = "../../../benches/bailiwick/baseline.rs"]
mod baseline;
#[path = "../../../benches/bailiwick/worlds.rs"]
mod worlds;

mod agree;
mod contest;
mod engine;
mod engines;
mod memory;
mod table;

use std::process::ExitCode;
use std::sync::Arc;

use bailiwick::presets;

use contest::Contest;
use engines::{everybody, quick};
use worlds::Worlds;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => measure(&[10_000], false),
        ["--all"] => measure(&[10_000, 100_000], true),
        ["--smoke"] => {
            let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
            println!("{}", agree::everybody(Worlds::many(3, &catalog), 100, &catalog));
        }
        _ => {
            eprintln!("usage: peers [--all | --smoke]");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// First that all agree, then what it costs; tables as soon as there is something in them.
fn measure(larger: &[usize], big: bool) {
    let catalog = Arc::new(toml::from_str(presets::CLOUD).unwrap());
    let smallest = Worlds::many(100, &catalog);
    println!("{}\n", agree::everybody(smallest, 5_000, &catalog));

    let mut results = Vec::new();
    let mut contest = Contest::prepare(smallest, &catalog);
    everybody(&mut contest);
    results.extend(contest.finish());
    let worlds = larger.iter().map(|organizations| Worlds::many(*organizations, &catalog));
    for world in worlds.chain(big.then(|| Worlds::one_big(&catalog))) {
        let mut contest = Contest::prepare(world, &catalog);
        quick(&mut contest);
        results.extend(contest.finish());
    }
    println!("{}", table::costs(&results));
    println!("{}", table::answers(&results));
}
