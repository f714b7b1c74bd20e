//! Counting: this binary runs itself under valgrind, once with a round and once with many more. What sets the scene is in both,
//! and so is a first round in which memory is still growing; the difference is what the operations take.

use std::env;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::scenario::Scenario;

/// The flag of a process that is counted: it plays a scenario for a number of rounds.
pub const PLAY: &str = "--play";

/// Instructions of one operation.
pub struct Measured {
    pub name: &'static str,
    pub instructions: f64,
    /// What a budget leaves above it, in percent.
    pub margin: f64,
}

impl Measured {
    /// What a budget is made of it: more by the margin, up to the next number of three digits that count.
    pub fn budget(&self) -> f64 {
        let budget = self.instructions * (1.0 + self.margin / 100.0);
        let step = 10_f64.powf(budget.log10().floor() - 2.0).max(1.0);
        (budget / step).ceil() * step
    }
}

pub fn is_possible() -> bool {
    Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success())
}

/// Counts them all, as many at a time as there are processors: instructions do not mind the company.
pub fn measure(scenarios: &[Scenario]) -> Result<Vec<Measured>, String> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, Measured)>, String> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(scenario) = scenarios.get(at) else { return Ok(done) };
            done.push((at, one(scenario)?));
        }
    };
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let mut measured = Vec::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            measured.extend(worker.join().unwrap()?);
        }
        Ok::<(), String>(())
    })?;
    measured.sort_unstable_by_key(|(at, _)| *at);
    Ok(measured.into_iter().map(|(_, measured)| measured).collect())
}

fn one(scenario: &Scenario) -> Result<Measured, String> {
    let (few, many) = (count(scenario, 1)?, count(scenario, 1 + scenario.rounds)?);
    let instructions = many.instructions.saturating_sub(few.instructions) as f64;
    let instructions = instructions / (many.operations - few.operations) as f64;
    Ok(Measured { name: scenario.name, instructions, margin: scenario.margin })
}

/// One process as a whole.
struct Count {
    instructions: u64,
    operations: u64,
}

fn count(scenario: &Scenario, rounds: u64) -> Result<Count, String> {
    let trouble = |what: &str| format!("`{}` could not be counted: {what}", scenario.name);
    let own = env::current_exe().map_err(|error| trouble(&error.to_string()))?;
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(own)
        .args([PLAY, scenario.name, &rounds.to_string()])
        .output()
        .map_err(|error| trouble(&error.to_string()))?;
    let said = String::from_utf8_lossy(&output.stderr);
    match (collected(&said), operations(&output)) {
        (Some(instructions), Some(operations)) if output.status.success() => Ok(Count { instructions, operations }),
        _ => Err(trouble(&format!("{}\n{said}", output.status))),
    }
}

/// Reads `==7== Collected : 123`.
fn collected(said: &str) -> Option<u64> {
    let (_, number) = said.lines().find_map(|line| line.split_once("Collected : "))?;
    number.trim().parse().ok()
}

fn operations(output: &Output) -> Option<u64> {
    String::from_utf8_lossy(&output.stdout).trim().parse().ok()
}
