//! WHAT DOES A STORE COST? Changes, charges, loading, revocations and leases over the stores in SQLite and PostgreSQL, beside the same
//! statements written by hand, in one run.
//!
//! ```sh
//! cargo bench --all-features --bench stores                 # everything, in three to four minutes
//! cargo bench --all-features --bench stores -- charged      # only cells that have this in their name, such as "postgresql, a credit charged"
//! cargo bench --all-features --bench stores -- --markdown   # the tables of the README
//! cargo bench --all-features --bench stores -- --test       # everything once, with tiny numbers
//! ```
//!
//! What is timed waits for a disk: files lie where temporary ones do, unless that is in memory, and PostgreSQL is a server of its own with its
//! usual durability. Where it is not installed SQLite is measured alone; with `CI=true` that is a failure. Answers that are timed are checked.
#![allow(
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a benchmark may stop"
)]
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "likewise"
)]
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the figures are what it is run for")]

mod cell;
mod effort;
mod hand;
mod lease;
mod load;
mod place;
mod revoke;
mod sample;
mod table;
mod world;
mod write;

use std::env;
use std::rc::Rc;
use std::sync::Arc;

use cell::Cell;
use effort::Effort;
use place::Server;
use revoke::Seen;
use sample::Samples;
use tokio::runtime::Runtime;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [first, kind, address, people] = arguments.as_slice() {
        if first == revoke::FOLLOWER {
            return revoke::follower(kind, address, people.parse().unwrap());
        }
    }
    let mut run = Run::new(&arguments);
    write::all(&mut run);
    load::all(&mut run);
    revoke::all(&mut run);
    lease::all(&mut run);
    assert!(!run.is_empty(), "nothing has `{}` in its name", run.filter);
    if run.is_markdown {
        println!("{}", table::markdown(&run.cells, &run.seen));
    }
}

/// What is asked for, and what came of it.
pub struct Run {
    pub effort: Effort,
    pub runtime: Arc<Runtime>,
    pub samples: Samples,
    filter: String,
    is_markdown: bool,
    cells: Vec<Cell>,
    seen: Vec<Seen>,
    /// Started when it is first asked for.
    server: Option<Option<Rc<Server>>>,
}

impl Run {
    fn new(arguments: &[String]) -> Self {
        let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", String::as_str);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        Self {
            effort: Effort::of_arguments(),
            samples: runtime.block_on(Samples::take()),
            runtime: Arc::new(runtime),
            filter: filter.to_lowercase(),
            is_markdown: arguments.iter().any(|argument| argument == "--markdown"),
            cells: Vec::new(),
            seen: Vec::new(),
            server: None,
        }
    }

    /// Whether it is asked for.
    pub fn wants(&self, store: &str, what: &str) -> bool {
        format!("{store}, {what}").to_lowercase().contains(&self.filter)
    }

    pub fn server(&mut self) -> Option<Rc<Server>> {
        self.server.get_or_insert_with(|| Server::start().map(Rc::new)).clone()
    }

    pub fn note(&mut self, cell: Cell) {
        if !self.is_markdown {
            if self.cells.is_empty() {
                println!("{}", table::heading());
            }
            println!("{}", table::line(&cell));
        }
        self.cells.push(cell);
    }

    pub fn note_seen(&mut self, seen: Seen) {
        if !self.is_markdown {
            println!("{}", table::line_of_seen(&seen));
        }
        self.seen.push(seen);
    }

    fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.seen.is_empty()
    }
}
