//! WHO IS FORGOTTEN? A history says for ever who did what. Of somebody who has a right to be forgotten it goes on to say what was done,
//! under an id that leads to nobody.
//!
//! [`Tenants::erase`](crate::Tenants::erase) takes a user out of every organization. What is left then is history: their id in records,
//! entries and shares of long ago, the addresses to which invitations went. [`Tenants::redact`](crate::Tenants::redact) puts a stand-in in
//! their place, in everything that a store keeps, so that what is replayed afterwards is the same but for the names; and
//! [`Tenants::traces_of`](crate::Tenants::traces_of) reads all of it again and says where somebody is still named: nowhere, if all is well.
//!
//! - **A stand-in is one user's** for ever, so that what one person did stays what one person did. It is made by the caller, at random, and
//!   kept nowhere: then nothing leads back.
//! - **Addresses** are found by the invitations that the user has answered and the shares that they have taken; those by which the caller
//!   knows the user are given as well. Stand-ins for them end in `.invalid`, where no mail goes.
//! - **What people have written** (names, descriptions, preferences) is not rewritten: where an address or the id stands in it,
//!   [`traces_of`](crate::Tenants::traces_of) says so, and whoever may rename it does.
//! - **What is proven of a history** stays proven: the digests of what was appended stay, and verifying tells what was replaced since.
//!
//! Archives and backups made before say what they said. A process that does not follow the store may still know the old names, and could write
//! them again (into a snapshot, say): follow everywhere, and look for traces once more when the last backup is gone.

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
    /// The users, with every address that was found to be theirs: what to look for [traces](crate::Tenants::traces_of) of.
    pub of: Vec<Redaction>,
    /// The organizations in which something was replaced.
    pub organizations: Vec<OrgId>,
    /// How many records, entries and records of shares were replaced.
    pub records: u64,
}
