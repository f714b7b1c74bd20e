//! Sheets: the shares on one resource as they are now.

use alloc::vec::Vec;

use super::{Extent, Recipient, ShareEvent, ShareRecord};
use crate::access::{Resource, Share, ShareHolder};
use crate::actor::Actor;
use crate::catalog::PermissionKey;
use crate::id::{CommandId, OrgId, ResourceId, ShareId, UserId};
use crate::limits::CONTAINERS_MAX;
use crate::organization::{Map, Organization, Origin};
use crate::time::Timestamp;
use crate::version::Version;

/// The shares on one resource or container.
///
/// # Shape
/// At most [`SHARES_PER_RESOURCE_MAX`](crate::limits::SHARES_PER_RESOURCE_MAX), found by id. The same history gives an equal value.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    organization: OrgId,
    resource: ResourceId,
    version: Version,
    given: Map<ShareId, Given>,
}

/// One share.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Given {
    /// To whom.
    pub to: Recipient,
    /// The version of the organization at which the user came to belong to it, or the team was made: with that membership, or that team,
    /// the share ends. `None` for everybody else.
    pub since: Option<Version>,
    /// How far it goes.
    pub extent: Extent,
    /// What it gives; in order, each once.
    pub level: Vec<PermissionKey>,
    /// When it ends; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
    /// Who answers for it: who has given it, or whoever took that over.
    pub by: Actor,
    /// The event of the sheet that wrote it, with whoever opened it.
    pub origin: Origin,
    /// Which command gave it, where the caller gave that an id.
    pub command: Option<CommandId>,
}

impl Sheet {
    /// The sheet of a resource on which nothing was ever shared.
    #[must_use]
    pub fn new(organization: OrgId, resource: ResourceId) -> Self {
        Self { organization, resource, version: Version::ZERO, given: Map::default() }
    }

    /// The sheet of a history.
    #[must_use]
    pub fn replay<'a>(
        organization: OrgId,
        resource: ResourceId,
        records: impl IntoIterator<Item = &'a ShareRecord>,
    ) -> Self {
        let mut sheet = Self::new(organization, resource);
        records.into_iter().for_each(|record| sheet.apply(record));
        sheet
    }

    /// Whose resource it is.
    #[must_use]
    pub const fn organization(&self) -> OrgId {
        self.organization
    }

    /// Which resource.
    #[must_use]
    pub const fn resource(&self) -> ResourceId {
        self.resource
    }

    /// How many events it has seen.
    #[must_use]
    pub const fn version(&self) -> Version {
        self.version
    }

    /// One share.
    #[must_use]
    pub fn share(&self, share: ShareId) -> Option<&Given> {
        self.given.get(&share)
    }

    /// Every share.
    pub fn shares(&self) -> impl ExactSizeIterator<Item = (ShareId, &Given)> {
        self.given.iter().map(|(id, given)| (*id, given))
    }

    /// Changes the sheet by one record; one that was applied before changes nothing.
    pub fn apply(&mut self, record: &ShareRecord) {
        if record.version <= self.version {
            return;
        }
        self.version = record.version;
        match &record.event {
            ShareEvent::Given { share, to, since, extent, level, until } => {
                let origin = Origin { version: record.version, at: record.at, by: record.by };
                let (to, level, command) = (to.clone(), level.clone(), record.command);
                let (since, extent, until, by) = (*since, *extent, *until, record.by);
                self.given.insert(*share, Given { to, since, extent, level, until, by, origin, command });
            }
            ShareEvent::Changed { share, since, extent, level, until } => {
                if let Some(given) = self.given.get_mut(share) {
                    (given.level, given.until, given.by) = (level.clone(), *until, record.by);
                    (given.since, given.extent) = (*since, *extent);
                    given.origin = Origin { version: record.version, at: record.at, by: record.by };
                }
            }
            ShareEvent::Revoked { share } => _ = self.given.swap_remove(share),
            ShareEvent::Claimed { share, user, since } => {
                if let Some(given) = self.given.get_mut(share) {
                    (given.to, given.since) = (Recipient::User(*user), *since);
                }
            }
            ShareEvent::HandedOver { from, to } => {
                self.given.values_mut().for_each(|given| given.hand_over(*from, *to))
            }
        }
    }
}

impl Given {
    /// Whether a user gives it, in person or by staff in their place.
    pub(super) fn is_by(&self, user: UserId) -> bool {
        self.by.user() == Some(user)
    }

    /// Whether it is about what somebody has opened of their own.
    pub(super) fn is_own_of(&self, user: UserId) -> bool {
        self.extent.owner == Some(user) && self.extent.word == Some(user)
    }

    /// What was by one user is by another; with what was their own goes their word.
    fn hand_over(&mut self, from: UserId, to: UserId) {
        if self.is_by(from) {
            self.by = Actor::User(to);
        }
        if self.is_own_of(from) {
            (self.extent.owner, self.extent.word) = (Some(to), Some(to));
        }
    }

    /// Whether it counts at a time: it has no end, or has not reached it.
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }

    /// The share as a question has it; `None` while it is to nobody.
    #[must_use]
    pub fn as_share(&self, organization: &Organization, on: ResourceId) -> Option<Share> {
        let catalog = organization.catalog();
        let level = self.level.iter().filter_map(|key| catalog.permission(key.as_str())).collect();
        Some(Share { on, to: self.holder(organization)?, level, until: self.until })
    }

    /// To whom it is for a question; `None` while it waits for an address, the team is gone (one of the same id is another), or the
    /// catalog has no such group.
    #[must_use]
    pub fn holder(&self, organization: &Organization) -> Option<ShareHolder> {
        Some(match (&self.to, self.since) {
            (Recipient::User(user), Some(joined)) => ShareHolder::Person { user: *user, joined },
            (Recipient::User(user), None) => ShareHolder::User(*user),
            (Recipient::Address(_), _) => return None,
            (Recipient::Group(key), _) => ShareHolder::Group(organization.catalog().group(key.as_str())?),
            (Recipient::Team(id), since) => {
                let team = organization.team(*id).filter(|team| Some(team.created().version) == since);
                team.map(|_| ShareHolder::Team(*id))?
            }
            (Recipient::Members, _) => ShareHolder::Members,
            (Recipient::Organization(organization), _) => ShareHolder::Organization(*organization),
            (Recipient::Link { link, .. }, _) => ShareHolder::Link(*link),
        })
    }
}

/// The shares that count for a question about a resource: those on it, and those on its containers as far as they go.
///
/// # Shape
/// A personal resource is opened by its owner alone: what others have shared around it does not count for it. Nor does what is shared on a
/// container in another workspace, or on somebody's personal one, for what is not theirs: see [`Extent`].
#[must_use]
pub fn shares_on<'a>(
    organization: &Organization,
    resource: &Resource<'_>,
    sheets: impl IntoIterator<Item = &'a Sheet>,
) -> Vec<Share> {
    let mut shares = Vec::new();
    for sheet in sheets {
        let (is_itself, around) = (sheet.resource == resource.id, resource.containers.iter().take(CONTAINERS_MAX));
        if !is_itself && !around.into_iter().any(|around| *around == sheet.resource) {
            continue;
        }
        let counts = |given: &&Given| match is_itself {
            true => given.extent.opens(resource.personal_owner),
            false => given.extent.opens_within(resource.workspace, resource.personal_owner),
        };
        let counting = sheet.given.values().filter(counts);
        shares.extend(counting.filter_map(|given| given.as_share(organization, sheet.resource)));
    }
    shares
}
