//! Races: two processes with a copy each, one store. Every order in which they can load and append is tried, and each
//! must end as if one command had come after the other.

use bailiwick::Organization;
use bailiwick::change::*;
use bailiwick::rows::RowChanges;
use bailiwick::store::{Append, Appended, Batch, Keys, MemoryStore, Store};
use bailiwick::{Actor, Override, Seats, Span, Version};

use crate::support::samples::{ADMIN, Ids, MEMBER, NOW, OWNER, STRANGER, address, catalog, facts, name, run, secret};

const OWN: Ids = Ids::OWN;

/// What one process is about to do.
#[derive(Clone, Debug, PartialEq)]
enum State {
    /// Judge what it has, and append.
    Judge,
    /// Load what others have appended.
    Load,
    /// It has its answer.
    Done(Result<(), &'static str>),
}

/// One process: its copy, its command.
#[derive(Clone)]
struct Process {
    org: Organization,
    actor: Actor,
    command: Command,
    state: State,
    /// What it judged, waiting to be appended: the moment between the two is where races are lost.
    judged: Option<Outcome>,
}

impl Process {
    /// One step against the store; `true` while there is more to do.
    fn step(&mut self, store: &mut Vec<Record>) {
        match self.state.clone() {
            State::Load => {
                let missing = store.iter().filter(|record| record.version > self.org.version());
                let missing: Vec<Record> = missing.cloned().collect();
                missing.iter().for_each(|record| self.org.apply(record));
                self.state = State::Judge;
            }
            State::Judge => match self.judged.take() {
                None => match self.org.handle(&self.command, &facts().by(self.actor)) {
                    Ok(outcome) => self.judged = Some(outcome),
                    // A refusal on an old copy is judged again on the newest, as the front door does.
                    Err(_) if store.last().is_some_and(|last| last.version > self.org.version()) => {
                        self.state = State::Load;
                    }
                    Err(refusal) => self.state = State::Done(Err(refusal.code())),
                },
                Some(outcome) => {
                    let at = store.last().map_or(Version::ZERO, |last| last.version);
                    if at == self.org.version() {
                        outcome.records.iter().for_each(|record| self.org.apply(record));
                        store.extend(outcome.records);
                        self.state = State::Done(Ok(()));
                    } else {
                        self.state = State::Load;
                    }
                }
            },
            State::Done(_) => {}
        }
    }

