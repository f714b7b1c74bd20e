//! What somebody holds at a place, and the rank that goes with it.

use crate::access::{Every, Layers, at_organization, could_do, everywhere, layers_in};
use crate::catalog::policy::OverrideMode;
use crate::catalog::{PermissionSet, Role, Sight};
use crate::id::WorkspaceId;
use crate::organization::{AccessRow, Organization, Person, Roles, Standing};
use crate::time::Timestamp;

/// Where something can be held.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) enum Place {
    Organization,
    Workspace(WorkspaceId),
    /// Every workspace that is not named, those to come included.
    Elsewhere,
    /// What is one's own, in no workspace.
    Own,
}

/// What a person holds at a place, as a check would grant it were the person active.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    pub(super) permissions: PermissionSet,
    pub(super) sight: Option<Sight>,
}

impl Held {
    /// What either is.
    pub(super) fn and(self, other: Self) -> Self {
        Self { permissions: self.permissions | other.permissions, sight: self.sight.max(other.sight) }
    }

    /// What both are.
    pub(super) fn as_far_as(self, other: Self) -> Self {
        Self { permissions: self.permissions & other.permissions, sight: self.sight.min(other.sight) }
    }
}

pub(super) fn held(
    organization: &Organization,
    roles: Roles<'_>,
    person: &Person,
    place: Place,
    instant: Timestamp,
) -> Held {
    let below = |layers: Layers<PermissionSet>| Held { permissions: layers.effective(), sight: Some(layers.sight) };
    match place {
        Place::Organization => Held { permissions: at_organization(Every, roles, person.roles()), sight: None },
        Place::Elsewhere => below(everywhere(Every, roles, person.roles())),
        Place::Own => {
            Held { permissions: could_do(Every, roles, person.roles()) & roles.catalog.resource_scope(), sight: None }
        }
        Place::Workspace(id) => organization
            .workspace(id)
            .map(|workspace| below(layers_in(Every, roles, person, person.row(id), workspace, instant)))
            .unwrap_or_default(),
    }
}

/// Whether an earlier row is the same, or still gives the role of a new one, and for as long.
pub(super) fn covers(old: &AccessRow, new: &AccessRow, now: Timestamp) -> bool {
    let as_long = old.until.is_none_or(|end| new.until.is_some_and(|later| later <= end));
    old == new || (old.role == new.role && old.is_current(now) && as_long)
}

/// The rank of a person at organization level, or in one workspace, where a row can raise or lower it as the policy has
/// overrides do.
pub(crate) fn rank(roles: Roles<'_>, person: &Person, place: Option<WorkspaceId>, now: Timestamp) -> u32 {
    let of = |role: Role| roles.table(role).rank;
    let own = person.roles().iter().map(of).max().unwrap_or(0);
    let row = place.and_then(|workspace| person.row(workspace)).filter(|row| row.is_current(now));
    let Some(instead) = row.and_then(|row| row.role).map(of) else { return own };
    let firm = person.roles().iter().filter(|role| !roles.table(*role).reducible).map(of).max().unwrap_or(0);
    match (person.standing(), roles.catalog.policy().overrides) {
        (Standing::Collaborator, _) | (_, OverrideMode::Replace) => instead.max(firm),
        (_, OverrideMode::Expand) => own.max(instead),
        (_, OverrideMode::Reduce) => own.min(instead).max(firm),
        (_, OverrideMode::Off) => own,
    }
}
