//! Workspaces and their rules.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::super::Event;
use crate::id::{UserId, WorkspaceId};
use crate::organization::{Organization, Origin, Rule, Workspace};

impl Organization {
    pub(super) fn apply_to_workspaces(&mut self, event: &Event, origin: Origin) {
        match event {
            Event::WorkspaceCreated { workspace, name } => {
                let created = Workspace { name: name.clone(), rules: Vec::new(), created: origin, archived: None };
                let before = self.workspaces.insert(*workspace, created);
                self.index.workspaces.insert(*workspace);
                self.index.rules(*workspace, &before.map(|place| place.rules).unwrap_or_default(), &[]);
                self.ruled.remove(workspace);
            }
            Event::WorkspaceRenamed { workspace, name } => {
                self.in_workspace(*workspace, |place| place.name = name.clone());
            }
            Event::WorkspaceArchived { workspace } => {
                self.in_workspace(*workspace, |place| place.archived = Some(origin));
            }
            Event::WorkspaceReopened { workspace } => self.in_workspace(*workspace, |place| place.archived = None),
            Event::WorkspaceDeleted { workspace } => self.drop_workspace(*workspace, origin),
            Event::RuleSet { workspace, holder, given, taken, until } => {
                let (given, taken) = (self.permission_set(given), self.permission_set(taken));
                let Some(holder) = self.rule_holder(holder) else { return };
                let rule = Rule { holder, given, taken, until: *until, origin };
                self.in_workspace(*workspace, |place| {
                    place.rules.retain(|rule| rule.holder != holder);
                    if !(given | taken).is_empty() {
                        place.rules.push(rule);
                    }
                });
            }
            _ => {}
        }
    }

    pub(super) fn in_workspace(&mut self, workspace: WorkspaceId, change: impl FnOnce(&mut Workspace)) {
        let Some(place) = self.workspaces.get_mut(&workspace) else { return };
        let before = place.rules.clone();
        change(place);
        self.index.rules(workspace, &before, &place.rules);
        if place.rules.is_empty() {
            self.ruled.remove(&workspace);
        } else {
            self.ruled.insert(workspace);
        }
    }

    /// Everything that names the workspace goes with it.
    pub(super) fn drop_workspace(&mut self, workspace: WorkspaceId, origin: Origin) {
        let rules = self.workspaces.shift_remove(&workspace).map(|place| place.rules).unwrap_or_default();
        self.ruled.remove(&workspace);
        self.index.workspaces.remove(&workspace);
        self.index.rules(workspace, &rules, &[]);
        let people: BTreeSet<UserId> = self.index.people_in(workspace).collect();
        for user in people {
            self.change(user, origin, |person| person.take_row(workspace));
        }
        for invitation in self.invitations.values_mut() {
            invitation.access.retain(|(promised, _)| *promised != workspace);
        }
        for service in self.services.values_mut() {
            service.workspaces.retain(|place| *place != workspace);
        }
    }
}
