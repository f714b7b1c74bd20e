//! WHERE IS IT KEPT? The only door to I/O: a small trait that callers implement, and stores that are there already.
//!
//! A store keeps [streams](Stream) of records for each organization (one of the organization itself, one of its ledger, one of each
//! resource that was ever shared), and [keys](Key) by which something is found across organizations. What it promises:
//!
//! 1. An append is there as a whole or not at all, and only at the version that it expects.
//! 2. What was appended is read back, without a gap and in order, by whoever asks after it was acknowledged.
//! 3. A [unique key](Key::is_unique) leads to one place, however many writers race for it, and to no other before it was removed.
//! 4. An [operation](Batch::operation) is carried out once in an organization, however often it is appended.
//! 5. Of two that race for the last use of a link, one counts.
//! 6. Whoever follows the [changes](Changes) hears of every append that was acknowledged before they asked.
//! 7. Of an organization that was erased nothing is left, and its unique keys are free.
//! 8. Where it keeps [rows](crate::rows), they are there with the records and say what the records make.
//! 9. A snapshot is given back as it was kept, and what was compacted is what a snapshot stands for.
//! 10. What was replaced is gone, its versions and everything else are as they were, and whoever follows lets go of what they know.
//!
//! [`Store`] is for those that block, [`AsyncStore`] for those that wait; [`Direct`] makes the second of the first, and so does [`Offloaded`]
//! for a program that lets nothing block where it stands.

#[cfg(feature = "json")]
pub mod json;
#[cfg(feature = "postgres")]
pub mod postgres;
#[cfg(feature = "sqlite")]
pub mod sqlite;

mod append;
mod asynchronous;
mod blocking;
mod claim;
mod erased;
mod error;
mod front;
#[cfg(feature = "std")]
mod history;
mod key;
mod loaded;
#[cfg(feature = "std")]
mod memory;
mod methods;
mod offloaded;
#[cfg(feature = "std")]
mod pages;
mod replacement;
mod stream;
mod unlike;

pub use append::{Append, Appended, Batch, Written};
pub use asynchronous::{AsyncStore, Direct};
pub use blocking::Store;
pub use claim::Claim;
pub use erased::{BoxFuture, ErasedStore};
pub use error::{Behind, StoreError, Untrue};
pub use front::{AsyncFront, Front};
#[cfg(feature = "std")]
pub(crate) use history::{History, Page};
pub use key::{Key, Keys, Place};
pub use loaded::{Loaded, Snapshot};
#[cfg(feature = "std")]
pub use memory::MemoryStore;
#[cfg(feature = "kit")]
pub(crate) use methods::each_method;
pub use offloaded::Offloaded;
#[cfg(feature = "std")]
pub(crate) use pages::{RowPages, keys_of};
pub use replacement::{Beside, Replacement};
pub use stream::{Change, Changes, Cursor, Stream};
pub use unlike::{Derived, Unlike, Wrong};
