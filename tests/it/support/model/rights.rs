//! May they? The rules of a check, walked over the model.

use bailiwick::catalog::policy::OverrideMode;
use bailiwick::catalog::{Action, PermissionDef, Reach, Scope, Sight};
use bailiwick::{Actor, Status, Timestamp, UserId, WorkspaceId};

use super::words::Role;
use super::{Answer, Asked, Holder, Keys, Model, Person, Row, Rule, Service, counts};

/// A place: a workspace, or every workspace, those to come included.
pub(super) type Place = Option<WorkspaceId>;

/// What somebody holds at a place, and which resources they see there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Held {
    pub(super) keys: Keys,
    pub(super) sight: Sight,
}

impl Model {
    /// The user whose rights count.
    pub(super) fn user_behind(&self, actor: Actor) -> Option<UserId> {
        match actor {
            Actor::Service(service) => self.services.get(&service)?.sponsor,
            other => other.user(),
        }
    }

    pub(super) fn service_behind(&self, actor: Actor) -> Option<&Service> {
        match actor {
            Actor::Service(service) => self.services.get(&service),
            _ => None,
        }
    }

    /// Whether the organization is there, as far as the actor can tell.
    pub(super) fn let_in(&self, asked: &Asked<'_>) -> Answer {
        let profile = self.open()?;
        let related = match asked.actor {
            Actor::System => true,
            Actor::User(user) | Actor::Staff { on_behalf_of: user, .. } => self.people.contains_key(&user),
            Actor::Service(service) => self.services.contains_key(&service),
            Actor::Provisioner => profile.directory.is_some(),
            _ => false,
        };
        if related { Ok(()) } else { Err("not_found") }
    }

    /// Where no guard is asked: the platform and people are known, in person and by staff and services. A directory is not.
    pub(super) fn known(&self, asked: &Asked<'_>) -> Answer {
        self.open()?;
        let known = self.user_behind(asked.actor).is_some_and(|user| self.people.contains_key(&user));
        if known || asked.is_platform() { Ok(()) } else { Err("not_found") }
    }

    /// What the platform alone does.
    pub(super) fn platform_only(&self, asked: &Asked<'_>) -> Answer {
        self.known(asked)?;
        if asked.is_platform() { Ok(()) } else { Err("platform_only") }
    }

    /// The guard of an action at a place.
    pub(super) fn guarded(&self, asked: &Asked<'_>, action: Action, place: Place) -> Answer {
        self.let_in(asked)?;
        let unknown = place.is_some_and(|id| !self.workspaces.contains_key(&id));
        match (asked.actor, self.guard(action)) {
            (Actor::System, _) if unknown => Err("unknown_workspace"),
            (Actor::System, _) => Ok(()),
            (Actor::Provisioner, _) if is_of_directories(action) => Ok(()),
            (Actor::Provisioner, _) | (_, None) => Err("denied"),
            (_, Some(permission)) => self.check(asked, permission, place),
        }
    }

    /// The guard of what an id turned out to be. Whoever passes neither guard is answered as for anybody else.
    pub(super) fn guarded_as(
        &self,
        asked: &Asked<'_>,
        (action, place): (Action, Place),
        usual: (Action, Place),
    ) -> Answer {
        self.guarded(asked, action, place).or_else(|code| self.guarded(asked, usual.0, usual.1).and(Err(code)))
    }

    /// Whether the guard of an action is held at a place, whatever else is in the way.
    pub(super) fn holds_guard(&self, actor: Actor, action: Action, place: Place, now: Timestamp) -> bool {
        let Some(permission) = self.guard(action) else { return false };
        match permission.scope {
            Scope::Organization => self.has_at_organization(actor, place).contains(&permission.key),
            _ => self.has_at(actor, place, now).keys.contains(&permission.key),
        }
    }

    /// The guard of an action at each of several places.
    pub(super) fn guarded_at(
        &self,
        asked: &Asked<'_>,
        action: Action,
        places: impl IntoIterator<Item = WorkspaceId>,
    ) -> Answer {
        places.into_iter().try_for_each(|place| self.guarded(asked, action, Some(place)))
    }

