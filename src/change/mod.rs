//! HOW DOES IT MOVE? The write path: a command is judged, events say what happened, events change the state.
//!
//! [`handle`](crate::Organization::handle) judges and changes nothing. It answers with events, or with the
//! [`Refusal`] that stands in the way. [`apply`](crate::Organization::apply) changes and cannot fail. Between the two lies
//! whatever the caller keeps: a store appends the events before they are applied.
//!
//! Each command documents its refusals in the order in which they are looked for; the first that holds is the answer.
//! Before all of them stand, for every command: `not_found` (no such organization, or the actor has nothing to do with
//! it) and, where the command is guarded, `denied` and `step_up`.

mod apply;
mod authority;
mod command;
mod difference;
pub(crate) mod door;
mod effect;
mod event;
mod handle;
mod journal;
mod nearest;
mod offer;
mod outcome;
mod payer;
mod preview;
mod refusal;
#[cfg(test)]
mod theorem;
mod touched;

pub(crate) use authority::{behind, guard, guard_as, is_oneself, rank};
pub use command::*;
pub use difference::{AccessChange, Extent, On, Place};
pub(crate) use difference::{Comparison, Delta, Measure, Opened};
pub use effect::Effect;
pub use event::{Event, Record};
pub use journal::{AccessEvent, Journal, Query};
pub use nearest::{Change, Nearest, Obstacle, Remedy, Somebody, Step};
pub use offer::{About, Offer};
pub use outcome::{LeftOut, Outcome};
pub use preview::{Preview, SharesCompared};
pub use refusal::Refusal;
pub(crate) use touched::Touched;

use crate::access::Facts;
use crate::actor::Actor;
use crate::id::CommandId;

/// Who gives a command, and what the caller knows of the moment.
///
/// # Examples
/// ```
/// use bailiwick::access::Facts;
/// use bailiwick::{Actor, Timestamp, UserId};
///
/// let facts = Facts::at(Timestamp::from_millis(1_795_000_000_000));
/// let context = facts.by(Actor::User(UserId::from_u64(1).unwrap()));
/// assert_eq!(context.facts.now, facts.now);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Who.
    pub actor: Actor,
    /// The moment.
    pub facts: Facts<'a>,
    /// The id under which the command is kept in the journal, if the caller gives it one.
    pub command: Option<CommandId>,
}

impl Context<'_> {
    /// Keeps the command under an id: every event that it makes carries it. A store carries it out once in an organization: [`Tenants`](crate::Tenants)
    /// answers a repetition as before, if it is by the same actor. What is asked for again is not compared, for ids and secrets are made anew with each
    /// attempt; where keys come from outside, compare the requests.
    #[must_use]
    pub const fn as_command(mut self, command: CommandId) -> Self {
        self.command = Some(command);
        self
    }
}
