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

mod check;
mod command;
mod filter;
mod ledger;
mod world;

use criterion::{criterion_group, criterion_main};

criterion_group!(benches, check::check, command::command, filter::filter, ledger::ledger);
criterion_main!(benches);
