//! WHAT GROWS? Costs as one thing after the other grows: members, permissions, roles, overrides, rules.
//!
//! `cargo bench --bench growth` draws `benches/growth/growth.svg` and writes its numbers as Markdown; it takes a minute or two.
//! Every answer that is timed is compared with the one expected. With `-- --test` only the smallest sizes are measured, once, and
//! the picture goes to the target directory.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may stop"
)]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, reason = "likewise")]
#![allow(clippy::print_stdout, reason = "the numbers are what it is run for")]

mod ask;
mod catalogs;
mod command;
mod company;
mod effort;
mod load;
mod members;
mod panel;
mod picture;
mod scale;
mod story;
mod table;
mod width;

// The worlds and the maps of the other binary, so that numbers of both speak of the same.
#[path = "../bailiwick/baseline.rs"]
mod baseline;
#[path = "../bailiwick/worlds.rs"]
mod worlds;

use effort::Effort;
use panel::Section;

const CHECKS: &str =
    "One check from three ids, about anybody anywhere; organizations lie in a hash map. All six on one scale.";
const MEMORY: &str = "Everything that the directory takes, divided by its members; a quarter of a megabyte is there from the first. All six on one scale.";
const WRITING: &str = "A role changed: handled and applied, then followed by the directory until a check sees it. \
                       Everybody loaded: from events, then into the directory.";

fn main() {
    let effort = Effort::of_arguments();
    let (many, one) = (members::of_many(&effort), members::of_one(&effort));
    let width = width::all(&effort);
    let (width_checks, width_memory): (Vec<_>, Vec<_>) =
        width.into_iter().map(|grown| (grown.check, grown.memory)).unzip();
    let sections = [
        Section::new("Checks", CHECKS).with([many.check, one.check]).with(width_checks),
        Section::new("Memory", MEMORY).with([many.memory, one.memory]).with(width_memory),
        Section::new("Changes and loading", WRITING).with([command::changes(&effort), many.load, one.load]),
    ];
    println!("{}", table::markdown(&sections));
    let path = effort.picture();
    std::fs::write(&path, picture::draw(&sections)).unwrap();
    println!("Drawn: {}", path.display());
}
