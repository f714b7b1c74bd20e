//! How wide the rules look: at every permission at once, or at one.
//!
//! The rules are written once. Looked at through [`Every`] they answer for a whole request and fill sets; looked at
//! through [`One`] they answer one question and the same code becomes a few tests of single bits.

use core::ops::{BitAnd, BitOr, Sub};

use crate::catalog::{Permission, PermissionSet};

/// Which permissions the rules look at.
pub(crate) trait Lens: Copy {
    /// What is seen of a set.
    type View: View;

    /// Looks at a set.
    fn look(self, set: &PermissionSet) -> Self::View;

    /// Looks at eight sets side by side, of which a line has 64 permissions each.
    #[cfg(feature = "std")]
    fn gather(self, lines: u32, line: impl Fn(u32) -> [u64; 8]) -> [Self::View; 8];
}

/// What is seen of a set: a set again, or one bit of it.
pub(crate) trait View: Copy + BitOr<Output = Self> + BitAnd<Output = Self> + Sub<Output = Self> {
    /// Nothing is in it.
    const NOTHING: Self;

    /// Whether a permission that is looked at is in it.
    fn has(&self, permission: Permission) -> bool;
}

/// Every permission.
#[derive(Clone, Copy)]
pub(crate) struct Every;

impl Lens for Every {
    type View = PermissionSet;

    #[inline]
    fn look(self, set: &PermissionSet) -> PermissionSet {
        *set
    }

    #[cfg(feature = "std")]
    #[inline]
    fn gather(self, lines: u32, line: impl Fn(u32) -> [u64; 8]) -> [PermissionSet; 8] {
        let mut sets = [[0; 4]; 8];
        for (at, number) in (0..4).zip(0..lines) {
            for (set, word) in sets.iter_mut().zip(line(number)) {
                set.iter_mut().skip(at).take(1).for_each(|there| *there = word);
            }
        }
        sets.map(PermissionSet::from_words)
    }
}

impl View for PermissionSet {
    const NOTHING: Self = Self::EMPTY;

    #[inline]
    fn has(&self, permission: Permission) -> bool {
        self.contains(permission)
    }
}

/// One permission.
#[derive(Clone, Copy)]
pub(crate) struct One(pub(crate) Permission);

/// Whether the one permission is in a set.
#[derive(Clone, Copy)]
pub(crate) struct Bit(bool);

impl Lens for One {
    type View = Bit;

    #[inline]
    fn look(self, set: &PermissionSet) -> Bit {
        Bit(set.contains(self.0))
    }

    #[cfg(feature = "std")]
    #[inline]
    fn gather(self, _: u32, line: impl Fn(u32) -> [u64; 8]) -> [Bit; 8] {
        let bit = self.0.index();
        line(u32::from(bit >> 6)).map(|word| Bit(word >> (bit & 63) & 1 == 1))
    }
}

impl View for Bit {
    const NOTHING: Self = Self(false);

    #[inline]
    fn has(&self, _: Permission) -> bool {
        self.0
    }
}

impl BitOr for Bit {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Bit {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}

impl Sub for Bit {
    type Output = Self;

    #[inline]
    fn sub(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
