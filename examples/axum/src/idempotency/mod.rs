//! WAS IT DONE ALREADY? The header `Idempotency-Key`, and what a repetition is answered.
//!
//! Two nets lie under each other. The table of requests answers a repetition as before, without asking anybody. Below it lies what the key
//! makes of itself: the [id](Operation) under which the crate carries a command out once, and a ledger an order. So when the process dies
//! between the command and the table, the repetition is carried out again and changes nothing: the crate knows its id, the answer is the same.
//!
//! A kept answer is given again to the account that was given it, whatever that account may by now: it says what was said already.

mod fingerprint;
mod key;
mod layer;
mod operation;
mod table;

pub(crate) use layer::answer_once;
pub(crate) use operation::Operation;
pub(crate) use table::forget_old;
