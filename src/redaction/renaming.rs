//! Renaming: a value is written and read again, and whoever is named in it has another name. Nothing has to be known of the value but that
//! serde writes each id and address under the name of its type, so nothing that is added to an event can be overlooked.

use alloc::string::{String, ToString};
use core::cell::Cell;

use serde::de::DeserializeOwned;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Named, Names};
use crate::id;
use crate::store::StoreError;
use crate::store::json::encode;
use crate::text::Address;

/// How somebody is named in a value.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Found {
    id: bool,
    address: bool,
    text: bool,
}

impl Found {
    /// In every way there is.
    pub(crate) fn ways(self) -> impl Iterator<Item = Named> {
        let ways = [(self.id, Named::Id), (self.address, Named::Address), (self.text, Named::Text)];
        ways.into_iter().filter_map(|(is_named, way)| is_named.then_some(way))
    }

    /// Whether there is something that another name can be put in the place of.
    const fn is_replaceable(self) -> bool {
        self.id || self.address
    }
}

impl Names {
    /// How somebody is named in a value.
    pub(crate) fn found_in(&self, value: &impl Serialize) -> Result<Found, StoreError> {
        self.written(value).map(|(found, _)| found)
    }

    /// A value with other names, where somebody is named in it otherwise than in what people have written.
    pub(crate) fn replaced_in<T: Serialize + DeserializeOwned>(&self, value: &T) -> Result<Option<T>, StoreError> {
        let (found, text) = self.written(value)?;
        if !found.is_replaceable() {
            return Ok(None);
        }
        serde_json::from_str(&text).map(Some).map_err(|why| StoreError::Fatal(why.into()))
    }

    fn written(&self, value: &impl Serialize) -> Result<(Found, String), StoreError> {
        let found = Cell::default();
        let text = encode(&Through { value, search: Search { names: self, found: &found } })?;
        Ok((found.get(), text))
    }
}

/// What is looked for, and what was found.
#[derive(Clone, Copy)]
struct Search<'n> {
    names: &'n Names,
    found: &'n Cell<Found>,
}

impl Search<'_> {
    /// What stands for a value of a named type, if it is somebody's.
    fn stand_in<T: ?Sized + Serialize>(self, kind: &str, value: &T) -> Option<String> {
        let found = self.found.get();
        match kind {
            "UserId" => {
                let stand_in = self.names.users.get(&text_of(value)?.parse().ok()?)?;
                self.found.set(Found { id: true, ..found });
                Some(stand_in.to_string())
            }
            "Address" => {
                let stand_in = self.names.addresses.get(Address::new(&text_of(value)?).ok()?.key())?;
                self.found.set(Found { address: true, ..found });
                Some(stand_in.to_string())
            }
            _ => None,
        }
    }

    fn look_at(self, text: &str) {
        if self.names.is_named_in(text) {
            self.found.set(Found { text: true, ..self.found.get() });
        }
    }
}

fn text_of<T: ?Sized + Serialize>(value: &T) -> Option<String> {
    match serde_json::to_value(value).ok()? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A value as it is written through the search.
struct Through<'a, 'n, T: ?Sized> {
    value: &'a T,
    search: Search<'n>,
}

impl<T: ?Sized + Serialize> Serialize for Through<'_, '_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Renaming { writes: serializer, search: self.search })
    }
}

/// Whatever writes, with the search before it; for whole values and for lists, maps and structures.
struct Renaming<'n, W> {
    writes: W,
    search: Search<'n>,
}

impl<'n, W> Renaming<'n, W> {
    fn through<'a, T: ?Sized>(&self, value: &'a T) -> Through<'a, 'n, T> {
        Through { value, search: self.search }
    }
}

macro_rules! plain {
    ($($name:ident($($value:ident: $type:ty),*);)+) => {$(
        fn $name(self, $($value: $type),*) -> Result<S::Ok, S::Error> {
            self.writes.$name($($value),*)
        }
    )+};
}

macro_rules! lists {
    ($($name:ident($($value:ident: $type:ty),*) -> $list:ident;)+) => {$(
        fn $name(self, $($value: $type),*) -> Result<Self::$list, S::Error> {
            Ok(Renaming { writes: self.writes.$name($($value),*)?, search: self.search })
        }
    )+};
}

