//! What every binding of bailiwick to another language says, and none of them decides.
//!
//! A binding moves bytes: pointers in C, values of a page in WebAssembly. What those bytes say is the same everywhere and is written
//! here once: the [number, name and text](code) of every answer, a [failure](failure::Failure) with the facts in it, commands and orders
//! as JSON in, outcomes, explanations and figures as JSON out.
//!
//! Whatever the crate writes by itself through serde (commands, records, orders, receipts, snapshots) is passed on as it is; what it
//! only shows (explanations, refusals, balances) gets its form here, and that form is pinned by tests.

pub mod books;
pub mod catalog;
pub mod code;
pub mod command;
pub mod compare;
pub mod describe;
pub mod document;
pub mod explain;
mod extent;
mod facts;
pub mod failure;
pub mod ledger;
pub mod lint;
pub mod nearest;
pub mod preview;
pub mod question;
pub mod reach;
pub mod sharing;
pub mod store;
pub mod view;

use failure::Failure;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The greatest text that is read at all: a thousand invitations fit many times over.
pub const TEXT_BYTES_MAX: usize = 4 << 20;

/// Reads a value from JSON.
///
/// # Errors
/// `bad_length`, `bad_json` with the place in the text.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    bounded(text)?;
    serde_json::from_str(text).map_err(|why| Failure::of(code::BAD_JSON, why.to_string()))
}

fn bounded(text: &str) -> Result<(), Failure> {
    if text.len() <= TEXT_BYTES_MAX {
        return Ok(());
    }
    Err(Failure::of(code::BAD_LENGTH, format!("a text has at most {TEXT_BYTES_MAX} bytes")))
}

/// Writes a value as JSON.
///
/// # Errors
/// `bad_json`; values of this crate have none.
pub fn write(value: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(value).map_err(|why| Failure::of(code::BAD_JSON, why.to_string()))
}
