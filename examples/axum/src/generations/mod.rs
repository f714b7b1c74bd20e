//! WHAT DOES IT COST? Generations: work that takes a while, costs credits and fills storage. TOY in what it generates, not in how it pays.
//!
//! | when | credits | storage |
//! | --- | --- | --- |
//! | [`begin`](begin::begin) | held, as many as it may cost | room kept, as large as it may become |
//! | it is done | settled: what it cost; the rest returns | committed: what it became; the rest returns |
//! | it comes to nothing | released | released |
//! | nobody ends it: the process died | free again when the hold ends | likewise; [`sweep`](sweep::sweep) says so in the table |
//!
//! Every order has a key that follows from the generation, so whoever gives it once more, in whichever process, changes nothing.

mod begin;
mod end;
mod generation;
mod sweep;
mod table;

pub(crate) use begin::begin;
pub(crate) use end::delete;
pub(crate) use generation::Generation;
pub(crate) use sweep::sweep;
pub(crate) use table::{find, in_project, is_any_running};
