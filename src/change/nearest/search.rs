//! The search: proposals are judged, applied to copies, and the question is asked again.
//!
//! The first rule that stops is the first to be got past, so the search goes from denial to denial, all states of as many
//! changes at once. What it finds is tried without each of its parts before it is told.

use alloc::vec::Vec;

use super::giving::Owners;
use super::question::Question;
use super::situation::Situation;
use super::{Change, Nearest, Obstacle, Remedy, Somebody, Step, giving, taking};
use crate::access::{Decision, DenyReason, Facts};
use crate::actor::Actor;
use crate::change::difference::differences;
use crate::change::{Command, Invite};
use crate::id::{UserId, WorkspaceId};
use crate::limits::{
    NEAREST_PEOPLE_MAX, NEAREST_STALLED_MAX, NEAREST_STATES_MAX, NEAREST_STEPS_MAX, NEAREST_TAKES_MAX,
};
use crate::organization::{Organization, Override};
use crate::sharing::ShareCommand;
use crate::version::Version;

pub(super) struct Search<'q> {
    question: Question<'q>,
}

/// A state on the way, and how it came about.
struct State {
    situation: Situation,
    reason: DenyReason,
    done: Vec<(Change, Actor)>,
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

/// What was found: how it came about, and at what cost.
type Found = (Vec<(Change, Actor)>, Cost);

/// What something costs, in the order in which it counts.
#[derive(Clone, Copy, Eq, Ord, PartialEq, PartialOrd)]
struct Cost {
    /// Changes that only the platform makes.
    platform: usize,
    /// Permissions that people lose.
    lost: usize,
    /// Permissions that people gain.
    gained: usize,
    /// Keys that are named: of two that give as much, the plainer one is told.
    named: usize,
}

/// Where it is searched, until something is found: nobody is made an owner for what anything else allows.
const PASSES: [(Help, Owners); 4] = [
    (Help::PeopleFirst, Owners::No),
    (Help::Anybody, Owners::No),
    (Help::PeopleFirst, Owners::Yes),
    (Help::Anybody, Owners::Yes),
];

impl<'q> Search<'q> {
    pub(super) const fn new(question: Question<'q>) -> Self {
        Self { question }
    }

    /// The smallest set of changes after which it is not denied.
    pub(super) fn gives(&self, start: &Situation, reason: DenyReason) -> Nearest {
        let mut farthest = reason;
        let found = PASSES.into_iter().find_map(|pass| self.shortest(start, reason, pass, &mut farthest));
        let Some(done) = found.map(|done| self.smallest(start, done)) else {
            let obstacle = Obstacle::behind(&start.organization, &self.question, farthest);
            return Nearest::OutOfReach(obstacle);
        };
        let after = self.after(start, &done);
        let step_up = match after.map(|after| after.answers(&self.question)) {
            Some(Decision::StepUp(requirement)) => Some(requirement),
            _ => None,
        };
        Nearest::Gives(Remedy { steps: self.steps(start, &done), step_up })
    }

    /// The least of the shortest ways past every denial.
    fn shortest(
        &self,
        start: &Situation,
        reason: DenyReason,
        pass: (Help, Owners),
        farthest: &mut DenyReason,
    ) -> Option<Vec<(Change, Actor)>> {
        let first = State { situation: start.clone(), reason, done: Vec::new(), stalled: 0 };
        let mut states: Vec<State> = [first].into();
        for _ in 0..NEAREST_STEPS_MAX {
            let (mut found, mut next): (Vec<Found>, Vec<State>) = (Vec::new(), Vec::new());
            for state in &states {
                self.beyond(start, state, pass, &mut found, &mut next);
            }
            if let Some((done, _)) = found.into_iter().min_by_key(|(_, cost)| *cost) {
                return Some(done);
            }
            // Those that got farthest go on.
            next.sort_by_key(|state| core::cmp::Reverse(rule(state.reason)));
            next.truncate(NEAREST_STATES_MAX);
            let reasons = [*farthest].into_iter().chain(next.first().map(|state| state.reason));
            *farthest = reasons.max_by_key(|reason| rule(*reason)).unwrap_or(*farthest);
            states = next;
        }
        None
    }

    /// Everything that one more change leads to.
    fn beyond(
        &self,
        start: &Situation,
        state: &State,
        (help, owners): (Help, Owners),
        found: &mut Vec<Found>,
        next: &mut Vec<State>,
    ) {
        let now = &state.situation;
        let proposals = giving::proposals(now, &self.question, state.reason, invited(&state.done), owners);
        let room = self.room(now, &proposals);
        let proposals = proposals.into_iter().map(|change| (change, false)).chain(room.into_iter().map(|c| (c, true)));
        let proposals: Vec<(Change, bool, Option<Actor>)> = proposals
            .map(|(change, is_room)| {
                let first = self.first(now, &change);
                (change, is_room, first)
            })
            .collect();
        let platform = help == Help::Anybody || proposals.iter().all(|(_, _, person)| person.is_none());
        for (change, is_room, person) in proposals {
            let Some(actor) = person.or(platform.then_some(Actor::System)) else { continue };
            let Some(situation) = self.tried(now, &change, actor) else { continue };
            let done: Vec<(Change, Actor)> = state.done.iter().cloned().chain([(change, actor)]).collect();
            match situation.answers(&self.question) {
                Decision::Deny(reason) => {
                    let advances = rule(reason) > rule(state.reason);
                    let stalls = usize::from(!is_room); // what makes room makes it once
                    let stalled = if advances { 0 } else { state.stalled.saturating_add(stalls) };
                    if stalled <= NEAREST_STALLED_MAX {
                        next.push(State { situation, reason, done, stalled });
                    }
                }
                Decision::Allow | Decision::StepUp(_) => {
                    let cost = self.cost(&start.organization, &situation.organization, &done);
                    found.push((done, cost));
                }
            }
        }
    }