    fn check(&self, asked: &Asked<'_>, permission: &PermissionDef, place: Place) -> Answer {
        let profile = self.open()?;
        let closed = match profile.status {
            Status::PastDue | Status::Suspended => !permission.open_while_suspended,
            Status::Archived => permission.active_only,
            Status::Active => false,
        };
        let person = self.user_behind(asked.actor).and_then(|user| self.people.get(&user));
        let stopped = self.service_behind(asked.actor).is_some_and(|service| !counts(service.until, asked.now()))
            || person.is_none_or(|person| person.suspended || !person.is_current(asked.now()));
        if closed || stopped {
            return Err("denied");
        }
        let workspace = place.map(|id| self.workspaces.get(&id).ok_or("unknown_workspace")).transpose()?;
        if workspace.is_some_and(|workspace| workspace.archived && permission.active_only) {
            return Err("denied");
        }
        let held = if permission.scope == Scope::Organization {
            self.has_at_organization(asked.actor, place)
        } else {
            self.has_at(asked.actor, place, asked.now()).keys
        };
        if !held.contains(&permission.key) || !self.has_feature(asked, permission) {
            return Err("denied");
        }
        if self.shown_everything(asked, permission) { Ok(()) } else { Err("step_up") }
    }

    fn has_feature(&self, asked: &Asked<'_>, permission: &PermissionDef) -> bool {
        let Some(feature) = &permission.feature else { return true };
        let plan = self.plan(&self.terms_at(asked.now()).plan).expect("only plans of the catalog are bought");
        let of_caller = asked.facts.features.iter().any(|has| self.catalog.feature_key(has) == feature);
        plan.features.contains(feature) || of_caller
    }

    fn shown_everything(&self, asked: &Asked<'_>, permission: &PermissionDef) -> bool {
        let now = asked.now().as_millis();
        let age = asked.facts.authenticated_at.map(|at| now.saturating_sub(at.as_millis()));
        let recent = permission.recent_authentication.is_none_or(|max| age.is_some_and(|age| age <= max.as_millis()));
        let signed_in = match asked.actor {
            Actor::User(_) => self.signed_in_through(asked, self.required_provider(asked.now()).as_deref()),
            _ => true,
        };
        signed_in && recent && (asked.facts.second_factor || !permission.second_factor)
    }

    /// The provider that the plan requires; where it requires none, the organization's own.
    pub(super) fn required_provider(&self, now: Timestamp) -> Option<String> {
        let plan = self.plan(&self.terms_at(now).plan).and_then(|plan| plan.identity_provider.clone());
        plan.or_else(|| self.profile.as_ref()?.provider.clone())
    }

    pub(super) fn signed_in_through(&self, asked: &Asked<'_>, required: Option<&str>) -> bool {
        let used = asked.facts.provider.map(|provider| self.catalog.provider_key(provider));
        required.is_none() || used == required
    }
}

/// What an actor holds: that of the user behind, narrowed for staff and services.
impl Model {
    /// At organization level; a service may be bound to workspaces, and then has it where one of them is asked about.
    pub(super) fn has_at_organization(&self, actor: Actor, place: Place) -> Keys {
        let person = self.user_behind(actor).and_then(|user| self.people.get(&user));
        let held = person.map(|person| self.organization_part(person)).unwrap_or_default();
        self.narrowed(actor, place, held)
    }

    /// Below organization level, at a place.
    pub(super) fn has_at(&self, actor: Actor, place: Place, now: Timestamp) -> Held {
        let person = self.user_behind(actor).and_then(|user| self.people.get(&user));
        let held = person.map_or_else(Held::nothing, |person| self.held(person, place, now));
        Held { keys: self.narrowed(actor, place, held.keys), sight: held.sight }
    }

    pub(super) fn narrowed(&self, actor: Actor, place: Place, mut keys: Keys) -> Keys {
        if actor.is_staff() {
            keys.retain(|key| !self.is_sensitive(key));
        }
        if let Some(service) = self.service_behind(actor) {
            let acts = service.workspaces.is_empty() || place.is_some_and(|id| service.workspaces.contains(&id));
            keys.retain(|key| acts && service.permissions.contains(key));
        }
        keys
    }
}

/// Rule 7.
impl Model {
    pub(super) fn organization_part(&self, person: &Person) -> Keys {
        let roles = self.roles(person.roles.iter().flatten());
        roles.into_iter().flat_map(|role| role.keys).filter(|key| self.is_organizational(key)).collect()
    }

