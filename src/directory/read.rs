//! Reading: what the directory's words say of an actor at a target, judged by the same rules as an organization itself.

use core::sync::atomic::Ordering;

use super::answer::Answer;
use super::cell::Cells;
use super::pass::Head;
use super::records::{self, ServiceRecord};
use super::slot::OrganizationSlot;
use super::{Directory, ORGANIZATION, SmallSlot, halves, sequence};
use crate::access::{Decision, DenyReason, Every, Facts, Kin, Lens, One, Resolved, Scene, Standing, Target, shares};
use crate::actor::Actor;
use crate::catalog::{Permission, PermissionSet, RoleSet};
use crate::id::{OrgId, TeamId, UserId, WorkspaceId};
use crate::organization::Roles;
use crate::time::Timestamp;
use crate::version::Version;

/// The number of no workspace: they count from one.
const NO_PLACE: u32 = 0;

/// An organization as one look finds it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'d> {
    pub(super) slot: &'d OrganizationSlot,
    pub(super) scope: u32,
    pub(super) hash: u64,
}

impl Seen<'_> {
    pub(super) fn version(self) -> Version {
        Version::from_u64(self.slot.fields().version.load(Ordering::Acquire))
    }
}

/// An id and its hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) id: u128,
    pub(super) hash: u64,
}

/// Whom and where a question is about, where the short way may lead there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keys {
    pub(super) user: Key,
    pub(super) workspace: Key,
}

impl Keys {
    #[inline]
    pub(super) fn of(directory: &Directory, actor: Actor, target: Target<'_>) -> Option<Self> {
        let (Actor::User(user), Target::Workspace(workspace)) = (actor, target) else { return None };
        Some(Self { user: directory.key(user.as_u128()), workspace: directory.key(workspace.as_u128()) })
    }

    /// The same, where the hashes are known.
    #[inline]
    pub(super) fn hashed(actor: Actor, target: Target<'_>, [user_hash, workspace_hash]: [u64; 2]) -> Option<Self> {
        let (Actor::User(user), Target::Workspace(workspace)) = (actor, target) else { return None };
        let user = Key { id: user.as_u128(), hash: user_hash };
        Some(Self { user, workspace: Key { id: workspace.as_u128(), hash: workspace_hash } })
    }
}

/// A person as one look finds them.
#[derive(Clone, Copy)]
struct PersonSeen<'d> {
    directory: &'d Directory,
    pass: u32,
    head: Head,
    joined: u64,
}

/// A workspace as one look finds it.
#[derive(Clone, Copy)]
struct PlaceSeen {
    number: u32,
    detail: u64,
}

impl Directory {
    /// Looks at an organization until nobody has changed it meanwhile.
    #[inline]
    pub(super) fn look<'d, T>(&'d self, organization: OrgId, read: impl Fn(Seen<'d>) -> T) -> Option<T> {
        self.look_for(self.key(organization.as_u128()), read)
    }

    #[inline]
    pub(super) fn look_for<'d, T>(&'d self, organization: Key, read: impl Fn(Seen<'d>) -> T) -> Option<T> {
        let Key { id, hash } = organization;
        self.look_where(hash, || self.organizations.find(hash, ORGANIZATION, id), read)
    }

    /// Looks at an organization that had a slot the last time.
    #[inline]
    pub(super) fn look_at<'d, T>(
        &'d self,
        organization: Key,
        slot: &'d OrganizationSlot,
        read: impl Fn(Seen<'d>) -> T,
    ) -> Option<T> {
        let Key { id, hash } = organization;
        let find = || if slot.is(ORGANIZATION, id) { Some(slot) } else { self.find_again(hash, id) };
        self.look_where(hash, find, read)
    }

    #[cold]
    fn find_again(&self, hash: u64, id: u128) -> Option<&OrganizationSlot> {
        self.organizations.find(hash, ORGANIZATION, id)
    }

