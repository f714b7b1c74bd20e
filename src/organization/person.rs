//! People: members and collaborators, their roles, their rows, their teams.

use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

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
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonStatus {
    /// Can.
    Active,
    /// Cannot, until reactivated; nothing that was given is lost.
    Suspended,
}

/// A role that a member holds, and which event gave it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct HeldRole {
    /// Which.
    pub role: Role,
    /// Who gave it, and when. Other roles given later do not change that.
    pub origin: Origin,
}

/// A team that a person is in, and which event brought them there.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct JoinedTeam {
    /// Which.
    pub team: TeamId,
    /// Who put them there, and when.
    pub origin: Origin,
}

/// A member or collaborator.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Person {
    pub(crate) standing: Standing,
    /// Of the roles of the standing, in their order; most members have one.
    pub(crate) held: SmallVec<[HeldRole; 1]>,
    pub(crate) status: PersonStatus,
    /// Sorted by workspace.
    pub(crate) rows: Vec<AccessRow>,
    /// Sorted by team.
    pub(crate) teams: Vec<JoinedTeam>,
    pub(crate) credits: Option<bool>,
    pub(crate) joined: Origin,
    pub(crate) status_from: Origin,
    pub(crate) changed: Origin,
}

impl Person {
    pub(crate) fn new(standing: Standing, joined: Origin) -> Self {
        let mut person = Self {
            standing: Standing::Collaborator,
            held: SmallVec::new(),
            status: PersonStatus::Active,
            rows: Vec::new(),
            teams: Vec::new(),
            credits: None,
            joined,
            status_from: joined,
            changed: joined,
        };
        person.begin(standing, joined);
        person
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

    /// The roles of a member, each with what gave it, in their order.
    #[must_use]
    pub fn held_roles(&self) -> &[HeldRole] {
        &self.held
    }

    /// The teams, each with what brought the person there, in order of their ids.
    #[must_use]
    pub fn teams(&self) -> &[JoinedTeam] {
        &self.teams
    }

    /// Whether the person is in a team.
    #[must_use]
    pub fn is_in_team(&self, team: TeamId) -> bool {
        self.team(team).is_ok()
    }

    /// What brought the person into a team; `None` while they are not in it.
    #[must_use]
    pub fn team_from(&self, team: TeamId) -> Option<Origin> {
        self.team(team).ok().and_then(|at| self.teams.get(at)).map(|joined| joined.origin)
    }

    /// What gave the person a role; `None` while they do not hold it.
    #[must_use]
    pub fn role_from(&self, role: Role) -> Option<Origin> {
        self.held.iter().find(|held| held.role == role).map(|held| held.origin)
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

    /// What last changed the status.
    #[must_use]
    pub const fn status_from(&self) -> Origin {
        self.status_from
    }

    /// Whether they belong to the organization still: a collaborator of whom no row counts any more is a stranger.
    pub(crate) fn belongs(&self, now: Timestamp) -> bool {
        self.is_member() || self.has_current_row(now)
    }

    /// What last changed anything that is their own, what was taken included: roles, rows, teams, status, the switch for credits.
    #[must_use]
    pub const fn changed(&self) -> Origin {
        self.changed
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

    /// Begins to be something to the organization, anew: whatever roles that has were given now.
    pub(crate) fn begin(&mut self, standing: Standing, origin: Origin) {
        self.standing = standing;
        self.joined = origin;
        self.held = self.roles().iter().map(|role| HeldRole { role, origin }).collect();
    }

    /// Gives a member these roles; those that were held before were given before.
    pub(crate) fn set_roles(&mut self, roles: RoleSet, origin: Origin) {
        self.standing = Standing::Member(roles);
        let held = roles.iter().map(|role| HeldRole { role, origin: self.role_from(role).unwrap_or(origin) });
        self.held = held.collect();
    }

    /// Takes the membership; rows in these workspaces stay.
    pub(crate) fn make_collaborator(&mut self, keeps: &[WorkspaceId], origin: Origin) {
        self.begin(Standing::Collaborator, origin);
        self.teams.clear();
        self.rows.retain(|row| keeps.contains(&row.workspace));
    }

    /// Another role, or none, in place of one, in the roles and in every row.
    pub(crate) fn replace_role(&mut self, role: Role, instead: Option<Role>, origin: Origin) {
        if let Standing::Member(roles) = self.standing {
            if roles.contains(role) {
                self.set_roles(roles.without(role).iter().chain(instead).collect(), origin);
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

    pub(crate) fn join_team(&mut self, team: TeamId, origin: Origin) {
        if let Err(at) = self.team(team) {
            self.teams.insert(at, JoinedTeam { team, origin });
        }
    }

    pub(crate) fn leave_team(&mut self, team: TeamId) {
        self.teams.retain(|joined| joined.team != team);
    }

    /// Where a team is among the teams, or would be.
    fn team(&self, team: TeamId) -> Result<usize, usize> {
        self.teams.binary_search_by_key(&team, |joined| joined.team)
    }
}
