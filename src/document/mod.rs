//! WHAT WAS WRITTEN? A file in any format, before anybody has said what it means.
//!
//! A [`Document`] is what serde's formats have in common: texts, numbers, lists, tables. Reading a catalog goes through
//! it instead of straight into structs, because only then can *every* mistake of a file be listed, each with the path
//! to its place: unknown keys, keys written twice, wrong types, near misses. What the values mean is next door, in
//! [`catalog`](crate::catalog).
//!
//! Untrusted input is bounded here: depth, number of values, length of a text (see [`limits`](crate::limits)).

mod mistake;
mod reader;
mod suggest;

pub use mistake::{Mistake, MistakeCode, Mistakes};
pub use suggest::nearest;

pub(crate) use mistake::Path;
pub(crate) use reader::{Fields, Report, text_of};

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::limits::{DOCUMENT_DEPTH_MAX, DOCUMENT_TEXT_BYTES_MAX, DOCUMENT_VALUES_MAX};

/// A parsed file of any format that serde reads.
///
/// # Shape
/// Tables keep the order of their keys, and keep a key that is written twice (formats whose parser refuses that say so
/// themselves). At most [`DOCUMENT_DEPTH_MAX`] levels, [`DOCUMENT_VALUES_MAX`] values, [`DOCUMENT_TEXT_BYTES_MAX`] bytes
/// in one text; more is an error of the deserializer.
///
/// # Examples
/// ```
/// use bailiwick::document::Document;
///
/// let json: Document = serde_json::from_str(r#"{ "a": [1, true] }"#).unwrap();
/// let toml: Document = toml::from_str("a = [1, true]").unwrap();
/// assert_eq!(json, toml);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// Nothing was written (`null`).
    Nothing,
    /// `true` or `false`.
    Flag(bool),
    /// A whole number.
    Integer(i128),
    /// A number with a fraction; nothing in this crate accepts one, and the reader can say so.
    Fraction(f64),
    /// A text.
    Text(String),
    /// Values in order.
    List(Vec<Document>),
    /// Keys and values in the order written.
    Table(Vec<(String, Document)>),
}

impl Document {
    /// What the value is, for messages.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Flag(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Fraction(_) => "a number with a fraction",
            Self::Text(_) => "a text",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
        }
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut values_left = DOCUMENT_VALUES_MAX;
        Value { depth_left: DOCUMENT_DEPTH_MAX, values_left: &mut values_left }.deserialize(deserializer)
    }
}

/// Reads one value within what is left of the bounds.
struct Value<'b> {
    depth_left: usize,
    values_left: &'b mut usize,
}

impl Value<'_> {
    /// The reader of a value inside this one.
    fn inner<E: de::Error>(&mut self) -> Result<Value<'_>, E> {
        let depth_left = self
            .depth_left
            .checked_sub(1)
            .ok_or_else(|| E::custom(format_args!("nested deeper than {DOCUMENT_DEPTH_MAX} levels")))?;
        *self.values_left = self
            .values_left
            .checked_sub(1)
            .ok_or_else(|| E::custom(format_args!("more than {DOCUMENT_VALUES_MAX} values")))?;
        Ok(Value { depth_left, values_left: self.values_left })
    }
}

impl<'de> DeserializeSeed<'de> for Value<'_> {
    type Value = Document;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Value<'_> {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Document, E> {
        Ok(Document::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Document, E> {
        Ok(Document::Integer(i128::from(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Document, E> {
        Ok(Document::Integer(i128::from(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Document, E> {
        Ok(Document::Fraction(number))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Document, E> {
        bounded::<E>(text)?;
        Ok(Document::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Document, E> {
        bounded::<E>(&text)?;
        Ok(Document::Text(text))
    }

    fn visit_unit<E>(self) -> Result<Document, E> {
        Ok(Document::Nothing)
    }

    fn visit_none<E>(self) -> Result<Document, E> {
        Ok(Document::Nothing)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Document, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Document, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self.inner()?)? {
            values.push(value);
        }
        Ok(Document::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut table: A) -> Result<Document, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = table.next_key::<String>()? {
            bounded::<A::Error>(&key)?;
            entries.push((key, table.next_value_seed(self.inner()?)?));
        }
        Ok(Document::Table(entries))
    }
}

fn bounded<E: de::Error>(text: &str) -> Result<(), E> {
    if text.len() > DOCUMENT_TEXT_BYTES_MAX {
        return Err(E::custom(format_args!("a text is longer than {DOCUMENT_TEXT_BYTES_MAX} bytes")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn keys_written_twice_are_kept_for_the_reader_to_name() {
        let twice: Document = serde_json::from_str(r#"{ "a": 1, "a": 2 }"#).unwrap();
        let Document::Table(entries) = twice else { panic!("a table was written") };
        assert_eq!(entries.len(), 2);
    }

    #[test]
    fn depth_number_and_length_are_bounded() {
        let deep = "[".repeat(17) + &"]".repeat(17);
        assert!(serde_json::from_str::<Document>(&deep).unwrap_err().to_string().contains("deeper than 16"));
        let many = alloc::format!("[{}0]", "0,".repeat(DOCUMENT_VALUES_MAX));
        assert!(serde_json::from_str::<Document>(&many).unwrap_err().to_string().contains("more than 65536 values"));
        let long = alloc::format!("\"{}\"", "x".repeat(DOCUMENT_TEXT_BYTES_MAX + 1));
        assert!(serde_json::from_str::<Document>(&long).unwrap_err().to_string().contains("longer than 4096"));
    }
}