    #[inline]
    fn look_where<'d, T>(
        &'d self,
        hash: u64,
        find: impl Fn() -> Option<&'d OrganizationSlot>,
        read: impl Fn(Seen<'d>) -> T,
    ) -> Option<T> {
        let mut looks = 0;
        loop {
            if let Some(moves) = sequence::begin(&self.moves) {
                match find() {
                    None if sequence::holds(&self.moves, moves) => return None,
                    None => {}
                    Some(slot) => {
                        if let Some(seen) = sequence::begin(slot.fields().sequence) {
                            let answer = read(Seen { slot, scope: slot.value(), hash });
                            if sequence::holds(slot.fields().sequence, seen) && sequence::holds(&self.moves, moves) {
                                return Some(answer);
                            }
                        }
                    }
                }
            }
            sequence::wait(&mut looks);
        }
    }

    /// The answer of a person in good standing in a workspace without rules, about a permission that asks for nothing more;
    /// undecided where anything else has to be looked at.
    #[inline]
    pub(super) fn plainly(
        &self,
        seen: Seen<'_>,
        Keys { user, workspace }: Keys,
        permission: Permission,
        now: Timestamp,
    ) -> Answer {
        let person = self.people.find(seen.hash.wrapping_add(user.hash), seen.scope, user.id);
        let place = self.workspaces.find(seen.hash.wrapping_add(workspace.hash), seen.scope, workspace.id);
        let Some(person) = person else { return Answer::NOT_FOUND };
        if !self.plain.has(seen.slot.fields().plain_at(now), permission) {
            return Answer::UNDECIDED;
        }
        let number = place.map_or(NO_PLACE, SmallSlot::value);
        let (head, cell) = Head::with_cell_in(&self.records, person.value(), number, now);
        if head.is_suspended() | (cell.is_none() & !head.is_member()) {
            return Answer::UNDECIDED;
        }
        let Some(SmallSlot { extra: [detail], .. }) = place else { return Answer::WORKSPACE_NOT_FOUND };
        if detail.load(Ordering::Relaxed) != 0 {
            return Answer::UNDECIDED;
        }
        Cells::answer(&self.records, cell.unwrap_or(head.cell()), permission.index())
    }

