//! Teams.

use serde::{Deserialize, Serialize};

use crate::id::{TeamId, UserId};
use crate::text::Name;

/// Makes a team.
///
/// # Errors
/// `already_exists`, `limit_reached`, `too_many_items`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateTeam {
    /// The id to make it under.
    pub team: TeamId,
    /// Its name.
    pub name: Name,
}

/// Gives a team another name.
///
/// # Errors
/// `unknown_team`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenameTeam {
    /// Which.
    pub team: TeamId,
    /// The name from now on.
    pub name: Name,
}

/// Dissolves a team with its rules. Who was in it has the rest.
///
/// # Errors
/// `unknown_team`, `own_access` (staff, of a team that they are in), authority for everybody in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DissolveTeam {
    /// Which.
    pub team: TeamId,
}

/// Puts a member into a team, with everything that the team has.
///
/// # Errors
/// `unknown_team`, `own_access` (staff, of themselves), `unknown_person`, `not_a_member`, `already_exists`,
/// `too_many_items`, authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinTeam {
    /// Which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
}

/// Takes a member out of a team.
///
/// # Errors
/// `unknown_team`, `own_access` (staff, of themselves), `unknown_person`, `not_a_member`, `no_row` (not in the team),
/// authority.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeaveTeam {
    /// Which team.
    pub team: TeamId,
    /// Who.
    pub user: UserId,
}
