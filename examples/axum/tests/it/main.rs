//! The program as its users have it: the real binary, driven over HTTP, over a file and over PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that panics is a test that fails")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "likewise")]
#![allow(clippy::print_stderr, reason = "tests say what they have seen")]
#![allow(missing_debug_implementations, unreachable_pub, reason = "nobody links a test")]

mod configuration;
mod crash;
mod document;
mod idempotency;
mod lists;
mod logs;
mod money;
mod processes;
mod refusals;
mod shutdown;
mod story;
mod support;
