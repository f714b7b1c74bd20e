//! Workspaces.

use std::collections::BTreeMap;

use bailiwick::WorkspaceId;
use bailiwick::catalog::policy::Levels;
use bailiwick::catalog::{Action, limit};
use bailiwick::change::{ArchiveWorkspace, CreateWorkspace, DeleteWorkspace, RenameWorkspace, ReopenWorkspace};
use bailiwick::{InvitationState, UserId};

use super::{Answer, Asked, Model, Workspace};

impl Workspace {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), archived: false, rules: BTreeMap::new() }
    }
}

impl Model {
    pub(super) fn create_workspace(&mut self, asked: &Asked<'_>, c: &CreateWorkspace) -> Answer {
        self.guarded(asked, Action::CreateWorkspace, None)?;
        if self.policy().levels == Levels::OrganizationOnly {
            return Err("no_workspaces");
        }
        if self.workspaces.contains_key(&c.workspace) {
            return Err("already_exists");
        }
        let before = self.clone();
        self.workspaces.insert(c.workspace, Workspace::named(c.name.as_str()));
        self.room_for(&before, limit::WORKSPACES, asked.now())
    }

    pub(super) fn workspace(&mut self, id: WorkspaceId) -> Answer<&mut Workspace> {
        self.workspaces.get_mut(&id).ok_or("unknown_workspace")
    }

    pub(super) fn rename_workspace(&mut self, asked: &Asked<'_>, c: &RenameWorkspace) -> Answer {
        self.guarded(asked, Action::EditWorkspace, Some(c.workspace))?;
        self.workspace(c.workspace)?.name = c.name.to_string();
        Ok(())
    }

    pub(super) fn archive_workspace(&mut self, asked: &Asked<'_>, c: &ArchiveWorkspace) -> Answer {
        self.set_archived(asked, c.workspace, true)
    }

    pub(super) fn reopen_workspace(&mut self, asked: &Asked<'_>, c: &ReopenWorkspace) -> Answer {
        self.set_archived(asked, c.workspace, false)
    }

    fn set_archived(&mut self, asked: &Asked<'_>, id: WorkspaceId, archived: bool) -> Answer {
        self.guarded(asked, Action::ArchiveWorkspace, Some(id))?;
        let workspace = self.workspace(id)?;
        if workspace.archived == archived {
            return Err("no_change");
        }
        workspace.archived = archived;
        Ok(())
    }

    pub(super) fn delete_workspace(&mut self, asked: &Asked<'_>, c: &DeleteWorkspace) -> Answer {
        self.guarded(asked, Action::DeleteWorkspace, Some(c.workspace))?;
        let before = self.clone();
        self.workspaces.remove(&c.workspace).ok_or("unknown_workspace")?;
        for person in self.people.values_mut() {
            person.rows.remove(&c.workspace);
        }
        let without = self.people.iter().filter(|(_, person)| !person.is_member() && person.rows.is_empty());
        let gone: Vec<UserId> = without.map(|(user, _)| *user).collect();
        for user in gone {
            self.drop_person(user);
            self.inviter_demoted(&before, asked, user);
        }
        let now = asked.now();
        for sent in self.invitations.values_mut() {
            let named = sent.access.remove(&c.workspace).is_some();
            if named && sent.is_open(now) && sent.access.is_empty() && sent.roles.is_empty() {
                sent.state = InvitationState::Revoked;
            }
        }
        self.services.retain(|_, service| {
            let named = service.workspaces.remove(&c.workspace);
            !(named && service.workspaces.is_empty())
        });
        Ok(())
    }
}
