//! Does a life breach the theorem, where, and what is the shortest life that does?

use std::prelude::v1::*; // the crate itself has none
use std::{fmt, format, vec};

use super::super::lives::{BIRTH, Life, organizations};
use super::Oracle;

/// What went wrong in a life, and at which step.
#[derive(Clone, Debug)]
pub(crate) struct Breach {
    /// Counted from zero.
    pub(crate) at: usize,
    pub(crate) what: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at step {}: {}", self.at, self.what)
    }
}

/// Lives a life, and looks at every command that is accepted.
pub(crate) fn breach(life: &Life) -> Option<Breach> {
    let mut organizations = organizations(&life.catalog);
    let mut oracles = vec![Oracle::default(); organizations.len()];
    for (at, step) in life.steps.iter().enumerate() {
        let before = &organizations[step.organization];
        let Ok(outcome) = before.handle(&step.command, &step.context()) else { continue };
        let mut after = before.clone();
        outcome.records.iter().for_each(|record| after.apply(record));
        if let Err(what) = oracles[step.organization].watch(before, &after, step) {
            return Some(Breach { at, what });
        }
        organizations[step.organization] = after;
    }
    None
}

/// The same life without the steps that it takes no breach.
pub(crate) fn shortened(mut life: Life) -> Life {
    while let Some(breach) = breach(&life) {
        life.steps.truncate(breach.at + 1);
        let all = life.steps.len();
        for size in [16, 8, 4, 2, 1] {
            let mut from = 0;
            while from + size <= life.steps.len() {
                let mut shorter = life.clone();
                shorter.steps.drain(from..from + size);
                match self::breach(&shorter) {
                    Some(_) => life = shorter,
                    None => from += size,
                }
            }
        }
        if life.steps.len() == all {
            break;
        }
    }
    life
}

/// A life for people: the roles, the policy, one line for each step.
pub(crate) fn told(life: &Life) -> String {
    let catalog = &life.catalog;
    let mut told = String::new();
    for (role, def) in catalog.roles() {
        let holds = catalog.permissions_of(role).iter().filter_map(|permission| catalog.permission_def(permission));
        let holds: Vec<&str> = holds.map(|def| def.key.as_str()).collect();
        let traits = format!("rank {}, reach {:?}, sight {:?}", def.rank, def.reach, def.sight);
        let firm = if def.is_reducible() { "" } else { ", firm" };
        told += &format!("{}: {traits}{firm}, by {:?}: {}\n", def.key, def.assigned_by, holds.join(" "));
    }
    for (_, def) in catalog.groups() {
        told += &format!("{}: {}\n", def.key, def.roles.join(" "));
    }
    told += &format!("{:?}\n", catalog.policy());
    for (at, step) in life.steps.iter().enumerate() {
        let (after, actor, command) = (step.now.since(BIRTH).as_millis(), step.actor, &step.command);
        told += &format!("{at}. {} +{after} {actor:?}: {command:?}\n", step.organization);
    }
    told
}
