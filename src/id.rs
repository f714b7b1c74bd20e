//! Ids: opaque 128-bit newtypes that cannot be mixed up. Who hands them out is the caller's business.
//!
//! An id says nothing: no time, no tenant, no kind. It is made from the bits of a UUID or from an integer of yours,
//! and zero is kept free to mean "absent", so `Option<UserId>` is as small as `UserId`. The core never invents an id;
//! a command that creates something is handed the id to create it under.
//!
//! # Text ids of identity providers
//! Providers name their users `auth0|507f1f77bcf86cd7`, `google-oauth2|1032…` or `00u1a2b3c4`. Either keep them in your
//! user table beside a UUID of your own (best: the user survives a change of provider), or derive the id from the text
//! with a name-based UUID (version 5) under a namespace that you choose once:
//!
//! ```
//! use bailiwick::UserId;
//! use uuid::Uuid;
//!
//! const OUR_USERS: Uuid = Uuid::from_u128(0x8f2b_9c11_6d3e_4a57_b0c4_52e1_97aa_0d63); // yours, chosen once
//! let id_of = |subject: &str| UserId::from_uuid_bytes(Uuid::new_v5(&OUR_USERS, subject.as_bytes()).into_bytes());
//!
//! assert_eq!(id_of("auth0|507f1f77bcf86cd7"), id_of("auth0|507f1f77bcf86cd7")); // the same person, every time
//! assert_ne!(id_of("auth0|507f1f77bcf86cd7"), id_of("auth0|507F1F77BCF86CD7")); // providers' ids are case-sensitive
//! ```
//!
//! Never derive an id from an e-mail address: addresses are recycled, and the next holder would inherit the access.

use core::fmt;
use core::num::NonZeroU128;
use core::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{Serialize, Serializer};

/// Why a text is not an id.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum IdError {
    /// Not the 36 characters of a hyphenated UUID, nor 32 hexadecimal digits.
    #[error("an id is a UUID such as `0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f`, or 32 hexadecimal digits")]
    NotAUuid,
    /// All bits are zero, which is kept free to mean "absent".
    #[error("an id cannot be zero")]
    Zero,
}

/// The 128 bits of a hyphenated UUID or of 32 hexadecimal digits.
fn parse_bits(text: &str) -> Result<NonZeroU128, IdError> {
    let mut bits: u128 = 0;
    let mut digits = 0_usize;
    let hyphenated = text.len() == 36;
    if !hyphenated && text.len() != 32 {
        return Err(IdError::NotAUuid);
    }
    for (position, byte) in text.bytes().enumerate() {
        if hyphenated && matches!(position, 8 | 13 | 18 | 23) {
            if byte != b'-' {
                return Err(IdError::NotAUuid);
            }
            continue;
        }
        let digit = char::from(byte).to_digit(16).ok_or(IdError::NotAUuid)?;
        bits = (bits << 4) | u128::from(digit);
        digits = digits.saturating_add(1);
    }
    if digits != 32 {
        return Err(IdError::NotAUuid);
    }
    NonZeroU128::new(bits).ok_or(IdError::Zero)
}

/// The bits as a hyphenated lower-case UUID: one piece of text, because ids are most of what is written.
struct Hyphenated([u8; 36]);

impl Hyphenated {
    fn of(bits: u128) -> Self {
        let digits = bits.to_be_bytes().map(|byte| [in_hex(byte >> 4), in_hex(byte & 0xf)]);
        let mut text = [b'-'; 36];
        for (part, place) in [(0..8, 0..8), (8..12, 9..13), (12..16, 14..18), (16..20, 19..23), (20..32, 24..36)] {
            if let (Some(part), Some(place)) = (digits.as_flattened().get(part), text.get_mut(place)) {
                place.copy_from_slice(part);
            }
        }
        Self(text)
    }

    /// Always a text: nothing but digits and hyphens is in it.
    fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}

const fn in_hex(digit: u8) -> u8 {
    digit.wrapping_add(if digit < 10 { b'0' } else { b'a'.wrapping_sub(10) })
}

/// What is written of an id: text (a UUID) or, in compact formats, 16 bytes.
struct Bits(NonZeroU128);

impl Serialize for Bits {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_str(Hyphenated::of(self.0.get()).as_str())
        } else {
            serializer.serialize_bytes(&self.0.get().to_be_bytes())
        }
    }
}

/// Reads the same.
struct BitsVisitor;

