//! DOES A STORE KEEP ITS WORD? Every promise of a store as a test, for stores that are written elsewhere: the conformance kit.
//!
//! Each function takes a store and ids that it has never seen, tries one promise, and says what of it is broken. All of them are futures that
//! belong to no runtime: whoever has one awaits them, whoever has a blocking store wraps it in [`Direct`] and calls
//! [`check_blocking`]. What is left behind are organizations with ids of the kit's own.
//!
//! # Examples
//! ```
//! use std::sync::Arc;
//!
//! use bailiwick::store::MemoryStore;
//! use bailiwick::kit::{Fresh, check_blocking};
//!
//! let store = Arc::new(MemoryStore::new());
//! for (promise, kept) in check_blocking(&store, Fresh::new(1)) {
//!     kept.unwrap_or_else(|broken| panic!("{promise}: {broken}"));
//! }
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "the numbers are the kit's own, and small"
)]

mod appends;
mod changes;
mod erasure;
mod faults;
mod interleaved;
mod keys;
mod links;
mod operations;
mod pages;
mod races;
mod reopened;
mod rows;
mod sizes;
mod snapshots;
mod together;
mod world;

pub use appends::{appends_at_the_expected_version, appends_everything_or_nothing};
pub use changes::followers_hear_of_everything;
pub use erasure::{erases_everything, replaces_what_must_be_forgotten};
pub use faults::a_lost_answer_is_no_second_command;
pub use interleaved::every_interleaving_of_two_commands_has_an_order;
pub use keys::{finds_where_keys_lead, unique_keys_have_one_place};
pub use links::counts_uses_of_links;
pub use operations::carries_out_an_operation_once;
pub use pages::lists_page_by_page;
pub use races::{of_many_who_race_the_right_number_wins, threads_race_as_tasks_do};
pub use reopened::{Kept, keeps_what_it_has_acknowledged, leaves_something_behind};
pub use rows::rows_say_what_the_records_say;
pub use sizes::{takes_big_organizations, takes_whatever_can_be_written};
pub use snapshots::begins_with_the_newest_snapshot;

use core::num::NonZeroU128;
use std::format;
use std::string::{String, ToString};
use std::sync::Arc;
use std::vec::Vec;

use crate::TenantsError;
use crate::store::{AsyncStore, Direct, Store, StoreError};
use crate::tenants::wait;

/// What of a promise is broken, and how it was seen.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{0}")]
pub struct Broken(String);

impl From<StoreError> for Broken {
    fn from(error: StoreError) -> Self {
        Self(format!("{error:?}"))
    }
}

impl From<TenantsError> for Broken {
    fn from(error: TenantsError) -> Self {
        Self(format!("{error:?}"))
    }
}

impl From<crate::change::Refusal> for Broken {
    fn from(refusal: crate::change::Refusal) -> Self {
        Self(refusal.to_string())
    }
}

/// Says what is broken, unless it holds.
macro_rules! holds {
    ($holds:expr, $($what:tt)+) => {
        if !$holds {
            return Err($crate::kit::Broken(std::format!($($what)+)));
        }
    };
}

use holds;

/// Ids that a store has never seen.
///
/// # Shape
/// All ids of one number are apart from those of any other; take one that was never used for the store: the time, or chance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fresh(u64);

impl Fresh {
    /// The ids of a number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// Ids apart from these, for another promise.
    #[must_use]
    pub const fn apart(self, which: u64) -> Self {
        Self(self.0.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(which.wrapping_mul(0xda94_2042_e4dd_58b5)))
    }

    /// A number of its own for each of a few small numbers.
    const fn bits(self, n: u64) -> NonZeroU128 {
        match NonZeroU128::new(((self.0 as u128) << 64) | (n as u128)) {
            Some(bits) => bits,
            None => NonZeroU128::MIN,
        }
    }
}

/// What became of each promise, by its name.
pub type Findings = Vec<(&'static str, Result<(), Broken>)>;

/// Tries every promise that can be tried with a store as it is; durability is [tried](keeps_what_it_has_acknowledged) by whoever can
/// reopen it.
pub async fn check<S: AsyncStore>(store: &Arc<S>, fresh: Fresh) -> Findings {
    let mut findings = Findings::new();
    let mut which = 0;
    macro_rules! each {
        ($($promise:ident),+ $(,)?) => {$(
            which += 1;
            findings.push((stringify!($promise), $promise(store, fresh.apart(which)).await));
        )+};
    }
    each!(
        appends_at_the_expected_version,
        appends_everything_or_nothing,
        carries_out_an_operation_once,
        unique_keys_have_one_place,
        finds_where_keys_lead,
        counts_uses_of_links,
        followers_hear_of_everything,
        rows_say_what_the_records_say,
        begins_with_the_newest_snapshot,
        replaces_what_must_be_forgotten,
        erases_everything,
        lists_page_by_page,
        every_interleaving_of_two_commands_has_an_order,
        of_many_who_race_the_right_number_wins,
        a_lost_answer_is_no_second_command,
        takes_whatever_can_be_written,
        takes_big_organizations,
    );
    findings
}

/// The same for a store that blocks, with races between threads besides.
pub fn check_blocking<S: Store>(store: &Arc<S>, fresh: Fresh) -> Findings {
    let mut findings = wait(check(&Arc::new(Direct(Arc::clone(store))), fresh));
    findings.push(("threads_race_as_tasks_do", threads_race_as_tasks_do(store, fresh.apart(0))));
    findings
}
