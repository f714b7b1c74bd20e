//! One binary; one module for each question.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may stop"
)]
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, reason = "likewise")]

mod baseline;
mod beside;
mod books;
mod check;
mod command;
mod filter;
mod ledger;
mod reach;
mod scale;
mod world;
mod worlds;

use criterion::{criterion_group, criterion_main};

criterion_group!(
    benches,
    check::check,
    scale::scale,
    beside::beside,
    command::command,
    filter::filter,
    reach::reach,
    ledger::ledger
);
criterion_main!(benches);
