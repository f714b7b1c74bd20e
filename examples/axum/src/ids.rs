//! Ids: drawn, or derived from something else.

use std::num::NonZeroU128;

use sha2::{Digest, Sha256};

/// Bits that nobody has had before.
pub(crate) fn random() -> Result<NonZeroU128, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(never_zero(bytes))
}

/// Bits that follow from these parts, and from no others as far as anybody can find out.
pub(crate) fn derived(parts: &[&[u8]]) -> NonZeroU128 {
    never_zero(digest(parts))
}

/// The first half of a SHA-256 over the parts, each behind its length.
pub(crate) fn digest(parts: &[&[u8]]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    let mut half = [0; 16];
    half.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
    half
}

fn never_zero(bytes: [u8; 16]) -> NonZeroU128 {
    NonZeroU128::new(u128::from_be_bytes(bytes)).unwrap_or(NonZeroU128::MIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_one_part_ends_makes_a_difference() {
        assert_eq!(derived(&[b"ab", b"c"]), derived(&[b"ab", b"c"]));
        assert_ne!(derived(&[b"ab", b"c"]), derived(&[b"a", b"bc"]));
    }
}
