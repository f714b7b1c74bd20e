//! Every order in which a few threads can meet: files of the crate as they are, compiled against loom instead of the standard library.
//!
//! ```text
//! cargo run --release
//! ```
//! Each protocol is tried, and once more with a mistake in it, which has to be noticed.
#![no_std]

#[macro_use]
extern crate std as real;
extern crate shadow as core;
extern crate shadow as std;

mod broken;
#[path = "../../../src/directory/sequence.rs"]
#[allow(dead_code, reason = "how long somebody waits before looking again is not tried here")]
mod sequence;
#[path = "../../../src/tenants/turn.rs"]
mod turn;

mod reading;
mod turns;

use real::boxed::Box;
use real::panic;
use real::sync::atomic::{AtomicU64, Ordering};

/// How often a model was tried.
static ORDERS: AtomicU64 = AtomicU64::new(0);

fn main() {
    tried("a reader beside a writer sees one state, or reads again", reading::one_state);
    tried("what was changed is seen by whoever comes afterwards", reading::seen_afterwards);
    tried("a version is never above what was seen with it, read before it", reading::version_before);
    tried("a version is never above what was seen with it, read after it", reading::version_after);
    noticed("a version that is told before the word that it is of", reading::version_too_early);
    noticed("a writer that does not say that it writes", reading::silent_writer);
    noticed("a reader that does not look a second time", reading::hasty_reader);
    tried("one has the turn at a time, and everybody gets one", turns::one_at_a_time);
    tried("whoever stops waiting is passed over", turns::passed_over);
    noticed("a turn that is given to two", turns::given_to_two);
}

/// Tries a model in every order.
fn tried(what: &str, model: fn()) {
    ORDERS.store(0, Ordering::SeqCst);
    loom::model(move || counted(model));
    println!("holds in {:>7} orders: {what}", ORDERS.load(Ordering::SeqCst));
}

/// Tries a model that has to fail in some order.
fn noticed(what: &str, model: fn()) {
    let loud = panic::take_hook();
    panic::set_hook(Box::new(|_| {}));
    let found = panic::catch_unwind(|| loom::model(move || counted(model))).is_err();
    panic::set_hook(loud);
    assert!(found, "nobody has noticed: {what}");
    println!("noticed                : {what}");
}

fn counted(model: fn()) {
    ORDERS.fetch_add(1, Ordering::SeqCst);
    model();
}