    /// The decision by all the rules.
    pub(super) fn fully(
        &self,
        seen: Seen<'_>,
        actor: Actor,
        permission: Permission,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Decision {
        self.resolve(One(permission), seen, actor, target, facts).decide(permission)
    }

    /// Resolves an actor at a target by all the rules.
    pub(super) fn resolve<L: Lens>(
        &self,
        lens: L,
        seen: Seen<'_>,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Resolved<'_, L::View> {
        let resolved = Resolved::nothing(&self.catalog, seen.version(), facts);
        match self.scene(lens, seen, actor, target, facts) {
            Some(scene) => resolved.judge(lens, &scene, actor, target, facts),
            None => resolved,
        }
    }

    /// What the words say of an actor at a target; `None` for somebody who has nothing to do with the organization.
    fn scene<L: Lens>(
        &self,
        lens: L,
        seen: Seen<'_>,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Option<Scene<L::View>> {
        let standing: Standing = seen.slot.fields().standing_at(facts.now)?;
        let workspace = target.workspace();
        let place = workspace.and_then(|id| self.place(seen, id));
        let number = place.map(|place| place.number);
        let (who, service) = match actor {
            Actor::Service(id) => {
                let slot = self.services.find(self.key_in(seen, id.as_u128()), seen.scope, id.as_u128())?;
                let service = ServiceRecord::at(&self.records, slot.value());
                (service.sponsor().map_or(actor, Actor::User), Some(service))
            }
            Actor::Staff { on_behalf_of, .. } => (Actor::User(on_behalf_of), None),
            Actor::User(_) | Actor::Link(_) | Actor::Provisioner | Actor::System => (actor, None),
        };
        let person = who.user().and_then(|user| self.person(seen, user));
        let all = Roles::new(&self.catalog, &[]);
        let shared = match target {
            Target::Resource(resource) => shares::given(lens, all, resource, who, person.as_ref(), facts),
            Target::Organization | Target::Workspace(_) => None,
        };
        if person.is_none() && shared.is_none() && service.is_none() {
            return None;
        }
        let mut scene = Scene::of(standing, who);
        scene.stopped = service
            .filter(|service| !service.is_current(facts.now) || service.sponsor().is_none())
            .map(|_| DenyReason::AccessEnded)
            .or_else(|| person.and_then(|person| person.stopped(shared.is_some(), facts.now)))
            .or_else(|| (workspace.is_some() && place.is_none()).then_some(DenyReason::WorkspaceNotFound));
        if scene.stopped.is_some() {
            return Some(scene);
        }
        scene.workspace_archived = place.is_some_and(|place| place.detail & records::ARCHIVED != 0);
        scene.shared = shared;
        scene.service = service.map(|service| lens.look(&service.bound_at(number)));
        scene.staff = actor.is_staff().then(|| lens.look(&self.not_sensitive));
        if let Some(person) = person.filter(|person| person.belongs(facts.now)) {
            person.fill(lens, &mut scene, place, matches!(target, Target::Resource(_)), facts.now);
        }
        Some(scene)
    }

    fn person(&self, seen: Seen<'_>, user: UserId) -> Option<PersonSeen<'_>> {
        let slot: &SmallSlot = self.people.find(self.key_in(seen, user.as_u128()), seen.scope, user.as_u128())?;
        let (pass, [joined]) = (slot.value(), &slot.extra);
        let head = Head::of(&self.records, pass);
        Some(PersonSeen { directory: self, pass, head, joined: joined.load(Ordering::Relaxed) })
    }

    fn place(&self, seen: Seen<'_>, workspace: WorkspaceId) -> Option<PlaceSeen> {
        let key = workspace.as_u128();
        let slot: &SmallSlot = self.workspaces.find(self.key_in(seen, key), seen.scope, key)?;
        let [detail] = &slot.extra;
        Some(PlaceSeen { number: slot.value(), detail: detail.load(Ordering::Relaxed) })
    }

    /// The hash of something in an organization.
    #[inline]
    fn key_in(&self, seen: Seen<'_>, key: u128) -> u64 {
        seen.hash.wrapping_add(self.hash(key))
    }

    /// Everything, resolved.
    pub(super) fn access_in(
        &self,
        seen: Seen<'_>,
        actor: Actor,
        target: Target<'_>,
        facts: &Facts<'_>,
    ) -> Resolved<'_, PermissionSet> {
        self.resolve(Every, seen, actor, target, facts)
    }
}

impl PersonSeen<'_> {
    /// Rule 5.
    fn stopped(&self, shared: bool, now: Timestamp) -> Option<DenyReason> {
        if self.head.is_suspended() {
            return Some(DenyReason::PersonSuspended);
        }
        let ended = !self.is_member() && !shared && !self.has_current_row(now);
        ended.then_some(DenyReason::AccessEnded)
    }

    /// What the person holds in a place, or everywhere.
    fn fill<L: Lens>(
        &self,
        lens: L,
        scene: &mut Scene<L::View>,
        place: Option<PlaceSeen>,
        of_resource: bool,
        now: Timestamp,
    ) {
        let records = &self.directory.records;
        let row = place.and_then(|place| self.head.row_in(records, self.pass, place.number));
        let cell = row.filter(|row| row.is_current(now)).map_or(self.head.cell(), |row| row.cell);
        let held = self.directory.cells.held(lens, records, cell);
        (scene.belongs, scene.member) = (true, self.is_member());
        scene.layers = held.layers;
        scene.organization = held.organization;
        if let Some(rules) = place.filter(|place| place.detail & records::RULED != 0) {
            let is_in_team = |team| self.head.is_in_team(records, self.pass, team);
            let kin = (Cells::groups(records, self.head.cell()), is_in_team);
            let (given, taken) = records::given_and_taken(lens, records, rules.rules(), now, kin);
            scene.layers = scene.layers.ruled(given, taken);
        }
        if of_resource {
            scene.layers.sight = Cells::sight(records, cell);
            scene.could_do = Cells::could_do(lens, records, cell);
        }
    }
}

impl PlaceSeen {
    const fn rules(self) -> u32 {
        halves::low(self.detail)
    }
}

impl Kin for PersonSeen<'_> {
    fn is_member(&self) -> bool {
        self.head.is_member()
    }

    fn has_current_row(&self, now: Timestamp) -> bool {
        self.head.has_current_row(&self.directory.records, self.pass, now)
    }

    fn joined(&self) -> Version {
        Version::from_u64(self.joined)
    }

    fn groups(&self, _: Roles<'_>) -> RoleSet {
        Cells::groups(&self.directory.records, self.head.cell())
    }

    fn is_in_team(&self, team: TeamId) -> bool {
        self.head.is_in_team(&self.directory.records, self.pass, team)
    }
}
