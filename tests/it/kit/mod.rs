//! The conformance kit, on the store in memory; and on stores that each break one promise, which it has to find.

mod broken;
mod tabular;

use std::sync::Arc;

use bailiwick::kit::{Fresh, check_blocking};
use bailiwick::store::MemoryStore;

#[test]
fn the_store_in_memory_keeps_every_promise() {
    let store = Arc::new(MemoryStore::new());
    for number in 1..=2 {
        for (promise, kept) in check_blocking(&store, Fresh::new(number)) {
            kept.unwrap_or_else(|broken| panic!("{promise}: {broken}"));
        }
    }
}

/// With rows, as a store of tables keeps them.
#[test]
fn a_store_with_rows_keeps_every_promise() {
    let store = Arc::new(tabular::Tabular::default());
    for (promise, kept) in check_blocking(&store, Fresh::new(1)) {
        kept.unwrap_or_else(|broken| panic!("{promise}: {broken}"));
    }
}
