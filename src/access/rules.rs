//! The rules of a check, for every permission at once or for one.

use super::layers::{Layers, everywhere, layers_in, without};
use super::lens::{Lens, View};
use super::who::Who;
use super::{Decision, DenyReason, Facts, Requirement, Resource, Target, shares};
use crate::actor::Actor;
use crate::catalog::{Catalog, Permission, PermissionSet, Plan, Provider, Reach, RoleSet, Sight};
use crate::organization::{Organization, Person, PersonStatus, Roles, Status};
use crate::time::{Span, Timestamp};
use crate::version::Version;

/// What the rules say of one actor at one target, for the permissions that are looked at.
#[derive(Clone, Debug)]
pub(crate) struct Resolved<'c, V> {
    pub(crate) catalog: &'c Catalog,
    pub(crate) version: Version,
    /// Everything that passes every rule.
    pub(crate) allowed: V,
    /// What rule 7 grants.
    pub(crate) granted: V,
    /// What `restrict` took, or the bounds of a service.
    pub(crate) restricted: V,
    /// What is sensitive, and so not for staff in somebody's place.
    not_for_staff: V,
    /// Rules 1 and 2.
    pub(crate) barred: Option<DenyReason>,
    status: Status,
    /// Rules 5 and 6.
    stopped: Option<DenyReason>,
    /// Rule 6, for permissions that need an active workspace.
    workspace_archived: bool,
    layers: Layers<V>,
    /// What the workspace gives and this resource does not, and why.
    hidden: V,
    hidden_because: DenyReason,
    /// What a share gives and the member's roles do not allow.
    beyond_role: V,
    /// Rule 8.
    locked: V,
    /// Rule 9.
    provider: Option<Provider>,
    second_factor: bool,
    authenticated_at: Option<Timestamp>,
    now: Timestamp,
}

/// What was found of an actor at a target, wherever that is kept: all that the rules look at.
#[derive(Clone, Debug)]
pub(crate) struct Scene<V> {
    pub(crate) standing: Standing,
    /// Whose rights count: a user, or whoever presents a link.
    pub(crate) who: Actor,
    /// Whether they belong to the organization, and whether as a member.
    pub(crate) belongs: bool,
    pub(crate) member: bool,
    /// Rules 5 and 6.
    pub(crate) stopped: Option<DenyReason>,
    /// Rule 6, for permissions that need an active workspace.
    pub(crate) workspace_archived: bool,
    pub(crate) layers: Layers<V>,
    /// What roles hold at organization level.
    pub(crate) organization: V,
    /// What roles could do anywhere; looked at for resources only.
    pub(crate) could_do: V,
    /// What shares give, where one concerns them.
    pub(crate) shared: Option<V>,
    /// What of a service's permissions counts here.
    pub(crate) service: Option<V>,
    /// What staff can do in somebody's place.
    pub(crate) staff: Option<V>,
}

/// What an organization is to a question: in good standing or not, on which plan, signed in to through what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) status: Status,
    pub(crate) plan: Plan,
    /// Required by the organization, where the plan requires none.
    pub(crate) provider: Option<Provider>,
}

impl<V: View> Scene<V> {
    /// Nobody in particular.
    pub(crate) const fn of(standing: Standing, who: Actor) -> Self {
        Self {
            standing,
            who,
            belongs: false,
            member: false,
            stopped: None,
            workspace_archived: false,
            layers: Layers::NONE,
            organization: V::NOTHING,
            could_do: V::NOTHING,
            shared: None,
            service: None,
            staff: None,
        }
    }
}

/// By what a resource is opened to somebody.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Opened {
    /// It is their own.
    Own,
    /// They see whatever lies where it does.
    Place,
    /// By shares, if by anything.
    Shares,
}

impl Opened {
    pub(crate) fn of(resource: &Resource<'_>, belongs: bool, actor: Actor, sight: Sight) -> Self {
        match resource.personal_owner {
            Some(_) if belongs && resource.personal_owner == actor.user() => Self::Own,
            None if sight == Sight::All => Self::Place,
            _ => Self::Shares,
        }
    }
}

