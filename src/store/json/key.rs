//! Keys as texts, for an index of a store.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use crate::organization::LookupHash;
use crate::sharing::ShareKey;
use crate::store::{Claim, Key};

/// A key as a text: what it is, and then what is looked for, which is last because it can be anything.
///
/// # Shape
/// Equal for equal keys, and for no others; at most some 700 bytes. Kept by stores: it never changes.
///
/// # Examples
/// ```
/// use bailiwick::UserId;
/// use bailiwick::store::{Key, json};
///
/// let ada = UserId::from_u64(1).unwrap();
/// assert_eq!(json::text_of(&Key::Belongs(ada)), "belongs/00000000-0000-0000-0000-000000000001");
/// ```
#[must_use]
pub fn text_of(key: &Key) -> String {
    match key {
        Key::Claim(Claim::PersonalOf(user)) => format!("personal/{user}"),
        Key::Claim(Claim::Name(name)) => format!("name/{name}"),
        Key::Claim(Claim::NameOf(user, name)) => format!("name_of/{user}/{name}"),
        Key::Claim(Claim::Domain(domain)) => format!("domain/{domain}"),
        Key::Belongs(user) => format!("belongs/{user}"),
        Key::Invited(address) => format!("invited/{address}"),
        Key::InvitationSecret(secret) => format!("invitation_secret/{}", hex(*secret)),
        Key::ServiceSecret(secret) => format!("service_secret/{}", hex(*secret)),
        Key::Share(key) => share(key),
    }
}

fn share(key: &ShareKey) -> String {
    match key {
        ShareKey::User(user) => format!("share/user/{user}"),
        ShareKey::Address(address) => format!("share/address/{address}"),
        ShareKey::Group(organization, group) => format!("share/group/{organization}/{group}"),
        ShareKey::Team(organization, team) => format!("share/team/{organization}/{team}"),
        ShareKey::Members(organization) => format!("share/members/{organization}"),
        ShareKey::Organization(organization) => format!("share/organization/{organization}"),
        ShareKey::Link(link) => format!("share/link/{link}"),
        ShareKey::Secret(secret) => format!("share/secret/{}", hex(*secret)),
        ShareKey::Within(organization) => format!("share/within/{organization}"),
    }
}

fn hex(hash: LookupHash) -> String {
    let mut text = String::new();
    for byte in hash.to_bytes() {
        let _ = write!(text, "{byte:02x}"); // a text takes everything
    }
    text
}
