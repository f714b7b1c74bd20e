//! Who promised what, and who has changed since what was promised?

use std::prelude::v1::*; // the crate itself has none

use bailiwick::catalog::RoleKey;
use bailiwick::change::Command;
use bailiwick::{Actor, Organization, RuleFor, RuleHolder, WorkspaceId};

use super::held::{Place, held, scope_of};
use super::warrant::Warrant;
use super::{Oracle, Step};

impl Oracle {
    /// Who promised what with this command, and who changed what is promised.
    pub(super) fn remember(&mut self, before: &Organization, after: &Organization, step: &Step) {
        let is_new = |version| version > before.version();
        for (id, invitation) in after.invitations().filter(|(_, invitation)| is_new(invitation.issued().version)) {
            self.invitations.insert(id, Warrant::of(before, invitation.issued().by, step.now));
        }
        for (domain, rule) in after.domains().filter(|(_, rule)| is_new(rule.origin.version)) {
            self.domains.insert(domain.clone(), Warrant::of(before, rule.origin.by, step.now));
        }
        match &step.command {
            Command::SetProvisioning(_) => self.directory = Warrant::of(before, step.actor, step.now),
            Command::ChangeRole(change) => self.changes_role(before, &change.role, step),
            Command::DeleteRole(delete) => self.changes_role(before, &delete.role, step),
            Command::SetRule(rule) => self.changes_rule((before, after), (rule.workspace, &rule.holder), step),
            Command::DeleteWorkspace(delete) => {
                let promises = self.invitations.values_mut().chain(self.domains.values_mut());
                for warrant in promises.chain([&mut self.directory]) {
                    warrant.held.retain(|place, _| !place.is_in(delete.workspace));
                }
                self.rules.retain(|place, _| !place.is_in(delete.workspace));
            }
            _ => {}
        }
    }

    /// Whoever changes a role, or puts another in its place, gives what was promised with it.
    fn changes_role(&mut self, before: &Organization, key: &RoleKey, step: &Step) {
        let Some(role) = before.role(key.as_str()) else { return };
        let author = Warrant::of(before, step.actor, step.now);
        for (id, warrant) in &mut self.invitations {
            let promised = before.invitation(*id).is_some_and(|invitation| {
                let in_a_row = invitation.access().iter().any(|(_, changes)| changes.role.as_ref() == Some(key));
                invitation.roles().contains(key) || in_a_row
            });
            if promised {
                warrant.join(&author);
            }
        }
        for (domain, _) in before.domains().filter(|(_, rule)| rule.roles.contains(role)) {
            self.domains.entry(domain.clone()).or_default().join(&author);
        }
        let directory = before.profile().and_then(|profile| profile.provisioned_roles);
        if directory.is_some_and(|roles| roles.contains(role)) {
            self.directory.join(&author);
        }
    }

    fn changes_rule(
        &mut self,
        (before, after): (&Organization, &Organization),
        (workspace, holder): (WorkspaceId, &RuleFor),
        step: &Step,
    ) {
        let holder = match holder {
            RuleFor::Team(team) => Some(RuleHolder::Team(*team)),
            RuleFor::Group(key) => after.catalog().group(key.as_str()).map(RuleHolder::Group),
        };
        let said = |org: &Organization| {
            let rules = org.workspace(workspace).map(|workspace| workspace.rules()).unwrap_or_default();
            let rule = rules.iter().find(|rule| Some(rule.holder) == holder && rule.is_current(step.now));
            rule.map(|rule| (rule.given, rule.taken)).unwrap_or_default()
        };
        let ((gave, took), (gives, takes)) = (said(before), said(after));
        let grown = (gives - gave) | (took - takes);
        let there = Place::Workspace(workspace);
        let held = if step.actor == Actor::System { grown } else { held(before, step.actor, there, step.now) };
        // Whoever sets a rule cannot know how much those will see who come under it later.
        for place in [there, Place::Resource(workspace)] {
            *self.rules.entry(place).or_default() |= grown & held & scope_of(before, place);
        }
    }
}
