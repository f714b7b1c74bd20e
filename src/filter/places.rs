//! Places: in which workspaces, if any.

use alloc::collections::BTreeSet;

use crate::id::WorkspaceId;

/// In which workspaces of an organization. They are named even where it is all of them: rows of a workspace that is deleted are not meant.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Places {
    workspaces: BTreeSet<WorkspaceId>,
    /// Rows in no workspace.
    without: bool,
}

impl Places {
    pub(super) const fn of(workspaces: BTreeSet<WorkspaceId>, without: bool) -> Self {
        Self { workspaces, without }
    }

    /// Whether rows of a workspace, or of none, are meant.
    #[must_use]
    pub fn has(&self, workspace: Option<WorkspaceId>) -> bool {
        workspace.map_or(self.without, |workspace| self.workspaces.contains(&workspace))
    }

    /// The workspaces.
    pub(super) const fn workspaces(&self) -> &BTreeSet<WorkspaceId> {
        &self.workspaces
    }

    /// Whether rows in no workspace are meant.
    pub(super) const fn without(&self) -> bool {
        self.without
    }

    /// Whether no row at all is meant.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        !self.without && self.workspaces.is_empty()
    }
}
