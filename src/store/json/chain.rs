//! The hash chain: each append of a stream names all before it.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of something.
///
/// # Shape
/// 32 bytes; displayed as 64 hexadecimal digits.
#[derive(Clone, Copy, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Digest([u8; 32]);

/// What an append and everything before it in its stream comes to: equal only where everything is equal.
pub type Link = Digest;

impl Digest {
    /// Of the text of one record.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// Of the records of one append, by their digests in order.
    #[must_use]
    pub fn of_all(digests: &[Self]) -> Self {
        let mut hash = Sha256::new();
        digests.iter().for_each(|digest| hash.update(digest.0));
        Self(hash.finalize().into())
    }

    /// The link of an append, after that of the append before it; the first follows the default, which is all zeros.
    #[must_use]
    pub fn link(self, before: Link) -> Link {
        Self::of_all(&[before, self])
    }

    /// Of 32 bytes that are one.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A text is not a digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a digest is 64 hexadecimal digits")]
pub struct DigestError;

impl FromStr for Digest {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        let mut bytes = [0; 32];
        let digits = text.as_bytes();
        if digits.len() != 64 {
            return Err(DigestError);
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair =
                core::str::from_utf8(pair).ok().filter(|pair| pair.bytes().all(|digit| digit.is_ascii_hexdigit()));
            *byte = u8::from_str_radix(pair.ok_or(DigestError)?, 16).map_err(|_| DigestError)?;
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    /// The digests of FIPS 180-2, so that what is kept today is proven by any other program.
    #[test]
    fn it_is_sha_256() {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Digest::of("abc").to_string(), abc);
        assert_eq!(abc.parse(), Ok(Digest::of("abc")));
        assert_eq!("ba78".parse::<Digest>(), Err(DigestError));
        assert_eq!(abc.replace('b', "+").parse::<Digest>(), Err(DigestError));
    }

    #[test]
    fn a_link_depends_on_everything_before_it() {
        let [a, b, c] = ["a", "b", "c"].map(Digest::of);
        let chain = |appends: &[&[Digest]]| {
            appends.iter().fold(Link::default(), |before, append| Digest::of_all(append).link(before))
        };
        let right = chain(&[&[a, b], &[c]]);
        for wrong in [chain(&[&[b, a], &[c]]), chain(&[&[a], &[c]]), chain(&[&[c], &[a, b]]), chain(&[&[a, b, c]])] {
            assert_ne!(right, wrong);
        }
    }
}
