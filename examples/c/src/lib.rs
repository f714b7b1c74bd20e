//! bailiwick for C: handles, numbers and texts in the place of types. It translates and decides nothing.
//!
//! Read `include/bailiwick.h`, which is made of these files by cbindgen; how it is used stands in the README. What is behind every
//! function is the crate's own: [`bailiwick::Tenants`] and, for what is written and read as text, `bailiwick-bridge`.
//!
//! - Functions take references that may be missing instead of raw pointers, so that null is a value like any other. Whoever calls from C
//!   promises what the head of the header says: a pointer that is not null points to something of its type, for the time of the call.
//! - What is given out is a number that is looked up in a [table], never an address. So a handle that was given back, is of
//!   another kind or was made up is found out, on every call.
//! - No panic leaves: see [`door`].

pub mod access;
pub mod catalog;
pub mod code;
mod door;
pub mod ledger;
#[cfg(feature = "measure")]
pub mod measure;
pub mod open;
pub mod organization;
pub mod reply;
pub mod sharing;
pub mod store;
pub mod table;
pub mod text;
pub mod value;
