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
mod event;
mod handle;
mod refusal;

pub use command::{
    Accept, AddressProof, ChangeRoles, ChangeStatus, Command, Content, CreateOrganization, CreateTeam, CreateWorkspace,
    GiveAccess, Invite, JoinTeam, LeaveTeam, Reactivate, Remove, Revoke, SetRule, SignUp, Suspend, TakeAccess,
};
pub use event::{Event, Record};
pub use refusal::Refusal;

use crate::access::Facts;
use crate::actor::Actor;

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
}
