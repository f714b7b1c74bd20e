//! What is counted: every hot path by name.

use crate::worlds::Worlds;
use crate::{changes, checks, ledger};

/// One operation, done over and over.
#[derive(Clone, Copy)]
pub struct Scenario {
    pub name: &'static str,
    /// Rounds that are counted: so many that what varies when the scene is set does not matter.
    pub rounds: u64,
    /// What a budget leaves above the count, in percent: as much as the luck of a seed may add, and a little.
    pub margin: f64,
    /// Sets the scene, plays so many rounds, checks every answer, and says how many operations that was.
    pub play: fn(rounds: u64) -> u64,
}

pub fn all() -> Vec<Scenario> {
    let scenario = |name, rounds, margin, play| Scenario { name, rounds, margin, play };
    vec![
        scenario("access/allows", 300, 8.0, checks::access_allows),
        scenario("access/check", 300, 8.0, checks::access_check),
        scenario("organization/check", 12, 8.0, checks::organization_check),
        scenario("organization/access", 6, 8.0, checks::organization_access),
        scenario("directory/check/by_role", 20, 15.0, |rounds| checks::directory_check(rounds, Worlds::by_role)),
        scenario("directory/check/by_row", 20, 15.0, |rounds| checks::directory_check(rounds, Worlds::by_row)),
        scenario("directory/check/not_granted", 20, 15.0, |rounds| {
            checks::directory_check(rounds, Worlds::not_granted)
        }),
        // Whoever is not there is looked for until a line has room, which is the luck of the seed more than anything else.
        scenario("directory/check/unknown_user", 20, 35.0, |rounds| {
            checks::directory_check(rounds, Worlds::unknown_user)
        }),
        scenario("directory/check/foreign_workspace", 20, 35.0, |rounds| {
            checks::directory_check(rounds, Worlds::foreign_workspace)
        }),
        scenario("directory/found_check", 20, 15.0, checks::found_check),
        scenario("directory/check_each", 20, 15.0, checks::check_each),
        scenario("directory/access", 6, 15.0, checks::directory_access),
        scenario("change/roles/handle_and_apply", 4, 8.0, changes::roles),
        scenario("change/row/handle_and_apply", 4, 8.0, changes::row),
        scenario("directory/apply/roles", 4, 12.0, changes::roles_seen),
        scenario("directory/apply/row", 4, 12.0, changes::row_seen),
        scenario("ledger/affords", 100, 12.0, ledger::affords),
        // A table that is made anew in the midst of it costs an eighth, and when that is follows from the seed of its hash.
        scenario("ledger/hold_and_settle", 4, 25.0, ledger::hold_and_settle),
        scenario("ledger/repeated_key", 100, 8.0, ledger::repeated_key),
    ]
}

/// Does something with each of them, round after round; says how often.
pub fn repeat<T>(rounds: u64, items: &[T], mut operation: impl FnMut(&T)) -> u64 {
    for _ in 0..rounds {
        items.iter().for_each(&mut operation);
    }
    rounds * items.len() as u64
}
