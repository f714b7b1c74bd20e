//! What crosses the wire: ids as `uuid`, numbers as `bigint`, and back.

use std::boxed::Box;
use std::error::Error;
use std::num::NonZeroU128;
use std::vec::Vec;

use tokio_postgres::Row;
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, FromSqlOwned, IsNull, ToSql, Type, to_sql_checked};

use crate::id::{OrgId, ResourceId};
use crate::store::json::Digest;
use crate::store::{Place, StoreError, Stream};
use crate::time::Timestamp;
use crate::version::Version;

/// The bits of an id as a `uuid`. Zero, which is no id, stands for none: so it can be in a primary key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Bits(pub(super) u128);

impl Bits {
    pub(super) const NONE: Self = Self(0);

    pub(super) fn of(id: Option<NonZeroU128>) -> Self {
        id.map_or(Self::NONE, |bits| Self(bits.get()))
    }

    pub(super) fn organization(self) -> Result<OrgId, StoreError> {
        OrgId::from_u128(self.0).ok_or_else(|| nonsense("an id that is zero"))
    }
}

impl From<OrgId> for Bits {
    fn from(id: OrgId) -> Self {
        Self(id.as_u128())
    }
}

impl From<Option<ResourceId>> for Bits {
    fn from(id: Option<ResourceId>) -> Self {
        id.map_or(Self::NONE, |id| Self(id.as_u128()))
    }
}

impl ToSql for Bits {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        out.extend_from_slice(&self.0.to_be_bytes());
        Ok(IsNull::No)
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Bits {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(u128::from_be_bytes(raw.try_into()?)))
    }

    fn accepts(ty: &Type) -> bool {
        *ty == Type::UUID
    }
}

/// A stream as two columns: which kind, and of which resource.
pub(super) fn columns_of(stream: Stream) -> (i16, Bits) {
    match stream {
        Stream::Organization => (0, Bits::NONE),
        Stream::Ledger => (1, Bits::NONE),
        Stream::Sheet(resource) => (2, Bits::from(Some(resource))),
    }
}

pub(super) fn stream_of(kind: i16, resource: Bits) -> Result<Stream, StoreError> {
    match (kind, ResourceId::from_u128(resource.0)) {
        (0, None) => Ok(Stream::Organization),
        (1, None) => Ok(Stream::Ledger),
        (2, Some(resource)) => Ok(Stream::Sheet(resource)),
        _ => Err(nonsense("a stream that is of no kind")),
    }
}

/// A place as three columns, in which the order is that of places.
pub(super) fn columns_of_place(place: Option<Place>) -> [Bits; 3] {
    place.map_or([Bits::NONE; 3], |place| [place.organization.into(), place.resource.into(), Bits::of(place.item)])
}

pub(super) fn place_of([organization, resource, item]: [Bits; 3]) -> Result<Place, StoreError> {
    let resource = ResourceId::from_u128(resource.0);
    Ok(Place { organization: organization.organization()?, resource, item: NonZeroU128::new(item.0) })
}

pub(super) fn number(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|why| StoreError::Fatal(why.into()))
}

pub(super) fn version(version: Version) -> Result<i64, StoreError> {
    number(version.as_u64())
}

/// For a column to query by; the record itself says the very instant, however far it is.
pub(super) fn instant(at: Timestamp) -> i64 {
    i64::try_from(at.as_millis()).unwrap_or(i64::MAX)
}

/// How many rows are asked for at most.
pub(super) fn limit(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

pub(super) fn version_of(number: i64) -> Result<Version, StoreError> {
    u64::try_from(number).map(Version::from_u64).map_err(|why| StoreError::Fatal(why.into()))
}

/// What stands in a column of an answer.
pub(super) fn column<T: FromSqlOwned>(row: &Row, at: usize) -> Result<T, StoreError> {
    row.try_get(at).map_err(|why| StoreError::Fatal(why.into()))
}

/// A digest, which is always there.
pub(super) fn digest(row: &Row, at: usize) -> Result<Digest, StoreError> {
    digest_if_there(row, at)?.ok_or_else(|| nonsense("a digest that is not there"))
}

/// A digest, where there is one.
pub(super) fn digest_if_there(row: &Row, at: usize) -> Result<Option<Digest>, StoreError> {
    column::<Option<Vec<u8>>>(row, at)?.map(|bytes| digest_of(&bytes)).transpose()
}

pub(super) fn digest_of(bytes: &[u8]) -> Result<Digest, StoreError> {
    let bytes = <[u8; 32]>::try_from(bytes);
    bytes.map(Digest::from_bytes).map_err(|_| nonsense("a digest that is not of 32 bytes"))
}

/// Somebody else has written into the tables, and something that cannot be.
fn nonsense(what: &'static str) -> StoreError {
    StoreError::Fatal(what.into())
}
