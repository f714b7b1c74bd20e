//! The search: proposals are judged, applied to copies, and the question is asked again.
//!
//! The first rule that stops is the first to be got past, so the search goes from denial to denial, all states of as many
//! changes at once. What it finds is tried without each of its parts before it is told.

use alloc::vec::Vec;

use super::question::Question;
use super::{Nearest, Obstacle, Remedy, Somebody, Step, giving, taking};
use crate::access::{Decision, DenyReason, Facts};
use crate::actor::Actor;
use crate::change::difference::differences;
use crate::change::{AccessChange, Command, Invite, Outcome};
use crate::id::{UserId, WorkspaceId};
use crate::limits::{
    NEAREST_PEOPLE_MAX, NEAREST_STALLED_MAX, NEAREST_STATES_MAX, NEAREST_STEPS_MAX, NEAREST_TAKES_MAX,
};
use crate::organization::{Organization, Override};

pub(super) struct Search<'q> {
    question: Question<'q>,
}

/// A state on the way, and how it came about.
struct State {
    organization: Organization,
    reason: DenyReason,
    done: Vec<(Command, Actor)>,
    /// How many changes in a row have got past nothing.
    stalled: usize,
}

/// Who may help.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Help {
    /// The platform only where nobody of the organization can do anything about a rule.
    PeopleFirst,
    /// Either.
    Anybody,
}

/// What was found: how it came about, and what would be given by it.
type Found = (Vec<(Command, Actor)>, Cost);

/// Changes that only the platform makes, permissions that are gained, keys that are named.
type Cost = (usize, usize, usize);

impl<'q> Search<'q> {
    pub(super) const fn new(question: Question<'q>) -> Self {
        Self { question }
    }

    /// The smallest set of changes after which it is not denied.
    pub(super) fn gives(&self, organization: &Organization, reason: DenyReason) -> Nearest {
        let mut farthest = reason;
        let found = [Help::PeopleFirst, Help::Anybody]
            .into_iter()
            .find_map(|help| self.shortest(organization, reason, help, &mut farthest));
        let Some(done) = found.map(|done| self.smallest(organization, done)) else {
            return Nearest::OutOfReach(Obstacle::behind(organization, &self.question, farthest));
        };
        let after = self.after(organization, &done);
        let step_up = match after.map(|after| self.question.ask(&after)) {
            Some(Decision::StepUp(requirement)) => Some(requirement),
            _ => None,
        };
        Nearest::Gives(Remedy { steps: self.steps(organization, &done), step_up })
    }

    /// The least of the shortest ways past every denial.
    fn shortest(
        &self,
        organization: &Organization,
        reason: DenyReason,
        help: Help,
        farthest: &mut DenyReason,
    ) -> Option<Vec<(Command, Actor)>> {
        let start = State { organization: organization.clone(), reason, done: Vec::new(), stalled: 0 };
        let mut states: Vec<State> = [start].into();
        for _ in 0..NEAREST_STEPS_MAX {
            let (mut found, mut next): (Vec<Found>, Vec<State>) = (Vec::new(), Vec::new());
            for state in &states {
                self.beyond(organization, state, help, &mut found, &mut next);
            }
            if let Some((done, _)) = found.into_iter().min_by_key(|(_, cost)| *cost) {
                return Some(done);
            }
            // Those that got farthest go on.
            next.sort_by_key(|state| core::cmp::Reverse(rule(state.reason)));
            next.truncate(NEAREST_STATES_MAX);
            let best = next.first().map(|state| state.reason);
            *farthest = best.filter(|best| rule(*best) > rule(*farthest)).unwrap_or(*farthest);
            states = next;
        }
        None
    }

    /// Everything that one more change leads to.
    fn beyond(&self, start: &Organization, state: &State, help: Help, found: &mut Vec<Found>, next: &mut Vec<State>) {
        let proposals = giving::proposals(&state.organization, &self.question, state.reason, invited(&state.done));
        let room = self.room(&state.organization, &proposals);
        let proposals =
            proposals.into_iter().map(|command| (command, false)).chain(room.into_iter().map(|c| (c, true)));
        let proposals: Vec<(Command, bool, Option<Actor>)> = proposals
            .map(|(command, is_room)| {
                let first = self.first(&state.organization, &command);
                (command, is_room, first)
            })
            .collect();
        let platform = help == Help::Anybody || proposals.iter().all(|(_, _, person)| person.is_none());
        for (command, is_room, person) in proposals {
            let Some(actor) = person.or(platform.then_some(Actor::System)) else { continue };
            let Some(organization) = self.tried(&state.organization, &command, actor) else { continue };
            let done: Vec<(Command, Actor)> = state.done.iter().cloned().chain([(command, actor)]).collect();
            match self.question.ask(&organization) {
                Decision::Deny(reason) => {
                    let advances = rule(reason) > rule(state.reason);
                    let stalls = usize::from(!is_room); // what makes room makes it once
                    let stalled = if advances { 0 } else { state.stalled.saturating_add(stalls) };
                    if stalled <= NEAREST_STALLED_MAX {
                        next.push(State { organization, reason, done, stalled });
                    }
                }
                Decision::Allow | Decision::StepUp(_) => {
                    let platform = done.iter().filter(|(_, actor)| *actor == Actor::System).count();
                    let gained = self.sum(start, &organization, |change| change.gained.len());
                    let named = done.iter().map(|(command, _)| keys_in(command)).fold(0, usize::saturating_add);
                    found.push((done, (platform, gained, named)));
                }
            }
        }
    }

