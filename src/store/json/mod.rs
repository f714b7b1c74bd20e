//! Records as text: what a store of documents or tables writes, reads back years later, and can prove that nobody has changed.
//!
//! - [`encode`] and [`Body::decode`]: a record, entry or snapshot as JSON, with the [number of the format](FORMAT) that it is written in.
//! - [`Digest`] and [`Link`]: a hash chain over the records of a stream. Whoever changes, drops or reorders something is found, and where.
//! - [`Proof`]: that check, over the records of a stream as any store reads them.
//! - [`text_of`] and [`key_of`]: a [key](super::Key) as a text that is equal for equal keys alone, and back.

mod chain;
mod codec;
mod key;
mod line;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod page;
mod proof;

pub use chain::{Digest, DigestError, Link};
pub use codec::{Body, FORMAT, Unreadable, encode};
pub use key::{key_of, text_of};
pub use line::{Line, lines_of};
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) use page::{Page, Versioned};
pub use proof::{KeptLine, KeptSnapshot, Proof, Tampered, Tampering};
