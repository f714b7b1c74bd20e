//! What does it cost to change a role, and to charge a credit? One client and eight, in one organization and in a thousand.
//!
//! Through the facade: judged, written, applied, so that the next question sees it. The floor writes the same, to a copy of the same tables.

mod postgres;
mod sqlite;

use crate::Run;
use crate::cell::Measured;
use crate::world::{CELL, Step};

/// Of the many organizations there are so many, and beside them the one that everybody wants.
const MANY: u64 = 1_000;

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Kind {
    Change,
    Charge,
}

/// One cell: who does what where.
#[derive(Clone, Copy, Debug)]
struct Plan {
    kind: Kind,
    clients: u64,
    organizations: u64,
    /// The first organization, and how many there are in all.
    first: u64,
    number: u64,
}

pub fn all(run: &mut Run) {
    sqlite::all(run);
    postgres::all(run);
}

/// Every cell that is asked for; organizations are numbered from zero, the one that is alone comes last.
fn plans(run: &Run, store: &'static str) -> Vec<Plan> {
    let many = many(run);
    let mut plans = Vec::new();
    for kind in [Kind::Change, Kind::Charge] {
        for organizations in [1, many] {
            for clients in [1, 8] {
                let (first, number) = (if organizations == 1 { many } else { 0 }, plans.len() as u64 + 1);
                plans.push(Plan { kind, clients, organizations, first, number });
            }
        }
    }
    plans.retain(|plan| run.wants(store, plan.what()));
    plans
}

fn many(run: &Run) -> u64 {
    run.effort.of(MANY, 16)
}

impl Plan {
    fn what(&self) -> &'static str {
        match self.kind {
            Kind::Change => "a role changed",
            Kind::Charge => "a credit charged",
        }
    }

    fn measured(&self, store: &'static str) -> Measured {
        Measured { what: self.what().into(), store, clients: self.clients, organizations: self.organizations }
    }

    /// What a client does as its so-and-so-manieth. Each client has organizations of its own, unless there is one for all.
    fn step(&self, client: u64, done: u64) -> Step {
        let own = (self.organizations / self.clients).max(1);
        let organization = ((done * self.clients + client) * 7_919) % self.organizations;
        // Each cell changes members that no other one changes: all of them are viewers at first.
        let member = match (self.organizations, self.clients) {
            (1, 1) => 1,
            (1, _) => 2 + client,
            (_, 1) => 1,
            _ => 2,
        };
        let id = u128::from(self.number) << CELL | u128::from(client) << 64 | u128::from(done);
        Step { organization: self.first + organization, member, visit: done / own, id }
    }
}

/// How many operations each client of a side has done.
#[derive(Debug, Default)]
struct Done(u64);

impl Done {
    fn next(&mut self, each: u64) -> std::ops::Range<u64> {
        let from = self.0;
        self.0 += each;
        from..self.0
    }
}