    /// What would make room for proposals that are refused for want of it.
    fn room(&self, organization: &Organization, proposals: &[Command]) -> Vec<Command> {
        let mut room: Vec<Command> = Vec::new();
        for command in proposals {
            let by = match command {
                Command::Accept(_) => self.question.subject(organization).map_or(Actor::System, Actor::User),
                _ => Actor::System,
            };
            let refused = organization.handle(command, &self.signed_in(organization).by(by)).err();
            let more = refused.map(|refusal| giving::room(organization, &self.question, &refusal)).unwrap_or_default();
            room.extend(more.into_iter().filter(|command| !room.contains(command)).collect::<Vec<_>>());
        }
        room
    }

    /// The smallest part of it that does as well, whoever makes it; parts of one size in their order.
    fn smallest(&self, organization: &Organization, done: Vec<(Command, Actor)>) -> Vec<(Command, Actor)> {
        let bits = u32::try_from(done.len()).unwrap_or(u32::MAX).min(16);
        let mut parts: Vec<u32> = (1..1_u32.checked_shl(bits).unwrap_or(1)).collect();
        parts.sort_by_key(|part| part.count_ones());
        let part_of = |part: u32| {
            let chosen = done.iter().zip(0_u32..).filter(|(_, at)| part.checked_shr(*at).unwrap_or(0) & 1 == 1);
            self.made_up(organization, chosen.map(|(step, _)| step))
        };
        let smallest = parts.into_iter().filter_map(part_of).find(|part| self.does(organization, part));
        smallest.unwrap_or(done)
    }

    /// The same changes by somebody from whom each is accepted as things are then.
    fn made_up<'d>(
        &self,
        organization: &Organization,
        done: impl Iterator<Item = &'d (Command, Actor)>,
    ) -> Option<Vec<(Command, Actor)>> {
        let (mut before, mut made) = (organization.clone(), Vec::new());
        for (command, actor) in done {
            let others = || self.first(&before, command).into_iter().chain([Actor::System]);
            let tried = |by| Some((by, self.tried(&before, command, by)?));
            let (by, after) = tried(*actor).or_else(|| others().find_map(tried))?;
            before = after;
            made.push((command.clone(), by));
        }
        Some(made)
    }

    /// Whether it turns the answer.
    fn does(&self, organization: &Organization, done: &[(Command, Actor)]) -> bool {
        let after = self.after(organization, done);
        after.is_some_and(|after| !matches!(self.question.ask(&after), Decision::Deny(_)))
    }

    /// The organization after all of it. Nothing is copied for what is refused.
    fn after(&self, organization: &Organization, done: &[(Command, Actor)]) -> Option<Organization> {
        let mut after: Option<Organization> = None;
        for (command, actor) in done {
            after = Some(self.tried(after.as_ref().unwrap_or(organization), command, *actor)?);
        }
        after
    }

    /// Each change with everybody from whom it would be accepted, and with whom all of it works out.
    fn steps(&self, organization: &Organization, done: &[(Command, Actor)]) -> Vec<Step> {
        let mut before = organization.clone();
        let mut steps = Vec::with_capacity(done.len());
        for (at, (command, actor)) in done.iter().enumerate() {
            let rest: Vec<(Command, Actor)> = done.iter().skip(at).cloned().collect();
            let works = |by: Actor| {
                let mut rest = rest.clone();
                rest.iter_mut().take(1).for_each(|(_, actor)| *actor = by);
                self.does(&before, &rest)
            };
            steps.push(self.step(&before, command, works));
            if let Some(after) = self.tried(&before, command, *actor) {
                before = after;
            }
        }
        steps
    }

    /// What would take a yes away, each by itself, the smallest loss first.
    pub(super) fn takes(&self, organization: &Organization) -> Vec<Step> {
        let mut found: Vec<(usize, Step)> = Vec::new();
        for command in taking::proposals(organization, &self.question) {
            let works = |by: Actor| {
                let after = self.tried(organization, &command, by);
                after.is_some_and(|after| matches!(self.question.ask(&after), Decision::Deny(_)))
            };
            let step = self.step(organization, &command, works);
            let by = step.by.first().map_or(Actor::System, |somebody| Actor::User(somebody.user));
            if let Some(after) = self.tried(organization, &command, by).filter(|_| works(by)) {
                found.push((self.sum(organization, &after, |change| change.lost.len()), step));
            }
        }
        found.sort_by_key(|(loss, _)| *loss);
        found.truncate(NEAREST_TAKES_MAX);
        found.into_iter().map(|(_, step)| step).collect()
    }

    /// One change with those with whom it works.
    fn step(&self, before: &Organization, command: &Command, works: impl Fn(Actor) -> bool) -> Step {
        let roles = |user| before.roles().keys(before.roles_of(user));
        let people = self.people(before, command).filter(|user| works(Actor::User(*user)));
        let mut by: Vec<Somebody> = people
            .map(|user| Somebody { user, roles: roles(user) })
            .take(NEAREST_PEOPLE_MAX.saturating_add(1))
            .collect();
        let more = by.len() > NEAREST_PEOPLE_MAX;
        by.truncate(NEAREST_PEOPLE_MAX);
        Step { command: command.clone(), by, more }
    }

    /// The first person from whom a command would be accepted.
    fn first(&self, organization: &Organization, command: &Command) -> Option<Actor> {
        if !self.is_in_person(command) && self.tried_by(organization, command, Actor::System).is_none() {
            return None; // what is refused to the platform is refused to everybody
        }
        let mut people = self.people(organization, command).map(Actor::User);
        people.find(|actor| self.tried_by(organization, command, *actor).is_some())
    }

    /// Who could come to give a command: whom an invitation is for answers it, everything else is for people who are here.
    fn people<'o>(&self, organization: &'o Organization, command: &Command) -> impl Iterator<Item = UserId> + use<'o> {
        let answers = matches!(command, Command::Accept(_));
        let subject = self.question.subject(organization).filter(|_| answers);
        let here = organization.people().map(|(user, _)| user).filter(move |_| !answers);
        subject.into_iter().chain(here)
    }

    /// Whether only people give a command, each for themselves.
    const fn is_in_person(&self, command: &Command) -> bool {
        matches!(command, Command::Accept(_) | Command::AdoptService(_) | Command::ChangeService(_))
    }

    /// What came of a command, if it is accepted from the actor.
    fn tried_by(&self, organization: &Organization, command: &Command, actor: Actor) -> Option<Outcome> {
        organization.handle(command, &self.signed_in(organization).by(actor)).ok()
    }

    /// The organization after a command, if it is accepted from the actor.
    fn tried(&self, organization: &Organization, command: &Command, actor: Actor) -> Option<Organization> {
        let outcome = self.tried_by(organization, command, actor)?;
        let mut after = organization.clone();
        outcome.records.iter().for_each(|record| after.apply(record));
        Some(after)
    }

    /// The moment, for somebody who is signed in as well as anybody asks.
    fn signed_in(&self, organization: &Organization) -> Facts<'static> {
        let now = self.question.facts.now;
        let mut facts = Facts::at(now).authenticated(now).with_second_factor();
        facts.provider = organization.required_provider(now);
        facts.with_features(self.question.facts.features)
    }

    /// How many permissions differ, over all people and places.
    fn sum(&self, before: &Organization, after: &Organization, of: impl Fn(&AccessChange) -> usize) -> usize {
        let differ = differences(before, after, &self.question.facts);
        differ.iter().map(of).fold(0, usize::saturating_add)
    }
}

