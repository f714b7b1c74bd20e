//! The door of every function: nothing comes back in from a callback, no panic goes out, and what failed is kept to be asked for.

use std::cell::{Cell, RefCell};
use std::ffi::{c_char, CString};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};

use bailiwick_bridge::code::{self, Number};
use bailiwick_bridge::failure::Failure;

use crate::code::Code;

/// What failed last on a thread.
struct Last {
    failure: Failure,
    message: CString,
}

static THREADS: AtomicU64 = AtomicU64::new(1);

thread_local! {
    static THIS: u64 = THREADS.fetch_add(1, Ordering::Relaxed);
    static IN_CALLBACK: Cell<bool> = const { Cell::new(false) };
    static LAST: RefCell<Option<Last>> = const { RefCell::new(None) };
}

/// Carries out a call that is done or fails.
pub(crate) fn done(call: impl FnOnce() -> Result<(), Failure>) -> Code {
    answered(|| call().map(|()| code::OK))
}

/// Carries out a call whose answer is a number.
#[inline]
pub(crate) fn answered(call: impl FnOnce() -> Result<Number, Failure>) -> Code {
    if is_in_callback() {
        return failed(Failure::plain(code::REENTERED));
    }
    // What a panic leaves behind is dropped with the call, or lies behind locks that the crate keeps whole.
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(number)) => Code::from(number),
        Ok(Err(failure)) => failed(failure),
        Err(why) => failed(Failure::of(code::PANICKED, words_of(&*why))),
    }
}

/// Carries out what is allowed inside of a callback only.
pub(crate) fn replied(call: impl FnOnce() -> Result<(), Failure>) -> Code {
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(Ok(())) => Code::from(code::OK),
        Ok(Err(failure)) => failed(failure),
        Err(why) => failed(Failure::of(code::PANICKED, words_of(&*why))),
    }
}

/// Calls back, and lets nothing in meanwhile.
pub(crate) fn outside<R>(callback: impl FnOnce() -> R) -> R {
    let before = IN_CALLBACK.replace(true);
    let answer = callback();
    IN_CALLBACK.set(before);
    answer
}

#[inline]
pub(crate) fn is_in_callback() -> bool {
    IN_CALLBACK.get()
}

/// A number of this thread's own. The standard library's would be told to be a leak of the first thread by those who look for leaks.
pub(crate) fn this_thread() -> u64 {
    THIS.with(|this| *this)
}

/// What failed last on this thread.
pub(crate) fn last() -> Option<Failure> {
    LAST.with_borrow(|last| last.as_ref().map(|last| last.failure.clone()))
}

/// Its words, as long as nothing else fails on this thread.
pub(crate) fn message() -> *const c_char {
    LAST.with_borrow(|last| last.as_ref().map_or(ptr::null(), |last| last.message.as_ptr()))
}

#[cold]
fn failed(failure: Failure) -> Code {
    let number = failure.number;
    let words = failure.text.replace('\0', "\u{fffd}");
    let message = CString::new(words).unwrap_or_default();
    // A thread that is ending remembers nothing.
    let _ = LAST.try_with(|last| last.replace(Some(Last { failure, message })));
    Code::from(number)
}

fn words_of(why: &(dyn std::any::Any + Send)) -> String {
    let words = why.downcast_ref::<&str>().map(|words| (*words).to_owned());
    words.or_else(|| why.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without words".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_code_and_keeps_its_words() {
        assert_eq!(done(|| panic!("a bug")), Code::from(code::PANICKED));
        assert_eq!(last().unwrap().text, "a bug");
        assert_eq!(done(|| Ok(())), 0);
    }

    #[test]
    fn nothing_comes_in_from_a_callback() {
        let found = outside(|| done(|| Ok(())));
        assert_eq!(found, Code::from(code::REENTERED));
        assert_eq!(done(|| Ok(())), 0);
    }
}
