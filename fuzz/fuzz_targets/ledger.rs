//! Ledgers under orders made of bytes: amounts at the edge of numbers, clocks that run backwards, keys that come again, answers
//! that are lost. Whatever comes: no panic, the same answer twice; the books balance and are what the receipts add up to;
//! nobody is let in over a limit; and the entries, written and read back, make an equal ledger.
#![no_main]
#![allow(dead_code, reason = "scripts and lives serve the tests too")]

#[path = "../../tests/it/support/auditor.rs"]
mod auditor;
#[path = "../../tests/it/support/hostile.rs"]
mod hostile;
#[path = "../../tests/it/support/lives/mod.rs"]
mod lives;

use std::collections::BTreeMap;

use auditor::Auditor;
use hostile::Script;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(text) = Auditor::run(&Script::from_bytes(bytes, 100), &mut BTreeMap::new()) {
        panic!("{text}");
    }
});
