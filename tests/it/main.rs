//! One binary, one module for each room.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that panics is a test that fails")]
#![allow(clippy::indexing_slicing, clippy::string_slice, clippy::arithmetic_side_effects, reason = "likewise")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "likewise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "tests print their counts")]
#![allow(missing_docs, unreachable_pub, reason = "nobody links a test")]

mod accidents;
mod accounts;
mod adversarial;
mod allocation;
#[cfg(feature = "json")]
mod archive;
mod bounds;
mod cases;
mod catalog;
mod change;
mod claims;
mod codes;
mod coming;
mod cookbook;
mod crossing;
mod directory;
mod effects;
#[path = "../cases/runner/engine.rs"]
mod engine;
mod every_code;
mod explained;
mod filter;
mod hostile;
mod journal;
mod keeping;
#[cfg(feature = "kit")]
mod kit;
mod laws;
mod ledger;
mod linear;
mod lint;
mod migrate;
mod model;
mod nearest;
mod oneself;
mod organization;
mod owners;
mod payer;
#[cfg(feature = "postgres")]
mod postgres;
mod races;
mod reach;
#[cfg(feature = "json")]
mod redaction;
mod requirements;
mod review;
mod roles;
mod rows;
#[path = "../cases/runner/mod.rs"]
mod runner;
mod sendable;
mod settings;
mod sharing;
mod simulator;
mod since;
mod snapshot;
#[cfg(feature = "sqlite")]
mod sqlite;
mod statement;
mod support;
mod tenants;
mod terms;
mod whatif;
mod whatif_shares;