/// An invitation that was sent on the way, and is not answered yet.
fn invited(done: &[(Command, Actor)]) -> Option<&Invite> {
    let (mut last, answered) = (None, done.iter().any(|(command, _)| matches!(command, Command::Accept(_))));
    for (command, _) in done {
        if let Command::Invite(invite) = command {
            last = Some(invite);
        }
    }
    last.filter(|_| !answered)
}

/// How many roles and permissions a command names: of two that give as much, the plainer one is told.
fn keys_in(command: &Command) -> usize {
    let row = |changes: &Override| {
        usize::from(changes.role.is_some()).saturating_add(changes.added.len()).saturating_add(changes.removed.len())
    };
    let rows = |access: &[(WorkspaceId, Override)]| {
        access.iter().map(|(_, changes)| row(changes).saturating_add(1)).fold(0, usize::saturating_add)
    };
    match command {
        Command::GiveAccess(give) => row(&give.changes),
        Command::ChangeRoles(change) => change.roles.len(),
        Command::AddMember(add) => add.roles.len().saturating_add(rows(&add.access)),
        Command::AddCollaborator(add) => rows(&add.access),
        Command::Invite(invite) => invite.roles.len().saturating_add(rows(&invite.access)),
        _ => 0,
    }
}

/// How far a denial is from the first rule; what is bounded comes after what is held.
const fn rule(reason: DenyReason) -> u8 {
    match reason {
        DenyReason::NotFound => 10,
        DenyReason::OrganizationPastDue | DenyReason::OrganizationSuspended => 30,
        DenyReason::OrganizationArchived => 40,
        DenyReason::PersonSuspended | DenyReason::AccessEnded => 50,
        DenyReason::WorkspaceNotFound | DenyReason::WorkspaceArchived => 60,
        DenyReason::NotGranted
        | DenyReason::ReplacedByOverride
        | DenyReason::TakenByRule
        | DenyReason::RemovedByOverride => 70,
        DenyReason::NotShared | DenyReason::Private | DenyReason::ShareBeyondRole => 71,
        DenyReason::Restricted => 72,
        DenyReason::NotForStaff => 73,
        DenyReason::NeedsFeature { .. } => 80,
    }
}
