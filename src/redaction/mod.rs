//! WHO IS FORGOTTEN? A history says for ever who did what. Of somebody who has a right to be forgotten it goes on to say what was done,
//! under an id that leads to nobody.
//!
//! [`Tenants::erase`](crate::Tenants::erase) takes a user out of every organization. What is left then is history: their id in records,
//! entries and shares of long ago, the addresses to which invitations went. [`Tenants::redact`](crate::Tenants::redact) puts a stand-in in
//! their place, in records, entries, shares, snapshots, keys and rows, so that what is replayed afterwards is the same but for the names; and
//! [`Tenants::traces_of`](crate::Tenants::traces_of) reads all of it again and says where somebody is still named: nowhere, if all is well.
//!
//! - **A stand-in is one user's** for ever, so that what one person did stays what one person did. It is made by the caller, at random, and
//!   kept nowhere: then nothing leads back. One that was somebody's before makes one person of two.
//! - **Addresses** are given by the caller, who knows them; [`Tenants::learn_addresses`](crate::Tenants::learn_addresses) adds those that the user
//!   has shown to be theirs to an organization. Keep what it says until nothing is left: once they are replaced they cannot be found
//!   again. Stand-ins for addresses end in `.invalid`, where no mail goes.
//! - **What people have written** (names, descriptions, preferences) is not rewritten: where an address or the id stands in it,
//!   [`traces_of`](crate::Tenants::traces_of) says so, and whoever may rename it does.
//! - **What is proven of a history** stays proven: the digests of what was appended stay, and verifying tells what was replaced since.
//! - **One at a time.** Two that replace in the same organization at once can undo each other; looking for traces afterwards tells.
//!
//! # What it does not reach
//! Archives and backups made before say what they said, and so do the journal of PostgreSQL and rows that it has not vacuumed yet. A snapshot that this
//! version of the crate cannot read is passed over: keep a new one before. A process that knew an organization before it began to follow, or
//! does not follow, still knows the old names and could write them again: look for traces once more when all have been started anew.

mod error;
mod names;
mod renaming;
mod trace;

pub use error::RedactionError;
pub use names::Redaction;
pub(crate) use names::{Learning, Names};
pub use trace::{Named, Trace, Traced};

use alloc::vec::Vec;

use crate::id::OrgId;

/// What was done so that users are forgotten.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Redacted {
    /// The organizations in which something was replaced.
    pub organizations: Vec<OrgId>,
    /// How many records, entries and records of shares were replaced.
    pub records: u64,
}
