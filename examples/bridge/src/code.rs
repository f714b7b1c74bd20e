//! Codes: the number, the name and the text of every answer, whoever gives it.
//!
//! | numbers | of what |
//! | --- | --- |
//! | 0 | allowed, or done |
//! | 1 to 99 | denials of a check ([`DenyReason`]) |
//! | 100 to 299 | refusals of a command ([`Refusal`]); 102 is a step up, of a check too |
//! | 300 to 399 | refusals of a ledger ([`ledger::Refusal`]) |
//! | 400 to 499 | trouble with the store ([`StoreError`], [`TenantsError`]) |
//! | 900 to 999 | the boundary itself: what is wrong with a call |

use bailiwick::access::DenyReason;
use bailiwick::change::Refusal;
use bailiwick::store::StoreError;
use bailiwick::{TenantsError, ledger};

/// A stable number.
pub type Number = u16;

/// Allowed, or done.
pub const OK: Number = 0;

macro_rules! boundary {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $code:literal, $text:literal;)+) => {
        $($(#[$doc])* pub const $name: Number = $number;)+

        /// What is wrong with a call: number, name, text.
        pub const BOUNDARY: &[(Number, &str, &str)] = &[$(($number, $code, $text),)+];
    };
}

boundary! {
    /// Something that has to be there is not.
    NULL = 900, "null", "a pointer or handle that has to be there is null";
    /// A length that cannot be.
    BAD_LENGTH = 901, "bad_length", "a length or size that cannot be";
    /// A text that is none.
    BAD_UTF8 = 902, "bad_utf8", "a text is not UTF-8";
    /// A handle that was given back, or was never given out.
    NO_HANDLE = 903, "no_handle", "there is no such handle; it was given back, or never given out";
    /// A handle of something else.
    WRONG_KIND = 904, "wrong_kind", "a handle of another kind";
    /// An id of nothing.
    BAD_ID = 905, "bad_id", "an id is zero where one has to be";
    /// A number that means nothing.
    BAD_VALUE = 906, "bad_value", "a value that means nothing in its place";
    /// A text that cannot be read.
    BAD_JSON = 907, "bad_json", "a text that cannot be read";
    /// A catalog with mistakes.
    BAD_CATALOG = 908, "bad_catalog", "the catalog has mistakes";
    /// A name that nothing has.
    UNKNOWN_NAME = 909, "unknown_name", "nothing has this name";
    /// As many handles as there can be.
    TOO_MANY_HANDLES = 910, "too_many_handles", "as many handles are out as there can be";
    /// A callback calls back.
    REENTERED = 911, "reentered", "called from inside a callback";
    /// A reply on another thread than its callback.
    WRONG_THREAD = 912, "wrong_thread", "a reply is of the thread that its callback runs on";
    /// A panic, which is a bug of this library.
    PANICKED = 913, "panicked", "the library panicked, which is a bug of its own";
    /// A store that was not built in.
    NOT_BUILT_IN = 914, "not_built_in", "the library was built without this";
}

/// Trouble with a store has no text of its own where it happens: it says what happened.
const TROUBLE: [(Number, &str); 5] = [
    (400, "the store could not be reached in time; nothing was done"),
    (401, "the store did not acknowledge; it was done or not"),
    (402, "the store failed; nothing was done"),
    (403, "the store was not followed, and an answer would be older than it may be"),
    (404, "gave up: others keep changing the organization"),
];

/// Every number with its name, in order.
pub fn all() -> impl Iterator<Item = (Number, &'static str)> {
    let refusals = DenyReason::CODES.iter().chain(Refusal::CODES).chain(ledger::Refusal::CODES);
    let troubles = StoreError::CODES.iter().chain([&TenantsError::CONTENDED]);
    let boundary = BOUNDARY.iter().map(|(number, name, _)| (*number, *name));
    [(OK, "ok")].into_iter().chain(refusals.chain(troubles).copied()).chain(boundary)
}

/// The name of a number, which is stable too.
#[must_use]
pub fn name_of(number: Number) -> Option<&'static str> {
    all().find(|(known, _)| *known == number).map(|(_, name)| name)
}

/// What a number says, for people. What only the single answer knows stands in braces.
#[must_use]
pub fn text_of(number: Number) -> Option<&'static str> {
    let tables = [DenyReason::TEXTS, Refusal::TEXTS, ledger::Refusal::TEXTS, &TROUBLE, &[(OK, "allowed, or done")]];
    let found = tables.into_iter().flatten().find(|(known, _)| *known == number).map(|(_, text)| *text);
    found.or_else(|| BOUNDARY.iter().find(|(known, ..)| *known == number).map(|(.., text)| *text))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_number_has_one_name_and_a_text() {
        let numbers: Vec<Number> = all().map(|(number, _)| number).collect();
        assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), numbers.len());
        assert!(numbers.is_sorted());
        assert!(numbers.iter().all(|number| text_of(*number).is_some_and(|text| !text.is_empty())));
        assert_eq!(name_of(8), Some("not_granted"));
        assert_eq!((name_of(899), text_of(899)), (None, None));
    }
}
