//! Labels: short words that an application uses for kinds of usage, of meters and of content.

use alloc::string::String;
use core::fmt;
use core::num::NonZeroU128;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::limits::LABEL_BYTES_MAX;

/// A short word, such as `llm`, `storage` or `video`: a class of usage, a meter, a kind of content.
///
/// # Shape
/// 1 to [`LABEL_BYTES_MAX`] bytes of `a`–`z`, `0`–`9`, `_`, `-`, `.`, beginning with a letter. Travels by copy, compares and
/// hashes as one number, orders as text. In serde a text.
///
/// # Examples
/// ```
/// use bailiwick::Label;
///
/// let video: Label = "video".parse()?;
/// assert_eq!(video.to_string(), "video");
/// assert!("Video".parse::<Label>().is_err());
/// # Ok::<(), bailiwick::LabelError>(())
/// ```
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Label(NonZeroU128);

/// A text is not a label.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a label has 1 to {LABEL_BYTES_MAX} bytes of a-z, 0-9, `_`, `-`, `.`, and begins with a letter")]
pub struct LabelError;

impl Label {
    /// What plans call their storage.
    pub const STORAGE: Self = match Self::from_ascii(b"storage") {
        Some(label) => label,
        None => Self(NonZeroU128::MIN),
    };

    const fn from_ascii(text: &[u8]) -> Option<Self> {
        let (mut bits, mut rest, mut length) = (0_u128, text, 0_usize);
        while let Some((byte, after)) = rest.split_first() {
            let letter = byte.is_ascii_lowercase();
            let fits = letter || (length > 0 && (byte.is_ascii_digit() || matches!(byte, b'_' | b'-' | b'.')));
            if !fits || length >= LABEL_BYTES_MAX {
                return None;
            }
            length = length.saturating_add(1);
            bits = (bits << 8) | (*byte as u128);
            rest = after;
        }
        while length < LABEL_BYTES_MAX {
            bits <<= 8; // the first letter stays the most significant byte, so that numbers order as texts do
            length = length.saturating_add(1);
        }
        match NonZeroU128::new(bits) {
            Some(bits) => Some(Self(bits)),
            None => None,
        }
    }

    /// The label as one number, never 0.
    pub(crate) const fn as_u128(self) -> u128 {
        self.0.get()
    }

    /// The label as text.
    #[must_use]
    pub fn to_text(self) -> String {
        self.0.get().to_be_bytes().into_iter().filter(|byte| *byte != 0).map(char::from).collect()
    }
}

impl FromStr for Label {
    type Err = LabelError;

    fn from_str(text: &str) -> Result<Self, LabelError> {
        Self::from_ascii(text.as_bytes()).ok_or(LabelError)
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_text())
    }
}

impl fmt::Debug for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{self}`")
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn labels_read_back_and_order_as_text() {
        let words = ["a", "a-b", "a.b", "a0", "a_b", "ab", "abcdefghijklmnop", "b", "storage"];
        let labels: alloc::vec::Vec<Label> = words.iter().map(|word| word.parse().unwrap()).collect();
        assert!(labels.is_sorted());
        for (label, word) in labels.iter().zip(words) {
            assert_eq!(label.to_string(), word);
        }
        assert_eq!(Label::STORAGE.to_string(), "storage");
    }

    #[test]
    fn what_is_no_label_is_refused() {
        for text in ["", "0a", "_a", "A", "a b", "ä", "abcdefghijklmnopq", "a\0"] {
            assert_eq!(text.parse::<Label>(), Err(LabelError), "{text}");
        }
    }
}
