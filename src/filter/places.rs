//! Places: in which workspaces, if any.

use alloc::collections::BTreeSet;

use crate::id::WorkspaceId;

/// In which workspaces of an organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Places {
    workspaces: Workspaces,
    /// Rows in no workspace.
    without: bool,
}

/// Which of the workspaces.
#[derive(Clone, Debug, Eq, PartialEq)]
enum Workspaces {
    All,
    Some(BTreeSet<WorkspaceId>),
}

impl Places {
    pub(super) fn of(within: BTreeSet<WorkspaceId>, is_all: bool, without: bool) -> Self {
        let workspaces = if is_all { Workspaces::All } else { Workspaces::Some(within) };
        Self { workspaces, without }
    }

    /// Whether rows of a workspace, or of none, are meant.
    #[must_use]
    pub fn has(&self, workspace: Option<WorkspaceId>) -> bool {
        match (workspace, &self.workspaces) {
            (None, _) => self.without,
            (Some(_), Workspaces::All) => true,
            (Some(workspace), Workspaces::Some(some)) => some.contains(&workspace),
        }
    }

    /// The workspaces, where it is not all of them.
    pub(super) fn named(&self) -> Option<&BTreeSet<WorkspaceId>> {
        match &self.workspaces {
            Workspaces::All => None,
            Workspaces::Some(some) => Some(some),
        }
    }

    /// Whether rows in no workspace are meant.
    pub(super) const fn without(&self) -> bool {
        self.without
    }

    /// Whether no row at all is meant.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        !self.without && self.named().is_some_and(BTreeSet::is_empty)
    }
}
