//! Keys: the names by which commands, events and files speak of what a catalog defines.
//!
//! A key is looked up once, at the door; behind it only handles travel. Events keep keys, not handles, because handles
//! are positions and positions move when a catalog changes.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::limits::KEY_BYTES_MAX;

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        ///
        /// # Shape
        /// Any text; whether the catalog knows it is found out where it is used. Cheap to clone.
        #[derive(Clone, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The key as written.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(key: &str) -> Self {
                Self(Arc::from(key))
            }
        }

        impl From<String> for $name {
            fn from(key: String) -> Self {
                Self(Arc::from(key))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "`{}`", self.0)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    )+};
}

keys! {
    /// The key of a permission, `noun.verb`.
    PermissionKey;
    /// The key of a role.
    RoleKey;
    /// The key of a system group.
    GroupKey;
    /// The key of a plan.
    PlanKey;
}

/// How the keys of custom roles begin. Catalogs may not use it, so a new version of a catalog never takes the name of a
/// role that an organization has made.
pub const CUSTOM_ROLE: &str = "custom.";

/// Says what is wrong with a key, if anything: lower-case letters, digits and `_`, in words joined by single dots,
/// beginning with a letter, at most [`KEY_BYTES_MAX`] bytes.
pub(crate) fn flaw(key: &str) -> Option<String> {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    };
    if key.len() > KEY_BYTES_MAX {
        return Some(alloc::format!("a key has at most {KEY_BYTES_MAX} bytes"));
    }
    if !key.split('.').all(word) {
        return Some("a key is lower-case words joined by dots, such as `billing.view`".to_owned());
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_lower_case_words_joined_by_dots() {
        for key in ["owner", "billing.view", "member.role.change", "a1_b"] {
            assert_eq!(flaw(key), None, "{key}");
        }
        for key in ["", ".", "a.", ".a", "a..b", "Owner", "a b", "1a", "ä", "*", &"x".repeat(65)] {
            assert!(flaw(key).is_some(), "{key}");
        }
    }
}