/// Resolves an actor at a target.
#[inline]
pub(crate) fn resolve<'o, L: Lens>(
    lens: L,
    organization: &'o Organization,
    actor: Actor,
    target: Target<'_>,
    facts: &Facts<'_>,
) -> Resolved<'o, L::View> {
    let resolved = Resolved::nothing(&organization.catalog, organization.version(), facts);
    match scene(lens, organization, actor, target, facts) {
        Some(scene) => resolved.judge(lens, &scene, actor, target, facts),
        None => resolved,
    }
}

/// What an organization says of an actor at a target; `None` for somebody who has nothing to do with it (rules 1 and 2).
#[inline]
fn scene<L: Lens>(
    lens: L,
    organization: &Organization,
    actor: Actor,
    target: Target<'_>,
    facts: &Facts<'_>,
) -> Option<Scene<L::View>> {
    let profile = organization.profile().filter(|profile| profile.deletion.is_none())?;
    let place = target.workspace();
    let who = Who::behind(organization, actor, place, facts)?;
    let all = organization.roles();
    let person = who.actor.user().and_then(|user| organization.person(user));
    let shared = match target {
        Target::Resource(resource) => shares::given(lens, all, resource, who.actor, person, facts),
        Target::Organization | Target::Workspace(_) => None,
    };
    if person.is_none() && shared.is_none() && who.service.is_none() {
        return None;
    }
    let plan = profile.terms_at(facts.now).plan;
    let standing = Standing { status: profile.status, plan, provider: profile.provider };
    let place = place.map(|id| (id, organization.workspace(id)));
    let mut scene = Scene::of(standing, who.actor);
    scene.stopped = who
        .stopped
        .or_else(|| person.and_then(|person| stopped(person, shared.is_some(), facts.now)))
        .or_else(|| matches!(place, Some((_, None))).then_some(DenyReason::WorkspaceNotFound));
    if scene.stopped.is_some() {
        return Some(scene);
    }
    scene.workspace_archived = matches!(place, Some((_, Some(workspace))) if workspace.archived.is_some());
    scene.shared = shared;
    scene.service = who.service.as_ref().map(|service| lens.look(service));
    scene.staff = who.staff.as_ref().map(|staff| lens.look(staff));
    // A collaborator whose last access has ended is a stranger, who may hold a share.
    let Some(person) = person.filter(|person| person.belongs(facts.now)) else { return Some(scene) };
    let roles = person.roles();
    (scene.belongs, scene.member) = (true, person.is_member());
    scene.layers = match place {
        Some((id, Some(workspace))) => layers_in(lens, all, person, person.row(id), workspace, facts.now),
        _ => everywhere(lens, all, roles),
    };
    scene.organization = at_organization(lens, all, roles);
    if matches!(target, Target::Resource(_)) {
        scene.could_do = could_do(lens, all, roles);
    }
    Some(scene)
}

/// Rule 5. A collaborator whose access has ended is a stranger again, and can hold a share as any stranger can.
#[inline]
fn stopped(person: &Person, shared: bool, now: Timestamp) -> Option<DenyReason> {
    if person.status() == PersonStatus::Suspended {
        return Some(DenyReason::PersonSuspended);
    }
    let ended = !shared && !person.belongs(now);
    ended.then_some(DenyReason::AccessEnded)
}

/// What roles hold at organization level.
#[inline]
pub(crate) fn at_organization<L: Lens>(lens: L, all: Roles<'_>, roles: RoleSet) -> L::View {
    let tables = roles.iter().map(|role| all.table(role));
    tables.fold(L::View::NOTHING, |held, table| held | lens.look(&table.organization))
}

/// What a member's roles could do anywhere: the bound of what shares can give to members.
pub(crate) fn could_do<L: Lens>(lens: L, all: Roles<'_>, roles: RoleSet) -> L::View {
    let tables = roles.iter().map(|role| all.table(role)).filter(|table| table.reach != Reach::None);
    tables.fold(L::View::NOTHING, |could, table| could | lens.look(&table.workspace))
}

/// Whether an authentication is recent enough: within the age, its last instant included.
pub(super) fn is_recent(authenticated_at: Option<Timestamp>, now: Timestamp, within: Span) -> bool {
    authenticated_at.is_some_and(|at| now.since(at) <= within)
}

