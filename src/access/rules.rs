//! The rules of a check, resolved for every permission at once.

use super::{Access, DenyReason, Facts, Layers, Resource, Target, everywhere, layers_in, shares};
use crate::actor::Actor;
use crate::catalog::{Catalog, PermissionSet, Reach, RoleSet, Sight};
use crate::id::WorkspaceId;
use crate::organization::{Organization, Person, PersonStatus, Profile, Status};
use crate::time::{Span, Timestamp};

/// Resolves an actor at a target. The catalog is that of the organization; it is apart so that the answer can outlive a
/// lock on the organization.
pub(crate) fn resolve<'c>(
    catalog: &'c Catalog,
    organization: &Organization,
    actor: Actor,
    target: Target<'_>,
    facts: &Facts<'_>,
) -> Access<'c> {
    let mut access = Access::nothing(catalog, organization, facts);
    let Some(profile) = organization.profile() else { return access };
    access.status = profile.status;
    let person = actor.user().and_then(|user| organization.person(user));
    let shared = match target {
        Target::Resource(resource) => shares::given(catalog, resource, actor, person, facts),
        Target::Organization | Target::Workspace(_) => None,
    };
    if person.is_none() && shared.is_none() {
        return access; // rule 2
    }
    access.barred = None;
    access.stopped = person.and_then(|person| stopped(person, shared.is_some(), facts.now)).or_else(|| {
        let named = workspace_of(target)?;
        organization.workspace(named).is_none().then_some(DenyReason::WorkspaceNotFound)
    });
    if access.stopped.is_some() {
        return access;
    }
    access.grant(organization, person, actor, target, shared);
    access.gate(profile, actor, facts);
    access
}

/// The workspace that a target is in.
fn workspace_of(target: Target<'_>) -> Option<WorkspaceId> {
    match target {
        Target::Organization => None,
        Target::Workspace(workspace) => Some(workspace),
        Target::Resource(resource) => resource.workspace,
    }
}

/// Rule 5. A collaborator whose access has ended is a stranger again, and can hold a share as any stranger can.
fn stopped(person: &Person, shared: bool, now: Timestamp) -> Option<DenyReason> {
    if person.status() == PersonStatus::Suspended {
        return Some(DenyReason::PersonSuspended);
    }
    let ended = !person.is_member() && !shared && !person.has_current_row(now);
    ended.then_some(DenyReason::AccessEnded)
}

/// Whether an authentication is recent enough: within the age, its last instant included.
pub(super) fn is_recent(authenticated_at: Option<Timestamp>, now: Timestamp, within: Span) -> bool {
    authenticated_at.is_some_and(|at| now.since(at) <= within)
}

/// What a member's roles could do anywhere: the bound of what shares can give to members.
pub(super) fn could_do(catalog: &Catalog, roles: RoleSet) -> PermissionSet {
    let tables = roles.iter().map(|role| catalog.role_table(role)).filter(|table| table.reach != Reach::None);
    tables.fold(PermissionSet::EMPTY, |could, table| could | table.workspace)
}

impl<'c> Access<'c> {
    /// Nothing is granted, and nothing is known of the organization.
    fn nothing(catalog: &'c Catalog, organization: &Organization, facts: &Facts<'_>) -> Self {
        Self {
            catalog,
            version: organization.version(),
            allowed: PermissionSet::EMPTY,
            granted: PermissionSet::EMPTY,
            barred: Some(DenyReason::NotFound),
            status: Status::Active,
            stopped: None,
            layers: Layers::NONE,
            hidden: PermissionSet::EMPTY,
            hidden_because: DenyReason::NotShared,
            beyond_role: PermissionSet::EMPTY,
            restricted: PermissionSet::EMPTY,
            locked: PermissionSet::EMPTY,
            provider: None,
            no_second_factor: false,
            authenticated_at: facts.authenticated_at,
            now: facts.now,
        }
    }

    /// Rule 7.
    fn grant(
        &mut self,
        organization: &Organization,
        person: Option<&Person>,
        actor: Actor,
        target: Target<'_>,
        shared: Option<PermissionSet>,
    ) {
        let roles = person.map(Person::roles).unwrap_or_default();
        let organization_level =
            roles.iter().fold(PermissionSet::EMPTY, |held, role| held | self.catalog.role_table(role).organization);
        let place = workspace_of(target).and_then(|id| Some((id, organization.workspace(id)?)));
        self.layers = match (person, place) {
            (Some(person), Some((id, workspace))) => {
                layers_in(self.catalog, person, person.row(id), workspace, self.now)
            }
            (Some(_), None) => everywhere(self.catalog, roles),
            (None, _) => Layers::NONE,
        };
        let workspace_level = match target {
            Target::Organization | Target::Workspace(_) => self.layers.effective(),
            Target::Resource(resource) => self.grant_on(resource, roles, person, actor, shared),
        };
        self.granted = organization_level | workspace_level;
    }

    /// What is granted on one resource.
    fn grant_on(
        &mut self,
        resource: &Resource<'_>,
        roles: RoleSet,
        person: Option<&Person>,
        actor: Actor,
        shared: Option<PermissionSet>,
    ) -> PermissionSet {
        let here = self.layers.effective();
        let is_member = person.is_some_and(Person::is_member);
        if person.is_some() && resource.personal_owner.is_some() && resource.personal_owner == actor.user() {
            // What is one's own in no workspace follows one's roles, however far they reach.
            return if resource.workspace.is_some() { here } else { could_do(self.catalog, roles) };
        }
        if resource.personal_owner.is_none() && self.layers.sight == Sight::All {
            return here;
        }
        let shared = shared.unwrap_or_default();
        let granted = if is_member { shared & (could_do(self.catalog, roles) | here) } else { shared };
        self.beyond_role = shared - granted;
        self.hidden = here - granted;
        if resource.personal_owner.is_some() {
            self.hidden_because = DenyReason::Private;
        }
        granted
    }

    /// Rules 3, 4, 8 and 9: what of the granted is open right now.
    fn gate(&mut self, profile: &Profile, actor: Actor, facts: &Facts<'_>) {
        let gates = &self.catalog.gates;
        let closed = match profile.status {
            Status::Active => PermissionSet::EMPTY,
            Status::PastDue | Status::Suspended => gates.closed_while_suspended,
            Status::Archived => gates.active_only,
        };
        let plan = self.catalog.plan_table(profile.plan);
        self.locked = plan.map(|plan| plan.locked).unwrap_or_default();
        for feature in facts.features.iter() {
            self.locked = self.locked - self.catalog.permissions_needing(feature);
        }
        let mut waiting = PermissionSet::EMPTY;
        if !facts.second_factor {
            self.no_second_factor = true;
            waiting |= gates.second_factor;
        }
        for (within, sensitive) in &gates.recent {
            if !is_recent(facts.authenticated_at, facts.now, *within) {
                waiting |= *sensitive;
            }
        }
        self.allowed = self.granted - closed - self.locked - waiting;
        // A link has no identity provider to sign in through.
        self.provider = plan
            .and_then(|plan| plan.provider)
            .filter(|needed| matches!(actor, Actor::User(_)) && facts.provider != Some(*needed));
        if self.provider.is_some() {
            self.allowed = PermissionSet::EMPTY;
        }
    }
}
