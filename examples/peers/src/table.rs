//! What was measured, as Markdown.

use std::fmt::Write;
use std::time::Duration;

use crate::contest::{Outcome, PASSES, STRIPS, Timing};
use crate::engine::{QUICK, SLOW};
use crate::worlds::{HOT, Worlds};

/// What a check costs, and what it costs to be able to ask.
pub fn costs(outcomes: &[Outcome]) -> String {
    let mut table = String::from(
        "| engine | world | cold: ns per check, min / median | × by hand | hot: ns per check, min / median | × by hand | \
         bytes per member | load |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n",
    );
    for outcome in outcomes {
        let Outcome { engine, cold, hot, bytes_per_member, .. } = outcome;
        let (world, bytes, load) = (world(&outcome.world), number(*bytes_per_member), time(outcome.load));
        writeln!(table, "| {engine} | {world} | {} | {} | {bytes} | {load} |", cells(cold), cells(hot)).unwrap();
    }
    write!(
        table,
        "\nEach engine makes {PASSES} passes over {} questions ({} for those that need microseconds), 60 % of them allowed, \
         30 % about a member with a row in that workspace. Cold: uniform over the whole world; hot: over {HOT} organizations, or as \
         many members of the big one. A pass is cut into {STRIPS} strips, which alternate with strips of the 128-bit maps \
         written by hand; × compares the fastest of both (in their own row the maps are beside a copy of themselves, so \
         how far that is from 1 is the noise). Compare ratios: nanoseconds are of one machine. Worlds are organizations × \
         members of each. Bytes are what the allocator holds for the loaded engine; drawing the world is not in the load.\n",
        grouped(QUICK as u128),
        grouped(SLOW as u128),
    )
    .unwrap();
    table
}

/// What each kind of answer costs.
pub fn answers(outcomes: &[Outcome]) -> String {
    let mut table = String::from(
        "| engine | world | allowed | not granted | unknown user | foreign workspace |\n\
         | --- | --- | ---: | ---: | ---: | ---: |\n",
    );
    for outcome in outcomes {
        let kinds = outcome.kinds.map(|Timing { min, ratio, .. }| format!("{} (× {})", number(min), number(ratio)));
        writeln!(table, "| {} | {} | {} |", outcome.engine, world(&outcome.world), kinds.join(" | ")).unwrap();
    }
    table.push_str(
        "\nNanoseconds per check in the fastest strip, and how many times those of the maps written by hand for questions of \
         the same kind; uniform over the whole world.\n",
    );
    table
}

fn cells(timing: &Timing) -> String {
    format!("{} / {} | {}", number(timing.min), number(timing.median), number(timing.ratio))
}

fn world(world: &Worlds) -> String {
    match world.organizations {
        1 => format!("1 × {}", grouped(world.members as u128)),
        many => format!("{} × {}", grouped(many as u128), world.members),
    }
}

/// Two digits that matter, or all of a larger number.
fn number(value: f64) -> String {
    if value < 9.95 { format!("{value:.1}") } else { grouped(value.round() as u128) }
}

fn time(duration: Duration) -> String {
    match duration.as_secs_f64() {
        seconds if seconds < 0.01 => format!("{:.1} ms", seconds * 1e3),
        seconds if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        seconds => format!("{seconds:.1} s"),
    }
}

/// With a comma at the thousands.
fn grouped(value: u128) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
