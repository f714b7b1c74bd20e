//! The codec: what is written, in a format with a number, and read back or refused with a reason.

use alloc::string::{String, ToString};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Digest;
use crate::id::OrgId;
use crate::rows::Table;
use crate::store::{StoreError, Stream};
use crate::version::Version;

/// The number of the format that is written here. It grows when a record means something that an earlier version of the crate would read
/// wrong or not at all; what was written in any earlier format is read for ever.
pub const FORMAT: u16 = 1;

/// A record, entry or snapshot as text, in the [present format](FORMAT).
///
/// # Errors
/// [`StoreError::Fatal`]; values of this crate have none.
pub fn encode(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|why| StoreError::Fatal(why.into()))
}

/// A text as it was stored, and where.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Of which organization.
    pub organization: OrgId,
    /// In which stream.
    pub stream: Stream,
    /// As which version.
    pub version: Version,
    /// In which format.
    pub format: u16,
    /// What was written.
    pub text: &'a str,
}

impl Body<'_> {
    /// What was encoded.
    ///
    /// # Errors
    /// [`Unreadable`].
    ///
    /// # Examples
    /// ```
    /// use bailiwick::change::Record;
    /// use bailiwick::store::Stream;
    /// use bailiwick::store::json::{Body, FORMAT};
    /// use bailiwick::{OrgId, Version};
    ///
    /// let text = r#"{"version":1,"at":0,"by":"system","event":"organization_restored"}"#;
    /// let (organization, version) = (OrgId::from_u64(1).unwrap(), Version::from_u64(1));
    /// let body = Body { organization, stream: Stream::Organization, version, format: FORMAT, text };
    /// assert_eq!(body.decode::<Record>()?.event.kind(), "organization_restored");
    ///
    /// let newer = Body { format: FORMAT + 1, ..body };
    /// assert!(newer.decode::<Record>().unwrap_err().to_string().contains("is of format 2, and 1 is the newest"));
    /// # Ok::<(), bailiwick::store::json::Unreadable>(())
    /// ```
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Unreadable> {
        let Self { organization, stream, version, format, text } = *self;
        if format > FORMAT {
            return Err(Unreadable::Newer { organization, stream, version, format });
        }
        serde_json::from_str(text).map_err(|why| self.damaged(why.to_string()))
    }

    /// What was encoded, if it is what has a digest.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn decode_proven<T: DeserializeOwned>(&self, digest: Digest) -> Result<T, Unreadable> {
        let decoded = self.decode()?;
        if Digest::of(self.text) == digest { Ok(decoded) } else { Err(self.damaged(NOT_ITS_TEXT.into())) }
    }

    /// It is not what was written, and why.
    pub(crate) const fn damaged(&self, why: String) -> Unreadable {
        let Self { organization, stream, version, .. } = *self;
        Unreadable::Damaged { organization, stream, version, why }
    }
}

const NOT_ITS_TEXT: &str = "it is not the text of its digest";

/// Why something that was stored cannot be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Unreadable {
    /// A later version of the crate has written it.
    #[error(
        "organization {organization}: {stream:?} version {version} is of format {format}, and {FORMAT} is the newest that is known here"
    )]
    Newer {
        /// Of which organization.
        organization: OrgId,
        /// In which stream.
        stream: Stream,
        /// As which version.
        version: Version,
        /// In which format.
        format: u16,
    },
    /// It is not what was written.
    #[error("organization {organization}: {stream:?} version {version} is damaged: {why}")]
    Damaged {
        /// Of which organization.
        organization: OrgId,
        /// In which stream.
        stream: Stream,
        /// As which version.
        version: Version,
        /// What is wrong, and where in the text.
        why: String,
    },
    /// A row is none that this crate writes.
    #[error("organization {organization}: a row of {table} is damaged: {why}")]
    Row {
        /// Of which organization.
        organization: OrgId,
        /// In which table.
        table: Table,
        /// What is wrong.
        why: String,
    },
    /// A key is none that this crate writes.
    #[error("organization {organization}: there is no such key as `{text}`")]
    Key {
        /// Into which organization it leads.
        organization: OrgId,
        /// What stands there.
        text: String,
    },
}

impl From<Unreadable> for StoreError {
    fn from(unreadable: Unreadable) -> Self {
        Self::Fatal(unreadable.into())
    }
}
