//! Mistakes in what was written: each with a stable code, the path to its place, and words.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::limits::MISTAKES_MAX;

/// What kind of mistake it is. The texts are stable: tools may match on them.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum MistakeCode {
    /// A key that means nothing at its place.
    UnknownKey,
    /// A key or name written twice.
    Duplicate,
    /// A key that must be there and is not.
    Missing,
    /// A value of the wrong type.
    WrongType,
    /// A value that is none of the choices, or out of range.
    BadValue,
    /// A name that nothing has.
    UnknownName,
    /// Names that lead back to themselves.
    Cycle,
    /// More than the limit.
    TooMany,
    /// A permission where its scope does not allow it.
    WrongScope,
    /// Parts that are each fine and contradict one another.
    Contradiction,
    /// Never used alone: the list was cut.
    More,
}

impl MistakeCode {
    /// The stable text of the code.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownKey => "unknown_key",
            Self::Duplicate => "duplicate",
            Self::Missing => "missing",
            Self::WrongType => "wrong_type",
            Self::BadValue => "bad_value",
            Self::UnknownName => "unknown_name",
            Self::Cycle => "cycle",
            Self::TooMany => "too_many",
            Self::WrongScope => "wrong_scope",
            Self::Contradiction => "contradiction",
            Self::More => "more",
        }
    }
}

/// One mistake.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mistake {
    /// The place, as a path of keys and list positions such as `roles[2].extends`; empty for the whole.
    pub path: String,
    /// What kind of mistake it is.
    pub code: MistakeCode,
    /// What is wrong, in words, with a suggestion where there is a near miss.
    pub message: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.path, self.message) }
    }
}

/// All mistakes of one file, in the order of their places. Never empty.
///
/// Displayed as one line for each.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// The mistakes as an error, or `Ok` when there are none; a list too long to help is cut.
    pub(crate) fn check(mut mistakes: Vec<Mistake>) -> Result<(), Self> {
        if mistakes.is_empty() {
            return Ok(());
        }
        let more = mistakes.len().saturating_sub(MISTAKES_MAX);
        if more > 0 {
            mistakes.truncate(MISTAKES_MAX);
            let message = alloc::format!("and {more} more mistakes");
            mistakes.push(Mistake { path: String::new(), code: MistakeCode::More, message });
        }
        Err(Self(mistakes))
    }

    /// The mistakes, in the order of their places.
    pub fn iter(&self) -> core::slice::Iter<'_, Mistake> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Mistakes {
    type Item = &'a Mistake;
    type IntoIter = core::slice::Iter<'a, Mistake>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, mistake) in self.0.iter().enumerate() {
            let line_break = if position == 0 { "" } else { "\n" };
            write!(f, "{line_break}{mistake}")?;
        }
        Ok(())
    }
}

/// A place inside a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Path(String);

impl Path {
    /// The place of a key inside this one.
    pub(crate) fn key(&self, key: &str) -> Self {
        if self.0.is_empty() { Self(key.to_owned()) } else { Self(alloc::format!("{}.{key}", self.0)) }
    }

    /// The place of a list entry inside this one.
    pub(crate) fn at(&self, position: usize) -> Self {
        Self(alloc::format!("{}[{position}]", self.0))
    }

    pub(crate) fn to_text(&self) -> String {
        self.0.clone()
    }
}
