//! Keys as texts, for an index of a store.

use alloc::format;
use alloc::string::String;
use core::fmt::Write;

use super::Digest;
use crate::organization::{Domain, LookupHash};
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

/// The key of a text; `None`, if it is the text of none.
///
/// # Examples
/// ```
/// use bailiwick::UserId;
/// use bailiwick::store::{Key, json};
///
/// let key = Key::Belongs(UserId::from_u64(1).unwrap());
/// assert_eq!(json::key_of(&json::text_of(&key)), Some(key));
/// assert_eq!(json::key_of("belongs/to nobody"), None);
/// ```
#[must_use]
pub fn key_of(text: &str) -> Option<Key> {
    let (what, rest) = text.split_once('/')?;
    let key = match what {
        "personal" => Key::Claim(Claim::PersonalOf(rest.parse().ok()?)),
        "name" => Key::Claim(Claim::Name(rest.into())),
        "name_of" => {
            let (user, name) = rest.split_once('/')?;
            Key::Claim(Claim::NameOf(user.parse().ok()?, name.into()))
        }
        "domain" => Key::Claim(Claim::Domain(Domain::new(rest).ok()?)),
        "belongs" => Key::Belongs(rest.parse().ok()?),
        "invited" => Key::Invited(rest.into()),
        "invitation_secret" => Key::InvitationSecret(lookup_of(rest)?),
        "service_secret" => Key::ServiceSecret(lookup_of(rest)?),
        "share" => Key::Share(share_of(rest)?),
        _ => return None,
    };
    (text_of(&key) == text).then_some(key) // of each key there is one text
}

fn share_of(text: &str) -> Option<ShareKey> {
    let (what, rest) = text.split_once('/')?;
    Some(match what {
        "user" => ShareKey::User(rest.parse().ok()?),
        "address" => ShareKey::Address(rest.into()),
        "group" => {
            let (organization, group) = rest.split_once('/')?;
            ShareKey::Group(organization.parse().ok()?, group.into())
        }
        "team" => {
            let (organization, team) = rest.split_once('/')?;
            ShareKey::Team(organization.parse().ok()?, team.parse().ok()?)
        }
        "members" => ShareKey::Members(rest.parse().ok()?),
        "organization" => ShareKey::Organization(rest.parse().ok()?),
        "link" => ShareKey::Link(rest.parse().ok()?),
        "secret" => ShareKey::Secret(lookup_of(rest)?),
        "within" => ShareKey::Within(rest.parse().ok()?),
        _ => return None,
    })
}

fn lookup_of(hex: &str) -> Option<LookupHash> {
    hex.parse::<Digest>().ok().map(|bytes| LookupHash::from_bytes(bytes.to_bytes()))
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;
    use crate::id::{LinkId, OrgId, TeamId, UserId};

    #[test]
    fn a_key_comes_back_from_its_text() {
        let (user, organization) = (UserId::from_u64(7).unwrap(), OrgId::from_u64(8).unwrap());
        let (team, link) = (TeamId::from_u64(9).unwrap(), LinkId::from_u64(10).unwrap());
        let secret = LookupHash::from_bytes([171; 32]);
        let claims = [
            Claim::PersonalOf(user),
            Claim::Name("a/b c".into()),
            Claim::NameOf(user, "a/b".into()),
            Claim::Domain(Domain::new("acme.example").unwrap()),
        ];
        let shares = [
            ShareKey::User(user),
            ShareKey::Address("a/b@acme.example".into()),
            ShareKey::Group(organization, "staff".into()),
            ShareKey::Team(organization, team),
            ShareKey::Members(organization),
            ShareKey::Organization(organization),
            ShareKey::Link(link),
            ShareKey::Secret(secret),
            ShareKey::Within(organization),
        ];
        let others = [
            Key::Belongs(user),
            Key::Invited("bob@acme.example".into()),
            Key::InvitationSecret(secret),
            Key::ServiceSecret(secret),
        ];
        let keys: Vec<Key> = claims.map(Key::Claim).into_iter().chain(shares.map(Key::Share)).chain(others).collect();
        for key in keys {
            let text = text_of(&key);
            assert_eq!(key_of(&text).as_ref(), Some(&key), "{text}");
        }
        for text in ["", "name", "belongs/1", "domain/ACME.example", "share/user", "share/else/1", "service_secret/ab"]
        {
            assert_eq!(key_of(text), None, "{text}");
        }
    }
}
