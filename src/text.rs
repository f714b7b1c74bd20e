//! Text that people type: names and e-mail addresses, compared normalized and shown as typed.
//!
//! Two texts are the same when their *keys* are: spaces at the ends dropped and runs of them folded, case folded, and
//! compatibility forms unified (Unicode NFKC). For ASCII that needs no tables; for the rest it needs the feature
//! `unicode`. Without it such a text can still be shown, but whoever must compare it is told that it cannot be
//! compared; it is never compared wrongly. So the feature adds answers and changes none.
//!
//! Addresses are folded less than names: letters before the `@` that merely look alike are different mailboxes, and the
//! domain is written in its ASCII form.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits::{ADDRESS_BYTES_MAX, NAME_BYTES_MAX};

/// Why a text cannot be used.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// Nothing is left once spaces are dropped.
    #[error("the text is empty")]
    Empty,
    /// Longer than the limit.
    #[error("the text is longer than {max} bytes")]
    TooLong {
        /// The limit, in bytes.
        max: usize,
    },
    /// A line break, tab or other control character.
    #[error("the text contains a control character")]
    Control,
    /// Not of the form `local@domain`.
    #[error("an e-mail address looks like `name@example.com`")]
    NotAnAddress,
    /// The domain of an address is not in its ASCII form.
    #[error("the domain of an address is written in its ASCII form, such as `xn--bcher-kva.example`")]
    DomainNotAscii,
    /// Outside ASCII, and the feature `unicode` is off.
    #[error("text outside ASCII can only be compared with the feature `unicode`")]
    NeedsUnicode,
}

/// A name as somebody typed it: of an organization, a workspace, a team.
///
/// # Shape
/// 1 to [`NAME_BYTES_MAX`] bytes after spaces at the ends are dropped; no control characters. Cheap to clone.
///
/// # Examples
/// ```
/// use bailiwick::Name;
///
/// let typed = Name::new("  Acme   Corp ")?;
/// assert_eq!(typed.to_string(), "Acme   Corp");                       // shown as typed
/// assert_eq!(typed.key()?, Name::new("ACME corp")?.key()?);           // compared normalized
/// # Ok::<(), bailiwick::TextError>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Name(Arc<str>);

impl Name {
    /// Takes a name as typed.
    ///
    /// # Errors
    /// [`TextError::Empty`], [`TextError::TooLong`] or [`TextError::Control`].
    pub fn new(text: &str) -> Result<Self, TextError> {
        Ok(Self(Arc::from(checked(text, NAME_BYTES_MAX)?)))
    }

    /// The name as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What two names are compared by.
    ///
    /// # Errors
    /// [`TextError::NeedsUnicode`] outside ASCII without the feature `unicode`.
    pub fn key(&self) -> Result<String, TextError> {
        fold(&self.0)
    }
}

/// An e-mail address: shown as typed, compared normalized.
///
/// # Shape
/// At most [`ADDRESS_BYTES_MAX`] bytes, one `@` with something on both sides, no spaces or control characters inside.
/// Compared without regard to case in either part: the mail standard allows a server to tell `Bob@` from `bob@`, no
/// real one does, and treating them as two people is how one person is invited twice. Outside ASCII it needs the
/// feature `unicode`.
///
/// # Examples
/// ```
/// use bailiwick::Address;
///
/// assert_eq!(Address::new(" Bob@Example.COM ")?, Address::new("bob@example.com")?);
/// assert!(Address::new("bob").is_err());
/// # Ok::<(), bailiwick::TextError>(())
/// ```
#[derive(Clone)]
pub struct Address {
    shown: Arc<str>,
    key: Arc<str>,
}

impl Address {
    /// Takes an address as typed.
    ///
    /// # Errors
    /// [`TextError`], of any kind.
    pub fn new(text: &str) -> Result<Self, TextError> {
        let shown = checked(text, ADDRESS_BYTES_MAX)?;
        let (local, domain) = shown.rsplit_once('@').ok_or(TextError::NotAnAddress)?;
        let plain = |part: &str| !part.is_empty() && !part.contains('@') && !part.contains(char::is_whitespace);
        if !plain(local) || !plain(domain) {
            return Err(TextError::NotAnAddress);
        }
        if !domain.is_ascii() {
            return Err(TextError::DomainNotAscii); // domains that look alike are not one domain
        }
        let local = unify_local(local)?;
        if !plain(&local) {
            return Err(TextError::NotAnAddress); // some letters unify to an `@`
        }
        let key = alloc::format!("{local}@{}", domain.to_ascii_lowercase());
        if key.len() > ADDRESS_BYTES_MAX {
            return Err(TextError::TooLong { max: ADDRESS_BYTES_MAX });
        }
        Ok(Self { shown: Arc::from(shown), key: Arc::from(key) })
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// What two addresses are compared by.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for Address {}

impl core::hash::Hash for Address {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.key.hash(state);
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({})", self.shown)
    }
}

/// The text without spaces at its ends, if it is fit to be kept.
fn checked(text: &str, max: usize) -> Result<&str, TextError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.len() > max {
        return Err(TextError::TooLong { max });
    }
    if text.chars().any(|letter| letter.is_control() || turns_lines(letter)) {
        return Err(TextError::Control);
    }
    if text.chars().all(is_invisible) {
        return Err(TextError::Empty);
    }
    Ok(text)
}