    fn cost(&self, before: &Organization, after: &Organization, done: &[(Change, Actor)]) -> Cost {
        let platform = done.iter().filter(|(_, actor)| *actor == Actor::System).count();
        let named = done.iter().map(|(change, _)| keys_in(change)).fold(0, usize::saturating_add);
        let (gained, lost) = self.sums(before, after);
        Cost { platform, lost, gained, named }
    }

    /// What would make room for proposals that are refused for want of it.
    fn room(&self, now: &Situation, proposals: &[Change]) -> Vec<Change> {
        let organization = &now.organization;
        let mut room: Vec<Change> = Vec::new();
        for command in proposals.iter().filter_map(Change::command) {
            let answers = is_answer(command).then(|| self.question.subject(organization)).flatten();
            let by = answers.map_or(Actor::System, Actor::User);
            let refused = organization.handle(command, &self.signed_in(organization).by(by)).err();
            let more = refused.map(|refusal| giving::room(organization, &self.question, &refusal)).unwrap_or_default();
            for change in more.into_iter().map(Change::from) {
                if !room.contains(&change) {
                    room.push(change);
                }
            }
        }
        room
    }

    /// The smallest part of it that does as well, whoever makes it; parts of one size in their order.
    pub(super) fn smallest(&self, start: &Situation, done: Vec<(Change, Actor)>) -> Vec<(Change, Actor)> {
        let bits = u32::try_from(done.len()).unwrap_or(u32::MAX).min(16);
        let mut parts: Vec<u32> = (1..1_u32.checked_shl(bits).unwrap_or(1)).collect();
        parts.sort_by_key(|part| part.count_ones());
        let part_of = |part: u32| {
            let chosen = done.iter().zip(0_u32..).filter(|(_, at)| part.checked_shr(*at).unwrap_or(0) & 1 == 1);
            self.made_up(start, chosen.map(|(step, _)| step))
        };
        let smallest = parts.into_iter().filter_map(part_of).find(|part| self.does(start, part));
        smallest.unwrap_or(done)
    }

    /// The same changes by somebody from whom each is accepted as things are then.
    fn made_up<'d>(
        &self,
        start: &Situation,
        done: impl Iterator<Item = &'d (Change, Actor)>,
    ) -> Option<Vec<(Change, Actor)>> {
        let (mut before, mut made) = (start.clone(), Vec::new());
        for (change, actor) in done {
            let others = || self.first(&before, change).into_iter().chain([Actor::System]);
            let tried = |by| Some((by, self.tried(&before, change, by)?));
            let (by, after) = tried(*actor).or_else(|| others().find_map(tried))?;
            before = after;
            made.push((change.clone(), by));
        }
        Some(made)
    }

    /// Whether it turns the answer.
    fn does(&self, start: &Situation, done: &[(Change, Actor)]) -> bool {
        let after = self.after(start, done);
        after.is_some_and(|after| !matches!(after.answers(&self.question), Decision::Deny(_)))
    }

    /// How things stand after all of it. Nothing is copied for what is refused.
    fn after(&self, start: &Situation, done: &[(Change, Actor)]) -> Option<Situation> {
        let mut after: Option<Situation> = None;
        for (change, actor) in done {
            after = Some(self.tried(after.as_ref().unwrap_or(start), change, *actor)?);
        }
        after
    }

    /// Each change with everybody from whom it would be accepted, and with whom all of it works out.
    fn steps(&self, start: &Situation, done: &[(Change, Actor)]) -> Vec<Step> {
        let mut before = start.clone();
        let mut steps = Vec::with_capacity(done.len());
        for (at, (change, actor)) in done.iter().enumerate() {
            let rest: Vec<(Change, Actor)> = done.iter().skip(at).cloned().collect();
            let works = |by: Actor| {
                let mut rest = rest.clone();
                rest.iter_mut().take(1).for_each(|(_, actor)| *actor = by);
                self.does(&before, &rest)
            };
            steps.push(self.step(&before, change, works));
            if let Some(after) = self.tried(&before, change, *actor) {
                before = after;
            }
        }
        steps
    }