    /// What a person holds below organization level, suspended or not.
    pub(super) fn held(&self, person: &Person, place: Place, now: Timestamp) -> Held {
        let row = place.and_then(|id| person.rows.get(&id)).filter(|row| counts(row.until, now));
        let carrying = self.carrying(person, row);
        let inherited = self.workspace_parts(&carrying);
        let row_role = row.and_then(|row| row.role.as_ref()).and_then(|key| self.role(key).ok());
        let own = row_role.as_ref().map(|role| self.workspace_parts([role]));
        let mode = if person.is_member() { self.policy().overrides } else { OverrideMode::Replace };
        let base = match (mode, own) {
            (_, None) | (OverrideMode::Off, _) => inherited,
            (OverrideMode::Replace, Some(own)) => own,
            (OverrideMode::Expand, Some(own)) => &inherited | &own,
            (OverrideMode::Reduce, Some(own)) => &inherited & &own,
        };
        let rules = self.rules_about(person, place, now);
        let given: Keys = rules.iter().flat_map(|rule| rule.given.clone()).collect();
        let taken: Keys = rules.iter().flat_map(|rule| rule.taken.clone()).collect();
        let mut keys = &(&base | &given) - &taken;
        if let Some(row) = row {
            if matches!(mode, OverrideMode::Replace | OverrideMode::Expand) {
                keys.extend(row.added.iter().cloned());
            }
            if matches!(mode, OverrideMode::Replace | OverrideMode::Reduce) {
                keys = &keys - &row.removed;
            }
        }
        let firm: Vec<Role> = carrying.iter().filter(|role| !role.reducible).cloned().collect();
        keys.extend(self.workspace_parts(&firm));
        keys.retain(|key| !self.is_organizational(key));

        let widest = |roles: &[Role]| roles.iter().map(|role| role.sight).max().unwrap_or(Sight::Shared);
        let sight = match (row_role, mode) {
            (None, _) if row.is_some() && carrying.is_empty() => Sight::All,
            (None, _) | (_, OverrideMode::Off) => widest(&carrying),
            (Some(role), OverrideMode::Replace) => role.sight,
            (Some(role), OverrideMode::Expand) => widest(&carrying).max(role.sight),
            (Some(role), OverrideMode::Reduce) => widest(&carrying).min(role.sight),
        };
        Held { keys, sight: sight.max(widest(&firm)) }
    }

    fn carrying(&self, person: &Person, row: Option<&Row>) -> Vec<Role> {
        let mut roles = self.roles(person.roles.iter().flatten());
        roles.retain(|role| match role.reach {
            Reach::All => true,
            Reach::Assigned => row.is_some(),
            Reach::None => false,
        });
        roles
    }

    fn workspace_parts<'r>(&self, roles: impl IntoIterator<Item = &'r Role>) -> Keys {
        let keys = roles.into_iter().flat_map(|role| role.keys.iter());
        keys.filter(|key| !self.is_organizational(key)).cloned().collect()
    }

    fn rules_about(&self, person: &Person, place: Place, now: Timestamp) -> Vec<&Rule> {
        let Some(workspace) = place.and_then(|id| self.workspaces.get(&id)) else { return Vec::new() };
        let about = workspace.rules.iter().filter(|(holder, _)| self.is_held_by(person, holder));
        about.map(|(_, rule)| rule).filter(|rule| counts(rule.until, now)).collect()
    }

    pub(super) fn is_held_by(&self, person: &Person, holder: &Holder) -> bool {
        match holder {
            Holder::Team(team) => person.teams.contains(team),
            Holder::Group(group) => person.roles.as_ref().is_some_and(|roles| self.groups(roles).contains(group)),
        }
    }
}

impl Held {
    pub(super) fn nothing() -> Self {
        Self { keys: Keys::new(), sight: Sight::Shared }
    }

    /// What either is.
    pub(super) fn and(self, other: Self) -> Self {
        Self { keys: &self.keys | &other.keys, sight: self.sight.max(other.sight) }
    }
}

impl Person {
    /// A member, or a collaborator with a row that counts.
    pub(super) fn is_current(&self, now: Timestamp) -> bool {
        self.is_member() || self.rows.values().any(|row| counts(row.until, now))
    }
}

/// What the directory of a customer does.
const fn is_of_directories(action: Action) -> bool {
    matches!(action, Action::AddMember | Action::ChangeRoles | Action::SuspendPerson | Action::RemoveMember)
}
