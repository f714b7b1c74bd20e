//! Workspaces, and the rules by which groups and teams get or lose permissions in them.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use super::{Organization, Origin, Person};
use crate::catalog::{Group, PermissionSet};
use crate::id::TeamId;
use crate::text::Name;
use crate::time::Timestamp;

/// A part of exactly one organization.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Workspace {
    pub(crate) name: Name,
    pub(crate) rules: Vec<Rule>,
    pub(crate) created: Origin,
    pub(crate) archived: Option<Origin>,
}

impl Workspace {
    /// Its name, as typed.
    #[must_use]
    pub const fn name(&self) -> &Name {
        &self.name
    }

    /// What groups and teams get and lose here; ended ones included.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Which event made it.
    #[must_use]
    pub const fn created(&self) -> Origin {
        self.created
    }

    /// Which event archived it, while it is archived.
    #[must_use]
    pub const fn archived(&self) -> Option<Origin> {
        self.archived
    }
}

/// Whom a rule is about.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum RuleHolder {
    /// Everybody in a system group.
    Group(Group),
    /// Everybody in a team.
    Team(TeamId),
}

/// What everybody in a group or team gets and loses in one workspace.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Rule {
    /// Whom it is about; at most one rule each.
    pub holder: RuleHolder,
    /// Permissions given.
    pub given: PermissionSet,
    /// Permissions taken.
    pub taken: PermissionSet,
    /// When it ends; at that very instant it no longer counts.
    pub until: Option<Timestamp>,
    /// Which event wrote it.
    pub origin: Origin,
}

impl Rule {
    /// Whether the rule still counts.
    #[inline]
    #[must_use]
    pub fn is_current(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|end| now < end)
    }
}

/// Whom a rule is about, as commands and events say it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleFor {
    /// Everybody in a system group.
    Group(crate::catalog::GroupKey),
    /// Everybody in a team.
    Team(TeamId),
}

impl Organization {
    /// Whether a rule is about somebody.
    pub(crate) fn is_about(&self, holder: RuleHolder, person: &Person) -> bool {
        match holder {
            RuleHolder::Group(group) => self.catalog.roles_of_group(group).meets(self.roles().defined(person.roles())),
            RuleHolder::Team(team) => person.is_in_team(team),
        }
    }

    /// Whom a rule is about, as commands and events say it.
    pub(crate) fn named_holder(&self, holder: RuleHolder) -> RuleFor {
        match holder {
            RuleHolder::Group(group) => {
                RuleFor::Group(self.catalog.group_def(group).map_or("", |def| def.key.as_str()).into())
            }
            RuleHolder::Team(team) => RuleFor::Team(team),
        }
    }
}
