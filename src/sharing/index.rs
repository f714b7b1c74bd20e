//! Keys: what a store finds shares by, besides their resource.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::{Given, Recipient, ShareEvent, ShareRecord, Sheet};
use crate::catalog::GroupKey;
use crate::id::{OrgId, ResourceId, ShareId, TeamId, UserId};
use crate::organization::SecretHash;

/// To whom something is shared, as a store finds it.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum ShareKey {
    /// One user, whatever they are to the organization.
    User(UserId),
    /// An address, normalized.
    Address(String),
    /// A system group of an organization.
    Group(OrgId, GroupKey),
    /// A team of an organization.
    Team(OrgId, TeamId),
    /// The members of an organization, of whose own resources.
    Members(OrgId),
    /// The members of an organization, of another one's resources.
    Organization(OrgId),
    /// A link, by the hash of its secret.
    Link(LinkHash),
    /// Everything that is shared of an organization's resources, to whomever.
    Within(OrgId),
}

/// The hash of a link's secret, to look up by; never displayed.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LinkHash([u8; 32]);

impl LinkHash {
    /// Of a secret's hash.
    #[must_use]
    pub const fn of(secret: SecretHash) -> Self {
        Self(secret.to_bytes())
    }

    /// The bytes, for a store.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 32] {
        self.0
    }
}

impl fmt::Debug for LinkHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LinkHash(…)")
    }
}

/// Where a share is. Ordered, so that a listing goes on after one.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ShareAt {
    /// Whose resource it is.
    pub organization: OrgId,
    /// Which resource.
    pub resource: ResourceId,
    /// Which share on it.
    pub share: ShareId,
}

/// What records of a sheet change in the keys.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct ShareKeys {
    /// Is found from now on.
    pub added: Vec<(ShareKey, ShareId)>,
    /// Is not found any more.
    pub removed: Vec<(ShareKey, ShareId)>,
}

impl ShareKeys {
    /// What records change, of a sheet as it was before them.
    #[must_use]
    pub fn of(sheet: &Sheet, records: &[ShareRecord]) -> Self {
        let mut keys = Self::default();
        let known = |share: &ShareId| Some((sheet.share(*share)?.key(sheet.organization()), *share));
        let within = |share: &ShareId| (ShareKey::Within(sheet.organization()), *share);
        for record in records {
            match &record.event {
                ShareEvent::Given { share, to, .. } => {
                    keys.added.extend([(key_of(to, sheet.organization()), *share), within(share)]);
                }
                ShareEvent::Revoked { share } => keys.removed.extend(known(share).into_iter().chain([within(share)])),
                ShareEvent::Claimed { share, user, .. } => {
                    keys.removed.extend(known(share));
                    keys.added.push((ShareKey::User(*user), *share));
                }
                ShareEvent::Changed { .. } | ShareEvent::Followed { .. } | ShareEvent::HandedOver { .. } => {}
            }
        }
        keys
    }
}

impl Given {
    /// What it is found by.
    #[must_use]
    pub fn key(&self, organization: OrgId) -> ShareKey {
        key_of(&self.to, organization)
    }
}

fn key_of(to: &Recipient, organization: OrgId) -> ShareKey {
    match to {
        Recipient::User(user) => ShareKey::User(*user),
        Recipient::Address(address) => ShareKey::Address(address.key().to_string()),
        Recipient::Group(key) => ShareKey::Group(organization, key.clone()),
        Recipient::Team(team) => ShareKey::Team(organization, *team),
        Recipient::Members => ShareKey::Members(organization),
        Recipient::Organization(other) => ShareKey::Organization(*other),
        Recipient::Link { secret, .. } => ShareKey::Link(LinkHash::of(*secret)),
    }
}
