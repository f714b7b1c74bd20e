//! Budgets: what an operation may take, as committed beside this file.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::counting::Measured;
use crate::scenario;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions/budgets.txt");
const HOW_TO_RENEW: &str = "cargo bench --bench instructions -- --write";
const MADE_WITH: &str = "# Counted with ";

/// Below this share of its budget, a renewed one would be so much lower that the old one guards little.
const FAR_BELOW: f64 = 0.9;

/// The table as it is kept.
pub struct Budgets {
    /// The compiler and the architecture that it holds for.
    made_with: String,
    lines: Vec<(String, f64)>,
}

impl Budgets {
    /// What is committed; nothing where there is no file yet.
    pub fn read() -> Result<Self, String> {
        let text = fs::read_to_string(FILE).unwrap_or_default();
        let made_with = text.lines().find_map(|line| line.strip_prefix(MADE_WITH)).unwrap_or_default().to_owned();
        let lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| {
            let (name, number) = line.split_once(' ').ok_or_else(|| format!("not a budget: {line}"))?;
            Ok((name.to_owned(), number.trim().parse().map_err(|_| format!("not a number: {line}"))?))
        });
        Ok(Self { made_with, lines: lines.collect::<Result<_, String>>()? })
    }

    /// Puts what was counted in place of what was there, and writes the file in the order of the scenarios.
    pub fn renew(&mut self, measured: &[Measured]) -> Result<(), String> {
        let new = |name: &str| measured.iter().find(|one| one.name == name).map(Measured::budget);
        self.lines = scenario::all()
            .iter()
            .filter_map(|scenario| Some((scenario.name.to_owned(), new(scenario.name).or(self.of(scenario.name))?)))
            .collect();
        self.made_with = here();
        let mut text = format!(
            "# Instructions that one operation may take, a few percent above the count. To renew: {HOW_TO_RENEW}\n\
             {MADE_WITH}{}\n",
            self.made_with
        );
        for (name, budget) in &self.lines {
            writeln!(text, "{name:<36} {budget:>8}").unwrap();
        }
        fs::write(FILE, text).map_err(|error| format!("{FILE} cannot be written: {error}"))
    }

    /// Prints the table; trouble is whatever is above its budget, or has none.
    pub fn judge(&self, measured: &[Measured]) -> Result<(), String> {
        println!("{:<36} {:>10} {:>8} {:>7}", "scenario", "measured", "budget", "share");
        let (mut trouble, mut slack) = (String::new(), String::new());
        for one in measured {
            let Measured { name, instructions, .. } = one;
            let Some(budget) = self.of(name) else {
                println!("{name:<36} {instructions:>10.1} {:>8} {:>7}", "none", "");
                writeln!(trouble, "`{name}` has no budget yet").unwrap();
                continue;
            };
            let share = instructions / budget;
            println!("{name:<36} {instructions:>10.1} {budget:>8} {:>5.0} %", share * 100.0);
            if share > 1.0 {
                writeln!(trouble, "`{name}` takes {instructions:.0} instructions and may take {budget}").unwrap();
            } else if one.budget() < budget * FAR_BELOW {
                writeln!(slack, "`{name}` is far below its budget, which can be tightened").unwrap();
            }
        }
        print!("{slack}");
        if trouble.is_empty() {
            return Ok(());
        }
        let here = here();
        if here != self.made_with {
            writeln!(trouble, "budgets were counted with {}; this is {here}", self.made_with).unwrap();
        }
        Err(format!("{trouble}find out why, or renew the budgets and say why in the commit: {HOW_TO_RENEW}"))
    }

    fn of(&self, name: &str) -> Option<f64> {
        self.lines.iter().find(|(kept, _)| kept == name).map(|(_, budget)| *budget)
    }
}

fn here() -> String {
    let version = Command::new("rustc").arg("--version").output();
    let version = version.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    format!("{version} on {}", env::consts::ARCH)
}
