//! What shares open: resources and containers, each as far as its share goes.

use alloc::collections::{BTreeMap, BTreeSet};

use super::Row;
use crate::access::Share;
use crate::id::{ResourceId, UserId, WorkspaceId};
use crate::limits::CONTAINERS_MAX;
use crate::sharing::Extent;

/// A share, and how far it goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Shared {
    /// The share.
    pub share: Share,
    /// For which rows it counts.
    pub goes: Goes,
}

/// For which rows a share counts, of those that are on or in what is shared.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Goes {
    /// For all: a fact of the caller's, as in a question.
    Everywhere,
    /// As far as it was given: one that is kept in a [sheet](crate::sharing::Sheet).
    As(Extent),
}

impl Goes {
    fn opens(self, owner: Option<UserId>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::As(extent) => extent.opens(owner),
        }
    }

    fn opens_within(self, workspace: Option<WorkspaceId>, owner: Option<UserId>) -> bool {
        match self {
            Self::Everywhere => true,
            Self::As(extent) => extent.opens_within(workspace, owner),
        }
    }
}

/// What is opened to somebody for one permission.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Opened(BTreeMap<ResourceId, BTreeSet<Goes>>);

impl Opened {
    pub(super) fn add(&mut self, shared: Shared) {
        self.0.entry(shared.share.on).or_default().insert(shared.goes);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is shared, each once.
    pub(super) fn resources(&self) -> impl Iterator<Item = ResourceId> {
        self.0.keys().copied()
    }

    /// What is shared, with how far each share of it goes.
    pub(super) fn each(&self) -> impl Iterator<Item = (ResourceId, Goes)> {
        self.0.iter().flat_map(|(on, goes)| goes.iter().map(|goes| (*on, *goes)))
    }

    /// Whether a share counts for a row.
    pub(super) fn has(&self, row: &Row<'_>) -> bool {
        let on = |resource| self.0.get(resource).into_iter().flatten();
        let (workspace, owner) = (row.workspace, row.personal_owner);
        let mut around = row.containers.iter().take(CONTAINERS_MAX);
        on(&row.id).any(|goes| goes.opens(owner))
            || around.any(|container| on(container).any(|goes| goes.opens_within(workspace, owner)))
    }
}
