//! Making, naming, archiving, deleting an organization.

use alloc::string::String;

use serde::{Deserialize, Serialize};

use crate::catalog::PlanKey;
use crate::id::WorkspaceId;
use crate::organization::{Disposition, Seats, Status};
use crate::text::Name;

/// Makes the personal organization of a user who signs up. The acting user becomes its owner.
///
/// # Errors
/// `already_exists` (to a stranger `not_found`), `user_only`, `no_personal_organizations`, `step_up` (the plan requires an identity provider), `bad_name`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    /// The user's name, for the name of the organization.
    pub name: Name,
    /// The id for the first workspace, used where the policy has one.
    pub workspace: WorkspaceId,
}

/// Makes a team organization. The acting user becomes its owner.
///
/// # Errors
/// `already_exists` (to a stranger `not_found`), `user_only`, `unknown_plan`, `plan_without_teams` (also one
/// on which no organization begins), `step_up`, `too_many_organizations`, `bad_name` (names are
/// unique and this one cannot be compared), `seats_below_minimum`, `seat_limit`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CreateOrganization {
    /// Its name.
    pub name: Name,
    /// Its plan.
    pub plan: PlanKey,
    /// Seats bought; passed over where the plan does not count seats.
    pub seats: Seats,
    /// How many team organizations the user owns already, as the caller knows it.
    pub owned: u32,
    /// The id for the first workspace, used where the policy has one.
    pub workspace: WorkspaceId,
}

/// Gives the organization another name.
///
/// # Errors
/// `bad_name` (names are unique and this one cannot be compared; those of personal organizations are not); `name_taken` from a store where names are unique.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// The name from now on.
    pub name: Name,
}

/// Says what the organization is about.
///
/// # Errors
/// `too_long`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Describe {
    /// The description from now on; empty takes it away.
    pub description: String,
}

/// Keeps a preference of the application; the crate does not read it.
///
/// # Errors
/// `too_long`, `too_many_items`, `no_row` (there is none to take away).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetPreference {
    /// Which.
    pub key: String,
    /// What it is from now on; left out, the preference is taken away.
    #[serde(default)]
    pub value: Option<String>,
}

/// Sets the status. What follows from payments and from the judgement of the platform, the platform sets; between active
/// and archived, whoever may archive the organization moves too, but does not reopen what the platform archived.
///
/// # Errors
/// `platform_only` for anybody else (`not_found` for strangers), `no_change`.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeStatus {
    /// The status from now on.
    pub status: Status,
}

/// Deletes the organization. Access ends at once, open invitations are dead; until the purge it can be restored.
///
/// # Errors
/// `personal_organization`, `bad_recipient` (itself, or one that the actor does not own).
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeleteOrganization {
    /// What becomes of everything in it.
    pub disposition: Disposition,
    /// Whether the actor is an active owner of the organization that it goes to, as the caller knows it; `Tenants::delete`
    /// finds it out. Passed over for other dispositions.
    #[serde(default)]
    pub owns_recipient: bool,
}

/// Takes a deletion back before the purge. Owners do it, and the platform; what the platform deleted, only the platform.
///
/// # Errors
/// `not_found` (for anybody else, and after the purge), `no_change` (it is not deleted), `last_owner` (there is none
/// any more); `name_taken` from a store
/// where names are unique.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestoreOrganization {}
