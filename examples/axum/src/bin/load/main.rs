//! What does a request cost, and what part of that is the question *may they?* Starts the program over a file of its own (or `DATABASE_URL`),
//! has clients ask it over connections that stay open, and prints a Markdown table.
//!
//! `./load.sh` builds both and runs it. `LOAD_CLIENTS` and `LOAD_SECONDS` say how many and how long.

#![allow(missing_debug_implementations, unreachable_pub, reason = "nobody links it")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a measurement may stop")]
#![allow(clippy::arithmetic_side_effects, reason = "likewise")]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are what it is run for")]

mod figures;
mod server;
mod world;

use std::time::{Duration, Instant};

use figures::{Counted, Row};
use server::Server;
use ureq::Agent;
use world::{Ask, World};

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn main() {
    let (clients, seconds) = (number("LOAD_CLIENTS", 8), number("LOAD_SECONDS", 5));
    let server = Server::start();
    let world = World::make(&server);
    println!("| {clients} clients, {seconds} s each, {} | {} |", server.kind, figures::HEADINGS);
    println!("| --- | {} |", ["---:"; 6].join(" | "));
    for (what, ask) in world.asks() {
        println!("| {what} | {} |", measure(&server, &ask, clients, Duration::from_secs(seconds)));
    }
}

/// Many clients ask the same at once, each again and again.
fn measure(server: &Server, ask: &Ask, clients: u64, lasts: Duration) -> Row {
    run(server, ask, clients, lasts / 10); // until the connections are there
    let before = Counted::at(server);
    let begun = Instant::now();
    let took = run(server, ask, clients, lasts);
    Row::of(took, begun.elapsed(), &Counted::at(server).since(&before))
}

fn run(server: &Server, ask: &Ask, clients: u64, lasts: Duration) -> Vec<Duration> {
    let until = Instant::now() + lasts;
    let asker = || {
        let agent: Agent = Agent::config_builder().http_status_as_error(false).build().into();
        let mut took = Vec::new();
        while Instant::now() < until {
            let begun = Instant::now();
            ask.send(&agent, server);
            took.push(begun.elapsed());
        }
        took
    };
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..clients).map(|_| scope.spawn(asker)).collect();
        askers.into_iter().flat_map(|asker| asker.join().unwrap()).collect()
    })
}
