//! Several clients, several processes, one store: orders collide, acknowledgements are lost, clocks jump, processes judge
//! on old copies and crash before they append. After every step the ledgers are compared with the naive one.

mod compare;
mod orders;
mod shrink;

use std::collections::BTreeMap;
use std::sync::Arc;

use bailiwick::ledger::*;
use bailiwick::{Actor, HoldId, OrgId, Span, Timestamp};

use crate::support::ledger::{Naive, Said};

pub(crate) use shrink::{kind, shrunk, told};

/// Numbers that are random enough, from a seed (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    pub(crate) const fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub(crate) const fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn one<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize].clone()
    }
}

/// Processes with a copy of the ledger each.
pub(crate) const PROCESSES: usize = 3;

/// What becomes of an order after it was judged.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fate {
    /// It is appended and applied; who judged on an old copy loses the race, loads and judges again.
    Append,
    /// The process is gone before it appends, and starts again from the store.
    Crash,
}

/// One step: a process gets an order at a time.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub(crate) process: usize,
    pub(crate) now: u64,
    pub(crate) order: Order,
    pub(crate) fate: Fate,
}

/// A whole run, to be repeated.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) settings: Settings,
    pub(crate) steps: Vec<Step>,
}

pub(crate) struct World {
    settings: Settings,
    store: Vec<Arc<Entry>>,
    processes: Vec<Ledger>,
    pub(crate) naive: Naive,
    /// Holds and uploads that are open, by what the entries say.
    open: BTreeMap<HoldId, usize>,
    pub(crate) counts: BTreeMap<String, usize>,
    fate: Fate,
}

fn organization() -> OrgId {
    OrgId::from_u64(1).expect("not zero")
}

const BY: Actor = Actor::System;

impl World {
    pub(crate) fn new(settings: &Settings) -> Self {
        let ledger = Ledger::new(organization(), settings.clone());
        Self {
            settings: settings.clone(),
            store: Vec::new(),
            processes: vec![ledger; PROCESSES],
            naive: Naive::new(organization(), settings.clone()),
            open: BTreeMap::new(),
            counts: BTreeMap::new(),
            fate: Fate::Append,
        }
    }

    /// Runs a script; the first step at which something is not as it should be, and what.
    pub(crate) fn run(script: &Script) -> Option<(usize, String)> {
        let mut world = Self::new(&script.settings);
        for (at, step) in script.steps.iter().enumerate() {
            if let Err(text) = world.step(step) {
                return Some((at, text));
            }
        }
        world.end().err().map(|text| (script.steps.len().saturating_sub(1), text))
    }

    /// A made-up run, and what went wrong at its last step.
    pub(crate) fn simulate(seed: u64, steps: usize, counts: &mut BTreeMap<String, usize>) -> (Script, Option<String>) {
        let mut dice = Dice::new(seed);
        let mut maker = orders::Maker::new(&mut dice);
        let mut script = Script { settings: maker.settings.clone(), steps: Vec::new() };
        let mut world = Self::new(&script.settings);
        let mut found = None;
        for _ in 0..steps {
            let step = maker.step(&mut dice, &world.naive, &script.steps);
            script.steps.push(step.clone());
            if let Err(text) = world.step(&step) {
                found = Some(text);
                break;
            }
        }
        let found = found.or_else(|| world.end().err());
        for (code, count) in world.counts {
            *counts.entry(code).or_default() += count;
        }
        (script, found)
    }

    fn load(&mut self, process: usize) {
        let ledger = &mut self.processes[process];
        for entry in &self.store[ledger.version().as_u64() as usize..] {
            ledger.apply(entry);
        }
    }

    fn is_current(&self, process: usize) -> bool {
        self.processes[process].version().as_u64() as usize == self.store.len()
    }

