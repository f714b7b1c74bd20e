//! Keys: what a store finds shares by, besides their resource.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::{Given, Recipient, ShareEvent, ShareRecord, Sheet};
use crate::catalog::GroupKey;
use crate::id::{LinkId, OrgId, ResourceId, ShareId, TeamId, UserId};
use crate::organization::LookupHash;

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
    /// Whoever presents a link.
    Link(LinkId),
    /// A link, by the hash of its secret.
    Secret(LookupHash),
    /// Everything that is shared of an organization's resources, to whomever.
    Within(OrgId),
}

impl ShareKey {
    /// Whether it leads to one place, in all organizations, and once it has led there to no other: whoever has a link opens what it was made
    /// for and nothing else.
    #[must_use]
    pub const fn is_unique(&self) -> bool {
        matches!(self, Self::Link(_) | Self::Secret(_))
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
                    keys.added.extend(secret_of(to).map(|secret| (secret, *share)));
                }
                // What leads to one place leads to no other afterwards.
                ShareEvent::Revoked { share } => {
                    keys.removed
                        .extend(known(share).filter(|(key, _)| !key.is_unique()).into_iter().chain([within(share)]));
                }
                ShareEvent::Claimed { share, user, .. } => {
                    keys.removed.extend(known(share));
                    keys.added.push((ShareKey::User(*user), *share));
                }
                ShareEvent::Changed { .. } | ShareEvent::HandedOver { .. } => {}
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
        Recipient::Link { link, .. } => ShareKey::Link(*link),
    }
}

fn secret_of(to: &Recipient) -> Option<ShareKey> {
    match to {
        Recipient::Link { secret, .. } => Some(ShareKey::Secret(secret.lookup())),
        _ => None,
    }
}
