//! Sets of handles: fixed-width bit sets that never allocate.

use core::fmt;
use core::ops::{BitAnd, BitOr, BitOrAssign, Sub};

use super::{Feature, Group, Permission, Role};

/// A set of permissions of one catalog.
///
/// # Shape
/// 256 bits, `Copy`; every operation is a handful of instructions and allocates nothing.
///
/// # Examples
/// ```
/// use bailiwick::catalog::{Catalog, PermissionSet};
///
/// let catalog: Catalog = toml::from_str(bailiwick::presets::CLOUD)?;
/// let run = catalog.permission("operation.run").expect("the preset has it");
/// let only_run = PermissionSet::from_iter([run]);
/// assert!(only_run.contains(run));
/// assert!((catalog.role("viewer").map(|role| catalog.permissions_of(role)).unwrap_or_default() & only_run).is_empty());
/// # Ok::<(), toml::de::Error>(())
/// ```
#[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
pub struct PermissionSet {
    words: [u64; 4],
}

impl PermissionSet {
    /// The set of nothing.
    pub const EMPTY: Self = Self { words: [0; 4] };

    /// The bits, 64 to a word, the permission at position 0 lowest in the first: what crosses a language boundary.
    #[must_use]
    pub const fn words(self) -> [u64; 4] {
        self.words
    }

    #[cfg(feature = "std")]
    pub(crate) const fn from_words(words: [u64; 4]) -> Self {
        Self { words }
    }

    /// Whether the permission is in the set. One bit test.
    #[inline]
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "eight bits shifted by six are below four")]
    pub const fn contains(&self, permission: Permission) -> bool {
        let bit = permission.index();
        self.words[(bit >> 6) as usize] >> (bit & 63) & 1 == 1
    }

    /// Puts a permission into the set.
    #[expect(clippy::indexing_slicing, reason = "eight bits shifted by six are below four")]
    pub const fn insert(&mut self, permission: Permission) {
        let bit = permission.index();
        self.words[(bit >> 6) as usize] |= 1 << (bit & 63);
    }

    /// Whether the set is empty.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        let [a, b, c, d] = self.words;
        a | b | c | d == 0
    }

    /// How many permissions the set has.
    #[must_use]
    pub const fn len(&self) -> usize {
        let [a, b, c, d] = self.words;
        let halves = (a.count_ones().saturating_add(b.count_ones()), c.count_ones().saturating_add(d.count_ones()));
        halves.0.saturating_add(halves.1) as usize
    }

    /// Whether every permission of this set is also in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        (*self - *other).is_empty()
    }

    /// The permissions, in the catalog's order.
    pub fn iter(&self) -> impl Iterator<Item = Permission> + use<> {
        let words = self.words.into_iter().zip([0, 64, 128, 192]);
        words.flat_map(|(word, first)| bits(word).map(move |bit| Permission::from_index(bit.wrapping_add(first))))
    }

    #[inline]
    fn zip(self, other: Self, join: impl Fn(u64, u64) -> u64) -> Self {
        let [a, b, c, d] = self.words;
        let [e, f, g, h] = other.words;
        Self { words: [join(a, e), join(b, f), join(c, g), join(d, h)] }
    }
}

/// The numbers of the bits that are set, in order.
fn bits(mut word: u64) -> impl Iterator<Item = u8> {
    core::iter::from_fn(move || {
        let bit = u8::try_from(word.trailing_zeros()).ok().filter(|_| word != 0)?;
        word &= word.wrapping_sub(1);
        Some(bit)
    })
}

impl BitOr for PermissionSet {
    type Output = Self;

    #[inline]
    fn bitor(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }
}

impl BitOrAssign for PermissionSet {
    #[inline]
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl BitAnd for PermissionSet {
    type Output = Self;

    #[inline]
    fn bitand(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }
}

impl Sub for PermissionSet {
    type Output = Self;

    /// What is in this set and not in the other.
    #[inline]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }
}

impl FromIterator<Permission> for PermissionSet {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        let mut set = Self::EMPTY;
        for permission in permissions {
            set.insert(permission);
        }
        set
    }
}

