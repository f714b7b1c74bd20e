//! Sheets: the shares on one resource as they are now.

use alloc::vec::Vec;

use super::{Recipient, ShareEvent, ShareRecord};
use crate::access::{Resource, Share, ShareHolder};
use crate::actor::Actor;
use crate::catalog::{Catalog, PermissionKey};
use crate::id::{OrgId, ResourceId, ShareId, UserId};
use crate::limits::CONTAINERS_MAX;
use crate::organization::{Map, Origin};
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
    /// The version of the organization at which the user came to belong to it: with that membership the share ends. `None` for
    /// everybody else.
    pub joined: Option<Version>,
    /// What it gives.
    pub level: Vec<PermissionKey>,
    /// When it ends; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
    /// Who answers for it: who has given it, or whoever took that over.
    pub by: Actor,
    /// The event of the sheet that wrote it, with whoever opened it: of what is personal that counts.
    pub origin: Origin,
    /// How often its link was followed, where that is counted.
    pub uses: u32,
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
            ShareEvent::Given { share, to, joined, level, until } => {
                let origin = Origin { version: record.version, at: record.at, by: record.by };
                let (to, level) = (to.clone(), level.clone());
                let given = Given { to, joined: *joined, level, until: *until, by: record.by, origin, uses: 0 };
                self.given.insert(*share, given);
            }
            ShareEvent::Changed { share, level, until } => {
                if let Some(given) = self.given.get_mut(share) {
                    (given.level, given.until, given.by) = (level.clone(), *until, record.by);
                    given.origin = Origin { version: record.version, at: record.at, by: record.by };
                }
            }
            ShareEvent::Revoked { share } => _ = self.given.swap_remove(share),
            ShareEvent::Followed { share } => {
                if let Some(given) = self.given.get_mut(share) {
                    given.uses = given.uses.saturating_add(1);
                }
            }
            ShareEvent::Claimed { share, user, joined } => {
                if let Some(given) = self.given.get_mut(share) {
                    (given.to, given.joined) = (Recipient::User(*user), *joined);
                }
            }
            ShareEvent::HandedOver { from, to } => {
                for given in self.given.values_mut().filter(|given| given.is_by(*from)) {
                    given.by = Actor::User(*to);
                }
            }
        }
    }
}

impl Given {
    /// Whether a user gives it, in person or by staff in their place.
    pub(super) fn is_by(&self, user: UserId) -> bool {
        self.by.user() == Some(user)
    }

    /// The share as a question has it; `None` while it is to nobody.
    #[must_use]
    pub fn as_share(&self, catalog: &Catalog, on: ResourceId) -> Option<Share> {
        let level = self.level.iter().filter_map(|key| catalog.permission(key.as_str())).collect();
        Some(Share { on, to: self.holder(catalog)?, level, until: self.until })
    }

    /// To whom it is for a question; `None` while it waits for an address, or the catalog has no such group.
    #[must_use]
    pub fn holder(&self, catalog: &Catalog) -> Option<ShareHolder> {
        Some(match (&self.to, self.joined) {
            (Recipient::User(user), Some(joined)) => ShareHolder::Person { user: *user, joined },
            (Recipient::User(user), None) => ShareHolder::User(*user),
            (Recipient::Address(_), _) => return None,
            (Recipient::Group(key), _) => ShareHolder::Group(catalog.group(key.as_str())?),
            (Recipient::Team(team), _) => ShareHolder::Team(*team),
            (Recipient::Members, _) => ShareHolder::Members,
            (Recipient::Organization(organization), _) => ShareHolder::Organization(*organization),
            (Recipient::Link { link, .. }, _) => ShareHolder::Link(*link),
        })
    }
}

/// The shares that count for a question about a resource: those on it, and those on its containers.
///
/// # Shape
/// A personal resource is opened by its owner alone: what others have shared around it does not count for it.
#[must_use]
pub fn shares_on<'a>(
    catalog: &Catalog,
    resource: &Resource<'_>,
    sheets: impl IntoIterator<Item = &'a Sheet>,
) -> Vec<Share> {
    let around = |id| resource.id == id || resource.containers.iter().take(CONTAINERS_MAX).any(|around| *around == id);
    let by_owner = |given: &Given| resource.personal_owner.is_none_or(|owner| given.origin.by.user() == Some(owner));
    let mut shares = Vec::new();
    for sheet in sheets.into_iter().filter(|sheet| around(sheet.resource)) {
        for given in sheet.given.values().filter(|given| by_owner(given)) {
            shares.extend(given.as_share(catalog, sheet.resource));
        }
    }
    shares
}