    pub(crate) fn step(&mut self, step: &Step) -> Result<(), String> {
        let (process, order, now) = (step.process, &step.order, Timestamp::from_millis(step.now));
        self.fate = step.fate;
        let verdict = self.processes[process].handle(order, BY, now);
        if step.fate == Fate::Crash {
            self.processes[process] = Ledger::replay(organization(), self.settings.clone(), &self.store);
            return Ok(());
        }
        if let (Verdict::Known(known), false) = (&verdict, self.is_current(process)) {
            // What an old copy knows is right whatever has happened since.
            let entry = self.store.iter().rfind(|entry| entry.order == *order).ok_or("known, but not in the store")?;
            return if entry == known { Ok(()) } else { Err("known, but answered otherwise".into()) };
        }
        let verdict = if self.is_current(process) {
            verdict
        } else {
            self.load(process);
            self.processes[process].handle(order, BY, now)
        };
        let ledger = &self.processes[process];
        if ledger.handle(order, BY, now) != verdict {
            return Err("the same question, another answer".into());
        }
        self.count(order, &verdict);
        if let Some(answer) = self.naive.answered_long_ago(order, now) {
            // What is older than the window may still be known, and is never carried out again.
            return match &verdict {
                Verdict::Known(known)
                    if answer.as_ref() == Some(&known.answer.as_ref().map_or_else(Refusal::code, |_| "ok")) =>
                {
                    Ok(())
                }
                Verdict::Refused(Refusal::KeyReused) if answer.is_none() => Ok(()),
                Verdict::Refused(Refusal::TooOld { .. }) => Ok(()),
                _ => Err(format!("{}: an order of long ago is answered {verdict:?}", orders::name(&order.request))),
            };
        }
        let said = self.naive.order(order, now);
        compare::answers(order, &verdict, &said)?;
        if let Verdict::New(entry) = verdict {
            if let Said::New(_) = &said {
                compare::elapsed_alerts(&entry, &self.naive.told)?;
            }
            self.append(process, entry)?;
        }
        let ledger = &self.processes[process];
        if self.naive.is_far(now) {
            return Ok(());
        }
        compare::states(ledger, &self.naive, now)?;
        let later = [Span::millis(1), Span::hours(7), Span::days(9), Span::days(40)];
        compare::states(ledger, &self.naive, now.plus(later[order.key.as_u128() as usize % 4]))
    }

    fn append(&mut self, process: usize, entry: Arc<Entry>) -> Result<(), String> {
        let json = serde_json::to_string(entry.as_ref()).map_err(|error| error.to_string())?;
        let again: Entry = serde_json::from_str(&json).map_err(|error| format!("not read back: {error} {json}"))?;
        if again != *entry {
            return Err(format!("read back otherwise: {json}"));
        }
        self.processes[process].apply(&Arc::new(again));
        self.store.push(entry);
        let (ledger, entry) = (&self.processes[process], &self.store[self.store.len() - 1]);
        compare::sound(ledger, entry)?;
        self.follow_holds(process)
    }

    /// Every hold ends once.
    fn follow_holds(&mut self, process: usize) -> Result<(), String> {
        let place = self.store.len() - 1;
        let entry = &self.store[place];
        let mut ended = Vec::new();
        for elapsed in &entry.elapsed {
            match &elapsed.what {
                Due::HoldTimedOut { hold, .. } | Due::ReserveTimedOut { hold } => ended.push(*hold),
                _ => {}
            }
        }
        let mut begun = None;
        if entry.answer.is_ok() {
            match &entry.order.request {
                Request::Hold(r) => begun = Some(r.hold),
                Request::Lease(r) => begun = Some(r.hold),
                Request::Reserve(r) => begun = Some(r.hold),
                Request::Settle(r) => ended.push(r.hold),
                Request::Release(r) => ended.push(r.hold),
                Request::Commit(r) => ended.push(r.hold),
                _ => {}
            }
        }
        for hold in ended {
            self.open.remove(&hold).ok_or_else(|| format!("ended twice: {hold}"))?;
        }
        if let Some(hold) = begun {
            if self.open.insert(hold, place).is_some() {
                return Err(format!("begun twice: {hold}"));
            }
        }
        let open = self.processes[process].open_holds(entry.at);
        if open == self.open.len() {
            Ok(())
        } else {
            Err(format!("{open} holds are open, and should be {:?}", self.open))
        }
    }

    fn count(&mut self, order: &Order, verdict: &Verdict) {
        let name = orders::name(&order.request);
        let answer = match verdict {
            Verdict::Known(_) => "(known)",
            _ => verdict.answer().map_or_else(Refusal::code, |_| "ok"),
        };
        *self.counts.entry(format!("{name} {answer}")).or_default() += 1;
    }

    /// All copies, and a replay from the first entry, are the same.
    fn end(&mut self) -> Result<(), String> {
        let replayed = Ledger::replay(organization(), self.settings.clone(), &self.store);
        for process in 0..PROCESSES {
            self.load(process);
            if self.processes[process] != replayed {
                return Err(format!("a replay is not process {process}:\n{replayed:?}\n{:?}", self.processes[process]));
            }
        }
        Ok(())
    }
}