impl fmt::Debug for PermissionSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(Permission::index)).finish()
    }
}

macro_rules! word_sets {
    ($($(#[$doc:meta])* $name:ident($word:ty) of $item:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// # Shape
        #[doc = concat!("The bits of one `", stringify!($word), "`, `Copy`.")]
        #[derive(Clone, Copy, Default, Eq, Hash, PartialEq)]
        pub struct $name($word);

        impl $name {
            /// The set of nothing.
            pub const EMPTY: Self = Self(0);

            /// Whether the set has it.
            #[inline]
            #[must_use]
            pub const fn contains(self, item: $item) -> bool {
                self.0 >> (item.index() as u32 & (<$word>::BITS - 1)) & 1 == 1
            }

            /// Takes it out of the set.
            #[must_use]
            pub const fn without(self, item: $item) -> Self {
                Self(self.0 & !(1 << (item.index() as u32 & (<$word>::BITS - 1))))
            }

            /// Puts it into the set.
            pub const fn insert(&mut self, item: $item) {
                self.0 |= 1 << (item.index() as u32 & (<$word>::BITS - 1));
            }

            /// Whether the set is empty.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// How many the set has.
            #[must_use]
            pub const fn len(self) -> usize {
                self.0.count_ones() as usize
            }

            /// Whether the two sets have one in common.
            #[inline]
            #[must_use]
            pub const fn meets(self, other: Self) -> bool {
                self.0 & other.0 != 0
            }

            /// The members of the set, in the catalog's order.
            pub fn iter(self) -> impl Iterator<Item = $item> {
                let mut left = self.0;
                core::iter::from_fn(move || {
                    let index = u8::try_from(left.trailing_zeros()).ok().filter(|_| left != 0)?;
                    left &= left.wrapping_sub(1);
                    Some($item::from_index(index))
                })
            }
        }

        impl FromIterator<$item> for $name {
            fn from_iter<I: IntoIterator<Item = $item>>(items: I) -> Self {
                let mut set = Self::EMPTY;
                for item in items {
                    set.insert(item);
                }
                set
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_set().entries(self.iter().map($item::index)).finish()
            }
        }
    )+};
}

word_sets! {
    /// A set of roles: those of one catalog, and the custom ones of one organization.
    RoleSet(u128) of Role;
    /// A set of system groups of one catalog.
    GroupSet(u64) of Group;
    /// A set of features of one catalog.
    FeatureSet(u64) of Feature;
}

#[cfg(feature = "std")]
impl RoleSet {
    /// The bits, low and high, for what is compiled.
    #[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
    pub(crate) const fn to_words(self) -> (u64, u64) {
        (self.0 as u64, (self.0 >> 64) as u64)
    }

    pub(crate) const fn from_words(low: u64, high: u64) -> Self {
        Self((high as u128) << 64 | low as u128)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_is_its_own() {
        for index in 0..=u8::MAX {
            let set = PermissionSet::from_iter([Permission::from_index(index)]);
            assert_eq!(set.iter().map(Permission::index).collect::<alloc::vec::Vec<_>>(), [index]);
            assert_eq!(set.len(), 1);
            assert!(!set.is_empty() && (set - set).is_empty() && set.is_subset(&(set | set)));
        }
    }

    #[test]
    fn permissions_are_listed_in_order_across_words() {
        let every_third = || (0..=u8::MAX).step_by(3);
        let set: PermissionSet = every_third().map(Permission::from_index).collect();
        assert!(set.iter().map(Permission::index).eq(every_third()));
        assert_eq!(set.len(), every_third().count());
    }

    #[test]
    fn a_word_set_lists_what_was_put_in() {
        let set = RoleSet::from_iter([127, 0, 63].map(Role::from_index));
        assert_eq!(set.iter().map(Role::index).collect::<alloc::vec::Vec<_>>(), [0, 63, 127]);
        assert_eq!(set.len(), 3);
        assert!(!RoleSet::EMPTY.meets(set) && set.meets(set));
    }
}
