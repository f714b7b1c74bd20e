//! People: members and collaborators, their roles, their rows, their teams.

use alloc::vec::Vec;

use super::{AccessRow, Origin};
use crate::catalog::{Role, RoleSet};
use crate::id::{TeamId, WorkspaceId};
use crate::time::Timestamp;

/// What a user is to an organization.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Standing {
    /// A member, with these roles.
    Member(RoleSet),
    /// Not a member; has access to some workspaces by rows alone.
    Collaborator,
}

/// Whether a person can use what was given.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum PersonStatus {
    /// Can.
    Active,
    /// Cannot, until reactivated; nothing that was given is lost.
    Suspended,
}

/// A member or collaborator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    pub(crate) standing: Standing,
    pub(crate) status: PersonStatus,
    /// Sorted by workspace.
    pub(crate) rows: Vec<AccessRow>,
    /// Sorted.
    pub(crate) teams: Vec<TeamId>,
    pub(crate) credits: Option<bool>,
    pub(crate) joined: Origin,
    pub(crate) roles_from: Origin,
    pub(crate) status_from: Origin,
}

impl Person {
    pub(crate) const fn new(standing: Standing, joined: Origin) -> Self {
        Self {
            standing,
            status: PersonStatus::Active,
            rows: Vec::new(),
            teams: Vec::new(),
            credits: None,
            joined,
            roles_from: joined,
            status_from: joined,
        }
    }

    /// Member or collaborator.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.standing
    }

    /// Whether the person is a member.
    #[must_use]
    pub const fn is_member(&self) -> bool {
        matches!(self.standing, Standing::Member(_))
    }

    /// The roles of a member; none for a collaborator.
    #[must_use]
    pub const fn roles(&self) -> RoleSet {
        match self.standing {
            Standing::Member(roles) => roles,
            Standing::Collaborator => RoleSet::EMPTY,
        }
    }

    /// Active or suspended.
    #[must_use]
    pub const fn status(&self) -> PersonStatus {
        self.status
    }

    /// The access rows, ordered by workspace; ended ones included.
    #[must_use]
    pub fn rows(&self) -> &[AccessRow] {
        &self.rows
    }

    /// The row in one workspace, ended or not. Found by halving.
    #[must_use]
    pub fn row(&self, workspace: WorkspaceId) -> Option<&AccessRow> {
        let at = self.rows.binary_search_by_key(&workspace, |row| row.workspace).ok()?;
        self.rows.get(at)
    }

    /// The teams, in order of their ids.
    #[must_use]
    pub fn teams(&self) -> &[TeamId] {
        &self.teams
    }

    /// Whether the person is in a team.
    #[must_use]
    pub fn is_in_team(&self, team: TeamId) -> bool {
        self.teams.binary_search(&team).is_ok()
    }

    /// Whether what the person does uses credits of the pool, where somebody has said so; `None` leaves it to the roles, see
    /// [`Organization::uses_credits`](crate::Organization::uses_credits).
    #[must_use]
    pub const fn credits(&self) -> Option<bool> {
        self.credits
    }

    /// How the person came in.
    #[must_use]
    pub const fn joined(&self) -> Origin {
        self.joined
    }

    /// What last changed the roles.
    #[must_use]
    pub const fn roles_from(&self) -> Origin {
        self.roles_from
    }

    /// What last changed the status.
    #[must_use]
    pub const fn status_from(&self) -> Origin {
        self.status_from
    }

    /// Whether they belong to the organization still: a collaborator of whom no row counts any more is a stranger.
    pub(crate) fn belongs(&self, now: Timestamp) -> bool {
        self.is_member() || self.has_current_row(now)
    }

    /// Whether any row still counts.
    pub(crate) fn has_current_row(&self, now: Timestamp) -> bool {
        self.rows.iter().any(|row| row.is_current(now))
    }

    pub(crate) fn set_row(&mut self, row: AccessRow) {
        match self.rows.binary_search_by_key(&row.workspace, |row| row.workspace) {
            Ok(at) => {
                if let Some(old) = self.rows.get_mut(at) {
                    *old = row;
                }
            }
            Err(at) => self.rows.insert(at, row),
        }
    }

    pub(crate) fn take_row(&mut self, workspace: WorkspaceId) {
        self.rows.retain(|row| row.workspace != workspace);
    }

    /// Takes the membership; rows in these workspaces stay.
    pub(crate) fn make_collaborator(&mut self, keeps: &[WorkspaceId], origin: Origin) {
        self.standing = Standing::Collaborator;
        (self.joined, self.roles_from) = (origin, origin);
        self.teams.clear();
        self.rows.retain(|row| keeps.contains(&row.workspace));
    }

    /// Another role, or none, in place of one, in the roles and in every row.
    pub(crate) fn replace_role(&mut self, role: Role, instead: Option<Role>, origin: Origin) {
        if let Standing::Member(roles) = self.standing {
            if roles.contains(role) {
                self.standing = Standing::Member(roles.without(role).iter().chain(instead).collect());
                self.roles_from = origin;
            }
        }
        for row in self.rows.iter_mut().filter(|row| row.role == Some(role)) {
            (row.role, row.origin) = (instead, origin);
        }
    }

    /// Whether the role is among the roles, or in a row.
    pub(crate) fn has_role(&self, role: Role) -> bool {
        self.roles().contains(role) || self.rows.iter().any(|row| row.role == Some(role))
    }

    pub(crate) fn join_team(&mut self, team: TeamId) {
        if let Err(at) = self.teams.binary_search(&team) {
            self.teams.insert(at, team);
        }
    }

    pub(crate) fn leave_team(&mut self, team: TeamId) {
        self.teams.retain(|joined| *joined != team);
    }
}
