//! The theorem of authority, tried on random lives; and doors left open, which the oracle must notice.
//!
//! `BAILIWICK_LIVES` says how many lives are tried, `BAILIWICK_SEED` tries a single one.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that panics is a test that fails")]
#![allow(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "likewise")]
#![allow(clippy::print_stdout, reason = "tests print their counts")]

#[allow(dead_code, reason = "it serves other suites too")]
#[path = "../../tests/it/support/lives/mod.rs"]
mod lives;
#[path = "../../tests/it/support/theorem_oracle/mod.rs"]
mod theorem_oracle;

use std::collections::BTreeMap;
use std::vec::Vec;
use std::{env, println};

use super::Command;
use super::door::{Door, leave_open};
use lives::Life;
use theorem_oracle::trial::{breach, shortened, told};

/// How long a life is.
const STEPS: usize = 80;

fn variable(key: &str) -> Option<u64> {
    env::var(key).ok().map(|text| text.parse().expect("the variable is a whole number"))
}

fn seeds() -> core::ops::Range<u64> {
    match variable("BAILIWICK_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..variable("BAILIWICK_LIVES").unwrap_or(60),
    }
}

/// Half of the lives are plain, the others come back to one door again and again.
fn life(seed: u64) -> Life {
    let door = usize::try_from(seed / 2).ok().and_then(|at| Door::ALL.get(at % Door::ALL.len()));
    match door.filter(|_| seed % 2 == 1) {
        Some(door) => Life::of_seed_favoring(behind(*door), seed, STEPS),
        None => Life::of_seed(seed, STEPS),
    }
}

#[test]
fn the_theorem_nobody_is_given_what_no_giver_holds() {
    for seed in seeds() {
        let life = life(seed);
        if breach(&life).is_some() {
            let life = shortened(life);
            let breach = breach(&life).expect("what is shorter fails too");
            panic!("BAILIWICK_SEED={seed}\n{}{breach}", told(&life));
        }
    }
}

#[test]
fn the_theorem_is_tried_on_lives_in_which_every_command_is_accepted() {
    let mut accepted: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut asked, lives) = (0_u64, variable("BAILIWICK_LIVES").unwrap_or(200).max(200));
    for seed in 0..lives {
        let life = Life::of_seed(seed, STEPS);
        let mut organizations = lives::organizations(&life.catalog);
        for step in &life.steps {
            asked += 1;
            let organization = &mut organizations[step.organization];
            if let Ok(outcome) = organization.handle(&step.command, &step.context()) {
                outcome.records.iter().for_each(|record| organization.apply(record));
                *accepted.entry(step.command.name()).or_default() += 1;
            }
        }
    }
    let all: u64 = accepted.values().sum();
    println!("{all} of {asked} commands are accepted: {accepted:#?}");
    assert!(all * 3 > asked && all * 10 < asked * 9, "{all} of {asked} commands are accepted");
    let never: Vec<&&str> = Command::NAMES.iter().filter(|name| !accepted.contains_key(**name)).collect();
    assert!(never.is_empty(), "never accepted: {never:?}");
}

/// The commands behind each door.
const fn behind(door: Door) -> &'static [&'static str] {
    match door {
        Door::Invite => &["Invite"],
        Door::EditInvitation => &["Invite", "EditInvitation"],
        Door::Accept => &["Invite", "Accept", "ChangeRoles"],
        Door::Add => &["AddMember", "AddCollaborator"],
        Door::ChangeRoles => &["AddMember", "ChangeRoles"],
        Door::KeepAccess => &["GiveAccess", "MakeCollaborator", "Remove"],
        Door::GiveAccess => &["AddMember", "GiveAccess"],
        Door::TakeAccess => &["AddMember", "GiveAccess", "TakeAccess"],
        Door::SetRule => &["AddMember", "SetRule"],
        Door::Team => &["SetRule", "JoinTeam", "LeaveTeam", "DissolveTeam"],
        Door::CustomRole => &["CreateRole", "ChangeRole"],
        Door::Service => &["CreateService", "ChangeService"],
        Door::Transfer => &["TransferOwnership", "AcceptOwnership"],
        Door::Domain => &["SetDomain"],
        Door::Directory => &["SetProvisioning"],
        Door::Touch => &["Suspend", "Reactivate", "Remove"],
    }
}

#[test]
fn the_theorem_fails_when_a_door_is_left_open() {
    for door in Door::ALL {
        leave_open(Some(*door));
        let life = |seed| (seed, Life::of_seed_favoring(behind(*door), seed, STEPS));
        let mut lives = (0..1_000).map(life);
        let found = lives.find_map(|(seed, life)| breach(&life).map(|breach| (seed, breach)));
        leave_open(None);
        let Some((seed, breach)) = found else { panic!("{door:?} is left open, and nobody notices") };
        println!("{door:?} is left open: noticed in life {seed}, {breach}");
    }
}