    /// What would take a yes away, each by itself, the smallest loss first.
    pub(super) fn takes(&self, start: &Situation) -> Vec<Step> {
        let mut found: Vec<(usize, Step)> = Vec::new();
        for change in taking::proposals(start, &self.question) {
            let works = |by: Actor| {
                let after = self.tried(start, &change, by);
                after.is_some_and(|after| matches!(after.answers(&self.question), Decision::Deny(_)))
            };
            let step = self.step(start, &change, works);
            let by = step.by.first().map_or(Actor::System, |somebody| Actor::User(somebody.user));
            if let Some(after) = self.tried(start, &change, by).filter(|_| works(by)) {
                let (_, lost) = self.sums(&start.organization, &after.organization);
                found.push((lost, step));
            }
        }
        found.sort_by_key(|(loss, _)| *loss);
        found.truncate(NEAREST_TAKES_MAX);
        found.into_iter().map(|(_, step)| step).collect()
    }

    /// One change with those with whom it works.
    fn step(&self, before: &Situation, change: &Change, works: impl Fn(Actor) -> bool) -> Step {
        let organization = &before.organization;
        let roles = |user| organization.roles().keys(organization.roles_of(user));
        let people = self.people(organization, change).into_iter().filter(|user| works(Actor::User(*user)));
        let mut by: Vec<Somebody> = people
            .map(|user| Somebody { user, roles: roles(user) })
            .take(NEAREST_PEOPLE_MAX.saturating_add(1))
            .collect();
        let more = by.len() > NEAREST_PEOPLE_MAX;
        by.truncate(NEAREST_PEOPLE_MAX);
        Step { change: change.clone(), by, more }
    }

    /// The first person from whom a change would be accepted.
    fn first(&self, now: &Situation, change: &Change) -> Option<Actor> {
        let facts = self.signed_in(&now.organization);
        let refused = |command: &Command| !is_in_person(command) && !now.accepts(command, Actor::System, &facts);
        if change.command().is_some_and(refused) {
            return None; // what is refused to the platform is refused to everybody
        }
        let mut people = self.people(&now.organization, change).into_iter().map(Actor::User);
        people.find(|actor| match change {
            Change::Organization(command) => now.accepts(command, *actor, &facts),
            Change::Share(..) => self.tried(now, change, *actor).is_some(),
        })
    }

    /// Who could come to make a change, in the order in which they joined: whom an invitation or an offer is for answers it,
    /// everything else is for people who are here.
    fn people(&self, organization: &Organization, change: &Change) -> Vec<UserId> {
        if change.command().is_some_and(is_answer) {
            return self.question.subject(organization).into_iter().collect();
        }
        let joined = organization.people().map(|(user, person)| (person.joined().version, user));
        let mut here: Vec<(Version, UserId)> = joined.collect();
        here.sort_unstable();
        here.into_iter().map(|(_, user)| user).collect()
    }

    /// How things stand after a change, if it is accepted from the actor.
    fn tried(&self, now: &Situation, change: &Change, actor: Actor) -> Option<Situation> {
        now.after(change, actor, &self.question, &self.signed_in(&now.organization))
    }

    /// The moment, for somebody who is signed in as well as anybody asks.
    fn signed_in(&self, organization: &Organization) -> Facts<'static> {
        let now = self.question.facts.now;
        let mut facts = Facts::at(now).authenticated(now).with_second_factor();
        facts.provider = organization.required_provider(now);
        facts.with_features(self.question.facts.features)
    }

    /// How many permissions are gained and lost, over all people and places.
    fn sums(&self, before: &Organization, after: &Organization) -> (usize, usize) {
        let differ = differences(before, after, self.question.facts);
        differ.iter().fold((0, 0), |(gained, lost), change| {
            (gained.saturating_add(change.gained.len()), lost.saturating_add(change.lost.len()))
        })
    }
}

/// Whether it answers what somebody else has begun.
const fn is_answer(command: &Command) -> bool {
    matches!(command, Command::Accept(_) | Command::AcceptOwnership(_))
}

/// Whether only people give a command, each for themselves.
const fn is_in_person(command: &Command) -> bool {
    let own = matches!(command, Command::AdoptService(_) | Command::ChangeService(_) | Command::TransferOwnership(_));
    own || is_answer(command)
}

/// An invitation that was sent on the way, and is not answered yet.
fn invited(done: &[(Change, Actor)]) -> Option<&Invite> {
    let commands = || done.iter().filter_map(|(change, _)| change.command());
    let answered = commands().any(|command| matches!(command, Command::Accept(_)));
    let mut invites = commands().filter_map(|command| match command {
        Command::Invite(invite) => Some(invite),
        _ => None,
    });
    invites.next_back().filter(|_| !answered)
}

/// How many roles and permissions a change names.
pub(super) fn keys_in(change: &Change) -> usize {
    let row = |changes: &Override| {
        usize::from(changes.role.is_some()).saturating_add(changes.added.len()).saturating_add(changes.removed.len())
    };
    let rows = |access: &[(WorkspaceId, Override)]| {
        access.iter().map(|(_, changes)| row(changes).saturating_add(1)).fold(0, usize::saturating_add)
    };
    let command = match change {
        Change::Organization(command) => command,
        Change::Share(_, ShareCommand::GiveShare(give)) => return give.level.len(),
        Change::Share(..) => return 0,
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
