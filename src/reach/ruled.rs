//! What does a group or team reach? Where rules name it, and what the roles that make somebody part of it hold.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::holding::roles_in_group;
use super::merge::behind;
use super::{Page, Paging};
use crate::access::Facts;
use crate::catalog::{Group, PermissionSet, Reach, Role, RoleSet, Sight};
use crate::id::WorkspaceId;
use crate::organization::{Organization, Rule, RuleHolder};
use crate::text::Name;
use crate::version::Version;

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

/// What everybody in a group or team reaches by being in it, as far as the organization says it; what is shared with it is
/// [beside](crate::Tenants::reach_of).
#[derive(Clone, Debug, PartialEq)]
pub struct GroupReach {
    /// Which group or team.
    pub holder: RuleHolder,
    /// The roles that make somebody part of a system group; none for a team.
    pub roles: Vec<RoleReach>,
    /// The first page of the workspaces with a rule that names it; the rest by
    /// [`workspaces_ruled_for`](Organization::workspaces_ruled_for).
    pub ruled: Page<RuledWorkspace, WorkspaceId>,
}

/// What a role reaches.
#[derive(Clone, Debug, PartialEq)]
pub struct RoleReach {
    /// Which.
    pub role: Role,
    /// Into which workspaces it carries.
    pub reach: Reach,
    /// Which resources it sees there.
    pub sight: Sight,
    /// What it holds in the organization.
    pub organization: PermissionSet,
    /// What it holds in the workspaces that it carries into.
    pub workspace: PermissionSet,
    /// How many people have it.
    pub people: usize,
}

impl Organization {
    /// Everything that a group or team reaches; `None` for a team that there is not, and once the organization is deleted.
    ///
    /// # Shape
    /// Roles in order; of the rules a page of so many at most. Costs what it says.
    #[must_use]
    pub fn reach_of(&self, holder: RuleHolder, facts: &Facts<'_>, limit: usize) -> Option<GroupReach> {
        let roles = match holder {
            _ if !self.is_open() => return None,
            RuleHolder::Team(team) => self.team(team).map(|_| RoleSet::EMPTY)?,
            RuleHolder::Group(group) => self.catalog.group_def(group).map(|_| self.roles_in(group))?,
        };
        let reach = roles.iter().map(|role| {
            let table = self.roles().table(role);
            RoleReach {
                role,
                reach: table.reach,
                sight: table.sight,
                organization: table.organization,
                workspace: table.workspace,
                people: self.index.people_by_role.get(&role).map_or(0, BTreeSet::len),
            }
        });
        let ruled = self.workspaces_ruled_for(holder, facts, Paging::first(limit));
        Some(GroupReach { holder, roles: reach.collect(), ruled })
    }

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
