//! Reading: what the directory's words say of an actor at a target, judged by the same rules as an organization itself.

use core::sync::atomic::Ordering;

use super::cell::Cells;
use super::pass::Pass;
use super::records::{self, ServiceRecord};
use super::slot::OrganizationSlot;
use super::{Directory, ORGANIZATION, Question, SmallSlot, halves, sequence};
use crate::access::{Decision, DenyReason, Facts, Kin, Lens, One, Resolved, Scene, Standing, Target, shares};
use crate::actor::Actor;
use crate::catalog::RoleSet;
use crate::id::{OrgId, TeamId, UserId, WorkspaceId};
use crate::organization::Roles;
use crate::time::Timestamp;
use crate::version::Version;

/// An organization as one look finds it.
#[derive(Clone, Copy)]
pub(super) struct Seen<'d> {
    pub(super) slot: &'d OrganizationSlot,
    pub(super) scope: u32,
    pub(super) hash: u64,
}

impl Seen<'_> {
    pub(super) fn version(self) -> Version {
        self.slot.fields().version()
    }
}

/// An id and its hash.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    pub(super) id: u128,
    pub(super) hash: u64,
}

/// A person as one look finds them.
#[derive(Clone, Copy)]
struct PersonSeen<'d> {
    directory: &'d Directory,
    pass: Pass<'d>,
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
        let mut looks = 0;
        loop {
            if let Some(moves) = sequence::begin(&self.moves) {
                match self.organizations.find(hash, ORGANIZATION, id) {
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

    /// The decision by all the rules.
    pub(super) fn fully(&self, seen: Seen<'_>, question: &Question<'_>, facts: &Facts<'_>) -> Decision {
        let Question { actor, permission, target, .. } = *question;
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
        let (pass, [joined]) = (Pass::named(&self.records, slot.value()), &slot.extra);
        Some(PersonSeen { directory: self, pass, joined: joined.load(Ordering::Relaxed) })
    }

    fn place(&self, seen: Seen<'_>, workspace: WorkspaceId) -> Option<PlaceSeen> {
        let key = workspace.as_u128();
        let slot: &SmallSlot = self.workspaces.find(self.key_in(seen, key), seen.scope, key)?;
        let [detail] = &slot.extra;
        Some(PlaceSeen { number: records::number_of(slot.value()), detail: detail.load(Ordering::Relaxed) })
    }

    /// The hash of something in an organization.
    #[inline]
    fn key_in(&self, seen: Seen<'_>, key: u128) -> u64 {
        seen.hash.wrapping_add(self.hash(key))
    }
}

impl PersonSeen<'_> {
    /// Rule 5.
    fn stopped(&self, shared: bool, now: Timestamp) -> Option<DenyReason> {
        if self.pass.is_suspended() {
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
        let row = place.and_then(|place| self.pass.row_in(place.number));
        let cell = row.filter(|row| row.is_current(now)).map_or(self.pass.cell(), |row| row.cell);
        (scene.belongs, scene.member) = (true, self.is_member());
        (scene.layers, scene.organization) = self.directory.cells.held(lens, records, cell);
        if let Some(rules) = place.filter(|place| place.detail & records::RULED != 0) {
            let is_in_team = |team| self.pass.is_in_team(team);
            let kin = (Cells::groups(records, self.pass.cell()), is_in_team);
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
        self.pass.is_member()
    }

    fn has_current_row(&self, now: Timestamp) -> bool {
        self.pass.has_current_row(now)
    }

    fn joined(&self) -> Version {
        Version::from_u64(self.joined)
    }

    fn groups(&self, _: Roles<'_>) -> RoleSet {
        Cells::groups(&self.directory.records, self.pass.cell())
    }

    fn is_in_team(&self, team: TeamId) -> bool {
        self.pass.is_in_team(team)
    }
}
