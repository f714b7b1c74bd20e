//! What stands in columns: ids as bytes, kinds and versions as numbers, values of rows.

use core::num::NonZeroU128;

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};

use crate::id::{OrgId, ResourceId};
use crate::rows::Value;
use crate::store::json::Digest;
use crate::store::{Place, Stream};
use crate::version::Version;

/// An id as 16 bytes, or none of them: ordered as the id, with nothing first.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Id(Option<[u8; 16]>);

impl Id {
    /// No id.
    pub(super) const NONE: Self = Self(None);

    pub(super) const fn of(bytes: [u8; 16]) -> Self {
        Self(Some(bytes))
    }

    pub(super) fn bits(self) -> Option<NonZeroU128> {
        NonZeroU128::new(u128::from_be_bytes(self.0?))
    }
}

impl From<OrgId> for Id {
    fn from(id: OrgId) -> Self {
        Self::of(id.to_uuid_bytes())
    }
}

impl From<ResourceId> for Id {
    fn from(id: ResourceId) -> Self {
        Self::of(id.to_uuid_bytes())
    }
}

impl<T: Into<Self>> From<Option<T>> for Id {
    fn from(id: Option<T>) -> Self {
        id.map_or(Self::NONE, Into::into)
    }
}

impl From<NonZeroU128> for Id {
    fn from(bits: NonZeroU128) -> Self {
        Self::of(bits.get().to_be_bytes())
    }
}

impl ToSql for Id {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let bytes = self.0.as_ref().map_or(&[][..], |bytes| &bytes[..]);
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(bytes)))
    }
}

impl FromSql for Id {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value.as_blob()? {
            [] => Ok(Self::NONE),
            bytes => Ok(Self::of(bytes.try_into().map_err(FromSqlError::other)?)),
        }
    }
}

/// An organization, which is never none.
pub(super) struct Org(pub(super) OrgId);

impl FromSql for Org {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bits = Id::column_result(value)?.bits().ok_or(FromSqlError::InvalidType)?;
        Ok(Self(OrgId::from_bits(bits)))
    }
}

/// The kind of a stream, and its resource.
pub(super) fn of_stream(stream: Stream) -> (u8, Id) {
    match stream {
        Stream::Organization => (0, Id::NONE),
        Stream::Ledger => (1, Id::NONE),
        Stream::Sheet(resource) => (2, resource.into()),
    }
}

/// The stream of a kind and a resource, from two columns that follow each other.
pub(super) fn to_stream(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Stream> {
    let (kind, resource): (u8, Id) = (row.get(at)?, row.get(at.saturating_add(1))?);
    match (kind, resource.bits()) {
        (0, None) => Ok(Stream::Organization),
        (1, None) => Ok(Stream::Ledger),
        (2, Some(resource)) => Ok(Stream::Sheet(ResourceId::from_bits(resource))),
        _ => Err(FromSqlError::OutOfRange(kind.into()).into()),
    }
}

/// The place of three columns, from the first on.
pub(super) fn to_place(row: &rusqlite::Row<'_>) -> rusqlite::Result<Place> {
    let (Org(organization), resource, item): (Org, Id, Id) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Place { organization, resource: resource.bits().map(ResourceId::from_bits), item: item.bits() })
}

/// A version, which ends where the numbers of SQL do.
pub(super) struct Number(pub(super) Version);

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        let number = i64::try_from(self.0.as_u64());
        Ok(number.map_err(|why| rusqlite::Error::ToSqlConversionFailure(why.into()))?.into())
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let number = value.as_i64()?;
        let number = u64::try_from(number).map_err(|_| FromSqlError::OutOfRange(number))?;
        Ok(Self(Version::from_u64(number)))
    }
}

/// A number that only says roughly, or how many.
pub(super) fn clamped(number: impl TryInto<i64>) -> i64 {
    number.try_into().unwrap_or(i64::MAX)
}

/// A digest as its bytes.
pub(super) struct Hash(pub(super) Digest);

impl ToSql for Hash {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_bytes().to_vec().into())
    }
}

impl FromSql for Hash {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(Digest::from_bytes(value.as_blob()?.try_into().map_err(FromSqlError::other)?)))
    }
}

/// A value of a row.
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self.0 {
            Value::Null => Ok(rusqlite::types::Null.into()),
            Value::Text(text) => Ok(text.as_str().into()),
            Value::Integer(number) => Ok((*number).into()),
            Value::Boolean(is) => Ok((*is).into()),
            Value::List(texts) => {
                let text = serde_json::to_string(texts);
                Ok(text.map_err(|why| rusqlite::Error::ToSqlConversionFailure(why.into()))?.into())
            }
        }
    }
}