    fn is_done(&self) -> bool {
        matches!(self.state, State::Done(_))
    }
}

type Answers = [Result<(), &'static str>; 2];

/// Every order of steps, to the end; `ended` hears the answers and the history.
fn explore(processes: &[Process; 2], store: &[Record], ended: &mut dyn FnMut(Answers, &[Record])) {
    if processes.iter().all(Process::is_done) {
        let answer = |process: &Process| match process.state {
            State::Done(answer) => answer,
            _ => panic!("both are done"),
        };
        return ended([answer(&processes[0]), answer(&processes[1])], store);
    }
    for turn in 0..2 {
        if !processes[turn].is_done() {
            let (mut next, mut store) = (processes.clone(), store.to_vec());
            next[turn].step(&mut store);
            explore(&next, &store, ended);
        }
    }
}

/// The team of every race: two owners, a member, an invitation, so many seats.
fn team(seats: u64, owners: bool) -> (Organization, Vec<Record>) {
    let (mut org, mut records) = (Organization::new(OWN.organization(), catalog()), Vec::new());
    let owner = Actor::User(OWN.user(OWNER));
    let mut does = |actor: Actor, command: Command| records.extend(run(&mut org, actor, command));
    let create = CreateOrganization {
        name: name("Acme"),
        plan: "team".into(),
        seats: Seats::new(seats),
        owned: 0,
        workspace: OWN.workspace(1),
    };
    does(owner, create.into());
    does(owner, CreateWorkspace { workspace: OWN.workspace(1), name: name("One") }.into());
    let second = if owners { "owner" } else { "admin" };
    does(owner, AddMember { user: OWN.user(ADMIN), roles: vec![second.into()], access: vec![] }.into());
    does(owner, AddMember { user: OWN.user(MEMBER), roles: vec!["member".into()], access: vec![] }.into());
    for n in 1..=2 {
        let to = address(&format!("new{n}@example.com"));
        let invite = Invite::to(OWN.invitation(n), to, secret(n as u8)).role("member");
        does(Actor::User(OWN.user(ADMIN)), invite.into());
    }
    (org, records)
}

fn user(n: u64) -> Actor {
    Actor::User(OWN.user(n))
}

fn accept(n: u64) -> (Actor, Command) {
    let proof = AddressProof::Verified(address(&format!("new{n}@example.com")));
    let accept = Accept { invitation: OWN.invitation(n), secret: secret(n as u8), address: proof };
    (user(STRANGER + n), accept.into())
}

/// Runs two commands in every order, and says which pairs of answers there were. Each must be one that the two commands
/// have when they come one after the other.
fn race(seats: u64, owners: bool, first: (Actor, Command), second: (Actor, Command)) -> Vec<Answers> {
    let (org, records) = team(seats, owners);
    let process = |(actor, command): (Actor, Command)| Process {
        org: org.clone(),
        actor,
        command,
        state: State::Judge,
        judged: None,
    };
    let processes = [process(first.clone()), process(second.clone())];
    let one_after_the_other = |order: [usize; 2]| {
        let mut org = org.clone();
        let mut answers: Answers = [Ok(()); 2];
        for at in order {
            let (actor, command) = [&first, &second][at];
            match org.handle(command, &facts().by(*actor)) {
                Ok(outcome) => outcome.records.iter().for_each(|record| org.apply(record)),
                Err(refusal) => answers[at] = Err(refusal.code()),
            }
        }
        (answers, org)
    };
    let allowed = [one_after_the_other([0, 1]), one_after_the_other([1, 0])];
    let (mut seen, mut runs) = (Vec::new(), 0_u32);
    explore(&processes, &records, &mut |answers, history| {
        let mut replayed = Organization::new(OWN.organization(), catalog());
        history.iter().for_each(|record| replayed.apply(record));
        assert_eq!(replayed.audit(NOW), []);
        let fits = allowed.iter().any(|(allowed, org)| *allowed == answers && *org == replayed);
        assert!(fits, "{answers:?} is not one after the other: {:?} {:?}", allowed[0].0, allowed[1].0);
        if !seen.contains(&answers) {
            seen.push(answers);
        }
        runs += 1;
    });
    assert!(runs >= 6, "{runs} orders");
    seen
}

fn one_wins(seen: &[Answers]) {
    assert!(!seen.is_empty());
    for answers in seen {
        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{seen:?}");
    }
}

/// D-06, D-07, C-27: two owners leave at once; one stays.
#[test]
fn two_owners_do_not_both_leave() {
    let leave = |n| (user(n), Command::from(Leave { content: None }));
    one_wins(&race(9, true, leave(OWNER), leave(ADMIN)));
}

/// D-06: two owners demote each other; one stays.
#[test]
fn two_owners_do_not_demote_each_other() {
    let demote = |by, n| {
        let command = ChangeRoles { user: OWN.user(n), roles: vec!["member".into()] };
        (user(by), Command::from(command))
    };
    one_wins(&race(9, true, demote(OWNER, ADMIN), demote(ADMIN, OWNER)));
    let suspend = |by, n| (user(by), Command::from(Suspend { user: OWN.user(n) }));
    one_wins(&race(9, true, suspend(OWNER, ADMIN), suspend(ADMIN, OWNER)));
    one_wins(&race(
        9,
        true,
        suspend(OWNER, ADMIN),
        (user(ADMIN), Remove { user: OWN.user(OWNER), content: None }.into()),
    ));
}

/// S1-85: two accept the last seat.
#[test]
fn the_last_seat_is_sold_once() {
    let seen = race(4, false, accept(1), accept(2));
    one_wins(&seen);
    assert!(seen.iter().flatten().flat_map(|answer| answer.err()).all(|code| code == "seat_limit"), "{seen:?}");
    let give_back = ChangeSeats { seats: Seats::new(3), period_end: NOW.plus(Span::days(9)) };
    one_wins(&race(4, false, accept(1), (user(OWNER), give_back.into())));
    let add = AddMember { user: OWN.user(STRANGER), roles: vec!["member".into()], access: vec![] };
    one_wins(&race(4, false, accept(1), (user(OWNER), add.into())));
}

/// An invitation is accepted or revoked, not both; and it is accepted once.
#[test]
fn acceptance_and_revocation_exclude_each_other() {
    one_wins(&race(9, false, accept(1), (user(OWNER), Revoke { invitation: OWN.invitation(1) }.into())));
    let (_, same) = accept(1);
    one_wins(&race(9, false, accept(1), (user(STRANGER), same)));
    let seen = race(9, false, accept(1), (user(OWNER), Remove { user: OWN.user(ADMIN), content: None }.into()));
    assert!(seen.contains(&[Err("inviter_lacks_authority"), Ok(())]), "D-12: {seen:?}");
    assert!(seen.contains(&[Ok(()), Ok(())]), "accepted before the inviter went: {seen:?}");
}

/// Whoever is removed has no role changed, and comes to own nothing.
#[test]
fn removal_and_promotion_come_one_after_the_other() {
    let remove = || (user(OWNER), Command::from(Remove { user: OWN.user(MEMBER), content: None }));
    let promote = ChangeRoles { user: OWN.user(MEMBER), roles: vec!["admin".into()] };
    let seen = race(9, false, remove(), (user(ADMIN), promote.into()));
    assert!(seen.contains(&[Ok(()), Err("unknown_person")]), "{seen:?}");
    let transfer = TransferOwnership { to: OWN.user(MEMBER), from: None };
    race(9, true, remove(), (user(ADMIN), transfer.into()));
    let leave = (user(MEMBER), Command::from(Leave { content: None }));
    one_wins(&race(9, false, remove(), leave));
}

/// A workspace that is deleted leaves no row behind, whoever gives one meanwhile.
#[test]
fn nothing_is_given_in_a_workspace_that_is_deleted() {
    let delete = || (user(OWNER), Command::from(DeleteWorkspace { workspace: OWN.workspace(1) }));
    let give = GiveAccess { user: OWN.user(MEMBER), workspace: OWN.workspace(1), changes: Override::none() };
    let seen = race(9, false, delete(), (user(ADMIN), give.into()));
    assert!(seen.contains(&[Ok(()), Err("unknown_workspace")]), "{seen:?}");
    let guest = vec![(OWN.workspace(1), Override::role("guest"))];
    let add = AddCollaborator { user: OWN.user(STRANGER), access: guest };
    race(9, false, delete(), (user(ADMIN), add.into()));
}

/// The same through a store: of two appends at one version one is kept.
#[test]
fn a_store_keeps_one_of_two_appends_at_one_version() {
    let (org, records) = team(9, true);
    let store = MemoryStore::new();
    let (keys, rows) = (Keys::default(), RowChanges::default());
    let append = |expected, records: &[Record]| {
        let batch = Batch::Organization(records);
        store.append(&Append { organization: org.id(), expected, batch, keys: &keys, rows: &rows }).unwrap()
    };
    assert_eq!(append(Version::ZERO, &records), Appended::Applied);
    let leave = |n| org.handle(&Leave { content: None }.into(), &facts().by(user(n))).unwrap().records;
    assert_eq!(append(org.version(), &leave(OWNER)), Appended::Applied);
    assert_eq!(append(org.version(), &leave(ADMIN)), Appended::Conflict);
}
