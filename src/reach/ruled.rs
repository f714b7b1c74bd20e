//! Where does a group or team get or lose something?

use super::merge::behind;
use super::{Page, Paging};
use crate::access::Facts;
use crate::catalog::{Group, RoleSet};
use crate::id::WorkspaceId;
use crate::organization::{Organization, Rule, RuleHolder};
use crate::text::Name;
use crate::version::Version;

use super::holding::roles_in_group;

/// A workspace with a rule that names a group or team.
#[derive(Clone, Debug, PartialEq)]
pub struct RuledWorkspace {
    /// Which.
    pub workspace: WorkspaceId,
    /// Its name, as typed.
    pub name: Name,
    /// Whether it is archived.
    pub is_archived: bool,
    /// What the rule gives and takes, until when, and who made it.
    pub rule: Rule,
    /// Whether the rule still counts.
    pub is_current: bool,
}

impl Organization {
    /// The workspaces with a rule that names a system group or a team, ended rules included. What the members of a group
    /// reach besides says what their [roles](Self::roles_in) hold.
    ///
    /// # Shape
    /// In order of ids; costs what it lists.
    #[must_use]
    pub fn workspaces_ruled_for(
        &self,
        holder: RuleHolder,
        facts: &Facts<'_>,
        paging: Paging<WorkspaceId>,
    ) -> Page<RuledWorkspace, WorkspaceId> {
        if !self.is_open() {
            return Page::empty(Version::ZERO);
        }
        let ids = self.index.workspaces_by_rule.get(&holder).map(|set| behind(set, paging.last()));
        let ruled = ids.into_iter().flatten().filter_map(|id| {
            let workspace = self.workspace(*id)?;
            let rule = *workspace.rules().iter().find(|rule| rule.holder == holder)?;
            let (name, is_archived) = (workspace.name().clone(), workspace.archived().is_some());
            Some((
                *id,
                RuledWorkspace { workspace: *id, name, is_archived, rule, is_current: rule.is_current(facts.now) },
            ))
        });
        Page::of(self.version(), &paging, ruled)
    }

    /// The roles whose holders are a system group here: those of the catalog, and custom ones that are like them.
    #[must_use]
    pub fn roles_in(&self, group: Group) -> RoleSet {
        roles_in_group(self.roles(), group)
    }
}