impl<'de> Visitor<'de> for BitsVisitor {
    type Value = NonZeroU128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a UUID")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<NonZeroU128, D::Error> {
        if deserializer.is_human_readable() {
            deserializer.deserialize_str(self)
        } else {
            deserializer.deserialize_bytes(self)
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<NonZeroU128, E> {
        parse_bits(text).map_err(E::custom)
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<NonZeroU128, E> {
        let bytes: [u8; 16] = bytes.try_into().map_err(|_| E::custom(IdError::NotAUuid))?;
        NonZeroU128::new(u128::from_be_bytes(bytes)).ok_or_else(|| E::custom(IdError::Zero))
    }
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// # Shape
        /// 128 bits, never zero. Ordered as the integer of its bits. As text: a hyphenated lower-case UUID; in serde the
        /// same text, or 16 bytes (big-endian) in formats that are not for people.
        #[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(NonZeroU128);

        impl $name {
            /// Wraps caller-chosen bits, or `None` for zero, which is kept free to mean "absent".
            #[must_use]
            pub const fn from_u128(bits: u128) -> Option<Self> {
                match NonZeroU128::new(bits) {
                    Some(bits) => Some(Self(bits)),
                    None => None,
                }
            }

            /// Wraps bits that are known not to be zero.
            #[must_use]
            pub const fn from_bits(bits: NonZeroU128) -> Self {
                Self(bits)
            }

            /// Wraps an integer key, such as a database's row number, or `None` for zero.
            #[must_use]
            pub const fn from_u64(key: u64) -> Option<Self> {
                Self::from_u128(key as u128)
            }

            /// Wraps the bytes of a UUID, or `None` for the nil UUID.
            #[must_use]
            pub const fn from_uuid_bytes(bytes: [u8; 16]) -> Option<Self> {
                Self::from_u128(u128::from_be_bytes(bytes))
            }

            /// The bits as an integer; never zero.
            #[must_use]
            pub const fn as_u128(self) -> u128 {
                self.0.get()
            }

            /// The bits as the bytes of a UUID.
            #[must_use]
            pub const fn to_uuid_bytes(self) -> [u8; 16] {
                self.0.get().to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(Hyphenated::of(self.0.get()).as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse_bits(text).map(Self)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_newtype_struct(stringify!($name), &Bits(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_newtype_struct(stringify!($name), BitsVisitor).map(Self)
            }
        }
    )+

    /// What the ids are called where values are looked through.
    #[cfg(feature = "json")]
    pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),+];
    };
}

ids! {
    /// One organization: the tenant, and the unit of consistency.
    OrgId;
    /// One workspace: a part of exactly one organization.
    WorkspaceId;
    /// One login identity known to the caller; it belongs to no organization.
    UserId;
    /// One invitation into an organization.
    InvitationId;
    /// One team: a group that an organization edits by hand.
    TeamId;
    /// One thing of the caller's (document, project, channel), or a container of such things.
    ResourceId;
    /// One service: a key or robot that acts within what its sponsor may do; see [`Actor::Service`](crate::Actor::Service).
    ServiceId;
    /// One command as it was given, for the journal and so that a repetition can be told from a second command.
    CommandId;
    /// One piece of work that is paid for or stored: a hold, a charge, a lease, an upload in flight.
    HoldId;
    /// One public link to a resource; whoever presents it acts as [`Actor::Link`](crate::Actor::Link).
    LinkId;
    /// A share: something opened to somebody.
    ShareId;
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn text_and_bits_round_trip_and_zero_stays_free() {
        let id = UserId::from_u128(0x0190_f3c1_7a2b_7c3d_8e4f_5a6b_7c8d_9e0f).unwrap();
        assert_eq!(id.to_string(), "0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f");
        assert_eq!(alloc::format!("{id:>38}"), "  0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0f");
        assert_eq!(UserId::from_u128(u128::MAX).unwrap().to_string(), "ffffffff-ffff-ffff-ffff-ffffffffffff");
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("0190F3C17A2B7C3D8E4F5A6B7C8D9E0F".parse(), Ok(id));
        assert_eq!(UserId::from_uuid_bytes(id.to_uuid_bytes()), Some(id));
        assert_eq!(UserId::from_u128(0), None);
        assert_eq!("00000000-0000-0000-0000-000000000000".parse::<UserId>(), Err(IdError::Zero));
        assert_eq!(size_of::<Option<UserId>>(), size_of::<UserId>());
    }

    #[test]
    fn texts_that_are_no_uuid_are_refused() {
        for text in [
            "",
            "7",
            "0190f3c1-7a2b-7c3d-8e4f-5a6b7c8d9e0",
            "0190f3c1+7a2b-7c3d-8e4f-5a6b7c8d9e0f",
            "0190f3c17a2b7c3d8e4f5a6b7c8d9e0é",
            "-190f3c17a2b7c3d8e4f5a6b7c8d9e0f",
        ] {
            assert_eq!(text.parse::<OrgId>(), Err(IdError::NotAUuid), "{text}");
        }
    }

    #[test]
    fn serde_writes_text_for_people() {
        let id = OrgId::from_u64(7).unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"00000000-0000-0000-0000-000000000007\"");
        assert_eq!(serde_json::from_str::<OrgId>(&json).unwrap(), id);
        assert!(serde_json::from_str::<OrgId>("7").is_err());
    }
}
