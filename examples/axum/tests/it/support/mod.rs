//! What every test needs: a database, a process over it, somebody who asks.

mod client;
mod cluster;
mod database;
mod document;
mod people;
mod server;

pub(crate) use client::{Answer, Client};
pub(crate) use database::{Database, each_database};
pub(crate) use document::Document;
pub(crate) use people::{Team, id_of, sign_up, team};
pub(crate) use server::Server;

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Waits until something is so, and says how long it took.
pub(crate) fn until(what: &str, in_time: Duration, mut is_so: impl FnMut() -> bool) -> Duration {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < in_time, "after {in_time:?} it is not so: {what}");
        sleep(Duration::from_millis(5));
    }
    begun.elapsed()
}
