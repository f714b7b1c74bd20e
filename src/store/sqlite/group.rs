//! Groups: appends that wait for the file are carried out together, one after the other, in one transaction: one wait for the disk.
//!
//! Whoever finds nobody writing leads: takes those who wait, writes, tells each of them, and hands the lead to the next one who waits.
//! An answer is given after the commit, because one append of a group is judged on what the others have written.

use core::mem;
use std::boxed::Box;
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::vec::Vec;

use super::SqliteStore;
use super::append::carry_out;
use super::prepared::Prepared;
use crate::limits::APPENDS_TOGETHER_MAX;
use crate::store::{Appended, StoreError};

/// Appends that wait for the file.
#[derive(Debug, Default)]
pub(super) struct Group {
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    waiting: VecDeque<Arc<Waiting>>,
    /// While nobody leads, nobody waits.
    is_led: bool,
}

#[derive(Debug)]
struct Waiting {
    append: Prepared,
    state: Mutex<State>,
    told: Condvar,
}

#[derive(Debug)]
enum State {
    Waits,
    Leads,
    Answered(Result<Appended, StoreError>),
}

/// Those whose appends are carried out now. Whatever happens, each of them is answered and the lead handed on.
struct Led<'a> {
    group: &'a Group,
    members: Vec<Arc<Waiting>>,
}

impl SqliteStore {
    /// Appends, with whoever waits as well.
    pub(super) fn append_together(&self, append: Prepared) -> Result<Appended, StoreError> {
        let me = Arc::new(Waiting { append, state: Mutex::new(State::Waits), told: Condvar::new() });
        let leads = {
            let mut line = self.group.line();
            line.waiting.push_back(Arc::clone(&me));
            !mem::replace(&mut line.is_led, true)
        };
        if leads || me.waits_until_it_leads() {
            let led = self.group.take(); // with this one first
            self.carry_out(&led);
        }
        me.answer()
    }

    fn carry_out(&self, led: &Led<'_>) {
        let one = |append: &Waiting| self.connections.write(|file| carry_out(file, &self.tables, &append.append));
        if let [alone] = led.members.as_slice() {
            return alone.tell(one(alone));
        }
        let all = self.connections.write(|file| {
            led.members
                .iter()
                .map(|member| carry_out(file, &self.tables, &member.append))
                .collect::<Result<Vec<_>, _>>()
        });
        match all {
            Ok(answers) => led.members.iter().zip(answers).for_each(|(member, answer)| member.tell(Ok(answer))),
            Err(StoreError::Unknown(why)) => {
                let why = std::string::ToString::to_string(&why);
                led.members.iter().for_each(|member| member.tell(Err(StoreError::Unknown(why.as_str().into()))));
            }
            // None was carried out: what one of them cannot do is no reason against the others.
            Err(_) => led.members.iter().for_each(|member| member.tell(one(member))),
        }
    }
}

impl Group {
    // Nothing here can panic between two changes: what a poisoned lock guards is whole.
    fn line(&self) -> MutexGuard<'_, Line> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Led<'_> {
        let mut line = self.line();
        let count = line.waiting.len().min(APPENDS_TOGETHER_MAX);
        Led { group: self, members: line.waiting.drain(..count).collect() }
    }
}

impl Drop for Led<'_> {
    fn drop(&mut self) {
        let next = {
            let mut line = self.group.line();
            line.is_led = !line.waiting.is_empty();
            line.waiting.front().map(Arc::clone)
        };
        if let Some(next) = next {
            next.leads();
        }
        let panicked = || StoreError::Unknown(Box::from("whoever wrote has panicked"));
        self.members.iter().for_each(|member| member.tell_if_waiting(panicked));
    }
}

impl Waiting {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether it is to lead; otherwise it was answered.
    fn waits_until_it_leads(&self) -> bool {
        let mut state = self.state();
        while matches!(*state, State::Waits) {
            state = self.told.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        matches!(*state, State::Leads)
    }

    fn leads(&self) {
        *self.state() = State::Leads;
        self.told.notify_one();
    }

    fn tell(&self, answer: Result<Appended, StoreError>) {
        *self.state() = State::Answered(answer);
        self.told.notify_one();
    }

    fn tell_if_waiting(&self, answer: impl FnOnce() -> StoreError) {
        if !matches!(*self.state(), State::Answered(_)) {
            self.tell(Err(answer()));
        }
    }

    fn answer(&self) -> Result<Appended, StoreError> {
        match mem::replace(&mut *self.state(), State::Waits) {
            State::Answered(answer) => answer,
            State::Waits | State::Leads => Err(StoreError::Unknown(Box::from("nobody has answered"))),
        }
    }
}
