//! Secrets: what goes into a link, of which only a hash is kept.

use std::fmt::{self, Write};
use std::str::FromStr;

use bailiwick::{InvitationId, SecretHash};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// Bytes of a key.
const KEY_BYTES: usize = 32;

/// The key of this backend. Secrets follow from it, so that a repeated request is given the same one and nobody has to keep it.
#[derive(Clone)]
pub(crate) struct SecretKey(Hmac<Sha256>);

impl SecretKey {
    /// A key that nobody else has.
    pub(crate) fn random() -> Result<Self, String> {
        let mut key = [0; KEY_BYTES];
        getrandom::fill(&mut key).map_err(|why| format!("cannot be drawn: {why}"))?;
        Self::of(&key)
    }

    fn of(key: &[u8]) -> Result<Self, String> {
        Hmac::new_from_slice(key).map(Self).map_err(|why| why.to_string())
    }

    /// The secret of an invitation, for whoever the link is sent to.
    pub(crate) fn of_invitation(&self, invitation: InvitationId) -> String {
        let mut mac = self.0.clone();
        mac.update(b"invitation");
        mac.update(&invitation.to_uuid_bytes());
        hex(&mac.finalize().into_bytes())
    }
}

impl FromStr for SecretKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text.chars().map(|letter| u8::try_from(letter.to_digit(16)?).ok());
        let digits = digits.collect::<Option<Vec<u8>>>().filter(|digits| digits.len() == KEY_BYTES.saturating_mul(2));
        let digits = digits.ok_or_else(|| {
            format!(
                "has {} hexadecimal digits, as `openssl rand -hex {KEY_BYTES}` makes them",
                KEY_BYTES.saturating_mul(2)
            )
        })?;
        let bytes = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit));
        Self::of(&bytes.collect::<Vec<u8>>())
    }
}

/// Nothing of it is shown.
impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(…)")
    }
}

/// A token that nobody can guess.
pub(crate) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(hex(&bytes))
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> SecretHash {
    SecretHash::from_bytes(Sha256::digest(secret.as_bytes()).into())
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}"); // a text takes everything
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sixty_four_digits_and_nothing_else() {
        assert!("00".repeat(32).parse::<SecretKey>().is_ok());
        for text in ["", "0", &"0".repeat(63), &"0".repeat(65), &"g0".repeat(32), &"é".repeat(32)] {
            assert!(text.parse::<SecretKey>().unwrap_err().contains("64 hexadecimal digits"), "{text}");
        }
    }

    #[test]
    fn a_secret_follows_from_the_key_and_the_invitation() {
        let [one, other]: [SecretKey; 2] = ["01", "02"].map(|byte| byte.repeat(32).parse().unwrap());
        let [first, second] = [1, 2].map(|n| InvitationId::from_u64(n).unwrap());
        assert_eq!(one.of_invitation(first), one.of_invitation(first));
        assert_ne!(one.of_invitation(first), one.of_invitation(second));
        assert_ne!(one.of_invitation(first), other.of_invitation(first));
    }
}