impl<'c, V: View> Resolved<'c, V> {
    /// Nothing is granted, and nothing is known of the organization.
    #[inline]
    pub(crate) fn nothing(catalog: &'c Catalog, version: Version, facts: &Facts<'_>) -> Self {
        Self {
            catalog,
            version,
            allowed: V::NOTHING,
            granted: V::NOTHING,
            restricted: V::NOTHING,
            not_for_staff: V::NOTHING,
            barred: Some(DenyReason::NotFound),
            status: Status::Active,
            stopped: None,
            workspace_archived: false,
            layers: Layers::NONE,
            hidden: V::NOTHING,
            hidden_because: DenyReason::NotShared,
            beyond_role: V::NOTHING,
            locked: V::NOTHING,
            provider: None,
            second_factor: facts.second_factor,
            authenticated_at: facts.authenticated_at,
            now: facts.now,
        }
    }

    /// What the rules say of what was found.
    #[inline]
    pub(crate) fn judge<L: Lens<View = V>>(
        mut self,
        lens: L,
        scene: &Scene<V>,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Self {
        self.barred = None;
        self.status = scene.standing.status;
        self.stopped = scene.stopped;
        if self.stopped.is_some() {
            return self;
        }
        self.workspace_archived = scene.workspace_archived;
        self.layers = scene.layers;
        let workspace_level = match target {
            Target::Organization | Target::Workspace(_) => self.layers.effective(),
            Target::Resource(resource) => self.grant_on(resource, scene),
        };
        self.granted = workspace_level | scene.organization;
        self.bound(scene);
        self.gate(lens, scene.standing, matches!(actor, Actor::User(_)), facts);
        self
    }

    /// What the rules say of a user in good standing, in a workspace that is open: the same, of which nothing else was found.
    #[cfg(feature = "std")]
    #[inline]
    pub(crate) fn judge_user<L: Lens<View = V>>(
        &mut self,
        lens: L,
        standing: Standing,
        (layers, organization): (Layers<V>, V),
        facts: &Facts<'_>,
    ) {
        self.barred = None;
        self.status = standing.status;
        self.layers = layers;
        self.granted = self.layers.effective() | organization;
        self.gate(lens, standing, true, facts);
    }

    /// What is granted on one resource.
    fn grant_on(&mut self, resource: &Resource<'_>, scene: &Scene<V>) -> V {
        let here = self.layers.effective();
        match Opened::of(resource, scene.belongs, scene.who, self.layers.sight) {
            // What is one's own in no workspace follows one's roles, however far they reach.
            Opened::Own if resource.workspace.is_none() => return scene.could_do,
            Opened::Own | Opened::Place => return here,
            Opened::Shares => {}
        }
        let shared = scene.shared.unwrap_or(V::NOTHING);
        let granted = if scene.member { shared & (scene.could_do | here) } else { shared };
        self.beyond_role = without(shared, granted);
        self.hidden = without(here, granted);
        if resource.personal_owner.is_some() {
            self.hidden_because = DenyReason::Private;
        }
        granted
    }

    /// What a service or staff can do of it.
    #[inline]
    fn bound(&mut self, scene: &Scene<V>) {
        if let Some(service) = scene.service {
            self.restricted = without(self.granted, service);
            self.granted = self.granted & service;
        }
        if let Some(staff) = scene.staff {
            self.not_for_staff = without(self.granted, staff);
            self.granted = self.granted & staff;
        }
    }

    /// Rules 3, 4, 8 and 9: what of the granted is open right now.
    #[inline]
    fn gate<L: Lens<View = V>>(&mut self, lens: L, standing: Standing, is_user: bool, facts: &Facts<'_>) {
        let gates = &self.catalog.gates;
        let closed = match standing.status {
            Status::Active => V::NOTHING,
            Status::PastDue | Status::Suspended => lens.look(&gates.closed_while_suspended),
            Status::Archived => lens.look(&gates.active_only),
        };
        let closed = if self.workspace_archived { closed | lens.look(&gates.active_only) } else { closed };
        let plan = self.catalog.plan_table(standing.plan);
        self.locked = plan.map_or(V::NOTHING, |plan| lens.look(&plan.locked));
        for feature in facts.features.iter() {
            self.locked = without(self.locked, lens.look(&self.catalog.permissions_needing(feature)));
        }
        let mut waiting = if facts.second_factor { V::NOTHING } else { lens.look(&gates.second_factor) };
        for (within, sensitive) in &gates.recent {
            if !is_recent(facts.authenticated_at, facts.now, *within) {
                waiting = waiting | lens.look(sensitive);
            }
        }
        self.allowed = without(self.granted, closed | self.locked | waiting);
        // Only users sign in: a link, a service and the staff's own door have no identity provider.
        self.provider = plan
            .and_then(|plan| plan.provider)
            .or(standing.provider)
            .filter(|needed| is_user && facts.provider != Some(*needed));
        if self.provider.is_some() {
            self.allowed = V::NOTHING;
        }
    }

    /// The decision for a permission that is looked at.
    #[inline]
    pub(crate) fn decide(&self, permission: Permission) -> Decision {
        if self.allowed.has(permission) {
            return Decision::Allow;
        }
        match self.first_denial(permission) {
            Some(reason) => Decision::Deny(reason),
            None => Decision::StepUp(self.requirement(permission)),
        }
    }

    /// Rules 1 to 8 in order, for a permission that is not allowed.
    fn first_denial(&self, permission: Permission) -> Option<DenyReason> {
        self.barred
            .or_else(|| self.closed(permission))
            .or(self.stopped)
            .or_else(|| self.in_archive(permission))
            .or_else(|| (!self.granted.has(permission)).then(|| self.not_granted(permission)))
            .or_else(|| self.locked.has(permission).then(|| self.lacks_feature(permission)))
    }

    /// Rules 3 and 4.
    fn closed(&self, permission: Permission) -> Option<DenyReason> {
        let gates = &self.catalog.gates;
        let (closed, reason) = match self.status {
            Status::Active => return None,
            Status::PastDue => (&gates.closed_while_suspended, DenyReason::OrganizationPastDue),
            Status::Suspended => (&gates.closed_while_suspended, DenyReason::OrganizationSuspended),
            Status::Archived => (&gates.active_only, DenyReason::OrganizationArchived),
        };
        closed.contains(permission).then_some(reason)
    }

    /// Rule 6, as far as it is about archives.
    fn in_archive(&self, permission: Permission) -> Option<DenyReason> {
        let closed = self.workspace_archived && self.catalog.gates.active_only.contains(permission);
        closed.then_some(DenyReason::WorkspaceArchived)
    }

    /// Rule 7: which layer took it, or that none gave it. The layer nearest to the question is named first.
    fn not_granted(&self, permission: Permission) -> DenyReason {
        if self.restricted.has(permission) {
            DenyReason::Restricted
        } else if self.not_for_staff.has(permission) {
            DenyReason::NotForStaff
        } else if self.beyond_role.has(permission) {
            DenyReason::ShareBeyondRole
        } else if self.hidden.has(permission) {
            self.hidden_because
        } else {
            self.layers.taken_by(permission).unwrap_or(DenyReason::NotGranted)
        }
    }

    /// Rule 8.
    fn lacks_feature(&self, permission: Permission) -> DenyReason {
        self.catalog.needed_feature(permission).map_or(DenyReason::NotGranted, |feature| DenyReason::NeedsFeature {
            feature,
            plan: self.catalog.smallest_plan_with(feature),
        })
    }

    /// Rule 9: everything that is missing at once, so that people are asked once.
    fn requirement(&self, permission: Permission) -> Requirement {
        let gates = &self.catalog.gates;
        let stale = |(age, set): &&(Span, PermissionSet)| {
            set.contains(permission) && !is_recent(self.authenticated_at, self.now, *age)
        };
        Requirement {
            provider: self.provider,
            second_factor: !self.second_factor && gates.second_factor.contains(permission),
            authentication_within: gates.recent.iter().find(stale).map(|(age, _)| *age),
        }
    }
}