/// Letters that break lines or change the direction of what follows: they make one text look like another.
const fn turns_lines(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Letters that nobody sees. They may be kept (some scripts and pictures need them), and make no difference.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Spaces folded, case folded, compatibility forms unified.
fn fold(text: &str) -> Result<String, TextError> {
    let seen: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
    let unified = unify(&seen)?;
    let mut key = String::with_capacity(unified.len());
    for word in unified.split_whitespace() {
        if !key.is_empty() {
            key.push(' ');
        }
        key.push_str(word);
    }
    Ok(key)
}

#[cfg(feature = "unicode")]
fn unify(text: &str) -> Result<String, TextError> {
    use unicode_normalization::UnicodeNormalization as _;
    // Lower-casing can leave the normal form, hence once before and once after. Upper-casing first folds what has no
    // lower-case form of its own, such as `ß` beside `ss`.
    let lowered: String = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase).collect();
    Ok(lowered.nfkc().collect())
}

/// The part before the `@`: case and compatibility forms unified, and nothing more, for every letter of it is somebody's.
#[cfg(feature = "unicode")]
fn unify_local(text: &str) -> Result<String, TextError> {
    use unicode_normalization::UnicodeNormalization as _;
    let lowered: String = text.nfkc().flat_map(char::to_lowercase).collect();
    Ok(lowered.nfkc().collect())
}

#[cfg(not(feature = "unicode"))]
fn unify_local(text: &str) -> Result<String, TextError> {
    unify(text)
}

#[cfg(not(feature = "unicode"))]
fn unify(text: &str) -> Result<String, TextError> {
    if text.is_ascii() { Ok(text.to_ascii_lowercase()) } else { Err(TextError::NeedsUnicode) }
}

/// Reads the text of what is written as one.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        String::deserialize(deserializer)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<String, E> {
        Ok(text.into())
    }
}

macro_rules! as_text {
    ($($name:ident)+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl core::str::FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct(stringify!($name), self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = deserializer.deserialize_newtype_struct(stringify!($name), TextVisitor)?;
                Self::new(&text).map_err(de::Error::custom)
            }
        }
    )+};
}

as_text! { Name Address }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_address_however_it_is_written() {
        let bob = Address::new("bob@example.com").unwrap();
        for same in ["BOB@EXAMPLE.COM", "  bob@example.com", "Bob@Example.com\u{20}"] {
            assert_eq!(Address::new(same).unwrap(), bob);
        }
        assert_eq!(Address::new("BOB@example.com").unwrap().as_str(), "BOB@example.com");
    }

    #[test]
    fn texts_that_cannot_be_used_are_refused() {
        for text in ["bob", "@example.com", "bob@", "a@b@c", "bob smith@example.com"] {
            assert_eq!(Address::new(text).err(), Some(TextError::NotAnAddress), "{text}");
        }
        assert_eq!(Name::new(" \u{20} ").err(), Some(TextError::Empty));
        assert_eq!(Name::new("a\nb").err(), Some(TextError::Control));
        assert_eq!(Name::new("a\u{202e}b").err(), Some(TextError::Control));
        assert_eq!(Name::new("\u{200b}").err(), Some(TextError::Empty));
        assert_eq!(Address::new("bob@exämple.com").err(), Some(TextError::DomainNotAscii));
        assert!(matches!(Name::new(&"x".repeat(257)), Err(TextError::TooLong { max: 256 })));
    }

    #[cfg(feature = "unicode")]
    #[test]
    fn compatibility_forms_and_case_outside_ascii_are_one_text() {
        let key = |text: &str| Name::new(text).unwrap().key().unwrap();
        assert_eq!(key("Ａcme ﬁnance"), key("acme finance"));
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("Zoë"), key("Zoe\u{308}"));
        assert_ne!(key("Zoë"), key("Zoe"));
        assert_eq!(key("Acme\u{200b}"), key("acme"));
        let address = |text: &str| Address::new(text).unwrap();
        assert_eq!(address("ｂob@example.com"), address("bob@example.com"));
        assert_ne!(address("straße@example.com"), address("strasse@example.com"), "somebody else's mailbox");
        assert_ne!(address("mıke@example.com"), address("mike@example.com"));
        assert_eq!(Address::new("a＠b@example.com").err(), Some(TextError::NotAnAddress));
    }

    #[cfg(not(feature = "unicode"))]
    #[test]
    fn outside_ascii_nothing_is_compared_wrongly() {
        assert_eq!(Name::new("Straße").unwrap().key(), Err(TextError::NeedsUnicode));
        assert_eq!(Address::new("ｂob@example.com").err(), Some(TextError::NeedsUnicode));
    }
}