impl<'n, S: Serializer> Serializer for Renaming<'n, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Renaming<'n, S::SerializeSeq>;
    type SerializeTuple = Renaming<'n, S::SerializeTuple>;
    type SerializeTupleStruct = Renaming<'n, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Renaming<'n, S::SerializeTupleVariant>;
    type SerializeMap = Renaming<'n, S::SerializeMap>;
    type SerializeStruct = Renaming<'n, S::SerializeStruct>;
    type SerializeStructVariant = Renaming<'n, S::SerializeStructVariant>;

    plain! {
        serialize_bool(value: bool);
        serialize_i8(value: i8);
        serialize_i16(value: i16);
        serialize_i32(value: i32);
        serialize_i64(value: i64);
        serialize_i128(value: i128);
        serialize_u8(value: u8);
        serialize_u16(value: u16);
        serialize_u32(value: u32);
        serialize_u64(value: u64);
        serialize_u128(value: u128);
        serialize_f32(value: f32);
        serialize_f64(value: f64);
        serialize_char(value: char);
        serialize_bytes(value: &[u8]);
        serialize_none();
        serialize_unit();
        serialize_unit_struct(name: &'static str);
        serialize_unit_variant(name: &'static str, at: u32, variant: &'static str);
    }

    lists! {
        serialize_seq(length: Option<usize>) -> SerializeSeq;
        serialize_tuple(length: usize) -> SerializeTuple;
        serialize_tuple_struct(name: &'static str, length: usize) -> SerializeTupleStruct;
        serialize_tuple_variant(name: &'static str, at: u32, variant: &'static str, length: usize) -> SerializeTupleVariant;
        serialize_map(length: Option<usize>) -> SerializeMap;
        serialize_struct(name: &'static str, length: usize) -> SerializeStruct;
        serialize_struct_variant(name: &'static str, at: u32, variant: &'static str, length: usize) -> SerializeStructVariant;
    }

    fn serialize_str(self, text: &str) -> Result<S::Ok, S::Error> {
        self.search.look_at(text);
        self.writes.serialize_str(text)
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Result<S::Ok, S::Error> {
        let through = self.through(value);
        self.writes.serialize_some(&through)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, name: &'static str, value: &T) -> Result<S::Ok, S::Error> {
        if let Some(stand_in) = self.search.stand_in(name, value) {
            return self.writes.serialize_newtype_struct(name, &stand_in);
        }
        if id::NAMES.contains(&name) {
            return self.writes.serialize_newtype_struct(name, value); // whatever it looks like, it is nobody's
        }
        let through = self.through(value);
        self.writes.serialize_newtype_struct(name, &through)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        name: &'static str,
        at: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let through = self.through(value);
        self.writes.serialize_newtype_variant(name, at, variant, &through)
    }

    fn is_human_readable(&self) -> bool {
        self.writes.is_human_readable()
    }
}

macro_rules! elements {
    ($($list:ident: $element:ident;)+) => {$(
        impl<W: $list> $list for Renaming<'_, W> {
            type Ok = W::Ok;
            type Error = W::Error;

            fn $element<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), W::Error> {
                let through = self.through(value);
                self.writes.$element(&through)
            }

            fn end(self) -> Result<W::Ok, W::Error> {
                self.writes.end()
            }
        }
    )+};
}

elements! {
    SerializeSeq: serialize_element;
    SerializeTuple: serialize_element;
    SerializeTupleStruct: serialize_field;
    SerializeTupleVariant: serialize_field;
}

macro_rules! fields {
    ($($list:ident)+) => {$(
        impl<W: $list> $list for Renaming<'_, W> {
            type Ok = W::Ok;
            type Error = W::Error;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Result<(), W::Error> {
                let through = self.through(value);
                self.writes.serialize_field(name, &through)
            }

            fn skip_field(&mut self, name: &'static str) -> Result<(), W::Error> {
                self.writes.skip_field(name)
            }

            fn end(self) -> Result<W::Ok, W::Error> {
                self.writes.end()
            }
        }
    )+};
}

fields! { SerializeStruct SerializeStructVariant }

impl<W: SerializeMap> SerializeMap for Renaming<'_, W> {
    type Ok = W::Ok;
    type Error = W::Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Result<(), W::Error> {
        let through = self.through(key);
        self.writes.serialize_key(&through)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Result<(), W::Error> {
        let through = self.through(value);
        self.writes.serialize_value(&through)
    }

    fn end(self) -> Result<W::Ok, W::Error> {
        self.writes.end()
    }
}
