//! HOW DOES IT MOVE HOUSE? Tenants as lines of text, to move them, to keep them, to look at them with other tools.
//!
//! An archive begins with its [format](crate::store::json::FORMAT). Then comes one tenant after the other: its records, the entries of its ledger, the
//! records of its sheets, the uses of its links, and an end that counts them and bears the [digest](crate::store::json::Digest) of all its lines. The
//! last line counts the tenants. So what is cut off, changed or left out is found, and nothing has to fit into memory.
//!
//! Keys and rows are in no archive: they follow from the records.

mod export;
mod import;
mod line;

pub use export::Export;
pub use import::{Import, ImportError, Imported};
pub use line::Line;
