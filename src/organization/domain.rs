//! Domains: whose verified addresses come in by themselves.

use alloc::string::String;
use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::Origin;
use crate::catalog::RoleSet;
use crate::text::Address;

/// The domain of e-mail addresses, as compared: lower case, at least one dot.
///
/// # Shape
/// ASCII; a domain in another script is given in its ASCII form (`xn--…`). At most 253 bytes.
///
/// # Examples
/// ```
/// use bailiwick::{Address, Domain};
///
/// let domain = Domain::new("Acme.Example")?;
/// assert_eq!(domain.as_str(), "acme.example");
/// assert!(domain.is_of(&Address::new("ada@ACME.example")?));
/// assert!(!domain.is_of(&Address::new("ada@evil-acme.example")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Domain(String);

/// Why a text is not a domain.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error("a domain is at least two words of letters, digits and hyphens, joined by dots, such as `acme.example`")]
pub struct DomainError;

impl Domain {
    /// Checks and keeps a domain.
    ///
    /// # Errors
    /// [`DomainError`].
    pub fn new(text: &str) -> Result<Self, DomainError> {
        let label = |label: &str| {
            let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            plain && !label.is_empty() && label.len() <= 63 && !label.starts_with('-') && !label.ends_with('-')
        };
        let fits = text.len() <= 253 && text.contains('.') && text.split('.').all(label);
        if fits { Ok(Self(text.to_ascii_lowercase())) } else { Err(DomainError) }
    }

    /// The domain, in lower case.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether an address lies directly in it; a subdomain is another domain.
    #[must_use]
    pub fn is_of(&self, address: &Address) -> bool {
        address.key().rsplit_once('@').is_some_and(|(_, domain)| domain == self.0)
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Domain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

/// What a domain means to an organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DomainRule {
    /// The roles with which people of the domain come in; none where they need an invitation like everybody.
    pub roles: RoleSet,
    /// Whether the platform has seen that the domain is the organization's. Before that it opens nothing.
    pub confirmed: bool,
    /// Which event set the roles.
    pub origin: Origin,
}
