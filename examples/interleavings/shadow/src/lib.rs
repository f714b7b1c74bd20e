//! The standard library, but with loom's threads, locks and atomics: what is compiled against it is tried in every order.

pub use std::{clone, cmp, collections, default, fmt, future, marker, mem, ops, option, pin, result, task, time};

pub use loom::hint;

pub mod sync {
    pub use loom::sync::{Mutex, MutexGuard, atomic};
    // Its count is none of the protocols: `self: &Arc<Self>` is for this one alone.
    pub use std::sync::{Arc, PoisonError};
}

pub mod thread {
    pub use loom::thread::{Thread, current, park, yield_now};
}
