//! Fingerprints: whether something was made under this very catalog, told by one number.
//!
//! The number is FNV-1a (128 bits) over the definitions as serde sees them: each value with a mark of its kind, each text and
//! name with its length, each list with its end. So it depends on what is defined, and not on a format, a compiler or a
//! machine. It recognizes mistakes; it does not stop somebody who makes a catalog on purpose to have the number of another.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Catalog, CatalogBuilder};

/// One number for everything that a catalog defines.
///
/// # Shape
/// Equal catalogs have equal fingerprints, on every machine and with every version of the crate that knows the same options; any
/// difference that `==` sees makes another. Not cryptographic. In serde 32 hexadecimal digits.
///
/// # Examples
/// ```
/// use bailiwick::catalog::{Catalog, RoleDef};
///
/// let notes = |rank| Catalog::builder("notes").role(RoleDef::new("owner", rank).owner().allows_all()).build();
/// assert_eq!(notes(20)?.fingerprint(), notes(20)?.fingerprint());
/// assert_ne!(notes(20)?.fingerprint(), notes(21)?.fingerprint());
/// # Ok::<(), bailiwick::document::Mistakes>(())
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Fingerprint(u128);

impl Catalog {
    /// One number for everything that it defines: what a [snapshot](crate::OrganizationSnapshot) is recognized by.
    #[must_use]
    pub const fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }
}

impl Fingerprint {
    pub(super) fn of(defs: &CatalogBuilder) -> Self {
        let mut mill = Mill(OFFSET);
        // Definitions are plain data: none of them refuses to be written.
        if defs.serialize(&mut mill).is_err() {
            mill.mark(b'!');
        }
        Self(mill.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

/// A text is not a fingerprint.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a fingerprint is 32 hexadecimal digits")]
pub struct FingerprintError;

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let is_plain = text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let bits = u128::from_str_radix(text, 16).ok().filter(|_| is_plain);
        bits.map(Self).ok_or(FingerprintError)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The beginning and the prime of FNV-1a with 128 bits.
const OFFSET: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// Grinds values into one number.
struct Mill(u128);

type Ground = Result<(), fmt::Error>;

impl Mill {
    fn mark(&mut self, byte: u8) {
        self.0 = (self.0 ^ u128::from(byte)).wrapping_mul(PRIME);
    }

    fn bytes(&mut self, kind: u8, bytes: &[u8]) -> Ground {
        self.mark(kind);
        bytes.iter().for_each(|byte| self.mark(*byte));
        Ok(())
    }

    /// A text with its length, so that two texts are not one.
    fn text(&mut self, kind: u8, text: &[u8]) -> Ground {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        self.bytes(kind, &length.to_le_bytes())?;
        text.iter().for_each(|byte| self.mark(*byte));
        Ok(())
    }

    /// The begin of a list, up to its end mark.
    fn list(&mut self, variant: Option<&str>) -> Result<Parts<'_>, fmt::Error> {
        variant.map_or(Ok(()), |variant| self.text(b'v', variant.as_bytes()))?;
        self.mark(b'[');
        Ok(Parts(self))
    }
}

/// Numbers of any width, so that a wider type is no other catalog.
macro_rules! numbers {
    ($($name:ident($type:ty) as $kind:literal $wide:ty;)+) => {$(
        fn $name(self, value: $type) -> Ground {
            self.bytes($kind, &<$wide>::from(value).to_le_bytes())
        }
    )+};
}

impl<'m> Serializer for &'m mut Mill {
    type Ok = ();
    type Error = fmt::Error;
    type SerializeSeq = Parts<'m>;
    type SerializeTuple = Parts<'m>;
    type SerializeTupleStruct = Parts<'m>;
    type SerializeTupleVariant = Parts<'m>;
    type SerializeMap = Parts<'m>;
    type SerializeStruct = Parts<'m>;
    type SerializeStructVariant = Parts<'m>;

    numbers! {
        serialize_bool(bool) as b'b' u8;
        serialize_i8(i8) as b'i' i128;
        serialize_i16(i16) as b'i' i128;
        serialize_i32(i32) as b'i' i128;
        serialize_i64(i64) as b'i' i128;
        serialize_u8(u8) as b'u' u128;
        serialize_u16(u16) as b'u' u128;
        serialize_u32(u32) as b'u' u128;
        serialize_u64(u64) as b'u' u128;
        serialize_char(char) as b'c' u32;
    }

    fn serialize_f32(self, value: f32) -> Ground {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Ground {
        self.bytes(b'f', &value.to_bits().to_le_bytes())
    }

    fn serialize_str(self, value: &str) -> Ground {
        self.text(b's', value.as_bytes())
    }

    fn serialize_bytes(self, value: &[u8]) -> Ground {
        self.text(b'y', value)
    }

    fn serialize_none(self) -> Ground {
        self.bytes(b'n', &[])
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Ground {
        self.mark(b'o');
        value.serialize(self)
    }

    fn serialize_unit(self) -> Ground {
        self.bytes(b'0', &[])
    }

    fn serialize_unit_struct(self, _: &'static str) -> Ground {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Ground {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Ground {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Ground {
        self.text(b'v', variant.as_bytes())?;
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'m>, fmt::Error> {
        self.list(None)
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'m>, fmt::Error> {
        self.list(None)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'m>, fmt::Error> {
        self.list(None)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'m>, fmt::Error> {
        self.list(Some(variant))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'m>, fmt::Error> {
        self.list(None)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'m>, fmt::Error> {
        self.list(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'m>, fmt::Error> {
        self.list(Some(variant))
    }
}

/// What lists, maps and structures consist of.
struct Parts<'m>(&'m mut Mill);

impl Parts<'_> {
    fn part<T: ?Sized + Serialize>(&mut self, part: &T) -> Ground {
        part.serialize(&mut *self.0)
    }

    fn field<T: ?Sized + Serialize>(&mut self, name: &str, value: &T) -> Ground {
        self.0.text(b'k', name.as_bytes())?;
        self.part(value)
    }

    fn close(self) -> Ground {
        self.0.bytes(b']', &[])
    }
}

macro_rules! parts {
    ($($trait:ident: $part:ident;)+) => {$(
        impl $trait for Parts<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn $part<T: ?Sized + Serialize>(&mut self, part: &T) -> Ground {
                self.part(part)
            }

            fn end(self) -> Ground {
                self.close()
            }
        }
    )+};
}

parts! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}

macro_rules! fields {
    ($($trait:ident)+) => {$(
        impl $trait for Parts<'_> {
            type Ok = ();
            type Error = fmt::Error;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Ground {
                self.field(name, value)
            }

            fn end(self) -> Ground {
                self.close()
            }
        }
    )+};
}

fields! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = fmt::Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Ground {
        self.part(key)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Ground {
        self.part(value)
    }

    fn end(self) -> Ground {
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn it_is_the_published_function() {
        let mut mill = Mill(OFFSET);
        b"foobar".iter().for_each(|byte| mill.mark(*byte));
        assert_eq!(mill.0, 0x343e_1662_793c_64bf_6f0d_3597_ba44_6f18);
    }

    #[test]
    fn what_differs_anywhere_is_ground_differently() {
        #[derive(Serialize)]
        enum Any {
            Plain,
            Full(u8),
            Pair(u8, u8),
            Named { a: u8 },
        }
        let ground = |value: &dyn Fn(&mut Mill) -> Ground| {
            let mut mill = Mill(OFFSET);
            value(&mut mill).unwrap();
            mill.0
        };
        let mut all: Vec<u128> = Vec::new();
        macro_rules! take { ($($value:expr),+ $(,)?) => { $(all.push(ground(&|mill| $value.serialize(mill)));)+ }; }
        take!(["a", "bc"], ["ab", "c"], ["abc"], [["a"], ["b"]], [["a", "b"]], [Some(1)], [None::<u8>], 1, -1_i8, true);
        take!(
            'a',
            "a",
            (),
            1.5_f32,
            [0_u8; 0],
            Any::Plain,
            Any::Full(1),
            Any::Pair(1, 1),
            Any::Named { a: 1 },
            Some(1)
        );
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert_eq!(ground(&|mill| 7_u8.serialize(mill)), ground(&|mill| 7_u64.serialize(mill)));
    }
}
